"""The whole story: a workbook is read, checked, and written as the statutory report.

Every command of the command line is one function here or one that it calls; none prints or exits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from govdisclose.check import check_reading
from govdisclose.errors import FindingsError, OutputError, TemplateError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.edition import EDITIONS, edition_for
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport, Level, blank_report, standard_title
from govdisclose.read import read_any, read_book
from govdisclose.write.atomic import publish
from govdisclose.write.names import safe_name

PathLike = str | os.PathLike[str]

_NOT_WHOLE = ("S101", "S110")
"""A table is missing, or the three are not of one edition: no workbook could say the same."""


@frozen
class Compiled:
    """What was made of a report: the file, the reading behind it, and all findings."""

    path: Path
    reading: Reading
    findings: tuple[Finding, ...]


def read_report(path: PathLike) -> Reading:
    """Read a workbook, a JSON export, or a published report (.html .docx .txt .md .pdf).

    Raises ``InputError`` when it can be read as none of them.
    """
    return read_any(Path(path))


def check_report(source: PathLike | Reading | AnnualReport) -> list[Finding]:
    """All findings of a file, a reading or a report, by sheet and the most serious first.

    Raises ``InputError`` when a file cannot be read.
    """
    if isinstance(source, AnnualReport):
        source = Reading(source)
    return check_reading(source if isinstance(source, Reading) else read_report(source))


def compile_report(
    book: PathLike,
    output: PathLike | None = None,
    *,
    template: PathLike | None = None,
    draft: bool = False,
    force: bool = False,
) -> Compiled:
    """Make the Word report of a workbook or JSON export: read, check, render, read back, move into place.

    Without ``output`` the file is named 机关名称＋年份＋年政府信息公开工作年度报告.docx beside ``book``.
    Errors among the findings stop it unless ``draft``, which marks the document and appends them.

    Raises ``FindingsError`` (nothing written), ``InputError``, ``TemplateError``, ``OutputError``,
    ``UsageError`` (existing output without ``force``, output that is the input).
    """
    from govdisclose.write.word import load_template, render

    reading = read_book(Path(book))
    findings = check_reading(reading)
    if not draft and any(finding.stops for finding in findings):
        raise FindingsError(findings)
    report = reading.report
    path = Path(output) if output else Path(book).with_name(report_name(report, draft=draft))
    _refuse_input(path, book, template)
    loaded = load_template(report.edition, Path(template) if template else None)
    data = render(report, loaded, findings=findings, draft=draft)
    publish(path, data, verify=_same_as(report, path.name, own_template=template is None), force=force)
    return Compiled(path, reading, tuple(findings))


def import_report(source: PathLike, output: PathLike | None = None, *, force: bool = False) -> Compiled:
    """Read a published report back into a standardized workbook, named like ``source`` without ``output``.

    What a cell says that is no valid figure (``22（其中修订16件）``) stands in the workbook as printed and
    is among the findings; so is everything the checks find. They do not stop it: the workbook says
    what was published. Only a missing table does.

    Raises ``FindingsError`` (a table is missing, nothing written), ``InputError``, ``OutputError``, ``UsageError``.
    """
    from govdisclose.write.workbook import workbook_bytes

    path = Path(output) if output else Path(source).with_suffix(".xlsx")
    _refuse_input(path, source)
    reading = read_report(source)
    findings = tuple(check_reading(reading))
    if any(finding.code in _NOT_WHOLE for finding in findings):
        raise FindingsError(findings)
    printed = {f.path: str(f.found) for f in reading.findings if f.path in reading.unread and f.found is not None}
    publish(path, workbook_bytes(reading.report, as_typed=printed, explanations=reading.explanations), force=force)
    return Compiled(path, reading, findings)


def report_name(report: AnnualReport, *, draft: bool = False) -> str:
    """The file name of a report, safe on every system."""
    name = standard_title(report.agency.name or "未填机关名称", report.year)
    return safe_name(name + ("（草稿）" if draft else "")) + ".docx"


def _refuse_input(output: Path, *inputs: PathLike | None) -> None:
    for path in inputs:
        if path is not None and output.exists() and Path(path).exists() and output.samefile(path):
            raise UsageError(f"输出 {output} 就是输入文件，请换一个名称")


def _same_as(report: AnnualReport, name: str, *, own_template: bool) -> Callable[[bytes], None]:
    """A check that a written document holds every number and paragraph of ``report``, by its own labels."""

    def verify(data: bytes) -> None:
        from govdisclose.read.tables import read_tables
        from govdisclose.read.word import read_document

        document = read_document(data, name)
        tables = read_tables(document.grids, report.edition, source=name)
        wrong = [path for path, value in report.values().items() if tables.values.get(path) != value]
        lines = {line.strip() for line in document.paragraphs}
        lost = [line for line in _lines(report) if line not in lines]
        if wrong or lost:
            what = f"单元格 {'、'.join(wrong[:3])}" if wrong else f"文字“{lost[0][:20]}……”"
            said = f"回读核对不一致：{what} 与工作簿不同（共 {len(wrong) + len(lost)} 处），没有写出文件"
            raise OutputError(said) if own_template else TemplateError(f"模板改动了法定表格的行列名称？{said}")

    return verify


def _lines(report: AnnualReport) -> list[str]:
    prose = (report.preface, report.overview, report.problems, report.other_matters)
    return [line.strip() for part in prose for p in part for line in p.text.split("\n") if line.strip()]


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
    if edition is not None and edition not in EDITIONS:
        raise UsageError(f"没有 {edition} 版格式，可选：{'、'.join(EDITIONS)}")
    chosen = EDITIONS[edition] if edition else edition_for(year)
    report = blank_report(chosen, agency=Agency(agency.strip(), None, level), year=year)
    path = Path(output) if output else Path(safe_name(f"{agency.strip()}{year}年度报告填报表") + ".xlsx")
    return write_workbook(report, path, force=force)


def write_workbook(report: AnnualReport, output: PathLike, *, force: bool = False) -> Path:
    """Write a report as a standardized workbook. Raises ``UsageError`` or ``OutputError``."""
    from govdisclose.write.workbook import workbook_bytes

    publish(Path(output), workbook_bytes(report), force=force)
    return Path(output)


def export_json(book: PathLike, output: PathLike, *, force: bool = False) -> Path:
    """Write the JSON export of a workbook. Raises ``InputError``, ``UsageError`` or ``OutputError``."""
    from govdisclose.write.data import report_to_json

    path = Path(output)
    _refuse_input(path, book)
    publish(path, report_to_json(read_report(book).report).encode("utf-8"), force=force)
    return path


def stopping(findings: Sequence[Finding], *, strict: bool = False) -> bool:
    """Whether findings stop a report: errors that are not explained; with ``strict`` warnings too."""
    return any(f.stops or (strict and f.severity.value == "warning" and f.explained is None) for f in findings)
