"""Reports that are versions of one: of one unit, one kind and one year.

Nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from attrs import field, frozen

from govdisclose.form.grouping import grouped
from govdisclose.form.report import Agency
from govdisclose.many.decisions import Decisions, choose, not_taken
from govdisclose.many.ownership import Ownership
from govdisclose.many.roster import Roster
from govdisclose.read.tables.labels import code_key, name_key

VersionKey = tuple[str, str, int | None]
"""Unit, level of the report (its own report and that of the whole below it are two things), year."""


class _Sent(Protocol):
    """A report that was sent: whose it is, and its year."""

    @property
    def agency(self) -> Agency:
        """The agency that it names."""

    @property
    def year(self) -> int | None:
        """Its year, if it says one."""


_Report = TypeVar("_Report", bound=_Sent)


def by_unit(
    reports: Iterable[tuple[str, _Report]], roster: Roster
) -> dict[VersionKey, list[_Report]]:
    """The versions of each unit of a roster; every report comes with the key of its unit."""
    keyed: list[tuple[VersionKey, _Report]] = []
    for unit, report in reports:
        level = "government" if roster.is_of_whole(unit, report.agency) else "agency"
        keyed.append(((unit, level, report.year), report))
    return grouped(keyed)


def by_agency(reports: Sequence[_Report]) -> dict[VersionKey, list[_Report]]:
    """Tell units apart by code; one without a code belongs to the only unit of its name."""
    codes: dict[str, set[str]] = {}
    for report in reports:
        code = code_key(report.agency.code)
        if code:
            of_name = codes.setdefault(name_key(report.agency.name), set())
            of_name.add(code)
    keyed: list[tuple[VersionKey, _Report]] = []
    for report in reports:
        name = name_key(report.agency.name)
        of_name = codes.get(name, set())
        only = name
        if len(of_name) == 1:
            (only,) = of_name
        unit = code_key(report.agency.code) or only
        if unit:
            key = (unit, report.agency.level, report.year)
            keyed.append((key, report))
    return grouped(keyed)


# --- the choice of the office -------------------------------------------------------------------


@frozen
class SentFile:
    """A report in a folder: its path below it, whose it is, and a digest of its file."""

    file: str
    agency: Agency
    year: int | None
    digest: str


@frozen
class ChosenVersions:
    """The outcome of the decisions of an office for the files of a folder.

    ``chosen`` are the files that count. ``not_taken`` are those that another one stands for, with
    the reason in Chinese. ``undecided`` are those between which nobody has decided, with the reason
    why a decision does not hold.
    """

    chosen: frozenset[str] = frozenset()
    not_taken: Mapping[str, str] = field(factory=dict)
    undecided: Mapping[str, str] = field(factory=dict)


def chosen_versions(
    files: Iterable[SentFile], ownership: Ownership | None, decisions: Decisions
) -> ChosenVersions:
    """What the office has decided between several files of one unit.

    Units are those of the roster of ``ownership``, else they are told apart by code and name.
    """
    if not decisions:
        return ChosenVersions()
    chosen: set[str] = set()
    not_chosen: dict[str, str] = {}
    undecided: dict[str, str] = {}
    for group in _groups(list(files), ownership):
        choice = choose({one.file: one.digest for one in group}, decisions)
        if choice.file:
            chosen.add(choice.file)
        for one in group:
            if choice.why_not:
                undecided[one.file] = choice.why_not
            elif choice.file and one.file != choice.file:
                not_chosen[one.file] = not_taken(choice.file)
    return ChosenVersions(frozenset(chosen), not_chosen, undecided)


def _groups(files: Sequence[SentFile], ownership: Ownership | None) -> Iterable[list[SentFile]]:
    if ownership is None:
        return by_agency(files).values()
    of_units: list[tuple[str, SentFile]] = []
    others: list[SentFile] = []
    for one in files:
        identity = ownership.owner(one.agency, one.file)
        if identity.unit is not None:
            of_units.append((identity.unit.key, one))
        elif not identity.candidates and not identity.contradicts:
            others.append(one)
    of_roster = by_unit(of_units, ownership.roster)
    return [*of_roster.values(), *by_agency(others).values()]
