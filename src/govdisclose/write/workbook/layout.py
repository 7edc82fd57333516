"""Where every label, cell and light of a statutory table stands on its sheet (zero-based rows, columns)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from attrs import frozen

from govdisclose.form.edition import Edition
from govdisclose.form.lights import describe
from govdisclose.form.outline import Block, Relation, Table, outline, spans
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import ITEM_HEADER, LIGHT_LABEL

TITLE_ROW, HINT_ROW, TOP_ROW = range(3)
"""Every input sheet opens with its heading and one line of advice; what is read starts below."""


@frozen
class Box:
    """A printed label and the rectangle it covers; ``role`` names how it looks."""

    top: int
    left: int
    rows: int
    columns: int
    text: str
    role: str


@frozen
class Light:
    """The cell that shows whether a relation holds."""

    row: int
    column: int
    relation: Relation


@frozen
class Area:
    """The input cells of one block, without its labels."""

    top: int
    left: int
    bottom: int
    right: int


@frozen
class TableLayout:
    """One statutory table on its sheet.

    ``places`` maps the path of a cell to (row, column); ``width`` counts stub and data columns, the
    column of lights stands right of them; ``stub`` counts the columns of row labels.
    """

    width: int
    stub: int
    boxes: tuple[Box, ...]
    places: Mapping[str, tuple[int, int]]
    areas: tuple[Area, ...]
    lights: tuple[Light, ...]


def _header(block: Block, top: int, stub: int, corner: str) -> Iterator[Box]:
    depth = max(len(column.labels) for column in block.columns)
    if stub:
        yield Box(top, 0, depth, stub, corner, "corner")
    for span in spans([column.labels for column in block.columns]):
        yield Box(top + span.row, stub + span.column, span.rows, span.columns, span.text, "header")


def _void(block: Block, top: int, bottom: int, stub: int, width: int) -> Iterator[Box]:
    """What a narrow block leaves free, cell by cell: nothing but labels may be merged."""
    for column in range(stub + len(block.columns), width):
        yield from (Box(row, column, 1, 1, "", "void") for row in range(top, bottom))


def _stub(block: Block, top: int) -> Iterator[Box]:
    for span in spans([line.labels for line in block.lines]):
        box = Box(top + span.column, span.row, span.columns, span.rows, span.text, "stub")
        # A group that runs over many rows is printed in a narrow column, one character a line.
        yield Box(*_corners(box), "group") if box.rows > 8 else box


def _corners(box: Box) -> tuple[int, int, int, int, str]:
    return box.top, box.left, box.rows, box.columns, box.text


def _is_beside(relation: Relation, places: Mapping[str, tuple[int, int]], stub: int) -> bool:
    return bool(stub) and len({places[path][0] for path in relation.paths}) == 1


def _light_labels(
    table: Table,
    relations: Iterable[Relation],
    lights: Iterable[Light],
    top: int,
    stub: int,
    width: int,
) -> Iterator[Box]:
    """The labels that keep a light from being taken for data."""
    cells = {cell.path: cell for cell in table.cells}
    named: dict[int, Relation] = {}
    for light in lights:
        if light.column == width:
            continue
        if not stub:
            size = len(light.relation.left)
            yield Box(light.row, light.column - size, 1, size, LIGHT_LABEL, "light label")
        named.setdefault(light.row, light.relation)
    if any(light.column == width for light in lights):
        depth = max(len(column.labels) for column in table.blocks[0].columns)
        yield Box(top, width, depth, 1, LIGHT_LABEL, "light label")
    for row, relation in named.items() if stub else ():
        yield Box(row, 0, 1, 1, LIGHT_LABEL, "light label")
        yield Box(row, 1, 1, stub - 1, describe(relation, cells), "light label")


@cache
def table_layout(edition: Edition, key: str) -> TableLayout:
    """Table ``key`` of ``edition`` as printed, its lights beside the rows and below the columns."""
    table = outline(edition).tables[key]
    note = next(section.note for section in SECTIONS if section.key == key)
    stub = max(len(line.labels) for line in table.lines)
    width = stub + max(len(block.columns) for block in table.blocks)
    boxes: list[Box] = []
    places: dict[str, tuple[int, int]] = {}
    areas: list[Area] = []
    top = TOP_ROW
    for block in table.blocks:
        if block.label:
            boxes.append(Box(top, 0, 1, width, block.label, "block"))
            top += 1
        boxes += _header(block, top, stub, note or ITEM_HEADER)
        head, top = top, top + max(len(column.labels) for column in block.columns)
        boxes += _stub(block, top)
        boxes += _void(block, head, top + len(block.lines), stub, width)
        for row, line in enumerate(block.lines, top):
            places |= {cell.path: (row, stub + i) for i, cell in enumerate(line.cells)}
        areas.append(Area(top, stub, top + len(block.lines) - 1, stub + len(block.columns) - 1))
        top += len(block.lines)
    relations = [r for r in outline(edition).relations if r.right[0] in places]
    below = list(dict.fromkeys(r.name for r in relations if not _is_beside(r, places, stub)))
    lights = tuple(
        Light(places[r.right[0]][0], width, r)
        if _is_beside(r, places, stub)
        else Light(top + below.index(r.name), places[r.right[0]][1], r)
        for r in relations
    )
    boxes += _light_labels(table, relations, lights, TOP_ROW, stub, width)
    return TableLayout(width, stub, tuple(boxes), places, tuple(areas), lights)
