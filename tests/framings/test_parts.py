"""Framings told in parts, and the classifiers that learn them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from windvane.framings.classifier import ensemble_scores, learn_ensemble, train
from windvane.framings.parts import split_all, split_classes


def draw(seed: int, rows: int) -> NDArray[np.float64]:
    """Draw unit vectors."""
    vectors = np.random.default_rng(seed).standard_normal((rows, 6))
    scaled: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


CLASSES = np.array([0] * 7 + [1] * 3 + [2] * 2)


@given(st.integers(0, 500), st.sampled_from([None, 1, 2, 3]))
def test_parts_lie_within_classes(seed: int, size: int | None) -> None:
    """Every example keeps its class, every part has examples, and parts are numbered class by class."""
    parts = split_classes(draw(seed, 12), CLASSES, 12, size=size)
    np.testing.assert_array_equal(parts.classes, CLASSES)
    assert set(parts.numbers.tolist()) == set(range(len(parts.parents)))
    assert (np.diff(parts.parents) >= 0).all()


def test_sizes_go_from_whole_classes_to_single_statements() -> None:
    """None: a part per class; 1: a part per statement."""
    assert len(split_classes(draw(0, 12), CLASSES, 12, size=None).parents) == 3
    assert len(split_classes(draw(0, 12), CLASSES, 12, size=1).parents) == 12


def test_alike_statements_share_a_part() -> None:
    """Two bundles of vectors in one class become two parts."""
    vectors = np.repeat(np.eye(2), 3, axis=0) + 0.01 * draw(0, 6)[:, :2]
    numbers = split_classes(vectors, np.zeros(6, dtype=np.int64), 6, size=3).numbers
    assert len(set(numbers[:3])) == len(set(numbers[3:])) == 1
    assert numbers[0] != numbers[3]


def test_labels_join_the_nearest_part_of_their_class() -> None:
    """Hand labels make no parts of their own, unless no statement describes their class."""
    vectors = np.vstack([np.eye(3), np.eye(3)[[1]] + 0.1, np.eye(3)[[2]]])
    parts = split_classes(vectors, np.array([0, 0, 1, 0, 2]), 3, size=1)
    assert parts.numbers[3] == parts.numbers[1]
    assert parts.parents.tolist() == [0, 0, 1, 2]


def test_ways_that_repeat_are_left_out() -> None:
    """One statement a class can't be split."""
    assert len(split_all(np.eye(3), np.arange(3), 3)) == 1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 500))
def test_scores_are_log_probabilities_of_classes(seed: int) -> None:
    """Merged from parts, and averaged over the members, they still sum to 1."""
    vectors, claims = draw(seed, 12), draw(seed + 1, 30)
    firsts, finals = learn_ensemble(vectors, split_all(vectors, CLASSES, 12), claims)
    for members in (firsts, finals):
        scores = ensemble_scores(members, claims)
        assert scores.shape == (30, 3)
        np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1.0)


def test_the_size_of_a_class_is_no_evidence() -> None:
    """A text between two classes is torn evenly, though one has thrice as many statements."""
    vectors = np.vstack([np.tile([[1.0, 0.0]], (9, 1)), np.tile([[0.0, 1.0]], (3, 1))])
    parts = split_classes(vectors, np.array([0] * 9 + [1] * 3), 12, size=None)
    scores = train(vectors, parts).scores(np.array([[0.5, 0.5]]))
    assert np.exp(scores[0, 0]) == pytest.approx(0.5, abs=0.01)


def test_learning_again_follows_the_claims() -> None:
    """Claims that lie apart from the statements pull the border between the classes to where they part."""
    rng = np.random.default_rng(0)
    statements = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
    sides = np.repeat([1.0, -1.0], 100)
    claims = np.column_stack([0.3 * sides, 0.9 * sides, 0.1 * rng.standard_normal(200)])
    claims /= np.linalg.norm(claims, axis=1, keepdims=True)
    firsts, finals = learn_ensemble(statements, split_all(statements, np.array([0, 1]), 2), claims)
    before, after = ensemble_scores(firsts, claims), ensemble_scores(finals, claims)
    right = np.where(sides > 0, 0, 1)
    assert after[np.arange(200), right].mean() > before[np.arange(200), right].mean()
