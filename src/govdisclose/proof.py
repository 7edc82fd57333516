"""The proof of a written document: what it says, read back from the disk, is what the report says.

The first document of a template is read by its labels, as anybody's would be. That also shows between
which pieces of its tables' XML each statutory value stands; where a later document of the same template
is these pieces and the values of its report to the letter, its labels need no second reading.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from weakref import WeakKeyDictionary

from govdisclose.errors import OutputError, TemplateError
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.outline import outline
from govdisclose.form.printed import format_value
from govdisclose.form.report import AnnualReport, Paragraph, blank_report
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.rules import rule_of
from govdisclose.write.word import Template, load_template, render
from govdisclose.write.word.layout import Layout

_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
"""Our own output is read here, whose elements are written in one way only: a parser takes five times as long."""

_PROBED = re.compile(r"(?<=>)[+-]?\d{6}(?=<)")
"""A number of ``_numbered`` as it stands in the XML."""

_layouts: WeakKeyDictionary[Template, Layout | None] = WeakKeyDictionary()
"""Templates that a document has been written with; ``None`` after the first."""

_faults: WeakKeyDictionary[Template, tuple[str, ...]] = WeakKeyDictionary()
"""What is wrong with users' templates that have been proved."""


def verify_document(data: bytes, *, report: AnnualReport, template: Template) -> None:
    """Compare every statutory cell and every paragraph of a document with ``report``.

    Raises ``OutputError`` naming what differs.
    """
    layout = template.layout or _learnt(template)
    wrong, lost = (layout and _by_pieces(layout, data, template.main, report)) or _by_labels(
        data, report
    )
    if wrong or lost:
        what = f"单元格 {'、'.join(wrong[:3])}" if wrong else f"文字“{lost[0][:20]}……”"
        raise OutputError(
            f"回读核对不一致：{what} 与工作簿不同（共 {len(wrong) + len(lost)} 处），没有写出文件；"
            f"模板 {template.name} 的表格行列名称应与法定格式一致"
        )


def proved_template(edition: Edition, path: Path | None = None) -> Template:
    """The packaged template, or the user's own once a made-up report has been read back from it.

    Raises ``TemplateError`` for one that prints a cell beside another's label or loses prose, even where
    the report at hand would not show it.
    """
    template = load_template(edition, path)
    if path is not None:
        if template not in _faults:
            _faults[template] = tuple(shown_faults(template))
        if _faults[template]:
            raise TemplateError(f"模板 {path.name} 不能使用：{'；'.join(_faults[template][:5])}")
    return template


def shown_faults(template: Template) -> Iterator[str]:
    """What a made-up report, written with a template and read back, shows wrongly, in Chinese phrases."""
    wrong, lost = misplaced(template)
    yield from _beside(wrong, template.edition)
    if lost:
        yield "文字部分没有印全：循环中每一段都要写 {{ p.lead }}{{ p.text }}，各部分的先后不能变"


def _beside(paths: Sequence[str], edition: Edition) -> Iterator[str]:
    """Problems of tags that do not stand beside their labels."""
    cells = outline(edition).cells
    if len(paths) > len(cells) // 2:
        yield f"三张法定表格按行名、列名读不出来（{len(paths)} 格），多半是改动了行名、列名或删了行、列"
        return
    for path in paths:
        if path not in cells:
            yield f"法定的表、行或列有两份{path}"
            continue
        place = "／".join((*cells[path].row[-1:], *cells[path].column[-1:]))
        yield f"{{{{ {path} }}}} 不在“{place}”的格子里，或者那一行、那一列的名称被改动"


def _learnt(template: Template) -> Layout | None:
    """The layout of a template that has been written with before: learning it costs as much as three proofs."""
    if template in _layouts and _layouts[template] is None:
        _layouts[template] = learn_layout(template)
    return _layouts.setdefault(template, None)


