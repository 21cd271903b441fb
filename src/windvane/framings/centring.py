"""The space in which claims and statements are compared: what says nothing about the framing is taken out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Space:
    """Centred vectors of n texts, made when asked for, so that a million of them need no second copy.

    Attributes
    ----------
    views
        Each (n, d) float32: the texts as encoded, once per way of reading them.
    codes
        (n,) int64, the language of each text as a row of `means`.
    means
        Each (languages, d) float64: what is subtracted from the vectors of a language, per view.

    """

    views: tuple[NDArray[np.float32], ...]
    codes: NDArray[np.int64]
    means: tuple[NDArray[np.float64], ...]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.codes)

    def rows(self, which: NDArray[np.int64] | slice) -> NDArray[np.float64]:
        """Return the centred vectors of some texts: (m, views * d) float64, unit rows.

        A text without any direction of its own (it is alone in the corpus) becomes a row of zeros.
        """
        codes = self.codes[which]
        return join([view[which] - mean[codes] for view, mean in zip(self.views, self.means, strict=True)])


def centre_statements(views: Sequence[NDArray[np.float32]], classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Subtract from the statements the mean of their classes' means.

    Statements are centred by themselves, since an analyst's short sentences differ from claims in style; and by class,
    since a class with many statements would otherwise lie nearer to the centre than one with few.

    Parameters
    ----------
    views
        Each (m, d) float32, a row per statement.
    classes
        (m,) the class of each.

    Returns
    -------
    (m, views * d) float64 of unit rows.

    """
    present = np.unique(classes)
    centred = []
    for view in views:
        rows = view.astype(np.float64)
        centred.append(rows - np.mean([rows[classes == number].mean(axis=0) for number in present], axis=0))
    return join(centred)


def join(views: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Put views side by side, each weighing the same; rows of length 1 (zeros stay)."""
    if len(views) == 1:
        return unit(views[0])
    return unit(np.hstack([unit(view) for view in views]))


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale each row of `vectors` (n, d) to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float64] = vectors / np.where(lengths > 0, lengths, 1.0)
    return scaled
