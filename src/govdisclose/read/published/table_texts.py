"""Texts in the tables of a published report that are neither labels of the form nor figures: they are told."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from govdisclose.form.edition import EDITIONS
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import ITEM_HEADER, LIGHT_LABEL
from govdisclose.read.grid import Grid
from govdisclose.read.tables.labels import label, spellings
from govdisclose.read.tables.match import holds_number
from govdisclose.read.tables.vocabulary import vocabulary


def stray_texts(grid: Grid, said: str) -> list[str]:
    """The texts of a statutory table that nothing is made of; those in ``said`` have been told."""
    found: list[str] = []
    for text in _texts(grid):
        if text in said or holds_number(text) or _is_known(text):
            continue
        found.append(text)
    return found


def all_texts(grid: Grid) -> list[str]:
    """The texts of any other table."""
    return list(_texts(grid))


def _texts(grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        for raw in row:
            if isinstance(raw, str) and raw.strip():
                yield raw.strip()


def _is_known(text: str) -> bool:
    """Whether a text is a label of the form, a placeholder, or one of our lights."""
    plain = label(text)
    if not plain or plain.startswith(LIGHT_LABEL):
        return len(text) < _LONG
    return not spellings(text).isdisjoint(_words()) or any(
        plain == label(note) for note in _notes()
    )


_LONG = 30
"""Characters; a text of marks alone that is longer is a drawing."""


@cache
def _words() -> frozenset[str]:
    """All labels of both editions: rows, groups of rows, columns, spanners, blocks."""
    words = {label(ITEM_HEADER), "序号", "类别", "项目", "备注"}
    for edition in EDITIONS.values():
        for key, table in outline(edition).tables.items():
            words |= vocabulary(edition, key).labels | frozenset(vocabulary(edition, key).lines)
            for block in table.blocks:
                words.add(label(block.label or ""))
                for line in block.lines:
                    words |= {label(name) for name in line.labels}
    return frozenset(words)


@cache
def _notes() -> tuple[str, ...]:
    """The notes that the form prints in its tables."""
    return tuple(section.note for section in SECTIONS if section.note)
