"""A copy of a clerk's workbook with every finding at its cell, and a list of them in front.

openpyxl makes the copy. It writes formulas without their values, and programs that do not
recalculate would show them as blank, so the values are put back into the finished file. Its other
losses are found by comparing the parts of both files, and reported.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from govdisclose.errors import OutputError
from govdisclose.finding import Finding, Severity
from govdisclose.form.grouping import group_by
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.sheets import RESULT_SHEET
from govdisclose.write.findings.text import explanation_line

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

AUTHOR = "govdisclose"
COLUMNS = ("代码", "级别", "位置", "问题", "应为", "实为", "怎么改")
_WIDTHS = (9, 8, 22, 56, 12, 12, 56)
_STATE = 2
_PLACE = 3
"""The columns of the severity and of the place."""
_SIDE_MARGIN = 0.4
"""Inches, left and right of a printed page."""
_LONGEST_HEADER = 80
"""Characters of the name above a printed page; Excel refuses more than 255 in all."""
_TOP = 4
"""Row of the header of the list; above it are the checked file and the losses of the copy."""

_LETTERS = "宋体"
_POINTS = 11
"""The letters of the list: without a size every program takes its own, and rows do not fit."""

_COMMENT_WIDTH = 360
_COMMENT_LINE = 18
"""Pixels: the width of a comment, the height of one of its lines."""
_COMMENT_DIGITS = 46
"""The width of a comment in digits."""

_FILLS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEBB0", Severity.NOTE: "DCE6F5"}
_EXPLAINED = "E2EFDA"
_ADDRESS = re.compile("[A-Z]{1,3}[0-9]+")

_LOST = {
    "xl/charts/": "图表",
    "xl/media/": "图片",
    "xl/drawings/drawing": "图形、文本框",
    "xl/cellimages": "单元格内的图片",
    "xl/threadedComments/": "讨论式批注",
    "xl/pivotTables/": "数据透视表",
    "xl/slicers/": "切片器",
    "xl/ctrlProps/": "控件",
    "xl/activeX/": "控件",
    "xl/embeddings/": "嵌入的文件",
    "xl/externalLinks/": "外部链接",
    "xl/vbaProject": "宏",
    "customXml/": "自定义数据",
    "_xmlsignatures/": "数字签名",
}
"""Parts of a workbook that openpyxl may leave out, by the beginning of their names."""


@frozen
class Annotated:
    """The bytes of the copy, and the kinds of content that it lacks, in Chinese."""

    data: bytes
    lost: tuple[str, ...]


def annotate(data: bytes, findings: Sequence[Finding], name: str) -> Annotated:
    """A copy of the workbook ``data`` with ``findings`` marked; ``name`` is the file name for
    messages.

    Raises ``OutputError`` for a workbook that can be read but not be copied.
    """
    # openpyxl raises a dozen types on workbooks that Excel opens, and prints what it finds odd.
    with warnings.catch_warnings(record=True) as said, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        marked = list(map(_storable, findings))
        try:
            return _annotated(data, marked, name, said)
        except Exception as error:
            raise OutputError(
                f"{name} 能检查，但不能制作带批注的副本；请用 Excel 或 WPS 打开后另存一份"
            ) from error


def _annotated(
    data: bytes, findings: Sequence[Finding], name: str, said: Sequence[warnings.WarningMessage]
) -> Annotated:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), rich_text=True)
    stored = load_workbook(io.BytesIO(data), data_only=True)
    values = {}
    for sheet in book.worksheets:
        title = sheet.title
        values[title] = _stored_values(sheet, stored[title])
    _mark(book, findings)
    messages = [str(warning.message) for warning in said]
    without_list = _save(book, {})
    lost = tuple(_lost(data, without_list, messages))
    _list(book, findings, name, lost)
    made = _save(book, values)
    return Annotated(made, lost)


def _storable(finding: Finding) -> Finding:
    """A finding without characters that no file can hold: it may quote them."""
    changed = {}
    for name in ("text", "hint", "expected", "found", "explained"):
        text = getattr(finding, name)
        if isinstance(text, str):
            changed[name] = FORBIDDEN.sub("�", text)
    return finding.evolve(**changed)


def _lost(before: bytes, after: bytes, said: Iterable[str]) -> Iterable[str]:
    """Kinds of parts with fewer members in the copy, and extensions that openpyxl drops."""
    original = zipfile.ZipFile(io.BytesIO(before))
    copied = zipfile.ZipFile(io.BytesIO(after))
    old = original.namelist()
    new = copied.namelist()
    gone = list(_missing_kinds(old, new))
    if _has_shapes(original):
        gone.append("图形、文本框")
    if _count(new, "xl/charts/"):
        gone.append("图表的部分样式")
    if any("extension" in message for message in said):
        gone.append("较新版本的数据有效性或条件格式")
    return dict.fromkeys(gone)


def _missing_kinds(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for start, word in _LOST.items():
        if _count(old, start) > _count(new, start):
            yield word


def _count(names: Sequence[str], start: str) -> int:
    return sum(name.startswith(start) for name in names)


def _has_shapes(package: zipfile.ZipFile) -> bool:
    """Whether a drawing holds shapes or text boxes, which openpyxl never copies."""
    for name in package.namelist():
        is_drawing = name.startswith("xl/drawings/drawing")
        if is_drawing and b"<xdr:sp" in package.read(name):
            return True
    return False


# --- marks --------------------------------------------------------------------------------------


def _mark(book: Workbook, findings: Sequence[Finding]) -> None:
    """Give every cell with findings a comment, and the fill of the most serious finding."""
    _clear(book)
    by_cell = group_by(findings, _marked_cell)
    for cell, group in by_cell.items():
        if cell.sheet in book.sheetnames and cell.has_address:
            sheet = book[cell.sheet]
            _mark_cell(sheet, cell.address, group)


class _MarkedCell(NamedTuple):
    """Where a finding is; a part is empty if the finding does not name it."""

    sheet: str
    address: str

    @property
    def has_address(self) -> bool:
        """Whether the finding names one cell."""
        return _ADDRESS.fullmatch(self.address) is not None


def _marked_cell(finding: Finding) -> _MarkedCell:
    place = finding.place
    sheet = place.sheet or ""
    address = place.cell or ""
    return _MarkedCell(sheet, address)


def _clear(book: Workbook) -> None:
    """Remove an earlier annotation, so that a copy of a copy does not repeat it."""
    if RESULT_SHEET in book.sheetnames:
        del book[RESULT_SHEET]
    for sheet in book.worksheets:
        # openpyxl keeps only used cells; iterating over rows would create the others.
        for cell in sheet._cells.values():
            comment = cell.comment
            if comment is not None and comment.author == AUTHOR:
                cell.comment = None


def _mark_cell(sheet: Worksheet, address: str, group: list[Finding]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = _first_cell(sheet, address)
    lines = list(map(_comment_line, group))
    if cell.comment:
        lines.insert(0, cell.comment.text)
    text = "\n".join(lines)
    count = _lines(text, _COMMENT_DIGITS)
    height = 30 + _COMMENT_LINE * count
    cell.comment = Comment(text, AUTHOR, height=height, width=_COMMENT_WIDTH)
    most_serious = min(group, key=_seriousness)
    colour = _colour(most_serious)
    cell.fill = PatternFill("solid", fgColor=colour)


def _first_cell(sheet: Worksheet, address: str) -> Any:
    """The cell at an address, or the first cell of the merged area that contains it."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _comment_line(finding: Finding) -> str:
    state = _state(finding)
    line = f"【{state} {finding.code}】{finding.text}"
    if finding.hint:
        line += f"\n怎么改：{finding.hint}"
    return line


