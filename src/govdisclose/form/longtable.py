"""A report as a long table: one row a statutory cell, for analysts and for tracing a consolidated figure."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.report import AnnualReport


@frozen
class LongRow:
    """One cell of one report. ``row`` and ``column`` are label trails joined by ``／``; ``value`` None is blank."""

    year: int | None
    edition: str
    agency_code: str | None
    agency: str
    table: str
    path: str
    row: str
    column: str
    value: Value
    state: str
    """``number`` or ``blank``: a blank cell is not 0."""


def long_rows(report: AnnualReport) -> Iterator[LongRow]:
    """Every statutory cell of a report in printed order: 200 rows for the 2021 form, 198 for the 2019 one."""
    basics = (report.year, report.edition.name, report.agency.code, report.agency.name)
    cells = outline(report.edition).cells
    for path, value in report.values().items():
        cell = cells[path]
        labels = ("／".join(cell.row), "／".join(cell.column))
        yield LongRow(*basics, cell.table, path, *labels, value, "blank" if value is None else "number")
