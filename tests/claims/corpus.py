"""Documents for tests, and an encoder that reads words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from windvane.tables import DOCUMENTS

START = datetime(2024, 10, 1, tzinfo=UTC)


def documents(*rows: Mapping[str, object]) -> pl.DataFrame:
    """Return a table of documents; each row may give `day` and `text`, and any column by its name."""
    full = []
    for number, row in enumerate(rows):
        name = str(row.get("record_id", f"d{number:03}"))
        day = row.get("day", 0)
        assert isinstance(day, int | float)
        base = {
            "record_id": name,
            "doc_id": name,
            "text": "Text.",
            "published": START + timedelta(days=day),
            "outlet": f"outlet {number}",
        }
        full.append(
            {**base, "language": "en", "url": None, "story": None}
            | {key: value for key, value in row.items() if key != "day"}
        )
    return pl.DataFrame(full, schema=DOCUMENTS.schema).sort("published", "record_id")


def encode_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return unit vectors: the sum of a fixed random direction per word, beside a large one that all share."""
    rows = []
    for text in texts:
        words = ["", "", *text.casefold().replace(".", " ").replace(",", " ").split()]
        rows.append(np.sum([_direction(word) for word in words], axis=0))
    vectors = np.stack(rows)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _direction(word: str) -> NDArray[np.float64]:
    seed = int.from_bytes(word.encode()[:16].ljust(8, b"\0"), "little")
    return np.random.default_rng(seed).normal(size=64)
