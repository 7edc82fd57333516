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
    from govdisclose.many.consolidate.admission import Refusal
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
    """What one page works at: its memory of earlier workbooks, and the batch that is going on."""

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
        read_options = json.loads(options)
        request = Request(self, read_options, given)
        try:
            for file in given:
                _refuse_deep_json(file)
            made = CALLS[call](request)
        except FindingsError as error:
            said = _fault(error)
            said["findings"] = [draw_finding(found) for found in error.findings]
            made = Answer(said)
        except GovDiscloseError as error:
            said = _fault(error)
            made = Answer(said)
        except MemoryError:
            made = Answer({"error": _NO_MEMORY, "exit_code": 3})
        except Exception as error:  # a bug must not take the page with it
            kind = type(error).__name__
            sentence = f"内部错误：{kind}: {error}，请连同文件报告给维护者"
            made = Answer({"error": sentence, "exit_code": 70})
        text = dump_json(made.said, indent=None)
        downloads = [(file.name, file.data) for file in made.files]
        return text, downloads


def answer(
    call: str, options: str, files: Sequence[Sequence[Any]]
) -> tuple[str, list[tuple[str, bytes]]]:
    """Answer a single call, as ``Desk.answer`` does."""
    desk = Desk()
    return desk.answer(call, options, files)


def _fault(error: GovDiscloseError) -> dict[str, object]:
    return {"error": str(error), "exit_code": error.exit_code}


_JSON_PIECE = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)|[][{}]', re.S)
_DEEPEST_JSON = 500
"""Lists and objects inside one another; a report has five."""


def _refuse_deep_json(file: File) -> None:
    """Raises ``InputError`` for a file too deep for the small stack of Python in a browser."""
    name = Path(file.name).name
    if not name.lower().endswith(".json"):
        return
    depth = 0
    for piece in _JSON_PIECE.finditer(file.data):
        sign = piece[0]
        if sign in (b"[", b"{"):
            depth += 1
        elif sign in (b"]", b"}"):
            depth -= 1
        if depth > _DEEPEST_JSON:
            raise InputError(f"{name} 的内容读不懂：层次太深")


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
    name = file.name.replace("\\", "/")
    for part in name.split("/"):
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
        path = _put(folder, file)
        reading = request.desk.session.read(path)
    source = Path(file.name)
    return attrs.evolve(reading, source=source)


def _read_previous(request: Request) -> Reading | None:
    """The reading of last year's report, if it was given."""
    if request.optional("previous") is None:
        return None
    return _read(request, "previous")


_NEW_YEARS_WORK = 7
"""The month from which on the next report is that of the running year: the last one is long due."""


def year_to_fill(today: date) -> int:
    """The year of the report that clerks fill on a day. Until June it is the year before.

    Examples:
        >>> from datetime import date
        >>> year_to_fill(date(2026, 1, 20)), year_to_fill(date(2026, 11, 20))
        (2025, 2026)
    """
    if today.month < _NEW_YEARS_WORK:
        return today.year - 1
    return today.year


# --- calls --------------------------------------------------------------------------------------


def about(request: Request) -> Answer:
    """Version, years and kinds, which the page offers before it has a file."""
    today = date.fromisoformat(request.options["today"])
    year = year_to_fill(today)
    own_template = template_folder() / _OWN_TEMPLATE
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
            "own_template": own_template.exists(),
            "suffixes": list(SUFFIXES),
        }
    )


def warm_up(request: Request) -> Answer:
    """Read and check a blank workbook: this loads everything needed before the first file comes."""
    with _folder() as folder:
        today = date.today()
        path = new_workbook("某某局", year_to_fill(today), folder / "blank.xlsx")
        reading = read_report(path)
        findings = check_reading(reading, None)
        draw(reading, findings, None)
    return Answer({})


def last_year(request: Request) -> Answer:
    """What last year's workbook or report says of the workbook that follows it."""
    report = _read(request, "last").report
    agency = report.agency
    year = None if report.year is None else report.year + 1
    return Answer({"agency": agency.name, "level": agency.level, "year": year})


def begin(request: Request) -> Answer:
    """This year's workbook: blank, or continued from last year's workbook or report."""
    last = request.optional("last")
    if last is None:
        return _begin_blank(request.options)
    return _begin_after(last, request.options)


