"""Last year's reports of many units: found by code, then by name, then by what a roster tells.

The reports wait in an SQLite database on the disk, so that 20,000 of them take no memory, and so
that the workers of a batch can look into it too.
"""

from __future__ import annotations

import pickle
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve, frozen

from govdisclose.errors import GovDiscloseError, InputError
from govdisclose.form.adding import add_onto, with_derived_totals
from govdisclose.form.edition import EDITIONS
from govdisclose.form.fields import Value
from govdisclose.form.grouping import group_by
from govdisclose.form.long_table import Tabled
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport, Level, make_report
from govdisclose.form.sheets import PROVENANCE_SHEET
from govdisclose.many.inbox import InboxEntry, look_into, read_entry
from govdisclose.many.isolation import Isolation
from govdisclose.many.long_file import is_long_file, read_long_file, refuse_previous
from govdisclose.many.reading import Reader, read_each
from govdisclose.many.roster import Roster, RosterUnit
from govdisclose.read import read_figures
from govdisclose.read.memory import Memory
from govdisclose.read.tables.labels import code_key, name_key
from govdisclose.source import PathLike

_SCHEMA = (
    "CREATE TABLE report (id INTEGER PRIMARY KEY, year INTEGER, code TEXT, name TEXT, "
    "kind TEXT, file TEXT, digest TEXT, payload BLOB)",
    "CREATE TABLE known_as (word TEXT, year INTEGER, report INTEGER, reason TEXT)",
    "CREATE INDEX by_code ON report (code, year)",
    "CREATE INDEX by_name ON report (name, year)",
    "CREATE INDEX by_word ON known_as (word, year)",
)
_COLUMNS = "id, year, code, name, kind, file, digest"


@frozen
class PreviousReport:
    """Last year's report of a unit, or ``None`` with the reason in Chinese.

    ``file`` is where it was read from, for messages.
    """

    report: AnnualReport | None
    file: str = ""
    reason: str = ""

    @property
    def reading(self) -> Reading | None:
        """The report as the checks take it."""
        return None if self.report is None else Reading(self.report, source=Path(self.file))


@frozen
class UnusedPrevious:
    """A file among last year's that nothing is compared with, and the reason in Chinese."""

    file: str
    reason: str


@frozen
class PreviousYear:
    """Last year's reports in a database at ``path``; ``digest`` changes when any report does.

    ``count`` is how many there are, ``unread`` the files that could not be read, ``unowned`` those
    of no unit that the roster had in their year, ``source`` the folder or file that they were read
    from.
    """

    path: Path
    count: int
    digest: str
    unread: tuple[UnusedPrevious, ...] = ()
    source: Path | None = None
    unowned: tuple[UnusedPrevious, ...] = ()

    @property
    def why_unused(self) -> tuple[str, ...]:
        """For each file that nothing is compared with, a sentence in Chinese."""
        unused = (*self.unread, *self.unowned)
        return tuple(f"上年的 {each.file} 没有比较：{each.reason}" for each in unused)

    def find(self, agency: Agency, year: int | None) -> PreviousReport:
        """Find the report of the year before ``year``: by code, then by name, then by the roster."""
        if year is None:
            return PreviousReport(None, reason="本年的报告没有写明年度")
        with closing(_opened(self.path)) as base:
            return _find(base, agency, year - 1)


# --- looking up ---------------------------------------------------------------------------------