def _texts(data: bytes, main: str) -> tuple[str, list[str]]:
    """The XML of all tables, and the text of every paragraph outside them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(main).decode()
    tables, between = [], []
    for part in xml.split("<w:tbl>"):
        table, _, after = part.rpartition("</w:tbl>")
        tables.append(table)
        between.append(after)
    return "".join(tables), [_joined(part).strip() for part in "".join(between).split("</w:p>")]


def _joined(xml: str) -> str:
    """The text of one element, from its XML."""
    text = "".join(_TEXT.findall(xml))
    if "&" not in text:
        return text
    from html import unescape  # loads a table of 2,000 names

    return unescape(text)


def _by_pieces(
    layout: Layout, data: bytes, main: str, report: AnnualReport
) -> tuple[list[str], list[str]] | None:
    """The lines that differ, where the tables are as expected to the letter; of others labels must tell."""
    if not layout.cells:
        return None
    tables, paragraphs = _texts(data, main)
    return ([], _lost(paragraphs, report)) if tables == _expected(layout, report) else None


def _expected(layout: Layout, report: AnnualReport) -> str:
    """The XML that the tables of a document of ``report`` have."""
    printed = _printed(report)
    values = (printed[path] for path in layout.cells)
    return layout.pieces[0] + "".join(
        v + piece for v, piece in zip(values, layout.pieces[1:], strict=True)
    )


def _by_labels(data: bytes, report: AnnualReport) -> tuple[list[str], list[str]]:
    """The cells and the lines that differ, found as any reader would find them."""
    from govdisclose.read.published.word.reader import read_document
    from govdisclose.read.tables.values import read_tables  # not needed where the layout is known

    document = read_document(data)
    tables = read_tables(document.grids, report.edition)
    wrong = [path for path, value in report.values().items() if tables.values.get(path) != value]
    # What is there twice is read once, and the other may say anything.
    if not wrong:
        doubled = [finding for finding in tables.findings if rule_of(finding).doubled]
        wrong = [f"（{finding.text}）" for finding in doubled]
    return wrong, _lost([line.strip() for line in document.paragraphs], report)


def learn_layout(template: Template) -> Layout:
    """Fill in a report with a different number in every cell, and see where they stand and that labels find them.

    A template in which that does not work gets a layout without cells.
    """
    prose = dict.fromkeys(PROSE_SHEETS, (Paragraph("（一）某段。"), Paragraph("另一段。")))
    probe = _numbered(blank_report(template.edition, title="标题", **prose))
    data = render(probe, template)
    tables, paragraphs = _texts(data, template.main)
    path_of = {text: path for path, text in _printed(probe).items()}
    found = _PROBED.findall(tables)
    if sorted(found) != sorted(path_of) or any(
        (*_by_labels(data, probe), *_lost(paragraphs, probe))
    ):
        return Layout([], [])
    return Layout(_PROBED.split(tables), [path_of[text] for text in found])


def _numbered(report: AnnualReport) -> AnnualReport:
    """The report with another number in every cell."""
    cells = outline(report.edition).cells.values()
    return report.with_values(
        {c.path: Decimal(n) if c.kind is Kind.MONEY else n for n, c in enumerate(cells, 100_000)}
    )


def misplaced(template: Template) -> tuple[list[str], list[str]]:
    """The cells that a document of this template would not show beside their labels, and prose it would lose.

    Cells are named by their paths, what is there twice in brackets, prose by its first lost line in a made-up report.
    """
    prose = {
        key: tuple(Paragraph(f"（一）{key}{level}。其余", level) for level in (0, 2, 3, 4))
        for key in PROSE_SHEETS
    }
    probe = _numbered(blank_report(template.edition, title="标题", **prose))
    return _by_labels(render(probe, template), probe)


def _printed(report: AnnualReport) -> dict[str, str]:
    values = report.values()
    return {
        path: format_value(values[path], cell.kind)
        for path, cell in outline(report.edition).cells.items()
    }


def _lost(paragraphs: list[str], report: AnnualReport) -> list[str]:
    """The first line of the report's prose that does not follow, in ``paragraphs``, the one before it.

    The preface may stand anywhere (on a cover, say); the sections come in their order.
    """
    for part in (report.preface, (*report.overview, *report.problems, *report.other_matters)):
        following = iter(paragraphs)
        for line in (line.strip() for p in part for line in p.text.split("\n")):
            if line and line not in following:
                return [line]
    return []
