"""The part of a batch that runs in workers: read a workbook once, check it once, make every form.

A worker puts finished files into ``stage`` under random names, or sends them back as bytes. Only
the batch itself names files: only there it is known which agencies share a name.
"""

from __future__ import annotations

import platform
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import attrs
from attrs import field, frozen

from govdisclose.check import OwnRule
from govdisclose.compile import Options, check_report, make_files, stopping
from govdisclose.errors import (
    FindingsError,
    GovDiscloseError,
    InputError,
    NoReportError,
    OutputError,
    UsageError,
    unreadable,
)
from govdisclose.finding import Finding
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.input_file import NotAFileError, read_input
from govdisclose.many.batch.result import Fate, Status
from govdisclose.many.inbox import NO_REPORT, InboxEntry, of_report
from govdisclose.many.other_year import is_of_another, wrong_year
from govdisclose.many.pool import WorkerContext
from govdisclose.many.previous import PreviousReport, PreviousYear
from govdisclose.many.same_figures import telling_digest
from govdisclose.many.year_changes import no_report_of_last_year
from govdisclose.outputs import OUTPUTS, Output
from govdisclose.package import DEFAULT_LIMITS
from govdisclose.read import read
from govdisclose.read.source import InputFile
from govdisclose.session import Session
from govdisclose.version import __version__
from govdisclose.write.atomic import store


@frozen
class Settings:
    """Everything that is the same for all workbooks of a batch; it travels with every task.

    ``stage`` is the folder where finished files wait for their names; without it they come back as
    bytes. ``template`` is a path that workers can open, or the bytes of a template. ``version`` is
    the version of the library that asks; an empty one is not checked. ``published`` makes reports
    of published reports too. With a ``year`` reports on other years are set aside. ``last_year``
    are last year's reports.
    """

    to: tuple[str, ...]
    draft: bool = False
    template: Path | bytes | None = field(default=None, repr=False)
    stage: Path | None = None
    dry_run: bool = False
    version: str = ""
    rules: tuple[OwnRule, ...] = ()
    published: bool = False
    year: int | None = None
    last_year: PreviousYear | None = None


@frozen
class OwnLastYear:
    """Last year's report for the one on ``year`` of ``agency``, as the batch has found it."""

    agency: Agency
    year: int | None
    found: PreviousReport = field(repr=False)


@frozen
class BatchItem:
    """One report: its number in the batch, and where it is; with ``data`` it is not read from
    there.

    ``last_year`` travels with the item to workers that cannot open the ``last_year`` of
    ``Settings``.
    """

    number: int
    entry: InboxEntry
    data: bytes | None = field(default=None, repr=False)
    last_year: OwnLastYear | None = field(default=None, repr=False)

    @property
    def path(self) -> Path:
        """The report, as messages name it."""
        return self.entry.path


@frozen
class BatchTask:
    """Some workbooks for one worker."""

    settings: Settings
    items: tuple[BatchItem, ...]

    def run(self, context: WorkerContext) -> list[Outcome]:
        """Make every workbook of the task."""
        return run_task(self, context)

    def singly(self) -> Iterator[BatchTask]:
        """Yield the same workbooks, each as a task of its own."""
        for item in self.items:
            yield attrs.evolve(self, items=(item,))

    def lost(self, why: str) -> list[Outcome]:
        """Return what to say of workbooks that ended their worker."""
        fate = Fate(Status.FAILED, error=why, exit_code=GovDiscloseError.exit_code)
        return [Outcome(item.number, fate) for item in self.items]


@frozen
class FinishedFile:
    """A finished file: the suffix of its name, the SHA-256 of its bytes, and where these are.

    They wait in a file without a name (``staged``), are held here (``data``), or have been
    published under another name.
    """

    suffix: str
    digest: str
    staged: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    published: Path | None = None


@frozen
class Outcome:
    """The report of a worker on one workbook; ``digest`` is the SHA-256 of the workbook."""

    number: int
    fate: Fate
    digest: str = ""
    files: tuple[FinishedFile, ...] = ()
    seconds: float = 0.0


@frozen
class Draft:
    """An output in memory, and the function that reads it back.

    In place of an output that is converted it holds the output to convert.
    """

    output: Output
    data: bytes = field(repr=False)
    verify: Callable[[bytes], None] | None = None


@frozen
class RenderedWorkbook:
    """One workbook in work: its findings, and its files, which are not written yet."""

    outcome: Outcome
    drafts: tuple[Draft, ...] = ()


