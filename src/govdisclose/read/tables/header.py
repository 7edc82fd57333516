"""The header of a table in a grid: where it stands, and which of its texts names which column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from govdisclose.finding import Finding, Place
from govdisclose.form.outline import Column
from govdisclose.form.report import SECTIONS
from govdisclose.read.tables.labels import label, spellings
from govdisclose.read.tables.vocabulary import GridText, Vocabulary, is_header, is_number
from govdisclose.rules import Rule
from govdisclose.rules.importing import I111

HEADINGS = {section.key: section.heading for section in SECTIONS}


class Zone(NamedTuple):
    """Header rows ``top``..``bottom``; ``trails`` are the label texts above each column, outermost first."""

    top: int
    bottom: int
    trails: dict[int, tuple[str, ...]]


class Words:
    """One grid beside one table; ``printed`` when the grid comes from a published document."""

    def __init__(self, text: GridText, vocabulary: Vocabulary, printed: bool) -> None:
        self.printed = printed
        self.grid, self.text, self.at = text.grid, text.rows, text.at
        self.meant, self.numeric = text.meant, text.numeric
        self.vocabulary, self.table = vocabulary, vocabulary.table

    def hits(self, row: int, names: frozenset[str]) -> int:
        """How many cells of ``row`` hold one of ``names``."""
        return sum(not names.isdisjoint(meant) for meant in self.meant[row].values())

    def cells(self, row: int, first: int) -> list[tuple[int, int]]:
        """The first and last column of each cell of ``row`` from column ``first`` on, as merged."""
        wide = {m.left: m.right for m in self.grid.merges if m.top <= row <= m.bottom}
        found, column = [], first
        while column < len(self.grid.rows[row]):
            found.append((column, wide.get(column, column)))
            column = found[-1][1] + 1
        return found


def header_zones(words: Words) -> Iterator[Zone]:
    """Header zones from the top: a row with at least half of a block's leaf labels, and its neighbours."""
    row, last = 0, -1
    while row < len(words.text):
        if _holds_figures(words, row) or not is_header(words.vocabulary, words.meant[row].values()):
            row += 1
            continue
        top = bottom = row
        while (above := _next_label_row(words, top, -1)) > last:
            top = above
        while (below := _next_label_row(words, bottom, +1)) > 0:
            bottom = below
        yield Zone(top, bottom, _trails(words, top, bottom))
        last, row = bottom, bottom + 1


def _holds_figures(words: Words, row: int) -> bool:
    """Whether a row is one of numbers. In a workbook a header with a figure typed beside its labels still is a header."""
    if words.printed or not words.numeric[row]:
        return words.numeric[row]
    figures = sum(map(is_number, words.grid.rows[row]))
    return figures > words.hits(row, words.vocabulary.labels)


def _next_label_row(words: Words, row: int, step: int) -> int:
    """The next row up or down that belongs to the same header, over blank rows; -1 when there is none."""
    for index in (row + step, row + 2 * step):
        if not 0 <= index < len(words.text) or _holds_figures(words, index):
            return -1
        if words.meant[index]:
            return index if words.hits(index, words.vocabulary.labels) else -1
    return -1


def _trails(words: Words, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """The labels above each column; a blank cell right of a spanner counts as spanned."""
    width = max(len(words.text[r]) for r in range(top, bottom + 1))
    carried: list[list[str]] = []
    named = [False] * width
    for row in range(top, bottom + 1):
        line: list[str] = []
        last = ""
        for column in range(width):
            meant = words.meant[row].get(column)
            text = words.at(row, column) if meant else ""
            if meant:
                last = "" if meant & words.vocabulary.leaves else text
            # Below 自然人 or 总计 a blank cell belongs to that column and to no spanner.
            line.append(text or ("" if named[column] else last))
            named[column] = named[column] or bool(meant and meant & words.vocabulary.leaves)
        carried.append(line)
    trails = {}
    for column in range(width):
        if any(words.at(row, column) for row in range(top, bottom + 1)):
            trails[column] = tuple(dict.fromkeys(line[column] for line in carried if line[column]))
    return trails


def header_columns(words: Words, zone: Zone, findings: list[Finding]) -> dict[str, int]:
    """Column key → column of the grid, under one header zone; the best of two wins (S107 tells of the other)."""
    best: dict[str, tuple[int, int]] = {}
    for index, trail in zone.trails.items():
        column, fit = column_of(words.vocabulary, trail)
        if column is not None and fit > best.get(column.key, (-99, 0))[0]:
            best[column.key] = (fit, index)
    found = {key: index for key, (_, index) in best.items()}
    if words.printed and len(found) < len(words.vocabulary.columns):
        ordered = _in_order(words, zone)
        if ordered:
            place = words.grid.place(zone.bottom)
            findings.append(
                about(words, I111, f"分组表头不全，按印出的次序认作{len(ordered)}列", place)
            )
            return ordered
    return found


def _in_order(words: Words, zone: Zone) -> dict[str, int]:
    """All columns by their order, where groups share leaf labels and exactly all leaves stand in one row."""
    columns = words.vocabulary.columns
    groups = list(
        dict.fromkeys(name for _, parents, _ in columns for names in parents for name in names)
    )
    shared = len({names for names, _, _ in columns}) < len(columns)
    for row in range(zone.bottom, zone.top - 1, -1) if shared else ():
        cells = [c for c, meant in words.meant[row].items() if meant & words.vocabulary.leaves]
        above = [
            groups.index(n)
            for r in range(zone.top, row)
            for m in words.meant[r].values()
            for n in m & {*groups}
        ]
        fits = len(cells) == len(columns) and all(
            words.meant[row][c] & n[0] for c, n in zip(cells, columns, strict=True)
        )
        if fits and above == sorted(above):
            return {column.key: c for c, (_, _, column) in zip(cells, columns, strict=True)}
    return {}


def column_of(vocabulary: Vocabulary, trail: tuple[str, ...]) -> tuple[Column | None, int]:
    """The column that a trail of header texts names, and how well: its leaf, its spanners and no others."""
    if not trail:  # a header cell whose text is far too long to be a label
        return None, 0
    leaf = spellings(trail[-1])
    if vocabulary.leaves.isdisjoint(leaf):
        return None, 0
    above = frozenset().union(*map(spellings, trail[:-1]))
    spanners = above & (vocabulary.labels - vocabulary.leaves)
    fits = [
        (2 * sum(not p.isdisjoint(above) for p in parents) - 4 * len(spanners.difference(*parents))
         + (label(c.names[0]) in leaf), c)
        for names, parents, c in vocabulary.columns if names & leaf
    ]  # fmt: skip
    fit, column = max(fits, key=lambda pair: pair[0], default=(0, None))
    return column, fit


def under_wide_leaf(words: Words, zone: Zone, used: dict[str, int], index: int) -> bool:
    """Whether a column is covered by the merged header cell of one of the columns used."""
    return any(
        m.left in used.values()
        and m.left < index <= m.right
        and zone.top <= m.top <= zone.bottom
        and not words.vocabulary.leaves.isdisjoint(words.meant[m.top].get(m.left, ()))
        for m in words.grid.merges
    )


def about(words: Words, rule: Rule, text: str, place: Place, path: str | None = None) -> Finding:
    """A finding on a table, which it names first."""
    return rule.finding(f"{HEADINGS[words.table.key]}：{text}", place, path=path)
