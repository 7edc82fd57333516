"""A PDF with a text layer → lines and grids. pdfplumber finds ruled tables; the rest is read as text."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import groupby
from typing import TYPE_CHECKING, Any

from attrs import define, field

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.published.document import Document, TextLine
from govdisclose.read.published.pdf.confined import Limits, run_confined
from govdisclose.read.published.text.reader import BREAK, paragraphs, without_page_numbers
from govdisclose.read.published.text.statutory import find_tables

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

MAX_PAGES = 200
"""A report has some ten pages; provinces' have up to forty."""

MAX_CHARS = 20_000
"""Characters and drawn lines on one page; finding tables takes the square of that."""

LIMITS = Limits(seconds=8, seconds_per_megabyte=20, megabytes=400)
"""What reading a PDF may take; a report of forty pages takes five seconds."""


@define
class ExtractedText:
    """The lines of a PDF outside its ruled tables, where each stands, and the grids by the line they stand at."""

    lines: list[str] = field(factory=list)
    at: list[str] = field(factory=list)
    grids: dict[int, Grid] = field(factory=dict)
    width: float = 0
    sizes: Counter[int] = field(factory=Counter)

    @property
    def margin(self) -> int:
        """The width of the printed area in half characters of the commonest size."""
        size = max(self.sizes, key=self.sizes.__getitem__, default=0)
        return round(self.width / size * 2) if size else 0

    def add(self, line: str, place: str) -> None:
        """Add a line and where it stands."""
        self.lines.append(line)
        self.at.append(place)


def read_pdf(data: bytes, file: str) -> Document:
    """The lines and tables of a PDF.

    Raises ``InputError`` when pdfplumber is missing, and for a PDF that is encrypted, broken, too long, or
    has no text layer.
    """
    if find_spec("pdfplumber") is None:
        raise InputError("读取 PDF 需要先安装：pip install govdisclose[pdf-import]")
    text = run_confined(extract, data, file, LIMITS) if sys.executable else extract(data, file)
    if not text.grids and not any(line.strip() for line in text.lines):
        raise InputError(
            f"{file} 没有文字层（多半是扫描件），程序读不出文字，请向发布机关索取 Word 原稿"
        )
    return _source(text, file)


def extract(data: bytes, file: str) -> ExtractedText:
    """The text of a PDF with its places. Raises ``InputError``.

    A small file can unfold into gigabytes or into forms that call each other without end, so this runs
    in a process of its own with limits.
    """
    import pdfplumber

    text = ExtractedText()
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > MAX_PAGES:
                raise InputError(
                    f"{file} 有 {len(document.pages)} 页，超过 {MAX_PAGES} 页，不像年度报告"
                )
            for page in document.pages:
                _read_page(page, file, text)
                page.close()
    except (InputError, MemoryError):
        raise
    except (
        Exception
    ) as error:  # pdfminer raises a dozen types on broken files; none may reach a user
        raise InputError(_refusal(error, file)) from error
    return text


def _refusal(error: Exception, file: str) -> str:
    if "MemoryError" in repr(error) or isinstance(error.__context__, MemoryError):
        raise MemoryError
    if "Password" in repr(error) or "Encryption" in repr(error):
        return f"{file} 设有打开密码，请用 PDF 软件取消密码后另存一份"
    return f"{file} 已损坏，或不是 PDF 文件"


def _source(text: ExtractedText, file: str) -> Document:
    findings: list[Finding] = []
    lines = without_page_numbers(text.lines)
    blocks: list[tuple[int, TextLine | Grid]] = list(text.grids.items())
    for table in find_tables(lines, file, findings):
        blocks.append((table.first, table.grid))
        lines[table.first : table.last + 1] = [BREAK] * (table.last + 1 - table.first)
    blocks += paragraphs(lines, lambda index: Place(file, None, text.at[index]), text.margin)
    return Document(
        file, tuple(block for _, block in sorted(blocks, key=lambda b: b[0])), tuple(findings)
    )


# --- pages --------------------------------------------------------------------------------------


def _read_page(page: Page, file: str, text: ExtractedText) -> None:
    number = page.page_number
    if len(page.chars) + len(page.edges) > MAX_CHARS:
        raise InputError(f"{file} 第 {number} 页的内容过多，不像年度报告")
    tables = [table for table in page.find_tables() if len(table.cells) > 1]
    outside = page.filter(lambda thing: not any(_inside(thing, table.bbox) for table in tables))
    text.sizes.update(round(char["size"]) for char in outside.chars)
    if page.chars:
        area = max(char["x1"] for char in page.chars) - min(char["x0"] for char in page.chars)
        text.width = max(text.width, area)
    parts: list[tuple[float, str | Grid]] = list(_lines(outside))
    for count, table in enumerate(sorted(tables, key=lambda t: t.bbox[1]), 1):
        parts.append((table.bbox[1], _grid(table, f"第{number}页第{count}个表格", file)))
    lines = 0
    for count, (_, part) in enumerate(sorted(parts, key=lambda p: p[0])):
        opening = "\x0c" if count == 0 else ""
        if isinstance(part, Grid):
            if opening:
                text.add(opening, f"第{number}页")
            text.grids[len(text.lines)] = part
            text.add(BREAK, part.name)
        else:
            lines += 1
            text.add(opening + part, f"第{number}页第{lines}行")


def _inside(thing: dict[str, Any], box: Sequence[float]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    left, top, right, bottom = box
    return bool(left <= x <= right and top <= y <= bottom)


def _lines(page: Any) -> Iterator[tuple[float, str]]:
    """The lines of a page as a text layer has them: blanks for indents and gaps, half a character each."""
    words = page.extract_words(extra_attrs=["size"])
    if not words:
        return
    left = min(word["x0"] for word in words)
    for _, row in groupby(_by_line(words), key=lambda pair: pair[0]):
        here = sorted((word for _, word in row), key=lambda word: word["x0"])
        line, end = "", left
        for word in here:
            gap = (word["x0"] - end) / (word["size"] / 2)
            # Less than half a blank between Chinese and digits is what typesetting adds by itself.
            blanks = int(gap + 0.4)
            line += " " * (
                blanks or (line[-1:].isascii() and word["text"].isascii() and bool(line))
            )
            line += word["text"]
            end = word["x1"]
        yield here[0]["top"], line


def _by_line(words: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Words with the number of their line: those whose middles are less than half a character apart."""
    number, middle = -1, float("-inf")
    for word in sorted(words, key=lambda w: w["top"] + w["bottom"]):
        here = (word["top"] + word["bottom"]) / 2
        if here - middle > word["size"] / 2:
            number, middle = number + 1, here
        yield number, word


# --- ruled tables -------------------------------------------------------------------------------


def _grid(table: Table, name: str, file: str) -> Grid:
    texts = table.extract()
    tops = [row.bbox[1] for row in table.rows]
    lefts = sorted({cell[0] for cell in table.cells})
    rows: list[list[Raw]] = [[None] * len(lefts) for _ in tops]
    merges = []
    for r, row in enumerate(table.rows):
        for c, box in enumerate(row.cells):
            if box is None:
                continue
            rows[r][c] = texts[r][c] or None
            bottom = max(i for i, top in enumerate(tops) if i == r or top < box[3] - 1)
            right = max(i for i, left in enumerate(lefts) if i == c or left < box[2] - 1)
            if (bottom, right) != (r, c):
                merges.append(Merge(r, c, bottom, right))
    return Grid(file, name, rows, tuple(merges), _cell_name)


def _cell_name(row: int, column: int) -> str:
    return f"第{row + 1}行第{column + 1}列"
