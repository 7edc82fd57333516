"""Write the packaged Word templates from the form: ``python tools/build_templates.py [--check]``.

The bytes depend only on the form and these scripts. ``--check`` compares the committed files with
the bytes that would be written now.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

import templates_paper as paper  # noqa: E402  # needs the path set above
from govdisclose.form.edition import EDITIONS, Edition  # noqa: E402  # needs the path set above
from govdisclose.form.outline import outline  # noqa: E402  # needs the path set above
from govdisclose.form.report import SECTIONS, Section  # noqa: E402  # needs the path set above
from templates_styles import (  # noqa: E402  # needs the path set above
    LANDSCAPE_WIDTH,
    LINE,
    Style,
    font_table,
    footer,
    section,
    settings,
    styles,
)
from templates_tables import DESIGNS, LANDSCAPE_REQUESTS, statutory_table  # noqa: E402  # needs the path set above
from templates_xml import paragraph, part, run, w  # noqa: E402  # needs the path set above

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
_PARTS = {
    "styles": "styles+xml",
    "settings": "settings+xml",
    "fontTable": "fontTable+xml",
    "footer1": "footer+xml",
    "footer2": "footer+xml",
}
"""The parts beside the document, and the ends of their content types."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _prose(key: str) -> str:
    """A loop over the paragraphs of one prose section, each in the style of its level.

    If text follows “（一）主动公开情况。” in the paragraph, only these words are set as a heading: a
    whole paragraph that is kept with the next one would leave the page before it half empty. Name and
    date below the last section never stand alone on a page.
    """
    tags = [
        f"{{%p for p in {key} %}}",
        "{%p if p.level == 2 and p.text and p.ragged %}",
        paragraph("BodyLeft", run("{{ p.lead }}", "Lead"), run("{{ p.text }}")),
        "{%p elif p.level == 2 and p.text %}",
        paragraph("Body", run("{{ p.lead }}", "Lead"), run("{{ p.text }}")),
        "{%p elif p.level == 2 %}",
        paragraph("Heading2", run("{{ p.lead }}")),
        "{%p elif p.level == 3 and not p.text %}",
        paragraph("Heading3", run("{{ p.lead }}")),
        "{%p elif p.level == 4 and not p.text %}",
        paragraph("Heading4", run("{{ p.lead }}")),
        *_before_signature(key),
        "{%p elif p.ragged %}",
        paragraph("BodyLeft", run("{{ p.lead }}{{ p.text }}")),
        "{%p else %}",
        paragraph("Body", run("{{ p.lead }}{{ p.text }}")),
        "{%p endif %}",
        "{%p endfor %}",
    ]
    paragraphs = []
    for tag in tags:
        is_paragraph = tag.startswith("<")
        paragraphs.append(tag if is_paragraph else paragraph("Body", run(tag)))
    return "".join(paragraphs)


def _before_signature(key: str) -> list[str]:
    """The branch for the last paragraph of the report, which stays with name and date."""
    if key != SECTIONS[-1].key:
        return []
    return [
        "{%p elif loop.last and signature and p.ragged %}",
        paragraph("BodyKeptLeft", run("{{ p.lead }}{{ p.text }}")),
        "{%p elif loop.last and signature %}",
        paragraph("BodyKept", run("{{ p.lead }}{{ p.text }}")),
    ]


LAYOUTS = ("", "cover", "charts", "landscape")
"""The packaged layouts: the standard one, with a cover, with charts, with table three across a page."""

