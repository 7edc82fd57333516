"""Match the files of an inbox with the units of a roster: one state for each unit."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath

from attrs import evolve, frozen

from govdisclose.check.publication import deadline
from govdisclose.finding import Finding, Place
from govdisclose.form.entry import YEARS
from govdisclose.form.grouping import grouped
from govdisclose.form.status import (
    HandedIn,
    NotLookedAt,
    Stray,
    UnitState,
    UnitStatus,
)
from govdisclose.many.beside_governments import owed_level
from govdisclose.many.disagreement import CODE_PATH, disagreement
from govdisclose.many.other_year import only_of, wrong_year
from govdisclose.many.roster import Identity, RosterUnit
from govdisclose.many.status.chosen import Chosen, chosen_of
from govdisclose.many.status.owners import Collection, Owned, by_unit_named, is_of, owners_of
from govdisclose.read.tables.labels import name_key
from govdisclose.rules.aggregation import H113

FindingsOf = Callable[[HandedIn], tuple[Finding, ...]]
"""Gives the errors and warnings of a file; asked only where somebody must act on them."""

CellOf = Callable[[HandedIn, str], Place]
"""Gives the place of a value in a file, by the path of the value; asked as rarely."""


def _file_of(file: HandedIn, path: str) -> Place:
    """The file alone, for callers who do not know its cells."""
    return Place(file.file)


@frozen
class Matched:
    """Every unit of the roster, in its order, and the files that belong to none of them."""

    units: tuple[UnitStatus, ...]
    strays: tuple[Stray, ...]


def match(
    files: Iterable[HandedIn],
    season: Collection,
    findings_of: FindingsOf,
    cell_of: CellOf = _file_of,
    not_looked_at: Sequence[NotLookedAt] = (),
) -> Matched:
    """Give each file to its unit. Every file is in one unit or among the strays.

    A report whose code and name disagree is returned to one of the two units, the one from which no
    other report came (``Identity.returned_to``); if both have sent another, it is a stray. A file
    that cannot be read, or that names nobody, belongs to the unit whose full name is in its path. A
    unit without a report is told which of ``not_looked_at`` contain its name.
    """
    owners = owners_of(files, season)
    doubts = _doubts(owners)
    set_apart = by_unit_named(not_looked_at, season.roster)
    sources = _Sources(findings_of, cell_of, owners.contradictions)
    units = []
    for unit in season.roster.units:
        owned = sorted(owners.files.get(unit.key, ()), key=_age, reverse=True)
        status = _UnitFiles(unit, tuple(owned), season, sources).status()
        said: list[str] = []
        for doubt in doubts.get(unit.key, ()):
            if doubt.concerns(status):
                said.append(doubt.said)
        if status.state.is_absent:
            for other in set_apart.get(unit.key, ()):
                said.append(f"{other.file} {other.reason}")
        units.append(_with_remarks(status, said))
    return Matched(tuple(units), owners.strays)


def _age(file: HandedIn) -> tuple[object, ...]:
    """Sorts files, the oldest first."""
    return file.received, file.modified, file.file


# --- what else may be of a unit ---------------------------------------------------------------


@frozen
class _Doubtful:
    """That a file may be of a unit, the ``candidate``; ``said`` tells the office so.

    ``owner`` is the unit that must correct the file.
    """

    candidate: str
    said: str
    owner: str = ""

    def concerns(self, status: UnitStatus) -> bool:
        """Whether it is news about a unit: not of its own file, nor beside its good report."""
        is_settled_elsewhere = bool(self.owner) and status.state.is_settled
        return self.owner != status.key and not is_settled_elsewhere


def _doubts(owners: Owned) -> dict[str, list[_Doubtful]]:
    """The files that may be of a unit, by its key: no code, or one that disagrees with the name."""
    return grouped((doubt.candidate, doubt) for doubt in _each_doubt(owners))


def _each_doubt(owners: Owned) -> Iterator[_Doubtful]:
    owner_of: dict[str, str] = {}
    for key, files in owners.files.items():
        for file in files:
            owner_of[file.file] = key
    for name, identity in owners.contradictions.items():
        said = f"另有代码、名称不符的，不知是不是这一家的：{name}"
        owner = owner_of.get(name, "")
        for unit in identity.candidates:
            yield _Doubtful(unit.key, said, owner)
    for name, identity in owners.namesakes.items():
        said = f"另有没有代码的同名报告，不知是不是这一家的：{name}"
        for unit in identity.candidates:
            yield _Doubtful(unit.key, said)


def _with_remarks(status: UnitStatus, said: Sequence[str]) -> UnitStatus:
    """The same unit, with more sentences in its remark."""
    if not said:
        return status
    first = [status.remark] if status.remark else []
    return evolve(status, remark="；".join([*first, *said]))


# --- the state of a unit ------------------------------------------------------------------------


@frozen
class _Sources:
    """What can be asked of files, and how the code and the name of some disagree."""

    findings_of: FindingsOf
    cell_of: CellOf
    contradictions: Mapping[str, Identity]


@frozen
class _UnitFiles:
    """A unit and all its files, the newest first."""

    unit: RosterUnit
    files: tuple[HandedIn, ...]
    season: Collection
    sources: _Sources

    def status(self) -> UnitStatus:
        """The state of the unit, and what it follows from."""
        if self._current:
            return self._of_current(self._current)
        others = [file for file in self.files if not file.unreadable]
        unreadable = tuple(file for file in self.files if file.unreadable)
        if unreadable:
            return self._status(
                UnitState.UNREADABLE, unreadable, remark=_why_unusedable(unreadable)
            )
        if others:
            years = [file.year for file in others if file.year is not None]
            remark = only_of(years, self.season.year)
            return self._status(UnitState.OTHER_YEAR, tuple(others), remark=remark)
        state = UnitState.MISSING if self._is_asked else UnitState.NOT_ASKED
        return self._status(state)

    @property
    def _current(self) -> tuple[HandedIn, ...]:
        """The readable files that are not of another year.

        A year that is missing or still to come was mistyped.
        """
        return tuple(file for file in self.files if is_of(file, self.season))

    @property
    def _is_asked(self) -> bool:
        return bool(self.unit.reports)

    def _of_current(self, files: tuple[HandedIn, ...]) -> UnitStatus:
        decisions = self.season.decisions
        reports = [chosen_of(versions, decisions) for versions in self._reports(files)]
        findings: list[Finding] = []
        for report in reports:
            if self._is_all_wrong(report):
                findings.extend(self._to_correct(report.files[0]))
        first = reports[0].files[0]
        if any(map(self._is_all_wrong, reports)):
            state = UnitState.RETURNED
        elif any(len(report.files) > 1 for report in reports):
            state = UnitState.DOUBLED
        elif self._is_renamed(first):
            state = UnitState.RENAMED
        else:
            state = UnitState.RECEIVED
        counting: list[HandedIn] = []
        set_aside: list[HandedIn] = []
        for report in reports:
            counting.extend(report.files)
            set_aside.extend(report.set_aside)
        remark = "；".join(self._remarks(reports))
        status = self._status(state, tuple(counting), tuple(findings), remark)
        return self._with_set_aside(status, tuple(set_aside))

    def _reports(self, files: Iterable[HandedIn]) -> Iterator[tuple[HandedIn, ...]]:
        """The versions of the report of the unit itself, and those of the whole below it."""
        own: list[HandedIn] = []
        of_whole: list[HandedIn] = []
        for file in files:
            is_of_whole = self.season.roster.is_of_whole(self.unit.key, file.agency)
            versions = of_whole if is_of_whole else own
            versions.append(file)
        for versions in (own, of_whole):
            if versions:
                yield tuple(versions)

    def _is_all_wrong(self, report: Chosen) -> bool:
        """Whether no version of a report is in order."""
        return all(map(self._is_wrong, report.files))

    def _with_set_aside(self, status: UnitStatus, files: tuple[HandedIn, ...]) -> UnitStatus:
        """The same state; its other files say that the office has not chosen them."""
        names = {file.file for file in files}
        others = [file for file in status.others if file.file not in names]
        return evolve(status, others=(*files, *others))

    def _is_wrong(self, file: HandedIn) -> bool:
        is_of_year = file.year == self.season.year
        is_in_doubt = file.file in self.sources.contradictions
        return file.errors > 0 or not is_of_year or is_in_doubt

    def _is_renamed(self, file: HandedIn) -> bool:
        """Whether a report has a former name of its unit."""
        if file.file in self.sources.contradictions:
            return False
        name = name_key(file.agency.name)
        return bool(name) and name != name_key(self.unit.name)

    def _to_correct(self, file: HandedIn) -> Iterator[Finding]:
        """What is wrong with a file: what only the roster and the year show, then the rest."""
        cell_of = self.sources.cell_of
        year = self.season.year
        contradiction = self.sources.contradictions.get(file.file)
        if contradiction is not None:
            place = cell_of(file, CODE_PATH)
            yield disagreement(contradiction.reason, place, file.agency.code)
        if file.year is not None and file.year != year:
            yield wrong_year(file.year, year, cell_of(file, "year"))
        if self._is_renamed(file):
            yield self._name_to_correct(file)
        yield from self.sources.findings_of(file)

    def _name_to_correct(self, file: HandedIn) -> Finding:
        """That a report has a former name (H113)."""
        said = f"机关名称是“{file.agency.name}”，现在的名称是“{self.unit.name}”"
        return H113.finding(
            said,
            self.sources.cell_of(file, "agency.name"),
            path="agency.name",
            expected=self.unit.name,
            found=file.agency.name,
        )

    def _remarks(self, reports: Sequence[Chosen]) -> Iterator[str]:
        """What an office should know of a unit's files of the year, report by report."""
        first, *others = reports
        yield from self._remarks_on(first.files)
        yield from first.remarks
        for report in others:
            yield f"另有本级汇总报告 {report.files[0].file}"
            if len(report.files) > 1:
                yield _of_versions(report.files)
            yield from report.remarks
        unreadable = [file.file for file in self.files if file.unreadable]
        if unreadable:
            yield f"另有读不出的文件：{'、'.join(unreadable)}"

    def _remarks_on(self, files: Sequence[HandedIn]) -> Iterator[str]:
        """What an office should know of the versions of one report."""
        if len(files) > 1:
            yield _of_versions(files)
        newest = files[0]
        contradiction = self.sources.contradictions.get(newest.file)
        if contradiction is not None:
            yield contradiction.reason
        if self._is_renamed(newest):
            yield f"用的是曾用名“{newest.agency.name}”"
        last = self._deadline(newest)
        if newest.received > last:
            late = newest.received - last
            yield f"迟报 {late.days} 天{self._of_date(newest)}"
        if not self._is_asked:
            yield self._unasked(newest)

    def _of_date(self, file: HandedIn) -> str:
        """In brackets, that the date of a file is impossible: it may have come before it was seen."""
        own = file.modified.date()
        is_to_come = self.season.today is not None and own > self.season.today
        if own.year in YEARS and not is_to_come:
            return ""
        return f"（文件自己的日期 {own} 不可能，按第一次看到的日期算）"

    def _unasked(self, file: HandedIn) -> str:
        if self.season.roster.is_of_whole(self.unit.key, file.agency):
            return "本级汇总报告"
        return "花名册写明不填报，却交来了报告"

    def _deadline(self, file: HandedIn | None) -> date:
        year = self.season.year
        if file is None or file.unreadable:
            return deadline(year, owed_level(self.unit.name))
        return deadline(year, file.agency.level)

    def _status(
        self,
        state: UnitState,
        files: tuple[HandedIn, ...] = (),
        findings: tuple[Finding, ...] = (),
        remark: str = "",
    ) -> UnitStatus:
        unit = self.unit
        above = self.season.roster.parent_of(unit)
        return UnitStatus(
            key=unit.key,
            name=unit.name,
            code=unit.code or "",
            level=unit.level,
            parent=above.name if above else "",
            state=state,
            deadline=self._deadline(files[0] if files else None),
            expected=self._is_asked,
            person=unit.contact.person,
            phone=unit.contact.phone,
            files=files,
            others=tuple(file for file in self.files if file not in files),
            findings=findings,
            remark=remark,
        )


