"""Say in plain words that the cache can't be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from windvane.errors import OutputError


@contextmanager
def storing_in(folder: Path) -> Iterator[None]:
    """Tell an operating system's error inside as one about `folder`.

    Raises
    ------
    OutputError
        In its place.

    """
    try:
        yield
    except OSError as error:
        message = f"{folder}: can't be written: {error.strerror or error}"
        hint = "This is the cache of models and vectors: make room there, or set WINDVANE_CACHE to another folder."
        raise OutputError(message, hint=hint) from error
