"""The figures: numbers arranged for the drawings, with the table behind each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import polars as pl

from windvane.report import charts
from windvane.report.charts import Part, Point, Run
from windvane.report.context import Context, make_axis
from windvane.report.series import Cell, read_series
from windvane.report.tabular import Cell as Value
from windvane.report.tabular import make_table
from windvane.report.values import Figure, Key, Panel, Table
from windvane.report.words import clean, count, language_name, percent, period_name, probability
from windvane.tables import UNANSWERED, UNASSIGNED

MOST_PANELS: Final = 6
_MOST_LINES: Final = 12
_HEAT_BINS: Final = 26


def picture(context: Context) -> Figure:
    """Draw shares, leaders and shifts: the page's one picture."""
    chosen = _most_frequent(context)
    shares = tuple(share_panel(context, key) for key in chosen)
    hidden = len(context.framings) - len(chosen)
    more = f" {count(hidden, 'further framing')} with fewer claims: see below." if hidden else ""
    ribbons = (
        Panel("Leads in what was published", _ribbon(context, "coverage")),
        Panel("Leads counting each story once", _ribbon(context, "confirmed")),
        Panel("", charts.calendar(context.axis, label="Dates, with the numbers of the changes")),
    )
    return Figure(
        title=f"Share of each answer, by {context.period}",
        how_to_read=(
            "Dots: share of the claims that answer the question; larger dots rest on more claims. "
            "Bars behind them: 95% interval. Beneath, a block with a letter where an answer leads with certainty "
            f"(probability {context.run.config.shifts.confidence:g} or more), a dotted line where the lead is unclear."
            + more
        ),
        panels=(*shares, *ribbons),
        table=_shares_table(context),
    )


def share_panel(context: Context, key: Key) -> Panel:
    """Draw the share of one framing over time."""
    cells = context.series.cells[key.name]
    most = max((cell.claims for cell in cells), default=0)
    fullest = max(context.series.answering, default=0)
    points = [
        Point(n, cell.share, cell.low, cell.high, answering / max(fullest, 1), _share_tip(context, key, n, cell))
        for n, (cell, answering) in enumerate(zip(cells, context.series.answering, strict=True))
    ]
    claims = sum(cell.claims for cell in cells)
    label = (
        f"Share of ‘{key.label}’ over time; {count(claims, 'claim')} in all, at most {most:,} in one {context.period}"
    )
    return Panel(key.label, charts.shares(points, context.axis, framing=context.index(key.name), label=label), key)


def volume(context: Context) -> Figure:
    """Draw how many claims there were, answering or not."""
    series, parts = context.series, []
    for n in range(len(series.starts)):
        unanswered, unassigned = (series.cells[name][n].claims for name in (UNANSWERED, UNASSIGNED))
        answering = series.answering[n]
        tip = (
            f"{period_name(series.starts[n], context.period)}: {answering:,} answer, "
            f"{unassigned:,} fit no framing, {unanswered:,} do not answer"
        )
        parts += [
            Part(n, 0, answering, "ink", tip=tip),
            Part(n, answering, answering + unassigned, "faint"),
            Part(n, answering + unassigned, answering + unassigned + unanswered, "rest"),
        ]
    top = max(series.total, default=0)
    rows = [
        (
            start,
            series.answering[n],
            series.cells[UNASSIGNED][n].claims,
            series.cells[UNANSWERED][n].claims,
            series.total[n],
        )
        for n, start in enumerate(series.starts)
    ]
    columns = (context.period.capitalize(), "Answer", "Fit no framing", "Do not answer", "All claims")
    return Figure(
        title=f"{count(context.claims.height, 'claim')} from {count(context.claims['story_id'].n_unique(), 'story', 'stories')}",
        how_to_read="Height: number of claims. Dark: answer the question; middle: fit no known framing; light: do not answer it.",
        panels=(
            Panel(
                "Claims",
                charts.columns(
                    [p for p in parts if p.end > p.start or p.tip],
                    context.axis,
                    top=top,
                    label=f"Number of claims by {context.period}, at most {top:,}",
                ),
            ),
            Panel("", charts.calendar(context.axis, label="Dates")),
        ),
        table=make_table(
            f"Claims by {context.period}",
            columns,
            [(period_name(start, context.period), *(f"{number:,}" for number in numbers)) for start, *numbers in rows],
            name="volume",
            raw=(columns, [(f"{start:%Y-%m-%dT%H:%MZ}", *numbers) for start, *numbers in rows]),
        ),
    )


