"""Explained exceptions: a finding for which the agency has recorded a reason no longer stops a report."""

from __future__ import annotations

from govdisclose.finding import Finding, Severity
from govdisclose.form.explanation import Explanation


def explain_findings(findings: list[Finding], explanations: tuple[Explanation, ...]) -> list[Finding]:
    """The same findings, those with a recorded reason marked as explained.

    A reason counts for one code at one cell (address or path) and only while the number is still the
    one it was written for. What keeps a number from being read at all (errors of the families S and V)
    cannot be explained away: the report would lack that number.
    """
    return [_explain(finding, explanations) for finding in findings]


def _explain(finding: Finding, explanations: tuple[Explanation, ...]) -> Finding:
    if finding.code.startswith(("S", "V")) and finding.severity is Severity.ERROR:
        return finding
    names = {finding.path, finding.place.cell, str(finding.place)} - {None, ""}
    for explanation in explanations:
        same_number = explanation.value == "" if finding.found is None else explanation.value == str(finding.found)
        if explanation.code == finding.code and explanation.cell in names and explanation.reason and same_number:
            return finding.evolve(explained=explanation.reason)
    return finding
