"""The file of hand labels."""

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from windvane.errors import FramingsError


def read_label_file(path: Path) -> pl.DataFrame:
    """Read a CSV with a header line; every column comes as text, so that ids keep their zeros.

    Raises
    ------
    FramingsError
        If the file is missing or no CSV.

    """
    try:
        return pl.read_csv(path, infer_schema=False, encoding="utf8", separator=_separator(path))
    except (OSError, PolarsError) as error:
        message = f"{path}: the hand labels can't be read: {_reason(error)}"
        raise FramingsError(message, hint="A CSV in UTF-8 with the columns claim_id and framing is wanted.") from error


def _separator(path: Path) -> str:
    """Return what stands between the columns of the header: spreadsheets of half the world write semicolons."""
    with path.open(encoding="utf-8", errors="replace") as file:
        header = file.readline(10_000)
    return max(",;\t", key=header.count)


def _reason(error: Exception) -> str:
    return "no such file" if isinstance(error, FileNotFoundError) else str(error).splitlines()[0]