@frozen
class _StoredReport:
    """A report in the database, without its content; ``kind`` is the level of its agency."""

    id: int
    year: int
    code: str
    name: str
    kind: Level
    file: str
    digest: str

    @property
    def agency(self) -> Agency:
        """Whose report it is."""
        return Agency(self.name, self.code or None, self.kind)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _find(base: sqlite3.Connection, agency: Agency, year: int) -> PreviousReport:
    code = code_key(agency.code)
    name = name_key(agency.name)
    told = _told_by_roster(base, agency, year)
    if told is not None:
        return told
    coded = _rows(base, "code", code, year)
    if coded:
        of_kind = _of_kind(coded, agency)
        return _only(base, of_kind, f"代码 {agency.code}")
    named = _of_kind(_rows(base, "name", name, year), agency)
    fitting = [row for row in named if not (code and row.code)]
    if fitting:
        return _only(base, fitting, f"名称“{agency.name}”")
    if not named:
        return PreviousReport(None, reason=f"没有找到 {year} 年度的报告")
    file = named[0].file
    return PreviousReport(None, reason=f"上年有名称相同的报告（{file}），代码不同")


def _rows(base: sqlite3.Connection, column: str, word: str, year: int) -> list[_StoredReport]:
    """The reports of a year with a code or a name; none for an empty one."""
    if not word:
        return []
    sql = f"SELECT {_COLUMNS} FROM report WHERE {column} = ? AND year = ? ORDER BY file"
    found = base.execute(sql, (word, year))
    return [_StoredReport(*row) for row in found]


def _of_kind(rows: Sequence[_StoredReport], agency: Agency) -> Sequence[_StoredReport]:
    """The reports of the same kind, if there are any: a county has its own and that of the whole."""
    same = [row for row in rows if row.kind == agency.level]
    return same or rows


def _only(base: sqlite3.Connection, rows: Sequence[_StoredReport], what: str) -> PreviousReport:
    """The report of some rows, if they are all the same."""
    digests = {row.digest for row in rows}
    if len(digests) > 1:
        count = len(rows)
        files = [row.file for row in rows]
        listing = "、".join(files)
        reason = f"上年{what}有 {count} 份不同的报告（{listing}）"
        return PreviousReport(None, reason=reason)
    return _loaded(base, rows[0].id)


def _loaded(base: sqlite3.Connection, number: int) -> PreviousReport:
    (file,) = base.execute("SELECT file FROM report WHERE id = ?", (number,)).fetchone()
    return PreviousReport(_payload(base, number), file)


def _payload(base: sqlite3.Connection, number: int) -> AnnualReport:
    """The content of a stored report."""
    (packed,) = base.execute("SELECT payload FROM report WHERE id = ?", (number,)).fetchone()
    report: AnnualReport = pickle.loads(zlib.decompress(packed))
    return report


def _told_by_roster(base: sqlite3.Connection, agency: Agency, year: int) -> PreviousReport | None:
    """What the roster knows of the unit; ``None`` when it does not know it.

    The report of a government is first looked up as that of a whole: only units with others below
    them have words for it.
    """
    kinds = (_OF_WHOLE, _OWN) if agency.level == "government" else (_OWN,)
    for kind in kinds:
        for word in _words_of(agency, kind):
            sql = "SELECT DISTINCT report, reason FROM known_as WHERE word = ? AND year = ?"
            found = base.execute(sql, (word, year)).fetchall()
            if len(found) != 1:
                continue
            number, reason = found[0]
            if number is None:
                return PreviousReport(None, reason=reason)
            return _loaded(base, number)
    return None


_CODE, _NAME, _NAME_ALONE = "code", "name", "name without code"
"""What a word is: the name of a unit that has a code fits only a report without one."""

_OWN, _OF_WHOLE = "own", "whole"
"""A report of a unit on itself, or on itself and all below it."""


def _words_of(agency: Agency, kind: str) -> Iterator[str]:
    """The words under which a report of an agency is looked up."""
    code = code_key(agency.code)
    name = name_key(agency.name)
    if code:
        yield f"{kind} {_CODE} {code}"
    if name:
        yield f"{kind} {_NAME} {name}"
    if name and not code:
        yield f"{kind} {_NAME_ALONE} {name}"


# --- reading last year's reports ----------------------------------------------------------------


