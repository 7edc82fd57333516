"""Mergers and splits of units over the years: who carries on the work of whom."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from functools import cached_property

from attrs import frozen

from govdisclose.form.grouping import grouped


@frozen
class Transfer:
    """In ``year`` work of unit ``source`` went to unit ``target``. Both are keys of a roster."""

    source: str
    target: str
    year: int


@frozen(slots=False)
class Changes:
    """The mergers and splits of a roster. Chains are followed only forward in time."""

    all: tuple[Transfer, ...] = ()

    def heirs(self, key: str, since: int, until: int) -> frozenset[str]:
        """The unit, and all that its work reached after the year ``since``, up to ``until``."""
        return _reached(key, self._onward, since + 1, until)

    def origins(self, key: str, since: int, until: int) -> frozenset[str]:
        """The unit, and all whose work reached it after the year ``since``, up to ``until``."""
        return _reached(key, self._backward, -until, -(since + 1))

    @cached_property
    def _onward(self) -> Mapping[str, list[_DatedStep]]:
        return grouped((each.source, _DatedStep(each.target, each.year)) for each in self.all)

    @cached_property
    def _backward(self) -> Mapping[str, list[_DatedStep]]:
        """The same steps in the other direction. With negative years, they go forward too."""
        return grouped((each.target, _DatedStep(each.source, -each.year)) for each in self.all)


@frozen
class _DatedStep:
    """One step to another unit, and when it was taken."""

    to: str
    year: int


def _reached(
    key: str, steps: Mapping[str, list[_DatedStep]], first: int, last: int
) -> frozenset[str]:
    """All units that steps between two years lead to, each step no earlier than the one before.

    The unit that is reached first goes on first: a later arrival could miss steps.
    """
    found: set[str] = set()
    waiting = [(first, key)]
    while waiting:
        year, at = heapq.heappop(waiting)
        if at in found:
            continue
        found.add(at)
        for step in steps.get(at, ()):
            if year <= step.year <= last:
                heapq.heappush(waiting, (step.year, step.to))
    return frozenset(found)
