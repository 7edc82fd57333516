"""What the offline page calls: files as bytes and a request in JSON go in, JSON and files as bytes
come out.

The page draws what it gets and asks for more. All its knowledge of reports comes from here, so this
module is tested in CPython by the tests that also run it in a browser.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

from govdisclose.check import check_reading
from govdisclose.compile import export_report
from govdisclose.correct import correct_workbook
from govdisclose.errors import (
    FindingsError,
    GovDiscloseError,
    InputError,
    TemplateError,
    UsageError,
)
from govdisclose.form.edition import EDITIONS, edition_for
from govdisclose.form.reading import Reading
from govdisclose.form.report import LEVELS, Agency
from govdisclose.form.sheets import LEVEL_WORDS
from govdisclose.outputs import OUTPUTS
from govdisclose.page_data import draw, draw_change, draw_finding
from govdisclose.read.source import BOOKS, PUBLISHED, kind_of_name
from govdisclose.session import Session
from govdisclose.source import read_report
from govdisclose.version import __version__
from govdisclose.workbooks import (
    annotate_workbook,
    continue_workbook,
    import_report,
    new_workbook,
)
from govdisclose.write.data import dump_json
from govdisclose.write.word.loading import template_folder

if TYPE_CHECKING:
    from govdisclose.many.batch.result import BatchResult
    from govdisclose.many.batch.season import BatchEnd
    from govdisclose.many.inbox import PassedOver

DOCX = "docx"
_CORRECTED = "（已改正）"
SUFFIXES = (*BOOKS, *PUBLISHED, ".zip")
"""The files of many units that are looked into, by their suffixes."""

_OFFERED = ("html", "html-fragment", "json", "csv")
"""What can be made beside Word where no other program can be run."""

_NO_MEMORY = "内存不足，处理不了这个文件；请确认文件没有损坏，或关闭别的程序后再试"


@frozen
class File:
    """A file by its name and content; ``role`` is its purpose: ``book``, ``previous``, ``roster`` …"""

    role: str
    name: str
    data: bytes = field(repr=False)


@frozen
class Answer:
    """The result of a call: the data to show, and the files to offer for download."""

    said: Mapping[str, object]
    files: tuple[File, ...] = ()


@frozen
class Request:
    """One call: whose it is, its options, and the files that came with it."""

    desk: Desk
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
        return next(iter(self.all(role)), None)

    def all(self, role: str) -> list[File]:
        """Every file of a role."""
        return [file for file in self.files if file.role == role]


class Desk:
    """What one page works at: it remembers what it learnt of workbooks, and the batch that is going
    on.
    """

    def __init__(self) -> None:
        self.session = Session()
        self.batch: Batch | None = None

    def answer(
        self, call: str, options: str, files: Sequence[Sequence[Any]]
    ) -> tuple[str, list[tuple[str, bytes]]]:
        """Answer one call of the page. Never raises: the answer to a fault is the message of the
        command line.

        ``files`` are triples of role, name and content. The answer is JSON and the files made. A
        fault has the keys ``error`` (a sentence in Chinese) and ``exit_code``, and ``findings``
        where they are the reason.
        """
        given = [File(role, name, bytes(data)) for role, name, data in files]
        request = Request(self, json.loads(options), given)
        try:
            for file in given:
                _refuse_deep_json(file)
            made = CALLS[call](request)
        except FindingsError as error:
            findings = [draw_finding(found) for found in error.findings]
            made = Answer({**_fault(error), "findings": findings})
        except GovDiscloseError as error:
            made = Answer(_fault(error))
        except MemoryError:
            made = Answer({"error": _NO_MEMORY, "exit_code": 3})
        except Exception as error:  # a bug must not take the page with it
            said = f"内部错误：{type(error).__name__}: {error}，请连同文件报告给维护者"
            made = Answer({"error": said, "exit_code": 70})
        return dump_json(made.said, indent=None), [(file.name, file.data) for file in made.files]


def answer(
    call: str, options: str, files: Sequence[Sequence[Any]]
) -> tuple[str, list[tuple[str, bytes]]]:
    """Answer a single call, as ``Desk.answer`` does."""
    return Desk().answer(call, options, files)


def _fault(error: GovDiscloseError) -> dict[str, object]:
    return {"error": str(error), "exit_code": error.exit_code}


_JSON_PIECE = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)|[][{}]', re.S)
_DEEPEST_JSON = 500
"""Lists and objects inside one another; a report has five."""


def _refuse_deep_json(file: File) -> None:
    """Raises ``InputError`` for a file at which Python itself would end: a browser's stack is
    small.
    """
    if not file.name.lower().endswith(".json"):
        return
    depth = 0
    for piece in _JSON_PIECE.finditer(file.data):
        sign = piece[0]
        if sign in (b"[", b"{"):
            depth += 1
        elif sign in (b"]", b"}"):
            depth -= 1
        if depth > _DEEPEST_JSON:
            raise InputError(f"{Path(file.name).name} 的内容读不懂：层次太深")


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
    path = folder
    for part in file.name.replace("\\", "/").split("/"):
        if part not in ("", ".", ".."):
            path = path / part
    if path == folder:
        path = folder / "未命名"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.data)
    return path


def _read(request: Request, role: str) -> Reading:
    """The reading of the file of a role. Raises ``UsageError`` when none was given, ``InputError``."""
    file = request.file(role)
    with _folder() as folder:
        reading = request.desk.session.read(_put(folder, file))
    return attrs.evolve(reading, source=Path(file.name))


def _read_previous(request: Request) -> Reading | None:
    return _read(request, "previous") if request.optional("previous") else None


_NEW_YEARS_WORK = 7
"""The month from which on the next report is that of the running year: the last one is long due."""


def year_to_fill(today: date) -> int:
    """The year of the report that clerks fill on a day. Until June it is the year before.

    Examples:
        >>> from datetime import date
        >>> year_to_fill(date(2026, 1, 20)), year_to_fill(date(2026, 11, 20))
        (2025, 2026)
    """
    return today.year if today.month >= _NEW_YEARS_WORK else today.year - 1


# --- calls --------------------------------------------------------------------------------------


def about(request: Request) -> Answer:
    """Version, years and kinds, which the page offers before it has a file."""
    year = year_to_fill(date.fromisoformat(request.options["today"]))
    levels = [{"key": key, "label": LEVEL_WORDS[key]} for key in LEVELS]
    forms = [{"key": DOCX, "label": "Word", "public": True}]
    for key in _OFFERED:
        output = OUTPUTS[key]
        forms.append({"key": key, "label": output.label, "public": output.public})
    return Answer(
        {
            "version": __version__,
            "year": year,
            "edition": edition_for(year).name,
            "editions": list(EDITIONS),
            "levels": levels,
            "forms": forms,
            "own_template": (template_folder() / _OWN_TEMPLATE).exists(),
            "suffixes": list(SUFFIXES),
        }
    )


def warm_up(request: Request) -> Answer:
    """Read and check a blank workbook: this loads everything needed before the first file comes."""
    with _folder() as folder:
        path = new_workbook("某某局", year_to_fill(date.today()), folder / "blank.xlsx")
        reading = read_report(path)
        draw(reading, check_reading(reading, None), None)
    return Answer({})


def last_year(request: Request) -> Answer:
    """What last year's workbook or report says of the workbook that follows it."""
    report = _read(request, "last").report
    year = None if report.year is None else report.year + 1
    return Answer({"agency": report.agency.name, "level": report.agency.level, "year": year})


