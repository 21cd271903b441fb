"""Assignment of claims to declared framings."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from windvane.config import FramingsConfig
from windvane.errors import FramingsError
from windvane.framings import Assignment, assign_framings
from windvane.tables import CLAIMS

WORDS = ("asked", "offered", "treaty", "casualties", "denied", "troops", "Moscow", "Pyongyang")


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Count the known words of a text, with a little that is the text's own."""
    rows = np.zeros((len(texts), len(WORDS) + 8), dtype=np.float32)
    for row, text in enumerate(texts):
        for column, word in enumerate(WORDS):
            rows[row, column] = text.count(word)
        own = np.random.default_rng(int.from_bytes(text.encode(), "big") % 2**32)
        rows[row, len(WORDS) :] = 0.1 * own.standard_normal(8)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
    scaled: NDArray[np.float32] = rows / lengths
    return scaled


def make_claims(texts: Sequence[str], languages: Sequence[str] | None = None) -> pl.DataFrame:
    """Make a table of claims, one a day."""
    start = datetime(2024, 10, 1, tzinfo=UTC)
    return pl.DataFrame(
        [
            {
                "claim_id": f"c{number:03}",
                "doc_id": f"c{number:03}",
                "published": start + timedelta(days=number),
                "outlet": None,
                "language": "en" if languages is None else languages[number],
                "url": None,
                "text": text,
                "start": 0,
                "end": len(text),
                "story_id": f"s{number:03}",
            }
            for number, text in enumerate(texts)
        ],
        schema=CLAIMS.schema,
    )


SECTION = FramingsConfig.model_validate(
    {
        "declared": {
            "requested": {"statements": ("Moscow asked for troops", "Moscow asked", "they asked Pyongyang")},
            "offered": {"statements": ("Pyongyang offered troops", "Pyongyang offered", "they offered Moscow")},
        },
        "unanswered": {"other": ("troops had casualties", "casualties in Moscow", "casualties of Pyongyang")},
        "discover": False,
    }
)
TEXTS = [
    f"{middle} {number}"
    for number in range(8)
    for middle in ("so Moscow asked again", "so Pyongyang offered again", "many casualties seen")
]


def assign(claims: pl.DataFrame, section: FramingsConfig = SECTION, labels: pl.DataFrame | None = None) -> Assignment:
    """Assign with the encoder of this module."""
    return assign_framings(claims, section, encode=encode, question="Who started it?", labels=labels)


def test_clear_claims_take_their_framing() -> None:
    """Where the words tell the framings apart, every claim takes the right one."""
    found = assign(make_claims(TEXTS)).claims["framing"].to_list()
    assert found == ["requested", "offered", "unanswered"] * 8


def test_row_order_changes_nothing() -> None:
    """Shuffling the claims shuffles the answer and changes nothing else."""
    claims = make_claims(TEXTS)
    order = np.random.default_rng(0).permutation(claims.height)
    straight, shuffled = assign(claims), assign(claims[order])
    assert shuffled.claims.equals(straight.claims[order])
    assert np.array_equal(shuffled.posteriors, straight.posteriors[order])


def test_hand_labels_stand() -> None:
    """A labelled claim takes its label with probability 1."""
    labels = pl.DataFrame({"claim_id": ["c000", "c001"], "framing": ["offered", "unanswered"]})
    found = assign(make_claims(TEXTS), labels=labels).claims
    assert found["framing"][:2].to_list() == ["offered", "unanswered"]
    assert found["probability"][:2].to_list() == [1.0, 1.0]


def test_faulty_labels_are_told_at_once() -> None:
    """Unknown framings and contradictions come in one error; both are named."""
    labels = pl.DataFrame({"claim_id": ["c000", "c000", "c001"], "framing": ["offered", "requested", "nonsense"]})
    with pytest.raises(FramingsError, match=r"nonsense.*c000"):
        assign(make_claims(TEXTS), labels=labels)
