"""Drawings."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from windvane.report import charts
from windvane.report.axis import choose_ticks
from windvane.report.marks import Axis, Span
from windvane.report.shapes import Part, Point, Run
from windvane.report.svg import themed

STARTS = [datetime(2024, 10, 7, tzinfo=UTC) + timedelta(weeks=n) for n in range(30)]
AXIS = Axis(30, choose_ticks(STARTS, 12), choose_ticks(STARTS, 5), (Span(10, 9, 14),))
POINTS = [Point(n, None if n == 5 else n / 30, max(n / 30 - 0.2, 0), min(n / 30 + 0.2, 1), 0.5) for n in range(30)]
DRAWINGS = {
    "shares": charts.shares(POINTS, AXIS, framing=1, label="Share of ‘B’ & <others>"),
    "ribbon": charts.ribbon([Run(0, 9, 0, "A", "first"), Run(9, 30, None, "", "unclear")], AXIS, label="Who leads"),
    "flags": charts.flags(AXIS, label="Numbers"),
    "calendar": charts.calendar(AXIS, label="Dates"),
    "columns": charts.columns([Part(0, 0, 4, "ink"), Part(0, 4, 9, "rest")], AXIS, top=9, label="Claims"),
    "heat_map": charts.heat_map([Part(0, 3, 4, 0, "A", 0.5, "a")], ["outlet.example"], AXIS, label="Outlets"),
    "bars": charts.bars([Part(0, 0, 0.4, 0, "A", tip="a"), Part(0, 0.4, 1, 1, "B")], ["English"], label="Languages"),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_themed_by_classes_alone(name: str) -> None:
    """No colour, style, font or foreign name is left in it: the page's style sheet and policy decide."""
    for svg in (DRAWINGS[name].wide, DRAWINGS[name].narrow):
        root = ET.fromstring(svg)
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"]
        allowed = {
            "class", "d", "transform", "opacity", "stroke-width", "stroke-dasharray", "font-size", "font-weight",
            "text-anchor", "x2", "y2", "fill-opacity", "id", "cx", "cy", "r",
        }  # fmt: skip
        for element in root.iter():
            assert element is root or not set(element.attrib) - allowed
        assert not re.search(r"#[0-9a-f]{6}|style=|url\(|xmlns", svg)


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_shape_has_a_role(name: str) -> None:
    """A shape without a class of its own or of its group would be drawn black, in the dark as well."""

    def check(element: ET.Element, *, has_class: bool) -> None:
        has_class = has_class or "class" in element.attrib
        if element.tag in {"path", "line", "text", "rect", "circle"}:
            assert has_class
        for child in element:
            check(child, has_class=has_class)

    check(ET.fromstring(DRAWINGS[name].wide), has_class=False)


def test_the_same_drawing_has_the_same_bytes() -> None:
    """Nothing in a drawing depends on what was drawn before."""
    again = charts.shares(POINTS, AXIS, framing=1, label="Share of ‘B’ & <others>")
    assert again == DRAWINGS["shares"]


def test_a_mark_tells_its_numbers_once() -> None:
    """The desk's ribbon tells every stretch; the phone's is told by the script."""
    drawing = DRAWINGS["ribbon"]
    assert [title.text for title in ET.fromstring(drawing.wide).iter("title")] == ["first", "unclear"]
    assert "<title>" not in drawing.narrow


def test_a_chart_of_time_names_the_table_of_its_numbers() -> None:
    """From table, number of periods and left edge the script finds the row of the period pointed at."""
    for name in ("shares", "columns"):
        root = ET.fromstring(DRAWINGS[name].wide)
        assert root.attrib["data-table"].startswith("numbers-")
        assert root.attrib["data-rows"] == "30"
        assert root.attrib["data-left"] == "40"


def test_both_drawings_have_the_same_places_to_point_at() -> None:
    """What the script counts off in one drawing stands at the same place in the other."""

    def targets(svg: str) -> int:
        root = ET.fromstring(svg)
        grouped = [len(group) for group in root.iter("g") if group.get("class") == "f-clear"]
        single = [path for path in root.iter("path") if path.get("class") == "f-clear"]
        return sum(grouped) + len(single)

    for drawing in DRAWINGS.values():
        assert targets(drawing.wide) == targets(drawing.narrow)


def shown(svg: ET.Element) -> list[str]:
    """Return what stands on a picture besides the grid and its scale: the classes of marks, and what is written."""
    classes = " ".join(element.get("class", "") for element in svg.iter()).split()
    texts = [text.text or "" for text in svg.iter("text")]
    return [*(name for name in classes if name not in {"s-grid", "f-muted"}), *(set(texts) - {"0", "50%", "100%"})]


def test_an_unclear_lead_carries_no_letter() -> None:
    """Only certain leads are named."""
    texts = [text.text for text in ET.fromstring(DRAWINGS["ribbon"].wide).iter("text")]
    assert texts == ["A"]


def test_a_drawing_can_be_shown_again() -> None:
    """The second showing refers to the first by its id and repeats nothing."""
    first = DRAWINGS["shares"]
    again = charts.shares_again(first, framing=1, label="Once more")
    for one, other in ((first.wide, again.wide), (first.narrow, again.narrow)):
        (use,) = ET.fromstring(other).iter("use")
        assert use.attrib["href"].removeprefix("#") in {element.get("id") for element in ET.fromstring(one).iter()}
        assert len(other) < 250


def test_nothing_to_draw_is_drawn_empty() -> None:
    """No period, no point and no run still give a picture of full size that says its label, with nothing on it."""
    axis = Axis(0, (), ())
    empty = {
        "shares": charts.shares([], axis, framing=0, label="x"),
        "ribbon": charts.ribbon([], axis, label="x"),
        "flags": charts.flags(axis, label="x"),
        "calendar": charts.calendar(axis, label="x"),
        "columns": charts.columns([], axis, top=0, label="x"),
    }
    for name, drawing in empty.items():
        for size in ("wide", "narrow"):
            svg = ET.fromstring(getattr(drawing, size))
            full = ET.fromstring(getattr(DRAWINGS[name], size))
            assert (svg.get("role"), svg.get("aria-label"), svg.get("viewBox")) == ("img", "x", full.get("viewBox"))
            assert shown(full)
            assert not shown(svg)


def test_unknown_colours_are_dropped() -> None:
    """A colour that no role stands for does not reach the page."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0,0" fill="red" style="x:url(y)"/></svg>'
    assert "path" not in themed(svg, label="x", classes={"blue": "0"})
