"""Options are described, and tested."""

import re
from pathlib import Path

from windvane.config import describe_options

TESTS = Path(__file__).parents[1]


def test_every_option_is_named_by_a_test() -> None:
    """Somewhere a test sets it: by its path, as a key of YAML or of a table, or as an argument."""
    said = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__))
    options = re.findall(r"^\| `([a-z_.<>]+)`", describe_options(), re.MULTILINE)
    assert len(options) > 40
    silent = [option for option in options if not re.search(rf"\b{option.rpartition('.')[2]}\b[\"']?\s*[:=]", said)]
    assert silent == []
