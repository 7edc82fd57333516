"""A report built in Python → a reading: its values are judged like those of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from govdisclose.finding import NOWHERE, Finding
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.read.tables.numbers import read_number
from govdisclose.read.texts import one_line


def read_built(report: AnnualReport) -> Reading:
    """The report with the findings about its values (V102 to V109).

    Values that no report can have are left out and are unread.
    """
    cells = outline(report.edition).cells
    findings: list[Finding] = []
    changed: dict[str, Value] = {}
    for path, raw in report.values().items():
        cell = cells[path]
        value, problem = read_number(raw, cell.kind)
        if value is not raw:
            changed[path] = value
        if problem is not None:
            finding = problem.finding(cell.label, NOWHERE, path)
            findings.append(finding)
    unread = frozenset(_unread(findings, changed))
    if changed:
        report = report.with_values(changed)
    printable, joined = _on_one_line(report)
    return Reading(printable, findings=(*findings, *joined), unread=unread)


def _unread(findings: Iterable[Finding], changed: Mapping[str, Value]) -> Iterator[str]:
    """The paths of the values that were left out, each with a finding."""
    for finding in findings:
        if finding.path is None:
            continue
        if changed.get(finding.path, 0) is None:
            yield finding.path


def _on_one_line(report: AnnualReport) -> tuple[AnnualReport, list[Finding]]:
    """The report with name, code and title on one line, and a finding for each that was joined."""
    agency = report.agency
    written_code = agency.code or ""
    name = one_line(agency.name, NOWHERE, "agency.name")
    code = one_line(written_code, NOWHERE, "agency.code")
    title = one_line(report.title, NOWHERE, "title")
    findings: list[Finding] = []
    for cleaned in (name, code, title):
        findings.extend(cleaned.findings)
    if not findings:
        return report, findings
    one_line_code = code.text if agency.code else agency.code
    on_one_line = Agency(name.text, one_line_code, agency.level)
    changed = report.evolve(agency=on_one_line, title=title.text)
    return changed, findings
