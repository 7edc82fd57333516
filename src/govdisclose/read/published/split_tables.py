"""Tables printed in parts (over pages, or one per item of article 20) → whole grids.

Two neighbours are parts of one table when both hold labels of the same table and none of them
twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from attrs import evolve, frozen

from govdisclose.finding import Finding
from govdisclose.form.edition import EDITIONS
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.vocabulary import GridText, is_header, vocabulary
from govdisclose.rules.importing import I113, I114


@frozen
class JoinedTables:
    """The grids with parts of one table joined; each join is a finding."""

    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]


@frozen
class _TablePart:
    """A grid (or some joined already), its table, and the labels that it has only once."""

    grid: Grid
    key: str | None
    labels: frozenset[str]
    has_header: bool
    has_numbers: bool


def table_of(grid: Grid) -> str | None:
    """The key of the statutory table that a grid is, or is a part of; ``None`` for any other table."""
    part = _part(grid)
    if part.has_header or len(part.labels) > 2:
        return part.key
    return None


def join_parts(grids: Iterable[Grid]) -> JoinedTables:
    """Join the neighbours that are parts of one table."""
    whole: list[_TablePart] = []
    findings: list[Finding] = []
    for part in map(_part, grids):
        if whole and _continues(part, whole[-1]):
            above = whole.pop()
            findings.append(_said(above, part))
            part = _joined(above, part)
        whole.append(part)
    joined = [part.grid for part in whole]
    return JoinedTables(tuple(joined), tuple(findings))


def _part(grid: Grid) -> _TablePart:
    text = GridText(grid)
    held: dict[str, frozenset[str]] = {}
    for key, telling in _telling_labels().items():
        held[key] = telling & text.all
    likeliest = max(held, key=lambda table: len(held[table]))
    labels = held[likeliest]
    return _TablePart(
        grid,
        key=likeliest if labels else None,
        labels=labels,
        has_header=_has_header(text, likeliest),
        has_numbers=any(text.numeric),
    )


def _has_header(text: GridText, key: str) -> bool:
    """Whether a row of a grid is the header of a table in any edition."""
    for row in text.meant:
        for edition in EDITIONS.values():
            if is_header(vocabulary(edition, key), row.values()):
                return True
    return False


@cache
def _telling_labels() -> dict[str, frozenset[str]]:
    """Labels that a table has once: its lines, or the spanners of the table without a stub."""
    found: dict[str, frozenset[str]] = {}
    for edition in EDITIONS.values():
        for key in edition.tables:
            words = vocabulary(edition, key)
            telling = frozenset(words.lines) or words.labels
            known = found.get(key, frozenset())
            found[key] = known | (telling - words.leaves)
    return found


def _continues(part: _TablePart, whole: _TablePart) -> bool:
    """Whether a part belongs to the table before it."""
    if part.key is not None:
        if part.key != whole.key:
            return False
        return part.labels.isdisjoint(whole.labels)
    # The row of numbers of the table without a stub, cut off from its header.
    waits_for_numbers = whole.key is not None and not whole.has_numbers
    return waits_for_numbers and part.has_numbers and not part.labels


def _said(whole: _TablePart, part: _TablePart) -> Finding:
    """The finding that a part was joined, and how."""
    assert whole.key is not None
    name = f"“{HEADINGS[whole.key]}”的表格"
    place = part.grid.whole
    if any(_shifts(whole, part)):
        return I114.finding(f"{name}的续表没有表头，左侧少列，按右端对齐读取", place)
    return I113.finding(f"{name}分成几段，已接在“{whole.grid.name}”之后", place)


def _shifts(whole: _TablePart, part: _TablePart) -> list[int]:
    """By how many columns each row of a part moves to the right.

    Without a header of its own, a row ends where the table ends; its stub may have fewer cells.
    """
    rows = part.grid.rows
    if part.has_header:
        return [0] * len(rows)
    width = max(map(len, whole.grid.rows), default=0)
    return [max(0, width - len(row)) for row in rows]


def _joined(whole: _TablePart, part: _TablePart) -> _TablePart:
    """A table with a part below it."""
    above = whole.grid
    below = part.grid
    shifts = _shifts(whole, part)
    height = len(above.rows)
    rows: list[list[Raw]] = list(above.rows)
    for shift, row in zip(shifts, below.rows, strict=True):
        rows.append([None] * shift + row)
    merges = list(above.merges)
    for area in below.merges:
        shift = shifts[area.top]
        merge = Merge(
            top=area.top + height,
            left=area.left + shift,
            bottom=area.bottom + height,
            right=area.right + shift,
        )
        merges.append(merge)

    def cell_name(row: int, column: int) -> str:
        if row < height:
            return above.cell_name(row, column)
        own_row = row - height
        own_column = column - shifts[own_row]
        cell = below.cell_name(own_row, own_column)
        return f"{below.name}{cell}"

    return evolve(
        whole,
        grid=evolve(above, rows=rows, merges=tuple(merges), cell_name=cell_name),
        labels=whole.labels | part.labels,
        has_numbers=whole.has_numbers or part.has_numbers,
    )
