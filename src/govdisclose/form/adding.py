"""Reports of one edition added up: addends cell by cell, totals from the addends, as the statute adds.

Values travel as plain sequences in printed order here, since thousands of reports are held at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline


class _Total(NamedTuple):
    """A total and the cells it adds, by their positions."""

    position: int
    addends: tuple[int, ...]


class _Balance(NamedTuple):
    """The two sides of a balance, by the positions of their cells."""

    left: tuple[int, ...]
    right: tuple[int, ...]


@cache
def _positions(edition: Edition) -> dict[str, int]:
    return {path: position for position, path in enumerate(outline(edition).cells)}


def _at(edition: Edition, paths: Iterable[str]) -> tuple[int, ...]:
    return tuple(map(_positions(edition).__getitem__, paths))


@cache
def _totals(edition: Edition) -> tuple[_Total, ...]:
    """Every total, each after all totals that it adds."""
    totals = outline(edition).totals
    waiting = {path: relations[0].left for path, relations in totals.items()}
    ordered: list[_Total] = []
    while waiting:
        ready = [path for path, addends in waiting.items() if waiting.keys().isdisjoint(addends)]
        for path in ready:
            addends = waiting.pop(path)
            ordered.append(_Total(_positions(edition)[path], _at(edition, addends)))
    return tuple(ordered)


@cache
def _balances(edition: Edition) -> tuple[_Balance, ...]:
    return tuple(
        _Balance(_at(edition, balance.left), _at(edition, balance.right))
        for balance in outline(edition).balances
    )


def balanced(edition: Edition, values: Sequence[Value]) -> bool:
    """Whether every balance of the form holds; a blank counts as 0."""
    for balance in _balances(edition):
        left = sum([values[position] or 0 for position in balance.left])
        right = sum([values[position] or 0 for position in balance.right])
        if left != right:
            return False
    return True


def with_derived_totals(edition: Edition, values: Sequence[Value]) -> tuple[Value, ...]:
    """The same cells, every total replaced by the sum of its addends; blank when all of them are."""
    derived = list(values)
    for total in _totals(edition):
        addends = [derived[position] for position in total.addends]
        filled = [addend for addend in addends if addend is not None]
        derived[total.position] = sum(filled) if filled else None
    return tuple(derived)


def add_onto(sums: list[Value], values: Sequence[Value]) -> None:
    """Add one report's cells to running ``sums`` in place.

    A blank adds nothing; a cell that is blank in all reports stays blank.
    """
    for position, value in enumerate(values):
        if value is not None:
            so_far = sums[position]
            sums[position] = value if so_far is None else so_far + value
