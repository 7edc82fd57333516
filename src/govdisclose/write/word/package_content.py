"""What a template would carry into every report besides what it shows.

A Word file holds more than its pages: comments, deleted and inserted text with the names of their
authors, hidden text, data bound to controls, fields, links, other documents. Whatever could come out in
a report, or act when it is opened, is a fault with its place; data that no page shows is left behind.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from attrs import evolve, frozen

from govdisclose.errors import TemplateError
from govdisclose.package import Package
from govdisclose.write.word.fields import field_faults
from govdisclose.write.word.hidden_text import hidden_faults, hidden_styles
from govdisclose.write.word.markup import local, nearby, with_paragraphs

LARGEST_PART = 4_000_000
"""Bytes of text in one part; docxtpl's patterns take time that grows faster than the text."""

TYPES = "[Content_Types].xml"

_SHOWN = frozenset(
    [
        "officedocument",
        "core-properties",
        "styles",
        "styleswitheffects",
        "settings",
        "websettings",
        "fonttable",
        "font",
        "theme",
        "themeoverride",
        "numbering",
        "header",
        "footer",
        "footnotes",
        "endnotes",
        "image",
        "hdphoto",
        "chart",
        "chartcolorstyle",
        "chartstyle",
        "chartusershapes",
        "diagramdata",
        "diagramlayout",
        "diagramquickstyle",
        "diagramcolors",
        "diagramdrawing",
        "comments",
        "commentsextended",
        "commentsids",
        "commentsextensible",
        "intelligence",
        "classificationlabels",
    ]
)
"""Relationships to what a page shows or a reader of it needs; comments are reported by themselves."""

