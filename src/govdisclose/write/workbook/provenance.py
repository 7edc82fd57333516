"""来源明细: which unit contributed what to which cell, a table of a hundred thousand lines.

XlsxWriter lays the sheet out, with one line as a model. The lines themselves are put in afterwards as
they are compressed: written cell by cell they would take longer than reading all the workbooks did.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from attrs import frozen

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import PROVENANCE_SHEET
from govdisclose.write.workbook.book import Book, Page
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW

SOURCE_COLUMNS = ("单位", "代码", "部分", "行", "列", "数")

MOST_ROWS = 120_000
"""Lines that are written: some 50 MB before packing, about the most that a workbook may have to be read again."""

_BLANK = "空白"
_MODEL = TOP_ROW + 1
_PACKING = 3
"""Deflate level: the lines are much alike, and harder packing makes them no smaller worth speaking of."""


@frozen
class Source:
    """What one unit contributed: its cells in printed order, totals derived."""

    name: str
    code: str
    values: Sequence[Value]


def provenance_page(book: Book, face: str, sources: Sequence[Source]) -> str:
    """The sheet without its lines but for one; the name of its part in the package, for ``with_lines``."""
    page = book.page(PROVENANCE_SHEET, (36, 22, 16, 44, 30, 14), landscape=True)
    total = _lines(sources)
    _open(page, total, face, sources)
    for column in range(len(SOURCE_COLUMNS)):
        page.text(_MODEL, column, "", "line", *(("number",) if column == len(SOURCE_COLUMNS) - 1 else ()))
    return f"xl/worksheets/sheet{len(book.file.worksheets())}.xml"


def _lines(sources: Sequence[Source]) -> int:
    return sum(len(source.values) - list(source.values).count(0) for source in sources)


def _open(page: Page, total: int, face: str, sources: Sequence[Source]) -> None:
    """Heading, what the lines mean, the sum of the lines that a filter leaves, and the header."""
    last = len(SOURCE_COLUMNS) - 1
    fits = total <= MOST_ROWS
    hint = (
        f"一行是一家单位的一格；是 0 的格没有列出，“{_BLANK}”是该单位没有填、按 0 计的格；合计由各项相加得出。"
        "用“行”“列”筛选出一格，右边的数就是该格的汇总数。"
        if fits
        else f"共 {total} 行，超过 {MOST_ROWS} 行，没有列出；请用 govdisclose export 把文件夹导出为长表。"
    )
    page.sheet.set_row(TITLE_ROW, 36)
    page.merged(TITLE_ROW, 0, 1, last + 1, f"{PROVENANCE_SHEET}（{face}）", "title")
    page.sheet.set_row(HINT_ROW, 44)
    page.merged(HINT_ROW, 0, 1, last, hint, "hint")
    bottom = _MODEL + (max(total, 1) if fits else 1)
    shown = sum(v for source in sources for v in source.values if v) if fits else 0
    page.formula(HINT_ROW, last, Formula(f"=SUBTOTAL(109,F{_MODEL + 1}:F{bottom})", shown), "total", "number")
    page.sheet.set_row(TOP_ROW, 24)
    for column, name in enumerate(SOURCE_COLUMNS):
        page.text(TOP_ROW, column, name, "header")
    page.sheet.freeze_panes(TOP_ROW + 1, 0)
    page.sheet.repeat_rows(TITLE_ROW, TOP_ROW)
    page.sheet.autofilter(TOP_ROW, 0, bottom - 1, last)
    page.sheet.ignore_errors({"number_stored_as_text": f"B1:B{bottom}"})
    page.sheet.set_tab_color("#9AA3AF")


# --- the lines ----------------------------------------------------------------------------------

_MODEL_ROW = re.compile(rf'<row r="{_MODEL + 1}"[^>]*>.*?</row>', re.DOTALL)
_STYLE = re.compile(r' s="(\d+)"')
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')


def with_lines(workbook: bytes, part: str, edition: Edition, sources: Sequence[Source]) -> bytes:
    """The same workbook, the model line of ``part`` replaced by a line for each unit and cell that is not 0."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKING) as after,
    ):
        for member in before.infolist():
            content = before.read(member)
            if member.filename != part:
                after.writestr(member, content)
                continue
            text = _DIMENSION.sub("", content.decode())  # it would have to count the lines; it may be left out
            model = _MODEL_ROW.search(text)
            if model is None:
                raise ValueError(f"{part} has no model line")
            styles = _STYLE.findall(model[0])
            with after.open(part, "w") as file:  # by its name: a member brings its own level of packing
                file.write(text[: model.start()].encode())
                if _lines(sources) <= MOST_ROWS:
                    for block in _blocks(edition, sources, styles[0], styles[-1]):
                        file.write(block.encode())
                file.write(text[model.end() :].encode())
    return stream.getvalue()


def _blocks(edition: Edition, sources: Sequence[Source], plain: str, number: str) -> Iterator[str]:
    """The lines of one unit after the other, as rows of SpreadsheetML."""
    labels = [tuple(_cell(text, plain) for text in texts) for texts in cell_names(edition)]
    blank, row = _cell(_BLANK, number), _MODEL
    for source in sources:
        name, code = _cell(source.name, plain), _cell(source.code, plain)
        lines = []
        for (sheet, line, column), value in zip(labels, source.values, strict=True):
            if value == 0:
                continue
            row += 1
            figure = blank if value is None else f' s="{number}"><v>{_digits(value)}</v></c>'
            lines.append(
                f'<row r="{row}"><c r="A{row}"{name}<c r="B{row}"{code}<c r="C{row}"{sheet}'
                f'<c r="D{row}"{line}<c r="E{row}"{column}<c r="F{row}"{figure}</row>'
            )
        yield "".join(lines)


def _cell(text: str, style: str) -> str:
    """What follows the address of a cell that holds ``text``."""
    if not text:
        return f' s="{style}"/>'
    return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _digits(value: int | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def cell_names(edition: Edition) -> list[tuple[str, str, str]]:
    """Sheet, row and column of every cell in printed order, as 来源明细 names them; no two are the same."""
    sheets = {section.key: section.sheet for section in SECTIONS}
    return [
        (sheets[cell.table], cell.row[-1], cell.column[-1])
        if cell.row
        else (sheets[cell.table], "", "／".join(cell.column[-2:]))
        for cell in outline(edition).cells.values()
    ]
