"""The whole story: a workbook is read, checked, and written as the statutory report.

Every command of the command line is one function here or one that it calls; none prints or exits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from govdisclose.check import OwnRule, check_reading
from govdisclose.errors import FindingsError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.carry_over import carried_cells, next_report, without_successor
from govdisclose.form.edition import EDITIONS, Edition, edition_for
from govdisclose.form.outline import outline
from govdisclose.form.printed import harmless
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport, Level, blank_report, standard_title
from govdisclose.form.sheets import LAST_YEAR_SHEET
from govdisclose.read import read, read_book
from govdisclose.read.from_python import read_built
from govdisclose.read.source import Readable
from govdisclose.rules import rule_of
from govdisclose.write.atomic import publish
from govdisclose.write.names import refuse_ending, safe_name

if TYPE_CHECKING:
    from govdisclose.write.word.survey import TemplateCheck

PathLike = str | os.PathLike[str]


@frozen
class Compiled:
    """What was made of a report: the file, the reading behind it, and all findings.

    ``notes`` says in Chinese what else a user should know.
    """

    path: Path
    reading: Reading
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


def read_report(source: Readable) -> Reading:
    """Read a workbook, a JSON export, or a published report (.html .docx .txt .md .pdf).

    ``source`` is a path, the bytes of a file, or a file opened in binary mode. A path is read as its
    suffix says; bytes and open files are told apart by their content, and findings name them by the
    name of the open file, or as 内存中的文件.

    Raises ``InputError`` when the source can be read as none of these kinds.

    >>> reading = read_report(Path("某某市示范局.xlsx").read_bytes())  # doctest: +SKIP
    >>> reading.report.year
    2025
    """
    return read(source)


Source = PathLike | Reading | AnnualReport


def check_report(
    source: Source, *, previous: Source | None = None, rules: Sequence[OwnRule] = ()
) -> list[Finding]:
    """All findings of a file, a reading or a report, by sheet and the most serious first.

    With ``previous``, last year's report, also whether the two fit together. ``rules`` are rules of
    your own, which are checked besides ours.

    Raises ``InputError`` when a file cannot be read, ``UsageError`` when ``previous`` is another
    year's or when one of ``rules`` has a code that is ours.

    >>> for finding in check_report("某某市示范局.xlsx"):  # doctest: +SKIP
    ...     print(finding.code, finding.message)
    A101 三、依申请公开!K7 （一）予以公开／总计：应为 61（各项之和：60+0+0+0+0+1），实为 62，差 +1
    """
    last = None if previous is None else reading_of(previous)
    return check_reading(reading_of(source), last, rules)


def reading_of(source: Source) -> Reading:
    """The reading of whatever the library takes for a report. Raises ``InputError``."""
    if isinstance(source, AnnualReport):
        return read_built(source)
    return source if isinstance(source, Reading) else read_report(source)


def compile_report(
    book: PathLike,
    output: PathLike | None = None,
    *,
    template: PathLike | None = None,
    previous: Source | None = None,
    draft: bool = False,
    force: bool = False,
) -> Compiled:
    """Make the Word report of a workbook or JSON export: read, check, render, read back, move into place.

    Without ``output`` the file is named 机关名称＋年份＋年政府信息公开工作年度报告.docx beside ``book``.
    Errors among the findings stop it unless ``draft``, which marks the document and appends them.
    With ``previous``, last year's report, the two are also held against each other.

    Raises ``FindingsError`` (nothing written), ``InputError``, ``TemplateError``, ``OutputError``,
    ``UsageError`` (existing output without ``force``, output that is the input, ``previous`` of another year).
    """
    reading = read_book(book)
    last = None if previous is None else reading_of(previous)
    findings = check_report(reading, previous=last)
    if not draft and any(finding.stops for finding in findings):
        raise FindingsError(findings, reading)
    path = (
        Path(output) if output else Path(book).with_name(report_name(reading.report, draft=draft))
    )
    refuse_input(path, book, template, previous)
    refuse_ending(path, ".docx")
    made = make_document(reading, findings, template=template, last=last, draft=draft)
    publish(path, made.data, verify=made.verify, force=force)
    earlier = path.with_name(report_name(reading.report, draft=True))
    return Compiled(path, reading, tuple(findings), () if draft else draft_left(path, earlier))


def draft_left(path: Path, draft: Path) -> tuple[str, ...]:
    """What to say of an earlier draft that still stands beside the finished file."""
    if draft == path or not os.path.lexists(draft):
        return ()
    return (f"以前生成的草稿 {draft} 还在，没有用了请删除，以免误用",)


@frozen
class Document:
    """A Word document that is not written yet; ``verify`` takes its bytes, read back from where they were written."""

    data: bytes = field(repr=False)
    verify: Callable[[bytes], None] = field(repr=False)


def make_document(
    reading: Reading,
    findings: Sequence[Finding],
    *,
    template: PathLike | None = None,
    last: Reading | None = None,
    draft: bool = False,
) -> Document:
    """The Word report of a reading that may be printed. Raises ``TemplateError`` or ``InputError``."""
    from govdisclose.proof import proved_template, verify_document
    from govdisclose.write.word import render

    before = last.report if last else None
    report = fill_quotes(reading.report, before)
    loaded = proved_template(report.edition, Path(template) if template else None)
    data = render(report, loaded, findings=findings, draft=draft, previous=before)
    return Document(data, partial(verify_document, report=report, template=loaded))


def import_report(
    source: PathLike, output: PathLike | None = None, *, force: bool = False
) -> Compiled:
    """Read a published report back into a standardized workbook, named like ``source`` without ``output``.

    What a cell says that is no valid figure (``22（其中修订16件）``) stands in the workbook as printed and
    is among the findings; so is everything the checks find. They do not stop it: the workbook says
    what was published. Only a table that is missing or there twice does.

    Raises ``FindingsError`` (then nothing is written), ``InputError``, ``OutputError``, ``UsageError``.
    """
    from govdisclose.write.workbook import workbook_bytes

    path = Path(output) if output else Path(source).with_suffix(".xlsx")
    refuse_input(path, source)
    refuse_ending(path, ".xlsx")
    reading = read_report(source)
    findings = tuple(check_reading(reading))
    if any(rule_of(finding).blocks_reading for finding in findings):
        raise FindingsError(findings, reading)
    printed = {
        f.path: str(f.found)
        for f in reading.findings
        if f.path in reading.unread and f.found is not None
    }
    publish(
        path,
        workbook_bytes(reading.report, as_typed=printed, explanations=reading.explanations),
        force=force,
    )
    return Compiled(path, reading, findings)


def report_name(report: AnnualReport, *, draft: bool = False) -> str:
    """The file name of a report, safe on every system."""
    return report_stem(report.agency.name, report.year, draft=draft) + ".docx"


def report_stem(agency: str, year: int | None, *, draft: bool = False, tail: str = "") -> str:
    """That name without its suffix; ``tail`` tells apart reports of agencies of one name.

    Of a name that is too long for a file the agency's is cut short, never the year.
    """
    return safe_name(
        agency or "未填机关名称", standard_title("", year) + ("（草稿）" if draft else "") + tail
    )


def refuse_input(output: Path, *inputs: Source | None) -> None:
    """An output that is the input would destroy it: raises ``UsageError``."""
    for given in inputs:
        path = given.source if isinstance(given, Reading) else given
        with suppress(OSError):  # what does not exist, or cannot, is no input
            if isinstance(path, str | os.PathLike) and output.samefile(path):
                raise UsageError(f"输出 {output} 就是输入文件，请换一个名称")


def new_workbook(
    agency: str,
    year: int,
    output: PathLike | None = None,
    *,
    edition: str | None = None,
    level: Level = "agency",
    force: bool = False,
) -> Path:
    """Write a blank standardized workbook; ``edition`` follows from ``year`` unless given.

    Without ``output`` it is named 机关名称＋年份＋年度报告填报表.xlsx in the working directory.
    Raises ``UsageError`` or ``OutputError``.
    """
    if not agency.strip():
        raise UsageError("机关名称不能为空")
    report = blank_report(
        _edition(edition, year), agency=Agency(agency.strip(), None, level), year=year
    )
    return write_workbook(
        report, Path(output) if output else _book_name(agency.strip(), year), force=force
    )


def _edition(name: str | None, year: int) -> Edition:
    if name is not None and name not in EDITIONS:
        raise UsageError(f"没有 {name} 版格式，可选：{'、'.join(EDITIONS)}")
    return EDITIONS[name] if name else edition_for(year)


def _book_name(agency: str, year: int) -> Path:
    return Path(safe_name(agency, f"{year}年度报告填报表") + ".xlsx")


@frozen
class Continued:
    """What ``continue_workbook`` made: the workbook, last year's reading, and what did not pass over, in words."""

    path: Path
    last: Reading
    notes: tuple[str, ...]


