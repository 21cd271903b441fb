"""Which column holds which field: as configured, or by its common name."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global

from windvane.config.documents import DocumentsConfig
from windvane.errors import DocumentsError

FIELDS: Final = ("id", "text", "published", "outlet", "url", "language", "story")

COMMON_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "doc_id", "record_id", "stories_id", "guid"),
    "text": ("text", "body", "content", "content_text", "article_text", "claim", "title", "headline", "summary", "description"),
    "published": (
        "published", "date", "pubdate", "publish_date", "published_at", "publishedat", "date_published", "published_date",
        "publication_date", "seendate", "datetime", "timestamp", "created_at", "updated",
    ),
    "outlet": ("outlet", "source", "source.name", "domain", "media_name", "publisher", "publication", "newspaper", "site", "channel"),
    "url": ("url", "link", "uri"),
    "language": ("language", "lang"),
    "story": ("story", "origin_story", "story_id"),
}  # fmt: skip
"""Recognised whatever their case and with spaces or hyphens for underscores, in order of preference; an empty value
leaves the field to the next name."""

MAPPINGS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "media_cloud": {
        "id": ("id", "stories_id"),
        "text": ("title",),
        "published": ("publish_date",),
        "outlet": ("media_name", "media_url"),
        "url": ("url",),
        "language": ("language",),
        "story": (),
    },
    "gdelt": {
        "id": (),
        "text": ("title",),
        "published": ("seendate", "date"),
        "outlet": ("domain",),
        "url": ("url",),
        "language": ("language",),
        "story": (),
    },
}
"""Lists of both carry no text but the title."""

MAX_COLUMNS: Final = 1_000
"""So many columns are remembered, to be named where a mapped one is missing."""

MOST_NAMED: Final = 12
"""So many unused columns are named in a note."""

_WHITESPACE = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s-]+")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Columns:
    """Finds the fields of records and remembers what it took for what."""

    section: DocumentsConfig
    taken: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    seen: dict[str, None] = field(default_factory=dict)
    _plans: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def find(self, values: Mapping[str, object]) -> dict[str, object]:
        """Return the value of each field that is there and not empty."""
        found: dict[str, object] = {}
        for name, columns in self._plan(tuple(values)).items():
            for column in columns:
                value = _look_up(values, column)
                if value is not None and value != "":
                    found[name] = value
                    self.taken[name][column] += 1
                    break
        return found

    def column_of(self, name: str, values: Mapping[str, object]) -> str:
        """Return the column from which `find` takes the field; it must be there."""
        return next(column for column in self._plan(tuple(values))[name] if _look_up(values, column) not in {None, ""})

    def wanted(self, columns: Iterable[str]) -> list[str]:
        """Of a table's columns, those that may hold a field."""
        columns = tuple(columns)
        plan = self._plan(columns)
        tops = {part for paths in plan.values() for path in paths for part in (path, path.split(".", maxsplit=1)[0])}
        return [column for column in columns if column in tops]

    def _plan(self, columns: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        plan = self._plans.get(columns)
        if plan is None:
            for column in columns[: MAX_COLUMNS - len(self.seen)]:
                self.seen[column] = None
            plan = {name: self._candidates(name, columns) for name in FIELDS}
            if len(self._plans) < MAX_COLUMNS:
                self._plans[columns] = plan
        return plan

    def _candidates(self, name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        own: str | None = getattr(self.section.fields, name)
        if own is not None:
            return (own,)
        names = MAPPINGS[self.section.mapping][name] if self.section.mapping else COMMON_NAMES[name]
        folded: dict[str, str] = {}
        for column in columns:
            folded.setdefault(_SEPARATORS.sub("_", column.strip().casefold()), column)
        return tuple(_unfold(candidate, folded) for candidate in names if candidate.split(".")[0] in folded)

    def join(self, later: "Columns") -> None:
        """Remember what another found in later records."""
        for name, counts in later.taken.items():
            self.taken[name].update(counts)
        new = [column for column in later.seen if column not in self.seen]
        self.seen.update(dict.fromkeys(new[: MAX_COLUMNS - len(self.seen)]))

    def require_mapped(self) -> None:
        """Raise `DocumentsError` if a mapped column is in no record."""
        problems = []
        for name in FIELDS:
            column: str | None = getattr(self.section.fields, name)
            if column is not None and column.split(".")[0] not in self.seen and column not in self.seen:
                close = difflib.get_close_matches(column, list(self.seen), n=1)
                problems.append(f"documents.fields.{name}: no record has a column {column!r}{_suggest(close)}")
        if problems and self.seen:
            raise DocumentsError(
                "; ".join(problems), hint=f"The columns there are: {', '.join(sorted(self.seen)[:40])}."
            )

    def notes(self) -> list[str]:
        """Say which column was taken for what."""
        lines = []
        for name in FIELDS:
            parts = [f"`{column}` ({count:,})" for column, count in sorted(self.taken[name].items())]
            if parts:
                lines.append(f"{name} is taken from {', '.join(parts)}")
        unused = self.unused()
        if unused:
            more = f" and {len(unused) - MOST_NAMED:,} more" if len(unused) > MOST_NAMED else ""
            lines.append(f"not used: {', '.join(f'`{column}`' for column in unused[:MOST_NAMED])}{more}")
        return lines

    def used(self) -> dict[str, tuple[str, ...]]:
        """Return the columns from which each field was taken, the commonest first."""
        return {
            name: tuple(sorted(counts, key=lambda column: (-counts[column], column)))
            for name, counts in self.taken.items()
            if counts
        }

    def unused(self) -> tuple[str, ...]:
        """Return the columns from which nothing was taken, sorted."""
        taken = {column for counts in self.taken.values() for column in counts}
        taken |= {column.split(".", maxsplit=1)[0] for column in taken}
        return tuple(sorted(column for column in self.seen if column and column not in taken))


def _unfold(candidate: str, folded: Mapping[str, str]) -> str:
    if candidate in folded:
        return folded[candidate]
    top, rest = candidate.split(".", maxsplit=1)
    return f"{folded[top]}.{rest}"


def _suggest(close: list[str]) -> str:
    return f"; did you mean {close[0]!r}?" if close else ""


def _look_up(values: Mapping[str, object], column: str) -> object:
    if column in values:
        value = values[column]
        return None if isinstance(value, dict | list) else value
    value = values
    for part in column.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return None if isinstance(value, dict | list) else value


def clean_label(value: object) -> str | None:
    """Return an id, outlet or the like as one line; None where nothing is there."""
    if value is None or isinstance(value, bool | bytes):
        return None
    text = value if isinstance(value, str) else str(value)
    return _WHITESPACE.sub(" ", clean_text(text))[:2_000] or None


def clean_text(text: str) -> str:
    """Return `text` with line breaks as newlines, without NULs, lone surrogates or space around it."""
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def host_of(url: str | None) -> str | None:
    """Return the host of `url`, without www."""
    if url is None:
        return None
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host and "." in host else None


@lru_cache(maxsize=4_096)
def language_code(value: str | None) -> str | None:
    """Return the ISO 639-1 code (639-3 where there is none) of a tag or English name; None where it is neither."""
    if value is None:
        return None
    tag = re.split(r"[-_]", value.strip().casefold(), maxsplit=1)[0]
    alias = get_global("language_aliases").get(tag)
    code = alias.split("_")[0] if alias else tag
    names = _language_names()
    if code in names.values() and code != "und":
        return code
    return names.get(value.strip().casefold())


@lru_cache(maxsize=1)
def _language_names() -> dict[str, str]:
    languages = Locale("en").languages
    return {name.casefold(): code for code, name in sorted(languages.items(), reverse=True) if code.isalpha()}
