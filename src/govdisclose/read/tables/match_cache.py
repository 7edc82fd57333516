"""Known layouts: a grid with the same texts and the same kinds of values has its cells in the same
places.

Workbooks made from one blank workbook differ only in their numbers, so the tables of the second one
are found by looking up its layout.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.read.grid import Grid
from govdisclose.read.recent import Recurring
from govdisclose.read.tables.match import Match, match_table
from govdisclose.read.tables.vocabulary import GridText, may_have_header, vocabulary

LIMIT = 128
"""How many layouts are remembered: a dozen for each kind of workbook."""

NEW = 24
"""How many new layouts are remembered: those of two workbooks. A sheet with the name of its unit
has a layout that no other workbook has.
"""

_Answer = TypeVar("_Answer")


class MatchCache:
    """The results for grids of known layouts. Several threads may share one."""

    def __init__(self) -> None:
        self._known: Recurring[Hashable, dict[Hashable, Any]] = Recurring(LIMIT, NEW)
        """Layout → question → answer. A layout is long, so it is hashed once for each grid."""

    def knows(self, grid: Grid) -> bool:
        """Whether the layout of a grid is given and known."""
        return grid.layout is not None and grid.layout in self._known

    def answers(self, grid: Grid) -> dict[Hashable, Any]:
        """The answers known for the layout of a grid; the caller may add to them."""
        return self._answers(_layout(grid))

    def answers_for_shell(self, grid: Grid) -> dict[Hashable, Any]:
        """The answers known for all worksheets that differ from this one in their values only."""
        return self._answers(("shell", grid.shell))

    def _answers(self, layout: Hashable) -> dict[Hashable, Any]:
        found = self._known.get(layout)
        if found is None:
            found = {}
            self._known.keep(layout, found)
        return found


def asked_once(
    cache: MatchCache | None, grid: Grid, question: Hashable, find: Callable[[], _Answer]
) -> _Answer:
    """The answer that ``find`` gives to a question about a layout; a known one is not found again.

    The answer must follow from the layout of the grid alone.
    """
    if cache is None or grid.layout is None:
        return find()
    known = cache.answers(grid)
    if question not in known:
        known[question] = find()
    answer: _Answer = known[question]
    return answer


class Matcher:
    """One grid, ready to be compared with tables. Most grids hold no word of any table."""

    def __init__(
        self, grid: Grid, *, printed: bool = False, cache: MatchCache | None = None
    ) -> None:
        self.grid = grid
        self._printed = printed
        self._cache = cache
        self._text = GridText(grid)
        known = cache is not None and cache.knows(grid)
        self._answers = None
        if cache is not None and known:
            self._answers = cache.answers(grid)

    def match(self, edition: Edition, key: str) -> Match | None:
        """The result of ``match_table``.

        Only matches without findings, and the absence of a table, are remembered.
        """
        if self._answers is None:
            if not may_have_header(vocabulary(edition, key), self._text):
                return None
            self._answers = {}
            if self._cache is not None:
                self._answers = self._cache.answers(self.grid)
        question = (edition.name, key, self._printed)
        if question in self._answers:
            return self._known_match(self._answers[question], edition, key)
        found = match_table(self._text, edition, key, printed=self._printed)
        if found is None:
            self._answers[question] = None
        elif not found.findings:
            self._answers[question] = (found.cells, found.shared)
        return found

    def _known_match(self, answer: Any, edition: Edition, key: str) -> Match | None:
        if answer is None:
            return None
        cells, shared = answer
        table = outline(edition).tables[key]
        return Match(table, self.grid, cells, (), shared)


def _layout(grid: Grid) -> Hashable:
    """The layout of a grid as its reader gives it, or else made from its cells."""
    if grid.layout is not None:
        return grid.layout
    rows = []
    for row in grid.rows:
        rows.append(tuple([_sign(raw) for raw in row]))
    return tuple(rows), grid.merges


def _sign(raw: object) -> Hashable:
    """The part of a cell that the matcher uses: its text, or only the kind of its value."""
    if raw is None:
        return None
    if isinstance(raw, str):
        if raw.isascii() and raw.isdigit():
            return ("digits",)
        return raw
    return (type(raw).__name__,)
