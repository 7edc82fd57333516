"""Units that stand beside a government on a roster, and by their names may be below it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from govdisclose.form.report import Level
from govdisclose.read.tables.labels import name_key

if TYPE_CHECKING:
    from govdisclose.many.roster import Roster, RosterUnit

_GOVERNMENT = re.compile("(?:省|自治区|市|州|盟|县|区|旗)(?:人民)?政府$")
"""A local people's government at or above the county level, by its name (article 49)."""
_ITS_OWN = re.compile("(?:人民)?政府$")
"""What follows the place in the name of its government."""
_FEW = 2
"""One unit may share the name of a place by chance, or belong to the state."""
_LAST = "\uffff"
"""Comes after every character of a name."""


def owed_level(name: str) -> Level:
    """Which report a unit owes by its name: a government's consolidated one, or an agency's."""
    return "government" if _GOVERNMENT.search(name) else "agency"


def beside_governments(roster: Roster) -> dict[str, tuple[RosterUnit, ...]]:
    """The units that may be below a government without saying so, by the key of the government.

    On a roster without 上级, 东县教育局 stands beside 东县人民政府, whose report holds its figures.
    """
    governments = [unit for unit in roster.units if _has_nothing_below(unit, roster)]
    if not governments:
        return {}
    named: list[tuple[str, int]] = []
    for number, unit in enumerate(roster.units):
        key = name_key(unit.name)
        named.append((key, number))
    named.sort()
    found: dict[str, tuple[RosterUnit, ...]] = {}
    for government in governments:
        place = _ITS_OWN.sub("", name_key(government.name))
        units = [roster.units[number] for number in _beginning_with(place, named)]
        beside = [unit for unit in units if _is_beside(unit, government)]
        if len(beside) >= _FEW:
            found[government.key] = tuple(beside)
    return found


def governments_of(beside: Mapping[str, Sequence[RosterUnit]]) -> dict[str, str]:
    """The same the other way round: the key of a unit, and that of the government beside it."""
    found: dict[str, str] = {}
    for government, units in beside.items():
        for unit in units:
            found[unit.key] = government
    return found


def _has_nothing_below(unit: RosterUnit, roster: Roster) -> bool:
    is_asked = bool(unit.reports) and unit.key not in roster.children
    return is_asked and owed_level(unit.name) == "government"


def _beginning_with(place: str, named: Sequence[tuple[str, int]]) -> Iterator[int]:
    """The numbers of the units whose names begin with a place, in the order of the roster."""
    last = place + _LAST
    first = bisect_left(named, (place, 0))
    end = bisect_left(named, (last, 0))
    numbers = [number for _, number in named[first:end]]
    yield from sorted(numbers)


def _is_beside(unit: RosterUnit, government: RosterUnit) -> bool:
    if unit.key == government.key:
        return False
    return unit.parent == government.parent
