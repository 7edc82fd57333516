"""Write the lists beside the reports: 结果.xlsx for people, findings.jsonl for programs.

Both are written line by line in the order of the workbooks, so the same workbooks give the same
bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from govdisclose.finding import Severity
from govdisclose.form.files_left import under_headings
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
from govdisclose.many.batch.results_sheet import (
    CellValue,
    Link,
    ResultsSheet,
    SheetColumn,
    add_formats,
    relative,
)
from govdisclose.many.batch.season import BatchEnd, Season
from govdisclose.many.decisions import CHOICE_COLUMN, DIGEST_COLUMN
from govdisclose.many.previous import PreviousYear
from govdisclose.many.roster import Roster, RosterUnit
from govdisclose.write.atomic import unfinished, unwritable
from govdisclose.write.data import dump_json
from govdisclose.write.workbook.unit_texts import split_text
from govdisclose.write.workbook.writer import line_count
from govdisclose.write.year_changes import changes_lines

_MOST_LINES = 6
"""The most lines of a message in one cell; the whole of a longer one is on a sheet of its own."""
_MOST_CHANGES_PRINTED = 100
"""The most unusual changes, which somebody reads on paper."""
_MOST_LETTER_ROWS = 1_000_000
"""Rows of the sheet with whole messages; a sheet has 1,048,576 (Excel specifications and limits)."""

_MESSAGE = "退回意见"
_RESULT = "结果"
_COLUMNS = (
    SheetColumn("序号", 6), SheetColumn("机关名称", 30), SheetColumn("统一社会信用代码", 21), SheetColumn("年度", 7),
    SheetColumn(_RESULT, 11), SheetColumn("错误", 6), SheetColumn("警告", 6), SheetColumn("提示", 6),
    SheetColumn("已说明", 8), SheetColumn(_MESSAGE, 64), SheetColumn("备注", 30), SheetColumn("工作簿", 48),
)  # fmt: skip
_WIDTHS = {column.title: column.width for column in _COLUMNS}
_LINK_WIDTH = _WIDTHS["工作簿"]
_MESSAGE_WIDTH = _WIDTHS[_MESSAGE]
_CHOICE_AT = 1 + list(_WIDTHS).index(_RESULT)
"""Where the office chooses between versions: after the result."""
_CHOICE = SheetColumn(CHOICE_COLUMN, 10)
_DIGEST = SheetColumn(DIGEST_COLUMN, 17)
_DIGITS = 12
"""How much of a digest is shown: enough to tell whether a file has changed."""
_NARROW = (CHOICE_COLUMN, "序号", "年度", _RESULT, "错误", "警告", "提示", "已说明")

_LETTERS_SHEET = "退回意见"
_LETTER_COLUMNS = (
    SheetColumn("序号", 6, "narrow"),
    SheetColumn("机关名称", 30),
    SheetColumn(_MESSAGE, 150),
)
_MISSING_COLUMNS = (
    SheetColumn("机关名称", 36),
    SheetColumn("统一社会信用代码", 24),
    SheetColumn("上级", 30),
    SheetColumn("层级", 12),
    SheetColumn("备注", 60),
)
_ASIDE_COLUMNS = (SheetColumn("报告", 60), SheetColumn("工作簿", 40), SheetColumn("原因", 70))
_NOT_READ_COLUMNS = (SheetColumn("文件", 60), SheetColumn("原因", 60))

Records = Callable[[], Iterable[Record]]
"""Gives the records of all workbooks, each time anew: a batch does not hold them all."""


@frozen
class Lists:
    """The data of the lists, besides the records.

    ``folder`` and ``root`` are the folders that 结果.xlsx links to, ``suffixes`` those of the
    reports. ``scratch`` is a folder for unfinished files. ``notes`` are sentences in Chinese on
    single workbooks. With a ``season`` the office can choose between versions.
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
    def columns(self) -> tuple[SheetColumn, ...]:
        """The columns before those of the reports."""
        if self.season is None:
            return _COLUMNS
        before = _COLUMNS[:_CHOICE_AT]
        *after, workbook = _COLUMNS[_CHOICE_AT:]
        return (*before, _CHOICE, *after, _DIGEST, workbook)

    @property
    def report_columns(self) -> tuple[SheetColumn, ...]:
        """A column for the reports of each form."""
        columns = [SheetColumn(f"报告（{suffix}）", _LINK_WIDTH) for suffix in self.suffixes]
        return tuple(columns)

    @property
    def roster(self) -> Roster | None:
        """The roster of the season."""
        return None if self.season is None else self.season.roster


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
                data = finding.as_dict()
                data["file"] = record.workbook
                line = dump_json(data, indent=None)
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

    options = {"constant_memory": True, "tmpdir": str(lists.scratch)}
    workbook = xlsxwriter.Workbook(str(path), options)
    # A fixed date: the same workbooks give the same bytes.
    workbook.set_properties({"title": "批处理结果", "created": datetime(2000, 1, 1)})
    formats = add_formats(workbook)
    columns = (*lists.columns, *lists.report_columns)
    reports = ResultsSheet(workbook.add_worksheet("结果"), columns, formats)
    letters = _LettersSheet(workbook, formats)
    _write_reports(reports, letters, lists, records())
    letters.finish()
    if changes is not None:
        sheet = workbook.add_worksheet(CHANGES_SHEET)
        _write_year_changes(ResultsSheet(sheet, CHANGES_COLUMNS, formats), changes)
    for other in _other_sheets(lists):
        if other.rows:
            sheet = workbook.add_worksheet(other.name)
            ResultsSheet(sheet, other.columns, formats).rows(other.rows)
    _close(workbook)


