"""The XML of a worksheet with a few cells replaced, every other byte as it was.

A parser finds where each element begins and ends; only the bytes of the cells themselves are
changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from html import escape
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from attrs import define, field, frozen

from govdisclose.read.grid import a1, position

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""An underscore that Excel would take for the beginning of an escaped character."""

_BEFORE_CALCULATION = ("definedNames", "externalReferences", "functionGroups", "sheets")
"""Elements that may precede ``calcPr`` in a workbook part, the last first."""


class SpliceError(Exception):
    """The XML cannot be changed here. ``str(error)`` is a Chinese clause after the file's name."""


@frozen
class CellText:
    """What a cell shall hold: a text, or a number written as one; nothing for a blank cell."""

    text: str
    is_number: bool = False


@define
class _Element:
    """An element in the bytes: its name as written, its attributes, where it begins and ends."""

    name: str
    attributes: dict[str, str]
    start: int
    stop: int = 0

    @property
    def local_name(self) -> str:
        """Its name without the namespace."""
        _, _, name = self.name.rpartition(":")
        return name

    @property
    def prefix(self) -> str:
        """The prefix of its namespace with the colon, mostly nothing."""
        prefix, colon, _ = self.name.rpartition(":")
        return prefix + colon


@define
class _FoundCell:
    """A cell to replace, and the formula in it."""

    element: _Element
    formula: _Element | None = None


@define
class _FoundRow:
    """A row in which a wanted cell may be missing: its cells by column and where they begin."""

    element: _Element
    starts: dict[int, int] = field(factory=dict)


@define
class _CellFinder:
    """Walks the XML once and keeps the wanted cells, and the rows that they belong to."""

    content: bytes
    wanted: Collection[str]
    cells: dict[str, _FoundCell] = field(factory=dict)
    rows: dict[int, _FoundRow] = field(factory=dict)
    _row: int = -1
    _column: int = -1
    _cell: _FoundCell | None = None

    def walk(self) -> None:
        """Find everything. Raises ``SpliceError`` for XML that is not plain UTF-8."""
        try:
            _walk(self.content, on_start=self._start)
        except expat.ExpatError as error:
            raise SpliceError("的工作表读不懂") from error

    def _start(self, element: _Element, depth: int) -> None:
        name = element.local_name
        if name == "row" and depth == 3:
            self._start_row(element)
        elif name == "c" and depth == 4:
            self._start_cell(element)
        elif name == "f" and depth == 5 and self._cell is not None:
            self._cell.formula = element

    def _start_row(self, element: _Element) -> None:
        self._row += 1
        stated = element.attributes.get("r")
        if stated is not None:
            self._row = int(stated) - 1
        self._column = -1
        self.rows[self._row] = _FoundRow(element)

    def _start_cell(self, element: _Element) -> None:
        next_address = a1(self._row, self._column + 1)
        address = element.attributes.get("r") or next_address
        _, self._column = position(address)
        row = self.rows[self._row]
        row.starts[self._column] = element.start
        self._cell = _FoundCell(element)
        if address in self.wanted:
            self.cells[address] = self._cell


def _ignore(element: _Element, depth: int) -> None:
    """Do nothing about an element."""


def _walk(
    content: bytes,
    on_start: Callable[[_Element, int], None] = _ignore,
    on_end: Callable[[_Element, int], None] = _ignore,
) -> None:
    """Call back at the start and at the end of each element, with its depth; the root's is 1.

    Raises ``expat.ExpatError`` for broken XML, ``SpliceError`` where an element's end is not found.
    """
    opened: list[_Element] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        element = _Element(name, attributes, parser.CurrentByteIndex)
        opened.append(element)
        on_start(element, len(opened))

    def end(name: str) -> None:
        depth = len(opened)
        element = opened.pop()
        element.stop = _end_of(content, element.start, parser.CurrentByteIndex)
        on_end(element, depth)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)


def _end_of(content: bytes, start: int, at: int) -> int:
    """Where an element ends whose end the parser tells at ``at``: before the end tag, or after
    ``/>``.
    """
    is_one_tag = content.find(b"<", start + 1, at) < 0
    if is_one_tag and content.startswith(b"/>", at - 2):
        return at
    if content.startswith(b"</", at):
        return content.index(b">", at) + 1
    raise SpliceError("的 XML 写法少见")


def spliced(content: bytes, cells: Mapping[str, CellText]) -> bytes:
    """The XML of a worksheet with ``cells`` (address → what it shall hold) replaced or added.

    A formula stays and gets the number as its result. Raises ``SpliceError``.
    """
    _refuse_other_encodings(content)
    finder = _CellFinder(content, cells.keys())
    finder.walk()
    changes: list[_Change] = []
    for address, text in cells.items():
        found = finder.cells.get(address)
        if found is None:
            change = _added(finder, address, text)
        else:
            element = found.element
            made = _cell(content, address, text, element, found.formula)
            change = _Change(element.start, element.stop, made)
        changes.append(change)
    return _replaced(content, changes)


class _Change(NamedTuple):
    """Bytes to put in place of those from ``start`` to ``stop``."""

    start: int
    stop: int
    made: bytes


def _replaced(content: bytes, changes: list[_Change]) -> bytes:
    """The bytes with each stretch of ``changes`` replaced; no two of them may overlap."""
    pieces: list[bytes] = []
    at = 0
    for change in sorted(changes, key=_stretch):
        if change.start < at:
            raise SpliceError("的这几格要分别改")
        pieces.append(content[at : change.start])
        pieces.append(change.made)
        at = change.stop
    pieces.append(content[at:])
    return b"".join(pieces)