def _seriousness(finding: Finding) -> tuple[bool, int]:
    """The order of findings, the most serious first; explained ones come last."""
    is_explained = finding.explained is not None
    return is_explained, finding.severity.rank


def _state(finding: Finding) -> str:
    return "已说明" if finding.explained else finding.severity.label


def _colour(finding: Finding) -> str:
    return _EXPLAINED if finding.explained else _FILLS[finding.severity]


# --- the list -----------------------------------------------------------------------------------


def _list(book: Workbook, findings: Sequence[Finding], name: str, lost: Sequence[str]) -> None:
    """Add the sheet 检查结果 in front: a row for each finding, with a link to its cell."""
    sheet = book.create_sheet(RESULT_SHEET, 0)
    _write_head(sheet, findings, name, lost)
    _write_column_titles(sheet)
    first = _TOP + 1
    last = _TOP + len(findings)
    for row, finding in enumerate(findings, first):
        _write_finding(sheet, row, finding)
        _link(book, sheet.cell(row, _PLACE), finding)
    _set_up_page(sheet, name)
    sheet.print_title_rows = f"{_TOP}:{_TOP}"
    sheet.freeze_panes = f"A{first}"
    sheet.auto_filter.ref = f"A{_TOP}:G{last}"
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def _set_up_page(sheet: Any, name: str) -> None:
    """Set the list up for A4; every page says which file was checked."""
    sheet.oddHeader.left.text = name[:_LONGEST_HEADER].replace("&", "&&")
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.oddFooter.right.text = "打印于 &D"
    sheet.page_margins.left = sheet.page_margins.right = _SIDE_MARGIN
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_head(
    sheet: Worksheet, findings: Sequence[Finding], name: str, lost: Sequence[str]
) -> None:
    """Write the checked file and the losses of the copy."""
    from openpyxl.styles import Font

    missing = "没有发现带不过来的内容。"
    if lost:
        kinds = "、".join(lost)
        missing = f"原件中的{kinds}没有带过来。"
    result = f"{name}：没有发现问题"
    if findings:
        result = f"{name} 的检查结果：{len(findings)} 项"
    advice = f"这是副本，只供查看；请在原件上改正后重新检查。{missing}"
    formulas = "公式的结果照原件保留；用 Excel 或 WPS 打开时会重新计算。"
    heading = _put(sheet, 1, 1, result)
    heading.font = Font(_LETTERS, _POINTS, bold=True)
    for row, text in enumerate((advice, formulas), 2):
        cell = _put(sheet, row, 1, text)
        cell.font = Font(_LETTERS, _POINTS, bold=False)


