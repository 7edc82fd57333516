"""A worksheet of 结果.xlsx: its columns, its cells and its links, as XlsxWriter writes them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from attrs import frozen

from govdisclose.many.batch.result import Status
from govdisclose.write.workbook.writer import MOST_PRINTED, line_count, row_height, set_up_page

_TEXT_LIMIT = 32_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""Characters that XML does not have."""
_LINK_LIMIT = 255
"""The most characters of a text in a formula (Excel specifications and limits)."""

_PAGE_HEADER = "批处理结果"
_BASE = {
    "font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#8C97A6",
}  # fmt: skip
_STYLES: dict[str, dict[str, object]] = {
    "": {},
    "header": {"bg_color": "#E8EEF7", "bold": True, "align": "center"},
    "narrow": {"align": "center"},
    "weight": {"align": "center", "num_format": "0.0"},
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


class SheetColumn(NamedTuple):
    """A column: its title, its width in digits, and the look of its cells."""

    title: str
    width: int
    style: str = ""


CellValue = str | int | float
"""The value of a cell: text is written as text, whatever it looks like."""


class Link(NamedTuple):
    """A link: the file that it opens, and the text that is shown."""

    target: Path
    shown: str


def add_formats(workbook: Any) -> dict[str, Any]:
    """The formats of all sheets, by name; those of results have the values of ``Status``."""
    formats: dict[str, Any] = {}
    for name, style in _STYLES.items():
        formats[name] = workbook.add_format({**_BASE, **style})
    return formats


@frozen
class ResultsSheet:
    """A worksheet, its columns, and the formats of its workbook."""

    sheet: Any
    columns: Sequence[SheetColumn]
    formats: Mapping[str, Any]

    def head(self) -> None:
        """Write the titles, which stay in view and are printed on every page."""
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, column.width)
            self.sheet.write_string(0, number, column.title, self.formats["header"])
        self.sheet.freeze_panes(1, 2)
        set_up_page(self.sheet, _PAGE_HEADER, landscape=True)
        self.sheet.repeat_rows(0)

    def lines(self, values: Sequence[CellValue]) -> int:
        """How many lines a row needs for its texts."""
        most = 1
        for value, column in zip(values, self.columns, strict=True):
            most = max(most, line_count(str(value), column.width))
        return most

    def row(self, number: int, values: Sequence[CellValue]) -> None:
        """Write a row that is as high as its texts need."""
        self.height(number, self.lines(values))
        for column, value in enumerate(values):
            self.cell(number, column, value, self.columns[column].style)

    def rows(self, rows: Sequence[Sequence[CellValue]]) -> None:
        """Write a whole list below its titles."""
        self.head()
        for number, values in enumerate(rows, 1):
            self.row(number, values)
        self.filter(len(rows))

    def height(self, row: int, lines: int) -> None:
        """Make a row high enough for so many lines."""
        self.sheet.set_row(row, row_height(lines))

    def filter(self, rows: int) -> None:
        """Let people filter the columns of so many rows."""
        last = len(self.columns) - 1
        self.sheet.autofilter(0, 0, rows, last)

    def print_first(self, rows: int, columns: int, *, most: int = MOST_PRINTED) -> None:
        """Print the first ``columns`` columns; of a long list the first rows, as its header says."""
        printed = max(1, min(rows, most))
        self.sheet.print_area(0, 0, printed, columns - 1)
        if rows > most:
            header = f"{_PAGE_HEADER}：共 {rows} 行，打印只印前 {most} 行"
            set_up_page(self.sheet, header, landscape=True)

    def cell(self, row: int, column: int, value: CellValue, style: str = "") -> None:
        """Write a number, or a text as far as a cell can hold it."""
        look = self.formats[style]
        if isinstance(value, int | float):
            self.sheet.write_number(row, column, value, look)
        else:
            self.sheet.write_string(row, column, _as_cell_text(value), look)

    def links(self, row: int, first: int, links: Iterable[Link], folder: Path) -> None:
        """Write links side by side; their targets are given from ``folder``."""
        for column, link in enumerate(links, first):
            self._link(row, column, relative(link.target, folder), link.shown)

    def _link(self, row: int, column: int, path: str, text: str) -> None:
        """A link is a formula: a sheet holds only 65,530 of the other kind, all in memory."""
        look = self.formats["link"]
        target = _as_link(_as_cell_text(path))
        shown = _as_cell_text(text)
        if max(len(target), len(shown)) > _LINK_LIMIT:
            self.sheet.write_string(row, column, shown, look)
            return
        formula = f"=HYPERLINK({_in_formula(target)},{_in_formula(shown)})"
        self.sheet.write_formula(row, column, formula, look, shown)


def relative(target: Path, folder: Path) -> str:
    """The path from ``folder`` to a file."""
    try:
        return os.path.relpath(target, folder)
    except ValueError:  # on another drive
        return str(target.resolve())


# --- texts --------------------------------------------------------------------------------------


def _as_cell_text(text: str) -> str:
    """The text without characters that XML does not have, and not too long for a cell."""
    shown = _CONTROL.sub("□", text)
    valid = shown.encode("utf-8", "replace").decode()
    if len(valid) > _TEXT_LIMIT:
        return valid[:_TEXT_LIMIT] + "……"
    return valid


def _as_link(path: str) -> str:
    """The path as a link: there ``#`` begins a place in the file, ``%`` a code."""
    return path.replace("%", "%25").replace("#", "%23")


def _in_formula(text: str) -> str:
    """A text as a formula holds it.

    XlsxWriter rewrites names of newer functions wherever they stand before a bracket, in texts too:
    ``SORT(1).docx`` is joined from two texts.
    """
    quoted = text.replace('"', '""')
    joined = re.sub(r"(?<=[A-Z])\(", '"&"(', quoted)
    return f'"{joined}"'
