"""Standardized workbooks: a blank one, one that continues last year's, one from a published report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from govdisclose.check import check_reading
from govdisclose.compile import Written
from govdisclose.errors import FindingsError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.carry_over import carried_cells, next_report, without_successor
from govdisclose.form.edition import EDITIONS, Edition, EditionName, edition_for, newest_edition
from govdisclose.form.outline import outline
from govdisclose.form.printed import harmless
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport, Level, blank_report
from govdisclose.form.sheets import LAST_YEAR_SHEET
from govdisclose.read import read
from govdisclose.read.source import InputFile, Readable, input_file
from govdisclose.rules import rule_of
from govdisclose.source import PathLike, reading_of, refuse_input
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import refuse_ending, safe_name


def new_workbook(
    agency: str,
    year: int,
    output: PathLike | None = None,
    *,
    edition: EditionName | None = None,
    level: Level = "agency",
    force: bool = False,
) -> Path:
    """Write a blank standardized workbook.

    ``edition`` (``"2021"``, ``"2019"``) follows from ``year`` unless it is given. ``level`` is
    ``"agency"``, or ``"government"`` for the consolidated report of a government. Without
    ``output`` the file is named 机关名称＋年份＋年度报告填报表.xlsx in the working directory.

    Raises ``UsageError`` or ``OutputError``.

    Examples:
        >>> from govdisclose import new_workbook
        >>> new_workbook("某某市文化和旅游局", 2025).name
        '某某市文化和旅游局2025年度报告填报表.xlsx'
    """
    if not agency.strip():
        raise UsageError("机关名称不能为空")
    report = blank_report(
        _edition(edition, year), agency=Agency(agency.strip(), None, level), year=year
    )
    return write_workbook(
        report, Path(output) if output else _book_name(agency.strip(), year), force=force
    )


def new_paper_sheet(
    output: PathLike | None = None,
    *,
    year: int | None = None,
    edition: EditionName | None = None,
    force: bool = False,
) -> Path:
    """Write one page with all tables, to be printed and filled by hand (.docx).

    ``edition`` follows from ``year`` unless it is given, and is the newest one without either.
    Without ``output`` the file is named 手填表-2021.docx in the working directory. The page is no
    report: the figures are typed into a workbook afterwards.

    Raises ``UsageError`` or ``OutputError``.

    Examples:
        >>> from govdisclose import new_paper_sheet
        >>> new_paper_sheet(year=2025).name
        '手填表-2021.docx'
    """
    from govdisclose.write.word.loading import template_folder

    chosen = _edition(edition, year)
    path = Path(output) if output else Path(f"手填表-{chosen.name}.docx")
    refuse_ending(path, ".docx")
    packaged = template_folder() / "paper" / f"{chosen.name}.docx"
    refuse_input(path, packaged)
    publish(path, packaged.read_bytes(), force=force)
    return path


def _edition(name: EditionName | None, year: int | None) -> Edition:
    """The edition of a name, or else the one for a year; the newest without either."""
    if name is not None and name not in EDITIONS:
        raise UsageError(f"没有 {name} 版格式，可选：{'、'.join(EDITIONS)}")
    if name is not None:
        return EDITIONS[name]
    if year is not None:
        return edition_for(year)
    return newest_edition()


def _book_name(agency: str, year: int) -> Path:
    return Path(safe_name(agency, f"{year}年度报告填报表") + ".xlsx")


@frozen
class Continued:
    """This year's workbook, last year's reading, and in Chinese what could not be carried over."""

    path: Path
    last: Reading
    notes: tuple[str, ...]


def continue_workbook(
    last: Readable,
    year: int | None = None,
    output: PathLike | None = None,
    *,
    agency: str | None = None,
    edition: EditionName | None = None,
    level: Level | None = None,
    force: bool = False,
) -> Continued:
    """Write this year's workbook from last year's workbook, JSON export or published report.

    Agency data and 上年结转 are carried over, and last year's figures are on a separate sheet. Prose is
    not copied; its outline is offered. ``last`` is a path, the bytes of a file, or a file opened in
    binary mode. ``year`` is the year after it. Give it only where ``last`` does not say its own.

    Raises ``UsageError`` when year or agency are unknown or ``last`` is not on the year before,
    ``InputError`` or ``FindingsError`` (a table is missing) when it cannot be read,
    ``OutputError``.

    Examples:
        >>> from govdisclose import continue_workbook
        >>> made = continue_workbook("sample_workbooks/huaian-2024.xlsx", output="2025.xlsx")
        >>> made.path.name, made.last.report.year
        ('2025.xlsx', 2024)
    """
    from govdisclose.write.workbook import workbook_bytes

    file = input_file(last)
    reading = read(file)
    before = reading.report
    if any(rule_of(finding).blocks_reading for finding in reading.findings):
        raise FindingsError(reading.findings, reading)
    year = _next_year(before, year, file.name)
    name = (agency or before.agency.name).strip()
    if not name:
        raise UsageError(f"{file.name} 没有写明机关名称，请用 --agency 给出")
    same = name == before.agency.name
    who = Agency(name, before.agency.code if same else None, level or before.agency.level)
    report = next_report(before, who, year, _edition(edition, year))
    path = Path(output) if output else _book_name(name, year)
    refuse_input(path, last)
    refuse_ending(path, ".xlsx")
    publish(path, workbook_bytes(report, last=before), force=force)
    return Continued(path, reading, tuple(_not_carried(reading, report)))


def _next_year(before: AnnualReport, year: int | None, file: str) -> int:
    """The year after last year's report. Raises ``UsageError`` where it is unknown or another."""
    if year is None and before.year is not None:
        return before.year + 1
    if year is None:
        raise UsageError(f"{file} 没有写明年度，请用 --year 给出要填报的年度")
    if before.year not in (None, year - 1):
        raise UsageError(f"{file} 是 {before.year} 年度的报告，不能作为 {year} 年度的上年报告")
    return year


