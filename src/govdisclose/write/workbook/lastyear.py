"""Last year's report in this year's workbook: its figures for comparison, its sub-headings.

Each figure has a line, with the labels of its row and column in one cell. So a reader that looks
for labels does not take the sheet for a statutory table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import frozen

from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, outline
from govdisclose.form.report import SECTIONS, AnnualReport, Prose
from govdisclose.form.sheets import LAST_YEAR_SHEET, OUTLINE_HINT
from govdisclose.write.workbook.formulas import NOTHING, CellPlace, Formula, if_term
from govdisclose.write.workbook.writer import (
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
    below_header,
)

_COLUMNS = ("所属部分", "名称", "上年", "本年", "增减")
_SECTION, _NAME, _LAST, _NOW, _GROWTH = range(5)
_ABSENT = "本年格式没有"
_SHEETS = {section.key: section.sheet for section in SECTIONS}

_PHRASE_END = re.compile("[。：；，,\n]")
_HEADING_LEVELS = (2, 3)
_LONGEST = 30
"""Characters of a sub-heading that are shown."""
_MOST = 40
"""Sub-headings that are shown."""


def outline_hint(prose: Prose) -> str:
    """The sub-headings of a section of last year's report as one line; empty if it has none."""
    phrases = list(_sub_headings(prose))
    if not phrases:
        return ""
    line = OUTLINE_HINT + "；".join(phrases[:_MOST])
    if len(phrases) > _MOST:
        line += f"；等 {len(phrases)} 条"
    return line


def _sub_headings(prose: Prose) -> Iterator[str]:
    """The sub-headings, each up to its first punctuation mark."""
    for paragraph in prose:
        if paragraph.level not in _HEADING_LEVELS:
            continue
        text = paragraph.text.strip()
        phrase, *_ = _PHRASE_END.split(text, maxsplit=1)
        if phrase:
            yield _shortened(phrase)


def _shortened(phrase: str) -> str:
    if len(phrase) <= _LONGEST:
        return phrase
    return f"{phrase[:_LONGEST]}……"


def last_year_page(
    workbook: WorkbookWriter,
    last: AnnualReport,
    report: AnnualReport,
    places: Mapping[str, tuple[str, int, int]],
) -> None:
    """Write every figure of ``last`` as a plain value, and the one of ``report`` beside it.

    ``places`` gives sheet, row and column of the cells of ``report``, by path.
    """
    page = workbook.page(LAST_YEAR_SHEET, (17, 56, 9.5, 9.5, 9.5))
    year = last.year or "年度不详"
    hint = "只供对照，不读入报告。“本年”随各表自动显示；空着的是上年没有填的格。"
    page.head(f"{LAST_YEAR_SHEET}（{year}）", hint, len(_COLUMNS))
    page.row(TOP_ROW, _COLUMNS, "header")
    cells = outline(last.edition).cells
    now = report.values()
    for row, (path, value) in below_header(last.values().items()):
        line = _YearLine(page, row, value)
        line.write_name(cells[path])
        if path in places:
            sheet, row_there, column_there = places[path]
            there = CellPlace(row_there, column_there).on(sheet)
            line.write_comparison(there, now[path])
        else:
            line.write_absence()
    page.freeze(0)
    page.sheet.repeat_rows(TITLE_ROW, TOP_ROW)
    page.filter(TOP_ROW, len(cells))
    page.protect("autofilter")
    page.sheet.set_tab_color("#9AA3AF")


@frozen
class _YearLine:
    """The line of one figure; ``last`` is last year's value."""

    page: SheetWriter
    row: int
    last: Value

    def write_name(self, cell: Cell) -> None:
        """Write the place of the figure in the form, and the figure."""
        section = _SHEETS[cell.table]
        labels = (*cell.row[-1:], *cell.column[-2:])
        name = "／".join(labels)
        self.page.text(self.row, _SECTION, section, "plain")
        self.page.heights(self.row, (section, name))
        self.page.text(self.row, _NAME, name, "plain")
        self.page.value(self.row, _LAST, self.last, "total", "number")

    def write_absence(self) -> None:
        """Write that this year's form does not have the cell."""
        self.page.text(self.row, _NOW, _ABSENT, "total", "centre")
        self.page.text(self.row, _GROWTH, "", "total")

    def write_comparison(self, there: str, now: Value) -> None:
        """Write this year's figure, which is in the cell ``there``, and the growth, as formulas."""
        figure = if_term(f'{there}=""', NOTHING, there)
        self._write(_NOW, figure, now)
        old = CellPlace(self.row, _LAST).address
        new = CellPlace(self.row, _NOW).address
        growth = if_term(f"COUNT({old},{new})=2", f"{new}-{old}", NOTHING)
        self._write(_GROWTH, growth, self._growth(now))

    def _write(self, column: int, term: str, value: Value) -> None:
        """Write a live formula and the value that it has now."""
        now = "" if value is None else value
        formula = Formula(f"={term}", now)
        self.page.formula(self.row, column, formula, "total", "number")

    def _growth(self, now: Value) -> Value:
        if self.last is None or now is None:
            return None
        return Decimal(now) - self.last
