"""Word templates: found, read, checked, and prepared once for rendering.

docxtpl prepares the XML (it joins tags that Word has split and lifts loops out of paragraphs); the
Jinja template compiled from it is kept. A packaged template comes with that code already compiled
when the wheel was built, so that an ordinary run imports neither docxtpl nor lxml.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, MutableMapping
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import jinja2
from attrs import field, frozen
from jinja2.sandbox import SandboxedEnvironment

from govdisclose.errors import TemplateError
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.package import Package, PackageError, open_package
from govdisclose.write.context import FILTERS, flat_name
from govdisclose.write.draft import BOTTOM, TOP

if TYPE_CHECKING:
    from govdisclose.write.pictures import Pictures

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = _WORD + "document.main+xml"
_TEXT_PARTS = {_WORD + f"{kind}+xml" for kind in ("document.main", "header", "footer", "footnotes", "endnotes")}
_TYPES = "[Content_Types].xml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_ACTIVE = ("attachedTemplate", "oleObject", "package", "control", "vbaProject", "aFChunk", "subDocument")
LARGEST_PART = 4_000_000
"""Bytes of text in one part; docxtpl's patterns take time that grows faster than the text."""

_TOP_MARK, _BOTTOM_MARK = "<!--draft top-->", "<!--draft bottom-->"


@frozen(eq=False)
class Template:
    """A template ready to be rendered; two are equal only if they are the same.

    ``base`` is the package without the parts that change; ``parts`` are those with tags, ``core``
    the name of the core properties (``None`` when the template has none), ``pictures`` the charts it shows.
    """

    name: str
    edition: Edition
    base: bytes = field(repr=False)
    parts: Mapping[str, jinja2.Template] = field(repr=False)
    core: str | None = None
    pictures: Pictures | None = field(default=None, repr=False)


@cache
def environment() -> SandboxedEnvironment:
    """The private Jinja environment: sandboxed, strict, escaping, without globals."""
    made = SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


def template_folder() -> Path:
    """Where the packaged templates are: beside the modules, or in a source checkout at its top."""
    beside = Path(__file__).parents[1] / "templates"
    return beside if beside.is_dir() else Path(__file__).parents[3] / "templates"


def load_template(edition: Edition, path: Path | None = None) -> Template:
    """The packaged template of ``edition``, or the user's own at ``path``, checked and prepared.

    Kept for the life of the process; a file changed on disk is read again. Raises ``TemplateError``.
    """
    if path is None:
        return _packaged(edition.name)
    try:
        stat = path.stat()
    except OSError as error:
        raise TemplateError(f"模板 {path} 不存在或无法读取") from error
    return _own(edition.name, path, stat.st_mtime_ns, stat.st_size)


@cache
def _packaged(edition: str) -> Template:
    path = template_folder() / f"{edition}.docx"
    return make_template(_read(path), path.name, EDITIONS[edition], _compiled(edition))


@lru_cache(maxsize=8)
def _own(edition: str, path: Path, _mtime_ns: int, _size: int) -> Template:
    return make_template(_read(path), path.name, EDITIONS[edition])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise TemplateError(f"模板 {path} 是文件夹，不是文件") from error
    except OSError as error:
        raise TemplateError(f"模板 {path} 无法读取：没有权限或文件被占用") from error


def _compiled(edition: str) -> dict[str, Any]:
    """What ``compiled_module`` wrote into the wheel; empty in a source checkout."""
    try:
        return vars(import_module(f"govdisclose.templates.prepared_{edition}"))
    except ModuleNotFoundError:
        return {}


def make_template(
    data: bytes, name: str, edition: Edition, compiled: MutableMapping[str, Any] | None = None
) -> Template:
    """A template from the bytes of a .docx file.

    ``compiled`` is the namespace of a module made by ``compiled_module``; it is used when it was
    made from these bytes by this Jinja. Raises ``TemplateError``.
    """
    archive = _open(data, name)
    types = _content_types(archive)
    core = next((part for part, kind in types.items() if kind == _CORE), None)
    if compiled and (compiled["SHA256"], compiled["JINJA"]) == _fingerprint(data):
        code = {compiled["name"]: jinja2.Template.from_module_dict(environment(), compiled, {})}
    else:
        sources = _prepare(archive, types, name, edition)
        code = {part: environment().from_string(source) for part, source in sources.items()}
        pictures = _pictures(archive, types, sources)
        if pictures:
            return Template(name, edition, _with_pictures(archive, {*code, core}, pictures), code, core, pictures)
    return Template(name, edition, _without(archive, {*code, core}), code, core)


