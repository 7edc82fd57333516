"""The record kept from run to run beside the inbox: an SQLite database.

It holds the summary of every file, so that unchanged files are not read again, the state of every
unit at the end of the last day and of the day before, from which the news is made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import simplejson
from attrs import field, frozen

from govdisclose.finding import Finding
from govdisclose.form.report import Agency
from govdisclose.form.status import UnitState
from govdisclose.many.status.file_summary import FileSummary, is_to_correct
from govdisclose.many.stored import bound, finding_from, unbound
from govdisclose.many.year_changes import is_about_last_year
from govdisclose.version import __version__
from govdisclose.write.data import dump_json

STATE_FILE = ".govdisclose-status.sqlite"
"""The name of the database in the inbox. Its dot keeps it from being taken for a unit's file."""

_APPLICATION = 0x67647374
"""Tells our databases from others (``PRAGMA application_id``)."""

_VERSION = 1
_SCHEMA = f"""
BEGIN;
CREATE TABLE file (
    path PRIMARY KEY,           -- below the inbox
    stamp NOT NULL,             -- size and times; empty when they could not be relied on
    digest NOT NULL,            -- SHA-256 of the content
    received TEXT NOT NULL,     -- the day it came
    version TEXT NOT NULL,      -- of the program that read it
    agency NOT NULL, code, level NOT NULL, year INTEGER,
    figures NOT NULL, texts NOT NULL,
    errors INTEGER NOT NULL, warnings INTEGER NOT NULL,
    unreadable NOT NULL,
    findings NOT NULL           -- JSON
);
CREATE INDEX file_by_digest ON file (digest);
CREATE TABLE day (
    year INTEGER NOT NULL,      -- of the reports
    day TEXT NOT NULL,
    key NOT NULL,               -- of the unit, or "file:" and the path of a file of no unit
    name NOT NULL,
    state TEXT NOT NULL,
    digests TEXT NOT NULL,
    PRIMARY KEY (year, day, key)
) WITHOUT ROWID;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
COMMIT;
"""

_COLUMNS = (
    "path, stamp, digest, received, version, agency, code, level, year, figures, texts, errors,"
    " warnings, unreadable, findings"
)
_WITHOUT_FINDINGS = _COLUMNS.removesuffix(", findings")


@frozen
class KnownSummary:
    """The summary of a file as it was last read, without its findings.

    ``stamp`` identifies its content for the file system, ``received`` the day it came.
    """

    path: str
    stamp: str
    digest: str
    received: date
    agency: Agency
    year: int | None
    figures: str = field(repr=False)
    texts: str = field(repr=False)
    errors: int
    warnings: int
    unreadable: str


@frozen
class Arrival:
    """The day on which a file came; ``digest`` is empty if it could not be opened."""

    path: str
    digest: str
    received: date


@frozen
class ReadFile:
    """A file that was read in this run, to be kept."""

    path: str
    stamp: str
    received: date
    summary: FileSummary


@frozen
class Snapshot:
    """The state of one unit at the end of a day, and the digests of its files.

    For a file of no unit ``state`` is ``None``.
    """

    key: str
    name: str
    state: UnitState | None
    digests: tuple[str, ...]


