"""What a batch leaves beside the reports: 结果.xlsx for people, findings.jsonl for programs.

Both are written line by line in the order of the books, so the same books give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from govdisclose.finding import Severity
from govdisclose.many.batch.ledger import Entry
from govdisclose.many.batch.result import FINDINGS_FILE, RESULTS_FILE, Status, letter
from govdisclose.write.atomic import unfinished, unwritable
from govdisclose.write.data import dump_json

_TEXT_LIMIT = 32_000
_MOST_LINES = 12
"""The height of a row, in lines; the rest of a long message shows when the row is drawn open."""

_LINK_LIMIT = 255
"""Characters of a text inside a formula (Excel specifications and limits)."""

_COLUMNS = (
    ("序号", 6), ("机关名称", 30), ("统一社会信用代码", 21), ("年度", 7), ("结果", 12), ("错误", 7), ("警告", 7), ("提示", 7),
    ("已说明", 8), ("退回意见", 70), ("备注", 30), ("工作簿", 36),
)  # fmt: skip
_NARROW = ("序号", "年度", "结果", "错误", "警告", "提示", "已说明")
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
}

Entries = Callable[[], Iterable[Entry]]


def write_results(
    folder: Path, entries: Entries, root: Path, suffixes: Sequence[str], *, scratch: Path
) -> None:
    """Write both files on the books below ``root``; ``scratch`` is a folder for what is unfinished. Raises ``OutputError``."""
    _write(folder / FINDINGS_FILE, lambda path: _findings(path, entries()))
    _write(
        folder / RESULTS_FILE, lambda path: _sheet(path, folder, entries(), root, suffixes, scratch)
    )


def _write(path: Path, write: Callable[[Path], None]) -> None:
    with unfinished(path, force=True) as temporary:
        try:
            write(temporary)
            with open(temporary, "rb+") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(path, error) from error


def _findings(path: Path, entries: Iterable[Entry]) -> None:
    with open(path, "xb") as file:
        for entry in entries:
            for finding in entry.findings:
                line = dump_json({**finding.as_dict(), "file": entry.book}, indent=None)
                file.write(line.encode("utf-8", "surrogatepass"))


def _sheet(
    path: Path,
    folder: Path,
    entries: Iterable[Entry],
    root: Path,
    suffixes: Sequence[str],
    scratch: Path,
) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(scratch)})
    book.set_properties(
        {"title": "批处理结果", "created": datetime(2000, 1, 1)}
    )  # the same every time
    formats = {name: book.add_format({**_BASE, **style}) for name, style in _STYLES.items()}
    sheet = book.add_worksheet("结果")
    columns = (*_COLUMNS, *[(f"报告（{suffix}）", 48) for suffix in suffixes])
    _head(sheet, columns, formats["header"])
    row = 0
    for row, entry in enumerate(entries, 1):
        _row(sheet, row, entry, formats)
        links = [
            (root / entry.book, entry.book),
            *[(folder / name, name) for name in entry.outputs],
        ]
        for column, (target, shown) in enumerate(links, len(_COLUMNS) - 1):
            _link(sheet, row, column, _relative(target, folder), shown, formats["link"])
    sheet.autofilter(0, 0, row, len(columns) - 1)
    try:
        book.close()
    except FileCreateError as error:
        raise (
            OSError(*error.args[0].args)
            if isinstance(error.args[0], OSError)
            else OSError(str(error))
        ) from error


def _head(sheet: Any, columns: Sequence[tuple[str, int]], style: Any) -> None:
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, style)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _row(sheet: Any, row: int, entry: Entry, formats: dict[str, Any]) -> None:
    fields = _fields(row, entry)
    sheet.set_row(row, 15 * min(_MOST_LINES, max(_lines(fields["退回意见"]), 2)))
    for column, (title, _) in enumerate(_COLUMNS[:-1]):
        style = entry.status.value if title == "结果" else "narrow" if title in _NARROW else ""
        _cell(sheet, row, column, fields[title], formats[style])


def _lines(text: str | int) -> int:
    """How many lines a message takes in its column; a Chinese character is two digits wide and a little more."""
    return sum(1 + len(line) // 32 for line in str(text).split("\n"))


def _fields(row: int, entry: Entry) -> dict[str, str | int]:
    counts = dict.fromkeys(Severity, 0)
    for finding in entry.findings:
        counts[finding.severity] += finding.explained is None
    return {
        "序号": row,
        "机关名称": entry.agency,
        "统一社会信用代码": entry.code or "",
        "年度": entry.year or "",
        "结果": entry.status.label,
        **{severity.label: count for severity, count in counts.items()},
        "已说明": sum(finding.explained is not None for finding in entry.findings),
        "退回意见": letter(entry.findings, entry.error),
        "备注": "；".join(entry.notes),
    }


def _cell(sheet: Any, row: int, column: int, value: str | int, style: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, _storable(value), style)


def _storable(text: str) -> str:
    """Text as a cell can hold it: nothing that XML has no characters for, and not too long."""
    text = (
        "".join(c if c >= " " or c in "\n\t" else "□" for c in text)
        .encode("utf-8", "replace")
        .decode()
    )
    return text if len(text) <= _TEXT_LIMIT else text[:_TEXT_LIMIT] + "……"


def _link(sheet: Any, row: int, column: int, target: str, shown: str, style: Any) -> None:
    """A link as a formula: a sheet holds only 65,530 links of the other kind, and all of them in memory."""
    target, shown = _storable(target), _storable(shown)
    if max(len(target), len(shown)) > _LINK_LIMIT:
        sheet.write_string(row, column, shown, style)
        return
    quoted = [text.replace('"', '""') for text in (target, shown)]
    sheet.write_formula(row, column, f'=HYPERLINK("{quoted[0]}","{quoted[1]}")', style, shown)


def _relative(target: Path, folder: Path) -> str:
    try:
        return os.path.relpath(target, folder)
    except ValueError:  # on another drive
        return str(target.resolve())
