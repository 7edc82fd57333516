"""The blocks of the statutory tables as they appear in a text layer: header words and line names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from attrs import frozen

from govdisclose.form.edition import EDITIONS
from govdisclose.form.outline import Block, outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import ITEM_HEADER
from govdisclose.read.published.text.pieces import bare
from govdisclose.read.tables.labels import label


@frozen
class TableForm:
    """One kind of block: its table and columns, and the names of its lines.

    ``lines`` leads from each spelling of a name to the name. ``groups`` are the words that group
    the lines, one below the other.
    """

    key: str
    block: Block
    lines: Mapping[str, str]
    groups: str

    @property
    def column_names(self) -> list[frozenset[str]]:
        """The names of each column, without punctuation."""
        found: list[frozenset[str]] = []
        for column in self.block.columns:
            found.append(frozenset(map(bare, column.names)))
        return found


@cache
def table_forms() -> tuple[TableForm, ...]:
    """The blocks of both editions; those with the same columns are one."""
    found: dict[tuple[object, ...], list[Block]] = {}
    keys: dict[tuple[object, ...], str] = {}
    for edition in EDITIONS.values():
        for key, table in outline(edition).tables.items():
            for block in table.blocks:
                names = [column.names for column in block.columns]
                same: tuple[object, ...] = (key, *names)
                found.setdefault(same, []).append(block)
                keys[same] = str(key)
    forms: list[TableForm] = []
    for same, blocks in found.items():
        forms.append(_table_form(keys[same], blocks))
    return tuple(forms)


def _table_form(key: str, blocks: list[Block]) -> TableForm:
    names: dict[str, str] = {}
    groups: set[str] = set()
    for block in blocks:
        for line in block.lines:
            for name in line.names:
                names[label(name)] = label(line.names[0])
            groups.update(map(bare, line.labels))
    first = blocks[0]
    return TableForm(key=key, block=first, lines=names, groups="\n".join(groups))


@cache
def table_keys() -> tuple[str, ...]:
    """The keys of the tables, each once."""
    keys = [form.key for form in table_forms()]
    return tuple(dict.fromkeys(keys))


@cache
def header_words(key: str) -> frozenset[str]:
    """Everything that is printed in the header of a table, without punctuation."""
    return frozenset(map(bare, _header_texts(key)))


def _header_texts(key: str) -> Iterator[str]:
    yield ITEM_HEADER
    for section in SECTIONS:
        if section.key == key and section.note:
            yield section.note
    for edition in EDITIONS.values():
        for block in outline(edition).tables[key].blocks:
            if block.label:
                yield block.label
            for column in block.columns:
                yield from column.names
                for parents in column.parents:
                    yield from parents
