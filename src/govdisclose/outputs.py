"""A report in another form: data files, web pages, PDF, one line of ``EXPORTS`` for each form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from govdisclose.check.unwritten import check_unwritten
from govdisclose.compile import PathLike, Source, check_report, draft_left, reading_of, refuse_input
from govdisclose.errors import FindingsError, OutputError, PdfError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.longtable import long_rows
from govdisclose.form.outline import outline
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.rules import Family, rule_of
from govdisclose.write.atomic import publish
from govdisclose.write.names import refuse_ending


@frozen
class Material:
    """What an export is made from.

    For a form that is for the public the quotes in the prose are filled, and ``findings`` are those of
    the checks; for data the prose is as written. ``previous`` is last year's report, if it was given;
    ``template`` the Word template for forms made of the Word file, instead of the packaged one.
    """

    report: AnnualReport
    previous: AnnualReport | None = None
    findings: tuple[Finding, ...] = ()
    draft: bool = False
    template: Path | None = None
    unread: tuple[str, ...] = ()


def _json(material: Material) -> bytes:
    from govdisclose.write.data import report_to_json

    return report_to_json(material.report, material.unread).encode("utf-8", "surrogatepass")


def _page(material: Material) -> bytes:
    from govdisclose.write.charts import figures_html
    from govdisclose.write.web import page_html

    figures = figures_html(material.report, material.previous)
    return page_html(
        material.report, figures=figures, draft=material.draft, findings=material.findings
    ).encode()


def _fragment(material: Material) -> bytes:
    from govdisclose.write.web import fragment_html

    return fragment_html(material.report, draft=material.draft, findings=material.findings).encode()


def word_bytes(material: Material) -> bytes:
    """A report as the Word file of its template, read back and compared.

    Raises ``InputError``, ``OutputError``, ``TemplateError``.
    """
    from govdisclose.proof import proved_template, verify_document
    from govdisclose.write.word import render

    report, template = material.report, proved_template(material.report.edition, material.template)
    data = render(
        report,
        template,
        findings=material.findings,
        draft=material.draft,
        previous=material.previous,
    )
    verify_document(data, report=report, template=template)
    return data


def _pdf(material: Material) -> bytes:
    from govdisclose.write.pdf import make_pdf

    word = word_bytes(material)
    try:
        return make_pdf(word).data
    except OutputError as error:
        raise PdfError(str(error), word) from error


def _pdf_notes(data: bytes) -> Sequence[str]:
    from govdisclose.write.pdf import pdf_notes

    return pdf_notes(data)


def _long(to: str) -> Callable[[Material], bytes]:
    def make(material: Material) -> bytes:
        from govdisclose.write.longtable import LONG_FILES, long_bytes

        LONG_FILES[to].ready()
        return long_bytes(long_rows(material.report), to)

    return make


@frozen
class Export:
    """One form a report can be exported to: how it is made, its file ending, its name for users.

    What is made for the ``public`` obeys the rule of ``compile``: errors stop it, or it is marked as a
    draft. Data says what was filled in, and is stopped only where something could not be read; a draft of
    data has these cells blank, and JSON lists them as ``unread``. ``of_word`` is what is made of the Word
    file, and so of a template. ``notes`` says in Chinese what users should
    know of a file that was made; ``also`` are other endings that its file may be given.
    """

    make: Callable[[Material], bytes]
    suffix: str
    label: str
    public: bool = False
    of_word: bool = False
    notes: Callable[[bytes], Sequence[str]] = lambda _data: ()
    also: tuple[str, ...] = ()

    @property
    def endings(self) -> tuple[str, ...]:
        """What the name of its file may end with."""
        return ("." + self.suffix.rpartition(".")[2], *self.also)


_PAGES = (".htm", ".shtml")

EXPORTS = {
    "json": Export(_json, ".json", "数据（可读回）"),
    "csv": Export(_long("csv"), ".csv", "长表（一格一行，Excel 可打开）", also=(".txt",)),
    "parquet": Export(_long("parquet"), ".parquet", "长表（供数据分析）"),
    "sqlite": Export(_long("sqlite"), ".sqlite", "长表（数据库）", also=(".db", ".sqlite3")),
    "html": Export(_page, ".html", "网页", public=True, also=_PAGES),
    "html-fragment": Export(
        _fragment, ".fragment.html", "网页片段，粘贴到网站后台", public=True, also=_PAGES
    ),
    "pdf": Export(
        _pdf,
        ".pdf",
        "版面与 Word 相同的 PDF（要有 LibreOffice）",
        public=True,
        of_word=True,
        notes=_pdf_notes,
    ),
}
"""What ``export --to`` takes."""


@frozen
class Exported:
    """What was made: the bytes, the reading behind them, the findings to tell, and where it goes by default.

    ``inputs`` is what it was made from, none of which it may replace.
    """

    data: bytes
    reading: Reading
    findings: tuple[Finding, ...]
    path: Path | None
    notes: tuple[str, ...] = ()
    inputs: tuple[Source | None, ...] = ()


def make_export(
    source: Source,
    to: str,
    *,
    previous: Source | None = None,
    draft: bool = False,
    template: PathLike | None = None,
) -> Exported:
    """A report in the form ``to``, not yet written.

    A form for the public is checked first, against last year's report ``previous`` where given, and
    has the quotes in its prose filled; errors stop it unless ``draft``, which marks it as one. In data
    the quotes stay as written, so that it can be read back; ``previous`` changes nothing, and ``draft``
    writes what can be read and lists the rest.
    ``template`` is a Word template of one's own for what is made of the Word file.

    Raises ``FindingsError``: for the public when there are errors, for data when a cell or a table could
    not be read, so that the export would lack it. ``InputError``; ``TemplateError``; ``PdfError`` when there
    is a Word file but no PDF can be made of it; ``UsageError`` for an unknown form, and for a template with a
    form that has no use for it.
    """
    if to not in EXPORTS:
        raise UsageError(f"没有 {to} 这种格式，可选：{'、'.join(EXPORTS)}")
    form = EXPORTS[to]
    if template is not None and not form.of_word:
        raise UsageError(f"Word 模板（--template）不用于 {to}")
    if form.public:
        reading, material = for_the_public(source, previous, draft, template)
    else:
        reading = reading_of(source) if draft else whole_reading(source)
        unread = tuple(sorted(unread_cells(reading))) if draft else ()
        material = Material(
            reading.report, findings=reading.findings, draft=bool(unread), unread=unread
        )
    suffix = f"（草稿）{form.suffix}" if material.draft else form.suffix
    path = reading.source and reading.source.with_name(reading.source.stem + suffix)
    try:
        data = form.make(material)
    except PdfError as error:
        raise PdfError(str(error), error.word, path) from error
    notes = list(form.notes(data))
    if form.public and not material.draft and reading.source is not None and path is not None:
        notes += draft_left(
            path, reading.source.with_name(f"{reading.source.stem}（草稿）{form.suffix}")
        )
    return Exported(
        data, reading, material.findings, path, tuple(notes), (source, previous, template)
    )


def for_the_public(
    source: Source,
    previous: Source | None = None,
    draft: bool = False,
    template: PathLike | None = None,
) -> tuple[Reading, Material]:
    """A report as it may be published: checked, the quotes in its prose filled. Raises ``FindingsError``."""
    reading = reading_of(source)
    last = None if previous is None else reading_of(previous)
    findings = tuple(check_report(reading, previous=last))
    if not draft and any(finding.stops for finding in findings):
        raise FindingsError(findings, reading)
    before = last.report if last else None
    word = None if template is None else Path(template)
    return reading, Material(fill_quotes(reading.report, before), before, findings, draft, word)


def refuse_output(output: PathLike | None, to: str, *inputs: Source | None) -> None:
    """Before the work: raises ``UsageError`` for an output that is an input, or ends as no file of the form ``to``."""
    if output is None:
        return
    path = Path(output)
    refuse_input(path, *inputs)
    if path.suffix and to in EXPORTS:
        refuse_ending(path, *EXPORTS[to].endings)


def write_export(made: Exported, output: PathLike | None = None, *, force: bool = False) -> Path:
    """Write what ``make_export`` made; without ``output`` beside its source, under the same name.

    Raises ``OutputError``; ``UsageError`` when the output exists or is the input, or has no name.
    """
    path = made.path if output is None else Path(output)
    if path is None:
        raise UsageError("没有来源文件，请给出输出文件名")
    refuse_input(path, *made.inputs)
    publish(path, made.data, force=force)
    return path


def keep_word(error: PdfError, output: PathLike | None = None) -> OutputError:
    """Write the Word file of a PDF that could not be made where that would have been; the error that says so.

    A Word file that is there already stays as it is.
    """
    path = error.path if output is None else Path(output)
    if path is None:
        return error
    word = path.with_suffix(".docx")
    try:
        publish(word, error.word)
    except (OutputError, UsageError) as why:
        return OutputError(f"{error}。Word 文件也没有写出：{why}")
    return OutputError(f"{error}。Word 文件已生成：{word}，可用 Word、WPS 打开后另存为 PDF")


def export_bytes(
    source: Source,
    to: str,
    *,
    previous: Source | None = None,
    draft: bool = False,
    template: PathLike | None = None,
) -> bytes:
    """The bytes of a report in the form ``to``. Parameters and errors as in ``make_export``."""
    return make_export(source, to, previous=previous, draft=draft, template=template).data


def export_checked(
    reading: Reading, to: str, findings: Sequence[Finding], *, draft: bool = False
) -> bytes:
    """The bytes of a reading in the form ``to``, without the checks: ``findings`` are what they have found.

    Whether these stop a form for the public is the caller's to see. Raises ``FindingsError`` when data
    would lack a cell or a table.
    """
    form = EXPORTS[to]
    if form.public:
        return form.make(Material(fill_quotes(reading.report, None), None, tuple(findings), draft))
    return form.make(Material(whole_reading(reading).report, findings=reading.findings))


def export_report(
    source: Source,
    output: PathLike | None = None,
    *,
    to: str,
    previous: Source | None = None,
    draft: bool = False,
    template: PathLike | None = None,
    force: bool = False,
) -> Path:
    """Write a report in the form ``to``; without ``output`` beside its source, under the same name.

    Parameters and errors as in ``make_export`` and ``write_export``. Where no PDF can be made, the Word file
    stands in its place and the error says so.
    """
    refuse_output(output, to, source, previous, template)
    try:
        made = make_export(source, to, previous=previous, draft=draft, template=template)
    except PdfError as error:
        raise keep_word(error, output) from error
    return write_export(made, output, force=force)


def unread_cells(reading: Reading) -> frozenset[str]:
    """The cells of a reading that could not be read, those of tables that were not found among them."""
    cells = outline(reading.report.edition).cells
    lost = {f.path for f in reading.findings if f.stops and rule_of(f).blocks_reading}
    whole = {path for path, cell in cells.items() if cell.table in lost}
    values = reading.report.values()
    return frozenset(path for path in reading.unread | whole if values.get(path) is None)


def _loses(finding: Finding) -> bool:
    """Whether an error of a reading means that something of the source is not in the report."""
    rule = rule_of(finding)
    return rule.family is Family.STRUCTURE or rule.hides_content


def whole_reading(source: Source) -> Reading:
    """The reading of a source of which nothing is lost and no part is blank, whatever its sums.

    Raises ``FindingsError``, ``InputError``.
    """
    reading = reading_of(source)
    lost = [f for f in reading.findings if f.stops and (_loses(f) or f.path in reading.unread)]
    lost.extend(check_unwritten(reading))
    if lost:
        raise FindingsError(lost, reading)
    return reading
