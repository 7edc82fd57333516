"""Live totals and 勾稽 lights: each formula together with the value it has for the figures written.

A workbook that was never opened in Excel or WPS is read by its stored values, so every formula is
written with its own; the two are computed side by side here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from attrs import frozen

from govdisclose.form.fields import Value
from govdisclose.form.lights import BALANCED, HAS_TEXT, OFF, PENDING
from govdisclose.form.outline import Relation

Shown: TypeAlias = Value | str | float
"""What a data cell of the workbook shows."""

Places: TypeAlias = Mapping[str, tuple[int, int]]


@frozen
class Formula:
    """A formula and its value; an empty text is what a formula shows that has nothing to add."""

    text: str
    value: Value | float | str


def ranges(cells: Iterable[tuple[int, int]]) -> list[str]:
    """Cells as A1 ranges, neighbours in a row or a column joined: ``["D6:I6"]``."""
    from xlsxwriter.utility import xl_range

    runs: list[list[tuple[int, int]]] = []
    for row, column in cells:
        last = runs[-1] if runs else []
        steps = (
            [(last[1][0] - last[0][0], last[1][1] - last[0][1])]
            if len(last) > 1
            else [(0, 1), (1, 0)]
        )
        if last and (row - last[-1][0], column - last[-1][1]) in steps:
            last.append((row, column))
        else:
            runs.append([(row, column)])
    return [xl_range(*run[0], *run[-1]) for run in runs]


def _numbers(paths: Iterable[str], shown: Mapping[str, Shown]) -> list[Decimal]:
    values = (shown[path] for path in paths)
    return [Decimal(str(v)) for v in values if v is not None and not isinstance(v, str)]


def total(relation: Relation, shown: Mapping[str, Shown], places: Places) -> Formula | None:
    """The live total, or ``None`` when the report states something else than its sum.

    A stated total must come back as it was stated, right or wrong, and a blank one blank.
    """
    addends = _numbers(relation.left, shown)
    value = sum(addends) if addends else None
    if shown[relation.right[0]] != value:
        return None
    cells = ",".join(ranges(places[path] for path in relation.left))
    return Formula(f'=IF(COUNT({cells})=0,"",SUM({cells}))', "" if value is None else value)


def light(relation: Relation, shown: Mapping[str, Shown], places: Places) -> Formula:
    """Whether ``relation`` holds: ``√ 平``, ``差 -9`` (right side less left side), or nothing yet."""
    left, right = (
        ranges(places[path] for path in side) for side in (relation.left, relation.right)
    )
    # Not COUNTIF(…,"?*"): LibreOffice counts numbers with it. An empty total is an empty text.
    texts = "+".join(f"SUMPRODUCT(ISTEXT({cells})*(LEN({cells})>0))" for cells in left + right)
    one, other = ",".join(left), ",".join(right)
    gap = f"SUM({other})-SUM({one})"
    formula = (
        f'=IF({texts}>0,"{HAS_TEXT}",IF(COUNT({one},{other})=0,"",IF(COUNT({other})=0,"{PENDING}",'
        f'IF({gap}=0,"{BALANCED}","{OFF}"&IF({gap}>0,"+","")&({gap})))))'
    )
    return Formula(formula, _verdict(relation, shown))


def _verdict(relation: Relation, shown: Mapping[str, Shown]) -> str:
    left, right = (_numbers(side, shown) for side in (relation.left, relation.right))
    if any(isinstance(shown[path], str) for path in relation.paths):
        return HAS_TEXT
    if not left and not right:
        return ""
    if not right:
        return PENDING
    difference = sum(right) - sum(left)
    return f"{OFF}{Decimal(difference).normalize():+f}" if difference else BALANCED
