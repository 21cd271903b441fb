"""What was understood of configuration and data, before any model is asked."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from windvane.config import RunConfig
from windvane.documents import Corpus, read_documents
from windvane.pipeline.labels import read_label_file
from windvane.progress import Progress, silent
from windvane.timeline import calendar, floor_period


@dataclass(frozen=True, slots=True)
class Check:
    """What `windvane check` tells.

    Attributes
    ----------
    question
        The question.
    records, documents
        Records read, and those that can be used.
    rejects
        Number of rejected records by reason.
    first, last
        ISO 8601 instants of the earliest and latest document.
    period, periods
        Length of a bin, and how many bins hold documents.
    languages, outlets
        Documents by language (as given by the corpus) and by outlet, most frequent first; at most ten.
    framings
        Number of statements by declared framing.
    notes
        How columns and dates were read.

    """

    question: str
    records: int
    documents: int
    rejects: dict[str, int]
    first: str
    last: str
    period: str
    periods: int
    languages: dict[str, int]
    outlets: dict[str, int]
    framings: dict[str, int]
    notes: tuple[str, ...]

    def as_json(self) -> str:
        """Return it for machines."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)

    def lines(self) -> list[str]:
        """Return it in plain words, one line a finding."""
        framings = ", ".join(f"{name} ({count} statements)" for name, count in self.framings.items())
        return [
            f"Question: {self.question}",
            f"{self.records:,} records read, {self.documents:,} can be used.",
            *(f"  set aside: {count:,} {reason}" for reason, count in self.rejects.items()),
            f"From {self.first} to {self.last}: {self.periods:,} periods ({self.period}) hold documents.",
            f"Languages: {_listed(self.languages)}",
            f"Outlets: {_listed(self.outlets)}",
            f"Framings: {framings or 'none declared, all are discovered'}",
            *self.notes,
        ]


def check(config: RunConfig, *, base: Path, now: datetime, progress: Progress = silent) -> Check:
    """Read the documents (and hand labels) that `config` names; parameters and errors as for `analyse`."""
    corpus = read_documents(config.documents, base=base, now=now, progress=progress)
    if config.framings.labels is not None:
        read_label_file(base / config.framings.labels)
    return _describe(config, corpus)


def _describe(config: RunConfig, corpus: Corpus) -> Check:
    published = corpus.documents["published"]
    first, last = published.min(), published.max()
    if isinstance(first, datetime) and isinstance(last, datetime):
        calendar(first, last, config.timeline.period)
    return Check(
        question=config.question,
        records=corpus.read,
        documents=corpus.documents.height,
        rejects=_count(corpus.rejects["reason"], unknown="unknown"),
        first=first.isoformat() if isinstance(first, datetime) else "",
        last=last.isoformat() if isinstance(last, datetime) else "",
        period=config.timeline.period,
        periods=len({floor_period(hour, config.timeline.period) for hour in published.dt.truncate("1h").unique()}),
        languages=_count(corpus.documents["language"], unknown="to be detected"),
        outlets=_count(corpus.documents["outlet"], unknown="unknown"),
        framings={name: len(framing.statements) for name, framing in config.framings.declared.items()},
        notes=corpus.notes,
    )


def _count(values: pl.Series, *, unknown: str, most: int = 10) -> dict[str, int]:
    """Rows by value, most frequent first; what is beyond `most` is left out."""
    counts = values.fill_null(unknown).alias("value").value_counts().sort(["count", "value"], descending=[True, False])
    return dict(counts.head(most).iter_rows())


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{value} {count:,}" for value, count in counts.items()) or "none"
