"""How sure the classifier may be: held-out scores and a temperature that fits them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from windvane.framings.classifier import Examples, train

FOLDS: Final = 10
_LOG_RANGE: Final = (-4.0, 4.0)


def held_out_scores(examples: Examples) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Score each example by a classifier that has not seen it.

    Folds are dealt class by class in the order of the examples, so nothing is drawn. An example that is the only one
    of its class can't be held out.

    Returns
    -------
    (m, classes) log-probabilities, and (m,) whether the example could be held out; the other rows are nan.

    """
    turn = np.zeros(len(examples.classes), dtype=np.int64)
    for number in range(examples.n_classes):
        here = np.flatnonzero(examples.classes == number)
        turn[here] = np.arange(len(here)) % FOLDS
    counts = np.bincount(examples.classes, minlength=examples.n_classes)
    possible = counts[examples.classes] > 1
    scores = np.full((len(examples.classes), examples.n_classes), np.nan)
    for fold in range(FOLDS):
        out = (turn == fold) & possible
        if out.any():
            scores[out] = train(examples.take(~out)).scores(examples.vectors[out])
    return scores, possible


def fit_temperature(
    scores: NDArray[np.float64], classes: NDArray[np.int64], weights: NDArray[np.float64] | None = None
) -> float:
    """Return the temperature that makes held-out scores most likely (Guo et al. 2017).

    Parameters
    ----------
    scores
        (m, classes) log-probabilities.
    classes
        (m,) the true classes.
    weights
        (m,) how much each example counts; None: all the same.

    Returns
    -------
    What scores are divided by: above 1 where the classifier is too sure. 1 where there is nothing to fit.

    """
    if not len(classes) or scores.shape[1] < 2:  # noqa: PLR2004 - a single class leaves nothing to be sure of
        return 1.0
    rows = np.arange(len(classes))

    def loss(log_temperature: float) -> float:
        likelihood = log_softmax(scores / np.exp(log_temperature), axis=1)[rows, classes]
        return -float(np.average(likelihood, weights=weights))

    found = minimize_scalar(loss, bounds=_LOG_RANGE, method="bounded")
    return float(np.exp(found.x))
