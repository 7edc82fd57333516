"""Totals whose formula was never calculated: taken only where the formula is the statutory sum itself.

A workbook filled by a script carries the formulas of its totals without results. Such a formula is
a promise of one number when it adds exactly the cells that the statute adds; any other formula is
left alone and reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from govdisclose.form.fields import Value
from govdisclose.form.outline import Outline
from govdisclose.read.grid import position

_REF = r"\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?"
_SUM = rf"=(?:IF\(COUNT\((?P<guard>[^()]*)\)=0,\"\",)?SUM\((?P<refs>{_REF}(?:,{_REF})*)\)\)?"
_PLUS = r"=(?P<refs>\$?[A-Z]{1,3}\$?\d+(?:\+\$?[A-Z]{1,3}\$?\d+)+)"

Position = tuple[str, int, int]
"""Sheet, row and column (zero-based)."""


def own_totals(
    form: Outline, formulas: Mapping[str, str], positions: Mapping[str, Position]
) -> dict[str, tuple[str, ...]]:
    """The formulas that are a statutory sum themselves: total → the cells it adds."""
    return {
        path: addends
        for path in formulas
        if (addends := _addends(form, path, formulas[path], positions))
    }


def fill_totals(
    values: dict[str, Value], own: Mapping[str, tuple[str, ...]], unknown: set[str]
) -> list[str]:
    """Set the totals ``own`` in ``values``, in an order that works; the paths that were set.

    A total over blank cells only is set to blank, as the formula would show it. One that adds an
    ``unknown`` cell stays unknown.
    """
    added: list[str] = []
    waiting = dict(own)
    while known := [
        path for path in waiting if not any(a in waiting or a in unknown for a in waiting[path])
    ]:
        for path in known:
            filled = [a for a in (values.get(a) for a in waiting.pop(path)) if a is not None]
            values[path] = sum(filled) if filled else None
            added.append(path)
    return added


def spreadsheet_totals(
    values: Mapping[str, Value],
    own: Mapping[str, tuple[str, ...]],
    formulas: Mapping[str, str],
    texts: Collection[str],
) -> dict[str, Value]:
    """What Excel and LibreOffice show for the totals ``own``: ``SUM`` leaves the numbers in ``texts`` out, ``+`` does not.

    ``values`` are those of ``fill_totals``; only totals that it worked out are asked for.
    """
    shown: dict[str, Value] = {}
    waiting = dict(own)
    while known := [path for path in waiting if waiting.keys().isdisjoint(waiting[path])]:
        for path in known:
            addends = waiting.pop(path)
            if "SUM(" in formulas[path].upper():
                addends = tuple(addend for addend in addends if addend not in texts)
            filled = [
                value
                for value in (shown.get(a, values.get(a)) for a in addends)
                if value is not None
            ]
            shown[path] = sum(filled) if filled else None
    return shown


def _addends(
    form: Outline, path: str, formula: str, positions: Mapping[str, Position]
) -> tuple[str, ...] | None:
    refs = _references(formula)
    for relation in form.sums:
        if relation.right == (path,) and refs:
            where = [positions[a] for a in relation.left if a in positions]
            same_sheet = all(at[0] == positions[path][0] for at in where)
            if same_sheet and len(where) == len(relation.left) and {at[1:] for at in where} == refs:
                return relation.left
    return None


def _references(formula: str) -> set[tuple[int, int]]:
    """The (row, column) of every cell a plain sum adds; empty for any other formula."""
    plain = formula.replace(" ", "").upper()
    match = re.fullmatch(_SUM, plain) or re.fullmatch(_PLUS, plain)
    if match is None:
        return set()
    cells: set[tuple[int, int]] = set()
    for part in re.split(r"[,+]", match["refs"]):
        first, _, last = part.replace("$", "").partition(":")
        (top, left), (bottom, right) = position(first), position(last or first)
        cells |= {
            (r, c)
            for r in range(top, min(bottom, top + 500) + 1)
            for c in range(left, min(right, left + 50) + 1)
        }
    return cells
