"""The state of a season as a workbook: the counts, the news, one row for each unit, other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from govdisclose.form.files_left import state_of
from govdisclose.form.sheets import CHANGES_SHEET
from govdisclose.form.status import HandedIn, SeasonStatus, UnitState, UnitStatus
from govdisclose.write.status import display
from govdisclose.write.workbook.pages import open_page
from govdisclose.write.workbook.writer import (
    FIRST_ROW,
    HINT_ROW,
    TEXT_LIMIT,
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
    below_header,
    printed_words,
    storable,
    written_workbook,
)
from govdisclose.write.workbook.year_changes import changes_page

SUMMARY_SHEET = "概况"
NEWS_SHEET = "变化"
UNITS_SHEET = "各单位"
FILES_SHEET = "其他文件"

_UNIT_WIDTHS = {
    "层级": 8,
    "上级": 22,
    "单位": 32,
    "情况": 9,
    "收到": 11,
    "期限": 11,
    "离期限（天）": 13,
    "错误": 6,
    "警告": 6,
    "说明": 40,
    "联系人": 9,
    "电话": 15,
    "代码": 21,
    "应报": 7,
    "文件": 90,
}
UNIT_COLUMNS = tuple(_UNIT_WIDTHS)
_COLUMN = {name: number for number, name in enumerate(UNIT_COLUMNS)}
_PRINTED = _COLUMN["电话"]
"""The last column that is printed: all of them would be too small on A4."""

_STYLES = {
    UnitState.MISSING: "bad",
    UnitState.UNREADABLE: "bad",
    UnitState.RETURNED: "open",
    UnitState.OTHER_YEAR: "open",
    UnitState.DOUBLED: "open",
    UnitState.RENAMED: "open",
    UnitState.RECEIVED: "good",
}


def status_workbook(status: SeasonStatus) -> bytes:
    """The workbook (.xlsx) of a state. Raises ``OutputError`` when a cell cannot hold a text."""
    return written_workbook(status.title, lambda workbook: _write(workbook, status))


def _write(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    _summary(workbook, status)
    _news(workbook, status)
    _units(workbook, status)
    if status.changes is not None:
        changes_page(workbook, status.changes)
    _files(workbook, status)


# --- 概况 ---------------------------------------------------------------------------------------


def _summary(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    count_widths = [10] * len(display.TALLY_COLUMNS)
    widths = (34, *count_widths)
    columns = len(widths)
    page = workbook.page(SUMMARY_SHEET, widths, landscape=True)
    page.title(TITLE_ROW, status.title, columns)
    row = HINT_ROW
    for said in _about(status):
        text = storable(said)
        page.merged(row, 0, 1, columns, text, "plain")
        page.height(row, text, 0, columns)
        row += 1
    total = display.in_all(status)
    levels = [*display.by_level(status), total]
    parents = [*display.by_parent(status), total]
    row += 1
    _tallies(page, row, "层级", levels)
    row += len(levels) + 2
    _tallies(page, row, "上级", parents)


def _about(status: SeasonStatus) -> Iterator[str]:
    summary = display.summary(status)
    deadlines = display.deadlines(status)
    yield (
        f"截至 {status.today}。{summary}。{deadlines}"
        f"花名册：{status.roster}；收件文件夹：{status.inbox}。"
    )
    yield display.LEGEND
    yield (
        f"“{NEWS_SHEET}”是与上次相比的变化，“{UNITS_SHEET}”一家一行、可以筛选，"
        f"“{FILES_SHEET}”是不归任何一家的文件。"
    )
    if status.changes is not None:
        yield f"“{CHANGES_SHEET}”：{status.changes.face}。"
    for note in status.notes:
        yield f"注意：{note}。"


def _tallies(
    page: SheetWriter, header: int, heading: str, groups: Sequence[display.StateCounts]
) -> None:
    """Write the counts of some groups below row ``header``; the last group is the total."""
    page.row(header, (heading, *display.TALLY_COLUMNS), "header")
    last = header + len(groups)
    for row, group in enumerate(groups, header + 1):
        look = "total" if row == last else "plain"
        page.heights(row, (group.name,))
        page.text(row, 0, group.name, look, "left")
        for column, number in enumerate(group.cells, 1):
            page.value(row, column, number, look, "centre")


# --- 变化 ---------------------------------------------------------------------------------------


def _news(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    page = workbook.page(NEWS_SHEET, (12, 40, 46))
    hint = f"{display.compared_with(status)}。"
    open_page(page, "有什么变化", hint, ("变化", "单位或文件", "说明"))
    lines = list(_news_lines(status))
    if not lines:
        nothing = "没有变化" if status.since else ""
        lines = [("", nothing, "")]
    _write_lines(page, lines)


def _news_lines(status: SeasonStatus) -> Iterator[tuple[str, ...]]:
    for kind, some in display.news_by_kind(status):
        for one in some:
            yield kind.label, one.name, one.text


def _write_lines(page: SheetWriter, lines: Sequence[Sequence[str]]) -> None:
    """Write lines of text below the header, each row as high as its texts need."""
    count = len(lines)
    texts: list[list[str]] = []
    for line in lines:
        storables = map(storable, line)
        texts.append(list(storables))
    page.lines(FIRST_ROW, texts, "plain", "text", "top")
    page.filter(TOP_ROW, count)
    page.print_list(TOP_ROW, count, len(page.widths))


# --- 各单位 -------------------------------------------------------------------------------------


def _units(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    widths = tuple(_UNIT_WIDTHS.values())
    page = workbook.page(UNITS_SHEET, widths, landscape=True)
    count = len(status.units)
    printed = printed_words(count)
    hint = (
        f"截至 {status.today}，{status.year} 年度。一家一行，按花名册的次序；可按“情况”筛选；"
        f"打印到“电话”一列。{printed}"
    )
    printed_columns = UNIT_COLUMNS[: _PRINTED + 1]
    open_page(page, f"{status.title}：各单位", hint, printed_columns)
    page.row(TOP_ROW, UNIT_COLUMNS, "header")
    page.sheet.set_row(TOP_ROW, 36)
    for row, unit in below_header(status.units):
        state = _StateRow(unit, status.today)
        state.write(page, row)
    page.filter(TOP_ROW, count)
    page.freeze(3)
    page.print_list(TOP_ROW, count, len(printed_columns))
    first = FIRST_ROW + 1
    last = FIRST_ROW + count
    page.keep_texts(f"A{first}:O{last}")


@frozen
class _StateRow:
    """The row of a unit: texts, numbers and dates by the names of their columns."""

    unit: UnitStatus
    today: date

    def write(self, page: SheetWriter, row: int) -> None:
        """Write the row."""
        texts = _unit_texts(self.unit)
        in_order = [texts.get(name, "") for name in UNIT_COLUMNS]
        page.heights(row, in_order)
        for name, text in texts.items():
            page.text(row, _COLUMN[name], text, "plain", "text", "top")
        state = self.unit.state
        look = _STYLES.get(state, "plain")
        page.text(row, _COLUMN["情况"], state.label, "plain", look, "top")
        for name, day in self._dates().items():
            page.date(row, _COLUMN[name], day, "plain", "date", "top")
        for name, number in self._numbers().items():
            page.value(row, _COLUMN[name], number, "plain", "centre", "top")

    def _dates(self) -> dict[str, date | None]:
        """The columns that are dates; no deadline for a unit that need not report."""
        deadline = None
        if self.unit.expected:
            deadline = self.unit.deadline
        return {"收到": self.unit.received, "期限": deadline}

    def _numbers(self) -> dict[str, int | None]:
        """The columns that are numbers; blank where they would mean nothing."""
        days = errors = warnings = None
        if self.unit.expected:
            left = self.unit.deadline - self.today
            days = left.days
        if self.unit.files:
            errors = self.unit.errors
            warnings = self.unit.warnings
        return {"离期限（天）": days, "错误": errors, "警告": warnings}


def _unit_texts(unit: UnitStatus) -> dict[str, str]:
    """The columns of a unit that are texts."""
    texts = {
        "层级": unit.level,
        "上级": unit.parent,
        "单位": unit.name,
        "代码": unit.code,
        "应报": "是" if unit.expected else "否",
        "说明": display.problem(unit),
        "文件": display.files(unit),
        "联系人": unit.person,
        "电话": unit.phone,
    }
    return {name: _fitting(text) for name, text in texts.items()}


def _fitting(text: str) -> str:
    """A text as a cell can hold it; of very many files the first, and a mark."""
    valid = storable(text)
    most = TEXT_LIMIT // 2
    if len(valid) <= most:
        return valid
    return f"{valid[:most]}……（过长，全文见 JSON）"


# --- 其他文件 -----------------------------------------------------------------------------------


def _files(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    page = workbook.page(FILES_SHEET, (14, 44, 34, 21, 44), landscape=True)
    hint = "不在册的、代码名称不符的、读不出而不知是哪一家的，以及没有看的、看过没有采用的文件；“不影响情况”是各家另有的其他年度的报告、没有采用的、读不出的文件。"
    open_page(page, FILES_SHEET, hint, ("情况", "文件", "报告上的名称", "代码", "原因"))
    nothing = ("", "没有这样的文件", "", "", "")
    lines = list(_file_lines(status)) or [nothing]
    _write_lines(page, lines)


def _file_lines(status: SeasonStatus) -> Iterator[tuple[str, ...]]:
    for kind, strays in display.strays_by_kind(status):
        for stray in strays:
            yield _file_line(kind.label, stray.file, stray.reason)
    for unit in status.units:
        for file in unit.others:
            reason = display.idle(file)
            yield _file_line("不影响情况", file, reason)
    for one in status.not_looked_at:
        yield state_of(one), one.file, "", "", one.reason


def _file_line(kind: str, file: HandedIn, reason: str) -> tuple[str, ...]:
    agency = file.agency
    code = agency.code or ""
    return kind, file.file, agency.name, code, reason
