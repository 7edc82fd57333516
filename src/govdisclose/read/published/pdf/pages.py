"""The pages of a PDF → lines and ruled tables, as pdfplumber finds them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import define, field, frozen

from govdisclose.errors import InputError
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.published.document import cell_name
from govdisclose.read.published.text.page_numbers import PAGE_START
from govdisclose.read.published.text.paragraphs import BREAK

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

MAX_PAGES = 200
"""A report has some ten pages; provinces' have up to forty."""
MAX_CHARS = 20_000
"""Characters and drawn lines on one page; finding tables takes the square of that."""
_NEAR = 1
"""Points by which the edges of cells in one line may differ."""
_TYPESETTING = 0.4
"""Typesetting adds less than half a blank between Chinese and digits by itself."""


@define
class ExtractedText:
    """The lines of a PDF outside its ruled tables, with their places, and the tables by their line.

    ``left`` is the left edge of the text and tables so far, in points. A page with a heading alone
    does not show how far it is indented.
    """

    lines: list[str] = field(factory=list)
    places: list[str] = field(factory=list)
    grids: dict[int, Grid] = field(factory=dict)
    left: float = inf
    width: float = 0
    sizes: Counter[int] = field(factory=Counter)

    @property
    def margin(self) -> int:
        """The width of the printed area in half characters of the commonest size."""
        size = max(self.sizes, key=self.sizes.__getitem__, default=0)
        if not size:
            return 0
        characters = self.width / size
        return round(characters * 2)

    @property
    def is_empty(self) -> bool:
        """Whether there is no text layer."""
        if self.grids:
            return False
        return not any(line.strip() for line in self.lines)

    def add(self, line: str, place: str) -> None:
        """Add a line and its place."""
        self.lines.append(line)
        self.places.append(place)

    def add_grid(self, grid: Grid) -> None:
        """Add a table; a break stands for it among the lines."""
        self.grids[len(self.lines)] = grid
        self.add(BREAK, grid.name)


def extract(data: bytes, file: str) -> ExtractedText:
    """The text of a PDF with its places. Raises ``InputError``.

    A small file can unfold into gigabytes, or into forms that call each other without end, so run
    this in a process of its own with limits.
    """
    import pdfplumber

    text = ExtractedText()
    try:
        stream = io.BytesIO(data)
        with pdfplumber.open(stream) as document:
            count = len(document.pages)
            if count > MAX_PAGES:
                why = f"{file} 有 {count} 页，超过 {MAX_PAGES} 页，不像年度报告"
                raise InputError(why)
            for page in document.pages:
                _read_page(page, file, text)
                page.close()
    except (InputError, MemoryError):
        raise
    # pdfminer raises a dozen types on broken files; none may reach a user.
    except Exception as error:
        reason = _refusal(error, file)
        raise InputError(reason) from error
    return text


def _refusal(error: Exception, file: str) -> str:
    said = repr(error)
    if "MemoryError" in said or isinstance(error.__context__, MemoryError):
        raise MemoryError
    if "Password" in said or "Encryption" in said:
        return f"{file} 设有打开密码，请用 PDF 软件取消密码后另存一份"
    return f"{file} 已损坏，或不是 PDF 文件"


# --- one page -----------------------------------------------------------------------------------


_Drawn: TypeAlias = dict[str, Any]
"""A word, a character or a line as pdfplumber describes it."""


@frozen
class _PrintedItem:
    """A line or a table of a page, and its distance from the top."""

    top: float
    content: str | Grid


def _top(printed: _PrintedItem) -> float:
    return printed.top


def _read_page(page: Page, file: str, text: ExtractedText) -> None:
    number = page.page_number
    drawn = len(page.chars) + len(page.edges)
    if drawn > MAX_CHARS:
        raise InputError(f"{file} 第 {number} 页的内容过多，不像年度报告")
    tables = []
    for table in page.find_tables():
        if len(table.cells) > 1:
            tables.append(table)

    def is_outside(thing: _Drawn) -> bool:
        return not any(_is_in_cell(thing, table) for table in tables)

    outside = page.filter(is_outside)
    for char in outside.chars:
        size = round(char["size"])
        text.sizes[size] += 1
    width = _printed_width(page)
    text.width = max(text.width, width)
    words = outside.extract_words(extra_attrs=["size"])
    left_edges = _left_edges(words, tables)
    text.left = min(text.left, *left_edges)
    lines_of_page = _lines(words, text.left)
    grids = _grids(tables, number, file)
    printed = [*lines_of_page, *grids]
    opening = PAGE_START
    lines = 0
    for part in sorted(printed, key=_top):
        if isinstance(part.content, str):
            lines += 1
            place = f"第{number}页第{lines}行"
            text.add(opening + part.content, place)
        else:
            if opening:
                text.add(opening, f"第{number}页")
            text.add_grid(part.content)
        opening = ""


