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

from attrs import define, field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.published.text.dispute_parts import find_dispute_parts
from govdisclose.read.published.text.forms import TableForm, header_words
from govdisclose.read.published.text.found_table import FoundTable
from govdisclose.read.published.text.headers import HeaderFinder, TextHeader
from govdisclose.read.published.text.pieces import TextPiece, bare, pieces
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
        for line in range(part.first, part.last + 1):
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
    places: dict[tuple[int, int], int] = field(factory=dict)

    def add_header(self, form: TableForm, above: int) -> None:
        """Put the header of a block right above its first row."""
        columns = form.block.columns
        depth = max(len(column.labels) for column in columns)
        for level in range(depth):
            row: list[Raw] = [None]
            for column in columns:
                row.append(column.labels[level] if level < len(column.labels) else None)
            self.rows[above - depth + level] = row

    def add_row(self, row: NumberRow) -> None:
        """Add a row of values."""
        name = _joined(row.used) or None
        self.rows[row.line] = [name, *(value.text for value in row.values)]
        for column, value in enumerate(row.values, 1):
            self.places[row.line, column] = value.line

    def cell_name(self, row: int, column: int) -> str:
        """The line of a cell."""
        return f"第{self.places.get((row, column), row) + 1}行"

    def finished(self, file: str, number: int) -> FoundTable:
        """The table as a grid."""
        grid = Grid(file, f"第{number}个表格", self.rows, (), self.cell_name)
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
        below = self.rows[header.end : self._end(header)]
        rows = number_rows(below, header.form.lines)
        rows = rows[: _last_of_table(rows, header.form)]
        if not rows:
            return header.end
        table = self._table_for(header)
        table.add_header(header.form, rows[0].line)
        for row in rows:
            if _is_readable(row, rows[0], header.form):
                table.add_row(row)
        self.findings += _unread(rows, header.form, self.file)
        table.last = max(_last_line(row) for row in rows)
        return table.last + 1

    def _table_for(self, header: TextHeader) -> _StatutoryTable:
        """The table that a header continues, or a new one."""
        key = header.form.key
        if self.tables and self.tables[-1].key == key:
            between = self.rows[self.tables[-1].last + 1 : header.first]
            self.findings += _unread_between(between, key, self.file)
        else:
            empty: list[list[Raw]] = [[] for _ in self.rows]
            self.tables.append(_StatutoryTable(key, header.first, header.end, empty))
        return self.tables[-1]

    def _end(self, header: TextHeader) -> int:
        """The line where the rows under a header stop: the next header, a heading, or prose."""
        for index in range(header.end, len(self.rows)):
            if _is_outside(self.rows[index], header.form) or self._headers.at(index) is not None:
                return index
        return len(self.rows)


def _is_outside(row: Sequence[TextPiece], form: TableForm) -> bool:
    """Whether a line is prose or a section heading, not part of a table's rows."""
    words = [piece.text for piece in row if not piece.is_value]
    text = "".join(words)
    if not words or row[-1].is_value or len(text) < _SHORTEST:
        return False
    if len(text) > _LONGEST:
        return True
    if not _HEADING.match(text):
        return False
    return not any(_is_label(start, form) for start in (words[0], text))


def _is_label(text: str, form: TableForm) -> bool:
    """Whether a text is a group of a block, or begins the name of one of its lines."""
    if len(bare(text)) <= 1:
        return False
    if bare(text) in form.groups:
        return True
    beginning = label(text)
    return bool(beginning) and any(name.startswith(beginning) for name in form.lines)


def _last_of_table(rows: Sequence[NumberRow], form: TableForm) -> int:
    """How many of the rows belong to the table: up to the last with a name."""
    last = 0
    for number, row in enumerate(rows, 1):
        is_only_row = number == 1 and not form.lines
        if row.name or is_only_row:
            last = number
    # Numbers that follow at once are not prose: they are reported.
    while 0 < last < len(rows) and not rows[last].before and not rows[last].on:
        last += 1
    return last


def _last_line(row: NumberRow) -> int:
    return max(piece.line for piece in (*row.values, *row.used))


# --- what cannot be read ------------------------------------------------------------------------


def _is_known(row: NumberRow, first: NumberRow, form: TableForm) -> bool:
    """Whether a row is one of the form; the table without a stub has only one row."""
    return bool(row.name) if form.lines else row is first


def _is_readable(row: NumberRow, first: NumberRow, form: TableForm) -> bool:
    if not _is_known(row, first, form):
        return False
    return len(row.values) == len(form.block.columns)


def _unread(rows: Sequence[NumberRow], form: TableForm, file: str) -> Iterator[Finding]:
    """Findings for rows that cannot be read, and for texts between the rows."""
    used: set[TextPiece] = set()
    for row in rows:
        used.update(row.used)
    for row in rows:
        if not _is_readable(row, rows[0], form):
            yield _unread_row(row, form, _is_known(row, rows[0], form), file)
        if row.name or row is rows[0]:
            left = [piece for piece in row.before if piece not in used]
            for piece in left:
                if not _is_printed_above(piece, row, form):
                    yield _not_read(piece, file)


def _unread_row(row: NumberRow, form: TableForm, is_known: bool, file: str) -> Finding:
    count = len(row.values)
    shown = _joined(row.used or row.on)[:_QUOTED] or "没有名称"
    place = Place(file, None, f"第{row.line + 1}行")
    if not is_known:
        said = f"“{shown}”不是法定表格的行，这一行的 {count} 个数没有收入"
        labels = [piece.text for piece in (*row.before, *row.on)]
        return I115.finding(said, place, found="\n".join(labels) or None)
    columns = len(form.block.columns)
    said = f"“{shown}”一行应有 {columns} 个数，实有 {count} 个，这一行没有收入"
    return I115.finding(said, place, expected=columns, found=count)


def _is_printed_above(piece: TextPiece, row: NumberRow, form: TableForm) -> bool:
    """Whether a piece above a row is a group, or belongs to the header of a row without a name."""
    if piece.bare in form.groups:
        return True
    return not row.name and _is_of_header(piece, form.key)


def _unread_between(rows: Sequence[Sequence[TextPiece]], key: str, file: str) -> Iterator[Finding]:
    """Findings for texts between two parts of a table that are no labels of it."""
    for row in rows:
        for piece in row:
            if not piece.is_value and not _is_of_header(piece, key):
                yield _not_read(piece, file, found=piece.text)


def _not_read(piece: TextPiece, file: str, found: str | None = None) -> Finding:
    """The finding about a text in a table that is no label of it."""
    place = Place(file, None, f"第{piece.line + 1}行")
    said = f"表格中的“{piece.text[:_QUOTED]}”没有收入"
    return I115.finding(said, place, found=found)


def _is_of_header(piece: TextPiece, key: str) -> bool:
    """Whether a piece is part of the words that a table prints above its figures."""
    if not piece.bare:
        return True
    return any(piece.bare in word for word in header_words(key))


def _joined(some: Sequence[TextPiece]) -> str:
    return "".join(piece.text for piece in some)
