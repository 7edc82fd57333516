"""The story of every output, told once: read, check, refuse, fill quotes, render, verify, publish.

``compile_report`` makes the Word report; ``export_report`` and ``render_report`` make any output of
the table in ``outputs.py``. A bundle and a batch use the same steps for many outputs of one
reading.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import evolve, field, frozen

from govdisclose.check import OwnRule, check_reading
from govdisclose.check.losses import find_losses, unread_cells
from govdisclose.errors import FindingsError, OutputError, PdfError, UsageError
from govdisclose.finding import Finding, Severity
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.outputs import (
    DOCX,
    OUTPUTS,
    Context,
    Output,
    OutputFile,
    OutputName,
    find_output,
    make_file,
)
from govdisclose.read import read_book
from govdisclose.session import Session
from govdisclose.source import (
    PathLike,
    Source,
    Template,
    reading_of,
    refuse_input,
    template_of,
)
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import refuse_ending, report_name


@frozen
class Rendered:
    """An output that was made and not written: its bytes, the reading and the findings behind it.

    ``notes`` says in Chinese what else a user should know.
    """

    data: bytes = field(repr=False)
    reading: Reading
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


@frozen
class Written:
    """A file that was written: its path, the reading and the findings behind it.

    ``notes`` says in Chinese what else a user should know.
    """

    path: Path
    reading: Reading
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


@frozen(eq=False, repr=False)
class Options:
    """How outputs are made of a reading; ``last`` is the reading of last year's report."""

    last: Reading | None = None
    draft: bool = False
    template: bytes | Path | None = None
    rules: tuple[OwnRule, ...] = ()
    session: Session = field(factory=Session)
    charts: bool = True


@frozen(eq=False, repr=False)
class Manuscript:
    """A report that may be written, and the context in which its outputs are rendered."""

    report: AnnualReport
    context: Context


# --- for users -----------------------------------------------------------------------------------


def check_report(
    source: Source, *, previous: Source | None = None, rules: Sequence[OwnRule] = ()
) -> list[Finding]:
    """All findings of a file, a reading or a report, by sheet and the most serious first.

    A file is a workbook, a JSON export or a published report: a path, bytes, or an open file.
    With ``previous``, last year's report, also whether the two fit together. ``rules`` are rules of
    your own, which are checked besides ours.

    Raises ``InputError`` when a file cannot be read, ``UsageError`` when ``previous`` is another
    year's or when one of ``rules`` has a code that is ours.

    Examples:
        >>> from govdisclose import check_report
        >>> for finding in check_report("sample_workbooks/with-mistakes.xlsx"):
        ...     if finding.code == "A104":
        ...         print(finding.place, finding.expected, finding.found)
        四、复议诉讼!E6 5 4
    """
    last = None if previous is None else reading_of(previous)
    return check_reading(reading_of(source), last, rules)


def compile_report(
    source: Source,
    output: PathLike | None = None,
    *,
    template: Template | None = None,
    previous: Source | None = None,
    draft: bool = False,
    rules: Sequence[OwnRule] = (),
    session: Session | None = None,
    force: bool = False,
) -> Written:
    """Make the Word report, and move it into place.

    ``source`` is a workbook or a JSON export (a path, bytes, or an open file), a ``Reading``, or an
    ``AnnualReport``. The file of a published report is refused, because it is the finished report:
    ``import_report`` makes a workbook of it. The ``Reading`` of one is taken.

    The document is read back and compared with the report first. Without ``output`` the file is
    named 机关名称＋年份＋年政府信息公开工作年度报告.docx and is written beside ``source``.

    Errors among the findings stop it unless ``draft``, which marks the document and lists them at
    its end. With ``previous``, last year's report, the two are compared as well.

    Raises ``FindingsError`` (nothing is written), ``InputError``, ``TemplateError``,
    ``OutputError``, and ``UsageError`` (the output exists and ``force`` is not given, the output is
    an input, ``previous`` is of another year, or the output has no name).

    The form of the document is that of 国办公开办函〔2021〕30号, or for reports on 2019 and 2020 that of
    〔2019〕60号.

    Examples:
        >>> from govdisclose import compile_report
        >>> made = compile_report("sample_workbooks/huaian-2024.xlsx", "huaian.docx")
        >>> made.path.name, len(made.findings)
        ('huaian.docx', 1)
    """
    return export_report(
        source,
        output,
        to="docx",
        template=template,
        previous=previous,
        draft=draft,
        rules=rules,
        session=session,
        force=force,
    )


