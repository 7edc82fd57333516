"""The proof of a written document: the report that is read back from the disk is equal.

The first document of a template is read by the labels of its tables, as any reader would read it.
That also finds the pieces of XML around each statutory value. A later document of the same template
is compared with these pieces and the values of its report, letter by letter. Its labels are read
again only where it differs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from attrs import define, evolve, frozen

from govdisclose.errors import OutputError, TemplateError
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.outline import Cell, outline
from govdisclose.form.printed import chinese_date, format_value
from govdisclose.form.report import AnnualReport, Paragraph, Prose, blank_report, signature_of
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.rules import rule_of
from govdisclose.write.word import Template, load_template, render
from govdisclose.write.word.layout import Layout
from govdisclose.write.word.loading import make_template, template_bytes, template_name

OwnTemplate: TypeAlias = str | Path | bytes
"""A user's own template: its path, or the content of the file."""

_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
"""Our own output writes these elements in one way only, and a parser is five times slower."""

_PROBED = LazyPattern(r"(?<=>)[+-]?\d{6}(?=<)")
"""A number of ``_numbered`` in the XML."""

_FIRST_NUMBER = 100_000
_PROBED_DIGITS = 6

_KEPT = 8
"""Own templates that are remembered at a time."""

_SHOWN_CELLS = 3
"""Cells that a message names."""

_SHOWN_LETTERS = 20
"""Letters of a lost line that a message quotes."""


@frozen(eq=False)
class Difference:
    """How a document differs from its report: paths of cells, and the first lost line of prose."""

    cells: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.lost)

    def __str__(self) -> str:
        if self.cells:
            some = "、".join(self.cells[:_SHOWN_CELLS])
            return f"单元格 {some}"
        line = self.lost[0]
        beginning = line[:_SHOWN_LETTERS]
        return f"文字“{beginning}……”"

    @property
    def count(self) -> int:
        """How many differences there are."""
        return len(self.cells) + len(self.lost)


# --- templates and their layouts ------------------------------------------------------------------


@define(eq=False, repr=False)
class ProvedTemplate:
    """A template, and the layout of its tables once a document has been proved with it.

    Learning a layout costs as much as three proofs, so it waits for the second document.
    """

    template: Template
    _layout: Layout | None = None
    _used: bool = False

    def verify(self, data: bytes, report: AnnualReport) -> None:
        """Compare every statutory cell and every paragraph of a document with ``report``.

        Raises ``OutputError``, which names the differences.
        """
        found = self._by_pieces(data, report)
        if found is None:
            found = differences(data, report)
        name = self.template.name
        for line in found.lost:
            if line in _signature_lines(report):
                raise OutputError(
                    f"模板 {name} 没有印落款“{line}”，没有写出文件：在模板末尾"
                    "加上 {{ signature }} 和 {{ signed }}，或者清空基本信息的落款和成文日期"
                )
        if found:
            raise OutputError(
                f"回读核对不一致：{found} 与工作簿不同（共 {found.count} 处），没有写出文件；"
                f"模板 {name} 的表格行列名称应与法定格式一致"
            )

    def _by_pieces(self, data: bytes, report: AnnualReport) -> Difference | None:
        """Compare with the known layout; ``None`` where the tables are not exactly as it says."""
        layout = self._known_layout()
        if layout is None or not layout.cells:
            return None
        text = _document_text(data, self.template.main)
        if text.tables != _expected_tables(layout, report):
            return None
        lost = _first_lost(text.paragraphs, report)
        return Difference(lost=lost)

    def _known_layout(self) -> Layout | None:
        if self.template.layout is not None:
            return self.template.layout
        if self._used and self._layout is None:
            self._layout = learn_layout(self.template)
        self._used = True
        return self._layout


class Templates:
    """The templates that one owner works with, each prepared and proved once."""

    def __init__(self) -> None:
        self._packaged: dict[str, ProvedTemplate] = {}
        self._own: dict[tuple[str, str, bytes], ProvedTemplate | TemplateError] = {}

    def load(self, edition: Edition, source: OwnTemplate | None = None) -> ProvedTemplate:
        """The packaged template of ``edition``, or the user's own.

        An own template is filled with a made-up report, which is read back. Raises
        ``TemplateError`` for one that prints a cell beside another's label or loses prose, even
        where the report at hand would not show it.
        """
        if source is None:
            return self._load_packaged(edition)
        data = template_bytes(source)
        name = template_name(source)
        key = (edition.name, name, data)
        known = self._own.get(key)
        if known is None:
            if len(self._own) >= _KEPT:
                self._own.clear()
            known = _proved(data, name, edition)
            self._own[key] = known
        if isinstance(known, TemplateError):
            said = str(known)
            raise TemplateError(said)
        return known

    def _load_packaged(self, edition: Edition) -> ProvedTemplate:
        known = self._packaged.get(edition.name)
        if known is None:
            template = load_template(edition)
            known = ProvedTemplate(template)
            self._packaged[edition.name] = known
        return known


