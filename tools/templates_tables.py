"""The statutory tables as Word tables, with a tag in every cell of numbers. Lengths are in twips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import lcm

from attrs import evolve, frozen

from govdisclose.form.outline import Block, Table, spans
from govdisclose.form.report import Section
from govdisclose.form.sheets import ITEM_HEADER
from govdisclose.write.web.label_words import words
from templates_styles import TEXT_WIDTH
from templates_xml import paragraph, run, w

AIR, TIGHT, LABEL_MARGIN = 15, 3, 70
"""Margins in cells: above and below, beside the text, and on both sides of row labels."""

SMALL = 180
"""The width of a character of 9 pt."""

SQUEEZED = 176
"""The same in the styles of labels, where characters stand a little closer."""

TWO_CHARACTERS = 400
"""Width of two characters of 9 pt: narrow headers of four and six characters are broken evenly."""


@frozen
class Design:
    """The layout of a table, which the outline does not have.

    ``stub`` are the widths of the label columns; the columns of numbers share the rest. ``head``,
    ``number``, ``label`` and ``group`` are paragraph styles; a group label is beside several rows.
    ``air`` is the margin above and below the text, ``narrow_heads`` breaks headers of four and six
    characters every two. ``last_head`` is the height of the last row of the header, if it has two lines.
    ``repeat`` says whether the header is repeated on the next page. ``own_page`` says that the table
    begins and fills a page, so that only its first rows have to be kept together.
    """

    stub: tuple[int, ...]
    height: int
    head: str
    number: str
    label: str
    group: str
    repeat: bool
    own_page: bool = False
    air: int = AIR
    narrow_heads: bool = True
    last_head: int | None = None


DESIGNS = {
    "proactive": Design(
        stub=(2410,),
        height=434,
        head="TableHead",
        number="TableText",
        label="TableText",
        group="TableText",
        repeat=False,
    ),
    "requests": Design(
        stub=(664, 844, 2440),
        height=352,
        head="TableHeadSmall",
        number="TableNumber",
        label="TableStub",
        group="TableTextSmall",
        repeat=True,
        own_page=True,
    ),
    "disputes": Design(
        stub=(),
        height=456,
        head="TableHead",
        number="TableCount",
        label="TableText",
        group="TableText",
        repeat=True,
        narrow_heads=False,
        last_head=655,
    ),
}
"""Table three has 699 twips for a column, which is eight digits of 宋体, and fits on one page. The
fifteen columns of table four have six digits on a line, and are too narrow for more than two characters
of a header. Longer numbers get narrower letters (``write/word/narrow_numbers.py``). Table two has a header in every block, so none of them can be repeated on the next page. With
the space around them, tables two and four are a whole number of lines high."""

LANDSCAPE_REQUESTS = evolve(
    DESIGNS["requests"], stub=(664, 1000, 5140), height=250, air=0, narrow_heads=False
)
"""Table three across a landscape page: its columns of numbers have 850 twips, and two of its row
labels take two lines."""

_ORDINAL = re.compile("^（.）(?=.)")
_CLAUSE_END = re.compile("(?<=[，：])")
_TALL = 8
"""A group of more rows than this is printed in a column of three characters, a word on each line."""


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
    """The label of the block, the corner above its row labels, the labels of its columns.

    A label of ``block`` covers ``each`` columns of the grid.
    """
    stub = len(design.stub)
    if block.label:
        width = stub + each * len(block.columns)
        yield Placed(top, 0, 1, width, block.label, design.head)
        top += 1
    if stub:
        yield Placed(top, 0, _depth(block), stub, corner, design.head)
    for span in spans([column.labels for column in block.columns]):
        yield Placed(
            row=top + span.row,
            column=stub + span.column * each,
            rows=span.rows,
            columns=span.columns * each,
            text=span.text,
            style=design.head,
            narrow=design.repeat
            and design.narrow_heads
            and span.columns == 1
            and len(span.text) > 3,
        )


def _depth(block: Block) -> int:
    """The rows of the header of a block."""
    return max(len(column.labels) for column in block.columns)


def _lines(block: Block, design: Design, top: int, each: int) -> Iterator[Placed]:
    """Row labels and numbers."""
    if design.stub:
        yield from _row_labels(block, design, top)
    stub = len(design.stub)
    for row, line in enumerate(block.lines, top):
        for index, cell in enumerate(line.cells):
            tag = f"{{{{ {cell.path} }}}}"
            yield Placed(row, stub + index * each, 1, each, tag, design.number)


def _row_labels(block: Block, design: Design, top: int) -> Iterator[Placed]:
    """The row labels, whose spans have rows and columns exchanged."""
    for span in spans([line.labels for line in block.lines]):
        text, style = span.text, design.label
        if span.columns > 1:
            # “（三）” above “不予公开”: the narrow column would break it as “（三）不” and “予公开”.
            text = _ORDINAL.sub(lambda ordinal: f"{ordinal[0]}\n", text)
            style = design.group
        if span.columns > _TALL:
            ordinal, _, name = text.partition("、")
            text = "\n".join([f"{ordinal}、", *words(name)])
        yield Placed(top + span.column, span.row, span.columns, span.rows, text, style)


def _place(table: Table, design: Design, numbers: int, corner: str) -> list[Placed]:
    """All cells of a table."""
    placed: list[Placed] = []
    for block in table.blocks:
        top = _height(placed)
        each = numbers // len(block.columns)
        placed += _header(block, design, top, each, corner)
        header_rows = _depth(block) + (1 if block.label else 0)
        placed += _lines(block, design, top + header_rows, each)
    return placed


def _height(placed: list[Placed]) -> int:
    """The number of rows that cells cover."""
    return max([cell.row + cell.rows for cell in placed], default=0)


def _margins(left: int, right: int, air: int) -> str:
    sides = {"top": air, "left": left, "bottom": air, "right": right}
    return "".join(w(side, w=width, type="dxa") for side, width in sides.items())


def _cell(cell: Placed, row: int, widths: list[int], air: int, keep: bool) -> str:
    """One cell in row ``row``: only the first row of a merged area has the text."""
    is_first = row == cell.row
    width = sum(widths[cell.column : cell.column + cell.columns])
    label = _at_commas(cell.text, width)
    if cell.style in ("TableStub", "TableTextSmall"):
        label = _at_words(label, width)
    text = run(label) if is_first else ""
    extra = w("keepNext") if keep else ""
    return w(
        "tc",
        _cell_properties(cell, is_first, widths, air),
        paragraph(cell.style, text, extra=extra),
    )


def _at_commas(text: str, width: int) -> str:
    """A text too wide for a cell of small letters, with its lines broken after commas and colons."""
    room = (width - 2 * LABEL_MARGIN) / SMALL
    if len(text) <= room or not _CLAUSE_END.search(text):
        return text
    lines = [""]
    for clause in _CLAUSE_END.split(text):
        if lines[-1] and len(lines[-1] + clause) > room:
            lines.append("")
        lines[-1] += clause
    return "\n".join(lines)


def _at_words(text: str, width: int) -> str:
    """A label whose lines end between its words."""
    room = (width - 2 * LABEL_MARGIN) / SQUEEZED
    lines: list[str] = []
    for given in text.split("\n"):
        line = ""
        for word in words(given):
            if line and _breadth(line + word) > room:
                lines.append(line)
                line = ""
            line += word
        lines.append(line)
    return "\n".join(lines)


def _breadth(text: str) -> float:
    """How many characters wide a text is: digits and points take half of one."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def _cell_properties(cell: Placed, is_first: bool, widths: list[int], air: int) -> str:
    width = sum(widths[cell.column : cell.column + cell.columns])
    properties = [w("tcW", w=width, type="dxa")]
    if cell.columns > 1:
        properties.append(w("gridSpan", val=cell.columns))
    if cell.rows > 1:
        properties.append(w("vMerge", val="restart" if is_first else "continue"))
    if cell.narrow:
        side = (width - TWO_CHARACTERS) // 2
        properties.append(w("tcMar", _margins(side, side, air)))
    if cell.style == "TableStub":
        properties.append(w("tcMar", _margins(LABEL_MARGIN, LABEL_MARGIN, air)))
    properties.append(w("vAlign", val="center"))
    return w("tcPr", *properties)


