"""The roster as a sheet to fill in: one row for each unit."""

from __future__ import annotations

from collections.abc import Sequence

from govdisclose.form.sheets import ROSTER_COLUMNS, ROSTER_SHEET, ROSTER_WORDS
from govdisclose.write.workbook.writer import (
    TOP_ROW,
    WorkbookWriter,
    written_workbook,
)

_BLANK_ROWS = 200
_HINT = (
    "一家一行。“代码”填统一社会信用代码（没有可空着，但同名单位必须有）；“上级”填另一行的代码或名称，最上一级空着；"
    "“层级”自定，如市级、县级、乡级；“填报”填是或否，空着时没有下级的为是、有下级的为否；"
    "“曾用名”填报告上可能出现的旧称、简称，“原代码”填换码以前的代码，几个之间用顿号；“联系人”等四列可以不填，退回修改时用。"
    "机构改革：撤销、合并的单位不要删去，在它那一行填“并入”（并入单位的代码或名称）和“撤并年份”，这一年起不再要它的报告；"
    "新设的单位填“设立年份”，从别的单位分出的再填“分设自”（原单位的代码或名称），这一年起要它的报告。"
)
_WIDTHS = (22, 48, 30, 12, 8, 28, 24, 24, 10, 24, 10, 12, 18, 27, 50)
"""Widths of the columns, as Excel counts."""
_LABELS = 2
"""Code and name are printed on every page."""
_PRINTED_BLANKS = 20
"""Blank rows that are printed."""
_TITLE_COLUMNS = 6
"""Title and hint stand over the first columns, which a screen shows."""
_REPORTS_RULE = {
    "validate": "list",
    "source": list(ROSTER_WORDS),
    "error_message": f"只能填{'或'.join(ROSTER_WORDS)}。",
}
"""What the column 填报 takes."""


def roster_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook (.xlsx) with the rows of a roster and room for more.

    Raises ``OutputError`` for text that a cell cannot hold unchanged.
    """
    return written_workbook(ROSTER_SHEET, lambda workbook: _write(workbook, rows), headed=False)


def _write(workbook: WorkbookWriter, rows: Sequence[Sequence[str]]) -> None:
    columns = len(ROSTER_COLUMNS)
    page = workbook.page(ROSTER_SHEET, _WIDTHS, landscape=True)
    page.head(ROSTER_SHEET, _HINT, _TITLE_COLUMNS)
    page.row(TOP_ROW, ROSTER_COLUMNS, "header")
    page.sheet.repeat_rows(TOP_ROW)
    page.print_across(_LABELS)
    page.print_columns(TOP_ROW + len(rows) + _PRINTED_BLANKS, columns)
    first = TOP_ROW + 1
    bottom = first + len(rows) + _BLANK_ROWS
    blanks = [("",) * columns] * _BLANK_ROWS
    for row, cells in enumerate([*rows, *blanks], first):
        page.grow(row, cells)
        page.row(row, cells, "input", "text", "left")
    reports = ROSTER_COLUMNS.index("填报")
    page.sheet.data_validation(first, reports, bottom, reports, _REPORTS_RULE)
    page.keep_texts(f"A{first + 1}:O{bottom + 1}")
    page.sheet.freeze_panes(first, 0)
    page.filter(TOP_ROW, len(rows) + _BLANK_ROWS)
