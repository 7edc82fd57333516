"""The place of every label, cell and light of a statutory table (zero-based rows, columns)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from attrs import frozen

from govdisclose.form.balance_lights import describe
from govdisclose.form.edition import Edition
from govdisclose.form.outline import Block, Relation, Table, outline, spans
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import ITEM_HEADER, LIGHT_LABEL
from govdisclose.write.workbook.formulas import CellPlace
from govdisclose.write.workbook.writer import TOP_ROW

_LONG_GROUP = 8
"""A group of more rows than this is printed in a narrow column, one character a line."""


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

    ``places`` maps the path of a cell to (row, column). ``width`` counts the columns of row labels
    and of data; the lights are right of them. ``stub`` counts the columns of row labels.
    """

    width: int
    stub: int
    boxes: tuple[Box, ...]
    places: Mapping[str, CellPlace]
    areas: tuple[Area, ...]
    lights: tuple[Light, ...]


@cache
def table_layout(edition: Edition, key: str) -> TableLayout:
    """Table ``key`` of ``edition`` as printed, its lights beside the rows and below the columns."""
    form = outline(edition)
    plan = _plan(form.tables[key])
    boxes: list[Box] = []
    places: dict[str, CellPlace] = {}
    areas: list[Area] = []
    top = TOP_ROW
    for block in plan.table.blocks:
        placed = _PlacedBlock(block, top, plan)
        boxes += placed.boxes()
        places |= placed.places()
        areas.append(placed.area)
        top = placed.area.bottom + 1
    relations = [relation for relation in form.relations if relation.right[0] in places]
    lights = list(_lights(relations, places, plan, top))
    boxes += _light_labels(lights, plan)
    return TableLayout(
        width=plan.width,
        stub=plan.stub,
        boxes=tuple(boxes),
        places=places,
        areas=tuple(areas),
        lights=tuple(lights),
    )


def _plan(table: Table) -> _Plan:
    labels = [len(line.labels) for line in table.lines]
    columns = [len(block.columns) for block in table.blocks]
    corner = _note(table.key) or ITEM_HEADER
    return _Plan(table, max(labels), max(columns), corner)


def _note(key: str) -> str | None:
    """The text that a section prints over its row labels, if it has one of its own."""
    notes = {section.key: section.note for section in SECTIONS}
    return notes[key]


@frozen
class _Plan:
    """A table to lay out: its columns of row labels and of data, and the text of its corner."""

    table: Table
    stub: int
    columns: int
    corner: str

    @property
    def width(self) -> int:
        """The number of columns of labels and data; the lights are right of them."""
        return self.stub + self.columns


@frozen
class _PlacedBlock:
    """A block that begins at row ``top``, with its label if it has one."""

    block: Block
    top: int
    plan: _Plan

    @property
    def _header_top(self) -> int:
        return self.top + bool(self.block.label)

    @property
    def area(self) -> Area:
        """The input cells."""
        top = self._header_top + _depth(self.block)
        left = self.plan.stub
        bottom = top + len(self.block.lines) - 1
        right = left + len(self.block.columns) - 1
        return Area(top, left, bottom, right)

    def places(self) -> dict[str, CellPlace]:
        """The place of each cell by its path."""
        found: dict[str, CellPlace] = {}
        top = self.area.top
        left = self.plan.stub
        for row, line in enumerate(self.block.lines, top):
            for column, cell in enumerate(line.cells, left):
                found[cell.path] = CellPlace(row, column)
        return found

    def boxes(self) -> Iterator[Box]:
        """Everything that is printed around the cells."""
        label = self.block.label
        if label:
            yield Box(self.top, 0, 1, self.plan.width, label, "block")
        yield from self._header()
        yield from self._stub()
        yield from self._void()

    def _header(self) -> Iterator[Box]:
        stub = self.plan.stub
        top = self._header_top
        if stub:
            depth = _depth(self.block)
            yield Box(top, 0, depth, stub, self.plan.corner, "corner")
        labels = [column.labels for column in self.block.columns]
        for span in spans(labels):
            yield Box(
                top=top + span.row,
                left=stub + span.column,
                rows=span.rows,
                columns=span.columns,
                text=span.text,
                role="header",
            )

    def _stub(self) -> Iterator[Box]:
        # The spans of the labels of the lines lie across: their rows are columns here.
        labels = [line.labels for line in self.block.lines]
        top = self.area.top
        for span in spans(labels):
            yield Box(
                top=top + span.column,
                left=span.row,
                rows=span.columns,
                columns=span.rows,
                text=span.text,
                role="group" if span.columns > _LONG_GROUP else "stub",
            )

    def _void(self) -> Iterator[Box]:
        """The cells that a narrow block leaves free, one by one: only labels may be merged."""
        area = self.area
        columns = range(area.right + 1, self.plan.width)
        rows = range(self._header_top, area.bottom + 1)
        for column in columns:
            for row in rows:
                yield Box(row, column, 1, 1, "", "void")


def _depth(block: Block) -> int:
    """How many rows the header of a block has."""
    return max(len(column.labels) for column in block.columns)


def _lights(
    relations: Sequence[Relation],
    places: Mapping[str, CellPlace],
    plan: _Plan,
    bottom: int,
) -> Iterator[Light]:
    """A light for each relation: right of its row, or below its columns from row ``bottom`` on."""
    rows_below: dict[str, int] = {}
    for relation in relations:
        total = places[relation.right[0]]
        if _is_beside(relation, places, plan.stub):
            yield Light(total.row, plan.width, relation)
        else:
            next_row = bottom + len(rows_below)
            row = rows_below.setdefault(relation.name, next_row)
            yield Light(row, total.column, relation)


def _is_beside(relation: Relation, places: Mapping[str, CellPlace], stub: int) -> bool:
    """Whether all cells of a relation are in one row that has labels."""
    if not stub:
        return False
    rows = {places[path].row for path in relation.paths}
    return len(rows) == 1


def _light_labels(lights: Sequence[Light], plan: _Plan) -> Iterator[Box]:
    """The labels that keep a light from being taken for data."""
    below = [light for light in lights if light.column != plan.width]
    if not plan.stub:
        for light in below:
            size = len(light.relation.left)
            left = light.column - size
            yield _light_label(light.row, left, columns=size)
    if len(below) < len(lights):
        depth = _depth(plan.table.blocks[0])
        yield _light_label(TOP_ROW, plan.width, rows=depth)
    if plan.stub:
        yield from _row_labels(below, plan)


def _row_labels(lights: Iterable[Light], plan: _Plan) -> Iterator[Box]:
    """What each row of lights below the table compares."""
    cells = {cell.path: cell for cell in plan.table.cells}
    named: dict[int, Relation] = {}
    for light in lights:
        named.setdefault(light.row, light.relation)
    others = plan.stub - 1
    for row, relation in named.items():
        said = describe(relation, cells)
        yield _light_label(row, 0)
        yield Box(row, 1, 1, others, said, "light label")


def _light_label(top: int, left: int, rows: int = 1, columns: int = 1) -> Box:
    return Box(top, left, rows, columns, LIGHT_LABEL, "light label")
