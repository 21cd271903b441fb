"""Charts come out the same from the process that draws and from this one, and that process outlives nobody."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from windvane import drawing
from windvane.drawing import draw_svg, engine

SPEC = {"mark": "point", "data": {"values": [{"x": 1, "t": "Ωμέγα\n"}]}, "encoding": {"text": {"field": "t"}}}
ALONE = "from windvane import drawing; drawing.start_engine(); print(drawing._ENGINE._process.pid, flush=True); input()"


def drawer() -> "subprocess.Popen[bytes] | None":
    """Return the process that draws."""
    return drawing._ENGINE._process


def test_a_process_draws_as_this_one_does() -> None:
    """Where a chart is drawn makes no difference."""
    here = draw_svg(SPEC)
    with engine():
        assert drawer() is not None
        assert [draw_svg(SPEC), draw_svg(SPEC)] == [here, here]
    assert drawer() is None
    assert here.startswith("<svg")


def test_another_process_takes_over_when_one_ends() -> None:
    """Killed, it is replaced, and nobody notices."""
    here = draw_svg(SPEC)
    with engine():
        process = drawer()
        assert process is not None
        process.kill()
        process.wait()
        assert draw_svg(SPEC) == here
        assert drawer() not in {None, process}
        assert draw_svg(SPEC) == here
        drawing_now = drawer()
        assert drawing_now is not None
        drawing_now.kill()
        drawing_now.wait()
        assert draw_svg(SPEC) == here
        assert drawer() not in {None, drawing_now}


def test_what_ends_every_process_is_not_drawn_here() -> None:
    """A character that no XML may hold makes the library abort; this process lives on and says so."""
    deadly = {"mark": "text", "data": {"values": [{"t": "\uffff"}]}, "encoding": {"text": {"field": "t"}}}
    with engine():
        with pytest.raises(ValueError, match="ends the engine"):
            draw_svg(deadly)
        assert draw_svg(SPEC).startswith("<svg")


def test_threads_get_their_own_charts() -> None:
    """Whoever else draws, and whoever else is done first."""

    def spec(number: int) -> dict[str, object]:
        return {"mark": "text", "data": {"values": [{"t": f"own {number}"}]}, "encoding": {"text": {"field": "t"}}}

    def draw_some(start: int) -> list[bool]:
        found = []
        for number in range(start, start + 10):
            with engine():
                found.append(f"own {number}<" in draw_svg(spec(number)))
        return found

    with ThreadPoolExecutor(4) as threads:
        assert all(all(own) for own in threads.map(draw_some, range(0, 400, 100)))
    assert drawer() is None


def test_charts_are_drawn_here_when_no_process_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor where none starts."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with engine():
        assert drawer() is None
        assert draw_svg(SPEC).startswith("<svg")


def test_charts_are_drawn_here_when_the_process_never_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where it does not find this package, or where what runs Python is another program."""
    here = draw_svg(SPEC)
    monkeypatch.setattr(drawing, "_ENGINE", drawing._Engine())
    monkeypatch.setattr(drawing, "MODULE", "windvane.nowhere")
    with engine():
        assert [draw_svg(SPEC), draw_svg(SPEC)] == [here, here]
        assert drawer() is None


def test_what_is_no_specification_is_refused() -> None:
    """By either, in the same way."""
    with pytest.raises(ValueError, match="Vega"):
        draw_svg({"mark": "no such mark"})
    with engine(), pytest.raises(ValueError, match="Vega"):
        draw_svg({"mark": "no such mark"})


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks Linux which processes run")
def test_the_process_ends_with_whoever_started_it() -> None:
    """However it ends."""
    command = [sys.executable, "-c", ALONE]
    starter = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    assert starter.stdout is not None
    drawer = int(starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    for _ in range(200):
        if not _runs(drawer):
            return
        time.sleep(0.05)
    pytest.fail("the process that draws is left over")


def _runs(pid: int) -> bool:
    """Whether there is such a process that is more than a name."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
