"""The standardized workbook, blank or filled: one sheet per table and prose section, no macros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from govdisclose.form.edition import Edition
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import SECTIONS, AnnualReport, standard_title
from govdisclose.write.workbook.consolidated import ConsolidationDetails, summary_page
from govdisclose.write.workbook.guide import guide_page
from govdisclose.write.workbook.lastyear import last_year_page
from govdisclose.write.workbook.layout import table_layout
from govdisclose.write.workbook.pages import basics_page, explanations_page, prose_page
from govdisclose.write.workbook.provenance import provenance_of, provenance_page, with_rows
from govdisclose.write.workbook.seal import seal_page
from govdisclose.write.workbook.tables import table_page
from govdisclose.write.workbook.unit_texts import unit_texts_page
from govdisclose.write.workbook.writer import WorkbookWriter, written_workbook
from govdisclose.write.workbook.year_changes import changes_page

__all__ = ["consolidated_bytes", "data_cells", "workbook_bytes"]


def data_cells(edition: Edition) -> dict[str, tuple[str, int, int]]:
    """Where the workbook has each statutory cell: path → sheet, zero-based row and column."""
    found = {}
    for section in SECTIONS:
        if not section.is_table:
            continue
        layout = table_layout(edition, section.key)
        for path, place in layout.places.items():
            found[path] = (section.sheet, place.row, place.column)
    return found


def workbook_bytes(
    report: AnnualReport,
    *,
    explanations: Sequence[Explanation] = (),
    as_typed: Mapping[str, str | float] | None = None,
    last: AnnualReport | None = None,
) -> bytes:
    """The standardized workbook (.xlsx) of ``report``, which may be a blank report.

    The cells hold what the report states: a total is a live formula only where the report states
    its sum, or nothing at all. ``as_typed`` puts the text of a source into cells, by path, where it
    is no valid figure (``12件``), so that nothing is lost on the way. With ``last`` a sheet shows
    last year's figures beside this year's, and the outline of last year's prose is offered. The
    same arguments give the same bytes.

    Raises ``OutputError`` for text or numbers that a cell cannot hold unchanged.
    """
    content = _ReportContent(report, explanations, as_typed or {}, last)
    return written_workbook(content.title, content.write_form, report.agency.name, headed=False)


def consolidated_bytes(report: AnnualReport, details: ConsolidationDetails) -> bytes:
    """The standardized workbook of a consolidated report.

    汇总说明 stands in front, 来源明细 and 各单位文字 at the end. Raises ``OutputError`` for text or
    numbers that a cell cannot hold unchanged.
    """
    content = _ReportContent(report)
    provenance = provenance_of(report.edition, details.units)
    parts = []

    def write(workbook: WorkbookWriter) -> None:
        summary_page(workbook, content.title, details, provenance)
        content.write_form(workbook)
        if details.changes is not None:
            changes_page(workbook, details.changes)
        if details.texts:
            unit_texts_page(workbook, details.texts)
        if details.seal:
            seal_page(workbook, details.seal)
        parts.append(provenance_page(workbook, provenance, details.face))

    without_rows = written_workbook(content.title, write, report.agency.name)
    return with_rows(without_rows, parts[0], provenance)


@frozen
class _ReportContent:
    """What the sheets of the form show."""

    report: AnnualReport
    explanations: Sequence[Explanation] = ()
    as_typed: Mapping[str, str | float] = field(factory=dict)
    last: AnnualReport | None = None

    @property
    def title(self) -> str:
        """The title of the file."""
        report = self.report
        return report.title or standard_title(report.agency.name, report.year)

    def write_form(self, workbook: WorkbookWriter) -> None:
        """Write the sheets of the form, from 填报说明 to 说明事项, and last year's figures."""
        report = self.report
        shown = {**report.values(), **self.as_typed}
        guide_page(workbook, report)
        basics_page(workbook, report)
        prose_page(workbook, "preface", report, self.last)
        for section in SECTIONS:
            if section.is_table:
                table_page(workbook, section, report.edition, shown)
            else:
                prose_page(workbook, section.key, report, self.last)
        explanations_page(workbook, self.explanations)
        if self.last is not None:
            places = data_cells(report.edition)
            last_year_page(workbook, self.last, report, places)
