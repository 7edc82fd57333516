"""填报说明: the first sheet, for the clerk who fills the workbook; printable on its own."""

from __future__ import annotations

from govdisclose.form.guide import GUIDE_TITLE, GuideNote, guide_parts, guide_scope, relation_lines
from govdisclose.form.report import AnnualReport
from govdisclose.form.sheets import GUIDE_SHEET
from govdisclose.write.workbook.writer import SheetWriter, WorkbookWriter

__all__ = ["guide_page", "relation_lines"]


def guide_page(workbook: WorkbookWriter, report: AnnualReport) -> None:
    """Write the instruction sheet for the edition and year of ``report``."""
    page = workbook.page(GUIDE_SHEET, (15, 84))
    page.merged(0, 0, 1, 2, GUIDE_TITLE, "title")
    page.sheet.set_row(0, 36)
    page.merged(1, 0, 1, 2, guide_scope(report.edition), "hint", "centre")
    page.sheet.set_row(1, 24)
    row = 2
    for heading, notes in guide_parts(report.edition, report.year):
        page.merged(row, 0, 1, 2, heading, "block")
        page.sheet.set_row(row, 22)
        row += 1
        for note in notes:
            _write(page, row, note)
            row += 1
    page.sheet.fit_to_pages(1, 1)
    page.sheet.protect("", {"format_columns": True, "format_rows": True})
    page.sheet.set_tab_color("#7A8797")


def _write(page: SheetWriter, row: int, note: GuideNote) -> None:
    page.height(row, note.text, 1)
    page.text(row, 0, note.topic, *note.look)
    page.text(row, 1, note.text, "plain")
    if "link" in note.look:
        page.link(row, 0, note.topic, note.topic, *note.look)
