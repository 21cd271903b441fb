"""A classifier learnt from a handful of statements, then from the claims that it is surest of."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from windvane.framings.logistic import fit_logistic

INVERSE_PENALTY: Final = 10.0

CONFIDENT: Final = 0.5
"""The share of each class's claims, surest first, that a classifier takes its own word for."""

BORROWED: Final = 0.8
"""How much of each class's weight these claims carry; the statements and labels carry the rest."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A linear classifier.

    Attributes
    ----------
    coefficients
        (classes, d) float64.
    intercepts
        (classes,) float64.

    """

    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def scores(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, classes) log-probabilities, not calibrated."""
        scores: NDArray[np.float64] = log_softmax(vectors @ self.coefficients.T + self.intercepts, axis=1)
        return scores


def train(vectors: NDArray[np.float64], classes: NDArray[np.int64]) -> Classifier:
    """Fit a logistic regression in which each class weighs the same, however many examples it has.

    Parameters
    ----------
    vectors
        (m, d) float64 unit rows, the examples.
    classes
        (m,) int64, what they are, numbered from 0 without a gap.

    """
    return _fit(vectors, classes, 1.0 / np.bincount(classes)[classes], len(classes))


def train_on_itself(
    vectors: NDArray[np.float64], classes: NDArray[np.int64], claims: NDArray[np.float64], first: Classifier
) -> Classifier:
    """Fit again, with the claims that the first classifier is surest of as further examples (self-training).

    Statements are an analyst's short sentences; claims are wilder. Taking the surer half of each class, by rank rather
    than by a threshold, moves the classifier into the claims' own region without letting one class take all. Once is
    enough: further rounds drift. Claims of all periods go in alike, so nothing is learnt about time.

    Parameters
    ----------
    vectors, classes
        Statements and hand labels, as for `train`.
    claims
        (n, d) float64 unit rows, unlabelled; there may be none.
    first
        Learnt from the examples alone.

    References
    ----------
    Yarowsky (1995), Unsupervised word sense disambiguation rivaling supervised methods.

    """
    own = np.bincount(classes)
    scores = first.scores(claims)
    guessed, sureness = scores.argmax(axis=1), scores.max(axis=1)
    chosen = []
    for number in range(len(own)):
        here = np.flatnonzero(guessed == number)
        surest = here[np.argsort(-sureness[here], kind="stable")]
        chosen.append(surest[: int(np.ceil(len(here) * CONFIDENT))])
    borrowed = np.concatenate(chosen)
    told = guessed[borrowed]
    taken = np.bincount(told, minlength=len(own))
    lent = BORROWED * taken / (taken + own)
    weights = np.concatenate([((1 - lent) / own)[classes], (lent / np.maximum(taken, 1))[told]])
    return _fit(np.vstack([vectors, claims[borrowed]]), np.concatenate([classes, told]), weights, len(classes))


def _fit(
    vectors: NDArray[np.float64], classes: NDArray[np.int64], weights: NDArray[np.float64], examples: int
) -> Classifier:
    """Fit with `weights` that sum to 1 per class, under the penalty that suits the number of statements and labels."""
    count = int(classes.max()) + 1
    if count == 1:
        return Classifier(np.zeros((1, vectors.shape[1])), np.zeros(1))
    return Classifier(*fit_logistic(vectors, classes, weights * examples / count, inverse_penalty=INVERSE_PENALTY))
