"""Everything derived from a declared edition: lines, columns, spans, cells, sums and balances.

Everything is derived by walking the attrs classes of one edition once; the result is cached and
frozen. The blank workbook, the reader, the checks, the Word tables, the JSON and the docs walk
this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, groupby, islice
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, cast

import attrs

from govdisclose.errors import EntryError, UnknownCellError
from govdisclose.form.edition import EDITIONS, Edition, EditionName, edition_named
from govdisclose.form.entry import amount, whole_number
from govdisclose.form.fields import KEY, Axis, Balance, Kind, Mark, Value


class Cell(NamedTuple):
    """One statutory cell: its place in the form, and the kind of number in it."""

    path: str
    table: str
    block: str | None
    row: tuple[str, ...]
    column: tuple[str, ...]
    kind: Kind

    @property
    def label(self) -> str:
        """The innermost row and column label, as messages name a cell: ``（七）总计／自然人``."""
        if not self.row:
            return "／".join(self.column)
        return f"{self.row[-1]}／{self.column[-1]}"


class Column(NamedTuple):
    """One column of numbers. ``names`` are spellings of its label, ``parents`` of its spanners."""

    key: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[tuple[str, ...], ...]


class Line(NamedTuple):
    """One row of numbers; ``cells`` are in the order of the block's columns."""

    key: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    cells: tuple[Cell, ...]


class Block(NamedTuple):
    """Lines printed under one set of column headers; table two has several, the others one."""

    label: str | None
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


class Table(NamedTuple):
    """One of the three statutory tables."""

    key: str
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]
    """All lines in printed order."""
    cells: tuple[Cell, ...]
    """All cells in printed order."""


class Relation(NamedTuple):
    """``sum(left) == sum(right)`` as the statute binds them; for a total, ``right`` is its cell."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every cell that takes part."""
        return self.left + self.right


class Outline(NamedTuple):
    """All that follows from one edition."""

    edition: Edition
    tables: Mapping[str, Table]
    cells: Mapping[str, Cell]
    sums: tuple[Relation, ...]
    balances: tuple[Relation, ...]
    totals: Mapping[str, tuple[Relation, ...]]
    """For each total, the sums it closes: （七）总计 of the total column closes two."""

    money: tuple[Cell, ...]
    """The cells that hold amounts."""

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


class _FieldStep(NamedTuple):
    """One field on the way from a table to a leaf; ``group`` is its class if it has fields itself."""

    name: str
    mark: Mark
    group: type | None


@cache
def _fields(cls: type) -> tuple[_FieldStep, ...]:
    """The marked fields of a class."""
    found: list[_FieldStep] = []
    for field in attrs.fields(cls):
        mark = field.metadata.get(KEY)
        if mark is None:
            continue
        group = None
        if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # attrs types Factory as a function
            group = cast(type, field.default.factory)
        found.append(_FieldStep(field.name, mark, group))
    return tuple(found)


@cache
def _groups(cls: type) -> tuple[type | None, ...]:
    """The class of each marked field that has fields itself; ``None`` for a cell."""
    return tuple([step.group for step in _fields(cls)])


def _leaves(cls: type, steps: tuple[_FieldStep, ...] = ()) -> Iterator[tuple[_FieldStep, ...]]:
    """The ways to all leaves of a class, in printed order."""
    for step in _fields(cls):
        trail = (*steps, step)
        if step.group is None:
            yield trail
        else:
            yield from _leaves(step.group, trail)


def _names(step: _FieldStep) -> tuple[str, ...]:
    """The spellings of a step's own label."""
    return (step.mark.labels[-1], *step.mark.variants)


def _joined(steps: Iterable[_FieldStep]) -> str:
    return ".".join(step.name for step in steps)


def _column(steps: Sequence[_FieldStep]) -> Column:
    """The column that the steps on the column axis lead to."""
    labels: list[str] = []
    spellings: list[tuple[str, ...]] = []
    for step in steps:
        *above, _ = step.mark.labels
        labels.extend(step.mark.labels)
        spellings.extend((label,) for label in above)
        spellings.append(_names(step))
    *parents, own = spellings
    return Column(key=_joined(steps), labels=tuple(labels), names=own, parents=tuple(parents))


class _LineCell(NamedTuple):
    """The column of a cell, and its kind."""

    column: Column
    kind: Kind


