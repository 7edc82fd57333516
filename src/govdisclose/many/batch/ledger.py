"""The ledger of a batch: an SQLite database in the output folder, kept from run to run.

It records the fate of every workbook, and every file that a batch has put into the folder or is
about to. A file is claimed before it is moved into place, and the workbook is recorded afterwards.
Both are on the disk when the call returns, so a crash at any point leaves nothing that the next run
cannot recognize.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import field, frozen

from govdisclose.errors import OutputError, UsageError
from govdisclose.form.report import Agency
from govdisclose.many.batch.file_names import ReportTitle, folded
from govdisclose.many.batch.result import Fate, Status
from govdisclose.many.batch.versions import Version
from govdisclose.many.stored import bound, finding_from, unbound
from govdisclose.write.data import dump_json

LEDGER_FILE = "batch.sqlite"

_VERSION = 2
_SCHEMA = f"""
BEGIN;
CREATE TABLE workbook (
    path PRIMARY KEY,           -- below the folder of the workbooks
    key TEXT NOT NULL,          -- a digest of the workbook, the options, the template, the version
    status TEXT NOT NULL,
    agency NOT NULL,
    code,
    year INTEGER,
    findings NOT NULL,          -- JSON
    error NOT NULL,
    exit_code INTEGER NOT NULL,
    level NOT NULL,
    digest TEXT NOT NULL,       -- SHA-256 of the workbook
    stem NOT NULL,              -- the name of its files without suffix; empty before the first
    folded NOT NULL,            -- the same as file systems compare it
    outputs NOT NULL,           -- JSON: its files by name, with their SHA-256
    notes NOT NULL              -- JSON
);
CREATE INDEX workbook_by_name ON workbook (folded);
CREATE TABLE file (
    name NOT NULL,
    sha256 TEXT NOT NULL,
    workbook NOT NULL,
    folded NOT NULL,            -- its name without suffix as file systems compare it
    PRIMARY KEY (name, sha256)
);
CREATE INDEX file_by_workbook ON file (workbook);
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_FIGURES = "CREATE TABLE IF NOT EXISTS figures (path PRIMARY KEY, digest NOT NULL)"
"""Digests of the figures of workbooks; earlier ledgers lack this table."""
_LISTED = "CREATE TEMP TABLE listed (path PRIMARY KEY, number INTEGER NOT NULL)"
"""The workbooks of the present run."""

