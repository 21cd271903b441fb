"""How a path is written for who reads it elsewhere."""

import os
from pathlib import Path


def path_from(folder: Path, path: str | Path) -> str:
    """Return `path` as seen from `folder`; absolute where no path leads there, as between two drives of Windows."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return str(Path(path).absolute())
