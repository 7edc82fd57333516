"""V101 and V110: what the values of a report say by themselves, beyond being readable."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from govdisclose.check.sides import implied_total
from govdisclose.check.unwritten import is_blank_table
from govdisclose.finding import Finding, Severity
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Cell, Line, Outline, outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import Level
from govdisclose.rules.values import V101, V110

FEES_LIKELY_YUAN: dict[Level, Decimal] = {
    "agency": Decimal(50_000),
    "government": Decimal(10_000_000),
}
"""From this many 万元 on, an amount looks like 元: 5 亿元 for one agency, 1,000 亿元 for a government."""

FEES_PERHAPS_YUAN = Decimal(1_000)
"""From this many whole 万元 on, an agency's amount is worth a second look: 3940 may be 元."""


def check_blanks(reading: Reading) -> Iterator[Finding]:
    """V101, one finding a row. Tables without a single figure are S116."""
    form, values = outline(reading.report.edition), reading.report.values()
    for table in form.tables.values():
        if is_blank_table(reading, table, values):
            continue
        blank = [
            c.path for c in table.cells if values[c.path] is None and c.path not in reading.unread
        ]
        known = [path for path in blank if not reading.places or path in reading.places]
        for line in table.lines:
            paths = [c.path for c in line.cells if c.path in known]
            if paths:
                yield _blank_line(form, line, paths, values, reading)


def _blank_line(
    form: Outline, line: Line, paths: list[str], values: dict[str, Value], reading: Reading
) -> Finding:
    expected = {path: implied_total(form, path, values) for path in paths}
    cells = [form.cells[path] for path in paths]
    whole = len(paths) == len(line.cells)
    name = line.labels[-1] if line.labels else ""
    columns = (
        "整行"
        if whole and name
        else "、".join(_column(cell, expected[cell.path]) for cell in cells)
    )
    text = (
        f"{name}：{columns}空白，没有发生的应填 0" if name else f"{columns}空白，没有发生的应填 0"
    )
    told = next((v for v in expected.values() if v is not None), None)
    return V101.finding(
        text, reading.place(paths[0]), path=paths[0], expected=told, others=paths[1:]
    )


def _column(cell: Cell, expected: Value) -> str:
    label = "／".join(cell.column if cell.table == "disputes" else cell.column[-1:])
    return label if expected is None else f"{label}（应为 {expected}）"


def check_fees(reading: Reading) -> Iterator[Finding]:
    """V110: an amount that no agency of this kind takes in, in 万元; a note for one that few take in."""
    level = reading.report.agency.level
    values = reading.report.values()
    for cell in outline(reading.report.edition).cells.values():
        value = values[cell.path]
        if cell.kind is not Kind.MONEY or value is None:
            continue
        if value >= FEES_LIKELY_YUAN[level]:
            yield likely_yuan(cell, value, reading, f"{value} 万元过大")
        elif level == "agency" and value >= FEES_PERHAPS_YUAN and value % 1 == 0:
            yield likely_yuan(cell, value, reading, f"{value} 万元数额较大").evolve(
                severity=Severity.NOTE
            )


def likely_yuan(cell: Cell, value: int | Decimal, reading: Reading, why: str) -> Finding:
    """V110: an amount that seems to be in 元, with what it is in 万元."""
    in_wan = Decimal(f"{(Decimal(value) / 10_000).normalize():f}")
    return V110.finding(
        f"{cell.label}：{why}，疑似把元当作万元；若 {value} 是元，应填 {in_wan}",
        reading.place(cell.path),
        path=cell.path,
        expected=in_wan,
        found=value,
    )
