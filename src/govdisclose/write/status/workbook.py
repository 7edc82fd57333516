"""The state of a season as a workbook: the counts, the news, one row for each unit, other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govdisclose.form.sheets import CHANGES_SHEET
from govdisclose.form.status import HandedIn, SeasonStatus, UnitState, UnitStatus
from govdisclose.write.status import display
from govdisclose.write.workbook.pages import open_page
from govdisclose.write.workbook.writer import (
    HINT_ROW,
    TEXT_LIMIT,
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
    printed_words,
    storable,
    written_workbook,
)
from govdisclose.write.workbook.year_changes import changes_page

SUMMARY_SHEET, NEWS_SHEET, UNITS_SHEET, FILES_SHEET = "概况", "变化", "各单位", "其他文件"

_UNIT_WIDTHS = {
    "层级": 8,
    "上级": 22,
    "单位": 32,
    "情况": 9,
    "收到": 11,
    "期限": 11,
    "离期限（天）": 8,
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
    columns = 1 + len(display.TALLY_COLUMNS)
    widths = (34, *[10] * len(display.TALLY_COLUMNS))
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
    row = _tallies(page, row + 1, "层级", levels)
    parents = [*display.by_parent(status), total]
    _tallies(page, row + 1, "上级", parents)


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
    page: SheetWriter, row: int, heading: str, groups: Sequence[display.StateCounts]
) -> int:
    """Write the counts of some groups; return the first row below."""
    page.row(row, (heading, *display.TALLY_COLUMNS), "header")
    last = row + len(groups)
    for place, group in enumerate(groups, row + 1):
        look = "total" if place == last else "plain"
        page.heights(place, (group.name,))
        page.text(place, 0, group.name, look, "left")
        for column, number in enumerate(group.cells, 1):
            page.value(place, column, number, look, "centre")
    return last + 1


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
    texts = [list(map(storable, line)) for line in lines]
    page.lines(TOP_ROW + 1, texts, "plain", "text", "top")
    page.filter(TOP_ROW, len(lines))
    page.print_list(TOP_ROW, len(lines), len(page.widths))


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
    columns = UNIT_COLUMNS[: _PRINTED + 1]
    open_page(page, f"{status.title}：各单位", hint, columns)
    page.row(TOP_ROW, UNIT_COLUMNS, "header")
    page.sheet.set_row(TOP_ROW, 36)
    for row, unit in enumerate(status.units, TOP_ROW + 1):
        _unit(page, row, unit, status)
    page.filter(TOP_ROW, count)
    page.sheet.freeze_panes(TOP_ROW + 1, 3)
    page.print_list(TOP_ROW, count, len(columns))
    first = TOP_ROW + 2
    last = TOP_ROW + 1 + count
    page.keep_texts(f"A{first}:O{last}")


def _unit(page: SheetWriter, row: int, unit: UnitStatus, status: SeasonStatus) -> None:
    texts = _unit_texts(unit)
    in_order = [texts.get(name, "") for name in UNIT_COLUMNS]
    page.heights(row, in_order)
    for name, text in texts.items():
        page.text(row, _COLUMN[name], text, "plain", "text", "top")
    look = _STYLES.get(unit.state, "plain")
    page.text(row, _COLUMN["情况"], unit.state.label, "plain", look, "top")
    deadline = unit.deadline if unit.expected else None
    dates = {"收到": unit.received, "期限": deadline}
    for name, day in dates.items():
        page.date(row, _COLUMN[name], day, "plain", "date", "top")
    numbers = _unit_numbers(unit, status)
    for name, number in numbers.items():
        page.value(row, _COLUMN[name], number, "plain", "centre", "top")


def _unit_numbers(unit: UnitStatus, status: SeasonStatus) -> dict[str, int | None]:
    """The columns of a unit that are numbers; blank where they would mean nothing."""
    left = unit.deadline - status.today
    return {
        "离期限（天）": left.days if unit.expected else None,
        "错误": unit.errors if unit.files else None,
        "警告": unit.warnings if unit.files else None,
    }


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
    hint = "不在册的、代码名称不符的、读不出而不知是哪一家的，以及没有看的、不是报告的文件；“不影响情况”是各家另有的旧年度的报告、没有采用的、读不出的文件。"
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
        yield "其他", one.file, "", "", one.reason


def _file_line(kind: str, file: HandedIn, reason: str) -> tuple[str, ...]:
    agency = file.agency
    return kind, file.file, agency.name, agency.code or "", reason
