"""Read files of typed rows: Parquet, Arrow, Feather."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import ipc, parquet

from windvane.documents.raw import FileFaultError, Record, Records, Wanted
from windvane.documents.streams import open_bytes, split_suffix, translated_errors

BATCH_ROWS: Final = 20_000


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
