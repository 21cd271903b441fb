"""The pieces that charts are drawn of: scales, rules, words and places to point at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt
import vl_convert
from markupsafe import Markup

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

    def x(self, field: str = "x:Q") -> alt.X:
        """Place by period."""
        return alt.X(field, scale=alt.Scale(domain=[0, max(self.periods, 1)], nice=False), axis=None)

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


def y_between(low: float, high: float, field: str = "y:Q") -> alt.Y:
    """Place by value; `low` lies at the bottom."""
    return alt.Y(field, scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=None)


def as_given(field: str = "c") -> alt.Color:
    """Colour each mark by its own row."""
    return alt.Color(f"{field}:N", scale=None, legend=None)


def pixel_x(value: float) -> alt.XValue:
    """Place at a pixel."""
    return alt.XValue(value)  # type: ignore[no-untyped-call] # Altair's own classes of values are not annotated


def pixel_y(value: float) -> alt.YValue:
    """Place at a pixel."""
    return alt.YValue(value)  # type: ignore[no-untyped-call] # likewise


def chart(rows: Sequence[Row]) -> alt.Chart:
    """Begin a layer on `rows`."""
    return alt.Chart(alt.InlineData(list(rows)))


def words(
    rows: Sequence[Row],
    x: alt.X | alt.XValue,
    y: alt.Y | alt.YValue,
    *,
    align: Literal["left", "center", "right"] = "center",
    role: str = MUTED,
    bold: bool = False,
) -> alt.Chart:
    """Write the field `t` of each row."""
    mark: alt.Chart = chart(rows).mark_text(
        color=role, fontSize=LETTER, align=align, baseline="middle", fontWeight="bold" if bold else "normal"
    )
    written: alt.Chart = mark.encode(x=x, y=y, text=alt.Text("t:N"))
    return written


def grid(axis: Axis, width: int, y: alt.Y, values: Sequence[float]) -> list[alt.Chart]:
    """Draw a line at each labelled period and at each of `values`."""
    upright = [{"x": tick.position} for tick in axis.ticks(width)]
    return [
        chart(upright).mark_rule(color=GRID).encode(x=axis.x()),
        chart([{"y": value} for value in values]).mark_rule(color=GRID).encode(y=y),
    ]


def shift_lines(axis: Axis) -> list[alt.Chart]:
    """Draw a dashed line at each shift."""
    rows = [{"x": span.likely} for span in axis.shifts]
    return [chart(rows).mark_rule(color=INK, strokeWidth=1.2, strokeDash=[3, 3]).encode(x=axis.x())]


def targets(rows: Sequence[Row], axis: Axis, y: alt.Y | None = None) -> alt.Chart:
    """Lay unseen areas from `x` to `x2` (and `y` to `y2`) that tell their `tip` to who points at them."""
    areas: alt.Chart = chart(rows).mark_rect(color=CLEAR, aria=True).encode(x=axis.x(), x2="x2:Q", description="tip:N")
    if y is None:
        return areas
    placed: alt.Chart = areas.encode(y=y, y2="y2:Q")
    return placed


def to_svg(
    layers: Sequence[alt.Chart],
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
    spec = (
        alt.layer(*layers)
        .properties(
            width=width - left - RIGHT,
            height=height,
            background="transparent",
            autosize=alt.AutoSizeParams(type="none"),
            padding={"left": left, "right": RIGHT, "top": 7, "bottom": 5},
        )
        .configure_view(stroke=None)
        .configure_mark(aria=False)
    )
    svg = vl_convert.vegalite_to_svg(spec.to_json(validate=False))
    # The script hands the phone's drawing the words of the desk's: they are the same.
    data = {} if reads is None else {"data-table": reads.table, "data-rows": f"{reads.rows}", "data-left": f"{left}"}
    return themed(svg, label=label, classes=_ROLES, name=name, speaks=speaks or width == WIDE, data=data)
