"""Grids → the form, by labels only: never by position, never by count.

A header zone is a run of rows that hold column labels; a data row is one whose stub holds a row
label. Everything between the first and the last data row of a table is either understood or a
finding. The result is a ``Match``: where each statutory cell is, and the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple, TypeAlias

from attrs import frozen

from govdisclose.finding import Finding
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.outline import Block, Column, Line, Table
from govdisclose.form.sheets import LIGHT_LABEL
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.grid import Grid, Position, Raw
from govdisclose.read.tables.header import (
    Columns,
    Header,
    Trail,
    Width,
    Words,
    about,
    column_of,
    header_zones,
    read_header,
    under_wide_leaf,
)
from govdisclose.read.tables.labels import label
from govdisclose.read.tables.numbers import read_number
from govdisclose.read.tables.vocabulary import GridText, is_number, may_have_header, vocabulary
from govdisclose.rules.importing import I112, I115, I124
from govdisclose.rules.structure import S103, S104, S105, S106, S107, S108

_NOTE = LazyPattern(r"[(（]?(备?注|说明|附注)\s*\d*\s*[:：]|[*※]")
_SUBTOTAL = LazyPattern("(小计|合计|总计)$")
_NO_NAME = "（没有名称）"
_SHOWN = 30
"""A message repeats at most this many characters of a label."""
_ROWS_NAMED = 3
"""A message names at most this many rows."""


CellPositions: TypeAlias = dict[str, Position]
"""The path of each cell, and its row and column."""


@frozen
class Match:
    """The positions of the cells of one table in one grid: path → (row, column).

    ``shared`` are the cells whose merged area holds more than their own value.
    """

    table: Table
    grid: Grid
    cells: CellPositions
    findings: tuple[Finding, ...]
    shared: frozenset[str]


@frozen
class _LabelledRow:
    """A data row: its index, its line, and the header above it."""

    index: int
    line: Line
    header: Header


class _PlacedRows(NamedTuple):
    """The cells of the table's rows, and the findings on rows that could not be placed."""

    cells: CellPositions
    findings: tuple[Finding, ...]


def match_table(
    text: GridText, edition: Edition, key: str, *, printed: bool = False
) -> Match | None:
    """Find a table of ``edition`` in a grid.

    ``None`` when fewer than half of its header or of its lines are there. What agencies do to
    ``printed`` tables, and a workbook may not, is a note or a warning of family I.
    """
    words_of = vocabulary(edition, key)
    if not may_have_header(words_of, text):
        return None
    words = Words(text, words_of, printed)
    headers = [read_header(words, zone) for zone in header_zones(words)]
    if not headers:
        return None
    rows = list(_data_rows(words, headers))
    lines_found = {row.line.key for row in rows}
    needed = len(words.table.lines) / 2
    if len(lines_found) < needed:
        return None
    placed = _place(words, rows)
    findings = chain(
        *[header.findings for header in headers],
        placed.findings,
        _missing_rows(words, lines_found),
        _missing_columns(words, lines_found, placed.cells),
        _notes(words, rows),
        _unknown_rows(words, rows),
        _unknown_columns(words, rows),
    )
    shared = _shared(text.grid, placed.cells)
    return Match(
        table=words.table,
        grid=text.grid,
        cells=placed.cells,
        findings=tuple(findings),
        shared=shared,
    )


def _place(words: Words, rows: Iterable[_LabelledRow]) -> _PlacedRows:
    cells: CellPositions = {}
    findings: list[Finding] = []
    for row in rows:
        columns = _aligned(words, row)
        if words.printed and _is_uneven(words, row, columns):
            uneven = _uneven_row(words, row)
            findings.append(uneven)
            continue
        own = _row_cells(row, columns)
        if own.keys().isdisjoint(cells):
            cells |= own
        else:
            doubled = _doubled_row(words, row)
            findings.append(doubled)
    return _PlacedRows(cells, tuple(findings))


def _row_cells(row: _LabelledRow, columns: Columns) -> CellPositions:
    """The cells of the form in one row, by the columns of its header."""
    line = row.line
    found: dict[str, int] = {}
    for key, column in columns.items():
        path = f"{line.key}.{key}"
        found[path] = column
    cells: CellPositions = {}
    for cell in line.cells:
        if cell.path in found:
            column = found[cell.path]
            cells[cell.path] = (row.index, column)
    return cells


def _uneven_row(words: Words, row: _LabelledRow) -> Finding:
    name = _name(row.line)
    said = f"“{name}”一行的格数与表头不同，这一行没有读取"
    place = words.grid.place(row.index)
    return about(words, I115, said, place, row.line.key)


