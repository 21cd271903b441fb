"""Run the command line again and again in children of one process, so that its imports are paid for once.

Speaks lines of JSON: {"arguments", "folder", "environment", "stderr", "limits", "fatal"} in; the child's process id, then how it ended, out.
"""

import importlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

MODULES = (
    "windvane.cli",
    "windvane.pipeline",
    "windvane.embeddings.openvino_folder",
    "altair",
    "vl_convert",
    "hdbscan",
    "sentence_transformers",
    "torch",
)

TOUCHING = frozenset({"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree", "tempfile.mkdtemp"})
"""What changes a folder, as Python's audit events call it."""


def kill_at(folders: list[str], number: int) -> None:
    """Kill this process -9 right before it touches `folders` for the `number`th time (counted from 0)."""
    seen = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in TOUCHING and str(arguments[0]).startswith(tuple(folders)):
            if event == "open" and "r" in str(arguments[1] or "r"):
                return
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(watch)


def run_child(order: dict[str, Any]) -> None:
    """Become one call of `windvane`; never returns."""
    with Path(order["stderr"]).open("wb") as stderr:
        os.dup2(stderr.fileno(), 1)
        os.dup2(stderr.fileno(), 2)
    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    for name, most in order["limits"].items():
        resource.setrlimit(getattr(resource, name), (most, most))
    if order["fatal"]:
        kill_at(*order["fatal"])
    sys.argv = ["windvane", *order["arguments"]]
    try:
        importlib.import_module("windvane.cli").main()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else int(end.code is not None))
    os._exit(0)


def serve() -> None:
    """Answer until the input ends."""
    importlib.import_module("windvane.embeddings.openvino_engine").import_openvino()
    for name in MODULES:
        importlib.import_module(name)
    print("ready", flush=True)  # noqa: T201 - the protocol
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            run_child(json.loads(line))
        print(pid, flush=True)  # noqa: T201 - the protocol
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    serve()
