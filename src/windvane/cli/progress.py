"""Progress bars on stderr: for what takes over a second, and none when nobody watches."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Final, TypeVar

from windvane.progress import Progress, silent

T = TypeVar("T")

PATIENCE: Final = 1.0
"""Seconds that work may take before a bar appears."""


def terminal_progress(*, quiet: bool) -> Progress:
    """Return bars on stderr, or silence where `quiet` or stderr is no terminal."""
    return silent if quiet or not sys.stderr.isatty() else _track


def _track(items: Iterable[T], /, *, what: str, total: int | None = None, unit: str = "") -> Iterator[T]:
    from rich.console import Console  # noqa: PLC0415 - a quiet run need not wait for it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(what, total=total, rate="")
    start = monotonic()
    shown = False
    try:
        for done, item in enumerate(items, start=1):
            yield item
            passed = max(monotonic() - start, 1e-9)
            bar.update(task, advance=1, rate=f"{done / passed:,.1f} {unit}/s" if unit else "")
            if not shown and passed > PATIENCE:
                bar.start()
                shown = True
    finally:
        if shown:
            bar.stop()
