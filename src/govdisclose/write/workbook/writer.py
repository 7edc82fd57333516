"""A workbook and its sheets being written: how cells look, and the one way text gets into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

from attrs import field, frozen

from govdisclose.errors import OutputError
from govdisclose.write.workbook.formulas import Formula, Shown

TEXT_LIMIT = 32767
"""What one cell holds, in UTF-16 units (Excel specifications and limits)."""

DIGITS = 15
"""Significant decimal digits that a cell keeps."""

CREATED = datetime(2021, 1, 1)
"""A fixed date, so that the same report gives the same bytes."""

_HIGHEST = 409
"""Points; no row is higher (same source)."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Not allowed in XML, or (carriage return) changed by every XML parser."""

_FORMULA_SIGNS = frozenset("=+-@")
"""Text that begins with one of these is taken for a formula when somebody confirms the cell."""

_SERIF, _SANS = "宋体", "黑体"
_INPUT, _LABEL, _TOTAL, _LINE = "#FFF9E5", "#E8EEF7", "#EFEFEF", "#8C97A6"
_BORDER = {"border": 1, "border_color": _LINE}
_CENTRE, _LEFT = {"align": "center", "indent": 0}, {"align": "left", "indent": 1}

STYLES: dict[str, dict[str, Any]] = {
    "base": {"font_name": _SERIF, "font_size": 11, "valign": "vcenter", "text_wrap": True},
    "title": {"font_name": _SANS, "font_size": 16, **_CENTRE},
    "hint": {"font_size": 10, "font_color": "#4B5563", "align": "left"},
    "header": {"font_name": _SANS, "font_size": 10.5, "bg_color": _LABEL, **_BORDER, **_CENTRE},
    "block": {"font_name": _SANS, "font_size": 10.5, "bg_color": "#D5DFEE", **_BORDER, **_LEFT},
    "corner": {"font_size": 10, "bg_color": _LABEL, **_BORDER, **_CENTRE},
    "stub": {"font_size": 10.5, "bg_color": _LABEL, **_BORDER, **_LEFT},
    "group": {"font_size": 10.5, "bg_color": _LABEL, **_BORDER, **_CENTRE},
    "void": {"bg_color": "#F3F4F6", "border": 1, "border_color": "#F3F4F6"},
    "light label": {
        "font_size": 10,
        "font_color": "#3F4A59",
        "bg_color": "#F7F8FA",
        **_BORDER,
        **_CENTRE,
    },
    "light": {"font_size": 10, **_BORDER, **_CENTRE, "text_wrap": False},
    "input": {"bg_color": _INPUT, **_BORDER, "locked": False},
    "free": {"locked": False},
    "line": {"font_size": 10, "align": "left", "text_wrap": False},
    "total": {"bg_color": _TOTAL, **_BORDER},
    "number": {**_CENTRE, "text_wrap": False},
    "date": {"num_format": "yyyy-mm-dd", **_LEFT},
    "text": {"num_format": "@"},
    "yuan": {
        "num_format": '"折合 "#,##0.00" 元"',
        "font_size": 10,
        "font_color": "#4B5563",
        "align": "left",
        "text_wrap": False,
    },
    "left": _LEFT,
    "centre": _CENTRE,
    "top": {"valign": "top"},
    "plain": {**_BORDER, **_LEFT},
    "good": {"font_color": "#0B6B2E", "bg_color": "#C9ECD2"},
    "bad": {"font_color": "#9C0006", "bg_color": "#FFC7CE", "bold": True},
    "open": {"font_color": "#7A5A00", "bg_color": "#FFEBB0"},
    "link": {"font_color": "#1F4E9E", "underline": 1},
    "quoted": {"quote_prefix": True},
    "figure": {**_BORDER, "align": "right", "indent": 1, "text_wrap": False},
    "changed": {"bg_color": "#FFF8E1"},
    "growth": {"num_format": "+0.######;-0.######;0"},
    "whole growth": {"num_format": "+0;-0;0"},
    "cases": {"num_format": "0"},
    "share": {"num_format": "0.0%"},
    "rate": {"num_format": "+0.0#####%;-0.0#####%;0.0%"},
}


def _lines(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column ``width`` digits wide.

    A Chinese character at 11 points is 2.1 digits wide. Programs draw sheets with different fonts,
    so a little room is left free.
    """
    room = (width - 2) / 2.15
    return sum(max(1, ceil(_em(line) / room)) for line in text.split("\n"))


def _em(line: str) -> float:
    """The width of a line in Chinese characters."""
    return sum(0.5 if char < "\x80" else 1 for char in line)


@frozen
class WorkbookWriter:
    """A workbook being written; ``file`` is XlsxWriter's, its formats have names."""

    file: Any
    _formats: dict[tuple[str, ...], Any] = field(factory=dict, init=False, repr=False)

    def style(self, *names: str) -> Any:
        """The format that the named styles add up to; later ones win."""
        if names not in self._formats:
            look: dict[str, Any] = {}
            for name in names:
                look |= STYLES[name]
            self._formats[names] = self.file.add_format(look)
        return self._formats[names]

    def page(self, name: str, widths: tuple[float, ...], *, landscape: bool = False) -> SheetWriter:
        """A new sheet set up for A4; ``widths`` of its columns are in digits, as Excel counts."""
        sheet = self.file.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.75)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&10第 &P 页，共 &N 页")
        if landscape:
            sheet.set_landscape()
        return SheetWriter(self, sheet, name, widths)