def run_task(task: BatchTask, context: WorkerContext) -> list[Outcome]:
    """Make every workbook of a task. Whatever happens to one affects that one only.

    Raises ``UsageError`` if this worker has another version of the library than the one that asks.
    """
    settings = task.settings
    _refuse_other_version(settings)
    books = [make_book(settings, item, context.session) for item in context.each(task.items)]
    for to in settings.to:
        output = OUTPUTS[to]
        if output.convert is not None and not context.stopped:
            books = _converted(output, books)
    if context.stopped:
        return []
    return [_put_away(settings, book) for book in books]


def _refuse_other_version(settings: Settings) -> None:
    if settings.version not in ("", __version__):
        raise UsageError(
            f"{platform.node()} 上的 govdisclose 是 {__version__}，与发起批处理的 "
            f"{settings.version} 不同，请安装同一版本；"
            "做完的都已保存，加 --resume 再运行一次就接着做"
        )


def make_book(settings: Settings, item: BatchItem, session: Session) -> RenderedWorkbook:
    """Make every form of one workbook, or none; never raises."""
    start = time.perf_counter()
    digest = ""
    fate = Fate(Status.FAILED)
    drafts: tuple[Draft, ...] = ()
    try:
        data = content_of(item)
        digest = sha256(data).hexdigest()
        reading = _read(item, data, session)
        agency, year = reading.report.agency, reading.report.year
        fate = attrs.evolve(
            fate,
            agency=agency.name,
            code=agency.code,
            year=year,
            level=agency.level,
            figures=telling_digest(reading.report),
        )
        if settings.year is not None and is_of_another(year, settings.year):
            said = f"是 {year} 年度的报告，这一批是 {settings.year} 年度的，放在一边没有做"
            fate = attrs.evolve(fate, status=Status.OTHER_YEAR, error=said)
            return RenderedWorkbook(Outcome(item.number, fate, digest))
        findings = tuple(_findings(reading, settings, item))
        if not settings.draft and stopping(findings):
            raise FindingsError(findings, reading)
        if item.entry.is_published and not settings.published:
            fate = attrs.evolve(fate, status=Status.PUBLISHED, findings=findings)
            return RenderedWorkbook(Outcome(item.number, fate, digest))
        if not settings.dry_run:
            drafts = tuple(_drafts(settings, reading, findings, session))
        fate = attrs.evolve(fate, status=Status.MADE, findings=findings)
    except Exception as error:  # a bug on one workbook must not stop the others
        fate = _failed(fate, error)
    seconds = time.perf_counter() - start
    return RenderedWorkbook(Outcome(item.number, fate, digest, seconds=seconds), drafts)


def _findings(reading: Reading, settings: Settings, item: BatchItem) -> Iterator[Finding]:
    """Check a report, also against last year's of its unit; a note says where there is none."""
    year = reading.report.year
    if settings.year is not None and year is not None and year != settings.year:
        yield wrong_year(year, settings.year, reading.place("year"))
    found = _last_year_of(reading.report, settings, item)
    if found is None:
        yield from check_report(reading, rules=settings.rules)
        return
    yield from check_report(reading, rules=settings.rules, previous=found.reading)
    if found.report is None:
        yield no_report_of_last_year(found)


def _last_year_of(
    report: AnnualReport, settings: Settings, item: BatchItem
) -> PreviousReport | None:
    """Last year's report, or why there is none; ``None`` if nobody asks for it."""
    own = item.last_year
    if own is None:
        last = settings.last_year
        return None if last is None else last.find(report.agency, report.year)
    if (own.agency, own.year) != (report.agency, report.year):
        return PreviousReport(None, reason="这份文件在处理的时候改动过，请再运行一次")
    return own.found


def _failed(fate: Fate, error: Exception) -> Fate:
    """Return the fate of a workbook that was stopped by an exception."""
    if isinstance(error, FindingsError):
        return attrs.evolve(
            fate, status=Status.REFUSED, findings=error.findings, exit_code=error.exit_code
        )
    if isinstance(error, NoReportError):
        return attrs.evolve(fate, status=Status.NO_REPORT, error=NO_REPORT)
    if isinstance(error, MemoryError):
        error = GovDiscloseError("处理这份工作簿超出了内存上限，已停止；其他工作簿不受影响")
    if not isinstance(error, GovDiscloseError):
        error = GovDiscloseError(f"内部错误：{type(error).__name__}，请连同工作簿报告给维护者")
    return attrs.evolve(fate, status=Status.FAILED, error=str(error), exit_code=error.exit_code)


# --- the workbook -------------------------------------------------------------------------------


