"""The sheets that are not statutory tables: 基本信息, prose, 说明事项."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from govdisclose.errors import OutputError
from govdisclose.form.explanation import Explanation
from govdisclose.form.ourtexts import BASICS_HINT, EXPLANATIONS_HINT
from govdisclose.form.report import SECTIONS, AnnualReport, Paragraph, Prose
from govdisclose.form.sheets import (
    BASICS,
    BASICS_COLUMNS,
    BASICS_SHEET,
    CONTINUED,
    EXPLANATION_COLUMNS,
    EXPLANATIONS_SHEET,
    LEVEL_WORDS,
    PARAGRAPH_COLUMNS,
    PARAGRAPH_LEVELS,
    PREVIEW_COLUMN,
    PREVIEW_HINT,
    PROSE_HINTS,
    PROSE_SHEETS,
)
from govdisclose.write.workbook.lastyear import outline_hint
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW
from govdisclose.write.workbook.preview import preview
from govdisclose.write.workbook.writer import Book, Page

YEARS = (2000, 2100)
"""The report years that the workbook accepts."""

PREPARED_ROWS = 300
"""Rows of a prose sheet that are validated; the rows below stay writable too."""

_TINTED_ROWS = 24
_EXPLANATION_ROWS = 20

_ALLOWED = {"format_columns": True, "format_rows": True, "insert_rows": True}
_BASIC_RULES: dict[str, dict[str, object]] = {
    "level": {
        "validate": "list",
        "source": list(LEVEL_WORDS.values()),
        "error_title": "请从下拉列表中选择",
        "error_message": f"请选择{'或'.join(f'“{word}”' for word in LEVEL_WORDS.values())}。",
    },
    "year": {
        "validate": "integer",
        "criteria": "between",
        "minimum": YEARS[0],
        "maximum": YEARS[1],
        "error_title": "年度不对",
        "error_message": f"请填四位年份，在 {YEARS[0]} 和 {YEARS[1]} 之间。",
    },
    "published": {
        "validate": "date",
        "criteria": "between",
        "minimum": date(YEARS[0], 1, 1),
        "maximum": date(YEARS[1], 12, 31),
        "error_title": "不是日期",
        "error_message": "请填日期，如 2026-01-20。",
    },
}


def open_page(page: Page, heading: str, hint: str, columns: Sequence[str]) -> None:
    """Heading, advice and header row, alike on all sheets of this module."""
    page.merged(TITLE_ROW, 0, 1, len(columns), heading, "title")
    page.merged(HINT_ROW, 0, 1, len(columns), hint, "hint")
    page.sheet.set_row(TITLE_ROW, 36)
    page.sheet.set_row(HINT_ROW, 44)
    page.sheet.set_row(TOP_ROW, 24)
    for column, name in enumerate(columns):
        page.text(TOP_ROW, column, name, "header")
    page.sheet.freeze_panes(TOP_ROW + 1, 0)
    page.sheet.repeat_rows(TITLE_ROW, TOP_ROW)
    page.sheet.set_selection(TOP_ROW + 1, 1, TOP_ROW + 1, 1)
    page.sheet.set_tab_color("#3E6FB0")


def basics_page(book: Book, report: AnnualReport) -> None:
    """Who reports, on which year, published when."""
    page = book.page(BASICS_SHEET, (20, 44, 40))
    open_page(page, BASICS_SHEET, BASICS_HINT, BASICS_COLUMNS)
    texts = {
        "name": report.agency.name,
        "code": report.agency.code or "",
        "level": LEVEL_WORDS[report.agency.level],
        "title": report.title,
        "edition": report.edition.name,
    }
    for row, basic in enumerate(BASICS, TOP_ROW + 1):
        page.sheet.set_row(row, 34)
        page.text(row, 0, basic.label, "stub")
        page.text(row, 2, basic.help, "plain", "hint")
        rule = {
            **_BASIC_RULES.get(basic.key, {}),
            "input_title": basic.label,
            "input_message": basic.help,
        }
        if basic.key == "edition":
            page.text(row, 1, texts[basic.key], "total", "text", "left")
            continue
        if basic.key == "published":
            page.date(row, 1, report.published, "input", "date")
        elif basic.key == "year":
            page.value(row, 1, report.year, "input", "left")
        else:
            page.text(row, 1, texts[basic.key], "input", "text", "left")
        page.sheet.data_validation(row, 1, row, 1, {"validate": "any", **rule})
    page.sheet.ignore_errors({"number_stored_as_text": "B1:B99"})
    page.sheet.protect("", {"format_columns": True, "format_rows": True})


def prose_page(
    book: Book, key: str, report: AnnualReport, last: AnnualReport | None = None
) -> None:
    """One prose section, a paragraph a row, each with the word for its level and its preview.

    The outline of ``last`` year's section is offered in the line of advice, which no reader takes for text.
    """
    sheet, prose = PROSE_SHEETS[key], getattr(report, key)
    heading = next((section.heading for section in SECTIONS if section.key == key), sheet)
    page = book.page(sheet, (9, 88, 60))
    page.sheet.set_column("A:A", 9, book.style("base", "free", "text", "centre", "top"))
    page.sheet.set_column("B:B", 88, book.style("base", "free", "top"))
    hint = PROSE_HINTS[key] + (outline_hint(getattr(last, key)) if last else "")
    open_page(page, heading, hint, PARAGRAPH_COLUMNS)
    page.text(HINT_ROW, 2, PREVIEW_HINT, "hint")
    page.text(TOP_ROW, 2, PREVIEW_COLUMN, "header")
    if last is not None:
        page.height(HINT_ROW, hint, 0, 2, least=44)
    first = TOP_ROW + 1
    lines = list(_lines(prose, sheet))
    for row, (word, text) in enumerate(lines, first):
        page.height(row, text, 1)
        shown = preview(text, f"B{row + 1}", report)
        if shown is not None:
            page.formula(row, 2, shown, "total", "left", "top")
        page.text(row, 0, word, "input", "text", "centre", "top")
        page.text(row, 1, text, "input", "top")
    tinted = first + max(_TINTED_ROWS, len(lines) + 8)
    page.sheet.print_area(
        0, 0, tinted - 1, 1
    )  # without the preview; rows put in between move its end
    for row in range(first + len(lines), tinted):
        page.text(row, 0, "", "input", "text", "centre", "top")
        page.text(row, 1, "", "input", "top")
    bottom = first + max(PREPARED_ROWS, 2 * len(lines))
    words = [*PARAGRAPH_LEVELS.values(), CONTINUED]
    rule = {
        "error_title": "请从下拉列表中选择",
        "error_message": f"层级只能是：{'、'.join(words)}；可以不填。",
    }
    page.sheet.data_validation(first, 0, bottom, 0, {"validate": "list", "source": words, **rule})
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:A{bottom + 1}"})
    page.sheet.protect("", _ALLOWED)


def _lines(prose: Prose, sheet: str) -> Iterator[tuple[str, str]]:
    """Each row of a section: the word for its level, and its text. A line break within a paragraph begins a row."""
    for paragraph in prose:
        word = _level_word(paragraph, sheet)
        for line in paragraph.text.split("\n"):
            yield word, line
            word = CONTINUED


def _level_word(paragraph: Paragraph, sheet: str) -> str:
    if paragraph.level not in PARAGRAPH_LEVELS:
        known = "、".join(map(str, PARAGRAPH_LEVELS))
        raise OutputError(
            f"{sheet}：“{paragraph.text[:20]}”的层级是 {paragraph.level}，工作簿只有 {known}。"
        )
    return PARAGRAPH_LEVELS[paragraph.level]


def explanations_page(book: Book, explanations: Sequence[Explanation]) -> None:
    """The recorded reasons why a relation does not hold."""
    page = book.page(EXPLANATIONS_SHEET, (14, 14, 14, 58))
    page.sheet.set_column("A:C", 14, book.style("base", "free", "text", "top"))
    page.sheet.set_column("D:D", 58, book.style("base", "free", "text", "top"))
    open_page(page, EXPLANATIONS_SHEET, EXPLANATIONS_HINT, EXPLANATION_COLUMNS)
    lines = [(e.code, e.cell, e.value, e.reason) for e in explanations]
    blank = ("",) * len(EXPLANATION_COLUMNS)
    for row, line in enumerate(lines + [blank] * _EXPLANATION_ROWS, TOP_ROW + 1):
        if line[-1]:
            page.height(row, line[-1], len(line) - 1)
        for column, text in enumerate(line):
            page.text(row, column, text, "input", "text", "top", "left")
    page.sheet.ignore_errors({"number_stored_as_text": "A1:D999"})
    page.sheet.protect("", _ALLOWED)
