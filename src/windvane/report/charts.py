"""The drawings: finished numbers in, small SVG out. Every chart is drawn for a desk and for a phone."""

from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup

from windvane.report.marks import (
    INK,
    LETTER,
    MUTED,
    NARROW,
    PAPER,
    WIDE,
    Axis,
    Channel,
    Layer,
    Reads,
    Row,
    as_given,
    as_large,
    colour,
    draw,
    grid,
    named,
    pixel,
    shift_lines,
    targets,
    to_svg,
    until,
    words,
    y_between,
)
from windvane.report.shapes import Drawing, Part, Point, Run
from windvane.report.svg import again

SHARES_TABLE: Final = "numbers-shares"
VOLUME_TABLE: Final = "numbers-volume"
"""Ids of the tables that the script reads numbers from."""

_LEFT: Final = 40
NAMES: Final = {WIDE: 220, NARROW: 120}
_PANEL: Final = {WIDE: 84, NARROW: 72}
_RIBBON: Final = 22
_ROW: Final = 22
_PIXELS_PER_LETTER: Final = 7.2


def shares(points: Sequence[Point], axis: Axis, *, framing: int, label: str) -> Drawing:
    """Draw a framing's share over time: dots as large as their claims, intervals, a line through neighbours."""
    return _both(lambda width: _shares(points, axis, framing, width, label))


def shares_again(drawn: Drawing, *, framing: int, label: str) -> Drawing:
    """Show once more what `shares` drew for `framing`."""
    return Drawing(
        again(drawn.wide, _share_name(framing, WIDE), label=label),
        again(drawn.narrow, _share_name(framing, NARROW), label=label),
    )


def _share_name(framing: int, width: int) -> str:
    return f"share-{framing}-{'wide' if width == WIDE else 'narrow'}"


def flags(axis: Axis, *, label: str) -> Drawing:
    """Draw the numbers of the shifts over their lines."""
    return _both(lambda width: _flags(axis, width, label))


def ribbon(runs: Sequence[Run], axis: Axis, *, label: str) -> Drawing:
    """Draw who leads: a block with a letter where it is certain, a thin line where it is not."""
    return _both(lambda width: _ribbon(runs, axis, width, label))


def calendar(axis: Axis, *, label: str, beside_names: bool = False) -> Drawing:
    """Draw the labels of the axis; `beside_names` leaves the room that names take."""
    return _both(lambda width: _calendar(axis, width, NAMES[width] if beside_names else _LEFT, label))


def columns(parts: Sequence[Part], axis: Axis, *, top: int, label: str) -> Drawing:
    """Draw one stacked column a period, up to `top` claims high."""
    return _both(lambda width: _columns(parts, axis, top, width, label))


def heat_map(cells: Sequence[Part], names: Sequence[str], axis: Axis, *, label: str) -> Drawing:
    """Draw one line a name and one cell a period, with the letter of the framing that most claims take."""
    return _both(lambda width: _heat_map(cells, names, axis, width, label))


def bars(parts: Sequence[Part], names: Sequence[str], *, label: str) -> Drawing:
    """Draw one horizontal stacked bar a name, from 0 to 1."""
    return _both(lambda width: _bars(parts, names, width, label))


def _both(draw: Callable[[int], Markup]) -> Drawing:
    return Drawing(draw(WIDE), draw(NARROW))


def _shares(points: Sequence[Point], axis: Axis, framing: int, width: int, label: str) -> Markup:
    role, y = colour(framing), y_between(0, 1)
    step = axis.step(width, _LEFT)
    known = [
        {"x": p.position + 0.5, "y": p.share, "low": p.low, "high": p.high, "size": 10 + 70 * p.weight, "run": run}
        for p, run in zip(points, _unbroken(points), strict=True)
        if p.share is not None
    ]
    layers = [
        *grid(axis, width, y, [0, 0.5, 1]),
        words([{"y": v, "t": t} for v, t in ((0, "0"), (0.5, "50%"), (1, "100%"))], pixel(-6), y, align="right"),
        draw(
            known,
            "rule",
            {"color": role, "strokeWidth": min(max(1.0, 0.45 * step), 7.0), "opacity": 0.3},
            x=axis.x(),
            y=y_between(0, 1, "low"),
            y2=until("high"),
        ),
        draw(known, "line", {"color": role, "strokeWidth": 1.2, "opacity": 0.45}, x=axis.x(), y=y, detail=named("run")),
        *shift_lines(axis),
        draw(known, "circle", {"color": role, "opacity": 1}, x=axis.x(), y=y, size=as_large("size")),
    ]
    name = _share_name(framing, width)
    reads = Reads(SHARES_TABLE, axis.periods)
    return to_svg(layers, width=width, height=_PANEL[width], left=_LEFT, label=label, reads=reads, name=name)


def _unbroken(points: Sequence[Point]) -> list[int]:
    """Give each stretch between periods without a share its own number."""
    runs, run = [], 0
    for point in points:
        run += point.share is None
        runs.append(run)
    return runs


