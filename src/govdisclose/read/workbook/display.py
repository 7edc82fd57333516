"""What a person sees in the cells of a workbook: formats, marked text, hidden rows, columns and sheets.

The engines that read values say nothing of these. A workbook as offices make it needs a few searches in its bytes;
only where these find something does a parser look at the sheets, and only at the cells that are read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from attrs import field, frozen

from govdisclose.errors import InputError
from govdisclose.read.grid import Merge, position
from govdisclose.read.workbook.cell_styles import Style, Styles, read_styles, used_formats
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.plain_formats import is_harmless, shows_decimals
from govdisclose.read.workbook.xml_parts import as_plain, elements, is_on, is_usual, local, parsed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Position = tuple[int, int]
"""Row and column, zero-based."""

_MARKS = (b"strike", b"vertAlign")
"""What stands in every part that strikes out, raises or lowers text."""
_HIDING = (b'idth="0', b"idth='0", b'showZeros="0', b'showZeros="f', b"showZeros='")
"""How a column of no width is written, and that zeros are not shown."""
_SPACED = (b" =", b"= ")
"""Attributes that are written as no spreadsheet writes them."""
_DATA = b"sheetData"
_ROWS, _COLUMNS = 1_048_576, 16_384
"""How large a sheet can be."""
_SMALLEST_ROW = 0.5
"""Points below which a row is not drawn."""
_SMALLEST_COLUMN = 0.1
"""Characters below which a column is not drawn."""


@frozen
class Run:
    """A piece of a text; ``raised`` is 上标 or 下标, or empty. ``has_font`` unless its font is that of its cell."""

    text: str
    struck: bool = False
    raised: str = ""
    has_font: bool = False


@frozen
class Appearance:
    """How a cell is drawn: number formats (one, or all that programs could apply), marks, and the runs of a rich text.

    ``perhaps`` are the styles of conditional formats that may apply to it.
    """

    formats: tuple[str, ...] = ()
    struck: bool = False
    raised: str = ""
    runs: tuple[Run, ...] = ()
    perhaps: tuple[Style, ...] = ()


@frozen
class Unseen:
    """What of some cells of a sheet is not drawn. Rows and columns are zero-based."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    zeros: bool = False


