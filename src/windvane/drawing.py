"""The engine that draws charts, in a process of its own.

It takes a third of a second to start and holds up the interpreter that starts it; so it starts beside the first stages,
on another core. It is this module, run as a program: a specification a line comes in, a drawing a line goes out, until
the input ends, which it does when whoever started it ends, however that comes about.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MODULE: Final = "windvane.drawing"


class _Engine:
    """Draws here, or in the process that it started."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start a process, unless there is one; where none can be had, charts are drawn here."""
        if self._process is not None or not sys.executable:
            return
        command = [sys.executable, "-P", "-m", MODULE]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this module itself
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError:
            self._process = None

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def draw(self, spec: str) -> str:
        """Return the SVG of a Vega-Lite specification."""
        if self._process is not None:
            try:
                return _ask(self._process, spec)
            except OSError:
                self.stop()
        return _draw(spec)


def _ask(process: "subprocess.Popen[bytes]", spec: str) -> str:
    """Have a specification drawn; an OSError if the process has ended."""
    if process.stdin is None or process.stdout is None:  # as it never is: both are pipes
        raise BrokenPipeError
    process.stdin.write(spec.encode() + b"\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer.endswith(b"\n"):
        raise BrokenPipeError
    drawn: str = json.loads(answer)
    return drawn


def _draw(spec: str) -> str:
    import vl_convert  # noqa: PLC0415 - whoever has it drawn elsewhere need not load it

    drawn: str = vl_convert.vegalite_to_svg(spec)
    return drawn


_ENGINE: Final = _Engine()


def start_engine() -> None:
    """Start the process that draws, so that it is ready when it is asked; without, charts are drawn in this one."""
    _ENGINE.start()


@contextmanager
def engine() -> Iterator[None]:
    """Have a process that draws for the time inside."""
    _ENGINE.start()
    try:
        yield
    finally:
        _ENGINE.stop()


def draw_svg(spec: object) -> str:
    """Return the SVG of a Vega-Lite specification: the same wherever it is drawn.

    Parameters
    ----------
    spec
        What `json` can write.

    Raises
    ------
    ValueError
        If it is no specification.

    """
    return _ENGINE.draw(json.dumps(spec))


def main() -> None:
    """Draw what comes in, until nothing more does."""
    _draw(json.dumps({"mark": "point", "data": {"values": [{}]}}))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_draw(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