_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What reading a damaged record raises."""

_WHY = {
    "full": "磁盘已满",
    "readonly": "文件夹只读或没有写入权限",
    "unable to open": "文件夹只读或没有写入权限",
    "locked": "另一个程序正在使用它",
    "malformed": "文件已损坏，请换一个输出文件夹，或加 --force 重做",
    "not a database": "文件已损坏，请换一个输出文件夹，或加 --force 重做",
}
"""Messages of SQLite (its error codes are available only since Python 3.11), and their meanings."""


@frozen
class Record:
    """The fate of a workbook, and its files: names with their SHA-256, all of them ``stem`` +
    suffix.

    ``workbook`` is the path below the folder of the workbooks. ``key`` is a digest of the workbook,
    the options, the template and this version, ``digest`` one of the workbook alone. A workbook
    that gives no reports keeps the ``stem`` of its earlier ones, until they are set aside.
    """

    workbook: str
    key: str
    fate: Fate
    stem: str = ""
    outputs: Mapping[str, str] = field(factory=dict)
    notes: tuple[str, ...] = ()
    digest: str = ""


@frozen
class KnownFile:
    """A file that was made from a workbook: its name, and the same without suffix and folded."""

    name: str
    digest: str
    workbook: str
    folded_stem: str


_CACHE = 256
"""Kilobytes of the ledger that stay in memory: workbooks are looked up one by one."""


class Ledger:
    """The ledger of one output folder. Whoever writes to it holds the lock of the folder."""

    def __init__(self, path: Path, workbooks: Sequence[str]) -> None:
        """Open or create the ledger for a run over these workbooks.

        Raises ``UsageError`` for a file that is no ledger of this version, ``OutputError``.
        """
        self.path = path
        try:
            # A caller may take results in one thread after the other.
            self._database = sqlite3.connect(path, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        self._database.row_factory = sqlite3.Row
        try:
            self._prepare(workbooks)
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, workbooks: Sequence[str]) -> None:
        database = self._database
        try:
            # Without other users WAL needs no shared memory, which network drives do not have.
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute(f"PRAGMA cache_size = -{_CACHE}")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            (damage,) = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from error
        except sqlite3.DatabaseError as error:
            raise self._foreign() from error
        if version not in (0, _VERSION) or damage != "ok":
            raise self._foreign()
        with self._explained():
            if version == 0:
                database.executescript(_SCHEMA)
            database.execute(_FIGURES)
            database.execute(_LISTED)
            listed = ((bound(path), number) for number, path in enumerate(workbooks))
            database.executemany("INSERT INTO listed VALUES (?, ?)", listed)
            database.commit()

    # --- workbooks ------------------------------------------------------------------------------

    def is_empty(self) -> bool:
        """Whether no workbook was ever recorded."""
        return self._first("SELECT 1 FROM workbook LIMIT 1") is None

    def record(self, workbook: str) -> Record | None:
        """Return the record of a workbook; ``None`` for a damaged one, which is then made again."""
        row = self._first(
            "SELECT workbook.*, figures.digest AS figures"
            " FROM workbook LEFT JOIN figures USING (path) WHERE path = ?",
            bound(workbook),
        )
        if row is None:
            return None
        with suppress(*_UNREADABLE):
            return _record(row)
        return None

    def write(self, records: Iterable[Record]) -> None:
        """Record workbooks. Earlier records of files with the same names are removed."""
        with self._explained():
            for record in records:
                columns = _columns(record)
                marks = ", ".join("?" * len(columns))
                self._database.execute(
                    f"INSERT OR REPLACE INTO workbook VALUES ({marks})",  # only marks
                    columns,
                )
                self._database.execute(
                    "INSERT OR REPLACE INTO figures VALUES (?, ?)",
                    (bound(record.workbook), record.fate.figures),
                )
                for name in record.outputs:
                    self._database.execute("DELETE FROM file WHERE name = ?", [bound(name)])
                self._insert_files(files_of(record))
            self._database.commit()

    def titles(self, *, is_draft: bool) -> Iterator[tuple[ReportTitle, str]]:
        """Yield the title of every report and the name that it has now, in the order of the run."""
        with self._explained():
            rows = self._database.execute(
                "SELECT path, agency, year, code, stem FROM workbook JOIN listed USING (path)"
                " WHERE status = ? ORDER BY number",
                [Status.MADE.value],
            )
            for row in rows:
                path, agency, year, code, stem = map(unbound, row)
                yield ReportTitle(path, agency, year, code, is_draft), stem

    def versions(self) -> Iterator[Version]:
        """Yield every workbook of this run as a version of its unit's report."""
        with self._explained():
            rows = self._database.execute(
                "SELECT path, agency, code, level, year, status, workbook.digest, figures.digest"
                " FROM workbook JOIN listed USING (path) LEFT JOIN figures USING (path)"
                " ORDER BY number"
            )
            for row in rows:
                path, name, code, level, year, status, digest, figures = map(unbound, row)
                # A report that could not be read has no level.
                agency = Agency(name, code, "government" if level == "government" else "agency")
                yield Version(path, agency, year, Status(status), digest, figures or "")

    def with_files(self) -> set[str]:
        """Return the workbooks with known files."""
        with self._explained():
            rows = self._database.execute("SELECT DISTINCT workbook FROM file").fetchall()
        return {unbound(workbook) for (workbook,) in rows}

    def is_listed(self, workbook: str) -> bool:
        """Return whether a workbook is among those of this run."""
        return self._first("SELECT 1 FROM listed WHERE path = ?", bound(workbook)) is not None

    def all_files(self) -> list[KnownFile]:
        """Return every known file of every workbook, those of workbooks that are gone too."""
        return self._files("TRUE")

    def is_taken(self, stem: str, *, but: str | None = None) -> bool:
        """Whether the files of a workbook of this run, other than ``but``, have this name."""
        row = self._first(
            "SELECT 1 FROM workbook JOIN listed USING (path)"
            " WHERE folded = ? AND path IS NOT ? LIMIT 1",
            bound(folded(stem)),
            bound(but),
        )
        return row is not None

    # --- files ----------------------------------------------------------------------------------

    def claim(self, files: Iterable[KnownFile]) -> None:
        """Record files that are about to be moved into place."""
        with self._explained():
            self._insert_files(files)
            self._database.commit()

    def files_of(self, workbook: str) -> list[KnownFile]:
        """Return every known file of a workbook, earlier ones and present ones."""
        return self._files("workbook = ?", bound(workbook))

    def known_digests(self, name: str, workbook: str) -> set[str]:
        """Return the digests of files under a name that ``workbook`` may replace.

        They were made from it, from a workbook that is not among those of this run any more, or
        from one that was never recorded: a run was ended when it had moved the files.
        """
        condition = (
            "name = ? AND (workbook = ? OR workbook NOT IN (SELECT path FROM listed)"
            " OR workbook NOT IN (SELECT path FROM workbook))"
        )
        files = self._files(condition, bound(name), bound(workbook))
        return {file.digest for file in files}

    def forget(self, files: Iterable[KnownFile]) -> None:
        """Forget files. This reaches the disk with the next record: nothing depends on it."""
        with self._explained():
            self._database.executemany(
                "DELETE FROM file WHERE name = ? AND sha256 = ? AND workbook = ?",
                [(bound(file.name), file.digest, bound(file.workbook)) for file in files],
            )

    def _insert_files(self, files: Iterable[KnownFile]) -> None:
        rows = []
        for file in files:
            values = (file.name, file.digest, file.workbook, file.folded_stem)
            rows.append([bound(value) for value in values])
        self._database.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", rows)

    def _files(self, condition: str, *values: Any) -> list[KnownFile]:
        query = f"SELECT * FROM file WHERE {condition} ORDER BY name"  # from above
        with self._explained():
            rows = self._database.execute(query, values).fetchall()
        return [KnownFile(*map(unbound, row)) for row in rows]

    # --- the database ---------------------------------------------------------------------------

    def _first(self, query: str, *values: Any) -> Any:
        with self._explained():
            return self._database.execute(query, values).fetchone()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn errors of SQLite into a sentence; nothing of a failed step is recorded later."""
        try:
            yield
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._database.rollback()
            raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.Error) -> OutputError:
        said = str(error)
        known = [why for part, why in _WHY.items() if part in said]
        why = known[0] if known else "磁盘读写出错"
        return OutputError(f"无法使用批处理记录 {self.path}：{why}")

    def _foreign(self) -> UsageError:
        return UsageError(
            f"{self.path} 不是本程序这一版的批处理记录，或已损坏："
            "请换一个输出文件夹，或加 --force 重做"
        )

    def close(self) -> None:
        """Close the database."""
        with suppress(sqlite3.Error):
            self._database.commit()  # forgotten files
        self._database.close()


@contextmanager
def open_ledger(path: Path, workbooks: Sequence[str], *, anew: bool) -> Iterator[Ledger]:
    """Open the ledger at ``path`` until the block ends.

    With ``anew`` a file that is no ledger of this version is replaced. Raises ``UsageError``,
    ``OutputError``.
    """
    ledger = _opened(path, workbooks, anew=anew)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def copied_ledger(path: Path | None, workbooks: Sequence[str], *, anew: bool) -> Iterator[Ledger]:
    """Open a copy of the ledger at ``path``, or an empty one: its changes are discarded."""
    with TemporaryDirectory(prefix="govdisclose-") as scratch:
        copy = Path(scratch) / LEDGER_FILE
        if path is not None:
            for source, target in zip(_parts(path), _parts(copy), strict=True):
                with suppress(FileNotFoundError):
                    shutil.copyfile(source, target)
        with open_ledger(copy, workbooks, anew=anew) as ledger:
            yield ledger


def _opened(path: Path, workbooks: Sequence[str], *, anew: bool) -> Ledger:
    try:
        return Ledger(path, workbooks)
    except UsageError:
        if not anew:
            raise
    for part in _parts(path):
        part.unlink(missing_ok=True)
    return Ledger(path, workbooks)


def _parts(path: Path) -> tuple[Path, Path]:
    """Return the files of a database: after a crash its last changes are in the second."""
    return path, path.with_name(path.name + "-wal")


# --- rows ---------------------------------------------------------------------------------------


def files_of(record: Record) -> list[KnownFile]:
    """Return the files of a record."""
    return [
        KnownFile(name, digest, record.workbook, folded(record.stem))
        for name, digest in record.outputs.items()
    ]


def _columns(record: Record) -> list[Any]:
    fate = record.fate
    findings = [finding.as_dict() for finding in fate.findings]
    values = [
        record.workbook,
        record.key,
        fate.status.value,
        fate.agency,
        fate.code,
        fate.year,
        dump_json(findings, indent=None),
        fate.error,
        fate.exit_code,
        fate.level,
        record.digest,
        record.stem,
        folded(record.stem),
        json.dumps(dict(record.outputs)),
        json.dumps(record.notes),
    ]
    return [bound(value) for value in values]


def _record(row: sqlite3.Row) -> Record:
    """Return the record of a row. Raises one of ``_UNREADABLE`` for a damaged one."""
    import simplejson

    values = {name: unbound(row[name]) for name in row.keys()}  # noqa: SIM118  # no mapping
    findings = simplejson.loads(values["findings"], use_decimal=True)
    outputs = json.loads(values["outputs"])
    notes = json.loads(values["notes"])
    if not isinstance(outputs, dict) or not isinstance(notes, list):
        raise TypeError
    fate = Fate(
        Status(values["status"]),
        values["agency"],
        values["code"],
        values["year"],
        tuple(map(finding_from, findings)),
        values["error"],
        values["exit_code"],
        values["level"],
        values["figures"] or "",
    )
    if bool(outputs) is not (fate.status is Status.MADE):
        raise ValueError
    return Record(
        values["path"],
        values["key"],
        fate,
        values["stem"],
        outputs,
        tuple(notes),
        values["digest"],
    )
