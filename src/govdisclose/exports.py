"""A report in another form, one line of ``EXPORTS`` for each; those made for readers are checked as compiling is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from govdisclose.errors import FindingsError, UsageError
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.story import PathLike, Source, check_report, reading_of, refuse_input
from govdisclose.write.atomic import publish


def _json(report: AnnualReport) -> bytes:
    from govdisclose.write.data import report_to_json

    return report_to_json(report).encode("utf-8", "surrogatepass")


def word_bytes(report: AnnualReport) -> bytes:
    """A report as the Word file of the packaged template, read back and compared.

    Raises ``InputError``, ``OutputError``.
    """
    from govdisclose.proof import verify_document
    from govdisclose.write.word import load_template, render

    template = load_template(report.edition)
    data = render(report, template)
    verify_document(data, report=report, template=template)
    return data


def _pdf(report: AnnualReport) -> bytes:
    from govdisclose.write.pdf import make_pdf

    return make_pdf(word_bytes(report)).data


def _pdf_notes(data: bytes) -> Sequence[str]:
    from govdisclose.write.pdf import pdf_notes

    return pdf_notes(data)


@frozen
class Export:
    """One form a report can be exported to: how it is made, its file ending, its name for users.

    A ``printed`` form is for readers: errors stop it, quotes in the prose are filled in. ``notes`` says
    what users should know of a file that was made.
    """

    make: Callable[[AnnualReport], bytes]
    suffix: str
    label: str
    printed: bool = False
    notes: Callable[[bytes], Sequence[str]] = lambda _data: ()


EXPORTS = {
    "json": Export(_json, ".json", "数据（可读回）"),
    "pdf": Export(_pdf, ".pdf", "版面与 Word 相同的 PDF（要有 LibreOffice）", printed=True, notes=_pdf_notes),
}
"""What ``export --to`` takes."""


def export_bytes(source: Source, to: str, *, previous: Source | None = None) -> bytes:
    """A report in the form ``to``; quotes in its prose stay as written in data, so that it can be read back.

    ``previous``, last year's report, counts for forms made for readers: they are checked against it.
    Raises ``FindingsError`` when a cell or a table could not be read, so that the export would lack it,
    and for errors of any kind in a form made for readers; ``InputError``, ``OutputError``; ``UsageError``
    for an unknown form.
    """
    if to not in EXPORTS:
        raise UsageError(f"没有 {to} 这种格式，可选：{'、'.join(EXPORTS)}")
    form = EXPORTS[to]
    reading = whole_reading(source)
    return form.make(printed_report(reading, previous) if form.printed else reading.report)


def printed_report(reading: Reading, previous: Source | None = None) -> AnnualReport:
    """A report as it may be published: without errors, quotes in its prose filled in. Raises ``FindingsError``."""
    last = None if previous is None else reading_of(previous)
    findings = check_report(reading, previous=last)
    if any(finding.stops for finding in findings):
        raise FindingsError(findings, reading)
    return fill_quotes(reading.report, last.report if last else None)


def export_report(
    source: Source,
    output: PathLike | None = None,
    *,
    to: str,
    previous: Source | None = None,
    force: bool = False,
) -> Path:
    """Write a report in the form ``to``; without ``output`` beside its source, under the same name.

    Raises as ``export_bytes`` does, and ``OutputError``; ``UsageError`` when ``output`` exists or is the input.
    """
    data = export_bytes(source, to, previous=previous)
    origin = reading_of(source).source if isinstance(source, AnnualReport | Reading) else Path(source)
    if output is None and origin is None:
        raise UsageError("没有来源文件，请给出输出文件名")
    path = Path(output) if output is not None else Path(str(origin)).with_suffix(EXPORTS[to].suffix)
    refuse_input(path, origin)
    publish(path, data, force=force)
    return path


def whole_reading(source: Source) -> Reading:
    """The reading of a source of which nothing is lost, whatever its sums. Raises ``FindingsError``, ``InputError``."""
    reading = reading_of(source)
    lost = [f for f in reading.findings if f.stops and (f.code.startswith("S") or f.path in reading.unread)]
    if lost:
        raise FindingsError(lost, reading)
    return reading