def continue_workbook(
    last: PathLike,
    year: int | None = None,
    output: PathLike | None = None,
    *,
    agency: str | None = None,
    edition: str | None = None,
    level: Level | None = None,
    force: bool = False,
) -> Continued:
    """Write this year's workbook from last year's workbook, JSON export or published report.

    Agency data and 上年结转 pass over, last year's figures stand on a sheet of their own; prose is not
    copied, its outline is offered. ``year`` is the year after ``last`` and must be given only where
    ``last`` does not say its own.

    Raises ``UsageError`` when year or agency are unknown or ``last`` is not on the year before,
    ``InputError`` or ``FindingsError`` (a table is missing) when it cannot be read, ``OutputError``.
    """
    from govdisclose.write.workbook import workbook_bytes

    reading = read_report(last)
    before = reading.report
    if any(rule_of(finding).blocks_reading for finding in reading.findings):
        raise FindingsError(reading.findings, reading)
    year = year or (before.year + 1 if before.year else None)
    if year is None:
        raise UsageError(f"{Path(last).name} 没有写明年度，请用 --year 给出要填报的年度")
    if before.year not in (None, year - 1):
        raise UsageError(
            f"{Path(last).name} 是 {before.year} 年度的报告，不能作为 {year} 年度的上年报告"
        )
    name = (agency or before.agency.name).strip()
    if not name:
        raise UsageError(f"{Path(last).name} 没有写明机关名称，请用 --agency 给出")
    same = name == before.agency.name
    who = Agency(name, before.agency.code if same else None, level or before.agency.level)
    report = next_report(before, who, year, _edition(edition, year))
    path = Path(output) if output else _book_name(name, year)
    refuse_input(path, last)
    refuse_ending(path, ".xlsx")
    publish(path, workbook_bytes(report, last=before), force=force)
    return Continued(path, reading, tuple(_not_carried(reading, report)))


