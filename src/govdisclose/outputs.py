"""The table of outputs: every form in which a report can be written, one row each.

A row renders a report as bytes and verifies these bytes. It decides nothing: which report may be
written at all, and under which name, is decided in ``compile.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import field, frozen

from govdisclose.errors import OutputError, PdfError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.report import AnnualReport
from govdisclose.proof import ProvedTemplate
from govdisclose.write.context import CHARTS

if TYPE_CHECKING:
    from govdisclose.write.charts import Chart

OutputName: TypeAlias = Literal[
    "docx", "html", "html-fragment", "pdf", "json", "csv", "parquet", "sqlite"
]
"""The outputs that a caller can request."""


@frozen(eq=False, repr=False)
class Context:
    """The context in which an output is rendered, besides the report.

    ``findings`` are listed at the end of a ``draft``. ``previous`` is last year's report, for the
    charts. ``template`` is there for outputs that are made with one. ``unread`` are the paths of
    cells that could not be read. ``made`` holds outputs of the same report that are there already,
    by name: an output made of another one takes it from there. Without ``charts`` the web page has
    none.
    """

    findings: tuple[Finding, ...] = ()
    draft: bool = False
    previous: AnnualReport | None = None
    template: ProvedTemplate | None = field(default=None, repr=False)
    unread: tuple[str, ...] = ()
    made: Mapping[str, bytes] = field(factory=dict, repr=False)
    charts: bool = True


Render: TypeAlias = Callable[[AnnualReport, Context], bytes]
Verify: TypeAlias = Callable[[bytes, AnnualReport, Context], None]


def _nothing_more(_data: bytes, _report: AnnualReport, _context: Context) -> None:
    """For outputs that their writers verify themselves, or that equal their bytes in memory."""


def _nothing_needed() -> None:
    """For outputs that need no program and no extra package."""


def _no_notes(_data: bytes) -> Sequence[str]:
    return ()


@frozen(eq=False, repr=False)
class Output:
    """One form in which a report can be written.

    ``name`` is the name for users, ``suffix`` the ending of the file's name, and ``also`` are other
    endings that a user may give it. ``label`` is its description in Chinese.

    ``render`` makes the bytes. ``verify`` gets them again as they were read back from the disk, and
    raises ``OutputError`` where they differ from the report. ``needs`` raises ``OutputError`` or
    ``UsageError`` when a program or a package is missing. ``notes`` says in Chinese what users
    should know of a file.

    A ``public`` output obeys the rule of ``compile``: errors stop it, or it is marked as a draft.
    The others are data: they hold the values that were filled in, and are stopped only where a
    value could not be read.

    ``made_of`` names the output that this one is made of by ``convert``, many at a time.

    A chart is not made ``alone``, only in a folder of all outputs. ``picture`` gives its title and
    its words, ``form`` is the kind of file.
    """

    name: str
    suffix: str
    label: str
    render: Render
    verify: Verify = _nothing_more
    needs: Callable[[], object] = _nothing_needed
    public: bool = False
    with_template: bool = False
    made_of: str | None = None
    convert: Callable[[Sequence[bytes]], Sequence[bytes | OutputError]] | None = None
    notes: Callable[[bytes], Sequence[str]] = _no_notes
    also: tuple[str, ...] = ()
    alone: bool = True
    form: str = field()
    picture: Callable[[AnnualReport, Context], Chart] | None = None

    @form.default
    def _name_of_form(self) -> str:
        return self.name

    @property
    def endings(self) -> tuple[str, ...]:
        """What the name of its file may end with."""
        return ("." + self.suffix.rpartition(".")[2], *self.also)


@frozen(eq=False, repr=False)
class OutputFile:
    """A rendered output that is not written yet.

    ``verify`` takes the bytes as they were read back from the disk. It raises ``OutputError``.
    """

    output: Output
    data: bytes = field(repr=False)
    verify: Callable[[bytes], None] = field(repr=False)


def make_file(output: Output, report: AnnualReport, context: Context) -> OutputFile:
    """Render one output. Raises what its ``render`` raises."""

    def verify(written: bytes) -> None:
        output.verify(written, report, context)

    return OutputFile(output, output.render(report, context), verify)


# --- Word and PDF --------------------------------------------------------------------------------


def _template(context: Context) -> ProvedTemplate:
    if context.template is None:
        raise ValueError("a context without a template")
    return context.template


def _render_word(report: AnnualReport, context: Context) -> bytes:
    from govdisclose.write.word import render

    return render(
        report,
        _template(context).template,
        findings=context.findings,
        draft=context.draft,
        previous=context.previous,
    )


def _verify_word(data: bytes, report: AnnualReport, context: Context) -> None:
    _template(context).verify(data, report)


def _render_pdf(report: AnnualReport, context: Context) -> bytes:
    """Convert the Word file, verified. Raises ``PdfError``, which holds the Word file."""
    word = context.made.get("docx")
    if word is None:
        word = _render_word(report, context)
        _verify_word(word, report, context)
    try:
        (made,) = _convert_to_pdf([word])
    except OutputError as error:
        raise PdfError(str(error), word) from error
    if isinstance(made, OutputError):
        raise PdfError(str(made), word) from made
    return made


def _convert_to_pdf(words: Sequence[bytes]) -> Sequence[bytes | OutputError]:
    """The PDFs of many Word files, each verified, by one start of LibreOffice."""
    from govdisclose.write.pdf import make_pdfs

    return [made if isinstance(made, OutputError) else made.data for made in make_pdfs(words)]


def _need_pdf() -> None:
    from govdisclose.write.pdf import need_pdf

    need_pdf()


def _pdf_notes(data: bytes) -> Sequence[str]:
    from govdisclose.write.pdf import pdf_notes

    return pdf_notes(data)


# --- web pages -----------------------------------------------------------------------------------


def _render_page(report: AnnualReport, context: Context) -> bytes:
    from govdisclose.write.web import page_html

    figures = ""
    if context.charts:
        from govdisclose.write.charts import figures_html

        figures = figures_html(report, context.previous)
    page = page_html(report, figures=figures, draft=context.draft, findings=context.findings)
    return page.encode()


def _render_fragment(report: AnnualReport, context: Context) -> bytes:
    from govdisclose.write.web import fragment_html

    return fragment_html(report, draft=context.draft, findings=context.findings).encode()


# --- data ----------------------------------------------------------------------------------------


def _render_json(report: AnnualReport, context: Context) -> bytes:
    from govdisclose.write.data import report_to_json

    return report_to_json(report, context.unread).encode("utf-8", "surrogatepass")


def _render_long(to: str, report: AnnualReport, _context: Context) -> bytes:
    """A long table; its writer reads it back itself."""
    from govdisclose.form.long_table import long_rows
    from govdisclose.write.long_table import long_bytes

    _need_long(to)
    return long_bytes(long_rows(report), to)


def _need_long(to: str) -> None:
    from govdisclose.write.long_table import LONG_FILES

    LONG_FILES[to].ready()


# --- charts --------------------------------------------------------------------------------------


class NothingToShowError(OutputError):
    """A chart whose numbers are all blank or 0 is not drawn. The text says so in Chinese."""


def _drawn(name: str, report: AnnualReport, context: Context) -> Chart:
    """One chart. Raises ``NothingToShowError``."""
    from govdisclose.write.charts import charts_or_words

    chart = charts_or_words(report, context.previous)[name]
    if isinstance(chart, str):
        raise NothingToShowError(chart.rstrip("。"))
    return chart


def _render_svg(name: str, report: AnnualReport, context: Context) -> bytes:
    return _drawn(name, report, context).svg.encode()


def _render_png(name: str, report: AnnualReport, context: Context) -> bytes:
    from govdisclose.write.charts.png import chart_png

    return chart_png(_drawn(name, report, context))


def _chart_rows() -> Iterator[Output]:
    """Two rows for each chart: one as SVG, one as PNG."""
    for number, name in enumerate(CHARTS, 1):
        for kind, render in (("svg", _render_svg), ("png", _render_png)):
            yield Output(
                f"{name}.{kind}",
                f"-图{number}.{kind}",
                f"图{number}",
                partial(render, name),
                public=True,
                alone=False,
                form=kind,
                picture=partial(_drawn, name),
            )


# --- the table -----------------------------------------------------------------------------------

_PAGE_ENDINGS = (".htm", ".shtml")

_ROWS = (
    Output(
        "docx",
        ".docx",
        "Word",
        _render_word,
        verify=_verify_word,
        public=True,
        with_template=True,
    ),
    Output("html", ".html", "网页", _render_page, public=True, also=_PAGE_ENDINGS),
    Output(
        "html-fragment",
        ".fragment.html",
        "网页片段，粘贴到网站后台",
        _render_fragment,
        public=True,
        also=_PAGE_ENDINGS,
    ),
    Output(
        "pdf",
        ".pdf",
        "版面与 Word 相同的 PDF（要有 LibreOffice）",
        _render_pdf,
        needs=_need_pdf,
        public=True,
        with_template=True,
        made_of="docx",
        convert=_convert_to_pdf,
        notes=_pdf_notes,
    ),
    Output("json", ".json", "数据（可读回）", _render_json),
    Output(
        "csv",
        ".csv",
        "长表（一格一行，Excel 可打开）",
        partial(_render_long, "csv"),
        also=(".txt",),
    ),
    Output(
        "parquet",
        ".parquet",
        "长表（供数据分析）",
        partial(_render_long, "parquet"),
        needs=partial(_need_long, "parquet"),
    ),
    Output(
        "sqlite",
        ".sqlite",
        "长表（数据库）",
        partial(_render_long, "sqlite"),
        also=(".db", ".sqlite3"),
    ),
)

OUTPUTS: Mapping[str, Output] = {output.name: output for output in (*_ROWS, *_chart_rows())}
"""Every output by name. ``compile`` makes the first, ``export --to all`` makes each of them."""

OFFERED: Mapping[str, Output] = {name: row for name, row in OUTPUTS.items() if row.alone}
"""The outputs that a caller can request: those of ``OutputName``."""

DOCX = OUTPUTS["docx"]


def find_output(name: str) -> Output:
    """The row of an output that a user asks for by itself. Raises ``UsageError``."""
    if name not in OFFERED:
        raise UsageError(f"没有 {name} 这种格式，可选：{'、'.join(OFFERED)}")
    return OFFERED[name]
