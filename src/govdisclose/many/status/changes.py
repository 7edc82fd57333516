"""The changes since last year in the reports of an inbox, the most unusual first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govdisclose.form.status import HandedIn, UnitState, UnitStatus
from govdisclose.form.year_changes import YearChanges
from govdisclose.many.previous import PreviousYear
from govdisclose.many.status.match import FindingsOf
from govdisclose.many.year_changes import CheckedUnit, ranked_changes

_WITHOUT_REPORT = (
    UnitState.MISSING,
    UnitState.UNREADABLE,
    UnitState.OTHER_YEAR,
    UnitState.NOT_ASKED,
)
"""The units without a report of the year: that they are missing is said elsewhere."""


def changes_of(
    units: Iterable[UnitStatus], year: int, findings_of: FindingsOf, last_year: PreviousYear
) -> YearChanges:
    """The changes of all units with a report on ``year``; one report of each unit is compared."""
    return ranked_changes(_checked(units, year, findings_of), last_year)


def _checked(
    units: Iterable[UnitStatus], year: int, findings_of: FindingsOf
) -> Iterator[CheckedUnit]:
    for unit in units:
        if unit.state in _WITHOUT_REPORT:
            continue
        newest = unit.files[0]
        why_not = _why_not(unit, newest, year)
        findings = () if why_not else findings_of(newest)
        yield CheckedUnit(unit.name, unit.code, newest.file, findings, why_not)


def _why_not(unit: UnitStatus, newest: HandedIn, year: int) -> str:
    """Why a report says nothing about the year yet."""
    differs = any(file.figures != newest.figures for file in unit.files)
    if unit.state is UnitState.DOUBLED and differs:
        return f"交来 {len(unit.files)} 份不同的，还没有定以哪一份为准"
    if newest.year != year:
        return f"报告年度不是 {year}"
    return ""