def _close(workbook: Any) -> None:
    """Write the file. Raises ``OSError``."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        workbook.close()
    except FileCreateError as error:
        cause = error.args[0]
        if isinstance(cause, OSError):
            raise OSError(*cause.args) from error
        raise OSError(str(error)) from error


def _write_year_changes(sheet: ResultsSheet, changes: YearChanges) -> None:
    rows = list(change_rows(changes))
    without_file = len(CHANGES_COLUMNS) - 1
    sheet.rows(rows)
    sheet.print_first(len(changes.listed), without_file, most=_MOST_CHANGES_PRINTED)


# --- a row for each report ----------------------------------------------------------------------


def _write_reports(
    sheet: ResultsSheet, letters: _LettersSheet, lists: Lists, records: Iterable[Record]
) -> None:
    """A row for each report; documents that are none are on a sheet of their own.

    Messages that are too long for a cell go to ``letters``.
    """
    sheet.head()
    row = 0
    for record in records:
        fate = record.fate
        if fate.status is Status.NO_REPORT:
            continue
        row += 1
        message = letter(fate.findings, fate.error)
        if _is_long(message):
            letters.add(row, _shown_name(record), message)
        note = lists.notes.get(record.workbook, "")
        _write_fields(sheet, row, record, _fields(row, record, message, note), lists)
        first_link = len(lists.columns) - 1
        sheet.links(row, first_link, _links(record, lists), lists.folder)
    sheet.filter(row)
    printed = [column.title for column in sheet.columns].index(_MESSAGE) + 1
    sheet.print_first(row, printed)
    if lists.season is not None and row:
        rule = {"validate": "list", "source": ["是"], "error_message": "只能写“是”，或空着"}
        sheet.sheet.data_validation(1, _CHOICE_AT, row, _CHOICE_AT, rule)


def _write_fields(
    sheet: ResultsSheet, row: int, record: Record, fields: Mapping[str, CellValue], lists: Lists
) -> None:
    """The cells of a report before its links; the row is as high as texts and links need."""
    names = (record.workbook, *record.outputs)
    lines = max(line_count(name, _LINK_WIDTH) for name in names)
    columns = lists.columns[:-1]
    for column in columns:
        text = str(fields[column.title])
        lines = max(lines, line_count(text, column.width))
    sheet.height(row, lines)
    for number, column in enumerate(columns):
        style = "narrow" if column.title in _NARROW else ""
        if column.title == _RESULT:
            style = record.fate.status.value
        sheet.cell(row, number, fields[column.title], style)


def _fields(row: int, record: Record, message: str, note: str) -> dict[str, CellValue]:
    """The values of a report, by the titles of their columns."""
    fate = record.fate
    counts = dict.fromkeys(Severity, 0)
    explained = 0
    for finding in fate.findings:
        if finding.explained is None:
            counts[finding.severity] += 1
        else:
            explained += 1
    notes = [*record.notes, note] if note else record.notes
    fields: dict[str, CellValue] = {
        "序号": row,
        "机关名称": _shown_name(record),
        "统一社会信用代码": fate.code or "",
        "年度": fate.year or "",
        _RESULT: fate.status.label,
        "已说明": explained,
        _MESSAGE: _shown_message(message),
        "备注": "；".join(notes),
        CHOICE_COLUMN: "",
        DIGEST_COLUMN: record.digest[:_DIGITS],
    }
    for severity, count in counts.items():
        fields[severity.label] = count
    return fields


def _shown_name(record: Record) -> str:
    """The name of the agency; on paper, which has no column for the file, else that of the file."""
    if record.fate.agency:
        return record.fate.agency
    name = record.workbook.rpartition("/")[2]
    return f"（{name}）"


def _links(record: Record, lists: Lists) -> Iterator[Link]:
    """The workbook, and the files made of it."""
    yield Link(_on_disk(lists.root, record.workbook), record.workbook)
    for name in record.outputs:
        yield Link(lists.folder / name, name)


def _on_disk(root: Path, workbook: str) -> Path:
    """The file that a link can open: for a report in an archive, the archive."""
    end = workbook.lower().find(f"{SUFFIX}/") + len(SUFFIX)
    while end >= len(SUFFIX):
        archive = root / workbook[:end]
        if os.path.isfile(archive):
            return archive
        end = workbook.lower().find(f"{SUFFIX}/", end) + len(SUFFIX)
    return root / workbook


# --- sheets about no single workbook ------------------------------------------------------------


@frozen
class _OtherSheet:
    """A sheet that concerns no single workbook."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[tuple[CellValue, ...]]


