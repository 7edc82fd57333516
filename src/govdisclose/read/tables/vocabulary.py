"""The words of a table and the words of a grid, both in one spelling: the matcher compares them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import chain
from typing import NamedTuple

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import Block, Column, Line, Table, outline
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.tables.labels import label, may_be_label, spellings

_DIGITS = re.compile(r"\s*[+-]?\d+(\.\d+)?\s*", re.ASCII)


class ColumnWords(NamedTuple):
    """A column and its labels: its own (``names``), and those of each header above it."""

    names: frozenset[str]
    parents: tuple[frozenset[str], ...]
    column: Column


class BlockWords(NamedTuple):
    """The different leaf labels of a block, and how many of them make a row its header."""

    leaves: tuple[frozenset[str], ...]
    enough: int


class Vocabulary(NamedTuple):
    """The labels of one table in one spelling.

    ``leaves`` are the labels of columns, ``labels`` those and the labels of the headers above them.
    """

    table: Table
    lines: dict[str, Line]
    leaves: frozenset[str]
    labels: frozenset[str]
    blocks: tuple[BlockWords, ...]
    columns: tuple[ColumnWords, ...]


def _labels(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(label(name) for name in names)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


@cache
def vocabulary(edition: Edition, key: str) -> Vocabulary:
    """The words of one table of ``edition``."""
    table = outline(edition).tables[key]
    columns = tuple(_column_words(table))
    leaves: set[str] = set()
    spanners: set[str] = set()
    for column in columns:
        leaves.update(column.names)
        spanners.update(*column.parents)
    lines: dict[str, Line] = {}
    for line in table.lines:
        for name in line.names:
            lines[label(name)] = line
    return Vocabulary(
        table=table,
        lines=lines,
        leaves=frozenset(leaves),
        labels=frozenset(leaves | spanners),
        blocks=tuple(map(_block_words, table.blocks)),
        columns=columns,
    )


def _column_words(table: Table) -> Iterator[ColumnWords]:
    for block in table.blocks:
        for column in block.columns:
            names = _labels(column.names)
            parents = tuple(map(_labels, column.parents))
            yield ColumnWords(names, parents, column)


def _block_words(block: Block) -> BlockWords:
    """Half of the leaf labels make a header, and one more where groups of columns share them."""
    labels = [_labels(column.names) for column in block.columns]
    leaves = tuple(dict.fromkeys(labels))
    are_shared = len(leaves) < len(block.columns)
    half = len(leaves) // 2
    return BlockWords(leaves, max(1, half + are_shared))


def is_header(words: Vocabulary, meant: Iterable[frozenset[str]]) -> bool:
    """Whether a row whose cells may mean ``meant`` holds enough leaf labels of some block."""
    held = _union(meant)
    for block in words.blocks:
        missing = sum(map(held.isdisjoint, block.leaves))
        if len(block.leaves) - missing >= block.enough:
            return True
    return False


def may_have_header(words: Vocabulary, text: GridText) -> bool:
    """Whether a grid may have a header of a table: few grids have enough of its labels anywhere."""
    if words.leaves.isdisjoint(text.all):
        return False
    return is_header(words, [text.all])


def is_any_header(cells: Iterable[str | None]) -> bool:
    """Whether the cells of a row are the column labels of a statutory table of any edition."""
    meant = []
    for cell in cells:
        if cell:
            meant.append(spellings(cell))
    for edition in EDITIONS.values():
        for key in edition.tables:
            if is_header(vocabulary(edition, key), meant):
                return True
    return False


class GridText:
    """The texts of a grid with merged areas filled, and how each may be meant.

    Each property is worked out once, when it is first asked for.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid

    @cached_property
    def all(self) -> frozenset[str]:
        """How any text of the grid may be meant: most grids hold no word of a table."""
        texts: set[str] = set()
        for raw in set(chain.from_iterable(self.grid.rows)):
            if isinstance(raw, str) and may_be_label(raw):
                texts.add(raw)
        return _union(map(spellings, texts))

    @cached_property
    def rows(self) -> list[list[str]]:
        """The text of every cell, that of a merged area in all of its cells."""
        return _filled(self.grid)

    @cached_property
    def meant(self) -> list[dict[int, frozenset[str]]]:
        """For each row, how the text of each column that has one may be meant."""
        found = []
        for row in self.rows:
            meant = {}
            for column, text in enumerate(row):
                if text:
                    meant[column] = spellings(text)
            found.append(meant)
        return found

    @cached_property
    def numeric(self) -> list[bool]:
        """Whether a row holds a number."""
        return [any(map(is_number, row)) for row in self.grid.rows]

    def at(self, row: int, column: int) -> str:
        """The text of a cell, or of the merged area it belongs to; ``""`` for anything else."""
        texts = self.rows[row]
        if column < len(texts):
            return texts[column]
        return ""


def is_number(raw: Raw) -> bool:
    """Whether a cell holds a number, typed or printed: no header cell does."""
    if isinstance(raw, str):
        return _DIGITS.fullmatch(raw) is not None
    if isinstance(raw, bool):
        return False
    return isinstance(raw, int | float)


def _filled(grid: Grid) -> list[list[str]]:
    """The texts of a grid, that of a merged area in all of its cells."""
    rows: list[list[str]] = []
    for values in grid.rows:
        texts = [value if isinstance(value, str) else "" for value in values]
        rows.append(texts)
    for merge in grid.merges:
        anchor = grid.raw(merge.top, merge.left)
        if isinstance(anchor, str) and anchor:
            _fill_area(rows, merge, anchor)
    return rows


def _fill_area(rows: list[list[str]], merge: Merge, text: str) -> None:
    """Write one text into all cells of a merged area; rows that are too short get longer."""
    below = merge.bottom + 1
    end = merge.right + 1
    width = end - merge.left
    for row in rows[merge.top : below]:
        missing = end - len(row)
        row.extend([""] * missing)
        row[merge.left : end] = [text] * width
