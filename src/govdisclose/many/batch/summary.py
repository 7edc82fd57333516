"""Write the lists beside the reports: 结果.xlsx for people, findings.jsonl for programs.

Both are written line by line in the order of the workbooks, so the same workbooks give the same bytes.
"""

from __future__ import annotations

import os
import re
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
from govdisclose.write.workbook.unit_texts import split_text
from govdisclose.write.workbook.writer import MOST_PRINTED, line_count, row_height, set_up_page
from govdisclose.write.year_changes import changes_lines

_TEXT_LIMIT = 32_000
_MOST_LINES = 6
"""The most lines of a message in one cell; the whole of a longer one is on a sheet of its own."""
_MOST_CHANGES_PRINTED = 100
"""The most unusual changes, which somebody reads on paper."""
_MOST_LETTER_ROWS = 1_000_000
"""Rows of the sheet with whole messages; a sheet has 1,048,576 (Excel specifications and limits)."""

_LINK_LIMIT = 255
"""The most characters of a text in a formula (Excel specifications and limits)."""

_COLUMNS = (
    ("序号", 6), ("机关名称", 30), ("统一社会信用代码", 21), ("年度", 7), ("结果", 11), ("错误", 6), ("警告", 6), ("提示", 6),
    ("已说明", 8), ("退回意见", 64), ("备注", 30), ("工作簿", 48),
)  # fmt: skip
_LINK_WIDTH = dict(_COLUMNS)["工作簿"]
_LETTER_WIDTH = dict(_COLUMNS)["退回意见"]
_LETTERS_SHEET = "退回意见"
_LETTER_COLUMNS = (("序号", 6), ("机关名称", 30), ("退回意见", 150))
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
        lambda path: _write_workbook(path, lists, records, changes),
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
    path: Path, lists: Lists, records: Records, changes: YearChanges | None
) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "tmpdir": str(lists.scratch)}
    workbook = xlsxwriter.Workbook(str(path), options)
    # A fixed date: the same workbooks give the same bytes.
    workbook.set_properties({"title": "批处理结果", "created": datetime(2000, 1, 1)})
    formats = {name: workbook.add_format({**_BASE, **style}) for name, style in _STYLES.items()}
    reports = workbook.add_worksheet("结果")
    letters = _LettersSheet(workbook, formats)
    _write_reports(reports, letters, lists, records(), formats)
    letters.finish()
    if changes is not None:
        sheet = workbook.add_worksheet(CHANGES_SHEET)
        _write_list(sheet, CHANGES_COLUMNS, list(change_rows(changes)), formats)
        without_file = len(CHANGES_COLUMNS) - 1
        _print_rows(sheet, len(changes.listed), without_file, most=_MOST_CHANGES_PRINTED)
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
    sheet: Any,
    letters: _LettersSheet,
    lists: Lists,
    records: Iterable[Record],
    formats: dict[str, Any],
) -> None:
    """A row for each report; documents that are none are on a sheet of their own.

    Messages that are too long for a cell go to ``letters``.
    """
    reports = [(f"报告（{suffix}）", _LINK_WIDTH) for suffix in lists.suffixes]
    columns = (*lists.columns, *reports)
    _head(sheet, columns, formats["header"])
    row = 0
    for row, record in _numbered(records):
        message = letter(record.fate.findings, record.fate.error)
        _row(sheet, row, record, message, lists, formats)
        if _is_long(message):
            letters.add(row, record.fate.agency, message)
        links = [(_on_disk(lists.root, record.workbook), record.workbook)]
        links += [(lists.folder / name, name) for name in record.outputs]
        for column, (target, shown) in enumerate(links, len(lists.columns) - 1):
            target_text = _relative(target, lists.folder)
            _link(sheet, (row, column), target_text, shown, formats["link"])
    sheet.autofilter(0, 0, row, len(columns) - 1)
    printed = [title for title, _ in columns].index("退回意见")
    _print_rows(sheet, row, printed + 1)
    if lists.season is not None and row:
        rule = {"validate": "list", "source": ["是"], "error_message": "只能写“是”，或空着"}
        sheet.data_validation(1, _CHOICE_AT, row, _CHOICE_AT, rule)


def _numbered(records: Iterable[Record]) -> Iterator[tuple[int, Record]]:
    """The records that have a row, each with its number."""
    reports = (record for record in records if record.fate.status is not Status.NO_REPORT)
    return enumerate(reports, 1)


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
        sheet.set_row(number, row_height(_lines_of(row, columns)))
        _cells(sheet, number, row, formats[""])
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _print_rows(sheet: Any, rows: int, columns: int, *, most: int = MOST_PRINTED) -> None:
    """Print the first ``columns`` columns; of a long list the first rows, as the page header says."""
    sheet.print_area(0, 0, max(1, min(rows, most)), columns - 1)
    if rows > most:
        set_up_page(sheet, f"批处理结果：共 {rows} 行，打印只印前 {most} 行", landscape=True)


