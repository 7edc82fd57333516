"""The part of a batch that runs in workers: books are read once, checked once, and made in every form.

What a worker makes it puts into ``stage`` under names of no meaning, or sends back as bytes. Only the
batch itself names files: it alone knows which agencies bear the same name.
"""

from __future__ import annotations

import platform
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from attrs import field, frozen

from govdisclose.compile import Options, check_report, make_files, stopping
from govdisclose.errors import (
    FindingsError,
    GovDiscloseError,
    InputError,
    OutputError,
    UsageError,
    unreadable,
)
from govdisclose.finding import Finding
from govdisclose.form.reading import Reading
from govdisclose.infile import NotAFileError, read_input
from govdisclose.many.batch.forms import PDF, suffix_of
from govdisclose.many.batch.result import Status
from govdisclose.many.pool import WorkerContext
from govdisclose.outputs import OUTPUTS
from govdisclose.package import DEFAULT_LIMITS
from govdisclose.read import read_book
from govdisclose.session import Session
from govdisclose.version import __version__
from govdisclose.write.atomic import store

if TYPE_CHECKING:
    from govdisclose.write.pdf import Pdf

_PDF_SUFFIX = suffix_of(PDF)


@frozen
class Settings:
    """What is the same for all books of a batch, and travels with every task.

    ``stage`` is the folder where finished files wait for their names; without it they come back as
    bytes. ``template`` is a path that workers can open, or the bytes of a template. ``version`` is that of
    the library that asks; nothing is checked without it.
    """

    to: tuple[str, ...]
    draft: bool = False
    template: Path | bytes | None = field(default=None, repr=False)
    stage: Path | None = None
    dry_run: bool = False
    version: str = ""


@frozen
class Item:
    """One book: its number in the batch and its path; with ``data`` it is not read from there."""

    number: int
    path: Path
    data: bytes | None = field(default=None, repr=False)


@frozen
class Task:
    """Some books for one worker."""

    settings: Settings
    items: tuple[Item, ...]

    def run(self, context: WorkerContext) -> list[Outcome]:
        """Make every workbook of the task."""
        return run_task(self, context)

    def singly(self) -> Iterator[Task]:
        """Yield the same workbooks, each as a task of its own."""
        for item in self.items:
            yield attrs.evolve(self, items=(item,))

    def lost(self, why: str) -> list[Outcome]:
        """Return what to say of workbooks that ended their worker."""
        return [Outcome(item.number, Status.FAILED, error=why, exit_code=70) for item in self.items]


@frozen
class Made:
    """A finished file: the suffix of its name, the SHA-256 of its bytes, and where it waits or what it holds."""

    suffix: str
    digest: str
    staged: Path | None = None
    data: bytes | None = field(default=None, repr=False)


@frozen
class Outcome:
    """What a worker says of one book; ``digest`` is the SHA-256 of the book."""

    number: int
    status: Status
    digest: str = ""
    agency: str = ""
    code: str | None = None
    year: int | None = None
    findings: tuple[Finding, ...] = ()
    files: tuple[Made, ...] = ()
    error: str = ""
    exit_code: int = 0
    seconds: float = 0.0


@frozen
class Document:
    """A finished file in memory: the suffix of its name, and what reads it back; of a PDF to come the Word file."""

    suffix: str
    data: bytes = field(repr=False)
    verify: Callable[[bytes], None] | None = None


@frozen
class Book:
    """One book on its way: what is known of it, and its documents, which are not written yet."""

    outcome: Outcome
    documents: tuple[Document, ...] = ()


def run_task(task: Task, context: WorkerContext) -> list[Outcome]:
    """Make every workbook of a task. Whatever happens to one is said of that one only.

    Raises ``UsageError`` where another version of this library is at work than the one that asks.
    """
    _refuse_other_version(task.settings)
    books = [make_book(task.settings, item, context.session) for item in context.each(task.items)]
    if PDF in task.settings.to:
        books = [] if context.stopped else _with_pdfs(books)
    return [_put_away(task.settings, book) for book in books]


def _refuse_other_version(settings: Settings) -> None:
    if settings.version not in ("", __version__):
        raise UsageError(
            f"{platform.node()} 上的 govdisclose 是 {__version__}，与发起批处理的 {settings.version} 不同，"
            "请安装同一版本；做完的都已保存，加 --resume 再运行一次就接着做"
        )


def make_book(settings: Settings, item: Item, session: Session) -> Book:
    """One book in every form asked for, all of them or none; in place of a PDF its Word file. Never raises."""
    start = time.perf_counter()
    outcome = Outcome(item.number, Status.FAILED)
    documents: tuple[Document, ...] = ()
    try:
        outcome = attrs.evolve(outcome, digest=sha256(_content(item)).hexdigest())
        reading = _read(item, session)
        agency, year = reading.report.agency, reading.report.year
        outcome = attrs.evolve(outcome, agency=agency.name, code=agency.code, year=year)
        findings = tuple(check_report(reading))
        if not settings.draft and stopping(findings):
            raise FindingsError(findings, reading)
        documents = (
            () if settings.dry_run else tuple(_documents(settings, reading, findings, session))
        )
        outcome = attrs.evolve(outcome, status=Status.MADE, findings=findings)
    except Exception as error:  # one book's bug must not stop the others
        outcome = _failed(outcome, error)
    return Book(attrs.evolve(outcome, seconds=time.perf_counter() - start), documents)


