"""The documentation, parsed."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
"""Everything that a reader may open."""

_PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file that it is to be written to (empty for none), and what it holds."""

    language: str
    name: str
    content: str


def tokens(path: Path) -> list[Token]:
    """Return what the page holds, in order."""
    return _PARSER.parse(path.read_text(encoding="utf-8"))


def blocks(path: Path) -> list[Block]:
    """Return the fenced and indented blocks of a page."""
    found = [token for token in tokens(path) if token.type in {"fence", "code_block"}]
    named = [([*token.info.split(), "", ""], token.content) for token in found]
    return [Block(words[0], words[1], content) for words, content in named]


def links(path: Path) -> Iterator[str]:
    """Yield the addresses of links and images."""
    for token in tokens(path):
        for part in token.children or ():
            address = part.attrs.get("href", part.attrs.get("src"))
            if address is not None:
                yield str(address)


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub makes of the headings: words in small letters, joined by hyphens."""
    found: Counter[str] = Counter()
    names = set()
    parsed = tokens(path)
    for opening, inline in pairwise(parsed):
        if opening.type == "heading_open":
            text = "".join(part.content for part in inline.children or ())
            name = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            names.add(f"{name}-{found[name]}" if found[name] else name)
            found[name] += 1
    return names


def tables(path: Path) -> dict[str, list[list[str]]]:
    """Return the rows of the first table under each heading, cells as plain Markdown, by the heading's text."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    rows: list[list[str]] | None = None
    parsed = tokens(path)
    for token, following in pairwise(parsed):
        if token.type == "heading_open":
            heading = following.content
        elif token.type == "tbody_open":
            rows = found.setdefault(heading, [])
        elif token.type == "tbody_close":
            rows = None
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "td_open" and rows is not None:
            rows[-1].append(following.content)
    return found
