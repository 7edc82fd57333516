"""来源明细: what each unit contributed to each cell. One unit is a row, one cell of the form a column.

There may be twenty thousand rows. XlsxWriter lays the sheet out with one row as a model. The rows
themselves are put in afterwards, while the package is compressed: written cell by cell they would
hold hundreds of megabytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import NamedTuple

from attrs import frozen

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.quotes import quote_name
from govdisclose.form.sheets import PROVENANCE_SHEET
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.writer import (
    HINT_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
)

UNIT_COLUMNS = ("单位", "代码", "层级", "上级")
_UNIT_WIDTHS = (30, 22, 10, 24)
_FIRST_FIGURE = len(UNIT_COLUMNS)
"""The first column with figures."""
_FIGURE_WIDTH = 12

MOST_FIGURES = 1_200_000
"""Figures that are written: 50 MB before packing; a larger workbook could not be read again."""

BLANK_WORD = "空白"
"""What stands in the cell of a unit that left it blank; an empty cell is 0."""
_SUMS = TOP_ROW
_HEADER = TOP_ROW + 1
_MODEL = _HEADER + 1
"""The row of the model, and of the first unit that replaces it."""

_HEADER_HEIGHT = 110
"""Points: the names of cells are long, their columns narrow."""
_TITLE_COLUMNS = 8
"""Title and advice stand over so many columns: nobody sees two hundred at a time."""

_PACKING = 2
"""Deflate level. The rows are much alike: harder packing hardly makes them smaller."""


@frozen
class UnitFigures:
    """What one unit contributed: its cells in printed order, with totals derived."""

    name: str
    code: str
    values: Sequence[Value]
    level: str = ""
    parent: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Who it is, in the order of ``UNIT_COLUMNS``."""
        return self.name, self.code, self.level, self.parent


@frozen
class Provenance:
    """The rows of the sheet. They are all listed, or none of them.

    ``figures`` is how many cells are not 0.
    """

    edition: Edition
    units: Sequence[UnitFigures]
    figures: int

    @property
    def is_listed(self) -> bool:
        """Whether the workbook can be read again with all the rows."""
        return self.figures <= MOST_FIGURES

    @property
    def bottom(self) -> int:
        """The number of the last row, as Excel counts."""
        rows = 1
        if self.is_listed:
            rows = max(len(self.units), 1)
        return _MODEL + rows

    @property
    def advice(self) -> str:
        """What the rows mean, or why there are none."""
        if not self.is_listed:
            count = len(self.units)
            return (
                f"{count} 家单位共有 {self.figures} 个不是 0 的数，太多，没有列出；"
                "请用 govdisclose export 把文件夹导出为长表。"
            )
        return (
            "一行是一家单位，一列是统计表的一格，列名可以照样写进正文引用（如 {表三.予以公开.总计}）。"
            f"空着的格是 0，“{BLANK_WORD}”是该单位没有填、按 0 计的格；总计由各项相加得出。"
            "用“层级”“上级”等列筛选，上面一行的总计随筛选重算。这一页供在电脑上查看，打印时只印这段说明。"
        )

    def sums(self) -> list[int | Decimal]:
        """The sum of each column over all units, blanks as 0."""
        found: list[int | Decimal] = [0] * len(outline(self.edition).cells)
        for unit in self.units:
            for position, value in enumerate(unit.values):
                if value:
                    found[position] += value
        return found


def provenance_of(edition: Edition, units: Sequence[UnitFigures]) -> Provenance:
    """The content of the sheet."""
    figures = 0
    for unit in units:
        zeros = unit.values.count(0)
        figures += len(unit.values) - zeros
    return Provenance(edition, units, figures)


def column_names(edition: Edition) -> list[str]:
    """The headers of the figures: each cell in printed order, as prose quotes it."""
    return [quote_name(path, edition) for path in outline(edition).cells]


# --- the page -----------------------------------------------------------------------------------


def provenance_page(workbook: WorkbookWriter, provenance: Provenance, face: str) -> str:
    """Write the sheet with one row only; return the name of its part in the package."""
    names = column_names(provenance.edition)
    figure_widths = [_FIGURE_WIDTH] * len(names)
    widths = (*_UNIT_WIDTHS, *figure_widths)
    hint = f"{face}。{provenance.advice}"
    bottom = provenance.bottom
    page = workbook.page(PROVENANCE_SHEET, widths, landscape=True)
    page.head(PROVENANCE_SHEET, hint, _TITLE_COLUMNS)
    _write_sums(page, provenance)
    page.row(_HEADER, (*UNIT_COLUMNS, *names), "header")
    page.sheet.set_row(_HEADER, _HEADER_HEIGHT)
    _write_model(page)
    page.freeze(1, _HEADER)
    page.filter(_HEADER, bottom - _MODEL)
    page.print_columns(HINT_ROW, _TITLE_COLUMNS)
    page.keep_texts(f"A1:D{bottom}")
    page.sheet.set_tab_color("#9AA3AF")
    number = len(workbook.file.worksheets())
    return f"xl/worksheets/sheet{number}.xml"


def _write_model(page: SheetWriter) -> None:
    """Write the model row: blank cells in the formats of texts and figures."""
    for column in range(len(page.widths)):
        is_figure = column >= _FIRST_FIGURE
        style = ("line", "number") if is_figure else ("line",)
        page.text(_MODEL, column, "", *style)


def _write_sums(page: SheetWriter, provenance: Provenance) -> None:
    """The sum of each column, which follows the filter."""
    page.merged(_SUMS, 0, 1, _FIRST_FIGURE, "总计（随筛选重算）", "total", "left")
    if not provenance.is_listed:
        return
    first = _MODEL + 1
    for column, total in enumerate(provenance.sums(), _FIRST_FIGURE):
        letters = _letters(column)
        cells = f"{letters}{first}:{letters}{provenance.bottom}"
        formula = Formula(f"=SUBTOTAL(109,{cells})", total)
        page.formula(_SUMS, column, formula, "total", "number")


