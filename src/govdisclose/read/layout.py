"""Layouts seen before: a grid with the same texts and the same kinds of values has its cells in the same places.

Books made from one blank workbook differ in their numbers only, so the second of them, and every
document written through one template, is matched by looking its layout up.
"""

from __future__ import annotations

from collections.abc import Hashable

from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.read.grid import Grid
from govdisclose.read.match import Match, match_table
from govdisclose.read.vocabulary import GridText

LIMIT = 512
"""How many layouts are remembered; a city's books have a handful."""

_known: dict[Hashable, tuple[dict[str, tuple[int, int]], frozenset[str]] | None] = {}


class Matcher:
    """One grid, ready to be held against tables; its texts are looked at only if its layout is new."""

    def __init__(self, grid: Grid, *, printed: bool = False) -> None:
        self.grid, self._printed = grid, printed
        self._layout = grid.layout or (
            tuple(tuple([None if raw is None else _sign(raw) for raw in row]) for row in grid.rows),
            grid.merges,
        )
        self._text: GridText | None = None

    def match(self, edition: Edition, key: str) -> Match | None:
        """What ``match_table`` gives. Only matches without findings, and grids without a table, are remembered."""
        name = (edition.name, key, self._printed, self._layout)
        if name in _known:
            known = _known[name]
            return None if known is None else Match(outline(edition).tables[key], self.grid, known[0], (), known[1])
        self._text = self._text or GridText(self.grid)
        found = match_table(self._text, edition, key, printed=self._printed)
        if found is None or not found.findings:
            if len(_known) >= LIMIT:
                _known.clear()
            _known[name] = None if found is None else (found.cells, found.shared)
        return found


def _sign(raw: object) -> Hashable:
    """What the matcher can tell of a cell: its text, or the kind of its value; never which number it is."""
    if isinstance(raw, str):
        return "#" if raw.isascii() and raw.isdigit() else raw
    return type(raw).__name__
