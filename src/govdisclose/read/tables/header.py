"""The header of a table in a grid: where it is, and which of its texts names which column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from govdisclose.finding import Finding, Place
from govdisclose.form.outline import Column
from govdisclose.form.report import SECTIONS
from govdisclose.read.tables.labels import label, spellings
from govdisclose.read.tables.vocabulary import (
    ColumnWords,
    GridText,
    Vocabulary,
    is_header,
    is_number,
)
from govdisclose.rules import Rule
from govdisclose.rules.importing import I111

HEADINGS = {section.key: section.heading for section in SECTIONS}


Trail: TypeAlias = tuple[str, ...]
"""The header texts above one column, from the top."""


Columns: TypeAlias = dict[str, int]
"""The key of each column of the form, and the column of the grid."""


class Zone(NamedTuple):
    """Header rows ``top`` to ``bottom``.

    ``trails`` are the label texts above each column, the outermost first.
    """

    top: int
    bottom: int
    trails: dict[int, Trail]

    @property
    def rows(self) -> range:
        """The header rows."""
        return range(self.top, self.bottom + 1)


class Header(NamedTuple):
    """One header zone, the column of the grid for each column key, and the findings on it."""

    zone: Zone
    columns: Columns
    findings: tuple[Finding, ...] = ()

    @property
    def first_column(self) -> int:
        """The first column with figures; the stub is left of it."""
        return min(self.columns.values(), default=0)


class Width(NamedTuple):
    """The first and the last column that a cell covers."""

    left: int
    right: int

    @property
    def is_wide(self) -> bool:
        """Whether it is several columns wide."""
        return self.left != self.right

    def overlaps(self, other: Width) -> bool:
        """Whether both cover some column."""
        return self.left <= other.right and other.left <= self.right


class Words:
    """One grid beside one table; ``printed`` when the grid comes from a published document."""

    def __init__(self, text: GridText, vocabulary: Vocabulary, printed: bool) -> None:
        self.printed = printed
        self.grid = text.grid
        self.text = text.rows
        self.at = text.at
        self.meant = text.meant
        self.numeric = text.numeric
        self.vocabulary = vocabulary
        self.table = vocabulary.table

    def hits(self, row: int, names: frozenset[str]) -> int:
        """How many cells of ``row`` hold one of ``names``."""
        found = 0
        for meant in self.meant[row].values():
            found += not names.isdisjoint(meant)
        return found

    def cells(self, row: int, first: int) -> list[Width]:
        """The cells of ``row`` from column ``first`` on, as wide as they are merged."""
        ends = {}
        for merge in self.grid.merges:
            if merge.top <= row <= merge.bottom:
                ends[merge.left] = merge.right
        found: list[Width] = []
        column = first
        while column < len(self.grid.rows[row]):
            cell = Width(column, ends.get(column, column))
            found.append(cell)
            column = cell.right + 1
        return found


def header_zones(words: Words) -> Iterator[Zone]:
    """Header zones from the top.

    Each is a row with at least half of a block's leaf labels, and its neighbours with labels.
    """
    row = 0
    last = -1
    while row < len(words.text):
        if not _is_header(words, row):
            row += 1
            continue
        top = bottom = row
        while (above := _next_label_row(words, top, -1)) > last:
            top = above
        while (below := _next_label_row(words, bottom, +1)) > 0:
            bottom = below
        rows = range(top, bottom + 1)
        yield Zone(top, bottom, _trails(words, rows))
        last = bottom
        row = bottom + 1


def _is_header(words: Words, row: int) -> bool:
    """Whether a row holds the labels of enough columns, and no figures."""
    if _holds_figures(words, row):
        return False
    meant = words.meant[row].values()
    return is_header(words.vocabulary, meant)


def _holds_figures(words: Words, row: int) -> bool:
    """Whether a row is one of numbers.

    In a workbook, a header with a figure typed beside its labels is still a header.
    """
    if words.printed or not words.numeric[row]:
        return words.numeric[row]
    raws = words.grid.rows[row]
    figures = sum(map(is_number, raws))
    return figures > words.hits(row, words.vocabulary.labels)


def _next_label_row(words: Words, row: int, step: int) -> int:
    """The next row up or down that belongs to the same header, over blank rows; -1 for none."""
    for index in (row + step, row + 2 * step):
        if not 0 <= index < len(words.text):
            return -1
        if _holds_figures(words, index):
            return -1
        if words.meant[index]:
            if words.hits(index, words.vocabulary.labels):
                return index
            return -1
    return -1


def _trails(words: Words, rows: range) -> dict[int, Trail]:
    """The label texts above each column that has any."""
    width = 0
    labelled: set[int] = set()
    for row in rows:
        texts = words.text[row]
        width = max(width, len(texts))
        for column, text in enumerate(texts):
            if text:
                labelled.add(column)
    lines = _spanned_texts(words, rows, width)
    trails: dict[int, Trail] = {}
    for column in sorted(labelled):
        above = [line[column] for line in lines if line[column]]
        trails[column] = tuple(dict.fromkeys(above))
    return trails


def _spanned_texts(words: Words, rows: range, width: int) -> list[list[str]]:
    """The texts of header rows; a blank cell right of a spanner gets the spanner's text."""
    leaves = words.vocabulary.leaves
    has_leaf = [False] * width
    lines: list[list[str]] = []
    for row in rows:
        line: list[str] = []
        spanner = ""
        for column in range(width):
            meant = words.meant[row].get(column)
            if not meant:
                # Below 自然人 or 总计 a blank cell belongs to that column and to no spanner.
                line.append("" if has_leaf[column] else spanner)
                continue
            text = words.at(row, column)
            is_leaf = not leaves.isdisjoint(meant)
            spanner = "" if is_leaf else text
            line.append(text)
            has_leaf[column] = has_leaf[column] or is_leaf
        lines.append(line)
    return lines


