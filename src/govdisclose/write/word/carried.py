"""What a template would carry into every report besides what it shows.

A Word file holds more than its pages: comments, deleted and inserted text with the names of their
authors, hidden text, data bound to controls, fields, links, other documents. Whatever could come
out in a report, or act when it is opened, is a fault with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from xml.etree.ElementTree import Element

from govdisclose.package import Package
from govdisclose.write.word.all_relationships import is_relations, leads_out, relations, unreached
from govdisclose.write.word.extras import LEFT_BEHIND
from govdisclose.write.word.fields import field_faults
from govdisclose.write.word.hidden_text import hidden_faults, hidden_styles
from govdisclose.write.word.markup import Names, local, with_places
from govdisclose.write.word.package_parts import TYPES, markup_parts, parsed_with_prefixes

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
"""Relationships to contents that pages show or Word needs; comments are reported elsewhere."""

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
    ("comment", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")
)
_ACTIVE = {
    "altChunk": "嵌入的另一份文档",
    "subDoc": "子文档",
    "object": "嵌入对象",
    "control": "控件",
    "OLEObject": "嵌入对象",
    "dataBinding": "内容控件的数据绑定",
    "mailMerge": "邮件合并",
    "attachedTemplate": "附加的模板",
    "ffData": "窗体域",
    "contentPart": "墨迹",
    "movie": "视频",
    "frameset": "框架",
    "saveThroughXslt": "另存时的转换",
    "HyperlinkBase": "超链接基础",
    "script": "脚本",
    "scriptAnchor": "脚本",
    "attachedSchema": "附加的架构",
}
_ACTIVE_ANYWHERE = frozenset(("OLEObject", "HyperlinkBase", "script"))
"""Elements that act in every namespace."""

_ALTERNATIVES = "AlternateContent"
_ADDRESSES = frozenset(("src", "href", "altHref", "action", "link", "dataSource", "docLocation"))
_WORD_NAMESPACES = ("wordprocessingml", "office/word/")
_PREFIXES = {
    "w": (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    "r": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
}
"""The prefixes that every program writes for text and for the ids of relationships."""


def outside(package: Package) -> Iterator[str]:
    """Relationships that lead out of the package, or to something that acts: ``kind → target``."""
    for relation in relations(package):
        if relation.outside or relation.kind not in _SHOWN | LEFT_BEHIND:
            yield f"{relation.type} → {relation.target}"


def carried_faults(
    package: Package, text_parts: Collection[str], called: Callable[[str], str]
) -> list[str]:
    """What a template would carry along, each phrase with its place.

    ``text_parts`` are those with text of the report; ``called`` gives what users call a part.
    """
    parts = {name: parsed_with_prefixes(package, name) for name in markup_parts(package)}
    hiding = hidden_styles([root for root, _prefixes in parts.values()])
    faults: dict[str, None] = {}
    for name, (root, prefixes) in parts.items():
        if name != TYPES and not is_relations(name):
            is_text = name in text_parts
            found = _part_faults(root, prefixes, hiding if is_text else {})
            faults.update(dict.fromkeys(f"{called(name)}{fault}" for fault in found))
            if not is_text and _has_tags(package.read(name)):
                faults[f"{called(name)}里有标签，那里的标签不会填写"] = None
    for name in unreached(package):
        faults[f"含有没有用到的部件 {name}，请用 Word 或 WPS 打开后另存一份"] = None
    return list(faults)


def _part_faults(
    root: Element, prefixes: Iterable[tuple[str, str]], hiding: dict[str, str]
) -> Iterator[str]:
    """The faults of one part, in words that follow its name."""
    yield from _prefix_faults(prefixes)
    names = Names.of(root)
    yield from _element_faults(root, names)
    for fault in field_faults(root, names):
        yield f"：{fault}"
    yield from hidden_faults(root, names, hiding)


def _has_tags(content: bytes) -> bool:
    return b"{{" in content or b"{%" in content


def _prefix_faults(prefixes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Prefixes that stand for something else than in any Word file."""
    for prefix, namespace in prefixes:
        if namespace not in _PREFIXES.get(prefix, (namespace,)):
            yield f"的前缀 {prefix} 不是 Word 的写法，请用 Word 或 WPS 打开后另存一份"


def _element_faults(root: Element, names: Names) -> Iterator[str]:
    """Forbidden elements and attributes, each with its paragraph."""
    forbidden = {tag: _forbidden(tag) for tag in names.tags}
    has_addresses = not _ADDRESSES.isdisjoint(names.attributes)
    if not (has_addresses or any(forbidden.values())):
        return
    for node, near in with_places(root):
        words = forbidden[node.tag]
        if words and _is_meant(node):
            yield f"{near}{words}"
        for key, value in node.attrib.items():
            if key.rpartition("}")[2] in _ADDRESSES and _is_link(value):
                yield f"{near}有外部链接 {value[:60]}，请删去"


def _forbidden(tag: str) -> str:
    """Why elements with a tag must not be in a template; empty if they may."""
    namespace, _, name = tag.rpartition("}")
    of_word = any(mark in namespace for mark in _WORD_NAMESPACES)
    if of_word and name in _TRACKED:
        return "有尚未接受或拒绝的修订，请在“审阅”里接受或拒绝全部修订"
    if of_word and name in _COMMENTS:
        return "有批注，请在“审阅”里删去全部批注"
    if name in _ACTIVE and (of_word or name in _ACTIVE_ANYWHERE):
        return f"有{_ACTIVE[name]}，请删去"
    if name == _ALTERNATIVES:
        return "的图形或文本框有两种写法而文字不同，请删去后重新插入"
    return ""


def _is_link(address: str) -> bool:
    return leads_out(address) and not address.strip().lower().startswith("data:image/")


def _is_meant(node: Element) -> bool:
    """Whether the words about a tag hold for an element: alternatives may show the same."""
    return local(node) != _ALTERNATIVES or _differs(node)


def _differs(node: Element) -> bool:
    """Whether Word and other programs would show different text at one place."""
    texts: set[str] = set()
    for branch in node:
        pieces = [text.text or "" for text in branch.iter() if text.tag.endswith("}t")]
        words = "".join(pieces)
        texts.add("".join(words.split()))
    return len(texts) > 1 and any(texts)
