"""The table of all claims."""

import base64
import json
import zlib
from typing import Any, Final

import polars as pl

from windvane.report.context import Context
from windvane.report.values import ClaimRow, Explore
from windvane.report.words import clean, count, direction, language_name, language_tag, safe_url

MOST_CLAIMS: Final = 10_000
MOST_ROWS: Final = 500
_LONGEST: Final = 300
_MOST_OUTLETS: Final = 400


def make_explore(context: Context) -> Explore:
    """Choose what the table shows, with and without JavaScript."""
    sample = thin(context.claims, MOST_CLAIMS)
    shown = thin(sample, MOST_ROWS)
    total, kept = context.claims.height, sample.height
    outlets = sample.group_by("outlet").len().sort(["len", "outlet"], descending=[True, False])["outlet"]
    return Explore(
        title=f"All {count(total, 'claim')}" if kept == total else f"{kept:,} of {count(total, 'claim')}",
        note=_note(total, kept, shown.height),
        rows=tuple(_row(context, row) for row in shown.iter_rows(named=True)),
        data="" if shown.height == kept else _packed(context, sample),
        legend=tuple(context.keys.values()),
        outlets=tuple(sorted({clean(outlet, 80) for outlet in outlets.head(_MOST_OUTLETS)})),
        languages=tuple(sorted({language_name(code) for code in sample["language"].unique()})),
    )


def thin(claims: pl.DataFrame, most: int) -> pl.DataFrame:
    """Keep at most `most` claims, evenly from every framing and time: every k-th, sorted by framing and date."""
    if claims.height <= most:
        return claims
    ordered = claims.sort("framing", "published", "claim_id")
    positions = [n * claims.height // most for n in range(most)]
    return ordered[positions].sort("published", "claim_id")


def _note(total: int, kept: int, shown: int) -> str:
    parts = []
    if kept < total:
        parts.append(f"Drawn evenly from every answer and time; claims.parquet holds all {total:,}.")
    if shown < kept:
        parts.append(f"Without JavaScript {shown:,} of them are shown.")
    return " ".join(parts)


def _row(context: Context, row: dict[str, Any]) -> ClaimRow:
    key = context.keys[row["framing"]]
    return ClaimRow(
        date=f"{row['published']:%Y-%m-%d}",
        outlet=clean(row["outlet"], 80),
        language=language_name(row["language"]),
        tag=language_tag(row["language"]),
        direction=direction(row["language"]),
        framing=key.name,
        key=key,
        text=clean(row["text"], _LONGEST),
        href=safe_url(row["url"]),
    )


def _packed(context: Context, claims: pl.DataFrame) -> str:
    rows = [
        [r.date, r.outlet, r.language, r.tag or "", r.direction, r.framing, r.text, r.href or ""]
        for r in (_row(context, row) for row in claims.iter_rows(named=True))
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    # Raw deflate has no header, hence no time stamp; base64 has no character that HTML could take for markup.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode("ascii")