def _doubled_row(words: Words, row: _LabelledRow) -> Finding:
    name = _name(row.line)
    place = words.grid.place(row.index)
    said = f"“{name}”一行重复"
    found = about(words, S104, said, place, row.line.key)
    return found.evolve(others=_row_addresses(words, row.index))


def _shared(grid: Grid, cells: CellPositions) -> frozenset[str]:
    """Cells in a merged area that they do not have to themselves, or whose value is elsewhere.

    A cell that is merely printed wider than its column, as under a wide header, is not shared.
    """
    at: dict[Position, str] = {}
    for path, position in cells.items():
        at[position] = path
    shared: set[str] = set()
    for merge in grid.merges:
        inside = [position for position in merge.cells() if position in at]
        corner = (merge.top, merge.left)
        has_area_to_itself = inside == [corner]
        if has_area_to_itself:
            continue
        for position in inside:
            shared.add(at[position])
    return frozenset(shared)


# --- data rows ----------------------------------------------------------------------------------


def _data_rows(words: Words, headers: list[Header]) -> Iterator[_LabelledRow]:
    """Each row whose stub names a line, with the header above it."""
    if not words.vocabulary.lines:
        for header in headers:
            yield from _unlabelled_row(words, header)
        return
    ends = [header.zone.top for header in headers[1:]]
    ends.append(len(words.text))
    for header, end in zip(headers, ends, strict=True):
        first = header.first_column
        below = header.zone.bottom + 1
        for index in range(below, end):
            line = _line_named(words, index, first)
            if line is not None:
                yield _LabelledRow(index, line, header)


def _line_named(words: Words, index: int, first: int) -> Line | None:
    """The line that the label nearest to column ``first`` names."""
    meant = words.meant[index]
    stub = [column for column in meant if column < first]
    if not stub:
        return None
    lines = words.vocabulary.lines
    names = meant[max(stub)]
    for name in names & lines.keys():
        return lines[name]
    return None


def _unlabelled_row(words: Words, header: Header) -> Iterator[_LabelledRow]:
    """Table four has no stub: its one line is the first row below the header that is not blank."""
    if not header.columns:
        return
    below = list(_rows_below(words, header.zone.bottom))
    filled = []
    for row in below:
        if _is_filled(words, row, header):
            filled.append(row)
    numbers = [row for row in filled if words.numeric[row]]
    likely = numbers or filled or below
    right_below = header.zone.bottom + 1
    first = likely[0] if likely else right_below
    only_line = words.table.lines[0]
    yield _LabelledRow(first, only_line, header)


def _is_filled(words: Words, row: int, header: Header) -> bool:
    raws = _figures_of(words, row, header)
    return any(raw is not None for raw in raws)


def _figures_of(words: Words, row: int, header: Header) -> list[Raw]:
    """The values of a row under the columns of a header."""
    columns = header.columns.values()
    return [words.grid.raw(row, column) for column in columns]


def _rows_below(words: Words, row: int) -> Iterator[int]:
    """Rows below a header or a row of table four that may belong to it.

    They reach down to the next text; rows of lights are passed over.
    """
    first = row + 1
    for index in range(first, len(words.text)):
        if _is_light(words, index):
            continue
        is_text = words.meant[index] and not words.numeric[index]
        if is_text:
            return
        yield index


def _is_uneven(words: Words, row: _LabelledRow, columns: Columns) -> bool:
    """Whether it is unknown which cell of a row is which.

    The row has too few cells, or a number with no header of its own.
    """
    rows = words.grid.rows
    raws = []
    if row.index < len(rows):
        raws = rows[row.index]
    used = set(columns.values())
    last = max(used, default=-1)
    if len(raws) <= last:
        return True
    end = max(row.header.zone.trails, default=-1)
    for index, raw in enumerate(raws):
        if index in used:
            continue
        is_beyond = index > end or under_wide_leaf(words, row.header, index)
        if is_beyond and holds_number(raw):
            return True
    return False


def _aligned(words: Words, row: _LabelledRow) -> Columns:
    """The columns as this row has them: a page may merge its cells otherwise than its header.

    That is no guess where header and row have equally many cells, each over or under its own.
    """
    columns = row.header.columns
    is_missing = row.index >= len(words.grid.rows)
    if not columns or is_missing:
        return columns
    keys = sorted(columns, key=columns.__getitem__)
    starts = sorted(columns.values())
    cells = words.cells(row.index, starts[0])
    is_merged = any(cell.is_wide for cell in cells)
    if not is_merged or len(cells) != len(keys):
        return columns
    heads = _head_widths(words, row.header, starts)
    for cell, head in zip(cells, heads, strict=True):
        if not cell.overlaps(head):
            return columns
    firsts = [cell.left for cell in cells]
    return dict(zip(keys, firsts, strict=True))


