"""Findings as a clerk reads them: by sheet, broken relations with their figures and the sum written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    form, values = outline(reading.report.edition), reading.report.values()
    along_row = len({form.cells[p].row for p in relation.paths}) == 1
    rows: list[tuple[str, str, str]] = []
    total = len(relation.right) == 1
    for side in (relation.left, relation.right):
        shown = [p for p in side if values[p] or len(side) <= _LONG]
        rows += [
            (_name(form.cells[p], along_row), _number(values[p]), reading.place(p).cell or "")
            for p in shown
        ]
        if len(shown) < len(side):
            rows.append((f"其余 {len(side) - len(shown)} 项", "0", ""))
        if side is relation.left or not total:
            rows.append(("合计", *_sum(values[p] or 0 for p in shown)))
    return aligned(rows, "lrl")


def _name(cell: Cell, along_row: bool) -> str:
    label = (cell.column if along_row else cell.row)[-1]
    return label if len(label) <= _LONG_NAME else f"{label[: _LONG_NAME - 1]}…"


def _number(value: Value) -> str:
    return "空白" if value is None else str(value)


def _sum(addends: Iterable[Number]) -> tuple[str, str]:
    numbers = list(addends)
    return str(sum(numbers)), f"{' + '.join(map(str, numbers)) or '0'} = {sum(numbers)}"
