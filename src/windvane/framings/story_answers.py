"""What the claims of one story tell about each other."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_DOUBLINGS: Final = 7
_ROUNDS: Final = 30
_SETTLED: Final = 1e-9

_EVIDENCE: Final = 3.0
"""How much better (in log-likelihood) stories must predict their texts for them to be taken for alike: strong evidence on
the scale of Kass and Raftery (1995), since a few dozen stories look a little alike by chance."""


def pool_stories(posteriors: Floats, stories: Integers, concentration: float, usual: Floats) -> Floats:
    """Let texts that carry the same original report inform each other.

    Each story has its own mix of answers, drawn from a Dirichlet distribution around the usual one, and each of its
    texts takes an answer from that mix. A text is judged by itself and by the expected answers of the other texts of its
    story, in turn until all settle (the zero-order collapsed variational approximation, Asuncion et al. 2009). How much
    alike the texts of a story are is a matter of the corpus (`find_concentration`): copies of a wire story give one
    answer, the sentences of an article need not. Where stories show no such likeness, nothing changes.

    Near-copies are misread alike, so they look a little more alike than they are; the concentration is bounded for this
    reason.

    Parameters
    ----------
    posteriors
        (n, classes) probabilities under the usual frequencies, a row per distinct text of a story; rows sum to 1. A row
        that is certain stays.
    stories
        (n,) int64, the number of the story of each.
    concentration
        How much alike the answers of one story are, from `find_concentration`.
    usual
        (classes,) how frequent each class is before any text is read; where it is 0, so are the posteriors.

    Returns
    -------
    (n, classes), rows sum to 1.

    """
    several, story = _several(stories)
    if np.isinf(concentration) or not len(several):
        return posteriors
    answers = posteriors[several]
    likelihood = answers / np.where(usual > 0, usual, 1.0)
    for _ in range(_ROUNDS):
        found = likelihood * _mix(answers, story, concentration, usual)
        found /= found.sum(axis=1, keepdims=True)
        moved = np.abs(found - answers).max()
        answers = found
        if moved < _SETTLED:
            break
    pooled = posteriors.copy()
    pooled[several] = answers
    return pooled


def find_concentration(posteriors: Floats, stories: Integers) -> float:
    """Say how much alike the answers of one story are: the concentration of the Dirichlet distribution of its mix.

    The most probable value on a grid, by how much better the other texts of its story predict a text than the whole
    corpus does (a composite likelihood, Besag 1975). The least is the number of classes, at which every mix is equally
    probable; infinity says that stories tell nothing.

    Parameters
    ----------
    posteriors, stories
        As for `pool_stories`.

    """
    several, stories = _several(stories)
    if not len(several):
        return np.inf
    posteriors = posteriors[several]
    classes = posteriors.shape[1]
    overall = posteriors.mean(axis=0)
    apart = np.log(posteriors @ overall)
    grid = classes * 2.0 ** np.arange(_DOUBLINGS)
    gains = [
        float((np.log((posteriors * _mix(posteriors, stories, each, overall)).sum(axis=1)) - apart).sum())
        for each in grid
    ]
    best = int(np.argmax(gains))
    return float(grid[best]) if gains[best] > _EVIDENCE else np.inf


def _several(stories: Integers) -> tuple[Integers, Integers]:
    """Return the rows whose story has more than one, and the numbers of their stories without a gap."""
    story, size = np.unique(stories, return_inverse=True, return_counts=True)[1:]
    several = np.flatnonzero(size[story] > 1)
    return several, np.unique(story[several], return_inverse=True)[1].astype(np.int64)


def _mix(answers: Floats, stories: Integers, concentration: float, usual: Floats) -> Floats:
    """(n, classes): the mix of answers that the other texts of its story let expect for each text."""
    size = np.bincount(stories)[stories]
    others = np.stack([np.bincount(stories, weights=column)[stories] for column in answers.T], axis=1) - answers
    # What rounding leaves below nothing.
    mix: Floats = (concentration * usual + np.maximum(others, 0.0)) / (concentration + size - 1.0)[:, None]
    return mix
