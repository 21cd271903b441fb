"""The engine that draws charts, in a process of its own.

It takes a third of a second to start and holds up the interpreter that starts it; so it starts beside the first stages,
on another core. It is this module, run as a program: a specification a line comes in, a drawing a line goes out, until
the input ends, which it does when whoever started it ends, however that comes about.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import Final

MODULE: Final = "windvane.drawing"
READY: Final = b"ready\n"


class _Engine:
    """Draws in the process that it started, or here where it has none; one chart at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = RLock()
        self._users = 0
        self._is_ready = False
        self._can_start = bool(sys.executable)

    def start(self) -> None:
        """Start a process, unless there is one; where none can be had, charts are drawn here."""
        with self._lock:
            if self._process is not None or not self._can_start:
                return
            self._is_ready = False
            command = [sys.executable, "-P", "-m", MODULE]
            with suppress(OSError):
                self._process = subprocess.Popen(  # noqa: S603 - this module itself
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )

    def stop(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
            if process is not None:
                process.kill()
                process.communicate()

    def enter(self) -> None:
        """Start the process for one more user."""
        with self._lock:
            self._users += 1
            self.start()

    def leave(self) -> None:
        """End it with the last."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self.stop()

    def draw(self, spec: str) -> str:
        """Return the SVG of a Vega-Lite specification; a ValueError if it can't be drawn."""
        with self._lock:
            # It may have been killed. What ends a second one, too, would end this process.
            for _ in range(2):
                if self._process is None or not self._await(self._process):
                    return _draw(spec)
                try:
                    return _read(self._ask(self._process, spec))
                except OSError:
                    self.start()
        message = "a chart ends the engine that draws"
        raise ValueError(message)

    def _await(self, process: "subprocess.Popen[bytes]") -> bool:
        """Wait until the process draws; where it never will, as where it does not find this package, no other is started."""
        if not self._is_ready:
            self._is_ready = process.stdout is not None and process.stdout.readline() == READY
            if not self._is_ready:
                # A signal ended it, and says nothing of the next one, or it ended by itself.
                self._can_start = process.wait() < 0
                self.stop()
                self.start()
        return self._is_ready

    def _ask(self, process: "subprocess.Popen[bytes]", spec: str) -> bytes:
        """Have a specification drawn; an OSError if the process has ended."""
        try:
            return _exchange(process, spec)
        except BaseException:
            # An answer that nobody waited for would be taken for the next one.
            self.stop()
            raise


def _exchange(process: "subprocess.Popen[bytes]", spec: str) -> bytes:
    if process.stdin is None or process.stdout is None:  # as it never is: both are pipes
        raise BrokenPipeError
    process.stdin.write(spec.encode() + b"\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer.endswith(b"\n"):
        raise BrokenPipeError
    return answer


def _read(answer: bytes) -> str:
    told: dict[str, str] = json.loads(answer)
    if "refused" in told:
        raise ValueError(told["refused"])
    return told["svg"]


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
    _ENGINE.enter()
    try:
        yield
    finally:
        _ENGINE.leave()


def draw_svg(spec: object) -> str:
    """Return the SVG of a Vega-Lite specification: the same wherever it is drawn.

    Parameters
    ----------
    spec
        What `json` can write.

    Raises
    ------
    ValueError
        If it is no specification, or one that ends the engine.

    """
    return _ENGINE.draw(json.dumps(spec))


def main() -> None:
    """Draw what comes in, until nothing more does."""
    _draw(json.dumps({"mark": "point", "data": {"values": [{}]}}))
    sys.stdout.write(READY.decode())
    sys.stdout.flush()
    for line in sys.stdin:
        try:
            told = {"svg": _draw(line)}
        except ValueError as error:
            told = {"refused": str(error)}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
