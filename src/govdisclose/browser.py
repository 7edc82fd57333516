"""What the offline page calls: files as bytes and a request in JSON go in, JSON and files as bytes come out.

The page draws what it gets and asks for more. Everything it knows of reports it knows from here, so this
module is tested in CPython by the tests that also run it in a browser.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from govdisclose.check import check_reading
from govdisclose.compile import export_report
from govdisclose.drawn import draw, draw_change, draw_finding
from govdisclose.errors import FindingsError, GovDiscloseError, InputError, UsageError
from govdisclose.form.edition import EDITIONS, edition_for
from govdisclose.form.reading import Reading
from govdisclose.form.report import LEVELS
from govdisclose.form.sheets import LEVEL_WORDS
from govdisclose.outputs import OUTPUTS
from govdisclose.source import read_report
from govdisclose.version import __version__
from govdisclose.workbooks import (
    annotate_workbook,
    continue_workbook,
    import_report,
    new_workbook,
)
from govdisclose.write.data import dump_json

DOCX = "docx"
_OFFERED = ("html", "html-fragment", "json", "csv")
"""What can be made beside Word where no other program can be run."""

_NO_MEMORY = "内存不足，处理不了这个文件；请确认文件没有损坏，或关闭别的程序后再试"


@frozen
class File:
    """A file by its name and content; ``role`` says what it is for: ``book``, ``previous``, ``roster`` …"""

    role: str
    name: str
    data: bytes = field(repr=False)


@frozen
class Answer:
    """What a call gives: what to show, and the files to offer for download."""

    said: Mapping[str, object]
    files: tuple[File, ...] = ()


@frozen
class Request:
    """One call: its options, and the files that came with it."""

    options: Mapping[str, Any]
    files: Sequence[File]

    def file(self, role: str) -> File:
        """The file of a role. Raises ``UsageError`` when none was given."""
        found = self.optional(role)
        if found is None:
            raise UsageError("没有给出文件")
        return found

    def optional(self, role: str) -> File | None:
        """The file of a role, if one was given."""
        return next((file for file in self.files if file.role == role), None)


def answer(
    call: str, options: str, files: Sequence[Sequence[Any]]
) -> tuple[str, list[tuple[str, bytes]]]:
    """Answer one call of the page. Never raises: a fault is told as the command line tells it.

    ``files`` are triples of role, name and content. The answer is JSON and the files made. A fault has the
    keys ``error`` (a sentence in Chinese) and ``exit_code``, and ``findings`` where they are the reason.
    """
    request = Request(
        json.loads(options), [File(role, name, bytes(data)) for role, name, data in files]
    )
    try:
        made = CALLS[call](request)
    except FindingsError as error:
        made = Answer(
            {**_fault(error), "findings": [draw_finding(found) for found in error.findings]}
        )
    except GovDiscloseError as error:
        made = Answer(_fault(error))
    except MemoryError:
        made = Answer({"error": _NO_MEMORY, "exit_code": 3})
    except Exception as error:  # a bug must not take the page with it
        said = f"内部错误：{type(error).__name__}: {error}，请连同文件报告给维护者"
        made = Answer({"error": said, "exit_code": 70})
    return dump_json(made.said, indent=None), [(file.name, file.data) for file in made.files]


def _fault(error: GovDiscloseError) -> dict[str, object]:
    return {"error": str(error), "exit_code": error.exit_code}


# --- files in memory ----------------------------------------------------------------------------


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for one call; in a browser it is in memory. Messages name files without it."""
    with tempfile.TemporaryDirectory() as name:
        try:
            yield Path(name)
        except FindingsError:
            raise
        except GovDiscloseError as error:
            said = str(error).replace(f"{name}/", "")
            error.args = (said,)
            raise


def _put(folder: Path, file: File) -> Path:
    """Write a file under its own name; folders in the name are kept below ``folder``."""
    parts = [
        part for part in file.name.replace("\\", "/").split("/") if part not in ("", ".", "..")
    ]
    path = folder.joinpath(*parts) if parts else folder / "未命名"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.data)
    return path


_ENGINES = {".html": "lxml", ".htm": "lxml", ".shtml": "lxml", ".pdf": "pdfplumber"}
"""What the readers of some files need, which no browser has."""


def _refuse_without_engine(name: str) -> None:
    """Raises ``InputError`` for a file whose reader is not installed here."""
    engine = _ENGINES.get(Path(name).suffix.lower())
    if engine is not None and find_spec(engine) is None:
        raise InputError(
            f"{name} 在网页里读不了：请打开后另存为 Word（.docx）或纯文本（.txt）再放进来，"
            "或在装有 Python 的电脑上用 govdisclose import 导入"
        )