def _pictures(archive: Package, types: Mapping[str, str], sources: Mapping[str, str]) -> Pictures | None:
    if not any("charts." in source for source in sources.values()):
        return None
    from govdisclose.write.pictures import find_pictures, relations_of

    main = next(part for part, kind in types.items() if kind == _MAIN)
    relations = relations_of(main)
    return find_pictures(sources, main, archive.read(relations) if relations in archive.parts else None)


def _with_pictures(archive: Package, names: set[str | None], pictures: Pictures) -> bytes:
    """The package without some members and without the relationships, ready for charts."""
    from govdisclose.write.pictures import with_png

    return _without(archive, {*names, pictures.relations}, {_TYPES: with_png(archive.read(_TYPES))})


def compiled_module(data: bytes, name: str, edition: Edition) -> str:
    """Python source of the prepared template, for ``hatch_build.py`` to put into the wheel."""
    archive = _open(data, name)
    ((part, source),) = _prepare(archive, _content_types(archive), name, edition).items()
    code = environment().compile(source, name=part, filename=part, raw=True, defer_init=True)
    sha256, version = _fingerprint(data)
    return f"{code}\nSHA256 = {sha256!r}\nJINJA = {version!r}\n"


def _fingerprint(data: bytes) -> tuple[str, str]:
    return hashlib.sha256(data).hexdigest(), jinja2.__version__


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


def member(name: str) -> zipfile.ZipInfo:
    """How every member of a written package is described: deflated, dated 1980, made on no system."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    return info


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


def _prepare(archive: Package, types: Mapping[str, str], name: str, edition: Edition) -> dict[str, str]:
    """Jinja source of every part that changes, after the template has passed all checks."""
    from govdisclose.write.lint import lint

    _refuse_kind(archive, types, name)
    sources = {
        part: _patch(archive.read(part), part, main=types[part] == _MAIN)
        for part in archive.namelist()
        if types.get(part) in _TEXT_PARTS
    }
    problems = lint(sources, edition, environment())
    if problems:
        more = f"；等共 {len(problems)} 处" if len(problems) > 5 else ""
        raise TemplateError(f"模板 {name} 不能使用：{'；'.join(problems[:5])}{more}")
    return {
        part: _flat(source.replace(_TOP_MARK, TOP, 1).replace(_BOTTOM_MARK, BOTTOM, 1), edition)
        for part, source in sources.items()
        if types[part] == _MAIN or "{{" in source or "{%" in source
    }


def _flat(source: str, edition: Edition) -> str:
    """Tags of statutory cells as plain names: the sandbox checks every dot, two or three a cell."""
    paths = "|".join(map(re.escape, outline(edition).cells))
    return re.sub(rf"\{{\{{\s*({paths})\s*\}}\}}", lambda tag: f"{{{{ {flat_name(tag[1])} }}}}", source)


def _patch(content: bytes, part: str, main: bool) -> str:
    """Part ``content`` as Jinja source, one paragraph a line, with marks where a draft is marked."""
    from docxtpl import DocxTemplate
    from lxml import etree

    if len(content) > LARGEST_PART:
        raise TemplateError(f"模板的部件 {part} 过大（{len(content)} 字节）")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        body = root if not main else next(root.iterchildren("{*}body"))
    except (etree.XMLSyntaxError, StopIteration) as error:
        raise TemplateError(f"模板的部件 {part} 已损坏，请用 Word 或 WPS 打开后另存一份") from error
    if main:
        end = len(body) - 1 if len(body) and body[-1].tag.endswith("}sectPr") else len(body)
        if "charts." in str(root.xpath("string()")):  # Word may have split the tag
            from govdisclose.write.pictures import make_room

            make_room(root)
        body.insert(end, etree.Comment("draft bottom"))
        body.insert(0, etree.Comment("draft top"))
    lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", etree.tostring(root, encoding="unicode"))
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return declaration + str(DocxTemplate(io.BytesIO()).patch_xml(lines))
