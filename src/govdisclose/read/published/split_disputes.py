"""Table four in parts: a small table for 行政复议 and one or two for 行政诉讼, or one row for each.

The groups of table four share their five column names, so each part must say which group it is: in
a cell above or beside its figures, or in the line before it. Parts that say nothing are taken in
the printed order, with a finding. Whatever does not fit exactly stays as it is and is reported
later as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from attrs import define, evolve, field, frozen

from govdisclose.finding import Finding
from govdisclose.form.edition import EDITIONS
from govdisclose.form.outline import Column, outline
from govdisclose.form.sheets import ITEM_HEADER
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.published.document import DocumentBlock, TextLine
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.labels import label, spellings
from govdisclose.read.tables.match import holds_number
from govdisclose.read.tables.vocabulary import GridText
from govdisclose.rules.importing import I111, I113

KEY = "disputes"
GROUP_COUNT = 3
"""行政复议 and the two kinds of 行政诉讼; the same in every edition."""
_FILLING = re.compile("(政府信息公开|统计表|情况|案件|数量|结果|部分|表|[一二三四123])*")
"""Other text in a line that names a group."""
_STUB = frozenset(["", "类别", "项目", "类型", "情形", label(ITEM_HEADER)])
"""Words over the names of groups in the first column."""


@frozen
class JoinedDisputes:
    """The blocks with the parts of table four made one table; with a finding for each."""

    blocks: tuple[DocumentBlock, ...]
    findings: tuple[Finding, ...]


@frozen
class _DisputeGroup:
    """Columns of table four under one spanner, with the names of the spanner and of each leaf."""

    key: str
    names: frozenset[str]
    leaves: tuple[frozenset[str], ...]
    columns: tuple[Column, ...]

    @property
    def is_inner(self) -> bool:
        """Whether the group is below a wider spanner, like both kinds of lawsuit."""
        first = self.columns[0]
        return len(first.parents) > 1

    @property
    def outer_name(self) -> str:
        """The name of the outermost spanner."""
        outermost = self.columns[0].parents[0]
        return label(outermost[0])


@frozen
class _PartFigures:
    """Five figures in a row: their columns, and the texts that may name their group."""

    grid: Grid
    row: int
    columns: tuple[int, ...]
    texts: tuple[str, ...]

    def has(self, row: int, column: int) -> bool:
        """Whether a cell of the grid is one of the figures."""
        return row == self.row and column in self.columns


@frozen
class _Parts:
    """Neighbouring blocks, up to ``last``, that are the parts of table four and their names."""

    last: int
    figures: tuple[_PartFigures, ...]


@cache
def _groups() -> tuple[_DisputeGroup, ...]:
    """The groups of table four in statutory order; they are the same in every edition."""
    editions = list(EDITIONS.values())
    edition = editions[0]
    columns: dict[str, list[Column]] = {}
    for block in outline(edition).tables[KEY].blocks:
        for column in block.columns:
            key, _, _ = column.key.rpartition(".")
            columns.setdefault(key, []).append(column)
    groups: list[_DisputeGroup] = []
    for key, own in columns.items():
        groups.append(_group(key, own))
    return tuple(groups)


def _group(key: str, columns: list[Column]) -> _DisputeGroup:
    innermost = columns[0].parents[-1]
    names = frozenset(map(label, innermost))
    leaves: list[frozenset[str]] = []
    for column in columns:
        spelled = map(label, column.names)
        leaves.append(frozenset(spelled))
    return _DisputeGroup(key=key, names=names, leaves=tuple(leaves), columns=tuple(columns))


def dispute_leaves() -> tuple[frozenset[str], ...]:
    """The names of the five columns that every group has."""
    return _groups()[0].leaves


def join_disputes(blocks: Sequence[DocumentBlock]) -> JoinedDisputes:
    """Join the parts of table four into one table, if each part is certain."""
    joined: list[DocumentBlock] = []
    findings: list[Finding] = []
    at = 0
    while at < len(blocks):
        parts = _parts_at(blocks, at)
        order = None
        if parts is not None:
            order = _order(parts.figures)
        if parts is None or order is None:
            joined.append(blocks[at])
            at += 1
        else:
            table = _whole(parts.figures, order)
            finding = _said(parts.figures)
            joined.append(table)
            findings.append(finding)
            at = parts.last + 1
    return JoinedDisputes(tuple(joined), tuple(findings))


def _parts_at(blocks: Sequence[DocumentBlock], first: int) -> _Parts | None:
    """The parts that begin with the block ``first``, a grid or the line that names it."""
    figures: list[_PartFigures] = []
    name: tuple[str, ...] = ()
    last = first
    for index in range(first, len(blocks)):
        block = blocks[index]
        if isinstance(block, TextLine):
            if not names_group(block.text):
                break
            name = (block.text,)
            continue
        found = _figures_in(block)
        if not found:
            break
        for part in found:
            texts = (*part.texts, *name)
            figures.append(evolve(part, texts=texts))
        name = ()
        last = index
    if len(figures) == GROUP_COUNT:
        return _Parts(last, tuple(figures))
    return None


# --- names of groups ----------------------------------------------------------------------------


@frozen
class _Meant:
    """The groups that a text may mean, and its other text."""

    keys: frozenset[str]
    rest: str


def _meant(text: str) -> _Meant:
    """The groups that a text may mean: none, one, or both kinds of lawsuit for 行政诉讼."""
    rest = label(text)
    certain: set[str] = set()
    for group in sorted(_groups(), key=_longest_name, reverse=True):
        for name in group.names:
            if name in rest:
                certain.add(group.key)
                rest = rest.replace(name, "")
    wider: set[str] = set()
    for group in _groups():
        if group.is_inner and group.outer_name in rest:
            wider.add(group.key)
    for group in _groups():
        rest = rest.replace(group.outer_name, "")
    keys = _meant_groups(certain, wider)
    return _Meant(keys, rest)


def _meant_groups(certain: set[str], wider: set[str]) -> frozenset[str]:
    """The groups of a text that names ``certain`` by their own, and ``wider`` by their spanner."""
    if not certain:
        return frozenset(wider)
    is_one = len(certain) == 1
    if not wider <= certain:
        is_one = not certain.isdisjoint(wider)
    if not is_one:
        return frozenset()
    return frozenset(certain)


def _longest_name(group: _DisputeGroup) -> int:
    return max(map(len, group.names))


def names_group(text: str) -> bool:
    """Whether a line only names a group, so that nothing is lost with it."""
    meant = _meant(text)
    if not meant.keys:
        return False
    return _FILLING.fullmatch(meant.rest) is not None


def _order(parts: Sequence[_PartFigures]) -> tuple[str, ...] | None:
    """The group of each part; ``None`` where two are the same or a name contradicts the order."""
    known = [_known(part) for part in parts]
    certain: list[str] = []
    for keys in known:
        if len(keys) == 1:
            certain.extend(keys)
    if len(certain) == len(parts):
        different = set(certain)
        if len(different) < len(parts):
            return None
        return tuple(certain)
    printed = tuple(group.key for group in _groups())
    for key, keys in zip(printed, known, strict=True):
        if keys and key not in keys:
            return None
    return printed


def _known(part: _PartFigures) -> frozenset[str]:
    """The groups that a part may be, by the most precise of its texts."""
    meant = [_meant(text).keys for text in part.texts]
    known = [keys for keys in meant if keys]
    return min(known, key=len, default=frozenset())


def _said(parts: Sequence[_PartFigures]) -> Finding:
    """The finding that parts were joined, and how they are known."""
    place = parts[0].grid.place(0)
    text = f"“{HEADINGS[KEY]}”的表格分成几段，"
    known = [_known(part) for part in parts]
    if all(len(keys) == 1 for keys in known):
        said = f"{text}已接成一张"
        return I113.finding(said, place, path=KEY)
    said = f"{text}各段没有全部写明是哪一组，按印出的次序读取"
    return I111.finding(said, place, path=KEY)


# --- parts in a grid ----------------------------------------------------------------------------


def _figures_in(grid: Grid) -> list[_PartFigures]:
    """The parts in a grid; nothing unless all of its figures belong to one.

    A whole table four, with its groups side by side, needs no joining.
    """
    text = GridText(grid)
    figures: list[_PartFigures] = []
    above: list[int] = []
    header: list[int] = []
    for row in range(len(grid.rows)):
        leaves = _leaf_columns(text, row)
        if leaves:
            header = leaves
        elif _holds_figures(text, row):
            found = _figures_in_row(text, row, header, above)
            if not found:
                return []
            figures.extend(found)
            above = []
        elif text.meant[row]:
            above.append(row)
    if len(figures) >= GROUP_COUNT and not _is_stacked(figures):
        return []  # the table is whole
    return figures


def _holds_figures(text: GridText, row: int) -> bool:
    """Whether a row holds figures, or should."""
    raws = text.grid.rows[row]
    if any(map(holds_number, raws)):
        return True
    return _is_blank_under_header(text, row)


def _is_stacked(parts: Sequence[_PartFigures]) -> bool:
    """Whether no two parts share a row."""
    rows = {part.row for part in parts}
    return len(rows) == len(parts)


def _is_blank_under_header(text: GridText, row: int) -> bool:
    """Whether the figures of a header should be in a row, and none of them is filled in."""
    rows = text.grid.rows
    is_filled = any(raw is not None for raw in rows[row])
    if row == 0 or is_filled:
        return False
    if not _leaf_columns(text, row - 1):
        return False
    below = row + 1
    if below == len(rows):
        return True
    return not any(map(holds_number, rows[below]))


def _leaf_columns(text: GridText, row: int) -> list[int]:
    """The columns of a row that holds the leaves of one or several groups, in order; else nothing."""
    if text.numeric[row]:
        return []
    leaves = dispute_leaves()
    columns: list[int] = []
    raws = text.grid.rows[row]
    for column, raw in enumerate(raws):
        if not isinstance(raw, str):
            continue
        if not raw.strip():
            continue
        said = spellings(raw)
        if not any(said & names for names in leaves):
            continue
        # The leaves of a group repeat in the same order for the next.
        number = len(columns) % len(leaves)
        due = leaves[number]
        if not said & due:
            return []
        columns.append(column)
    surplus = len(columns) % len(leaves)
    if surplus:
        return []
    return columns


def _figures_in_row(
    text: GridText, row: int, header: list[int], above: list[int]
) -> list[_PartFigures]:
    """The parts whose figures are in ``row``; empty if a figure is below no leaf."""
    raws = text.grid.rows[row]
    if not header:
        return []
    if len(raws) <= header[-1]:
        return []
    if _is_shared(text.grid, row, header):
        return []
    for column, raw in enumerate(raws):
        if column not in header and holds_number(raw):
            return []
    first_column = header[0]
    stub = text.rows[row][:first_column]
    size = len(dispute_leaves())
    parts: list[_PartFigures] = []
    for start in range(0, len(header), size):
        end = start + size
        columns = tuple(header[start:end])
        over = [_text_over(text, above_row, columns[0]) for above_row in above]
        names = [name for name in (*stub, *over) if name]
        part = _PartFigures(grid=text.grid, row=row, columns=columns, texts=tuple(names))
        parts.append(part)
    return parts


def _is_shared(grid: Grid, row: int, header: list[int]) -> bool:
    """Whether a merged area of the row covers two of the columns, or reaches into it from above."""
    for merge in grid.merges:
        if not merge.top <= row <= merge.bottom:
            continue
        inside: list[int] = []
        for column in header:
            if merge.left <= column <= merge.right:
                inside.append(column)
        if len(inside) > 1:
            return True
        if inside and merge.top != row:
            return True
    return False


def _text_over(text: GridText, row: int, column: int) -> str:
    """The text of a row over a column: its own, else that of the nearest cell to the left."""
    for left in range(column, -1, -1):
        found = text.at(row, left)
        if found:
            return found
    return ""


# --- the whole ----------------------------------------------------------------------------------


@frozen
class _CellAt:
    """A cell of one of the joined grids."""

    grid: Grid
    row: int
    column: int

    @property
    def raw(self) -> Raw:
        """The value of the cell."""
        return self.grid.raw(self.row, self.column)


@define
class _WholeTable:
    """Table four put together. ``cells`` are figures in a row, ``others`` stand one row below."""

    first: Grid
    figure_row: int
    cells: list[_CellAt] = field(factory=list)
    others: list[_CellAt] = field(factory=list)

    def cell_name(self, row: int, column: int) -> str:
        """A cell as it was printed."""
        if row > self.figure_row:
            number = row - self.figure_row - 1
            cell = self.others[number]
        else:
            last = len(self.cells) - 1
            cell = self.cells[min(column, last)]
        name = cell.grid.cell_name(cell.row, cell.column)
        if cell.grid is self.first:
            return name
        return f"{cell.grid.name}{name}"


def _whole(parts: Sequence[_PartFigures], order: tuple[str, ...]) -> Grid:
    """One grid with the statutory header over the figures of all parts."""
    columns_of = {group.key: group.columns for group in _groups()}
    columns: list[Column] = []
    for key in order:
        columns.extend(columns_of[key])
    depth = max(len(column.labels) for column in columns)
    first = parts[0].grid
    others = list(_others(parts))
    whole = _WholeTable(first, depth, others=others)
    for part in parts:
        for at in part.columns:
            cell_of_part = _CellAt(part.grid, part.row, at)
            whole.cells.append(cell_of_part)
    levels = range(depth - 1)
    rows = [_spanners(columns, level) for level in levels]
    names: list[Raw] = [column.labels[-1] for column in columns]
    figures = [cell.raw for cell in whole.cells]
    rows.append(names)
    rows.append(figures)
    blanks: list[Raw] = [None] * (len(columns) - 1)
    for cell in others:
        rows.append([cell.raw, *blanks])
    return Grid(file=first.file, name=first.name, rows=rows, merges=(), cell_name=whole.cell_name)


def _spanners(columns: Sequence[Column], level: int) -> list[Raw]:
    """The spanners of the columns on a level above their own names."""
    row: list[Raw] = []
    for column in columns:
        above = column.labels[:-1]
        has_spanner = level < len(above)
        row.append(above[level] if has_spanner else None)
    return row


def _others(parts: Sequence[_PartFigures]) -> Iterator[_CellAt]:
    """The cells of the grids with texts that are neither figures of the parts nor labels."""
    grids = {id(part.grid): part.grid for part in parts}
    for grid in grids.values():
        own = [part for part in parts if part.grid is grid]
        for cell in _texts_of(grid):
            if not _is_figure(cell, own):
                yield cell


def _is_figure(cell: _CellAt, parts: Sequence[_PartFigures]) -> bool:
    """Whether a cell is one of the figures of some parts."""
    return any(part.has(cell.row, cell.column) for part in parts)


def _texts_of(grid: Grid) -> Iterator[_CellAt]:
    """The cells of a grid with texts that are no labels."""
    text = GridText(grid)
    for row, cells in enumerate(grid.rows):
        leaves = _leaf_columns(text, row)
        for column, raw in enumerate(cells):
            if not isinstance(raw, str) or column in leaves:
                continue
            if not _is_stub(raw):
                yield _CellAt(grid, row, column)


def _is_stub(text: str) -> bool:
    """Whether a text names a group, or is a header above names of groups."""
    return names_group(text) or is_stub_header(text)


def is_stub_header(text: str) -> bool:
    """Whether a text is a header above names of groups, or blank."""
    return label(text) in _STUB
