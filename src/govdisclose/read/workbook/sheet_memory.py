"""Sheets seen before: one that differs from a known sheet in its values only is read without a parser.

Units fill in one blank workbook, so in a folder of a thousand the XML of a sheet is the same from book
to book, but for what stands between ``<v>`` and ``</v>``. A parser decides on a cell by its own tag,
the styles and the shared strings: where every byte of these is as in a sheet that calamine has read, a
plain number is that number, a plain string that string, and any other value what calamine made of the
same bytes in the same cell. Whatever is new or not plain goes to calamine. Learning checks itself:
a sheet that its own stencil does not give back is not remembered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from hashlib import sha256

from attrs import evolve, field, frozen

from govdisclose.read.grid import Grid, Merge, Raw, position
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.strings import plain_strings, plain_text

LIMIT = 256
"""How many sheets are remembered; a city's books have a handful of each kind."""

LARGEST = 200_000
"""Bytes of the largest sheet that is; a statutory table has some 30,000."""

_VALUE = re.compile(rb"<v>([^<]*)</v>")
_CELL = re.compile(
    rb"""<c r="([A-Z]{1,3}\d{1,6})"([^<>&']*)>(?:<f\b[^<>]*>[^<]*</f>|<f\b[^<>]*/>)?\Z"""
)
_ADDRESS = re.compile(rb'<c r="([A-Z]+\d+)"')
_OWN_TYPES = (b"str", b"b", b"d", b"n")
"""Cells whose value says itself what it is, without the shared strings of its book."""
_TYPE = re.compile(rb'\bt="(\w+)"')
_NUMBER = re.compile(rb"-?\d{1,15}(?:\.\d{1,15})?")
_DATED = 2_900_000
"""Below this a number in a cell formatted as a date is read as one: a cell read as a number has no such format."""
_HEAD = re.compile(rb"""\A<\?xml [^<>]*encoding=["']UTF-8["'][^<>]*\?>""", re.IGNORECASE)
_CURSOR = re.compile(rb' (activeCell|activeCellId|sqref|topLeftCell|tabSelected)="[^"<>&]*"')
"""Where whoever saved the sheet last had left the cursor."""


@frozen
class Known:
    """The sheets of a workbook that were read without a parser; ``names`` are those of all its sheets."""

    grids: tuple[Grid, ...] = ()
    names: tuple[str, ...] = ()

    def beside(self, others: Iterable[Grid]) -> list[Grid]:
        """These and the other sheets of the workbook, in its order."""
        order = {name: number for number, name in enumerate(self.names)}
        return sorted((*self.grids, *others), key=lambda grid: order.get(grid.name, len(order)))


@frozen
class _Stencil:
    """A sheet without its values. A slot is the number of a value in the XML, with its row and column."""

    rows: list[list[Raw]]
    merges: tuple[Merge, ...]
    numbers: tuple[tuple[int, int, int], ...]
    strings: tuple[tuple[int, int, int], ...]
    others: tuple[tuple[int, int, int], ...]
    meanings: dict[tuple[int, bytes], Raw] = field(factory=dict)
    """What calamine made of a value that is neither a plain number nor a string: a date, the result of a formula."""


class SheetMemory:
    """The sheets known so far. Several threads may share one."""

    def __init__(self) -> None:
        self._stencils: dict[bytes, _Stencil] = {}

    def __len__(self) -> int:
        return len(self._stencils)

    def recall(self, parts: BookParts, file: str, without: Collection[str]) -> Known:
        """The known sheets of a workbook, except those named in ``without``."""
        names = tuple(sheet.name for sheet in parts.sheets)
        strings = plain_strings(parts.content(parts.strings)) if self._stencils else None
        if strings is None:
            return Known((), names)
        book = _book_key(parts)
        grids = []
        for sheet in parts.sheets:
            if sheet.name not in without:
                key, values = _split(book, parts.content(sheet.part))
                stencil = self._stencils.get(key)
                if stencil is None:
                    continue
                grid = _filled(stencil, key, values, strings, file, sheet.name)
                if grid is not None:
                    grids.append(grid)
        return Known(tuple(grids), names)

    def learn(self, parts: BookParts, grids: Iterable[Grid]) -> None:
        """Remember sheets as the parser has read them, if a stencil gives the same back."""
        book = _book_key(parts)
        strings = plain_strings(parts.content(parts.strings))
        if strings is None:
            return
        contents = {sheet.name: parts.content(sheet.part) for sheet in parts.sheets}
        for grid in grids:
            sheet = contents[grid.name]
            key, values = _split(book, sheet)
            stencil = _taught_stencil(sheet, key, values, strings, grid, self._stencils.get(key))
            if stencil is not None:
                if len(self._stencils) >= LIMIT:
                    self._stencils.clear()
                self._stencils[key] = stencil


# --- keys ---------------------------------------------------------------------------------------


