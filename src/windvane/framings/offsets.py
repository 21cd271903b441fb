"""What is subtracted from the claims of a language, so that they can be compared with the statements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from windvane.framings.centring import Space

SHRINKAGE: Final = 20.0
"""A language of this many texts is moved halfway from where its background lies to where its own texts lie."""

ROUNDS: Final = 6
"""Rounds in which classes and offsets are estimated in turn; they settle after three or four."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the statements lie, in one view.

    Attributes
    ----------
    centre
        (d,) float64, the mean of the classes' means.
    classes
        (classes, d) float64, each class's mean less the centre.

    """

    centre: NDArray[np.float64]
    classes: NDArray[np.float64]


def find_origin(view: NDArray[np.float32], classes: NDArray[np.int64]) -> Origin:
    """Return the origin of statements (m, d) of the given classes (m,), numbered from 0 without a gap."""
    means = np.stack([view[classes == number].mean(axis=0, dtype=np.float64) for number in range(classes.max() + 1)])
    centre = means.mean(axis=0)
    return Origin(centre, means - centre)


def centre_claims(
    views: Sequence[NDArray[np.float32]],
    languages: Sequence[str],
    origins: Sequence[Origin],
    *,
    home: str,
    background: Sequence[Mapping[str, NDArray[np.float64]]],
    classify: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    pool: NDArray[np.int64],
) -> Space:
    """Subtract from each claim the statements' centre, moved by how its language differs from the statements'.

    Multilingual encoders cluster by language first, so languages must be brought together. The mean of a corpus is no
    centre, though: where nearly all claims give one answer it lies on that answer, and subtracting it would take the
    answer out. So the centre is the statements' own. A language is moved by how sentences on other matters differ from
    those in the statements' language, and by what its claims differ beyond that from the claims in the statements'
    language, once the share that their answers explain is taken off; answers and offsets are estimated in turn. In a
    corpus of one language nothing is learnt from the claims.

    Parameters
    ----------
    views
        Each (n, d) float32, a row per claim: the claims as encoded, once per way of reading them.
    languages
        (n,) ISO 639-1 codes; `und` is a language like any other.
    origins
        One per view.
    home
        The language of the statements.
    background
        One per view: language to (d,) float64, how its background differs from that in the statements' language. A
        language that is missing starts where the statements lie.
    classify
        (m, views * d) float64 centred rows to (m, classes) probabilities.
    pool
        Rows of the claims that offsets are estimated on.

    """
    names, codes = np.unique(np.asarray(languages, dtype=str), return_inverse=True)
    codes = codes.astype(np.int64)
    usual = [
        np.stack([origin.centre + known.get(str(name), 0.0) for name in names])
        for origin, known in zip(origins, background, strict=True)
    ]
    space = Space(tuple(views), codes, tuple(usual))
    for _ in range(ROUNDS if len(names) > 1 and len(pool) else 0):
        probabilities = classify(space.rows(pool))
        means = tuple(
            base
            + _differences(view[pool] - base[codes[pool]] - probabilities @ origin.classes, codes[pool], names == home)
            for view, base, origin in zip(views, usual, origins, strict=True)
        )
        space = Space(tuple(views), codes, means)
    return space


def _differences(
    rest: NDArray[np.float64], codes: NDArray[np.int64], at_home: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """(languages, d): how the rest of each language's claims differs from the home language's, shrunk to nothing.

    Where few claims are in the home language, the rest of all claims stands in for theirs.
    """
    here = rest[at_home[codes]]
    reference = (here.sum(axis=0) + SHRINKAGE * rest.mean(axis=0)) / (len(here) + SHRINKAGE)
    rows = [rest[codes == code] - reference for code in range(len(at_home))]
    found = np.stack([row.sum(axis=0) / (len(row) + SHRINKAGE) for row in rows])
    found[at_home] = 0.0
    return found
