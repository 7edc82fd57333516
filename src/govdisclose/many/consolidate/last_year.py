"""Compare the counted reports with last year's: family C for every unit, ranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govdisclose.check.continuity import check_continuity
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import make_report
from govdisclose.form.year_changes import (
    NotCompared,
    UnitChange,
    YearChanges,
    most_unusual,
    unit_changes,
)
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.previous import PreviousYear
from govdisclose.rules import Family, rule_of


def compare_with_last_year(units: Iterable[Contribution], previous: PreviousYear) -> YearChanges:
    """The changes of all counted reports. The prose is not compared here; a batch does that."""
    compared = 0
    changes: list[UnitChange] = []
    others: list[NotCompared] = []
    for unit in units:
        found = previous.find(unit.agency, unit.year)
        if found.reading is None:
            others.append(NotCompared(unit.name, unit.agency.code or "", unit.file, found.reason))
        else:
            compared += 1
            changes.extend(_changes(unit, found.reading))
    unread = tuple(f"上年的 {each.file} 没有比较：{each.reason}" for each in previous.unread)
    listed = tuple(most_unusual(changes))
    return YearChanges(listed, len(changes), compared, tuple(others), unread)


def _changes(unit: Contribution, last: Reading) -> Iterator[UnitChange]:
    findings = check_continuity(_reading(unit), last)
    of_family = (each for each in findings if rule_of(each).family is Family.CONTINUITY)
    return unit_changes(of_family, unit.name, unit.agency.code or "", unit.file)


def _reading(unit: Contribution) -> Reading:
    """The figures of a contribution as a reading; it has no places and no prose."""
    values = dict(zip(outline(unit.edition).cells, unit.values, strict=True))
    report = make_report(unit.edition, values, agency=unit.agency, year=unit.year)
    return Reading(report)
