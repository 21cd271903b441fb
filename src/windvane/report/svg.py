"""Make the SVG of a chart fit for the page: small, themed by classes, without inline styles, read by screen readers."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
# What a group may say for all its children: opacity is no inherited property, but only charts without overlap use it.
_INHERITED: Final = frozenset(
    {"class", "text-anchor", "font-size", "font-weight", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity"}
)
_KEPT: Final = frozenset({"d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "transform", *_INHERITED})
_DEFAULTS: Final = {
    ("opacity", "1"),
    ("fill-opacity", "1"),
    ("stroke-width", "1"),
    ("text-anchor", "start"),
    ("font-weight", "normal"),
    ("x2", "0"),
    ("y2", "0"),
}
_NUMBER: Final = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_PLACE: Final = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_DOT: Final = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")
_NOWHERE: Final = re.compile(r"translate\(-?0(?:\.5)?,-?0(?:\.5)?\)")


def themed(
    svg: str,
    *,
    label: str,
    classes: Mapping[str, str],
    name: str | None = None,
    speaks: bool = True,
    data: Mapping[str, str] = MappingProxyType({}),
) -> Markup:
    """Rewrite `svg` for the page.

    Parameters
    ----------
    svg
        As the chart library wrote it.
    label
        What a screen reader says of the whole picture.
    classes
        Colour as written in the chart to the name of a role. A fill becomes the class `f-role`, a stroke `s-role`: the
        page's style sheet decides the colour, so that one drawing serves light, dark and print. What has no such
        colour is dropped.
    name
        An id for all that is drawn; None for none.
    speaks
        Whether marks keep their descriptions, as titles.
    data
        Further attributes of the picture.

    """
    source = ET.fromstring(svg)  # noqa: S314 - our own drawing, made a moment ago, without entities
    root = ET.Element("svg", {"viewBox": source.attrib["viewBox"], "role": "img", "aria-label": label, **data})
    target = root if name is None else ET.SubElement(root, "g", {"id": name})
    for child in source:
        _copy(child, target, classes)
    if not speaks:
        for mark in target.iter():
            for title in mark.findall("title"):
                mark.remove(title)
    text = ET.tostring(root, encoding="unicode").replace(" />", "/>")
    return Markup(text)  # noqa: S704 - written by a serialiser


def again(svg: Markup, name: str, *, label: str) -> Markup:
    """Return a drawing that shows once more what `svg` drew under the id `name`."""
    first = ET.fromstring(svg)  # noqa: S314 - our own drawing
    root = ET.Element("svg", {**first.attrib, "aria-label": label})
    ET.SubElement(root, "use", {"href": f"#{name}"})
    return Markup(ET.tostring(root, encoding="unicode").replace(" />", "/>"))  # noqa: S704 - written by a serialiser


def _copy(element: ET.Element, parent: ET.Element, classes: Mapping[str, str]) -> None:
    tag = element.tag.removeprefix(_NAMESPACE)
    if tag == "g":
        _copy_group(element, parent, classes)
        return
    attributes = _attributes(element, classes)
    # Without a class a shape would be drawn black.
    if "class" not in attributes or (tag == "path" and "d" not in attributes):
        return
    tag, attributes = _shorter(tag, attributes)
    copy = ET.SubElement(parent, tag, attributes)
    copy.text = element.text
    description = element.attrib.get("aria-label")
    if description:
        ET.SubElement(copy, "title").text = description


def _shorter(tag: str, attributes: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Say the same shape in fewer characters: dots as circles, lines as paths."""
    place = _PLACE.fullmatch(attributes.get("transform", "translate(0,0)"))
    if place is None:
        return tag, attributes
    x, y = place.groups()
    rest = {name: value for name, value in attributes.items() if name not in {"transform", "d", "x2", "y2"}}
    dot = _DOT.match(attributes.get("d", ""))
    if tag == "path" and dot is not None:
        return "circle", {**rest, "cx": x, "cy": y, "r": dot[1]}
    if tag == "line":
        return "path", {**rest, "d": f"M{x},{y}l{attributes.get('x2', '0')},{attributes.get('y2', '0')}"}
    return tag, attributes


def _copy_group(element: ET.Element, parent: ET.Element, classes: Mapping[str, str]) -> None:
    if element.attrib.get("display") == "none":
        return
    placed = {name: value for name, value in _attributes(element, classes).items() if name == "transform"}
    group = ET.Element("g", placed)
    for child in element:
        _copy(child, group, classes)
    _hoist(group)
    if not len(group):
        return
    if group.attrib:
        parent.append(group)
    else:
        parent.extend(group)


def _hoist(group: ET.Element) -> None:
    """Say once on `group` what all its children say."""
    children = list(group)
    if len(children) < 3 or any(child.tag == "g" for child in children):  # noqa: PLR2004 - fewer save nothing
        return
    shared = {pair for pair in children[0].attrib.items() if pair[0] in _INHERITED}
    for child in children[1:]:
        shared &= set(child.attrib.items())
    for name, value in sorted(shared):
        group.set(name, value)
        for child in children:
            del child.attrib[name]
    if all(child.tag == "path" and not len(child) and set(child.attrib) == {"d"} for child in children):
        children[0].set("d", "".join(child.attrib["d"] for child in children))
        for child in children[1:]:
            group.remove(child)


def _attributes(element: ET.Element, classes: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: _NUMBER.sub(_rounded, value)
        for name, value in element.attrib.items()
        if name in _KEPT and value and name != "class" and (name, value) not in _DEFAULTS
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