class _PrintedLine(NamedTuple):
    """A line with the label and the columns of its block."""

    block: str | None
    columns: tuple[Column, ...]
    line: Line


def _table(key: str, cls: type) -> Table:
    """The table that ``cls`` declares: leaves grouped into lines, and lines into blocks."""
    by_row: dict[tuple[_FieldStep, ...], list[_LineCell]] = {}
    for trail in _leaves(cls):
        rows = tuple(step for step in trail if step.mark.axis is Axis.ROW)
        columns = [step for step in trail if step.mark.axis is Axis.COLUMN]
        leaf = trail[-1]
        kind = cast(Kind, leaf.mark.kind)
        of_row = by_row.setdefault(rows, [])
        of_row.append(_LineCell(_column(columns), kind))
    lines = [_line(key, rows, cells) for rows, cells in by_row.items()]
    blocks = tuple(_blocks(lines))
    printed = tuple(chain.from_iterable(block.lines for block in blocks))
    cells = tuple(chain.from_iterable(line.cells for line in printed))
    return Table(key=key, blocks=blocks, lines=printed, cells=cells)


def _line(table: str, rows: Sequence[_FieldStep], line_cells: Sequence[_LineCell]) -> _PrintedLine:
    """One line of a table, with a cell for each column."""
    path = table
    names: tuple[str, ...] = ()
    if rows:
        path = f"{table}.{_joined(rows)}"
        names = _names(rows[-1])
    block: str | None = None
    labels: tuple[str, ...] = ()
    for step in rows:
        block = block or step.mark.block
        labels += step.mark.labels
    columns: list[Column] = []
    cells: list[Cell] = []
    for column, kind in line_cells:
        columns.append(column)
        cell = Cell(
            path=f"{path}.{column.key}",
            table=table,
            block=block,
            row=labels,
            column=column.labels,
            kind=kind,
        )
        cells.append(cell)
    line = Line(key=path, labels=labels, names=names, cells=tuple(cells))
    return _PrintedLine(block, tuple(columns), line)


def _blocks(lines: Iterable[_PrintedLine]) -> Iterator[Block]:
    """Neighbouring lines under the same label and columns."""
    for (label, columns), group in groupby(lines, key=attrgetter("block", "columns")):
        of_block = tuple(printed.line for printed in group)
        yield Block(label, columns, of_block)


def _leaf_paths(cls: type, path: str) -> list[str]:
    return [f"{path}.{_joined(trail)}" for trail in _leaves(cls)]


def _sums(cls: type, path: str) -> Iterator[Relation]:
    """Each total in ``cls`` and below, over the leaves of the siblings printed before it."""
    siblings: list[str] = []
    addends: list[str] = []
    for step in _fields(cls):
        here = f"{path}.{step.name}"
        below: list[str] = []
        if step.group is not None:
            yield from _sums(step.group, here)
            below = _leaf_paths(step.group, here)
        relation = step.mark.relation
        if relation is None:
            siblings.append(here)
            addends.extend(below)
        elif step.group is None:
            yield Relation(relation, tuple(siblings), (here,))
        else:
            for total in below:
                column = total.removeprefix(here)
                left = tuple(addend for addend in addends if addend.endswith(column))
                yield Relation(relation, left, (total,))


def _balances(cls: type, path: str, table: Table) -> Iterator[Relation]:
    """Each balance that ``cls`` declares, once for every column."""
    for balance in vars(cls).values():
        if not isinstance(balance, Balance):
            continue
        for column in table.blocks[0].columns:
            left = _paths(path, balance.left, column)
            right = _paths(path, balance.right, column)
            yield Relation(balance.relation, left, right)


def _paths(path: str, rows: Iterable[str], column: Column) -> tuple[str, ...]:
    """The cells of some rows in one column."""
    return tuple(f"{path}.{row}.{column.key}" for row in rows)


def outline(edition: Edition | EditionName) -> Outline:
    """The tables, cells and relations of an edition, in printed order.

    ``edition`` is an edition or its name. The edition of 2021 has 200 cells, that of 2019 has 198;
    each has 7 balances. Raises ``EntryError`` for an unknown edition.

    Examples:
        >>> from govdisclose import outline
        >>> form = outline("2021")
        >>> len(form.cells), form.cells["requests.received.total"].label
        (200, '一、本年新收政府信息公开申请数量／总计')
        >>> len(form.sums), len(form.balances)
        (35, 7)
    """
    return _derived(edition_named(edition))


