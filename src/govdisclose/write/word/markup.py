"""Walking the XML of Word parts whose namespaces have two spellings."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def local(node: Element) -> str:
    """The name of an element without its namespace."""
    return node.tag.rpartition("}")[2]


def child(node: Element | None, name: str) -> Element | None:
    """The first child of that local name."""
    for found in () if node is None else node:
        if local(found) == name:
            return found
    return None


def value(node: Element | None, name: str) -> str:
    """An attribute by its local name; empty where there is none."""
    for key, found in () if node is None else node.attrib.items():
        if key.rpartition("}")[2] == name:
            return found
    return ""


def with_paragraphs(root: Element) -> Iterator[tuple[Element, Element | None]]:
    """Every element in the order of the text, with the paragraph it stands in; of any depth."""
    waiting: list[tuple[Element, Element | None]] = [(root, None)]
    while waiting:
        node, paragraph = waiting.pop()
        yield node, paragraph
        inner = node if local(node) == "p" else paragraph
        waiting.extend((below, inner) for below in reversed(node))


def nearby(paragraph: Element | None) -> str:
    """The beginning of a paragraph in quotation marks, to find it by."""
    if paragraph is None:
        return ""
    text = "".join(node.text or "" for node in paragraph.iter() if local(node) == "t").strip()
    return f"“{text[:30]}”" if text else ""