def begin(request: Request) -> Answer:
    """This year's workbook: blank, or continued from last year's workbook or report."""
    last = request.optional("last")
    if last is None:
        return _begin_blank(request.options)
    return _begin_after(last, request.options)


def _begin_blank(options: Mapping[str, Any]) -> Answer:
    """A blank workbook."""
    agency, year = options["agency"], options["year"]
    with _folder() as folder:
        path = new_workbook(agency, year, folder / "new.xlsx", level=options["level"])
        data = path.read_bytes()
    name = _name_to_fill(agency.strip(), year)
    return Answer({"name": name, "notes": []}, (File("book", name, data),))


def _begin_after(last: File, options: Mapping[str, Any]) -> Answer:
    """The workbook that follows last year's; what is not given is taken from there."""
    with _folder() as folder:
        made = continue_workbook(
            _put(folder, last),
            options.get("year"),
            folder / "new.xlsx",
            agency=options.get("agency") or None,
            level=options.get("level"),
        )
        report = read_report(made.path).report
        data = made.path.read_bytes()
    name = _name_to_fill(report.agency.name, report.year)
    return Answer({"name": name, "notes": list(made.notes)}, (File("book", name, data),))


def _name_to_fill(agency: str, year: int | None) -> str:
    """The name of a workbook that a clerk is to fill."""
    return f"{agency}{year}年度报告填报表.xlsx"


