"""The XML of a Word document, as far as making a template needs it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = "etree._Element"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_RUN, _TEXT = f"{W}r", f"{W}t"
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
_CONTROL, _CONTROLLED = f"{W}sdt", f"{W}sdtContent"


def parse_xml(content: bytes) -> Element:
    """The root of a part."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def children(parent: Element, *tags: str) -> Iterator[Element]:
    """The children with these tags in order, also those in a content control."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag == _CONTROL:
            for content in child.iterchildren(_CONTROLLED):
                yield from children(content, *tags)


def text_of(element: Element) -> str:
    """The text of a cell or a paragraph, without blanks at its ends; a picture counts as text."""
    if next(element.iter(*_PICTURES), None) is not None:
        return "（图片）"
    return plain_text(element).strip()


def plain_text(element: Element) -> str:
    """All text in an element."""
    return "".join(node.text or "" for node in element.iter(_TEXT))


def new_paragraph() -> Element:
    """A paragraph without text and properties."""
    return etree.Element(PARAGRAPH)


def replace_text(paragraph: Element, text: str) -> None:
    """Make ``text`` the only text; the paragraph's properties and its first run's look stay."""
    look = _look(paragraph)
    for child in list(paragraph):
        if child.tag != f"{W}pPr":
            paragraph.remove(child)
    paragraph.append(_run(text, look))


def fill_cell(cell: Element, text: str) -> None:
    """Put a text into the first paragraph of a cell, with the look that the form gives it."""
    paragraph = cell.find(PARAGRAPH)
    if paragraph is None:
        paragraph = etree.SubElement(cell, PARAGRAPH)
    look = _look(paragraph)
    for run in list(paragraph.iterchildren(_RUN)):
        paragraph.remove(run)
    paragraph.append(_run(text, look))


def remove(block: Element) -> None:
    """Take an element out of the document."""
    parent = block.getparent()
    if parent is not None:
        parent.remove(block)


def _look(paragraph: Element) -> Element | None:
    """A copy of the properties of a paragraph's first run, or of its mark if it has no run."""
    found = paragraph.find(f"{_RUN}/{W}rPr")
    if found is None:
        found = paragraph.find(f"{W}pPr/{W}rPr")
    return None if found is None else deepcopy(found)


def _run(text: str, look: Element | None) -> Element:
    run = etree.Element(_RUN)
    if look is not None:
        run.append(look)
    etree.SubElement(run, _TEXT).text = text
    return run
