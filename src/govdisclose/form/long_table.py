"""A report as a long table: one row a statutory cell, for analysts and for tracing a sum."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from attrs import field, frozen

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.report import Agency, AnnualReport


@frozen
class LongRow:
    """One cell of one report. ``row`` and ``column`` are label trails joined by ``／``; ``value``
    None is blank.

    The last five columns tell reports apart that must not be added together: ``category`` is the
    report's own word, ``parent`` and ``level`` are the roster's, ``status`` is empty where nobody
    has looked.
    """

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
    category: str = ""
    parent: str = ""
    level: str = ""
    file: str = ""
    status: str = ""


@frozen
class Tabled:
    """A report as a long table holds it: ``values`` in printed order, and the columns equal in
    every row.
    """

    year: int | None
    edition_name: str
    agency: Agency
    values: tuple[Value, ...] = field(repr=False)
    parent: str = ""
    level: str = ""
    file: str = ""
    status: str = ""


def tabled(report: AnnualReport) -> Tabled:
    """A report without data of a roster."""
    return Tabled(
        year=report.year,
        edition_name=report.edition.name,
        agency=report.agency,
        values=tuple(report.values().values()),
    )


def long_rows(source: AnnualReport | Tabled) -> Iterator[LongRow]:
    """Every statutory cell of a report in printed order: 200 rows for the 2021 form, 198 for the
    2019 one.
    """
    report = source if isinstance(source, Tabled) else tabled(source)
    agency = report.agency
    basics = (report.year, report.edition_name, agency.code, agency.name)
    ends = (agency.level, report.parent, report.level, report.file, report.status)
    edition = EDITIONS[report.edition_name]
    for names, value in zip(_cell_names(edition), report.values, strict=True):
        state = "blank" if value is None else "number"
        yield LongRow(*basics, *names, value, state, *ends)


@cache
def _cell_names(edition: Edition) -> tuple[tuple[str, str, str, str], ...]:
    """Table, path, row and column of every cell in printed order."""
    names = []
    for cell in outline(edition).cells.values():
        row, column = "／".join(cell.row), "／".join(cell.column)
        names.append((cell.table, cell.path, row, column))
    return tuple(names)
