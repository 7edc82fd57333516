"""A folder of workbooks as one long table.

Whether a report is a copy of another, or the sum of others, is known only when all have been read.
So the figures are kept in a temporary file, and the table is written from there.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Literal, TypeAlias

from attrs import define, evolve, field, frozen

from govdisclose.compile import refuse_output, whole_reading
from govdisclose.errors import (
    FindingsError,
    GovDiscloseError,
    InputError,
    NoReportError,
    NoTextError,
    UsageError,
)
from govdisclose.finding import Finding
from govdisclose.form.edition import EDITIONS
from govdisclose.form.long_table import LongRow, Tabled, long_rows, tabled
from govdisclose.form.report import Agency
from govdisclose.many.consolidate.contribution import contribution_of
from govdisclose.many.consolidate.overlap import Totals
from govdisclose.many.decisions import Decisions, known_decisions
from govdisclose.many.inbox import (
    InboxEntry,
    PassedOver,
    look_into,
    note_of,
    read_entry,
    why_no_report,
)
from govdisclose.many.isolation import Isolation
from govdisclose.many.reading import Reader, read_each, worthwhile_jobs
from govdisclose.many.roster import Roster, RosterUnit, source_of
from govdisclose.many.roster_doubts import roster_doubts
from govdisclose.many.roster_sheet import known_roster
from govdisclose.many.same_figures import alike, digest_of_values, is_telling
from govdisclose.many.unit_versions import ChosenVersions, SentFile, chosen_versions
from govdisclose.many.yearly_roster import YearlyRoster, in_year, over_years
from govdisclose.outputs import OUTPUTS
from govdisclose.read.memory import Memory
from govdisclose.read.source import Readable
from govdisclose.read.tables.labels import code_key, name_key
from govdisclose.source import PathLike, real
from govdisclose.write.atomic import unfinished, unwritable

LongName: TypeAlias = Literal["csv", "parquet", "sqlite"]
"""The forms of the long table of a folder."""

OK, ERRORS, DOUBLED, OVERVIEW = "ok", "errors", "doubled", "overview"
STRANGER, CONTRADICTION = "not_on_roster", "contradicts_roster"
NOT_ASKED = "not_asked"
"""The words of the column ``status``; several are joined by ``+``."""


@frozen
class LeftOut:
    """A workbook that is not in the table, and the reason in Chinese.

    ``agency`` and ``year`` are what it says all the same, if it could be opened. ``name`` is its
    path below the folder, with slashes.
    """

    path: Path
    reason: str
    agency: Agency = Agency()
    year: int | None = None
    name: str = ""


@frozen
class FolderExport:
    """The file that ``export_folder`` wrote, and how many workbooks and rows are in it.

    ``left_out`` are workbooks that could not be read. ``overviews`` are reports that already hold
    others in the table; they are in it only if that was asked for. ``doubled`` are pairs of
    workbooks of one year with one code, or with one name where a code is missing; their rows are
    all in the table. ``not_numbers`` counts the cells of a workbook that say ``/`` or the like;
    they are blank in the table. ``unsettled`` are workbooks that are not on the roster,
    contradict it or are of units that it does not ask for a report, with the reason. ``not_taken``
    are workbooks beside which the office has chosen another of the same unit; they are not in the
    table. ``undecided`` are those between which its
    decision does not hold, with the reason; they all are. ``same_figures`` are workbooks of several
    units with the very same figures (H117), ``doubts`` are names on the roster that may mean two
    units (H118). ``not_read`` are the files of the folder that are no reports, ``passed_over`` is a
    sentence in Chinese about them.
    """

    path: Path
    workbooks: int
    rows: int
    left_out: tuple[LeftOut, ...]
    doubled: tuple[tuple[Path, Path], ...]
    not_numbers: tuple[tuple[Path, int], ...]
    overviews: tuple[Path, ...] = ()
    unsettled: tuple[LeftOut, ...] = ()
    not_taken: tuple[LeftOut, ...] = ()
    undecided: tuple[LeftOut, ...] = ()
    same_figures: tuple[tuple[Path, ...], ...] = ()
    doubts: tuple[Finding, ...] = ()
    passed_over: str = ""
    not_read: tuple[PassedOver, ...] = ()


def export_folder(
    folder: PathLike,
    output: PathLike | None = None,
    *,
    to: LongName,
    roster: Readable | Roster | None = None,
    decisions: Readable | Decisions | None = None,
    with_overviews: bool = False,
    skip_faulty: bool = False,
    jobs: int | None = None,
    isolation: Isolation | None = None,
    force: bool = False,
) -> FolderExport:
    """Write every statutory cell of every report in a folder tree as one long table.

    A report is a workbook, a JSON export or a published report, by itself or in a .zip archive.

    ``to`` is ``csv``, ``parquet`` or ``sqlite``. Without ``output`` the file is named after the
    folder and lies beside it. ``jobs`` processes read the workbooks; by default one for each
    processor, if there are enough workbooks for it to pay. The file is read back before it gets its
    name. A workbook that cannot be read, or has a cell that cannot, is left out only with
    ``skip_faulty``. A report that already holds others of its year, such as a government's own
    among those of its units, is left out unless ``with_overviews``. ``roster`` says who belongs to
    whom, as it was in the year of each report. ``decisions`` is a 结果.xlsx of a batch of the same
    folder with 是 in the column 以此为准: of several reports of one unit only that one is in the
    table. With ``isolation`` another process reads the
    workbooks, and a workbook may end it.

    Raises ``InputError`` that names all unreadable workbooks, or when there is no workbook (nothing
    is written then), ``FindingsError`` for a roster that contradicts itself, ``UsageError`` for
    another form, an existing output or missing pyarrow, ``OutputError``.

    Examples:
        >>> from govdisclose import long_table
        >>> made = long_table.export_folder("收件", "全部.csv", to="csv")
        >>> made.workbooks, made.rows
        (2, 400)
    """
    from govdisclose.write.long_table import LONG_FILES, write_long

    if to not in LONG_FILES:
        forms = "、".join(LONG_FILES)
        raise UsageError(f"文件夹不能导出为 {to}，可选：{forms}")
    LONG_FILES[to].ready()
    root = Path(folder)
    known = known_roster(roster)
    chosen = known_decisions(decisions)
    whole_inbox = look_into(root)
    inbox = whole_inbox.without([roster, source_of(known), decisions, output])
    inbox.refuse_empty()
    path = _beside(root, to) if output is None else Path(output)
    refuse_output(path, OUTPUTS[to], *[entry.on_disk for entry in whole_inbox.entries])
    processes = jobs or worthwhile_jobs(len(inbox.entries))
    reader = _reader(with_digest=bool(chosen))
    extracts = read_each(inbox.entries, reader, jobs=processes, isolation=isolation)
    with (
        unfinished(path, force=force) as temporary,
        TemporaryFile() as figures,
        TemporaryFile() as described,
    ):
        table = _TableOfFolder(root, over_years(known), with_overviews, _FigureStore(figures))
        reports = _FigureStore(described)
        try:
            table.read(zip(inbox.entries, extracts, strict=True))
            table.decide(chosen)
            table.refuse_faulty(skip_faulty=skip_faulty)
            table.add_up()
            table.describe(reports)
            made = table.result(path, inbox.passed_over)
            # What is known of 20,000 units takes 40 MB, and what writes the file takes as much.
            del table, extracts, inbox, whole_inbox, known
            gc.collect()  # the command line collects rarely
            rows = write_long(reports.rows(made.workbooks), temporary, to)
        except GovDiscloseError:  # OutputError is an OSError too
            raise
        except OSError as error:
            raise unwritable(path, error) from error
    return evolve(made, rows=rows)


def _beside(root: Path, to: str) -> Path:
    """A file beside the folder, named after it."""
    whole = real(root)
    return whole.with_name(whole.name + OUTPUTS[to].suffix)


def folder_reports(
    folder: PathLike,
    *,
    roster: Roster | None = None,
    decisions: Decisions | None = None,
    apart: Sequence[object] = (),
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> Iterator[FolderReport | NotTaken | LeftOut | PassedOver]:
    """Yield every report of a folder tree with its ``status``, overviews too, as the table has
    them.

    Workbooks that cannot be read, those that the office has not chosen, and files that are no
    reports come first. The files ``apart`` have another purpose. Raises ``InputError`` when there
    is no workbook.
    """
    root = Path(folder)
    inbox = look_into(root).without([source_of(roster), *apart])
    inbox.refuse_empty()
    reader = _reader(with_digest=bool(decisions))
    extracts = read_each(inbox.entries, reader, jobs=jobs, isolation=isolation)
    with TemporaryFile() as file:
        table = _TableOfFolder(root, over_years(roster), True, _FigureStore(file))
        table.read(zip(inbox.entries, extracts, strict=True))
        table.decide(decisions or {})
        table.add_up()
        yield from table.faulty
        yield from map(NotTaken, table.not_taken)
        yield from inbox.passed_over
        yield from table.no_reports
        for report in table.reports():
            yield FolderReport(report, table.choice.undecided.get(report.file, ""))


@frozen
class FolderReport:
    """A report of a folder; ``why_not`` says why a decision on its unit does not hold."""

    report: Tabled
    why_not: str = ""


@frozen
class NotTaken:
    """A report beside which the office has chosen another of the same unit."""

    workbook: LeftOut


# --- in a worker --------------------------------------------------------------------------------


@frozen
class _Extract:
    """The figures of a report, or the ``reason`` why there are none; whose it is, if it says so."""

    report: Tabled | None
    not_numbers: int = 0
    reason: str = ""
    is_report: bool = True
    agency: Agency = Agency()
    year: int | None = None
    digest: str = ""

    def left_out(self, entry: InboxEntry) -> LeftOut:
        """The record of a file that could not be read."""
        return LeftOut(entry.path, self.reason, self.agency, self.year, entry.name)

    def sent(self, entry: InboxEntry) -> SentFile:
        """The file as one of several versions."""
        if self.report is None:
            return SentFile(entry.name, self.agency, self.year, self.digest)
        return SentFile(entry.name, self.report.agency, self.report.year, self.digest)


def _reader(*, with_digest: bool) -> Reader[InboxEntry, _Extract]:
    return Reader(_extract_with_digest if with_digest else _extract, _lost)


def _extract_with_digest(entry: InboxEntry, memory: Memory) -> _Extract:
    """The extract of a file with its SHA-256: a decision of the office holds for this content."""
    extract = _extract(entry, memory)
    try:
        content = entry.content()
    except InputError:  # then nothing was read of it
        return extract
    return evolve(extract, digest=sha256(content).hexdigest())


def _extract(entry: InboxEntry, memory: Memory) -> _Extract:
    try:
        reading = whole_reading(read_entry(entry, memory))
    except (NoReportError, NoTextError) as error:
        return _Extract(None, reason=why_no_report(error), is_report=False)
    except FindingsError as error:
        lost = _lost(entry, _reason(error))
        if error.reading is None:
            return lost
        report = error.reading.report
        return evolve(lost, agency=report.agency, year=report.year)
    except GovDiscloseError as error:
        return _lost(entry, _reason(error))
    status = ERRORS if contribution_of(reading, entry.name).errs else OK
    report_of_agency = evolve(tabled(reading.report), status=status)
    return _Extract(report_of_agency, len(reading.unread))


def _lost(entry: InboxEntry, why: str) -> _Extract:
    return _Extract(None, reason=why)


def _reason(error: GovDiscloseError) -> str:
    """Why a workbook is left out: the first thing that cannot be read in it, or the error."""
    if not isinstance(error, FindingsError):
        return str(error)
    count = len(error.findings)
    first = error.findings[0]
    return f"{count} 处缺失或读不出，如 {first.message}"


@frozen
class _FigureStore:
    """The figures of many reports, in a temporary file of ours."""

    file: IO[bytes]

    def add(self, report: Tabled) -> None:
        """Add one report at the end."""
        pickle.dump(report, self.file)

    def reports(self, count: int) -> Iterator[Tabled]:
        """The first ``count`` reports, in order."""
        self.file.seek(0)
        for _ in range(count):
            report: Tabled = pickle.load(self.file)
            yield report

    def rows(self, count: int) -> Iterator[LongRow]:
        """The rows of the first ``count`` reports."""
        for report in self.reports(count):
            yield from long_rows(report)


# --- who is who ---------------------------------------------------------------------------------


@frozen
class _KnownReport:
    """A workbook that was read, its unit on the roster, and the words for its status.

    The entry is there anyhow; a path of its own for each workbook would take half a kilobyte.
    """

    entry: InboxEntry
    unit: RosterUnit | None
    status: tuple[str, ...] = ()

    def also(self, status: str) -> _KnownReport:
        """The same workbook with one more status; none is said twice."""
        if status in self.status:
            return self
        return evolve(self, status=(*self.status, status))

    def without(self, status: str) -> _KnownReport:
        """The same workbook without a status."""
        left = [one for one in self.status if one != status]
        return evolve(self, status=tuple(left))

    @property
    def path(self) -> Path:
        """The workbook, as messages name it."""
        return self.entry.path

    @property
    def key(self) -> str | None:
        """The key of its unit."""
        return None if self.unit is None else self.unit.key


@frozen
class _First:
    """The first workbook under a code or a name: its number, and its code."""

    number: int
    code: str


@define
class _ReportRegister:
    """Who each workbook is, in the order of reading, and which are of one agency and year."""

    yearly: YearlyRoster | None
    known: list[_KnownReport] = field(factory=list)
    doubled: list[tuple[Path, Path]] = field(factory=list)
    unsettled: list[LeftOut] = field(factory=list)
    _first: dict[tuple[int, str], _First] = field(factory=dict)

    def add(self, entry: InboxEntry, report: Tabled) -> None:
        """Note who a workbook is, and whether another of its agency and year came before."""
        number = len(self.known)
        known = self._identified(entry, report)
        self.known.append(known)
        earlier = self._earlier(number, report)
        if earlier is not None:
            first = self.known[earlier]
            self.doubled.append((first.path, known.path))
            self.known[earlier] = first.also(DOUBLED)
            self.known[number] = known.also(DOUBLED)

    def _identified(self, entry: InboxEntry, report: Tabled) -> _KnownReport:
        if self.yearly is None:
            return _KnownReport(entry, None)
        of_year = self.yearly.of(report.year)
        found = of_year.find(report.agency)
        unit = of_year.by_key.get(found.key)
        if unit is not None:
            return self._on_roster(entry, unit, report)
        reason = found.reason
        if found.unit is not None and report.year is not None:
            absence = of_year.absence_of(found.unit, report.year)
            reason = f"{absence}，{report.year} 年度不应有报告"
        unsettled = LeftOut(entry.path, reason)
        self.unsettled.append(unsettled)
        status = CONTRADICTION if found.contradicts else STRANGER
        return _KnownReport(entry, None, (status,))

    def _on_roster(self, entry: InboxEntry, unit: RosterUnit, report: Tabled) -> _KnownReport:
        """A report of a unit; one that has others below it may be an overview, which is told so."""
        roster = in_year(self.yearly, report.year)
        if roster is None or unit.key in roster.children:
            return _KnownReport(entry, unit)
        reason = roster.why_not_asked(unit.key, report.agency)
        if not reason:
            return _KnownReport(entry, unit)
        self.unsettled.append(LeftOut(entry.path, reason))
        return _KnownReport(entry, unit, (NOT_ASKED,))

    def settle(self, choice: ChosenVersions) -> None:
        """Where the office has chosen between workbooks of one unit, these are not doubled."""
        aside = {known.path for known in self.known if known.entry.name in choice.not_taken}
        self.doubled = [pair for pair in self.doubled if aside.isdisjoint(pair)]
        for number, known in enumerate(self.known):
            if known.entry.name in choice.chosen:
                self.known[number] = known.without(DOUBLED)

    def _earlier(self, number: int, report: Tabled) -> int | None:
        """The number of an earlier workbook of the same agency and year."""
        if report.year is None:
            return None
        agency = report.agency
        code = code_key(agency.code)
        words: tuple[str, ...] = (code, name_key(agency.name))
        unit = self.known[number].unit
        if unit is not None:  # its own report and that of the whole below it are two things
            kind = "whole" if self._is_of_whole(unit, report) else "own"
            code = f"{unit.key} {kind}"
            words = (code,)
        found = None
        this = _First(number, code)
        for who in filter(None, words):
            key = (report.year, who)
            first = self._first.setdefault(key, this)
            if first is this or found is not None:
                continue
            # One name with two codes is two agencies.
            is_same = first.code == code or not (first.code and code)
            if is_same:
                found = first.number
        return found

    def _is_of_whole(self, unit: RosterUnit, report: Tabled) -> bool:
        """Whether a report is about its unit and everything below it."""
        roster = in_year(self.yearly, report.year)
        return roster is not None and roster.is_of_whole(unit.key, report.agency)


# --- the table ----------------------------------------------------------------------------------


_SameFigures = tuple[int | None, bytes]
"""A year, and a digest of figures."""


@define
class _TableOfFolder:
    """The table in the making; ``shown`` counts the workbooks that are in it."""

    root: Path
    yearly: YearlyRoster | None
    with_overviews: bool
    store: _FigureStore
    register: _ReportRegister = field(init=False)
    shown: int = 0
    faulty: list[LeftOut] = field(factory=list)
    no_reports: list[PassedOver] = field(factory=list)
    overviews: list[Path] = field(factory=list)
    not_numbers: list[tuple[Path, int]] = field(factory=list)
    choice: ChosenVersions = ChosenVersions()
    _sent: list[SentFile] = field(factory=list)
    _years_of_agencies: set[int | None] = field(factory=set)
    _figures: list[tuple[_SameFigures, InboxEntry]] = field(factory=list)
    _totals: dict[tuple[int | None, str], Totals] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.register = _ReportRegister(self.yearly)

    def read(self, extracts: Iterable[tuple[InboxEntry, _Extract]]) -> None:
        """Note who each workbook is, and store its figures."""
        for entry, extract in extracts:
            if extract.digest and extract.is_report:
                self._sent.append(extract.sent(entry))
            if not extract.is_report:
                no_report = PassedOver(entry.name, extract.reason, looked_at=True)
                self.no_reports.append(no_report)
            elif extract.report is None:
                self.faulty.append(extract.left_out(entry))
            else:
                self._keep(entry, extract.report)
                if extract.not_numbers:
                    counted = (entry.path, extract.not_numbers)
                    self.not_numbers.append(counted)

    def _keep(self, entry: InboxEntry, report: Tabled) -> None:
        """Store the figures of a report, and note who it is."""
        self.store.add(report)
        self.register.add(entry, report)
        if report.agency.level == "agency":
            self._years_of_agencies.add(report.year)

    def decide(self, decisions: Decisions) -> None:
        """Set those aside that the office has not chosen, be they faulty or not."""
        ownership = None if self.yearly is None else self.yearly.ownership
        self.choice = chosen_versions(self._sent, ownership, decisions)
        self.faulty = [item for item in self.faulty if item.name not in self.choice.not_taken]
        self.register.settle(self.choice)

    @property
    def not_taken(self) -> tuple[LeftOut, ...]:
        """The workbooks that are set aside."""
        return tuple(self._told(self.choice.not_taken))

    def _told(self, reasons: Mapping[str, str]) -> Iterator[LeftOut]:
        """The workbooks of which there is something to say."""
        for sent in self._sent:
            if sent.file in reasons:
                path = self.root / sent.file
                yield LeftOut(path, reasons[sent.file], sent.agency, sent.year, sent.file)

    def _is_taken(self, known: _KnownReport) -> bool:
        return known.entry.name not in self.choice.not_taken

    def refuse_faulty(self, *, skip_faulty: bool) -> None:
        """Raise ``InputError`` that names the unreadable workbooks, unless they may be left out."""
        has_others = any(map(self._is_taken, self.register.known))
        if not self.faulty or (skip_faulty and has_others):
            return
        lines: list[str] = []
        for item in self.faulty:
            path = item.path.relative_to(self.root)
            lines.append(f"\n  {path}：{item.reason}")
        count = len(self.faulty)
        hint = "改正后再导出，或加 --skip-faulty 略去它们" if has_others else "没有一份可以导出"
        listing = "".join(lines)
        raise InputError(f"{count} 份工作簿读不了或有读不出的格，没有写出。{hint}：{listing}")

    def add_up(self) -> None:
        """Add up the reports that are neither overviews by their words nor copies of others."""
        copies = {second for _, second in self.register.doubled}
        for number, (known, report) in enumerate(self._reports()):
            if not self._is_taken(known):
                continue
            if self._says_it_holds_others(known, report):
                self.register.known[number] = known.also(OVERVIEW)
            elif known.path not in copies:
                self._totals_of(report).add(known.key, report.values)
                self._note_figures(known, report)

    def _note_figures(self, known: _KnownReport, report: Tabled) -> None:
        """Remember the figures of an agency: another must not have the very same."""
        if report.agency.level == "agency" and is_telling(report.values):
            digest = digest_of_values(report.edition_name, report.values)
            key = (report.year, digest)
            self._figures.append((key, known.entry))

    def _same_figures(self) -> Iterator[tuple[Path, ...]]:
        for group in alike(self._figures):
            yield tuple(entry.path for entry in group)

    def describe(self, store: _FigureStore) -> None:
        """Put the reports that belong in the table into a store of their own."""
        for report in self.reports():
            store.add(report)
        if not self.shown and not self.overviews:
            note = note_of(self.no_reports)
            raise InputError(f"{self.root} 中没有年度报告；{note}")
        if not self.shown:
            raise InputError(
                f"{self.root} 中只有本级汇总报告，下级各单位的一份也没有；"
                "要写出它们，加 --with-overviews"
            )

    def result(self, path: Path, passed_over: Sequence[PassedOver]) -> FolderExport:
        """What is known of the table before its rows are written."""
        not_read = (*passed_over, *self.no_reports)
        return FolderExport(
            path=path,
            workbooks=self.shown,
            rows=0,
            left_out=tuple(self.faulty),
            doubled=tuple(self.register.doubled),
            not_numbers=tuple(self.not_numbers),
            overviews=tuple(self.overviews),
            unsettled=tuple(self.register.unsettled),
            not_taken=self.not_taken,
            undecided=tuple(self._told(self.choice.undecided)),
            same_figures=tuple(self._same_figures()),
            doubts=tuple(roster_doubts(None if self.yearly is None else self.yearly.roster)),
            passed_over=note_of(not_read),
            not_read=not_read,
        )

    def reports(self) -> Iterator[Tabled]:
        """The reports that belong in the table, with the columns that say who each is."""
        for known, report in self._reports():
            if not self._is_taken(known):
                continue
            if OVERVIEW not in known.status and self._is_sum_of_others(known, report):
                known = known.also(OVERVIEW)
            if OVERVIEW in known.status:
                self.overviews.append(known.path)
                if not self.with_overviews:
                    continue
            self.shown += 1
            yield self._described(known, report)

    def _reports(self) -> Iterator[tuple[_KnownReport, Tabled]]:
        known = list(self.register.known)
        return zip(known, self.store.reports(len(known)), strict=True)

    def _described(self, known: _KnownReport, report: Tabled) -> Tabled:
        """A report with the columns for its agency and its faults."""
        status = [*known.status]
        if report.status == ERRORS:
            status.append(ERRORS)
        path = known.path.relative_to(self.root).as_posix()
        return evolve(
            report,
            parent=self._parent_name(known.unit, report.year),
            level="" if known.unit is None else known.unit.level,
            file=path.encode("utf-8", "backslashreplace").decode(),
            status="+".join(status) or OK,
        )

    def _parent_name(self, unit: RosterUnit | None, year: int | None) -> str:
        if self.yearly is None or unit is None:
            return ""
        above = self.yearly.of(year).parent_of(unit)
        return "" if above is None else above.name

    def _says_it_holds_others(self, known: _KnownReport, report: Tabled) -> bool:
        """Whether a report holds others by its own words, or by those of the roster."""
        is_of_government = report.agency.level == "government"
        if self.yearly is None:
            return is_of_government and report.year in self._years_of_agencies
        if known.unit is None:
            return False
        of_year = self.yearly.of(report.year)
        if known.unit.key not in of_year.children:
            return False
        return is_of_government or not known.unit.reports

    def _is_sum_of_others(self, known: _KnownReport, report: Tabled) -> bool:
        """Whether a report is the sum of others by its figures."""
        return self._totals_of(report).whole(known.key, report.values) is not None

    def _totals_of(self, report: Tabled) -> Totals:
        """The sums of all reports that this one may be added to."""
        key = (report.year, report.edition_name)
        if key not in self._totals:
            edition = EDITIONS[report.edition_name]
            roster = in_year(self.yearly, report.year)
            self._totals[key] = Totals(edition, roster)
        return self._totals[key]
