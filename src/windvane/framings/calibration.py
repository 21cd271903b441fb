"""How sure the classifier may be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from windvane.framings.classifier import train, train_on_itself

FOLDS: Final = 10

USUAL_FIRST: Final = 0.6
"""The temperature of the first classifier before any evidence, and
that of the final one below: what serves on many topics of argumentation, so that four statements can't mislead."""
USUAL_FINAL: Final = 0.8
_SPREAD: Final = 0.5
_LOG_RANGE: Final = (-4.0, 4.0)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores of examples by classifiers that have not seen them.

    Attributes
    ----------
    rows
        (h,) int64, the examples that could be held out: all but those alone in their class.
    classes
        (h,) int64, what they are.
    first, final
        (h, classes) log-probabilities of the classifier learnt from examples alone, and of the final one.

    """

    rows: NDArray[np.int64]
    classes: NDArray[np.int64]
    first: NDArray[np.float64]
    final: NDArray[np.float64]


def hold_out(vectors: NDArray[np.float64], classes: NDArray[np.int64], claims: NDArray[np.float64]) -> HeldOut:
    """Score each example by classifiers that have not seen it, in ten folds dealt class by class in order.

    Parameters
    ----------
    vectors
        (m, d) float64 unit rows, the examples.
    classes
        (m,) int64, what they are, numbered from 0 without a gap.
    claims
        (n, d) unlabelled claims to learn from.

    """
    counts = np.bincount(classes)
    turn = np.zeros(len(classes), dtype=np.int64)
    for number in range(len(counts)):
        here = np.flatnonzero(classes == number)
        turn[here] = np.arange(len(here)) % FOLDS
    possible = counts[classes] > 1
    first = np.zeros((len(classes), len(counts)))
    final = np.zeros_like(first)
    for fold in np.unique(turn[possible]):
        out = (turn == fold) & possible
        before = train(vectors[~out], classes[~out])
        first[out] = before.scores(vectors[out])
        final[out] = train_on_itself(vectors[~out], classes[~out], claims, before).scores(vectors[out])
    rows = np.flatnonzero(possible)
    return HeldOut(rows, classes[rows], first[rows], final[rows])


def choose_temperature(held: HeldOut, first: NDArray[np.float64], final: NDArray[np.float64]) -> float:
    """Say what the final scores of claims are to be divided by.

    Held-out statements make the final classifier too sure of claims, which are wilder. The first classifier's
    temperature carries over better, but to match its doubt makes the better final classifier too unsure. The geometric
    mean of both serves.

    Parameters
    ----------
    held
        Held-out statements.
    first, final
        (n, classes) log-probabilities of claims under both classifiers.

    """
    if final.shape[1] == 1:
        return 1.0
    own = fit_temperature(held.final, held.classes, usual=USUAL_FINAL)
    before = fit_temperature(held.first, held.classes, usual=USUAL_FIRST)
    matched = match_temperature(final, softmax(first / before, axis=1)) if len(final) else own
    return float(np.sqrt(own * matched))


def fit_temperature(scores: NDArray[np.float64], classes: NDArray[np.int64], *, usual: float) -> float:
    """Return the most probable temperature, given held-out scores and what is usual (after Guo et al. 2017).

    Parameters
    ----------
    scores
        (h, classes) log-probabilities.
    classes
        (h,) the true classes.
    usual
        The centre of a log-normal prior; returned where there is nothing to fit.

    Returns
    -------
    What scores are divided by: above 1 where the classifier is too sure.

    """
    rows = np.arange(len(classes))

    def loss(log_temperature: float) -> float:
        likelihood = log_softmax(scores / np.exp(log_temperature), axis=1)[rows, classes]
        return float((log_temperature - np.log(usual)) ** 2 / (2 * _SPREAD**2) - likelihood.sum())

    return _minimise(loss)


def match_temperature(scores: NDArray[np.float64], posteriors: NDArray[np.float64]) -> float:
    """Return the temperature at which `scores` (n, classes) come nearest to `posteriors` in cross-entropy."""

    def loss(log_temperature: float) -> float:
        return -float((posteriors * log_softmax(scores / np.exp(log_temperature), axis=1)).sum())

    return _minimise(loss)


def _minimise(loss: Callable[[float], float]) -> float:
    return float(np.exp(minimize_scalar(loss, bounds=_LOG_RANGE, method="bounded").x))
