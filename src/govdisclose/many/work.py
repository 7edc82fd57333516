"""The part of a batch that runs in workers: books are read once, checked once, and made in every form.

What a worker makes it puts into ``stage`` under names of no meaning, or sends back as bytes. Only the
batch itself names files: it alone knows which agencies bear the same name.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import attrs
from attrs import field, frozen

from govdisclose.errors import FindingsError, GovDiscloseError, unreadable
from govdisclose.exports import export_bytes
from govdisclose.finding import Finding
from govdisclose.form.reading import Reading
from govdisclose.many.forms import DOCX, suffix_of
from govdisclose.many.result import Status
from govdisclose.read import read_book
from govdisclose.story import check_report, make_document, stopping
from govdisclose.write.atomic import store


@frozen
class Settings:
    """What is the same for all books of a batch, and travels with every task.

    ``stage`` is the folder where finished files wait for their names; without it they come back as
    bytes. ``template`` is a path that workers can open, or the bytes of a template.
    """

    to: tuple[str, ...]
    draft: bool = False
    template: Path | bytes | None = field(default=None, repr=False)
    stage: Path | None = None
    dry_run: bool = False


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

    def singly(self) -> Iterator[Task]:
        """The same books, each as a task of its own."""
        return (attrs.evolve(self, items=(item,)) for item in self.items)


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


def run_task(task: Task, stopped: Callable[[], bool] = lambda: False) -> list[Outcome]:
    """Make every book of a task, until ``stopped``; whatever happens to one is said of that one only."""
    return [make_book(task.settings, item) for item in task.items if not stopped()]


def make_book(settings: Settings, item: Item) -> Outcome:
    """One book in every form asked for, all of them or none. Never raises."""
    start = time.perf_counter()
    outcome = Outcome(item.number, Status.FAILED)
    try:
        outcome = attrs.evolve(outcome, digest=sha256(_content(item)).hexdigest())
        reading = _read(item)
        agency, year = reading.report.agency, reading.report.year
        outcome = attrs.evolve(outcome, agency=agency.name, code=agency.code, year=year)
        outcome = _make(settings, reading, outcome)
    except FindingsError as error:
        outcome = _failed(outcome, error, Status.REFUSED, findings=error.findings)
    except GovDiscloseError as error:
        outcome = _failed(outcome, error)
    except Exception as error:  # one book's bug must not stop the others
        outcome = _failed(outcome, GovDiscloseError(f"内部错误：{type(error).__name__}，请连同工作簿报告给维护者"))
    return attrs.evolve(outcome, seconds=time.perf_counter() - start)


def _content(item: Item) -> bytes:
    try:
        return item.path.read_bytes() if item.data is None else item.data
    except OSError as error:
        raise unreadable(item.path.name, error) from error


def _failed(
    outcome: Outcome, error: GovDiscloseError, status: Status = Status.FAILED, findings: tuple[Finding, ...] = ()
) -> Outcome:
    said = "" if status is Status.REFUSED else str(error)
    return attrs.evolve(
        outcome, status=status, findings=findings or outcome.findings, error=said, exit_code=error.exit_code
    )


def _read(item: Item) -> Reading:
    """The reading of a book, from its path or, under the same name, from its bytes."""
    if item.data is None:
        return read_book(item.path)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / item.path.name
        path.write_bytes(item.data)
        return attrs.evolve(read_book(path), source=item.path)


def _make(settings: Settings, reading: Reading, outcome: Outcome) -> Outcome:
    findings = tuple(check_report(reading))
    if not settings.draft and stopping(findings):
        raise FindingsError(findings, reading)
    outcome = attrs.evolve(outcome, status=Status.MADE, findings=findings)
    if settings.dry_run:
        return attrs.evolve(outcome, files=tuple(Made(suffix_of(to), "") for to in settings.to))
    documents = [_form(settings, reading, findings, to) for to in settings.to]
    return attrs.evolve(outcome, files=tuple(_stage(settings, *document) for document in documents))


_Document = tuple[str, bytes, Callable[[bytes], None] | None]


def _form(settings: Settings, reading: Reading, findings: tuple[Finding, ...], to: str) -> _Document:
    if to != DOCX:
        return suffix_of(to), export_bytes(reading, to), None
    template = settings.template
    path = template_file(template) if isinstance(template, bytes) else template
    made = make_document(reading, findings, template=path, draft=settings.draft)
    return suffix_of(to), made.data, made.verify


def _stage(settings: Settings, suffix: str, data: bytes, verify: Callable[[bytes], None] | None) -> Made:
    digest = sha256(data).hexdigest()
    if settings.stage is None:
        if verify is not None:
            verify(data)
        return Made(suffix, digest, data=data)
    path = settings.stage / secrets.token_hex(8)
    store(path, data, settings.stage.parents[1])
    if verify is not None:
        verify(path.read_bytes())
    return Made(suffix, digest, path)


@lru_cache(maxsize=1)
def _template_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="govdisclose-")


@lru_cache(maxsize=4)
def template_file(data: bytes) -> Path:
    """A template that came as bytes, as a file of this worker's, so that it is prepared once."""
    path = Path(_template_folder().name) / f"{sha256(data).hexdigest()[:16]}.docx"
    path.write_bytes(data)
    return path
