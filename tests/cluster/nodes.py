"""Nodes of a Ray cluster on this machine, each with processes of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SECOND: Final = "second"
"""A resource that the head lacks."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the head listens, and the sessions of the nodes, head first: process ids of those that began them."""

    address: str
    sessions: tuple[int, ...]


@contextmanager
def nodes(count: int) -> Iterator[Cluster]:
    """Start a head and further nodes, one processor each; no process of them outlives the context."""
    sessions: list[int] = []
    folder = tempfile.mkdtemp(prefix="wv")  # a socket's path must be short, and pytest's folders are not
    try:
        ports = ("--port=0", "--include-dashboard=false")
        head = _start(sessions, "--head", *ports, f"--temp-dir={folder}")
        found = re.search(r"--address='([^']+)'", head)
        assert found is not None, head
        for _ in range(count - 1):
            _start(sessions, f"--address={found[1]}", f'--resources={{"{SECOND}": 1}}')
        yield Cluster(found[1], tuple(sessions))
    finally:
        for session in sessions:
            kill_session(session)
        shutil.rmtree(folder, ignore_errors=True)


def kill_session(session: int) -> None:
    """End every process that `ray start` left in its session, at once and without notice."""
    for process in members(session):
        os.kill(process, signal.SIGKILL)


def members(session: int) -> list[int]:
    """Return the processes of a session that are alive, from /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            # Behind the name, which may hold spaces: state, parent, group, session.
            state, _, _, leader = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(leader) == session and state != "Z":
            found.append(int(entry.name))
    return found


def _start(sessions: list[int], *options: str) -> str:
    command = [str(Path(sys.executable).with_name("ray")), "start", "--num-cpus=1", "--object-store-memory=100000000"]
    environment = {
        **os.environ,
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_health_check_period_ms": "1000",  # a dead node is noticed in seconds
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    with subprocess.Popen(  # noqa: S603 - our own
        [*command, *options],
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        sessions.append(process.pid)
        told, _ = process.communicate(timeout=180)
    assert process.returncode == 0, told
    return told
