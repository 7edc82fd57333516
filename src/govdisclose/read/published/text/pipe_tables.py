"""Tables whose cells are between pipes, as in Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.published.text.markdown import without_strong
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
        if len(said) != 1 or said[0] != self.cells[0]:
            return False
        return not is_number(said[0])

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
        return self.row.is_title or not any(self.row.cells)


def pipe_tables(lines: Sequence[str], file: str) -> Iterator[PipeTable]:
    """The runs of lines with cells between pipes."""
    start = number = 0
    while start < len(lines):
        end = _end_of_run(lines, start)
        rows = [_PipeRow(index, _cells(lines[index])) for index in range(start, end)]
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
    inner = _LAST_PIPE.sub("", line.strip().removeprefix("|"))
    cells: list[str | None] = []
    for text in _CELL_END.split(inner):
        shown = _LINE_BREAK.sub("\n", text).replace("\\|", "|").strip()
        cells.append(without_strong(shown) or None)
    return cells


def _table(rows: Sequence[_PipeRow], number: int, file: str) -> PipeTable:
    """The table of some rows; a row with more or fewer cells than its header is left out."""
    kept: list[_PipeRow] = []
    findings: list[Finding] = []
    for checked in _checked([row for row in rows if not row.is_ruler]):
        if checked.fits:
            kept.append(checked.row)
        else:
            findings.append(_left_out(checked, file))
    grid = _grid(kept, number, file)
    return PipeTable(rows[0].line, rows[-1].line, grid, tuple(findings))


def _left_out(checked: _CheckedRow, file: str) -> Finding:
    """The finding about a row of another width than its header."""
    row, width = checked.row, checked.widths[0]
    count = len(row.cells)
    place = Place(file, None, f"第{row.line + 1}行")
    said = f"这一行有 {count} 格，表格有 {width} 列，分不清哪一格是哪一列，这一行没有收入"
    return I115.finding(said, place, found=count)


def _checked(rows: Sequence[_PipeRow]) -> Iterator[_CheckedRow]:
    """Each row with the widths that it may have.

    A table of blocks has a header for each. Where no header is known, the commonest width counts.
    """
    widths = Counter(len(row.cells) for row in rows)
    common = max(widths, key=widths.__getitem__, default=0)
    headers = [index for index, row in enumerate(rows) if is_any_header(row.cells)]
    for index, row in enumerate(rows):
        allowed = tuple(_widths_at(rows, index, headers))
        yield _CheckedRow(row, allowed or (common,))


def _widths_at(rows: Sequence[_PipeRow], index: int, headers: Sequence[int]) -> Iterator[int]:
    """The width of the header over a row, and of the one whose upper line it may be."""
    above = [header for header in headers if header <= index]
    below = [header for header in headers if header > index]
    if above:
        yield len(rows[above[-1]].cells)
    if below and not any(row.has_number for row in rows[index : below[0]]):
        yield len(rows[below[0]].cells)


def _grid(rows: Sequence[_PipeRow], number: int, file: str) -> Grid:
    def cell_name(row: int, column: int) -> str:
        if row >= len(rows):
            last = rows[-1].line + 1
            return f"第{last}行之后"
        line = rows[row].line + 1
        return f"第{line}行第{column + 1}列"

    cells: list[list[Raw]] = [list(row.cells) for row in rows]
    return Grid(file, f"第{number}个竖线表格", cells, (), cell_name)
