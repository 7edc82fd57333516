"""Add up reports of one edition: first the addends, cell by cell, then the totals from the addends.

Values are plain sequences in printed order here, because thousands of reports are held at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline


class _Total(NamedTuple):
    """A total and the cells it adds, by their positions."""

    position: int
    addends: tuple[int, ...]


class _BalanceSides(NamedTuple):
    """The two sides of a balance, by the positions of their cells."""

    left: tuple[int, ...]
    right: tuple[int, ...]


@cache
def _positions(edition: Edition) -> dict[str, int]:
    """The position of every cell in printed order."""
    return {path: position for position, path in enumerate(outline(edition).cells)}


def _positions_of(paths: Iterable[str], edition: Edition) -> tuple[int, ...]:
    positions = _positions(edition)
    return tuple(positions[path] for path in paths)


@cache
def _totals(edition: Edition) -> tuple[_Total, ...]:
    """Every total, each after all totals that it adds."""
    positions = _positions(edition)
    ordered: list[_Total] = []
    for path, addends in _ordered_totals(edition):
        added = _positions_of(addends, edition)
        total = _Total(positions[path], added)
        ordered.append(total)
    return tuple(ordered)


def _ordered_totals(edition: Edition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The path of every total and of its addends, each total after all totals that it adds."""
    waiting: dict[str, tuple[str, ...]] = {}
    for path, relations in outline(edition).totals.items():
        waiting[path] = relations[0].left
    while waiting:
        still_waiting = dict(waiting)
        for path, addends in still_waiting.items():
            if waiting.keys().isdisjoint(addends):
                yield path, addends
                del waiting[path]


@cache
def _balances(edition: Edition) -> tuple[_BalanceSides, ...]:
    balances = []
    for balance in outline(edition).balances:
        left = _positions_of(balance.left, edition)
        right = _positions_of(balance.right, edition)
        balances.append(_BalanceSides(left, right))
    return tuple(balances)


def balanced(edition: Edition, values: Sequence[Value]) -> bool:
    """Whether every balance of the form holds; a blank counts as 0."""
    for balance in _balances(edition):
        left = _sum_at(balance.left, values)
        right = _sum_at(balance.right, values)
        if left != right:
            return False
    return True


def _sum_at(positions: Iterable[int], values: Sequence[Value]) -> int | Decimal:
    return sum([values[position] or 0 for position in positions])


def with_derived_totals(edition: Edition, values: Sequence[Value]) -> tuple[Value, ...]:
    """The same cells with every total replaced by the sum of its addends.

    A total is blank if all of its addends are.
    """
    derived = list(values)
    for total in _totals(edition):
        addends = [derived[position] for position in total.addends]
        filled = [addend for addend in addends if addend is not None]
        result = sum(filled) if filled else None
        derived[total.position] = result
    return tuple(derived)


def add_onto(sums: list[Value], values: Sequence[Value]) -> None:
    """Add one report's cells to running ``sums`` in place.

    A blank adds nothing; a cell that is blank in all reports stays blank.
    """
    for position, value in enumerate(values):
        if value is not None:
            so_far = sums[position]
            sums[position] = value if so_far is None else so_far + value
