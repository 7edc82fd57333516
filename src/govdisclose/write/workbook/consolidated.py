"""What a consolidated workbook has beyond a standardized one: who is in it, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import PROVENANCE_SHEET, SUMMARY_SHEET
from govdisclose.write.workbook.book import Book, Page
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW

ROSTER_COLUMNS = ("层级", "单位", "代码", "上级", "情况", "文件", "备注")
SOURCE_COLUMNS = ("单位", "代码", "部分", "行", "列", "数")

MOST_ROWS = 150_000
"""Lines of 来源明细 that a workbook of ours may hold: some 60 MB before packing, which readers still open."""

_BLANK = "空白"


@frozen
class Entry:
    """One line of the list of units: what the columns hold, and whether its figures are in the sum."""

    cells: tuple[str, ...]
    counted: bool


@frozen
class Source:
    """What one unit contributed: its cells in printed order, totals derived."""

    name: str
    code: str
    values: Sequence[Value]


@frozen
class Consolidation:
    """All that the two sheets show. ``face`` is the one sentence that must not be overlooked."""

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
    page.sheet.autofilter(row, 0, row + max(1, len(made.entries)), width - 1)
    for line, entry in enumerate(made.entries, row + 1):
        page.height(line, entry.cells[-1], width - 1)
        for column, text in enumerate(entry.cells):
            page.text(line, column, text, "plain", *(() if entry.counted else ("open",)))
    page.sheet.ignore_errors({"number_stored_as_text": "A1:G9999"})
    page.sheet.set_tab_color("#0B6B2E" if made.complete else "#9C0006")
    page.sheet.activate()
    page.sheet.set_first_sheet()


def provenance_page(book: Book, edition: Edition, made: Consolidation) -> None:
    """A long table, one line for each unit and cell that is not 0, so that a figure can be taken apart by filtering.

    Its lines go to a file as they are written, so that thousands of units fit. Its texts stand in
    汇总说明 too, which refuses what cannot be stored.
    """
    book.file.constant_memory = True  # of the sheet added now, which all others are not
    page = book.page(PROVENANCE_SHEET, (36, 22, 16, 44, 30, 14), landscape=True)
    book.file.constant_memory = False
    total = sum(len(source.values) - list(source.values).count(0) for source in made.sources)
    _open(page, total, made)
    names = _names(edition)
    plain, number = (book.style("base", "free", *look) for look in ((), ("number",)))
    string, figure, row = page.sheet.write_string, page.sheet.write_number, TOP_ROW
    for source in made.sources if total <= MOST_ROWS else ():
        for labels, value in zip(names, source.values, strict=True):
            if value == 0:
                continue
            row += 1
            for column, text in enumerate((source.name, source.code, *labels)):
                if text:
                    string(row, column, text, plain)
            if value is None:
                string(row, len(SOURCE_COLUMNS) - 1, _BLANK, number)
            else:
                figure(row, len(SOURCE_COLUMNS) - 1, value, number)


def _open(page: Page, total: int, made: Consolidation) -> None:
    """Heading, what the lines mean, the sum of the lines that a filter leaves, and the header."""
    last = len(SOURCE_COLUMNS) - 1
    page.sheet.set_row(TITLE_ROW, 36)
    page.merged(TITLE_ROW, 0, 1, last + 1, f"{PROVENANCE_SHEET}（{made.face}）", "title")
    hint = (
        f"一行是一家单位的一格；是 0 的格没有列出，“{_BLANK}”是该单位没有填、按 0 计的格；合计由各项相加得出。"
        "用“行”“列”筛选出一格，右上角就是汇总数。"
        if total <= MOST_ROWS
        else f"共 {total} 行，超过 {MOST_ROWS} 行，没有列出；请用 govdisclose export 把文件夹导出为长表。"
    )
    page.sheet.set_row(HINT_ROW, 44)
    page.merged(HINT_ROW, 0, 1, last, hint, "hint")
    rows = min(total, MOST_ROWS)
    shown = sum(v for source in made.sources for v in source.values if v) if total <= MOST_ROWS else 0
    cells = f"F{TOP_ROW + 2}:F{TOP_ROW + 1 + max(rows, 1)}"
    page.formula(HINT_ROW, last, Formula(f"=SUBTOTAL(109,{cells})", shown), "total", "number")
    page.sheet.set_row(TOP_ROW, 24)
    for column, name in enumerate(SOURCE_COLUMNS):
        page.text(TOP_ROW, column, name, "header")
    page.sheet.freeze_panes(TOP_ROW + 1, 0)
    page.sheet.autofilter(TOP_ROW, 0, TOP_ROW + max(rows, 1), last)
    page.sheet.ignore_errors({"number_stored_as_text": f"B1:B{TOP_ROW + rows + 2}"})
    page.sheet.set_tab_color("#9AA3AF")


def _names(edition: Edition) -> list[tuple[str, str, str]]:
    """Sheet, row and column of every cell as 来源明细 names it; unique."""
    sheets = {section.key: section.sheet for section in SECTIONS}
    return [
        (
            sheets[c.table],
            c.row[-1] if c.row else "",
            "／".join(c.column[-2:] if c.table == "disputes" else c.column[-1:]),
        )
        for c in outline(edition).cells.values()
    ]
