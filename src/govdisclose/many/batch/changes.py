"""The changes since last year in the workbooks of a batch, from their recorded findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from govdisclose.finding import Number
from govdisclose.form.year_changes import YearChanges
from govdisclose.many.batch.ledger import Record
from govdisclose.many.batch.result import Status
from govdisclose.many.batch.results_sheet import CellValue, SheetColumn
from govdisclose.many.previous import PreviousYear
from govdisclose.many.year_changes import CheckedUnit, ranked_changes

CHANGES_COLUMNS = (
    SheetColumn("名次", 7, "narrow"),
    SheetColumn("级别", 8, "narrow"),
    SheetColumn("规则", 9, "narrow"),
    SheetColumn("机关名称", 30),
    SheetColumn("上年或应为", 12),
    SheetColumn("本年", 12),
    SheetColumn("差", 12),
    SheetColumn("程度", 8, "weight"),
    SheetColumn("说明", 60),
    SheetColumn("工作簿", 48),
)

_COMPARED = (Status.MADE, Status.REFUSED, Status.PUBLISHED)
"""The workbooks that were read and checked, and count as reports of the year."""


def year_changes(records: Iterable[Record], last_year: PreviousYear) -> YearChanges:
    """The findings of family C of all workbooks, ranked; the units that were not compared."""
    return ranked_changes(_checked(records), last_year)


def _checked(records: Iterable[Record]) -> Iterator[CheckedUnit]:
    for record in records:
        fate = record.fate
        if fate.status in _COMPARED and fate.year is not None:
            yield CheckedUnit(fate.agency, fate.code or "", record.workbook, fate.findings)


def change_rows(changes: YearChanges) -> Iterator[tuple[CellValue, ...]]:
    """The rows of the sheet 与上年相比: the ranked changes, then the reports that were not compared."""
    for place, change in enumerate(changes.listed, 1):
        yield (
            place,
            change.severity.label,
            change.rule,
            change.unit,
            _shown(change.expected),
            _shown(change.found),
            _shown(change.difference),
            round(change.weight, 1),
            change.text,
            change.file,
        )
    if len(changes.listed) < changes.total:
        more = changes.total - len(changes.listed)
        yield ("", "", "", f"另有 {more} 处程度较轻的没有列出", "", "", "", "", "", "")
    for other in changes.not_compared:
        yield ("", "", "没有比较", other.unit, "", "", "", "", other.reason, other.file)
    for said in changes.unread:
        yield ("", "", "没有比较", "", "", "", "", "", said, "")


def _shown(number: Number | None) -> CellValue:
    if isinstance(number, Decimal):
        return f"{number:f}"
    return "" if number is None else number
