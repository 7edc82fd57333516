"""Look at every file of an inbox, and read those that are new or have changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from itertools import islice

from attrs import evolve, field, frozen

from govdisclose.errors import InputError
from govdisclose.form.entry import YEARS
from govdisclose.form.status import HandedIn
from govdisclose.many.inbox import InboxEntry
from govdisclose.many.isolation import Isolation
from govdisclose.many.previous import PreviousYear
from govdisclose.many.reading import Reader, read_each, worthwhile_jobs
from govdisclose.many.status.file_summary import FileSummary, lost_file, summarize
from govdisclose.many.status.store import Arrival, KnownSummary, ReadFile, Store

_SETTLED = 2.0
"""Seconds after which two versions of a file have different times on every file system."""

_NEVER = datetime(1970, 1, 1)
"""The time of a file whose own time is unknown."""

_KEPT_AT_ONCE = 500
"""So many files are read before they are recorded: what an interruption may cost."""


@frozen
class SeenFile:
    """A file of the inbox as the file system shows it.

    ``stamp`` changes whenever the content may have changed; it is empty while the file is so new
    that a later version could have the same stamp.
    """

    entry: InboxEntry
    stamp: str
    modified: datetime

    @property
    def name(self) -> str:
        """Its path below the inbox."""
        return self.entry.name


def look(
    entries: Iterable[InboxEntry],
    store: Store,
    today: date,
    *,
    jobs: int | None = None,
    isolation: Isolation | None = None,
    previous: PreviousYear | None = None,
) -> list[HandedIn]:
    """Return all files, in the order of ``entries``.

    Files that ``store`` knows are not read again, and new results are kept there. ``previous`` are
    last year's reports.
    """
    known = {summary.path: summary for summary in store.known()}
    all_found = [_find(entry) for entry in entries]
    seen: dict[str, HandedIn] = {}
    changed: list[SeenFile] = []
    for found in all_found:
        summary = _unchanged(found, known, store)
        if summary is None:
            changed.append(found)
        else:
            seen[found.name] = _from_known(summary, found)
    arrival = _days_of_arrival(store.arrivals(), store.last_day(), today)
    read = summarize if previous is None else partial(summarize, previous=previous)
    reader = Reader(read, lost_file)
    for file, found in _read(changed, store, arrival, _Work(reader, jobs, isolation)):
        seen[found.name] = _from_summary(file, found)
    store.forget_all_but(seen)
    return [seen[found.name] for found in all_found]


def _find(entry: InboxEntry) -> SeenFile:
    """Ask the file system. A file that has gone meanwhile is found by its reader."""
    try:
        state = os.stat(entry.on_disk)
    except OSError:
        return SeenFile(entry, "", _NEVER)
    modified = _moment(state.st_mtime)
    changed = max(state.st_mtime, state.st_ctime)
    if entry.problem or time.time() - changed < _SETTLED:
        return SeenFile(entry, "", modified)
    return SeenFile(entry, f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}", modified)


def _moment(timestamp: float) -> datetime:
    """The time recorded for a file; archives may give one that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp)
    except (OverflowError, OSError, ValueError):
        return _NEVER


def _unchanged(
    found: SeenFile, known: dict[str, KnownSummary], store: Store
) -> KnownSummary | None:
    """The summary of a file whose content is known already, by its stamp or by its digest."""
    summary = known.get(found.name)
    if summary is not None and found.stamp and summary.stamp == found.stamp:
        return summary
    if not known or found.entry.problem:
        return None
    try:
        digest = sha256(found.entry.content()).hexdigest()
    except InputError:
        return None
    same = summary
    if same is None or same.digest != digest:
        same = store.by_digest(digest)
    if same is None or not _reads_alike(same, found):
        return None
    renewed = evolve(same, path=found.name, stamp=found.stamp)
    store.rename(same.path, renewed)
    return renewed


def _reads_alike(known: KnownSummary, found: SeenFile) -> bool:
    """Whether the same content under another name says the same: findings contain names."""
    return (
        known.path == found.name or known.path.rpartition("/")[2] == found.name.rpartition("/")[2]
    )


# --- reading ------------------------------------------------------------------------------------


@frozen
class _DaysOfArrival:
    """How the day on which a file came is found.

    A file that is new was not there in the run of ``last``. ``days`` are those of known contents: a
    file that was only renamed has not come again. ``unopened`` are those of the files that could
    not even be opened, by their names.
    """

    last: date | None
    today: date
    days: Mapping[str, date] = field(repr=False)
    unopened: Mapping[str, date] = field(repr=False)

    def day(self, digest: str, found: SeenFile) -> date:
        """The day of this content, or the one recorded for the file, brought within the bounds.

        A date outside the years of reports (1970, for example) shows that the file has lost its
        date.
        """
        if digest in self.days:
            return self.days[digest]
        day = found.modified.date()
        if not digest and found.name in self.unopened:
            before = self.unopened[found.name]
            if day <= before or day > self.today:
                return before
        if day.year not in YEARS:
            day = self.last or self.today
        if self.last is not None:
            day = max(day, self.last)
        return min(day, self.today)


def _days_of_arrival(known: Iterable[Arrival], last: date | None, today: date) -> _DaysOfArrival:
    days: dict[str, date] = {}
    unopened: dict[str, date] = {}
    for file in known:
        if file.digest:
            before = days.get(file.digest, file.received)
            days[file.digest] = min(before, file.received)
        else:
            unopened[file.path] = file.received
    return _DaysOfArrival(last, today, days, unopened)


@frozen
class _Work:
    """How files are read, by how many processes, and within which limits."""

    reader: Reader[InboxEntry, FileSummary]
    jobs: int | None
    isolation: Isolation | None


def _read(
    changed: Sequence[SeenFile],
    store: Store,
    arrival: _DaysOfArrival,
    work: _Work,
) -> Iterator[tuple[ReadFile, SeenFile]]:
    """Read files with workers, and keep them a few hundred at a time."""
    if not changed:
        return
    summaries = read_each(
        [found.entry for found in changed],
        work.reader,
        jobs=work.jobs or worthwhile_jobs(len(changed)),
        isolation=work.isolation,
    )
    pairs = zip(changed, summaries, strict=True)
    while some := list(islice(pairs, _KEPT_AT_ONCE)):
        files = [_read_file(found, summary, arrival) for found, summary in some]
        store.keep(files)
        yield from zip(files, (found for found, _ in some), strict=True)


def _read_file(found: SeenFile, summary: FileSummary, arrival: _DaysOfArrival) -> ReadFile:
    # What could not even be opened may be free tomorrow, unchanged.
    stamp = found.stamp if summary.digest else ""
    return ReadFile(found.name, stamp, arrival.day(summary.digest, found), summary)


def _from_known(known: KnownSummary, found: SeenFile) -> HandedIn:
    return HandedIn(
        found.name,
        known.digest,
        known.received,
        found.modified,
        known.agency,
        known.year,
        known.figures,
        known.texts,
        known.errors,
        known.warnings,
        known.unreadable,
    )


def _from_summary(file: ReadFile, found: SeenFile) -> HandedIn:
    summary = file.summary
    return HandedIn(
        found.name,
        summary.digest,
        file.received,
        found.modified,
        summary.agency,
        summary.year,
        summary.figures,
        summary.texts,
        summary.errors,
        summary.warnings,
        summary.unreadable,
    )
