"""Write files so that a reader never sees half of one, and two runs never mix theirs."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from windvane.errors import OutputError


@contextmanager
def claim_folder(folder: Path) -> Iterator[None]:
    """Make `folder` and hold it alone; what goes wrong inside is not about the folder and passes through.

    Raises
    ------
    OutputError
        If it can't be made or written, or another run holds it.

    """
    lock = FileLock(folder / ".windvane.lock", timeout=0)
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            message = f"{folder}: another run is writing here"
            raise OutputError(message, hint="Wait until it is done, or choose another folder with --out.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
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
        raise OutputError(message, hint="Choose another folder with --out.") from error


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put all of `contents` (name to bytes) into `folder`: each is written aside first, then all appear by rename.

    What went wrong while they were written aside leaves the folder as it was.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".windvane-") as aside:
        for name, content in contents.items():
            with (Path(aside) / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for name in contents:
            (Path(aside) / name).replace(folder / name)
