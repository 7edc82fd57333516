"""Whose each file of an inbox is: by its code and name, or by the name of a unit in its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import field, frozen

from govdisclose.form.status import HandedIn, NotLookedAt, Stray, StrayKind
from govdisclose.many.decisions import Decisions
from govdisclose.many.other_year import is_of_another
from govdisclose.many.ownership import Ownership
from govdisclose.many.roster import Identity, Roster, RosterUnit
from govdisclose.read.tables.labels import name_key


@frozen
class Collection:
    """The collection: reports on ``year``, from the units that ``roster`` has in that year.

    ``decisions`` say which of several files of a unit counts. ``today`` is the day, if it matters.
    """

    roster: Roster
    year: int
    decisions: Decisions = field(factory=dict, repr=False)
    today: date | None = None


@frozen
class Owned:
    """The files of each unit by its key, and those that no unit owns.

    ``contradictions`` says in Chinese, by the names of the files, how code and name disagree;
    ``namesakes`` which units may have sent a file without a code.
    """

    files: Mapping[str, Sequence[HandedIn]]
    strays: tuple[Stray, ...]
    contradictions: Mapping[str, Identity]
    namesakes: Mapping[str, Identity]


@frozen
class _Identified:
    """A file, and what the roster says of its code and its name."""

    file: HandedIn
    identity: Identity

    @property
    def names_nobody(self) -> bool:
        """Whether only its path can say whose it is: it has no name, or cannot be read."""
        is_unknown = self.identity.unit is None and not self.identity.contradicts
        has_name = bool(name_key(self.file.agency.name))
        return self.identity.by_path or (is_unknown and not has_name)


@frozen
class _FileOwner:
    """A file, and the unit that owns it, or why no unit does."""

    file: HandedIn
    owner: RosterUnit | Stray


def owners_of(files: Iterable[HandedIn], season: Collection) -> Owned:
    """Give each file to one unit of the roster, or to none."""
    doubtful: list[_Identified] = []
    nameless: list[_Identified] = []
    certain: list[_Identified] = []
    ownership = Ownership(season.roster)
    for file in files:
        one = _Identified(file, ownership.owner(file.agency, file.file))
        if one.identity.contradicts:
            doubtful.append(one)
        elif one.names_nobody:
            nameless.append(one)
        else:
            certain.append(one)
    ownerships = list(_by_roster(certain, season))
    ownerships += list(_to_correct(doubtful, _reporting(ownerships, season), season))
    ownerships += list(_by_path(nameless, season))
    owned: dict[str, list[HandedIn]] = {}
    strays: list[Stray] = []
    for each in ownerships:
        if isinstance(each.owner, Stray):
            strays.append(each.owner)
        else:
            owned.setdefault(each.owner.key, []).append(each.file)
    contradictions = {one.file.file: one.identity for one in doubtful}
    namesakes = {one.file.file: one.identity for one in certain if one.identity.candidates}
    return Owned(owned, tuple(strays), contradictions, namesakes)


def is_of(file: HandedIn, season: Collection) -> bool:
    """Whether a file is of the year, as far as it says: a year to come was mistyped."""
    return not file.unreadable and not is_of_another(file.year, season.year)


# --- by code and name ---------------------------------------------------------------------------


def _by_roster(files: Iterable[_Identified], season: Collection) -> Iterator[_FileOwner]:
    for one in files:
        unit = one.identity.unit
        if unit is None or unit.key not in season.roster.by_key:
            yield _FileOwner(one.file, _stray(one, season))
        else:
            yield _FileOwner(one.file, unit)


def _stray(one: _Identified, season: Collection) -> Stray:
    """A file of no unit that owes a report this year."""
    unit = one.identity.unit
    if unit is None:
        return Stray(StrayKind.UNKNOWN, one.file, one.identity.reason)
    absence = season.roster.absence_of(unit, season.year)
    said = f"{absence}，不用报 {season.year} 年度的报告"
    return Stray(StrayKind.ABSENT, one.file, said)


def _reporting(ownerships: Iterable[_FileOwner], season: Collection) -> set[str]:
    """The keys of the units that have sent a report of this year."""
    reporting = set()
    for each in ownerships:
        if isinstance(each.owner, RosterUnit) and is_of(each.file, season):
            reporting.add(each.owner.key)
    return reporting


def _to_correct(
    files: Iterable[_Identified], reporting: set[str], season: Collection
) -> Iterator[_FileOwner]:
    """Files whose code and name disagree, with the unit that must correct each."""
    for one in files:
        unit = one.identity.returned_to(reporting) if is_of(one.file, season) else None
        stray = Stray(StrayKind.CONTRADICTION, one.file, one.identity.reason)
        yield _FileOwner(one.file, unit or stray)


# --- by the path --------------------------------------------------------------------------------


def _by_path(files: Iterable[_Identified], season: Collection) -> Iterator[_FileOwner]:
    """Files that name nobody, with the unit whose name is in the path of each."""
    for one in files:
        unit = one.identity.unit
        if unit is not None:
            yield _FileOwner(one.file, unit)
        elif one.file.unreadable:
            stray = Stray(StrayKind.UNREADABLE, one.file, one.file.unreadable)
            yield _FileOwner(one.file, stray)
        else:
            yield _FileOwner(one.file, _stray(one, season))


def by_unit_named(
    files: Sequence[NotLookedAt], roster: Roster
) -> Mapping[str, tuple[NotLookedAt, ...]]:
    """The files that nobody looks at, by the key of the unit whose name they contain."""
    ownership = Ownership(roster)
    found: dict[str, list[NotLookedAt]] = {}
    for file in files:
        unit = ownership.named_in(file.file)
        if unit is not None:
            found.setdefault(unit.key, []).append(file)
    return {key: tuple(group) for key, group in found.items()}
