"""Where the command line begins, and how it ends."""

import atexit
import errno
import gc
import sys
import traceback
from typing import NoReturn

import typer

from windvane.cli.app import app
from windvane.errors import WindvaneError

INTERRUPTED = 130
OBJECTS = 100_000
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


def main() -> None:
    """Run the command line; ends the process."""
    # Modules and rows make many objects and next to no cycles: the collector is asked for seldom, and not at the end,
    # when it would visit everything that was ever loaded.
    gc.set_threshold(OBJECTS)
    atexit.register(gc.freeze)
    try:
        app(prog_name="windvane")
    except WindvaneError as error:
        typer.echo(f"windvane: {error}", err=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, SystemExit) as end:
        _end(end)
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, it is our fault
        _blame(error)


def _end(end: KeyboardInterrupt | SystemExit) -> NoReturn:
    """Typer takes two things for itself and ends without a word: Ctrl-C, and a reader that stopped, as `head` does."""
    if isinstance(end.__context__, BrokenPipeError):
        sys.exit(0)
    if isinstance(end, SystemExit) and end.code != INTERRUPTED:
        raise end
    typer.echo("windvane: stopped", err=True)
    sys.exit(INTERRUPTED)


def _blame(error: Exception) -> NoReturn:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        # Libraries unpack what they bring into the folder for temporary files.
        typer.echo(f"windvane: a file can't be written: {error}\nMake room, or set TMPDIR to another folder.", err=True)
        sys.exit(2)
    traceback.print_exception(error)
    typer.echo("windvane: this is our fault, not yours; the lines above say where.", err=True)
    sys.exit(1)