def check(request: Request) -> Answer:
    """A file with all its findings, drawn as it will be printed."""
    book = request.file("book")
    reading = _read(request, "book")
    previous = _read_previous(request)
    findings = check_reading(reading, previous)
    said: dict[str, object] = {"file": book.name, "kind": _kind(book.name)}
    said.update(draw(reading, findings, previous.report if previous else None))
    before = request.options.get("before")
    if before is not None:
        said["changed"] = draw_change([(key, text) for key, text in before], findings)
    return Answer(said)


def correct(request: Request) -> Answer:
    """The workbook with single cells and paragraphs corrected, checked again and drawn."""
    book = request.file("book")
    if _kind(book.name) != "workbook":
        raise UsageError(f"{book.name} 不是工作簿，不能在这里改正；请先下载成标准工作簿，再放进来")
    changes = {str(path): str(text) for path, text in request.options["changes"].items()}
    made = correct_workbook(book.data, Path(book.name).name, changes)
    stem, suffix = Path(book.name).stem, Path(book.name).suffix
    name = book.name if stem.endswith(_CORRECTED) else f"{stem}{_CORRECTED}{suffix}"
    corrected = File("book", name, made.data)
    checked = check(attrs.evolve(request, files=[corrected, *_others(request)]))
    return Answer({**checked.said, "lost": list(made.lost)}, (corrected,))


def _others(request: Request) -> list[File]:
    return [file for file in request.files if file.role != "book"]


def _kind(name: str) -> str:
    kind = kind_of_name(name)
    return kind if kind in ("workbook", "json") else "published"


def make(request: Request) -> Answer:
    """The report in one form: Word, a web page, a fragment, JSON, or a long table."""
    to = request.options["to"]
    output = OUTPUTS[to]
    book = request.file("book")
    previous = _read_previous(request)
    with _folder() as folder:
        made = export_report(
            _put(folder, book),
            to=to,
            previous=previous if output.public else None,
            template=_template(request, folder) if output.with_template else None,
            draft=bool(request.options.get("draft")),
            session=request.desk.session,
        )
        data = made.path.read_bytes()
    name = made.path.name
    return Answer({"name": name, "notes": list(made.notes)}, (File("report", name, data),))


_OWN_TEMPLATE = "own.prepared.json"
"""An office's own template, if the page was built with one."""


def _template(request: Request, folder: Path) -> Path | None:
    """The Word template to be used: the one given, else the office's own; without either the
    packaged one.

    Raises ``TemplateError`` for a Word file: preparing one needs libraries that do not run in a
    browser.
    """
    given = request.optional("template")
    if given is not None:
        if Path(given.name).suffix.lower() == ".docx" and find_spec("docxtpl") is None:
            raise TemplateError(
                f"{given.name} 是 Word 模板，网页里处理不了：请在装有 Python 的电脑上用 "
                "govdisclose template prepare 处理成 .prepared.json 文件，再放进来"
            )
        return _put(folder, given)
    own = template_folder() / _OWN_TEMPLATE
    return own if own.exists() else None


def annotate(request: Request) -> Answer:
    """A copy of the workbook with the findings as comments."""
    book, previous = request.file("book"), _read_previous(request)
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
    with _folder() as folder:
        made = import_report(_put(folder, published), folder / "imported.xlsx")
        data = made.path.read_bytes()
    name = f"{Path(published.name).stem}.xlsx"
    findings = [draw_finding(found) for found in made.findings]
    return Answer({"name": name, "findings": findings}, (File("book", name, data),))


# --- many workbooks -----------------------------------------------------------------------------

_INBOX = "收件"
_REPORTS = "报告"


class Batch:
    """The files of many units: reports are made one after the other as the page asks for the next.

    They are in a separate folder (in memory in a browser), and their reports in another one beside
    it. Of a file that nobody looks into the page gives the name alone.
    """

    def __init__(self, request: Request) -> None:
        from govdisclose.many.inbox import look_into  # most pages never see a batch

        self._place = tempfile.TemporaryDirectory()
        self.folder = Path(self._place.name, _INBOX)
        self.folder.mkdir()
        for book in request.all("book"):
            _put(self.folder, book)
        self.reports = self.folder.with_name(_REPORTS)
        inbox = look_into(self.folder)
        self.order = [entry.name for entry in inbox.entries]
        self.not_read = inbox.passed_over
        self._results = self._begun(request) if self.order else iter(())

    def _begun(self, request: Request) -> Iterator[BatchResult]:
        from govdisclose.many.batch.plan import batch_reports  # as above

        return batch_reports(
            self.folder,
            self.reports,
            to=tuple(request.options["to"]),
            template=_template(request, self.folder.parent),
            draft=bool(request.options.get("draft")),
            chunk=1,
            on_end=self._end,
        )

    def _end(self, end: BatchEnd) -> None:
        self.not_read = end.not_read

    def next(self) -> BatchResult | None:
        """What became of the next workbook; nothing when all are done."""
        return next(self._results, None)

    def files(self) -> tuple[File, ...]:
        """The list of results, and one archive of it and all reports."""
        from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE

        found: dict[str, bytes] = {}
        for path in self.reports.rglob("*"):
            if path.is_file() and HIDDEN not in path.parts:
                name = path.relative_to(self.reports).as_posix()
                found[name] = path.read_bytes()
        made = dict(sorted(found.items()))
        results = File("results", RESULTS_FILE, made[RESULTS_FILE])
        return results, File("reports", "全部报告.zip", _archive(made))

    def close(self) -> None:
        """Forget everything."""
        self._results = iter(())  # whoever stops iterating ends the batch
        self._place.cleanup()


