"""Take out of the vectors what says nothing about the framing: above all, the language."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SHRINKAGE: Final = 20.0
"""A language of this many texts is centred half by its own mean, half by the mean of all."""


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale each row of `vectors` (n, d) to length 1; a row of zeros stays."""
    rows = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float64] = rows / np.where(lengths > 0, lengths, 1.0)
    return scaled


def centre_by_language(
    vectors: NDArray[np.floating], languages: NDArray[np.str_], *, shrinkage: float = SHRINKAGE
) -> NDArray[np.float64]:
    """Subtract from each vector the mean of its language, shrunk to the mean of all, and scale to length 1.

    Multilingual encoders cluster by language first; without this, a classifier learnt from statements in one language
    sees in the others mostly that they are others.

    Parameters
    ----------
    vectors
        (n, d), a row per text.
    languages
        (n,) ISO 639-1 codes; `und` is a language like any other.
    shrinkage
        Pseudo-count of the overall mean. Larger: small languages trust their own mean less.

    Returns
    -------
    (n, d) float64 of unit rows; a text alone in the corpus becomes a row of zeros.

    """
    rows = np.asarray(vectors, dtype=np.float64)
    if not len(rows):
        return rows
    overall = rows.mean(axis=0)
    centred = np.empty_like(rows)
    for language in np.unique(languages):
        here = languages == language
        mean = (rows[here].sum(axis=0) + shrinkage * overall) / (here.sum() + shrinkage)
        centred[here] = rows[here] - mean
    return unit(centred)
