"""Walking the XML of Word parts whose namespaces have two spellings."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from attrs import frozen

_NEARBY = 30
"""Characters of a paragraph that name it."""


def local(node: Element) -> str:
    """The name of an element without its namespace."""
    return node.tag.rpartition("}")[2]


@frozen
class Names:
    """What occurs in a part: its tags, and the names of its elements and attributes.

    The names are without namespaces. All are few, and most faults can be ruled out by them.
    """

    tags: frozenset[str]
    elements: frozenset[str]
    attributes: frozenset[str]

    @staticmethod
    def of(root: Element) -> Names:
        """Look through a part."""
        tags: set[str] = set()
        keys: set[str] = set()
        for node in root.iter():
            tags.add(node.tag)
            keys.update(node.attrib)
        return Names(frozenset(tags), _without_namespaces(tags), _without_namespaces(keys))


def _without_namespaces(names: set[str]) -> frozenset[str]:
    return frozenset([name.rpartition("}")[2] for name in names])


def child(node: Element | None, name: str) -> Element | None:
    """The first child of that local name."""
    if node is not None:
        for found in node:
            if local(found) == name:
                return found
    return None


def value(node: Element | None, name: str) -> str:
    """An attribute by its local name; empty if there is none."""
    if node is not None:
        for key, found in node.attrib.items():
            if key.rpartition("}")[2] == name:
                return found
    return ""


def with_places(root: Element) -> Iterator[tuple[Element, str]]:
    """Every element in the order of the text, at any depth, and its place.

    That is the beginning of its paragraph in quotation marks, to find it by.
    """
    waiting = [(root, "")]
    while waiting:
        node, place = waiting.pop()
        yield node, place
        if local(node) == "p":
            place = _beginning(node)
        waiting.extend((below, place) for below in reversed(node))


def _beginning(paragraph: Element) -> str:
    """The beginning of a paragraph in quotation marks; empty if it has no text."""
    words = [node.text or "" for node in paragraph.iter() if local(node) == "t"]
    text = "".join(words).strip()
    if not text:
        return ""
    return f"“{text[:_NEARBY]}”"
