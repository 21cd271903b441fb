"""A framing: one answer to the question."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Framing:
    """One answer to the question, declared by an analyst or discovered in the corpus.

    Attributes
    ----------
    name
        Identifies it; the value of the column `framing`.
    label
        How the report calls it.
    statements
        What describes it: an analyst's sentences, or the claims nearest to the centre of a discovered group.
    discovered
        True where no one declared it.
    words
        Its distinctive words by ISO 639-1 language code, for discovered framings; empty for declared ones.

    """

    name: str
    label: str
    statements: tuple[str, ...]
    discovered: bool = False
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
