"""What follows from a declared edition: lines, columns, spans, cells, sums and balances.

Everything is derived by walking the attrs classes of one edition once; the result is cached and
frozen. The blank workbook, the reader, the checks, the Word tables, the JSON and the docs walk this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, cast

import attrs
from attrs import frozen

from govdisclose.errors import EntryError, UnknownCellError
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.entry import amount, whole_number
from govdisclose.form.fields import KEY, Axis, Balance, Kind, Mark, Value


@frozen
class Cell:
    """One statutory cell: where it is in the form, and what it holds."""

    path: str
    table: str
    block: str | None
    row: tuple[str, ...]
    column: tuple[str, ...]
    kind: Kind

    @property
    def label(self) -> str:
        """The innermost row and column label, as messages name a cell: ``（七）总计／自然人``."""
        return "／".join((*self.row[-1:], *(self.column if not self.row else self.column[-1:])))


@frozen
class Column:
    """One column of numbers. ``names`` are the spellings of its own label, ``parents`` of its spanners."""

    key: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[tuple[str, ...], ...]


@frozen
class Line:
    """One row of numbers; ``cells`` stand in the order of the block's columns."""

    key: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    cells: tuple[Cell, ...]


@frozen
class Block:
    """Lines printed under one set of column headers; table two has several, the others one."""

    label: str | None
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


@frozen
class Table:
    """One of the three statutory tables."""

    key: str
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]
    """All lines in printed order."""
    cells: tuple[Cell, ...]
    """All cells in printed order."""


@frozen
class Relation:
    """``sum(left) == sum(right)``, as the statute binds them; for a total, ``right`` is that one cell."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every cell that takes part."""
        return self.left + self.right


@frozen
class Outline:
    """All that follows from one edition."""

    edition: Edition
    tables: Mapping[str, Table]
    cells: Mapping[str, Cell]
    sums: tuple[Relation, ...]
    balances: tuple[Relation, ...]
    totals: Mapping[str, tuple[Relation, ...]]
    """For each total, the sums it closes: （七）总计 of the total column closes two."""

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Sums, then balances."""
        return self.sums + self.balances


class Span(NamedTuple):
    """A label and the rectangle it is printed over (zero-based, within its header or stub)."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


class _Step(NamedTuple):
    """One field on the way from a table to a leaf."""

    name: str
    mark: Mark


@cache
def _fields(cls: type) -> tuple[tuple[str, Mark, type | None], ...]:
    """Name, mark and (for a group) class of each marked field."""
    found = []
    for field in attrs.fields(cls):
        mark = field.metadata.get(KEY)
        if mark is not None:
            group = field.default.factory if isinstance(field.default, attrs.Factory) else None  # type: ignore[arg-type]  # attrs types Factory as a function
            found.append((field.name, mark, cast("type | None", group)))
    return tuple(found)


def _leaves(cls: type, steps: tuple[_Step, ...] = ()) -> Iterator[tuple[_Step, ...]]:
    for name, mark, group in _fields(cls):
        trail = (*steps, _Step(name, mark))
        if group is None:
            yield trail
        else:
            yield from _leaves(group, trail)


def _names(steps: list[_Step]) -> tuple[str, ...]:
    mark = steps[-1].mark
    return (mark.labels[-1], *mark.variants)


def _column(steps: list[_Step]) -> Column:
    labels = tuple(label for step in steps for label in step.mark.labels)
    spelled = [
        ((label,) if label != step.mark.labels[-1] else _names([step]))
        for step in steps
        for label in step.mark.labels
    ]
    return Column(".".join(s.name for s in steps), labels, _names(steps), tuple(spelled[:-1]))


def _table(key: str, cls: type) -> Table:
    """Group the leaves of ``cls`` into lines, and the lines into blocks."""
    blocks: list[tuple[str | None, list[Column], list[Line]]] = []
    lines: dict[str, tuple[list[_Step], list[Column], list[Cell]]] = {}
    for trail in _leaves(cls):
        rows = [s for s in trail if s.mark.axis is Axis.ROW]
        column = _column([s for s in trail if s.mark.axis is Axis.COLUMN])
        line_key = ".".join([key, *(s.name for s in rows)])
        path = f"{line_key}.{column.key}"
        block = next((s.mark.block for s in rows if s.mark.block), None)
        labels = tuple(label for s in rows for label in s.mark.labels)
        kind = cast(Kind, trail[-1].mark.kind)
        _, columns, cells = lines.setdefault(line_key, (rows, [], []))
        columns.append(column)
        cells.append(Cell(path, key, block, labels, column.labels, kind))
    for line_key, (rows, columns, cells) in lines.items():
        line = Line(line_key, cells[0].row, _names(rows) if rows else (), tuple(cells))
        if not blocks or blocks[-1][0] != cells[0].block or blocks[-1][1] != columns:
            blocks.append((cells[0].block, columns, []))
        blocks[-1][2].append(line)
    made = tuple(Block(label, tuple(c), tuple(rows_)) for label, c, rows_ in blocks)
    printed = tuple(line for block in made for line in block.lines)
    return Table(key, made, printed, tuple(cell for line in printed for cell in line.cells))


