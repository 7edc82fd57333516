"""One worksheet as it is drawn, parsed: the look of its cells, and its hidden rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

from govdisclose.read.grid import Merge, Position, position
from govdisclose.read.workbook.appearance import Appearance, Run
from govdisclose.read.workbook.letter_colours import is_unseen
from govdisclose.read.workbook.styles import (
    Cover,
    Style,
    Styles,
    changed_style,
    cover_of,
    font_style,
)
from govdisclose.read.workbook.xml_parts import elements, is_on, local, parsed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROWS, _COLUMNS = 1_048_576, 16_384
"""How large a sheet can be."""
_SMALLEST_ROW = 6.0
"""Points: nobody can read text in a lower row."""
_SMALLEST_COLUMN = 0.9
"""Characters: nobody can read text in a narrower column."""

SharedRuns = Callable[[str], tuple[Run, ...]]
"""The runs of the shared string with a number."""

_Span = tuple[int, int]
"""The first and the last of some columns."""


class _Conditional(NamedTuple):
    """What a conditional format may do in an area: change the look of values, or hide them."""

    area: Merge
    style: Style | None
    cover: Cover | None


@frozen
class DrawnSheet:
    """The cells of one sheet by position, its hidden rows and columns, and its conditional formats.

    ``narrow`` if columns without a declaration have no width.
    """

    cells: Mapping[Position, Appearance]
    hidden_rows: frozenset[int]
    hidden_columns: tuple[_Span, ...]
    shown_columns: tuple[_Span, ...]
    narrow: bool
    hides_zeros: bool
    conditionals: tuple[_Conditional, ...]

    def hides_column(self, column: int) -> bool:
        """Whether a column is hidden, or has no width."""
        if _is_within(column, self.hidden_columns):
            return True
        if not self.narrow:
            return False
        return not _is_within(column, self.shown_columns)

    def appearances(self, cells: Collection[Position]) -> dict[Position, Appearance]:
        """The appearance of some cells."""
        found = {}
        for at in cells:
            drawn = self.cells.get(at)
            if drawn is None:
                continue
            perhaps = []
            for conditional in self.conditionals:
                if conditional.style is not None and _covers(conditional.area, at):
                    perhaps.append(conditional.style)
            found[at] = drawn._replace(perhaps=tuple(perhaps))
        return found

    def may_cover(self, at: Position) -> bool:
        """Whether a conditional format may hide the value of a cell."""
        drawn = self.cells.get(at)
        if drawn is None:
            return False
        for conditional in self.conditionals:
            cover = conditional.cover
            if cover is None or not _covers(conditional.area, at):
                continue
            if cover.hides(drawn.letters, drawn.behind):
                return True
        return False


def _is_within(column: int, spans: Collection[_Span]) -> bool:
    return any(first <= column <= last for first, last in spans)


def _covers(area: Merge, at: Position) -> bool:
    row, column = at
    if not area.top <= row <= area.bottom:
        return False
    return area.left <= column <= area.right


def drawn_sheet(part: bytes, styles: Styles, shared: SharedRuns) -> DrawnSheet:
    """A sheet as it is drawn. Raises ``BrokenXmlError`` or ``ValueError`` for a damaged one."""
    cells: dict[Position, Appearance] = {}
    hidden_rows: set[int] = set()
    hidden_columns: list[_Span] = []
    shown_columns: list[_Span] = []
    conditionals: list[_Conditional] = []
    narrow = hides_zeros = False
    row = -1
    for element in elements(part):
        match local(element):
            case "row":
                row = int(element.get("r", row + 2)) - 1
                cells.update(_row_cells(element, row, styles, shared))
                if _is_hidden(element, "ht", _SMALLEST_ROW):
                    hidden_rows.add(row)
                element.clear()
            case "col":
                hidden = _is_hidden(element, "width", _SMALLEST_COLUMN)
                (hidden_columns if hidden else shown_columns).append(_span(element))
            case "sheetFormatPr":
                narrow = _is_small(element.get("defaultColWidth"), _SMALLEST_COLUMN)
            case "sheetView":
                hides_zeros = hides_zeros or not is_on(element.get("showZeros", "1"))
            case "conditionalFormatting":
                conditionals.extend(_conditionals(element, styles))
    return DrawnSheet(
        cells,
        frozenset(hidden_rows),
        tuple(hidden_columns),
        tuple(shown_columns),
        narrow,
        hides_zeros,
        tuple(conditionals),
    )


def _span(column: Element) -> _Span:
    first = column.get("min", "1")
    last = column.get("max", "1")
    return int(first) - 1, int(last) - 1


def _is_hidden(element: Element, size: str, smallest: float) -> bool:
    """Whether a row or a column is hidden, or has no size."""
    if is_on(element.get("hidden", "0")):
        return True
    return _is_small(element.get(size), smallest)


def _is_small(size: str | None, smallest: float) -> bool:
    return size is not None and float(size) < smallest


# --- cells --------------------------------------------------------------------------------------


def _row_cells(
    row_element: Element, row: int, styles: Styles, shared: SharedRuns
) -> Iterator[tuple[Position, Appearance]]:
    column = -1
    for element in row_element:
        if local(element) != "c":
            continue
        address = element.get("r")
        at = (row, column + 1)
        if address:
            at = position(address.replace("$", "").upper())
        column = at[1]
        number = int(element.get("s", "0"))
        style = styles.of(number)
        runs = _inherited(_text_runs(element, shared), style)
        yield (
            at,
            Appearance(
                formats=style.formats,
                struck=style.struck,
                raised=style.raised,
                runs=runs,
                letters=style.letters,
                behind=styles.behind(number),
                unseen=_has_unseen_letters(runs, number, styles),
            ),
        )


def _has_unseen_letters(runs: tuple[Run, ...], number: int, styles: Styles) -> bool:
    """Whether nobody can make out some of the letters of a cell."""
    unseen = number in styles.unseen
    if not runs:
        return unseen
    behind = styles.behind(number)
    for run in runs:
        if not run.text.strip():
            continue
        if not run.has_font:
            if unseen:
                return True
        elif run.tiny or is_unseen(run.letters, behind):
            return True
    return False


def _text_runs(cell: Element, shared: SharedRuns) -> tuple[Run, ...]:
    """The runs of a cell's rich text; nothing for any other cell."""
    kind = cell.get("t", "n")
    for child in cell:
        if kind == "s" and local(child) == "v":
            return shared((child.text or "").strip())
        if kind != "inlineStr":
            continue
        if local(child) == "is":
            return _runs(child)
    return ()


