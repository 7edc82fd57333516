"""Lines of plain text → the grids of the statutory tables in them, by their labels.

A text layer has no cells: labels are broken over lines, a header comes in pieces, and nothing
stands for a blank cell. A header is taken when its pieces make up exactly the columns of one block
of the form. A row is taken when its pieces make up the name of one line and it has as many values
as columns. Any other text between the rows is a finding. In the grid, the index of a row is
that of its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from attrs import define, field, frozen

from govdisclose.finding import Finding
from govdisclose.read.grid import Grid, Position, Raw
from govdisclose.read.published.text.dispute_parts import find_dispute_parts
from govdisclose.read.published.text.forms import TableForm, header_words
from govdisclose.read.published.text.found_table import FoundTable
from govdisclose.read.published.text.headers import HeaderFinder, TextHeader
from govdisclose.read.published.text.pieces import TextPiece, bare, joined_text, line_place, pieces
from govdisclose.read.published.text.rows import NumberRow, number_rows
from govdisclose.read.tables.labels import label
from govdisclose.rules.importing import I115

_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}[、.．]")
_LONGEST = 50
"""Characters; no label of the form is as long, so a longer line is prose."""
_SHORTEST = 6
"""Characters; no section heading has fewer, the pieces of a label may."""
_QUOTED = 40
"""Characters of a text that is quoted in a finding."""


@frozen
class StatutoryTables:
    """The statutory tables of a text; rows that cannot be read for certain are findings."""

    tables: tuple[FoundTable, ...]
    findings: tuple[Finding, ...]


def find_tables(lines: Sequence[str], file: str) -> StatutoryTables:
    """Find the statutory tables in a text."""
    rows = pieces(lines)
    tables = find_dispute_parts(rows, file)
    for part in tables:
        end = part.last + 1
        for line in range(part.first, end):
            rows[line] = []
    search = _TableSearch(file, rows)
    index = 0
    while index < len(search.rows):
        index = search.read_at(index)
    for number, table in enumerate(search.tables, 1):
        tables.append(table.finished(file, number))
    return StatutoryTables(tuple(tables), tuple(search.findings))


@define
class _StatutoryTable:
    """One table being put together; ``places`` has the line of each cell."""

    key: str
    first: int
    last: int
    rows: list[list[Raw]]
    places: dict[Position, int] = field(factory=dict)

    def add_header(self, form: TableForm, above: int) -> None:
        """Put the header of a block right above its first row."""
        trails = [column.labels for column in form.block.columns]
        levels = list(zip_longest(*trails))
        first = above - len(levels)
        for index, labels in enumerate(levels, first):
            self.rows[index] = [None, *labels]

    def add_row(self, row: NumberRow) -> None:
        """Add a row of values."""
        name = joined_text(row.used)
        cells: list[Raw] = [name or None]
        for column, value in enumerate(row.values, 1):
            cells.append(value.text)
            self.places[row.line, column] = value.line
        self.rows[row.line] = cells

    def cell_name(self, row: int, column: int) -> str:
        """The line of a cell."""
        line = self.places.get((row, column), row)
        return f"第{line + 1}行"

    def finished(self, file: str, number: int) -> FoundTable:
        """The table as a grid."""
        name = f"第{number}个表格"
        grid = Grid(file=file, name=name, rows=self.rows, merges=(), cell_name=self.cell_name)
        return FoundTable(self.first, self.last, grid)


@define
class _TableSearch:
    """The search for tables, from the first line to the last."""

    file: str
    rows: list[list[TextPiece]]
    tables: list[_StatutoryTable] = field(factory=list)
    findings: list[Finding] = field(factory=list)
    _headers: HeaderFinder = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._headers = HeaderFinder(self.rows)

    def read_at(self, index: int) -> int:
        """Read the part of a table whose header begins at a line; returns the line after it."""
        header = self._headers.at(index)
        if header is None:
            return index + 1
        form = header.form
        end = self._end(header)
        below = self.rows[header.end : end]
        numbers = number_rows(below, form.lines)
        count = _last_of_table(numbers, form)
        rows = numbers[:count]
        if not rows:
            return header.end
        first = rows[0]
        table = self._table_for(header)
        table.add_header(form, first.line)
        for row in rows:
            if _is_readable(row, first, form):
                table.add_row(row)
        self.findings += _unread(rows, form, self.file)
        table.last = max(map(_last_line, rows))
        return table.last + 1

    def _table_for(self, header: TextHeader) -> _StatutoryTable:
        """The table that a header continues, or a new one."""
        key = header.form.key
        last_table = self.tables[-1] if self.tables else None
        if last_table is not None and last_table.key == key:
            start = last_table.last + 1
            between = self.rows[start : header.first]
            self.findings += _unread_between(between, key, self.file)
            return last_table
        empty: list[list[Raw]] = [[] for _ in self.rows]
        table = _StatutoryTable(key=key, first=header.first, last=header.end, rows=empty)
        self.tables.append(table)
        return table

    def _end(self, header: TextHeader) -> int:
        """The line where the rows under a header stop: the next header, a heading, or prose."""
        for index in range(header.end, len(self.rows)):
            if _is_outside(self.rows[index], header.form):
                return index
            if self._headers.at(index) is not None:
                return index
        return len(self.rows)


def _is_outside(row: Sequence[TextPiece], form: TableForm) -> bool:
    """Whether a line is prose or a section heading, not part of a table's rows."""
    words = [piece.text for piece in row if not piece.is_value]
    text = "".join(words)
    if not words or row[-1].is_value:
        return False
    if len(text) < _SHORTEST:
        return False
    if len(text) > _LONGEST:
        return True
    if not _HEADING.match(text):
        return False
    if _is_label(words[0], form):
        return False
    return not _is_label(text, form)


