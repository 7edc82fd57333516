"""A report into a Word document, through a template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import escape

from govdisclose.errors import TemplateError
from govdisclose.finding import Finding
from govdisclose.form.outline import outline
from govdisclose.form.report import AnnualReport, standard_title
from govdisclose.write.context import build_context
from govdisclose.write.draft import describe
from govdisclose.write.word.fill import fill_encoded
from govdisclose.write.word.members import member
from govdisclose.write.word.template import Template

_LEVEL = 1
"""Deflate level of the parts that change: level 6 takes three times as long and saves a sixth."""

_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


def render(
    report: AnnualReport,
    template: Template,
    *,
    findings: Sequence[Finding] = (),
    draft: bool = False,
    previous: AnnualReport | None = None,
) -> bytes:
    """The report as a .docx file; the same report and template give the same bytes.

    Charts, if the template shows any, are drawn against ``previous``, last year's report. With
    ``draft`` the document is marked as one and lists ``findings`` at its end.

    Raises ``TemplateError`` for a template of another edition or one that cannot be filled with
    this report, ``InputError`` for text that no document can hold.
    """
    if report.edition is not template.edition:
        raise TemplateError(
            f"模板 {template.name} 是 {template.edition.name} 格式，"
            f"报告是 {report.edition.name} 格式，两者不能混用"
        )
    names = {**build_context(report), "draft": draft, "findings": describe(findings)}
    pictures: dict[str, bytes] = {}
    if template.pictures:
        from govdisclose.write.word.pictures import fill_pictures

        drawn, pictures = fill_pictures(template.pictures, report, previous)
        names |= drawn
    filled = _filled_parts(template, names)
    if _is_too_wide(template, names):
        from govdisclose.write.word.narrow_numbers import narrowed

        document = filled[template.main].decode()
        fitting = narrowed(document, template.styles)
        filled[template.main] = fitting.encode()
    if template.core:
        filled[template.core] = _core_properties(report, draft)
    return _package(template.base, {**filled, **pictures})


def _filled_parts(template: Template, names: Mapping[str, Any]) -> dict[str, bytes]:
    try:
        return {part: fill_encoded(body, names) for part, body in template.parts.items()}
    except TypeError as error:  # a tag compares what cannot be compared
        raise TemplateError(f"模板 {template.name} 的标签不能填写：条件里的比较不成立") from error


def _is_too_wide(template: Template, names: Mapping[str, Any]) -> bool:
    """Whether any number may be wider than its cell."""
    cells = outline(template.edition).cells
    lengths = {path: len(names[path]) for path in cells}
    if max(lengths.values()) <= template.fits:
        return False
    for path, length in lengths.items():
        if length > template.fits and length > template.rooms.get(path, 0):
            return True
    return False


def _package(base: bytes, members: Mapping[str, bytes]) -> bytes:
    """The packed members that never change, with others added."""
    package = io.BytesIO(base)
    package.seek(0, io.SEEK_END)
    with zipfile.ZipFile(package, "a") as archive:
        for name, content in members.items():
            archive.writestr(member(name), content, compresslevel=_LEVEL)
    return package.getvalue()


def _core_properties(report: AnnualReport, draft: bool) -> bytes:
    """``docProps/core.xml``: set here, since a tag in it would be escaped twice."""
    title = escape(report.title or standard_title(report.agency.name, report.year))
    mark = "（草稿）" if draft else ""
    dates = ""
    if report.published:
        day = f"{report.published.isoformat()}T00:00:00Z"
        for name in ("created", "modified"):
            dates += f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<cp:coreProperties xmlns:cp="{_CORE}"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}{mark}</dc:title>"
        f"<dc:creator>{escape(report.agency.name)}</dc:creator>"
        f"<dc:language>zh-CN</dc:language>{dates}</cp:coreProperties>"
    ).encode()
