"""A template's file → code that fills it: docxtpl prepares the XML, Jinja parses it, lint judges it.

docxtpl joins tags that Word has split and lifts loops out of paragraphs. Nothing of a template is
ever run by Jinja: ``program.py`` turns what lint lets through into plain code.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from attrs import field, frozen
from jinja2 import Environment

from govdisclose.errors import TemplateError
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.package import Package, PackageError, open_package
from govdisclose.write.draft import BOTTOM, TOP
from govdisclose.write.word.package_content import (
    LARGEST_PART,
    TYPES,
    carried_faults,
    content_types,
    outside,
    top_part,
    without_extras,
)
from govdisclose.write.word.pictures import (
    Pictures,
    find_pictures,
    make_room,
    relations_of,
    with_png,
)
from govdisclose.write.word.program import python_source
from govdisclose.write.word.template import member

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = _WORD + "document.main+xml"
_TEXT_PARTS = {
    _WORD + f"{kind}+xml" for kind in ("document.main", "header", "footer", "footnotes", "endnotes")
}
_HIDDEN, _SHOWN = str.maketrans("{}", "\ufdd0\ufdd1"), str.maketrans("\ufdd0\ufdd1", "{}")
"""Braces, and characters that no text has."""
_TOP_MARK, _BOTTOM_MARK = "<!--draft top-->", "<!--draft bottom-->"


@frozen
class Prepared:
    """The Python source of every part with tags, the package without these parts, and where its properties are.

    ``pictures`` are the charts it shows; their relationships are not in the package either. ``main`` is the
    part that is the document.
    """

    parts: Mapping[str, str] = field(repr=False)
    base: bytes = field(repr=False)
    core: str | None
    pictures: Pictures | None = None
    main: str = "word/document.xml"


@frozen
class Opened:
    """A template's package and the Jinja source of its parts, unchecked.

    ``faults`` are what it would carry into every report besides what it shows, ``left_behind`` the names of
    data that no page shows and that is not in ``package`` any more.
    """

    package: Package = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)
    main: str
    faults: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()


def prepare(data: bytes, name: str, edition: Edition) -> Prepared:
    """Check a .docx file and prepare it for ``edition``. Raises ``TemplateError``."""
    opened = open_template(data, name)
    archive = opened.package
    core = top_part(archive, "core-properties")
    jinja = Environment(keep_trailing_newline=True)
    sources = checked_sources(opened, name, edition)
    parts = {
        part: python_source(jinja.parse(source), outline(edition).cells)
        for part, source in sources.items()
    }
    relations = relations_of(opened.main)
    pictures = find_pictures(sources, opened.main, archive.parts.get(relations))
    if pictures is None:
        return Prepared(parts, _without(archive, {*parts, core}), core, main=opened.main)
    changed = {TYPES: with_png(archive.read(TYPES))}
    base = _without(archive, {*parts, core, pictures.relations}, changed)
    return Prepared(parts, base, core, pictures, opened.main)


def _open(data: bytes, name: str) -> Package:
    try:
        return open_package(data, f"模板 {name} ")
    except PackageError as error:
        raise TemplateError(f"{error}") from error


def _content_types(archive: Package) -> dict[str, str]:
    return content_types(archive)


def _without(
    archive: Package, names: set[str | None], changed: Mapping[str, bytes] | None = None
) -> bytes:
    """The package without some members, others ``changed``, packed again with fixed dates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as base:
        for name in archive.namelist():
            if name not in names and not name.endswith("/"):
                base.writestr(member(name), (changed or {}).get(name) or archive.read(name))
    return buffer.getvalue()


