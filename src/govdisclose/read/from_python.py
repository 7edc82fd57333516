"""A report built in Python → a reading: its values are judged as those of a workbook are."""

from __future__ import annotations

from govdisclose.finding import NOWHERE, Finding, Place
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.read.tables.numbers import read_number
from govdisclose.read.texts import one_line


def read_built(report: AnnualReport) -> Reading:
    """The report with the findings that its values give (families V102 to V109), and without those that are none."""
    cells = outline(report.edition).cells
    findings: list[Finding] = []
    changed: dict[str, Value] = {}
    for path, raw in report.values().items():
        value, problem = read_number(raw, cells[path].kind)
        if value is not raw:
            changed[path] = value
        if problem is not None:
            findings.append(problem.finding(cells[path].label, Place(None), path))
    unread = frozenset(
        f.path for f in findings if f.path is not None and changed.get(f.path, 0) is None
    )
    report = _on_one_line(report.with_values(changed) if changed else report, findings)
    return Reading(report, findings=tuple(findings), unread=unread)


def _on_one_line(report: AnnualReport, findings: list[Finding]) -> AnnualReport:
    """The report with a name, code and title that can be printed on one line."""
    agency = report.agency
    name = one_line(agency.name, NOWHERE, "agency.name", findings)
    code = agency.code and one_line(agency.code, NOWHERE, "agency.code", findings)
    title = one_line(report.title, NOWHERE, "title", findings)
    if (name, code, title) == (agency.name, agency.code, report.title):
        return report
    return report.evolve(agency=Agency(name, code, agency.level), title=title)
