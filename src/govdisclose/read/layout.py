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

LIMIT = 128
"""How many layouts are remembered; a city's books have a handful."""

_Found = tuple[dict[str, tuple[int, int]], frozenset[str]]
_known: dict[Hashable, dict[tuple[str, str, bool], _Found | None]] = {}
"""Layout → edition, table, whether printed → what was found. A layout is long: it is hashed once a grid."""


class Matcher:
    """One grid, ready to be held against tables; its texts are looked at only if its layout is new."""

    def __init__(self, grid: Grid, *, printed: bool = False) -> None:
        self.grid, self._printed = grid, printed
        layout = grid.layout or (
            tuple(tuple([None if raw is None else _sign(raw) for raw in row]) for row in grid.rows),
            grid.merges,
        )
        if layout not in _known and len(_known) >= LIMIT:
            _known.clear()
        self._found = _known.setdefault(layout, {})
        self._text: GridText | None = None

    def match(self, edition: Edition, key: str) -> Match | None:
        """What ``match_table`` gives. Only matches without findings, and grids without a table, are remembered."""
        name = (edition.name, key, self._printed)
        if name in self._found:
            known = self._found[name]
            return None if known is None else Match(outline(edition).tables[key], self.grid, known[0], (), known[1])
        self._text = self._text or GridText(self.grid)
        found = match_table(self._text, edition, key, printed=self._printed)
        if found is None or not found.findings:
            self._found[name] = None if found is None else (found.cells, found.shared)
        return found


def _sign(raw: object) -> Hashable:
    """What the matcher can tell of a cell: its text, or the kind of its value; never which number it is."""
    if isinstance(raw, str):
        return "#" if raw.isascii() and raw.isdigit() else raw
    return type(raw).__name__