def _not_carried(reading: Reading, report: AnnualReport) -> Iterator[str]:
    """What could not be carried over from last year's report, in Chinese."""
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

    Raises ``FindingsError`` for values that no cell can hold, ``UsageError`` or ``OutputError``.

    Examples:
        >>> from govdisclose import blank_report, write_workbook
        >>> write_workbook(blank_report("2021", year=2025), "blank.xlsx").name
        'blank.xlsx'
    """
    from govdisclose.write.workbook import workbook_bytes

    path, reading = Path(output), reading_of(report)
    refuse_ending(path, ".xlsx")
    if reading.unread:
        raise FindingsError(reading.findings, reading)
    publish(path, workbook_bytes(reading.report), force=force)
    return path


def import_report(
    source: Readable, output: PathLike | None = None, *, force: bool = False
) -> Written:
    """Make a standardized workbook of a published report.

    ``source`` is a path, the bytes of a file, or a file opened in binary mode. Without ``output``
    the workbook is named like the file at the path. A cell without a valid figure (``22（其中修订16件）``)
    keeps its printed text and is among the findings, as everything is that the checks find.
    Findings do not stop it, because the workbook repeats the published figures. Only a table that
    is missing, there twice, or of another edition stops it.

    Raises ``FindingsError`` (nothing is written), ``InputError``, ``OutputError``, ``UsageError``.

    Examples:
        >>> from govdisclose import compile_report, import_report
        >>> word = compile_report("sample_workbooks/huaian-2024.xlsx", "published.docx").path
        >>> import_report(word).path.name
        'published.xlsx'
    """
    from govdisclose.write.workbook import workbook_bytes

    file = input_file(source)
    path = Path(output) if output else _path_beside(file)
    refuse_input(path, source)
    refuse_ending(path, ".xlsx")
    reading = read(file)
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
    return Written(path, reading, findings)


def _path_beside(file: InputFile) -> Path:
    """The path of a workbook that the user has not named. Raises ``UsageError`` without a source."""
    if file.data is not None:
        raise UsageError("没有来源文件，请给出输出文件名")
    return file.path.with_suffix(".xlsx")


def annotate_workbook(
    workbook: Readable, findings: Sequence[Finding], output: PathLike, *, force: bool = False
) -> tuple[str, ...]:
    """Write a copy of a workbook with ``findings`` as comments, and a list of them in front.

    ``workbook`` is a path, the bytes of a file, or a file opened in binary mode; it is not changed.
    Returns the kinds of content that the copy lacks, in Chinese, such as charts.

    Raises ``UsageError`` when ``workbook`` is none, ``InputError`` or ``OutputError``.

    Examples:
        >>> from govdisclose import annotate_workbook, check_report
        >>> workbook = "sample_workbooks/with-mistakes.xlsx"
        >>> annotate_workbook(workbook, check_report(workbook), "annotated.xlsx")
        ()
    """
    from govdisclose.read.workbook.opening import load
    from govdisclose.read.workbook.same_cells import refuse_other_cells
    from govdisclose.write.annotate import annotate

    file, path = input_file(workbook), Path(output)
    if file.kind == "json":
        raise UsageError(f"{file.name} 不是工作簿，不能加批注")
    refuse_input(path, workbook)
    refuse_ending(path, ".xlsx", ".xlsm")
    original = load(file)
    made = annotate(original.data, findings, harmless(file.name))
    refuse_other_cells(original, made.data, file.path)
    publish(path, made.data, force=force)
    return made.lost if original.data == file.content() else (*made.lost, "打开密码")
