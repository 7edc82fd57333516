"""How the cells of a worksheet are drawn, as plain data."""

from __future__ import annotations

from typing import NamedTuple

from govdisclose.read.grid import Position
from govdisclose.read.workbook.letter_colours import BLACK, WHITE, Rgb
from govdisclose.read.workbook.styles import Style


class Run(NamedTuple):
    """A piece of a text; ``raised`` is 上标 or 下标, or empty.

    ``has_font`` unless its font is that of its cell. ``letters`` is the colour of its font,
    ``tiny`` letters are too small to be read.
    """

    text: str
    struck: bool = False
    raised: str = ""
    has_font: bool = False
    letters: Rgb | None = BLACK
    tiny: bool = False


class Appearance(NamedTuple):
    """How a cell is drawn: number formats, marks, and the runs of a rich text.

    There are several ``formats`` where programs could apply different ones. ``perhaps`` are the
    styles of conditional formats that may apply to the cell. ``letters`` and ``behind`` are the
    colours of the letters and of the cell. Of ``unseen`` letters some are tiny, or have the colour
    of the cell.
    """

    formats: tuple[str, ...] = ()
    struck: bool = False
    raised: str = ""
    runs: tuple[Run, ...] = ()
    perhaps: tuple[Style, ...] = ()
    letters: Rgb | None = BLACK
    behind: Rgb | None = WHITE
    unseen: bool = False

    @property
    def may_be_struck(self) -> bool:
        """Whether a conditional format may strike the cell out."""
        return any(style.struck for style in self.perhaps)

    @property
    def all_formats(self) -> tuple[str, ...]:
        """The number formats of the cell and of the conditional formats that may apply to it."""
        found = list(self.formats)
        for style in self.perhaps:
            found.extend(style.formats)
        return tuple(found)


class HiddenParts(NamedTuple):
    """The parts of some cells of a sheet that are not drawn. Rows and columns are zero-based.

    ``letters`` are the cells with letters that are tiny or have the colour of the cell, ``covered``
    those whose letters a conditional format may hide.
    """

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    zeros: bool = False
    letters: tuple[Position, ...] = ()
    covered: tuple[Position, ...] = ()