def _other_sheets(lists: Lists) -> Iterator[_OtherSheet]:
    missing = [_missing_row(unit, lists) for unit in lists.end.missing]
    yield _OtherSheet("缺报", _MISSING_COLUMNS, missing)
    yield _OtherSheet(SUPERSEDED, _ASIDE_COLUMNS, list(_rows_of_superseded(lists)))
    for heading, files in under_headings(lists.end.not_read):
        rows = [(one.name, one.reason) for one in files]
        yield _OtherSheet(heading, _NOT_READ_COLUMNS, rows)


def _missing_row(unit: RosterUnit, lists: Lists) -> tuple[str, ...]:
    above = None if lists.roster is None else lists.roster.parent_of(unit)
    parent = "" if above is None else above.name
    remark = lists.end.other_years.get(unit.key, "")
    return unit.name, unit.code or "", parent, unit.level, remark


def _rows_of_superseded(lists: Lists) -> Iterator[tuple[str, ...]]:
    """The reports that this run has moved out of the way, then those of earlier runs."""
    moved: set[Path] = set()
    for one in lists.end.set_aside:
        moved.add(one.path)
        yield relative(one.path, lists.folder), one.workbook, one.reason
    folder = lists.folder / SUPERSEDED
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path not in moved:
            yield relative(path, lists.folder), "", "以前移入"


# --- 退回意见 -----------------------------------------------------------------------------------


def _is_long(message: str) -> bool:
    """Whether a message needs more lines than a row can show."""
    return line_count(message, _MESSAGE_WIDTH) > _MOST_LINES


def _shown_message(message: str) -> str:
    """A message, or as many whole lines of it as its cell can show."""
    if not _is_long(message):
        return message
    shown: list[str] = []
    free = _MOST_LINES - 1
    for line in message.split("\n"):
        free -= line_count(line, _MESSAGE_WIDTH)
        if free < 0:
            break
        shown.append(line)
    shown.append(f"……全文见“{_LETTERS_SHEET}”页")
    return "\n".join(shown)


class _LettersSheet:
    """The whole messages that are too long for 结果: one line a row, with number and name.

    The sheet is made when the first message comes.
    """

    def __init__(self, workbook: Any, formats: Mapping[str, Any]) -> None:
        self._workbook, self._formats = workbook, formats
        self._sheet: ResultsSheet | None = None
        self._row = 0
        self._is_full = False

    def add(self, number: int, agency: str, message: str) -> None:
        """A message, in as many rows as it has lines, and more for a very long line."""
        if self._sheet is None:
            sheet = self._workbook.add_worksheet(_LETTERS_SHEET)
            self._sheet = ResultsSheet(sheet, _LETTER_COLUMNS, self._formats)
            self._sheet.head()
        for line in message.split("\n"):
            for piece in split_text(line):
                if self._row >= _MOST_LETTER_ROWS:
                    self._is_full = True
                    return
                self._row += 1
                self._sheet.row(self._row, (number, agency, piece))

    def finish(self) -> None:
        """Set up the page; say so if there are more messages than rows."""
        if self._sheet is None:
            return
        columns = len(_LETTER_COLUMNS)
        self._sheet.filter(self._row)
        self._sheet.print_first(self._row, columns)
        if self._is_full:
            self._sheet.cell(self._row + 1, columns - 1, f"其余的意见见 {FINDINGS_FILE}")
