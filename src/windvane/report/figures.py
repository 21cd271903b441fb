"""The figures: numbers arranged for the drawings, with the table behind each."""

from collections.abc import Sequence
from typing import Final

from windvane.report import charts
from windvane.report.shapes import Drawing, Point, Run
from windvane.report.context import Context
from windvane.report.findings import headline
from windvane.report.series import Cell
from windvane.report.tabular import make_table
from windvane.report.values import Figure, Key, Panel, Table
from windvane.report.words import count, percent, period_name, probability

MOST_PANELS: Final = 6


def picture(context: Context) -> Figure:
    """Draw shares, leaders and shifts: the page's one picture."""
    chosen = _most_frequent(context)
    shares = tuple(share_panel(context, key) for key in chosen)
    numbers = (Panel("", charts.flags(context.axis, label="Numbers of the changes")),) if context.axis.shifts else ()
    hidden = len(context.framings) - len(chosen)
    more = f" {count(hidden, 'further framing')} with fewer claims: see below." if hidden else ""
    ribbons = (
        Panel("Leads in what was published", _ribbon(context, "coverage")),
        Panel("Leads counting each story once", _ribbon(context, "confirmed")),
        Panel("", charts.calendar(context.axis, label="Dates")),
    )
    return Figure(
        title=headline(context),
        how_to_read=(
            f"Dots: each answer's share of the answering claims, by {context.period}; larger dots rest on more claims. Pale "
            "bars: 95% interval. Numbered lines: the changes. Beneath: a block with a letter where an answer leads with "
            f"certainty (probability {context.run.config.shifts.confidence:g} or more), a dotted line where that is unclear."
            + more
        ),
        panels=(*numbers, *shares, *ribbons),
        table=_shares_table(context),
    )


def share_panel(context: Context, key: Key, *, tips: bool = True) -> Panel:
    """Draw the share of one framing over time; `tips`: with numbers for who points at it."""
    cells = context.series.cells[key.name]
    most = max((cell.claims for cell in cells), default=0)
    fullest = max(context.series.answering, default=0)
    points = [
        Point(
            n,
            cell.share,
            cell.low,
            cell.high,
            answering / max(fullest, 1),
            _share_tip(context, n, cell) if tips else "",
        )
        for n, (cell, answering) in enumerate(zip(cells, context.series.answering, strict=True))
    ]
    claims = sum(cell.claims for cell in cells)
    label = (
        f"Share of ‘{key.label}’ over time; {count(claims, 'claim')} in all, at most {most:,} in one {context.period}"
    )
    return Panel(key.label, charts.shares(points, context.axis, framing=context.index(key.name), label=label), key)


def _most_frequent(context: Context) -> Sequence[Key]:
    def claims(key: Key) -> int:
        return sum(cell.claims for cell in context.series.cells[key.name])

    kept = sorted(context.framings, key=lambda key: (-claims(key), key.letter))[:MOST_PANELS]
    return [key for key in context.framings if key in kept]


def _share_tip(context: Context, position: int, cell: Cell) -> str:
    if cell.share is None or cell.low is None or cell.high is None:
        return ""
    return (
        f"{period_name(context.series.starts[position], context.period)}: {percent(cell.share)} "
        f"(95% interval {100 * cell.low:.0f}–{100 * cell.high:.0f}%), {cell.claims:,} of "
        f"{count(context.series.answering[position], 'answering claim')}, {count(cell.stories, 'story', 'stories')}"
    )


def _ribbon(context: Context, column: str) -> Drawing:
    leaders = _leaders(context, column)
    runs: list[Run] = []
    begin = 0
    for n in range(1, len(leaders) + 1):
        if n < len(leaders) and leaders[n][0] == leaders[begin][0]:
            continue
        runs.append(_run(context, begin, n, leaders[begin:n]))
        begin = n
    what = "in what was published" if column == "coverage" else "counting each story once"
    return charts.ribbon(runs, context.axis, label=f"Who leads {what}: " + "; ".join(run.tip for run in runs))


def _leaders(context: Context, column: str) -> list[tuple[str | None, float]]:
    """Per bin: the leader that is certain in all its periods, or None; and the least probability of the likeliest."""
    best = (
        context.run.detection.leaders.sort(["period", column, "framing"], descending=[False, True, False])
        .group_by("period", maintain_order=True)
        .first()
    )
    confidence = context.run.config.shifts.confidence
    bins: list[list[tuple[str, float]]] = [[] for _ in context.series.starts]
    for start, name, value in best.select("period", "framing", column).iter_rows():
        bins[context.series.position(start)].append((name, value))
    return [_agreed(leaders, confidence) for leaders in bins]


def _agreed(leaders: Sequence[tuple[str, float]], confidence: float) -> tuple[str | None, float]:
    names = {name for name, _ in leaders}
    least = min((value for _, value in leaders), default=0.0)
    return (names.pop() if len(names) == 1 and least >= confidence else None, least)


def _run(context: Context, begin: int, end: int, leaders: Sequence[tuple[str | None, float]]) -> Run:
    starts, period = context.series.starts, context.period
    first, last = (period_name(starts[n], period) for n in (begin, end - 1))
    when = first if first == last else f"{first} to {last}"
    name = leaders[0][0]
    if name is None:
        return Run(begin, end, None, "", f"{when}: lead unclear")
    key = context.keys[name]
    least = min(value for _, value in leaders)
    return Run(
        begin,
        end,
        context.index(name),
        key.letter,
        f"{when}: ‘{key.label}’ leads (probability at least {probability(least)})",
    )


def _shares_table(context: Context) -> Table:
    series, keys = context.series, context.framings
    rows, raw = [], []
    for n, start in enumerate(series.starts):
        cells = [series.cells[key.name][n] for key in keys]
        rows.append(
            (period_name(start, context.period), f"{series.answering[n]:,}", *(_share_cell(cell) for cell in cells))
        )
        raw += [
            (f"{start:%Y-%m-%dT%H:%MZ}", key.name, cell.claims, cell.stories, cell.share, cell.low, cell.high)
            for key, cell in zip(keys, cells, strict=True)
        ]
    joined = (
        f"{series.width} periods are joined in each row: their shares and intervals are means weighted by claims."
        if series.width > 1
        else ""
    )
    return make_table(
        f"Share of the answering claims by {context.period}, with 95% interval",
        (context.period.capitalize(), "Answering claims", *(f"{key.letter} {key.label}" for key in keys)),
        rows,
        name="shares",
        raw=(("period", "framing", "claims", "stories", "share", "low", "high"), raw),
        note=joined,
    )


def _share_cell(cell: Cell) -> str:
    if cell.share is None or cell.low is None or cell.high is None:
        return "–"
    return f"{percent(cell.share)} ({100 * cell.low:.0f}–{100 * cell.high:.0f})"