@contextmanager
def indexed(
    previous: PathLike | PreviousYear,
    *,
    roster: Roster | None = None,
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> Iterator[PreviousYear]:
    """Last year's reports in a temporary database, as ``index_previous`` reads them.

    A ``PreviousYear`` is used as it is: whoever has read it closes it.
    """
    if isinstance(previous, PreviousYear):
        yield previous
        return
    with TemporaryDirectory() as folder:
        store = Path(folder) / "previous.db"
        yield index_previous(previous, store, roster=roster, jobs=jobs, isolation=isolation)


def index_previous(
    source: PathLike,
    store: Path,
    *,
    roster: Roster | None = None,
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> PreviousYear:
    """Read last year's reports into a new database at ``store``.

    ``source`` is last year's folder, its long table (.csv, .parquet, .sqlite) or its consolidated
    workbook; only a folder has texts, so copied prose is not found with the others. ``roster``
    tells former names and codes, mergers and splits: the reports of merged units are added up.

    Raises ``InputError`` when there is no report or the long table cannot be read, ``UsageError``
    for another kind of file.
    """
    path = Path(source)
    refuse_previous(path)
    if path.is_dir():
        found = _of_folder(path, jobs, isolation)
    elif is_long_file(path):
        found = _of_rows(path.name, read_long_file(path))
    else:
        found = _of_rows(path.name, _units_of(path))
    store.unlink(missing_ok=True)
    with closing(sqlite3.connect(store)) as base:
        for statement in _SCHEMA:
            base.execute(statement)
        unread = tuple(_stored(base, found))
        unowned: tuple[UnusedPrevious, ...] = ()
        if roster is not None:
            unowned = tuple(_unowned(base, roster))
            _tell_of_roster(base, roster)
        base.commit()
        digests = [row[0] for row in base.execute("SELECT digest FROM report ORDER BY digest")]
        words = list(base.execute("SELECT word, year, reason FROM known_as ORDER BY word, year"))
    if not digests:
        reason = _first_reason(unread)
        raise InputError(f"{path} 中没有可以比较的上年报告{reason}")
    said = repr((digests, words)).encode("utf-8", "surrogatepass")
    digest = sha256(said).hexdigest()
    return PreviousYear(store, len(digests), digest, unread, path, unowned)


def _first_reason(unread: Sequence[UnusedPrevious]) -> str:
    if not unread:
        return ""
    first = unread[0]
    return f"，如 {first.file}：{first.reason}"


@frozen
class _ReportOfFile:
    """A report and its file."""

    report: AnnualReport
    file: str


def _of_folder(
    folder: Path, jobs: int, isolation: Isolation | None
) -> Iterator[_ReportOfFile | UnusedPrevious]:
    entries = look_into(folder).entries
    reader = Reader(_read, _lost)
    yield from read_each(entries, reader, jobs=jobs, isolation=isolation)


def _read(entry: InboxEntry, memory: Memory) -> _ReportOfFile | UnusedPrevious:
    try:
        reading = read_entry(entry, memory)
    except GovDiscloseError as error:
        return UnusedPrevious(entry.name, str(error))
    if reading.report.year is None:
        return UnusedPrevious(entry.name, "没有写明年度")
    return _ReportOfFile(reading.report, entry.name)


def _lost(entry: InboxEntry, why: str) -> UnusedPrevious:
    return UnusedPrevious(entry.name, why)


def _units_of(path: Path) -> list[Tabled]:
    """The units of a consolidated workbook. Raises ``InputError`` if it does not list them."""
    from govdisclose.many.units_of_total import units_of_total  # few commands need it

    units = units_of_total(path, read_figures(path).report)
    if not units:
        raise InputError(
            f"{path.name} 没有列出各单位的“{PROVENANCE_SHEET}”，不能作为上年的报告；"
            "请给上年的收件文件夹，或用 govdisclose export 导出的长表"
        )
    return units


def _of_rows(name: str, reports: Iterable[Tabled]) -> Iterator[_ReportOfFile | UnusedPrevious]:
    for tabled in reports:
        file = tabled.file or name
        if tabled.year is None:
            yield UnusedPrevious(file, "没有写明年度")
        else:
            yield _ReportOfFile(_report_of(tabled), file)


def _report_of(tabled: Tabled) -> AnnualReport:
    edition = EDITIONS[tabled.edition_name]
    values = dict(zip(outline(edition).cells, tabled.values, strict=True))
    return make_report(edition, values, agency=tabled.agency, year=tabled.year)


def _stored(
    base: sqlite3.Connection, found: Iterable[_ReportOfFile | UnusedPrevious]
) -> Iterator[UnusedPrevious]:
    """Put the reports into the database; yield the files that could not be read."""
    for each in found:
        if isinstance(each, UnusedPrevious):
            yield each
        else:
            _store(base, each.report, each.file)


def _store(base: sqlite3.Connection, report: AnnualReport, file: str) -> int:
    """Store a report and return its number."""
    payload = zlib.compress(pickle.dumps(report), 1)
    values = tuple(report.values().values())
    said = repr((report.year, report.edition.name, values))
    row = (
        report.year,
        code_key(report.agency.code),
        name_key(report.agency.name),
        report.agency.level,
        file.encode("utf-8", "backslashreplace").decode(),
        sha256(said.encode()).hexdigest(),
        payload,
    )
    sql = (
        "INSERT INTO report (year, code, name, kind, file, digest, payload) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    number = base.execute(sql, row).lastrowid
    assert number is not None  # a row was inserted
    return number


# --- what a roster tells ------------------------------------------------------------------------


def _tell_of_roster(base: sqlite3.Connection, roster: Roster) -> None:
    """Store under which words the units of the next year find their reports."""
    by_year = group_by(_all_rows(base), attrgetter("year"))
    for year in sorted(by_year):
        reports = _by_unit(by_year[year], roster.as_of(year))
        of_units = _NextYear(base, roster, year, reports.own)
        of_wholes = _NextYear(base, roster, year, reports.of_wholes, _OF_WHOLE)
        next_year = roster.as_of(year + 1)
        for unit in next_year.units:
            of_units.tell(unit)
            if unit.key in next_year.children:
                of_wholes.tell(unit)


def _all_rows(base: sqlite3.Connection) -> list[_StoredReport]:
    sql = f"SELECT {_COLUMNS} FROM report"
    return [_StoredReport(*row) for row in base.execute(sql)]


def _unowned(base: sqlite3.Connection, roster: Roster) -> Iterator[UnusedPrevious]:
    """The reports of no unit that existed in their year."""
    for row in _all_rows(base):
        identity = roster.find(row.agency)
        unit = identity.unit
        if unit is None:
            yield UnusedPrevious(row.file, identity.reason)
        elif not unit.exists(row.year):
            absence = roster.absence_of(unit, row.year)
            reason = f"{absence}，{row.year} 年度没有这个单位"
            yield UnusedPrevious(row.file, reason)


_Reports = Mapping[str, Sequence[_StoredReport]]
"""The key of a unit → its reports."""


@frozen
class _ReportsByKind:
    """The reports of units on themselves, and on themselves and all below them."""

    own: _Reports
    of_wholes: _Reports


def _by_unit(rows: Iterable[_StoredReport], roster: Roster) -> _ReportsByKind:
    """The reports of a year by the keys of their units; ``roster`` is that of the year."""
    own: dict[str, list[_StoredReport]] = {}
    of_wholes: dict[str, list[_StoredReport]] = {}
    for row in rows:
        unit = roster.find(row.agency).unit
        if unit is not None:
            kind = of_wholes if roster.is_of_whole(unit.key, row.agency) else own
            of_unit = kind.setdefault(unit.key, [])
            of_unit.append(row)
    return _ReportsByKind(own, of_wholes)


@frozen
class _FoundPrevious:
    """The report to compare with, or why there is none."""

    number: int | None
    reason: str = ""


@frozen
class _NextYear:
    """What the units of the year after ``year`` are compared with: ``reports`` of one ``kind``."""

    base: sqlite3.Connection
    roster: Roster
    year: int
    reports: _Reports
    kind: str = _OWN

    def tell(self, unit: RosterUnit) -> None:
        """Store the report of a unit, or why there is none, under every word for the unit."""
        answer = self._answer(unit)
        if answer is None:
            return
        sql = "INSERT INTO known_as VALUES (?, ?, ?, ?)"
        for word in _words_for(unit, self.kind):
            self.base.execute(sql, (word, self.year, answer.number, answer.reason))

    def _answer(self, unit: RosterUnit) -> _FoundPrevious | None:
        """What to compare a unit with; ``None`` when its own code and name say all."""
        before = self.roster.predecessors(unit, self.year, self.year + 1)
        if not before:
            if unit.exists(self.year):
                return None
            return _FoundPrevious(None, f"{self.year} 年度还没有这个单位")
        divided = self._divided(unit, before)
        if divided:
            return _FoundPrevious(None, divided)
        rows: list[_StoredReport] = []
        for each in before:
            own = self.reports.get(each.key, [])
            digests = {row.digest for row in own}
            if len(digests) != 1:
                known = "有几份不同的" if own else "没有"
                what = "本级汇总报告" if self.kind == _OF_WHOLE else "报告"
                reason = f"{self.year} 年度{known}“{each.name}”的{what}"
                return _FoundPrevious(None, reason)
            rows.append(own[0])
        if len(rows) == 1:
            (only,) = rows
            return _FoundPrevious(only.id)
        return _sum_of(self.base, rows, unit)

    def _divided(self, unit: RosterUnit, before: Sequence[RosterUnit]) -> str:
        """Why the reports of ``before`` are not those of ``unit`` alone; ``""`` when they are."""
        next_year = self.year + 1
        for each in before:
            heirs = self.roster.successors(each, self.year, next_year)
            others = [heir.name for heir in heirs if heir != unit]
            if others:
                names = "、".join(others)
                return f"“{each.name}”的工作分给了几家（还有 {names}），不能比较"
        return ""


def _words_for(unit: RosterUnit, kind: str) -> Iterator[str]:
    """The words by which a report of a unit is looked up."""
    for code in filter(None, map(code_key, (unit.code, *unit.former_codes))):
        yield f"{kind} {_CODE} {code}"
    what = _NAME_ALONE if code_key(unit.code) else _NAME
    for name in map(name_key, (unit.name, *unit.aliases)):
        yield f"{kind} {what} {name}"


def _sum_of(
    base: sqlite3.Connection, rows: Sequence[_StoredReport], unit: RosterUnit
) -> _FoundPrevious:
    """The added-up reports of units that were merged into one."""
    reports = [_payload(base, row.id) for row in rows]
    edition = reports[0].edition
    cells = outline(edition).cells
    sums: list[Value] = [None] * len(cells)
    for report in reports:
        if report.edition.name != edition.name:
            return _FoundPrevious(None, "合并前各单位的报告格式版本不同，不能相加")
        values = report.values().values()
        add_onto(sums, tuple(values))
    totalled = with_derived_totals(edition, sums)
    named = dict(zip(cells, totalled, strict=True))
    first = reports[0]
    agency = Agency(unit.name, unit.code, first.agency.level)
    whole = make_report(edition, named, agency=agency, year=first.year)
    # Only the roster leads to it: under a code of its own it would be a second report of one unit.
    nameless = evolve(whole.agency, name="", code=None)
    hidden = whole.evolve(agency=nameless)
    files = [row.file for row in rows]
    listing = "、".join(files)
    number = _store(base, hidden, f"{listing}（相加）")
    return _FoundPrevious(number)
