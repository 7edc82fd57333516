"""The XML of one part of a package: searched for bytes where that is safe, or parsed.

``open_package`` has refused every part with a DTD that its bytes show. A part in an encoding in which they would not
show it is parsed by defusedxml, which is slower and refuses the rest.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEAD = 200
_ON = frozenset(("1", "true", "on"))


def as_plain(part: bytes) -> bool:
    """Whether names and attributes in a part can be searched for as ASCII."""
    head = part[:_HEAD]
    return b"\0" not in head and (b"encoding" not in head or b"utf-8" in head.lower())


def is_usual(part: bytes) -> bool:
    """Whether every attribute is surely written as ``name="value"``, with no blank around the sign and no reference by number."""
    plain = (
        as_plain(part) and b"'" not in part and b"\t" not in part and part.find(b"\n", _HEAD) < 0
    )
    return plain and b" =" not in part and (b"&" not in part or b"&#" not in part)


def parsed(part: bytes) -> Element:
    """The root of a part. Raises ``ParseError``, also where its encoding is unknown."""
    if as_plain(part):
        return ElementTree.fromstring(part)
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(part)
    except (LookupError, ValueError) as error:
        raise ElementTree.ParseError(str(error)) from error
    return root


@lru_cache(maxsize=16)
def is_well_formed(part: bytes) -> bool:
    """Whether a part is well-formed XML. Workbooks made from one blank share parts, so the last answers are kept."""
    try:
        parsed(part)
    except ElementTree.ParseError:
        return False
    return True


def well_formed(part: bytes) -> bytes:
    """A part, or what a forgiving parser makes of one with an element that is not closed, as some writers leave it."""
    if is_well_formed(part):
        return part
    from lxml import etree

    forgiving = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(part, forgiving)
    except etree.XMLSyntaxError:  # nothing in it is XML
        return part
    return part if root is None else etree.tostring(root)


def elements(part: bytes) -> Iterator[Element]:
    """The elements of a part as they end. Raises ``ParseError``."""
    if as_plain(part):
        events = ElementTree.iterparse(io.BytesIO(part))
    else:
        from defusedxml.ElementTree import iterparse

        events = iterparse(io.BytesIO(part))
    try:
        for _, element in events:
            yield element
    except (LookupError, ValueError) as error:  # of an encoding that is unknown
        raise ElementTree.ParseError(str(error)) from error


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def is_on(value: str) -> bool:
    """Whether an attribute says yes."""
    return value in _ON
