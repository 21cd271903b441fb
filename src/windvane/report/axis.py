"""The axis of time that all charts of the page share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from windvane.report.words import short_day

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on the axis.

    Attributes
    ----------
    position
        In periods from the first.
    label
        What is written there.

    """

    position: int
    label: str


def choose_ticks(starts: Sequence[datetime], most: int) -> tuple[Tick, ...]:
    """Label the periods that begin at `starts` with at most `most` labels, at the finest calendar unit that fits."""
    for unit in (_day, _month, _quarter, _year):
        ticks = _at_changes(starts, unit, most)
        if len(ticks) <= most:
            return ticks
    years = _at_changes(starts, _year, most)
    return years[:: -(-len(years) // most)]


def _at_changes(starts: Sequence[datetime], unit: Callable[[datetime], tuple[int, ...]], most: int) -> tuple[Tick, ...]:
    units = [unit(start) for start in starts]
    first = [0] if starts else []
    # The first label needs room: a unit that ends at once is not worth one.
    changes = [i for i in range(1, len(starts)) if units[i] != units[i - 1]]
    positions = [*first, *changes] if not changes or changes[0] * (most + 2) >= len(starts) else changes
    return tuple(
        Tick(i, _label(starts[i], len(units[i]), is_first=n == 0 or starts[i].year != starts[positions[n - 1]].year))
        for n, i in enumerate(positions)
    )


def _label(start: datetime, depth: int, *, is_first: bool) -> str:
    if depth == len(_year(start)):
        return str(start.year)
    name = short_day(start)
    day_and_month, _, year = name.rpartition(" ")
    text = day_and_month if depth == len(_day(start)) else day_and_month.partition(" ")[2]
    return f"{text} {year}" if is_first else text


def _day(start: datetime) -> tuple[int, ...]:
    return (start.year, start.month, start.day)


def _month(start: datetime) -> tuple[int, ...]:
    return (start.year, start.month)


def _quarter(start: datetime) -> tuple[int, ...]:
    return (start.year, (start.month - 1) // 3 * 3)


def _year(start: datetime) -> tuple[int, ...]:
    return (start.year,)