def export_report(
    source: Source,
    output: PathLike | None = None,
    *,
    to: OutputName,
    template: Template | None = None,
    previous: Source | None = None,
    draft: bool = False,
    rules: Sequence[OwnRule] = (),
    session: Session | None = None,
    charts: bool = True,
    force: bool = False,
) -> Written:
    """Write a report in the form ``to``; without ``output`` beside its source, under the same name.

    Parameters and errors are those of ``render_report``, and ``OutputError`` when the file cannot
    be written, ``UsageError`` when it exists and ``force`` is not given, when it is an input, or
    when it has no name. If no PDF can be made, the Word file is written in its place, unless one of
    that name is there; the ``OutputError`` gives the reason and the name of the Word file.

    Examples:
        >>> from govdisclose import export_report
        >>> export_report("sample_workbooks/huaian-2024.xlsx", "huaian.json", to="json").path.name
        'huaian.json'
    """
    row = _find_row(to, template)
    path = None if output is None else Path(output)
    if path is not None:
        refuse_output(path, row, source, previous, template)
    options = make_options(template, previous, draft=draft, rules=rules, session=session)
    options = evolve(options, charts=charts)
    reading = _read(source, row, session)
    manuscript = _manuscript(reading, row, options)
    if path is None:
        path = _default_path(row, reading, manuscript)
    refuse_input(path, source, previous, template)
    try:
        made = _render(row, manuscript, options)
    except PdfError as error:
        raise _keep_word(error, path) from error
    publish(path, made.data, verify=made.verify, force=force)
    notes = (*row.notes(made.data), *_drafts_left(row, reading, manuscript, path))
    return Written(path, reading, manuscript.context.findings, notes)


def render_report(
    source: Source,
    to: OutputName = "docx",
    *,
    template: Template | None = None,
    previous: Source | None = None,
    draft: bool = False,
    rules: Sequence[OwnRule] = (),
    session: Session | None = None,
    charts: bool = True,
) -> Rendered:
    """Make a report in the form ``to`` and give its bytes; nothing is written.

    ``source`` is a workbook, a JSON export or a published report (a path, bytes, or an open file),
    a ``Reading``, or an ``AnnualReport``. For ``docx`` the file of a published report is refused,
    as ``compile_report`` does.

    A form for the public (Word, PDF, web page) is checked first, against last year's report
    ``previous`` where it is given, and the quotes in its prose are filled. Errors stop it unless
    ``draft``, which marks it as one. In data (JSON, CSV, Parquet, SQLite) the quotes stay as
    written, so that it can be read back; ``previous`` changes nothing, and ``draft`` writes what
    can be read and lists the rest. ``template`` is a Word template of your own for Word and PDF.

    Raises ``FindingsError``: for the public when there are errors, for data when a cell or a table
    could not be read. ``InputError``; ``TemplateError``; ``PdfError``, which holds the Word file,
    when no PDF can be made of it; ``UsageError`` for an unknown form, and for a template with a
    form that does not use one. Without ``charts`` the web page has none.

    Examples:
        >>> from govdisclose import render_report
        >>> page = render_report("sample_workbooks/huaian-2024.xlsx", "html")
        >>> page.data[:15], [finding.code for finding in page.findings]
        (b'<!DOCTYPE html>', ['N105'])
    """
    row = _find_row(to, template)
    options = make_options(template, previous, draft=draft, rules=rules, session=session)
    options = evolve(options, charts=charts)
    reading = _read(source, row, session)
    manuscript = _manuscript(reading, row, options)
    made = _render(row, manuscript, options)
    made.verify(made.data)
    notes = tuple(row.notes(made.data))
    return Rendered(made.data, reading, manuscript.context.findings, notes)


# --- the steps -----------------------------------------------------------------------------------


def _read(source: Source, row: Output, session: Session | None) -> Reading:
    """Read any source; of files, the Word report is made of workbooks and JSON exports only."""
    if row is DOCX and not isinstance(source, Reading | AnnualReport):
        return read_book(source, session.memory if session else None)
    return reading_of(source, session)


def make_files(
    reading: Reading, findings: Sequence[Finding], names: Iterable[str], options: Options
) -> dict[str, OutputFile]:
    """Several outputs of a reading that was checked; ``findings`` are what the checks found.

    Raises ``FindingsError`` when errors stop one of them, ``TemplateError``, ``InputError``,
    ``OutputError``, ``UsageError``.
    """
    rows = [OUTPUTS[name] for name in names]
    made: dict[str, OutputFile] = {}
    for row in rows:
        if row.public:
            manuscript = public_manuscript(reading, findings, options)
        else:
            manuscript = data_manuscript(reading)
        made[row.name] = _render(row, manuscript, options)
    return made


def _manuscript(reading: Reading, row: Output, options: Options) -> Manuscript:
    if row.public:
        return public_manuscript(
            reading, check_reading(reading, options.last, options.rules), options
        )
    return data_manuscript(reading, draft=options.draft)


