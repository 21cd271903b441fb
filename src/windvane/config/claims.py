"""How claims are found in documents, and when two of them are one story."""

from typing import Annotated

from pydantic import Field

from windvane.config.base import Section


class ClaimsConfig(Section):
    """Claims and stories."""

    relevance: bool | None = None
    """Whether sentences off the topic are dropped. None: with `documents.unit: sentence`, not with `text`."""
    relevance_margin: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """Moves the threshold that the corpus sets: 1 keeps only what is as near as the typical sentence on the topic,
    -1 keeps all that is nearer than the typical sentence off it."""
    story_similarity: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Texts that share at least this part of their character sequences (Jaccard) are one story."""
    story_days: Annotated[float, Field(gt=0, le=3_650)] = 3.0
    """A text joins a story for so many days after its first text."""
    translations: bool = False
    """Whether texts in different languages are one story where their vectors say the same."""
