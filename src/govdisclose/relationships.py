"""The parts of a package by its relationships, as Excel and Word look them up.

A part may have any name: the relationship that leads to it states its kind. Names are compared
without regard to case, and a target may be absolute, relative or percent-encoded.
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from govdisclose.package import Package, PackageError

_NAMESPACE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


class Relationship(NamedTuple):
    """One relationship: ``kind`` is the last word of its type (``worksheet``).

    ``target`` is the name of a part, ``None`` if it is outside the package.
    """

    id: str
    kind: str
    target: str | None


def parse(content: bytes) -> Element:
    """The root of a small part. Raises ``PackageError``.

    ``open_package`` lets no DTD through, so there are no entities.
    """
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        # It is broken, or in an encoding that nobody knows.
        raise PackageError("不是完好的 XML") from error


def relationships(package: Package, source: str = "") -> tuple[Relationship, ...]:
    """The relationships of the part ``source``, or of the package itself.

    Raises ``PackageError`` for a relationship part that is not well-formed.
    """
    folder, _, name = source.rpartition("/")
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    part = find_part(package, path)
    if part is None:
        return ()
    try:
        root = parse(package.parts[part])
    except PackageError as error:
        raise PackageError(f"部件 {part} {error}") from error
    found = []
    for element in root:
        if element.tag == f"{_NAMESPACE}Relationship":
            found.append(_relationship(element, folder))
    return tuple(found)


def _relationship(element: Element, folder: str) -> Relationship:
    target = None
    if element.get("TargetMode") != "External":
        written = element.get("Target", "")
        target = _resolved(written, folder)
    name = element.get("Id", "")
    full_type = element.get("Type", "")
    _, _, kind = full_type.rpartition("/")
    return Relationship(name, kind, target)


def _resolved(target: str, folder: str) -> str:
    """The name of the part that a target leads to from ``folder``."""
    target = target.replace("\\", "/")
    if "%" in target:
        from urllib.parse import unquote  # slow to import, and hardly any part needs it

        target = unquote(target)
    if not target.startswith("/"):
        target = f"/{folder}/{target}"
    path = posixpath.normpath(target)
    return path.lstrip("/")


def find_part(package: Package, name: str) -> str | None:
    """The member of a package with this name, whatever the case of its letters."""
    if name in package.parts:
        return name
    wanted = name.lower()
    for member in package.parts:
        if member.lower() == wanted:
            return member
    return None


def main_part(package: Package) -> str:
    """The name of the part that is the document: the workbook of an .xlsx, the text of a .docx.

    Raises ``PackageError`` if the package names none, several, or one that is missing. Its message
    is a Chinese clause that follows the file's name.
    """
    targets = []
    for relation in relationships(package):
        if relation.kind == "officeDocument" and relation.target is not None:
            targets.append(relation.target)
    different = {target.lower() for target in targets}
    if len(different) > 1:
        raise PackageError("里有两个主文档，不知以哪一个为准")
    for target in targets:
        part = find_part(package, target)
        if part is not None:
            return part
    first = targets[0] if targets else ""
    named = f" {first}" if first else ""
    raise PackageError(f"缺少主文档{named}，文件不完整")


def content_type(package: Package, part: str) -> str:
    """The type of a part in ``[Content_Types].xml``; empty if it has none."""
    types = package.parts["[Content_Types].xml"]
    name = part.lower()
    _, _, ending = name.rpartition(".")
    by_name: dict[str, str] = {}
    by_ending: dict[str, str] = {}
    for element in parse(types):
        kind = element.get("ContentType", "")
        if element.tag == f"{_TYPES}Override":
            written = element.get("PartName", "")
            overridden = written.lstrip("/")
            by_name[overridden.lower()] = kind
        elif element.tag == f"{_TYPES}Default":
            extension = element.get("Extension", "")
            by_ending[extension.lower()] = kind
    return by_name.get(name) or by_ending.get(ending, "")
