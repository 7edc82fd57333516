"""Live totals and 勾稽 lights: each formula together with its value for the figures written.

A workbook that was never opened in Excel or WPS is read by its stored values, so every formula is
written with its value. This module computes both side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
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


Places: TypeAlias = Mapping[str, CellPlace]


@frozen
class Formula:
    """A formula and its value; an empty text where the formula has nothing to add."""

    text: str
    value: Value | float | str


def ranges(cells: Iterable[CellPlace]) -> list[str]:
    """Cells as A1 ranges, neighbours in a row or a column joined: ``["D6:I6"]``."""
    from xlsxwriter.utility import xl_range

    found: list[str] = []
    for run in _runs(cells):
        first, last = run[0], run[-1]
        found.append(xl_range(first.row, first.column, last.row, last.column))
    return found


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


_DOWN, _RIGHT = CellPlace(1, 0), CellPlace(0, 1)


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


def _numbers(paths: Iterable[str], shown: Mapping[str, Shown]) -> list[Decimal]:
    """The numbers among the values shown, exact as they are written."""
    found = []
    for path in paths:
        value = shown[path]
        is_number = value is not None and not isinstance(value, str)
        if is_number:
            found.append(Decimal(str(value)))
    return found


def total(relation: Relation, shown: Mapping[str, Shown], places: Places) -> Formula | None:
    """The live total, or ``None`` if the report states another value than the sum.

    A stated total must be read back as it was stated, right or wrong, and a blank one as blank.
    """
    addends = _numbers(relation.left, shown)
    value = sum(addends) if addends else None
    (path,) = relation.right
    if shown[path] != value:
        return None
    cells = ",".join(_ranges_of(relation.left, places))
    is_blank = f"COUNT({cells})=0"
    term = if_term(is_blank, '""', f"SUM({cells})")
    now = "" if value is None else value
    return Formula(f"={term}", now)


def light(relation: Relation, shown: Mapping[str, Shown], places: Places) -> Formula:
    """Whether ``relation`` holds: ``√ 平``, ``差 -9`` (right side less left side), or nothing yet."""
    left_ranges = _ranges_of(relation.left, places)
    right_ranges = _ranges_of(relation.right, places)
    left = ",".join(left_ranges)
    right = ",".join(right_ranges)
    all_ranges = left_ranges + right_ranges
    texts = "+".join(map(_count_texts, all_ranges))
    gap = f"SUM({right})-SUM({left})"
    sign = if_term(f"{gap}>0", '"+"', '""')
    off = f'"{OFF}"&{sign}&({gap})'
    verdict = if_term(f"{gap}=0", f'"{BALANCED}"', off)
    is_pending = f"COUNT({right})=0"
    filled = if_term(is_pending, f'"{PENDING}"', verdict)
    is_blank = f"COUNT({left},{right})=0"
    numbers = if_term(is_blank, '""', filled)
    term = if_term(f"{texts}>0", f'"{HAS_TEXT}"', numbers)
    now = _verdict(relation, shown)
    return Formula(f"={term}", now)


def if_term(condition: str, then: str, otherwise: str) -> str:
    """A term of a formula that is one of two terms."""
    return f"IF({condition},{then},{otherwise})"


def _ranges_of(paths: Iterable[str], places: Places) -> list[str]:
    return ranges(places[path] for path in paths)


def _count_texts(cells: str) -> str:
    """A term that counts the texts of a range; the empty text of a total does not count."""
    # Not COUNTIF(…,"?*"): LibreOffice counts numbers with it.
    return f"SUMPRODUCT(ISTEXT({cells})*(LEN({cells})>0))"


def _verdict(relation: Relation, shown: Mapping[str, Shown]) -> str:
    """The text that the light has for the values shown."""
    has_text = any(isinstance(shown[path], str) for path in relation.paths)
    if has_text:
        return HAS_TEXT
    left = _numbers(relation.left, shown)
    right = _numbers(relation.right, shown)
    if not left and not right:
        return ""
    if not right:
        return PENDING
    difference = Decimal(sum(right) - sum(left)).normalize()
    if not difference:
        return BALANCED
    return f"{OFF}{difference:+f}"
