"""A data table of a page in the making, and its cells."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from govdisclose.read.grid import Grid, Merge, Position, Raw, Unseen, is_figure
from govdisclose.read.published.document import cell_name
from govdisclose.read.published.html.blanks import tidy_lines
from govdisclose.read.published.html.element_appearance import CONTROLS, ElementAppearance

_MUCH_SMALLER = 0.7
"""Letters of less than this part of the size of others may be a note mark."""
_WIDEST_SPAN = 200
"""A span is also the number of cells to make, so it is bounded."""


@define
class CellInMaking:
    """A cell: its text, and what may make the text differ from what a reader sees.

    ``knows_colours`` is false when a sheet outside the file may colour the cell.
    """

    node: Any
    knows_colours: bool = True
    pieces: list[str] = field(factory=list)
    doubt: str = ""
    odd: set[frozenset[str]] = field(factory=set)
    hidden: set[bool] = field(factory=set)
    sizes: set[float] = field(factory=set)

    def see(self, node: Any, look: ElementAppearance) -> None:
        """Note an element in the cell that may show something else than its text."""
        if self.doubt:
            return
        if node.tag in CONTROLS or node.tag == "button":
            self.doubt = "里有图片、按钮或输入框"
        elif node.tag == "ol":
            self.doubt = "有自动编号"
        else:
            self.doubt = look.doubt

    def add(self, text: str, look: ElementAppearance, unknown: frozenset[str]) -> None:
        """Add text. ``unknown`` are names by which a sheet outside the file may address it."""
        self.pieces.append(text)
        if text.strip():
            self.hidden.add(look.colours.hide_letters)
        if text.strip() and not look.raised:
            self.odd.add(look.odd | unknown)
            self.sizes.add(look.size)

    def open_bracket(self) -> None:
        """Begin raised text: it is the mark of a note, never a digit of the figure before it."""
        self.pieces.append("(")

    def close_bracket(self) -> None:
        """End raised text; brackets around nothing are taken back."""
        start = self._last_bracket()
        if start is not None:
            raised = self.pieces[start + 1 :]
            inside = "".join(raised)
            if not inside.strip():
                del self.pieces[start:]
                return
        self.pieces.append(")")

    def _last_bracket(self) -> int | None:
        for index in reversed(range(len(self.pieces))):
            if self.pieces[index] == "(":
                return index
        return None

    def raw(self) -> Raw:
        """The text of the cell, or a doubt about the figure that it shows."""
        written = "".join(self.pieces)
        text = tidy_lines(written)
        doubt = self.doubt or self._difference()
        words = text.split()
        plain = "".join(words)
        if doubt and is_figure(plain):
            return Unseen(plain, doubt)
        return text or None

    def _difference(self) -> str:
        """Why parts of the text may look different from others, in ways that cannot be known here."""
        are_known = self.knows_colours or False in self.hidden
        if True in self.hidden and are_known:
            return "里有和底色相同、看不见的字"
        if len(self.odd) > 1:
            return "一部分字的样式和其他字不同，样式写在别处或程序不认识"
        if not self.sizes:
            return ""
        smallest = min(self.sizes)
        largest = max(self.sizes)
        if smallest != largest and smallest < _MUCH_SMALLER * largest:
            return "一部分字比其他字小得多"
        return ""


@define
class TableInMaking:
    """A data table. ``loose`` is text in the table but in none of its cells, such as a caption."""

    node: Any
    knows_colours: bool = True
    rows: list[list[Raw]] = field(factory=list)
    merges: list[Merge] = field(factory=list)
    taken: set[Position] = field(factory=set)
    cell: CellInMaking | None = None
    loose: list[str] = field(factory=list)
    column: int = 0

    def start(self, node: Any) -> None:
        """Begin a row or a cell; inside a cell both are only text."""
        if self.cell is not None:
            return
        if node.tag == "tr":
            self.rows.append([])
            self.column = 0
        elif node.tag in ("td", "th") and self.rows:
            self.cell = CellInMaking(node, self.knows_colours)

    def end_cell(self) -> int:
        """Put the finished cell in its row; returns how many places it covers."""
        assert self.cell is not None
        row = len(self.rows) - 1
        column = self.column
        while (row, column) in self.taken:
            column += 1
        node = self.cell.node
        wide = _span(node, "colspan")
        high = _span(node, "rowspan")
        bottom = row + high - 1
        right = column + wide - 1
        self.column = column + wide
        area = Merge(row, column, bottom, right)
        self.taken.update(area.cells())
        line = self.rows[row]
        missing = column + 1 - len(line)
        line.extend([None] * missing)
        line[column] = self.cell.raw()
        covered = wide * high
        if covered > 1:
            self.merges.append(area)
        self.cell = None
        return covered

    def break_line(self) -> None:
        """A block begins or ends in the table."""
        pieces = self.loose
        if self.cell is not None:
            pieces = self.cell.pieces
        pieces.append("\n")

    def grid(self, file: str, name: str) -> Grid:
        """The finished table; areas that reach below its last row are cut."""
        height = len(self.rows)
        ends = [0] * height
        for row, column in self.taken:
            if row < height:
                end = column + 1
                ends[row] = max(ends[row], end)
        rows: list[list[Raw]] = []
        for row_cells, end in zip(self.rows, ends, strict=True):
            missing = end - len(row_cells)
            blanks: list[Raw] = [None] * missing
            rows.append(row_cells + blanks)
        merges: list[Merge] = []
        for area in self.merges:
            bottom = min(area.bottom, height - 1)
            merges.append(area._replace(bottom=bottom))
        return Grid(file=file, name=name, rows=rows, merges=tuple(merges), cell_name=cell_name)


def _span(cell: Any, name: str) -> int:
    written = cell.get(name) or ""
    value = written.strip()
    if not value.isascii() or not value.isdecimal():
        return 1
    span = int(value[:9])
    bounded = min(span, _WIDEST_SPAN)
    return max(1, bounded)