def _read(file: File) -> Reading:
    _refuse_without_engine(file.name)
    with _folder() as folder:
        reading = read_report(_put(folder, file))
    return attrs.evolve(reading, source=Path(file.name))


def _read_optional(file: File | None) -> Reading | None:
    return None if file is None else _read(file)


# --- calls --------------------------------------------------------------------------------------


def about(request: Request) -> Answer:
    """Version, years and kinds: what the page offers before any file is there."""
    today = date.fromisoformat(request.options["today"])
    last_year = today.year - 1
    levels = [{"key": key, "label": LEVEL_WORDS[key]} for key in LEVELS]
    forms = [{"key": DOCX, "label": "Word", "public": True}]
    forms += [
        {"key": key, "label": OUTPUTS[key].label, "public": OUTPUTS[key].public} for key in _OFFERED
    ]
    return Answer(
        {
            "version": __version__,
            "year": last_year,
            "edition": edition_for(last_year).name,
            "editions": list(EDITIONS),
            "levels": levels,
            "forms": forms,
        }
    )


def begin(request: Request) -> Answer:
    """This year's workbook: blank, or continued from last year's workbook or report."""
    options, last = request.options, request.optional("last")
    if last is not None:
        _refuse_without_engine(last.name)
    with _folder() as folder:
        if last is None:
            path = new_workbook(
                options["agency"], options["year"], folder / "new.xlsx", level=options["level"]
            )
            name = f"{options['agency'].strip()}{options['year']}年度报告填报表.xlsx"
            notes: Sequence[str] = ()
        else:
            before = _put(folder, last)
            made = continue_workbook(
                before,
                options.get("year"),
                folder / "new.xlsx",
                agency=options.get("agency") or None,
                level=options.get("level"),
            )
            report = read_report(made.path).report
            path, notes = made.path, made.notes
            name = f"{report.agency.name}{report.year}年度报告填报表.xlsx"
        data = path.read_bytes()
    return Answer({"name": name, "notes": list(notes)}, (File("book", name, data),))


def check(request: Request) -> Answer:
    """A file with all its findings, drawn as it will be printed."""
    book = request.file("book")
    reading = _read(book)
    previous = _read_optional(request.optional("previous"))
    findings = check_reading(reading, previous)
    said: dict[str, object] = {"file": book.name, "kind": _kind(book.name)}
    said.update(draw(reading, findings, previous.report if previous else None))
    before = request.options.get("before")
    if before is not None:
        said["changed"] = draw_change([(key, text) for key, text in before], findings)
    return Answer(said)


def _kind(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix == ".json":
        return "json"
    return (
        "published"
        if suffix in (".html", ".htm", ".shtml", ".docx", ".txt", ".md", ".pdf")
        else "workbook"
    )


def make(request: Request) -> Answer:
    """The report in one form: Word, a web page, a fragment, JSON, or a long table."""
    to, draft = request.options["to"], bool(request.options.get("draft"))
    book, previous = request.file("book"), _read_optional(request.optional("previous"))
    with _folder() as folder:
        made = export_report(_put(folder, book), to=to, previous=previous, draft=draft)
        data = made.path.read_bytes()
    name = made.path.name
    return Answer({"name": name, "notes": list(made.notes)}, (File("report", name, data),))


def annotate(request: Request) -> Answer:
    """A copy of the workbook with the findings as comments."""
    book, previous = request.file("book"), _read_optional(request.optional("previous"))
    with _folder() as folder:
        path = _put(folder, book)
        reading = read_report(path)
        copy = folder / "annotated.xlsx"
        lost = annotate_workbook(path, check_reading(reading, previous), copy)
        data = copy.read_bytes()
    name = f"{Path(book.name).stem}（带批注）.xlsx"
    return Answer({"name": name, "lost": list(lost)}, (File("book", name, data),))


def bring_in(request: Request) -> Answer:
    """A published report as a standardized workbook."""
    published = request.file("book")
    _refuse_without_engine(published.name)
    with _folder() as folder:
        made = import_report(_put(folder, published), folder / "imported.xlsx")
        data = made.path.read_bytes()
    name = f"{Path(published.name).stem}.xlsx"
    findings = [draw_finding(found) for found in made.findings]
    return Answer({"name": name, "findings": findings}, (File("book", name, data),))


CALLS: dict[str, Callable[[Request], Answer]] = {
    "about": about,
    "begin": begin,
    "check": check,
    "make": make,
    "annotate": annotate,
    "import": bring_in,
}
"""The calls of the page by name."""