def outlets(context: Context) -> Figure | None:
    """Draw which answer each of the busiest outlets gave, and when; None where no claim answers."""
    answering = context.answering()
    if answering.is_empty():
        return None
    series = read_series(context.run.shares, [key.name for key in context.framings], most=_HEAT_BINS)
    axis = make_axis(series, context.run.detection.shifts)
    tally = answering.group_by("outlet").len().sort(["len", "outlet"], descending=[True, False])
    names = tally["outlet"].head(_MOST_LINES).to_list()
    share = tally["len"].head(_MOST_LINES).sum() / answering.height
    return Figure(
        title=(
            f"{count(tally.height, 'outlet')} answered; "
            + (
                f"the {len(names)} busiest published {percent(share)} of the answers"
                if tally.height > len(names)
                else "all are shown"
            )
        ),
        how_to_read="Each cell carries the letter and colour of the answer that most of the outlet's claims gave then; taller cells stand for more claims.",
        panels=(
            Panel(
                "",
                charts.heat_map(
                    _cells(context, answering, names, series.starts),
                    [clean(n, 60) for n in names],
                    axis,
                    label="Answers by outlet over time",
                ),
            ),
            Panel("", charts.calendar(axis, label="Dates", beside_names=True)),
        ),
        table=_crossed(context, answering, "outlet", tally["outlet"].to_list(), "Answers by outlet", "outlets"),
    )


def languages(context: Context) -> Figure | None:
    """Draw the mix of answers in each language; None where no claim answers."""
    answering = context.answering()
    if answering.is_empty():
        return None
    tally = answering.group_by("language").len().sort(["len", "language"], descending=[True, False])
    codes = tally["language"].head(_MOST_LINES).to_list()
    parts = []
    for row, code in enumerate(codes):
        claims = answering.filter(pl.col("language") == code)
        begin = 0.0
        for key in context.framings:
            number = int((claims["framing"] == key.name).sum())
            if number:
                end = begin + number / claims.height
                tip = f"{language_name(code)}: {number:,} of {claims.height:,} claims say ‘{key.label}’ ({percent(number / claims.height)})"
                parts.append(Part(row, begin, end, context.index(key.name), key.letter, tip=tip))
                begin = end
    first = tally.row(0)
    return Figure(
        title=f"Answers in {count(tally.height, 'language')}; {percent(first[1] / answering.height)} of them in {language_name(first[0])}",
        how_to_read="Each bar is all answering claims of a language, split by the answer they give.",
        panels=(
            Panel(
                "",
                charts.bars(
                    parts,
                    [f"{language_name(c)} ({n:,})" for c, n in tally.head(_MOST_LINES).iter_rows()],
                    label="Mix of answers by language",
                ),
            ),
        ),
        table=_crossed(context, answering, "language", tally["language"].to_list(), "Answers by language", "languages"),
    )


def _most_frequent(context: Context) -> Sequence[Key]:
    def claims(key: Key) -> int:
        return sum(cell.claims for cell in context.series.cells[key.name])

    kept = sorted(context.framings, key=lambda key: (-claims(key), key.letter))[:MOST_PANELS]
    return [key for key in context.framings if key in kept]


