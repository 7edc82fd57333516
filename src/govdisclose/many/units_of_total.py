"""The units of a consolidated workbook, read back from its sheet 来源明细."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from govdisclose.errors import InputError
from govdisclose.finding import Place
from govdisclose.form.adding import add_onto, with_derived_totals
from govdisclose.form.fields import Kind, Value
from govdisclose.form.long_table import Tabled
from govdisclose.form.outline import Cell, outline
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.form.sheets import PROVENANCE_SHEET
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.workbook.opening import load
from govdisclose.read.workbook.sheets import read_grids
from govdisclose.write.workbook.provenance import BLANK_WORD, UNIT_COLUMNS, column_names

_HEADER_ROWS = 10
"""The header stands in one of so many first rows."""


def units_of_total(path: Path, report: AnnualReport) -> list[Tabled]:
    """The reports of the units that are in ``report``, the sum that the workbook at ``path`` holds.

    Empty if the sheet is not there or lists nobody: earlier versions wrote it in another form.
    Raises ``InputError`` when the units do not add up to the sum: somebody has changed the
    workbook.
    """
    for grid in read_grids(load(path), path.name):
        if grid.name == PROVENANCE_SHEET:
            units = list(_units(grid, report, path.name))
            if units:
                _refuse_other_sum(units, report, path.name)
            return units
    return []


def _units(grid: Grid, report: AnnualReport, file: str) -> Iterator[Tabled]:
    header = _header(grid)
    if header is None:
        return
    cells = outline(report.edition).cells.values()
    labels = column_names(report.edition)
    columns = _columns(grid, header, labels, file)
    first_row = header + 1
    for row in range(first_row, len(grid.rows)):
        who: dict[str, str] = {}
        for name in UNIT_COLUMNS:
            raw = grid.raw(row, columns[name])
            who[name] = _text(raw)
        if not any(who.values()):
            continue
        values: list[Value] = []
        for label, cell in zip(labels, cells, strict=True):
            value = _value(grid, row, columns[label], cell)
            values.append(value)
        yield _tabled(who, values, report, file)


def _columns(grid: Grid, header: int, labels: Sequence[str], file: str) -> Mapping[str, int]:
    """The columns by their names. Raises ``InputError`` when one is missing."""
    columns: dict[str, int] = {}
    for number, raw in enumerate(grid.rows[header]):
        title = _text(raw)
        columns.setdefault(title, number)
    for label in (*UNIT_COLUMNS, *labels):
        if label not in columns:
            raise InputError(f"{file} 的“{PROVENANCE_SHEET}”没有“{label}”一列，可能被改动过")
    return columns


def _header(grid: Grid) -> int | None:
    for number, row in enumerate(grid.rows[:_HEADER_ROWS]):
        titles = tuple(map(_text, row[: len(UNIT_COLUMNS)]))
        if titles == UNIT_COLUMNS:
            return number
    return None


def _text(raw: Raw) -> str:
    return raw.strip() if isinstance(raw, str) else ""


def _value(grid: Grid, row: int, column: int, cell: Cell) -> Value:
    """A figure; a blank cell is 0, and the word for a blank one is a blank."""
    raw = grid.raw(row, column)
    is_money = cell.kind is Kind.MONEY
    if raw is None:
        return Decimal(0) if is_money else 0
    if raw == BLANK_WORD:
        return None
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if not is_number:
        raise _changed(grid.place(row, column), "不是数")
    value = Decimal(str(raw))
    if is_money:
        return value
    if value != value.to_integral_value():
        raise _changed(grid.place(row, column), "不是整数")
    return int(value)


def _changed(place: Place, what: str) -> InputError:
    """A cell that cannot be as it was written."""
    return InputError(f"{place} {what}，“{PROVENANCE_SHEET}”可能被改动过")


def _tabled(
    who: Mapping[str, str], values: Sequence[Value], report: AnnualReport, file: str
) -> Tabled:
    name, code, level, parent = (who[column] for column in UNIT_COLUMNS)
    return Tabled(
        year=report.year,
        edition_name=report.edition.name,
        agency=Agency(name, code or None),
        values=tuple(values),
        parent=parent,
        level=level,
        file=f"{file}（{name}）",
        status="ok",
    )


def _refuse_other_sum(units: Sequence[Tabled], report: AnnualReport, file: str) -> None:
    """Raise ``InputError`` when the units do not add up to the report."""
    edition = report.edition
    values = report.values().values()
    stated = with_derived_totals(edition, tuple(values))
    sums: list[Value] = [None] * len(stated)
    for unit in units:
        add_onto(sums, unit.values)
    derived = with_derived_totals(edition, sums)
    cells = outline(edition).cells.values()
    for cell, in_total, in_units in zip(cells, stated, derived, strict=True):
        total = in_total or 0
        found = in_units or 0
        if total != found:
            raise InputError(
                f"{file} 的“{PROVENANCE_SHEET}”加起来与表中的总计不等，可能被改动过："
                f"“{cell.label}”表中 {total}，各单位之和 {found}"
            )