@cache
def _derived(edition: Edition) -> Outline:
    """Walk the classes of an edition once; there are only as many outlines as editions."""
    classes = edition.tables
    tables: dict[str, Table] = {}
    cells: dict[str, Cell] = {}
    sums: list[Relation] = []
    balances: list[Relation] = []
    for key, cls in classes.items():
        table = _table(key, cls)
        tables[key] = table
        for cell in table.cells:
            cells[cell.path] = cell
        sums += _sums(cls, key)
        balances += _balances(cls, key, table)
    totals: dict[str, tuple[Relation, ...]] = {}
    for relation in sums:
        total = relation.right[0]
        others = totals.get(total, ())
        totals[total] = (*others, relation)
    money = [cell for cell in cells.values() if cell.kind is Kind.MONEY]
    return Outline(
        edition=edition,
        tables=tables,
        cells=cells,
        sums=tuple(sums),
        balances=tuple(balances),
        totals=totals,
        money=tuple(money),
    )


def spans(labels: list[tuple[str, ...]]) -> tuple[Span, ...]:
    """Merge equal neighbours of label trails, one trail a column, read from the top.

    A trail that ends early reaches down to the bottom, as 自然人 does beside 法人或其他组织. For a
    stub (one trail a row, read from the left) exchange the axes of the result.
    """
    depth = max(map(len, labels), default=0)
    found: list[Span] = []
    for level in range(depth):
        length = level + 1
        start = 0
        for trail, group in groupby(labels, key=itemgetter(slice(length))):
            columns = list(group)
            width = len(columns)
            reaches_here = len(trail) == length
            if reaches_here:
                ends_here = len(columns[0]) == length
                rows = depth - level if ends_here else 1
                span = Span(row=level, column=start, rows=rows, columns=width, text=trail[-1])
                found.append(span)
            start += width
    return tuple(found)


@cache
def _plucker(edition: Edition) -> Callable[[object], tuple[Value, ...]]:
    """A function that gets all cells of an edition in one call: checks read a report ten times."""
    paths = outline(edition).cells
    plucker = attrgetter(*paths)
    return cast("Callable[[object], tuple[Value, ...]]", plucker)


def read_values(tables: object, edition: Edition) -> dict[str, Value]:
    """Every cell by its path, in printed order; ``tables`` has the three tables as attributes."""
    paths = outline(edition).cells
    values = _plucker(edition)(tables)
    return dict(zip(paths, values, strict=True))


def build_tables(edition: Edition, values: Mapping[str, Value]) -> dict[str, Any]:
    """The three table objects holding ``values``; cells not named are blank.

    Raises ``UnknownCellError`` for a path that the edition does not have, ``EntryError`` for a
    value that no cell can hold.
    """
    cells = outline(edition).cells
    if not cells.keys() >= values.keys():
        unknown = [path for path in values if path not in cells]
        path = unknown[0]
        reason = _unknown_path(path, edition)
        raise UnknownCellError(str(path), reason)
    said = map(values.get, cells)
    try:
        return {key: _built(cls, said) for key, cls in edition.tables.items()}
    except EntryError:
        # A row does not know its place in the form, so the cell is searched only now.
        for path, value in values.items():
            is_money = cells[path].kind is Kind.MONEY
            convert = amount if is_money else whole_number
            convert(value, path)
        raise


def _unknown_path(path: object, edition: Edition) -> str:
    """Why a path is refused, in Chinese, with the nearest one that there is."""
    from difflib import get_close_matches  # only to suggest a path

    for other in EDITIONS.values():
        if other is edition:
            continue
        if path in outline(other).cells:
            return f"是 {other.name} 版的格，这份报告用 {edition.name} 版"
    said = f"{edition.name} 版没有这一格"
    paths = outline(edition).cells
    near = get_close_matches(str(path), paths, 1)
    if not near:
        return said
    return f"{said}，是否为 {near[0]}"


def _built(cls: type, values: Iterator[Value]) -> object:
    """An object of a table with the next of ``values``, which are in printed order."""
    groups = _groups(cls)
    if groups.count(None) == len(groups):
        return cls(*islice(values, len(groups)))
    parts: list[object] = []
    for group in groups:
        if group is None:
            parts.append(next(values))
        else:
            parts.append(_built(group, values))
    return cls(*parts)
