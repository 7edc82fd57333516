"""Reports that already hold others: found by their figures, whatever they say they are.

A report that is the sum of the others is one half of all of them together. Only addends are compared,
because totals follow from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from attrs import define, field, frozen

from govdisclose.form.adding import add_onto
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.many.consolidate.contribution import Part
from govdisclose.many.consolidate.roster import Roster

_A_CROWD = 3
"""Of two equal reports that are not all zeros each is "the sum of the others"; from this many on it says something."""

_ENOUGH = 5
"""So many filled cells must agree before a sum with some cells otherwise is taken for one."""

_OFF = 5
"""Of so many filled cells one may be otherwise."""


@frozen
class Overlap:
    """A report that is the sum of others. ``others`` are these sums; ``differing`` the addends that are otherwise."""

    others: tuple[Value, ...]
    differing: tuple[str, ...]


def overlaps(of: Mapping[str, Part], roster: Roster | None) -> Iterator[tuple[str, Overlap]]:
    """The keys of reports that are, in nearly all cells, the sum of those beside or below them."""
    editions = {part.edition_name for part in of.values()}
    if len(editions) != 1:
        return
    totals = Totals(EDITIONS[editions.pop()], roster)
    for key, part in of.items():
        totals.add(key, part.values)
    for key, part in of.items():
        found = totals.whole(key, part.values)
        if found is not None:
            yield key, found


@define
class Totals:
    """Reports of one edition, added up one by one at every unit of a roster, or where there is none all together."""

    edition: Edition
    roster: Roster | None = None
    _groups: dict[str | None, _Group] = field(factory=dict, init=False, repr=False)

    def add(self, key: str | None, values: Sequence[Value]) -> None:
        """Add the report of the unit ``key`` at that unit and all above it; one of zeros says nothing."""
        if not any(values):
            return
        for above in _at_and_above(key, self.roster):
            group = self._groups.setdefault(above, _Group([None] * len(values)))
            add_onto(group.sums, values)
            group.reports += 1

    def whole(self, key: str | None, values: Sequence[Value]) -> Overlap | None:
        """Whether a report that has been added is the sum of the others at its unit, or at one above it."""
        if not any(values):
            return None
        for above in _at_and_above(key, self.roster):
            group = self._groups.get(above)
            if group is None or group.reports < _A_CROWD:
                continue
            found = self._half_of(values, group)
            if found is not None:
                return found
        return None

    def _half_of(self, values: Sequence[Value], group: _Group) -> Overlap | None:
        """What a report has to do with its group when it is the sum of the others; else ``None``."""
        addends = _addends(self.edition)
        filled = sum(bool(group.sums[i]) for i in addends)
        most = filled // _OFF if filled >= _ENOUGH else 0
        differing: list[int] = []
        for i in addends:
            if (group.sums[i] or 0) != 2 * (values[i] or 0):
                differing.append(i)
                if len(differing) > most:
                    return None
        if differing and filled - len(differing) < _ENOUGH:
            return None
        cells = list(outline(self.edition).cells)
        others = tuple(
            None if s is None else s - (v or 0) for s, v in zip(group.sums, values, strict=True)
        )
        return Overlap(others, tuple(cells[i] for i in differing))


def compared(part: Part, others: Iterable[Part]) -> Overlap:
    """A report held against the sum of others, however far it is from it."""
    sums = _sums(others, len(part.values))
    cells = list(outline(part.edition).cells)
    differing = [
        cells[i] for i in _addends(part.edition) if (sums[i] or 0) != (part.values[i] or 0)
    ]
    return Overlap(tuple(sums), tuple(differing))


@define
class _Group:
    """All reports of a unit and those below it: their sums, and how many they are."""

    sums: list[Value]
    reports: int = 0


def _sums(parts: Iterable[Part], cells: int) -> list[Value]:
    sums: list[Value] = [None] * cells
    for part in parts:
        add_onto(sums, part.values)
    return sums


def _at_and_above(key: str | None, roster: Roster | None) -> Iterator[str | None]:
    """A unit, those that it belongs to from the nearest on, and ``None`` for all there are."""
    at = key
    while roster is not None and at is not None:
        yield at
        at = roster.by_key[at].parent
    yield None


@cache
def _addends(edition: Edition) -> tuple[int, ...]:
    """The positions of the cells that are no totals."""
    form = outline(edition)
    return tuple(i for i, path in enumerate(form.cells) if path not in form.totals)
