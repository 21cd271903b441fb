"""Feed each target with bytes that atheris makes, led by which branches they reach.

What fails is printed, and written to build/fuzz; keep it as a test (tests/safety/test_fuzz.py) before it is mended.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from fuzz.seeds import SEEDS

PARTS = "windvane"


def fuzz_one(name: str, minutes: float) -> None:
    """Run in a process of its own: libFuzzer ends the process that it runs in."""
    import atheris  # noqa: PLC0415 - not part of the environment of the tests

    with atheris.instrument_imports(include=[PARTS]):
        from fuzz.targets import TARGETS  # noqa: PLC0415 - instrumented as it is imported
    corpus = Path("build/fuzz") / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={round(minutes * 60)}", "-timeout=60", "-rss_limit_mb=4096", "-max_len=4096"]
    atheris.Setup([sys.argv[0], str(corpus), f"-artifact_prefix=build/fuzz/{name}-", *options], TARGETS[name])
    atheris.Fuzz()


def main() -> None:
    """Fuzz all targets, one after the other; end with 1 where one failed."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    parser.add_argument("--target", choices=sorted(SEEDS), help="only this one")
    arguments = parser.parse_args()
    if arguments.target:
        fuzz_one(arguments.target, arguments.minutes)
        return
    codes = [
        subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "fuzz", "--target", name, "--minutes", str(arguments.minutes)], check=False
        ).returncode
        for name in sorted(SEEDS)
    ]
    sys.exit(int(any(codes)))


if __name__ == "__main__":
    main()
