"""The sheet 说明事项 → the reasons that the agency has recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from govdisclose.form.explanation import Explanation
from govdisclose.form.sheets import EXPLANATION_COLUMNS, EXPLANATIONS_SHEET
from govdisclose.read.grid import Grid, Position
from govdisclose.read.tables.labels import label, squeeze
from govdisclose.read.workbook.cell_texts import is_unreadable, text_of

_WANTED = tuple(map(label, EXPLANATION_COLUMNS))


class Explanations(NamedTuple):
    """The recorded reasons; ``cells`` are those of ``sheet`` that were read."""

    entries: tuple[Explanation, ...] = ()
    sheet: str | None = None
    cells: frozenset[Position] = frozenset()


def read_explanations(grids: Sequence[Grid]) -> Explanations:
    """The reasons below the header of 说明事项; none without sheet or header."""
    for grid in grids:
        if squeeze(grid.name) == EXPLANATIONS_SHEET:
            return _entries(grid)
    return Explanations()


def _entries(grid: Grid) -> Explanations:
    header = _header(grid)
    if header is None:
        return Explanations()
    entries = []
    cells: set[Position] = set()
    first = header.row + 1
    for row in range(first, len(grid.rows)):
        for column in header.columns:
            cells.add((row, column))
        entry = _entry(grid, row, header.columns)
        if entry is not None:
            entries.append(entry)
    return Explanations(tuple(entries), grid.name, frozenset(cells))


class _ExplanationHeader(NamedTuple):
    """The row of the column names, and the column of each."""

    row: int
    columns: list[int]


def _header(grid: Grid) -> _ExplanationHeader | None:
    """The first row that holds all of the column names."""
    for row, line in enumerate(grid.rows):
        names = [label(raw) if isinstance(raw, str) else "" for raw in line]
        if set(_WANTED) <= set(names):
            columns = [names.index(name) for name in _WANTED]
            return _ExplanationHeader(row, columns)
    return None


def _entry(grid: Grid, row: int, columns: list[int]) -> Explanation | None:
    """The reason in a row; ``None`` if the row is blank."""
    texts: list[str] = []
    for column in columns:
        raw = grid.raw(row, column)
        text = text_of(raw)
        texts.append(text.strip())
    code, cell, value, reason = texts
    last = grid.raw(row, columns[-1])
    if is_unreadable(last):
        reason = ""  # nobody has given that one
    if not code and not cell and not value and not reason:
        return None
    place = grid.place(row, columns[0])
    return Explanation(code.upper(), cell, value, reason, place)
