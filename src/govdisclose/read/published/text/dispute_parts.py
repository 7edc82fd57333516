"""Table four in parts in a text layer → small grids, one for each header with its figures.

The columns of all parts have the same five names. In a text, a part is the five names in order,
each perhaps broken over lines, and then five figures for every time the names are printed. The
words above the header or before the figures name the group. ``split_disputes`` joins the grids.

Nothing is taken unless figures of every group are found, and unless the lines hold nothing else.
A header that names the columns of all groups side by side belongs to a whole table four, which is
read like the other tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from attrs import frozen

from govdisclose.read.grid import Grid, Position, Raw
from govdisclose.read.published.split_disputes import (
    GROUP_COUNT,
    dispute_leaves,
    is_stub_header,
    names_group,
)
from govdisclose.read.published.text.found_table import FoundTable
from govdisclose.read.published.text.pieces import TextPiece, bare, joined_text

_MOST_PIECES = 6
"""Pieces into which one label may be broken."""


@frozen
class _DisputeHeader:
    """The names of columns, one group's after the other's, with the names of the groups above.

    ``end`` is the index of the piece after it.
    """

    above: tuple[str, ...]
    corner: str | None
    leaves: tuple[str, ...]
    first: int
    end: int


@frozen
class _FigureRow:
    """The figures under a header, after the name of their group if it stands there."""

    name: str | None
    values: tuple[TextPiece, ...]
    end: int


@frozen
class _DisputePart:
    """A header and the rows below it."""

    header: _DisputeHeader
    rows: tuple[_FigureRow, ...]

    @property
    def end(self) -> int:
        """The index of the piece after the part."""
        return self.rows[-1].end

    @property
    def groups(self) -> int:
        """How many groups have their figures here."""
        figures = len(self.rows) * len(self.header.leaves)
        return figures // len(dispute_leaves())


def find_dispute_parts(rows: Sequence[Sequence[TextPiece]], file: str) -> list[FoundTable]:
    """Find the parts of table four in the pieces of a text."""
    flat = list(chain.from_iterable(rows))
    parts = _parts(flat)
    if len(parts) == 1:
        only_part = parts[0]
        if len(only_part.rows) == 1:
            return []  # the table is whole
    groups = sum(part.groups for part in parts)
    if groups != GROUP_COUNT:
        return []
    if not all(_fills_its_lines(part, flat) for part in parts):
        return []
    tables: list[FoundTable] = []
    for number, part in enumerate(parts, 1):
        tables.append(_table(part, flat, file, number))
    return tables


def _parts(flat: Sequence[TextPiece]) -> list[_DisputePart]:
    parts: list[_DisputePart] = []
    floor = index = 0
    while index < len(flat):
        header = _header_at(flat, index, floor)
        rows = []
        if header is not None:
            rows = _rows_below(flat, header)
        if header is None or not rows:
            index += 1
            continue
        part = _DisputePart(header, tuple(rows))
        parts.append(part)
        floor = index = part.end
    return parts


def _fills_its_lines(part: _DisputePart, flat: Sequence[TextPiece]) -> bool:
    """Whether no piece before or after the part is on one of its lines."""
    if not _is_line_break(flat, part.header.first):
        return False
    return _is_line_break(flat, part.end)


def _is_line_break(flat: Sequence[TextPiece], index: int) -> bool:
    """Whether a line ends before a piece; the first and the end of all count too."""
    if index in (0, len(flat)):
        return True
    before = flat[index - 1]
    return before.line < flat[index].line


# --- headers ------------------------------------------------------------------------------------


def _header_at(flat: Sequence[TextPiece], index: int, floor: int) -> _DisputeHeader | None:
    """The header whose first column is named at ``index``; nothing before ``floor`` is part of it."""
    leaves: list[str] = []
    end = index
    while (group := _leaves_at(flat, end)) is not None:
        leaves += group.texts
        end = group.end
    if not leaves:
        return None
    first = index
    corner = None
    before = flat[first - 1].text
    if first > floor and is_stub_header(before):
        first -= 1
        corner = before
    groups = len(leaves) // len(dispute_leaves())
    above: list[str] = []
    while len(above) < groups:
        start = _name_before(flat, first, floor)
        if start is None:
            break
        name = joined_text(flat[start:first])
        above.insert(0, name)
        first = start
    return _DisputeHeader(
        above=tuple(above),
        corner=corner,
        leaves=tuple(leaves),
        first=first,
        end=end,
    )


@frozen
class _Leaves:
    """The names of the five columns of one group; ``end`` is the index of the piece after them."""

    texts: tuple[str, ...]
    end: int


def _leaves_at(flat: Sequence[TextPiece], index: int) -> _Leaves | None:
    """The names of the columns of one group at ``index``."""
    texts: list[str] = []
    for names in dispute_leaves():
        end = _leaf_end(flat, index, names)
        if end is None:
            return None
        text = joined_text(flat[index:end])
        texts.append(text)
        index = end
    return _Leaves(tuple(texts), index)


def _leaf_end(flat: Sequence[TextPiece], index: int, names: Iterable[str]) -> int | None:
    """The index after the longest run of pieces that makes up one of the names."""
    wanted = {bare(name) for name in names}
    if index == len(flat):
        return None
    beginning = flat[index].bare
    if not any(name.startswith(beginning) for name in wanted):
        return None
    farthest = min(index + _MOST_PIECES, len(flat))
    for end in range(farthest, index, -1):
        text = joined_text(flat[index:end])
        if bare(text) in wanted:
            return end
    return None


def _name_before(flat: Sequence[TextPiece], end: int, floor: int) -> int | None:
    """Where the longest name of a group that ends before ``end`` begins."""
    farthest = max(floor, end - _MOST_PIECES)
    for start in range(farthest, end):
        words = flat[start:end]
        if any(piece.is_value for piece in words):
            continue
        if names_group(joined_text(words)):
            return start
    return None


# --- figures ------------------------------------------------------------------------------------


def _rows_below(flat: Sequence[TextPiece], header: _DisputeHeader) -> list[_FigureRow]:
    """The rows of figures that follow a header at once; each after the first has a name."""
    rows: list[_FigureRow] = []
    index = header.end
    while True:
        row = _row_at(flat, index, len(header.leaves))
        if row is None:
            return rows
        if rows and row.name is None:
            return rows
        rows.append(row)
        index = row.end


def _row_at(flat: Sequence[TextPiece], index: int, columns: int) -> _FigureRow | None:
    """As many figures as there are columns, neither more nor fewer, with a name or without."""
    start = index
    end_of_name = index + _MOST_PIECES + 1
    farthest = min(end_of_name, len(flat))
    while start < farthest and not flat[start].is_value:
        start += 1
    name = joined_text(flat[index:start]) or None
    if name is not None and not names_group(name):
        return None
    end = start
    while end < len(flat) and flat[end].is_value:
        end += 1
    if end - start != columns:
        return None
    values = tuple(flat[start:end])
    return _FigureRow(name, values, end)


# --- grids --------------------------------------------------------------------------------------


def _table(part: _DisputePart, flat: Sequence[TextPiece], file: str, number: int) -> FoundTable:
    """The part as a grid: names of groups, names of columns, figures."""
    header = part.header
    has_names = any(row.name for row in part.rows)
    has_stub = has_names or bool(header.corner)
    rows: list[list[Raw]] = []
    places: dict[Position, int] = {}
    if header.above:
        groups = _spread(header.above, len(header.leaves))
        rows.append([None, *groups] if has_stub else groups)
    leaves: list[Raw] = [header.corner] if has_stub else []
    leaves.extend(header.leaves)
    rows.append(leaves)
    for row in part.rows:
        cells: list[Raw] = [row.name] if has_stub else []
        for value in row.values:
            places[len(rows), len(cells)] = value.line
            cells.append(value.text)
        rows.append(cells)
    first = flat[header.first].line
    last = flat[part.end - 1].line

    def cell_name(row: int, column: int) -> str:
        line = places.get((row, column), first)
        return f"第{line + 1}行"

    name = f"第四部分第{number}个表格"
    grid = Grid(file=file, name=name, rows=rows, merges=(), cell_name=cell_name)
    return FoundTable(first, last, grid)


def _spread(names: Sequence[str], columns: int) -> list[Raw]:
    """The names of groups, each over the first of its columns."""
    row: list[Raw] = [None] * columns
    width = columns // len(names)
    for number, name in enumerate(names):
        row[number * width] = name
    return row
