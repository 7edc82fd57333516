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
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW
from govdisclose.write.workbook.writer import Book, Page

SOURCE_COLUMNS = ("单位", "代码", "部分", "行", "列", "数")

MOST_ROWS = 120_000
"""Lines that are written: some 50 MB before packing, about the most that a workbook may have to be read again."""

_BLANK = "空白"
_MODEL = TOP_ROW + 1
_PACKING = 2
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
        page.text(
            _MODEL, column, "", "line", *(("number",) if column == len(SOURCE_COLUMNS) - 1 else ())
        )
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
    page.formula(
        HINT_ROW, last, Formula(f"=SUBTOTAL(109,F{_MODEL + 1}:F{bottom})", shown), "total", "number"
    )
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


_STRINGS = "xl/sharedStrings.xml"
_COUNTS = re.compile(r'count="(\d+)" uniqueCount="(\d+)"')


def with_lines(workbook: bytes, part: str, edition: Edition, sources: Sequence[Source]) -> bytes:
    """The same workbook, the model line of ``part`` replaced by a line for each unit and cell that is not 0."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKING) as after,
    ):
        written = sources if _lines(sources) <= MOST_ROWS else ()
        strings, numbers = _with_texts(before.read(_STRINGS).decode(), edition, written)
        for member in before.infolist():
            content = before.read(member)
            if member.filename == _STRINGS:
                after.writestr(member, strings.encode())
            elif member.filename == part:
                with after.open(
                    part, "w"
                ) as file:  # by its name: a member brings its own level of packing
                    for block in _sheet(content.decode(), edition, written, numbers):
                        file.write(block.encode())
            else:
                after.writestr(member, content)
    return stream.getvalue()


def _with_texts(
    strings: str, edition: Edition, sources: Sequence[Source]
) -> tuple[str, dict[str, int]]:
    """The shared strings with all that the lines say added to them, and the number of each text that was added."""
    texts = dict.fromkeys(text for names in cell_names(edition) for text in names)
    texts |= dict.fromkeys(text for source in sources for text in (source.name, source.code)) | {
        _BLANK: None
    }
    counts = _COUNTS.search(strings)
    if counts is None:
        raise ValueError(f"{_STRINGS} does not say how many there are")
    used, known = map(int, counts.groups())
    numbers = {text: known + i for i, text in enumerate(filter(None, texts))}
    added = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in numbers)
    said = f'count="{used + len(numbers)}" uniqueCount="{known + len(numbers)}"'
    return strings.replace(counts[0], said, 1).replace("</sst>", f"{added}</sst>"), numbers


def _sheet(
    text: str, edition: Edition, sources: Sequence[Source], numbers: dict[str, int]
) -> Iterator[str]:
    text = _DIMENSION.sub("", text)  # it would have to count the lines; it may be left out
    model = _MODEL_ROW.search(text)
    if model is None:
        raise ValueError("the sheet has no model line")
    plain, *_, number = _STYLE.findall(model[0])
    yield text[: model.start()]
    yield from _blocks(edition, sources, numbers, plain, number)
    yield text[model.end() :]


def _blocks(
    edition: Edition, sources: Sequence[Source], numbers: dict[str, int], plain: str, number: str
) -> Iterator[str]:
    """The lines of one unit after the other, as rows of SpreadsheetML."""
    cells = {text: _string(index, plain) for text, index in numbers.items()} | {
        "": f' s="{plain}"/>'
    }
    labels = [tuple(cells[text] for text in texts) for texts in cell_names(edition)]
    blank, row = _string(numbers[_BLANK], number), _MODEL
    for source in sources:
        name, code = cells[source.name], cells[source.code]
        lines = []
        for (sheet, line, column), value in zip(labels, source.values, strict=True):
            if value == 0:
                continue
            row += 1
            at = str(row)
            figure = blank if value is None else f' s="{number}"><v>{_digits(value)}</v></c>'
            lines.append(
                f'<row r="{at}"><c r="A{at}"{name}<c r="B{at}"{code}<c r="C{at}"{sheet}'
                f'<c r="D{at}"{line}<c r="E{at}"{column}<c r="F{at}"{figure}</row>'
            )
        yield "".join(lines)


def _string(index: int, style: str) -> str:
    """What follows the address of a cell that holds a shared string."""
    return f' s="{style}" t="s"><v>{index}</v></c>'


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
