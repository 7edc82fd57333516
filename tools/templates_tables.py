"""The statutory tables as fixed Word tables, one static tag in every cell of numbers. Lengths are twips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import lcm

from attrs import frozen

from govdisclose.form.outline import Block, Table, spans
from govdisclose.form.report import Section
from govdisclose.form.sheets import ITEM_HEADER
from templates_styles import TEXT_WIDTH
from templates_xml import paragraph, run, w

AIR, TIGHT, STUB_MARGIN = 15, 10, 40
TWO_CHARACTERS = 400
"""Room for two characters of 9 pt: how narrow headers of four and six characters are broken evenly."""


@frozen
class Design:
    """What the outline does not say of a table: widths and row height, styles, and whether headers repeat.

    ``stub`` are the widths of the label columns; the columns of numbers share the rest. ``group`` is the
    style of a label that stands beside several rows. ``own_page``: the table fills a page and begins one,
    so that nothing but its first rows has to be kept together.
    """

    stub: tuple[int, ...]
    height: int
    head: str
    number: str
    label: str
    group: str
    repeat: bool
    own_page: bool = False


DESIGNS = {
    "proactive": Design(
        (2212,), 454, "TableHead", "TableText", "TableText", "TableText", repeat=False
    ),
    "requests": Design(
        (460, 750, 2371),
        360,
        "TableHeadSmall",
        "TableNumber",
        "TableStub",
        "TableTextSmall",
        repeat=True,
        own_page=True,
    ),
    "disputes": Design(
        (), 454, "TableHeadSmall", "TableNumber", "TableStub", "TableTextSmall", repeat=True
    ),
}
"""Table three leaves 752 a column, eight digits, and is low enough for one page; the fifteen columns of
table four hold six digits on a line. Table two has a header in every block, so none of them can be
repeated on a next page."""

_ORDINAL = re.compile("^（.）(?=.)")


@frozen
class Placed:
    """A cell and the rectangle of grid rows and columns that it covers."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    style: str
    narrow: bool = False


def _header(block: Block, design: Design, top: int, each: int, corner: str) -> Iterator[Placed]:
    """The block's own label, the corner over its row labels, the labels of its columns."""
    stub = len(design.stub)
    if block.label:
        yield Placed(top, 0, 1, stub + each * len(block.columns), block.label, design.head)
        top += 1
    if stub:
        yield Placed(top, 0, _depth(block), stub, corner, design.head)
    for s in spans([column.labels for column in block.columns]):
        narrow = s.columns == 1 and len(s.text) > 3 and design.repeat
        yield Placed(
            top + s.row,
            stub + s.column * each,
            s.rows,
            s.columns * each,
            s.text,
            design.head,
            narrow,
        )


def _depth(block: Block) -> int:
    return max(len(column.labels) for column in block.columns)


def _lines(block: Block, design: Design, top: int, each: int) -> Iterator[Placed]:
    """Row labels, read from the left, and numbers."""
    stub = len(design.stub)
    for s in spans([line.labels for line in block.lines]) if stub else ():
        group = s.columns > 1
        # “（三）” above “不予公开”: a column of four characters would break it as “（三）不” and “予公开”.
        text = _ORDINAL.sub(lambda ordinal: f"{ordinal[0]}\n", s.text) if group else s.text
        yield Placed(
            top + s.column, s.row, s.columns, s.rows, text, design.group if group else design.label
        )
    for i, line in enumerate(block.lines):
        for j, cell in enumerate(line.cells):
            yield Placed(top + i, stub + j * each, 1, each, f"{{{{ {cell.path} }}}}", design.number)


def _place(table: Table, design: Design, numbers: int, corner: str) -> list[Placed]:
    placed: list[Placed] = []
    for block in table.blocks:
        top = max((p.row + p.rows for p in placed), default=0)
        each = numbers // len(block.columns)
        placed += _header(block, design, top, each, corner)
        placed += _lines(block, design, top + _depth(block) + bool(block.label), each)
    return placed


def _margins(left: int, right: int) -> str:
    sides = {"top": AIR, "left": left, "bottom": AIR, "right": right}
    return "".join(w(side, w=width, type="dxa") for side, width in sides.items())


def _cell(cell: Placed, row: int, widths: list[int], keep: bool) -> str:
    """One cell as row ``row`` holds it: the first row of a merged area carries the text."""
    first = row == cell.row
    width = sum(widths[cell.column : cell.column + cell.columns])
    side = (width - TWO_CHARACTERS) // 2
    properties = w(
        "tcPr",
        w("tcW", w=width, type="dxa"),
        w("gridSpan", val=cell.columns) if cell.columns > 1 else "",
        w("vMerge", val="restart" if first else "continue") if cell.rows > 1 else "",
        w("tcMar", _margins(side, side)) if cell.narrow else "",
        w("tcMar", _margins(STUB_MARGIN, TIGHT)) if cell.style == "TableStub" else "",
        w("vAlign", val="center"),
    )
    return w(
        "tc",
        properties,
        paragraph(cell.style, run(cell.text) if first else "", extra=w("keepNext") if keep else ""),
    )


def _widths(design: Design, numbers: int) -> list[int]:
    """The grid: what the label columns leave of the text area is shared out, to the last twip."""
    each, spare = divmod(TEXT_WIDTH - sum(design.stub), numbers)
    return [*design.stub, *(each + (i < spare) for i in range(numbers))]


def statutory_table(table: Table, section: Section) -> str:
    """A table of the form, exactly as wide as the text area.

    Its rows are kept on one page. A table that begins a page does not need that, and then stays with its
    heading where somebody makes it longer than a page: LibreOffice leaves the heading alone otherwise.
    """
    design = DESIGNS[table.key]
    numbers = lcm(*(len(block.columns) for block in table.blocks))
    widths = _widths(design, numbers)
    placed = _place(table, design, numbers, section.note or ITEM_HEADER)
    height = max(p.row + p.rows for p in placed)
    kept = _depth(table.blocks[0]) + 2 if design.own_page else height - 1
    rows = []
    for row in range(height):
        cells = sorted((p for p in placed if p.row <= row < p.row + p.rows), key=lambda p: p.column)
        repeat = w("tblHeader") if design.repeat and row < _depth(table.blocks[0]) else ""
        tall = w("trHeight", val=design.height, hRule="atLeast")
        rows.append(
            w(
                "tr",
                w("trPr", w("cantSplit"), tall, repeat),
                *(_cell(p, row, widths, row < kept) for p in cells),
            )
        )
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    properties = w(
        "tblPr",
        w("tblW", w=TEXT_WIDTH, type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *(w(side, val="single", sz=4, space=0, color="auto") for side in sides)),
        w("tblLayout", type="fixed"),
        w("tblCellMar", _margins(TIGHT, TIGHT)),
        w("tblCaption", val=section.heading),
    )
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=width) for width in widths)), *rows)
