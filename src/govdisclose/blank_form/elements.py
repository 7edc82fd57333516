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
_PROPERTIES, _LOOK = f"{W}pPr", f"{W}rPr"
"""The properties of a paragraph, and those of its mark or of a run."""
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
_CONTROL, _CONTROLLED = f"{W}sdt", f"{W}sdtContent"


def parse_xml(content: bytes) -> Element:
    """The root of a part."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(content, parser)


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
    picture = next(element.iter(*_PICTURES), None)
    if picture is not None:
        return "（图片）"
    return plain_text(element).strip()


def plain_text(element: Element) -> str:
    """All text in an element."""
    texts = [node.text or "" for node in element.iter(_TEXT)]
    return "".join(texts)


def new_paragraph() -> Element:
    """A paragraph without text and properties."""
    return etree.Element(PARAGRAPH)


def replace_text(paragraph: Element, text: str) -> None:
    """Make ``text`` the only text; the paragraph's properties and its first run's look stay."""
    look = _look(paragraph)
    for child in list(paragraph):
        is_content = child.tag != _PROPERTIES
        if is_content:
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
    of_run = paragraph.find(f"{_RUN}/{_LOOK}")
    if of_run is not None:
        return deepcopy(of_run)
    of_mark = paragraph.find(f"{_PROPERTIES}/{_LOOK}")
    if of_mark is not None:
        return deepcopy(of_mark)
    return None


def _run(text: str, look: Element | None) -> Element:
    run = etree.Element(_RUN)
    if look is not None:
        run.append(look)
    content = etree.SubElement(run, _TEXT)
    content.text = text
    return run
