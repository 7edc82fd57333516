"""Make a roster of units, and refuse one that contradicts itself (H105)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from attrs import evolve, frozen

from govdisclose.errors import FindingsError
from govdisclose.finding import Finding, Place
from govdisclose.form.sheets import (
    DISSOLVED_COLUMN,
    FORMER_CODE_COLUMN,
    FOUNDED_COLUMN,
    MERGED_COLUMN,
    SPLIT_COLUMN,
)
from govdisclose.many.roster import Roster, RosterUnit, grouped, settled
from govdisclose.read.tables.labels import code_key, name_key
from govdisclose.rules.aggregation import H105


def make_roster(units: Iterable[RosterUnit], source: Path | None = None) -> Roster:
    """Make a roster of ``units``.

    Their ``parent``, ``merged_into`` and ``split_from`` may be codes, or names that occur once.

    Raises ``FindingsError`` (H105) for blank names, doubled codes or names, units that are not on
    the roster, circles, and years that contradict each other.

    Examples:
        >>> from govdisclose.roster import RosterUnit, make_roster
        >>> county = RosterUnit("", "乙县人民政府", code="02")
        >>> [unit.parent for unit in make_roster([county, RosterUnit("", "乙局", parent="02")]).units]
        [None, '02']
    """
    rows = [_with_key(unit) for unit in units]
    register = _register(rows)
    findings = list(_doubled(rows))
    findings.extend(_without_codes(rows))
    parents: dict[str, str | None] = {}
    for unit in rows:
        parent = _find_parent(unit, register)
        parents[unit.key] = parent.key
        findings.extend(parent.findings)
    findings.extend(_circles(rows, parents))
    findings.extend(_former_codes(rows, register))
    linked: list[RosterUnit] = []
    for unit in rows:
        history = _history(unit, register)
        linked.append(history.unit)
        findings.extend(history.findings)
    findings.extend(_contradictions(linked))
    if not rows:
        file = None if source is None else source.name
        place = Place(file)
        nobody = H105.finding("花名册上没有单位", place)
        findings.append(nobody)
    if findings:
        raise FindingsError(findings)
    return _roster(linked, parents, source)


def key_of(name: str, code: str | None) -> str:
    """What tells a unit from all others."""
    return code_key(code) or name_key(name)


def _with_key(unit: RosterUnit) -> RosterUnit:
    key = key_of(unit.name, unit.code)
    if unit.key == key:
        return unit
    return evolve(unit, key=key)


def _roster(
    units: Sequence[RosterUnit], parents: Mapping[str, str | None], source: Path | None
) -> Roster:
    """The roster of units that contradict nothing."""
    stated: set[str] = set()
    above: set[str | None] = set()
    for unit in units:
        if unit.reports is not None:
            stated.add(unit.key)
        if unit.dissolved is None:
            above.add(parents[unit.key])
    in_order = settled(units, parents, above, stated)
    return Roster(tuple(in_order), source, stated=frozenset(stated))


def _doubled(rows: Sequence[RosterUnit]) -> Iterator[Finding]:
    seen: dict[str, RosterUnit] = {}
    for unit in rows:
        if not unit.name.strip():
            yield H105.finding("名称空着", unit.place)
        if not unit.key:
            continue
        first = seen.setdefault(unit.key, unit)
        if first is not unit:
            said = _repeated(unit, first)
            yield H105.finding(said, unit.place)


def _repeated(unit: RosterUnit, first: RosterUnit) -> str:
    """That a unit stands twice on the roster."""
    if unit.code:
        return f"代码 {unit.code}与 {first.place} 重复"
    return f"名称“{unit.name}”（都没有代码）与 {first.place} 重复；如果是同名的两家，请各填代码"


def _without_codes(rows: Sequence[RosterUnit]) -> Iterator[Finding]:
    """A unit without a code must not have the name of one that has a code."""
    coded: dict[str, RosterUnit] = {}
    for unit in rows:
        if code_key(unit.code):
            name = name_key(unit.name)
            coded.setdefault(name, unit)
    for unit in rows:
        if code_key(unit.code):
            continue
        name = name_key(unit.name)
        namesake = coded.get(name)
        if namesake is not None:
            yield H105.finding(
                f"“{unit.name}”没有代码，与 {namesake.place} 同名；"
                "是同一家的，删去一行，是同名的两家，请各填代码",
                unit.place,
            )


# --- who a cell means ---------------------------------------------------------------------------


@frozen
class _UnitRegister:
    """The units by their codes and by their names."""

    codes: Mapping[str, tuple[RosterUnit, ...]]
    names: Mapping[str, tuple[RosterUnit, ...]]

    def meant(self, said: str) -> tuple[RosterUnit, ...]:
        """The units whose code or name a cell says."""
        of_code = self.codes.get(code_key(said))
        if of_code:
            return of_code
        return self.names.get(name_key(said), ())


def _register(units: Sequence[RosterUnit]) -> _UnitRegister:
    keyed = [(code_key(unit.code), unit) for unit in units]
    by_code = [(code, unit) for code, unit in keyed if code]
    by_name = [(name_key(unit.name), unit) for unit in units]
    return _UnitRegister(grouped(by_code), grouped(by_name))


@frozen
class _Parent:
    """The key of a unit's parent, or the fault in its 上级."""

    key: str | None = None
    findings: tuple[Finding, ...] = ()


