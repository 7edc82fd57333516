"""The sheets of the tables, and edits of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl import Workbook

from govdisclose.write.workbook import data_cells
from support.reports import (
    EDITION_2021,
    consistent_report,
)

REQUESTS, PROACTIVE, DISPUTES = "三、依申请公开", "二、主动公开", "四、复议诉讼"


REPORT = consistent_report()


def unmerge(sheet: Any) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def shift(sheet: Any, at: int, rows: int) -> None:
    areas = [area.bounds for area in sheet.merged_cells.ranges]
    unmerge(sheet)
    values = {
        (c.row, c.column): c.value
        for line in sheet.iter_rows()
        for c in line
        if c.value is not None
    }
    for line in list(sheet.iter_rows()):
        for cell in line:
            cell.value = None
    for (row, column), value in values.items():
        moved = (row + (rows and row >= at), column + (not rows and column >= at))
        if not (isinstance(value, str) and value.startswith("=")):
            sheet.cell(*moved).value = value
    stated = {
        place[1:]: REPORT.values()[path]
        for path, place in data_cells(EDITION_2021).items()
        if place[0] == sheet.title
    }
    for (row, column), value in stated.items():
        row, column = row + 1, column + 1
        sheet.cell(
            row + (1 if rows and row >= at else 0), column + (1 if not rows and column >= at else 0)
        ).value = value
    for left, top, right, bottom in areas:
        if rows:
            top, bottom = top + (top >= at), bottom + (bottom >= at)
        else:
            left, right = left + (left >= at), right + (right >= at)
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def rewrite(sheet: str, old: str, new: str | None) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        cells = [c for line in workbook[sheet].iter_rows() for c in line if c.value == old]
        assert cells, old
        cells[0].value = new

    return edit


def add_column(name: str, value: float = 1) -> Callable[[Workbook], None]:
    """A column among the applicants, with numbers."""

    def edit(workbook: Workbook) -> None:
        shift(workbook[REQUESTS], 9, rows=0)
        workbook[REQUESTS].cell(5, 9).value = name
        for row in range(6, 31):
            workbook[REQUESTS].cell(row, 9).value = value

    return edit


def add_row(name: str) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        shift(workbook[REQUESTS], 8, rows=1)
        workbook[REQUESTS].cell(8, 2).value = name
        for column in range(4, 11):
            workbook[REQUESTS].cell(8, column).value = 1

    return edit


def shift_right(sheet: str, row: int, first: int, last: int) -> Callable[[Workbook], None]:
    """“Insert cells, shift right” at the first column of a row."""

    def edit(workbook: Workbook) -> None:
        unmerge(workbook[sheet])
        for column in range(last + 1, first, -1):
            workbook[sheet].cell(row, column).value = workbook[sheet].cell(row, column - 1).value
        workbook[sheet].cell(row, first).value = None

    return edit


def put(sheet: str, address: str, value: object) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        unmerge(workbook[sheet])
        workbook[sheet][address] = value

    return edit


def copy_sheet(workbook: Workbook) -> None:
    workbook.copy_worksheet(workbook[REQUESTS])


REPORTED: dict[str, tuple[Callable[[Workbook], Any], str]] = {
    "a statutory table deleted": (lambda book: book.remove(book[DISPUTES]), "S101"),
    "a sheet copied": (copy_sheet, "S102"),
    "a row's label deleted": (rewrite(REQUESTS, "2.重复申请", None), "S103"),
    "a row's label mistyped": (rewrite(REQUESTS, "2.重复申请", "2.重複的申请"), "S103"),
    "a row twice": (rewrite(REQUESTS, "2.重复申请", "3.要求提供公开出版物"), "S104"),
    "a row added": (add_row("其中：网络申请"), "S105"),
    "a column's label deleted": (rewrite(REQUESTS, "科研机构", None), "S106"),
    "a column twice": (rewrite(REQUESTS, "科研机构", "商业企业"), "S107"),
    "a column added": (add_column("法人小计"), "S108"),
    "a column added with shares in it": (add_column("占比", 1 / 3), "S108"),
    "a row of table two moved by a cell": (shift_right(PROACTIVE, 5, 2, 4), "S108"),
    "a figure beside its cell, under the same wide header": (put(PROACTIVE, "C9", 55), "S108"),
    "an amount beside its cell": (put(PROACTIVE, "C16", 0.5), "S108"),
    "a row right below the table, with a share": (
        lambda book: (put(PROACTIVE, "A17", "办结率")(book), put(PROACTIVE, "B17", 2 / 3)(book)),
        "S105",
    ),
    "a prose sheet copied": (
        lambda book: setattr(
            book.copy_worksheet(book["六、其他事项"]), "title", "六、其他事项 (2)"
        ),
        "S102",
    ),
    "a prose sheet deleted": (lambda book: book.remove(book["五、问题及改进"]), "S109"),
    "data cells merged": (lambda book: book[REQUESTS].merge_cells("D8:E8"), "S111"),
    "basic data deleted": (lambda book: book.remove(book["基本信息"]), "S112"),
}