def _with_pdfs(books: Sequence[Book]) -> list[Book]:
    """The Word files that stand for PDFs made into such, all by one start of LibreOffice."""
    start = time.perf_counter()
    words = [
        document.data
        for book in books
        for document in book.documents
        if document.suffix == _PDF_SUFFIX
    ]
    pdfs = iter(_pdfs(words))
    share = (time.perf_counter() - start) / max(1, len(words))
    return [_with_pdf(book, next(pdfs), share) if book.documents else book for book in books]


def _pdfs(words: Sequence[bytes]) -> Sequence[Pdf | Exception]:
    """For each Word file its PDF or why there is none; over a bug each is tried by itself."""
    from govdisclose.write.pdf import make_pdfs

    try:
        return make_pdfs(words) if words else ()
    except OutputError as error:
        return [error] * len(words)
    except Exception as error:  # as above
        return [error] if len(words) == 1 else [pdf for word in words for pdf in _pdfs([word])]


def _with_pdf(book: Book, pdf: Pdf | Exception, seconds: float) -> Book:
    outcome = attrs.evolve(book.outcome, seconds=book.outcome.seconds + seconds)
    if isinstance(pdf, Exception):
        return Book(_failed(outcome, pdf))
    made = Document(_PDF_SUFFIX, pdf.data)
    return Book(outcome, tuple(made if d.suffix == _PDF_SUFFIX else d for d in book.documents))


def _put_away(settings: Settings, book: Book) -> Outcome:
    """What is said of a book, when its documents wait for their names."""
    start, outcome = time.perf_counter(), book.outcome
    if outcome.status is Status.MADE and settings.dry_run:
        return attrs.evolve(outcome, files=tuple(Made(suffix_of(to), "") for to in settings.to))
    try:
        outcome = attrs.evolve(
            outcome, files=tuple(_stage(settings, document) for document in book.documents)
        )
    except Exception as error:  # as above
        outcome = _failed(outcome, error)
    return attrs.evolve(outcome, seconds=outcome.seconds + time.perf_counter() - start)


def _content(item: Item) -> bytes:
    try:
        return read_input(item.path, DEFAULT_LIMITS.package) if item.data is None else item.data
    except NotAFileError as error:
        raise InputError(f"{item.path.name} {error}") from error
    except OSError as error:
        raise unreadable(item.path.name, error) from error


def _failed(outcome: Outcome, error: Exception) -> Outcome:
    if isinstance(error, FindingsError):
        refused = Status.REFUSED
        return attrs.evolve(
            outcome, status=refused, findings=error.findings, exit_code=error.exit_code
        )
    if isinstance(error, MemoryError):
        error = GovDiscloseError("处理这份工作簿超出了内存上限，已停止；其他工作簿不受影响")
    if not isinstance(error, GovDiscloseError):
        error = GovDiscloseError(f"内部错误：{type(error).__name__}，请连同工作簿报告给维护者")
    return attrs.evolve(outcome, status=Status.FAILED, error=str(error), exit_code=error.exit_code)


def _read(item: Item, session: Session) -> Reading:
    """The reading of a book, from its path or, under the same name, from its bytes."""
    if item.data is None:
        return read_book(item.path, session.memory)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / item.path.name
        path.write_bytes(item.data)
        return attrs.evolve(read_book(path, session.memory), source=item.path)


def _documents(
    settings: Settings, reading: Reading, findings: tuple[Finding, ...], session: Session
) -> Iterator[Document]:
    """Every output asked for; in place of a PDF the Word file that it will be made of, verified."""
    options = Options(draft=settings.draft, template=settings.template, session=session)
    sources = {to: OUTPUTS[to].made_of or to for to in settings.to}
    files = make_files(reading, findings, dict.fromkeys(sources.values()), options)
    for to, source in sources.items():
        file = files[source]
        if source not in settings.to:
            file.verify(file.data)
        yield Document(suffix_of(to), file.data, file.verify)


def _stage(settings: Settings, document: Document) -> Made:
    data, verify = document.data, document.verify
    digest = sha256(data).hexdigest()
    if settings.stage is None:
        if verify is not None:
            verify(data)
        return Made(document.suffix, digest, data=data)
    path = settings.stage / secrets.token_hex(8)
    stored = store(path, data, settings.stage.parents[1])
    if verify is not None:
        verify(stored)
    return Made(document.suffix, digest, path)
