"""The reference of the options, and the tests that options have."""

import re
from pathlib import Path
from typing import Final

from tests.docs.pages import tables
from windvane.config import describe_options

TESTS: Final = Path(__file__).parents[1]
ROWS: Final = re.findall(r"^\| `([^`]+)` \|.*\| (.*) \|$", describe_options(), re.MULTILINE)


def never_set(options: list[str], sources: str) -> list[str]:
    """Return the options whose last word no test gives a value: as an argument, as a key or in YAML."""
    return [one for one in options if not re.search(rf"""\b{one.rpartition(".")[2]}\b["']?\s*[:=](?!=)""", sources)]


def test_every_option_has_a_description() -> None:
    """The reference says of each what it does."""
    listed = [row[0].strip("`") for rows in tables(TESTS.parent / "docs" / "configuration.md").values() for row in rows]
    assert [option for option, _ in ROWS] == listed
    assert [option for option, about in ROWS if not about.strip()] == []


def test_every_option_is_set_in_some_test() -> None:
    """An option that no test sets may do nothing, and nobody would know."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("*.py")))
    assert never_set([option for option, _ in ROWS], sources) == []


def test_an_option_that_is_only_spoken_of_is_not_set() -> None:
    """A word in prose, a comparison or part of another name does not count."""
    spoken = "the width is told; width == 3; line_width: 2"
    assert never_set(["a.width"], spoken) == ["a.width"]
    for given in ("f(width=3)", '{"width": 3}', "a: {width: 3}"):
        assert never_set(["a.width"], given) == []