def written_workbook(
    title: str, write: Callable[[WorkbookWriter], None], author: str = ""
) -> bytes:
    """The bytes of a workbook that ``write`` fills; the same content gives the same bytes."""
    import xlsxwriter

    stream = BytesIO()
    workbook = WorkbookWriter(xlsxwriter.Workbook(stream, {"in_memory": True}))
    properties = {"title": title, "author": author, "created": CREATED}
    workbook.file.set_properties({key: value for key, value in properties.items() if value})
    write(workbook)
    workbook.file.close()
    return stream.getvalue()


@frozen
class SheetWriter:
    """One sheet being written; rows and columns are zero-based."""

    workbook: WorkbookWriter
    sheet: Any
    name: str
    widths: tuple[float, ...]

    def text(self, row: int, column: int, text: str, *styles: str) -> None:
        """Write ``text`` as text, whatever it looks like; an empty one leaves the cell blank.

        Raises ``OutputError`` for text that a cell cannot hold unchanged.
        """
        self._refuse_unstorable(row, column, text)
        # The prefix keeps text a text when someone edits the cell and confirms it.
        quoted = ("quoted",) if text[:1] in _FORMULA_SIGNS else ()
        style = self.workbook.style("base", *styles, *quoted)
        if text:
            self.sheet.write_string(row, column, text, style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def row(self, row: int, texts: Iterable[str], *styles: str) -> None:
        """Write texts beside each other, from the first column on."""
        for column, text in enumerate(texts):
            self.text(row, column, text, *styles)

    def merged(
        self, row: int, column: int, rows: int, columns: int, text: str, *styles: str
    ) -> None:
        """Write ``text`` over a rectangle, merged when it is more than one cell."""
        if rows * columns > 1:
            style = self.workbook.style("base", *styles)
            self.sheet.merge_range(row, column, row + rows - 1, column + columns - 1, "", style)
        self.text(row, column, text, *styles)

    def value(self, row: int, column: int, value: Shown, *styles: str) -> None:
        """Write a number or blank cell; text in place of a number stays text.

        Raises ``OutputError`` for a number with more digits than a cell keeps.
        """
        if value is None or isinstance(value, str):
            self.text(row, column, value or "", *styles)
            return
        digits = Decimal(str(value)).normalize().as_tuple().digits
        if len(digits) > DIGITS:
            raise OutputError(
                f"{self._cell(row, column)}：{value} 超过 {DIGITS} 位有效数字，Excel 不能原样保存。"
            )
        self.sheet.write_number(row, column, value, self.workbook.style("base", *styles))

    def link(self, row: int, column: int, sheet: str, text: str, *styles: str) -> None:
        """Write ``text`` as a link to another sheet of the workbook."""
        style = self.workbook.style("base", *styles)
        self.sheet.write_url(row, column, f"internal:'{sheet}'!A1", style, text)

    def height(
        self, row: int, text: str, column: int, columns: int = 1, *, least: float = 22
    ) -> None:
        """Make ``row`` high enough for ``text`` over ``columns`` columns, and ``least`` points."""
        width = sum(self.widths[column : column + columns])
        self._set_height(row, _lines(text, width), least)

    def heights(self, row: int, texts: Sequence[str]) -> None:
        """Make ``row`` high enough for ``texts``, one in each column from the first on."""
        self._set_height(row, max(map(_lines, texts, self.widths)), 22)

    def _set_height(self, row: int, lines: int, least: float) -> None:
        self.sheet.set_row(row, min(_HIGHEST, max(least, 15 * lines + 7)))

    def date(self, row: int, column: int, value: date | None, *styles: str) -> None:
        """Write a real date, or a blank cell formatted for one."""
        style = self.workbook.style("base", *styles)
        if value is None:
            self.sheet.write_blank(row, column, None, style)
        else:
            self.sheet.write_datetime(row, column, value, style)

    def formula(self, row: int, column: int, formula: Formula, *styles: str) -> None:
        """Write a live formula and the value it has now."""
        value = _EMPTY if formula.value == "" else formula.value
        style = self.workbook.style("base", *styles)
        self.sheet.write_formula(row, column, formula.text, style, value)

    def _cell(self, row: int, column: int) -> str:
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"{self.name}!{xl_rowcol_to_cell(row, column)}"

    def _refuse_unstorable(self, row: int, column: int, text: str) -> None:
        found = _UNSTORABLE.search(text)
        if found:
            raise OutputError(
                f"{self._cell(row, column)}：第 {found.start() + 1} 个字符是 "
                f"U+{ord(found.group()):04X}，Excel 不能保存这种控制字符，请先删去。"
            )
        if len(text.encode("utf-16-le")) > 2 * TEXT_LIMIT:
            raise OutputError(
                f"{self._cell(row, column)}：文字有 {len(text)} 字，"
                f"超过 Excel 单元格的上限 {TEXT_LIMIT} 字，请分段。"
            )


class _EmptyText(str):
    """An empty text that is equal to nothing.

    XlsxWriter writes no type for a formula's value that equals "". Readers then take the formula
    for one that was never calculated.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


_EMPTY = _EmptyText()
