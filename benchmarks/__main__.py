"""Run every benchmark, each in a process of its own, and write `benchmarks/RESULTS.md`."""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
BENCHMARKS: Final = ("encoding", "documents", "report", "runs", "million", "bertopic", "cluster")


def run_benchmark(name: str) -> str:
    """Return the Markdown of one benchmark: its command and what it printed."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)  # noqa: S603 - our own
    return f"## `python -m benchmarks.{name}`\n\n```\n{done.stdout.rstrip()}\n```\n"


def main() -> None:
    """Write the file."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    head = f"# Is it fast?\n\nWritten by `make bench` on {datetime.now(tz=UTC):%Y-%m-%d}; {machine}.\n"
    results = HERE / "RESULTS.md"
    results.write_text("\n".join([head, *map(run_benchmark, BENCHMARKS)]), encoding="utf-8")
    print(results)


if __name__ == "__main__":
    main()
