"""Live totals and 勾稽 lights: each formula together with its value for the figures written.

A workbook that was never opened in Excel or WPS is read by its stored values, so every formula is
written with its value. This module computes both side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple, TypeAlias

from attrs import frozen

from govdisclose.form.balance_lights import BALANCED, HAS_TEXT, OFF, PENDING
from govdisclose.form.fields import Value
from govdisclose.form.outline import Relation

Shown: TypeAlias = Value | str | float
"""What a data cell of the workbook shows."""


class CellPlace(NamedTuple):
    """Zero-based row and column of a cell."""

    row: int
    column: int

    @property
    def address(self) -> str:
        """The cell as Excel names it: ``D6``."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(self.row, self.column))

    def on(self, sheet: str) -> str:
        """The cell as formulas of other sheets name it."""
        return f"'{sheet}'!{self.address}"


@frozen
class Formula:
    """A formula and its value; an empty text where the formula has nothing to add."""

    text: str
    value: Value | float | str


@cache
def ranges(cells: tuple[CellPlace, ...]) -> tuple[str, ...]:
    """Cells as A1 ranges, neighbours in a row or a column joined: ``("D6:I6",)``.

    They are cells of the form: every workbook of an edition asks for the same few.
    """
    found: list[str] = []
    for run in _runs(cells):
        area = run[0].address
        if len(run) > 1:
            end = run[-1].address
            area = f"{area}:{end}"
        found.append(area)
    return tuple(found)


def _runs(cells: Iterable[CellPlace]) -> Iterator[list[CellPlace]]:
    """Cells in runs: each cell is the next one in the direction of its run."""
    run: list[CellPlace] = []
    for cell in cells:
        if run and not _continues(run, cell):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


_DOWN = CellPlace(1, 0)
_RIGHT = CellPlace(0, 1)


def _continues(run: list[CellPlace], cell: CellPlace) -> bool:
    """Whether a cell is the next one of a run, in the direction that the run has."""
    step = _step(run[-1], cell)
    if len(run) == 1:
        return step in (_DOWN, _RIGHT)
    first, second, *_ = run
    return step == _step(first, second)


def _step(start: CellPlace, end: CellPlace) -> CellPlace:
    down = end.row - start.row
    right = end.column - start.column
    return CellPlace(down, right)


NOTHING = '""'
"""The term of a formula for an empty text."""


def literal(text: str) -> str:
    """The term of a formula for a text."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def if_term(condition: str, then: str, otherwise: str) -> str:
    """A term of a formula that is one of two terms."""
    return f"IF({condition},{then},{otherwise})"


@frozen
class ShownTable:
    """The values that the cells of a table show, and the places of the cells, by path."""

    shown: Mapping[str, Shown]
    places: Mapping[str, CellPlace]

    def total(self, relation: Relation) -> Formula | None:
        """The live total, or ``None`` if the report states another value than the sum.

        A stated total must be read back as it was stated, right or wrong, and a blank one as blank.
        """
        addends = self._numbers(relation.left)
        value = sum(addends) if addends else None
        (path,) = relation.right
        if self.shown[path] != value:
            return None
        cells = self._cells(relation.left)
        is_blank = f"COUNT({cells})=0"
        term = if_term(is_blank, NOTHING, f"SUM({cells})")
        now = "" if value is None else value
        return Formula(f"={term}", now)

    def light(self, relation: Relation) -> Formula:
        """Whether ``relation`` holds: ``√ 平``, ``差 -9`` (right side less left side), or nothing
        yet.
        """
        left = self._cells(relation.left)
        right = self._cells(relation.right)
        texts = self._count_texts(relation)
        gap = f"SUM({right})-SUM({left})"
        plus = if_term(f"{gap}>0", literal("+"), NOTHING)
        word = literal(OFF)
        off = f"{word}&{plus}&({gap})"
        has_text = f"{texts}>0"
        is_blank = f"COUNT({left},{right})=0"
        is_pending = f"COUNT({right})=0"
        is_balanced = f"{gap}=0"
        # The last question first: each is asked only where the one below it is answered with no.
        term = if_term(is_balanced, literal(BALANCED), off)
        term = if_term(is_pending, literal(PENDING), term)
        term = if_term(is_blank, NOTHING, term)
        term = if_term(has_text, literal(HAS_TEXT), term)
        now = self._verdict(relation)
        return Formula(f"={term}", now)

    def _count_texts(self, relation: Relation) -> str:
        """A term that counts the texts among the cells; the empty text of a total does not count."""
        counts: list[str] = []
        for side in (relation.left, relation.right):
            for cells in self._ranges(side):
                # Not COUNTIF(…,"?*"): LibreOffice counts numbers with it.
                count = f"SUMPRODUCT(ISTEXT({cells})*(LEN({cells})>0))"
                counts.append(count)
        return "+".join(counts)

    def _verdict(self, relation: Relation) -> str:
        """The text that the light has for the values shown."""
        values = [self.shown[path] for path in relation.paths]
        if any(isinstance(value, str) for value in values):
            return HAS_TEXT
        left = self._numbers(relation.left)
        right = self._numbers(relation.right)
        if not left and not right:
            return ""
        if not right:
            return PENDING
        gap = sum(right) - sum(left)
        if not gap:
            return BALANCED
        exact = Decimal(gap).normalize()
        return f"{OFF}{exact:+f}"

    def _numbers(self, paths: Iterable[str]) -> list[Decimal]:
        """The numbers among the values shown, exact as they are written."""
        found = []
        for path in paths:
            value = self.shown[path]
            if value is None or isinstance(value, str):
                continue
            exact = Decimal(str(value))
            found.append(exact)
        return found

    def _ranges(self, paths: Iterable[str]) -> tuple[str, ...]:
        cells = [self.places[path] for path in paths]
        return ranges(tuple(cells))

    def _cells(self, paths: Iterable[str]) -> str:
        """Cells as the arguments of a function."""
        return ",".join(self._ranges(paths))
