"""Do the shifts survive other thresholds? Each setting is varied alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, get_args

import polars as pl

from windvane.config import Period, RunConfig
from windvane.pipeline.stages import Stopwatch, assign, detect, prepare
from windvane.progress import Progress, silent
from windvane.shifts import Shift

CONFIDENCES: Final = (0.9, 0.95, 0.99)
LEAST_PROBABILITIES: Final = (0.5, 0.6, 0.7)
MOST_OUTLETS: Final = 10

SWEEP: Final = pl.Schema(
    {
        "setting": pl.String(),
        "value": pl.String(),
        "from": pl.String(),
        "to": pl.String(),
        "date": pl.Datetime("us", "UTC"),
        "probability": pl.Float64(),
        "grade": pl.String(),
        "survives": pl.Boolean(),
    }
)
"""One row per variant and shift of the run itself, then one per shift that only the variant finds (`survives` null).

`probability` and `grade` are the variant's, null where the shift does not survive.
"""


@dataclass(frozen=True, slots=True)
class Variant:
    """The run with one setting changed.

    Attributes
    ----------
    setting, value
        What was changed, and to what; "as configured" for the run itself.
    config
        The changed configuration.
    without
        The outlet whose claims are left out; None: all stay.

    """

    setting: str
    value: str
    config: RunConfig
    without: str | None = None


def sweep(config: RunConfig, *, base: Path, cache: Path, now: datetime, progress: Progress = silent) -> pl.DataFrame:
    """Test for shifts under other thresholds, and without each of the ten largest outlets.

    A shift of the run itself survives in a variant that finds a shift between the same two framings whose span
    (earliest to latest) overlaps its own. Parameters and errors as for `analyse`.

    Returns
    -------
    pl.DataFrame
        With the schema `SWEEP`.

    """
    prepared = prepare(config, base=base, cache=cache, now=now, progress=progress, watch=Stopwatch())
    assignment = assign(config, prepared, base=base, progress=progress)
    own = detect(config, assignment).shifts
    frames = [compare(Variant("as configured", "", config), own, own)]
    variants = list_variants(config, assignment.claims)
    for variant in progress(variants, what="sweeping", total=len(variants), unit="variants"):
        again = variant.config.framings != config.framings
        reassigned = assign(variant.config, prepared, base=base) if again else assignment
        claims = reassigned.claims
        if variant.without is not None:
            claims = claims.filter(pl.col("outlet").ne_missing(variant.without))
        frames.append(compare(variant, own, detect(variant.config, reassigned, claims=claims).shifts))
    return pl.concat(frames)


def list_variants(config: RunConfig, claims: pl.DataFrame) -> list[Variant]:
    """Return every variant of the run, each with one setting changed."""
    return [
        *_periods(config),
        *_numbers(config, "shifts", "confidence", CONFIDENCES),
        *_numbers(config, "framings", "min_probability", LEAST_PROBABILITIES),
        *(Variant("without outlet", outlet, config, outlet) for outlet in _largest_outlets(claims)),
    ]


def compare(variant: Variant, own: Sequence[Shift], found: Sequence[Shift]) -> pl.DataFrame:
    """Return the rows of one variant; see `SWEEP`."""
    matched = [next((shift for shift in found if _same(shift, mine)), None) for mine in own]
    rows = [_row(variant, mine, shift, survives=shift is not None) for mine, shift in zip(own, matched, strict=True)]
    rows += [_row(variant, shift, shift, survives=None) for shift in found if shift not in matched]
    return pl.DataFrame(rows, schema=SWEEP, orient="row")


def _same(shift: Shift, mine: Shift) -> bool:
    overlap = shift.earliest <= mine.latest and mine.earliest <= shift.latest
    return (shift.old, shift.new) == (mine.old, mine.new) and overlap


def _row(variant: Variant, mine: Shift, shift: Shift | None, *, survives: bool | None) -> tuple[object, ...]:
    """Name the shift as the run itself has it; probability and grade are the variant's."""
    outcome = (None, None) if shift is None else (shift.probability, shift.grade)
    return (variant.setting, variant.value, mine.old, mine.new, mine.date, *outcome, survives)


def _periods(config: RunConfig) -> Iterator[Variant]:
    """Yield the run with the next shorter and with the next longer period."""
    lengths: tuple[Period, ...] = get_args(Period)
    place = lengths.index(config.timeline.period)
    for period in (*lengths[max(place - 1, 0) : place], *lengths[place + 1 : place + 2]):
        timeline = config.timeline.model_copy(update={"period": period})
        yield Variant("timeline.period", period, config.model_copy(update={"timeline": timeline}))


def _numbers(config: RunConfig, section: str, option: str, values: Sequence[float]) -> Iterator[Variant]:
    part = getattr(config, section)
    for value in values:
        if value != getattr(part, option):
            changed = config.model_copy(update={section: part.model_copy(update={option: value})})
            yield Variant(f"{section}.{option}", f"{value:g}", changed)


def _largest_outlets(claims: pl.DataFrame) -> list[str]:
    counts = claims["outlet"].drop_nulls().value_counts().sort(["count", "outlet"], descending=[True, False])
    return counts["outlet"].head(MOST_OUTLETS).to_list()
