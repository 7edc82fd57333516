"""Tables whose cells are between pipes, as in Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from govdisclose.finding import Finding
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.published.text.markdown import without_strong
from govdisclose.read.published.text.pieces import line_place
from govdisclose.read.tables.vocabulary import is_any_header, is_number
from govdisclose.rules.importing import I115

_RULER = re.compile(r":?-{2,}:?|\s*")
_CELL_END = re.compile(r"(?<!\\)\|")
_LAST_PIPE = re.compile(r"(?<!\\)\|$")
_LINE_BREAK = re.compile(r"<br\s*/?>")
_MOST_PIPES = 500
"""In one line; a row of the widest table has sixteen."""


@frozen
class PipeTable:
    """A table and the lines it takes up, both ends included; rows left out are findings."""

    first: int
    last: int
    grid: Grid
    findings: tuple[Finding, ...]


@frozen
class _PipeRow:
    """A row between pipes: its line, and its cells."""

    line: int
    cells: list[str | None]

    @property
    def is_ruler(self) -> bool:
        """Whether the row only separates the header from the rows below."""
        if not any(self.cells):
            return False
        return all(_RULER.fullmatch(cell or "") for cell in self.cells)

    @property
    def is_title(self) -> bool:
        """Whether the only text of the row is in its first cell."""
        said = [cell for cell in self.cells if cell]
        first = self.cells[0]
        if said != [first]:
            return False
        return not is_number(first)

    @property
    def has_number(self) -> bool:
        """Whether any cell is a number."""
        return any(is_number(cell) for cell in self.cells)


@frozen
class _CheckedRow:
    """A row, and the widths that its header allows; one of another width cannot be read."""

    row: _PipeRow
    widths: tuple[int, ...]

    @property
    def fits(self) -> bool:
        """Whether the column of every cell is certain."""
        if len(self.row.cells) in self.widths:
            return True
        if self.row.is_title:
            return True
        return not any(self.row.cells)


def pipe_tables(lines: Sequence[str], file: str) -> Iterator[PipeTable]:
    """The runs of lines with cells between pipes."""
    start = number = 0
    while start < len(lines):
        end = _end_of_run(lines, start)
        rows = []
        for index in range(start, end):
            cells = _cells(lines[index])
            rows.append(_PipeRow(index, cells))
        if _is_table(rows):
            number += 1
            yield _table(rows, number, file)
        start = max(end, start + 1)


def _is_table(rows: Sequence[_PipeRow]) -> bool:
    """Whether a run of lines is a table; a single line is one from three cells on."""
    if len(rows) == 1:
        return len(rows[0].cells) > 2
    return len(rows) > 1


def _end_of_run(lines: Sequence[str], start: int) -> int:
    end = start
    while end < len(lines) and _is_piped(lines[end]):
        end += 1
    return end


def _is_piped(line: str) -> bool:
    if not 1 < line.count("|") <= _MOST_PIPES:
        return False
    return len(_CELL_END.findall(line)) > 1


def _cells(line: str) -> list[str | None]:
    without_first = line.strip().removeprefix("|")
    inner = _LAST_PIPE.sub("", without_first)
    cells: list[str | None] = []
    for written in _CELL_END.split(inner):
        text = _LINE_BREAK.sub("\n", written)
        unescaped = text.replace("\\|", "|")
        plain = without_strong(unescaped.strip())
        cells.append(plain or None)
    return cells


def _table(rows: Sequence[_PipeRow], number: int, file: str) -> PipeTable:
    """The table of some rows; a row with more or fewer cells than its header is left out."""
    kept: list[_PipeRow] = []
    findings: list[Finding] = []
    without_rulers = [row for row in rows if not row.is_ruler]
    for checked in _checked(without_rulers):
        if checked.fits:
            kept.append(checked.row)
        else:
            findings.append(_left_out(checked, file))
    grid = _grid(kept, number, file)
    first = rows[0].line
    last = rows[-1].line
    return PipeTable(first=first, last=last, grid=grid, findings=tuple(findings))


def _left_out(checked: _CheckedRow, file: str) -> Finding:
    """The finding about a row of another width than its header."""
    row = checked.row
    width = checked.widths[0]
    count = len(row.cells)
    place = line_place(file, row.line)
    said = f"这一行有 {count} 格，表格有 {width} 列，分不清哪一格是哪一列，这一行没有收入"
    return I115.finding(said, place, found=count)


def _checked(rows: Sequence[_PipeRow]) -> Iterator[_CheckedRow]:
    """Each row with the widths that it may have.

    A table of blocks has a header for each. Where no header is known, the commonest width counts.
    """
    widths = Counter([len(row.cells) for row in rows])
    common = max(widths, key=widths.__getitem__, default=0)
    headers = []
    for index, row in enumerate(rows):
        if is_any_header(row.cells):
            headers.append(index)
    for index, row in enumerate(rows):
        allowed = tuple(_widths_at(rows, index, headers))
        yield _CheckedRow(row, allowed or (common,))


def _widths_at(rows: Sequence[_PipeRow], index: int, headers: Sequence[int]) -> Iterator[int]:
    """The width of the header over a row, and of the one whose upper line it may be."""
    above = [header for header in headers if header <= index]
    below = [header for header in headers if header > index]
    if above:
        header_above = rows[above[-1]]
        yield len(header_above.cells)
    if not below:
        return
    next_below = below[0]
    between = rows[index:next_below]
    if not any(row.has_number for row in between):
        header_below = rows[next_below]
        yield len(header_below.cells)


def _grid(rows: Sequence[_PipeRow], number: int, file: str) -> Grid:
    def cell_name(row: int, column: int) -> str:
        if row >= len(rows):
            last = rows[-1].line + 1
            return f"第{last}行之后"
        line = rows[row].line + 1
        return f"第{line}行第{column + 1}列"

    cells: list[list[Raw]] = []
    for piped in rows:
        cells.append(list(piped.cells))
    name = f"第{number}个竖线表格"
    return Grid(file=file, name=name, rows=cells, merges=(), cell_name=cell_name)
