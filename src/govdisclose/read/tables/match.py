"""Grids → the form, by labels only: never by position, never by count.

A header zone is a run of rows that hold column labels; a data row is one whose stub holds a row
label. Everything between the first and the last data row of a table is either understood or a
finding. What was found is a ``Match``: where each statutory cell stands, and the findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.outline import Line, Table
from govdisclose.form.sheets import LIGHT_LABEL
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.tables.header import (
    Words,
    Zone,
    about,
    column_of,
    header_columns,
    header_zones,
    under_wide_leaf,
)
from govdisclose.read.tables.labels import label
from govdisclose.read.tables.numbers import read_number
from govdisclose.read.tables.vocabulary import GridText, is_number, vocabulary
from govdisclose.rules.importing import I112, I115, I124
from govdisclose.rules.structure import S103, S104, S105, S106, S107, S108

_NOTE = re.compile(r"[(（]?(备?注|说明|附注)\s*\d*\s*[:：]|[*※]")
_SUBTOTAL = re.compile("(小计|合计|总计)$")


@frozen
class Match:
    """Where the cells of one table stand in one grid: path → (row, column); ``shared`` are the merged ones among them."""

    table: Table
    grid: Grid
    cells: dict[str, tuple[int, int]]
    findings: tuple[Finding, ...]
    shared: frozenset[str]


def match_table(
    text: GridText, edition: Edition, key: str, *, printed: bool = False
) -> Match | None:
    """Find a table of ``edition`` in a grid; ``None`` when fewer than half of its header or lines are there.

    What agencies do to ``printed`` tables, and a workbook may not, is a note or a warning of family I.
    """
    words_of = vocabulary(edition, key)
    if words_of.leaves.isdisjoint(text.all):
        return None
    words, grid, table = Words(text, words_of, printed), text.grid, words_of.table
    findings: list[Finding] = []
    zones = [(zone, header_columns(words, zone, findings)) for zone in header_zones(words)]
    if not zones:
        return None
    rows = list(_data_rows(words, zones))
    if len({row.line.key for row in rows}) * 2 < len(table.lines):
        return None
    cells: dict[str, tuple[int, int]] = {}
    for row in rows:
        columns = _aligned(words, row)
        if words.printed and _uneven(words, row, columns):
            said = f"“{_name(row.line)}”一行的格数与表头不同，这一行没有读取"
            findings.append(about(words, I115, said, grid.place(row.index), row.line.key))
            continue
        paths = {f"{row.line.key}.{key}": column for key, column in columns.items()}
        mine = {c.path: (row.index, paths[c.path]) for c in row.line.cells if c.path in paths}
        if not mine.keys().isdisjoint(cells):
            told = about(
                words, S104, f"“{_name(row.line)}”一行重复", grid.place(row.index), row.line.key
            )
            others = _addresses(words, [(row.index, c) for c in range(len(words.text[row.index]))])
            findings.append(told.evolve(others=others))
            continue
        cells |= mine
    findings.extend(_missing(words, rows, cells))
    findings.extend(_notes(words, rows))
    findings.extend(_unknown_rows(words, rows))
    findings.extend(_unknown_columns(words, rows))
    return Match(table, grid, cells, tuple(findings), _shared(grid, cells))


def _shared(grid: Grid, cells: dict[str, tuple[int, int]]) -> frozenset[str]:
    """Cells in a merged area that they do not have to themselves, or whose value stands elsewhere.

    A cell that is merely printed wider than its column, as under a wide header, is none of them.
    """
    at = {position: path for path, position in cells.items()}
    shared: set[str] = set()
    for m in grid.merges:
        inside = [position for position in m.cells() if position in at]
        if len(inside) > 1 or any(position != (m.top, m.left) for position in inside):
            shared.update(at[position] for position in inside)
    return frozenset(shared)


@frozen
class _Row:
    """A data row: its index, its line, and the columns of the header zone above it."""

    index: int
    line: Line
    zone: Zone
    columns: dict[str, int]


def _data_rows(words: Words, zones: list[tuple[Zone, dict[str, int]]]) -> Iterator[_Row]:
    """Each row whose stub names a line, with the header above it."""
    if not words.vocabulary.lines:
        for zone, columns in zones:
            yield from _unlabelled_row(words, zone, columns)
        return
    ends = [zone.top for zone, _ in zones[1:]] + [len(words.text)]
    for (zone, columns), end in zip(zones, ends, strict=True):
        first = min(columns.values(), default=0)
        for row in range(zone.bottom + 1, end):
            stub = [c for c in words.meant[row] if c < first]
            known = words.meant[row][max(stub)] & words.vocabulary.lines.keys() if stub else ()
            for name in list(known)[:1]:
                yield _Row(row, words.vocabulary.lines[name], zone, columns)


def _unlabelled_row(words: Words, zone: Zone, columns: dict[str, int]) -> Iterator[_Row]:
    """Table four has no stub: its one line is the first row below the header that is not blank."""
    below = list(_rows_below(words, zone.bottom))
    filled = [r for r in below if any(words.grid.raw(r, c) is not None for c in columns.values())]
    numbers = [r for r in filled if words.numeric[r]]
    if columns:
        yield _Row(
            (numbers or filled or below or [zone.bottom + 1])[0],
            words.table.lines[0],
            zone,
            columns,
        )


def _rows_below(words: Words, row: int) -> Iterator[int]:
    """Rows below a header or a row of table four that may belong to it: down to the next text, over lights."""
    for index in range(row + 1, len(words.text)):
        if _is_light(words, index):
            continue
        if words.meant[index] and not words.numeric[index]:
            return
        yield index


def _uneven(words: Words, row: _Row, columns: dict[str, int]) -> bool:
    """Whether a row has too few cells, or a number with no header of its own: which cell is which is not known."""
    raws = words.grid.rows[row.index] if row.index < len(words.grid.rows) else []
    end = max(row.zone.trails, default=-1)
    beyond = (i > end or under_wide_leaf(words, row.zone, row.columns, i) for i in range(len(raws)))
    extra = (i for i, outside in enumerate(beyond) if outside and i not in columns.values())
    return len(raws) <= max(columns.values(), default=-1) or any(
        holds_number(raws[i]) for i in extra
    )


def _aligned(words: Words, row: _Row) -> dict[str, int]:
    """The columns as this row has them: a page may merge its cells otherwise than those of the header.

    Only where header and row have equally many cells, each over or under its own, that is no guess.
    """
    heads = sorted(row.columns.items(), key=lambda item: item[1])
    if not heads or row.index >= len(words.grid.rows):
        return row.columns
    cells = words.cells(row.index, heads[0][1])
    if len(cells) != len(heads) or all(left == right for left, right in cells):
        return row.columns
    last = heads[-1][1]
    wide = (
        m.right
        for m in words.grid.merges
        if m.left == last and row.zone.top <= m.top <= row.zone.bottom
    )
    ends = [index - 1 for _, index in heads[1:]] + [max(wide, default=last)]
    beside = zip(cells, heads, ends, strict=True)
    if not all(left <= end and head <= right for (left, right), (_, head), end in beside):
        return row.columns
    return {key: left for (key, _), (left, _) in zip(heads, cells, strict=True)}


def _is_light(words: Words, row: int) -> bool:
    """Whether a row is one of our lights: it holds words, never a number."""
    return not words.numeric[row] and any(
        text and label(text).startswith(LIGHT_LABEL) for text in words.text[row]
    )


def _missing(
    words: Words, rows: list[_Row], cells: dict[str, tuple[int, int]]
) -> Iterator[Finding]:
    present = {row.line.key for row in rows}
    place = Place(words.grid.file, words.grid.name)
    for line in words.table.lines:
        if line.key not in present:
            yield about(words, S103, f"缺少“{_name(line)}”一行", place, line.key)
    for block in words.table.blocks:
        lines = [line for line in block.lines if line.key in present]
        for column in block.columns:
            lacking = [line for line in lines if f"{line.key}.{column.key}" not in cells]
            if lacking:
                path, name = f"{lacking[0].key}.{column.key}", "／".join(column.labels)
                where = (
                    ""
                    if len(lacking) == len(lines)
                    else f"，读不到{'、'.join(map(_name, lacking[:3]))}等行的数"
                )
                yield about(words, S106, f"{block.label or ''}缺少“{name}”一列{where}", place, path)


def _notes(words: Words, rows: list[_Row]) -> Iterator[Finding]:
    """Notes that a page prints as rows of the table, below or between its own."""
    for index, line in enumerate(words.grid.rows) if words.printed else ():
        said = [raw for raw in line if isinstance(raw, str) and raw.strip()]
        if (
            len(said) == 1
            and _NOTE.match(said[0].strip())
            and index not in {row.index for row in rows}
        ):
            yield about(
                words, I124, f"表格中的“{said[0].strip()[:60]}”没有收入", words.grid.place(index)
            )


def _unknown_rows(words: Words, rows: list[_Row]) -> Iterator[Finding]:
    """Rows with values inside the table, or right below it, that name no line."""
    known = {row.index for row in rows}
    names = [name for line in words.table.lines for name in line.names]
    for row in rows:
        used = row.columns.values()
        for index in (
            range(row.index + 1, len(words.text))
            if row.line.names
            else _rows_below(words, row.index)
        ):
            stub = [words.text[index][c] for c in words.meant[index] if c < min(used, default=0)]
            filled = any(holds_number(words.grid.raw(index, c)) for c in used)
            header = words.hits(index, words.vocabulary.leaves) > 1
            beyond = bool(row.line.names) and not filled and index > max(known)
            if index in known or _is_light(words, index) or header or beyond:
                break
            if filled:
                name = stub[-1] if stub else "（没有名称）"
                said = f"有一行“{name[:30]}”，法定表格没有这一行{_nearest(name, names)}"
                told = about(words, S105, said, words.grid.place(index))
                yield told.evolve(
                    others=_addresses(words, [(index, c) for c in range(len(words.text[index]))])
                )


def _unknown_columns(words: Words, rows: list[_Row]) -> Iterator[Finding]:
    """Columns with a header or values among the table's own, or right beside them, that name none of them, or one twice."""
    for zone in {row.zone.bottom: row.zone for row in rows}.values():
        mine = [row for row in rows if row.zone is zone and row.columns]
        used = mine[0].columns if mine else {}
        first, last = min(used.values(), default=0), max(used.values(), default=-1)
        width = max(
            (len(words.grid.rows[row.index]) for row in mine if row.index < len(words.grid.rows)),
            default=0,
        )
        for index in sorted(set(range(first, width)) - set(used.values())):
            trail = zone.trails.get(index, ())
            held = [row.index for row in mine if holds_number(words.grid.raw(row.index, index))]
            light = bool(trail) and label(trail[-1]).startswith(LIGHT_LABEL)
            if held and (
                light or (index > last and not trail) or under_wide_leaf(words, zone, used, index)
            ):
                continue  # each figure there is told at its cell
            elif held:
                found = _unknown_column(words, zone, used, index)
                yield found.evolve(others=_addresses(words, [(row, index) for row in held]))


