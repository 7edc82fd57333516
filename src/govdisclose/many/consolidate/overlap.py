"""Find the reports that already hold others, by their figures, whatever they say they are.

A report that is the sum of the others is one half of all of them together. Only addends are
compared, because totals follow from them. A blank counts as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from attrs import define, field, frozen

from govdisclose.form.adding import add_onto
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.roster import Roster

_CROWD = 3
"""From so many reports on a match means something: of two equal ones, each is the other's sum."""

_ENOUGH = 5
"""A sum is recognized only when this many filled cells agree: towns with one request are many."""

_ONE_IN = 5
"""One filled cell in this many may differ."""


@frozen
class Overlap:
    """A report that is the sum of others.

    ``others`` are the sums of the others in printed order, ``differing`` the addends that do not
    agree.
    """

    others: tuple[Value, ...]
    differing: tuple[str, ...]


def overlaps(
    counted: Mapping[str, Contribution], roster: Roster | None
) -> Iterator[tuple[str, Overlap]]:
    """The keys of the reports that nearly equal the sum of those beside or below them."""
    editions = {contribution.edition_name for contribution in counted.values()}
    if len(editions) != 1:
        return
    totals = Totals(EDITIONS[editions.pop()], roster)
    for key, contribution in counted.items():
        totals.add(key, contribution.values)
    for key, contribution in counted.items():
        found = totals.whole(key, contribution.values)
        if found is not None:
            yield key, found


@define
class Totals:
    """Running sums of reports of one edition, at every unit of a roster and at the top."""

    edition: Edition
    roster: Roster | None = None
    _groups: dict[str | None, _RunningSum] = field(factory=dict, init=False, repr=False)

    def add(self, key: str | None, values: Sequence[Value]) -> None:
        """Add the report of unit ``key`` at that unit and all above it; skip a report of zeros."""
        if not any(values):
            return
        for above in _at_and_above(key, self.roster):
            group = self._groups.get(above)
            if group is None:
                group = self._groups[above] = _RunningSum([None] * len(values))
            add_onto(group.sums, values)
            group.reports += 1

    def whole(self, key: str | None, values: Sequence[Value]) -> Overlap | None:
        """The overlap, if an added report is the sum of the others at its unit or above."""
        if not any(values):
            return None
        for above in _at_and_above(key, self.roster):
            group = self._groups.get(above)
            if group is None or group.reports < _CROWD:
                continue
            found = self._half_of(values, group)
            if found is not None:
                return found
        return None

    def _half_of(self, values: Sequence[Value], group: _RunningSum) -> Overlap | None:
        """The overlap, if a report is one half of its group; ``None`` as soon as it cannot be."""
        addends = _addends(self.edition)
        filled = sum(bool(group.sums[position]) for position in addends)
        allowed = filled // _ONE_IN
        differing: list[int] = []
        for position in addends:
            total = group.sums[position] or 0
            value = values[position] or 0
            if total == 2 * value:
                continue
            differing.append(position)
            if len(differing) > allowed:
                return None
        agreeing = filled - len(differing)
        if agreeing < _ENOUGH:
            return None
        others = tuple(map(_without, group.sums, values))
        paths = _paths(self.edition, differing)
        return Overlap(others, paths)


def compared(contribution: Contribution, others: Iterable[Contribution]) -> Overlap:
    """Compare a report with the sum of others, however much they differ."""
    edition = contribution.edition
    values = contribution.values
    sums: list[Value] = [None] * len(values)
    for other in others:
        add_onto(sums, other.values)
    differing: list[int] = []
    for position in _addends(edition):
        total = sums[position] or 0
        value = values[position] or 0
        if total != value:
            differing.append(position)
    paths = _paths(edition, differing)
    return Overlap(tuple(sums), paths)


@define
class _RunningSum:
    """The reports of a unit and of those below it: their sums, and how many they are."""

    sums: list[Value]
    reports: int = 0


def _without(total: Value, value: Value) -> Value:
    """The rest of a sum without one of its addends."""
    return None if total is None else total - (value or 0)


def _at_and_above(key: str | None, roster: Roster | None) -> Iterator[str | None]:
    """A unit, the units it belongs to from the nearest on, and ``None`` for the top.

    A government with nothing below it comes first, for itself and for the units that may be below
    it.
    A unit to which nothing belongs is left out: its own report and the one of the whole below it
    are no crowd, and sums for each of 20,000 units would take 30 MB.
    """
    if roster is not None and key is not None:
        if key in roster.beside_governments:
            yield key
        elif key in roster.governments:
            yield roster.governments[key]
        for unit in roster.at_and_above(key):
            if unit.key in roster.children:
                yield unit.key
    yield None


@cache
def _addends(edition: Edition) -> tuple[int, ...]:
    """The positions of the cells that are no totals."""
    form = outline(edition)
    found: list[int] = []
    for position, path in enumerate(form.cells):
        if path not in form.totals:
            found.append(position)
    return tuple(found)


def _paths(edition: Edition, positions: Iterable[int]) -> tuple[str, ...]:
    cells = list(outline(edition).cells)
    return tuple(cells[position] for position in positions)
