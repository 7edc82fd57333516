"""Table four printed in parts: one small table for 行政复议 and one or two for 行政诉讼, or one row for each.

The groups of table four share their five column names, so each part must say, in a cell above or beside
its figures or in the line before it, which group it is. Parts that say nothing are taken in the printed
order, which is told. Whatever does not fit exactly stays as it is, and is told later as missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from attrs import evolve, frozen

from govdisclose.finding import Finding
from govdisclose.form.edition import EDITIONS
from govdisclose.form.outline import Column, outline
from govdisclose.form.sheets import ITEM_HEADER
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.published.document import TextLine
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.labels import label, spellings
from govdisclose.read.tables.match import holds_number
from govdisclose.read.tables.vocabulary import GridText
from govdisclose.rules.importing import I111, I113

KEY = "disputes"
_FILLING = re.compile("(政府信息公开|统计表|情况|案件|数量|结果|部分|表|[一二三四123])*")
"""What else stands in a line that names a group."""

_STUB = frozenset(["", "类别", "项目", "类型", "情形", label(ITEM_HEADER)])
"""Words over the names of groups that stand in the first column."""


@frozen
class _Group:
    """Columns of table four under one spanner: their key, the names of the spanner and of each leaf."""

    key: str
    names: frozenset[str]
    leaves: tuple[frozenset[str], ...]
    columns: tuple[Column, ...]


@frozen
class _Part:
    """Five figures in a row: the columns they stand in, and the texts that may name their group."""

    grid: Grid
    row: int
    columns: tuple[int, ...]
    texts: tuple[str, ...]


@frozen
class _Run:
    """Neighbouring blocks ``first`` to ``last`` that are parts of table four and the lines that name them."""

    first: int
    last: int
    parts: tuple[_Part, ...]


@cache
def _groups() -> tuple[_Group, ...]:
    """The groups of table four in statutory order; they are the same in every edition."""
    edition = next(iter(EDITIONS.values()))
    columns: dict[str, list[Column]] = {}
    for block in outline(edition).tables[KEY].blocks:
        for column in block.columns:
            columns.setdefault(column.key.rpartition(".")[0], []).append(column)
    return tuple(_group(key, own) for key, own in columns.items())


def _group(key: str, columns: list[Column]) -> _Group:
    names = frozenset(map(label, columns[0].parents[-1]))
    leaves = tuple(frozenset(map(label, column.names)) for column in columns)
    return _Group(key, names, leaves, tuple(columns))


def join_disputes(
    blocks: Sequence[TextLine | Grid], findings: list[Finding]
) -> list[TextLine | Grid]:
    """The blocks with the parts of table four made one table, where each part is known for certain."""
    joined: list[TextLine | Grid] = []
    at = 0
    while at < len(blocks):
        run = _run_at(blocks, at)
        order = _order(run.parts) if run is not None else None
        if run is None or order is None:
            joined.append(blocks[at])
            at += 1
            continue
        joined.append(_whole(run.parts, order))
        findings.append(_said(run.parts, order))
        at = run.last + 1
    return joined


def _run_at(blocks: Sequence[TextLine | Grid], first: int) -> _Run | None:
    """The parts that begin with the block ``first``, a grid or the line that names it."""
    parts: list[_Part] = []
    names: list[str] = []
    last = first
    for index in range(first, len(blocks)):
        block = blocks[index]
        if isinstance(block, TextLine):
            if not _is_name(block.text):
                break
            names.append(block.text)
            continue
        found = _parts_of(block)
        if not found:
            break
        for part in found:
            parts.append(evolve(part, texts=(*part.texts, *names[-1:])))
        names = []
        last = index
    return _Run(first, last, tuple(parts)) if len(parts) == len(_groups()) else None


def _named(text: str) -> frozenset[str]:
    """The keys of the groups that a text may mean: none, one, or both kinds of lawsuit for 行政诉讼."""
    return _meant(text)[0]


def _meant(text: str) -> tuple[frozenset[str], str]:
    """The groups that a text may mean, and what else it says."""
    rest = label(text)
    sure: set[str] = set()
    for group in sorted(_groups(), key=_longest_name, reverse=True):
        for name in group.names:
            if name in rest:
                sure.add(group.key)
                rest = rest.replace(name, "")
    wider: set[str] = set()
    for group in _groups():
        outer = label(group.columns[0].parents[0][0])
        if len(group.columns[0].parents) > 1 and outer in rest:
            wider.add(group.key)
    for group in _groups():
        rest = rest.replace(label(group.columns[0].parents[0][0]), "")
    if sure and not wider - sure:
        return frozenset(sure) if len(sure) == 1 else frozenset(), rest
    if sure & wider:
        return frozenset(sure), rest
    return frozenset() if sure else frozenset(wider), rest


def _longest_name(group: _Group) -> int:
    return max(map(len, group.names))


def _is_name(text: str) -> bool:
    """Whether a line only names a group, so that nothing is lost with it."""
    keys, rest = _meant(text)
    return bool(keys) and _FILLING.fullmatch(rest) is not None


def _order(parts: Sequence[_Part]) -> tuple[str, ...] | None:
    """The group of each part, or nothing where two parts are the same one or a name contradicts the order."""
    known = [_known(part) for part in parts]
    certain = tuple(next(iter(keys)) for keys in known if len(keys) == 1)
    if len(certain) == len(parts):
        return certain if len(set(certain)) == len(parts) else None
    printed = tuple(group.key for group in _groups())
    fits = all(not keys or key in keys for key, keys in zip(printed, known, strict=True))
    return printed if fits else None


def _known(part: _Part) -> frozenset[str]:
    """The groups that a part may be, by the most telling of its texts."""
    said = [keys for keys in map(_named, part.texts) if keys]
    return min(said, key=len, default=frozenset())


def _said(parts: Sequence[_Part], order: tuple[str, ...]) -> Finding:
    first = parts[0].grid
    named = all(len(_known(part)) == 1 for part in parts)
    if named:
        text = f"“{HEADINGS[KEY]}”的表格分成几段，已接成一张"
        return I113.finding(text, first.place(0), path=KEY)
    text = f"“{HEADINGS[KEY]}”的表格分成几段，各段没有全部写明是哪一组，按印出的次序读取"
    return I111.finding(text, first.place(0), path=KEY)


# --- parts in a grid ----------------------------------------------------------------------------


def _parts_of(grid: Grid) -> list[_Part]:
    """The parts in a grid, nothing unless all of its figures belong to one; a whole table four has none."""
    text = GridText(grid)
    parts: list[_Part] = []
    above: list[int] = []
    header: list[int] = []
    for row, cells in enumerate(grid.rows):
        leaves = _leaf_columns(text, row)
        if leaves:
            header = leaves
        elif any(holds_number(raw) for raw in cells) or _is_blank_under_header(text, row):
            found = _parts_in_row(text, row, header, above)
            if not found:
                return []
            parts.extend(found)
            above = []
        elif text.meant[row]:
            above.append(row)
    return parts if len(parts) < len(_groups()) or _is_stacked(parts) else []


def _is_blank_under_header(text: GridText, row: int) -> bool:
    """Whether a row is where the figures of a header should be, and none of them is filled in."""
    if (
        row == 0
        or any(raw is not None for raw in text.grid.rows[row])
        or not _leaf_columns(text, row - 1)
    ):
        return False
    below = text.grid.rows[row + 1] if row + 1 < len(text.grid.rows) else []
    return not any(holds_number(raw) for raw in below)


def _is_stacked(parts: Sequence[_Part]) -> bool:
    """Whether no two parts share a row: side by side they are the whole table, which needs no joining."""
    return len({part.row for part in parts}) == len(parts)


def _leaf_columns(text: GridText, row: int) -> list[int]:
    """The columns of a row that holds the leaves of one group, or of several, in order; else nothing."""
    if text.numeric[row]:
        return []
    leaves = _groups()[0].leaves
    cells = [
        (column, raw)
        for column, raw in enumerate(text.grid.rows[row])
        if isinstance(raw, str) and raw.strip()
    ]
    found = [column for column, raw in cells if any(spellings(raw) & names for names in leaves)]
    wanted = leaves * (len(found) // len(leaves))
    if not found or len(wanted) != len(found):
        return []
    fits = (
        spellings(str(text.grid.rows[row][c])) & names
        for c, names in zip(found, wanted, strict=True)
    )
    return found if all(fits) else []


def _parts_in_row(text: GridText, row: int, header: list[int], above: list[int]) -> list[_Part]:
    """The parts whose figures are in ``row``; nothing when a figure stands under no leaf."""
    if not header:
        return []
    raws = text.grid.rows[row]
    numbers = [column for column, raw in enumerate(raws) if holds_number(raw)]
    if (
        not set(numbers) <= set(header)
        or len(raws) <= header[-1]
        or _is_shared(text.grid, row, header)
    ):
        return []
    stub = tuple(cell for cell in text.rows[row][: header[0]] if cell)
    size = len(_groups()[0].leaves)
    parts: list[_Part] = []
    for start in range(0, len(header), size):
        columns = tuple(header[start : start + size])
        over = tuple(_text_over(text, r, columns[0]) for r in above)
        parts.append(_Part(text.grid, row, columns, (*stub, *filter(None, over))))
    return parts


def _is_shared(grid: Grid, row: int, header: list[int]) -> bool:
    """Whether a merged area of the row covers two of the columns, or reaches into it from above."""
    for merge in grid.merges:
        if not merge.top <= row <= merge.bottom:
            continue
        inside = [column for column in header if merge.left <= column <= merge.right]
        if len(inside) > 1 or (inside and merge.top != row):
            return True
    return False


def _text_over(text: GridText, row: int, column: int) -> str:
    """The text of a row over a column: its own, else that of the nearest cell to the left."""
    for left in range(column, -1, -1):
        if text.at(row, left):
            return text.at(row, left)
    return ""


# --- the whole ----------------------------------------------------------------------------------


def _left_over(parts: Sequence[_Part]) -> list[tuple[Grid, int, int]]:
    """The cells of the parts' grids with texts that are neither leaves nor names, as grid, row and column."""
    left: list[tuple[Grid, int, int]] = []
    for grid in {id(part.grid): part.grid for part in parts}.values():
        used = {
            (part.row, column) for part in parts if part.grid is grid for column in part.columns
        }
        text = GridText(grid)
        for row, cells in enumerate(grid.rows):
            leaves = _leaf_columns(text, row)
            for column, raw in enumerate(cells):
                if (row, column) in used or column in leaves or not isinstance(raw, str):
                    continue
                if not _is_name(raw) and label(raw) not in _STUB:
                    left.append((grid, row, column))
    return left


