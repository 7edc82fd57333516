"""Tables printed in parts (over pages, or one per item of article 20) → whole grids.

Two neighbours are parts of one table when both hold labels of the same table and none of them twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from attrs import evolve, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.edition import EDITIONS
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.vocabulary import GridText, is_header, vocabulary
from govdisclose.rules.importing import I113, I114


@frozen
class _Part:
    """A grid (or some joined already), the table it belongs to, and the labels that only one part has."""

    grid: Grid
    key: str | None
    labels: frozenset[str]
    headed: bool
    numbers: bool


@cache
def _telling() -> dict[str, frozenset[str]]:
    """Labels by table that stand in it once: its lines, or the spanners of the table that has no stub."""
    found: dict[str, frozenset[str]] = {}
    for edition in EDITIONS.values():
        for key in edition.tables:
            words = vocabulary(edition, key)
            telling = frozenset(words.lines) or words.labels
            found[key] = found.get(key, frozenset()) | (telling - words.leaves)
    return found


def _part(grid: Grid) -> _Part:
    text = GridText(grid)
    held = {key: labels & text.all for key, labels in _telling().items()}
    key = max(held, key=lambda k: len(held[k]))
    headed = any(
        is_header(vocabulary(e, key), m.values()) for m in text.meant for e in EDITIONS.values()
    )
    return _Part(grid, key if held[key] else None, held[key], headed, any(text.numeric))


def table_of(grid: Grid) -> str | None:
    """The key of the statutory table that a grid is, or is a part of; ``None`` for any other table."""
    part = _part(grid)
    return part.key if part.headed or len(part.labels) > 2 else None


def _continues(part: _Part, whole: _Part) -> bool:
    if part.key is None:
        # The row of numbers of the table without a stub, cut off from its header.
        return whole.key is not None and not whole.numbers and part.numbers and not part.labels
    return part.key == whole.key and part.labels.isdisjoint(whole.labels)


def join_parts(grids: Iterable[Grid], findings: list[Finding]) -> Iterator[Grid]:
    """The grids with parts of one table joined; each join is a finding."""
    whole: _Part | None = None
    for part in map(_part, grids):
        if whole is not None and _continues(part, whole):
            whole = _joined(whole, part, findings)
        else:
            if whole is not None:
                yield whole.grid
            whole = part
    if whole is not None:
        yield whole.grid


def _joined(whole: _Part, part: _Part, findings: list[Finding]) -> _Part:
    assert whole.key is not None
    above, below = whole.grid, part.grid
    width = _width(above)
    # Without a header of its own, each row ends where the table ends; how many cells its stub has varies.
    shifts = [0 if part.headed else max(0, width - len(row)) for row in below.rows]
    name = f"“{HEADINGS[whole.key]}”的表格"
    place = Place(below.file, below.name)
    if any(shifts):
        findings.append(I114.finding(f"{name}的续表没有表头，左侧少列，按右端对齐读取", place))
    else:
        findings.append(I113.finding(f"{name}分成几段，已接在“{above.name}”之后", place))
    height = len(above.rows)
    merges = (
        Merge(m.top + height, m.left + shifts[m.top], m.bottom + height, m.right + shifts[m.top])
        for m in below.merges
    )

    def cell_name(row: int, column: int) -> str:
        if row < height:
            return above.cell_name(row, column)
        return f"{below.name}{below.cell_name(row - height, column - shifts[row - height])}"

    rows: list[list[Raw]] = [
        *above.rows,
        *([None] * n + row for n, row in zip(shifts, below.rows, strict=True)),
    ]
    grid = evolve(above, rows=rows, merges=(*above.merges, *merges), cell_name=cell_name)
    return evolve(
        whole, grid=grid, labels=whole.labels | part.labels, numbers=whole.numbers or part.numbers
    )


def _width(grid: Grid) -> int:
    return max(map(len, grid.rows), default=0)