def _find_parent(unit: RosterUnit, register: _UnitRegister) -> _Parent:
    said = unit.parent or ""
    if not name_key(said):
        return _Parent()
    found = register.meant(said)
    if len(found) == 1:
        (parent,) = found
        return _Parent(parent.key)
    problem = _not_one(unit, "上级", said, found)
    finding = H105.finding(problem, unit.place)
    return _Parent(findings=(finding,))


def _not_one(unit: RosterUnit, what: str, said: str, found: Sequence[RosterUnit]) -> str:
    """Why a cell names no unit, or more than one."""
    whose = f"“{unit.name}”的" if unit.name else ""
    named = f"{whose}{what}“{said}”"
    if not found:
        return f"{named}不在花名册上"
    return f"{named}在花名册上有 {len(found)} 家，请改填代码"


def _circles(rows: Sequence[RosterUnit], parents: Mapping[str, str | None]) -> Iterator[Finding]:
    """One finding for each circle of units that belong to one another, at its first unit."""
    names = {unit.key: unit.name for unit in rows}
    told: set[str] = set()
    for unit in rows:
        circle: list[str] = []
        trail: list[str] = []
        at: str | None = unit.key
        while at is not None and at not in told:
            if at in trail:
                start = trail.index(at)
                circle = [*trail[start:], at]
                break
            trail.append(at)
            at = parents[at]
        told.update(trail)
        if circle:
            chain = " → ".join(names[key] for key in circle)
            text = f"上级成了循环：{chain}"
            yield H105.finding(text, unit.place)


# --- mergers and splits -------------------------------------------------------------------------


def _former_codes(rows: Sequence[RosterUnit], register: _UnitRegister) -> Iterator[Finding]:
    """A code must mean one unit only, whether it is a former or a present one."""
    seen: dict[str, RosterUnit] = {}
    for unit in rows:
        place = unit.place_of(FORMER_CODE_COLUMN)
        former = map(code_key, unit.former_codes)
        for code in dict.fromkeys(filter(None, former)):
            first = seen.setdefault(code, unit)
            present = register.codes.get(code)
            if present is not None:
                said = _present_code(unit, code, present[0])
                yield H105.finding(said, place)
            elif first is not unit:
                there = f"“{first.name}”（{first.place}）"
                said = f"原代码 {code} 写在两家名下：{there}和“{unit.name}”"
                yield H105.finding(said, place)


def _present_code(unit: RosterUnit, code: str, owner: RosterUnit) -> str:
    """That a former code of a unit is the present one of a unit."""
    former = f"“{unit.name}”的原代码 {code} "
    if owner.key == unit.key:
        return f"{former}与现在的代码相同"
    return f"{former}是“{owner.name}”现在的代码；两家都在花名册上的，合并、分设用“并入”“分设自”写明"


@frozen
class _History:
    """A unit with the keys of the units it came from and went into, and the faults in them."""

    unit: RosterUnit
    findings: tuple[Finding, ...]


def _history(unit: RosterUnit, register: _UnitRegister) -> _History:
    """Find the units that a unit's 分设自 and 并入 name."""
    is_changed = unit.split_from or unit.merged_into
    if not is_changed:
        return _History(unit, ())
    origins = [_link(unit, SPLIT_COLUMN, said, register) for said in unit.split_from]
    heirs = [_link(unit, MERGED_COLUMN, said, register) for said in unit.merged_into]
    findings: list[Finding] = []
    for link in (*origins, *heirs):
        if link.finding is not None:
            findings.append(link.finding)
    findings.extend(_without_years(unit))
    split_from = _keys(origins)
    merged_into = _keys(heirs)
    linked = evolve(unit, split_from=split_from, merged_into=merged_into)
    return _History(linked, tuple(findings))


def _without_years(unit: RosterUnit) -> Iterator[Finding]:
    """The columns of a unit that name other units, but whose year is not there."""
    for column in _LINK_COLUMNS:
        others = column.others(unit)
        if others and column.year(unit) is None:
            place = unit.place_of(column.name)
            text = f"“{unit.name}”写了“{column.name}”，没有写“{column.year_name}”"
            yield H105.finding(text, place)


