"""A workbook and its sheets being written: how cells look, and the one way text gets into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any, TypeAlias, TypeVar

from attrs import field, frozen

from govdisclose.errors import OutputError
from govdisclose.write.title_lines import title_lines
from govdisclose.write.workbook.formulas import CellPlace, Formula, Shown

_T = TypeVar("_T")

TEXT_LIMIT = 32767
"""What one cell holds, in UTF-16 units (Excel specifications and limits)."""

DIGITS = 15
"""Significant decimal digits that a cell keeps."""

CREATED = datetime(2021, 1, 1)
"""A fixed date, so that the same report gives the same bytes."""

HIGHEST = 409
"""Points; no row is higher (same source)."""

TITLE_ROW, HINT_ROW, TOP_ROW = range(3)
"""Every sheet begins with its heading and a line of advice; the reader starts below."""
FIRST_ROW = TOP_ROW + 1
"""The first row below the header of a list."""

_LINE_SPACING = 1.3
"""The height of a line in letters."""
_LEAST_TITLE = 36
"""Points of the row of a title at least."""

_SMALLEST_SCALE = 0.8
"""A page is printed no smaller than this: letters of 10 points then have 8."""

_SHORT_EDGE = 8.27
_LONG_EDGE = 11.69
"""Of A4, in inches."""
_SIDE_MARGIN = 0.4
"""Inches left and right of a page."""
MOST_PRINTED = 400
"""Rows of a list that are printed: some twenty pages."""
_LONGEST_HEADER = 50
"""Characters of a title above a printed page."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Not allowed in XML, or (carriage return) changed by every XML parser."""


def storable(text: str) -> str:
    """A text as a cell can hold it: a box stands for a character that it cannot.

    For names of files, which may hold any character; texts of reports are refused instead.
    """
    return _UNSTORABLE.sub("□", text)


_FORMULA_SIGNS = frozenset("=+-@")
"""Text that begins with one of these is taken for a formula when somebody confirms the cell."""

_Look: TypeAlias = dict[str, Any]
"""Properties of a format, as XlsxWriter names them."""

_GREY = "#4B5563"
_BORDER: _Look = {"border": 1, "border_color": "#8C97A6"}
_CENTRE: _Look = {"align": "center", "indent": 0}
_LEFT: _Look = {"align": "left", "indent": 1}
_ONE_LINE: _Look = {"text_wrap": False}
_SHRUNK: _Look = {**_ONE_LINE, "shrink": True}
_PRINTED: _Look = {"font_size": 10.5, "bg_color": "#E8EEF7", **_BORDER}
"""The labels that the form prints."""

