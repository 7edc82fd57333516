"""A report into a Word document, through a template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from markupsafe import escape

from govdisclose.errors import TemplateError
from govdisclose.finding import Finding
from govdisclose.form.report import AnnualReport, standard_title
from govdisclose.write.context import build_context
from govdisclose.write.draft import describe
from govdisclose.write.word.template import Template, member

_LEVEL = 1
"""Deflate level of the parts that change: level 6 takes three times as long for a file one sixth smaller."""


def render(
    report: AnnualReport,
    template: Template,
    *,
    findings: Sequence[Finding] = (),
    draft: bool = False,
    previous: AnnualReport | None = None,
) -> bytes:
    """The report as a .docx file; the same report and template give the same bytes.

    Charts, where the template shows any, are drawn against ``previous``, last year's report.

    With ``draft`` the document is marked as one and lists ``findings`` at its end. Raises
    ``TemplateError`` for a template of another edition, ``InputError`` for text no document can hold.
    """
    if report.edition is not template.edition:
        raise TemplateError(
            f"模板 {template.name} 是 {template.edition.name} 格式，报告是 {report.edition.name} 格式，两者不能混用"
        )
    context = {**build_context(report), "draft": draft, "findings": describe(findings)}
    added: dict[str, bytes] = {}
    if template.pictures:
        from govdisclose.write.word.pictures import fill_pictures

        drawn, added = fill_pictures(template.pictures, report, previous)
        context |= drawn
    changed = {name: fill(context) for name, fill in template.parts.items()}
    if template.core:
        changed[template.core] = _core_properties(report, draft)
    package = io.BytesIO(template.base)
    package.seek(0, io.SEEK_END)
    with zipfile.ZipFile(package, "a") as archive:
        for name, text in changed.items():
            archive.writestr(member(name), text.encode(), compresslevel=_LEVEL)
        for name, data in added.items():
            archive.writestr(member(name), data, compresslevel=_LEVEL)
    return package.getvalue()


def _core_properties(report: AnnualReport, draft: bool) -> str:
    """``docProps/core.xml``: set here, since a tag in it would be escaped twice."""
    title = report.title or standard_title(report.agency.name, report.year)
    day = report.published.isoformat() if report.published else ""
    dates = (
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:{name}>'
        for name in (("created", "modified") if day else ())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}{'（草稿）' if draft else ''}</dc:title>"
        f"<dc:creator>{escape(report.agency.name)}</dc:creator>"
        f"<dc:language>zh-CN</dc:language>{''.join(dates)}</cp:coreProperties>"
    )
