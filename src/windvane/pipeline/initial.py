"""The first configuration of a newcomer."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined

from windvane.config import DocumentsConfig
from windvane.documents import read_documents
from windvane.errors import OutputError, UserError
from windvane.pipeline.files import write_file

LONG_TEXT: Final = 400
"""Characters: corpora whose median text is longer are split into sentences."""

Unit = Literal["text", "sentence"]


def write_initial(out: Path, *, question: str, paths: Sequence[str], now: datetime) -> Unit:
    """Write a commented configuration for the documents at `paths`; return the unit that suits them.

    Parameters
    ----------
    out
        The YAML file to write; it must not exist.
    question
        The question.
    paths
        Files, folders and globs, relative to the folder of `out`.
    now
        Documents dated later are set aside.

    Raises
    ------
    OutputError
        If `out` exists or can't be written.
    UserError
        If the question is empty.
    DocumentsError
        If the documents can't be read.

    """
    if not question.strip():
        message = "the question is empty"
        raise UserError(message)
    if not out.parent.is_dir():
        message = f"{out.parent}: no such folder"
        raise OutputError(message)
    if out.exists():
        message = f"{out}: exists already"
        raise OutputError(message, hint="Name another file.")
    corpus = read_documents(DocumentsConfig(paths=tuple(paths)), base=out.parent, now=now)
    unit = choose_unit(corpus.documents["text"])
    environment = Environment(
        loader=PackageLoader("windvane.pipeline"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, not HTML; what comes from outside is quoted
        keep_trailing_newline=True,
    )
    # A JSON string is a YAML string; the filter tojson would also write out apostrophes as escapes, for HTML.
    environment.filters["quoted"] = partial(json.dumps, ensure_ascii=False)
    template = environment.get_template("windvane.yaml.j2")
    text = template.render(name=out.name, question=question, paths=list(paths), unit=unit)
    try:
        write_file(out, text.encode())
    except OSError as error:
        message = f"{out}: can't be written: {error.strerror or error}"
        raise OutputError(message) from error
    return unit


def choose_unit(texts: pl.Series) -> Unit:
    """Return `sentence` for articles, `text` for headlines, posts and claims."""
    median = texts.str.len_chars().median()
    return "sentence" if isinstance(median, (int, float)) and median > LONG_TEXT else "text"