def _refuse_kind(archive: Package, types: Mapping[str, str], name: str) -> None:
    """Refuse what is no .docx, or is one with macros, links to other files or embedded programs."""
    kinds = " ".join(types.values())
    if "spreadsheetml" in kinds:
        raise TemplateError(f"模板 {name} 是 Excel 工作簿，不是 Word 文档")
    macros = "macroEnabled" in kinds or "vbaProject" in kinds
    if macros or any(n.lower().endswith("vbaproject.bin") for n in archive.namelist()):
        raise TemplateError(f"模板 {name} 含有宏，请另存为不含宏的 .docx")
    if _MAIN not in types.values():
        raise TemplateError(f"模板 {name} 不是 .docx 文档，请用 Word 或 WPS 另存为 .docx")
    outward = sorted(set(outside(archive)))
    if outward:
        raise TemplateError(
            f"模板 {name} 含有外部链接或嵌入对象，请删除后再用：{'、'.join(outward[:5])}"
        )


def _main_part(archive: Package, types: Mapping[str, str], name: str) -> str:
    """The one part that is the document: by the relationships of the package, and by its type."""
    found = top_part(archive, "officedocument")
    documents = [part for part, kind in types.items() if kind == _MAIN]
    if found is None or documents != [found]:
        raise TemplateError(f"模板 {name} 里认不出哪一部分是正文，请用 Word 或 WPS 打开后另存一份")
    return found


def open_template(data: bytes, name: str) -> Opened:
    """The package of a template and the Jinja source of every part that may hold tags, for who wants to know all of it.

    Raises ``TemplateError`` for what is no .docx that may be used.
    """
    from govdisclose.write.word.lint import part_name

    archive = _open(data, name)
    _refuse_kind(archive, content_types(archive), name)
    archive, left_behind = without_extras(archive)
    types = content_types(archive)
    main = _main_part(archive, types, name)
    texts = [part for part in archive.namelist() if types.get(part) in _TEXT_PARTS]
    faults = carried_faults(
        archive, texts, part_name
    )  # a report would take over what is damaged as well
    sources = {part: _patch(archive.read(part), part, main=part == main) for part in texts}
    return Opened(archive, sources, main, tuple(faults), left_behind)


def checked_sources(opened: Opened, name: str, edition: Edition) -> dict[str, str]:
    """Jinja source of every part that changes, after the template has passed all checks."""
    from govdisclose.write.word.lint import lint

    problems = [*opened.faults, *lint(opened.sources, edition)]
    if problems:
        more = f"；等共 {len(problems)} 处" if len(problems) > 5 else ""
        raise TemplateError(f"模板 {name} 不能使用：{'；'.join(problems[:5])}{more}")
    return {
        part: source.replace(_TOP_MARK, TOP, 1).replace(_BOTTOM_MARK, BOTTOM, 1)
        for part, source in opened.sources.items()
        if part == opened.main or "{{" in source or "{%" in source
    }


def _patch(content: bytes, part: str, main: bool) -> str:
    """Part ``content`` as Jinja source, one paragraph a line, with marks where a draft is marked."""
    from docxtpl import DocxTemplate
    from lxml import etree

    from govdisclose.write.word.lint import unfinished

    if len(content) > LARGEST_PART:
        raise TemplateError(f"模板的部件 {part} 过大（{len(content)} 字节）")
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True
    )
    try:
        root = etree.fromstring(content, parser)
        body = root if not main else next(root.iterchildren("{*}body"))
    except (etree.XMLSyntaxError, StopIteration) as error:
        raise TemplateError(f"模板的部件 {part} 已损坏，请用 Word 或 WPS 打开后另存一份") from error
    if main:
        end = len(body) - 1 if len(body) and body[-1].tag.endswith("}sectPr") else len(body)
        make_room(root)
        body.insert(end, etree.Comment("draft bottom"))
        body.insert(0, etree.Comment("draft top"))
    lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", etree.tostring(root, encoding="unicode")).split("\n")
    for number in unfinished("\n".join(lines)):
        # docxtpl would take all up to the end of the next tag for this one.
        lines[number - 1] = lines[number - 1].translate(_HIDDEN)
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return declaration + str(DocxTemplate(io.BytesIO()).patch_xml("\n".join(lines))).translate(
        _SHOWN
    )
