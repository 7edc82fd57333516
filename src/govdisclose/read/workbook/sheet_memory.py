"""Known worksheets: one that differs from a known one only in its values is read without a parser.

Units fill in one blank workbook, so in a folder of a thousand the XML of a sheet is the same from
workbook to workbook, except between ``<v>`` and ``</v>``. A parser decides on a cell by its tag, the
styles and the shared strings. Where every byte of these is as in a parsed sheet, a plain number is that
number, a plain string that string, a serial number of a day that day, and any other value whatever the
parser made of the same bytes in the same cell. Whatever is new or not plain goes to the parser. Learning checks itself: a sheet is remembered
only if its own stencil gives it back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from govdisclose.read.grid import Grid, Merge, Raw, position
from govdisclose.read.workbook.days import day_of
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.strings import SharedStrings

LIMIT = 256
"""How many sheets are remembered; the workbooks of a city have a handful of each kind."""

LARGEST = 200_000
"""Bytes of the largest sheet that is remembered; a statutory table has some 30,000."""

_VALUE = re.compile(rb"<v>([^<]*)</v>")
_CELL = re.compile(
    rb"""<c r="([A-Z]{1,3}\d{1,6})"([^<>&']*)>(?:<f\b[^<>]*>[^<]*</f>|<f\b[^<>]*/>)?\Z"""
)
_ADDRESS = re.compile(rb'<c r="([A-Z]+\d+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_SHARED = b"s"
_OWN_TYPES = (b"str", b"b", b"d", b"n")
"""Types of cells whose value needs no shared string."""
_NUMBER = re.compile(rb"-?\d{1,15}(?:\.\d{1,15})?")
_EXACT_DIGITS = 15
_INDEX_DIGITS = 9
"""A longer number of a shared string is for the parser to refuse."""
_DATED = 2_900_000
"""If a number below this was read as a number, its cell has no date format."""
_HEAD = re.compile(rb"""\A<\?xml [^<>]*encoding=["']UTF-8["'][^<>]*\?>""", re.IGNORECASE)
_CURSOR = re.compile(rb' (activeCell|activeCellId|sqref|topLeftCell|tabSelected)="[^"<>&]*"')
"""Where the cursor was when the sheet was saved."""
_DATA = b"<sheetData"


class Known(NamedTuple):
    """The sheets of a workbook that need no parser; ``names`` are those of all its sheets."""

    grids: tuple[Grid, ...] = ()
    names: tuple[str, ...] = ()

    def beside(self, others: Iterable[Grid]) -> list[Grid]:
        """These and the other sheets of the workbook, in its order."""
        order = {name: number for number, name in enumerate(self.names)}
        return sorted((*self.grids, *others), key=lambda grid: order.get(grid.name, len(order)))


class _Slot(NamedTuple):
    """The place of a value: its number in the XML, and its cell."""

    number: int
    row: int
    column: int


_Meanings = Mapping[tuple[int, bytes], Raw]
"""Slot and value → the result of the parser for a value that is no plain number, string or day."""


class _Slots(NamedTuple):
    """The slots of a sheet by the kind of their values; ``others`` are results and the like."""

    numbers: tuple[_Slot, ...]
    strings: tuple[_Slot, ...]
    days: tuple[_Slot, ...]
    others: tuple[_Slot, ...]


class _Stencil(NamedTuple):
    """A sheet without its values."""

    rows: list[list[Raw]]
    merges: tuple[Merge, ...]
    slots: _Slots
    meanings: _Meanings


class _DividedSheet(NamedTuple):
    """A worksheet divided into its layout, as a digest that other sheets share, and its values."""

    key: bytes
    values: list[bytes]


class SheetMemory:
    """The sheets known so far. Several threads may share one."""

    def __init__(self) -> None:
        self._stencils: dict[bytes, _Stencil] = {}

    def __len__(self) -> int:
        return len(self._stencils)

    def recall(
        self, parts: BookParts, strings: SharedStrings, file: str, without: Collection[str]
    ) -> Known:
        """The known sheets of a workbook, except those named in ``without``."""
        names = tuple([sheet.name for sheet in parts.sheets])
        if not self._stencils:
            return Known((), names)
        book = _book_key(parts)
        grids = []
        for part in parts.sheets:
            if part.name in without:
                continue
            sheet = _divided(book, parts.content(part.part))
            stencil = self._stencils.get(sheet.key)
            if stencil is not None:
                grid = _filled(stencil, sheet, strings.texts, file, part.name)
                if grid is not None:
                    grids.append(grid)
        return Known(tuple(grids), names)

    def learn(self, parts: BookParts, strings: SharedStrings, grids: Iterable[Grid]) -> None:
        """Remember sheets as the parser has read them, if a stencil gives the same back."""
        book = _book_key(parts)
        contents = {sheet.name: parts.content(sheet.part) for sheet in parts.sheets}
        for grid in grids:
            part = contents[grid.name]
            if not _can_be_known(part):
                continue
            sheet = _divided(book, part)
            stencil = self._stencils.get(sheet.key) or _stencil(part, sheet.values, grid)
            if stencil is None:
                continue
            stencil = _with_meanings(stencil, sheet.values, grid)
            if _gives_back(stencil, sheet, strings.texts, grid) and not _has_too_many(stencil):
                self._remember(sheet.key, stencil)

    def _remember(self, key: bytes, stencil: _Stencil) -> None:
        if len(self._stencils) >= LIMIT:
            self._stencils.clear()
        self._stencils[key] = stencil


def _book_key(parts: BookParts) -> bytes:
    """Everything outside sheets and strings that decides how a cell is read."""
    return sha256(parts.content(parts.styles) + bytes([parts.date1904])).digest()


def _divided(book: bytes, part: bytes) -> _DividedSheet:
    """A sheet as its key and its values; which values are empty belongs to the key."""
    head, tag, body = part.partition(_DATA)
    pieces = _VALUE.split(body)
    between, values = pieces[::2], pieces[1::2]
    empty = b""
    if b"" in values:
        empty = repr([number for number, value in enumerate(values) if not value]).encode()
    common = (book, _CURSOR.sub(rb' \1=""', head), tag, empty, *between)
    return _DividedSheet(sha256(b"\0".join(common)).digest(), values)


# --- a stencil → a grid -------------------------------------------------------------------------


def _filled(
    stencil: _Stencil, sheet: _DividedSheet, strings: list[str], file: str, name: str
) -> Grid | None:
    """A stencil with the values of a sheet; ``None`` if one of them is not plain."""
    rows = [row.copy() for row in stencil.rows]
    texts: list[Raw] = []
    values, slots = sheet.values, stencil.slots
    if not _are_exact([values[slot.number] for slot in slots.numbers]):
        return None
    for number, row, column in slots.numbers:
        rows[row][column] = float(values[number])
    found = _strings([values[slot.number] for slot in slots.strings], strings)
    if found is None:
        return None
    texts.extend(found)
    for (_, row, column), text in zip(slots.strings, found, strict=True):
        rows[row][column] = text
    for number, row, column in slots.days:
        day = day_of(values[number])
        if day is None:
            return None
        rows[row][column] = day
        texts.append(day)
    for number, row, column in slots.others:
        if (number, values[number]) not in stencil.meanings:
            return None
        other = stencil.meanings[number, values[number]]
        rows[row][column] = other
        texts.append(other)
    return Grid(file, name, rows, stencil.merges, layout=(sheet.key, tuple(texts)))


def _are_exact(values: list[bytes]) -> bool:
    """Whether all values are plain decimal numbers, exact as they are written."""
    # None is empty, because that is part of the key.
    if b"".join(values).isdigit() and max(map(len, values)) <= _EXACT_DIGITS:
        return True
    return all(map(_NUMBER.fullmatch, values))


def _strings(indexes: list[bytes], strings: list[str]) -> list[str] | None:
    """The shared strings with these numbers; ``None`` if one is missing or empty."""
    if not indexes:
        return []
    lengths = list(map(len, indexes))
    if not b"".join(indexes).isdigit() or not 0 < min(lengths) <= max(lengths) <= _INDEX_DIGITS:
        return None
    numbers = list(map(int, indexes))
    if max(numbers) >= len(strings):
        return None
    texts = [strings[number] for number in numbers]
    return None if "" in texts else texts


# --- a grid → a stencil -------------------------------------------------------------------------


def _can_be_known(part: bytes) -> bool:
    """Whether the bytes of a sheet say all that a parser would make of them."""
    if len(part) > LARGEST or not _HEAD.match(part) or b"<!" in part or part.count(b"<?") != 1:
        return False
    addresses = _ADDRESS.findall(part)
    return len(set(addresses)) == len(addresses) and part.count(_DATA) == 1


def _stencil(part: bytes, values: list[bytes], grid: Grid) -> _Stencil | None:
    """The stencil of a sheet that was parsed as ``grid``; ``None`` if a value has no cell of its own."""
    if not values:
        return None
    before = _VALUE.split(part.partition(_DATA)[2])[::2]
    by_kind: dict[str, list[_Slot]] = {kind: [] for kind in _Slots._fields}
    for number, value in enumerate(values):
        tag = before[number]
        cell = _CELL.search(tag, max(tag.rfind(b"<c "), 0))
        if cell is None:
            return None
        slot = _Slot(number, *position(cell[1].decode()))
        kind = _slot_kind(cell[2], value, grid.raw(slot.row, slot.column))
        if kind is None:
            return None
        by_kind[kind].append(slot)
    slots = _Slots(**{kind: tuple(found) for kind, found in by_kind.items()})
    return _Stencil(grid.rows, grid.merges, slots, {})


def _slot_kind(attributes: bytes, value: bytes, raw: Raw) -> str | None:
    """The field of ``_Slots`` for a value that was read as ``raw``; ``None`` where it has none."""
    if (raw is None) != (value == b""):
        return None
    written = _TYPE.search(attributes)
    if written is not None:
        if written[1] == _SHARED:
            return "strings"
        return "others" if written[1] in _OWN_TYPES else None
    if _is_plain_number(raw, value):
        return "numbers"
    if type(raw) is date and raw == day_of(value):
        return "days"  # a cell of this format shows any other day, too
    return None if isinstance(raw, str) else "others"


def _is_plain_number(raw: Raw, value: bytes) -> bool:
    return type(raw) is float and 0 <= raw < _DATED and _NUMBER.fullmatch(value) is not None


def _with_meanings(stencil: _Stencil, values: list[bytes], grid: Grid) -> _Stencil:
    """A stencil that also knows the results of the parser for the other values of a sheet."""
    meanings = dict(stencil.meanings)
    for slot in stencil.slots.others:
        meanings[slot.number, values[slot.number]] = grid.raw(slot.row, slot.column)
    return stencil._replace(meanings=meanings)


def _has_too_many(stencil: _Stencil) -> bool:
    """Whether a stencil would remember more meanings than the limit allows."""
    return len(stencil.meanings) > LIMIT * len(stencil.slots.others) + LIMIT


def _gives_back(stencil: _Stencil, sheet: _DividedSheet, strings: list[str], grid: Grid) -> bool:
    """Whether a stencil gives a sheet back as it was parsed, with the same types of values."""
    again = _filled(stencil, sheet, strings, grid.file or "", grid.name)
    if again is None or again.rows != grid.rows or again.merges != grid.merges:
        return False
    return list(_types(again)) == list(_types(grid))


def _types(grid: Grid) -> Iterator[list[type]]:
    for row in grid.rows:
        yield [type(raw) for raw in row]
