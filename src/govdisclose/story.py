"""The whole story: a workbook is read, checked, and written as the statutory report.

Every command of the command line is one function here or one that it calls; none prints or exits.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from attrs import frozen

from govdisclose.check import check_reading
from govdisclose.errors import FindingsError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.edition import EDITIONS, edition_for
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport, Level, blank_report, standard_title
from govdisclose.read import read_book
from govdisclose.write.atomic import publish
from govdisclose.write.names import safe_name

PathLike = str | os.PathLike[str]


@frozen
class Compiled:
    """What ``compile_report`` made: the Word file, the reading behind it, and all findings."""

    path: Path
    reading: Reading
    findings: tuple[Finding, ...]


def read_report(path: PathLike) -> Reading:
    """Read a workbook or a JSON export. Raises ``InputError`` when it cannot be read as either."""
    return read_book(Path(path))


Source = PathLike | Reading | AnnualReport


def check_report(source: Source, *, previous: Source | None = None) -> list[Finding]:
    """All findings of a file, a reading or a report, by sheet and the most serious first.

    With ``previous``, last year's report, also whether the two fit together.

    Raises ``InputError`` when a file cannot be read, ``UsageError`` when ``previous`` is another year's.
    """
    return check_reading(_reading(source), None if previous is None else _reading(previous))


def _reading(source: Source) -> Reading:
    if isinstance(source, AnnualReport):
        return Reading(source)
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
    from govdisclose.proof import verify_document
    from govdisclose.write.word import load_template, render

    reading = read_report(book)
    last = None if previous is None else _reading(previous)
    findings = check_report(reading, previous=last)
    if not draft and any(finding.stops for finding in findings):
        raise FindingsError(findings)
    report = fill_quotes(reading.report, last.report if last else None)
    path = Path(output) if output else Path(book).with_name(report_name(report, draft=draft))
    _refuse_input(path, book, template)
    loaded = load_template(report.edition, Path(template) if template else None)
    data = render(report, loaded, findings=findings, draft=draft)
    publish(path, data, verify=partial(verify_document, report=report, template=loaded), force=force)
    return Compiled(path, reading, tuple(findings))


def report_name(report: AnnualReport, *, draft: bool = False) -> str:
    """The file name of a report, safe on every system."""
    name = standard_title(report.agency.name or "未填机关名称", report.year)
    return safe_name(name + ("（草稿）" if draft else "")) + ".docx"


def _refuse_input(output: Path, *inputs: PathLike | None) -> None:
    for path in inputs:
        if path is not None and output.exists() and Path(path).exists() and output.samefile(path):
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
    """Write the JSON export of a workbook; quotes in its prose stay as written, so that it can be read back.

    Raises ``InputError``, ``UsageError`` or ``OutputError``.
    """
    from govdisclose.write.data import report_to_json

    path = Path(output)
    _refuse_input(path, book)
    publish(path, report_to_json(read_report(book).report).encode("utf-8"), force=force)
    return path


def annotate_workbook(
    book: PathLike, findings: Sequence[Finding], output: PathLike, *, force: bool = False
) -> tuple[str, ...]:
    """Write a copy of a workbook with ``findings`` as comments and a list of them in front.

    ``book`` stays as it is. What the copy could not carry over is returned in Chinese words. Raises
    ``UsageError`` when ``book`` is no workbook, ``InputError`` or ``OutputError``.
    """
    from govdisclose.read.workbook import load
    from govdisclose.write.annotate import annotate

    source, path = Path(book), Path(output)
    if source.suffix.lower() == ".json":
        raise UsageError(f"{source.name} 不是工作簿，不能加批注")
    _refuse_input(path, source)
    data = load(source).data
    made = annotate(data, findings, source.name)
    publish(path, made.data, force=force)
    return made.lost if data == source.read_bytes() else (*made.lost, "打开密码")


def stopping(findings: Sequence[Finding], *, strict: bool = False) -> bool:
    """Whether findings stop a report: errors that are not explained; with ``strict`` warnings too."""
    return any(f.stops or (strict and f.severity.value == "warning" and f.explained is None) for f in findings)
