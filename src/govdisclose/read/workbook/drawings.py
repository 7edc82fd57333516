"""Text boxes and pictures over the cells of a sheet: no reader sees them, so they are reported.

A text box over a sheet of paragraphs is prose in the wrong place (S113). Everything else is
reported once a sheet (S114).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from attrs import frozen

from govdisclose.finding import Finding, Place, some_of
from govdisclose.form.sheets import NEVER_READ, PARAGRAPH_COLUMNS, PROSE_SHEETS
from govdisclose.package import PackageError
from govdisclose.read.grid import a1
from govdisclose.read.workbook.parts import BookParts, SheetPart
from govdisclose.relationships import find_part, parse, relationships
from govdisclose.rules.structure import S113, S114

_SHOWN = 20
"""Characters of a text that a message shows; the whole text is in the data of the finding."""
_LISTED = 3
"""Drawings that a message shows; all are in the data of the finding."""
_PROSE_KEYS = {sheet: key for key, sheet in PROSE_SHEETS.items()}
_KINDS = {"pic": "图片", "graphicFrame": "图表"}
_DRAWN = ("sp", *_KINDS)
"""Elements that are drawn: shapes (text boxes are shapes with a text), pictures, charts."""


@frozen
class Drawing:
    """Something drawn over the cells: its text, or a word for its kind, and the cell under it."""

    text: str
    kind: str
    cell: str | None


def drawing_findings(parts: BookParts, file: str) -> Iterator[Finding]:
    """S113 and S114 for text boxes, pictures and charts, in the order of the sheets."""
    for sheet in parts.sheets:
        if sheet.name in NEVER_READ:
            continue
        try:
            drawings = list(_drawings(parts, sheet))
        except PackageError:
            yield S114.finding("工作表上的图形已损坏，没有读取", Place(file, sheet.name))
            continue
        yield from _told(drawings, sheet.name, file)


def _told(drawings: Sequence[Drawing], sheet: str, file: str) -> Iterator[Finding]:
    """The findings about what is drawn over one sheet."""
    key = _PROSE_KEYS.get(sheet)
    others = []
    for drawing in drawings:
        if key is None or not drawing.text:
            others.append(drawing)
            continue
        shown = _short(drawing.text)
        _, text_column = PARAGRAPH_COLUMNS
        said = f"文本框里的“{shown}”不在“{text_column}”列，不会印进报告"
        place = Place(file, sheet, drawing.cell)
        yield S113.finding(said, place, path=key, found=drawing.text)
    if not others:
        return
    names = [_name(drawing) for drawing in others]
    texts = [drawing.text or drawing.kind for drawing in others]
    listed = some_of(names, _LISTED, "个")
    said = f"工作表上的图形不进入报告：{listed}"
    first = Place(file, sheet, others[0].cell)
    found = "\n".join(texts)
    yield S114.finding(said, first, found=found)


def _name(drawing: Drawing) -> str:
    if drawing.text:
        return f"文本框“{_short(drawing.text)}”"
    return drawing.kind


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _SHOWN:
        return line
    return f"{line[:_SHOWN]}……"


# --- the drawing of a sheet ---------------------------------------------------------------------


def _drawings(parts: BookParts, sheet: SheetPart) -> Iterator[Drawing]:
    """What is drawn over a sheet. Raises ``PackageError`` if it cannot be parsed."""
    for relation in relationships(parts.package, sheet.part):
        if relation.kind != "drawing" or relation.target is None:
            continue
        part = find_part(parts.package, relation.target)
        if part is None:
            continue
        content = parts.package.parts[part]
        for anchor in parse(content):
            yield from _anchored(anchor)


def _anchored(anchor: Element) -> Iterator[Drawing]:
    """The drawings at one place of a sheet; shapes without a text are lines and frames."""
    cell = _cell(anchor)
    for element in _visible(anchor):
        name = _local(element)
        text = ""
        if name == "sp":
            text = _text(element)
        if text or name in _KINDS:
            yield Drawing(text, _KINDS.get(name, ""), cell)


def _visible(anchor: Element) -> Iterator[Element]:
    """The drawn elements; of alternatives only the first, which Excel shows."""
    waiting = [*reversed(anchor)]
    while waiting:
        element = waiting.pop()
        name = _local(element)
        if name in _DRAWN:
            yield element
        elif name != "Fallback":
            waiting.extend(reversed(element))


def _text(shape: Element) -> str:
    """The text of a shape, a paragraph a line."""
    text = ""
    for element in shape.iter():
        name = _local(element)
        if name == "p":
            text += "\n"
        elif name == "t":
            text += element.text or ""
    return text.strip()


def _cell(anchor: Element) -> str | None:
    """The cell under the upper left corner."""
    numbers: dict[str, int] = {}
    for element in anchor:
        if _local(element) == "from":
            for child in element:
                if (child.text or "").strip().isdecimal():
                    numbers[_local(child)] = int(child.text or "")
    if "row" not in numbers or "col" not in numbers:
        return None
    return a1(numbers["row"], numbers["col"])


def _local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
