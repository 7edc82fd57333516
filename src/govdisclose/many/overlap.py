"""Reports that already hold others: found by their figures, whatever they say they are.

A report that is the sum of the others is one half of all of them together. Only addends are compared,
because totals follow from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from govdisclose.form.adding import add_onto
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.many.part import Part
from govdisclose.many.roster import Roster

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
    """The keys of reports that are, in nearly all cells, the sum of those beside or below them.

    With a roster the others are all those at or below one of the units above (or at the unit itself);
    without one they are all there are.
    """
    filled = {key: part for key, part in of.items() if any(part.values)}
    if len({part.edition_name for part in filled.values()}) != 1:
        return
    groups = _groups(filled, roster)
    for key, part in filled.items():
        for above in _at_and_above(key, roster):
            found = _half_of(part, groups[above]) if above in groups else None
            if found is not None:
                yield key, found
                break


def compared(part: Part, others: Iterable[Part]) -> Overlap:
    """A report held against the sum of others, however far it is from it."""
    sums = _sums(others, len(part.values))
    cells = list(outline(part.edition).cells)
    differing = [cells[i] for i in _addends(part.edition) if (sums[i] or 0) != (part.values[i] or 0)]
    return Overlap(tuple(sums), tuple(differing))


@frozen
class _Group:
    """All reports of a unit and those below it, added up; ``filled`` counts the addends that are not 0."""

    sums: tuple[Value, ...]
    filled: int


def _groups(filled: Mapping[str, Part], roster: Roster | None) -> dict[str | None, _Group]:
    """The sums at every unit where enough reports meet."""
    members: dict[str | None, list[Part]] = {}
    for key, part in filled.items():
        for above in _at_and_above(key, roster):
            members.setdefault(above, []).append(part)
    return {above: _group(parts) for above, parts in members.items() if len(parts) >= _A_CROWD}


def _group(parts: Sequence[Part]) -> _Group:
    sums = _sums(parts, len(parts[0].values))
    return _Group(tuple(sums), sum(bool(sums[i]) for i in _addends(parts[0].edition)))


def _sums(parts: Iterable[Part], cells: int) -> list[Value]:
    sums: list[Value] = [None] * cells
    for part in parts:
        add_onto(sums, part.values)
    return sums


def _at_and_above(key: str, roster: Roster | None) -> Iterator[str | None]:
    """A unit, those that it belongs to from the nearest on, and ``None`` for all there are."""
    at: str | None = key
    while roster is not None and at is not None:
        yield at
        at = roster.by_key[at].parent
    yield None


def _half_of(part: Part, group: _Group) -> Overlap | None:
    """What a report has to do with its group when it is the sum of the others; else ``None``."""
    most = group.filled // _OFF if group.filled >= _ENOUGH else 0
    differing: list[int] = []
    for i in _addends(part.edition):
        if (group.sums[i] or 0) != 2 * (part.values[i] or 0):
            differing.append(i)
            if len(differing) > most:
                return None
    if differing and group.filled - len(differing) < _ENOUGH:
        return None
    cells = list(outline(part.edition).cells)
    others = tuple(None if s is None else s - (v or 0) for s, v in zip(group.sums, part.values, strict=True))
    return Overlap(others, tuple(cells[i] for i in differing))


def _addends(edition: Edition) -> tuple[int, ...]:
    """The positions of the cells that are no totals."""
    form = outline(edition)
    return tuple(i for i, path in enumerate(form.cells) if path not in form.totals)
