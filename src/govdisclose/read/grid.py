"""A grid of raw cells, each with its place: every reader turns its tables into grids.

A grid knows nothing of the form. Rows and columns are zero-based.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import NamedTuple, TypeAlias

from attrs import field, frozen

from govdisclose.finding import Place


@frozen
class ErrorValue:
    """An Excel error stored as a cell's value: ``#REF!``."""

    text: str


@frozen
class Uncalculated:
    """A formula whose value was never stored."""

    formula: str


@frozen
class Picture:
    """A picture where a value is expected (WPS ``DISPIMG``)."""


@frozen
class Unseen:
    """A figure that may look different from the text in the file: the text, and why."""

    text: str
    why: str


_FIGURE = r"[^\u4e00-\u9fff]*[\d\uff10-\uff19①-⑳][^\u4e00-\u9fff]*[件条份宗个项次起万元]{0,2}\W*"
_FIGURE_LENGTH = 30


def is_figure(text: str) -> bool:
    """Whether somebody may take a text without blanks for a figure.

    A cell without text is one: it may show a figure in another way.
    """
    if not text:
        return True
    if len(text) > _FIGURE_LENGTH:
        return False
    return re.fullmatch(_FIGURE, text) is not None


_Stored: TypeAlias = str | int | float | Decimal | bool | datetime | date | time | timedelta
Raw: TypeAlias = _Stored | ErrorValue | Uncalculated | Picture | Unseen | None
"""The content of a cell before it is read; a ``Decimal`` comes only from JSON."""


Position: TypeAlias = tuple[int, int]
"""The row and the column of a cell, both counted from 0."""


class Merge(NamedTuple):
    """A merged area, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def cells(self) -> Iterator[Position]:
        """Every (row, column) in the area."""
        rows = range(self.top, self.bottom + 1)
        columns = range(self.left, self.right + 1)
        return product(rows, columns)


def column_letters(index: int) -> str:
    """0 → ``A``, 26 → ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


REMEMBERED_ROWS = 1000
"""Addresses beyond are not remembered: only lists of thousands are so long, and each of their
addresses is asked for once.
"""


def cell_address(row: int, column: int) -> str:
    """A cell's address as Excel writes it."""
    return f"{column_letters(column)}{row + 1}"


a1 = lru_cache(maxsize=1024)(cell_address)
"""As ``cell_address``: a workbook has some 600 of them."""


@lru_cache(maxsize=4096)
def position(address: str) -> Position:
    """``AA3`` → (2, 26): the zero-based row and column of a cell's address."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        digit = ord(letter) - ord("A") + 1
        column = column * 26 + digit
    row = int(address[len(letters) :])
    return row - 1, column - 1


@frozen
class Grid:
    """Raw cells of one sheet or one table.

    ``name`` is that of the sheet; ``cell_name`` turns row and column into the name a user looks
    for. Two grids with the same ``layout``, if it is known, have the same texts and kinds of values
    in the same cells; two worksheets with the same ``shell`` differ in nothing but the values of
    their cells. ``far`` are filled cells that are not in ``rows``, because they are far from all
    others.
    """

    file: str | None
    name: str
    rows: list[list[Raw]] = field(repr=False)
    merges: tuple[Merge, ...] = ()
    cell_name: Callable[[int, int], str] = a1
    layout: Hashable = field(default=None, eq=False, repr=False)
    shell: Hashable = field(default=None, eq=False, repr=False)
    far: tuple[Position, ...] = ()

    def place(self, row: int, column: int | None = None) -> Place:
        """Where a cell is; without ``column``, its row."""
        if column is None:
            line = f"第{row + 1}行"
            return Place(self.file, self.name, line)
        cell = self.cell_name(row, column)
        return Place(self.file, self.name, cell)

    @property
    def whole(self) -> Place:
        """The place of the sheet or table itself."""
        return Place(self.file, self.name)

    def raw(self, row: int, column: int) -> Raw:
        """The value of a cell, ``None`` outside the grid."""
        try:
            return self.rows[row][column]
        except IndexError:
            return None

    def raws(self, cells: Collection[Position]) -> list[Raw]:
        """The value of each of several cells, as ``raw`` gives them."""
        rows = self.rows
        try:
            return [rows[row][column] for row, column in cells]
        except IndexError:
            return [self.raw(row, column) for row, column in cells]
