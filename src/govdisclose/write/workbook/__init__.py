"""The standardized workbook, blank or filled: one sheet per table and prose section, no macros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from govdisclose.form.edition import Edition
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import SECTIONS, AnnualReport, standard_title
from govdisclose.write.workbook.consolidated import Consolidation, summary_page
from govdisclose.write.workbook.guide import guide_page
from govdisclose.write.workbook.lastyear import last_year_page
from govdisclose.write.workbook.layout import table_layout
from govdisclose.write.workbook.pages import basics_page, explanations_page, prose_page
from govdisclose.write.workbook.provenance import provenance_page, with_lines
from govdisclose.write.workbook.tables import table_page
from govdisclose.write.workbook.writer import CREATED, Book

__all__ = ["consolidated_bytes", "data_cells", "workbook_bytes"]


def data_cells(edition: Edition) -> dict[str, tuple[str, int, int]]:
    """Where the workbook has each statutory cell: path → sheet, zero-based row and column."""
    return {
        path: (section.sheet, *place)
        for section in SECTIONS
        if section.is_table
        for path, place in table_layout(edition, section.key).places.items()
    }


def workbook_bytes(
    report: AnnualReport,
    *,
    explanations: Sequence[Explanation] = (),
    as_typed: Mapping[str, str | float] | None = None,
    last: AnnualReport | None = None,
) -> bytes:
    """The standardized workbook (.xlsx) of ``report``; of a blank report, the blank workbook.

    What the report states is what the cells hold: a total is a live formula only where the report
    states its sum (or nothing at all). ``as_typed`` puts what a source says into cells, by path,
    where it is no valid figure (``12件``), so that nothing is lost on the way. With ``last`` a sheet
    shows last year's figures beside this year's, and the outline of its prose is offered. The same
    arguments give the same bytes.

    Raises ``OutputError`` for text or numbers that a cell cannot hold unchanged.
    """
    return _workbook(report, explanations, as_typed or {}, last, None)


def consolidated_bytes(report: AnnualReport, made: Consolidation) -> bytes:
    """The standardized workbook of a consolidated report, with 汇总说明 in front and 来源明细 at the end.

    Raises ``OutputError`` for text or numbers that a cell cannot hold unchanged.
    """
    return _workbook(report, (), {}, None, made)


def _workbook(
    report: AnnualReport,
    explanations: Sequence[Explanation],
    as_typed: Mapping[str, str | float],
    last: AnnualReport | None,
    made: Consolidation | None,
) -> bytes:
    import xlsxwriter

    stream = BytesIO()
    book = Book(xlsxwriter.Workbook(stream, {"in_memory": True}))
    title = report.title or standard_title(report.agency.name, report.year)
    book.file.set_properties({"title": title, "author": report.agency.name, "created": CREATED})
    shown = {**report.values(), **as_typed}
    if made is not None:
        summary_page(book, made)
    guide_page(book, report)
    basics_page(book, report)
    prose_page(book, "preface", report, last)
    for section in SECTIONS:
        if section.is_table:
            table_page(book, section, report.edition, shown)
        else:
            prose_page(book, section.key, report, last)
    explanations_page(book, explanations)
    if last is not None:
        last_year_page(book, last, report, data_cells(report.edition))
    part = provenance_page(book, made.face, made.sources) if made is not None else ""
    book.file.close()
    if made is None:
        return stream.getvalue()
    return with_lines(stream.getvalue(), part, report.edition, made.sources)