def _book_key(parts: BookParts) -> bytes:
    """Everything outside sheets and strings that decides how a cell is read: the date system, the styles."""
    return sha256(parts.content(parts.styles) + bytes([parts.date1904])).digest()


def _split(book: bytes, sheet: bytes) -> tuple[bytes, list[bytes]]:
    """What a sheet has in common with others, as a digest, and its values; which are empty is part of the former."""
    head, tag, body = sheet.partition(b"<sheetData")
    parts = _VALUE.split(body)
    values = parts[1::2]
    empty = (
        repr([i for i, value in enumerate(values) if not value]).encode() if b"" in values else b""
    )
    common = (book, _CURSOR.sub(rb' \1=""', head), tag, empty, *parts[::2])
    return sha256(b"\0".join(common)).digest(), values


# --- sheets -------------------------------------------------------------------------------------


def _filled(
    stencil: _Stencil, key: bytes, values: list[bytes], strings: list[str], file: str, name: str
) -> Grid | None:
    """A stencil with the values of another sheet; ``None`` where one of them is not plain."""
    rows = [row.copy() for row in stencil.rows]
    texts: list[Raw] = []
    try:
        _check_numbers([values[slot] for slot, _, _ in stencil.numbers])
        for slot, row, column in stencil.numbers:
            rows[row][column] = float(values[slot])
        for slot, row, column in stencil.strings:
            if not values[slot].isdigit():
                return None
            rows[row][column] = text = plain_text(strings[int(values[slot])])
            if text is None:
                return None
            texts.append(text)
        for slot, row, column in stencil.others:
            rows[row][column] = other = stencil.meanings[slot, values[slot]]
            texts.append(other)
    except (ValueError, LookupError):
        return None
    return Grid(file, name, rows, stencil.merges, layout=(key, tuple(texts)))


def _check_numbers(values: list[bytes]) -> None:
    """Raises ``ValueError`` for a value that is not a plain decimal number, exact as it is written."""
    if (
        b"".join(values).isdigit() and max(map(len, values)) <= 15
    ):  # none is empty: that is part of the key
        return
    if not all(map(_NUMBER.fullmatch, values)):
        raise ValueError


def _taught_stencil(
    sheet: bytes,
    key: bytes,
    values: list[bytes],
    strings: list[str],
    grid: Grid,
    known: _Stencil | None,
) -> _Stencil | None:
    """The stencil of a sheet, ``known`` with new meanings if there is one; ``None`` if it fails."""
    if len(sheet) > LARGEST or not _HEAD.match(sheet) or b"<!" in sheet or sheet.count(b"<?") != 1:
        return None
    stencil = known or _stencil(sheet, values, grid)
    if stencil is None:
        return None
    meanings = {(slot, values[slot]): grid.raw(row, column) for slot, row, column in stencil.others}
    stencil = evolve(stencil, meanings={**stencil.meanings, **meanings})
    again = _filled(stencil, key, values, strings, grid.file or "", grid.name)
    if again is None or not _same(again, grid):
        return None
    if len(stencil.meanings) > LIMIT * len(stencil.others) + LIMIT:
        return None
    return stencil


def _same(one: Grid, other: Grid) -> bool:
    """Whether two grids hold the same values of the same types."""
    kinds = ([[type(raw) for raw in row] for row in grid.rows] for grid in (one, other))
    return one.rows == other.rows and one.merges == other.merges and next(kinds) == next(kinds)


def _stencil(sheet: bytes, values: list[bytes], grid: Grid) -> _Stencil | None:
    """The stencil of a sheet that calamine read as ``grid``; ``None`` when a value has no cell of its own."""
    before = _VALUE.split(sheet.partition(b"<sheetData")[2])[::2]
    cells = [_CELL.search(piece, max(piece.rfind(b"<c "), 0)) for piece in before[:-1]]
    found: dict[str, list[tuple[int, int, int]]] = {"numbers": [], "strings": [], "others": []}
    for slot, (cell, value) in enumerate(zip(cells, values, strict=True)):
        if cell is None:
            return None
        at = position(cell[1].decode())
        kind = _TYPE.search(cell[2])
        raw = grid.raw(*at)
        if (raw is None) != (value == b""):
            return None
        if kind is None and type(raw) is float and 0 <= raw < _DATED and _NUMBER.fullmatch(value):
            found["numbers"].append((slot, *at))
        elif kind is not None and kind[1] == b"s":
            found["strings"].append((slot, *at))
        elif kind[1] in _OWN_TYPES if kind is not None else not isinstance(raw, str):
            found["others"].append((slot, *at))
        else:
            return None
    addresses = _ADDRESS.findall(sheet)
    if not values or len(set(addresses)) < len(addresses) or sheet.count(b"<sheetData") != 1:
        return None
    numbers, strings, others = (tuple(found[kind]) for kind in ("numbers", "strings", "others"))
    return _Stencil(grid.rows, grid.merges, numbers, strings, others)