def _whole(parts: Sequence[_Part], order: tuple[str, ...]) -> Grid:
    """One grid with the statutory header over the figures of all parts, each cell named as it was printed."""
    by_key = dict(zip(order, parts, strict=True))
    groups = {group.key: group for group in _groups()}
    columns = [column for key in order for column in groups[key].columns]
    sources = [(by_key[key], at) for key in order for at in by_key[key].columns]
    depth = max(len(column.labels) for column in columns)
    rows: list[list[Raw]] = []
    for level in range(depth - 1):
        rows.append(
            [column.labels[level] if level < len(column.labels) - 1 else None for column in columns]
        )
    rows.append([column.labels[-1] for column in columns])
    rows.append([part.grid.raw(part.row, at) for part, at in sources])
    first, figures = parts[0].grid, len(rows) - 1
    others = _left_over(parts)
    for grid, row, column in others:
        rows.append([grid.raw(row, column), *[None] * (len(sources) - 1)])

    def cell_name(row: int, column: int) -> str:
        if row > figures:
            grid, row, column = others[row - figures - 1]
        else:
            part, column = sources[min(column, len(sources) - 1)]
            grid, row = part.grid, part.row
        name = grid.cell_name(row, column)
        return name if grid is first else f"{grid.name}{name}"

    return Grid(first.file, first.name, rows, (), cell_name)