def _proved(data: bytes, name: str, edition: Edition) -> ProvedTemplate | TemplateError:
    try:
        template = make_template(data, name, edition)
    except TemplateError as error:
        return error
    faults = list(shown_faults(template))
    if faults:
        from govdisclose.write.word.faults import unusable

        return unusable(name, faults)
    return ProvedTemplate(template)


def shown_faults(template: Template) -> Iterator[str]:
    """What made-up reports show wrongly with a template, in Chinese phrases."""
    from govdisclose.write.word.probes import probes

    full, *others = probes(template)
    document = render(full, template)
    found = differences(document, full)
    if found:
        yield from _cell_faults(found.cells, template.edition)
        if found.lost:
            yield f"文字部分没有印全：{_HOW_TO_PRINT_PROSE}"
        return
    faults = _conditional_faults(template, others)
    yield from dict.fromkeys(faults)


def _conditional_faults(template: Template, reports: Sequence[AnnualReport]) -> Iterator[str]:
    """Faults that a report with all numbers does not show, because a condition has another result."""
    cells = outline(template.edition).cells
    for report in reports:
        document = render(report, template)
        found = differences(document, report)
        for path in found.cells:
            if path in cells:
                place = _place(cells[path])
                yield f"{{{{ {path} }}}} 在“{place}”的单元格里受条件限制，有的报告里印的不是这一格的数"
            else:
                yield f"有的报告里，法定的表、行或列有两份{path}"
        if found.lost:
            yield f"文字部分受条件限制，有的报告里没有印全：{_HOW_TO_PRINT_PROSE}"


_HOW_TO_PRINT_PROSE = "循环中每一段都要写 {{ p.lead }}{{ p.text }}，各部分的先后不能变"


def _place(cell: Cell) -> str:
    """The innermost labels of a cell's row and column."""
    innermost = (*cell.row[-1:], *cell.column[-1:])
    return "／".join(innermost)


def _cell_faults(paths: Sequence[str], edition: Edition) -> Iterator[str]:
    """Problems of tags that are not beside their labels."""
    cells = outline(edition).cells
    count = len(paths)
    half = len(cells) // 2
    if count > half:
        yield f"三张法定表格按行名、列名读不出来（{count} 格），多半是改动了行名、列名或删了行、列"
        return
    for path in paths:
        cell = cells.get(path)
        if cell is None:
            yield f"法定的表、行或列有两份{path}"
            continue
        place = _place(cell)
        yield f"{{{{ {path} }}}} 不在“{place}”的单元格里，或者那一行、那一列的名称被改动"


# --- a document by its labels --------------------------------------------------------------------


def differences(data: bytes, report: AnnualReport) -> Difference:
    """How a document differs from ``report``, found by labels as any reader would find it."""
    # These readers are not needed where the layout is known.
    from govdisclose.read.published.word.reader import read_document
    from govdisclose.read.tables.values import read_tables

    document = read_document(data)
    tables = read_tables(document.grids, report.edition)
    wrong: list[str] = []
    for path, value in report.values().items():
        printed = tables.values.get(path)
        if printed != value:
            wrong.append(path)
    if not wrong:
        # Of a table that is there twice only one is read, and the other may say anything.
        for finding in tables.findings:
            rule = rule_of(finding)
            if rule.doubled:
                wrong.append(f"（{finding.text}）")
    paragraphs = [line.strip() for line in document.paragraphs]
    lost = _first_lost(paragraphs, report)
    return Difference(tuple(wrong), lost)


def _first_lost(paragraphs: Sequence[str], report: AnnualReport) -> tuple[str, ...]:
    """The first line of prose that does not follow the one before it in ``paragraphs``.

    The preface may be anywhere, for example on a cover, and so may name and date. The sections come
    in their order.
    """
    sections = (*report.overview, *report.problems, *report.other_matters)
    signature = [Paragraph(text) for text in _signature_lines(report)]
    for prose in (report.preface, sections, signature):
        following = iter(paragraphs)
        for line in _lines(prose):
            if line not in following:
                return (line,)
    return ()


