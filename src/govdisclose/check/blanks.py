"""V101 and V110: blank cells, and amounts that look like 元 instead of 万元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from govdisclose.check.relation_sides import implied_total
from govdisclose.check.unwritten import is_blank_table
from govdisclose.finding import Finding, Severity
from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, Line, outline
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
    """V101, one finding for each row. Tables without a single figure are S116."""
    values = reading.report.values()
    if None not in values.values():
        return
    form = outline(reading.report.edition)
    for table in form.tables.values():
        if is_blank_table(reading, table, values):
            continue
        for line in table.lines:
            blank = []
            for cell in line.cells:
                if _is_left_blank(reading, cell, values):
                    blank.append(cell)
            if blank:
                yield _blank_line(line, blank, values, reading)


def _is_left_blank(reading: Reading, cell: Cell, values: Mapping[str, Value]) -> bool:
    """Whether a cell is blank, and no other finding names it."""
    if values[cell.path] is not None:
        return False
    if cell.path in reading.unread:
        return False
    if not reading.places:
        return True
    return cell.path in reading.places


def _blank_line(
    line: Line, blank: list[Cell], values: Mapping[str, Value], reading: Reading
) -> Finding:
    form = outline(reading.report.edition)
    expected: dict[str, Value] = {}
    for cell in blank:
        expected[cell.path] = implied_total(form, cell.path, values)
    name = ""
    if line.labels:
        name = line.labels[-1]
    is_whole_line = len(blank) == len(line.cells)
    if name and is_whole_line:
        columns = "整行"
    else:
        names = [_column(cell, expected[cell.path]) for cell in blank]
        columns = "、".join(names)
    said = f"{columns}空白，没有发生的应填 0"
    if name:
        said = f"{name}：{said}"
    totals = [total for total in expected.values() if total is not None]
    first, *others = expected
    return V101.finding(
        said,
        reading.place(first),
        path=first,
        expected=totals[0] if totals else None,
        others=others,
    )


def _column(cell: Cell, expected: Value) -> str:
    """The column of a blank cell, and the total that should be there."""
    labels = cell.column[-1:]
    if cell.table == "disputes":  # its columns are known by all their labels
        labels = cell.column
    label = "／".join(labels)
    if expected is None:
        return label
    return f"{label}（应为 {expected}）"


def check_fees(reading: Reading) -> Iterator[Finding]:
    """V110: an amount that no agency of this kind takes in, in 万元; a note for one that few take in."""
    level = reading.report.agency.level
    values = reading.report.values()
    form = outline(reading.report.edition)
    for cell in form.money:
        value = values[cell.path]
        if value is None:
            continue
        is_round = value % 1 == 0
        if value >= FEES_LIKELY_YUAN[level]:
            why = f"{value} 万元过大"
            yield likely_yuan(cell, value, reading, why)
        elif level == "agency" and value >= FEES_PERHAPS_YUAN and is_round:
            why = f"{value} 万元数额较大"
            finding = likely_yuan(cell, value, reading, why)
            yield finding.evolve(severity=Severity.NOTE)


def likely_yuan(cell: Cell, value: int | Decimal, reading: Reading, why: str) -> Finding:
    """V110 for an amount that seems to be in 元; the finding gives it in 万元."""
    amount = Decimal(value) / 10_000
    amount = amount.normalize()
    written = f"{amount:f}"
    in_wan = Decimal(written)
    return V110.finding(
        f"{cell.label}：{why}，疑似把元当作万元；若 {value} 是元，应填 {in_wan}",
        reading.place(cell.path),
        path=cell.path,
        expected=in_wan,
        found=value,
    )
