"""The cells of a worksheet, read as strictly as Excel reads them.

A lenient reader believes what a part says of itself (a count, an area, an address), passes over what it
does not know, and takes one of two values silently. Here whatever Excel would repair is refused, and
every filled cell is kept: its value, or what stands there instead of one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

from govdisclose.read.grid import ErrorValue, Merge, Picture, Raw, Uncalculated, a1, position
from govdisclose.read.workbook.elements import BrokenXmlError, pieces
from govdisclose.read.workbook.parts import NAMESPACES
from govdisclose.read.workbook.strings import string_text
from govdisclose.read.workbook.styles import Styles

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""What Excel's sheets hold; an address beyond is damage."""

MAX_AREA = 1_000_000
"""Cells of the rectangle around a sheet's filled cells, blank ones counted; a statutory sheet has some 300."""
NEAR_ROWS, NEAR_COLUMNS = 10_000, 100
"""In a sheet whose rectangle would be larger, cells beyond these are not read, but named."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA = re.compile(
    r"\s*\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})(?:\s*:\s*\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6}))?\s*"
)
_INTEGER = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9T:.+Z-]{4,40}")
_BLANK_CELL = re.compile(rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,5}")?/>')
_BLANK_ROW = re.compile(rb'<row r="[1-9][0-9]{0,6}"[^<>/]*(?:/>|></row>)')
_LOGICAL = {"0": False, "1": True, "false": False, "true": True}
_BLANKS = " \t\r\n"
_PICTURE = "DISPIMG"
"""The function with which WPS puts a picture into a cell."""


class DamagedSheetError(Exception):
    """A worksheet that Excel would repair or refuse. ``str(error)`` is a Chinese clause on what is wrong."""


class LargeSheetError(Exception):
    """A worksheet too large to be one of an annual report. ``str(error)`` is a Chinese clause."""


@frozen
class Formatted:
    """A number, or a date in ISO form, of which only its cell's format says what it is.

    ``style`` is the number of the cell format, ``kind`` the type as it is written (``n``, ``d``).
    """

    row: int
    column: int
    style: int
    kind: str
    text: str


@frozen
class SheetCells:
    """The filled cells of a worksheet as ``rows``, all of one width.

    ``formatted`` are cells still to be understood by their format; they are ``None`` in ``rows``. ``far``
    are filled cells that are not read, since they stand far from all others.
    """

    rows: list[list[Raw]] = field(repr=False)
    count: int
    merges: tuple[Merge, ...]
    formatted: tuple[Formatted, ...]
    far: tuple[tuple[int, int], ...]

    @property
    def width(self) -> int:
        """How many columns the rows have."""
        return len(self.rows[0]) if self.rows else 0


def read_cells(part: bytes, strings: list[str], styles: Styles, most: int) -> SheetCells:
    """The cells of a worksheet, ``most`` at the most, in a workbook with these shared strings and styles.

    Raises ``DamagedSheetError`` or ``LargeSheetError``.
    """
    reader = _Reader(strings, styles, most)
    try:
        for parent, element in pieces(without_blank_cells(part), level=2):
            reader.take(parent, element)
    except BrokenXmlError as error:
        raise DamagedSheetError("不是完好的 XML") from error
    return reader.finished()


def without_blank_cells(part: bytes) -> bytes:
    """A worksheet without the cells that are only formatted: a sheet of paragraphs has ten times as many as others.

    Nothing is left out where an address may follow from the cell or the row before, or where a tag may be text.
    """
    addressed = part.count(b"<c ") == part.count(b'<c r="') and b"<c>" not in part
    numbered = part.count(b"<row ") == part.count(b'<row r="') and b"<row>" not in part
    if not addressed or not numbered or b"<!" in part:
        return part
    return _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", part))


@define
class _Row:
    """The filled cells of a row in the making: column, from 0, and value of each."""

    number: int
    cells: list[tuple[int, Raw]] = field(factory=list)
    width: int = 0


class _Reader:
    """Takes the elements of one worksheet, one after another."""

    def __init__(self, strings: list[str], styles: Styles, most: int) -> None:
        self.strings, self.styles, self.most = strings, styles, most
        self.data_seen = False
        self.rows: dict[int, _Row] = {}
        self.count = 0
        self.last_number = 0
        self.merges: list[Merge] = []
        self.formatted: list[Formatted] = []
        self.masters: dict[str, tuple[str, str]] = {}

    def take(self, parent: str, element: Element) -> None:
        """One element, complete; the root, which comes first, is not."""
        tag = element.tag
        if not parent:
            self._begin(tag)
        elif parent == self.data_tag:
            if tag != self.row_tag:
                raise DamagedSheetError(f"行与行之间有不认识的内容 {_plain(tag)}")
            self._take_row(element)
        elif tag == self.data_tag:
            if self.data_seen:
                raise DamagedSheetError("有两份表格数据")
            self.data_seen = True
        elif tag == self.merge_tag and parent == self.merges_tag:
            self.merges.append(_merge(element.get("ref", "")))

    def _begin(self, tag: str) -> None:
        known = [f"{{{name}}}" for name in NAMESPACES if tag == f"{{{name}}}worksheet"]
        if not known:
            raise DamagedSheetError(f"不是工作表（{_plain(tag)}）")
        self.namespace = name = known[0]
        self.data_tag, self.row_tag, self.cell_tag = f"{name}sheetData", f"{name}row", f"{name}c"
        self.merges_tag, self.merge_tag = f"{name}mergeCells", f"{name}mergeCell"
        self.value_tag, self.formula_tag, self.inline_tag = f"{name}v", f"{name}f", f"{name}is"
        self.extension_tag = f"{name}extLst"

    # --- rows and cells ---------------------------------------------------------------------------

    def _take_row(self, element: Element) -> None:
        number = self._row_number(element.get("r"))
        self.last_number = number
        row = _Row(number)
        address: str | None = None
        beyond = 0  # how many cells without an address of their own stand behind the one that has
        tag = self.cell_tag
        for cell in element:
            if cell.tag != tag:
                self._refuse_unless_extension(cell, f"第 {number} 行")
                continue
            said = cell.get("r")
            if said is None:
                beyond += 1
            else:
                address, beyond = said, 0
            if len(cell):
                self._take_cell(cell, row, _column(address, number) + beyond)
        if row.cells:
            self._keep(row)

    def _keep(self, row: _Row) -> None:
        if row.number in self.rows:
            raise DamagedSheetError(f"第 {row.number} 行出现两次")
        columns = {column for column, _ in row.cells}
        if len(columns) < len(row.cells):
            raise DamagedSheetError(f"第 {row.number} 行有地址相同的单元格")
        row.width = max(columns) + 1
        if row.width > LAST_COLUMN:
            raise DamagedSheetError(f"第 {row.number} 行有超出工作表范围的单元格")
        self.rows[row.number] = row
        self.count += len(row.cells)
        if self.count > self.most:
            raise LargeSheetError(f"有内容的单元格超过 {self.most} 个")

    def _row_number(self, written: str | None) -> int:
        if written is None:
            number = self.last_number + 1
        elif _INTEGER.fullmatch(written):
            number = int(written)
        else:
            raise DamagedSheetError(f"行号“{written[:20]}”无法识别")
        if not 1 <= number <= LAST_ROW:
            raise DamagedSheetError(f"行号 {number} 超出工作表的范围")
        return number

    def _refuse_unless_extension(self, element: Element, where: str) -> None:
        if element.tag != self.extension_tag:
            raise DamagedSheetError(f"{where}有不认识的内容 {_plain(element.tag)}")

    def _take_cell(self, cell: Element, row: _Row, column: int) -> None:
        """Add a cell to its row if anything stands in it."""
        value: Element | None = cell[0]
        formula = inline = None
        if len(cell) > 1 or cell[0].tag != self.value_tag or len(cell[0]):
            value, formula, inline = self._children(cell, a1(row.number - 1, column))
        kind = cell.get("t", "n")
        text = (value.text or "") if value is not None else ""
        if inline is not None and kind != "inlineStr":
            raise DamagedSheetError(f"单元格 {a1(row.number - 1, column)} 的类型与内容不符")
        if kind == "inlineStr":
            text = string_text(inline, self.namespace) if inline is not None else ""
        if formula is not None and formula.text and formula.get("t") == "shared":
            self.masters[formula.get("si", "")] = (a1(row.number - 1, column), formula.text)
        if kind in ("str", "inlineStr"):
            if text:
                row.cells.append((column, text))
            return
        text = text.strip(_BLANKS)
        if text:
            stored = self._value(cell, kind, text, row.number - 1, column)
            if stored is not None or kind != "s":  # a shared string may be empty
                row.cells.append((column, stored))
        elif formula is not None:
            row.cells.append((column, self._uncalculated(formula, a1(row.number - 1, column))))

    def _children(
        self, cell: Element, address: str
    ) -> tuple[Element | None, Element | None, Element | None]:
        """Value, formula and inline text of a cell, each at most once; value and formula are plain text."""
        found: dict[str, Element] = {}
        for child in cell:
            tag = child.tag
            if tag not in (self.value_tag, self.formula_tag, self.inline_tag):
                self._refuse_unless_extension(child, f"单元格 {address} 里")
            elif tag in found:
                raise DamagedSheetError(f"单元格 {address} 里有两个 {_plain(tag)}")
            elif len(child) and tag != self.inline_tag:
                self._refuse_unless_extension(child[0], f"单元格 {address} 里")
            found[tag] = child
        return found.get(self.value_tag), found.get(self.formula_tag), found.get(self.inline_tag)

    def _value(self, cell: Element, kind: str, text: str, row: int, column: int) -> Raw:
        """The value that is stored as ``text``; for one that needs its format ``None``, and a note of it."""
        if kind == "n" and _NUMBER.fullmatch(text):
            style = cell.get("s", "0")
            if style != "0" and not (
                _INTEGER.fullmatch(style) and int(style) < len(self.styles.plain)
            ):
                raise DamagedSheetError(
                    f"单元格 {a1(row, column)} 的样式编号“{style[:20]}”在样式表里没有"
                )
            if style == "0" and not self.styles.plain:
                return float(text)
            if self.styles.plain[int(style)]:
                return float(text)
            self.formatted.append(Formatted(row, column, int(style), kind, text))
            return None
        if kind == "s" and _INTEGER.fullmatch(text) and int(text) < len(self.strings):
            return self.strings[int(text)] or None
        if kind == "b" and text in _LOGICAL:
            return _LOGICAL[text]
        if kind == "e":
            return ErrorValue(text)
        if kind == "d" and _DATE.fullmatch(text):
            self.formatted.append(Formatted(row, column, 0, kind, text))
            return None
        shown = text if len(text) <= 20 else f"{text[:20]}……"
        raise DamagedSheetError(
            f"单元格 {a1(row, column)} 存的“{shown}”与它的类型（{kind[:20]}）不符"
        )

    def _uncalculated(self, formula: Element, address: str) -> Raw:
        """A formula without a value; the pictures of WPS are formulas too."""
        written = self._formula_text(formula, address)
        return Picture() if _PICTURE in written.upper() else Uncalculated(written)

    def _formula_text(self, formula: Element, address: str) -> str:
        if formula.get("t") == "dataTable":
            return "模拟运算表"
        if formula.text:
            return f"={formula.text}"
        master = self.masters.get(formula.get("si", "")) if formula.get("t") == "shared" else None
        if master is None:
            return "="
        from openpyxl.formula.translate import (
            Translator,
        )  # needed for shared formulas only, and slow to import

        origin, text = master
        return str(Translator(f"={text}", origin=origin).translate_formula(address))

    # --- the end ----------------------------------------------------------------------------------

    def finished(self) -> SheetCells:
        """Everything taken, as far as it fits into one rectangle."""
        if not self.data_seen:
            raise DamagedSheetError("没有表格数据")
        height, width = self._room()
        rows: list[list[Raw]] = [[None] * width for _ in range(height)]
        far: list[tuple[int, int]] = []
        for row in sorted(self.rows.values(), key=lambda row: row.number):
            for column, value in row.cells:
                if row.number <= height and column < width:
                    rows[row.number - 1][column] = value
                else:
                    far.append((row.number - 1, column))
        formatted = [one for one in self.formatted if one.row < height and one.column < width]
        return SheetCells(
            rows, self.count, _settled(self.merges, height, width), tuple(formatted), tuple(far)
        )

    def _room(self) -> tuple[int, int]:
        """Height and width of the rectangle that is read: all of it, unless one far cell makes it huge."""
        rows = list(self.rows.values())
        height, width = _extent(rows)
        if height * width <= MAX_AREA:
            return height, width
        near = [
            _Row(row.number, [cell for cell in row.cells if cell[0] < NEAR_COLUMNS]) for row in rows
        ]
        near = [row for row in near if row.cells]
        for row in near:
            row.width = max(column for column, _ in row.cells) + 1
        height, width = _extent(near)
        if height * width <= MAX_AREA:
            return height, width
        return _extent([row for row in near if row.number <= NEAR_ROWS])


def _extent(rows: list[_Row]) -> tuple[int, int]:
    return max((row.number for row in rows), default=0), max((row.width for row in rows), default=0)


def _column(address: str | None, row: int) -> int:
    """The column, from 0, of a cell's address; -1, before the first, where no cell of the row has one yet."""
    if address is None:
        return -1
    match = _ADDRESS.fullmatch(address) or _ADDRESS.fullmatch(address.upper())
    if match is None:
        raise DamagedSheetError(f"单元格的地址“{address[:20]}”无法识别")
    if int(match[2]) != row:
        raise DamagedSheetError(f"单元格 {match[0]} 写在第 {row} 行")
    return _number_of(match[1])


