"""A classifier learnt from a handful of statements."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

INVERSE_PENALTY: Final = 10.0


@dataclass(frozen=True, slots=True)
class Examples:
    """Vectors with known classes.

    Attributes
    ----------
    vectors
        (m, d) float64, centred and of unit length.
    classes
        (m,) int64 in 0..`n_classes`-1; each class occurs.
    weights
        (m,) float64, how much each counts.
    n_classes
        Number of classes.

    """

    vectors: NDArray[np.float64]
    classes: NDArray[np.int64]
    weights: NDArray[np.float64]
    n_classes: int

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Examples":
        """Return the examples at `rows`."""
        return Examples(self.vectors[rows], self.classes[rows], self.weights[rows], self.n_classes)


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
        """Return (n, classes) log-probabilities, not yet calibrated."""
        logits = vectors @ self.coefficients.T + self.intercepts
        scores: NDArray[np.float64] = log_softmax(logits, axis=1)
        return scores


def train(examples: Examples) -> Classifier:
    """Fit a logistic regression in which each class weighs the same, however many examples it has."""
    if examples.n_classes == 1:
        return Classifier(np.zeros((1, examples.vectors.shape[1])), np.zeros(1))
    totals = np.bincount(examples.classes, weights=examples.weights, minlength=examples.n_classes)
    weights = examples.weights * (len(examples.classes) / examples.n_classes) / totals[examples.classes]
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000)
    model.fit(examples.vectors, examples.classes, sample_weight=weights)
    coefficients, intercepts = model.coef_, model.intercept_
    if examples.n_classes == 2:  # noqa: PLR2004 - scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.concatenate([-intercepts, intercepts]) / 2
    return Classifier(coefficients, intercepts)