def _share_tip(context: Context, key: Key, position: int, cell: Cell) -> str:
    when = period_name(context.series.starts[position], context.period)
    if cell.share is None or cell.low is None or cell.high is None:
        return f"{when}: no claim answers"
    return (
        f"{when}: ‘{key.label}’ {percent(cell.share)} (interval {percent(cell.low)} to {percent(cell.high)}); "
        f"{cell.claims:,} of {count(context.series.answering[position], 'answering claim')}, "
        f"{count(cell.stories, 'story', 'stories')}"
    )


def _ribbon(context: Context, column: str) -> charts.Drawing:
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


def _leaders(context: Context, column: str) -> list[tuple[str | None, str, float]]:
    """Per bin: the certain leader or None, the likeliest leader, and its probability (in the bin's last period)."""
    best = (
        context.run.detection.leaders.sort(["period", column, "framing"], descending=[False, True, False])
        .group_by("period", maintain_order=True)
        .first()
    )
    confidence = context.run.config.shifts.confidence
    by_bin: dict[int, tuple[str | None, str, float]] = {}
    for start, name, value in best.select("period", "framing", column).iter_rows():
        by_bin[context.series.position(start)] = (name if value >= confidence else None, name, value)
    return [by_bin[n] for n in sorted(by_bin)]


def _run(context: Context, begin: int, end: int, leaders: Sequence[tuple[str | None, str, float]]) -> Run:
    starts, period = context.series.starts, context.period
    first, last = (period_name(starts[n], period) for n in (begin, end - 1))
    when = first if first == last else f"{first} to {last}"
    name = leaders[0][0]
    if name is None:
        return Run(begin, end, None, "", f"{when}: lead unclear")
    key = context.keys[name]
    least = min(value for _, _, value in leaders)
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


def _cells(context: Context, answering: pl.DataFrame, names: Sequence[str], starts: Sequence[datetime]) -> list[Part]:
    busy = answering.filter(pl.col("outlet").is_in(list(names)))
    frame = busy.with_columns((pl.Series(starts).search_sorted(busy["published"], side="right") - 1).alias("bin"))
    grouped = frame.group_by("outlet", "bin", "framing").len()
    cells: dict[tuple[int, int], dict[str, int]] = {}
    for outlet, position, framing, number in grouped.sort("outlet", "bin", "framing").iter_rows():
        cells.setdefault((names.index(outlet), position), {})[framing] = number
    most = max((sum(counts.values()) for counts in cells.values()), default=1)
    parts = []
    for (row, position), counts in sorted(cells.items()):
        leading = min(counts, key=lambda name: (-counts[name], context.index(name)))
        total = sum(counts.values())
        said = ", ".join(f"{context.keys[name].letter} {counts[name]:,}" for name in counts)
        tip = f"{clean(names[row], 60)}, from {period_name(starts[position], context.period)}: {count(total, 'answering claim')} ({said})"
        parts.append(
            Part(
                row,
                position,
                position + 1,
                context.index(leading),
                context.keys[leading].letter,
                (total / most) ** 0.5,
                tip,
            )
        )
    return parts


def _crossed(
    context: Context, answering: pl.DataFrame, column: str, values: Sequence[str], caption: str, name: str
) -> Table:
    counts: dict[tuple[str, str], int] = {
        (value, framing): number for value, framing, number in answering.group_by(column, "framing").len().iter_rows()
    }
    columns = (column.capitalize(), *(f"{key.letter} {key.label}" for key in context.framings), "Answering claims")
    raw: list[tuple[Value, ...]] = []
    for value in values:
        numbers = [counts.get((value, key.name), 0) for key in context.framings]
        raw.append((language_name(value) if column == "language" else clean(value, 80), *numbers, sum(numbers)))
    shown = [tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in raw]
    rest = len(shown) - 3 * _MOST_LINES
    return make_table(
        caption,
        columns,
        shown[: 3 * _MOST_LINES],
        name=name,
        raw=(columns, raw),
        note=f"{rest:,} more rows are in the CSV." if rest > 0 else "",
    )
