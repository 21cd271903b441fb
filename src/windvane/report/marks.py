"""The pieces that charts are drawn of, in Vega-Lite's own terms: scales, rules, words and places to point at.

A library that builds such specifications and checks each against their schema takes longer than a whole warm run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from markupsafe import Markup

from windvane.drawing import draw_svg
from windvane.report.axis import Tick
from windvane.report.svg import themed

WIDE: Final = 960
NARROW: Final = 350
COLOURS: Final = 7
"""Framings beyond these repeat a colour; their letters stay their own."""

RIGHT: Final = 8
LETTER: Final = 12
"""Pixels that a letter needs."""

# Stand-ins: the style sheet decides what each role looks like.
INK, MUTED, GRID, CLEAR, PAPER, REST, FAINT = (f"#0000{n:02d}" for n in range(1, 8))
_ROLES: Final[Mapping[str, str]] = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    CLEAR: "clear",
    PAPER: "paper",
    REST: "rest",
    FAINT: "faint",
    **{f"#0001{n:02d}": f"{n}" for n in range(COLOURS)},
}

Row = dict[str, Any]
"""The data of one mark, as Vega-Lite reads it."""

Channel = dict[str, Any]
"""Where a mark takes a property from: a field of its row, or a fixed value."""

Layer = dict[str, Any]
"""Marks of one kind with their data."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a shift was, in periods from the first: the likeliest start, and from where to where it may lie."""

    likely: float
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Axis:
    """The periods that a chart spans.

    Attributes
    ----------
    periods
        How many there are.
    wide, narrow
        The labels for a desk and for a phone.
    shifts
        The shifts, in order; they are numbered from 1.

    """

    periods: int
    wide: tuple[Tick, ...]
    narrow: tuple[Tick, ...]
    shifts: tuple[Span, ...] = ()

    def ticks(self, width: int) -> tuple[Tick, ...]:
        """Return the labels that fit `width`."""
        return self.wide if width == WIDE else self.narrow

    def x(self, field: str = "x") -> Channel:
        """Place by period."""
        return _placed(field, {"domain": [0, max(self.periods, 1)], "nice": False})

    def step(self, width: int, left: int) -> float:
        """Return the pixels of one period."""
        return (width - left - RIGHT) / max(self.periods, 1)


@dataclass(frozen=True, slots=True)
class Reads:
    """Where the numbers behind a chart of time stand: the id of a table with one row a period."""

    table: str
    rows: int


def colour(role: int | str) -> str:
    """Return the stand-in of a framing's index or of a role's name."""
    if isinstance(role, int):
        return f"#0001{role % COLOURS:02d}"
    return {"ink": INK, "rest": REST, "faint": FAINT}[role]


def y_between(low: float, high: float, field: str = "y") -> Channel:
    """Place by value; `low` lies at the bottom."""
    return _placed(field, {"domain": [low, high], "nice": False, "zero": False})


def _placed(field: str, scale: Mapping[str, Any]) -> Channel:
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def until(field: str) -> Channel:
    """Reach to where `field` lies on the same scale."""
    return {"field": field}


def as_given(field: str = "c") -> Channel:
    """Colour each mark by its own row."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def as_large(field: str) -> Channel:
    """Make each mark as large as its own row says, in square pixels."""
    return {"field": field, "type": "quantitative", "scale": None, "legend": None}


def named(field: str) -> Channel:
    """Take a name or words from the row."""
    return {"field": field, "type": "nominal"}


def pixel(value: float) -> Channel:
    """Place at a pixel."""
    return {"value": value}


def draw(rows: Sequence[Row], kind: str, style: Mapping[str, Any], **channels: Channel) -> Layer:
    """Draw a mark of `kind` for each row: `style` is the same for all, `channels` vary."""
    return {"data": {"values": list(rows)}, "mark": {"type": kind, **style}, "encoding": channels}


def words(
    rows: Sequence[Row],
    x: Channel,
    y: Channel,
    *,
    align: Literal["left", "center", "right"] = "center",
    role: str = MUTED,
    bold: bool = False,
) -> Layer:
    """Write the field `t` of each row."""
    style = {
        "color": role,
        "fontSize": LETTER,
        "align": align,
        "baseline": "middle",
        "fontWeight": "bold" if bold else "normal",
    }
    return draw(rows, "text", style, x=x, y=y, text=named("t"))


def grid(axis: Axis, width: int, y: Channel, values: Sequence[float]) -> list[Layer]:
    """Draw a line at each labelled period and at each of `values`."""
    upright = [{"x": tick.position} for tick in axis.ticks(width)]
    return [
        draw(upright, "rule", {"color": GRID}, x=axis.x()),
        draw([{"y": value} for value in values], "rule", {"color": GRID}, y=y),
    ]


def shift_lines(axis: Axis) -> list[Layer]:
    """Draw a dashed line at each shift."""
    rows = [{"x": span.likely} for span in axis.shifts]
    return [draw(rows, "rule", {"color": INK, "strokeWidth": 1.2, "strokeDash": [3, 3]}, x=axis.x())]


def targets(rows: Sequence[Row], axis: Axis, y: Channel | None = None) -> Layer:
    """Lay unseen areas from `x` to `x2` (and `y` to `y2`) that tell their `tip` to who points at them."""
    across = {} if y is None else {"y": y, "y2": until("y2")}
    style = {"color": CLEAR, "aria": True}
    return draw(rows, "rect", style, x=axis.x(), x2=until("x2"), description=named("tip"), **across)


def to_svg(
    layers: Sequence[Layer],
    *,
    width: int,
    height: int,
    left: int,
    label: str,
    speaks: bool = False,
    reads: Reads | None = None,
    name: str | None = None,
) -> Markup:
    """Draw `layers` over one another, `left` pixels from the edge; `speaks`: also on a phone, marks tell their tips.

    `reads` lets the script tell the numbers of a period, `name` lets the page show the drawing again.
    """
    # A fixed layout: what the text measures, which differs from machine to machine, moves nothing.
    spec = {
        "layer": layers,
        "width": width - left - RIGHT,
        "height": height,
        "background": "transparent",
        "autosize": {"type": "none"},
        "padding": {"left": left, "right": RIGHT, "top": 7, "bottom": 5},
        "config": {"view": {"stroke": None}, "mark": {"aria": False}},
    }
    svg = draw_svg(spec)
    # The script hands the phone's drawing the words of the desk's: they are the same.
    data = {} if reads is None else {"data-table": reads.table, "data-rows": f"{reads.rows}", "data-left": f"{left}"}
    return themed(svg, label=label, classes=_ROLES, name=name, speaks=speaks or width == WIDE, data=data)
