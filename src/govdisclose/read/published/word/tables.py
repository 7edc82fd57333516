"""The tables of a Word document → grids."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

from govdisclose.errors import InputError
from govdisclose.read.grid import Grid, Merge, Raw, Unseen, is_figure
from govdisclose.read.published.document import cell_name
from govdisclose.read.published.word.element_names import (
    CELL,
    CELL_PROPERTIES,
    ROW,
    ROW_PROPERTIES,
    TABLE_PROPERTIES,
    TABLE_STYLE,
    TEXT,
    VALUE,
    W,
    child,
    is_on,
    number,
    small_number,
    style_of,
    value_of,
)
from govdisclose.read.published.word.letter_marks import is_shaded
from govdisclose.read.published.word.paragraph_text import ParagraphText
from govdisclose.read.published.word.run_appearance import WordStyles
from govdisclose.read.published.word.shown import cell_paragraphs, ends_with_deleted_mark, shown

MAX_CELLS = 200_000
"""Cells of all tables together; a report has some five hundred."""
_WIDEST_SPAN = 1000
"""A span is also the number of cells to make, so it is bounded."""
_SHADING = W + "shd"
_LOWEST_ROW = 100
"""Twentieths of a point."""


@frozen
class WordTable:
    """A table as a grid, with its text that is not read: beside the cells, and struck or hidden."""

    grid: Grid
    beside: tuple[str, ...]
    struck: tuple[str, ...]


def read_table(
    table: Element, styles: WordStyles, file: str | None, name: str, cells_before: int = 0
) -> WordTable:
    """The grid of a table. The text of an area stands in its first corner.

    ``cells_before`` are the cells of the tables before it. Raises ``InputError`` for more cells
    than a report has.
    """
    style = style_of(table, TABLE_PROPERTIES, TABLE_STYLE)
    shading = child(table.find(TABLE_PROPERTIES), _SHADING)
    may_be_shaded = styles.may_shade(style, "table")
    shaded = may_be_shaded or is_shaded(shading)
    most = MAX_CELLS - cells_before
    making = _GrowingTable(styles=styles, style=style, room=most, file=file, is_shaded=shaded)
    for node in shown(table):
        if node.tag == ROW:
            making.add_row(node)
        else:
            making.add_beside(node)
    rows = making.even_rows()
    grid = Grid(file=file, name=name, rows=rows, merges=making.merges(), cell_name=cell_name)
    return WordTable(
        grid,
        beside=tuple(making.beside),
        struck=tuple(making.struck),
    )


def count_cells(grid: Grid) -> int:
    """The cells that a table takes from the limit."""
    return sum(map(len, grid.rows))


@define
class _CellArea:
    """A merged area that may still grow downwards."""

    top: int
    left: int
    bottom: int
    right: int


@define
class _GrowingTable:
    """A table that is being read: its rows, its merged areas, and its texts that are not read."""

    styles: WordStyles
    style: str | None
    room: int
    file: str | None
    is_shaded: bool
    rows: list[list[Raw]] = field(factory=list)
    areas: list[_CellArea] = field(factory=list)
    beside: list[str] = field(factory=list)
    struck: list[str] = field(factory=list)
    _above: dict[int, _CellArea] = field(factory=dict)
    _below: dict[int, _CellArea] = field(factory=dict)

    def add_beside(self, node: Element) -> None:
        """Keep the text of an element between rows or cells: no cell has it."""
        for text in node.iter(TEXT):
            self.beside.append(text.text or "")

    def add_row(self, row_node: Element) -> None:
        """Read a row, unless it is deleted or hidden."""
        properties = row_node.find(ROW_PROPERTIES)
        if is_on(properties, "del"):
            return
        if is_on(properties, "hidden"):
            return
        skipped = _span(properties, "gridBefore", 0)
        row: list[Raw] = [None] * skipped
        self._below = {}
        for node in shown(row_node):
            if node.tag == CELL:
                row += self._cells(node, len(row), _is_flat(properties))
                if len(row) > self.room:
                    raise _too_many(self.file)
            else:
                self.add_beside(node)
        self._above = self._below
        self.room -= len(row)
        self.rows.append(row)

    def _cells(self, cell: Element, left: int, is_flat: bool) -> list[Raw]:
        """The cells of a row that one of Word spans from column ``left`` on.

        They are blank where the area above grows over them.
        """
        properties = cell.find(CELL_PROPERTIES)
        merge = child(properties, W + "vMerge")
        span = _span(properties, "gridSpan", 1)
        right = left + span - 1
        area = self._area_above(merge, left, right)
        if area is not None:
            area.bottom = len(self.rows)
            self._below[left] = area
            covered = self._read_cell(cell, is_flat)
            if isinstance(covered, str) and covered.strip():
                self.beside.append(covered)  # Word shows nothing of it
            return [None] * span
        number = len(self.rows)
        area = _CellArea(top=number, left=left, bottom=number, right=right)
        self.areas.append(area)
        if merge is not None:
            self._below[left] = area
        is_deleted = child(properties, W + "cellDel") is not None
        content = self._read_cell(cell, is_flat or is_deleted)
        return [content, *[None] * (span - 1)]

    def _area_above(self, merge: Element | None, left: int, right: int) -> _CellArea | None:
        """The area that a cell continues, if it is marked so and is as wide."""
        if merge is None or merge.get(VALUE) == "restart":
            return None
        area = self._above.get(left)
        if area is not None and area.right == right:
            return area
        return None

    def _read_cell(self, cell: Element, is_doubtful: bool) -> Raw:
        """The text of a cell, one paragraph a line, or a doubt about the figure that it shows."""
        words = ParagraphText(self.styles, in_cell=True, table=self.style)
        shading = cell.find(f"{CELL_PROPERTIES}/{_SHADING}")
        words.is_shaded = self.is_shaded or is_shaded(shading)
        words.doubt = "已删去或压得看不见" if is_doubtful else ""
        lines = _cell_lines(cell, words)
        text = "\n".join(lines).strip("\n")
        self.beside += words.beside
        self.struck += words.struck
        plain = "".join(text.split())
        doubt = words.doubt or words.difference()
        if doubt and is_figure(plain):
            return Unseen(plain, doubt)
        return text or None

    def even_rows(self) -> list[list[Raw]]:
        """The rows, all of one width."""
        width = max(map(len, self.rows), default=0)
        if width * len(self.rows) > MAX_CELLS:
            raise _too_many(self.file)
        even: list[list[Raw]] = []
        for row in self.rows:
            missing = width - len(row)
            even.append(row + [None] * missing)
        return even

    def merges(self) -> tuple[Merge, ...]:
        """The areas of more than one cell."""
        found: list[Merge] = []
        for area in self.areas:
            if (area.top, area.left) != (area.bottom, area.right):
                merge = Merge(area.top, area.left, area.bottom, area.right)
                found.append(merge)
        return tuple(found)


def _too_many(file: str | None) -> InputError:
    return InputError(f"{file or '文件'} 的表格超过 {MAX_CELLS} 个单元格，不像年度报告")


def _cell_lines(cell: Element, words: ParagraphText) -> Sequence[str]:
    """The paragraphs of a cell; one whose end is deleted is continued by the next."""
    lines: list[str] = []
    goes_on = False
    for paragraph in cell_paragraphs(cell):
        words.start(paragraph)
        words.collect(paragraph)
        if goes_on:
            lines[-1] += words.text
        else:
            lines.append(words.text)
        goes_on = ends_with_deleted_mark(paragraph)
    return lines


def _span(properties: Element | None, name: str, default: int) -> int:
    return min(number(properties, name, default), _WIDEST_SPAN)


def _is_flat(properties: Element | None) -> bool:
    """Whether a row is so low that its text cannot be read."""
    height = child(properties, W + "trHeight")
    if height is None or height.get(W + "hRule") != "exact":
        return False
    value = value_of(height)
    return value.isdecimal() and small_number(value) < _LOWEST_ROW
