"""与上年相比: the changes in the reports of many units, the most unusual first."""

from __future__ import annotations

from collections.abc import Iterator

from govdisclose.form.sheets import CHANGES_SHEET
from govdisclose.form.year_changes import RANKING_WORDS, UnitChange, YearChanges
from govdisclose.write.workbook.writer import (
    TOP_ROW,
    SheetWriter,
    ShownNumber,
    WorkbookWriter,
    printed_words,
    storable,
)

_COLUMNS = {
    "名次": 7,
    "级别": 7,
    "规则": 8,
    "单位": 34,
    "上年或应为": 12,
    "本年": 12,
    "差": 10,
    "程度": 8,
    "说明": 56,
    "文件": 40,
}
_PRINTED = len(_COLUMNS) - 1
"""All but the file."""
_MOST_PRINTED = 100
"""The most unusual ones, which somebody reads on paper."""
_NOT_COMPARED = ("", "", "", "单位", "代码", "", "", "", "没有比较的原因", "文件")


def changes_page(workbook: WorkbookWriter, changes: YearChanges) -> None:
    """Write the sheet: the ranked changes, then the units that could not be compared."""
    widths = tuple(_COLUMNS.values())
    hint = storable(_hint(changes))
    page = workbook.page(CHANGES_SHEET, widths, landscape=True)
    page.head(CHANGES_SHEET, hint, _PRINTED)
    page.row(TOP_ROW, tuple(_COLUMNS), "header")
    page.sheet.set_row(TOP_ROW, 24)
    page.keep_header(TOP_ROW)
    for place, change in enumerate(changes.listed, 1):
        row = TOP_ROW + place
        _write_change(page, row, place, change)
    listed = len(changes.listed)
    if not listed:
        page.merged(TOP_ROW + 1, 0, 1, len(_COLUMNS), "没有发现异常的变化", "plain")
    page.filter(TOP_ROW, listed)
    page.print_list(TOP_ROW, _count(changes), _PRINTED, most=_MOST_PRINTED)
    below = TOP_ROW + 1 + max(1, listed)
    page.lines(below, _not_compared(changes), "plain")


def _hint(changes: YearChanges) -> str:
    """What the list holds, how it is ranked and how much of it is printed."""
    printed = printed_words(_count(changes), _MOST_PRINTED)
    left_off = _left_off(changes)
    unread = "；".join(changes.unread)
    return f"{changes.face}。{left_off}{RANKING_WORDS}{printed}{unread}"


def _count(changes: YearChanges) -> int:
    """How many rows the sheet has: with the units that are not compared, and their header."""
    rows = max(1, len(changes.listed))
    others = len(changes.not_compared)
    if others:
        rows += others + 2
    return rows


def _left_off(changes: YearChanges) -> str:
    """How many changes are not listed."""
    listed = len(changes.listed)
    more = changes.total - listed
    if not more:
        return ""
    return f"只列出前 {listed} 处，另有 {more} 处程度较轻的没有列出。"


def _write_change(page: SheetWriter, row: int, place: int, change: UnitChange) -> None:
    unit = storable(change.unit)
    text = storable(change.text)
    file = storable(change.file)
    page.heights(row, ("", "", "", unit, "", "", "", "", text, file))
    page.value(row, 0, place, "figure", "cases")
    page.row(row, (change.severity.label, change.rule, unit), "plain", first=1)
    numbers = (
        ShownNumber(change.expected),
        ShownNumber(change.found),
        ShownNumber(change.difference, ("growth",)),
        ShownNumber(round(change.weight, 1), ("weight",)),
    )
    page.numbers(row, 4, numbers, "figure")
    page.row(row, (text, file), "plain", first=8)


def _not_compared(changes: YearChanges) -> Iterator[tuple[str, ...]]:
    if not changes.not_compared:
        return
    yield ("",) * len(_COLUMNS)
    yield _NOT_COMPARED
    for each in changes.not_compared:
        unit = storable(each.unit)
        code = storable(each.code)
        reason = storable(each.reason)
        file = storable(each.file)
        yield ("", "", "", unit, code, "", "", "", reason, file)
