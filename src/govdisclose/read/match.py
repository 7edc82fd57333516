"""Grids → the form, by labels only: never by position, never by count.

A header zone is a run of rows that hold column labels; a data row is one whose stub holds a row
label. Everything between the first and the last data row of a table is either understood or a
finding. What was found is a ``Match``: where each statutory cell stands, and the findings.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache

from attrs import frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.outline import Column, Line, Table, outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import LIGHT_LABEL
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.labels import label, spellings
from govdisclose.read.numbers import read_number
from govdisclose.rules import Rule
from govdisclose.rules.structure import S103, S104, S105, S106, S107, S108

HEADINGS = {section.key: section.heading for section in SECTIONS}


@frozen
class Match:
    """Where the cells of one table stand in one grid: path → (row, column)."""

    table: Table
    grid: Grid
    cells: dict[str, tuple[int, int]]
    findings: tuple[Finding, ...]

    @property
    def first_row(self) -> int:
        """The topmost data row, to tell two tables in one sheet apart."""
        return min((row for row, _ in self.cells.values()), default=0)


@frozen
class _Zone:
    """Header rows ``top``..``bottom``; ``trails`` are the label texts above each column, outermost first."""

    top: int
    bottom: int
    trails: dict[int, tuple[str, ...]]


@frozen
class _Vocabulary:
    """The labels of one table, normalised. ``needed``: leaf labels of each block, and how many make a header."""

    table: Table
    lines: dict[str, Line]
    leaves: frozenset[str]
    labels: frozenset[str]
    needed: tuple[tuple[frozenset[str], int], ...]
    columns: tuple[tuple[frozenset[str], tuple[frozenset[str], ...], Column], ...]


def _labels(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(label(name) for name in names)


@cache
def _vocabulary(edition: Edition, key: str) -> _Vocabulary:
    table = outline(edition).tables[key]
    columns = tuple(
        (_labels(c.names), tuple(_labels(names) for names in c.parents), c) for b in table.blocks for c in b.columns
    )
    leaves = frozenset().union(*(names for names, _, _ in columns))
    spanners = frozenset().union(*(names for _, parents, _ in columns for names in parents))
    needed = (
        (frozenset().union(*(_labels(c.names) for c in b.columns)), max(1, len(b.columns) // 2)) for b in table.blocks
    )
    lines = {name: line for line in table.lines for name in _labels(line.names)}
    return _Vocabulary(table, lines, leaves, leaves | spanners, tuple(needed), columns)


class GridText:
    """The texts of a grid with merged areas filled, and how each may be meant; made once a grid."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.rows = _filled(grid)
        self.meant = [{c: spellings(t) for c, t in enumerate(row) if t} for row in self.rows]
        self.all = frozenset().union(*(m for row in self.meant for m in row.values()))
        self.numeric = [any(isinstance(v, int | float) and not isinstance(v, bool) for v in row) for row in grid.rows]

    def at(self, row: int, column: int) -> str:
        """The text of a cell, or of the merged area it belongs to; ``""`` for anything else."""
        return self.rows[row][column] if column < len(self.rows[row]) else ""


class _Words:
    """One grid beside one table."""

    def __init__(self, text: GridText, vocabulary: _Vocabulary) -> None:
        self.grid, self.text, self.at = text.grid, text.rows, text.at
        self.meant, self.numeric = text.meant, text.numeric
        self.vocabulary, self.table = vocabulary, vocabulary.table

    def hits(self, row: int, names: frozenset[str]) -> int:
        """How many cells of ``row`` hold one of ``names``."""
        return sum(not names.isdisjoint(meant) for meant in self.meant[row].values())


def _filled(grid: Grid) -> list[list[str]]:
    text = [[value if isinstance(value, str) else "" for value in row] for row in grid.rows]
    for m in grid.merges:
        anchor = grid.raw(m.top, m.left)
        if isinstance(anchor, str) and anchor:
            for row in range(m.top, min(m.bottom + 1, len(text))):
                text[row].extend([""] * (m.right + 1 - len(text[row])))
                text[row][m.left : m.right + 1] = [anchor] * (m.right + 1 - m.left)
    return text


