"""Say what was read, and stop where it can't be used."""

from collections import Counter
from typing import Final

import polars as pl

from windvane.config.documents import DocumentsConfig
from windvane.documents.dates import Unreadable
from windvane.documents.fields import Columns
from windvane.documents.files import Found
from windvane.documents.identity import REPEATED
from windvane.errors import DocumentsError

_NOT_BAD: Final = frozenset({REPEATED, "date before `since`"})
"""Set aside as wished or as usual in exports: these don't count towards `max_rejected`."""


def require_usable(
    documents: pl.DataFrame,
    rejects: pl.DataFrame,
    section: DocumentsConfig,
    columns: Columns,
    date_examples: dict[Unreadable, list[str]],
) -> None:
    """Raise `DocumentsError` if the corpus can't be used as it is, and say what to do next."""
    columns.require_mapped()
    if documents.height + rejects.height == 0:
        message = f"the corpus is empty: no record in {', '.join(section.paths)}"
        raise DocumentsError(message)
    ambiguous = date_examples.get(Unreadable.AMBIGUOUS)
    if ambiguous:
        message = f"dates can be read two ways: e.g. {', '.join(map(repr, ambiguous))}"
        hint = "Set documents.day_first: true if the day stands first, false if the month does."
        raise DocumentsError(message, hint=hint)
    if not documents.height:
        _raise_nothing_usable(rejects, columns, date_examples)
    bad = rejects.filter(pl.col("reason").is_in(list(_NOT_BAD)).not_()).height
    read = documents.height + rejects.height
    if bad > section.max_rejected * read:
        message = f"{bad:,} of {read:,} records can't be used: {overview(rejects)}"
        hint = (
            f"At most {section.max_rejected:.0%} may be set aside (documents.max_rejected). "
            f"The first: {_first(rejects)}"
        )
        raise DocumentsError(message, hint=hint)


def _raise_nothing_usable(rejects: pl.DataFrame, columns: Columns, date_examples: dict[Unreadable, list[str]]) -> None:
    reasons = set(rejects["reason"])
    names = f"The columns there are: {', '.join(sorted(columns.seen)[:40])}." if columns.seen else None
    count = f"any of {rejects.height:,} records" if rejects.height > 1 else "the only record"
    if reasons == {"no text"}:
        message = f"no text in {count}"
        raise DocumentsError(message, hint=f"Say which column holds it: documents.fields.text. {names or ''}".strip())
    if reasons <= {reason.value for reason in Unreadable}:
        taken = " and ".join(f"`{column}`" for column in sorted(columns.taken["published"]))
        examples = [example for found in date_examples.values() for example in found]
        message = f"no valid date in {count}"
        if taken:
            message += f"; column {taken} holds e.g. {', '.join(map(repr, examples[:3]))}"
        hint = f"Say which column holds it: documents.fields.published; for pages, documents.file_name. {names or ''}"
        raise DocumentsError(message, hint=hint.strip())
    message = f"no usable record: {overview(rejects)}"
    raise DocumentsError(message, hint=f"The first: {_first(rejects)}")


def overview(rejects: pl.DataFrame) -> str:
    """Return the reasons with their counts, the commonest first."""
    counts = Counter(rejects["reason"].to_list())
    return ", ".join(
        f"{reason} ({count:,})" for reason, count in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    )


def _first(rejects: pl.DataFrame) -> str:
    row = rejects.filter(pl.col("reason").is_in(list(_NOT_BAD)).not_()).row(0, named=True) if rejects.height else {}
    place = row["source"] + ("" if row["line"] is None else f", record {row['line']:,}")
    return f"{place}: {row['reason']}: {row['record'][:120]}"


def notes_on(
    documents: pl.DataFrame,
    rejects: pl.DataFrame,
    found: Found,
    columns: Columns,
    section: DocumentsConfig,
    *,
    outlets_from_urls: int,
) -> tuple[str, ...]:
    """Say how the corpus was read."""
    files = "1 file" if len(found.sources) == 1 else f"{len(found.sources):,} files"
    notes = [f"{documents.height + rejects.height:,} records read from {files}, {documents.height:,} of them used"]
    if rejects.height:
        notes.append(f"set aside: {overview(rejects)}")
    notes += [f"passed over: {count:,} {reason}" for reason, count in sorted(found.passed_over.items())]
    notes += columns.notes()
    if outlets_from_urls:
        notes.append(f"outlet is the host of the url in {outlets_from_urls:,} records that name none")
    order = {True: "; 03/04 is the third of April", False: "; 03/04 is the fourth of March", None: ""}
    notes.append(f"dates without a zone are taken to be {section.timezone}{order[section.day_first]}")
    first, last = documents["published"].dt.to_string("%Y-%m-%d").gather([0, -1])
    notes.append(f"published from {first} to {last}")
    return tuple(notes)