class Store:
    """The database of one inbox. Use ``open_store``."""

    def __init__(self, database: sqlite3.Connection, reader: str = __version__) -> None:
        """Take over an open database with our schema.

        ``reader`` names everything that decides how a file is read. Results of another ``reader``
        are not used.
        """
        self._database = database
        self._reader = reader

    # --- files ---

    def known(self) -> Iterator[KnownSummary]:
        """Yield the files that this version of the program has read."""
        rows = self._database.execute(
            f"SELECT {_WITHOUT_FINDINGS} FROM file WHERE version = ?", (self._reader,)
        )
        yield from map(_known, rows)

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the day on which each file came, whichever version of the program read it."""
        rows = self._database.execute("SELECT path, digest, received FROM file")
        for path, digest, received in rows:
            yield Arrival(unbound(path), digest, date.fromisoformat(received))

    def by_digest(self, digest: str) -> KnownSummary | None:
        """A file with this content that was read before, under whatever name."""
        query = f"SELECT {_WITHOUT_FINDINGS} FROM file WHERE digest = ? AND version = ? LIMIT 1"
        row = self._database.execute(query, (digest, self._reader)).fetchone()
        return _known(row) if row else None

    def findings(self, path: str) -> tuple[Finding, ...]:
        """The errors and warnings of a file."""
        return tuple(filter(is_to_correct, self._findings(path)))

    def about_last_year(self, path: str) -> tuple[Finding, ...]:
        """The findings that say how a file compares with last year's report."""
        return tuple(filter(is_about_last_year, self._findings(path)))

    def _findings(self, path: str) -> tuple[Finding, ...]:
        query = "SELECT findings FROM file WHERE path = ?"
        row = self._database.execute(query, (bound(path),)).fetchone()
        if row is None:
            return ()
        known = simplejson.loads(unbound(row[0]), use_decimal=True)
        return tuple(map(finding_from, known))

    def keep(self, files: Iterable[ReadFile]) -> None:
        """Record files that were read."""
        marks = ", ".join("?" * 15)
        with self._database:
            self._database.executemany(
                f"INSERT OR REPLACE INTO file ({_COLUMNS}) VALUES ({marks})",
                (_row(file, self._reader) for file in files),
            )

    def rename(self, old: str, new: KnownSummary) -> None:
        """Record the content of ``old`` under another name or stamp too.

        The next call of ``keep`` or ``forget_all_but`` commits it: every file of a copied inbox has
        a new stamp, and a commit for each would be slow.
        """
        columns = _COLUMNS.removeprefix("path, stamp, ").replace("received", "?")
        self._database.execute(
            f"INSERT OR REPLACE INTO file ({_COLUMNS})"
            f" SELECT ?, ?, {columns} FROM file WHERE path = ?",
            (bound(new.path), new.stamp, new.received.isoformat(), bound(old)),
        )

    def forget_all_but(self, paths: Iterable[str]) -> None:
        """Forget the files that are no longer there."""
        with self._database:
            self._database.execute("CREATE TEMP TABLE IF NOT EXISTS here (path PRIMARY KEY)")
            self._database.execute("DELETE FROM here")
            marked = ((bound(path),) for path in paths)
            self._database.executemany("INSERT OR IGNORE INTO here VALUES (?)", marked)
            self._database.execute("DELETE FROM file WHERE path NOT IN (SELECT path FROM here)")

    # --- days ---

    def last_day(self) -> date | None:
        """The day of the last run, for whatever year."""
        (day,) = self._database.execute("SELECT max(day) FROM day").fetchone()
        return date.fromisoformat(day) if day else None

    def day_before(self, year: int, today: date) -> date | None:
        """The last day before ``today`` on which the reports on ``year`` were looked at."""
        query = "SELECT max(day) FROM day WHERE year = ? AND day < ?"
        (day,) = self._database.execute(query, (year, today.isoformat())).fetchone()
        return date.fromisoformat(day) if day else None

    def day_after(self, year: int, today: date) -> date | None:
        """The last day after ``today`` that is on record: then the clock was wrong, or is."""
        query = "SELECT max(day) FROM day WHERE year = ? AND day > ?"
        found = self._database.execute(query, (year, today.isoformat()))
        (day,) = found.fetchone()
        return date.fromisoformat(day) if day else None

    def snapshots(self, year: int, day: date) -> dict[str, Snapshot]:
        """The state of every unit at the end of a day, by key."""
        query = "SELECT key, name, state, digests FROM day WHERE year = ? AND day = ?"
        found: dict[str, Snapshot] = {}
        for key, name, state, digests in self._database.execute(query, (year, day.isoformat())):
            known = UnitState(state) if state else None
            files = tuple(digests.split())
            shot = Snapshot(unbound(key), unbound(name), known, files)
            found[shot.key] = shot
        return found

    def keep_day(self, year: int, today: date, shots: Iterable[Snapshot]) -> None:
        """Record the state of every unit today; of earlier days only the last one is kept.

        A later day stays: today's clock may be wrong.
        """
        day = today.isoformat()
        before = self.day_before(year, today) or today
        with self._database:
            self._database.execute(
                "DELETE FROM day WHERE year = ? AND (day < ? OR day = ?)",
                (year, before.isoformat(), day),
            )
            rows = ((year, day, *_shot_row(shot)) for shot in shots)
            self._database.executemany("INSERT INTO day VALUES (?, ?, ?, ?, ?, ?)", rows)


