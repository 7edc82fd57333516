"""Compare the counted reports with last year's: family C for every unit, ranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govdisclose.check.continuity import check_continuity
from govdisclose.form.reading import Reading
from govdisclose.form.report import make_report
from govdisclose.form.year_changes import YearChanges
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.previous import PreviousYear
from govdisclose.many.year_changes import CheckedUnit, ranked_changes


def compare_with_last_year(units: Iterable[Contribution], previous: PreviousYear) -> YearChanges:
    """The changes of all counted reports. The prose is not compared here; a batch does that."""
    return ranked_changes(_checked(units, previous), previous)


def _checked(units: Iterable[Contribution], previous: PreviousYear) -> Iterator[CheckedUnit]:
    """The units with the findings of family C, or the reason why they were not compared."""
    for unit in units:
        code = unit.agency.code or ""
        found = previous.find(unit.agency, unit.year)
        if found.reading is None:
            yield CheckedUnit(unit.name, code, unit.file, why_not=found.reason)
            continue
        findings = check_continuity(_reading(unit), found.reading)
        yield CheckedUnit(unit.name, code, unit.file, tuple(findings))


def _reading(unit: Contribution) -> Reading:
    """The figures of a contribution as a reading; it has no places and no prose."""
    report = make_report(unit.edition, unit.cells, agency=unit.agency, year=unit.year)
    return Reading(report)
