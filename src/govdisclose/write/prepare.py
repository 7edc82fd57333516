"""A template's file → code that fills it: docxtpl prepares the XML, Jinja parses it, lint judges it.

docxtpl joins tags that Word has split and lifts loops out of paragraphs. Nothing of a template is
ever run by Jinja: ``program.py`` turns what lint lets through into plain code.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from attrs import field, frozen
from jinja2 import Environment

from govdisclose.errors import TemplateError
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.package import Package, PackageError, open_package
from govdisclose.write.draft import BOTTOM, TOP
from govdisclose.write.pictures import Pictures, find_pictures, make_room, relations_of, with_png
from govdisclose.write.program import python_source
from govdisclose.write.template import member

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = _WORD + "document.main+xml"
_TEXT_PARTS = {_WORD + f"{kind}+xml" for kind in ("document.main", "header", "footer", "footnotes", "endnotes")}
_TYPES = "[Content_Types].xml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_ACTIVE = ("attachedTemplate", "oleObject", "package", "control", "vbaProject", "aFChunk", "subDocument")
LARGEST_PART = 4_000_000
"""Bytes of text in one part; docxtpl's patterns take time that grows faster than the text."""
_HIDDEN, _SHOWN = str.maketrans("{}", "\ufdd0\ufdd1"), str.maketrans("\ufdd0\ufdd1", "{}")
"""Braces, and characters that no text has."""
_TOP_MARK, _BOTTOM_MARK = "<!--draft top-->", "<!--draft bottom-->"


@frozen
class Prepared:
    """The Python source of every part with tags, the package without these parts, and where its properties are.

    ``pictures`` are the charts it shows; their relationships are not in the package either.
    """

    parts: Mapping[str, str] = field(repr=False)
    base: bytes = field(repr=False)
    core: str | None
    pictures: Pictures | None = None


def prepare(data: bytes, name: str, edition: Edition) -> Prepared:
    """Check a .docx file and prepare it for ``edition``. Raises ``TemplateError``."""
    archive = _open(data, name)
    types = _content_types(archive)
    core = next((part for part, kind in types.items() if kind == _CORE), None)
    jinja = Environment(keep_trailing_newline=True)
    sources = _sources(archive, types, name, edition)
    parts = {part: python_source(jinja.parse(source), outline(edition).cells) for part, source in sources.items()}
    pictures = _pictures(archive, types, sources)
    if pictures is None:
        return Prepared(parts, _without(archive, {*parts, core}), core)
    changed = {_TYPES: with_png(archive.read(_TYPES))}
    return Prepared(parts, _without(archive, {*parts, core, pictures.relations}, changed), core, pictures)


def _pictures(archive: Package, types: Mapping[str, str], sources: Mapping[str, str]) -> Pictures | None:
    main = next(part for part, kind in types.items() if kind == _MAIN)
    relations = relations_of(main)
    return find_pictures(sources, main, archive.read(relations) if relations in archive.parts else None)


def _open(data: bytes, name: str) -> Package:
    try:
        return open_package(data, f"模板 {name} ")
    except PackageError as error:
        raise TemplateError(f"{error}") from error


def _markup(archive: Package, name: str) -> ElementTree.Element:
    # The standard parser is safe here: open_package lets no DTD through, hence no entities.
    try:
        return ElementTree.fromstring(archive.read(name))
    except (
        ElementTree.ParseError,
        LookupError,
        ValueError,
    ) as error:  # the last two for an encoding that does not exist
        raise TemplateError(f"模板的部件 {name} 已损坏，请用 Word 或 WPS 打开后另存一份") from error


def _content_types(archive: Package) -> dict[str, str]:
    """Part name → content type, of the parts that have one of their own and exist."""
    found = {
        entry.get("PartName", "").lstrip("/"): entry.get("ContentType", "")
        for entry in _markup(archive, _TYPES)
        if entry.tag.endswith("}Override")
    }
    return {name: kind for name, kind in found.items() if name in archive.parts}


def _without(archive: Package, names: set[str | None], changed: Mapping[str, bytes] | None = None) -> bytes:
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
    if (
        "macroEnabled" in kinds
        or "vbaProject" in kinds
        or any(n.endswith("vbaProject.bin") for n in archive.namelist())
    ):
        raise TemplateError(f"模板 {name} 含有宏，请另存为不含宏的 .docx")
    if _MAIN not in types.values():
        raise TemplateError(f"模板 {name} 不是 .docx 文档，请用 Word 或 WPS 另存为 .docx")
    outside = sorted(_outside(archive))
    if outside:
        raise TemplateError(f"模板 {name} 含有外部链接或嵌入对象，请删除后再用：{'、'.join(outside[:5])}")


def _outside(archive: Package) -> Iterator[str]:
    for name in archive.namelist():
        for entry in _markup(archive, name) if name.endswith(".rels") else ():
            kind = entry.get("Type", "").rpartition("/")[2]
            if entry.get("TargetMode") == "External" or kind in _ACTIVE:
                yield f"{kind} → {entry.get('Target', '')}"


def sources_of(data: bytes, name: str) -> tuple[Package, dict[str, str]]:
    """The package of a template and the Jinja source of its parts, unchecked, for who wants to know all about it.

    Raises ``TemplateError`` for what is no .docx that may be used.
    """
    archive = _open(data, name)
    return archive, _raw(archive, _content_types(archive), name)


def _raw(archive: Package, types: Mapping[str, str], name: str) -> dict[str, str]:
    """Jinja source of every part that may hold tags."""
    _refuse_kind(archive, types, name)
    for part in archive.namelist():
        if part.endswith(".xml"):
            _markup(archive, part)  # a report would take over what is damaged
    return {
        part: _patch(archive.read(part), part, main=types[part] == _MAIN)
        for part in archive.namelist()
        if types.get(part) in _TEXT_PARTS
    }


def _sources(archive: Package, types: Mapping[str, str], name: str, edition: Edition) -> dict[str, str]:
    """Jinja source of every part that changes, after the template has passed all checks."""
    from govdisclose.write.lint import lint

    sources = _raw(archive, types, name)
    problems = lint(sources, edition)
    if problems:
        more = f"；等共 {len(problems)} 处" if len(problems) > 5 else ""
        raise TemplateError(f"模板 {name} 不能使用：{'；'.join(problems[:5])}{more}")
    return {
        part: source.replace(_TOP_MARK, TOP, 1).replace(_BOTTOM_MARK, BOTTOM, 1)
        for part, source in sources.items()
        if types[part] == _MAIN or "{{" in source or "{%" in source
    }


def _patch(content: bytes, part: str, main: bool) -> str:
    """Part ``content`` as Jinja source, one paragraph a line, with marks where a draft is marked."""
    from docxtpl import DocxTemplate
    from lxml import etree

    from govdisclose.write.lint import unfinished

    if len(content) > LARGEST_PART:
        raise TemplateError(f"模板的部件 {part} 过大（{len(content)} 字节）")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
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
    return declaration + str(DocxTemplate(io.BytesIO()).patch_xml("\n".join(lines))).translate(_SHOWN)
