"""Turn documents into claims."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from windvane.claims.language import identify_language
from windvane.claims.sentences import split_sentences
from windvane.claims.stories import find_stories
from windvane.config.claims import ClaimsConfig
from windvane.progress import Progress, silent
from windvane.tables import CLAIMS, DOCUMENTS

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Extraction:
    """The claims and how they were found.

    Attributes
    ----------
    claims
        Rows of `tables.CLAIMS`, sorted by (published, claim_id).
    notes
        In plain words, what was kept and what was left out.
    sentences
        How many sentences (with `unit: text`, records) were read.
    repetitions
        How many repeat another of the same outlet on the same day, and count no more.

    """

    claims: pl.DataFrame
    notes: tuple[str, ...]
    sentences: int
    repetitions: int


def extract_claims(
    documents: pl.DataFrame,
    section: ClaimsConfig,
    *,
    unit: Literal["text", "sentence"],
    question: str,
    statements: Sequence[str],
    encode: Encode | None = None,
    progress: Progress = silent,
) -> Extraction:
    """Find the claims in `documents`."""
    documents = DOCUMENTS.require(documents).sort("published", "record_id")
    documents = documents.with_columns(
        language=_languages(documents), story_id=find_stories(documents, section, progress=progress)
    )
    claims = _whole_texts(documents) if unit == "text" else _sentences(documents)
    sentences = claims.height
    claims, repetitions = _drop_repetitions(claims)
    notes = _story_notes(claims, documents)
    if repetitions:
        notes.append(f"{repetitions:,} exact repetitions of one outlet on one day count once")
    claims = CLAIMS.require(claims.sort("published", "claim_id"))
    return Extraction(claims, tuple(notes), sentences, repetitions)


def _languages(documents: pl.DataFrame) -> pl.Series:
    codes = [
        identify_language(text) if language is None else language
        for text, language in documents.select("text", "language").iter_rows()
    ]
    return pl.Series("language", codes, dtype=pl.String)


def _whole_texts(documents: pl.DataFrame) -> pl.DataFrame:
    return documents.with_columns(
        claim_id=pl.col("record_id"),
        start=pl.lit(0, pl.Int64),
        end=pl.col("text").str.len_chars().cast(pl.Int64),
    )


def _sentences(documents: pl.DataFrame) -> pl.DataFrame:
    spans = [
        [
            {"start": span.start, "end": span.end, "sentence": text[span.start : span.end]}
            for span in split_sentences(text, language)
        ]
        for text, language in documents.select("text", "language").iter_rows()
    ]
    dtype = pl.List(pl.Struct({"start": pl.Int64(), "end": pl.Int64(), "sentence": pl.String()}))
    split = documents.with_columns(span=pl.Series(spans, dtype=dtype)).explode("span").unnest("span")
    return split.filter(pl.col("start").is_not_null()).with_columns(
        text=pl.col("sentence"), claim_id=pl.format("{}:{}", "record_id", "start")
    )


def _drop_repetitions(claims: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Keep, of equal texts of one outlet on one day (UTC), the first; without an outlet nothing is repeated."""
    ordered = claims.sort("published", "claim_id")
    same = pl.struct("outlet", "text", pl.col("published").dt.date()).is_first_distinct()
    kept = ordered.filter(same | pl.col("outlet").is_null())
    return kept, ordered.height - kept.height


def _story_notes(claims: pl.DataFrame, documents: pl.DataFrame) -> list[str]:
    given = documents["story"].count()
    stories = claims["story_id"].n_unique()
    source = "as the corpus gives them" if given == documents.height else "found by near-identical texts"
    if 0 < given < documents.height:
        source = (
            f"as the corpus gives them for {given:,} of {documents.height:,} documents, else by near-identical texts"
        )
    return [f"{claims.height:,} claims carry {stories:,} stories, {source}"]
