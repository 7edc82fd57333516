"""Totals whose formula was never calculated: taken only where the formula is the statutory sum
itself.

A workbook filled by a script carries the formulas of its totals without results. The formula is a
promise of one number when it adds exactly the cells that the statute adds; any other formula is
left alone and reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from govdisclose.form.fields import Value
from govdisclose.form.outline import Outline
from govdisclose.read.grid import Merge, Position, position

_REF = r"\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?"
_SUM = rf"=(?:IF\(COUNT\((?P<guard>[^()]*)\)=0,\"\",)?SUM\((?P<refs>{_REF}(?:,{_REF})*)\)\)?"
_PLUS = r"=(?P<refs>\$?[A-Z]{1,3}\$?\d+(?:\+\$?[A-Z]{1,3}\$?\d+)+)"

_MOST_ROWS, _MOST_COLUMNS = 500, 50
"""No statutory sum adds cells farther apart; a formula over a whole sheet is not spelled out."""


class SheetPosition(NamedTuple):
    """A cell of a workbook; row and column are counted from 0."""

    sheet: str
    row: int
    column: int


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
    known = dict(values)
    filled: dict[str, Value] = {}
    for path in _in_order(own, unknown):
        total = _sum(own[path], known)
        known[path] = total
        filled[path] = total
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
    known = dict(values)
    shown: dict[str, Value] = {}
    for path in _in_order(own, ()):
        addends: Sequence[str] = own[path]
        formula = formulas[path].upper()
        if "SUM(" in formula:
            addends = [addend for addend in addends if addend not in texts]
        total = _sum(addends, known)
        known[path] = total
        shown[path] = total
    return shown


def _in_order(own: Addends, unknown: Collection[str]) -> Iterator[str]:
    """The totals, each after those that it adds; without those that add an ``unknown`` cell."""
    waiting = dict(own)
    while True:
        not_yet = {*waiting, *unknown}
        ready: list[str] = []
        for path, addends in waiting.items():
            if not_yet.isdisjoint(addends):
                ready.append(path)
        if not ready:
            return
        for path in ready:
            del waiting[path]
        yield from ready


def _sum(addends: Iterable[str], values: Mapping[str, Value]) -> Value:
    """The sum of the filled cells; blank when all are blank."""
    filled = []
    for addend in addends:
        value = values.get(addend)
        if value is not None:
            filled.append(value)
    return sum(filled) if filled else None


def _addends(
    form: Outline, path: str, formula: str, positions: Mapping[str, SheetPosition]
) -> tuple[str, ...] | None:
    """The cells of a statutory sum, if the formula adds exactly these."""
    cells = _references(formula)
    if not cells:
        return None
    sheet = positions[path].sheet
    added = {SheetPosition(sheet, row, column) for row, column in cells}
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
    for reference in re.split(r"[,+]", references):
        area = referenced_area(reference)
        cells.update(area.cells())
    return cells


def referenced_area(reference: str) -> Merge:
    """The area that a reference like ``D6:I6`` or ``D6`` names, as far as a sum may reach."""
    first, _, last = reference.partition(":")
    top, left = position(first)
    bottom, right = position(last or first)
    lowest = top + _MOST_ROWS
    rightmost = left + _MOST_COLUMNS
    return Merge(top, left, min(bottom, lowest), min(right, rightmost))
