"""Write the packaged Word templates from the form: ``python tools/build_templates.py [--check]``.

The bytes depend on the form and on this script alone; ``--check`` says whether the committed files
are what would be written now.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from govdisclose.form.edition import EDITIONS, Edition  # noqa: E402  # needs the path set above
from govdisclose.form.outline import outline  # noqa: E402  # needs the path set above
from govdisclose.form.report import SECTIONS  # noqa: E402  # needs the path set above
from templates_styles import font_table, footer, section, settings, styles  # noqa: E402  # needs the path set above
from templates_tables import DESIGNS, statutory_table  # noqa: E402  # needs the path set above
from templates_xml import paragraph, part, run, w  # noqa: E402  # needs the path set above

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "styles": "styles+xml", "settings": "settings+xml", "fontTable": "fontTable+xml",
    "footer1": "footer+xml", "footer2": "footer+xml",
}  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _prose(key: str) -> str:
    """A loop over the paragraphs of one prose section, each in the style of its level.

    Where text runs on after “（一）主动公开情况。” only that opening is set as a heading: a whole
    paragraph kept with the next one would leave the page before it half empty.
    """
    tags = [
        f"{{%p for p in {key} %}}",
        "{%p if p.level == 2 and p.text %}",
        paragraph("Body", run("{{ p.lead }}", "Lead"), run("{{ p.text }}")),
        "{%p elif p.level == 2 %}",
        paragraph("Heading2", run("{{ p.lead }}")),
        "{%p elif p.level == 3 and not p.text %}",
        paragraph("Heading3", run("{{ p.lead }}")),
        "{%p else %}",
        paragraph("Body", run("{{ p.lead }}{{ p.text }}")),
        "{%p endif %}",
        "{%p endfor %}",
    ]
    return "".join(tag if tag.startswith("<") else paragraph("Body", run(tag)) for tag in tags)


def document(edition: Edition) -> str:
    """``word/document.xml`` of one edition."""
    tables = outline(edition).tables
    body = [paragraph("ReportTitle", run("{{ title }}")), _prose("preface")]
    for part_ in SECTIONS:
        own_page = part_.is_table and DESIGNS[part_.key].own_page
        body.append(
            paragraph(
                "Heading1", run(part_.heading), extra=w("pageBreakBefore") if own_page else ""
            )
        )
        body.append(
            statutory_table(tables[part_.key], part_) if part_.is_table else _prose(part_.key)
        )
    return part("document", w("body", *body, section("footer1", "footer2")))


def _relationships(*targets: tuple[str, str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
        for key, kind, target in targets
    )
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'


def _content_types() -> str:
    overrides = {f"/word/{name}.xml": f"{_WORD}.{kind}" for name, kind in _PARTS.items()}
    overrides["/word/document.xml"] = f"{_WORD}.document.main+xml"
    overrides["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    lines = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>'
        for name, kind in sorted(overrides.items())
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{lines}</Types>'
    )


def _core(edition: Edition) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>政府信息公开工作年度报告模板（{edition.name}格式）</dc:title><dc:subject>{edition.basis}</dc:subject>"
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def build(edition: Edition) -> bytes:
    """The template of ``edition`` as a .docx file; the same bytes every time."""
    kinds = {name: f"{_OFFICE}/{kind.removesuffix('+xml')}" for name, kind in _PARTS.items()}
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            ("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", core, "docProps/core.xml"),
        ),
        "word/document.xml": document(edition),
        "word/_rels/document.xml.rels": _relationships(
            *((name, kinds[name], f"{name}.xml") for name in _PARTS)
        ),
        "word/styles.xml": styles(),
        "word/settings.xml": settings(),
        "word/fontTable.xml": font_table(),
        "word/footer1.xml": footer("PageOdd"),
        "word/footer2.xml": footer("PageEven"),
        "docProps/core.xml": _core(edition),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def stale(folder: Path) -> list[str]:
    """Names of the templates in ``folder`` that are not what the form gives now.

    Members are compared inflated: another zlib packs the same text into other bytes.
    """
    return [
        f"{name}.docx"
        for name, edition in EDITIONS.items()
        if not (folder / f"{name}.docx").exists()
        or _members((folder / f"{name}.docx").read_bytes()) != _members(build(edition))
    ]


def _members(package: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def main(arguments: list[str]) -> int:
    """Write both templates, or with ``--check`` compare; 1 when they differ."""
    folder = ROOT / "templates"
    if "--check" in arguments:
        behind = stale(folder)
        sys.stderr.write(
            "".join(f"{name} is stale: run tools/build_templates.py\n" for name in behind)
        )
        return 1 if behind else 0
    for name, edition in EDITIONS.items():
        (folder / f"{name}.docx").write_bytes(build(edition))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