def match_table(text: GridText, edition: Edition, key: str) -> Match | None:
    """Find a table of ``edition`` in a grid; ``None`` when fewer than half of its header or lines are there."""
    vocabulary = _vocabulary(edition, key)
    if vocabulary.leaves.isdisjoint(text.all):
        return None
    words, grid, table = _Words(text, vocabulary), text.grid, vocabulary.table
    zones = [(zone, _columns(words, zone)) for zone in _zones(words)]
    if not zones:
        return None
    rows = list(_data_rows(words, zones))
    if len({row.line.key for row in rows}) * 2 < len(table.lines):
        return None
    cells: dict[str, tuple[int, int]] = {}
    findings: list[Finding] = []
    for row in rows:
        if row.line.cells[0].path in cells:
            findings.append(_about(words, S104, f"“{_name(row.line)}”一行重复", grid.place(row.index), row.line.key))
            continue
        for cell in row.line.cells:
            column = row.columns.get(cell.path[len(row.line.key) + 1 :])
            if column is not None:
                cells[cell.path] = (row.index, column)
    findings.extend(_missing(words, rows, cells))
    findings.extend(_unknown_rows(words, rows))
    findings.extend(_unknown_columns(words, rows))
    return Match(table, grid, cells, tuple(findings))


def _zones(words: _Words) -> Iterator[_Zone]:
    """Header zones from the top: a row with at least half of a block's leaf labels, and its neighbours."""
    row, last = 0, -1
    while row < len(words.text):
        if words.numeric[row] or not any(words.hits(row, names) >= need for names, need in words.vocabulary.needed):
            row += 1
            continue
        top = bottom = row
        while (above := _next_label_row(words, top, -1)) > last:
            top = above
        while (below := _next_label_row(words, bottom, +1)) > 0:
            bottom = below
        yield _Zone(top, bottom, _trails(words, top, bottom))
        last, row = bottom, bottom + 1


def _next_label_row(words: _Words, row: int, step: int) -> int:
    """The next row up or down that belongs to the same header, over blank rows; -1 when there is none."""
    for index in (row + step, row + 2 * step):
        if not 0 <= index < len(words.text) or words.numeric[index]:
            return -1
        if words.meant[index]:
            return index if words.hits(index, words.vocabulary.labels) else -1
    return -1


