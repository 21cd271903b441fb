"""Make the SVG of a chart fit for the page: small, themed by classes, without inline styles, read by screen readers."""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_KEPT: Final = frozenset(
    "d x y x1 x2 y1 y2 width height transform text-anchor font-size font-weight stroke-width stroke-dasharray "
    "fill-opacity stroke-opacity opacity".split()  # noqa: SIM905 - reads as it is
)
_DEFAULTS: Final = {
    ("opacity", "1"),
    ("fill-opacity", "1"),
    ("stroke-width", "1"),
    ("text-anchor", "start"),
    ("font-weight", "normal"),
}
_NUMBER: Final = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_NOWHERE: Final = re.compile(r"translate\(-?0(?:\.5)?,-?0(?:\.5)?\)")


def themed(svg: str, *, label: str, classes: Mapping[str, str]) -> Markup:
    """Rewrite `svg` for the page.

    Parameters
    ----------
    svg
        As the chart library wrote it.
    label
        What a screen reader says of the whole picture.
    classes
        Colour as written in the chart to the name of a role. A fill becomes the class `f-role`, a stroke `s-role`: the
        page's style sheet decides the colour, so that one drawing serves light, dark and print. Other colours are
        dropped.

    """
    source = ET.fromstring(svg)  # noqa: S314 - our own drawing, made a moment ago, without entities
    root = ET.Element("svg", {"viewBox": source.attrib["viewBox"], "role": "img", "aria-label": label})
    for child in source:
        _copy(child, root, classes)
    return Markup(ET.tostring(root, encoding="unicode", short_empty_elements=True))  # noqa: S704 - written by a serialiser


def _copy(element: ET.Element, parent: ET.Element, classes: Mapping[str, str]) -> None:
    tag = element.tag.removeprefix(f"{{{_NAMESPACE}}}")
    if tag in {"defs", "title", "desc"} or _is_invisible(tag, element):
        return
    attributes = _attributes(element, classes)
    if tag == "g":
        _copy_group(element, parent, attributes, classes)
        return
    # Without a class a shape would be drawn black.
    if "class" not in attributes:
        return
    copy = ET.SubElement(parent, tag, attributes)
    copy.text = element.text
    description = element.attrib.get("aria-label")
    if description:
        ET.SubElement(copy, "title").text = description
    for child in element:
        _copy(child, copy, classes)


def _copy_group(
    element: ET.Element, parent: ET.Element, attributes: Mapping[str, str], classes: Mapping[str, str]
) -> None:
    placed = {name: value for name, value in attributes.items() if name == "transform"}
    target = ET.SubElement(parent, "g", placed) if placed else parent
    for child in element:
        _copy(child, target, classes)
    if placed and not len(target):
        parent.remove(target)


def _is_invisible(tag: str, element: ET.Element) -> bool:
    return element.attrib.get("display") == "none" or (
        tag == "path" and (not element.attrib.get("d") or element.attrib.get("class") in {"background", "foreground"})
    )


def _attributes(element: ET.Element, classes: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: _NUMBER.sub(_rounded, value)
        for name, value in element.attrib.items()
        if name in _KEPT and (name, value) not in _DEFAULTS
    }
    if _NOWHERE.fullmatch(element.attrib.get("transform", "")):
        del kept["transform"]
    roles = [
        f"{prefix}-{classes[element.attrib[name]]}"
        for name, prefix in (("fill", "f"), ("stroke", "s"))
        if element.attrib.get(name) in classes
    ]
    return {"class": " ".join(roles), **kept} if roles else kept


def _rounded(match: re.Match[str]) -> str:
    rounded = f"{float(match.group()):.1f}".removesuffix(".0")
    return "0" if rounded == "-0" else rounded
