"""Explained exceptions: a finding for which the agency has recorded a reason no longer stops a report."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from govdisclose.finding import Finding
from govdisclose.form.explanation import Explanation
from govdisclose.rules import RULES
from govdisclose.rules.values import V114

_RELATIONS = ("A101", "A102", "A103", "A104")


def explain_findings(
    findings: Sequence[Finding], explanations: Sequence[Explanation]
) -> list[Finding]:
    """The same findings, those with a recorded reason marked as explained; V114 for reasons without effect.

    A reason counts for one code at one cell (path, address with sheet, or address alone where only one
    finding of the code has it) and only while the numbers are those it was written for.
    """
    if not explanations:
        return list(findings)
    counts = Counter((f.code, f.place.cell) for f in findings)
    told: list[Finding] = []
    used: set[int] = set()
    for finding in findings:
        names = {_plain(n) for n in (finding.path, str(finding.place)) if n}
        if finding.place.cell and counts[finding.code, finding.place.cell] == 1:
            names.add(_plain(finding.place.cell))
        match = next((i for i, e in enumerate(explanations) if _explains(e, finding, names)), None)
        if match is not None:
            used.add(match)
            finding = finding.evolve(explained=explanations[match].reason)
        told.append(finding)
    told = [_with_its_errors(finding, told) for finding in told]
    # A reason of family H is for the consolidation; a report by itself has no such finding.
    useless = [
        e for i, e in enumerate(explanations) if i not in used and not e.code.startswith("H")
    ]
    return told + list(_useless(useless, findings))


def _with_its_errors(finding: Finding, told: Sequence[Finding]) -> Finding:
    """A suggestion is explained when all the broken relations are that it rests on."""
    if finding.code not in ("A105", "A106") or finding.explained:
        return finding
    ends = {finding.path, *finding.others}
    errors = [f for f in told if f.path in ends and f.code in _RELATIONS]
    reasons = [f.explained for f in errors if f.explained]
    return (
        finding.evolve(explained=reasons[0]) if reasons and len(reasons) == len(errors) else finding
    )


def _plain(text: str) -> str:
    """A name or number as typed in full width, with blanks, quotes or ``$``: the same."""
    return unicodedata.normalize("NFKC", text).translate(dict.fromkeys(map(ord, " '$"))).casefold()


def _explains(explanation: Explanation, finding: Finding, names: set[str]) -> bool:
    return (
        finding.explainable
        and explanation.code == finding.code
        and _plain(explanation.cell) in names
        and _plain(explanation.value) == _plain(finding.fingerprint)
        and explanation.reason != ""
    )


def _useless(explanations: Sequence[Explanation], findings: Sequence[Finding]) -> Iterator[Finding]:
    for explanation in explanations:
        told = " ".join(
            part for part in (explanation.code, explanation.cell, explanation.value) if part
        )
        yield V114.finding(
            f"“{told}”没有对应的问题：{_why(explanation, findings)}", explanation.place
        )


def _why(explanation: Explanation, findings: Sequence[Finding]) -> str:
    """What keeps a reason from counting."""
    if not explanation.code:
        return "没有写规则代码"
    if explanation.code not in RULES:
        return f"没有规则“{explanation.code}”"
    cell = _plain(explanation.cell)
    near = [
        f
        for f in findings
        if f.code == explanation.code
        and cell in {_plain(n or "") for n in (f.path, str(f.place), f.place.cell)}
    ]
    if not near:
        return "问题已改正，或单元格抄写有误"
    if not near[0].explainable:
        return f"{explanation.code} 须改正数据，不能用说明代替"
    if explanation.reason == "":
        return "没有写原因"
    if len(near) > 1:
        return f"不止一处是 {explanation.cell}，单元格应写明工作表，如 {near[0].place}"
    return f"数值已变或抄写有误，现为“{near[0].fingerprint}”，仍属实的请照此改写"
