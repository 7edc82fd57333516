"""The cells of a worksheet, read as strictly as Excel reads them.

A lenient reader believes the statements of a part about itself (a count, an area, an address),
passes over what it does not know, and takes one of two values silently. Here whatever Excel would
repair is refused, and every filled cell is kept: its value, or the content there instead of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.grid import (
    REMEMBERED_ROWS,
    ErrorValue,
    Merge,
    Picture,
    Position,
    Raw,
    Uncalculated,
    a1,
    position,
)
from govdisclose.read.workbook.parts import NAMESPACES
from govdisclose.read.workbook.shared_formula import SharedFormula
from govdisclose.read.workbook.strings import string_text
from govdisclose.read.workbook.styles import Styles
from govdisclose.read.workbook.text_rows import TextRow, text_rows
from govdisclose.read.workbook.xml_parts import BrokenXmlError, pieces

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from govdisclose.read.workbook.frames import FrameMemory

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""What Excel's sheets hold; an address beyond is damage."""

MAX_AREA = 1_000_000
"""Cells of the rectangle around a sheet's filled cells; a statutory sheet has some 300."""
NEAR_ROWS, NEAR_COLUMNS = 10_000, 100
"""If the rectangle of a sheet would be larger, cells beyond these are not read, but named."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA = re.compile(
    r"\s*\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})(?:\s*:\s*\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6}))?\s*"
)
_INTEGER = re.compile(r"[0-9]{1,9}")
_INDEX_DIGITS = 9
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DATE = LazyPattern(r"[0-9T:.+Z-]{4,40}")
_BLANK_CELL = re.compile(rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,5}")?/>')
_BLANK_ROW = re.compile(rb'<row r="[1-9][0-9]{0,6}"[^<>/]*(?:/>|></row>)')
_SMALL = 100_000
"""Bytes of a worksheet in which looking for blank cells takes longer than parsing them."""
_NAMESPACES = frozenset(f"{{{name}}}" for name in NAMESPACES)
_Content: TypeAlias = Raw | object
"""The content of a cell, or ``_NOTHING``."""
_NOTHING = object()
"""Stands for the content of a blank cell; ``None`` is a value whose format is still to be asked."""
_LOGICAL = {"0": False, "1": True, "false": False, "true": True}
_BLANKS = " \t\r\n"
_PICTURE = "DISPIMG"
"""The function with which WPS puts a picture into a cell."""


class DamagedSheetError(Exception):
    """A worksheet that Excel would repair or refuse. ``str(error)`` says why in a Chinese clause."""


class LargeSheetError(Exception):
    """A worksheet too large to be one of an annual report. ``str(error)`` is a Chinese clause."""


class Formatted(NamedTuple):
    """A number, or a date in ISO form, whose meaning depends on the format of its cell.

    ``style`` is the number of the cell format, ``kind`` the type as it is written (``n``, ``d``).
    """

    row: int
    column: int
    style: int
    kind: str
    text: str


class SheetCells(NamedTuple):
    """The filled cells of a worksheet as ``rows``, all of one width.

    ``formatted`` are cells still to be understood by their format; they are ``None`` in ``rows``.
    ``far`` are filled cells that are not read, because they are far from all others.
    """

    rows: list[list[Raw]]
    filled: int
    merges: tuple[Merge, ...]
    formatted: tuple[Formatted, ...]
    far: tuple[Position, ...]

    @property
    def width(self) -> int:
        """How many columns the rows have."""
        if self.rows:
            return len(self.rows[0])
        return 0


def read_cells(
    part: bytes, strings: list[str], styles: Styles, most: int, frames: FrameMemory | None = None
) -> SheetCells:
    """The cells of a worksheet, ``most`` at the most, in a workbook with these strings and styles.

    ``frames`` knows worksheets of texts read before. Raises ``DamagedSheetError`` or
    ``LargeSheetError``.
    """
    reader = _CellReader(strings, styles, most)
    found = text_rows(part)
    try:
        if found is not None:
            reader.take_frame(found.frame, frames)
            reader.take_texts(found.rows)
        else:
            if len(part) > _SMALL:
                part = without_blank_cells(part)
            reader.take_all(part)
    except BrokenXmlError as error:
        raise DamagedSheetError("不是完好的 XML") from error
    return reader.finished()


def without_blank_cells(part: bytes) -> bytes:
    """A worksheet without the cells that are only formatted: most cells of a sheet of paragraphs.

    Nothing is left out where an address may follow from the cell or the row before, or where a tag
    may be text.
    """
    if b"<!" in part:
        return part
    for tag in (b"c", b"row"):
        if not _are_addressed(part, tag):
            return part
    without_cells = _BLANK_CELL.sub(b"", part)
    return _BLANK_ROW.sub(b"", without_cells)


def _are_addressed(part: bytes, tag: bytes) -> bool:
    """Whether all elements of a name begin with their address, as far as a search can tell."""
    if b"<%s>" % tag in part:
        return False
    addressed = part.count(b'<%s r="' % tag)
    return part.count(b"<%s " % tag) == addressed


class _SheetTags:
    """The names of the elements of a worksheet, in the namespace of its root."""

    def __init__(self, root: str) -> None:
        namespace = root.removesuffix("worksheet")
        if namespace == root or namespace not in _NAMESPACES:
            name = _plain(root)
            raise DamagedSheetError(f"不是工作表（{name}）")
        self.namespace = namespace
        self.sheet = root
        self.data = f"{namespace}sheetData"
        self.row = f"{namespace}row"
        self.cell = f"{namespace}c"
        self.merges = f"{namespace}mergeCells"
        self.merge = f"{namespace}mergeCell"
        self.value = f"{namespace}v"
        self.formula = f"{namespace}f"
        self.inline = f"{namespace}is"
        self.extension = f"{namespace}extLst"


class _Spot(NamedTuple):
    """The row and the column of a cell, counted from 0."""

    row: int
    column: int

    def __str__(self) -> str:
        return a1(self.row, self.column)


class _CellContent(NamedTuple):
    """The children of a cell."""

    value: Element | None = None
    formula: Element | None = None
    inline: Element | None = None


class _CellReader:
    """Takes the elements of one worksheet, one after another."""

    def __init__(self, strings: list[str], styles: Styles, most: int) -> None:
        self.strings = strings
        self.styles = styles
        self.most = most
        self.data_seen = False
        self.rows: dict[int, dict[int, Raw]] = {}
        """The number of each row that is not blank → column → value."""
        self.filled = 0
        self.last_number = 0
        self.merges: list[Merge] = []
        self.formatted: list[Formatted] = []
        self.masters: dict[str, SharedFormula] = {}
        """The formula of each group of cells that share one."""
        self.number_styles: dict[str, bool] = {}
        """Whether each style met so far, as it is written, surely shows a number."""

    def take_all(self, part: bytes) -> None:
        """A whole worksheet. Raises ``BrokenXmlError``."""
        for parent, element in pieces(part, level=2):
            self.take(parent, element)

    def take_frame(self, frame: bytes, frames: FrameMemory | None) -> None:
        """A worksheet without its rows; a known one needs no parser. Raises ``BrokenXmlError``."""
        known = None if frames is None else frames.merges(frame)
        if known is not None:
            self.data_seen = True
            self.merges.extend(known)
            return
        self.take_all(frame)
        if frames is not None and self.data_seen:
            frames.learn(frame, tuple(self.merges))

    def take(self, parent: str, element: Element) -> None:
        """One element, complete; the root, which comes first, is not."""
        if not parent:
            self.tags = _SheetTags(element.tag)
            return
        tag = element.tag
        tags = self.tags
        if parent == tags.data:
            if tag != tags.row:
                raise DamagedSheetError(f"行与行之间有不认识的内容 {_plain(tag)}")
            self._take_row(element)
        elif tag == tags.data:
            if self.data_seen:
                raise DamagedSheetError("有两份表格数据")
            if parent != tags.sheet:
                raise DamagedSheetError("表格数据不在工作表之下")
            self.data_seen = True
        elif tag == tags.merge and parent == tags.merges:
            area = element.get("ref", "")
            self.merges.append(_merge(area))

    # --- rows -------------------------------------------------------------------------------------

    def take_texts(self, rows: Iterable[TextRow]) -> None:
        """The rows of a sheet of texts that a search has found."""
        for row in rows:
            filled: dict[int, Raw] = {}
            for column, string in row.cells:
                if string >= len(self.strings):
                    spot = _Spot(row.number - 1, column)
                    raise _misfit(spot, "s", str(string))
                text = self.strings[string]
                if not text:  # a shared string may be empty
                    continue
                if column in filled:
                    raise _twice(row.number)
                filled[column] = text
            if filled:
                self._keep(row.number, filled)

    def _take_row(self, element: Element) -> None:
        number = self._row_number(element.get("r"))
        self.last_number = number
        cell_tag = self.tags.cell
        cells: dict[int, Raw] = {}
        address: str | None = None
        # How many cells without an address follow the last cell that has one.
        beyond = 0
        for cell in element:
            if cell.tag != cell_tag:
                self._refuse_unless_extension(cell, f"第 {number} 行")
                continue
            stated = cell.get("r")
            if stated is None:
                beyond += 1
            else:
                address = stated
                beyond = 0
            if not len(cell):
                continue
            column = _column(address, number) + beyond
            raw = self._raw(cell, number - 1, column)
            if raw is _NOTHING:
                continue
            if column in cells:
                raise _twice(number)
            cells[column] = cast(Raw, raw)
        if cells:
            self._keep(number, cells)

    def _keep(self, number: int, cells: dict[int, Raw]) -> None:
        if number in self.rows:
            raise DamagedSheetError(f"第 {number} 行出现两次")
        if max(cells) >= LAST_COLUMN:
            raise DamagedSheetError(f"第 {number} 行有超出工作表范围的单元格")
        self.rows[number] = cells
        self.filled += len(cells)
        if self.filled > self.most:
            raise LargeSheetError(f"有内容的单元格超过 {self.most} 个")

    def _row_number(self, written: str | None) -> int:
        if written is None:
            number = self.last_number + 1
        elif _INTEGER.fullmatch(written):
            number = int(written)
        else:
            shown = written[:20]
            raise DamagedSheetError(f"行号“{shown}”无法识别")
        if not 1 <= number <= LAST_ROW:
            raise DamagedSheetError(f"行号 {number} 超出工作表的范围")
        return number

    def _refuse_unless_extension(self, element: Element, where: str) -> None:
        if element.tag != self.tags.extension:
            name = _plain(element.tag)
            raise DamagedSheetError(f"{where}有不认识的内容 {name}")

    # --- cells ------------------------------------------------------------------------------------

    def _raw(self, cell: Element, row: int, column: int) -> _Content:
        """What a cell holds; ``_NOTHING`` if it is blank."""
        kind = cell.get("t", "n")
        content = cell[0]
        is_plain = len(cell) == 1 and content.tag == self.tags.value and not len(content)
        if not is_plain:
            return self._of_several(cell, kind, _Spot(row, column))
        if kind == "inlineStr":
            return _NOTHING
        if kind == "str":
            return content.text or _NOTHING
        text = (content.text or "").strip(_BLANKS)
        if text:
            return self._stored(cell, kind, text, row, column)
        return _NOTHING

    def _of_several(self, cell: Element, kind: str, spot: _Spot) -> _Content:
        """What a cell holds that has more than a value, or something else."""
        content = self._content(cell, spot)
        if content.inline is not None and kind != "inlineStr":
            raise DamagedSheetError(f"单元格 {spot} 的类型与内容不符")
        if content.formula is not None:
            self._note_master(content.formula, spot)
        if kind == "inlineStr":
            return self._inline_text(content.inline) or _NOTHING
        text = ""
        if content.value is not None:
            text = content.value.text or ""
        if kind == "str":
            return text or _NOTHING
        text = text.strip(_BLANKS)
        if text:
            return self._stored(cell, kind, text, *spot)
        return self._without_result(content.formula, spot)

    def _content(self, cell: Element, spot: _Spot) -> _CellContent:
        """Value, formula and inline text, each at most once; value and formula are plain text."""
        tags = self.tags
        where = f"单元格 {spot} 里"
        found: dict[str, Element] = {}
        for child in cell:
            tag = child.tag
            if tag not in (tags.value, tags.formula, tags.inline):
                self._refuse_unless_extension(child, where)
            elif tag in found:
                name = _plain(tag)
                raise DamagedSheetError(f"{where}有两个 {name}")
            elif len(child) and tag != tags.inline:
                self._refuse_unless_extension(child[0], where)
            found[tag] = child
        return _CellContent(
            value=found.get(tags.value),
            formula=found.get(tags.formula),
            inline=found.get(tags.inline),
        )

    def _inline_text(self, inline: Element | None) -> str:
        if inline is None:
            return ""
        return string_text(inline, self.tags.namespace)

    def _stored(self, cell: Element, kind: str, text: str, row: int, column: int) -> _Content:
        """The value stored as ``text``.

        A value that needs its format is ``None`` for now, and added to ``formatted``.
        """
        match kind:
            case "n" if _NUMBER.fullmatch(text):
                style = cell.get("s", "0")
                if self._shows_number(style, row, column):
                    return float(text)
                self.formatted.append(Formatted(row, column, int(style), kind, text))
                return None
            case "s" if _is_index(text):
                index = int(text)
                if index < len(self.strings):
                    return self.strings[index] or _NOTHING  # a shared string may be empty
            case "b" if text in _LOGICAL:
                return _LOGICAL[text]
            case "e":
                return ErrorValue(text)
            case "d" if _DATE.fullmatch(text):
                self.formatted.append(Formatted(row, column, 0, kind, text))
                return None
        raise _misfit(_Spot(row, column), kind, text)

    def _shows_number(self, style: str, row: int, column: int) -> bool:
        """Whether a number under a style, as the cell names it, surely is no date."""
        known = self.number_styles.get(style)
        if known is not None:
            return known
        answers = self.styles.shows_numbers
        if style == "0" and not answers:
            shows = True  # a workbook without styles
        elif _INTEGER.fullmatch(style) and int(style) < len(answers):
            shows = answers[int(style)]
        else:
            cell_name = a1(row, column)
            shown = style[:20]
            raise DamagedSheetError(f"单元格 {cell_name} 的样式编号“{shown}”在样式表里没有")
        self.number_styles[style] = shows
        return shows

    # --- formulas ---------------------------------------------------------------------------------

    def _note_master(self, formula: Element, spot: _Spot) -> None:
        """Remember a formula that other cells share."""
        if formula.text and formula.get("t") == "shared":
            group = formula.get("si", "")
            text = f"={formula.text}"
            self.masters[group] = SharedFormula(text, str(spot))

    def _without_result(self, formula: Element | None, spot: _Spot) -> _Content:
        """A cell without a value: blank, or a formula; the pictures of WPS are formulas too."""
        if formula is None:
            return _NOTHING
        written = self._formula_text(formula, spot)
        if _PICTURE in written.upper():
            return Picture()
        return Uncalculated(written)

    def _formula_text(self, formula: Element, spot: _Spot) -> str:
        kind = formula.get("t")
        if kind == "dataTable":
            return "模拟运算表"
        if formula.text:
            return f"={formula.text}"
        master = None
        if kind == "shared":
            group = formula.get("si", "")
            master = self.masters.get(group)
        if master is None:
            return "="
        return master.at(str(spot))

    # --- the end ----------------------------------------------------------------------------------

    def finished(self) -> SheetCells:
        """Everything taken, as far as it fits into one rectangle."""
        if not self.data_seen:
            raise DamagedSheetError("没有表格数据")
        room = _room(self.rows)
        height = room.height
        width = room.width
        rows: list[list[Raw]] = [[None] * width for _ in range(height)]
        far: list[Position] = []
        for number in sorted(self.rows):
            row = number - 1
            for column, raw in self.rows[number].items():
                if row < height and column < width:
                    rows[row][column] = raw
                else:
                    far.append((row, column))
        formatted: list[Formatted] = []
        for one in self.formatted:
            if one.row < height and one.column < width:
                formatted.append(one)
        merges = _settled(self.merges, room)
        return SheetCells(
            rows=rows,
            filled=self.filled,
            merges=merges,
            formatted=tuple(formatted),
            far=tuple(far),
        )


def _twice(row: int) -> DamagedSheetError:
    return DamagedSheetError(f"第 {row} 行有地址相同的单元格")


def _misfit(spot: _Spot, kind: str, text: str) -> DamagedSheetError:
    """The error for a value that a cell of this type cannot hold."""
    shown = text
    if len(text) > 20:
        shown = f"{text[:20]}……"
    named_kind = kind[:20]
    why = f"单元格 {spot} 存的“{shown}”与它的类型（{named_kind}）不符"
    return DamagedSheetError(why)


_Row: TypeAlias = Mapping[int, Raw]
"""Column → value of the cells that are not blank."""
_Rows: TypeAlias = Mapping[int, _Row]
"""Number → row."""


class _Extent(NamedTuple):
    """The size of a rectangle from the first cell of the sheet."""

    height: int
    width: int

    @property
    def is_small(self) -> bool:
        """Whether there is memory for all of its cells."""
        return self.height * self.width <= MAX_AREA


def _room(rows: _Rows) -> _Extent:
    """The rectangle that is read: all cells, unless a far one makes it huge."""
    extent = _extent(rows)
    if extent.is_small:
        return extent
    near = _left_of(rows, NEAR_COLUMNS)
    extent = _extent(near)
    if extent.is_small:
        return extent
    upper: dict[int, _Row] = {}
    for number, cells in near.items():
        if number <= NEAR_ROWS:
            upper[number] = cells
    return _extent(upper)


def _left_of(rows: _Rows, end: int) -> _Rows:
    """The rows that have cells left of a column, with these cells."""
    left: dict[int, _Row] = {}
    for number, cells in rows.items():
        kept: dict[int, Raw] = {}
        for column, raw in cells.items():
            if column < end:
                kept[column] = raw
        if kept:
            left[number] = kept
    return left


def _extent(rows: _Rows) -> _Extent:
    """The smallest rectangle that holds all cells."""
    if not rows:
        return _Extent(0, 0)
    last_row = max(rows)
    last_column = max(map(max, rows.values()))
    return _Extent(last_row, last_column + 1)


def _column(address: str | None, row: int) -> int:
    """The column of a cell's address, from 0; -1 if no cell of the row has had an address yet."""
    if address is None:
        return -1
    find = _row_and_column if row <= REMEMBERED_ROWS else _row_and_column.__wrapped__
    stated_row, column = find(address)
    if stated_row != row:
        cell_name = address.upper()
        raise DamagedSheetError(f"单元格 {cell_name} 写在第 {row} 行")
    return column


