"""The whole of ``status``: look → match → compare with the last run → report."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.status import HandedIn, News, NotLookedAt, SeasonStatus, UnitStatus
from govdisclose.form.year_changes import YearChanges
from govdisclose.many.decisions import Decisions, known_decisions
from govdisclose.many.disagreement import place_in
from govdisclose.many.inbox import NO_REPORT, Inbox, PassedOver, look_into
from govdisclose.many.isolation import Isolation
from govdisclose.many.long_file import refuse_previous
from govdisclose.many.previous import PreviousYear, indexed
from govdisclose.many.roster import Roster
from govdisclose.many.roster_doubts import roster_doubts
from govdisclose.many.roster_sheet import roster_of
from govdisclose.many.status.changes import changes_of
from govdisclose.many.status.deadlines import season_year
from govdisclose.many.status.look import look
from govdisclose.many.status.match import Matched, match
from govdisclose.many.status.news import snapshots, tell_news
from govdisclose.many.status.owners import Collection
from govdisclose.many.status.store import IN_MEMORY, STATE_FILE, Store, open_store, why_unusable
from govdisclose.many.status.twins import with_twins_told
from govdisclose.read.source import Readable
from govdisclose.source import PathLike
from govdisclose.version import __version__


@frozen
class InboxPlace:
    """The folder to look into, its roster, and the file with the record of earlier runs.

    ``apart`` are files and folders in the inbox that no unit has sent: outputs of earlier runs.
    Without ``state`` the record is a hidden file in the inbox. ``previous`` are last year's
    reports, by their place or already read, ``decisions`` the 结果.xlsx with the office's choices.
    """

    folder: Path
    roster: Readable | Roster
    state: Path | None = None
    apart: tuple[Path, ...] = ()
    previous: Path | PreviousYear | None = None
    decisions: Readable | Decisions | None = None

    @property
    def last_year(self) -> Path | None:
        """The folder or file of last year's reports."""
        if isinstance(self.previous, PreviousYear):
            return self.previous.source
        return self.previous

    @property
    def state_file(self) -> Path:
        """The database of ``Store``."""
        return self.state or self.folder / STATE_FILE

    def look_into(self) -> Inbox:
        """Everything in the folder that a unit may have sent. Raises ``InputError``."""
        last_year = () if self.last_year is None else (self.last_year,)
        apart = (*self.apart, *last_year)
        inbox = look_into(self.folder, outside=apart)
        roster = self.roster.source if isinstance(self.roster, Roster) else self.roster
        return inbox.without((roster, self.decisions, self.state_file, *apart))


def check_inbox(
    folder: PathLike,
    roster: Readable | Roster,
    *,
    year: int | None = None,
    today: date | None = None,
    state: PathLike | None = None,
    previous: PathLike | None = None,
    decisions: Readable | Decisions | None = None,
    jobs: int | None = None,
    isolation: Isolation | None = None,
) -> SeasonStatus:
    """Who on the roster has handed in a report on ``year``, who must correct it, and the news.

    Every workbook and published report below ``folder`` is read, checked and matched with a unit of
    ``roster`` by code and name. Unchanged files are not read again: a record of all files is kept
    in the folder, or in the file ``state``. ``news`` are the changes since the last day on which
    this function was called. Without ``year`` it is the year whose deadline comes next on ``today``
    (31 January and 31 March, article 49 of the Regulations). ``previous`` is last year's folder or
    long table: every report is also checked against last year's of its unit. ``decisions`` is a
    结果.xlsx of ``batch_reports`` with 是 in the column 以此为准: of several reports of one unit it says
    which one counts. ``jobs`` processes read; by default one for each processor if there are enough
    files. ``isolation`` limits the time and memory of each file.

    Raises ``FindingsError`` (H105) for a roster that contradicts itself, ``InputError`` when the
    roster, the folder or the decisions cannot be read, ``UsageError`` for a wrong word among the
    decisions. A record that cannot be used raises nothing: ``notes`` says so.

    Examples:
        >>> from govdisclose.status import check_inbox
        >>> seen = check_inbox("收件", "花名册.xlsx", year=2024)
        >>> [unit.name for unit in seen.units if unit.state.is_absent]
        ['丙局']
    """
    place = InboxPlace(
        Path(folder),
        roster,
        state=None if state is None else Path(state),
        previous=None if previous is None else Path(previous),
        decisions=decisions,
    )
    return status_of(place, year=year, today=today, jobs=jobs, isolation=isolation)