def _begin_blank(options: Mapping[str, Any]) -> Answer:
    """A blank workbook."""
    agency = options["agency"]
    year = options["year"]
    with _folder() as folder:
        path = new_workbook(agency, year, folder / "new.xlsx", level=options["level"])
        data = path.read_bytes()
    name = _name_to_fill(agency.strip(), year)
    book = File("book", name, data)
    return Answer({"name": name, "notes": []}, (book,))


def _begin_after(last: File, options: Mapping[str, Any]) -> Answer:
    """The workbook that follows last year's; what is not given is taken from there."""
    with _folder() as folder:
        source = _put(folder, last)
        made = continue_workbook(
            source,
            options.get("year"),
            folder / "new.xlsx",
            agency=options.get("agency") or None,
            level=options.get("level"),
        )
        report = read_report(made.path).report
        data = made.path.read_bytes()
    name = _name_to_fill(report.agency.name, report.year)
    book = File("book", name, data)
    return Answer({"name": name, "notes": list(made.notes)}, (book,))


def _name_to_fill(agency: str, year: int | None) -> str:
    """The name of a workbook that a clerk is to fill."""
    return f"{agency}{year}年度报告填报表.xlsx"


def check(request: Request) -> Answer:
    """A file with all its findings, drawn as it will be printed."""
    book = request.file("book")
    reading = _read(request, "book")
    previous = _read_previous(request)
    findings = check_reading(reading, previous)
    last_report = None if previous is None else previous.report
    drawn = draw(reading, findings, last_report)
    said: dict[str, object] = {"file": book.name, "kind": _kind(book.name), **drawn}
    before = request.options.get("before")
    if before is not None:
        earlier = [(key, text) for key, text in before]
        said["changed"] = draw_change(earlier, findings)
    return Answer(said)


def correct(request: Request) -> Answer:
    """The workbook with single cells and paragraphs corrected, checked again and drawn."""
    book = request.file("book")
    if _kind(book.name) != "workbook":
        raise UsageError(f"{book.name} 不是工作簿，不能在这里改正；请先下载成标准工作簿，再放进来")
    changes: dict[str, str] = {}
    for path, text in request.options["changes"].items():
        changes[str(path)] = str(text)
    original = Path(book.name)
    made = correct_workbook(book.data, original.name, changes)
    name = book.name
    if not original.stem.endswith(_CORRECTED):
        name = f"{original.stem}{_CORRECTED}{original.suffix}"
    corrected = File("book", name, made.data)
    others = [file for file in request.files if file.role != "book"]
    recheck = attrs.evolve(request, files=[corrected, *others])
    said = {**check(recheck).said, "lost": list(made.lost)}
    return Answer(said, (corrected,))


def _kind(name: str) -> str:
    """The kind of a file as the page distinguishes them."""
    kind = kind_of_name(name)
    if kind in ("workbook", "json"):
        return kind
    return "published"


def make(request: Request) -> Answer:
    """The report in one form: Word, a web page, a fragment, JSON, or a long table."""
    to = request.options["to"]
    output = OUTPUTS[to]
    book = request.file("book")
    previous = _read_previous(request)
    with _folder() as folder:
        source = _put(folder, book)
        made = export_report(
            source,
            to=to,
            previous=previous if output.public else None,
            template=_template(request, folder) if output.with_template else None,
            draft=bool(request.options.get("draft")),
            session=request.desk.session,
        )
        data = made.path.read_bytes()
    name = made.path.name
    report = File("report", name, data)
    return Answer({"name": name, "notes": list(made.notes)}, (report,))


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
        suffix = Path(given.name).suffix
        is_word = suffix.lower() == ".docx"
        if is_word and find_spec("docxtpl") is None:
            raise TemplateError(
                f"{given.name} 是 Word 模板，网页里处理不了：请在装有 Python 的电脑上用 "
                "govdisclose template prepare 处理成 .prepared.json 文件，再放进来"
            )
        return _put(folder, given)
    own = template_folder() / _OWN_TEMPLATE
    return own if own.exists() else None


