"""A folder of books as one long table, read and written book by book.

Whether a report is a copy of another, or the sum of others, is known when all have been read. So the
figures are kept in a temporary file, and the table is written from there.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from attrs import define, evolve, field, frozen

from govdisclose.compile import refuse_output, whole_reading
from govdisclose.errors import FindingsError, GovDiscloseError, InputError, UsageError
from govdisclose.form.edition import EDITIONS
from govdisclose.form.longtable import LongRow, Tabled, long_rows, tabled
from govdisclose.many.consolidate.contribution import contribution_of
from govdisclose.many.consolidate.overlap import Totals
from govdisclose.many.consolidate.roster import Identity, Roster, RosterUnit, read_roster
from govdisclose.many.folder import look_into, real
from govdisclose.many.isolation import Isolation
from govdisclose.many.reading import Reader, read_each
from govdisclose.outputs import OUTPUTS
from govdisclose.read import read
from govdisclose.read.memory import Memory
from govdisclose.read.tables.labels import code_key, name_key
from govdisclose.source import PathLike
from govdisclose.write.atomic import unfinished, unwritable

OK, ERRORS, DOUBLED, OVERVIEW = "ok", "errors", "doubled", "overview"
STRANGER, CONTRADICTION = "not_on_roster", "contradicts_roster"
"""What ``status`` may say of a report; several are joined by ``+``."""


@frozen
class LeftOut:
    """A book that is not in the table, and why, in Chinese words."""

    path: Path
    reason: str


@frozen
class FolderExport:
    """What ``export_folder`` wrote: the file, how many books and rows are in it, and which books are not.

    ``left_out`` are books that could not be read, ``overviews`` reports that already hold others in the table:
    they are in it only where that was asked for. ``doubled`` are books of one year that bear one code, or one
    name where a code is missing, two by two: their rows are all in the table. ``not_numbers`` are books with
    cells that say ``/`` or the like, and how many: they are blank in the table. ``unsettled`` are books that the
    roster does not know, or that contradict it, and why. ``passed_over`` says in Chinese which files of the
    folder were not looked at.
    """

    path: Path
    books: int
    rows: int
    left_out: tuple[LeftOut, ...]
    doubled: tuple[tuple[Path, Path], ...]
    not_numbers: tuple[tuple[Path, int], ...]
    overviews: tuple[Path, ...] = ()
    unsettled: tuple[LeftOut, ...] = ()
    passed_over: str = ""


def export_folder(
    folder: PathLike,
    output: PathLike | None = None,
    *,
    to: str,
    roster: PathLike | Roster | None = None,
    with_overviews: bool = False,
    skip_faulty: bool = False,
    isolation: Isolation | None = None,
    force: bool = False,
) -> FolderExport:
    """Write every statutory cell of every book in a folder tree as one long table: ``csv``, ``parquet``, ``sqlite``.

    Without ``output`` the file is named after the folder and lies beside it. Books are read one at a time, and
    the file is read back before it gets its name. A book that cannot be read, or has a cell that cannot, is
    left out only with ``skip_faulty``. A report that already holds others of its year, a government's own
    among those of its units, is left out unless ``with_overviews``. ``roster`` says who belongs to whom.
    ``isolation`` has books read by another process, which one of them may end.

    Raises ``InputError`` that names all such books, or when there is no book at all (then nothing is
    written); ``FindingsError`` for a roster that contradicts itself; ``UsageError`` for another form, an
    existing output, or pyarrow that is missing; ``OutputError``.
    """
    from govdisclose.write.longtable import LONG_FILES, write_long

    if to not in LONG_FILES:
        raise UsageError(f"文件夹不能导出为 {to}，可选：{'、'.join(LONG_FILES)}")
    LONG_FILES[to].ready()
    root = Path(folder)
    known = roster if isinstance(roster, Roster) or roster is None else read_roster(roster)
    contents = look_into(root).without([known.source if known is not None else None, output])
    books = contents.books
    passed_over = contents.passed_over(root)
    if not books:
        raise InputError(f"{root} 中没有工作簿" + (f"；{passed_over}" if passed_over else ""))
    whole = real(root)
    path = Path(output) if output is not None else whole.with_name(whole.name + OUTPUTS[to].suffix)
    refuse_output(path, OUTPUTS[to], *look_into(root).books)
    table = _Table(root, known, with_overviews)
    with unfinished(path, force=force) as temporary, TemporaryFile() as store:
        try:
            table.read(read_each(books, Reader(_extract, _lost), isolation=isolation), books, store)
            table.refuse_faulty(skip_faulty=skip_faulty)
            table.add_up(store)
            rows = write_long(table.rows(store), temporary, to)
        except GovDiscloseError:  # OutputError is an OSError too
            raise
        except OSError as error:
            raise unwritable(path, error) from error
    return FolderExport(
        path,
        len(table.shown),
        rows,
        tuple(table.faulty),
        tuple(table.doubled),
        tuple(table.not_numbers),
        tuple(table.overviews),
        tuple(table.unsettled),
        passed_over,
    )


# --- in a worker --------------------------------------------------------------------------------


@frozen
class _Extract:
    """What is kept of a book: its figures, or the ``reason`` why there are none."""

    report: Tabled | None
    not_numbers: int = 0
    reason: str = ""


def _extract(book: Path, memory: Memory) -> _Extract:
    try:
        reading = whole_reading(read(book, memory))
    except GovDiscloseError as error:
        return _lost(book, _reason(error))
    status = ERRORS if contribution_of(reading, book.name).errs else OK
    return _Extract(evolve(tabled(reading.report), status=status), len(reading.unread))


def _lost(book: Path, why: str) -> _Extract:
    return _Extract(None, reason=why)


def _reason(error: GovDiscloseError) -> str:
    """Why a book is left out: the first thing that cannot be read in it, or why it cannot be read at all."""
    if not isinstance(error, FindingsError):
        return str(error)
    return f"{len(error.findings)} 处缺失或读不出，如 {error.findings[0].message}"


# --- who is who ---------------------------------------------------------------------------------


@frozen
class _Known:
    """What is kept in memory of a book that was read: ``unit`` is its unit on the roster."""

    path: Path
    unit: RosterUnit | None
    status: tuple[str, ...]

    def also(self, *status: str) -> _Known:
        """The same, with more to be said of it."""
        return evolve(self, status=(*self.status, *status))

    @property
    def key(self) -> str | None:
        """The key of its unit."""
        return self.unit.key if self.unit is not None else None


@define
class _Table:
    """The table on its way; ``shown`` are the numbers of the books that are in it."""

    root: Path
    roster: Roster | None
    with_overviews: bool
    known: list[_Known] = field(factory=list)
    shown: list[int] = field(factory=list)
    faulty: list[LeftOut] = field(factory=list)
    unsettled: list[LeftOut] = field(factory=list)
    overviews: list[Path] = field(factory=list)
    doubled: list[tuple[Path, Path]] = field(factory=list)
    not_numbers: list[tuple[Path, int]] = field(factory=list)
    _first: dict[tuple[int, str], tuple[int, str]] = field(factory=dict)
    _agencies: set[int | None] = field(factory=set)
    _totals: dict[tuple[int | None, str], Totals] = field(factory=dict)

    def read(self, extracts: Iterable[_Extract], books: Sequence[Path], store: IO[bytes]) -> None:
        """Note who each book is, and put its figures into ``store``."""
        for book, extract in zip(books, extracts, strict=True):
            if extract.report is None:
                self.faulty.append(LeftOut(book, extract.reason))
                continue
            pickle.dump(extract.report, store)
            self._note(book, extract.report)
            if extract.not_numbers:
                self.not_numbers.append((book, extract.not_numbers))

    def refuse_faulty(self, *, skip_faulty: bool) -> None:
        """Raises ``InputError`` that names the books that could not be read, unless they may be left out."""
        if not self.faulty or (skip_faulty and self.known):
            return
        lines = [f"\n  {item.path.relative_to(self.root)}：{item.reason}" for item in self.faulty]
        hint = "改正后再导出，或加 --skip-faulty 略去它们" if self.known else "没有一份可以导出"
        raise InputError(
            f"{len(self.faulty)} 份工作簿读不了或有读不出的格，没有写出。{hint}：{''.join(lines)}"
        )

    def add_up(self, store: IO[bytes]) -> None:
        """Add up what is neither an overview by its words nor a copy, so that sums are known by their figures."""
        copies = {second for _, second in self.doubled}
        for number, report in enumerate(_stored(store, len(self.known))):
            known = self.known[number]
            if self._says_it_is_a_whole(known, report):
                self.known[number] = known.also(OVERVIEW)
            elif known.path not in copies:
                self._totals_of(report).add(known.key, report.values)

    def rows(self, store: IO[bytes]) -> Iterator[LongRow]:
        """The rows of every book that belongs in the table."""
        for number, report in enumerate(_stored(store, len(self.known))):
            known = self.known[number]
            if OVERVIEW not in known.status and self._is_a_whole(known, report):
                known = known.also(OVERVIEW)
            if OVERVIEW in known.status:
                self.overviews.append(known.path)
                if not self.with_overviews:
                    continue
            self.shown.append(number)
            yield from long_rows(self._described(known, report))
        if not self.shown:
            raise InputError(
                f"{self.root} 中只有本级汇总报告，下级各单位的一份也没有；要写出它们，加 --with-overviews"
            )

    def _described(self, known: _Known, report: Tabled) -> Tabled:
        """A report with what stands beside its figures."""
        unit, status = known.unit, [*known.status]
        if report.status == ERRORS:
            status.append(ERRORS)
        above = unit.parent if unit is not None else None
        parent = (
            self.roster.by_key[above].name if self.roster is not None and above is not None else ""
        )
        level = unit.level if unit is not None else ""
        file = (
            known.path.relative_to(self.root)
            .as_posix()
            .encode("utf-8", "backslashreplace")
            .decode()
        )
        return evolve(report, parent=parent, level=level, file=file, status="+".join(status) or OK)

    def _note(self, book: Path, report: Tabled) -> None:
        """Who a book is, and whether another of its agency and year has come before."""
        number = len(self.known)
        found = self.roster.find(report.agency) if self.roster is not None else Identity(None)
        status: tuple[str, ...] = ()
        if self.roster is not None and found.unit is None:
            status = (CONTRADICTION if found.contradicts else STRANGER,)
            self.unsettled.append(LeftOut(book, found.reason))
        self.known.append(_Known(book, found.unit, status))
        if report.agency.level == "agency":
            self._agencies.add(report.year)
        if report.year is not None:
            self._note_copy(number, report.year, report)

    def _note_copy(self, number: int, year: int, report: Tabled) -> None:
        code, name = code_key(report.agency.code), name_key(report.agency.name)
        unit = self.known[number].unit
        if unit is not None:  # its own report and that of the whole below it are two things
            code, name = f"{unit.key} {report.agency.level}", ""
        firsts = [
            self._first.setdefault((year, who), (number, code)) for who in (code, name) if who
        ]
        # one name with two codes is two agencies
        same = [
            first
            for first, other in firsts
            if first != number and (other == code or not (other and code))
        ]
        for first in same[:1]:
            self.doubled.append((self.known[first].path, self.known[number].path))
            for copy in (first, number):
                if DOUBLED not in self.known[copy].status:
                    self.known[copy] = self.known[copy].also(DOUBLED)

    def _says_it_is_a_whole(self, known: _Known, report: Tabled) -> bool:
        """Whether a report holds others by what it says it is, or by what the roster says of its unit."""
        government = report.agency.level == "government"
        if self.roster is not None and known.unit is not None:
            return known.unit.key in self.roster.children and (government or not known.unit.reports)
        return government and report.year in self._agencies

    def _is_a_whole(self, known: _Known, report: Tabled) -> bool:
        """Whether a report is the sum of others by its figures."""
        return self._totals_of(report).whole(known.key, report.values) is not None

    def _totals_of(self, report: Tabled) -> Totals:
        """The sums of all reports that may be added to this one."""
        of = (report.year, report.edition_name)
        if of not in self._totals:
            self._totals[of] = Totals(EDITIONS[report.edition_name], self.roster)
        return self._totals[of]


def _stored(store: IO[bytes], count: int) -> Iterator[Tabled]:
    """The figures in a temporary file of ours, in the order of the books."""
    store.seek(0)
    for _ in range(count):
        report: Tabled = pickle.load(store)
        yield report
