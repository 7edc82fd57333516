"""The sheets that are not statutory tables: 基本信息, prose, 说明事项."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from govdisclose.errors import OutputError
from govdisclose.form.explanation import Explanation
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
    Basic,
)
from govdisclose.form.workbook_texts import BASICS_HINT, EXPLANATIONS_HINT
from govdisclose.write.workbook.formulas import CellPlace
from govdisclose.write.workbook.lastyear import outline_hint
from govdisclose.write.workbook.preview import preview
from govdisclose.write.workbook.writer import (
    FIRST_ROW,
    HINT_ROW,
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
    below_header,
)

FIRST_YEAR = 2000
LAST_YEAR = 2100
"""The report years that the workbook accepts."""

PREPARED_ROWS = 300
"""Rows of a prose sheet that are validated; the rows below stay writable too."""

_TINTED_ROWS = 24
"""Rows of a prose sheet that look like input at least."""
_SPARE_ROWS = 8
"""Rows below the last paragraph that look like input."""
_EXPLANATION_ROWS = 20
_LEAST_OF_BASICS = 34
_LEAST = 22
"""Points that a row to write in has at least, on the screen and for a pen."""
_LABEL, _VALUE, _HELP = range(3)
"""The columns of 基本信息."""
_LEVEL, _TEXT, _PREVIEW = range(3)
"""The columns of a prose sheet."""
_HEADINGS = {section.key: section.heading for section in SECTIONS}

_LEVEL_CHOICES = [*PARAGRAPH_LEVELS.values(), CONTINUED]
_LEVEL_RULE = {
    "validate": "list",
    "source": _LEVEL_CHOICES,
    "error_title": "请从下拉列表中选择",
    "error_message": f"层级只能是：{'、'.join(_LEVEL_CHOICES)}；可以不填。",
}

_DATE_RULE: dict[str, object] = {
    "validate": "date",
    "criteria": "between",
    "minimum": date(FIRST_YEAR, 1, 1),
    "maximum": date(LAST_YEAR, 12, 31),
    "error_title": "不是日期",
    "error_message": "请填日期，如 2026-01-20。",
}
_BASIC_RULES: dict[str, dict[str, object]] = {
    "level": {
        "validate": "list",
        "source": list(LEVEL_WORDS.values()),
        "error_title": "请从下拉列表中选择",
        "error_message": f"请选择“{'”或“'.join(LEVEL_WORDS.values())}”。",
    },
    "year": {
        "validate": "integer",
        "criteria": "between",
        "minimum": FIRST_YEAR,
        "maximum": LAST_YEAR,
        "error_title": "年度不对",
        "error_message": f"请填四位年份，在 {FIRST_YEAR} 和 {LAST_YEAR} 之间。",
    },
    "published": _DATE_RULE,
    "signed": _DATE_RULE,
}


def open_page(page: SheetWriter, heading: str, hint: str, columns: Sequence[str]) -> None:
    """Write the heading, the advice and the header row, in one way for all sheets of this module."""
    page.head(heading, hint, len(columns))
    page.heights(TOP_ROW, columns, least=24)
    page.row(TOP_ROW, columns, "header")
    page.freeze(0)
    page.sheet.repeat_rows(TITLE_ROW, TOP_ROW)
    page.sheet.set_selection(FIRST_ROW, 1, FIRST_ROW, 1)
    page.sheet.set_tab_color("#3E6FB0")


def _grow(page: SheetWriter, row: int, texts: Sequence[str], *, least: float = _LEAST) -> None:
    """Let a row grow with its texts, and keep room to write in it."""
    page.grow(row, texts, least=least)
    page.stay_high(row, least)


# --- 基本信息 -----------------------------------------------------------------------------------


def basic_cell(key: str) -> str:
    """The cell of 基本信息 that holds one attribute of a report, as Excel names it."""
    keys = [basic.key for basic in BASICS]
    row = FIRST_ROW + keys.index(key)
    return CellPlace(row, _VALUE).address


def basics_page(workbook: WorkbookWriter, report: AnnualReport) -> None:
    """Who reports, on which year, published when."""
    page = workbook.page(BASICS_SHEET, (20, 44, 40))
    open_page(page, BASICS_SHEET, BASICS_HINT, BASICS_COLUMNS)
    for row, basic in below_header(BASICS):
        text = _basic_text(basic.key, report)
        _grow(page, row, (basic.label, text, basic.help), least=_LEAST_OF_BASICS)
        page.text(row, _LABEL, basic.label, "stub")
        page.text(row, _HELP, basic.help, "plain", "hint")
        _write_basic(page, row, basic.key, report)
        if basic.key != "edition":  # which the program fills in
            rule = _basic_rule(basic)
            page.sheet.data_validation(row, _VALUE, row, _VALUE, rule)
    bottom = TOP_ROW + len(BASICS)
    page.print_columns(bottom, len(BASICS_COLUMNS))
    page.keep_texts("B1:B99")
    page.protect()


def _basic_rule(basic: Basic) -> dict[str, object]:
    """What the cell of an attribute takes, and the advice that is shown while it is selected."""
    rule = _BASIC_RULES.get(basic.key, {"validate": "any"})
    return {**rule, "input_title": basic.label, "input_message": basic.help}


def _write_basic(page: SheetWriter, row: int, key: str, report: AnnualReport) -> None:
    """Write the cell that holds one attribute of a report."""
    if key == "edition":
        page.text(row, _VALUE, report.edition.name, "total", "text", "left")
    elif key == "published":
        page.date(row, _VALUE, report.published, "input", "date")
    elif key == "signed":
        page.date(row, _VALUE, report.signed, "input", "date")
    elif key == "year":
        page.value(row, _VALUE, report.year, "input", "left")
    else:
        text = _basic_text(key, report)
        page.text(row, _VALUE, text, "input", "text", "left")


def _basic_text(key: str, report: AnnualReport) -> str:
    """An attribute of a report that is a text; ``""`` for the others."""
    agency = report.agency
    texts = {
        "name": agency.name,
        "code": agency.code or "",
        "level": LEVEL_WORDS[agency.level],
        "title": report.title,
        "signature": report.signature,
    }
    return texts.get(key, "")


# --- prose --------------------------------------------------------------------------------------


def prose_page(
    workbook: WorkbookWriter, key: str, report: AnnualReport, last: AnnualReport | None = None
) -> None:
    """One prose section, a paragraph a row, each with the word for its level and its preview.

    The outline of ``last`` year's section follows the advice, which no reader takes for text.
    """
    sheet = PROSE_SHEETS[key]
    page = _prose_sheet(workbook, sheet)
    hint = PROSE_HINTS[key]
    if last is not None:
        hint += outline_hint(getattr(last, key))
    heading = _HEADINGS.get(key, sheet)
    open_page(page, heading, hint, PARAGRAPH_COLUMNS)
    page.text(HINT_ROW, _PREVIEW, PREVIEW_HINT, "hint")
    page.text(TOP_ROW, _PREVIEW, PREVIEW_COLUMN, "header")
    as_wide = PREVIEW_HINT * 2  # its column is narrower
    longest = max(hint, as_wide, key=len)
    page.height(HINT_ROW, longest, 0, len(PARAGRAPH_COLUMNS))
    prose = getattr(report, key)
    rows = list(_prose_rows(prose, sheet))
    for row, (word, text) in below_header(rows):
        _write_input(page, row, word, text)
        _write_preview(page, row, text, report)
    _prepare_rows(page, len(rows))
    page.protect("insert_rows")


def _prepare_rows(page: SheetWriter, written: int) -> None:
    """Make rows below the ``written`` ones ready for more paragraphs."""
    tinted = max(_TINTED_ROWS, written + _SPARE_ROWS)
    first = FIRST_ROW + written
    end = FIRST_ROW + tinted
    # Without the preview; rows that are put in between move its end.
    page.print_columns(end - 1, len(PARAGRAPH_COLUMNS))
    for row in range(first, end):
        _write_input(page, row, "", "")
    prepared = max(PREPARED_ROWS, 2 * written)
    bottom = FIRST_ROW + prepared
    page.sheet.data_validation(FIRST_ROW, _LEVEL, bottom, _LEVEL, _LEVEL_RULE)
    page.keep_texts(f"A1:A{bottom + 1}")


def _prose_sheet(workbook: WorkbookWriter, name: str) -> SheetWriter:
    """A sheet whose rows stay writable below the prepared ones."""
    page = workbook.page(name, (9, 88, 60))
    of_levels = workbook.style("base", "free", "text", "centre", "top")
    of_texts = workbook.style("base", "free", "top")
    page.sheet.set_column("A:A", 9, of_levels)
    page.sheet.set_column("B:B", 88, of_texts)
    return page


def _write_preview(page: SheetWriter, row: int, text: str, report: AnnualReport) -> None:
    """Write the text of a row as it will be printed, if it quotes figures."""
    typed = CellPlace(row, _TEXT).address
    shown = preview(text, typed, report)
    if shown is not None:
        page.formula(row, _PREVIEW, shown, "total", "left", "top")


def _write_input(page: SheetWriter, row: int, word: str, text: str) -> None:
    _grow(page, row, (word, text))
    page.text(row, _LEVEL, word, "input", "text", "centre", "top")
    page.text(row, _TEXT, text, "input", "top")


def _prose_rows(prose: Prose, sheet: str) -> Iterator[tuple[str, str]]:
    """The word for the level and the text of each row; a line break in a paragraph begins a row."""
    for paragraph in prose:
        word = _level_word(paragraph, sheet)
        for line in paragraph.text.split("\n"):
            yield word, line
            word = CONTINUED


def _level_word(paragraph: Paragraph, sheet: str) -> str:
    if paragraph.level not in PARAGRAPH_LEVELS:
        known = "、".join(map(str, PARAGRAPH_LEVELS))
        start = paragraph.text[:20]
        raise OutputError(f"{sheet}：“{start}”的层级是 {paragraph.level}，工作簿只有 {known}。")
    return PARAGRAPH_LEVELS[paragraph.level]


# --- 说明事项 -----------------------------------------------------------------------------------


def explanations_page(workbook: WorkbookWriter, explanations: Sequence[Explanation]) -> None:
    """The recorded reasons why a relation does not hold."""
    page = workbook.page(EXPLANATIONS_SHEET, (14, 14, 14, 58))
    style = workbook.style("base", "free", "text", "top")
    page.sheet.set_column("A:C", 14, style)
    page.sheet.set_column("D:D", 58, style)
    open_page(page, EXPLANATIONS_SHEET, EXPLANATIONS_HINT, EXPLANATION_COLUMNS)
    columns = len(EXPLANATION_COLUMNS)
    blank = ("",) * columns
    lines: list[tuple[str, ...]] = [(e.code, e.cell, e.value, e.reason) for e in explanations]
    lines += [blank] * _EXPLANATION_ROWS
    for row, line in below_header(lines):
        _grow(page, row, line)
        page.row(row, line, "input", "text", "top", "left")
    bottom = TOP_ROW + len(lines)
    page.print_columns(bottom, columns)
    page.keep_texts("A1:D999")
    page.protect("insert_rows")
