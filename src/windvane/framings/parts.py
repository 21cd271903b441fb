"""A framing is told as one and as its parts: asking, needing and recruiting are all ways to say that Moscow asked."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

SIZES: Final = (None, 3)
"""Statements per part, on average, of each member of the ensemble; None: a class is one part."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which part, and so which class, each of m examples belongs to.

    Attributes
    ----------
    numbers
        (m,) int64, the part of each example, 0 to P - 1; every part has one.
    parents
        (P,) int64, the class of each part, ascending.

    """

    numbers: NDArray[np.int64]
    parents: NDArray[np.int64]

    @property
    def classes(self) -> NDArray[np.int64]:
        """(m,) the class of each example."""
        return self.parents[self.numbers]

    def take(self, rows: NDArray[np.bool_]) -> "Parts":
        """Return the parts of the examples at `rows`; parts without one are gone."""
        kept, numbers = np.unique(self.numbers[rows], return_inverse=True)
        return Parts(numbers.astype(np.int64), self.parents[kept])


def split_classes(vectors: NDArray[np.float64], classes: NDArray[np.int64], stated: int, *, size: int | None) -> Parts:
    """Split each class into parts of alike statements (Ward's method); hand labels join the part they are nearest to.

    Parameters
    ----------
    vectors
        (m, d) float64 unit rows: statements, then hand labels.
    classes
        (m,) int64.
    stated
        How many of them are statements.
    size
        Statements per part, on average; None: a class is one part.

    """
    numbers = np.zeros(len(classes), dtype=np.int64)
    parents: list[int] = []
    for number in np.unique(classes).tolist():
        statements = np.flatnonzero(classes[:stated] == number)
        labels = stated + np.flatnonzero(classes[stated:] == number)
        own = _split(vectors[statements], size)
        numbers[statements] = len(parents) + own
        if len(statements):
            centres = np.stack([vectors[statements[own == part]].mean(axis=0) for part in range(own.max() + 1)])
            numbers[labels] = len(parents) + (vectors[labels] @ centres.T).argmax(axis=1)
        else:
            numbers[labels] = len(parents)
        parents.extend([number] * (int(own.max(initial=0)) + 1))
    return Parts(numbers, np.array(parents, dtype=np.int64))


def _split(vectors: NDArray[np.float64], size: int | None) -> NDArray[np.int64]:
    count = 1 if size is None else round(len(vectors) / size)
    if count <= 1:
        return np.zeros(len(vectors), dtype=np.int64)
    found: NDArray[np.int64] = AgglomerativeClustering(count, linkage="ward").fit_predict(vectors)
    return found


def split_all(vectors: NDArray[np.float64], classes: NDArray[np.int64], stated: int) -> tuple[Parts, ...]:
    """Split the classes in every way of `SIZES`, leaving out what repeats another; parameters as `split_classes`."""
    found: list[Parts] = []
    for size in SIZES:
        parts = split_classes(vectors, classes, stated, size=size)
        if all(len(parts.parents) != len(other.parents) for other in found):
            found.append(parts)
    return tuple(found)
