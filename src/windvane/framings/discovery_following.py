"""Claims that were not clustered take the groups of their neighbours that were."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from windvane.framings.discovery_groups import Agreement
from windvane.framings.discovery_space import Projection
from windvane.threads import side_by_side

_VOTERS: Final = 10
_CHUNK: Final = 512


def follow_neighbours(
    unit: NDArray[np.float32], reference: NDArray[np.float32], found: Agreement
) -> NDArray[np.float64]:
    """Return (n, K) float64: the mean membership of the nearest of the clustered rows, `reference`."""
    n, voters = len(unit), min(_VOTERS, len(reference))
    membership = np.empty((n, found.membership.shape[1]))
    for start in range(0, n, _CHUNK):
        similarity = unit[start : start + _CHUNK] @ reference.T
        nearest = np.argpartition(-similarity, voters - 1, axis=1)[:, :voters]
        membership[start : start + _CHUNK] = found.membership[nearest].mean(axis=1)
    return np.minimum(membership, 1)


def keep_own(membership: NDArray[np.float64], kept: Sequence[int], found: Agreement) -> NDArray[np.float64]:
    """Give the clustered rows their own membership back."""
    # A decided member keeps its group even where its mean agreement is with another.
    own = found.membership.copy()
    inside = np.flatnonzero(found.groups >= 0)
    decided = inside, found.groups[inside]
    own[decided] = np.maximum(own[decided], np.nextafter(own[inside].max(axis=1), 2))
    membership[list(kept)] = own
    return np.minimum(membership, 1)


def follow_in_pieces(
    vectors: NDArray[np.float32],
    order: NDArray[np.int64],
    languages: Sequence[str],
    *,
    projection: Projection,
    reference: NDArray[np.float32],
    found: Agreement,
) -> NDArray[np.float64]:
    """Follow neighbours without a second copy of all vectors."""

    def follow(start: int) -> NDArray[np.float64]:
        piece = slice(start, start + _CHUNK)
        return follow_neighbours(projection.project(vectors[order[piece]], languages[piece]), reference, found)

    return np.vstack(list(side_by_side(follow, range(0, len(order), _CHUNK))))
