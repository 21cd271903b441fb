"""Read files whose records are objects or typed rows: JSON Lines, JSON, Parquet, Arrow."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import ipc, parquet

from windvane.documents.raw import EXCERPT_CHARACTERS, FILE_NOT_UTF8, NOT_UTF8, Broken, FileFaultError, Record, Records
from windvane.documents.streams import (
    as_text,
    bounded_lines,
    has_bad_bytes,
    open_bytes,
    split_suffix,
    translated_errors,
)

BATCH_ROWS: Final = 20_000

MAX_JSON_BYTES: Final = 256_000_000

LIST_KEYS: Final = ("articles", "stories", "results", "items", "documents", "records", "entries", "docs", "data")
"""Under which key a JSON object keeps its records, in order of preference."""

Wanted = Callable[[Iterable[str]], list[str]]
"""Picks, of a table's columns, those that hold fields."""


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


def read_table(path: Path, wanted: Wanted, *, max_file: int) -> Records:
    """Yield the rows of a Parquet, Arrow or Feather file; only the wanted columns are read, some rows at a time."""
    suffix, compression = split_suffix(path)
    with translated_errors(), open_bytes(path, max_file) as stream:
        # Arrow itself rather than polars: on damaged files the latter may end the process instead of raising.
        source: pa.NativeFile = pa.BufferReader(stream.read()) if compression else pa.OSFile(str(path))
        with source:
            try:
                batches = _read_parquet(source, wanted) if suffix == ".parquet" else _read_arrow(source, wanted)
                yield from _rows(batches)
            except (
                pa.ArrowException,
                OSError,
                ValueError,
                LookupError,
                MemoryError,
                OverflowError,
                TypeError,
            ) as error:
                lines = str(error).splitlines() or [type(error).__name__]
                reason = f"the file can't be read as {suffix[1:]}: {lines[0][:200]}"
                raise FileFaultError(reason) from error


def _read_parquet(source: pa.NativeFile, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    file = parquet.ParquetFile(source)
    yield from file.iter_batches(batch_size=BATCH_ROWS, columns=wanted(file.schema_arrow.names), use_threads=False)


def _read_arrow(source: pa.NativeFile, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    file = ipc.open_file(source)
    names = wanted(file.schema.names)
    for number in range(file.num_record_batches):
        batch = file.get_batch(number).select(names)
        for offset in range(0, batch.num_rows, BATCH_ROWS):
            yield batch.slice(offset, BATCH_ROWS)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[Record]:
    number = 0
    for batch in batches:
        batch.validate(full=True)
        for values in _coarsen(batch).to_pylist():
            number += 1
            yield Record(number, {name: value for name, value in values.items() if value is not None})


def _coarsen(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Cut nanoseconds, which Python's dates can't hold."""
    for place, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            coarse = batch.column(place).cast(pa.timestamp("us", column.type.tz), safe=False)
            batch = batch.set_column(place, column.name, coarse)
    return batch
