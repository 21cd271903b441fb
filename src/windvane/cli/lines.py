"""Lines on stdout that are told beside the work, not for their own sake."""

import os
import sys
from collections.abc import Iterable

import typer


def tell(lines: Iterable[object]) -> None:
    """Print lines; a reader that stops, as `head` does, misses the rest and changes nothing else."""
    try:
        for line in lines:
            typer.echo(line)
    except BrokenPipeError:
        # What the buffer still holds would fail again at the end, and there take the exit code along.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
