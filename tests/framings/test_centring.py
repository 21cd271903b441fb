"""The space in which claims and statements are compared."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from windvane.framings.centring import centre_by_language, centre_statements, unit

SEEDS = st.integers(0, 1000)


def draw(seed: int, rows: int = 12, width: int = 5) -> NDArray[np.float32]:
    """Draw vectors."""
    return np.random.default_rng(seed).standard_normal((rows, width)).astype(np.float32)


@given(SEEDS)
def test_rows_have_length_one(seed: int) -> None:
    """Two views side by side still make unit rows, each view weighing the same."""
    space = centre_by_language([draw(seed), 9 * draw(seed + 1)], ["en"] * 6 + ["de"] * 6)
    rows = space.rows(slice(None))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0)
    np.testing.assert_allclose(np.linalg.norm(rows[:, :5], axis=1), np.sqrt(0.5))


@given(SEEDS)
def test_without_shrinkage_a_language_may_lie_anywhere(seed: int) -> None:
    """Shifting all texts of one language by one vector changes nothing, if each language is trusted fully."""
    vectors, languages = draw(seed), ["en"] * 6 + ["de"] * 6
    moved = vectors.copy()
    moved[6:] += draw(seed + 1, 1)
    before = centre_by_language([vectors], languages, shrinkage=0).rows(slice(None))
    after = centre_by_language([moved], languages, shrinkage=0).rows(slice(None))
    np.testing.assert_allclose(before, after, atol=1e-4)


def test_with_full_shrinkage_languages_do_not_matter() -> None:
    """Shrunk all the way, every language has the mean of all."""
    vectors = draw(0)
    one = centre_by_language([vectors], ["en"] * 12, shrinkage=1e15).rows(slice(None))
    two = centre_by_language([vectors], ["en", "de"] * 6, shrinkage=1e15).rows(slice(None))
    np.testing.assert_allclose(one, two, atol=1e-6)


def test_rows_can_be_asked_for_in_any_way() -> None:
    """Slices and lists of rows agree."""
    space = centre_by_language([draw(1)], ["en"] * 12)
    np.testing.assert_array_equal(space.rows(slice(None))[[3, 7]], space.rows(np.array([3, 7])))
    assert len(space) == 12


def test_a_text_alone_has_no_direction() -> None:
    """The only text of a corpus is its own mean: a row of zeros, not of nan."""
    assert not centre_by_language([draw(2, 1)], ["en"]).rows(slice(None)).any()


@given(SEEDS)
def test_repeating_the_statements_of_a_class_moves_nothing(seed: int) -> None:
    """Statements are centred by class: a class that says everything twice does not pull the centre to itself."""
    vectors, classes = draw(seed, 6), np.array([0, 0, 1, 1, 1, 1])
    twice = np.vstack([vectors, vectors[:2]])
    before = centre_statements([vectors], classes)
    after = centre_statements([twice], np.append(classes, [0, 0]))
    np.testing.assert_allclose(before, after[:6], atol=1e-6)


def test_zeros_stay_zeros() -> None:
    """A vector without length can't be scaled."""
    assert not unit(np.zeros((2, 3))).any()
