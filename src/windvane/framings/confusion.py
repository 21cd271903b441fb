"""What assignment gets wrong, as far as can be told without the truth."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

STRENGTH: Final = 24.0
"""How many checked claims per class an estimate without checked claims is worth: measured, on many topics."""


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


def estimate_confusion(
    posteriors: NDArray[np.float64], decisions: NDArray[np.int64], checked: NDArray[np.float64]
) -> Confusion:
    """Estimate the confusion from calibrated posteriors and, where there are any, checked claims.

    A claim of posterior p, decided as j, counts p_i towards taking i for j. This rests on the posteriors being
    calibrated, but errs less than the counts of held-out statements, which are few, short and clear where claims are
    many and vague.

    Parameters
    ----------
    posteriors
        (n, K + 1) calibrated probabilities of the K framings, then `unanswered`.
    decisions
        (n,) column decided on; -1 where the claim is unassigned.
    checked
        (K + 1, K + 1) counts of hand labels by the decision on them when held out.

    Returns
    -------
    Rows worth `STRENGTH` claims plus the checked ones. Of a class that no claim may belong to nothing is known: half
    right, half anything.

    """
    width = posteriors.shape[1]
    expected = np.zeros((width, width + 1))
    for column in range(width + 1):
        expected[:, column] = posteriors[decisions == (column if column < width else -1)].sum(axis=0)
    expected += (np.eye(width, width + 1) + 1.0 / (width + 1)) / 2
    rates = expected / expected.sum(axis=1, keepdims=True)
    return Confusion(STRENGTH * rates + np.pad(checked, ((0, 0), (0, 1))))