def _head_widths(words: Words, header: Header, starts: list[int]) -> Iterator[Width]:
    """The columns that each header cell covers: up to the next one, the last as far as merged."""
    for start, following in pairwise(starts):
        yield Width(start, following - 1)
    last = starts[-1]
    end = last
    for merge in words.grid.merges:
        if merge.left == last and merge.top in header.zone.rows:
            end = max(end, merge.right)
    yield Width(last, end)


def _is_light(words: Words, row: int) -> bool:
    """Whether a row is one of our lights: it holds words, never a number."""
    if words.numeric[row]:
        return False
    texts = filter(None, words.text[row])
    return any(map(_is_light_label, texts))


def _is_light_label(text: str) -> bool:
    return label(text).startswith(LIGHT_LABEL)


# --- missing ------------------------------------------------------------------------------------


def _missing_rows(words: Words, present: set[str]) -> Iterator[Finding]:
    place = words.grid.whole
    for line in words.table.lines:
        if line.key in present:
            continue
        name = _name(line)
        said = f"缺少“{name}”一行"
        yield about(words, S103, said, place, line.key)


def _missing_columns(words: Words, present: set[str], cells: CellPositions) -> Iterator[Finding]:
    for block in words.table.blocks:
        lines: list[Line] = []
        for line in block.lines:
            if line.key in present:
                lines.append(line)
        for column in block.columns:
            lacking = []
            for line in lines:
                path = f"{line.key}.{column.key}"
                if path not in cells:
                    lacking.append(line)
            if lacking:
                in_all = len(lacking) == len(lines)
                yield _missing_column(words, block, column, lacking, in_all=in_all)


def _missing_column(
    words: Words, block: Block, column: Column, lacking: list[Line], *, in_all: bool
) -> Finding:
    where = ""
    if not in_all:
        names = [_name(line) for line in lacking[:_ROWS_NAMED]]
        rows = "、".join(names)
        where = f"，读不到{rows}等行的数"
    group = block.label or ""
    name = "／".join(column.labels)
    said = f"{group}缺少“{name}”一列{where}"
    first = lacking[0]
    path = f"{first.key}.{column.key}"
    return about(words, S106, said, words.grid.whole, path)


# --- unknown ------------------------------------------------------------------------------------


def _notes(words: Words, rows: list[_LabelledRow]) -> Iterator[Finding]:
    """Notes that a page prints as rows of the table, below or between its own."""
    if not words.printed:
        return
    known = {row.index for row in rows}
    for index, line in enumerate(words.grid.rows):
        if index in known:
            continue
        texts = []
        for raw in line:
            if isinstance(raw, str) and raw.strip():
                texts.append(raw.strip())
        if len(texts) == 1 and _NOTE.match(texts[0]):
            shown = texts[0][:60]
            said = f"表格中的“{shown}”没有收入"
            place = words.grid.place(index)
            yield about(words, I124, said, place)


def _unknown_rows(words: Words, rows: list[_LabelledRow]) -> Iterator[Finding]:
    """Rows with figures inside the table, or right below it, that name no line."""
    known = {row.index for row in rows}
    names: list[str] = []
    for line in words.table.lines:
        names.extend(line.names)
    for row in rows:
        for index in _filled_rows_after(words, row, known):
            stub = []
            for column in words.meant[index]:
                if column < row.header.first_column:
                    stub.append(words.text[index][column])
            said = _unknown("行", stub, names)
            place = words.grid.place(index)
            found = about(words, S105, said, place)
            yield found.evolve(others=_row_addresses(words, index))


def _filled_rows_after(words: Words, row: _LabelledRow, known: set[int]) -> Iterator[int]:
    """The rows with figures between a data row and the next row that is known or a header.

    Below the last data row of a table with a stub, the first row without figures ends the table.
    """
    has_stub = bool(row.line.names)
    last = max(known)
    below: Iterable[int] = _rows_below(words, row.index)
    if has_stub:
        first = row.index + 1
        below = range(first, len(words.text))
    leaves = words.vocabulary.leaves
    for index in below:
        is_header = words.hits(index, leaves) > 1
        if is_header or index in known:
            return
        if _is_light(words, index):
            return
        raws = _figures_of(words, index, row.header)
        if any(map(holds_number, raws)):
            yield index
        elif has_stub and index > last:
            return


