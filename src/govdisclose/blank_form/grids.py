"""The tables of a Word form as grids, with the element of every cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import define, field, frozen

from govdisclose.blank_form.elements import CELL, ROW, TABLE, Element, W, children, text_of
from govdisclose.errors import TemplateError
from govdisclose.read.grid import Grid, Merge, Raw

_MAX_COLUMNS = 100
"""Columns of a table; a statutory one has some fifteen."""
_COLUMN_DIGITS = len(str(_MAX_COLUMNS))

_At: TypeAlias = tuple[int, int]
"""A row and a column, from 0."""


@frozen
class FormTable:
    """One table of the form: its grid, and the element of each cell by the corner of its area."""

    grid: Grid
    cells: dict[_At, Element]


def form_tables(body: Element) -> Iterator[FormTable]:
    """The tables of the document, except those inside cells."""
    number = 0
    for table in body.iter(TABLE):
        cell_around = next(table.iterancestors(CELL), None)
        if cell_around is None:
            number += 1
            yield _read_table(table, f"第{number}个表格")


def _read_table(table: Element, name: str) -> FormTable:
    reader = _TableReader()
    for row in children(table, ROW):
        reader.read(row)
    width = max(map(len, reader.rows), default=0)
    for line in reader.rows:
        missing = width - len(line)
        line.extend([None] * missing)
    merges: list[Merge] = []
    for corner, end in reader.ends.items():
        if corner != end:
            merges.append(Merge(*corner, *end))
    grid = Grid(None, name, reader.rows, tuple(merges), _cell_name)
    return FormTable(grid, reader.cells)


@define
class _TableReader:
    """Reads the rows of a table one after the other.

    ``ends`` are the last row and column of each area by its corner; ``open`` the corners of areas
    that may go on in the next row, by their column.
    """

    rows: list[list[Raw]] = field(factory=list)
    cells: dict[_At, Element] = field(factory=dict)
    ends: dict[_At, _At] = field(factory=dict)
    open: dict[int, _At] = field(factory=dict)

    def read(self, row: Element) -> None:
        """Read the next row of the table."""
        before = row.find(f"{W}trPr/{W}gridBefore")
        blanks = _count(before, 0)
        line: list[Raw] = [None] * blanks
        still_open: dict[int, _At] = {}
        for cell in children(row, CELL):
            left = len(line)
            grid_span = cell.find(f"{W}tcPr/{W}gridSpan")
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            span = _count(grid_span, 1)
            above = None
            if _continues(merge):
                above = self.open.get(left)
            if above is None:
                corner = self._begin(cell, left, span)
                line.append(text_of(cell) or None)
            else:
                corner = above
                right = left + span - 1
                self._go_on(corner, right)
                line.append(None)
            others = span - 1
            line.extend([None] * others)
            if merge is not None:
                still_open[left] = corner
        self.open = still_open
        self.rows.append(line)

    def _begin(self, cell: Element, left: int, span: int) -> _At:
        """Begin the area of a cell in this row; return its corner."""
        row = len(self.rows)
        right = left + span - 1
        corner = (row, left)
        self.cells[corner] = cell
        self.ends[corner] = (row, right)
        return corner

    def _go_on(self, corner: _At, right: int) -> None:
        """Let an area go on into this row."""
        row = len(self.rows)
        _, right_above = self.ends[corner]
        self.ends[corner] = (row, max(right, right_above))


def _continues(merge: Element | None) -> bool:
    """Whether a cell belongs to the area of the cell above it."""
    if merge is None:
        return False
    kind = merge.get(f"{W}val", "continue")
    return kind == "continue"


def _cell_name(row: int, column: int) -> str:
    return f"第{row + 1}行第{column + 1}列"


def _count(element: Element | None, otherwise: int) -> int:
    """The number of columns in an attribute. Raises ``TemplateError`` if it is too large."""
    if element is None:
        return otherwise
    digits = element.get(f"{W}val", "")
    if not digits.isdecimal():
        return otherwise
    is_long = len(digits) > _COLUMN_DIGITS
    if is_long or int(digits) > _MAX_COLUMNS:
        raise TemplateError(f"有一张表格超过 {_MAX_COLUMNS} 列，不像通知附件的空白格式")
    return int(digits)