def _write_column_titles(sheet: Worksheet) -> None:
    from openpyxl.styles import Font, PatternFill

    titled = zip(COLUMNS, _WIDTHS, strict=True)
    for column, (title, width) in enumerate(titled, 1):
        cell = sheet.cell(_TOP, column, title)
        cell.font = Font(_LETTERS, _POINTS, bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EEF7")
        sheet.column_dimensions[cell.column_letter].width = width


def _write_finding(sheet: Worksheet, row: int, finding: Finding) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    texts = _row(finding)
    for column, text in enumerate(texts, 1):
        cell = _put(sheet, row, column, text)
        cell.font = Font(_LETTERS, _POINTS)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(bottom=Side("thin", color="C8CED8"))
    lines = max(map(_lines, texts, _WIDTHS))
    sheet.row_dimensions[row].height = 8 + 15 * lines
    colour = _colour(finding)
    state = sheet.cell(row, _STATE)
    state.fill = PatternFill("solid", fgColor=colour)


def _lines(text: str, width: float) -> int:
    """The lines that ``text`` takes in a column ``width`` digits wide; a Chinese character is two."""
    count = 0
    for line in text.split("\n"):
        narrow = line.encode("ascii", "ignore")
        digits = 2 * len(line) - len(narrow)
        needed = ceil(1.1 * digits / width)
        count += max(1, needed)
    return count


def _row(finding: Finding) -> tuple[str, ...]:
    """The texts of a row of the list, in the order of ``COLUMNS``."""
    return (
        finding.code,
        _state(finding),
        str(finding.place) or "整个文件",
        finding.text,
        _shown(finding.expected),
        _shown(finding.found),
        _advice(finding),
    )


def _advice(finding: Finding) -> str:
    """The reason that the agency has recorded, or how to mend the fault or to explain it."""
    if finding.explained:
        return finding.explained
    advice = finding.hint or ""
    line = explanation_line(finding)
    if line:
        advice += f"\n如情况属实，在“说明事项”填：{line}"
    return advice


def _shown(side: object) -> str:
    """One side of a finding; nothing where it has none."""
    if side is None:
        return ""
    return str(side)


def _link(book: Workbook, cell: Any, finding: Finding) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    marked = _marked_cell(finding)
    if marked.sheet not in book.sheetnames:
        return
    target = marked.address if marked.has_address else "A1"
    quoted = marked.sheet.replace("'", "''")
    location = f"'{quoted}'!{target}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)
    cell.font = Font(_LETTERS, _POINTS, color="1F4E9E", underline="single")


_FORMULA_SIGNS = ("=", "+", "-", "@")


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    """Write text as text: if it begins with ``=``, it must not become a formula. The cell."""
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA_SIGNS)
    return cell