@lru_cache(maxsize=1024)
def _number_of(letters: str) -> int:
    return position(f"{letters}1")[1]


def _plain(tag: str) -> str:
    """The name of an element without its namespace, shortened."""
    return f"<{tag.rpartition('}')[2][:40]}>"


# --- merged areas -------------------------------------------------------------------------------


def _merge(written: str) -> Merge:
    """An area however it is written: from its end, in small letters, with blanks, or of one cell."""
    match = _AREA.fullmatch(written)
    if match is None:
        raise DamagedSheetError(f"合并区域“{written[:30]}”无法识别")
    columns = [_number_of(letters.upper()) for letters in (match[1], match[3] or match[1])]
    rows = [int(number) for number in (match[2], match[4] or match[2])]
    if max(columns) >= LAST_COLUMN or max(rows) > LAST_ROW:
        raise DamagedSheetError(f"合并区域“{written[:30]}”超出工作表的范围")
    return Merge(min(rows) - 1, min(columns), max(rows) - 1, max(columns))


def _settled(merges: list[Merge], height: int, width: int) -> tuple[Merge, ...]:
    """The areas within the part of the sheet that is filled, each once; none may overlap another.

    What lies outside holds nothing. Excel reports a workbook with overlapping areas as damaged.
    """
    right = max(width, NEAR_COLUMNS) - 1
    settled: list[Merge] = []
    for merge in dict.fromkeys(merges):
        cut = merge._replace(bottom=min(merge.bottom, height - 1), right=min(merge.right, right))
        if cut.top <= cut.bottom and cut.left <= cut.right:
            settled.append(cut)
    total = sum((m.bottom - m.top + 1) * (m.right - m.left + 1) for m in settled)
    room = height * (right + 1)
    covered: set[tuple[int, int]] = set()
    if total <= room:
        for merge in settled:
            covered.update(merge.cells())
    if len(covered) < total:
        raise DamagedSheetError("合并区域互相重叠，不知哪一格有数，请取消合并后重新合并")
    return tuple(m for m in settled if (m.top, m.left) != (m.bottom, m.right))
