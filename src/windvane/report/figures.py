"""The figures: numbers arranged for the drawings, with the table behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from windvane.progress import Progress
from windvane.report import charts
from windvane.report.context import Context
from windvane.report.findings import headline
from windvane.report.leading import leader_cell, leaders, ribbon
from windvane.report.series import Cell
from windvane.report.shapes import Point
from windvane.report.tabular import make_table
from windvane.report.values import Figure, Key, Panel, Table
from windvane.report.words import count, percent, period_name

MOST_PANELS: Final = 6


def picture(context: Context, panels: Mapping[str, Panel]) -> Figure:
    """Arrange shares, leaders and shifts: the page's one picture."""
    chosen = most_frequent(context)
    shares = tuple(panels[key.name] for key in chosen)
    numbers = (Panel("", charts.flags(context.axis, label="Numbers of the changes")),) if context.axis.shifts else ()
    hidden = len(context.framings) - len(chosen)
    ribbons = (
        Panel("Leads in what was published", ribbon(context, "coverage")),
        Panel("Leads counting each story once", ribbon(context, "confirmed")),
        Panel("", charts.calendar(context.axis, label="Dates")),
    )
    return Figure(
        title=headline(context),
        how_to_read=_how_to_read(context, hidden),
        panels=(*numbers, *shares, *ribbons),
        table=_shares_table(context),
    )


def _how_to_read(context: Context, hidden: int) -> str:
    confidence = context.run.config.shifts.confidence
    parts = [
        f"Dots: each answer's share of the answering {context.unit[1]}, by {context.period}; larger dots rest on more.",
        "Pale bars: 95% interval.",
        "Numbered lines: the likeliest start of each change, with a whisker for its 95% interval."
        if context.axis.shifts
        else "",
        f"Beneath: a block with a letter where an answer leads with certainty (probability {confidence:g} or more),",
        f"a dotted line where that is unclear; it is judged over stretches of {context.period}s, not by a single dot.",
        f"{count(hidden, 'further framing')} with fewer claims: see below." if hidden else "",
    ]
    return " ".join(part for part in parts if part)


def share_panels(context: Context, progress: Progress) -> dict[str, Panel]:
    """Draw the share of every framing over time."""
    keys = progress(context.framings, what="drawing", total=len(context.framings), unit="framings")
    return {key.name: _share_panel(context, key) for key in keys}


def shown_again(context: Context, panels: Mapping[str, Panel], key: Key) -> Panel:
    """Return the panel of a framing for its own section: drawn anew only where the picture leaves it out."""
    panel = panels[key.name]
    if key not in most_frequent(context):
        return panel
    position = context.index(key.name)
    return replace(
        panel, drawing=charts.shares_again(panel.drawing, framing=position, label=_share_label(context, key))
    )


def _share_panel(context: Context, key: Key) -> Panel:
    cells, answering = context.series.cells[key.name], context.series.answering
    fullest = max(answering, default=0)
    points = [Point(n, cell.share, cell.low, cell.high, answering[n] / max(fullest, 1)) for n, cell in enumerate(cells)]
    drawing = charts.shares(points, context.axis, framing=context.index(key.name), label=_share_label(context, key))
    return Panel(key.label, drawing, key)


def _share_label(context: Context, key: Key) -> str:
    claims = [cell.claims for cell in context.series.cells[key.name]]
    return (
        f"Share of ‘{key.label}’ over time: {count(sum(claims), 'claim')} in all, "
        f"at most {max(claims, default=0):,} in one {context.period}"
    )


def most_frequent(context: Context) -> Sequence[Key]:
    """Return the framings that the picture shows, in their order."""

    def claims(key: Key) -> int:
        return sum(cell.claims for cell in context.series.cells[key.name])

    kept = sorted(context.framings, key=lambda key: (-claims(key), key.letter))[:MOST_PANELS]
    return [key for key in context.framings if key in kept]


def _shares_table(context: Context) -> Table:
    series, keys = context.series, context.framings
    published, stories = leaders(context, "coverage"), leaders(context, "confirmed")
    rows, raw = [], []
    for n, start in enumerate(series.starts):
        cells = [series.cells[key.name][n] for key in keys]
        said = [leader_cell(context, one[n]) for one in (published, stories)]
        rows.append(
            (period_name(start, context.period), f"{series.answering[n]:,}", *(_share_cell(c) for c in cells), *said)
        )
        raw += [
            (f"{start:%Y-%m-%dT%H:%MZ}", key.name, cell.claims, cell.stories, cell.share, cell.low, cell.high, *said)
            for key, cell in zip(keys, cells, strict=True)
        ]
    columns = (context.period.capitalize(), f"Answering {context.unit[1]}", *(f"{k.letter} {k.label}" for k in keys))
    return make_table(
        f"Share of the answering {context.unit[1]} by {context.period}, with 95% interval, and who leads how surely",
        (*columns, "Leads in what was published", "Leads counting each story once"),
        rows,
        name="shares",
        raw=(("period", "framing", "claims", "stories", "share", "low", "high", "leads", "leads_by_stories"), raw),
        note=_shares_note(context),
    )


def _shares_note(context: Context) -> str:
    series, lines = context.series, []
    if series.width > 1:
        lines.append(
            f"{series.width} periods are joined in each row: their shares and intervals are means weighted by claims."
        )
    if context.is_corrected and series.width == 1:
        lines.append(
            "Shares are corrected for how often claims are assigned wrongly, so they differ from the plain counts."
        )
    return " ".join(lines)


def _share_cell(cell: Cell) -> str:
    if cell.share is None or cell.low is None or cell.high is None:
        return "–"
    return f"{percent(cell.share)} ({100 * cell.low:.0f}–{100 * cell.high:.0f})"
