"""Layouts seen before: a grid with the same texts and the same kinds of values has its cells in the same places.

Books made from one blank workbook differ in their numbers only, so the second of them, and every
document written through one template, is matched by looking its layout up.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.read.grid import Grid
from govdisclose.read.tables.match import Match, match_table
from govdisclose.read.tables.vocabulary import GridText, vocabulary

LIMIT = 128
"""How many layouts are remembered; a city's books have a handful."""

_known: dict[Hashable, dict[Hashable, Any]] = {}
"""Layout → question → what was found. A layout is long: it is hashed once a grid."""


class Matcher:
    """One grid, ready to be held against tables; most grids hold no word of any, and are not looked at again."""

    def __init__(self, grid: Grid, *, printed: bool = False) -> None:
        self.grid, self._printed = grid, printed
        self._text = GridText(grid)
        self._found = remembered(grid) if grid.layout in _known else None

    def match(self, edition: Edition, key: str) -> Match | None:
        """What ``match_table`` gives. Only matches without findings, and grids without a table, are remembered."""
        if self._found is None:
            if vocabulary(edition, key).leaves.isdisjoint(self._text.all):
                return None
            self._found = remembered(self.grid)
        name = (edition.name, key, self._printed)
        if name in self._found:
            known = self._found[name]
            return (
                None
                if known is None
                else Match(outline(edition).tables[key], self.grid, known[0], (), known[1])
            )
        found = match_table(self._text, edition, key, printed=self._printed)
        if found is None or not found.findings:
            self._found[name] = None if found is None else (found.cells, found.shared)
        return found


def remembered(grid: Grid) -> dict[Hashable, Any]:
    """What was found out of grids of this layout, by question; to be added to."""
    layout = grid.layout or (
        tuple(tuple([None if raw is None else _sign(raw) for raw in row]) for row in grid.rows),
        grid.merges,
    )
    found = _known[layout] = _known.pop(layout, {})
    if len(_known) > LIMIT:
        longest_unasked, *_ = _known  # in one step: other threads may be at it
        _known.pop(longest_unasked, None)
    return found


def _sign(raw: object) -> Hashable:
    """What the matcher can tell of a cell: its text, or the kind of its value; never which number it is."""
    if isinstance(raw, str):
        return ("digits",) if raw.isascii() and raw.isdigit() else raw
    return (type(raw).__name__,)