def _addresses(words: Words, cells: list[tuple[int, int]]) -> tuple[str, ...]:
    """The cells that hold anything, by their addresses."""
    return tuple(words.grid.cell_name(*at) for at in cells if words.grid.raw(*at) is not None)


def _unknown_column(words: Words, zone: Zone, used: dict[str, int], index: int) -> Finding:
    trail = zone.trails.get(index, ())
    place = words.grid.place(zone.bottom, index)
    column, fit = column_of(words.vocabulary, trail) if trail else (None, 0)
    taken = used.get(column.key) if column is not None else None
    worse = taken is None or fit < column_of(words.vocabulary, zone.trails[taken])[1]
    if words.printed and worse and trail and _SUBTOTAL.search(label(trail[-1])):
        return about(words, I112, f"“{trail[-1][:30]}”一列不是法定的列，没有收入", place)
    if column is not None and taken is not None:
        return about(words, S107, f"“{'／'.join(column.labels)}”一列重复", place)
    names = [name for _, _, known in words.vocabulary.columns for name in known.names]
    name = trail[-1] if trail else "（没有名称）"
    return about(
        words, S108, f"有一列“{name[:30]}”，法定表格没有这一列{_nearest(name, names)}", place
    )


def holds_number(raw: Raw) -> bool:
    """Whether a cell holds a figure, however large or fine, or what is probably meant as one."""
    if is_number(raw):
        return True
    value, problem = read_number(raw, Kind.MONEY)
    return value is not None or (problem is not None and problem.suggestion is not None)


def _nearest(name: str, known: list[str]) -> str:
    import difflib  # only to suggest a name

    near = difflib.get_close_matches(label(name), [label(n) for n in known], 1, 0.75)
    return f"，是否应为“{next(n for n in known if label(n) == near[0])}”" if near else ""


def _name(line: Line) -> str:
    return line.labels[-1] if line.labels else "数据"
