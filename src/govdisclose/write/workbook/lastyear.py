"""What last year's report lends to this year's workbook: its figures to compare, its outline.

The figures stand one a line, named by row and column in one cell, so that no reader of labels takes
the sheet for a statutory table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS, AnnualReport, Prose
from govdisclose.form.sheets import LAST_YEAR_SHEET, OUTLINE_HINT
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW
from govdisclose.write.workbook.writer import Book

_COLUMNS = ("所属部分", "名称", "上年", "今年", "增减")
_ABSENT = "今年格式没有"
_PHRASE_END = re.compile("[。：；，,\n]")
_LONGEST = 30
_MOST = 40


def outline_hint(prose: Prose) -> str:
    """The sub-headings of a section of last year's report as one line; ``""`` when it has none."""
    phrases = (_PHRASE_END.split(p.text.strip(), maxsplit=1)[0] for p in prose if p.level in (2, 3))
    kept = [
        phrase if len(phrase) <= _LONGEST else phrase[:_LONGEST] + "……"
        for phrase in phrases
        if phrase
    ]
    more = f"；等 {len(kept)} 条" if len(kept) > _MOST else ""
    return f"{OUTLINE_HINT}{'；'.join(kept[:_MOST])}{more}" if kept else ""


def last_year_page(
    book: Book, last: AnnualReport, report: AnnualReport, places: Mapping[str, tuple[str, int, int]]
) -> None:
    """Every figure of ``last`` as a plain value, ``report``'s beside it; ``places`` are the cells of ``report``."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    page = book.page(LAST_YEAR_SHEET, (34, 60, 13, 13, 13))
    form, now = outline(last.edition), report.values()
    headings = {section.key: section.heading for section in SECTIONS}
    page.merged(
        TITLE_ROW, 0, 1, len(_COLUMNS), f"{LAST_YEAR_SHEET}（{last.year or '年度不详'}）", "title"
    )
    hint = "只供对照，不读入报告。“今年”随各表自动显示；空着的是上年没有填写的格。"
    page.merged(HINT_ROW, 0, 1, len(_COLUMNS), hint, "hint")
    for column, name in enumerate(_COLUMNS):
        page.text(TOP_ROW, column, name, "header")
    for row, (path, value) in enumerate(last.values().items(), TOP_ROW + 1):
        cell = form.cells[path]
        page.text(row, 0, headings[cell.table], "plain")
        page.text(row, 1, "／".join((*cell.row[-1:], *cell.column[-2:])), "plain")
        page.value(row, 2, value, "total", "number")
        if path not in places:
            page.text(row, 3, _ABSENT, "total", "centre")
            page.text(row, 4, "", "total")
            continue
        sheet, at_row, at_column = places[path]
        there = f"'{sheet}'!{xl_rowcol_to_cell(at_row, at_column)}"
        old, new = xl_rowcol_to_cell(row, 2), xl_rowcol_to_cell(row, 3)
        shown = "" if now[path] is None else now[path]
        page.formula(row, 3, Formula(f'=IF({there}="","",{there})', shown), "total", "number")
        grown = "" if value is None or now[path] is None else Decimal(now[path] or 0) - value
        page.formula(
            row, 4, Formula(f'=IF(COUNT({old},{new})=2,{new}-{old},"")', grown), "total", "number"
        )
    page.sheet.freeze_panes(TOP_ROW + 1, 0)
    page.sheet.repeat_rows(TITLE_ROW, TOP_ROW)
    page.sheet.autofilter(TOP_ROW, 0, TOP_ROW + len(form.cells), len(_COLUMNS) - 1)
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    page.sheet.set_tab_color("#9AA3AF")