_LEFT_BEHIND = {
    "customxml": "附加数据", "customxmlprops": "附加数据", "people": "审阅人名单",
    "custom-properties": "", "extended-properties": "", "thumbnail": "",
}  # fmt: skip
"""Relationships to data that no page shows, and what it is called; what every program writes has no name."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[\\/]{2}")
"""How an address outside the package begins."""

_TRACKED = frozenset(
    [
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "cellIns",
        "cellDel",
        "cellMerge",
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblGridChange",
        "trPrChange",
        "tcPrChange",
        "tblPrExChange",
        "numberingChange",
        "delText",
        "delInstrText",
        "customXmlInsRangeStart",
        "customXmlDelRangeStart",
        "customXmlMoveFromRangeStart",
        "customXmlMoveToRangeStart",
        "conflictIns",
        "conflictDel",
    ]
)
_COMMENTS = frozenset(
    {"comment", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"}
)
_ACTIVE = {
    "altChunk": "嵌入的另一份文档", "subDoc": "子文档", "object": "嵌入对象", "control": "控件", "OLEObject": "嵌入对象",
    "dataBinding": "内容控件的数据绑定", "mailMerge": "邮件合并", "attachedTemplate": "附加的模板", "ffData": "窗体域",
    "contentPart": "墨迹", "movie": "视频", "frameset": "框架", "saveThroughXslt": "另存时的转换", "HyperlinkBase": "超链接基础",
    "script": "脚本", "scriptAnchor": "脚本", "attachedSchema": "附加的架构",
}  # fmt: skip
_ADDRESSES = frozenset({"src", "href", "altHref", "action", "link", "dataSource", "docLocation"})
_WORD_NAMESPACES = ("wordprocessingml", "office/word/")


_BY_ID = frozenset(["header", "footer", "image", "chart", "hdphoto", "diagramdata"])
"""Relationships that count only where the text names them by their id."""


@frozen
class Relation:
    """One relationship of a package: who it belongs to, its id, the last word of its type, and where it leads."""

    owner: str
    id: str
    type: str
    target: str
    outside: bool

    @property
    def kind(self) -> str:
        """The type to compare by, whatever its spelling."""
        return self.type.lower()


def without_extras(archive: Package) -> tuple[Package, tuple[str, ...]]:
    """A template without the data that no page shows, and what this data is called."""
    gone = dict(_left_behind(archive))
    parts: dict[str, bytes] = {}
    markup = markup_parts(archive)
    for name, content in archive.parts.items():
        if name.lower() not in gone and _rels_owner(name).lower() not in gone:
            parts[name] = _cleaned(name, content, gone) if name in markup else content
    return evolve(archive, parts=parts), tuple(dict.fromkeys(filter(None, gone.values())))


def _left_behind(archive: Package) -> Iterator[tuple[str, str]]:
    """The members, in small letters, that no page shows, and what they are called."""
    used: dict[str, bool] = {}
    named: dict[str, set[str]] = {}
    for relation in relations(archive):
        target = relation.target.lower()
        if relation.outside:
            continue
        if relation.kind in _LEFT_BEHIND:
            yield target, _LEFT_BEHIND[relation.kind]
        elif relation.kind in _BY_ID:
            if relation.owner not in named:
                named[relation.owner] = _attribute_values(archive, relation.owner)
            used[target] = used.get(target, False) or relation.id in named[relation.owner]
    for target, is_used in used.items():
        if not is_used:
            yield target, "没有用到的图片、页眉或页脚"


def has_extras(archive: Package) -> bool:
    """Whether ``without_extras`` would change anything."""
    if next(_left_behind(archive), None) is not None:
        return True
    for name in markup_parts(archive):
        content = archive.read(name)
        if b"<!--" in content:
            return True
        if b"docVars" in content and any(
            local(node) == "docVars" for node in parsed(archive, name).iter()
        ):
            return True
    return False


def _attribute_values(archive: Package, name: str) -> set[str]:
    """All that the attributes of a part say, among it the ids of the relationships it uses."""
    part = member(archive, name)
    found: set[str] = set()
    for node in () if part is None else parsed(archive, part).iter():
        found.update(node.attrib.values())
    return found


def _cleaned(name: str, content: bytes, gone: Collection[str]) -> bytes:
    """A part without XML comments, and without what refers to parts that are left behind."""
    refers = bool(gone) and (is_relations(name) or name == TYPES)
    variables = b"docVars" in content
    if not (b"<!--" in content or refers or variables):
        return content
    from lxml import etree

    if len(content) > LARGEST_PART:
        raise TemplateError(f"模板的部件 {name} 过大（{len(content)} 字节）")
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return content  # reported with all damaged parts
    owner = _rels_owner(name)
    for node in list(root.iter("{*}Relationship", "{*}Override", "{*}docVars")):
        target = node.get("PartName", "").lstrip("/") or resolved(owner, node.get("Target", ""))
        left = node.tag.endswith("}docVars") or target.lower() in gone
        parent = node.getparent()
        if left and parent is not None:
            parent.remove(node)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def relations(archive: Package) -> Iterator[Relation]:
    """Every relationship of every part, whatever the spelling of the part that holds it."""
    for name in archive.namelist():
        if not is_relations(name):
            continue
        owner = _rels_owner(name)
        for entry in parsed(archive, name):
            target = entry.get("Target", "")
            kind = entry.get("Type", "").rpartition("/")[2]
            if entry.get("TargetMode", "Internal") == "Internal" and not _SCHEME.match(target):
                yield Relation(owner, entry.get("Id", ""), kind, resolved(owner, target), False)
            else:
                yield Relation(owner, entry.get("Id", ""), kind, target, True)


def is_relations(name: str) -> bool:
    """Whether a member holds relationships: names are compared as Word does, decoded and in small letters."""
    return unquote(name).lower().endswith(".rels")


def _rels_owner(name: str) -> str:
    """The part whose relationships a member holds; empty for the package itself and for other members."""
    plain = unquote(name).replace("\\", "/")
    folder, _, file = plain.rpartition("/")
    if not file.lower().endswith(".rels"):
        return ""
    above = folder[: -len("_rels")] if folder.lower().endswith("_rels") else f"{folder}/"
    return above + file[: -len(".rels")]


def resolved(owner: str, target: str) -> str:
    """The member that a target leads to, seen from its owner."""
    plain = unquote(target.partition("#")[0]).replace("\\", "/")
    absolute = plain if plain.startswith("/") else f"/{posixpath.dirname(owner)}/{plain}"
    return posixpath.normpath(absolute).lstrip("/")


def markup_parts(archive: Package) -> list[str]:
    """The members that are XML: by their ending, by the type they are given, or by how they begin."""
    types = content_types(archive)
    return [
        name
        for name, content in archive.parts.items()
        if _is_markup(name, types.get(name, ""), content)
    ]


def _is_markup(name: str, kind: str, content: bytes) -> bool:
    begins = (
        content[:200]
        .replace(b"\0", b"")
        .lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        .startswith(b"<?xml")
    )
    return (
        begins or kind.endswith("xml") or name.lower().endswith((".xml", ".rels", ".vml", ".svg"))
    )


def content_types(archive: Package) -> dict[str, str]:
    """Member → content type, for those that have one of their own or by their ending."""
    own: dict[str, str] = {}
    by_ending: dict[str, str] = {}
    for entry in parsed(archive, TYPES):
        kind = entry.get("ContentType", "")
        if local(entry) == "Override":
            own[unquote(entry.get("PartName", "")).lstrip("/").lower()] = kind
        elif local(entry) == "Default":
            by_ending[entry.get("Extension", "").lower()] = kind
    found: dict[str, str] = {}
    for name in archive.namelist():
        kind = own.get(name.lower()) or by_ending.get(name.rpartition(".")[2].lower(), "")
        if kind:
            found[name] = kind
    return found


def parsed(archive: Package, name: str) -> Element:
    """The root of an XML part. Raises ``TemplateError`` for one that is damaged."""
    # The standard parser is safe here: open_package lets no DTD through, hence no entities.
    try:
        return ElementTree.fromstring(archive.read(name))
    except (
        ElementTree.ParseError,
        LookupError,
        ValueError,
    ) as error:  # the last two for an unknown encoding
        raise TemplateError(f"模板的部件 {name} 已损坏，请用 Word 或 WPS 打开后另存一份") from error


def member(archive: Package, name: str) -> str | None:
    """The member of that name, whatever the case of its letters."""
    for found in archive.namelist():
        if found.lower() == name.lower():
            return found
    return None


def top_part(archive: Package, kind: str) -> str | None:
    """The member that the package itself calls its ``officedocument``, say; ``None`` for no one, or for several."""
    found = {
        member(archive, relation.target)
        for relation in relations(archive)
        if relation.owner == "" and relation.kind == kind
    }
    return found.pop() if len(found) == 1 else None


def outside(archive: Package) -> Iterator[str]:
    """Relationships that lead out of the package, or to something that acts: ``kind → target``."""
    for relation in relations(archive):
        if relation.outside or relation.kind not in _SHOWN | _LEFT_BEHIND.keys():
            yield f"{relation.type} → {relation.target}"


def carried_faults(
    archive: Package, text_parts: Collection[str], called: Callable[[str], str]
) -> list[str]:
    """What a template would carry along, each phrase with its place.

    ``text_parts`` are those with text of the report; ``called`` gives what users call a part.
    """
    roots = {name: parsed(archive, name) for name in markup_parts(archive)}
    hidden = hidden_styles(list(roots.values()))
    faults: list[str] = []
    for name, root in roots.items():
        if name == TYPES or is_relations(name):
            continue
        where = called(name)
        faults += (f"{where}{fault}" for fault in _element_faults(root))
        faults += (f"{where}：{fault}" for fault in field_faults(root))
        if name not in text_parts and _has_tags(archive.read(name)):
            faults.append(f"{where}里有标签，那里的标签不会填写")
        faults += (
            f"{where}{fault}" for fault in hidden_faults(root, hidden if name in text_parts else {})
        )
    faults += (
        f"含有没有用到的部件 {name}，请用 Word 或 WPS 打开后另存一份"
        for name in _unreached(archive)
    )
    return list(dict.fromkeys(faults))


def _has_tags(content: bytes) -> bool:
    return b"{{" in content or b"{%" in content


def _unreached(archive: Package) -> Iterator[str]:
    """Members that no relationship leads to: no page shows them, and they would be in every report."""
    ways: dict[str, list[str]] = {}
    for relation in relations(archive):
        ways.setdefault(relation.owner.lower(), []).append(relation.target.lower())
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        for target in ways.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    for name in archive.namelist():
        owner = _rels_owner(name).lower()
        known = name == TYPES or name.endswith("/") or name.lower() in reached
        if not known and not (is_relations(name) and (owner == "" or owner in reached)):
            yield name


def _element_faults(root: Element) -> Iterator[str]:
    """Elements and attributes that must not be there, with the paragraph they stand in."""
    for node, paragraph in with_paragraphs(root):
        namespace, _, name = node.tag.rpartition("}")
        word = any(mark in namespace for mark in _WORD_NAMESPACES)
        near = nearby(paragraph)
        if word and name in _TRACKED:
            yield f"{near}有尚未接受或拒绝的修订，请在“审阅”里接受或拒绝全部修订"
        elif word and name in _COMMENTS:
            yield f"{near}有批注，请在“审阅”里删除全部批注"
        elif name in _ACTIVE and (word or name in ("OLEObject", "HyperlinkBase", "script")):
            yield f"{near}有{_ACTIVE[name]}，请删除"
        for key, value in node.attrib.items():
            if key.rpartition("}")[2] in _ADDRESSES and _leads_out(value):
                yield f"{near}有外部链接 {value[:60]}，请删除"
        if name == "AlternateContent" and _differs(node):
            yield f"{near}的图形或文本框有两种写法而文字不同，请删除后重新插入"


def _leads_out(address: str) -> bool:
    return bool(_SCHEME.match(address.strip())) and not address.strip().lower().startswith(
        "data:image/"
    )


def _differs(node: Element) -> bool:
    """Whether Word and other programs would show different text at one place."""
    texts = set()
    for branch in node:
        said = "".join(text.text or "" for text in branch.iter() if text.tag.endswith("}t"))
        texts.add("".join(said.split()))
    return len(texts) > 1 and any(texts)
