"""填报说明: the first sheet, for the clerk who fills the workbook; printable on its own."""

from __future__ import annotations

from govdisclose.form.guide import (
    DEADLINE_PARTS,
    GUIDE_TITLE,
    NEXT_YEAR,
    GuideNote,
    deadline_note,
    guide_parts,
    guide_scope,
    relation_lines,
)
from govdisclose.form.report import AnnualReport
from govdisclose.form.sheets import BASICS_SHEET, GUIDE_SHEET
from govdisclose.write.workbook.formulas import Formula, if_term
from govdisclose.write.workbook.pages import basic_cell
from govdisclose.write.workbook.writer import SheetWriter, WorkbookWriter

__all__ = ["guide_page", "relation_lines"]

_COLUMNS = 2


def guide_page(workbook: WorkbookWriter, report: AnnualReport) -> None:
    """Write the instruction sheet for the edition and year of ``report``."""
    page = workbook.page(GUIDE_SHEET, (17, 102))
    page.head(GUIDE_TITLE, guide_scope(report.edition), _COLUMNS)
    row = 2
    _write_deadline(page, row, report.year)
    row += 1
    for heading, notes in guide_parts(report.edition):
        page.merged(row, 0, 1, _COLUMNS, heading, "block")
        page.sheet.set_row(row, 20)
        row += 1
        for note in notes:
            _write(page, row, note)
            row += 1
    page.sheet.fit_to_pages(1, 1)
    page.protect()
    page.sheet.set_tab_color("#7A8797")


def _write_deadline(page: SheetWriter, row: int, year: int | None) -> None:
    """Write until when the report is due: it follows the year on 基本信息."""
    note = deadline_note(year)
    cell = f"'{BASICS_SHEET}'!{basic_cell('year')}"
    due = if_term(f"ISNUMBER({cell})", f'{cell}+1&"年"', f'"{NEXT_YEAR}"')
    terms = [f'"{part}"' for part in DEADLINE_PARTS]
    live = Formula("=" + f"&{due}&".join(terms), note.text)
    page.heights(row, (note.topic, note.text))
    page.text(row, 0, note.topic, *note.look)
    page.formula(row, 1, live, "open", "plain")


def _write(page: SheetWriter, row: int, note: GuideNote) -> None:
    page.heights(row, (note.topic, note.text))
    page.text(row, 0, note.topic, *note.look)
    page.text(row, 1, note.text, "plain")
    if "link" in note.look:
        page.link(row, 0, note.topic, note.topic, *note.look)
