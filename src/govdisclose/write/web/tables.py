"""The statutory tables as HTML tables, as far as they are the same for all reports of an edition.

Every cell of numbers names its header cells (``headers``), so that a screen reader says the whole
path of labels. ``scope`` is there for software that does not know ``headers``; the scope of a
spanning label is the rows or columns that it spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from math import lcm
from typing import Literal, TypeAlias

from attrs import frozen
from markupsafe import Markup

from govdisclose.form.edition import Edition
from govdisclose.form.outline import Block, Line, Span, Table, outline, spans
from govdisclose.form.report import SECTIONS, Section
from govdisclose.form.sheets import ITEM_HEADER

STUBS = {"proactive": (32,), "requests": (8, 12, 27), "disputes": ()}
"""Widths of the columns of labels in per cent, as printed; the columns of numbers share the rest."""

_LEAST_COLUMN = {"requests": 5.2, "disputes": 3.6}
"""Least width of a column in em: 自然人 and 不予公开 stay on a line. A narrower page scrolls the table."""

_FEW = 7
"""A table of at most so many columns fits on every page and needs no least width."""


@frozen
class WebCell:
    """One cell: ``attributes`` as HTML, and the ``text`` of a label or note or the ``path`` of a
    value.

    A label belongs to columns, to one row, or to a group of rows.
    """

    kind: Literal["column", "row", "group", "note", "value"]
    attributes: Markup
    text: str = ""
    path: str = ""


Rows: TypeAlias = tuple[tuple[WebCell, ...], ...]
"""Rows of cells."""


@frozen
class WebTable:
    """A table: rows that are repeated on every printed page, and groups of the other rows.

    ``widths`` are the widths of its columns in per cent; ``least`` is the width in em that it
    needs, 0 for any.
    """

    anchor: str
    caption: str
    widths: tuple[float, ...]
    least: float
    head: Rows
    bodies: tuple[Rows, ...]


@cache
def web_tables(edition: Edition) -> dict[str, WebTable]:
    """The three tables by the key of their section."""
    tables = outline(edition).tables
    found = {}
    for number, section in enumerate(SECTIONS, 1):
        if section.is_table:
            key = section.key
            found[key] = _table(tables[key], section, f"gd-{number}")
    return found


def _table(table: Table, section: Section, anchor: str) -> WebTable:
    columns = [len(block.columns) for block in table.blocks]
    numbers = lcm(*columns)
    repeated: Rows = ()
    bodies: list[Rows] = []
    if len(table.blocks) == 1:
        drawn = _DrawnBlock(table.blocks[0], section, anchor, numbers)
        repeated = drawn.header()
        bodies.append(drawn.lines())
    else:  # several headers cannot be repeated on every page: they go among the rows
        for index, block in enumerate(table.blocks):
            ids = f"{anchor}-{index}"
            drawn = _DrawnBlock(block, section, ids, numbers)
            rows = drawn.header() + drawn.lines()
            bodies.append(rows)
    widths = _widths(STUBS[section.key], numbers)
    least: float = 0
    if len(widths) > _FEW:
        least = len(widths) * _LEAST_COLUMN[section.key]
    _, _, caption = section.heading.partition("、")
    return WebTable(
        anchor=anchor,
        caption=caption,
        widths=widths,
        least=least,
        head=repeated,
        bodies=tuple(bodies),
    )


def _widths(stub: tuple[int, ...], numbers: int) -> tuple[float, ...]:
    """The widths of the columns of labels and of the columns of numbers."""
    room = 100 - sum(stub)
    each = round(room / numbers, 3)
    of_numbers = [each] * numbers
    return (*stub, *of_numbers)


_ATTRIBUTE = Markup(' {}="{}"')


def _attributes(rows: int = 1, columns: int = 1, **more: str) -> Markup:
    """The attributes of a cell that spans some rows and columns."""
    given: dict[str, object] = {**more}
    if rows > 1:
        given["rowspan"] = rows
    if columns > 1:
        given["colspan"] = columns
    written = [_ATTRIBUTE.format(name, value) for name, value in given.items()]
    return Markup("").join(written)


@frozen
class _DrawnBlock:
    """A block of a table whose cells have ids that begin with ``ids``.

    ``numbers`` are the columns of numbers in the whole table: a column of a block with fewer spans
    several of them.
    """

    block: Block
    section: Section
    ids: str
    numbers: int

    def header(self) -> Rows:
        """The label of the block, the corner above the row labels, the labels of the columns."""
        columns = self.block.columns
        depths = [len(column.labels) for column in columns]
        depth = max(depths)
        each = self.numbers // len(columns)
        stub = len(STUBS[self.section.key])
        rows: list[list[WebCell]] = [[] for _ in range(depth)]
        if stub:
            corner = self._corner(depth, stub)
            rows[0].append(corner)
        for number, span in enumerate(self._column_spans()):
            id_ = self._column_ids + str(number)
            width = span.columns * each
            place = _attributes(span.rows, width, id=id_, scope="col")
            cell = WebCell("column", place, span.text)
            rows[span.row].append(cell)
        label = self.block.label
        if label:
            whole = stub + self.numbers
            above = self._block_label(label, whole)
            rows.insert(0, [above])
        return tuple(map(tuple, rows))

    @property
    def _block_id(self) -> str:
        return f"{self.ids}-b"

    @property
    def _column_ids(self) -> str:
        """How the ids of the labels of columns begin; their numbers follow."""
        return f"{self.ids}-c"

    @property
    def _row_ids(self) -> str:
        """How the ids of the labels of rows begin; their numbers follow."""
        return f"{self.ids}-r"

    def _block_label(self, label: str, columns: int) -> WebCell:
        place = _attributes(columns=columns, id=self._block_id, scope="col")
        return WebCell("column", place, label)

    def _corner(self, rows: int, columns: int) -> WebCell:
        """The note on the balances of the table, which labels nothing, or the label 项目."""
        note = self.section.note
        if note:
            place = _attributes(rows, columns)
            return WebCell("note", place, note)
        place = _attributes(rows, columns, scope="col")
        return WebCell("column", place, ITEM_HEADER)

    def lines(self) -> Rows:
        """Row labels, each in the first row that it spans, and the cells of numbers."""
        labels = [line.labels for line in self.block.lines]
        of_rows = spans(labels)
        of_columns = self._column_spans()
        of_block = [self._block_id] if self.block.label else []
        rows = []
        for index, line in enumerate(self.block.lines):
            stub = self._row_labels(of_rows, index)
            beside = of_block + _covering(of_rows, index, self._row_ids)
            values = self._values(line, beside, of_columns)
            rows.append((*stub, *values))
        return tuple(rows)

    def _column_spans(self) -> tuple[Span, ...]:
        labels = [column.labels for column in self.block.columns]
        return spans(labels)

    def _row_labels(self, labels: Iterable[Span], index: int) -> Iterator[WebCell]:
        """The labels that begin in row ``index``; rows and columns of their spans are exchanged."""
        for number, span in enumerate(labels):
            if span.column != index:
                continue
            id_ = self._row_ids + str(number)
            rows = span.columns
            attributes = _attributes(rows, span.rows, id=id_, scope="row")
            if rows > 1:
                yield WebCell("group", attributes, span.text)
            else:
                yield WebCell("row", attributes, span.text)

    def _values(self, line: Line, beside: list[str], columns: Iterable[Span]) -> Iterator[WebCell]:
        """The cells of numbers of a line; ``beside`` are the ids of the labels of its row."""
        each = self.numbers // len(line.cells)
        for index, cell in enumerate(line.cells):
            headers = beside + _covering(columns, index, self._column_ids)
            attributes = _attributes(columns=each, headers=" ".join(headers))
            yield WebCell("value", attributes, path=cell.path)


def _covering(found: Iterable[Span], index: int, ids: str) -> list[str]:
    """The ids of the labels that cover row or column ``index``, from the outside in."""
    covering = []
    for number, span in enumerate(found):
        end = span.column + span.columns
        if span.column <= index < end:
            covering.append(f"{ids}{number}")
    return covering