def _why_unusedable(files: Sequence[HandedIn]) -> str:
    """Why files cannot be read; of two whose names look the same it is said once."""
    said = [unicodedata.normalize("NFC", _named_once(file)) for file in files]
    return "；".join(dict.fromkeys(said))


def _named_once(file: HandedIn) -> str:
    """Why a file cannot be read, with its name, which the reason may say already."""
    has_name = PurePosixPath(file.file).name in file.unreadable
    return file.unreadable if has_name else f"{file.file}：{file.unreadable}"


def _of_versions(files: Sequence[HandedIn]) -> str:
    """Several files of a unit: which is newer, and how they differ."""
    newest, *others = files
    is_newer = newest.modified > others[0].modified
    said = [_with_remark_on(newest, "最新" if is_newer else "时间不分先后")]
    for other in others:
        difference = _compared(newest, other)
        said.append(_with_remark_on(other, difference))
    count = len(files)
    listed = "、".join(said)
    return f"交来 {count} 份：{listed}"


def _with_remark_on(file: HandedIn, remark: str) -> str:
    """One of several files, with its time, a remark and the number of its errors in brackets."""
    said = [f"{file.modified:%m-%d %H:%M}", remark]
    if file.errors:
        said.append(f"{file.errors} 个错误")
    brackets = "，".join(said)
    return f"{file.file}（{brackets}）"


def _compared(newest: HandedIn, other: HandedIn) -> str:
    """How an older version differs from the newest one, in Chinese."""
    if other.digest == newest.digest:
        return "内容完全相同"
    if other.figures != newest.figures:
        return "三张表的数不同"
    return "三张表相同，文字不同" if other.texts != newest.texts else "表和文字都相同"
