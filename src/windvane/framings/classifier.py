"""A classifier learnt from a handful of statements, then from the claims that it is surest of."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

INVERSE_PENALTY: Final = 10.0

CONFIDENT: Final = 0.5
"""The share of each class's claims, surest first, that the classifier takes its own word for."""

BORROWED: Final = 0.8
"""How much of each class's weight these claims carry; the statements and labels carry the rest."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Vectors with known classes.

    Attributes
    ----------
    vectors
        (m, d) float64, centred and of unit length.
    classes
        (m,) int64 in 0..`n_classes`-1; each class occurs.
    n_classes
        Number of classes.

    """

    vectors: NDArray[np.float64]
    classes: NDArray[np.int64]
    n_classes: int

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Examples":
        """Return the examples at `rows`."""
        return Examples(self.vectors[rows], self.classes[rows], self.n_classes)


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
        scores: NDArray[np.float64] = log_softmax(vectors @ self.coefficients.T + self.intercepts, axis=1)
        return scores


def train(examples: Examples) -> Classifier:
    """Fit a logistic regression in which each class weighs the same, however many examples it has."""
    counts = np.bincount(examples.classes, minlength=examples.n_classes)
    return _fit(examples, 1.0 / counts[examples.classes])


def train_on_itself(examples: Examples, claims: NDArray[np.float64], first: Classifier) -> Classifier:
    """Fit again, with the claims that the first classifier is surest of as further examples (self-training).

    Statements are an analyst's short sentences; claims are wilder. Taking the surer half of each class, by rank rather
    than by a threshold, moves the classifier into the claims' own region without letting one class take all. Once is
    enough: further rounds drift. Claims of all periods go in alike, so nothing is learnt about time.

    Parameters
    ----------
    examples
        Statements and hand labels.
    claims
        (n, d) unlabelled claims.
    first
        Learnt from `examples` alone.

    References
    ----------
    Yarowsky (1995), Unsupervised word sense disambiguation rivaling supervised methods.

    """
    scores = first.scores(claims)
    guessed = scores.argmax(axis=1)
    sureness = scores.max(axis=1)
    chosen = []
    for number in range(examples.n_classes):
        here = np.flatnonzero(guessed == number)
        surest = here[np.argsort(-sureness[here], kind="stable")]
        chosen.append(surest[: int(np.ceil(len(here) * CONFIDENT))])
    borrowed = np.concatenate(chosen)
    together = Examples(
        np.vstack([examples.vectors, claims[borrowed]]),
        np.concatenate([examples.classes, guessed[borrowed]]),
        examples.n_classes,
    )
    own = np.bincount(examples.classes, minlength=examples.n_classes)
    taken = np.bincount(guessed[borrowed], minlength=examples.n_classes)
    share = np.where(taken > 0, BORROWED, 0.0)
    per_own, per_taken = (1.0 - share) / own, share / np.maximum(taken, 1)
    weights = np.concatenate([per_own[examples.classes], per_taken[guessed[borrowed]]])
    return _fit(together, weights, size=len(examples.classes))


def _fit(examples: Examples, weights: NDArray[np.float64], *, size: int | None = None) -> Classifier:
    """Fit with `weights` that sum to 1 per class; the penalty is that of `size` examples (None: of all there are)."""
    if examples.n_classes == 1:
        return Classifier(np.zeros((1, examples.vectors.shape[1])), np.zeros(1))
    weights = weights * (len(examples.classes) if size is None else size) / examples.n_classes
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000)
    model.fit(examples.vectors, examples.classes, sample_weight=weights)
    coefficients, intercepts = model.coef_, model.intercept_
    if examples.n_classes == 2:  # noqa: PLR2004 - scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.concatenate([-intercepts, intercepts]) / 2
    return Classifier(coefficients, intercepts)
