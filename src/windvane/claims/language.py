"""Tell the language of a text, offline."""

from functools import lru_cache
from typing import Final

import py3langid

UNKNOWN: Final = "und"
MIN_LETTERS: Final = 12
MAX_CHARACTERS: Final = 600
"""So much of a text is enough, and identification is linear in its length."""


@lru_cache(maxsize=65_536)
def identify_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, `und` where it has too few letters to tell."""
    text = text[:MAX_CHARACTERS]
    letters = sum(character.isalpha() for character in text)
    wide = sum(character > "\u2e80" for character in text)
    if letters + 3 * wide < MIN_LETTERS:
        return UNKNOWN
    code: str = py3langid.classify(text)[0]
    return code
