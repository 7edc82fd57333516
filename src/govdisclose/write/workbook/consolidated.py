"""汇总说明: the first sheet of a consolidated workbook says who is in it and who is not."""

from __future__ import annotations

from attrs import frozen

from govdisclose.form.sheets import SUMMARY_SHEET
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW
from govdisclose.write.workbook.provenance import Source
from govdisclose.write.workbook.writer import Book

ROSTER_COLUMNS = ("层级", "单位", "代码", "上级", "情况", "文件", "备注")


@frozen
class Entry:
    """One line of the list of units: what the columns hold, and whether its figures are in the sum."""

    cells: tuple[str, ...]
    counted: bool


@frozen
class Consolidation:
    """All that 汇总说明 and 来源明细 show. ``face`` is the one sentence that must not be overlooked."""

    face: str
    complete: bool
    notes: tuple[str, ...]
    entries: tuple[Entry, ...]
    sources: tuple[Source, ...]


def summary_page(book: Book, made: Consolidation) -> None:
    """How many of how many, what to know of the figures, and every unit with what became of its report."""
    page = book.page(SUMMARY_SHEET, (10, 34, 22, 28, 14, 34, 60), landscape=True)
    width = len(ROSTER_COLUMNS)
    page.merged(TITLE_ROW, 0, 1, width, SUMMARY_SHEET, "title")
    page.sheet.set_row(TITLE_ROW, 36)
    page.merged(HINT_ROW, 0, 1, width, made.face, "title", "good" if made.complete else "bad")
    page.height(HINT_ROW, made.face * 2, 0, width, least=36)
    row = TOP_ROW
    for note in made.notes:
        page.merged(row, 0, 1, width, note, "hint")
        page.height(row, note, 0, width)
        row += 1
    for column, name in enumerate(ROSTER_COLUMNS):
        page.text(row, column, name, "header")
    page.sheet.set_row(row, 24)
    page.sheet.freeze_panes(row + 1, 0)
    page.sheet.repeat_rows(row)
    page.sheet.autofilter(row, 0, row + max(1, len(made.entries)), width - 1)
    for line, entry in enumerate(made.entries, row + 1):
        page.heights(line, entry.cells)
        for column, text in enumerate(entry.cells):
            page.text(line, column, text, "plain", *(() if entry.counted else ("open",)))
    page.sheet.ignore_errors({"number_stored_as_text": "A1:G9999"})
    page.sheet.set_tab_color("#0B6B2E" if made.complete else "#9C0006")
    page.sheet.activate()
    page.sheet.set_first_sheet()
