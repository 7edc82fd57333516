"""Findings as a clerk reads them: by sheet, broken relations with their figures and the sum written out."""

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
"""A side of more members than this is shown without its zeros: the 22 outcomes of one column."""

_LONG_NAME = 18


def as_text(results: Sequence[Checked]) -> str:
    """All results one after the other."""
    return "".join("\n".join(_source(checked)) + "\n" for checked in results)


def _source(checked: Checked) -> Iterator[str]:
    if not checked.findings:
        yield f"{checked.source}：没有发现问题。"
        return
    yield f"{checked.source}：{count_findings(checked.findings)}"
    for sheet, group in groupby(checked.findings, key=lambda f: f.place.sheet or "整个文件"):
        yield f"\n【{sheet}】"
        for finding in group:
            yield from _finding(finding, checked.reading)


def _finding(finding: Finding, reading: Reading | None) -> Iterator[str]:
    state = f"已说明（{finding.explained}）" if finding.explained else finding.severity.label
    yield f"  {state} {finding.code} {finding.message}"
    if finding.explained:
        return
    relation = _relation(finding, reading)
    if reading is not None and relation is not None:
        yield from (_INDENT + line for line in excerpt(relation, reading))
    if finding.hint:
        yield f"{_INDENT}怎么改：{finding.hint}"
    if line := explanation_line(finding):
        yield f"{_INDENT}如情况属实，在“说明事项”填：{line}"


def explanation_line(finding: Finding) -> str | None:
    """What to put into 说明事项 for a finding whose figures may be true all the same; else ``None``."""
    figures = isinstance(finding.expected, Number) and isinstance(finding.found, Number)
    where = finding.place.cell if finding.place.sheet else finding.path
    if not (figures and where and may_be_explained(finding)) or finding.severity is Severity.NOTE:
        return None
    return f"{finding.code} | {where} | {finding.fingerprint} | 原因"


def _relation(finding: Finding, reading: Reading | None) -> Relation | None:
    """The relation that a finding says is broken."""
    cells = {finding.path, *finding.others}
    if reading is None or not rule_of(finding).states_relation:
        return None
    return next(
        (r for r in outline(reading.report.edition).relations if set(r.paths) == cells), None
    )


def excerpt(relation: Relation, reading: Reading) -> list[str]:
    """The cells of a relation as a small table, and its sums: ``13364 + 252 + 0 + 44 = 13660``."""
    rows = list(_side_rows(relation.left, relation, reading))
    rows.append(_sum_row(relation.left, reading))
    rows += _side_rows(relation.right, relation, reading)
    has_total = len(relation.right) == 1
    if not has_total:
        rows.append(_sum_row(relation.right, reading))
    return aligned(rows, "lrl")


_Row = tuple[str, str, str]
"""Label, number, and address or sum."""


def _side_rows(side: Sequence[str], relation: Relation, reading: Reading) -> Iterator[_Row]:
    """The cells of one side; of a long side the zeros are only counted."""
    cells, values = outline(reading.report.edition).cells, reading.report.values()
    along_row = len({cells[path].row for path in relation.paths}) == 1
    hidden = 0
    for path in side:
        if values[path] or len(side) <= _LONG:
            address = reading.place(path).cell or ""
            yield _name(cells[path], along_row), _number(values[path]), address
        else:
            hidden += 1
    if hidden:
        yield f"其余 {hidden} 项", "0", ""


def _sum_row(side: Sequence[str], reading: Reading) -> _Row:
    """The sum of one side, written out; of a long side without its zeros."""
    values = reading.report.values()
    addends = [values[path] or 0 for path in side if values[path] or len(side) <= _LONG]
    total = str(sum(addends))
    return "合计", total, f"{' + '.join(map(str, addends)) or '0'} = {total}"


def _name(cell: Cell, along_row: bool) -> str:
    label = (cell.column if along_row else cell.row)[-1]
    return label if len(label) <= _LONG_NAME else f"{label[: _LONG_NAME - 1]}…"


def _number(value: Value) -> str:
    return "空白" if value is None else str(value)
