"""Findings as text for people: by sheet, with the figures and sums of broken relations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from govdisclose.finding import Finding, Number, Severity, count_findings
from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules import may_be_explained, rule_of
from govdisclose.write.aligned import aligned
from govdisclose.write.findings.checked import Checked

_INDENT = " " * 6
_LONG = 7
"""Cells of a side that are all shown; a longer side is shown without its zeros."""

_LONG_NAME = 18
"""Characters of a label that are shown."""


def as_text(results: Sequence[Checked]) -> str:
    """All results one after the other."""
    lines: list[str] = []
    for checked in results:
        lines += _source(checked)
    if not lines:
        return ""
    return "\n".join([*lines, ""])


def _source(checked: Checked) -> Iterator[str]:
    if not checked.findings:
        yield f"{checked.source}：没有发现问题。"
        return
    counts = count_findings(checked.findings)
    yield f"{checked.source}：{counts}"
    for sheet, group in groupby(checked.findings, key=_sheet):
        yield f"\n【{sheet}】"
        for finding in group:
            yield from _finding(finding, checked.reading)


def _sheet(finding: Finding) -> str:
    return finding.place.sheet or "整个文件"


def _finding(finding: Finding, reading: Reading | None) -> Iterator[str]:
    said = f"{finding.code} {finding.message}"
    if finding.explained:
        yield f"  已说明（{finding.explained}） {said}"
        return
    yield f"  {finding.severity.label} {said}"
    if reading is not None:
        for line in _relation_lines(finding, reading):
            yield _INDENT + line
    if finding.hint:
        yield f"{_INDENT}怎么改：{finding.hint}"
    explanation = explanation_line(finding)
    if explanation:
        yield f"{_INDENT}如情况属实，在“说明事项”填：{explanation}"


def explanation_line(finding: Finding) -> str | None:
    """The line for 说明事项 that would explain ``finding``; ``None`` if it cannot be explained.

    Only a finding about figures can be: its figures may be true although they break a rule.
    """
    if finding.severity is Severity.NOTE or not may_be_explained(finding):
        return None
    sides = (finding.expected, finding.found)
    if not all(isinstance(side, Number) for side in sides):
        return None
    place = finding.place
    where = place.cell if place.sheet else finding.path
    if not where:
        return None
    return f"{finding.code} | {where} | {finding.fingerprint} | 原因"


def _relation_lines(finding: Finding, reading: Reading) -> list[str]:
    """The broken relation that a finding is about; nothing if it is about none."""
    if not rule_of(finding).states_relation:
        return []
    cells = {finding.path, *finding.others}
    form = outline(reading.report.edition)
    for relation in form.relations:
        if set(relation.paths) == cells:
            return excerpt(relation, reading)
    return []


def excerpt(relation: Relation, reading: Reading) -> list[str]:
    """The cells of a relation as a small table, with its sums: ``13364 + 252 + 0 + 44 = 13660``."""
    left = relation.left
    right = relation.right
    rows = list(_side_rows(left, relation, reading))
    sum_of_left = _sum_row(left, reading)
    rows.append(sum_of_left)
    rows += _side_rows(right, relation, reading)
    has_total = len(right) == 1
    if not has_total:
        sum_of_right = _sum_row(right, reading)
        rows.append(sum_of_right)
    return aligned(rows, "lrl")


_Row = tuple[str, str, str]
"""Label, number, and address or sum."""


def _side_rows(side: Sequence[str], relation: Relation, reading: Reading) -> Iterator[_Row]:
    """The cells of one side; the zeros of a long side are only counted."""
    report = reading.report
    cells = outline(report.edition).cells
    values = report.values()
    rows = {cells[path].row for path in relation.paths}
    along_row = len(rows) == 1
    is_long = len(side) > _LONG
    hidden = 0
    for path in side:
        value = values[path]
        if is_long and not value:
            hidden += 1
            continue
        name = _name(cells[path], along_row)
        number = _number(value)
        address = reading.place(path).cell or ""
        yield name, number, address
    if hidden:
        yield f"其余 {hidden} 项", "0", ""


def _sum_row(side: Sequence[str], reading: Reading) -> _Row:
    """The sum of one side, written out; a long side without its zeros."""
    values = reading.report.values()
    addends = [values[path] or 0 for path in side]
    total = str(sum(addends))
    if len(side) > _LONG:
        addends = list(filter(None, addends))
    terms = map(_term, addends)
    written = " + ".join(terms) or "0"
    return "各项之和", total, f"{written} = {total}"


def _term(addend: Number) -> str:
    """A number in a sum that is written out."""
    return f"({addend})" if addend < 0 else str(addend)


def _name(cell: Cell, along_row: bool) -> str:
    trail = cell.column if along_row else cell.row
    label = trail[-1]
    if len(label) <= _LONG_NAME:
        return label
    start = label[: _LONG_NAME - 1]
    return f"{start}…"


def _number(value: Value) -> str:
    return "空白" if value is None else str(value)