@frozen(slots=False)
class Display:
    """What a person sees of the sheets of one workbook; ``file`` names it in messages."""

    parts: BookParts = field(repr=False)
    file: str
    _known: dict[str, _Sheet] = field(factory=dict, init=False, repr=False, eq=False)
    _usual: dict[str, bool] = field(factory=dict, init=False, repr=False, eq=False)

    @cached_property
    def hidden_sheets(self) -> frozenset[str]:
        """The names of the sheets that are hidden, however deeply."""
        return frozenset(sheet.name for sheet in self.parts.sheets if sheet.hidden)

    def look(
        self,
        sheet: str,
        cells: Collection[Position],
        decimals: Collection[Position] = (),
        closely: Collection[Position] = (),
        large: Collection[Position] = (),
    ) -> Mapping[Position, Appearance]:
        """The appearance of those among ``cells`` that may show something else than is stored.

        ``decimals`` are those among them whose values have decimals, ten digits at the most: a format may
        round them. ``closely`` are those whose values need a look at every format, ``large`` whole numbers
        that no format of a date can show.
        """
        part = self._part(sheet)
        if large and not self._none_has(sheet, self._all_styles.no_numbers, large):
            closely = [*closely, *large]
        if not self._looks_plain(sheet, cells):
            wanted = cells
        elif decimals and self._may_round(sheet, decimals):
            wanted = [*decimals, *closely]
        else:
            wanted = closely
        return self._read(sheet, part).appearances(wanted) if wanted else {}

    def _may_round(self, sheet: str, decimals: Collection[Position]) -> bool:
        formats = used_formats(self.parts.content(self.parts.styles))
        if formats is not None and all(map(shows_decimals, formats)):
            return False
        return not self._none_has(sheet, self._all_styles.rounding, decimals)

    def unseen(self, sheet: str, cells: Collection[Position]) -> Unseen:
        """Which rows and columns of ``cells`` are hidden in a sheet, and whether it hides its zeros."""
        part = self._part(sheet)
        if not _may_hide(part, self._is_usual(sheet)):
            return Unseen()
        read = self._read(sheet, part)
        rows = sorted({row for row, _ in cells if row in read.hidden_rows})
        columns = sorted({column for _, column in cells if read.hides_column(column)})
        return Unseen(tuple(rows), tuple(columns), read.hides_zeros)

    # --- parts ----------------------------------------------------------------------------------

    @cached_property
    def _styles(self) -> Styles | None:
        """The styles, or ``None`` where they show everything as it is stored."""
        formats = used_formats(self.parts.content(self.parts.styles))
        if formats is not None and all(map(is_harmless, formats)):
            return None
        return self._all_styles

    @cached_property
    def _all_styles(self) -> Styles:
        return read_styles(self.parts.content(self.parts.styles))

    @cached_property
    def _strings_are_plain(self) -> bool:
        part = self.parts.content(self.parts.strings)
        return as_plain(part) and not any(mark in part for mark in _MARKS)

    @cached_property
    def _strings(self) -> tuple[tuple[Run, ...], ...]:
        """The runs of each shared string."""
        part = self.parts.content(self.parts.strings)
        if not part:
            return ()
        return tuple(_runs(item) for item in self._parsed(part) if local(item) == "si")

    @cached_property
    def _sheets(self) -> dict[str, str]:
        """The part of each sheet."""
        return {sheet.name: sheet.part for sheet in self.parts.sheets}

    def _part(self, sheet: str) -> bytes:
        return self.parts.content(self._sheets[sheet])

    def _parsed(self, part: bytes) -> Element:
        try:
            return parsed(part)
        except ParseError as error:
            raise InputError(
                f"{self.file} 的内容已损坏，请用 Excel 或 WPS 打开后另存一份"
            ) from error

    def _is_usual(self, sheet: str) -> bool:
        """Whether the attributes in a sheet can be searched for as every program writes them."""
        if sheet not in self._usual:
            self._usual[sheet] = is_usual(self._part(sheet))
        return self._usual[sheet]

    def _none_has(self, sheet: str, styles: Collection[int], cells: Collection[Position]) -> bool:
        """Whether surely none of ``cells`` has one of ``styles``, as far as a search of bytes can say."""
        if not styles:
            return True
        part = self._part(sheet)
        if 0 in styles or not (self._is_usual(sheet) or part.count(b"s=") == part.count(b's="')):
            return False
        return all(_is_elsewhere(part, style, cells) for style in styles)

    def _looks_plain(self, sheet: str, cells: Collection[Position]) -> bool:
        """Whether none of ``cells`` can be drawn otherwise than it is stored, decimals excepted."""
        part = self._part(sheet)
        if not as_plain(part) or not self._strings_are_plain or _may_mark(part):
            return False
        styles = self._styles
        if styles is None:
            return True
        if styles.conditional and b"dxfId" in part:
            return False
        return self._none_has(sheet, styles.odd, cells)

    def _read(self, sheet: str, part: bytes) -> _Sheet:
        if sheet in self._known:
            return self._known[sheet]
        try:
            self._known[sheet] = _read_sheet(part, self._all_styles, self)
        except (ParseError, ValueError) as error:
            said = f"{self.file} 的工作表“{sheet}”已损坏，请用 Excel 或 WPS 打开后另存一份"
            raise InputError(said) from error
        return self._known[sheet]

    def _shared(self, index: str) -> tuple[Run, ...]:
        if self._strings_are_plain:
            return ()
        number = int(index)
        return self._strings[number] if number < len(self._strings) else ()


def _is_elsewhere(part: bytes, style: int, cells: Collection[Position]) -> bool:
    attribute = b's="%d"' % style
    if attribute not in part:
        return True
    addresses = re.findall(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]* ' + attribute, part)
    if len(addresses) != part.count(attribute):
        return False
    return not any(position(address.decode()) in cells for address in addresses)


def _may_hide(part: bytes, usual: bool) -> bool:
    """Whether a sheet may hide a row or a column; LibreOffice writes of each that it does not.

    ``usual`` says whether attributes are surely written as ``name="value"``.
    """
    if not as_plain(part):
        return True
    if b"hidden" in part:
        denied = part.count(b'hidden="false"') + part.count(b'hidden="0"')
        if part.count(b"hidden") != denied:
            return True
    start, end = part.find(_DATA), part.rfind(_DATA)
    head, rows = part[:start], part[start:end]
    if b'ht="0' in rows or not (usual or rows.count(b"ht") == rows.count(b'ht="')):
        return True
    return any(mark in head for mark in (*_HIDING, *_SPACED))


def _may_mark(part: bytes) -> bool:
    """Whether a sheet may hold rich text of its own, or formats of its own for conditions."""
    if b"inlineStr" in part:
        return any(mark in part for mark in _MARKS)
    below = part[part.rfind(_DATA) :]
    return b"numFmt" in below or any(mark in below for mark in _MARKS)


# --- one sheet ----------------------------------------------------------------------------------


@frozen
class _Sheet:
    """The cells of one sheet, by position, and what of it is hidden."""

    cells: Mapping[Position, Appearance]
    hidden_rows: frozenset[int]
    hidden_columns: tuple[tuple[int, int], ...]
    shown_columns: tuple[tuple[int, int], ...]
    narrow: bool
    hides_zeros: bool
    areas: tuple[tuple[Merge, Style], ...]

    def hides_column(self, column: int) -> bool:
        """Whether a column is hidden, or of no width."""
        if any(first <= column <= last for first, last in self.hidden_columns):
            return True
        return self.narrow and not any(
            first <= column <= last for first, last in self.shown_columns
        )

    def appearances(self, cells: Collection[Position]) -> dict[Position, Appearance]:
        """The appearance of some cells."""
        found = {}
        for at in cells:
            drawn = self.cells.get(at)
            if drawn is None:
                continue
            perhaps = tuple(style for area, style in self.areas if _covers(area, at))
            found[at] = Appearance(drawn.formats, drawn.struck, drawn.raised, drawn.runs, perhaps)
        return found


