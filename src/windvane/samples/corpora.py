"""The corpora that come with the package."""

from importlib.resources import as_file, files
from pathlib import Path

import polars as pl


def read_sample_labels(corpus: str = "nk_deployment") -> pl.DataFrame:
    """Return the hand labels of a sample corpus: what the evaluation compares with, and no stage ever sees.

    Returns
    -------
    pl.DataFrame
        `claim_id`, `framing` (`moscow_requested`, `pyongyang_offered`, `mutual`, `denied`, `none`), `strength`
        (`explicit` or `implied`, null for the last two) and `subframe`; one row per claim.

    """
    with as_file(files("windvane.samples") / "data" / corpus / "labels.csv") as path:
        return pl.read_csv(path)


def claims_path(corpus: str = "nk_deployment") -> Path:
    """Return where the claims of a sample corpus lie (JSONL, one record a line)."""
    return Path(str(files("windvane.samples"))) / "data" / corpus / "claims.jsonl"
