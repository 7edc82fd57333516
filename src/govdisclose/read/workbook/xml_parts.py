"""The XML of one part of a package: searched for bytes where that is safe, or parsed.

``open_package`` has refused every part with a DTD that its bytes show, so the standard parser meets
no entities. defusedxml, which is slower, parses a part in an encoding that could hide a DTD.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_HEAD = 200
_ON = frozenset(("1", "true", "on"))

_CONTROLS = bytes({*range(32)} - {*b"\t\n"})

_SMALL = 2_000_000
"""Bytes of a part whose tree may be in memory as a whole, which is a third faster."""

_DEPTH = 50
"""How deep elements may nest; those of a workbook are some ten deep."""


class BrokenXmlError(Exception):
    """A part that is not well-formed XML, or whose elements are nested absurdly deep."""


# --- bytes --------------------------------------------------------------------------------------


def as_plain(part: bytes) -> bool:
    """Whether names and attributes in a part can be searched for as ASCII."""
    head = part[:_HEAD]
    if 0 in head:
        return False
    if head.find(b"encoding") < 0:
        return True
    return b"utf-8" in head.lower()


def is_usual(part: bytes) -> bool:
    """Whether every attribute is surely written as ``name="value"``.

    There is no blank around the sign and no character that is written as a number.
    """
    if not as_plain(part):
        return False
    if b"'" in part or b"\t" in part:
        return False
    if part.find(b"\n", _HEAD) >= 0:
        return False
    if b" =" in part:
        return False
    return b"&" not in part or b"&#" not in part


def legal_text(part: bytes) -> str | None:
    """The characters of a part in UTF-8, if XML allows all of them and a parser changes none.

    A parser changes a carriage return.
    """
    try:
        text = part.decode()
    except UnicodeDecodeError:
        return None
    if text.isprintable():  # in most workbooks there is neither a line break nor a wide blank
        return text
    if any(map(part.__contains__, _CONTROLS)):  # thirty searches are faster than one pattern
        return None
    if "\ufffe" in text or "\uffff" in text:
        return None
    return text


# --- elements -----------------------------------------------------------------------------------


def parsed(part: bytes) -> Element:
    """The root of a part. Raises ``BrokenXmlError``, also if its encoding is unknown."""
    try:
        if as_plain(part):
            return ElementTree.fromstring(part)
        from defusedxml.ElementTree import fromstring

        root: Element = fromstring(part)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise BrokenXmlError from error
    return root


def elements(part: bytes) -> Iterator[Element]:
    """The elements of a part as they end. Raises ``BrokenXmlError``."""
    for event, element in _events(part):
        if event == "end":
            yield element


class PlacedElement(NamedTuple):
    """A complete element, and the tag of the element around it: ``""`` for the root."""

    parent: str
    element: Element


def pieces(part: bytes, level: int) -> Iterator[PlacedElement]:
    """The elements of a part down to ``level`` (1: the children of its root), each after its own.

    The root comes first. In a large part an element of ``level`` is emptied when the caller asks
    for the next one, so the tree is never in memory as a whole. Raises ``BrokenXmlError``.
    """
    if len(part) <= _SMALL:
        return _of_tree(part, level)
    return _of_stream(part, level)


def _of_tree(part: bytes, level: int) -> Iterator[PlacedElement]:
    root = parsed(part)
    yield PlacedElement("", root)
    for child in root:
        if level > 1:
            for grandchild in child:
                yield PlacedElement(child.tag, grandchild)
        yield PlacedElement(root.tag, child)


def _of_stream(part: bytes, level: int) -> Iterator[PlacedElement]:
    path: list[Element] = []
    for event, element in _events(part):
        if event == "start":
            path.append(element)
            if len(path) == 1:
                yield PlacedElement("", element)
            elif len(path) > _DEPTH:
                raise BrokenXmlError
            continue
        path.pop()
        if 0 < len(path) <= level:
            yield PlacedElement(path[-1].tag, element)
        if len(path) == level:
            path[-1].clear()


def _events(part: bytes) -> Iterator[tuple[str, Element]]:
    """The start and the end of each element."""
    try:
        if as_plain(part):
            yield from ElementTree.iterparse(io.BytesIO(part), ("start", "end"))
        else:
            from defusedxml.ElementTree import iterparse

            yield from iterparse(io.BytesIO(part), ("start", "end"))
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise BrokenXmlError from error


def recovered(part: bytes) -> bytes:
    """What a forgiving parser makes of a broken part, for example of an element that is not closed."""
    from lxml import etree

    forgiving = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(part, forgiving)
    except etree.XMLSyntaxError:  # nothing in it is XML
        return part
    if root is None:
        return part
    return etree.tostring(root)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def is_on(value: str) -> bool:
    """Whether an attribute says yes."""
    return value in _ON
