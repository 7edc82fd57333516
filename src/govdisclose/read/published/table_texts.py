"""Texts in the tables of a published report, and those that are neither labels nor figures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import ITEM_HEADER, LIGHT_LABEL
from govdisclose.read.grid import Grid
from govdisclose.read.tables.labels import is_bare_label, label
from govdisclose.read.tables.match import holds_number
from govdisclose.read.tables.vocabulary import vocabulary

_LONG = 30
"""Characters; a text of signs alone that is longer is a drawing."""


def all_texts(grid: Grid) -> list[str]:
    """The texts of a table."""
    found: list[str] = []
    for row in grid.rows:
        for raw in row:
            if isinstance(raw, str) and raw.strip():
                found.append(raw.strip())
    return found


def unused_texts(grid: Grid, reported: str) -> list[str]:
    """The texts of a statutory table that are not read; those in ``reported`` have a finding."""
    found: list[str] = []
    for text in all_texts(grid):
        if text not in reported and not _is_read(text):
            found.append(text)
    return found


def _is_read(text: str) -> bool:
    """Whether a text is a figure, a label or note of the form, a placeholder, or one of our lights."""
    if holds_number(text):
        return True
    plain = label(text)
    if not plain or plain.startswith(LIGHT_LABEL):
        return len(text) < _LONG
    return is_bare_label(text, _labels()) or plain in _notes()


@cache
def _labels() -> frozenset[str]:
    """All labels of both editions: rows, groups of rows, columns, spanners, blocks."""
    words = {label(ITEM_HEADER), "序号", "类别", "项目", "备注"}
    for edition in EDITIONS.values():
        words.update(_labels_of(edition))
    return frozenset(words)


def _labels_of(edition: Edition) -> Iterator[str]:
    for key, table in outline(edition).tables.items():
        yield from vocabulary(edition, key).labels
        yield from vocabulary(edition, key).lines
        for block in table.blocks:
            yield label(block.label or "")
            for line in block.lines:
                yield from map(label, line.labels)


@cache
def _notes() -> frozenset[str]:
    """The notes that the form prints in its tables."""
    found: set[str] = set()
    for section in SECTIONS:
        if section.note:
            found.add(label(section.note))
    return frozenset(found)
