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

from govdisclose.read.grid import Grid, Raw
from govdisclose.read.published.split_disputes import (
    GROUP_COUNT,
    dispute_leaves,
    is_stub_header,
    names_group,
)
from govdisclose.read.published.text.found_table import FoundTable
from govdisclose.read.published.text.pieces import TextPiece, bare

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
        return len(self.rows) * len(self.header.leaves) // len(dispute_leaves())


def find_dispute_parts(rows: Sequence[Sequence[TextPiece]], file: str) -> list[FoundTable]:
    """Find the parts of table four in the pieces of a text."""
    flat = list(chain.from_iterable(rows))
    parts = _parts(flat)
    is_whole = len(parts) == 1 and len(parts[0].rows) == 1
    if is_whole or sum(part.groups for part in parts) != GROUP_COUNT:
        return []
    if not all(_fills_its_lines(part, flat) for part in parts):
        return []
    return [_table(part, flat, file, number) for number, part in enumerate(parts, 1)]


def _parts(flat: Sequence[TextPiece]) -> list[_DisputePart]:
    parts: list[_DisputePart] = []
    floor = index = 0
    while index < len(flat):
        header = _header_at(flat, index, floor)
        rows = [] if header is None else _rows_below(flat, header)
        if header is None or not rows:
            index += 1
            continue
        part = _DisputePart(header, tuple(rows))
        parts.append(part)
        floor = index = part.end
    return parts


def _fills_its_lines(part: _DisputePart, flat: Sequence[TextPiece]) -> bool:
    """Whether no piece before or after the part is on one of its lines."""
    first, end = part.header.first, part.end
    return _is_line_break(flat, first) and _is_line_break(flat, end)


def _is_line_break(flat: Sequence[TextPiece], index: int) -> bool:
    """Whether a line ends before a piece; the first and the end of all count too."""
    if index in (0, len(flat)):
        return True
    return flat[index - 1].line < flat[index].line


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
    if first > floor and is_stub_header(flat[first - 1].text):
        first -= 1
        corner = flat[first].text
    above: list[str] = []
    while len(above) < len(leaves) // len(dispute_leaves()):
        start = _name_before(flat, first, floor)
        if start is None:
            break
        above.insert(0, _joined(flat[start:first]))
        first = start
    return _DisputeHeader(tuple(above), corner, tuple(leaves), first, end)


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
        texts.append(_joined(flat[index:end]))
        index = end
    return _Leaves(tuple(texts), index)


def _leaf_end(flat: Sequence[TextPiece], index: int, names: Iterable[str]) -> int | None:
    """The index after the longest run of pieces that makes up one of the names."""
    wanted = {bare(name) for name in names}
    if index == len(flat) or not any(name.startswith(flat[index].bare) for name in wanted):
        return None
    for end in range(min(index + _MOST_PIECES, len(flat)), index, -1):
        if bare(_joined(flat[index:end])) in wanted:
            return end
    return None


def _name_before(flat: Sequence[TextPiece], end: int, floor: int) -> int | None:
    """Where the longest name of a group that ends before ``end`` begins."""
    for start in range(max(floor, end - _MOST_PIECES), end):
        words = flat[start:end]
        if not any(piece.is_value for piece in words) and names_group(_joined(words)):
            return start
    return None


# --- figures ------------------------------------------------------------------------------------


def _rows_below(flat: Sequence[TextPiece], header: _DisputeHeader) -> list[_FigureRow]:
    """The rows of figures that follow a header at once; each after the first has a name."""
    rows: list[_FigureRow] = []
    index = header.end
    while True:
        row = _row_at(flat, index, len(header.leaves))
        if row is None or (rows and row.name is None):
            return rows
        rows.append(row)
        index = row.end


def _row_at(flat: Sequence[TextPiece], index: int, columns: int) -> _FigureRow | None:
    """As many figures as there are columns, neither more nor fewer, with a name or without."""
    start = index
    while start < len(flat) and not flat[start].is_value and start - index <= _MOST_PIECES:
        start += 1
    name = _joined(flat[index:start]) or None
    if name is not None and not names_group(name):
        return None
    end = start
    while end < len(flat) and flat[end].is_value:
        end += 1
    if end - start != columns:
        return None
    return _FigureRow(name, tuple(flat[start:end]), end)


def _joined(some: Iterable[TextPiece]) -> str:
    return "".join(piece.text for piece in some)


# --- grids --------------------------------------------------------------------------------------


def _table(part: _DisputePart, flat: Sequence[TextPiece], file: str, number: int) -> FoundTable:
    """The part as a grid: names of groups, names of columns, figures."""
    header = part.header
    has_names = any(row.name for row in part.rows)
    stub = 1 if header.corner or has_names else 0
    margin: list[Raw] = [None] * stub
    rows: list[list[Raw]] = []
    places: dict[tuple[int, int], int] = {}
    if header.above:
        rows.append([*margin, *_spread(header.above, len(header.leaves))])
    rows.append([*[header.corner][:stub], *header.leaves])
    for row in part.rows:
        for column, value in enumerate(row.values, stub):
            places[len(rows), column] = value.line
        names = [row.name] if stub else []
        rows.append([*names, *(value.text for value in row.values)])
    first = flat[header.first].line

    def cell_name(row: int, column: int) -> str:
        return f"第{places.get((row, column), first) + 1}行"

    grid = Grid(file, f"第四部分第{number}个表格", rows, (), cell_name)
    return FoundTable(first, flat[part.end - 1].line, grid)


def _spread(names: Sequence[str], columns: int) -> list[Raw]:
    """The names of groups, each over the first of its columns."""
    row: list[Raw] = [None] * columns
    for number, name in enumerate(names):
        row[number * (columns // len(names))] = name
    return row
