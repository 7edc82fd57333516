"""What is doubtful on a roster: nothing is refused, but somebody should look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from govdisclose.finding import Finding, some_of
from govdisclose.form.grouping import grouped
from govdisclose.many.roster import Roster, RosterUnit
from govdisclose.read.tables.labels import name_key
from govdisclose.rules.aggregation import H118, H120

_SHOWN = 3
"""How many units one sentence names."""


def roster_doubts(roster: Roster | None) -> Iterator[Finding]:
    """Yield the warnings about the sheet of a roster (H119), and one (H118) for each name that
    several of its units share, or (H120) units that may be below one beside them.
    """
    if roster is None:
        return
    yield from roster.doubts
    aliases = [alias for unit in roster.units for alias in _aliases(unit)]
    yield from _present_names(roster, aliases)
    yield from _shared_aliases(aliases)
    yield from _siblings(roster)
    yield from _beside_governments(roster)


@frozen
class _Alias:
    """A former name of a unit, as names are compared and as it is typed."""

    key: str
    said: str
    unit: RosterUnit


def _aliases(unit: RosterUnit) -> Iterator[_Alias]:
    """The former names of a unit, each once and without its present one."""
    seen = {name_key(unit.name)}
    for alias in unit.aliases:
        key = name_key(alias)
        if key and key not in seen:
            seen.add(key)
            yield _Alias(key, alias, unit)


def _present_names(roster: Roster, aliases: Sequence[_Alias]) -> Iterator[Finding]:
    """A former name of one unit that is the present name of another."""
    present = {name_key(unit.name): unit for unit in roster.units}
    for alias in aliases:
        other = present.get(alias.key)
        if other is not None:
            yield H118.finding(
                f"“{alias.unit.name}”的曾用名“{alias.said}”是花名册上另一家现在的名称（{other.place}）："
                "没有填代码的报告算后一家的",
                alias.unit.place,
            )


def _shared_aliases(aliases: Sequence[_Alias]) -> Iterator[Finding]:
    """A former name that several units have."""
    by_key = grouped((alias.key, alias) for alias in aliases)
    for group in by_key.values():
        if len(group) > 1:
            units = [alias.unit for alias in group]
            yield H118.finding(
                f"曾用名“{group[0].said}”写在几家名下（{_named(units)}）："
                "没有填代码的报告分不清是哪一家",
                units[0].place,
            )


def _siblings(roster: Roster) -> Iterator[Finding]:
    """Units of one name below one unit: one of them may be on the roster twice."""
    below = [unit for unit in roster.units if unit.parent is not None]
    by_name = grouped(((unit.parent, name_key(unit.name)), unit) for unit in below)
    for group in by_name.values():
        if len(group) > 1:
            yield H118.finding(
                f"同一上级有几家同名而代码不同（{_named(group)}），各算一家应报",
                group[0].place,
            )


def _beside_governments(roster: Roster) -> Iterator[Finding]:
    """A government with nothing below it, beside units that may be below it (H120)."""
    for key, units in roster.beside_governments.items():
        government = roster.by_key[key]
        yield H120.finding(
            f"“{government.name}”（{government.place}）下面没有单位，旁边有 {len(units)} 家却像是它的下级"
            f"（{_named(units)}）：它的报告如果已含这几家的数，会算两次；是它下级的，请在“上级”写明",
            government.place,
        )


def _named(units: Sequence[RosterUnit]) -> str:
    """The units with their places on the sheet."""
    names = [f"“{unit.name}” {unit.place}" for unit in units]
    return some_of(names, _SHOWN, "家")
