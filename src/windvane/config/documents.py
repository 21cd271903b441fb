"""Where the documents are and how their fields are called."""

from typing import Annotated, Literal

from pydantic import Field

from windvane.config.base import Section, Text


class FieldNames(Section):
    """Which column of the input holds what; None: recognised by its common names."""

    id: Text | None = None
    """Identifies a record; without one, records are numbered."""
    text: Text | None = None
    """The text to read."""
    published: Text | None = None
    """When it was published."""
    outlet: Text | None = None
    """Who published it."""
    url: Text | None = None
    """Where it can be read."""
    language: Text | None = None
    """ISO 639-1 code of its language."""
    story: Text | None = None
    """Records that carry the same original report share this value."""


class DocumentsConfig(Section):
    """The corpus."""

    paths: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Files, folders and globs, relative to the configuration file."""
    fields: FieldNames = FieldNames()
    """Names of columns where they differ from the common ones."""
    unit: Literal["text", "sentence"] = "text"
    """`text`: each record is one claim; `sentence`: records are split into sentences."""