def _widths(design: Design, numbers: int, width: int) -> list[int]:
    """The widths of all columns: the columns of numbers share the rest, to the last twip."""
    each, spare = divmod(width - sum(design.stub), numbers)
    wider = [each + 1] * spare
    others = [each] * (numbers - spare)
    return [*design.stub, *wider, *others]


def statutory_table(
    table: Table, section: Section, design: Design | None = None, width: int = TEXT_WIDTH
) -> str:
    """A table of the form, exactly as wide as the text area, which has ``width``.

    Its rows are kept on one page. A table that begins a page does not need that. If somebody makes it
    longer than a page, it stays with its heading: LibreOffice would leave the heading behind
    otherwise.
    """
    design = design or DESIGNS[table.key]
    numbers = lcm(*[len(block.columns) for block in table.blocks])
    widths = _widths(design, numbers, width)
    placed = _place(table, design, numbers, section.note or ITEM_HEADER)
    placed.sort(key=lambda cell: cell.column)
    height = _height(placed)
    header = _depth(table.blocks[0])
    kept = header + 2 if design.own_page else height - 1
    rows = []
    for row in range(height):
        cells = []
        for cell in placed:
            if cell.row <= row < cell.row + cell.rows:
                cells.append(_cell(cell, row, widths, design.air, row < kept))
        repeats = design.repeat and row < header
        row_height = design.height
        if row == header - 1 and design.last_head:
            row_height = design.last_head
        rows.append(w("tr", _row_properties(row_height, repeats), *cells))
    grid = [w("gridCol", w=width) for width in widths]
    return w("tbl", _table_properties(section, width, design.air), w("tblGrid", *grid), *rows)


def _row_properties(height: int, repeats: bool) -> str:
    least = w("trHeight", val=height, hRule="atLeast")
    return w("trPr", w("cantSplit"), least, w("tblHeader") if repeats else "")


def _table_properties(section: Section, width: int, air: int) -> str:
    borders = []
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(w(side, val="single", sz=4, space=0, color="auto"))
    return w(
        "tblPr",
        w("tblW", w=width, type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *borders),
        w("tblLayout", type="fixed"),
        w("tblCellMar", _margins(TIGHT, TIGHT, air)),
        w("tblCaption", val=section.heading),
    )
