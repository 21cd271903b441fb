"""What assignment gets wrong, as far as can be told without the truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a claim of one class is taken for another.

    Attributes
    ----------
    counts
        (K + 1, K + 2) float64 pseudo-counts of a Dirichlet distribution per row: their sum says how well the row is
        known. Rows are the true class: the K framings in order, then `unanswered`. Columns are the decision: the K
        framings, `unanswered`, `unassigned`.

    """

    counts: NDArray[np.float64]

    @property
    def rates(self) -> NDArray[np.float64]:
        """(K + 1, K + 2) expected P(decision | true class); rows sum to 1."""
        rates: NDArray[np.float64] = self.counts / self.counts.sum(axis=1, keepdims=True)
        return rates


def expected_confusion(
    posteriors: NDArray[np.float64], decisions: NDArray[np.int64], strengths: NDArray[np.float64]
) -> Confusion:
    """Tell the confusion from calibrated posteriors: a claim of posterior p is, decided as j, p_i of a mistake of i for j.

    Parameters
    ----------
    posteriors
        (n, K + 1) calibrated probabilities of the K framings, then `unanswered`.
    decisions
        (n,) column decided on; -1 where the claim is unassigned.
    strengths
        (K + 1,) how many checked examples the estimate of each row is worth.

    Returns
    -------
    Rows of the given strengths. A class that no claim may belong to is taken to be decided rightly half of the time.

    """
    width = posteriors.shape[1]
    decided = np.zeros((len(decisions), width + 1))
    decided[np.arange(len(decisions)), decisions] = 1.0
    expected = posteriors.T @ decided
    prior = (np.eye(width, width + 1) + 1.0 / (width + 1)) / 2
    rates = (expected + prior) / (expected + prior).sum(axis=1, keepdims=True)
    return Confusion(rates * strengths[:, None])