def _ribbon(runs: Sequence[Run], axis: Axis, width: int, label: str) -> Markup:
    middle = pixel(_RIBBON / 2)
    certain = [
        {"x": r.start, "x2": r.end, "mid": (r.start + r.end) / 2, "t": r.letter, "c": colour(r.framing)}
        for r in runs
        if r.framing is not None
    ]
    unclear = [{"x": r.start, "x2": r.end} for r in runs if r.framing is None]
    layers = [
        draw(
            unclear,
            "rule",
            {"color": MUTED, "strokeWidth": 2, "strokeDash": [2, 4]},
            x=axis.x(),
            x2=until("x2"),
            y=middle,
        ),
        draw(certain, "rect", {}, x=axis.x(), x2=until("x2"), color=as_given()),
        words(_roomy(certain, axis.step(width, _LEFT), "x", "x2"), axis.x("mid"), middle, role=PAPER, bold=True),
        *shift_lines(axis),
        targets([{"x": r.start, "x2": r.end, "tip": r.tip} for r in runs], axis),
    ]
    return to_svg(layers, width=width, height=_RIBBON, left=_LEFT, label=label)


def _flags(axis: Axis, width: int, label: str) -> Markup:
    rows = [
        {"x": span.likely, "from": span.first, "to": span.last, "t": f"{n}"} for n, span in enumerate(axis.shifts, 1)
    ]
    middle = pixel(9)
    layers = [
        draw(rows, "rule", {"color": INK, "strokeWidth": 2}, x=axis.x("from"), x2=until("to"), y=middle),
        draw(rows, "circle", {"color": INK, "size": 300, "opacity": 1}, x=axis.x(), y=middle),
        words(rows, axis.x(), middle, role=PAPER, bold=True),
    ]
    return to_svg(layers, width=width, height=18, left=_LEFT, label=label)


def _calendar(axis: Axis, width: int, left: int, label: str) -> Markup:
    labels = [{"x": tick.position, "t": tick.label} for tick in axis.ticks(width)]
    return to_svg([words(labels, axis.x(), pixel(7), align="left")], width=width, height=14, left=left, label=label)


def _columns(parts: Sequence[Part], axis: Axis, top: int, width: int, label: str) -> Markup:
    y = y_between(0, max(top, 1))
    gap = 0.1 if axis.step(width, _LEFT) > 4 else 0  # noqa: PLR2004 - pixels; narrower columns need no gap
    rows = [{"x": p.row + gap, "x2": p.row + 1 - gap, "y": p.start, "y2": p.end, "c": colour(p.role)} for p in parts]
    layers = [
        *grid(axis, width, y, [0, top]),
        words([{"y": v, "t": f"{v:,}"} for v in (0, top)], pixel(-6), y, align="right"),
        draw(rows, "rect", {}, x=axis.x(), x2=until("x2"), y=y, y2=until("y2"), color=as_given()),
        *shift_lines(axis),
    ]
    reads = Reads(VOLUME_TABLE, axis.periods)
    return to_svg(layers, width=width, height=_PANEL[width], left=_LEFT, label=label, reads=reads)


def _heat_map(cells: Sequence[Part], names: Sequence[str], axis: Axis, width: int, label: str) -> Markup:
    left, lines = NAMES[width], len(names)
    rows = [
        {
            "x": cell.start + 0.05,
            "x2": cell.end - 0.05,
            "y": cell.row + 0.32 - 0.26 * cell.size,
            "y2": cell.row + 0.68 + 0.26 * cell.size,
            "mid": (cell.start + cell.end) / 2,
            "ymid": cell.row + 0.5,
            "c": colour(cell.role),
            "t": cell.letter,
            "tip": cell.tip,
        }
        for cell in cells
    ]
    layers = [
        *grid(axis, width, y_between(lines, 0), range(lines + 1)),
        _names(names, left),
        *_boxes(rows, axis, lines),
        _letters(_roomy(rows, axis.step(width, left), "x", "x2"), axis.x("mid"), lines),
    ]
    return to_svg(layers, width=width, height=_ROW * lines, left=left, label=label, speaks=True)


def _bars(parts: Sequence[Part], names: Sequence[str], width: int, label: str) -> Markup:
    left, lines = NAMES[width], len(names)
    scale = Axis(periods=1, wide=(), narrow=())
    rows: list[Row] = [
        {
            "x": p.start,
            "x2": p.end,
            "y": p.row + 0.1,
            "y2": p.row + 0.9,
            "mid": (p.start + p.end) / 2,
            "ymid": p.row + 0.5,
            "c": colour(p.role),
            "t": p.letter,
            "tip": p.tip,
        }
        for p in parts
    ]
    layers = [
        _names(names, left),
        *_boxes(rows, scale, lines),
        _letters(_roomy(rows, scale.step(width, left), "x", "x2"), scale.x("mid"), lines),
    ]
    return to_svg(layers, width=width, height=_ROW * lines, left=left, label=label)


def _names(names: Sequence[str], left: int) -> Layer:
    room = int(left / _PIXELS_PER_LETTER)
    rows = [
        {"y": line + 0.5, "t": name if len(name) <= room else name[: room - 1] + "…"} for line, name in enumerate(names)
    ]
    return words(rows, pixel(-8), y_between(len(names), 0), align="right", role=INK)


def _boxes(rows: Sequence[Row], axis: Axis, lines: int) -> list[Layer]:
    y = y_between(lines, 0)
    seen = draw(rows, "rect", {}, x=axis.x(), x2=until("x2"), y=y, y2=until("y2"), color=as_given())
    return [seen, targets(rows, axis, y)]


def _letters(rows: Sequence[Row], x: Channel, lines: int) -> Layer:
    return words(rows, x, y_between(lines, 0, "ymid"), role=PAPER, bold=True)


def _roomy(rows: Sequence[Row], step: float, start: str, end: str) -> list[Row]:
    """Keep the rows that are wide enough for a letter."""
    return [row for row in rows if (row[end] - row[start]) * step >= LETTER - 2]
