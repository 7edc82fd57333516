"""Data in a template that no page shows, which no report takes over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from govdisclose.errors import TemplateError
from govdisclose.package import Package
from govdisclose.write.word.all_relationships import is_relations, relations, rels_owner, resolved
from govdisclose.write.word.markup import local
from govdisclose.write.word.package_parts import (
    LARGEST_PART,
    TYPES,
    markup_parts,
    member,
    parsed,
)

if TYPE_CHECKING:
    from lxml import etree

_DATA = {
    "customxml": "附加数据",
    "customxmlprops": "附加数据",
    "people": "审阅人名单",
    "custom-properties": "",
    "extended-properties": "",
    "thumbnail": "",
}
"""Relationships to this data, and its name in Chinese; data that every program writes has none."""

LEFT_BEHIND = frozenset(_DATA)
_BY_ID = frozenset(("header", "footer", "image", "chart", "hdphoto", "diagramdata"))
"""Relationships that count only where the text names them by their id."""


def without_extras(package: Package) -> tuple[Package, tuple[str, ...]]:
    """A template without the data that no page shows, and the names of this data."""
    gone = dict(_left_behind(package))
    markup = set(markup_parts(package))
    parts: dict[str, bytes] = {}
    for name, content in package.parts.items():
        owner = rels_owner(name)
        if name.lower() in gone or owner.lower() in gone:
            continue
        if name in markup:
            parts[name] = _cleaned(name, content, gone)
        else:
            parts[name] = content
    names = dict.fromkeys(filter(None, gone.values()))
    return evolve(package, parts=parts), tuple(names)


def has_extras(package: Package) -> bool:
    """Whether ``without_extras`` would change anything."""
    if next(_left_behind(package), None) is not None:
        return True
    return any(_has_comments_or_variables(package, name) for name in markup_parts(package))


def _has_comments_or_variables(package: Package, name: str) -> bool:
    content = package.read(name)
    if b"<!--" in content:
        return True
    if b"docVars" not in content:
        return False
    root = parsed(package, name)
    return any(local(node) == "docVars" for node in root.iter())


def _left_behind(package: Package) -> Iterator[tuple[str, str]]:
    """The members that are left out, in small letters, and the names of their contents."""
    used: dict[str, bool] = {}
    named: dict[str, set[str]] = {}
    for relation in relations(package):
        target = relation.target.lower()
        if relation.outside:
            continue
        if relation.kind in _DATA:
            yield target, _DATA[relation.kind]
        elif relation.kind in _BY_ID:
            owner = relation.owner
            if owner not in named:
                named[owner] = _attribute_values(package, owner)
            is_used = relation.id in named[owner]
            used[target] = used.get(target, False) or is_used
    for target, is_used in used.items():
        if not is_used:
            yield target, "没有用到的图片、页眉或页脚"


def _attribute_values(package: Package, name: str) -> set[str]:
    """All values of attributes in a part, among them the ids of the relationships it uses."""
    part = member(package, name)
    found: set[str] = set()
    if part is None:
        return found
    for node in parsed(package, part).iter():
        found.update(node.attrib.values())
    return found


def _cleaned(name: str, content: bytes, gone: Collection[str]) -> bytes:
    """A part without XML comments, document variables and references to parts that are ``gone``."""
    refers = bool(gone) and (is_relations(name) or name == TYPES)
    if not (refers or b"<!--" in content or b"docVars" in content):
        return content
    from lxml import etree  # it keeps the prefixes of a part

    if len(content) > LARGEST_PART:
        raise TemplateError(f"模板的部件 {name} 过大（{len(content)} 字节）")
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return content  # reported with all damaged parts
    for node in list(root.iter("{*}docVars")):
        _remove(node)
    for node in list(root.iter("{*}Relationship", "{*}Override")):
        if _target(node, name).lower() in gone:
            _remove(node)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _target(node: etree._Element, name: str) -> str:
    """The part that an entry of the content types or a relationship in ``name`` refers to."""
    part = node.get("PartName", "").lstrip("/")
    if part:
        return part
    owner = rels_owner(name)
    return resolved(owner, node.get("Target", ""))


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