def _sums(cls: type, path: str) -> Iterator[Relation]:
    """Each total in ``cls`` and below, over the leaves of the siblings printed before it."""
    siblings: list[tuple[str, type | None]] = []
    for name, mark, group in _fields(cls):
        here = f"{path}.{name}"
        if mark.relation is None:
            siblings.append((here, group))
            if group is not None:
                yield from _sums(group, here)
            continue
        if group is None:
            yield Relation(mark.relation, tuple(p for p, _ in siblings), (here,))
            continue
        yield from _sums(group, here)
        for leaf in _leaves(group):
            ends = f".{'.'.join(s.name for s in leaf)}"
            addends = [
                f"{p}.{'.'.join(s.name for s in t)}" for p, g in siblings if g for t in _leaves(g)
            ]
            yield Relation(
                mark.relation, tuple(a for a in addends if a.endswith(ends)), (here + ends,)
            )


def _balances(cls: type, path: str, table: Table) -> Iterator[Relation]:
    for value in vars(cls).values():
        if isinstance(value, Balance):
            for column in table.blocks[0].columns:
                left, right = (
                    tuple(f"{path}.{row}.{column.key}" for row in side)
                    for side in (value.left, value.right)
                )
                yield Relation(value.relation, left, right)


@cache
def outline(edition: Edition) -> Outline:
    """Everything derived from ``edition``: 200 cells for 2021 (198 for 2019), sums and 7 balances."""
    classes = edition.tables
    tables = {key: _table(key, cls) for key, cls in classes.items()}
    cells = {cell.path: cell for table in tables.values() for cell in table.cells}
    sums = tuple(r for key, cls in classes.items() for r in _sums(cls, key))
    balances = tuple(r for key, cls in classes.items() for r in _balances(cls, key, tables[key]))
    totals: dict[str, tuple[Relation, ...]] = {}
    for relation in sums:
        totals[relation.right[0]] = (*totals.get(relation.right[0], ()), relation)
    return Outline(edition, tables, cells, sums, balances, totals)


def spans(labels: list[tuple[str, ...]]) -> tuple[Span, ...]:
    """Merge equal neighbours of label trails, one trail a column, read from the top.

    A trail that ends early reaches down to the bottom, as 自然人 does beside 法人或其他组织. For a
    stub (one trail a row, read from the left) exchange the axes of the result.
    """
    depth = max(map(len, labels), default=0)
    found: list[Span] = []
    for level in range(depth):
        start = 0
        while start < len(labels):
            trail = labels[start][: level + 1]
            stop = start + 1
            while stop < len(labels) and labels[stop][: level + 1] == trail:
                stop += 1
            if len(trail) == level + 1:
                rows = depth - level if len(labels[start]) == level + 1 else 1
                found.append(Span(level, start, rows, stop - start, trail[-1]))
            start = stop
    return tuple(found)


@cache
def _plucker(edition: Edition) -> Callable[[object], tuple[Value, ...]]:
    """All cells of an edition in one call: a report is read some ten times in every check."""
    return cast("Callable[[object], tuple[Value, ...]]", attrgetter(*outline(edition).cells))


def read_values(tables: object, edition: Edition) -> dict[str, Value]:
    """Every cell by its path, in printed order; ``tables`` has the three tables as attributes."""
    return dict(zip(outline(edition).cells, _plucker(edition)(tables), strict=True))


def build_tables(edition: Edition, values: Mapping[str, Value]) -> dict[str, Any]:
    """The three table objects holding ``values``; cells not named are blank.

    Raises ``UnknownCellError`` for a path that the edition does not have, ``EntryError`` for a value
    that no cell can hold.
    """
    cells = outline(edition).cells
    for path in values:
        if path not in cells:
            raise UnknownCellError(str(path), _unknown_path(path, edition))
    said = map(values.get, cells)
    try:
        return {key: _built(cls, said) for key, cls in edition.tables.items()}
    except EntryError:
        # A row does not know where in the form it stands: the cell is looked for only now.
        for path, value in values.items():
            convert = amount if cells[path].kind is Kind.MONEY else whole_number
            convert(value, path)
        raise


def _unknown_path(path: object, edition: Edition) -> str:
    """Why a path is refused, in Chinese, with the nearest one that there is."""
    from difflib import get_close_matches  # only to suggest a path

    for other in EDITIONS.values():
        if other is not edition and path in outline(other).cells:
            return f"是 {other.name} 版的格，这份报告用 {edition.name} 版"
    said = f"{edition.name} 版没有这一格"
    near = get_close_matches(str(path), outline(edition).cells, 1)
    return f"{said}，是否为 {near[0]}" if near else said


def _built(cls: type, values: Iterator[Value]) -> object:
    """An object of a table with the next of ``values``, which come in printed order."""
    return cls(
        *[next(values) if group is None else _built(group, values) for _, _, group in _fields(cls)]
    )