def _trails(words: _Words, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """The labels above each column; a blank cell right of a spanner counts as spanned."""
    width = max(len(words.text[r]) for r in range(top, bottom + 1))
    carried: list[list[str]] = []
    for row in range(top, bottom + 1):
        line, last = [], ""
        for column in range(width):
            text = words.at(row, column)
            if text:
                last = "" if words.meant[row][column] & words.vocabulary.leaves else text
            line.append(text or last)
        carried.append(line)
    trails = {}
    for column in range(width):
        if any(words.at(row, column) for row in range(top, bottom + 1)):
            trails[column] = tuple(dict.fromkeys(line[column] for line in carried if line[column]))
    return trails


def _columns(words: _Words, zone: _Zone) -> dict[str, int]:
    """Column key → column of the grid, under one header zone; the first of two wins (S107 says so)."""
    found: dict[str, int] = {}
    for index, trail in zone.trails.items():
        column = _column(words.vocabulary, trail)
        if column is not None:
            found.setdefault(column.key, index)
    return found


def _column(vocabulary: _Vocabulary, trail: tuple[str, ...]) -> Column | None:
    """The column that a trail of header texts names: its leaf last, and the most of its spanners."""
    leaf = spellings(trail[-1])
    if vocabulary.leaves.isdisjoint(leaf):
        return None
    above = frozenset().union(*map(spellings, trail[:-1]))
    fits = [
        (sum(not p.isdisjoint(above) for p in parents), c) for names, parents, c in vocabulary.columns if names & leaf
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


@frozen
class _Row:
    """A data row: its index, its line, and the columns of the header zone above it."""

    index: int
    line: Line
    zone: _Zone
    columns: dict[str, int]


def _data_rows(words: _Words, zones: list[tuple[_Zone, dict[str, int]]]) -> Iterator[_Row]:
    """Each row whose stub names a line, with the header above it."""
    if not words.vocabulary.lines:
        yield from _unlabelled_row(words, *zones[0])
        return
    ends = [zone.top for zone, _ in zones[1:]] + [len(words.text)]
    for (zone, columns), end in zip(zones, ends, strict=True):
        first = min(columns.values(), default=0)
        for row in range(zone.bottom + 1, end):
            stub = [c for c in words.meant[row] if c < first]
            known = words.meant[row][max(stub)] & words.vocabulary.lines.keys() if stub else ()
            for name in list(known)[:1]:
                yield _Row(row, words.vocabulary.lines[name], zone, columns)


def _unlabelled_row(words: _Words, zone: _Zone, columns: dict[str, int]) -> Iterator[_Row]:
    """Table four has no stub: its one line is the first row below the header that is not blank."""
    below = [r for r in range(zone.bottom + 1, min(zone.bottom + 4, len(words.text))) if not _is_light(words, r)]
    filled = [r for r in below if any(words.grid.raw(r, c) is not None for c in columns.values())]
    if columns:
        yield _Row((filled or below or [zone.bottom + 1])[0], words.table.lines[0], zone, columns)


def _is_light(words: _Words, row: int) -> bool:
    return any(text and label(text).startswith(LIGHT_LABEL) for text in words.text[row])


def _missing(words: _Words, rows: list[_Row], cells: dict[str, tuple[int, int]]) -> Iterator[Finding]:
    present = {row.line.key for row in rows}
    place = Place(words.grid.file, words.grid.name)
    for line in words.table.lines:
        if line.key not in present:
            yield _about(words, S103, f"缺少“{_name(line)}”一行", place, line.key)
    for block in words.table.blocks:
        lines = [line for line in block.lines if line.key in present]
        for column in block.columns:
            if lines and all(f"{line.key}.{column.key}" not in cells for line in lines):
                path = f"{lines[0].key}.{column.key}"
                yield _about(words, S106, f"{block.label or ''}缺少“{'／'.join(column.labels)}”一列", place, path)


def _unknown_rows(words: _Words, rows: list[_Row]) -> Iterator[Finding]:
    """Rows with values inside the table, or right below it, that name no line."""
    known = {row.index for row in rows}
    names = [name for line in words.table.lines for name in line.names]
    for row in rows:
        used = row.columns.values()
        for index in range(row.index + 1, len(words.text)):
            stub = [words.text[index][c] for c in words.meant[index] if c < min(used, default=0)]
            filled = any(_holds_number(words.grid.raw(index, c)) for c in used)
            header = words.hits(index, words.vocabulary.leaves) > 1
            if index in known or _is_light(words, index) or header or (not filled and index > max(known)):
                break
            if filled:
                name = stub[-1] if stub else "（没有名称）"
                said = f"有一行“{name[:30]}”，法定表格没有这一行{_nearest(name, names)}"
                yield _about(words, S105, said, words.grid.place(index))


def _unknown_columns(words: _Words, rows: list[_Row]) -> Iterator[Finding]:
    """Columns with a header or values among the table's own that name none of them, or one twice."""
    names = [name for _, _, column in words.vocabulary.columns for name in column.names]
    for zone in {row.zone.bottom: row.zone for row in rows}.values():
        mine = [row for row in rows if row.zone is zone and row.columns]
        used = mine[0].columns if mine else {}
        first, last = min(used.values(), default=0), max(used.values(), default=-1)
        width = max((len(words.grid.rows[row.index]) for row in mine if row.index < len(words.grid.rows)), default=0)
        for index in set(range(first, width)) - set(used.values()):
            trail = zone.trails.get(index, ())
            filled = any(_holds_number(words.grid.raw(row.index, index)) for row in mine)
            if not filled or (trail and label(trail[-1]).startswith(LIGHT_LABEL)) or (index > last and not trail):
                continue
            place = words.grid.place(zone.bottom, index)
            column = _column(words.vocabulary, trail) if trail else None
            if column is not None and column.key in used:
                yield _about(words, S107, f"“{'／'.join(column.labels)}”一列重复", place)
            else:
                name = trail[-1] if trail else "（没有名称）"
                said = f"有一列“{name[:30]}”，法定表格没有这一列{_nearest(name, names)}"
                yield _about(words, S108, said, place)


def _holds_number(raw: Raw) -> bool:
    return raw is not None and read_number(raw, Kind.MONEY)[0] is not None


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(label(name), [label(n) for n in known], 1, 0.75)
    return f"，是否应为“{next(n for n in known if label(n) == near[0])}”" if near else ""


def _name(line: Line) -> str:
    return line.labels[-1] if line.labels else "数据"


def _about(words: _Words, rule: Rule, text: str, place: Place, path: str | None = None) -> Finding:
    return rule.finding(f"{HEADINGS[words.table.key]}：{text}", place, path=path)
