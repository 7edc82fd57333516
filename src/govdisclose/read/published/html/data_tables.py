"""Which tables of a page hold values, and which only lay out the page."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from govdisclose.read.published.html.tree import visit

_LONG_CELL = 300
"""A cell with more characters holds an article, not a label or a number."""


@define
class _Extent:
    """The content of a table, while it is being counted."""

    cells: int = 0
    cells_of_inner_tables: int = 0
    is_layout: bool = False


@define
class _Counter:
    """Counts the cells and letters of tables during a walk over the page."""

    found: set[Any] = field(factory=set)
    tables: list[_Extent] = field(factory=list)
    letters: list[int] = field(factory=list)

    def start(self, node: Any) -> bool:
        """Enter an element; every one is gone into."""
        if node.tag == "table":
            self.tables.append(_Extent())
        elif node.tag in ("td", "th"):
            self.letters.append(0)
            if self.tables:
                self.tables[-1].cells += 1
        self._count(node.text)
        return True

    def end(self, node: Any) -> None:
        """Leave an element."""
        if node.tag == "table":
            self._end_table(node)
        elif node.tag in ("td", "th"):
            self._end_cell()
        self._count(node.tail)

    def _count(self, text: str | None) -> None:
        if text and self.letters:
            words = text.split()
            self.letters[-1] += sum(map(len, words))

    def _end_cell(self) -> None:
        length = self.letters.pop()
        if self.tables and length > _LONG_CELL:
            self.tables[-1].is_layout = True
        if self.letters:
            self.letters[-1] += length

    def _end_table(self, node: Any) -> None:
        """Decide on a table, and let the table around it know."""
        extent = self.tables.pop()
        if extent.cells > 1 and not extent.is_layout:
            self.found.add(node)
        cells = extent.cells + extent.cells_of_inner_tables
        if self.tables:
            outer = self.tables[-1]
            outer.cells_of_inner_tables += cells
            outer.is_layout = outer.is_layout or cells > 1


def data_tables(root: Any) -> set[Any]:
    """The tables that hold values: no article in a cell, and no inner table with several cells."""
    counter = _Counter()
    visit(root, counter.start, counter.end)
    return counter.found
