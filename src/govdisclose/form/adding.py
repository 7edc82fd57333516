"""Reports of one edition added up: addends cell by cell, totals from the addends, as the statute adds.

Values travel as plain sequences in printed order here, since thousands of reports are held at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline


@cache
def _steps(edition: Edition) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Each total and its addends, by position, in an order in which every addend is known."""
    form = outline(edition)
    position = {path: i for i, path in enumerate(form.cells)}
    waiting = {path: relations[0].left for path, relations in form.totals.items()}
    steps = []
    while waiting:
        ready = [path for path, addends in waiting.items() if waiting.keys().isdisjoint(addends)]
        steps += [(position[path], tuple(position[a] for a in waiting.pop(path))) for path in ready]
    return tuple(steps)


@cache
def _balances(edition: Edition) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    form = outline(edition)
    position = {path: i for i, path in enumerate(form.cells)}
    return tuple(
        (tuple(map(position.__getitem__, b.left)), tuple(map(position.__getitem__, b.right)))
        for b in form.balances
    )


def balanced(edition: Edition, values: Sequence[Value]) -> bool:
    """Whether every balance of the form holds; a blank counts as 0."""
    return all(
        sum(values[i] or 0 for i in left) == sum(values[i] or 0 for i in right)
        for left, right in _balances(edition)
    )


def with_derived_totals(edition: Edition, values: Sequence[Value]) -> tuple[Value, ...]:
    """The same cells, every total replaced by the sum of its addends; blank when all of them are."""
    derived = list(values)
    for total, addends in _steps(edition):
        filled = [v for v in (derived[a] for a in addends) if v is not None]
        derived[total] = sum(filled) if filled else None
    return tuple(derived)


def add_onto(sums: list[Value], values: Sequence[Value]) -> None:
    """Add one report's cells to running ``sums`` in place; a blank adds nothing and stays one where all are blank."""
    for i, value in enumerate(values):
        if value is not None:
            so_far = sums[i]
            sums[i] = value if so_far is None else so_far + value