def _signature_lines(report: AnnualReport) -> list[str]:
    """Name and date below the last section, as they are printed; nothing unless it is signed."""
    lines: list[str] = []
    for text in (signature_of(report), chinese_date(report.signed)):
        if text:
            lines.append(text)
    return lines


def _lines(prose: Iterable[Paragraph]) -> Iterator[str]:
    """The lines of some paragraphs, without those that are blank."""
    for paragraph in prose:
        for line in paragraph.text.split("\n"):
            stripped = line.strip()
            if stripped:
                yield stripped


# --- a document by the pieces of its template ----------------------------------------------------


@frozen(eq=False, repr=False)
class _DocumentText:
    """The XML of all tables of a document, and the text of every paragraph outside them."""

    tables: str
    paragraphs: tuple[str, ...]


def learn_layout(template: Template) -> Layout:
    """Where a template prints each statutory value.

    A report with a different number in every cell is filled in, and has to be read back by its
    labels too. A template in which that does not work gets a layout without cells.
    """
    prose: Prose = (Paragraph("（一）某段。"), Paragraph("另一段。"))
    sections = dict.fromkeys(PROSE_SHEETS, prose)
    blank = blank_report(template.edition, title="标题", **sections)
    probe = _numbered(blank)
    # Letters that are narrower for the digits of the probe would be taken for the usual ones.
    as_they_are = evolve(template, fits=_PROBED_DIGITS)
    data = render(probe, as_they_are)
    text = _document_text(data, template.main)
    path_of = {printed: path for path, printed in _printed(probe).items()}
    found = _PROBED.findall(text.tables)
    has_each_once = sorted(found) == sorted(path_of)
    if not has_each_once or differences(data, probe) or _first_lost(text.paragraphs, probe):
        return Layout([], [])
    pieces = _PROBED.split(text.tables)
    cells = [path_of[number] for number in found]
    return Layout(pieces, cells)


def _document_text(data: bytes, main: str) -> _DocumentText:
    tables, outside = _divided(data, main)
    paragraphs: list[str] = []
    for part in outside.split("</w:p>"):
        text = _plain_text(part)
        paragraphs.append(text.strip())
    return _DocumentText(tables, tuple(paragraphs))


def _divided(data: bytes, main: str) -> tuple[str, str]:
    """The XML of all tables of a document, and that of everything outside them."""
    tables: list[str] = []
    between: list[str] = []
    # A text takes twice the memory of its bytes, so the document is never decoded as a whole. It
    # has no name either, so that it is freed before the pieces are joined.
    for part in _member(data, main).split(b"<w:tbl>"):
        table, _, after = part.rpartition(b"</w:tbl>")
        tables.append(table.decode())
        between.append(after.decode())
    return "".join(tables), "".join(between)


def _member(data: bytes, name: str) -> bytes:
    """The content of a member. Raises ``BadZipFile`` if it is not as its checksum says."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file) as archive, archive.open(name) as member:
        # Without a size zlib takes room for several times as much. One byte more shows the end.
        size = archive.getinfo(name).file_size
        return member.read(size + 1)


def _plain_text(xml: str) -> str:
    """The text of one element, from its XML."""
    runs = _TEXT.findall(xml)
    text = "".join(runs)
    if "&" not in text:
        return text
    from html import unescape  # loads a table of 2,000 names

    return unescape(text)


def _expected_tables(layout: Layout, report: AnnualReport) -> str:
    """The XML of the tables of a document of ``report``."""
    printed = _printed(report)
    first, *others = layout.pieces
    text = [first]
    for path, piece in zip(layout.cells, others, strict=True):
        text.append(printed[path])
        text.append(piece)
    return "".join(text)


def _printed(report: AnnualReport) -> dict[str, str]:
    """Every cell as a document prints it."""
    values = report.values()
    cells = outline(report.edition).cells
    return {path: format_value(values[path], cell.kind) for path, cell in cells.items()}


def _numbered(report: AnnualReport) -> AnnualReport:
    """The report with a different number in every cell."""
    cells = outline(report.edition).cells
    values: dict[str, int | Decimal] = {}
    for number, cell in enumerate(cells.values(), _FIRST_NUMBER):
        is_money = cell.kind is Kind.MONEY
        values[cell.path] = Decimal(number) if is_money else number
    return report.with_values(values)
