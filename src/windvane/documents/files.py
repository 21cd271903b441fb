"""Which files the configured paths stand for."""

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from windvane.documents.streams import split_suffix
from windvane.errors import DocumentsError

RECORD_SUFFIXES: Final = frozenset(
    {".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".parquet", ".arrow", ".feather", ".ipc"}
)
PAGE_SUFFIXES: Final = frozenset({".txt", ".md", ".html", ".htm", ".xhtml"})
FEED_SUFFIXES: Final = frozenset({".xml", ".rss", ".atom", ".rdf"})
SUFFIXES: Final = RECORD_SUFFIXES | PAGE_SUFFIXES | FEED_SUFFIXES


OUTPUTS: Final = frozenset({"run.json", "shifts.json"})
"""A folder with these is what a run wrote: who reads the folder above it does not mean to read it again."""
_OUTPUTS_SEEN: Final = "outputs of a run"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    Attributes
    ----------
    path
        Where it is.
    name
        How messages call it, and what identifies a page: relative to the configuration file, with forward slashes;
        absolute where the configuration names an absolute path.

    """

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """The files, each once, sorted by name; and how many others were passed over, by reason."""

    sources: tuple[Source, ...]
    passed_over: dict[str, int]


def find_files(patterns: tuple[str, ...], base: Path) -> Found:
    """Return the files that `patterns` (files, folders, globs; relative to `base`) stand for.

    Folders are read with all that lies below them; what begins with a dot, ends unlike any known format, is a link
    that leads out of the folder, or was written by a run is passed over. Of what a glob matches, too, what was written
    by a run is passed over; a file that is named itself is read.

    Raises
    ------
    DocumentsError
        If a path does not exist, a glob matches nothing, or a folder holds no file that can be read.

    """
    problems: list[str] = []
    passed_over: dict[str, int] = {}
    sources: dict[Path, Source] = {}
    for pattern in patterns:
        found = _expand(pattern, base, passed_over)
        if isinstance(found, str):
            problems.append(found)
        else:
            for source in found:
                known_as = sources.setdefault(source.path.resolve(), source)
                if source.name < known_as.name:
                    sources[source.path.resolve()] = source
    if problems:
        known = ", ".join(sorted(SUFFIXES))
        hint = f'Paths are relative to "{base.resolve()}". Read are files that end in {known}, also with .gz or .zst behind.'
        raise DocumentsError("; ".join(f"documents.paths: {problem}" for problem in problems), hint=hint)
    return Found(tuple(sorted(sources.values(), key=lambda source: source.name)), passed_over)


def _expand(pattern: str, base: Path, passed_over: dict[str, int]) -> list[Source] | str:
    if "\0" in pattern:
        return f"{pattern!r} is no path"
    given = Path(os.path.expanduser(pattern))  # noqa: PTH111 - Path.expanduser raises for a name such as ~nobody
    path = base / given
    if path.is_file():
        if split_suffix(path)[0] not in SUFFIXES:
            return f"{pattern}: unknown kind of file"
        return [_source(path, base, given)]
    if path.is_dir():
        within = [entry for entry in _list_folder(path, passed_over) if _may_read(entry, path, passed_over)]
        found = [_source(entry, base, given) for entry in within]
        return found or f"{pattern}: the folder holds no file that can be read"
    if not glob.has_magic(pattern):
        return f"{pattern}: no such file or folder"
    root = base / _fixed_part(given)
    matches = glob.glob(str(given), root_dir=base, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
    files = [entry for entry in map(base.joinpath, sorted(matches)) if not entry.is_dir()]
    files = _beside_outputs(files, root, passed_over)
    found = [_source(entry, base, given) for entry in files if _may_read(entry, root, passed_over)]
    return found or f"{pattern}: matches no file that can be read"


def _list_folder(folder: Path, passed_over: dict[str, int]) -> list[Path]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        if set(names) >= OUTPUTS:
            passed_over[_OUTPUTS_SEEN] = passed_over.get(_OUTPUTS_SEEN, 0) + 1
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent) / name for name in sorted(names) if not name.startswith(".")]
    return found


def _beside_outputs(files: list[Path], root: Path, passed_over: dict[str, int]) -> list[Path]:
    """Leave out what lies below `root` in a folder that a run wrote, as `_list_folder` does."""
    parents = {file.parent for file in files}
    folders = {folder for parent in parents for folder in (parent, *parent.parents) if folder.is_relative_to(root)}
    written = {folder for folder in folders if all((folder / name).is_file() for name in OUTPUTS)}
    if not written:
        return files
    passed_over[_OUTPUTS_SEEN] = passed_over.get(_OUTPUTS_SEEN, 0) + len(written)
    return [file for file in files if written.isdisjoint(file.parents)]


def _may_read(path: Path, root: Path, passed_over: dict[str, int]) -> bool:
    reason = None
    if not path.resolve().is_relative_to(root.resolve()):
        reason = "links that lead out of their folder"
    elif not path.is_file():
        reason = "what is no file"
    elif split_suffix(path)[0] not in SUFFIXES:
        reason = "files of unknown kind"
    if reason:
        passed_over[reason] = passed_over.get(reason, 0) + 1
    return reason is None


def _fixed_part(path: Path) -> Path:
    """Return the folder above the first wildcard."""
    parts = []
    for part in path.parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return Path(*parts) if parts else Path()


def _source(path: Path, base: Path, given: Path) -> Source:
    name = Path(path if given.is_absolute() else os.path.relpath(path, base)).as_posix()
    # Names of files are bytes: those that are no UTF-8 must be told apart, and fit into a table.
    return Source(path, os.fsencode(name).decode(errors="backslashreplace"))
