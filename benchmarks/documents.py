"""How fast and in how much memory a corpus is read and grouped: 100,000 records, and one gigabyte of JSON Lines."""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from windvane.claims import extract_claims
from windvane.config import ClaimsConfig, DocumentsConfig
from windvane.documents import read_documents

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
START: Final = datetime(2024, 1, 1, tzinfo=UTC)


def write_corpus(path: Path, records: int, words: int) -> None:
    """Write a stream in which two of five texts are light rewrites of a recent one."""
    rng = random.Random(0)  # noqa: S311 - a fixed corpus
    vocabulary = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 10))) for _ in range(20_000)]
    recent: list[list[str]] = []
    with path.open("w", encoding="utf-8") as stream:
        for number in range(records):
            if recent and rng.random() < 0.4:  # noqa: PLR2004 - the share of copies
                text = rng.choice(recent).copy()
                text[rng.randrange(len(text))] = rng.choice(vocabulary)
            else:
                text = rng.choices(vocabulary, k=words)
            recent = [*recent, text][-200:]
            when = (START + timedelta(minutes=5 * number)).isoformat()
            row = {
                "id": str(number),
                "text": " ".join(text),
                "published": when,
                "outlet": f"o{number % 50}",
                "language": "en",
            }
            stream.write(json.dumps(row) + "\n")


def measure(path: Path, *, group: bool) -> str:
    """Read `path` (and find its stories) in this process; return seconds and the largest memory."""
    start = time.perf_counter()
    corpus = read_documents(DocumentsConfig(paths=(str(path),)), base=path.parent, now=NOW)
    if group:
        extract_claims(corpus.documents, ClaimsConfig(), unit="text", question="?", statements=[])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return f"{corpus.read:,} records, {path.stat().st_size / 1e9:.2f} GB: {time.perf_counter() - start:.1f} s, {peak:.2f} GiB"


def main() -> None:
    """Run each case in a process of its own, so that memory is its own."""
    if sys.argv[1:]:
        print(measure(Path(sys.argv[2]), group=sys.argv[1] == "group"))
        return
    with tempfile.TemporaryDirectory() as folder:
        for task, records, words in (("group", 100_000, 25), ("read", 160_000, 900)):
            path = Path(folder) / f"{task}.jsonl"
            write_corpus(path, records, words)
            subprocess.run([sys.executable, __file__, task, str(path)], check=True)  # noqa: S603 - this very file
            path.unlink()


if __name__ == "__main__":
    main()
