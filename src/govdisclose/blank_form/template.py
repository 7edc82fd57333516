"""The blank Word form of the notice → a template: tags in empty cells, loops for its text.

The annex of the notice has six headings, three empty tables and “（文字描述）” where text belongs.
Its cells are found by their labels, as those of a published report are. Everything else of the form
is not changed.
"""

from __future__ import annotations

from pathlib import Path

from attrs import evolve, field, frozen
from lxml import etree

from govdisclose.blank_form.elements import Element, W, parse_xml, plain_text
from govdisclose.blank_form.prose import tag_prose
from govdisclose.blank_form.tables import tag_tables
from govdisclose.blank_form.wording import some
from govdisclose.errors import InputError, TemplateError, unreadable
from govdisclose.form.edition import Edition
from govdisclose.input_file import NotAFileError, read_input
from govdisclose.package import DEFAULT_LIMITS, Package, PackageError, open_package
from govdisclose.proof import shown_faults
from govdisclose.read.source import Readable, input_file
from govdisclose.write.word.all_relationships import top_part
from govdisclose.write.word.loading import make_template
from govdisclose.write.word.members import packed
from govdisclose.write.word.parse import parse_template

_OLD_ENDINGS = (".doc", ".wps", ".dot", ".dotx", ".docm", ".dotm", ".rtf", ".pdf", ".odt")
_LOCKED = b"\xd0\xcf\x11\xe0"
"""How a file with a password begins, and a .doc under another name."""

_SETTINGS = "word/settings.xml"
_ON = ("1", "true", "on")


@frozen
class MadeTemplate:
    """A template made of the blank form: its bytes and its edition."""

    data: bytes = field(repr=False)
    edition: Edition


def template_from_form(form: Readable, edition: Edition | None = None) -> MadeTemplate:
    """Make a template of the blank form ``form``; without ``edition`` of the one its tables are of.

    The result has been checked and read back as ``template check`` does. Raises ``TemplateError``
    for a file that cannot be made a template, ``InputError`` for one that cannot be read at all.
    """
    file = input_file(form)
    data = _read(file.path) if file.data is None else file.data
    name = file.name
    try:
        return _made(data, name, edition)
    except TemplateError as error:
        reason = str(error).removeprefix(f"模板 {name} ")
        raise TemplateError(f"{name} 不能做成模板：{reason}") from error


def _read(path: Path) -> bytes:
    name = path.name.lower()
    if name.endswith(_OLD_ENDINGS):
        raise TemplateError(
            f"{path.name} 不能做成模板：是 {path.suffix} 文件，请用 Word 或 WPS 打开后另存为 .docx"
        )
    try:
        return read_input(path, DEFAULT_LIMITS.package)
    except NotAFileError as error:
        raise InputError(f"{path} {error}") from error
    except OSError as error:
        raise unreadable(path, error) from error


def _made(data: bytes, name: str, edition: Edition | None) -> MadeTemplate:
    package = _package(data, name)
    _refuse_carried(data, name)
    _refuse_protected(package)
    main = top_part(package, "officedocument") or "word/document.xml"
    root = parse_xml(package.read(main))
    body = next(root.iterchildren(f"{W}body"))
    _refuse_tags(body)
    found = tag_tables(body, edition)
    tag_prose(body)
    document = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts = {**package.parts, main: document}
    made = packed(evolve(package, parts=parts))
    template = make_template(made, name, found)
    for fault in shown_faults(template):
        raise TemplateError(fault)
    return MadeTemplate(made, found)


def _package(data: bytes, name: str) -> Package:
    try:
        return open_package(data, f"{name} ")
    except PackageError as error:
        said = str(error)
        if data.startswith(_LOCKED):
            reason = said.removeprefix(f"{name} ")
            raise TemplateError(reason) from error
        raise InputError(said) from error


def _refuse_carried(data: bytes, name: str) -> None:
    """Refuse tracked changes, comments, hidden text, links: they would come out in every report."""
    faults = parse_template(data, name).faults
    if faults:
        listed = some(faults, "处", "；")
        raise TemplateError(listed)


def _refuse_protected(package: Package) -> None:
    settings = package.parts.get(_SETTINGS, b"")
    if b"documentProtection" not in settings:
        return
    protection = parse_xml(settings).find(f"{W}documentProtection")
    if protection is None:
        return
    enforcement = protection.get(f"{W}enforcement")
    if enforcement in _ON:
        raise TemplateError("文件设有编辑限制，请在“审阅”里停止保护后再用")


def _refuse_tags(body: Element) -> None:
    text = plain_text(body)
    if "{{" in text or "{%" in text:
        raise TemplateError(
            "文件里已经有标签，它已经是模板：请直接用 govdisclose template check 检查"
        )