def _not_carried(reading: Reading, report: AnnualReport) -> Iterator[str]:
    last = reading.report
    blank = [path for path in carried_cells(last.edition) if last.values()[path] is None]
    if blank:
        columns = "、".join(outline(last.edition).cells[path].column[-1] for path in blank)
        yield f"上年“结转下年度继续办理”的 {columns} 空着或读不出，本年“上年结转”的这些格没有填"
    lost = without_successor(last, report.edition)
    if lost:
        editions = f"上年用 {last.edition.name} 版格式，本年用 {report.edition.name} 版"
        yield f"{editions}：上年有 {len(lost)} 格在本年没有对应的格，只列在“{LAST_YEAR_SHEET}”"
    unread = len(reading.unread)
    if unread:
        yield f"上年有 {unread} 格读不出数，“{LAST_YEAR_SHEET}”中空着；可用 govdisclose check 查看"
    if last.agency.name and last.agency.name != report.agency.name:
        yield f"上年的机关名称是“{last.agency.name}”，与本年不同，没有带入统一社会信用代码"


def write_workbook(report: AnnualReport, output: PathLike, *, force: bool = False) -> Path:
    """Write a report as a standardized workbook.

    Raises ``FindingsError`` for values that are none, ``UsageError`` or ``OutputError``.
    """
    from govdisclose.write.workbook import workbook_bytes

    path, reading = Path(output), reading_of(report)
    refuse_ending(path, ".xlsx")
    if reading.unread:
        raise FindingsError(reading.findings, reading)
    publish(path, workbook_bytes(reading.report), force=force)
    return path


