"""Where a template prints the statutory values: between which pieces of its tables' XML."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.write.word.fill import fill
from govdisclose.write.word.tree import Body

_CUT = "\ufdd0"
"""A character that no text has; it is on both sides of a path."""


class Layout(NamedTuple):
    """The XML of a filled template's tables, cut at the statutory values, and their paths."""

    pieces: Sequence[str]
    cells: Sequence[str]


def layout_of(body: Body, edition: Edition) -> Layout:
    """The layout of a main part; one without cells unless its tables print every value once."""
    paths = {path: f"{_CUT}{path}{_CUT}" for path in outline(edition).cells}
    pieces = _tables(fill(body, defaultdict(str, paths))).split(_CUT)
    cells = pieces[1::2]
    if sorted(cells) != sorted(paths):
        return Layout((), ())
    return Layout(pieces[::2], cells)


def _tables(xml: str) -> str:
    """The XML of all tables of a document, one after the other."""
    tables = (part.rpartition("</w:tbl>")[0] for part in xml.split("<w:tbl>"))
    return "".join(tables)
