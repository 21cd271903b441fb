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
    """Make `folder` and hold it alone.

    Raises
    ------
    OutputError
        If it can't be made or written, or another run holds it.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".windvane.lock", timeout=0):
            yield
    except Timeout as error:
        message = f"{folder}: another run is writing here"
        raise OutputError(message, hint="Wait until it is done, or choose another folder with --out.") from error
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
