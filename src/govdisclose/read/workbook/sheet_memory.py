"""Known worksheets: one that differs from a known one only in its values is read without a parser.

Units fill in one blank workbook, so in a folder of a thousand the XML of a sheet is the same from
workbook to workbook, except between ``<v>`` and ``</v>``. A parser decides on a cell by its tag,
the styles and the shared strings. Where every byte of these is as in a parsed sheet, a plain number
is that number, a plain string that string, a serial number of a day that day, and any other value
whatever the parser made of the same bytes in the same cell. Whatever is new or not plain goes to
the parser. Learning checks itself: a sheet is remembered only if its own stencil gives it back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from govdisclose.read.grid import Grid, Merge, Raw, position
from govdisclose.read.recent import Recent
from govdisclose.read.workbook.days import day_of
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.strings import SharedStrings

LIMIT = 64
"""How many sheets are remembered; the workbooks of a city have a handful of each kind."""

MOST_MEANINGS = 256
"""Values that are remembered for one sheet besides plain numbers, strings and days; a table has
some 40 lights, each with two or three values.
"""

LARGEST = 200_000
"""Bytes of the largest sheet that is remembered; a statutory table has some 30,000."""

_VALUE = re.compile(rb"<v>([^<]*)</v>")
_CELL = re.compile(
    rb"""<c r="([A-Z]{1,3}\d{1,6})"([^<>&']*)>(?:<f\b[^<>]*>[^<]*</f>|<f\b[^<>]*/>)?\Z"""
)
_ADDRESS = re.compile(rb'<c r="([A-Z]+\d+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_SHARED = b"s"
_NUMERIC = b"n"
"""The type of a cell without a type, too: Excel leaves it out, LibreOffice writes it."""
_OWN_TYPES = (b"str", b"b", b"d")
"""The other types of cells whose value needs no shared string."""
_NUMBER = re.compile(rb"-?\d{1,15}(?:\.\d{1,15})?")
_EXACT_DIGITS = 15
_INDEX_DIGITS = 9
"""A longer number of a shared string is for the parser to refuse."""
_DATED = 2_900_000
"""If a number below this was read as a number, its cell has no date format."""
_HEAD = re.compile(rb"""\A<\?xml [^<>]*encoding=["']UTF-8["'][^<>]*\?>""", re.IGNORECASE)
_CURSOR = re.compile(rb' (?:activeCell|activeCellId|sqref|topLeftCell|tabSelected)="[^"<>&]*"')
"""Where the cursor was when the sheet was saved."""
_DATA = b"<sheetData"


class Known(NamedTuple):
    """The sheets of a workbook that need no parser; ``names`` are those of all its sheets."""

    grids: tuple[Grid, ...] = ()
    names: tuple[str, ...] = ()

    def beside(self, others: Iterable[Grid]) -> list[Grid]:
        """These and the other sheets of the workbook, in its order."""
        order = {name: number for number, name in enumerate(self.names)}
        last = len(order)
        grids = [*self.grids, *others]
        return sorted(grids, key=lambda grid: order.get(grid.name, last))


_Meanings = Mapping[tuple[int, bytes], Raw]
"""Slot and value → the result of the parser for a value that is no plain number, string or day."""


class _Slots(NamedTuple):
    """The slots of a sheet by the kind of their values; ``others`` are results and the like.

    The number of a slot is that of its value in the XML.
    """

    numbers: list[int]
    strings: list[int]
    days: list[int]
    others: list[int]

    @property
    def all(self) -> list[int]:
        """All of them, kind after kind."""
        return [*self.numbers, *self.strings, *self.days, *self.others]


class _Stencil(NamedTuple):
    """A sheet without its values.

    ``digest`` names it. ``cells`` are its cells, row by row in one list, because this is filled
    fastest; each row has the same ``width``. ``places`` says for each slot, kind after kind, which
    of them it is.
    """

    digest: bytes
    cells: list[Raw]
    width: int
    merges: tuple[Merge, ...]
    slots: _Slots
    places: Mapping[int, int]
    meanings: _Meanings


class _Layout(NamedTuple):
    """Every byte that decides how the values of a worksheet are read: other sheets share it."""

    styles: bytes
    date1904: bool
    sheet: bytes

    def digest(self) -> bytes:
        """A short name for it."""
        sheet = sha256(self.sheet).digest()
        dates = bytes([self.date1904])
        return sha256(self.styles + dates + sheet).digest()


class _DividedSheet(NamedTuple):
    """A worksheet divided into its layout and its values."""

    layout: _Layout
    values: list[bytes]


class SheetMemory:
    """The sheets known so far. Several threads may share one."""

    def __init__(self) -> None:
        self._stencils: Recent[_Layout, _Stencil] = Recent(LIMIT)

    def __len__(self) -> int:
        return len(self._stencils)

    def recall(
        self, parts: BookParts, strings: SharedStrings, file: str, without: Collection[str]
    ) -> Known:
        """The known sheets of a workbook, except those named in ``without``."""
        names = tuple([sheet.name for sheet in parts.sheets])
        if not len(self._stencils):
            return Known((), names)
        grids = []
        for part in parts.sheets:
            if part.name in without:
                continue
            content = parts.content(part.part)
            sheet = _divided(parts, content)
            stencil = self._stencils.get(sheet.layout)
            if stencil is None:
                continue
            grid = _filled(stencil, sheet, strings.texts, file, part.name)
            if grid is not None:
                grids.append(grid)
        return Known(tuple(grids), names)

    def learn(self, parts: BookParts, strings: SharedStrings, grids: Iterable[Grid]) -> None:
        """Remember sheets as the parser has read them, if a stencil gives the same back."""
        contents: dict[str, bytes] = {}
        for listed in parts.sheets:
            contents[listed.name] = parts.content(listed.part)
        for grid in grids:
            part = contents[grid.name]
            if not _can_be_known(part):
                continue
            sheet = _divided(parts, part)
            known = self._stencils.get(sheet.layout)
            stencil = known or _stencil(part, sheet, grid)
            if stencil is None:
                continue
            stencil = _with_meanings(stencil, sheet.values, grid)
            if len(stencil.meanings) > MOST_MEANINGS:
                continue
            if _gives_back(stencil, sheet, strings.texts, grid):
                self._stencils.keep(sheet.layout, stencil)


def _divided(parts: BookParts, part: bytes) -> _DividedSheet:
    """A sheet as its layout and its values; which values are empty belongs to the layout."""
    head, tag, body = part.partition(_DATA)
    pieces = _VALUE.split(body)
    between = pieces[::2]
    values = pieces[1::2]
    empty = b""
    if b"" in values:
        numbers = [number for number, value in enumerate(values) if not value]
        empty = repr(numbers).encode()
    without_cursor = _CURSOR.sub(b"", head)
    common = b"\0".join((without_cursor, tag, empty, *between))
    styles = parts.content(parts.styles)
    return _DividedSheet(_Layout(styles, parts.date1904, common), values)


# --- a stencil → a grid -------------------------------------------------------------------------


def _filled(
    stencil: _Stencil, sheet: _DividedSheet, strings: list[str], file: str, name: str
) -> Grid | None:
    """A stencil with the values of a sheet; ``None`` if one of them is not plain."""
    values = sheet.values
    numbers = _exact([values[slot] for slot in stencil.slots.numbers])
    if numbers is None:
        return None
    texts = _texts(stencil, values, strings)
    if texts is None:
        return None
    cells = stencil.cells.copy()
    for place, raw in zip(stencil.places.values(), [*numbers, *texts], strict=True):
        cells[place] = raw
    width = stencil.width
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    layout = (stencil.digest, tuple(texts))
    return Grid(file, name, rows, stencil.merges, layout=layout, shell=stencil.digest)


def _texts(stencil: _Stencil, values: list[bytes], strings: list[str]) -> list[Raw] | None:
    """The values except numbers, in the order of their slots; ``None`` if one is not known."""
    slots = stencil.slots
    texts: list[Raw] = []
    indexes = [values[slot] for slot in slots.strings]
    found = _strings(indexes, strings)
    if found is None:
        return None
    texts.extend(found)
    for slot in slots.days:
        day = day_of(values[slot])
        if day is None:
            return None
        texts.append(day)
    for slot in slots.others:
        written = (slot, values[slot])
        if written not in stencil.meanings:
            return None
        texts.append(stencil.meanings[written])
    return texts


def _exact(values: list[bytes]) -> list[float] | None:
    """The numbers that are written; ``None`` unless all are plain decimals that a float holds."""
    # None is empty, because that is part of the layout.
    are_digits = b"".join(values).isdigit()
    if are_digits and max(map(len, values)) <= _EXACT_DIGITS:
        return list(map(float, map(int, values)))  # in two steps, which take half the time of one
    if all(map(_NUMBER.fullmatch, values)):
        return list(map(float, values))
    return None


def _strings(indexes: list[bytes], strings: list[str]) -> list[str] | None:
    """The shared strings with these numbers; ``None`` if one is missing or empty."""
    if not indexes:
        return []
    are_digits = b"".join(indexes).isdigit()
    if not are_digits or b"" in indexes:
        return None
    longest = max(map(len, indexes))
    if longest > _INDEX_DIGITS:
        return None
    numbers = list(map(int, indexes))
    if max(numbers) >= len(strings):
        return None
    texts = [strings[number] for number in numbers]
    return None if "" in texts else texts


# --- a grid → a stencil -------------------------------------------------------------------------


def _can_be_known(part: bytes) -> bool:
    """Whether the bytes of a sheet say all that a parser would make of them."""
    if len(part) > LARGEST or b"<!" in part:
        return False
    if part.count(b"<?") != 1:
        return False
    if not _HEAD.match(part):
        return False
    addresses = _ADDRESS.findall(part)
    different = set(addresses)
    if len(different) < len(addresses):
        return False
    return part.count(_DATA) == 1


def _stencil(part: bytes, sheet: _DividedSheet, grid: Grid) -> _Stencil | None:
    """The stencil of a sheet parsed as ``grid``; ``None`` if a value has no cell of its own."""
    values = sheet.values
    if not values or not grid.rows:
        return None
    _, _, body = part.partition(_DATA)
    pieces = _VALUE.split(body)
    tags = pieces[::2]
    slots = _Slots([], [], [], [])
    width = len(grid.rows[0])
    cells = list(chain.from_iterable(grid.rows))
    place_of: dict[int, int] = {}
    for slot, value in enumerate(values):
        tag = tags[slot]
        start = tag.rfind(b"<c ")
        cell = _CELL.search(tag, max(start, 0))
        if cell is None:
            return None
        written_address, attributes = cell.groups()
        address = written_address.decode()
        row, column = position(address)
        if row >= len(grid.rows) or column >= width:
            return None
        raw = grid.rows[row][column]
        alike = _slots_alike(slots, attributes, value, raw)
        if alike is None:
            return None
        alike.append(slot)
        place = row * width + column
        cells[place] = None  # the values would take half the memory of a stencil
        place_of[slot] = place
    places = {slot: place_of[slot] for slot in slots.all}
    digest = sheet.layout.digest()
    return _Stencil(digest, cells, width, grid.merges, slots, places, {})


def _slots_alike(slots: _Slots, attributes: bytes, value: bytes, raw: Raw) -> list[int] | None:
    """The slots that one for a value read as ``raw`` belongs to; ``None`` if it belongs to none."""
    is_blank = value == b""
    if is_blank != (raw is None):
        return None
    written = _TYPE.search(attributes)
    kind = _NUMERIC if written is None else written[1]
    if kind == _SHARED:
        return slots.strings
    if kind in _OWN_TYPES:
        return slots.others
    if kind != _NUMERIC:
        return None
    if _is_plain_number(raw, value):
        return slots.numbers
    if type(raw) is date and raw == day_of(value):
        return slots.days  # a cell of this format shows any other day, too
    return None if isinstance(raw, str) else slots.others


def _is_plain_number(raw: Raw, value: bytes) -> bool:
    if type(raw) is not float:
        return False
    if not (0 <= raw < _DATED):
        return False
    return _NUMBER.fullmatch(value) is not None


def _with_meanings(stencil: _Stencil, values: list[bytes], grid: Grid) -> _Stencil:
    """A stencil that also knows the results of the parser for the other values of a sheet."""
    meanings = dict(stencil.meanings)
    cells = list(chain.from_iterable(grid.rows))
    for slot in stencil.slots.others:
        place = stencil.places[slot]
        meanings[slot, values[slot]] = cells[place]
    return stencil._replace(meanings=meanings)


def _gives_back(stencil: _Stencil, sheet: _DividedSheet, strings: list[str], grid: Grid) -> bool:
    """Whether a stencil gives a sheet back as it was parsed, with the same types of values."""
    file = grid.file or ""
    again = _filled(stencil, sheet, strings, file, grid.name)
    if again is None:
        return False
    if again.rows != grid.rows:
        return False
    if again.merges != grid.merges:
        return False
    types = list(_types(grid))
    return list(_types(again)) == types


def _types(grid: Grid) -> Iterator[list[type]]:
    for row in grid.rows:
        yield [type(raw) for raw in row]
