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

DIGITS, PLACES = 38, 10
"""All digits of a value, and its digits after the point."""

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
        validity = _validity(arrow, len(self._numbers), self._missing)
        content = [validity, arrow.py_buffer(self._numbers)]
        numbers = arrow.Array.from_buffers(arrow.int32(), len(self._numbers), content)
        texts = arrow.StringArray.from_buffers(
            len(self._known), arrow.py_buffer(self._ends), arrow.py_buffer(self._content)
        )
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
        validity = _validity(arrow, len(self._years), self._missing)
        content = [validity, arrow.py_buffer(self._years)]
        return arrow.Array.from_buffers(arrow.int32(), len(self._years), content)


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
        content = [_validity(arrow, self._rows, self._missing), arrow.py_buffer(self._values)]
        return arrow.Array.from_buffers(arrow.decimal128(DIGITS, PLACES), self._rows, content)


def fits(value: Value) -> bool:
    """Whether a number keeps all its digits."""
    if value is None:
        return True
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):  # not a number
        return False
    return -exponent <= PLACES and number.adjusted() < DIGITS - PLACES


def _units(value: int | Decimal) -> int:
    """A number in units of the last place, without rounding."""
    numerator, denominator = value.as_integer_ratio()
    units: int = numerator * 10**PLACES // denominator
    return units


def _validity(arrow: Any, rows: int, missing: Sequence[int]) -> Any:
    """The bits that say which cells are there; ``None`` if all are."""
    if not missing:
        return None
    bits = bytearray(b"\xff" * (rows // 8 + 1))
    for row in missing:
        bits[row // 8] &= ~(1 << row % 8)
    return arrow.py_buffer(bits)
