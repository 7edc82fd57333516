"""The columns of a row group in the making, as pyarrow lays them out in memory.

They take a few bytes a row: each different text is kept once. Making arrays of Python objects
would import pandas, if that is installed, which takes 50 MB.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from attrs import define, field

from govdisclose.form.fields import Value

DIGITS = 38
"""All digits of a value."""
PLACES = 10
"""The digits after the point."""

_BYTES_OF_VALUE = 16
_INT32 = "i"


class ArrowColumn(Protocol):
    """One column: cells are added one by one, then it becomes an array of pyarrow."""

    def add(self, cell: Any) -> None:
        """Add the cell of the next row; ``None`` is a missing one."""
        ...

    def to_arrow(self, arrow: Any) -> Any:
        """The cells as an array of the library ``arrow``."""
        ...


@define
class TextColumn:
    """Texts: each different one once, and its number in every row.

    The different texts stand one after the other; ``_ends`` says where each of them ends.
    """

    _known: dict[str, int] = field(factory=dict)
    _content: bytearray = field(factory=bytearray, repr=False)
    _ends: array[int] = field(factory=lambda: array(_INT32, [0]))
    _numbers: array[int] = field(factory=lambda: array(_INT32))
    _missing: list[int] = field(factory=list)

    def add(self, cell: str | None) -> None:
        """Add a text. Raises ``UnicodeEncodeError`` for one with broken characters."""
        number = 0
        if cell is None:
            self._missing.append(len(self._numbers))
        elif cell in self._known:
            number = self._known[cell]
        else:
            number = self._new(cell)
        self._numbers.append(number)

    def _new(self, text: str) -> int:
        """Keep a text that has not occurred yet; its number."""
        self._content += text.encode()
        self._ends.append(len(self._content))
        self._known[text] = len(self._known)
        return self._known[text]

    def to_arrow(self, arrow: Any) -> Any:
        """A dictionary array."""
        rows = len(self._numbers)
        validity = _validity(arrow, rows, self._missing)
        content = [validity, arrow.py_buffer(self._numbers)]
        numbers = arrow.Array.from_buffers(arrow.int32(), rows, content)
        ends = arrow.py_buffer(self._ends)
        letters = arrow.py_buffer(self._content)
        texts = arrow.StringArray.from_buffers(len(self._known), ends, letters)
        return arrow.DictionaryArray.from_arrays(numbers, texts)


@define
class YearColumn:
    """Years, of 32 bits each."""

    _years: array[int] = field(factory=lambda: array(_INT32))
    _missing: list[int] = field(factory=list)

    def add(self, cell: int | None) -> None:
        """Add a year. Raises ``OverflowError`` for one that is far too large."""
        if cell is None:
            self._missing.append(len(self._years))
        self._years.append(cell or 0)

    def to_arrow(self, arrow: Any) -> Any:
        """An array of 32-bit numbers."""
        rows = len(self._years)
        validity = _validity(arrow, rows, self._missing)
        content = [validity, arrow.py_buffer(self._years)]
        return arrow.Array.from_buffers(arrow.int32(), rows, content)


@define
class ValueColumn:
    """Exact decimal numbers. They must fit: see ``fits``."""

    _values: bytearray = field(factory=bytearray, repr=False)
    _missing: list[int] = field(factory=list)
    _rows: int = 0

    def add(self, cell: Value) -> None:
        """Add a number, as so many units of the last place."""
        if cell is None:
            self._missing.append(self._rows)
        units = 0 if cell is None else _units(cell)
        self._values += units.to_bytes(_BYTES_OF_VALUE, "little", signed=True)
        self._rows += 1

    def to_arrow(self, arrow: Any) -> Any:
        """An array of decimal numbers."""
        validity = _validity(arrow, self._rows, self._missing)
        content = [validity, arrow.py_buffer(self._values)]
        kind = arrow.decimal128(DIGITS, PLACES)
        return arrow.Array.from_buffers(kind, self._rows, content)


def fits(value: Value) -> bool:
    """Whether a number keeps all its digits."""
    if value is None:
        return True
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):  # not a number
        return False
    before_point = DIGITS - PLACES
    return -exponent <= PLACES and number.adjusted() < before_point


def _units(value: int | Decimal) -> int:
    """A number in units of the last place, without rounding."""
    numerator, denominator = value.as_integer_ratio()
    units: int = numerator * 10**PLACES // denominator
    return units


def _validity(arrow: Any, rows: int, missing: Sequence[int]) -> Any:
    """The bits that say which cells are there; ``None`` if all are."""
    if not missing:
        return None
    size = rows // 8 + 1
    bits = bytearray(b"\xff" * size)
    for row in missing:
        byte, bit = divmod(row, 8)
        bits[byte] &= ~(1 << bit)
    return arrow.py_buffer(bits)
