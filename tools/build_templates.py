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
from govdisclose.write.line_fit import TIGHT, TIGHTER  # noqa: E402  # needs the path set above
from govdisclose.write.signing import (  # noqa: E402  # needs the path set above
    LEFT_OF_LONG,
    LENGTHS,
    NAME_ABOVE_DATE,
    USUAL_LENGTH,
    left_indent,
)
from templates_styles import (  # noqa: E402  # needs the path set above
    LANDSCAPE_WIDTH,
    Style,
    font_table,
    footer,
    section,
    settings,
    signing_place,
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
    lead, text = run("{{ p.lead }}", "Lead"), run("{{ p.text }}")
    with_heading = _spaced(key, lead, text)
    plain = _spaced(key, run("{{ p.lead }}{{ p.text }}"))
    second = [("p.text", with_heading), ("", paragraph("Heading2", run("{{ p.lead }}")))]
    branches = [
        ("p.level == 2", _chosen(second)),
        ("p.level == 3 and not p.text", paragraph("Heading3", run("{{ p.lead }}"))),
        ("p.level == 4 and not p.text", paragraph("Heading4", run("{{ p.lead }}"))),
        ("", plain),
    ]
    return _tag(f"for p in {key}") + _chosen(branches) + _tag("endfor")


def _spaced(key: str, *runs: str) -> str:
    """A paragraph of text; the last one of the report stays with name and date."""
    usual = spaced("p.", *runs)
    if key != SECTIONS[-1].key:
        return usual
    kept = spaced("p.", *runs, extra=w("keepNext"))
    return _chosen([("loop.last and signature", kept), ("", usual)])


def spaced(before: str, *runs: str, extra: str = "") -> str:
    """A paragraph in the style that the names ``spacing`` and ``ragged`` choose.

    ``before`` is what comes before these names.
    """
    styles_of_text = (
        (f"{before}spacing == '{TIGHT}'", "BodyTight"),
        (f"{before}spacing == '{TIGHTER}'", "BodyTighter"),
        (f"{before}ragged", "BodyLeft"),
        ("", "Body"),
    )
    return _chosen(
        (condition, paragraph(style, *runs, extra=extra)) for condition, style in styles_of_text
    )


def _chosen(branches: Iterable[tuple[str, str]]) -> str:
    """The first of some branches whose condition holds; an empty condition always does."""
    word = "if"
    text = ""
    for condition, content in branches:
        text += _tag(f"{word} {condition}" if condition else "else") + content
        word = "elif"
    return text + _tag("endif")


def _tag(words: str) -> str:
    """A tag in a paragraph of its own."""
    return paragraph("Body", run(f"{{%p {words} %}}"))


LAYOUTS = ("", "cover", "charts", "landscape")
"""The packaged layouts: the standard one, with a cover, with charts, with table three across a page."""

_AIR_BELOW_TABLE = w("spacing", before=133)
_AIR_ABOVE_TABLE = w("spacing", after=150)
"""A table with these two, its heading and its lowest rule is a whole number of lines high. In Word and
in LibreOffice the letters stand at different heights in their lines: the gaps look alike in both."""

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
        if layout == "charts" and key in _CHARTS:
            body += _charts(key)
            follows_table = False
    body.append(_signature())
    # After a cover the pages are numbered from one.
    last = section("footer1", "footer2", start=1 if layout == "cover" else 0)
    return part("document", w("body", *body, last))


def _charts(key: str) -> list[str]:
    """The charts below a table; above the first one is the air that is below a table."""
    air = "" if DESIGNS[key].own_page else _AIR_BELOW_TABLE
    charts = []
    for name in _CHARTS[key]:
        charts.append(paragraph("Chart", run(f"{{{{ charts.{name} }}}}"), extra=air))
        air = ""
    return charts


def _table(edition: Edition, chapter: Section) -> list[str]:
    """The heading of a section and its table."""
    extra = w("pageBreakBefore") if DESIGNS[chapter.key].own_page else ""
    heading = paragraph("Heading1", run(chapter.heading), extra=extra + _AIR_ABOVE_TABLE)
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
    """Name and date below the report, if it is signed."""
    return signed_with("signature", "signed")


def signed_with(name: str, day: str) -> str:
    """Name and date of some names, if there is a name, where the length of the date puts them."""
    is_long = f"{name}|length > {NAME_ABOVE_DATE}"
    branches = [(f"{name} and {is_long}", _name_and_date(name, day, signing_place(LEFT_OF_LONG)))]
    for length in LENGTHS:
        if length != USUAL_LENGTH:
            place = signing_place(left_indent(length))
            condition = f"{name} and {day}|length == {length}"
            branches.append((condition, _name_and_date(name, day, place)))
    branches.append((name, _name_and_date(name, day, "")))
    return _chosen(branches)


def _name_and_date(name: str, day: str, place: str) -> str:
    """Name and date at another place than that of their styles, unless ``place`` is empty."""
    signature = paragraph("Signature", run(f"{{{{ {name} }}}}"), extra=place)
    return signature + paragraph("Signed", run(f"{{{{ {day} }}}}"), extra=place)


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
