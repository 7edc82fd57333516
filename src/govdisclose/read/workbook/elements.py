"""The elements of an XML part, one after another: the tree of a large part is never in memory as a whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_SMALL = 2_000_000
"""Bytes of a part whose tree may be in memory as a whole, which is a third faster."""

_DEPTH = 50
"""How deep elements may lie in one another; those of a workbook lie some ten deep."""


class Piece(NamedTuple):
    """An element that is complete; ``parent`` is the tag of the element around it, ``""`` for the root's own."""

    parent: str
    element: Element


class BrokenXmlError(Exception):
    """A part that is not well-formed XML, or whose elements lie absurdly deep in one another."""


def pieces(part: bytes, level: int) -> Iterator[Piece]:
    """The elements of a part down to ``level`` (1: the children of its root; 2: theirs), each after those inside it.

    The root comes first. Of a large part an element of ``level`` is emptied once the caller asks for the
    next. The standard parser is safe here: ``open_package`` lets no DTD through, hence no entities.
    Raises ``BrokenXmlError``.
    """
    try:
        yield from _of_tree(part, level) if len(part) <= _SMALL else _of_stream(part, level)
    except (
        ElementTree.ParseError,
        LookupError,
        ValueError,
    ) as error:  # broken, or in no encoding that is known
        raise BrokenXmlError from error


def _of_tree(part: bytes, level: int) -> Iterator[Piece]:
    root = ElementTree.fromstring(part)
    yield Piece("", root)
    for child in root:
        if level > 1:
            for grandchild in child:
                yield Piece(child.tag, grandchild)
        yield Piece(root.tag, child)


def _of_stream(part: bytes, level: int) -> Iterator[Piece]:
    path: list[Element] = []
    for event, element in ElementTree.iterparse(io.BytesIO(part), ("start", "end")):
        if event == "start":
            path.append(element)
            if len(path) == 1:
                yield Piece("", element)
            elif len(path) > _DEPTH:
                raise BrokenXmlError
            continue
        path.pop()
        if 0 < len(path) <= level:
            yield Piece(path[-1].tag, element)
        if len(path) == level:
            path[-1].clear()