def _lines_of(row: Sequence[str | int], columns: _Columns) -> int:
    """How many lines a row needs for its texts."""
    lines = [line_count(str(text), width) for text, (_, width) in zip(row, columns, strict=True)]
    return max(lines)


def _head(sheet: Any, columns: Sequence[tuple[str, int]], style: Any) -> None:
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, style)
    sheet.freeze_panes(1, 2)
    set_up_page(sheet, "批处理结果", landscape=True)
    sheet.repeat_rows(0)


def _row(
    sheet: Any, row: int, record: Record, message: str, lists: Lists, formats: dict[str, Any]
) -> None:
    fields = _fields(row, record, message, lists.notes.get(record.workbook, ""))
    names = (record.workbook, *record.outputs)
    lines = max(line_count(name, _LINK_WIDTH) for name in names)
    for title, width in lists.columns[:-1]:
        lines = max(lines, line_count(str(fields[title]), width))
    sheet.set_row(row, row_height(lines))
    for column, (title, _) in enumerate(lists.columns[:-1]):
        style = "narrow" if title in _NARROW else ""
        if title == "结果":
            style = record.fate.status.value
        _cell(sheet, (row, column), fields[title], formats[style])


# --- 退回意见 -----------------------------------------------------------------------------------


def _is_long(message: str) -> bool:
    """Whether a message needs more lines than a row can show."""
    return line_count(message, _LETTER_WIDTH) > _MOST_LINES


def _shown_message(message: str) -> str:
    """A message, or as many whole lines of it as its cell can show."""
    if not _is_long(message):
        return message
    shown: list[str] = []
    free = _MOST_LINES - 1
    for line in message.split("\n"):
        free -= line_count(line, _LETTER_WIDTH)
        if free < 0:
            break
        shown.append(line)
    return "\n".join([*shown, f"……全文见“{_LETTERS_SHEET}”页"])


class _LettersSheet:
    """The whole messages that are too long for 结果: one line a row, with number and name.

    The sheet is made when the first message comes.
    """

    def __init__(self, workbook: Any, formats: dict[str, Any]) -> None:
        self._workbook, self._formats = workbook, formats
        self._sheet: Any = None
        self._row = 0
        self._is_full = False

    def add(self, number: int, agency: str, message: str) -> None:
        """A message, in as many rows as it has lines, and more for a very long line."""
        if self._sheet is None:
            self._sheet = self._workbook.add_worksheet(_LETTERS_SHEET)
            _head(self._sheet, _LETTER_COLUMNS, self._formats["header"])
        for line in message.split("\n"):
            for piece in split_text(line):
                self._add_row((number, agency, piece))

    def _add_row(self, cells: tuple[int, str, str]) -> None:
        if self._row >= _MOST_LETTER_ROWS:
            self._is_full = True
            return
        self._row += 1
        self._sheet.set_row(self._row, row_height(_lines_of(cells, _LETTER_COLUMNS)))
        _cells(self._sheet, self._row, cells, self._formats[""])

    def finish(self) -> None:
        """Set up the page; say so if there are more messages than rows."""
        if self._sheet is None:
            return
        columns = len(_LETTER_COLUMNS)
        self._sheet.autofilter(0, 0, self._row, columns - 1)
        _print_rows(self._sheet, self._row, columns)
        if self._is_full:
            last = (self._row + 1, columns - 1)
            _cell(self._sheet, last, f"其余的意见见 {FINDINGS_FILE}", self._formats[""])


def _fields(row: int, record: Record, message: str, note: str) -> dict[str, str | int]:
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
        "退回意见": _shown_message(message),
        "备注": "；".join((*record.notes, note) if note else record.notes),
        CHOICE_COLUMN: "",
        DIGEST_COLUMN: record.digest[:_DIGITS],
    }


def _cells(sheet: Any, row: int, values: Sequence[str | int], style: Any) -> None:
    for column, value in enumerate(values):
        _cell(sheet, (row, column), value, style)


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
    link = f"=HYPERLINK({_in_formula(target)},{_in_formula(shown)})"
    sheet.write_formula(*place, link, style, shown)


def _in_formula(text: str) -> str:
    """A text as a formula holds it.

    XlsxWriter rewrites names of newer functions wherever they stand before a bracket, in texts too:
    ``SORT(1).docx`` is joined from two texts.
    """
    quoted = text.replace('"', '""')
    joined = re.sub(r"(?<=[A-Z])\(", '"&"(', quoted)
    return f'"{joined}"'


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