def _covers(area: Merge, at: Position) -> bool:
    row, column = at
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def _read_sheet(part: bytes, styles: Styles, display: Display) -> _Sheet:
    """A sheet as it is drawn. Raises ``ParseError`` or ``ValueError`` for one that is damaged."""
    cells: dict[Position, Appearance] = {}
    hidden_rows: set[int] = set()
    hidden_columns: list[tuple[int, int]] = []
    shown_columns: list[tuple[int, int]] = []
    areas: list[tuple[Merge, Style]] = []
    narrow = hides_zeros = False
    row = -1
    for element in elements(part):
        kind = local(element)
        if kind == "row":
            row = int(element.get("r", row + 2)) - 1
            cells.update(_cells(element, row, styles, display))
            if _is_hidden(element, "ht", _SMALLEST_ROW):
                hidden_rows.add(row)
            element.clear()
        elif kind == "col":
            columns = (
                hidden_columns if _is_hidden(element, "width", _SMALLEST_COLUMN) else shown_columns
            )
            columns.append((int(element.get("min", "1")) - 1, int(element.get("max", "1")) - 1))
        elif kind == "sheetFormatPr":
            narrow = _is_small(element.get("defaultColWidth"), _SMALLEST_COLUMN)
        elif kind == "sheetView":
            hides_zeros = hides_zeros or not is_on(element.get("showZeros", "1"))
        elif kind == "conditionalFormatting":
            areas.extend(_areas(element, styles))
    hidden = (frozenset(hidden_rows), tuple(hidden_columns))
    return _Sheet(cells, *hidden, tuple(shown_columns), narrow, hides_zeros, tuple(areas))


def _is_hidden(element: Element, size: str, smallest: float) -> bool:
    """Whether a row or a column is hidden, or of no size."""
    return is_on(element.get("hidden", "0")) or _is_small(element.get(size), smallest)


def _is_small(size: str | None, smallest: float) -> bool:
    return size is not None and float(size) < smallest


def _cells(
    row_element: Element, row: int, styles: Styles, display: Display
) -> Iterator[tuple[Position, Appearance]]:
    column = -1
    for element in row_element:
        if local(element) != "c":
            continue
        address = element.get("r")
        at = position(address.replace("$", "").upper()) if address else (row, column + 1)
        column = at[1]
        style = styles.of(int(element.get("s", "0")))
        runs = _text_of(element, display)
        yield at, Appearance(style.formats, style.struck, style.raised, _inherited(runs, style))


def _text_of(cell: Element, display: Display) -> tuple[Run, ...]:
    """The runs of a cell's rich text; nothing for any other cell."""
    kind = cell.get("t", "n")
    for child in cell:
        if kind == "s" and local(child) == "v":
            return display._shared((child.text or "").strip())
        if kind == "inlineStr" and local(child) == "is":
            return _runs(child)
    return ()


def _runs(item: Element) -> tuple[Run, ...]:
    """The runs of a string; nothing when it has none of its own."""
    found = []
    for child in item:
        if local(child) != "r":
            continue
        text = "".join(part.text or "" for part in child if local(part) == "t")
        properties = next((part for part in child if local(part) == "rPr"), None)
        found.append(_run(text, properties))
    return tuple(found)


def _run(text: str, properties: Element | None) -> Run:
    if properties is None:
        return Run(_unescaped(text))
    style = Style.of_font(properties)
    return Run(_unescaped(text), style.struck, style.raised, has_font=True)


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
        found.append(run if run.has_font else Run(run.text, style.struck, style.raised))
    return tuple(found)


def _areas(element: Element, styles: Styles) -> Iterator[tuple[Merge, Style]]:
    """The areas of a conditional format that changes what a number or a text looks like."""
    references = element.get("sqref", "")
    found = []
    for child in element.iter():
        kind = local(child)
        if kind == "sqref":
            references = child.text or ""
        elif kind == "cfRule" and child.get("dxfId", "").isdigit():
            style = styles.conditional.get(int(child.get("dxfId", "")))
            if style is not None:
                found.append(style)
        elif kind == "dxf":
            style = Style.of_change(child)
            if style is not None:
                found.append(style)
    for reference in references.split():
        for style in found:
            yield _area(reference), style


def _area(reference: str) -> Merge:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(reference)
    return Merge((top or 1) - 1, (left or 1) - 1, (bottom or _ROWS) - 1, (right or _COLUMNS) - 1)
