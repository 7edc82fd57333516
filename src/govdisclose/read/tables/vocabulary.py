"""The words of a table, and the words of a grid, both in one spelling: what the matcher compares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import NamedTuple

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import Column, Line, Table, outline
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.tables.labels import LONGEST, label, spellings

_DIGITS = re.compile(r"\s*[+-]?\d+(\.\d+)?\s*", re.ASCII)


class Vocabulary(NamedTuple):
    """The labels of one table, normalised. ``needed``: leaf labels of each block, and how many make a header."""

    table: Table
    lines: dict[str, Line]
    leaves: frozenset[str]
    labels: frozenset[str]
    needed: tuple[tuple[tuple[frozenset[str], ...], int], ...]
    columns: tuple[tuple[frozenset[str], tuple[frozenset[str], ...], Column], ...]


def _labels(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(label(name) for name in names)


@cache
def vocabulary(edition: Edition, key: str) -> Vocabulary:
    """The words of one table of ``edition``."""
    table = outline(edition).tables[key]
    columns = tuple(
        (_labels(c.names), tuple(_labels(names) for names in c.parents), c)
        for b in table.blocks
        for c in b.columns
    )
    leaves = frozenset().union(*(names for names, _, _ in columns))
    spanners = frozenset().union(*(names for _, parents, _ in columns for names in parents))
    needed = (_needed(b.columns) for b in table.blocks)
    lines = {name: line for line in table.lines for name in _labels(line.names)}
    return Vocabulary(table, lines, leaves, leaves | spanners, tuple(needed), columns)


def is_header(words: Vocabulary, meant: Iterable[frozenset[str]]) -> bool:
    """Whether a row whose cells may mean ``meant`` holds enough leaf labels of some block."""
    held = frozenset().union(*meant)
    return any(
        sum(not leaf.isdisjoint(held) for leaf in leaves) >= need for leaves, need in words.needed
    )


def is_any_header(cells: Iterable[str | None]) -> bool:
    """Whether the cells of a row are the column labels of a statutory table of any edition."""
    meant = [spellings(cell) for cell in cells if cell]
    return any(
        is_header(vocabulary(edition, key), meant)
        for edition in EDITIONS.values()
        for key in edition.tables
    )


def _needed(columns: tuple[Column, ...]) -> tuple[tuple[frozenset[str], ...], int]:
    """The different leaf labels of a block, and how many make a header; more where groups share them."""
    leaves = tuple(dict.fromkeys(_labels(c.names) for c in columns))
    return leaves, max(1, len(leaves) // 2 + (len(leaves) < len(columns)))


class GridText:
    """The texts of a grid with merged areas filled, and how each may be meant; made once a grid, as far as needed."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid

    @cached_property
    def all(self) -> frozenset[str]:
        """How any text of the grid may be meant: most grids hold no word of a table."""
        texts = {
            raw
            for row in self.grid.rows
            for raw in row
            if isinstance(raw, str) and len(raw) <= LONGEST
        }
        return frozenset().union(*map(spellings, texts))

    @cached_property
    def rows(self) -> list[list[str]]:
        """The text of every cell, that of a merged area in all of its cells."""
        return _filled(self.grid)

    @cached_property
    def meant(self) -> list[dict[int, frozenset[str]]]:
        """For each row, how the text of each column that has one may be meant."""
        return [{c: spellings(t) for c, t in enumerate(row) if t} for row in self.rows]

    @cached_property
    def numeric(self) -> list[bool]:
        """Whether a row holds a number."""
        return [any(map(is_number, row)) for row in self.grid.rows]

    def at(self, row: int, column: int) -> str:
        """The text of a cell, or of the merged area it belongs to; ``""`` for anything else."""
        return self.rows[row][column] if column < len(self.rows[row]) else ""


def is_number(raw: Raw) -> bool:
    """Whether a cell holds a number, typed or printed: no header cell does."""
    if isinstance(raw, str):
        return _DIGITS.fullmatch(raw) is not None
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def _filled(grid: Grid) -> list[list[str]]:
    text = [[value if isinstance(value, str) else "" for value in row] for row in grid.rows]
    for m in grid.merges:
        anchor = grid.raw(m.top, m.left)
        if isinstance(anchor, str) and anchor:
            for row in range(m.top, min(m.bottom + 1, len(text))):
                text[row].extend([""] * (m.right + 1 - len(text[row])))
                text[row][m.left : m.right + 1] = [anchor] * (m.right + 1 - m.left)
    return text
