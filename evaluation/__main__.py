"""Run every evaluation and write `evaluation/RESULTS.md`: `python -m evaluation [SECTION ...]`.

With sections named, only these run and are printed; the file stays as it is.
"""

import importlib
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

SECTIONS: Final = ("sample", "assignment", "discovery", "shifts", "claims")
RESULTS: Final = Path(__file__).parent / "RESULTS.md"


def run_section(name: str) -> str:
    """Return the Markdown of one section."""
    start = time.perf_counter()
    text: str = importlib.import_module(f"evaluation.{name}").section()
    print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return text.rstrip() + "\n"


def main() -> None:
    """Run what was asked for."""
    asked = sys.argv[1:]
    unknown = sorted(set(asked) - set(SECTIONS))
    if unknown:
        sys.exit(f"no such section: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if asked:
        print("\n".join(run_section(name) for name in asked))
        return
    head = f"# Is it good?\n\nWritten by `make evaluate` on {datetime.now(tz=UTC):%Y-%m-%d}. Seeds are fixed.\n"
    RESULTS.write_text("\n".join([head, *map(run_section, SECTIONS)]), encoding="utf-8")
    print(RESULTS)


if __name__ == "__main__":
    main()
