"""Which stories are translations of others, by their vectors."""

from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from windvane.claims.selection import Encode
from windvane.config.claims import ClaimsConfig

CHANCE: Final = 0.01
"""Of texts that can't be translations of each other, so many would pass as such."""

MIN_CHANCE_PAIRS: Final = 50
BLOCK: Final = 1_000
COLUMNS: Final = 10_000
SAMPLED: Final = 4_000
"""Of no more texts, drawn at random, chance is learnt: that pass compares each with all. Not evenly spaced: where languages
take turns, as in a corpus sorted by day and id, that would look at some of them alone."""

FAR: Final = 10
"""Texts this many windows apart are taken not to be translations of each other."""

LENGTH: Final = 1_000
"""So many characters of a document are compared."""


def join_translations(documents: pl.DataFrame, section: ClaimsConfig, *, encode: Encode) -> pl.Series:
    """Return `story_id`, with stories joined whose texts in two languages are each other's nearest and near enough.

    How near is enough the corpus says: nearer than all but `CHANCE` of the nearest pairs across languages that lie too
    far apart in time to be translations. With fewer than `MIN_CHANCE_PAIRS` of these nothing is joined.

    Parameters
    ----------
    documents
        Columns text, language, published, story (given stories are left alone) and story_id; sorted by (published,
        record_id).
    section
        For `story_days`.
    encode
        Turns texts into unit vectors, (n, d).

    """
    texts = [text[:LENGTH] for text in documents["text"]]
    if not texts:
        return documents["story_id"]
    vectors = _centre(encode(texts).astype(np.float64), documents["language"].to_list())
    days = documents["published"].dt.epoch("s").to_numpy() / 86_400
    languages = np.unique(documents["language"].to_numpy().astype(str), return_inverse=True)[1].astype(np.int64)
    rows = np.arange(len(texts))
    near, near_index = _nearest(vectors, languages, days, rows, within=section.story_days)
    some = np.sort(np.random.default_rng(0).choice(rows, min(SAMPLED, len(rows)), replace=False))
    far, _ = _nearest(vectors, languages, days, some, beyond=FAR * section.story_days)
    chance = far[np.isfinite(far)]
    if chance.size < MIN_CHANCE_PAIRS:
        return documents["story_id"]
    limit = float(np.quantile(chance, 1 - CHANCE))
    mutual = (near_index >= 0) & (near_index[near_index] == rows) & (near >= limit) & (rows < near_index)
    pairs = [(int(row), int(near_index[row])) for row in np.flatnonzero(mutual)]
    return _join(documents, pairs, timedelta(days=section.story_days))


def _centre(vectors: NDArray[np.float64], languages: list[str]) -> NDArray[np.float64]:
    own = np.asarray(languages)
    centred = vectors.copy()
    for language in sorted(set(languages)):
        centred[own == language] -= vectors[own == language].mean(axis=0)
    unit: NDArray[np.float64] = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
    return unit


def _nearest(
    vectors: NDArray[np.float64],
    languages: NDArray[np.int64],
    days: NDArray[np.float64],
    rows: NDArray[np.int64],
    *,
    within: float = np.inf,
    beyond: float = -1.0,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return, for each of the `rows` (ascending), similarity and row of the nearest text in another language; -inf, -1 for none."""
    best = np.full(len(rows), -np.inf)
    index = np.full(len(rows), -1, dtype=np.int64)
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        own = rows[block]
        low = int(np.searchsorted(days, days[own[0]] - within, side="left"))
        high = int(np.searchsorted(days, days[own[-1]] + within, side="right"))
        for first in range(low, high, COLUMNS):
            columns = slice(first, min(first + COLUMNS, high))
            apart = np.abs(days[own][:, None] - days[columns][None, :])
            allowed = (apart <= within) & (apart > beyond) & (languages[own][:, None] != languages[columns][None, :])
            similarity = np.where(allowed, vectors[own] @ vectors[columns].T, -np.inf)
            found = similarity.argmax(axis=1)
            value = similarity[np.arange(len(found)), found]
            nearer = value > best[block]
            index[block] = np.where(nearer, found + first, index[block])
            best[block] = np.where(nearer, value, best[block])
    return best, index


def _join(documents: pl.DataFrame, pairs: list[tuple[int, int]], window: timedelta) -> pl.Series:
    """Join the later story to the earlier where the earlier began within the window and no story was given."""
    stories = documents["story_id"].to_list()
    published: list[datetime] = documents["published"].to_list()
    given = set(documents["story"].drop_nulls())
    began: dict[str, datetime] = {}
    for story, when in zip(stories, published, strict=True):
        began.setdefault(story, when)
    into: dict[str, str] = {}
    for first, second in pairs:
        one, other = (_root(stories[row], into) for row in (first, second))
        early, late = sorted((one, other), key=lambda story: (began[story], story))
        if early != late and late not in given and early not in given and began[late] - began[early] <= window:
            into[late] = early
    return pl.Series("story_id", [_root(story, into) for story in stories], dtype=pl.String)


def _root(story: str, into: dict[str, str]) -> str:
    while story in into:
        story = into[story]
    return story
