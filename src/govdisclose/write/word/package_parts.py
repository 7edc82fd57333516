"""The members of a Word package: those that are XML, their types and their roots."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from govdisclose.errors import TemplateError
from govdisclose.package import Package
from govdisclose.write.word.markup import local

LARGEST_PART = 4_000_000
"""Bytes of text in one part; docxtpl's patterns take time that grows faster than the text."""

TYPES = "[Content_Types].xml"
_XML_ENDINGS = (".xml", ".rels", ".vml", ".svg")
_HEAD = 200
_NO_XML = (ElementTree.ParseError, LookupError, ValueError)
"""The errors of the parser for broken XML and for an unknown encoding."""

_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""Byte order marks and blanks that may come before ``<?xml``."""


def parsed(package: Package, name: str) -> Element:
    """The root of an XML part. Raises ``TemplateError`` for one that is damaged."""
    # The standard parser is safe here: open_package lets no DTD through, hence no entities.
    try:
        return ElementTree.fromstring(package.read(name))
    except _NO_XML as error:
        raise _damaged(name) from error


def parsed_with_prefixes(package: Package, name: str) -> tuple[Element, list[tuple[str, str]]]:
    """The root of an XML part, and every prefix that it declares with its namespace.

    Raises ``TemplateError`` for a part that is damaged.
    """
    file = BytesIO(package.read(name))
    events = ElementTree.iterparse(file, ("start-ns",))
    try:
        prefixes = [declared for _, declared in events]
    except _NO_XML as error:
        raise _damaged(name) from error
    root: Element = events.root  # type: ignore[attr-defined]  # documented, unknown to typeshed
    return root, prefixes


def _damaged(name: str) -> TemplateError:
    return TemplateError(f"模板的部件 {name} 已损坏，请用 Word 或 WPS 打开后另存一份")


def member(package: Package, name: str) -> str | None:
    """The member of that name, whatever the case of its letters."""
    for found in package.namelist():
        if found.lower() == name.lower():
            return found
    return None


def content_types(package: Package) -> dict[str, str]:
    """Member → content type, for those that have one of their own or by their ending."""
    own: dict[str, str] = {}
    by_ending: dict[str, str] = {}
    for entry in parsed(package, TYPES):
        kind = entry.get("ContentType", "")
        if local(entry) == "Override":
            name = unquote(entry.get("PartName", ""))
            own[name.lstrip("/").lower()] = kind
        elif local(entry) == "Default":
            ending = entry.get("Extension", "")
            by_ending[ending.lower()] = kind
    found: dict[str, str] = {}
    for name in package.namelist():
        lowered = name.lower()
        _, _, ending = lowered.rpartition(".")
        kind = own.get(lowered) or by_ending.get(ending, "")
        if kind:
            found[name] = kind
    return found


def markup_parts(package: Package) -> list[str]:
    """The members that are XML: by their ending, by their type, or by how they begin."""
    types = content_types(package)
    found = []
    for name, content in package.parts.items():
        has_ending = name.lower().endswith(_XML_ENDINGS)
        is_xml = has_ending or types.get(name, "").endswith("xml")
        if is_xml or _begins_as_xml(content):
            found.append(name)
    return found


def _begins_as_xml(content: bytes) -> bool:
    head = content[:_HEAD].replace(b"\0", b"")  # UTF-16 has a zero beside every letter
    return head.lstrip(_BEFORE_XML).startswith(b"<?xml")
