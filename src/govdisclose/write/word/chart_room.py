"""A template made ready for charts: paragraphs that do not cut them off, a type for pictures."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from govdisclose.write.word.chart_places import names_chart

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH = f"{_WORD}p"
_PROPERTIES = f"{_WORD}pPr"
_TEXT = f"{_WORD}t"
_AFTER_SPACING = ("ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
                  "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange")  # fmt: skip
"""Paragraph properties that come after the line spacing."""

_PLAIN = {
    "spacing": {"line": "240", "lineRule": "auto"},
    "ind": {
        "firstLine": "0",
        "firstLineChars": "0",
        "left": "0",
        "leftChars": "0",
        "right": "0",
        "rightChars": "0",
    },
}


def make_room(root: etree._Element) -> None:
    """Give each paragraph with a chart plain line spacing, which cuts nothing off, and no indent."""
    for paragraph in root.iter(_PARAGRAPH):
        texts = [node.text or "" for node in paragraph.iter(_TEXT)]
        if names_chart("".join(texts)):
            for name, attributes in _PLAIN.items():
                _set(paragraph, name, attributes)


def _set(paragraph: etree._Element, name: str, attributes: Mapping[str, str]) -> None:
    """Give a paragraph a property, or the one that it has other attributes."""
    properties = paragraph.find(_PROPERTIES)
    if properties is None:
        properties = paragraph.makeelement(_PROPERTIES)
        paragraph.insert(0, properties)
    element = properties.find(f"{_WORD}{name}")
    if element is None:
        element = properties.makeelement(f"{_WORD}{name}")
        place = _place_of(name, properties)
        properties.insert(place, element)
    for key, value in attributes.items():
        element.set(f"{_WORD}{key}", value)


def _place_of(name: str, properties: etree._Element) -> int:
    """Where a new property belongs: before the first one that the schema puts behind it."""
    followers = {f"{_WORD}{other}" for other in _AFTER_SPACING if other != name}
    for place, child in enumerate(properties):
        if child.tag in followers:
            return place
    return len(properties)


def with_png(content_types: bytes) -> bytes:
    """``[Content_Types].xml`` that knows what a .png is."""
    root = etree.fromstring(content_types)
    if not any(entry.get("Extension", "").lower() == "png" for entry in root):
        default = root.makeelement(root.tag.replace("}Types", "}Default"))
        default.set("Extension", "png")
        default.set("ContentType", "image/png")
        root.insert(0, default)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
