"""The paragraphs, tables, rows and cells that Word shows, in order."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from govdisclose.read.published.word.element_names import CELL, PARAGRAPH, PROPERTIES, ROW, TABLE, W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE = _MC + "AlternateContent"
_CHOICE, _FALLBACK = _MC + "Choice", _MC + "Fallback"
_DRAWN_PREFIXES = frozenset([
    "w14", "w15", "w16", "w16cex", "w16cid", "w16se", "w16du", "wp14", "wps", "wpg", "wpc", "wpi",
    "wne", "a14", "am3d", "aink", "cx", "cx1", "v", "o", "m", "w10", "wp",
])  # fmt: skip
"""The usual prefixes of the namespaces that recent versions of Word and WPS draw."""
HIDDEN = frozenset([W + "del", W + "moveFrom", *PROPERTIES])
"""Elements whose text Word does not show."""


def shown(node: Element) -> Iterator[Element]:
    """Everything below ``node`` that Word shows, without going into tables or paragraphs found."""
    for child in node:
        if child.tag in (PARAGRAPH, TABLE, ROW, CELL):
            yield child
        elif child.tag == ALTERNATE:
            branch = drawn_branch(child)
            if branch is not None:
                yield from shown(branch)
        elif child.tag not in HIDDEN:
            yield from shown(child)


def drawn_branch(alternate: Element) -> Element | None:
    """The one branch of alternate content that Word draws: the first it knows, else the fallback."""
    for child in alternate:
        if child.tag != _CHOICE:
            continue
        if _DRAWN_PREFIXES.issuperset(child.get("Requires", "").split()):
            return child
    return alternate.find(_FALLBACK)


def flat(body: Element) -> Iterator[Element]:
    """The paragraphs and tables of the text; the content of a layout table takes its place."""
    for node in shown(body):
        if node.tag != TABLE or not _is_layout(node):
            yield node
            continue
        for row in shown(node):
            for cell in shown(row):
                yield from flat(cell)


def _is_layout(table: Element) -> bool:
    """Whether a table holds a table with several cells."""
    for inner in table.iter(TABLE):
        if inner is table:
            continue
        if sum(1 for _ in inner.iter(CELL)) > 1:
            return True
    return False


def cell_paragraphs(cell: Element) -> Iterator[Element]:
    """The paragraphs of a cell, including those of tables inside it."""
    for node in shown(cell):
        if node.tag == PARAGRAPH:
            yield node
        else:
            yield from cell_paragraphs(node)


def ends_with_deleted_mark(paragraph: Element) -> bool:
    """Whether a tracked deletion removes the end of a paragraph, so that the next continues it."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None