@lru_cache(maxsize=1024)  # a workbook has some 600 addresses
def _row_and_column(address: str) -> tuple[int, int]:
    """The number of the row and the column, from 0, of a cell's address."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        capitals = address.upper()
        match = _ADDRESS.fullmatch(capitals)
    if match is None:
        shown = address[:20]
        raise DamagedSheetError(f"单元格的地址“{shown}”无法识别")
    letters, number = match.groups()
    return int(number), _number_of(letters)


@lru_cache(maxsize=1024)
def _number_of(letters: str) -> int:
    _, column = position(f"{letters}1")
    return column


def _is_index(text: str) -> bool:
    """Whether a text is the number of a shared string."""
    if not text.isdigit():
        return False
    if not text.isascii():
        return False
    return len(text) <= _INDEX_DIGITS


def _plain(tag: str) -> str:
    """The name of an element without its namespace, shortened."""
    _, _, name = tag.rpartition("}")
    return f"<{name[:40]}>"


# --- merged areas -------------------------------------------------------------------------------


def _merge(written: str) -> Merge:
    """An area however it is written: from its end, in small letters, with blanks, or of one cell."""
    match = _AREA.fullmatch(written)
    if match is None:
        shown = written[:30]
        raise DamagedSheetError(f"合并区域“{shown}”无法识别")
    letters, number, other_letters, other_number = match.groups()
    columns = [_number_of(letters.upper())]
    rows = [int(number)]
    if other_letters:
        other_column = _number_of(other_letters.upper())
        columns.append(other_column)
        rows.append(int(other_number))
    first_row = min(rows)
    last_row = max(rows)
    last_column = max(columns)
    if last_column >= LAST_COLUMN or last_row > LAST_ROW:
        shown = written[:30]
        raise DamagedSheetError(f"合并区域“{shown}”超出工作表的范围")
    return Merge(first_row - 1, min(columns), last_row - 1, last_column)


def _settled(merges: list[Merge], room: _Extent) -> tuple[Merge, ...]:
    """The areas within the filled part of the sheet, each once; none may overlap another.

    Whatever lies outside holds nothing. Excel reports a workbook with overlapping areas as damaged.
    """
    width = max(room.width, NEAR_COLUMNS)
    last_row = room.height - 1
    last_column = width - 1
    settled: list[Merge] = []
    for merge in dict.fromkeys(merges):
        bottom = min(merge.bottom, last_row)
        right = min(merge.right, last_column)
        is_inside = merge.top <= bottom and merge.left <= right
        if is_inside:
            inside = Merge(merge.top, merge.left, bottom, right)
            settled.append(inside)
    _refuse_overlaps(settled, room.height * width)
    several = [merge for merge in settled if not _is_single(merge)]
    return tuple(several)


def _refuse_overlaps(merges: list[Merge], most: int) -> None:
    """Refuse areas that overlap; those with more than ``most`` cells together surely do."""
    if len(merges) < 2:
        return
    total = 0
    for merge in merges:
        height = merge.bottom - merge.top + 1
        width = merge.right - merge.left + 1
        total += height * width
    covered: set[Position] = set()
    if total <= most:
        for merge in merges:
            covered.update(merge.cells())
    if len(covered) < total:
        raise DamagedSheetError("合并区域互相重叠，不知哪一格有数，请取消合并后重新合并")


def _is_single(merge: Merge) -> bool:
    return merge.top == merge.bottom and merge.left == merge.right
