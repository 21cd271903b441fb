"""Read files whose records are objects: JSON Lines, JSON."""

import json
from pathlib import Path
from typing import Final

from windvane.documents.raw import EXCERPT_CHARACTERS, FILE_NOT_UTF8, NOT_UTF8, Broken, FileFaultError, Record, Records
from windvane.documents.streams import as_text, bounded_lines, has_bad_bytes, open_bytes, translated_errors

MAX_JSON_BYTES: Final = 256_000_000

LIST_KEYS: Final = ("articles", "stories", "results", "items", "documents", "records", "entries", "docs", "data")
"""Under which key a JSON object keeps its records, in order of preference."""


def read_json_lines(path: Path, *, max_record: int, max_file: int) -> Records:
    """Yield one record per line that is not blank."""
    with translated_errors(), open_bytes(path, max_file) as stream:
        for number, line, fits in bounded_lines(as_text(stream), max_record):
            if fits and not line.strip():
                continue
            yield _parse_line(number, line, max_record if not fits else None)


def _parse_line(number: int, line: str, limit: int | None) -> Record | Broken:
    if limit is not None:
        return Broken(number, f"larger than {limit:,} characters", line[:EXCERPT_CHARACTERS])
    if has_bad_bytes(line):
        return Broken(number, NOT_UTF8, line.strip())
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Broken(number, "not valid JSON", line.strip())
    return as_record(number, value)


def as_record(number: int, value: object) -> Record | Broken:
    """Return `value` as a record if it is an object."""
    if isinstance(value, dict):
        return Record(number, value)
    return Broken(number, "not a record: neither object nor row", value)


def read_json(path: Path, *, max_record: int, max_file: int) -> Records:
    """Yield the objects of a JSON array, or of the list that an object such as {"articles": [...]} holds.

    The file is parsed as a whole, several times its size in memory, so that it may hold no more than `MAX_JSON_BYTES`;
    JSON Lines has no such limit.
    """
    with translated_errors(), open_bytes(path, min(max_file, MAX_JSON_BYTES)) as stream:
        text = as_text(stream).read()
    if has_bad_bytes(text):
        raise FileFaultError(FILE_NOT_UTF8)
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines()[:3] if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines[:2]):
            yield from read_json_lines(path, max_record=max_record, max_file=max_file)
            return
        reason = "the file is not valid JSON"
        raise FileFaultError(reason) from error
    for number, value in enumerate(_find_list(tree), start=1):
        yield as_record(number, value)


def _find_list(tree: object) -> list[object]:
    if isinstance(tree, list):
        return tree
    if isinstance(tree, dict):
        lists = {key: value for key, value in tree.items() if isinstance(value, list)}
        for key in LIST_KEYS:
            if key in lists:
                return lists[key]
        of_objects = [value for value in lists.values() if value and all(isinstance(item, dict) for item in value)]
        if len(of_objects) == 1:
            return of_objects[0]
    return [tree]
