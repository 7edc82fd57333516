"""The roster: which units should report in a year, and which belongs to which."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form import grouping
from govdisclose.form.report import Agency
from govdisclose.many.beside_governments import beside_governments, governments_of
from govdisclose.many.reform import Changes, Transfer
from govdisclose.read.tables.labels import code_key, name_key


@frozen
class Contact:
    """Whom to write to at a unit; whatever the roster leaves out is empty."""

    person: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


NOBODY = Contact()
"""The contact of every unit for which a roster names nobody; thousands of them share it."""

NO_CELLS: Mapping[str, Place] = {}
"""The cells of every unit that a roster tells no changes of."""


@frozen
class RosterUnit:
    """One unit of a roster.

    ``key`` tells it from all others: its code, or its name where it has none. ``parent`` is the key
    of the unit that it belongs to, ``level`` any word for its level (县级, 乡级 …). ``reports`` says
    whether it hands in a workbook of its own; with ``None`` it does if nothing belongs to it.
    ``aliases`` are earlier or shorter names that its report may carry, ``former_codes`` earlier
    codes. ``contact`` is whom to write to when something must be corrected.

    ``founded`` and ``dissolved`` are years (``None``: always there, still there). ``split_from``
    are the keys of the units that a founded unit came from, ``merged_into`` of those that carry on
    the work of a dissolved one.

    Examples:
        >>> from govdisclose.roster import RosterUnit
        >>> bureau = RosterUnit("", "甲局", merged_into=("乙局",), dissolved=2024)
        >>> bureau.exists(2023), bureau.exists(2024)
        (True, False)
    """

    key: str
    name: str
    code: str | None = None
    parent: str | None = None
    level: str = ""
    reports: bool | None = None
    aliases: tuple[str, ...] = ()
    contact: Contact = NOBODY
    former_codes: tuple[str, ...] = ()
    split_from: tuple[str, ...] = ()
    founded: int | None = None
    merged_into: tuple[str, ...] = ()
    dissolved: int | None = None
    place: Place = field(default=Place(), repr=False, eq=False)
    cells: Mapping[str, Place] = field(default=NO_CELLS, repr=False, eq=False)
    """The cells that tell of its changes, by the names of their columns."""

    def was_called(self, name: str) -> bool:
        """Whether ``name`` is one of its aliases, however it is typed."""
        known = map(name_key, self.aliases)
        return name_key(name) in known

    def exists(self, year: int) -> bool:
        """Whether it was there at the end of a year, and so could report on that year.

        Reports are made in January of the next year (Regulations article 49). A unit that was
        dissolved during a year is gone by then: whoever carries on its work reports on all of it.
        A unit that was founded during the year reports on the rest of that year.
        """
        is_founded = self.founded is None or self.founded <= year
        is_dissolved = self.dissolved is not None and self.dissolved <= year
        return is_founded and not is_dissolved

    def owes(self, year: int) -> bool:
        """Whether it must hand in a report on a year. A roster decides on ``reports`` first."""
        return bool(self.reports) and self.exists(year)

    def place_of(self, column: str) -> Place:
        """The cell of a column on the sheet, or the place of the unit."""
        return self.cells.get(column, self.place)


@frozen
class Identity:
    """Whose report this is: a unit of the roster, or ``None`` with the reason in Chinese.

    ``contradicts`` when its code and its name disagree: somebody must settle that. ``candidates``
    are then the units that its name and its code lead to, in this order. Without a code, they are
    the units of its name when there are several. ``by_path`` when only the path of the file names
    the unit, as ``reason`` says: the report itself names nobody.
    """

    unit: RosterUnit | None
    reason: str = ""
    contradicts: bool = False
    candidates: tuple[RosterUnit, ...] = field(default=(), repr=False)
    by_path: bool = False

    @property
    def key(self) -> str:
        """The key of the unit; ``""`` if it is not known."""
        return "" if self.unit is None else self.unit.key

    def returned_to(self, handed_in: Container[str]) -> RosterUnit | None:
        """The unit that must correct this report: its code and its name disagree.

        Of the candidates it is the first from which no other report came; ``handed_in`` are the
        keys of the units with one. ``None`` if all candidates have sent another report: only the
        office can say whose this is.

        Examples:
            >>> from govdisclose import Agency
            >>> from govdisclose.roster import RosterUnit, make_roster
            >>> roster = make_roster([RosterUnit("", "甲局", "1"), RosterUnit("", "乙局", "2")])
            >>> found = roster.find(Agency("甲局", "2"))
            >>> [found.returned_to(keys).name for keys in ((), ("1",))]
            ['甲局', '乙局']
        """
        for unit in self.candidates:
            if unit.key not in handed_in:
                return unit
        return None


@frozen(slots=False)
class Roster:
    """The units that should report, in the order of the sheet; parents may be anywhere.

    Make one with ``make_roster`` or ``read_roster``, which refuse contradictions. ``absent`` are
    the units that do not exist in the year of ``as_of``. ``stated`` are the keys of the units whose
    ``reports`` was given, not worked out. ``doubts`` are warnings about the sheet that was read
    (H119).

    Examples:
        >>> from govdisclose.roster import RosterUnit, make_roster
        >>> old = RosterUnit("", "甲局", merged_into=("乙局",), dissolved=2024)
        >>> roster = make_roster([old, RosterUnit("", "乙局")])
        >>> [unit.name for unit in roster.as_of(2023).units]
        ['甲局', '乙局']
        >>> [unit.name for unit in roster.as_of(2024).units]
        ['乙局']
        >>> [unit.name for unit in roster.predecessors(roster.by_key["乙局"], 2023, 2024)]
        ['甲局', '乙局']
    """

    units: tuple[RosterUnit, ...]
    source: Path | None = None
    absent: tuple[RosterUnit, ...] = ()
    stated: frozenset[str] = field(default=frozenset(), repr=False)
    doubts: tuple[Finding, ...] = field(default=(), repr=False, eq=False)

    @cached_property
    def by_key(self) -> Mapping[str, RosterUnit]:
        """Every unit by its key."""
        return {unit.key: unit for unit in self.units}

    @cached_property
    def children(self) -> Mapping[str | None, tuple[RosterUnit, ...]]:
        """The units that belong to each, by its key; under ``None`` those that belong to nobody."""
        with_parents = [(unit.parent, unit) for unit in self.units]
        return grouped(with_parents)

    @property
    def expected(self) -> int:
        """How many units should report."""
        return sum(bool(unit.reports) for unit in self.units)

    @cached_property
    def changes(self) -> Changes:
        """The mergers and splits that the roster tells of."""
        transfers = dict.fromkeys(_changes(self._all))
        return Changes(tuple(transfers))

    @property
    def _all(self) -> tuple[RosterUnit, ...]:
        return (*self.units, *self.absent)

    def at_and_above(self, key: str) -> Iterator[RosterUnit]:
        """The unit of a key and the units that it belongs to, the nearest first."""
        unit: RosterUnit | None = self.by_key[key]
        while unit is not None:
            yield unit
            unit = self.parent_of(unit)

    @cached_property
    def beside_governments(self) -> Mapping[str, tuple[RosterUnit, ...]]:
        """The units that may be below a government, by its key, though nothing says so."""
        return beside_governments(self)

    @cached_property
    def governments(self) -> Mapping[str, str]:
        """The keys of these units, each with that of the government."""
        return governments_of(self.beside_governments)

    def is_of_whole(self, key: str, agency: Agency) -> bool:
        """Whether a report under the key of a unit is about the unit and everything below it.

        A unit without others below it, such as a township, has one report, whatever kind it says.
        """
        return agency.level == "government" and key in self.children

    def why_not_asked(self, key: str, agency: Agency) -> str:
        """Why no report of this kind is asked of a unit; ``""`` if one is.

        The report of the whole below a unit is never too much.
        """
        unit = self.by_key[key]
        if unit.reports or self.is_of_whole(key, agency):
            return ""
        if key in self.children:
            return f"花名册上“{unit.name}”有下级，自己不填报，却交来了报告"
        return f"花名册上“{unit.name}”的“填报”是“否”，却交来了报告"

    def parent_of(self, unit: RosterUnit) -> RosterUnit | None:
        """The unit that ``unit`` belongs to."""
        return None if unit.parent is None else self.by_key[unit.parent]

    # --- over the years ---

    def as_of(self, year: int) -> Roster:
        """The roster of a year: only the units that existed, the others are ``absent``.

        A unit whose parent did not exist belongs to the one unit that carried on the parent's work,
        else to the next unit above.
        """
        is_changed = any(unit.founded or unit.dissolved for unit in self._all)
        if not is_changed:
            return self
        present: list[RosterUnit] = []
        absent: list[RosterUnit] = []
        parents: dict[str, str | None] = {}
        for unit in self._all:
            if unit.exists(year):
                present.append(unit)
                parents[unit.key] = self._parent_in(unit, year)
            else:
                absent.append(unit)
        above = frozenset(parents.values())
        units = settled(present, parents, above, self.stated)
        return Roster(tuple(units), self.source, tuple(absent), self.stated, self.doubts)

    def successors(self, unit: RosterUnit, earlier: int, later: int) -> tuple[RosterUnit, ...]:
        """The units of the year ``later`` that have work of a unit of the year ``earlier``.

        A unit that exists in both years is among its own successors. Empty if the unit did not
        exist in ``earlier``, or if nobody carries on its work.
        """
        if not unit.exists(earlier):
            return ()
        heirs = self.changes.heirs(unit.key, earlier, later)
        return self._existing(heirs, later)

    def predecessors(self, unit: RosterUnit, earlier: int, later: int) -> tuple[RosterUnit, ...]:
        """The units of the year ``earlier`` whose work a unit of the year ``later`` has.

        The opposite of ``successors``.
        """
        if not unit.exists(later):
            return ()
        origins = self.changes.origins(unit.key, earlier, later)
        return self._existing(origins, earlier)

    def change_of(self, unit: RosterUnit, year: int) -> str:
        """Say in Chinese why a unit did not exist in a year: ``2024 年并入“乙局”``."""
        is_early = unit.founded is not None and year < unit.founded
        if is_early:
            origins = self._names(unit.split_from)
            how = f"分设自“{origins}”" if origins else "设立"
            return f"{unit.founded} 年{how}"
        heirs = self._names(unit.merged_into)
        if not heirs:
            return f"{unit.dissolved} 年撤销"
        return f"{unit.dissolved} 年并入“{heirs}”"

    def absence_of(self, unit: RosterUnit, year: int) -> str:
        """The same as the beginning of a sentence: ``花名册上“甲局”2024 年并入“乙局”``."""
        change = self.change_of(unit, year)
        return f"花名册上“{unit.name}”{change}"

    def _names(self, keys: Iterable[str]) -> str:
        return "、".join(self._everyone[key].name for key in keys)

    def _existing(self, keys: frozenset[str], year: int) -> tuple[RosterUnit, ...]:
        found: list[RosterUnit] = []
        for key in keys:
            unit = self._everyone[key]
            if unit.exists(year):
                found.append(unit)
        found.sort(key=self._position)
        return tuple(found)

    def _position(self, unit: RosterUnit) -> int:
        return self._positions[unit.key]

    @cached_property
    def _everyone(self) -> Mapping[str, RosterUnit]:
        return {unit.key: unit for unit in self._all}

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {unit.key: number for number, unit in enumerate(self._all)}

    def _parent_in(self, unit: RosterUnit, year: int) -> str | None:
        """The key of the unit that ``unit`` belonged to in a year."""
        at = unit.parent
        while at is not None:
            parent = self._everyone[at]
            if parent.exists(year):
                return at
            heirs = self._stand_in(parent, year)
            if len(heirs) == 1:
                (heir,) = heirs
                if not self._is_within(heir, unit):
                    return heir.key
            at = parent.parent
        return None

    def _stand_in(self, absent: RosterUnit, year: int) -> tuple[RosterUnit, ...]:
        """The units that had the work of an absent unit: before it was founded, or afterwards."""
        if absent.founded is not None and year < absent.founded:
            return self.predecessors(absent, year, absent.founded)
        last_year = (absent.dissolved or year) - 1
        return self.successors(absent, last_year, year)

    def _is_within(self, unit: RosterUnit, whole: RosterUnit) -> bool:
        """Whether ``unit`` is ``whole`` or, at any depth, belongs to it."""
        at: str | None = unit.key
        while at is not None:
            if at == whole.key:
                return True
            at = self._everyone[at].parent
        return False

    # --- whose report it is ---

    @cached_property
    def _coded(self) -> Mapping[str, RosterUnit]:
        """Every unit by its code and its former codes; none of them occurs twice."""
        found: dict[str, RosterUnit] = {}
        for unit in self._all:
            keys = map(code_key, (unit.code, *unit.former_codes))
            for key in filter(None, keys):
                found[key] = unit
        return found

    @cached_property
    def _named(self) -> Mapping[str, tuple[RosterUnit, ...]]:
        with_names = [(name_key(unit.name), unit) for unit in self.units]
        return grouped(with_names)

    @cached_property
    def _once_named(self) -> Mapping[str, tuple[RosterUnit, ...]]:
        """The units by their aliases, and the absent ones by their names and aliases."""
        return grouped(_once_named(self.units, self.absent))

    def find(self, agency: Agency) -> Identity:
        """Find the unit of an agency. Its code and its name must agree.

        A known alias and a former code agree, and so does a name that differs only in blanks, width
        or brackets. The name alone decides only where one side has no code and the name occurs
        once: there are twenty 区财政局. The unit may be one of the ``absent`` ones.
        """
        code = code_key(agency.code)
        unit = self._coded.get(code)
        if unit is not None:
            return self._of_code(unit, agency)
        return self._of_name(agency, code)

    def _of_code(self, unit: RosterUnit, agency: Agency) -> Identity:
        """An agency whose code is, or was, that of ``unit``."""
        name = name_key(agency.name)
        namesakes = self._named.get(name, ())
        alias = unit.was_called(agency.name)
        is_present_name = name == name_key(unit.name)
        is_only_alias = alias and not namesakes
        if is_present_name or is_only_alias:
            return Identity(unit)
        if not name:
            why = "报告没有填名称，只凭代码不能认定"
        elif alias:
            why = f"“{agency.name}”是它的曾用名，却也是花名册上另一家现在的名称"
        elif namesakes:
            why = f"名称却是花名册上的另一家“{agency.name}”"
        else:
            why = f"报告的名称却是“{agency.name}”，花名册上没有这个名称"
        reason = f"代码 {agency.code} 在花名册上是“{unit.name}”，{why}"
        candidates = [unit]
        if len(namesakes) == 1:
            candidates = [*namesakes, unit]
        return self._contradiction(reason, candidates)

    def _contradiction(self, reason: str, candidates: Iterable[RosterUnit]) -> Identity:
        """A code and a name that disagree; a unit that does not exist has nothing to correct."""
        present = [unit for unit in candidates if unit.key in self.by_key]
        return Identity(None, reason, contradicts=True, candidates=tuple(present))

    def _of_name(self, agency: Agency, code: str) -> Identity:
        """An agency whose code, if it has one, is not on the roster."""
        name = name_key(agency.name)
        if not name:
            return Identity(None, "报告没有写机关名称，不知是哪一家")
        named = self._named.get(name) or self._once_named.get(name, ())
        if not named:
            return Identity(None, "花名册上没有这个单位")
        if len(named) > 1:
            return _one_of_several(named, agency, code)
        (unit,) = named
        if code and code_key(unit.code):
            reason = f"花名册上“{unit.name}”的代码是 {unit.code}，报告的代码是 {code}"
            return self._contradiction(reason, [unit])
        return Identity(unit)


def _one_of_several(namesakes: tuple[RosterUnit, ...], agency: Agency, code: str) -> Identity:
    """An agency whose name is that of several units, none of which has its code."""
    said = code or "空着"
    reason = f"花名册上有 {len(namesakes)} 家“{agency.name}”，要用代码区分，报告的代码{said}"
    if code:
        return Identity(None, reason, contradicts=True)
    return Identity(None, reason, candidates=namesakes)


def source_of(roster: Roster | None) -> Path | None:
    """The file of a roster, if there is one and it was read from a file: it is no report."""
    return None if roster is None else roster.source


_Word = TypeVar("_Word", str, "str | None")


def grouped(units: Iterable[tuple[_Word, RosterUnit]]) -> dict[_Word, tuple[RosterUnit, ...]]:
    """The units by a word, in their order."""
    groups = grouping.grouped(units)
    return {word: tuple(group) for word, group in groups.items()}


def settled(
    rows: Iterable[RosterUnit],
    parents: Mapping[str, str | None],
    above: Set[str | None],
    stated: Set[str],
) -> Iterator[RosterUnit]:
    """The units with the keys of their parents.

    A unit for which nothing is ``stated`` reports if it is not one of those ``above`` others.
    """
    for unit in rows:
        reports = unit.reports
        if unit.key not in stated:
            reports = unit.key not in above
        parent = parents[unit.key]
        if parent == unit.parent and reports == unit.reports:
            yield unit
        else:
            yield evolve(unit, parent=parent, reports=reports)


def _changes(units: Iterable[RosterUnit]) -> Iterator[Transfer]:
    """Every merger and split; both units may name the same one."""
    for unit in units:
        for source in unit.split_from:
            yield Transfer(source, unit.key, unit.founded or 0)
        for target in unit.merged_into:
            yield Transfer(unit.key, target, unit.dissolved or 0)


def _once_named(
    present: Iterable[RosterUnit], absent: Iterable[RosterUnit]
) -> Iterator[tuple[str, RosterUnit]]:
    for unit in present:
        aliases = map(name_key, unit.aliases)
        for name in dict.fromkeys(aliases):
            yield name, unit
    for unit in absent:
        names = map(name_key, (unit.name, *unit.aliases))
        for name in dict.fromkeys(names):
            yield name, unit