IN_MEMORY = Path(":memory:")
"""The place of a database that is kept nowhere."""


@contextmanager
def open_store(path: Path, reader: str = __version__) -> Iterator[tuple[Store, str]]:
    """Open the database at ``path``, or an empty one in memory where that is not possible.

    Yield it with the reason in Chinese why it is not the one at ``path``; ``""`` if it is. Whatever
    is wrong with the database, an office must learn who has handed in nothing.
    """
    problem = ""
    try:
        database = _opened(path)
    except (sqlite3.Error, OSError) as error:
        problem = why_unusable(path, error)
        database = _opened(IN_MEMORY)
    try:
        yield Store(database, reader), problem
    finally:
        with suppress(sqlite3.Error):
            database.close()


class _ForeignFileError(sqlite3.DatabaseError):
    """A database of another program, or of another version of this one."""


def _opened(path: Path) -> sqlite3.Connection:
    """Open or make a database with our schema. Raises ``sqlite3.Error``, ``OSError``."""
    database = sqlite3.connect(path, timeout=5, check_same_thread=False)
    try:
        (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = database.execute("PRAGMA application_id").fetchone()
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if tables == 0:
            database.executescript(_SCHEMA)
        elif (application, version) != (_APPLICATION, _VERSION):
            raise _ForeignFileError("file is not a database")
        (damage,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if damage != "ok":
            raise sqlite3.DatabaseError("malformed")
        database.execute("BEGIN IMMEDIATE")  # whether it can be written to
        database.rollback()
    except BaseException:
        database.close()
        raise
    return database


def why_unusable(path: Path, error: Exception) -> str:
    """Say in Chinese why the database at ``path`` cannot be used."""
    said = str(error)
    if path.is_dir():
        reason = "那里是一个文件夹，请移走，或用 --state 另给一个文件"
    elif any(word in said for word in ("not a database", "malformed", "no such")):
        reason = "已损坏，或不是这一版程序的记录，没有动它；确是旧的记录，请删去后再运行"
    elif "locked" in said:
        reason = "另一个程序正在用它，请稍后再运行"
    elif "full" in said:
        reason = "磁盘已满"
    else:
        reason = "没有写入权限；收件文件夹只读的，用 --state 给一个别处的文件"
    return f"记录 {path} 用不了（{reason}）：这一次的情况没有记下，也说不出与上次相比有什么变化"


# --- rows ---------------------------------------------------------------------------------------


def _known(row: tuple[Any, ...]) -> KnownSummary:
    path, stamp, digest, received, _, name, code, level, year, figures, texts, *rest = row
    errors, warnings, unreadable = rest
    return KnownSummary(
        unbound(path),
        stamp,
        digest,
        date.fromisoformat(received),
        Agency(unbound(name), unbound(code), level),
        year,
        figures,
        texts,
        errors,
        warnings,
        unbound(unreadable),
    )


def _row(file: ReadFile, reader: str) -> tuple[Any, ...]:
    summary = file.summary
    agency = summary.agency
    known = [finding.as_dict() for finding in summary.findings]
    for finding in summary.about_last_year:
        if not is_to_correct(finding):
            known.append(finding.as_dict())
    findings = dump_json(known, indent=None)
    return (
        bound(file.path),
        file.stamp,
        summary.digest,
        file.received.isoformat(),
        reader,
        bound(agency.name),
        bound(agency.code),
        agency.level,
        summary.year,
        summary.figures,
        summary.texts,
        summary.errors,
        summary.warnings,
        bound(summary.unreadable),
        bound(findings),
    )


def _shot_row(shot: Snapshot) -> tuple[Any, ...]:
    state = shot.state.value if shot.state else ""
    digests = " ".join(shot.digests)
    return bound(shot.key), bound(shot.name), state, digests