def read_header(words: Words, zone: Zone) -> Header:
    """The columns under one header zone.

    Of two columns with one label the better one counts (S107 tells of the other).
    """
    columns = _named_columns(words, zone)
    lacks_columns = len(columns) < len(words.vocabulary.columns)
    if words.printed and lacks_columns:
        ordered = _columns_in_order(words, zone)
        if ordered:
            said = f"分组表头不全，按印出的次序认作{len(ordered)}列"
            place = words.grid.place(zone.bottom)
            finding = about(words, I111, said, place)
            return Header(zone, ordered, (finding,))
    return Header(zone, columns)


def _named_columns(words: Words, zone: Zone) -> Columns:
    """The columns by their labels."""
    found: Columns = {}
    best: dict[str, int] = {}
    for index, trail in zone.trails.items():
        fit = column_of(words.vocabulary, trail)
        if fit.column is None:
            continue
        key = fit.column.key
        if key not in found or fit.points > best[key]:
            found[key] = index
            best[key] = fit.points
    return found


def _columns_in_order(words: Words, zone: Zone) -> Columns:
    """All columns by their printed order; empty where that would be a guess.

    It is none where groups of columns share their labels, all of them are in one row, and the
    labels of groups that are left are in the right order.
    """
    columns = words.vocabulary.columns
    different = {column.names for column in columns}
    labels_are_shared = len(different) < len(columns)
    if not labels_are_shared:
        return {}
    leaves = words.vocabulary.leaves
    for row in reversed(zone.rows):
        cells: list[int] = []
        labels: list[frozenset[str]] = []
        for index, meant in words.meant[row].items():
            if not leaves.isdisjoint(meant):
                cells.append(index)
                labels.append(meant)
        if not _are_leaves(labels, columns):
            continue
        rows_above = range(zone.top, row)
        if _groups_in_order(words, rows_above):
            keys = [column.column.key for column in columns]
            return dict(zip(keys, cells, strict=True))
    return {}


def _are_leaves(cells: list[frozenset[str]], columns: tuple[ColumnWords, ...]) -> bool:
    """Whether the labels of cells are those of all columns, one by one."""
    if len(cells) != len(columns):
        return False
    for meant, column in zip(cells, columns, strict=True):
        names = column.names
        if meant.isdisjoint(names):
            return False
    return True


def _groups_in_order(words: Words, rows: Iterable[int]) -> bool:
    """Whether the labels of groups in some header rows are in the order of the form."""
    order: dict[str, int] = {}
    for column in words.vocabulary.columns:
        for names in column.parents:
            for name in names:
                order.setdefault(name, len(order))
    found: list[int] = []
    for row in rows:
        for meant in words.meant[row].values():
            for name in meant:
                if name in order:
                    found.append(order[name])
    return found == sorted(found)


class ColumnFit(NamedTuple):
    """The column that a trail names, ``None`` for none, and how well they fit."""

    column: Column | None
    points: int


_NO_COLUMN = ColumnFit(None, 0)


def column_of(vocabulary: Vocabulary, trail: Trail) -> ColumnFit:
    """The column that a trail of header texts names, and how well they fit.

    The leaf decides which columns are possible. Right spanners above it count for a column, wrong
    ones against it.
    """
    if not trail:  # a header cell whose text is far too long to be a label
        return _NO_COLUMN
    leaf = spellings(trail[-1])
    if vocabulary.leaves.isdisjoint(leaf):
        return _NO_COLUMN
    spelled = map(spellings, trail[:-1])
    above = frozenset().union(*spelled)
    labels_above = above & vocabulary.labels
    spanners = labels_above - vocabulary.leaves
    best = _NO_COLUMN
    for words in vocabulary.columns:
        if words.names.isdisjoint(leaf):
            continue
        right = 0
        for names in words.parents:
            right += not names.isdisjoint(above)
        wrong = len(spanners.difference(*words.parents))
        own_label = label(words.column.names[0])
        is_own_label = own_label in leaf
        for_it = 2 * right + is_own_label
        points = for_it - 4 * wrong
        if best.column is None or points > best.points:
            best = ColumnFit(words.column, points)
    return best


def under_wide_leaf(words: Words, header: Header, index: int) -> bool:
    """Whether a column is covered by the merged header cell of one of the table's columns."""
    zone = header.zone
    leaves = words.vocabulary.leaves
    for merge in words.grid.merges:
        covers = merge.left < index <= merge.right
        if not covers or merge.top not in zone.rows:
            continue
        if merge.left not in header.columns.values():
            continue
        header_row = words.meant[merge.top]
        meant = header_row.get(merge.left, ())
        if not leaves.isdisjoint(meant):
            return True
    return False


def about(words: Words, rule: Rule, text: str, place: Place, path: str | None = None) -> Finding:
    """A finding on a table, which it names first."""
    heading = HEADINGS[words.table.key]
    said = f"{heading}：{text}"
    return rule.finding(said, place, path=path)
