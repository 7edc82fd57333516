"""The relationships of a Word package, all of them, whatever their spelling.

``govdisclose.relationships`` follows the relationships that a reader needs. A template must have no
others, so this module reads every member that a program might take for a list of relationships.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from attrs import frozen

from govdisclose.package import Package
from govdisclose.write.word.package_parts import TYPES, member, parsed

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[\\/]{2}")
"""How an address outside the package begins."""


@frozen
class PackageRelation:
    """One relationship: its owner, its id, the last word of its type, and where it leads."""

    owner: str
    id: str
    type: str
    target: str
    outside: bool

    @property
    def kind(self) -> str:
        """The type to compare by, whatever its spelling."""
        return self.type.lower()


def leads_out(address: str) -> bool:
    """Whether an address is one outside the package."""
    return _SCHEME.match(address.strip()) is not None


def relations(package: Package) -> Iterator[PackageRelation]:
    """Every relationship of every part."""
    for name in package.namelist():
        if is_relations(name):
            owner = rels_owner(name)
            for entry in parsed(package, name):
                yield _relation(owner, entry)


def _relation(owner: str, entry: Element) -> PackageRelation:
    target = entry.get("Target", "")
    internal = entry.get("TargetMode", "Internal") == "Internal"
    outside = not internal or _SCHEME.match(target) is not None
    return PackageRelation(
        owner=owner,
        id=entry.get("Id", ""),
        type=entry.get("Type", "").rpartition("/")[2],
        target=target if outside else resolved(owner, target),
        outside=outside,
    )


def is_relations(name: str) -> bool:
    """Whether a member holds relationships; Word compares names decoded and in small letters."""
    return unquote(name).lower().endswith(".rels")


def rels_owner(name: str) -> str:
    """The part whose relationships a member holds; empty for the package and for other members."""
    plain = unquote(name).replace("\\", "/")
    folder, _, file = plain.rpartition("/")
    if not file.lower().endswith(".rels"):
        return ""
    above = f"{folder}/"
    if folder.lower().endswith("_rels"):
        above = folder[: -len("_rels")]
    return above + file[: -len(".rels")]


def resolved(owner: str, target: str) -> str:
    """The member that a target leads to, seen from its owner."""
    address, _, _ = target.partition("#")
    plain = unquote(address).replace("\\", "/")
    absolute = plain
    if not plain.startswith("/"):
        absolute = f"/{posixpath.dirname(owner)}/{plain}"
    return posixpath.normpath(absolute).lstrip("/")


def top_part(package: Package, kind: str) -> str | None:
    """The member that the package calls its ``officedocument``, say, if there is only one."""
    found: set[str | None] = set()
    for relation in relations(package):
        if relation.owner == "" and relation.kind == kind:
            found.add(member(package, relation.target))
    return found.pop() if len(found) == 1 else None


def unreached(package: Package) -> Iterator[str]:
    """Members that no relationship leads to: no page shows them, every report would have them."""
    reached = _reached(package)
    for name in package.namelist():
        if name == TYPES or name.endswith("/") or name.lower() in reached:
            continue
        owner = rels_owner(name).lower()
        if not (is_relations(name) and (owner == "" or owner in reached)):
            yield name


def _reached(package: Package) -> set[str]:
    """The members that relationships lead to, in small letters."""
    ways: dict[str, list[str]] = {}
    for relation in relations(package):
        owner = relation.owner.lower()
        targets = ways.setdefault(owner, [])
        targets.append(relation.target.lower())
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        owner = waiting.pop()
        for target in ways.get(owner, ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