STYLES: dict[str, _Look] = {
    "base": {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True},
    "title": {"font_name": "黑体", "font_size": 16, **_CENTRE},
    "hint": {"font_size": 10.5, "font_color": _GREY, "align": "left"},
    "header": {**_PRINTED, "font_name": "黑体", **_CENTRE},
    "block": {**_PRINTED, "font_name": "黑体", "bg_color": "#D5DFEE", **_LEFT},
    "corner": {**_PRINTED, "font_size": 10, **_CENTRE},
    "stub": {**_PRINTED, **_LEFT},
    "group": {**_PRINTED, **_CENTRE},
    "void": {"bg_color": "#F3F4F6", "border": 1, "border_color": "#F3F4F6"},
    "light label": {
        "font_size": 10,
        "font_color": "#3F4A59",
        "bg_color": "#F7F8FA",
        **_BORDER,
        **_CENTRE,
    },
    "light": {"font_size": 10, **_BORDER, **_CENTRE, **_ONE_LINE},
    "input": {"bg_color": "#FFF9E5", **_BORDER, "locked": False},
    "free": {"locked": False},
    "line": {"font_size": 10, "align": "left", **_ONE_LINE},
    "total": {"bg_color": "#EFEFEF", **_BORDER},
    "number": {**_CENTRE, **_SHRUNK},
    "date": {"num_format": "yyyy-mm-dd", **_LEFT},
    "text": {"num_format": "@"},
    "yuan": {
        "num_format": '"折合 "#,##0.00" 元"',
        "font_size": 10,
        "font_color": _GREY,
        "align": "left",
        **_ONE_LINE,
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
    "figure": {**_BORDER, **_LEFT, "align": "right", **_SHRUNK},
    "changed": {"bg_color": "#FFF8E1"},
    "growth": {"num_format": "+0.######;-0.######;0"},
    "whole growth": {"num_format": "+0;-0;0"},
    "cases": {"num_format": "0"},
    "weight": {"num_format": "0.0"},
    "share": {"num_format": "0.0%"},
    "share of few": {"num_format": '0.0%"*"'},
    "rate": {"num_format": "+0.0#####%;-0.0#####%;0.0%"},
}


def line_count(text: str, width: float, size: float = 11) -> int:
    """How many lines ``text`` of ``size`` points takes in a column ``width`` digits wide.

    A Chinese character at 11 points is 2.1 digits wide. Programs draw sheets with different fonts,
    so a little room is left free.
    """
    room = _room(width, size)
    count = 0
    for line in text.split("\n"):
        needed = ceil(_em(line) / room)
        count += max(1, needed)
    return count


def row_height(lines: int) -> float:
    """The height of a row, in points, that shows so many lines of 11 points."""
    needed = 15 * lines + 5
    return min(HIGHEST, needed)


def _room(width: float, size: float) -> float:
    """How many Chinese characters of ``size`` points fit in a column ``width`` digits wide."""
    of_usual_size = (width - 2) / 2.15
    return of_usual_size * 11 / size


def _inches(width: float) -> float:
    """The width of a column on paper: a digit has 7 of 96 pixels, the edges together 5."""
    pixels = 7 * width + 5
    return pixels / 96


def _em(line: str) -> float:
    """The width of a line in Chinese characters."""
    ascii_letters = line.encode("ascii", "ignore")
    narrow = len(ascii_letters)
    return len(line) - narrow / 2


@frozen
class WorkbookWriter:
    """A workbook being written; ``file`` is XlsxWriter's, its formats have names.

    ``header`` is printed above every page.
    """

    file: Any
    header: str = ""
    _formats: dict[tuple[str, ...], Any] = field(factory=dict, init=False, repr=False)

    def style(self, *names: str) -> Any:
        """The format that the named styles add up to; later ones win."""
        made = self._formats.get(names)
        if made is None:
            look = _added_up(names)
            made = self._make(names, look)
        return made

    def tall(self, height: float) -> Any:
        """The format of an empty cell whose row is at least ``height`` points high."""
        names = (f"{height} points",)
        made = self._formats.get(names)
        if made is None:
            size = round(height / _LINE_SPACING)
            made = self._make(names, {"font_size": size})
        return made

    def _make(self, names: tuple[str, ...], look: _Look) -> Any:
        """A new format with a look; later calls get it by its names."""
        made = self.file.add_format(look)
        self._formats[names] = made
        return made

    def page(self, name: str, widths: tuple[float, ...], *, landscape: bool = False) -> SheetWriter:
        """A new sheet set up for A4; ``widths`` of its columns are in digits, as Excel counts."""
        from govdisclose.write.workbook.growing_rows import GrowingSheet

        sheet = self.file.add_worksheet(name, GrowingSheet)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.center_horizontally()
        set_up_page(sheet, self.header, landscape=landscape)
        return SheetWriter(self, sheet, name, widths, landscape)


def _added_up(names: Iterable[str]) -> _Look:
    look: _Look = {}
    for name in names:
        look |= STYLES[name]
    return look


def set_up_page(sheet: Any, header: str, *, landscape: bool) -> None:
    """Set a worksheet of XlsxWriter up for A4: as wide as the page, the pages numbered and dated."""
    sheet.set_paper(9)
    sheet.set_margins(left=_SIDE_MARGIN, right=_SIDE_MARGIN, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    if landscape:
        sheet.set_landscape()
    if header:
        escaped = _shortened(header).replace("&", "&&")  # an ampersand begins a code
        sheet.set_header(f"&L&9 {escaped}")  # a digit would belong to the size
    sheet.set_footer("&L&9&A&C&9第 &P 页，共 &N 页&R&9打印于 &D")


def printed_words(rows: int, most: int = MOST_PRINTED) -> str:
    """A sentence on how much of a list of ``rows`` rows is printed; ``""`` if all of it is."""
    if rows <= most:
        return ""
    printed = f"前 {most} 行" if most else "这段说明"
    return f"共 {rows} 行，打印只印{printed}；要印别的，选中那些行，打印时选“打印选定区域”。"


def _shortened(title: str) -> str:
    """A title that fits on one line above a page."""
    if len(title) <= _LONGEST_HEADER:
        return title
    return f"{title[:_LONGEST_HEADER]}……"


def written_workbook(
    title: str,
    write: Callable[[WorkbookWriter], None],
    author: str = "",
    *,
    headed: bool = True,
) -> bytes:
    """The bytes of a workbook that ``write`` fills; the same content gives the same bytes.

    If it is ``headed``, its title is printed above every page.
    """
    import xlsxwriter

    stream = BytesIO()
    file = xlsxwriter.Workbook(stream, {"in_memory": True})
    properties: dict[str, object] = {"created": CREATED}
    if title:
        properties["title"] = title
    if author:
        properties["author"] = author
    file.set_properties(properties)
    header = title if headed else ""
    workbook = WorkbookWriter(file, header)
    write(workbook)
    file.close()
    return stream.getvalue()


@frozen
class ShownNumber:
    """A number, or the words in its place, and the styles that it has besides those of its row."""

    value: Shown
    look: tuple[str, ...] = ()


@frozen
class SheetWriter:
    """One sheet being written; rows and columns are zero-based."""

    workbook: WorkbookWriter
    sheet: Any
    name: str
    widths: tuple[float, ...]
    landscape: bool = False

    def text(self, row: int, column: int, text: str, *styles: str) -> None:
        """Write ``text`` as text, whatever it looks like; an empty one leaves the cell blank.

        Raises ``OutputError`` for text that a cell cannot hold unchanged.
        """
        fault = _storing_fault(text)
        if fault:
            raise self._refusal(row, column, fault)
        looks_like_formula = text[:1] in _FORMULA_SIGNS
        if looks_like_formula:  # the prefix keeps it a text when someone confirms the cell
            styles = (*styles, "quoted")
        style = self._style(styles)
        if text:
            self.sheet.write_string(row, column, text, style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def row(self, row: int, texts: Iterable[str], *styles: str, first: int = 0) -> None:
        """Write texts beside each other, from column ``first`` on."""
        for column, text in enumerate(texts, first):
            self.text(row, column, text, *styles)

    def lines(self, first: int, lines: Iterable[Sequence[str]], *styles: str) -> None:
        """Write lines of texts from row ``first`` down, each row as high as its texts need."""
        for row, texts in enumerate(lines, first):
            self.heights(row, texts)
            self.row(row, texts, *styles)

    def merged(
        self, row: int, column: int, rows: int, columns: int, text: str, *styles: str
    ) -> None:
        """Write ``text`` over a rectangle, merged when it is more than one cell."""
        if rows * columns > 1:
            style = self._style(styles)
            bottom = row + rows - 1
            right = column + columns - 1
            self.sheet.merge_range(row, column, bottom, right, "", style)
        self.text(row, column, text, *styles)

    def value(self, row: int, column: int, value: Shown, *styles: str) -> None:
        """Write a number or blank cell; text in place of a number stays text.

        Raises ``OutputError`` for a number with more digits than a cell keeps.
        """
        if value is None or isinstance(value, str):
            text = value or ""
            self.text(row, column, text, *styles)
            return
        exact = Decimal(str(value)).normalize()
        digits = exact.as_tuple().digits
        if len(digits) > DIGITS:
            fault = f"{value} 超过 {DIGITS} 位有效数字，Excel 不能原样保存。"
            raise self._refusal(row, column, fault)
        style = self._style(styles)
        self.sheet.write_number(row, column, value, style)

    def numbers(self, row: int, column: int, numbers: Iterable[ShownNumber], *styles: str) -> None:
        """Write numbers beside each other, from ``column`` on."""
        for place, number in enumerate(numbers, column):
            look = (*styles, *number.look)
            self.value(row, place, number.value, *look)

    def link(self, row: int, column: int, sheet: str, text: str, *styles: str) -> None:
        """Write ``text`` as a link to another sheet of the workbook."""
        style = self._style(styles)
        target = f"internal:'{sheet}'!A1"
        self.sheet.write_url(row, column, target, style, text)

    def head(self, title: str, hint: str, columns: int, *, agency: str = "") -> None:
        """Write title and advice above the first ``columns`` columns, in rows that show all of it."""
        self.title(TITLE_ROW, title, columns, agency=agency)
        self.merged(HINT_ROW, 0, 1, columns, hint, "hint")
        self.height(HINT_ROW, hint, 0, columns)

    def title(self, row: int, text: str, columns: int, *styles: str, agency: str = "") -> None:
        """Write ``text`` in the letters of a title over the first ``columns`` columns.

        A long one breaks after the name of the ``agency`` with which it begins, or between words.
        """
        size = STYLES["title"]["font_size"]
        width = sum(self.widths[:columns])
        room = _room(width, size)
        lines: list[str] = []
        for line in text.split("\n"):
            lines += title_lines(line, agency, room)
        broken = "\n".join(lines)
        self.merged(row, 0, 1, columns, broken, "title", *styles)
        count = line_count(broken, width, size)
        height = _LINE_SPACING * size * count + 10
        height = max(_LEAST_TITLE, height)
        self.sheet.set_row(row, height)

    def height(
        self, row: int, text: str, column: int, columns: int = 1, *, least: float = 20
    ) -> None:
        """Make ``row`` high enough for ``text`` over ``columns`` columns, and ``least`` points."""
        end = column + columns
        width = sum(self.widths[column:end])
        lines = line_count(text, width)
        self._set_height(row, lines, least)

    def heights(self, row: int, texts: Sequence[str], *, least: float = 20) -> None:
        """Make ``row`` high enough for ``texts``, one in each column from the first on."""
        lines = max(map(line_count, texts, self.widths))
        self._set_height(row, lines, least)

    def _set_height(self, row: int, lines: int, least: float) -> None:
        needed = row_height(lines)
        height = max(least, needed)
        self.sheet.set_row(row, height)

    def grow(self, row: int, texts: Sequence[str], *, least: float = 20) -> None:
        """Leave the height of ``row`` to the program, which fits it to the text at every change.

        It begins with a height that shows ``texts``, one in each column from the first on; without
        texts it is of the usual height.
        """
        if any(texts):
            self.heights(row, texts, least=least)
            self.sheet.growing.add(row)

    def stay_high(self, row: int, least: float) -> None:
        """Keep ``row`` at least ``least`` points high when a program fits it to its text.

        An empty cell beside the columns does so: letters of its size would need so much.
        """
        beside = len(self.widths)
        style = self.workbook.tall(least)
        self.sheet.write_blank(row, beside, None, style)

    def freeze(self, labels: int, header: int = TOP_ROW) -> None:
        """Keep row ``header`` and the first ``labels`` columns on the screen."""
        self.sheet.freeze_panes(header + 1, labels)

    def keep_header(self, header: int, labels: int = 0) -> None:
        """Keep row ``header`` on screen and on every page, the first ``labels`` columns on screen."""
        self.freeze(labels, header)
        self.sheet.repeat_rows(header)

    def filter(self, header: int, rows: int) -> None:
        """Let people filter a list of ``rows`` rows below row ``header``, by each of its columns."""
        bottom = header + max(1, rows)
        right = len(self.widths) - 1
        self.sheet.autofilter(header, 0, bottom, right)

    def keep_texts(self, area: str) -> None:
        """Let texts of digits in an area, such as codes, stand without the mark of an error."""
        self.sheet.ignore_errors({"number_stored_as_text": area})

    def protect(self, *allowed: str) -> None:
        """Lock the cells that are not for input; widths, heights and what is ``allowed`` stay free."""
        free = ("format_columns", "format_rows", *allowed)
        options = dict.fromkeys(free, True)
        self.sheet.protect("", options)

    def print_columns(self, bottom: int, columns: int) -> None:
        """Print only the first ``columns`` columns, down to row ``bottom``."""
        right = columns - 1
        self.sheet.print_area(TITLE_ROW, 0, bottom, right)

    def print_list(self, header: int, rows: int, columns: int, *, most: int = MOST_PRINTED) -> None:
        """Print the first ``columns`` columns of a list of ``rows`` rows below row ``header``.

        Of a long list ``most`` rows are printed, or the advice alone; ``printed_words`` say so.
        """
        bottom = HINT_ROW
        if most:
            shown = min(max(rows, 1), most)
            bottom = header + shown
        self.print_columns(bottom, columns)

    def print_across(self, labels: int) -> None:
        """Print on as many pages beside each other as letters of a readable size need.

        The first ``labels`` columns are printed on each of them.
        """
        paper = _LONG_EDGE if self.landscape else _SHORT_EDGE
        margins = 2 * _SIDE_MARGIN
        room = (paper - margins) / _SMALLEST_SCALE
        inches = list(map(_inches, self.widths))
        repeated = sum(inches[:labels])
        others = sum(inches[labels:])
        needed = ceil(others / (room - repeated))
        pages = max(1, needed)
        self.sheet.fit_to_pages(pages, 0)
        if pages > 1:
            self.sheet.repeat_columns(0, labels - 1)

    def date(self, row: int, column: int, value: date | None, *styles: str) -> None:
        """Write a real date, or a blank cell formatted for one."""
        style = self._style(styles)
        if value is None:
            self.sheet.write_blank(row, column, None, style)
        else:
            self.sheet.write_datetime(row, column, value, style)

    def formula(self, row: int, column: int, formula: Formula, *styles: str) -> None:
        """Write a live formula and the value it has now."""
        value = formula.value
        if value == "":
            value = _EMPTY
        style = self._style(styles)
        self.sheet.write_formula(row, column, formula.text, style, value)

    def _style(self, styles: tuple[str, ...]) -> Any:
        """The format of a cell with some styles."""
        return self.workbook.style("base", *styles)

    def _refusal(self, row: int, column: int, fault: str) -> OutputError:
        """The error for a value that a cell cannot hold."""
        address = CellPlace(row, column).address
        return OutputError(f"{self.name}!{address}：{fault}")


def below_header(items: Iterable[_T]) -> Iterator[tuple[int, _T]]:
    """The items of a list, each with the row where it is written."""
    return enumerate(items, FIRST_ROW)


def _storing_fault(text: str) -> str:
    """Why a cell cannot hold a text unchanged; ``""`` if it can."""
    found = _UNSTORABLE.search(text)
    if found:
        number = found.start() + 1
        code = ord(found.group())
        return f"第 {number} 个字符是 U+{code:04X}，Excel 不能保存这种控制字符，请先删去。"
    utf_16 = text.encode("utf-16-le")
    units = len(utf_16) // 2
    if units > TEXT_LIMIT:
        count = len(text)
        return f"文字有 {count} 字，超过 Excel 单元格的上限 {TEXT_LIMIT} 字，请分段。"
    return ""


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
