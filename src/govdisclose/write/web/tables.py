"""The statutory tables as HTML tables: what is the same for every report of an edition.

Every cell of numbers names its header cells (``headers``), so that software that reads a table aloud
says the whole path of labels. ``scope`` says the same once more for what does not know ``headers``; a
spanning label has the scope of the rows or columns that it spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from math import lcm
from typing import Literal

from attrs import frozen
from markupsafe import Markup

from govdisclose.form.edition import Edition
from govdisclose.form.outline import Block, Line, Span, Table, outline, spans
from govdisclose.form.report import SECTIONS, Section
from govdisclose.form.sheets import ITEM_HEADER

STUBS = {"proactive": (32,), "requests": (7, 11, 29), "disputes": ()}
"""Widths of the columns of labels in per cent, as printed; the columns of numbers share the rest."""

_EM = 3.6
"""Width of a column below which a table scrolls instead; tables of few columns need no such limit."""

_FEW = 7


@frozen
class WebCell:
    """One cell: ``attributes`` as HTML; a label or a note (``text``), or a statutory value by its ``path``.

    A label is that of columns, of one row, or of a group of rows.
    """

    kind: Literal["column", "row", "group", "note", "value"]
    attributes: Markup
    text: str = ""
    path: str = ""


@frozen
class WebTable:
    """A table: rows that are repeated on every printed page, and groups of the other rows.

    ``widths`` are those of its columns in per cent; ``least`` is the width in em that it needs, 0 for any.
    """

    anchor: str
    caption: str
    widths: tuple[float, ...]
    least: float
    head: tuple[tuple[WebCell, ...], ...]
    bodies: tuple[tuple[tuple[WebCell, ...], ...], ...]


@cache
def web_tables(edition: Edition) -> dict[str, WebTable]:
    """The three tables by the key of their section."""
    tables = outline(edition).tables
    return {
        s.key: _table(tables[s.key], s, f"gd-{n}") for n, s in enumerate(SECTIONS, 1) if s.is_table
    }


def _table(table: Table, section: Section, anchor: str) -> WebTable:
    numbers = lcm(*(len(block.columns) for block in table.blocks))
    stub = STUBS[section.key]
    widths = (*stub, *[round((100 - sum(stub)) / numbers, 3)] * numbers)
    least = len(widths) * _EM if len(widths) > _FEW else 0
    parts = []
    for index, block in enumerate(table.blocks):
        ids = f"{anchor}-{index}" if len(table.blocks) > 1 else anchor
        parts.append((_header(block, section, ids, numbers), _lines(block, ids, numbers)))
    caption = section.heading.partition("、")[2]
    if len(parts) == 1:
        return WebTable(anchor, caption, widths, least, parts[0][0], (parts[0][1],))
    # A header of each block's own cannot be repeated over the pages: it stands among the rows.
    return WebTable(
        anchor, caption, widths, least, (), tuple((*head, *lines) for head, lines in parts)
    )


def _attributes(rows: int = 1, columns: int = 1, **more: str) -> Markup:
    given: dict[str, object] = {**more}
    if rows > 1:
        given["rowspan"] = rows
    if columns > 1:
        given["colspan"] = columns
    written = Markup(' {}="{}"')
    return Markup("").join(written.format(name, value) for name, value in given.items())


def _header(
    block: Block, section: Section, ids: str, numbers: int
) -> tuple[tuple[WebCell, ...], ...]:
    """The block's own label, the corner over the row labels, the labels of the columns."""
    found = spans([column.labels for column in block.columns])
    depth = max(len(column.labels) for column in block.columns)
    each, stub = numbers // len(block.columns), len(STUBS[section.key])
    rows: list[list[WebCell]] = [[] for _ in range(depth)]
    if stub:
        # The note on how the figures are bound together is no label of anything.
        note = WebCell("note", _attributes(depth, stub), section.note or "")
        rows[0].append(
            note
            if note.text
            else WebCell("column", _attributes(depth, stub, scope="col"), ITEM_HEADER)
        )
    for number, span in enumerate(found):
        attributes = _attributes(span.rows, span.columns * each, id=f"{ids}-c{number}", scope="col")
        rows[span.row].append(WebCell("column", attributes, span.text))
    if block.label:
        over = _attributes(columns=stub + numbers, id=f"{ids}-b", scope="col")
        rows.insert(0, [WebCell("column", over, block.label)])
    return tuple(map(tuple, rows))


def _lines(block: Block, ids: str, numbers: int) -> tuple[tuple[WebCell, ...], ...]:
    """Row labels, each in the first row that it spans, and the cells of numbers."""
    labels = spans([line.labels for line in block.lines])
    columns = spans([column.labels for column in block.columns])
    above = [f"{ids}-b"] if block.label else []
    rows = []
    for index, line in enumerate(block.lines):
        stub = (
            WebCell("group" if s.columns > 1 else "row", attributes, s.text)
            for n, s in enumerate(labels)
            for attributes in [_attributes(s.columns, s.rows, id=f"{ids}-r{n}", scope="row")]
            if s.column == index
        )
        beside = _over(labels, index, f"{ids}-r")
        rows.append((*stub, *_values(line, [*above, *beside], columns, f"{ids}-c", numbers)))
    return tuple(rows)


def _values(
    line: Line, beside: list[str], columns: Iterable[Span], ids: str, numbers: int
) -> Iterator[WebCell]:
    each = numbers // len(line.cells)
    for index, cell in enumerate(line.cells):
        headers = " ".join([*beside, *_over(columns, index, ids)])
        yield WebCell("value", _attributes(columns=each, headers=headers), path=cell.path)


def _over(found: Iterable[Span], index: int, ids: str) -> list[str]:
    """The ids of the labels that reach over row or column ``index``, from the outside in."""
    return [f"{ids}{n}" for n, s in enumerate(found) if s.column <= index < s.column + s.columns]
