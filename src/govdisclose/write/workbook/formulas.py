"""Live totals and 勾稽 lights: each formula together with its value for the figures written.

A workbook that was never opened in Excel or WPS is read by its stored values, so every formula is
written with its value. This module computes both side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from attrs import frozen

from govdisclose.form.balance_lights import BALANCED, HAS_TEXT, OFF, PENDING
from govdisclose.form.fields import Value
from govdisclose.form.outline import Relation

Shown: TypeAlias = Value | str | float
"""What a data cell of the workbook shows."""

Place: TypeAlias = tuple[int, int]
"""Zero-based row and column."""

Places: TypeAlias = Mapping[str, Place]


@frozen
class Formula:
    """A formula and its value; an empty text where the formula has nothing to add."""

    text: str
    value: Value | float | str


def ranges(cells: Iterable[Place]) -> list[str]:
    """Cells as A1 ranges, neighbours in a row or a column joined: ``["D6:I6"]``."""
    from xlsxwriter.utility import xl_range

    runs: list[list[Place]] = []
    for cell in cells:
        if runs and _continues(runs[-1], cell):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return [xl_range(*run[0], *run[-1]) for run in runs]


_DOWN, _RIGHT = (1, 0), (0, 1)


def _continues(run: list[Place], cell: Place) -> bool:
    """Whether a cell is the next one of a run, in the direction that the run has."""
    step = _step(run[-1], cell)
    if len(run) == 1:
        return step in (_DOWN, _RIGHT)
    return step == _step(run[0], run[1])


def _step(start: Place, end: Place) -> Place:
    return end[0] - start[0], end[1] - start[1]


def _numbers(paths: Iterable[str], shown: Mapping[str, Shown]) -> list[Decimal]:
    """The numbers among the values shown, exact as they are written."""
    found = []
    for path in paths:
        value = shown[path]
        if value is not None and not isinstance(value, str):
            found.append(Decimal(str(value)))
    return found


def total(relation: Relation, shown: Mapping[str, Shown], places: Places) -> Formula | None:
    """The live total, or ``None`` if the report states another value than the sum.

    A stated total must be read back as it was stated, right or wrong, and a blank one as blank.
    """
    addends = _numbers(relation.left, shown)
    value = sum(addends) if addends else None
    if shown[relation.right[0]] != value:
        return None
    cells = ",".join(_ranges_of(relation.left, places))
    term = if_term(f"COUNT({cells})=0", '""', f"SUM({cells})")
    return Formula(f"={term}", "" if value is None else value)


def light(relation: Relation, shown: Mapping[str, Shown], places: Places) -> Formula:
    """Whether ``relation`` holds: ``√ 平``, ``差 -9`` (right side less left side), or nothing yet."""
    left_ranges = _ranges_of(relation.left, places)
    right_ranges = _ranges_of(relation.right, places)
    left = ",".join(left_ranges)
    right = ",".join(right_ranges)
    texts = "+".join(map(_count_texts, left_ranges + right_ranges))
    gap = f"SUM({right})-SUM({left})"
    sign = if_term(f"{gap}>0", '"+"', '""')
    off = f'"{OFF}"&{sign}&({gap})'
    verdict = if_term(f"{gap}=0", f'"{BALANCED}"', off)
    filled = if_term(f"COUNT({right})=0", f'"{PENDING}"', verdict)
    numbers = if_term(f"COUNT({left},{right})=0", '""', filled)
    term = if_term(f"{texts}>0", f'"{HAS_TEXT}"', numbers)
    return Formula(f"={term}", _verdict(relation, shown))


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
    if any(isinstance(shown[path], str) for path in relation.paths):
        return HAS_TEXT
    left = _numbers(relation.left, shown)
    right = _numbers(relation.right, shown)
    if not left and not right:
        return ""
    if not right:
        return PENDING
    difference = Decimal(sum(right) - sum(left))
    if not difference:
        return BALANCED
    return f"{OFF}{difference.normalize():+f}"
