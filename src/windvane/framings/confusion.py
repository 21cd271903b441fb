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