def annotate_workbook(
    book: PathLike, findings: Sequence[Finding], output: PathLike, *, force: bool = False
) -> tuple[str, ...]:
    """Write a copy of a workbook with ``findings`` as comments and a list of them in front.

    ``book`` stays as it is. What the copy could not carry over is returned in Chinese words. Raises
    ``UsageError`` when ``book`` is no workbook, ``InputError`` or ``OutputError``.
    """
    from govdisclose.read.workbook.reader import load
    from govdisclose.read.workbook.same_cells import refuse_other_cells
    from govdisclose.write.annotate import annotate

    source, path = Path(book), Path(output)
    if source.suffix.lower() == ".json":
        raise UsageError(f"{source.name} 不是工作簿，不能加批注")
    refuse_input(path, source)
    refuse_ending(path, ".xlsx", ".xlsm")
    original = load(source)
    made = annotate(original.data, findings, harmless(source.name))
    refuse_other_cells(original, made.data, source)
    publish(path, made.data, force=force)
    return made.lost if original.data == source.read_bytes() else (*made.lost, "打开密码")


def new_template(
    output: PathLike | None = None,
    *,
    edition: str | None = None,
    form: PathLike | None = None,
    force: bool = False,
) -> Path:
    """Write a copy of the packaged Word template of ``edition`` (by default the newest one), to be restyled.

    With ``form``, the blank Word form of the notice (.docx), the template is made of that: tags stand in the
    empty cells of its tables and where its text goes, everything else stays. Without ``output`` it is named
    报告模板-2021.docx in the working directory.

    Raises ``UsageError`` or ``OutputError``; for a form that cannot be made a template ``TemplateError``, for
    one that cannot be read ``InputError``.
    """
    from govdisclose.write.word.template import template_folder

    chosen = edition or max(EDITIONS)
    if chosen not in EDITIONS:
        raise UsageError(f"没有 {chosen} 版格式，可选：{'、'.join(EDITIONS)}")
    if form is not None:
        return _template_of_form(Path(form), output, edition, force=force)
    path = Path(output) if output else Path(f"报告模板-{chosen}.docx")
    packaged = template_folder() / f"{chosen}.docx"
    refuse_input(path, packaged)
    refuse_ending(path, ".docx")
    publish(path, packaged.read_bytes(), force=force)
    return path


def _template_of_form(
    form: Path, output: PathLike | None, edition: str | None, *, force: bool
) -> Path:
    from govdisclose.blank_form.template import template_from_form

    if output is not None:
        refuse_input(Path(output), form)
        refuse_ending(Path(output), ".docx")
    made = template_from_form(form, EDITIONS[edition] if edition else None)
    path = Path(output) if output is not None else Path(f"报告模板-{made.edition.name}.docx")
    refuse_input(path, form)
    publish(path, made.data, force=force)
    return path


def check_template(template: PathLike, *, edition: str | None = None) -> TemplateCheck:
    """Everything that is wrong with a user's Word template, and what was found in it.

    Without ``edition`` the template is taken for one of the edition that most of its tags are of. When
    its tags are sound, a made-up report is written with it and read back: a tag that was moved to
    another row or a label that was changed is a problem too.

    Raises ``TemplateError`` when it is no .docx that may be used, ``UsageError`` for an unknown edition.
    """
    from govdisclose.proof import shown_faults
    from govdisclose.write.word import load_template
    from govdisclose.write.word.survey import survey

    if edition is not None and edition not in EDITIONS:
        raise UsageError(f"没有 {edition} 版格式，可选：{'、'.join(EDITIONS)}")
    found = survey(Path(template), EDITIONS[edition] if edition else None)
    if found.problems:
        return found
    return evolve(found, problems=tuple(shown_faults(load_template(found.edition, Path(template)))))


def stopping(findings: Sequence[Finding], *, strict: bool = False) -> bool:
    """Whether findings stop a report: errors that are not explained; with ``strict`` warnings too."""
    return any(
        f.stops or (strict and f.severity.value == "warning" and f.explained is None)
        for f in findings
    )
