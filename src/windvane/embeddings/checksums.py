"""Know a file or a folder by its content."""

import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"

_LOADED = frozenset({".safetensors", ".json", ".txt", ".model"})


def file_sha256(path: Path) -> str:
    """Give the sha256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_files(folder: Path) -> list[str]:
    """List what decides an encoder's vectors: weights, tokenizer and settings.

    Returns
    -------
    list of str
        Paths relative to the folder, with forward slashes, sorted; hidden files and the manifest left out.

    """
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix in _LOADED and path.is_file())
    kept = (name for name in names if not any(part.startswith(".") for part in name.parts))
    return sorted(name.as_posix() for name in kept if name.as_posix() != MANIFEST)


def folder_sha256(folder: Path) -> str:
    """Give one checksum for an encoder folder, whatever its place and the dates of its files."""
    lines = (f"{name} {file_sha256(folder / name)}\n" for name in folder_files(folder))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_manifest(folder: Path) -> None:
    """Note the sha256 of every file of the folder beside them."""
    sums = {name: file_sha256(folder / name) for name in folder_files(folder)}
    (folder / MANIFEST).write_text(json.dumps(sums, indent=1), encoding="utf-8")


def damaged_files(folder: Path) -> list[str]:
    """Compare a folder with its manifest.

    Returns
    -------
    list of str
        What is missing, changed or was not there before, sorted; empty where all is well. Without a readable
        manifest, the manifest itself.

    """
    try:
        expected = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [MANIFEST]
    if not isinstance(expected, dict):
        return [MANIFEST]
    present = set(folder_files(folder))
    changed = {name for name in present & expected.keys() if file_sha256(folder / name) != expected[name]}
    return sorted(changed | (present ^ expected.keys()))
