"""Classifiers learnt from a handful of statements, then from the claims that they are surest of."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, logsumexp
from sklearn.linear_model import LogisticRegression

from windvane.framings.parts import Parts

INVERSE_PENALTY: Final = 10.0

CONFIDENT: Final = 0.5
"""The share of each part's claims, surest first, that a classifier takes its own word for."""

BORROWED: Final = 0.8
"""How much of each part's weight these claims carry; the statements and labels carry the rest."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A linear classifier of parts, which are merged into classes.

    Attributes
    ----------
    coefficients
        (parts, d) float64.
    intercepts
        (parts,) float64.
    parents
        (parts,) int64, the class of each part, ascending.

    """

    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    parents: NDArray[np.int64]

    def part_scores(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, parts) log-probabilities, not calibrated."""
        scores: NDArray[np.float64] = log_softmax(vectors @ self.coefficients.T + self.intercepts, axis=1)
        return scores

    def scores(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, classes) log-probabilities, not calibrated."""
        return self.merge(self.part_scores(vectors))

    def merge(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up the probabilities of the parts of each class."""
        starts = np.flatnonzero(np.diff(self.parents, prepend=-1))
        ends = [*starts[1:], len(self.parents)]
        return np.column_stack([logsumexp(scores[:, a:b], axis=1) for a, b in zip(starts, ends, strict=True)])


def train(vectors: NDArray[np.float64], parts: Parts) -> Classifier:
    """Fit a logistic regression of the parts, in which each class weighs the same, however many examples it has.

    Parameters
    ----------
    vectors
        (m, d) float64 unit rows, the examples.
    parts
        What they are.

    """
    sizes = np.bincount(parts.classes)
    return _fit(vectors, parts.numbers, 1.0 / sizes[parts.classes], parts)


def train_on_itself(
    vectors: NDArray[np.float64], parts: Parts, claims: NDArray[np.float64], first: Classifier
) -> Classifier:
    """Fit again, with the claims that the first classifier is surest of as further examples (self-training).

    Statements are an analyst's short sentences; claims are wilder. Taking the surer half of each part, by rank rather
    than by a threshold, moves the classifier into the claims' own region without letting one class take all. Once is
    enough: further rounds drift. Claims of all periods go in alike, so nothing is learnt about time.

    Parameters
    ----------
    vectors, parts
        Statements and hand labels.
    claims
        (n, d) float64 unit rows, unlabelled.
    first
        Learnt from the examples alone.

    References
    ----------
    Yarowsky (1995), Unsupervised word sense disambiguation rivaling supervised methods.

    """
    scores = first.part_scores(claims)
    merged = first.merge(scores)
    guessed, sureness = merged.argmax(axis=1), merged.max(axis=1)
    inside = np.where(first.parents == guessed[:, None], scores, -np.inf).argmax(axis=1)
    chosen = []
    for number in range(len(first.parents)):
        here = np.flatnonzero(inside == number)
        surest = here[np.argsort(-sureness[here], kind="stable")]
        chosen.append(surest[: int(np.ceil(len(here) * CONFIDENT))])
    borrowed = np.concatenate(chosen)
    numbers = np.concatenate([parts.numbers, inside[borrowed]])
    own = np.bincount(parts.numbers, minlength=len(first.parents))
    taken = np.bincount(inside[borrowed], minlength=len(first.parents))
    total = own / np.bincount(parts.classes)[parts.parents]
    lent = np.where(taken > 0, BORROWED, 0.0)
    weights = np.concatenate(
        [(total * (1 - lent) / own)[parts.numbers], (total * lent / np.maximum(taken, 1))[inside[borrowed]]]
    )
    return _fit(np.vstack([vectors, claims[borrowed]]), numbers, weights, parts)


def _fit(
    vectors: NDArray[np.float64], numbers: NDArray[np.int64], weights: NDArray[np.float64], parts: Parts
) -> Classifier:
    """Fit with `weights` that sum to 1 per class, under the penalty that suits the number of examples in `parts`."""
    count, classes = len(parts.parents), len(np.unique(parts.parents))
    if count == 1:
        return Classifier(np.zeros((1, vectors.shape[1])), np.zeros(1), parts.parents)
    model = LogisticRegression(C=INVERSE_PENALTY * count / classes, max_iter=1_000)
    with warnings.catch_warnings():
        # A part may well be one statement alone.
        warnings.filterwarnings("ignore", message="The number of unique classes is greater than 50%")
        model.fit(vectors, numbers, sample_weight=weights * len(parts.numbers) / classes)
    coefficients, intercepts = model.coef_, model.intercept_
    if count == 2:  # noqa: PLR2004 - scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.concatenate([-intercepts, intercepts]) / 2
    return Classifier(coefficients, intercepts, parts.parents)


def learn_ensemble(
    vectors: NDArray[np.float64], ways: Sequence[Parts], claims: NDArray[np.float64]
) -> tuple[tuple[Classifier, ...], tuple[Classifier, ...]]:
    """Return the classifiers learnt from examples alone, and the final ones, one per way to split the classes."""
    firsts = tuple(train(vectors, parts) for parts in ways)
    finals = tuple(train_on_itself(vectors, parts, claims, first) for parts, first in zip(ways, firsts, strict=True))
    return firsts, finals


def ensemble_scores(members: Sequence[Classifier], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, classes) log-probabilities: the mean of the members', scaled to sum to 1."""
    mean = np.mean([member.scores(vectors) for member in members], axis=0)
    scores: NDArray[np.float64] = log_softmax(mean, axis=1)
    return scores
