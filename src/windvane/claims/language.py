"""Tell the language of a text, offline."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from windvane.identifier import NO_LANGUAGE, load_identifier

UNKNOWN: Final = "und"
MIN_LETTERS: Final = 12
MAX_CHARACTERS: Final = 600
"""So much of a text is enough, and identification is linear in its length."""


@lru_cache(maxsize=65_536)
def identify_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, `und` where it has too few letters to tell.

    Varieties that the identifier knows by a code of three letters (Wu, Cantonese, Egyptian Arabic) are told as the
    language that they are written in.
    """
    text = text[:MAX_CHARACTERS]
    letters = sum(character.isalpha() for character in text)
    wide = sum(character > "\u2e80" for character in text)
    if letters + 3 * wide < MIN_LETTERS:
        return UNKNOWN
    code: str = load_identifier().classify(text)[0]
    return UNKNOWN if code == NO_LANGUAGE else code


def identify_languages(texts: Sequence[str]) -> list[str]:
    """Return the language of each text."""
    return [identify_language(text) for text in texts]