def _archive(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of files that are packed already."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return made.getvalue()


def begin_batch(request: Request) -> Answer:
    """Take the files of many units; ``next`` then makes the reports of one after the other."""
    end_batch(request)
    batch = request.desk.batch = Batch(request)
    return Answer({"order": batch.order, "not_read": _draw_passed_over(batch.not_read)})


def next_in_batch(request: Request) -> Answer:
    """What became of the next workbook of the batch."""
    batch = request.desk.batch
    if batch is None:
        raise UsageError("没有正在进行的批处理")
    result = batch.next()
    if result is None:
        said = {"done": True, "not_read": _draw_passed_over(batch.not_read)}
        return Answer(said, batch.files() if batch.order else ())
    return Answer({"done": False, "result": _draw_result(result, batch.folder)})


def end_batch(request: Request) -> Answer:
    """Forget the batch, finished or not."""
    if request.desk.batch is not None:
        request.desk.batch.close()
        request.desk.batch = None
    return Answer({})


def _draw_passed_over(files: Sequence[PassedOver]) -> list[dict[str, str]]:
    """The files that are no reports, each with the reason."""
    return [{"name": one.name, "reason": one.reason} for one in files]


def _draw_result(result: BatchResult, inbox: Path) -> dict[str, object]:
    counts = dict.fromkeys(("error", "warning", "note", "explained"), 0)
    for finding in result.findings:
        counts["explained" if finding.explained else finding.severity.value] += 1
    return {
        "book": result.workbook.relative_to(inbox).as_posix(),
        "status": result.status.value,
        "label": result.status.label,
        "agency": result.agency,
        "code": result.code or "",
        "year": result.year,
        "counts": counts,
        "message": result.message,
        "outputs": [path.name for path in result.outputs],
        "renamed": result.renamed,
        "notes": list(result.notes),
    }


def consolidate(request: Request) -> Answer:
    """The reports of many units added up to one workbook; with a roster also who is missing."""
    from govdisclose.many.consolidate.folder import aggregate_folder  # as above

    options, roster = request.options, request.optional("roster")
    agency = str(options.get("agency") or "").strip()
    with _folder() as folder:
        inbox = folder / _INBOX
        inbox.mkdir()
        for book in request.all("book"):
            _put(inbox, book)
        made = aggregate_folder(
            inbox,
            folder / "汇总.xlsx",
            roster=None if roster is None else _put(folder, roster),
            on_error="list" if options.get("skip_errors") else "refuse",
            agency=Agency(agency) if agency else None,
            jobs=1,
        )
        data = (folder / "汇总.xlsx").read_bytes()
    refused = [*made.refused, *made.unknown]
    said = {
        "name": f"{made.name}{made.report.year or ''}年度汇总.xlsx",
        "face": made.face,
        "missing": [unit.name for unit in made.missing],
        "refused": [
            {"name": item.contribution.name, "file": item.contribution.file, "reason": item.reason}
            for item in refused
        ],
        "findings": [draw_finding(finding) for finding in made.findings],
        "not_read": _draw_passed_over(made.not_read),
    }
    return Answer(said, (File("total", str(said["name"]), data),))


CALLS: dict[str, Callable[[Request], Answer]] = {
    "about": about,
    "warm": warm_up,
    "last": last_year,
    "begin": begin,
    "check": check,
    "correct": correct,
    "make": make,
    "annotate": annotate,
    "import": bring_in,
    "batch": begin_batch,
    "next": next_in_batch,
    "end": end_batch,
    "consolidate": consolidate,
}
"""The calls of the page by name."""
