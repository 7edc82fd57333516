"""The changes since last year in many checked reports, from their findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import field, frozen

from govdisclose.finding import Finding
from govdisclose.form.year_changes import (
    NotCompared,
    UnitChange,
    YearChanges,
    most_unusual,
    unit_changes,
)
from govdisclose.many.previous import PreviousReport, PreviousYear
from govdisclose.rules import Family, rule_of
from govdisclose.rules.aggregation import H116


@frozen
class CheckedUnit:
    """A report that was checked against last year's: whose it is, its file and its findings.

    ``why_not`` says in Chinese why it was not compared, if its findings do not say so (H116).
    """

    name: str
    code: str
    file: str
    findings: Sequence[Finding] = field(default=(), repr=False)
    why_not: str = ""

    @property
    def reason(self) -> str:
        """Why it was not compared; ``""`` if it was."""
        if self.why_not:
            return self.why_not
        for finding in self.findings:
            if finding.code == H116.code:
                return finding.text
        return ""


def no_report_of_last_year(found: PreviousReport) -> Finding:
    """The note (H116) of a report that could not be compared with last year's."""
    return H116.finding(f"{found.reason}，没有核对与上年的衔接")


def is_about_last_year(finding: Finding) -> bool:
    """Whether a finding says how a report compares with last year's, or that it was not compared."""
    return finding.code == H116.code or rule_of(finding).family is Family.CONTINUITY


def ranked_changes(units: Iterable[CheckedUnit], last_year: PreviousYear) -> YearChanges:
    """The findings of family C of all units, ranked; the units that were not compared."""
    changes: list[UnitChange] = []
    others: list[NotCompared] = []
    compared = 0
    for unit in units:
        if unit.reason:
            others.append(NotCompared(unit.name, unit.code, unit.file, unit.reason))
            continue
        compared += 1
        found = [each for each in unit.findings if is_about_last_year(each)]
        changes.extend(unit_changes(found, unit.name, unit.code, unit.file))
    listed = tuple(most_unusual(changes))
    return YearChanges(listed, len(changes), compared, tuple(others), last_year.why_unused)
