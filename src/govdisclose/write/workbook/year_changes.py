"""与上年相比: the changes in the reports of many units, the most unusual first."""

from __future__ import annotations

from collections.abc import Iterator

from govdisclose.form.sheets import CHANGES_SHEET
from govdisclose.form.year_changes import RANKING_WORDS, UnitChange, YearChanges
from govdisclose.write.workbook.writer import (
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
    printed_words,
    storable,
)

_COLUMNS = {
    "名次": 7, "级别": 7, "规则": 8, "单位": 34, "上年或应为": 12, "本年": 12, "差": 10, "程度": 8, "说明": 56, "文件": 40,
}  # fmt: skip
_PRINTED = len(_COLUMNS) - 1
"""All but the file."""
_MOST_PRINTED = 100
"""The most unusual ones, which somebody reads on paper."""
_NOT_COMPARED = ("", "", "", "单位", "代码", "", "", "", "没有比较的原因", "文件")


def changes_page(workbook: WorkbookWriter, changes: YearChanges) -> None:
    """Write the sheet: the ranked changes, then the units that could not be compared."""
    page = workbook.page(CHANGES_SHEET, tuple(_COLUMNS.values()), landscape=True)
    width = len(_COLUMNS)
    printed = printed_words(_count(changes), _MOST_PRINTED)
    unread = "；".join(changes.unread)
    hint = storable(f"{changes.face}。{_left_off(changes)}{RANKING_WORDS}{printed}{unread}")
    page.head(CHANGES_SHEET, hint, _PRINTED)
    page.row(TOP_ROW, tuple(_COLUMNS), "header")
    page.sheet.set_row(TOP_ROW, 24)
    page.sheet.freeze_panes(TOP_ROW + 1, 0)
    page.sheet.repeat_rows(TOP_ROW)
    row = TOP_ROW + 1
    for place, change in enumerate(changes.listed, 1):
        _write_change(page, row, place, change)
        row += 1
    if not changes.listed:
        page.merged(row, 0, 1, width, "没有发现异常的变化", "plain")
        row += 1
    page.sheet.autofilter(TOP_ROW, 0, row - 1, width - 1)
    page.print_list(TOP_ROW, _count(changes), _PRINTED, most=_MOST_PRINTED)
    for line in _not_compared(changes):
        page.heights(row, line)
        page.row(row, line, "plain")
        row += 1


def _count(changes: YearChanges) -> int:
    """How many rows the sheet has: with the units that are not compared, and their header."""
    others = len(changes.not_compared)
    return max(1, len(changes.listed)) + (others + 2 if others else 0)


def _left_off(changes: YearChanges) -> str:
    """How many changes are not listed."""
    more = changes.total - len(changes.listed)
    return f"只列出前 {len(changes.listed)} 处，另有 {more} 处程度较轻的没有列出。" if more else ""


def _write_change(page: SheetWriter, row: int, place: int, change: UnitChange) -> None:
    unit, text, file = map(storable, (change.unit, change.text, change.file))
    page.heights(row, ("", "", "", unit, "", "", "", "", text, file))
    page.value(row, 0, place, "figure", "cases")
    page.text(row, 1, change.severity.label, "plain")
    page.text(row, 2, change.rule, "plain")
    page.text(row, 3, unit, "plain")
    page.value(row, 4, change.expected, "figure")
    page.value(row, 5, change.found, "figure")
    page.value(row, 6, change.difference, "figure", "growth")
    page.value(row, 7, round(change.weight, 1), "figure")
    page.text(row, 8, text, "plain")
    page.text(row, 9, file, "plain")


def _not_compared(changes: YearChanges) -> Iterator[tuple[str, ...]]:
    if not changes.not_compared:
        return
    yield ("",) * len(_COLUMNS)
    yield _NOT_COMPARED
    for each in changes.not_compared:
        texts = map(storable, (each.unit, each.code, each.reason, each.file))
        unit, code, reason, file = texts
        yield ("", "", "", unit, code, "", "", "", reason, file)
