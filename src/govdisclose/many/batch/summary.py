"""Write the lists beside the reports: 结果.xlsx for people, findings.jsonl for programs.

Both are written line by line in the order of the workbooks, so the same workbooks give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from govdisclose.finding import Severity
from govdisclose.form.sheets import CHANGES_SHEET
from govdisclose.form.year_changes import YearChanges
from govdisclose.many.archive import SUFFIX
from govdisclose.many.batch.changes import CHANGES_COLUMNS, change_rows, year_changes
from govdisclose.many.batch.ledger import Record
from govdisclose.many.batch.result import (
    CHANGES_FILE,
    FINDINGS_FILE,
    RESULTS_FILE,
    SUPERSEDED,
    Status,
    letter,
)
from govdisclose.many.batch.season import BatchEnd, Season
from govdisclose.many.decisions import CHOICE_COLUMN, DIGEST_COLUMN
from govdisclose.many.previous import PreviousYear
from govdisclose.many.roster import RosterUnit
from govdisclose.write.atomic import unfinished, unwritable
from govdisclose.write.data import dump_json
from govdisclose.write.year_changes import changes_lines

_TEXT_LIMIT = 32_000
_MOST_LINES = 12
"""The most lines that a row is high; a taller row shows the rest of a long message."""

_LINK_LIMIT = 255
"""The most characters of a text in a formula (Excel specifications and limits)."""

_COLUMNS = (
    ("序号", 6), ("机关名称", 30), ("统一社会信用代码", 21), ("年度", 7), ("结果", 12), ("错误", 7), ("警告", 7), ("提示", 7),
    ("已说明", 8), ("退回意见", 70), ("备注", 30), ("工作簿", 36),
)  # fmt: skip
_MISSING_COLUMNS = (("机关名称", 36), ("统一社会信用代码", 24), ("上级", 30), ("层级", 12))
_ASIDE_COLUMNS = (("报告", 60), ("工作簿", 40), ("原因", 70))
_NOT_READ_COLUMNS = (("文件", 60), ("原因", 60))
_CHOICE_AT = 1 + [title for title, _ in _COLUMNS].index("结果")
"""Where the office chooses between versions: after the result."""
_DIGITS = 12
"""How much of a digest is shown: enough to tell whether a file has changed."""
_NARROW = (CHOICE_COLUMN, "序号", "年度", "结果", "错误", "警告", "提示", "已说明")
_BASE = {
    "font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#8C97A6",
}  # fmt: skip
_STYLES: dict[str, dict[str, object]] = {
    "": {},
    "header": {"bg_color": "#E8EEF7", "bold": True, "align": "center"},
    "narrow": {"align": "center"},
    "link": {"font_color": "#1F4E9E", "underline": 1},
    Status.MADE.value: {"bg_color": "#C9ECD2", "align": "center"},
    Status.REFUSED.value: {"bg_color": "#FFEBB0", "align": "center"},
    Status.FAILED.value: {"bg_color": "#FFC7CE", "align": "center"},
    Status.PUBLISHED.value: {"bg_color": "#DCE6F5", "align": "center"},
    Status.NO_REPORT.value: {"align": "center"},
    Status.OTHER_YEAR.value: {"bg_color": "#E4E4E4", "align": "center"},
    Status.UNDECIDED.value: {"bg_color": "#FFC7CE", "align": "center"},
    Status.SUPERSEDED.value: {"bg_color": "#E4E4E4", "align": "center"},
}

Records = Callable[[], Iterable[Record]]
"""Gives the records of all workbooks, each time anew: a batch does not hold them all."""


@frozen
class Lists:
    """The data of the lists, besides the records.

    ``folder`` and ``root`` are the folders that 结果.xlsx links to, ``suffixes`` those of the reports.
    ``scratch`` is a folder for unfinished files. ``notes`` are sentences in Chinese on single
    workbooks. With a ``season`` the office can choose between versions.
    """

    folder: Path
    root: Path
    suffixes: Sequence[str]
    scratch: Path
    end: BatchEnd
    notes: Mapping[str, str]
    season: Season | None
    last_year: PreviousYear | None = None

    @property
    def columns(self) -> tuple[tuple[str, int], ...]:
        """The columns before those of the reports, with their widths."""
        if self.season is None:
            return _COLUMNS
        choice = _CHOICE_AT
        return (
            *_COLUMNS[:choice],
            (CHOICE_COLUMN, 10),
            *_COLUMNS[choice:-1],
            (DIGEST_COLUMN, 17),
            _COLUMNS[-1],
        )


def write_results(lists: Lists, records: Records) -> None:
    """Write the lists about the workbooks of a batch. Raises ``OutputError``."""
    _write(lists.folder / FINDINGS_FILE, lambda path: _write_findings(path, records()))
    changes = None if lists.last_year is None else year_changes(records(), lists.last_year)
    if changes is not None:
        _write(lists.folder / CHANGES_FILE, lambda path: _write_changes(path, changes))
    _write(
        lists.folder / RESULTS_FILE,
        lambda path: _write_workbook(path, lists, records(), changes),
    )


def _write(path: Path, write: Callable[[Path], None]) -> None:
    with unfinished(path, force=True) as temporary:
        try:
            write(temporary)
            with open(temporary, "rb+") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(path, error) from error


def _write_findings(path: Path, records: Iterable[Record]) -> None:
    with open(path, "xb") as file:
        for record in records:
            for finding in record.fate.findings:
                line = dump_json({**finding.as_dict(), "file": record.workbook}, indent=None)
                file.write(line.encode("utf-8", "surrogatepass"))


def _write_changes(path: Path, changes: YearChanges) -> None:
    with open(path, "xb") as file:
        for line in changes_lines(changes):
            file.write(line.encode("utf-8", "surrogatepass"))


# --- 结果.xlsx ----------------------------------------------------------------------------------


def _write_workbook(
    path: Path, lists: Lists, records: Iterable[Record], changes: YearChanges | None
) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "tmpdir": str(lists.scratch)}
    workbook = xlsxwriter.Workbook(str(path), options)
    # A fixed date: the same workbooks give the same bytes.
    workbook.set_properties({"title": "批处理结果", "created": datetime(2000, 1, 1)})
    formats = {name: workbook.add_format({**_BASE, **style}) for name, style in _STYLES.items()}
    _write_reports(workbook.add_worksheet("结果"), lists, records, formats)
    if changes is not None:
        sheet = workbook.add_worksheet(CHANGES_SHEET)
        _write_list(sheet, CHANGES_COLUMNS, list(change_rows(changes)), formats)
        sheet.set_header(f"&L{changes.face}")
    for name, columns, rows in _other_sheets(lists):
        if rows:
            _write_list(workbook.add_worksheet(name), columns, rows, formats)
    try:
        workbook.close()
    except FileCreateError as error:
        cause = error.args[0]
        if isinstance(cause, OSError):
            raise OSError(*cause.args) from error
        raise OSError(str(error)) from error


def _write_reports(
    sheet: Any, lists: Lists, records: Iterable[Record], formats: dict[str, Any]
) -> None:
    """A row for each report; documents that are none are on a sheet of their own."""
    reports = [(f"报告（{suffix}）", 48) for suffix in lists.suffixes]
    columns = (*lists.columns, *reports)
    _head(sheet, columns, formats["header"])
    row = 0
    for record in records:
        if record.fate.status is Status.NO_REPORT:
            continue
        row += 1
        _row(sheet, row, record, lists, formats)
        links = [(_on_disk(lists.root, record.workbook), record.workbook)]
        links += [(lists.folder / name, name) for name in record.outputs]
        for column, (target, shown) in enumerate(links, len(lists.columns) - 1):
            target_text = _relative(target, lists.folder)
            _link(sheet, (row, column), target_text, shown, formats["link"])
    sheet.autofilter(0, 0, row, len(columns) - 1)
    if lists.season is not None and row:
        rule = {"validate": "list", "source": ["是"], "error_message": "只能写“是”，或空着"}
        sheet.data_validation(1, _CHOICE_AT, row, _CHOICE_AT, rule)


_Columns = Sequence[tuple[str, int]]
_Rows = Sequence[Sequence[str | int]]


def _other_sheets(lists: Lists) -> Iterator[tuple[str, _Columns, _Rows]]:
    """The sheets that concern no single workbook: name, columns and rows of a sheet."""
    end = lists.end
    missing = [(u.name, u.code or "", _parent_name(lists, u), u.level) for u in end.missing]
    yield "缺报", _MISSING_COLUMNS, missing
    aside = [(_relative(one.path, lists.folder), one.workbook, one.reason) for one in end.set_aside]
    moved = {one.path for one in end.set_aside}
    folder = lists.folder / SUPERSEDED
    earlier = sorted(folder.iterdir()) if folder.is_dir() else []
    aside += [
        (_relative(path, lists.folder), "", "以前移入") for path in earlier if path not in moved
    ]
    yield SUPERSEDED, _ASIDE_COLUMNS, aside
    not_read = [(one.name, one.reason) for one in end.not_read]
    yield "没有看的文件", _NOT_READ_COLUMNS, not_read


def _parent_name(lists: Lists, unit: RosterUnit) -> str:
    roster = None if lists.season is None else lists.season.roster
    if roster is None or unit.parent is None:
        return ""
    return roster.by_key[unit.parent].name


def _write_list(sheet: Any, columns: _Columns, rows: _Rows, formats: dict[str, Any]) -> None:
    _head(sheet, columns, formats["header"])
    for number, row in enumerate(rows, 1):
        lines = 1
        for column, (_, width) in enumerate(columns):
            length = len(str(row[column]))
            lines = max(lines, 1 + 2 * length // width)
        sheet.set_row(number, 15 * min(_MOST_LINES, lines))
        for column, text in enumerate(row):
            _cell(sheet, (number, column), text, formats[""])
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _head(sheet: Any, columns: Sequence[tuple[str, int]], style: Any) -> None:
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, style)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _row(sheet: Any, row: int, record: Record, lists: Lists, formats: dict[str, Any]) -> None:
    fields = _fields(row, record, lists.notes.get(record.workbook, ""))
    lines = max(2, _lines(str(fields["退回意见"])))
    sheet.set_row(row, 15 * min(_MOST_LINES, lines))
    for column, (title, _) in enumerate(lists.columns[:-1]):
        style = "narrow" if title in _NARROW else ""
        if title == "结果":
            style = record.fate.status.value
        _cell(sheet, (row, column), fields[title], formats[style])


def _lines(text: str) -> int:
    """Return how many lines a message takes: a Chinese character is a little wider than two digits."""
    return sum(1 + len(line) // 32 for line in text.split("\n"))


def _fields(row: int, record: Record, note: str) -> dict[str, str | int]:
    fate = record.fate
    counts = dict.fromkeys(Severity, 0)
    explained = 0
    for finding in fate.findings:
        if finding.explained is None:
            counts[finding.severity] += 1
        else:
            explained += 1
    by_severity = {severity.label: count for severity, count in counts.items()}
    return {
        "序号": row,
        "机关名称": fate.agency,
        "统一社会信用代码": fate.code or "",
        "年度": fate.year or "",
        "结果": fate.status.label,
        **by_severity,
        "已说明": explained,
        "退回意见": letter(fate.findings, fate.error),
        "备注": "；".join((*record.notes, note) if note else record.notes),
        CHOICE_COLUMN: "",
        DIGEST_COLUMN: record.digest[:_DIGITS],
    }


def _cell(sheet: Any, place: tuple[int, int], value: str | int, style: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(*place, value, style)
    else:
        sheet.write_string(*place, _storable(value), style)


def _storable(text: str) -> str:
    """Return text as a cell can hold it: no characters that XML does not have, and not too long."""
    characters = [c if c >= " " or c in "\n\t" else "□" for c in text]
    valid = "".join(characters).encode("utf-8", "replace").decode()
    return valid if len(valid) <= _TEXT_LIMIT else valid[:_TEXT_LIMIT] + "……"


def _link(sheet: Any, place: tuple[int, int], target: str, shown: str, style: Any) -> None:
    """Write a link as a formula: a sheet holds only 65,530 links of the other kind, all in memory."""
    target, shown = _link_target(_storable(target)), _storable(shown)
    if max(len(target), len(shown)) > _LINK_LIMIT:
        sheet.write_string(*place, shown, style)
        return
    quoted = [text.replace('"', '""') for text in (target, shown)]
    link = f'=HYPERLINK("{quoted[0]}","{quoted[1]}")'
    sheet.write_formula(*place, link, style, shown)


def _link_target(path: str) -> str:
    """Return a path as a link: in a link ``#`` begins a place in the file, ``%`` a code."""
    return path.replace("%", "%25").replace("#", "%23")


def _on_disk(root: Path, workbook: str) -> Path:
    """The file that a link can open: for a report in an archive, the archive."""
    end = workbook.lower().find(f"{SUFFIX}/") + len(SUFFIX)
    while end >= len(SUFFIX):
        if os.path.isfile(root / workbook[:end]):
            return root / workbook[:end]
        end = workbook.lower().find(f"{SUFFIX}/", end) + len(SUFFIX)
    return root / workbook


def _relative(target: Path, folder: Path) -> str:
    try:
        return os.path.relpath(target, folder)
    except ValueError:  # on another drive
        return str(target.resolve())
