"""Explained exceptions: a finding whose reason the agency has recorded no longer stops a report."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from govdisclose.finding import Finding
from govdisclose.form.explanation import Explanation
from govdisclose.rules import RULES, Family, Rule, family_of, may_be_explained, rule_of
from govdisclose.rules.values import V114


def explain_findings(
    findings: Sequence[Finding],
    explanations: Sequence[Explanation],
    own_rules: Sequence[Rule] = (),
) -> list[Finding]:
    """The same findings, those with a recorded reason marked; V114 for reasons without effect.

    A reason counts for one code at one cell: a path, an address with its sheet, or an address alone
    where only one finding of the code has it. It counts only while the numbers are those that it
    was written for. ``own_rules`` are rules that the user has added.
    """
    if not explanations:
        return list(findings)
    rules = RULES | {rule.code: rule for rule in own_rules}
    explained: list[Finding] = []
    used: set[int] = set()
    all_names = _names(findings)
    for finding, names in zip(findings, all_names, strict=True):
        index = _matching(finding, names, explanations, rules)
        if index is not None:
            used.add(index)
            reason = explanations[index].reason
            finding = finding.evolve(explained=reason)
        explained.append(finding)
    explained = [_with_its_errors(finding, explained) for finding in explained]
    useless: list[Explanation] = []
    for index, explanation in enumerate(explanations):
        if index not in used:
            useless.append(explanation)
    return [*explained, *_useless(useless, findings, rules)]


def _names(findings: Sequence[Finding]) -> Iterator[set[str]]:
    """For each finding, the names by which a reason may refer to its cell."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for finding in findings:
        counts[finding.code, finding.place.cell] += 1
    for finding in findings:
        path = finding.path
        place = str(finding.place)
        cell = finding.place.cell
        names = set()
        for name in (path, place):
            if name:
                names.add(_plain(name))
        if cell and counts[finding.code, cell] == 1:
            names.add(_plain(cell))
        yield names


def _matching(
    finding: Finding,
    names: set[str],
    explanations: Sequence[Explanation],
    rules: Mapping[str, Rule],
) -> int | None:
    """The index of the first reason that explains a finding."""
    if not may_be_explained(finding, rules):
        return None
    for index, explanation in enumerate(explanations):
        if _explains(explanation, finding, names):
            return index
    return None


def _explains(explanation: Explanation, finding: Finding, names: set[str]) -> bool:
    if explanation.code != finding.code:
        return False
    if _plain(explanation.cell) not in names:
        return False
    if _plain(explanation.value) != _plain(finding.fingerprint):
        return False
    return explanation.reason != ""


def _with_its_errors(finding: Finding, findings: Sequence[Finding]) -> Finding:
    """A suggestion (A105, A106) is explained when all broken relations behind it are."""
    rule = rule_of(finding)
    if rule.family is not Family.RELATIONS or rule.states_relation:
        return finding
    if finding.explained:
        return finding
    ends = {finding.path, *finding.others}
    reasons = []
    for other in findings:
        if other.path not in ends:
            continue
        if rule_of(other).states_relation:
            reasons.append(other.explained)
    if not reasons or not all(reasons):
        return finding
    return finding.evolve(explained=reasons[0])


_DROPPED = dict.fromkeys(map(ord, " '$"))


def _plain(text: str) -> str:
    """A name or number without its full-width forms, blanks, quotes and ``$``."""
    half_width = unicodedata.normalize("NFKC", text)
    return half_width.translate(_DROPPED).casefold()


def _useless(
    explanations: Sequence[Explanation], findings: Sequence[Finding], rules: Mapping[str, Rule]
) -> Iterator[Finding]:
    """V114 for each reason without effect.

    A reason of family H is for the consolidation: a report by itself never has that finding.
    """
    for explanation in explanations:
        if family_of(explanation.code) is Family.CONSOLIDATION:
            continue
        parts = (explanation.code, explanation.cell, explanation.value)
        written = " ".join(filter(None, parts))
        why = _why(explanation, findings, rules)
        said = f"“{written}”没有对应的问题：{why}"
        yield V114.finding(said, explanation.place)


def _why(explanation: Explanation, findings: Sequence[Finding], rules: Mapping[str, Rule]) -> str:
    """Why a reason does not count, in Chinese."""
    if not explanation.code:
        return "没有写规则代码"
    if explanation.code not in rules:
        return f"没有规则“{explanation.code}”"
    near = []
    for finding in findings:
        if _is_near(explanation, finding):
            near.append(finding)
    if not near:
        return "问题已改正，或单元格抄写有误"
    if not may_be_explained(near[0], rules):
        return f"{explanation.code} 须改正数据，不能用说明代替"
    if explanation.reason == "":
        return "没有写原因"
    first = near[0]
    if len(near) > 1:
        cell = explanation.cell
        return f"不止一处是 {cell}，单元格应写明工作表，如 {first.place}"
    return f"数值已变或抄写有误，现为“{first.fingerprint}”，仍属实的请照此改写"


def _is_near(explanation: Explanation, finding: Finding) -> bool:
    """Whether a reason names the rule and, in any way, the cell of a finding."""
    if finding.code != explanation.code:
        return False
    place = finding.place
    names = (finding.path, str(place), place.cell)
    plain_names = [_plain(name or "") for name in names]
    return _plain(explanation.cell) in plain_names
