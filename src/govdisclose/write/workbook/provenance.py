"""来源明细: which unit contributed what to which cell, one sheet for each statutory table.

There may be a hundred thousand lines. XlsxWriter lays each sheet out with one line as a model. The
lines themselves are put in afterwards, while the package is compressed: written cell by cell they
would take longer than reading all the workbooks did.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from attrs import frozen

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, outline
from govdisclose.form.report import SECTIONS, Section
from govdisclose.form.sheets import PROVENANCE_SHEETS
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW
from govdisclose.write.workbook.writer import SheetWriter, WorkbookWriter

LINE_COLUMNS = ("单位", "代码", "行", "列", "数")

MOST_LINES = 120_000
"""Lines that are written: 50 MB before packing; a larger workbook could not be read again."""

_BLANK = "空白"
_LAST = len(LINE_COLUMNS) - 1
_MODEL = TOP_ROW + 1
"""The row of the model line, and of the first line that replaces it."""

_PACKING = 2
"""Deflate level. The lines are much alike: harder packing hardly makes them smaller."""


@frozen
class UnitFigures:
    """What one unit contributed: its cells in printed order, with totals derived."""

    name: str
    code: str
    values: Sequence[Value]


@frozen
class ProvenanceSheet:
    """The sheet of one statutory table.

    ``cells`` are the positions of the table in printed order, ``lines`` how many figures other than
    0 the units have there. A table is listed whole or not at all.
    """

    section: Section
    cells: slice
    lines: int
    is_listed: bool

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return PROVENANCE_SHEETS[self.section.key]

    @property
    def bottom(self) -> int:
        """The number of the last row, as Excel counts."""
        return _MODEL + (max(self.lines, 1) if self.is_listed else 1)

    @property
    def advice(self) -> str:
        """What the lines mean, or why there are none."""
        if not self.is_listed:
            return (
                f"共 {self.lines} 行，行数太多，没有列出；"
                "请用 govdisclose export 把文件夹导出为长表。"
            )
        return (
            f"一行是一家单位的一格；是 0 的格没有列出，“{_BLANK}”是该单位没有填、按 0 计的格；合计由各项相加得出。"
            "用“行”“列”筛选出一格，右边的数就是该格的汇总数。"
        )


def provenance_sheets(
    edition: Edition, units: Sequence[UnitFigures]
) -> tuple[ProvenanceSheet, ...]:
    """The sheets to write. Where not all lines fit, the longest tables are left out."""
    lines = {key: _count_lines(units, cells) for key, cells in _cells_of_tables(edition).items()}
    listed = set()
    room = MOST_LINES
    for key in sorted(lines, key=lambda key: lines[key]):
        if lines[key] <= room:
            listed.add(key)
            room -= lines[key]
    sheets = []
    for section in SECTIONS:
        if section.is_table:
            key = section.key
            cells = _cells_of_tables(edition)[key]
            sheets.append(ProvenanceSheet(section, cells, lines[key], key in listed))
    return tuple(sheets)


def _cells_of_tables(edition: Edition) -> dict[str, slice]:
    """Where the cells of each table stand in printed order."""
    found: dict[str, slice] = {}
    for position, cell in enumerate(outline(edition).cells.values()):
        start = found[cell.table].start if cell.table in found else position
        found[cell.table] = slice(start, position + 1)
    return found


def _count_lines(units: Iterable[UnitFigures], cells: slice) -> int:
    count = 0
    for unit in units:
        values = unit.values[cells]
        count += len(values) - values.count(0)
    return count


# --- the page -----------------------------------------------------------------------------------


def provenance_page(
    workbook: WorkbookWriter, sheet: ProvenanceSheet, face: str, units: Iterable[UnitFigures]
) -> str:
    """Write a sheet with one line only; return the name of its part in the package."""
    page = workbook.page(sheet.name, (36, 22, 44, 30, 14), landscape=True)
    page.sheet.set_row(TITLE_ROW, 36)
    page.merged(TITLE_ROW, 0, 1, _LAST + 1, f"来源明细：{sheet.section.heading}", "title")
    page.sheet.set_row(HINT_ROW, 44)
    page.merged(HINT_ROW, 0, 1, _LAST, f"{face}。{sheet.advice}", "hint")
    filtered = Formula(f"=SUBTOTAL(109,E{_MODEL + 1}:E{sheet.bottom})", _shown_sum(sheet, units))
    page.formula(HINT_ROW, _LAST, filtered, "total", "number")
    _write_header(page, sheet.bottom)
    for column in range(_LAST):
        page.text(_MODEL, column, "", "line")
    page.text(_MODEL, _LAST, "", "line", "number")
    return f"xl/worksheets/sheet{len(workbook.file.worksheets())}.xml"


def _shown_sum(sheet: ProvenanceSheet, units: Iterable[UnitFigures]) -> int | Decimal:
    """The sum of all lines, which the sheet shows until somebody filters it."""
    total: int | Decimal = 0
    if sheet.is_listed:
        for unit in units:
            total += sum(value for value in unit.values[sheet.cells] if value)
    return total


def _write_header(page: SheetWriter, bottom: int) -> None:
    page.sheet.set_row(TOP_ROW, 24)
    for column, name in enumerate(LINE_COLUMNS):
        page.text(TOP_ROW, column, name, "header")
    page.sheet.freeze_panes(TOP_ROW + 1, 0)
    page.sheet.repeat_rows(TITLE_ROW, TOP_ROW)
    page.sheet.autofilter(TOP_ROW, 0, bottom - 1, _LAST)
    page.sheet.ignore_errors({"number_stored_as_text": f"B1:B{bottom}"})
    page.sheet.set_tab_color("#9AA3AF")


# --- the lines ----------------------------------------------------------------------------------

_MODEL_ROW = re.compile(rf'<row r="{_MODEL + 1}"[^>]*>.*?</row>', re.DOTALL)
_STYLE = re.compile(r' s="(\d+)"')
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')

_STRINGS = "xl/sharedStrings.xml"
_COUNTS = re.compile(r'count="(\d+)" uniqueCount="(\d+)"')


def with_lines(
    workbook: bytes,
    parts: Mapping[str, ProvenanceSheet],
    edition: Edition,
    units: Sequence[UnitFigures],
) -> bytes:
    """The same workbook, with a line for each unit and cell that is not 0.

    The lines replace the model line of each of ``parts``.
    """
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKING) as after,
    ):
        strings = before.read(_STRINGS).decode()
        numbers = _numbers(strings, _texts(edition, units))
        for member in before.infolist():
            name = member.filename
            if name == _STRINGS:
                after.writestr(member, _with_strings(strings, numbers).encode())
            elif name in parts:
                # By its name: a member brings its own level of packing.
                with after.open(name, "w") as file:
                    lines = _Lines(parts[name], edition, units, numbers)
                    for block in _with_rows(before.read(member).decode(), lines):
                        file.write(block.encode())
            else:
                after.writestr(member, before.read(member))
    return stream.getvalue()


def _texts(edition: Edition, units: Iterable[UnitFigures]) -> list[str]:
    """Every text of the lines, once."""
    texts: dict[str, None] = {_BLANK: None}
    for row, column in cell_names(edition):
        texts |= {row: None, column: None}
    for unit in units:
        texts |= {unit.name: None, unit.code: None}
    return [text for text in texts if text]


def _numbers(strings: str, texts: Iterable[str]) -> dict[str, int]:
    """The number of each text among the shared strings, behind those that are there already."""
    _, known = _counts(strings)
    return {text: number for number, text in enumerate(texts, known)}


def _counts(strings: str) -> tuple[int, int]:
    """How many cells use the shared strings, and how many strings there are."""
    found = _COUNTS.search(strings)
    if found is None:
        raise ValueError(f"{_STRINGS} does not say how many there are")
    return int(found[1]), int(found[2])


def _with_strings(strings: str, numbers: Iterable[str]) -> str:
    """The shared strings with ``numbers`` added to them."""
    added = [f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in numbers]
    used, known = _counts(strings)
    counts = f'count="{used + len(added)}" uniqueCount="{known + len(added)}"'
    counted = _COUNTS.sub(counts, strings, count=1)
    return counted.replace("</sst>", f"{''.join(added)}</sst>")


@frozen
class _LineStyles:
    """The numbers of the formats of the model line: of its texts, and of its figure."""

    text: str
    figure: str


def _with_rows(sheet: str, lines: _Lines) -> Iterator[str]:
    """A sheet in pieces, with rows instead of the model line."""
    sheet = _DIMENSION.sub("", sheet)  # it would have to count the lines; it may be left out
    model = _MODEL_ROW.search(sheet)
    if model is None:
        raise ValueError("the sheet has no model line")
    text_style, *_, figure_style = _STYLE.findall(model[0])
    yield sheet[: model.start()]
    yield from lines.rows(_LineStyles(text_style, figure_style))
    yield sheet[model.end() :]


@frozen
class _Lines:
    """The lines of one sheet; ``numbers`` are those of the shared strings."""

    sheet: ProvenanceSheet
    edition: Edition
    units: Sequence[UnitFigures]
    numbers: Mapping[str, int]

    def rows(self, styles: _LineStyles) -> Iterator[str]:
        """The rows of SpreadsheetML, one unit after the other."""
        if not self.sheet.is_listed:
            return
        texts = {text: _string(number, styles.text) for text, number in self.numbers.items()}
        texts[""] = f' s="{styles.text}"/>'
        blank = _string(self.numbers[_BLANK], styles.figure)
        names = cell_names(self.edition)[self.sheet.cells]
        labels = [(texts[row], texts[column]) for row, column in names]
        number = _MODEL
        for unit in self.units:
            name, code = texts[unit.name], texts[unit.code]
            rows = []
            for (row, column), value in zip(labels, unit.values[self.sheet.cells], strict=True):
                if value == 0:
                    continue
                number += 1
                if value is None:
                    figure = blank
                else:
                    figure = f' s="{styles.figure}"><v>{_digits(value)}</v></c>'
                rows.append(
                    f'<row r="{number}"><c r="A{number}"{name}<c r="B{number}"{code}'
                    f'<c r="C{number}"{row}<c r="D{number}"{column}<c r="E{number}"{figure}</row>'
                )
            yield "".join(rows)


def _string(number: int, style: str) -> str:
    """What follows the address of a cell that holds a shared string."""
    return f' s="{style}" t="s"><v>{number}</v></c>'


def _digits(value: int | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def cell_names(edition: Edition) -> list[tuple[str, str]]:
    """Row and column of every cell in printed order; within a table no two cells have the same."""
    return [_cell_name(cell) for cell in outline(edition).cells.values()]


def _cell_name(cell: Cell) -> tuple[str, str]:
    if cell.row:
        return cell.row[-1], cell.column[-1]
    return "", "／".join(cell.column[-2:])