def content_of(item: BatchItem) -> bytes:
    """The bytes of a report. Raises ``InputError``, which names it without its folder."""
    entry = item.entry
    if item.data is not None:
        return item.data
    if entry.archive or entry.problem:
        return entry.content()
    try:
        return read_input(entry.path, DEFAULT_LIMITS.package)
    except NotAFileError as error:
        raise InputError(f"{entry.path.name} {error}") from error
    except OSError as error:
        raise unreadable(entry.path.name, error) from error


def _read(item: BatchItem, data: bytes, session: Session) -> Reading:
    """Read a report that is in memory as the file that it comes from. Raises ``NoReportError``."""
    entry = item.entry
    reading = of_report(read(InputFile(entry.path, data, entry.kind), session.memory))
    return attrs.evolve(reading, source=entry.path)


# --- its files ----------------------------------------------------------------------------------


def _drafts(
    settings: Settings, reading: Reading, findings: tuple[Finding, ...], session: Session
) -> Iterator[Draft]:
    """Yield every output; in place of one that is converted, the verified output to convert."""
    options = Options(draft=settings.draft, template=settings.template, session=session)
    outputs = [OUTPUTS[to] for to in settings.to]
    sources = {output.name: output.made_of or output.name for output in outputs}
    files = make_files(reading, findings, dict.fromkeys(sources.values()), options)
    for output in outputs:
        source = sources[output.name]
        file = files[source]
        if source not in settings.to:
            file.verify(file.data)  # otherwise it is read back from the disk
        yield Draft(output, file.data, file.verify)


def _put_away(settings: Settings, book: RenderedWorkbook) -> Outcome:
    """Store the files of a workbook and return its outcome."""
    start = time.perf_counter()
    outcome = book.outcome
    fate = outcome.fate
    files: tuple[FinishedFile, ...] = ()
    if fate.status is Status.MADE and settings.dry_run:
        files = tuple(FinishedFile(OUTPUTS[to].suffix, "") for to in settings.to)
    try:
        if not settings.dry_run:
            files = tuple(_store(settings.stage, draft) for draft in book.drafts)
    except Exception as error:  # as above
        fate = _failed(fate, error)
    seconds = outcome.seconds + time.perf_counter() - start
    return attrs.evolve(outcome, fate=fate, files=files, seconds=seconds)


def _store(stage: Path | None, draft: Draft) -> FinishedFile:
    """Write a file to the stage and read it back; without a stage keep it in memory."""
    data = draft.data
    path = None
    if stage is not None:
        path = stage / secrets.token_hex(8)
        data = store(path, data, stage.parents[1])
    if draft.verify is not None:
        draft.verify(data)
    digest = sha256(data).hexdigest()
    if path is None:
        return FinishedFile(draft.output.suffix, digest, data=data)
    return FinishedFile(draft.output.suffix, digest, staged=path)


# --- conversions --------------------------------------------------------------------------------


def _converted(output: Output, books: Sequence[RenderedWorkbook]) -> list[RenderedWorkbook]:
    """Convert the drafts of one output, many at a time: LibreOffice starts once for all."""
    start = time.perf_counter()
    sources: list[bytes] = []
    for book in books:
        sources.extend(draft.data for draft in book.drafts if draft.output is output)
    files = iter(_convert(output, sources))
    share = (time.perf_counter() - start) / max(1, len(sources))
    return [_replaced(book, output, next(files), share) if book.drafts else book for book in books]


def _convert(output: Output, sources: Sequence[bytes]) -> list[bytes | Exception]:
    """Return each file, or why there is none; after a bug try each by itself."""
    if not sources or output.convert is None:
        return []
    try:
        return list(output.convert(sources))
    except OutputError as error:
        return [error] * len(sources)
    except Exception as error:  # as above
        if len(sources) == 1:
            return [error]
    files: list[bytes | Exception] = []
    for source in sources:
        files.extend(_convert(output, [source]))
    return files


def _replaced(
    book: RenderedWorkbook, output: Output, made: bytes | Exception, seconds: float
) -> RenderedWorkbook:
    """Return a workbook with a converted file, or failed."""
    outcome = attrs.evolve(book.outcome, seconds=book.outcome.seconds + seconds)
    if isinstance(made, Exception):
        return RenderedWorkbook(attrs.evolve(outcome, fate=_failed(outcome.fate, made)))
    drafts = [Draft(output, made) if draft.output is output else draft for draft in book.drafts]
    return RenderedWorkbook(outcome, tuple(drafts))