def _left_edges(words: Sequence[_Drawn], tables: Sequence[Table]) -> Iterator[float]:
    """Where words and tables begin; infinity, if there are none."""
    yield inf
    for word in words:
        yield word["x0"]
    for table in tables:
        yield table.bbox[0]


def _printed_width(page: Page) -> float:
    """The width of the printed area of a page in points."""
    if not page.chars:
        return 0
    lefts = [char["x0"] for char in page.chars]
    rights = [char["x1"] for char in page.chars]
    width = max(rights) - min(lefts)
    return float(width)


def _is_inside(thing: _Drawn, box: Sequence[float]) -> bool:
    """Whether the middle of something drawn is in a box."""
    twice_x = thing["x0"] + thing["x1"]
    left, top, right, bottom = box
    if not left <= twice_x / 2 <= right:
        return False
    y = _twice_middle(thing) / 2
    return top <= y <= bottom


def _is_in_cell(thing: _Drawn, table: Table) -> bool:
    """Whether something drawn belongs to a cell; the frame of a table may have room for other text."""
    if not _is_inside(thing, table.bbox):
        return False
    if thing["object_type"] != "char":
        return True
    return any(_is_inside(thing, cell) for cell in table.cells)


# --- lines --------------------------------------------------------------------------------------


def _lines(words: Sequence[_Drawn], left: float) -> Iterator[_PrintedItem]:
    """The lines of a page as a text layer has them: blanks for gaps and for the indent from
    ``left``, half a character each.
    """
    for _, numbered in groupby(_by_line(words), key=_line_number):
        row = [word for _, word in numbered]
        row.sort(key=_left)
        first = row[0]
        text = _line(row, left)
        yield _PrintedItem(first["top"], text)


def _line(row: Sequence[_Drawn], left: float) -> str:
    """The words of a line with blanks for the gaps between them."""
    line = ""
    end = left
    for word in row:
        text = word["text"]
        blank = word["size"] / 2
        gap = (word["x0"] - end) / blank
        blanks = int(gap + _TYPESETTING)
        is_after_ascii = line != "" and line[-1].isascii()
        if not blanks and is_after_ascii and text.isascii():
            blanks = 1
        line += " " * blanks + text
        end = word["x1"]
    return line


def _by_line(words: Sequence[_Drawn]) -> Iterator[tuple[int, _Drawn]]:
    """Words with the number of their line: their middles are less than half a character apart."""
    number = -1
    middle = float("-inf")
    for word in sorted(words, key=_twice_middle):
        here = _twice_middle(word) / 2
        half_a_character = word["size"] / 2
        if here - middle > half_a_character:
            number += 1
            middle = here
        yield number, word


def _line_number(numbered: tuple[int, _Drawn]) -> int:
    return numbered[0]


def _left(word: _Drawn) -> float:
    return float(word["x0"])


def _twice_middle(word: _Drawn) -> float:
    return float(word["top"] + word["bottom"])


# --- ruled tables -------------------------------------------------------------------------------


def _grids(tables: Sequence[Table], page: int, file: str) -> Iterator[_PrintedItem]:
    """The ruled tables of a page, from top to bottom."""
    from_top = sorted(tables, key=_table_top)
    for count, table in enumerate(from_top, 1):
        name = f"第{page}页第{count}个表格"
        grid = _grid(table, name, file)
        yield _PrintedItem(_table_top(table), grid)


def _table_top(table: Table) -> float:
    return float(table.bbox[1])


def _grid(table: Table, name: str, file: str) -> Grid:
    """The grid of a ruled table; a cell covers the rows and columns that its box covers."""
    texts = table.extract()
    tops = [row.bbox[1] for row in table.rows]
    lefts = sorted({cell[0] for cell in table.cells})
    rows: list[list[Raw]] = [[None] * len(lefts) for _ in tops]
    merges: list[Merge] = []
    for row, cells in enumerate(table.rows):
        for column, box in enumerate(cells.cells):
            if box is None:
                continue
            _, _, right_edge, bottom_edge = box
            text = texts[row][column]
            rows[row][column] = text or None
            bottom = _last_before(tops, row, bottom_edge)
            right = _last_before(lefts, column, right_edge)
            if (bottom, right) != (row, column):
                merges.append(Merge(row, column, bottom, right))
    return Grid(file=file, name=name, rows=rows, merges=tuple(merges), cell_name=cell_name)


def _last_before(edges: Sequence[float], first: int, end: float) -> int:
    """The last row (or column) that begins before a cell ends; at least its first."""
    last = first
    for index, edge in enumerate(edges):
        if edge < end - _NEAR:
            last = max(last, index)
    return last