def public_manuscript(
    reading: Reading, findings: Sequence[Finding], options: Options
) -> Manuscript:
    """A report as it may be published, the quotes in its prose filled. Raises ``FindingsError``."""
    if not options.draft and stopping(findings):
        raise FindingsError(findings, reading)
    before = options.last.report if options.last else None
    report = fill_quotes(reading.report, before)
    return Manuscript(
        report, Context(tuple(findings), options.draft, before, charts=options.charts)
    )


def data_manuscript(reading: Reading, *, draft: bool = False) -> Manuscript:
    """A report as it may be written as data: nothing of its source is lost, whatever its sums.

    As a ``draft`` it may have cells that could not be read. Raises ``FindingsError``.
    """
    unread: tuple[str, ...] = ()
    if draft:
        unread = tuple(sorted(unread_cells(reading)))
    else:
        whole_reading(reading)
    return Manuscript(reading.report, Context(reading.findings, bool(unread), unread=unread))


def whole_reading(source: Source) -> Reading:
    """The reading of a source from which nothing is lost and no part is blank, whatever its sums.

    Raises ``FindingsError``, ``InputError``.
    """
    reading = reading_of(source)
    lost = find_losses(reading)
    if lost:
        raise FindingsError(lost, reading)
    return reading


def _render(row: Output, manuscript: Manuscript, options: Options) -> OutputFile:
    """Render one output, with its template where it has one. Raises ``TemplateError``."""
    report, context = manuscript.report, manuscript.context
    if row.with_template:
        template = options.session.templates.load(report.edition, options.template)
        context = evolve(context, template=template)
    return make_file(row, report, context)


def render_output(
    row: Output, manuscript: Manuscript, options: Options, made: dict[str, bytes]
) -> OutputFile:
    """Render one output of many; ``made`` holds those of the same report that are there already."""
    context = evolve(manuscript.context, made=made)
    return _render(row, evolve(manuscript, context=context), options)


def stopping(findings: Sequence[Finding], *, strict: bool = False) -> bool:
    """Whether findings stop a report: errors without an explanation; if ``strict`` warnings too."""
    for finding in findings:
        unexplained_warning = finding.severity is Severity.WARNING and finding.explained is None
        if finding.stops or (strict and unexplained_warning):
            return True
    return False


# --- options and names ---------------------------------------------------------------------------


def _find_row(to: str, template: Template | None) -> Output:
    row = find_output(to)
    if template is not None and not row.with_template:
        raise UsageError(f"Word 模板（--template）不用于 {to}")
    return row


def make_options(
    template: Template | None,
    previous: Source | None,
    *,
    draft: bool = False,
    rules: Sequence[OwnRule] = (),
    session: Session | None = None,
) -> Options:
    """The options of a call: last year's report is read. Raises ``InputError``."""
    last = None if previous is None else reading_of(previous, session)
    own = None if template is None else template_of(template)
    return Options(last, draft, own, tuple(rules), session or Session())


def refuse_output(output: Path, row: Output, *inputs: object) -> None:
    """Before the work: refuse an output that is an input, or whose name has another form's ending.

    Raises ``UsageError``.
    """
    refuse_input(output, *inputs)
    if row is DOCX or output.suffix:
        refuse_ending(output, *row.endings)


def _default_path(row: Output, reading: Reading, manuscript: Manuscript) -> Path:
    """The name of an output that the user has not named. Raises ``UsageError`` without a source."""
    if reading.source is None:
        raise UsageError("没有来源文件，请给出输出文件名")
    return reading.source.with_name(_default_name(row, reading, manuscript.context.draft))


def _default_name(row: Output, reading: Reading, draft: bool) -> str:
    """The Word report is named after agency and year, any other output after its source."""
    if row is DOCX or reading.source is None:
        return report_name(reading.report, draft=draft, suffix=row.suffix)
    return reading.source.stem + ("（草稿）" if draft else "") + row.suffix


def _drafts_left(
    row: Output, reading: Reading, manuscript: Manuscript, path: Path
) -> Iterator[str]:
    """Notes about earlier drafts that are still beside the finished file, or beside its source."""
    if manuscript.context.draft or not row.public:
        return
    name = _default_name(row, reading, draft=True)
    source = reading.source or path
    for folder in dict.fromkeys((path.parent, source.parent)):
        # Most folders have no draft, so no path is made; Python would remember its name for ever.
        if not os.path.lexists(os.path.join(folder, name)):
            continue
        draft = folder / name
        if draft != path:
            yield f"以前生成的草稿 {draft} 还在，没有用了请删去，以免误用"


def _keep_word(error: PdfError, path: Path) -> OutputError:
    """Write the Word file instead of a PDF that could not be made, and return the error.

    An existing Word file is not changed.
    """
    word = path.with_suffix(".docx")
    try:
        publish(word, error.word)
    except (OutputError, UsageError) as why:
        return OutputError(f"{error}。Word 文件也没有写出：{why}")
    return OutputError(f"{error}。Word 文件已生成：{word}，可用 Word、WPS 打开后另存为 PDF")