def string_runs(part: bytes) -> tuple[tuple[Run, ...], ...]:
    """The runs of each shared string. Raises ``BrokenXmlError``."""
    found: list[tuple[Run, ...]] = []
    for item in parsed(part):
        if local(item) == "si":
            found.append(_runs(item))
    return tuple(found)


def _runs(item: Element) -> tuple[Run, ...]:
    """The runs of a string; nothing when it has none of its own."""
    found = []
    for child in item:
        if local(child) != "r":
            continue
        text = ""
        properties = None
        for piece in child:
            if local(piece) == "t":
                text += piece.text or ""
            elif local(piece) == "rPr" and properties is None:
                properties = piece
        found.append(_run(text, properties))
    return tuple(found)


def _run(text: str, properties: Element | None) -> Run:
    if properties is None:
        return Run(_unescaped(text))
    style = font_style(properties)
    return Run(
        _unescaped(text),
        style.struck,
        style.raised,
        has_font=True,
        letters=style.letters,
        tiny=style.tiny,
    )


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    from openpyxl.utils.escape import unescape

    return str(unescape(text))


def _inherited(runs: tuple[Run, ...], style: Style) -> tuple[Run, ...]:
    """The runs of a cell: those without a font of their own have the cell's."""
    if not style.struck and not style.raised:
        return runs
    found = []
    for run in runs:
        if not run.has_font:
            run = Run(run.text, style.struck, style.raised)
        found.append(run)
    return tuple(found)


# --- conditional formats ------------------------------------------------------------------------


def _conditionals(element: Element, styles: Styles) -> Iterator[_Conditional]:
    """The conditional formats of some areas that may change the look of a value, or hide it."""
    references = element.get("sqref", "")
    looks: list[_ConditionalLook] = []
    for child in element.iter():
        match local(child):
            case "sqref":
                references = child.text or ""
            case "cfRule":
                number = child.get("dxfId", "")
                if number.isdigit():
                    looks.append(_look_numbered(int(number), styles))
            case "dxf":
                own = _ConditionalLook(changed_style(child), cover_of(child))
                looks.append(own)
            case "dataBar" | "iconSet":
                shows_value = child.get("showValue", "1")
                if not is_on(shows_value):
                    without_value = Cover(no_value=True)
                    looks.append(_ConditionalLook(None, without_value))
    for reference in references.split():
        area = _area(reference)
        for look in looks:
            yield _Conditional(area, look.style, look.cover)


class _ConditionalLook(NamedTuple):
    """What a conditional format changes: marks and number formats, and colours."""

    style: Style | None
    cover: Cover | None


def _look_numbered(number: int, styles: Styles) -> _ConditionalLook:
    """The look that the styles of the workbook have under a number."""
    style = styles.conditional.get(number)
    cover = styles.hiding.get(number)
    return _ConditionalLook(style, cover)


def _area(reference: str) -> Merge:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(reference)
    return Merge(
        top=(top or 1) - 1,
        left=(left or 1) - 1,
        bottom=(bottom or _ROWS) - 1,
        right=(right or _COLUMNS) - 1,
    )