def status_of(
    place: InboxPlace,
    *,
    year: int | None = None,
    today: date | None = None,
    jobs: int | None = None,
    isolation: Isolation | None = None,
) -> SeasonStatus:
    """As ``check_inbox``, for an inbox whose place is known."""
    refuse_previous(place.last_year)
    day = today or date.today()
    known = roster_of(place.roster)
    decisions = known_decisions(place.decisions)
    collected = year or season_year(day)
    season = Collection(known.as_of(collected), collected, decisions, day)
    inbox = place.look_into()
    with _last_year(place.previous, known, isolation) as last:
        reader = __version__ if last is None else f"{__version__} with {last.digest}"
        work = _DayOfInbox(place, season, inbox, day, last, jobs, isolation)
        try:
            with open_store(place.state_file, reader) as (store, problem):
                return work.seen(store, problem)
        except sqlite3.Error as error:  # the disk is full, or the record has gone meanwhile
            with open_store(IN_MEMORY, reader) as (store, _):
                return work.seen(store, why_unusable(place.state_file, error))


@frozen
class _DayOfInbox:
    """An inbox that is to be matched with a roster on one day, and last year's reports if any."""

    place: InboxPlace
    season: Collection
    inbox: Inbox
    day: date
    last: PreviousYear | None
    jobs: int | None
    isolation: Isolation | None

    def seen(self, store: Store, problem: str) -> SeasonStatus:
        """Look, match and compare with the last day; ``problem`` says what is wrong with the
        record.

        Raises ``sqlite3.Error`` when the record can no longer be used.
        """
        season, day, last = self.season, self.day, self.last
        seen = look(
            self.inbox.entries,
            store,
            day,
            jobs=self.jobs,
            isolation=self.isolation,
            previous=last,
        )
        files = [file for file in seen if file.unreadable != NO_REPORT]

        def findings_of(file: HandedIn) -> tuple[Finding, ...]:
            return store.findings(file.file)

        entries = {entry.name: entry for entry in self.inbox.entries}

        def cell_of(file: HandedIn, path: str) -> Place:
            return place_in(entries[file.file], path)

        not_looked_at = tuple(_not_looked_at(self.inbox.passed_over, seen))

        matched = match(files, season, findings_of, cell_of, not_looked_at)
        matched = evolve(matched, units=with_twins_told(matched.units))
        since = store.day_before(season.year, day)
        later = store.day_after(season.year, day)
        doubts = [problem] if problem else []
        if later is not None:
            doubts.append(
                f"记录里已有 {later} 的情况，比今天（{day}）晚：请核对电脑的日期；"
                "日期不对，收到的日期、迟报的天数也不对"
            )
        news = tuple(_keep_day(store, matched, season.year, day, since))
        changes = None if last is None else _changes(matched.units, season.year, store, last)
        roster = season.roster.source
        return SeasonStatus(
            inbox=str(self.place.folder),
            roster=roster.name if roster else "",
            year=season.year,
            today=day,
            units=matched.units,
            strays=matched.strays,
            not_looked_at=not_looked_at,
            news=news,
            since=since,
            notes=(*doubts, *_notes(files, season)),
            is_first=not doubts,
            changes=changes,
        )


def _keep_day(
    store: Store, matched: Matched, year: int, day: date, since: date | None
) -> Iterator[News]:
    """Record the state of a day, and yield the news ``since`` an earlier one."""
    states = list(snapshots(matched))
    if since is not None:
        yield from tell_news(store.snapshots(year, since), states)
    store.keep_day(year, day, states)


def _not_looked_at(
    passed_over: Iterable[PassedOver], seen: Iterable[HandedIn]
) -> Iterator[NotLookedAt]:
    """Yield the files that are no reports, by their names or by their content."""
    for other in passed_over:
        yield NotLookedAt(other.name, other.reason, other.looked_at)
    for file in seen:
        if file.unreadable == NO_REPORT:
            yield NotLookedAt(file.file, NO_REPORT, looked_at=True)


def _changes(
    units: Iterable[UnitStatus], year: int, store: Store, last: PreviousYear
) -> YearChanges:
    """The changes since last year, from the record of each file."""

    def about_last_year(file: HandedIn) -> tuple[Finding, ...]:
        return store.about_last_year(file.file)

    return changes_of(units, year, about_last_year, last)


@contextmanager
def _last_year(
    previous: PathLike | PreviousYear | None, roster: Roster, isolation: Isolation | None
) -> Iterator[PreviousYear | None]:
    """Last year's reports, ``None`` without any."""
    if previous is None:
        yield None
        return
    with indexed(previous, roster=roster, isolation=isolation) as last:
        yield last


def _notes(files: list[HandedIn], season: Collection) -> Iterator[str]:
    for doubt in roster_doubts(season.roster):
        yield doubt.text
    years = Counter(file.year for file in files if file.year is not None)
    if not years:
        return
    usual, count = years.most_common(1)[0]
    if usual != season.year and count > years[season.year]:
        yield (
            f"要收的是 {season.year} 年度的报告，收到的多数（{count} 份）是 {usual} 年度的；"
            f"要看那一年，加 --year {usual}"
        )