def annotate(request: Request) -> Answer:
    """A copy of the workbook with the findings as comments."""
    book = request.file("book")
    previous = _read_previous(request)
    with _folder() as folder:
        path = _put(folder, book)
        reading = read_report(path)
        findings = check_reading(reading, previous)
        copy = folder / "annotated.xlsx"
        lost = annotate_workbook(path, findings, copy)
        data = copy.read_bytes()
    stem = Path(book.name).stem
    name = f"{stem}（带批注）.xlsx"
    annotated = File("book", name, data)
    return Answer({"name": name, "lost": list(lost)}, (annotated,))


def bring_in(request: Request) -> Answer:
    """A published report as a standardized workbook."""
    published = request.file("book")
    with _folder() as folder:
        source = _put(folder, published)
        made = import_report(source, folder / "imported.xlsx")
        data = made.path.read_bytes()
    stem = Path(published.name).stem
    name = f"{stem}.xlsx"
    book = File("book", name, data)
    findings = [draw_finding(found) for found in made.findings]
    return Answer({"name": name, "findings": findings}, (book,))


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
        self._results: Iterator[BatchResult] = iter(())
        if self.order:
            self._results = self._begun(request)

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
        archive = _archive(made)
        results = File("results", RESULTS_FILE, made[RESULTS_FILE])
        reports = File("reports", "全部报告.zip", archive)
        return results, reports

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
    batch = Batch(request)
    request.desk.batch = batch
    not_read = _draw_passed_over(batch.not_read)
    return Answer({"order": batch.order, "not_read": not_read})


def next_in_batch(request: Request) -> Answer:
    """What became of the next workbook of the batch."""
    batch = request.desk.batch
    if batch is None:
        raise UsageError("没有正在进行的批处理")
    result = batch.next()
    if result is not None:
        drawn = _draw_result(result, batch.folder)
        return Answer({"done": False, "result": drawn})
    files: tuple[File, ...] = ()
    if batch.order:
        files = batch.files()
    not_read = _draw_passed_over(batch.not_read)
    return Answer({"done": True, "not_read": not_read}, files)


def end_batch(request: Request) -> Answer:
    """Forget the batch, finished or not."""
    desk = request.desk
    if desk.batch is not None:
        desk.batch.close()
        desk.batch = None
    return Answer({})


def _draw_passed_over(files: Sequence[PassedOver]) -> list[dict[str, object]]:
    """The files that are no reports, each with the reason, and whether it was looked at."""
    return [{"name": one.name, "reason": one.reason, "looked_at": one.looked_at} for one in files]


def _draw_result(result: BatchResult, inbox: Path) -> dict[str, object]:
    """What became of a workbook, and how many findings of each kind it has."""
    counts = dict.fromkeys(("error", "warning", "note", "explained"), 0)
    for finding in result.findings:
        state = finding.severity.value
        if finding.explained:
            state = "explained"
        counts[state] += 1
    path = result.workbook.relative_to(inbox)
    return {
        "book": path.as_posix(),
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

    options = request.options
    roster = request.optional("roster")
    agency = str(options.get("agency") or "").strip()
    with _folder() as folder:
        total = folder / "汇总.xlsx"
        inbox = folder / _INBOX
        inbox.mkdir()
        for book in request.all("book"):
            _put(inbox, book)
        made = aggregate_folder(
            inbox,
            total,
            roster=None if roster is None else _put(folder, roster),
            on_error="list" if options.get("skip_errors") else "refuse",
            agency=Agency(agency) if agency else None,
            jobs=1,
        )
        data = total.read_bytes()
    year = made.report.year or ""
    name = f"{made.name}{year}年度汇总.xlsx"
    refused = [*made.refused, *made.unknown]
    said = {
        "name": name,
        "face": made.face,
        "missing": [unit.name for unit in made.missing],
        "refused": [_draw_refusal(item) for item in refused],
        "findings": [draw_finding(finding) for finding in made.findings],
        "not_read": _draw_passed_over(made.not_read),
    }
    return Answer(said, (File("total", name, data),))


def _draw_refusal(refusal: Refusal) -> dict[str, str]:
    """A report that was not counted, with the reason."""
    return {
        "name": refusal.contribution.name,
        "file": refusal.contribution.file,
        "reason": refusal.reason,
    }


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
