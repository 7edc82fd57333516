"""A report built in Python → a reading: its values are judged as those of a workbook are."""

from __future__ import annotations

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.read.numbers import read_number


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
    unread = frozenset(f.path for f in findings if f.path is not None and changed.get(f.path, 0) is None)
    return Reading(report.with_values(changed) if changed else report, findings=tuple(findings), unread=unread)