@frozen
class _UnitLink:
    """The key of another unit that a cell names, or the fault in the cell."""

    key: str = ""
    finding: Finding | None = None


def _keys(links: Iterable[_UnitLink]) -> tuple[str, ...]:
    keys = [link.key for link in links if link.key]
    return tuple(dict.fromkeys(keys))


def _link(unit: RosterUnit, column: str, said: str, register: _UnitRegister) -> _UnitLink:
    place = unit.place_of(column)
    found = register.meant(said)
    if len(found) != 1:
        problem = _not_one(unit, column, said, found)
        finding = H105.finding(problem, place)
        return _UnitLink(finding=finding)
    (other,) = found
    if other.key == unit.key:
        problem = f"“{unit.name}”的{column}写了它自己"
        finding = H105.finding(problem, place)
        return _UnitLink(finding=finding)
    return _UnitLink(other.key)


@frozen
class _LinkColumn:
    """A column that names other units: how its cells read, and which year they are about."""

    name: str
    verb: str
    others: Callable[[RosterUnit], tuple[str, ...]]
    year_name: str
    year: Callable[[RosterUnit], int | None]


_LINK_COLUMNS = (
    _LinkColumn(
        name=SPLIT_COLUMN,
        verb="分设自",
        others=attrgetter("split_from"),
        year_name=FOUNDED_COLUMN,
        year=attrgetter("founded"),
    ),
    _LinkColumn(
        name=MERGED_COLUMN,
        verb="并入",
        others=attrgetter("merged_into"),
        year_name=DISSOLVED_COLUMN,
        year=attrgetter("dissolved"),
    ),
)


def _contradictions(units: Sequence[RosterUnit]) -> Iterator[Finding]:
    """Years that cannot be true, and circles of mergers or of splits."""
    by_key = {unit.key: unit for unit in units}
    for unit in units:
        founded = unit.founded
        dissolved = unit.dissolved
        if founded and dissolved and dissolved < founded:
            place = unit.place_of(DISSOLVED_COLUMN)
            text = f"“{unit.name}”的撤并年份 {dissolved} 早于设立年份 {founded}"
            yield H105.finding(text, place)
        for column in _LINK_COLUMNS:
            yield from _with_absent(unit, by_key, column)
    for column in reversed(_LINK_COLUMNS):
        yield from _rounds(units, by_key, column)


def _with_absent(
    unit: RosterUnit, by_key: Mapping[str, RosterUnit], column: _LinkColumn
) -> Iterator[Finding]:
    """The units that a unit cannot have come from, or gone into: they did not exist in that year."""
    year = column.year(unit)
    if year is None:
        return
    for key in column.others(unit):
        other = by_key[key]
        absence = _absence(other, year)
        if absence:
            place = unit.place_of(column.name)
            change = f"“{unit.name}”{year} 年{column.verb}“{other.name}”"
            yield H105.finding(f"{change}，{absence}", place)


def _absence(unit: RosterUnit, year: int) -> str:
    """That a unit did not exist in ``year``; ``""`` if it did."""
    if unit.dissolved is not None and unit.dissolved < year:
        return f"而它 {unit.dissolved} 年已经撤并"
    if unit.founded is not None and unit.founded > year:
        return f"而它 {unit.founded} 年才设立"
    return ""


def _rounds(
    units: Sequence[RosterUnit], by_key: Mapping[str, RosterUnit], column: _LinkColumn
) -> Iterator[Finding]:
    """One finding for each unit that its own links lead back to, if no earlier one reported it."""
    told: set[str] = set()
    for unit in units:
        if unit.key in told:
            continue
        circle = _way_back(unit, by_key, column)
        if circle:
            told.update(circle)
            place = unit.place_of(column.name)
            names = [by_key[key].name for key in circle]
            chain = " → ".join(names)
            text = f"{column.name}成了循环：{chain}"
            yield H105.finding(text, place)


def _way_back(unit: RosterUnit, by_key: Mapping[str, RosterUnit], column: _LinkColumn) -> list[str]:
    """The keys on a way from a unit back to itself; empty if there is none."""
    came_from: dict[str, str] = {}
    waiting = [unit.key]
    while waiting:
        at = waiting.pop()
        others = column.others(by_key[at])
        for key in others:
            if key == unit.key:
                return _trail(at, came_from, unit.key)
            if key not in came_from:
                came_from[key] = at
                waiting.append(key)
    return []


def _trail(last: str, came_from: Mapping[str, str], first: str) -> list[str]:
    """The way from ``first`` to ``last`` and back to ``first``."""
    trail = [first, last]
    while last != first:
        last = came_from[last]
        trail.append(last)
    trail.reverse()
    return trail