# --- the values of formulas ---------------------------------------------------------------------


def _stored_values(sheet: Worksheet, stored: Any) -> dict[str, Any]:
    """The value that each formula of a sheet had in the original."""
    values = {}
    for cell in list(sheet._cells.values()):  # only used cells, as above
        if cell.data_type != "f":
            continue
        address = cell.coordinate
        value = stored[address].value
        if value is not None:
            values[address] = value
    return values


def _save(book: Workbook, values: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The workbook as a file, its formulas with their values, to be calculated anew when opened."""
    book.calculation.fullCalcOnLoad = True
    stream = io.BytesIO()
    book.save(stream)
    made = zipfile.ZipFile(stream)
    of_parts = {}
    for number, sheet in enumerate(book.worksheets, 1):
        name = f"xl/worksheets/sheet{number}.xml"
        of_parts[name] = values.get(sheet.title, {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            part = made.read(name)
            if of_parts.get(name):
                part = _with_values(part, of_parts[name])
            elif name == "xl/styles.xml":
                part = _FONT.sub(_in_order, part)
            archive.writestr(name, part)
    return out.getvalue()


_FONT = re.compile(rb"(<font>)(.*?)(</font>)", re.DOTALL)
_FONT_PROPERTY = re.compile(rb"<([A-Za-z]+)[^<>]*?(?:/>|></\1>)")
_FONT_ORDER = (
    b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"
).split()
"""The order that the schema prescribes for the elements of a font; openpyxl has another."""


def _in_order(match: re.Match[bytes]) -> bytes:
    start, content, end = match.groups()
    properties = {found[1]: found[0] for found in _FONT_PROPERTY.finditer(content)}
    length = sum(map(len, properties.values()))
    if length != len(content):
        return match[0]  # there is other content: better out of order than lost
    in_order = [properties.pop(tag, b"") for tag in _FONT_ORDER]
    in_order += properties.values()
    return start + b"".join(in_order) + end


_FORMULA = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*(?:/>|>.*?</f>))<v(?:\s*/>|></v>)</c>', re.DOTALL
)


def _with_values(part: bytes, values: Mapping[str, Any]) -> bytes:
    """A sheet as openpyxl writes it, with the values of its formulas restored."""

    def fill(match: re.Match[bytes]) -> bytes:
        address, attributes, formula = match.groups()
        value = values.get(address.decode())
        attributes = _CELL_TYPE.sub(b"", attributes) + _type_of(value)
        shown = b""
        if value is not None:
            text = escape(_stored(value), quote=False)
            shown = f"<v>{text}</v>".encode()
        return b'<c r="%b"%b>%b%b</c>' % (address, attributes, formula, shown)

    return _FORMULA.sub(fill, part)


_CELL_TYPE = re.compile(rb'\s+t="[a-z]+"')


def _type_of(value: Any) -> bytes:
    """The attribute that says of which type a value is; a number needs none."""
    if isinstance(value, bool):
        return b' t="b"'
    if isinstance(value, (int, float)):
        return b""
    if isinstance(value, str) and value.startswith("#"):
        return b' t="e"'
    return b' t="str"'


def _stored(value: Any) -> str:
    """The text that is stored for a value."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    return str(value)
