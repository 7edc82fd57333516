"""The reports that a consolidated workbook has not added, read back from its sheet 汇总说明."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from govdisclose.form.report import Agency
from govdisclose.read.grid import Grid
from govdisclose.write.workbook.consolidated import NOT_COUNTED, ONLY_COMPARED, UNIT_COLUMNS


@frozen
class RefusedByTotal:
    """A report that came and is not in the sum: whose it is, its file, and the reason in Chinese.

    ``leaves_a_gap`` unless the sum has its figures from other reports.
    """

    agency: Agency
    file: str
    reason: str
    leaves_a_gap: bool


def refused_by_total(summary: Grid) -> Iterator[RefusedByTotal]:
    """Yield the reports that 汇总说明 lists as not counted; none if the sheet has no list."""
    header = _header(summary)
    if header is None:
        return
    for row in range(header + 1, len(summary.rows)):
        line = _line(summary, row)
        state = line["情况"]
        if state in (NOT_COUNTED, ONLY_COMPARED):
            yield RefusedByTotal(
                _agency(line), line["文件"], line["备注"], leaves_a_gap=state == NOT_COUNTED
            )


def _agency(line: Mapping[str, str]) -> Agency:
    """The agency of a line; a report without a name has its file in place of one."""
    name = line["单位"]
    if name == line["文件"]:
        return Agency()
    return Agency(name, line["代码"] or None)


def _header(summary: Grid) -> int | None:
    for row in range(len(summary.rows)):
        if tuple(_line(summary, row).values()) == UNIT_COLUMNS:
            return row
    return None


def _line(summary: Grid, row: int) -> Mapping[str, str]:
    """The texts of a row by the names of the columns."""
    texts: dict[str, str] = {}
    for column, name in enumerate(UNIT_COLUMNS):
        raw = summary.raw(row, column)
        texts[name] = raw.strip() if isinstance(raw, str) else ""
    return texts
