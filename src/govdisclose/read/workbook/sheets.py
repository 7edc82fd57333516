"""The worksheets of a workbook → grids of raw cells, checked as a whole.

Each sheet is read as strictly as Excel reads it (``cells``). calamine only decides whether a number
is a date, by the format of its cell (``engine``). A limit refuses the workbook; no limit cuts data
off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from govdisclose.errors import InputError
from govdisclose.read.grid import REMEMBERED_ROWS, Grid, a1, cell_address
from govdisclose.read.workbook.cells import (
    DamagedSheetError,
    Formatted,
    LargeSheetError,
    SheetCells,
    read_cells,
)
from govdisclose.read.workbook.days import day_of, shows_days
from govdisclose.read.workbook.opening import Book
from govdisclose.read.workbook.parts import BookParts, SheetPart
from govdisclose.read.workbook.strings import BadStringsError, SharedStrings, shared_strings
from govdisclose.read.workbook.styles import BadStylesError, Styles, StylesMemory, read_styles

if TYPE_CHECKING:
    from govdisclose.read.workbook.frames import FrameMemory

MAX_CELLS = 1_000_000
"""Filled cells that the sheets of a workbook may hold together; a statutory one has some 1,500."""
MAX_AREA = 3_000_000
"""Cells of the rectangles around them, blank ones counted."""
MAX_TAGS = 6_000_000
"""Tags in the XML of the sheets; a row that is only formatted has one, a cell with a value four."""

_NONE: frozenset[str] = frozenset()


def read_grids(book: Book, file: str, *, without: frozenset[str] = _NONE) -> list[Grid]:
    """Every worksheet of a workbook, hidden ones too, as a grid; not those named in ``without``.

    All of each sheet is read, or ``InputError`` is raised.
    """
    grids = read_all_grids(book, file, without=without)
    for grid in grids:
        if grid.far:
            cell = a1(*grid.far[0])
            raise InputError(
                f"{file} 的工作表“{grid.name}”的 {cell} 有内容，离其他内容太远，请移近或删去后保存"
            )
    return grids


def read_all_grids(book: Book, file: str, *, without: frozenset[str] = _NONE) -> list[Grid]:
    """As ``read_grids``, but a grid names cells far from all others instead of being refused."""
    strings = strings_of(book.parts, file)
    styles = styles_of(book.parts, file)
    return grids_of(book.parts, strings, styles, file, without)


def styles_of(parts: BookParts, file: str, memory: StylesMemory | None = None) -> Styles:
    """The styles of a workbook. Raises ``InputError`` if they cannot be read."""
    part = parts.content(parts.styles)
    try:
        if memory is None:
            return read_styles(part)
        return memory.read(part)
    except BadStylesError as error:
        raise InputError(_damaged(file, error)) from error


def grids_of(
    parts: BookParts,
    strings: SharedStrings,
    styles: Styles,
    file: str,
    without: frozenset[str],
    frames: FrameMemory | None = None,
) -> list[Grid]:
    """The worksheets except those named in ``without``; cells are understood by their formats.

    ``frames`` knows worksheets read before.
    """
    wanted = [sheet for sheet in parts.sheets if sheet.name not in without]
    if not wanted:
        return []
    read = list(_checked(parts, wanted, strings.texts, styles, file, frames))
    _refuse_spread(wanted, read, file)
    _fill_formatted(read, styles, date1904=parts.date1904, file=file)
    grids = []
    for sheet, cells in zip(wanted, read, strict=True):
        cell_name = a1 if len(cells.rows) <= REMEMBERED_ROWS else cell_address
        grid = Grid(file, sheet.name, cells.rows, cells.merges, cell_name, far=cells.far)
        grids.append(grid)
    return grids


def strings_of(parts: BookParts, file: str) -> SharedStrings:
    """The shared strings of a workbook. Raises ``InputError`` if they cannot be read."""
    room = sum(map(len, parts.package.parts.values()))
    try:
        return shared_strings(parts.content(parts.strings), room=room)
    except BadStringsError as error:
        raise InputError(_damaged(file, error)) from error


def _damaged(file: str, error: Exception) -> str:
    return f"{file} 已损坏（{error}），请用 Excel 或 WPS 打开后另存一份"


def _checked(
    parts: BookParts,
    wanted: Sequence[SheetPart],
    strings: list[str],
    styles: Styles,
    file: str,
    frames: FrameMemory | None,
) -> Iterator[SheetCells]:
    """The cells of each sheet, refused if they are damaged, or too many together."""
    cells_left = MAX_CELLS
    tags_left = MAX_TAGS
    size = sum(len(parts.content(sheet.part)) for sheet in wanted)
    for sheet in wanted:
        content = parts.content(sheet.part)
        if size > MAX_TAGS:  # a smaller workbook has fewer tags
            tags_left -= content.count(b"<")
        if tags_left < 0:
            from govdisclose.read.workbook.oversized import too_many_tags

            raise InputError(too_many_tags(file, sheet.name, content))
        try:
            cells = read_cells(content, strings, styles, cells_left, frames)
        except DamagedSheetError as error:
            raise InputError(
                f"{file} 的工作表“{sheet.name}”已损坏（{error}），请用 Excel 或 WPS 打开后另存一份"
            ) from error
        except LargeSheetError as error:
            raise InputError(
                f"{file} 的工作表“{sheet.name}”{error}，不像年度报告工作簿，请把与报告无关的内容移到别的文件"
            ) from error
        cells_left -= cells.filled
        yield cells


def _refuse_spread(wanted: Sequence[SheetPart], checked: Sequence[SheetCells], file: str) -> None:
    """Refuse sheets whose rectangles together are far larger than what they hold."""
    areas = [len(cells.rows) * cells.width for cells in checked]
    if sum(areas) <= MAX_AREA:
        return
    largest = areas.index(max(areas))
    cells = checked[largest]
    name = wanted[largest].name
    height = len(cells.rows)
    last = a1(height - 1, cells.width - 1)
    raise InputError(
        f"{file} 的各张工作表占的范围太大（如“{name}”直到 {last}），请删去远离表格的内容，或与报告无关的工作表"
    )


def _fill_formatted(
    read: Sequence[SheetCells], styles: Styles, *, date1904: bool, file: str
) -> None:
    """Put values into the cells that need their format: days, or what calamine says."""
    asked: list[tuple[SheetCells, Formatted]] = []
    for sheet in read:
        for cell in sheet.formatted:
            day = None
            is_number = cell.kind == "n"
            if is_number and not date1904 and shows_days(styles, cell.style):
                day = day_of(cell.text)
            if day is None:
                asked.append((sheet, cell))
            else:
                sheet.rows[cell.row][cell.column] = day
    if not asked:
        return
    from govdisclose.read.workbook.engine import UnreadableError, understood

    try:
        answers = understood([cell for _, cell in asked], styles, date1904=date1904)
    except UnreadableError as error:
        raise InputError(
            f"{file} 的内容已损坏，读不出日期，请用 Excel 或 WPS 打开后另存一份"
        ) from error
    for (sheet, cell), answer in zip(asked, answers, strict=True):
        sheet.rows[cell.row][cell.column] = answer
