"""Totals whose formula was never calculated: taken only where the formula is the statutory sum
itself.

A workbook filled by a script carries the formulas of its totals without results. The formula is a
promise of one number when it adds exactly the cells that the statute adds; any other formula is
left alone and reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from govdisclose.form.fields import Value
from govdisclose.form.outline import Outline
from govdisclose.read.grid import Merge, Position, position

_REF = r"\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?"
_SUM = rf"=(?:IF\(COUNT\((?P<guard>[^()]*)\)=0,\"\",)?SUM\((?P<refs>{_REF}(?:,{_REF})*)\)\)?"
_PLUS = r"=(?P<refs>\$?[A-Z]{1,3}\$?\d+(?:\+\$?[A-Z]{1,3}\$?\d+)+)"

_MOST_ROWS, _MOST_COLUMNS = 500, 50
"""No statutory sum adds cells farther apart; a formula over a whole sheet is not spelled out."""

SheetPosition: TypeAlias = tuple[str, int, int]
"""Sheet, row and column (zero-based)."""

Addends: TypeAlias = Mapping[str, tuple[str, ...]]
"""Total → the cells it adds."""


def own_totals(
    form: Outline, formulas: Mapping[str, str], positions: Mapping[str, SheetPosition]
) -> dict[str, tuple[str, ...]]:
    """The formulas that are a statutory sum themselves: total → the cells it adds."""
    found: dict[str, tuple[str, ...]] = {}
    for path, formula in formulas.items():
        addends = _addends(form, path, formula, positions)
        if addends is not None:
            found[path] = addends
    return found


def fill_totals(
    values: Mapping[str, Value], own: Addends, unknown: Collection[str]
) -> dict[str, Value]:
    """The totals ``own`` that can be worked out from ``values``.

    A total over blank cells only is blank, as the formula would show it. One that adds an
    ``unknown`` cell cannot be worked out.
    """
    filled: dict[str, Value] = {}
    for path in _in_order(own, unknown):
        known = {**values, **filled}
        values_added = [known.get(addend) for addend in own[path]]
        filled[path] = _sum(values_added)
    return filled


def spreadsheet_totals(
    values: Mapping[str, Value],
    own: Addends,
    formulas: Mapping[str, str],
    texts: Collection[str],
) -> dict[str, Value]:
    """The numbers that Excel and LibreOffice show for the totals ``own``.

    ``SUM`` leaves the numbers in ``texts`` out, ``+`` does not. ``values`` hold the results of
    ``fill_totals``, which worked out all of ``own``.
    """
    shown: dict[str, Value] = {}
    for path in _in_order(own, ()):
        addends = own[path]
        if "SUM(" in formulas[path].upper():
            counted = [addend for addend in addends if addend not in texts]
            addends = tuple(counted)
        known = {**values, **shown}
        shown[path] = _sum([known.get(addend) for addend in addends])
    return shown


def _in_order(own: Addends, unknown: Collection[str]) -> Iterator[str]:
    """The totals, each after those that it adds; without those that add an ``unknown`` cell."""
    waiting = dict(own)
    while True:
        ready: list[str] = []
        for path, addends in waiting.items():
            is_waiting = any(addend in waiting for addend in addends)
            is_unknown = any(addend in unknown for addend in addends)
            if not is_waiting and not is_unknown:
                ready.append(path)
        if not ready:
            return
        for path in ready:
            del waiting[path]
        yield from ready


def _sum(values: Iterable[Value]) -> Value:
    """The sum of the filled cells; blank when all are blank."""
    filled = [value for value in values if value is not None]
    return sum(filled) if filled else None


def _addends(
    form: Outline, path: str, formula: str, positions: Mapping[str, SheetPosition]
) -> tuple[str, ...] | None:
    """The cells of a statutory sum, if the formula adds exactly these."""
    cells = _references(formula)
    if not cells:
        return None
    sheet, _, _ = positions[path]
    added = {(sheet, row, column) for row, column in cells}
    for relation in form.totals.get(path, ()):
        wanted = {positions.get(addend) for addend in relation.left}
        if wanted == added:
            return relation.left
    return None


def _references(formula: str) -> set[Position]:
    """The (row, column) of every cell a plain sum adds; empty for any other formula."""
    without_blanks = formula.replace(" ", "")
    plain = without_blanks.upper()
    match = re.fullmatch(_SUM, plain)
    if match is None:
        match = re.fullmatch(_PLUS, plain)
    if match is None:
        return set()
    cells: set[Position] = set()
    references = match["refs"].replace("$", "")
    for part in re.split(r"[,+]", references):
        first, _, last = part.partition(":")
        top, left = position(first)
        bottom, right = position(last or first)
        bottom = min(bottom, top + _MOST_ROWS)
        right = min(right, left + _MOST_COLUMNS)
        area = Merge(top, left, bottom, right)
        cells.update(area.cells())
    return cells