_AIR_BELOW_TABLE = w("spacing", before=LINE // 2)
"""Half a line between a table and the heading below it."""

_CHARTS = {"requests": ("applicants", "outcomes", "refusals"), "disputes": ("disputes",)}
"""The charts below a table."""


def document(edition: Edition, layout: str = "") -> str:
    """``word/document.xml`` of one edition in one of ``LAYOUTS``."""
    body = [paragraph("ReportTitle", run("{{ title }}")), _prose("preface")]
    if layout == "cover":
        body.insert(0, _cover())
    follows_table = False
    for chapter in SECTIONS:
        key = chapter.key
        if not chapter.is_table:
            air = _AIR_BELOW_TABLE if follows_table else ""
            body += [paragraph("Heading1", run(chapter.heading), extra=air), _prose(key)]
        elif layout == "landscape" and DESIGNS[key].own_page:
            body += _landscape_table(edition, chapter)
        else:
            body += _table(edition, chapter)
        follows_table = chapter.is_table
        if layout == "charts":
            body += [
                paragraph("Chart", run(f"{{{{ charts.{name} }}}}")) for name in _CHARTS.get(key, ())
            ]
    body.append(_signature())
    # After a cover the pages are numbered from one.
    last = section("footer1", "footer2", start=1 if layout == "cover" else 0)
    return part("document", w("body", *body, last))


def _table(edition: Edition, chapter: Section) -> list[str]:
    """The heading of a section and its table."""
    extra = w("pageBreakBefore") if DESIGNS[chapter.key].own_page else ""
    heading = paragraph("Heading1", run(chapter.heading), extra=extra)
    return [heading, statutory_table(outline(edition).tables[chapter.key], chapter)]


def _landscape_table(edition: Edition, chapter: Section) -> list[str]:
    """The same on a landscape page of its own."""
    table = outline(edition).tables[chapter.key]
    return [
        _section_end(section("footer1", "footer2")),
        paragraph("Heading1", run(chapter.heading)),
        statutory_table(table, chapter, LANDSCAPE_REQUESTS, LANDSCAPE_WIDTH),
        _section_end(section("footer1", "footer2", landscape=True)),
    ]


def _section_end(properties: str) -> str:
    """A paragraph of no height with the properties of the section that it ends."""
    return w("p", w("pPr", w("spacing", before=0, after=0, line=20, lineRule="exact"), properties))


def _cover() -> str:
    """A page with agency, kind of report, year and date; it has no page number."""
    return "".join(
        (
            paragraph("CoverAgency", run("{{ agency.name }}")),
            paragraph("CoverTitle", run("政府信息公开工作年度报告")),
            paragraph("CoverYear", run("（{{ year }}年度）")),
            paragraph(
                "CoverDate", run("{% if signed %}{{ signed }}{% else %}{{ published }}{% endif %}")
            ),
            _section_end(section()),
        )
    )


def _signature() -> str:
    """Name and date below the report, if it is signed: the name is centred above the date.

    A name that is wider than the room for it stands at the right margin.
    """
    return "".join(
        (
            paragraph("Body", run("{%p if signature and signature|length > 14 %}")),
            paragraph("SignatureLong", run("{{ signature }}")),
            paragraph("Body", run("{%p elif signature %}")),
            paragraph("Signature", run("{{ signature }}")),
            paragraph("Body", run("{%p endif %}")),
            paragraph("Body", run("{%p if signed %}")),
            paragraph("Signed", run("{{ signed }}")),
            paragraph("Body", run("{%p endif %}")),
        )
    )


@frozen
class _Relationship:
    """One relationship: its id, type and target."""

    key: str
    kind: str
    target: str


def _relationships(relationships: Iterable[_Relationship]) -> str:
    lines = []
    for one in relationships:
        lines.append(f'<Relationship Id="{one.key}" Type="{one.kind}" Target="{one.target}"/>')
    body = "".join(lines)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'


def _content_types() -> str:
    overrides = {f"/word/{name}.xml": f"{_WORD}.{kind}" for name, kind in _PARTS.items()}
    overrides["/word/document.xml"] = f"{_WORD}.document.main+xml"
    overrides["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    lines = [
        f'<Default Extension="rels" ContentType="{_RELATIONSHIPS}"/>',
        '<Default Extension="xml" ContentType="application/xml"/>',
    ]
    for name, kind in sorted(overrides.items()):
        lines.append(f'<Override PartName="{name}" ContentType="{kind}"/>')
    body = "".join(lines)
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{body}</Types>'


def _core(edition: Edition) -> str:
    return properties(f"政府信息公开工作年度报告模板（{edition.name}格式）", edition.basis)


def properties(title: str, subject: str = "") -> str:
    """``docProps/core.xml``."""
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title>"
        f"<dc:subject>{subject}</dc:subject>"
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def build(edition: Edition, layout: str = "") -> bytes:
    """The template of ``edition`` as a .docx file; the same bytes every time."""
    return packed(document(edition, layout), _core(edition))


def templates() -> Iterator[tuple[str, bytes]]:
    """The name and content of every packaged template, and of the sheets to fill by hand."""
    for name, edition in EDITIONS.items():
        for layout in LAYOUTS:
            file = f"layouts/{name}-{layout}.docx" if layout else f"{name}.docx"
            yield file, build(edition, layout)
        about = properties(f"政府信息公开工作年度报告统计表手填表（{name}格式）", edition.basis)
        yield f"paper/{name}.docx", packed(paper.paper_sheet(edition), about, paper.STYLES)


def packed(body: str, about: str, more: Iterable[Style] = ()) -> bytes:
    """A .docx file in the styles of the templates, from ``word/document.xml`` and its properties.

    ``more`` are styles that only this file has.
    """
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    top = [
        _Relationship("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
        _Relationship("rId2", core, "docProps/core.xml"),
    ]
    below = []
    for name, kind in _PARTS.items():
        type_ = f"{_OFFICE}/{kind.removesuffix('+xml')}"
        below.append(_Relationship(name, type_, f"{name}.xml"))
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(top),
        "word/document.xml": body,
        "word/_rels/document.xml.rels": _relationships(below),
        "word/styles.xml": styles(more),
        "word/settings.xml": settings(),
        "word/fontTable.xml": font_table(),
        "word/footer1.xml": footer("PageOdd"),
        "word/footer2.xml": footer("PageEven"),
        "docProps/core.xml": about,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def stale(folder: Path) -> list[str]:
    """Names of the templates in ``folder`` that differ from those built now.

    The inflated members are compared: another zlib compresses the same text into other bytes.
    """
    behind = []
    for name, data in templates():
        path = folder / name
        if not path.exists() or members(path.read_bytes()) != members(data):
            behind.append(name)
    return behind


def members(package: bytes) -> list[tuple[str, bytes]]:
    """The parts of a package by name, inflated."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def main(arguments: list[str]) -> int:
    """Write the templates, or compare them with ``--check``; exit code 1 if they differ."""
    folder = ROOT / "templates"
    if "--check" in arguments:
        behind = stale(folder)
        for name in behind:
            sys.stderr.write(f"{name} is stale: run tools/build_templates.py\n")
        return 1 if behind else 0
    for below in ("layouts", "paper"):
        (folder / below).mkdir(exist_ok=True)
    for name, data in templates():
        (folder / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