def _unknown_columns(words: Words, rows: list[_LabelledRow]) -> Iterator[Finding]:
    """Columns with figures among the table's own, or right beside them, that are none of its own."""
    headers: dict[int, Header] = {}
    for row in rows:
        header = row.header
        headers[header.zone.bottom] = header
    for header in headers.values():
        mine: list[int] = []
        for row in rows:
            if row.header is header:
                mine.append(row.index)
        for index in _columns_beside(words, header, mine):
            held = _figures_in_column(words, mine, index)
            if held and not _is_told_by_cell(words, header, index):
                found = _unknown_column(words, header, index)
                yield found.evolve(others=_addresses(words, held))


def _figures_in_column(words: Words, rows: list[int], column: int) -> list[Position]:
    """The cells of a column that hold a figure in one of these rows."""
    held: list[Position] = []
    for row in rows:
        raw = words.grid.raw(row, column)
        if holds_number(raw):
            held.append((row, column))
    return held


def _columns_beside(words: Words, header: Header, rows: list[int]) -> list[int]:
    """The columns from the first of the table's own on that are not among them."""
    used = set(header.columns.values())
    if not used:
        return []
    lines = words.grid.rows
    widths = []
    for row in rows:
        if row < len(lines):
            widths.append(len(lines[row]))
    end = max(widths, default=0)
    columns = range(min(used), end)
    return [column for column in columns if column not in used]


def _is_told_by_cell(words: Words, header: Header, index: int) -> bool:
    """Whether each figure in an unknown column has a finding at its own cell instead."""
    trail = header.zone.trails.get(index, ())
    if trail and _is_light_label(trail[-1]):
        return True
    last = max(header.columns.values())
    if index > last and not trail:
        return True
    return under_wide_leaf(words, header, index)


def _unknown_column(words: Words, header: Header, index: int) -> Finding:
    zone = header.zone
    trail = zone.trails.get(index, ())
    place = words.grid.place(zone.bottom, index)
    if _is_added_subtotal(words, header, trail):
        added = trail[-1][:_SHOWN]
        said = f"“{added}”一列不是法定的列，没有收入"
        return about(words, I112, said, place)
    column = column_of(words.vocabulary, trail).column
    if column is not None and column.key in header.columns:
        labels = "／".join(column.labels)
        said = f"“{labels}”一列重复"
        return about(words, S107, said, place)
    names: list[str] = []
    for known in words.vocabulary.columns:
        names.extend(known.column.names)
    said = _unknown("列", trail, names)
    return about(words, S108, said, place)


def _unknown(kind: str, labels: Sequence[str], known: list[str]) -> str:
    """That the form has no row or column (``kind``) of some labels, and which one may be meant."""
    name = labels[-1] if labels else _NO_NAME
    shown = name[:_SHOWN]
    question = _nearest(name, known)
    return f"有一{kind}“{shown}”，法定表格没有这一{kind}{question}"


def _is_added_subtotal(words: Words, header: Header, trail: Trail) -> bool:
    """Whether a printed column is a subtotal that the agency has added.

    It names no column of the table, or one that another column names better.
    """
    if not words.printed or not trail:
        return False
    own_label = label(trail[-1])
    if not _SUBTOTAL.search(own_label):
        return False
    fit = column_of(words.vocabulary, trail)
    if fit.column is None or fit.column.key not in header.columns:
        return True
    taken = header.columns[fit.column.key]
    taken_trail = header.zone.trails[taken]
    better_fit = column_of(words.vocabulary, taken_trail)
    return fit.points < better_fit.points


def _row_addresses(words: Words, row: int) -> tuple[str, ...]:
    width = len(words.text[row])
    cells = [(row, column) for column in range(width)]
    return _addresses(words, cells)


def _addresses(words: Words, cells: Iterable[Position]) -> tuple[str, ...]:
    """The addresses of the cells that hold anything."""
    filled: list[str] = []
    for row, column in cells:
        if words.grid.raw(row, column) is not None:
            filled.append(words.grid.cell_name(row, column))
    return tuple(filled)


def holds_number(raw: Raw) -> bool:
    """Whether a cell holds a figure, however large or fine, or text that probably means one."""
    if is_number(raw):
        return True
    value, problem = read_number(raw, Kind.MONEY)
    if value is not None:
        return True
    if problem is None:
        return False
    return problem.suggestion is not None


def _nearest(name: str, known: list[str]) -> str:
    """A question in Chinese whether the most similar label is meant; empty without one."""
    import difflib  # only to suggest a name

    spelled = list(map(label, known))
    own = label(name)
    near = difflib.get_close_matches(own, spelled, n=1, cutoff=0.75)
    if not near:
        return ""
    number = spelled.index(near[0])
    nearest = known[number]
    return f"，是否应为“{nearest}”"


def _name(line: Line) -> str:
    if line.labels:
        return line.labels[-1]
    return "数据"