def _letters(column: int) -> str:
    """The name of a column, as Excel writes it."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


# --- the rows -----------------------------------------------------------------------------------

_MODEL_ROW = re.compile(rf'<row r="{_MODEL + 1}"[^>]*>.*?</row>', re.DOTALL)
_STYLE = re.compile(r' s="(\d+)"')
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')

_STRINGS = "xl/sharedStrings.xml"
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""A stored ``_x0041_`` means ``A``, so that the underscore itself must be escaped."""
_COUNTS = re.compile(r'count="(\d+)" uniqueCount="(\d+)"')


def with_rows(workbook: bytes, part: str, provenance: Provenance) -> bytes:
    """The same workbook, with a row for each unit instead of the model row of ``part``."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKING) as after,
    ):
        strings = before.read(_STRINGS).decode()
        texts = _texts(provenance)
        numbers = _numbers(strings, texts)
        for member in before.infolist():
            content = before.read(member)
            if member.filename == _STRINGS:
                added = _with_strings(strings, numbers)
                after.writestr(member, added.encode())
            elif member.filename == part:
                pieces = _in_pieces(content.decode(), provenance, numbers)
                _write_pieces(after, part, pieces)
            else:
                after.writestr(member, content)
    return stream.getvalue()


def _write_pieces(package: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    """Write a part piece by piece. By its name: a member brings its own level of packing."""
    with package.open(name, "w") as file:
        for piece in pieces:
            file.write(piece.encode())


def _texts(provenance: Provenance) -> list[str]:
    """Every text of the rows, once."""
    texts: dict[str, None] = {BLANK_WORD: None}
    if provenance.is_listed:
        for unit in provenance.units:
            texts |= dict.fromkeys(unit.texts)
    return [text for text in texts if text]


def _numbers(strings: str, texts: Iterable[str]) -> dict[str, int]:
    """The number of each text among the shared strings, behind those that are there already."""
    first = _counts(strings).different
    return {text: number for number, text in enumerate(texts, first)}


class _StringCounts(NamedTuple):
    """How many cells use the shared strings, and how many different strings there are."""

    used: int
    different: int


def _counts(strings: str) -> _StringCounts:
    found = _COUNTS.search(strings)
    if found is None:
        raise ValueError(f"{_STRINGS} does not say how many there are")
    used, different = map(int, found.groups())
    return _StringCounts(used, different)


def _with_strings(strings: str, texts: Iterable[str]) -> str:
    """The shared strings with ``texts`` added to them."""
    items: list[str] = []
    for text in texts:
        literal = _LIKE_AN_ESCAPE.sub("_x005F_", text)
        escaped = escape(literal, quote=False)
        items.append(f'<si><t xml:space="preserve">{escaped}</t></si>')
    before = _counts(strings)
    used = before.used + len(items)
    different = before.different + len(items)
    counts = f'count="{used}" uniqueCount="{different}"'
    counted = _COUNTS.sub(counts, strings, count=1)
    added = "".join(items)
    return counted.replace("</sst>", f"{added}</sst>")


def _in_pieces(sheet: str, provenance: Provenance, numbers: Mapping[str, int]) -> Iterator[str]:
    """A sheet in pieces, with rows instead of the model row."""
    sheet = _DIMENSION.sub("", sheet)  # it would have to count the rows; it may be left out
    model = _MODEL_ROW.search(sheet)
    if model is None:
        raise ValueError("the sheet has no model row")
    text_style, *_, figure_style = _STYLE.findall(model[0])
    rows = _Rows(provenance, numbers, text_style, figure_style)
    yield sheet[: model.start()]
    yield from rows.written()
    yield sheet[model.end() :]


@frozen
class _Rows:
    """The rows in SpreadsheetML; ``numbers`` are those of the shared strings, styles of formats."""

    provenance: Provenance
    numbers: Mapping[str, int]
    text_style: str
    figure_style: str

    def written(self) -> Iterator[str]:
        """Yield one row for each unit."""
        if not self.provenance.is_listed:
            return
        cells = outline(self.provenance.edition).cells
        width = _FIRST_FIGURE + len(cells)
        letters = list(map(_letters, range(width)))
        of_texts = letters[:_FIRST_FIGURE]
        of_figures = letters[_FIRST_FIGURE:]
        first = _MODEL + 1
        for number, unit in enumerate(self.provenance.units, first):
            texts = "".join(self._texts(unit, of_texts, number))
            figures = "".join(self._figures(unit, of_figures, number))
            yield f'<row r="{number}">{texts}{figures}</row>'

    def _texts(self, unit: UnitFigures, letters: Sequence[str], number: int) -> Iterator[str]:
        rest = f'{number}" s="{self.text_style}" t="s"><v>'
        for letter, text in zip(letters, unit.texts, strict=True):
            if text:
                yield f'<c r="{letter}{rest}{self.numbers[text]}</v></c>'

    def _figures(self, unit: UnitFigures, letters: Sequence[str], number: int) -> Iterator[str]:
        """The figures that are not 0, as numbers; the word for a blank as a shared string."""
        rest = f'{number}" s="{self.figure_style}"'
        blank = f't="s"><v>{self.numbers[BLANK_WORD]}'
        for letter, value in zip(letters, unit.values, strict=True):
            if value is None:
                yield f'<c r="{letter}{rest} {blank}</v></c>'
            elif value:
                yield f'<c r="{letter}{rest}><v>{_digits(value)}</v></c>'


def _digits(value: int | Decimal) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
