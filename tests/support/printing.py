"""What a printed workbook looks like, worked out from the file alone."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from attrs import frozen
from openpyxl.cell.cell import Cell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

_SHORT, _LONG = 595.3, 841.9
"""The edges of A4 in points."""
_PIXEL = 0.75
"""Points."""
_DEFAULT_HEIGHT = 15.0
_HIGHEST = 409.0


@frozen
class Print:
    """How one sheet is printed: scale, smallest letters in points on paper, and number of pages."""

    sheet: str
    scale: float
    smallest: float
    pages: int


def printed(sheet: Worksheet) -> Print:
    """The print of a sheet that is fitted to the width of the page."""
    left, top, right, bottom = _area(sheet)
    width = sum(_width(sheet, column) for column in range(left, right + 1))
    heights = sum(_height(sheet, row) for row in range(top, bottom + 1))
    lies_across = sheet.page_setup.orientation == "landscape"
    margins = sheet.page_margins
    room = (_LONG if lies_across else _SHORT) - 72 * (margins.left + margins.right)
    depth = (_SHORT if lies_across else _LONG) - 72 * (margins.top + margins.bottom)
    across = sheet.page_setup.fitToWidth or 1
    scale = min(1.0, across * room / width)
    if sheet.page_setup.fitToHeight in (None, 1):
        scale = min(scale, depth / heights)
    sizes = [
        cell.font.sz
        for cell in _filled(sheet)
        if left <= cell.column <= right and top <= cell.row <= bottom
    ]
    pages = across * ceil(heights * scale / depth)
    return Print(sheet.title, scale, scale * min(sizes), pages)


def clipped(sheet: Worksheet) -> list[str]:
    """The cells whose rows do not show all lines of their text."""
    return [cell.coordinate for cell in _filled(sheet) if _is_clipped(sheet, cell)]


def _area(sheet: Worksheet) -> tuple[int, int, int, int]:
    if not sheet.print_area:
        return 1, 1, sheet.max_column, sheet.max_row
    edges = range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))
    left, top, right, bottom = (int(edge or 0) for edge in edges)
    return left, top, right, bottom


def _width(sheet: Worksheet, column: int) -> float:
    """Points; a digit of the usual letters has seven pixels."""
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= column <= dimension.max:
            return dimension.width * 7 * _PIXEL
    return 9.14 * 7 * _PIXEL


def _height(sheet: Worksheet, row: int) -> float:
    return sheet.row_dimensions[row].height or _DEFAULT_HEIGHT


def _filled(sheet: Worksheet) -> Iterator[Cell]:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.value not in (None, ""):
                yield cell


def _is_clipped(sheet: Worksheet, cell: Cell) -> bool:
    if not isinstance(cell.value, str) or cell.data_type == "f" or not cell.alignment.wrap_text:
        return False
    rows, columns = range(cell.row, cell.row + 1), range(cell.column, cell.column + 1)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            rows = range(merged.min_row, merged.max_row + 1)
            columns = range(merged.min_col, merged.max_col + 1)
    size = cell.font.sz
    room = sum(_width(sheet, column) for column in columns) - 6
    lines = sum(max(1, ceil(_ems(line) * size / room)) for line in cell.value.split("\n"))
    needed = min(_HIGHEST, lines * size * 1.2)
    return needed > sum(_height(sheet, row) for row in rows) + 1


def _ems(line: str) -> float:
    return sum(0.5 if char < "\x80" else 1.0 for char in line)
