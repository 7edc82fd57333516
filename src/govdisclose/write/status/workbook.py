"""The state of a season as a workbook: the counts, the news, one row for each unit, other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govdisclose.form.sheets import CHANGES_SHEET
from govdisclose.form.status import SeasonStatus, UnitState, UnitStatus
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

UNIT_COLUMNS = (
    *("层级", "上级", "单位", "情况", "收到", "期限", "离期限（天）", "错误", "警告"),
    *("说明", "联系人", "电话", "代码", "应报", "文件"),
)
_UNIT_WIDTHS = (8, 22, 32, 9, 11, 11, 8, 6, 6, 40, 9, 15, 21, 7, 90)
_PRINTED = UNIT_COLUMNS.index("电话")
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
    columns = ("", *display.TALLY_COLUMNS)
    page = workbook.page(SUMMARY_SHEET, (34, *([10] * len(display.TALLY_COLUMNS))), landscape=True)
    page.title(TITLE_ROW, status.title, len(columns))
    lines = list(_about(status))
    for row, line in enumerate(lines, HINT_ROW):
        text = storable(line)
        page.merged(row, 0, 1, len(columns), text, "plain")
        page.height(row, text, 0, len(columns))
    row = HINT_ROW + len(lines) + 1
    for heading, groups in (
        ("层级", display.by_level(status)),
        ("上级", display.by_parent(status)),
    ):
        row = _tallies(page, row, heading, [*groups, display.in_all(status)]) + 1


def _about(status: SeasonStatus) -> Iterator[str]:
    yield (
        f"截至 {status.today}。{display.summary(status)}。{display.deadlines(status)}。"
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
    for place, group in enumerate(groups, row + 1):
        look = "total" if place == row + len(groups) else "plain"
        page.heights(place, (group.name,))
        page.text(place, 0, group.name, look, "left")
        for column, number in enumerate(group.cells, 1):
            page.value(place, column, number, look, "centre")
    return row + len(groups) + 1


# --- 变化 ---------------------------------------------------------------------------------------


def _news(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    page = workbook.page(NEWS_SHEET, (12, 40, 46))
    hint = f"{display.compared_with(status)}。"
    open_page(page, "有什么变化", hint, ("变化", "单位或文件", "说明"))
    lines = [
        (kind.label, one.name, one.text)
        for kind, some in display.news_by_kind(status)
        for one in some
    ]
    nothing = [("", "没有变化" if status.since else "", "")]
    _write_lines(page, lines or nothing)


def _write_lines(page: SheetWriter, lines: Sequence[Sequence[str]]) -> None:
    """Write lines of text below the header, each row as high as its texts need."""
    for row, line in enumerate(lines, TOP_ROW + 1):
        texts = [storable(text) for text in line]
        page.heights(row, texts)
        page.row(row, texts, "plain", "text", "top")
    page.sheet.autofilter(TOP_ROW, 0, TOP_ROW + max(1, len(lines)), len(page.widths) - 1)
    page.print_list(TOP_ROW, len(lines), len(page.widths))


# --- 各单位 -------------------------------------------------------------------------------------


def _units(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    page = workbook.page(UNITS_SHEET, _UNIT_WIDTHS, landscape=True)
    hint = (
        f"截至 {status.today}，{status.year} 年度。一家一行，按花名册的次序；可按“情况”筛选；"
        f"打印到“电话”一列。{printed_words(len(status.units))}"
    )
    open_page(page, f"{status.title}：各单位", hint, UNIT_COLUMNS[: _PRINTED + 1])
    page.row(TOP_ROW, UNIT_COLUMNS, "header")
    page.sheet.set_row(TOP_ROW, 36)
    row = TOP_ROW
    for row, unit in enumerate(status.units, TOP_ROW + 1):
        _unit(page, row, unit, status)
    page.sheet.autofilter(TOP_ROW, 0, max(row, TOP_ROW + 1), len(UNIT_COLUMNS) - 1)
    page.sheet.freeze_panes(TOP_ROW + 1, 3)
    page.print_list(TOP_ROW, len(status.units), _PRINTED + 1)
    page.sheet.ignore_errors({"number_stored_as_text": f"A{TOP_ROW + 2}:O{row + 1}"})


def _unit(page: SheetWriter, row: int, unit: UnitStatus, status: SeasonStatus) -> None:
    texts = _unit_texts(unit)
    column = UNIT_COLUMNS.index
    for name, text in texts.items():
        page.text(row, column(name), text, "plain", "text", "top")
    page.heights(row, [texts.get(name, "") for name in UNIT_COLUMNS])
    look = _STYLES.get(unit.state, "plain")
    page.text(row, column("情况"), unit.state.label, "plain", look, "top")
    page.date(row, column("收到"), unit.received, "plain", "date", "top")
    last = unit.deadline if unit.expected else None
    page.date(row, column("期限"), last, "plain", "date", "top")
    numbers = {
        "离期限（天）": (unit.deadline - status.today).days if unit.expected else None,
        "错误": unit.errors if unit.files else None,
        "警告": unit.warnings if unit.files else None,
    }
    for name, number in numbers.items():
        page.value(row, column(name), number, "plain", "centre", "top")


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
    return {name: _fitting(storable(text)) for name, text in texts.items()}


def _fitting(text: str) -> str:
    """A text that a cell can hold; of very many files the first, and a mark."""
    most = TEXT_LIMIT // 2
    return text if len(text) <= most else f"{text[:most]}……（过长，全文见 JSON）"


# --- 其他文件 -----------------------------------------------------------------------------------


def _files(workbook: WorkbookWriter, status: SeasonStatus) -> None:
    page = workbook.page(FILES_SHEET, (14, 44, 34, 21, 44), landscape=True)
    hint = "不在册的、代码名称不符的、读不出而不知是哪一家的，以及没有看的、不是报告的文件；“不影响情况”是各家另有的旧年度的报告、没有采用的、读不出的文件。"
    open_page(page, FILES_SHEET, hint, ("情况", "文件", "报告上的名称", "代码", "原因"))
    lines = []
    for kind, strays in display.strays_by_kind(status):
        for stray in strays:
            agency = stray.file.agency
            lines.append(
                (kind.label, stray.file.file, agency.name, agency.code or "", stray.reason)
            )
    for unit in status.units:
        for file in unit.others:
            agency = file.agency
            lines.append(
                ("不影响情况", file.file, agency.name, agency.code or "", display.idle(file))
            )
    for one in status.not_looked_at:
        lines.append(("其他", one.file, "", "", one.reason))
    _write_lines(page, lines or [("", "没有这样的文件", "", "", "")])