def _stretch(change: _Change) -> tuple[int, int]:
    return change.start, change.stop


def _refuse_other_encodings(content: bytes) -> None:
    declared = re.match(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=["']([^"']+)""", content)
    has_wide_mark = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if has_wide_mark or b"\0" in content[:4]:
        raise SpliceError("用了少见的编码")
    if declared is None:
        return
    encoding = declared[1].lower()
    if encoding not in (b"utf-8", b"us-ascii"):
        raise SpliceError("用了少见的编码")


def _cell(
    content: bytes, address: str, text: CellText, element: _Element, formula: _Element | None
) -> bytes:
    """A cell with the style it had. Raises ``SpliceError`` when a text would replace a formula."""
    prefix = element.prefix
    style = element.attributes.get("s")
    opening = f'<{prefix}c r="{address}"'
    if style is not None:
        opening += f' s="{style}"'
    if formula is not None:
        return _formula_cell(content, opening, prefix, text, formula)
    if not text.text:
        return f"{opening}/>".encode()
    closing = f"</{prefix}c>"
    if text.is_number:
        value = _value(prefix, text)
        return f"{opening}>{value}{closing}".encode()
    body = _inline_text(prefix, text.text)
    return f'{opening} t="inlineStr">{body}{closing}'.encode()


def _inline_text(prefix: str, text: str) -> str:
    """The element with the text of a cell, blanks at its ends included."""
    unescaped = _ESCAPED.sub("_x005F_", text)
    shown = escape(unescaped, quote=False)
    letters = f'<{prefix}t xml:space="preserve">{shown}</{prefix}t>'
    return f"<{prefix}is>{letters}</{prefix}is>"


def _value(prefix: str, text: CellText) -> str:
    """The element with the value of a cell."""
    return f"<{prefix}v>{text.text}</{prefix}v>"


def _formula_cell(
    content: bytes, opening: str, prefix: str, text: CellText, formula: _Element
) -> bytes:
    if text.text and not text.is_number:
        raise SpliceError("的这一格是公式，不要改")
    kept = content[formula.start : formula.stop]
    kind = "" if text.is_number else ' t="str"'
    start = f"{opening}{kind}>"
    value = _value(prefix, text)
    end = f"{value}</{prefix}c>"
    return start.encode() + kept + end.encode()


def _added(finder: _CellFinder, address: str, text: CellText) -> _Change:
    """Where a cell that is not there yet goes, and its bytes."""
    row, column = position(address)
    found = finder.rows.get(row)
    if found is None:
        raise _blank_row(address)
    element = found.element
    name = f"{element.prefix}c"
    cell = _Element(name, {}, 0)
    made = _cell(finder.content, address, text, cell, None)
    behind = [start for other, start in found.starts.items() if other > column]
    if behind:
        following = min(behind)
        return _Change(following, following, made)
    closing = finder.content.rfind(b"</", element.start, element.stop)
    if not found.starts and closing < 0:
        raise _blank_row(address)
    return _Change(closing, closing, made)


def _blank_row(address: str) -> SpliceError:
    return SpliceError(f"的 {address} 所在的行是空的")


def has_rich_text(content: bytes, strings: bytes, cells: Collection[str]) -> bool:
    """Whether one of the cells holds a text that is formatted in parts."""
    finder = _CellFinder(content, cells)
    finder.walk()
    items = []
    if strings:
        items = ElementTree.fromstring(strings).findall("{*}si")
    for found in finder.cells.values():
        element = found.element
        body = content[element.start : element.stop]
        kind = element.attributes.get("t")
        without_ends = body.replace(b"/r>", b"")
        if kind == "inlineStr" and b"r>" in without_ends:
            return True
        if kind != "s":
            continue
        number = re.search(rb"v>\s*(\d+)\s*</", body)
        if number is None:
            continue
        index = int(number[1])
        if index >= len(items):
            continue
        item = items[index]
        if item.find("{*}r") is not None:
            return True
    return False


# --- the workbook part --------------------------------------------------------------------------


def recalculated(content: bytes) -> bytes:
    """The workbook part with the request to calculate every formula when the file is opened."""
    _refuse_other_encodings(content)
    found = _elements_below_root(content)
    calculation = found.get("calcPr")
    if calculation is not None:
        given = {**calculation.attributes, "fullCalcOnLoad": "1"}
        attributes = ""
        for key, value in given.items():
            shown = escape(value)
            attributes += f' {key}="{shown}"'
        made = f"<{calculation.name}{attributes}/>".encode()
        change = _Change(calculation.start, calculation.stop, made)
        return _replaced(content, [change])
    for name in _BEFORE_CALCULATION:
        if name in found:
            before = found[name]
            made = f'<{before.prefix}calcPr fullCalcOnLoad="1"/>'.encode()
            change = _Change(before.stop, before.stop, made)
            return _replaced(content, [change])
    raise SpliceError("没有工作表")


def _elements_below_root(content: bytes) -> dict[str, _Element]:
    """The elements right below the root, by their names without the namespace."""
    found: dict[str, _Element] = {}

    def end(element: _Element, depth: int) -> None:
        if depth == 2:
            found[element.local_name] = element

    try:
        _walk(content, on_end=end)
    except expat.ExpatError as error:
        raise SpliceError("读不懂") from error
    return found