def _is_label(text: str, form: TableForm) -> bool:
    """Whether a text is a group of a block, or begins the name of one of its lines."""
    own = bare(text)
    if len(own) <= 1:
        return False
    if own in form.groups:
        return True
    beginning = label(text)
    if not beginning:
        return False
    return any(name.startswith(beginning) for name in form.lines)


def _last_of_table(rows: Sequence[NumberRow], form: TableForm) -> int:
    """How many of the rows belong to the table: up to the last with a name."""
    last = 0
    for number, row in enumerate(rows, 1):
        is_only_row = number == 1 and not form.lines
        if row.name or is_only_row:
            last = number
    if last == 0:
        return 0
    # Numbers that follow at once are not prose: they are reported.
    for row in rows[last:]:
        if row.before or row.on:
            break
        last += 1
    return last


def _last_line(row: NumberRow) -> int:
    pieces_of_row = (*row.values, *row.used)
    return max(piece.line for piece in pieces_of_row)


# --- what cannot be read ------------------------------------------------------------------------


def _is_known(row: NumberRow, first: NumberRow, form: TableForm) -> bool:
    """Whether a row is one of the form; the table without a stub has only one row."""
    if form.lines:
        return bool(row.name)
    return row is first


def _is_readable(row: NumberRow, first: NumberRow, form: TableForm) -> bool:
    if not _is_known(row, first, form):
        return False
    columns = form.block.columns
    return len(row.values) == len(columns)


def _unread(rows: Sequence[NumberRow], form: TableForm, file: str) -> Iterator[Finding]:
    """Findings for rows that cannot be read, and for texts between the rows."""
    first = rows[0]
    used: set[TextPiece] = set()
    for row in rows:
        used.update(row.used)
    for row in rows:
        if not _is_readable(row, first, form):
            is_known = _is_known(row, first, form)
            yield _unread_row(row, form, is_known, file)
        if not row.name and row is not first:
            continue
        for piece in row.before:
            if piece in used:
                continue
            if not _is_printed_above(piece, row, form):
                yield _not_read(piece, file)


def _unread_row(row: NumberRow, form: TableForm, is_known: bool, file: str) -> Finding:
    count = len(row.values)
    name = joined_text(row.used or row.on)
    shown = name[:_QUOTED] or "没有名称"
    place = line_place(file, row.line)
    if not is_known:
        said = f"“{shown}”不是法定表格的行，这一行的 {count} 个数没有收入"
        unnamed = [piece.text for piece in (*row.before, *row.on)]
        found = "\n".join(unnamed)
        return I115.finding(said, place, found=found or None)
    columns = len(form.block.columns)
    said = f"“{shown}”一行应有 {columns} 个数，实有 {count} 个，这一行没有收入"
    return I115.finding(said, place, expected=columns, found=count)


def _is_printed_above(piece: TextPiece, row: NumberRow, form: TableForm) -> bool:
    """Whether a piece above a row is a group, or belongs to the header of a row without a name."""
    if piece.bare in form.groups:
        return True
    if row.name:
        return False
    return _is_of_header(piece, form.key)


def _unread_between(rows: Sequence[Sequence[TextPiece]], key: str, file: str) -> Iterator[Finding]:
    """Findings for texts between two parts of a table that are no labels of it."""
    for row in rows:
        for piece in row:
            if piece.is_value:
                continue
            if not _is_of_header(piece, key):
                yield _not_read(piece, file, found=piece.text)


def _not_read(piece: TextPiece, file: str, found: str | None = None) -> Finding:
    """The finding about a text in a table that is no label of it."""
    shown = piece.text[:_QUOTED]
    said = f"表格中的“{shown}”没有收入"
    place = line_place(file, piece.line)
    return I115.finding(said, place, found=found)


def _is_of_header(piece: TextPiece, key: str) -> bool:
    """Whether a piece is part of the words that a table prints above its figures."""
    if not piece.bare:
        return True
    words = header_words(key)
    return any(piece.bare in word for word in words)
