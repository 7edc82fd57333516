"""Days as a spreadsheet stores them: whole numbers from 1900 on.

calamine reads a day in the same way (``tests/read/workbook/test_days.py``). To ask it takes a tenth
of the time of reading a workbook, because nearly every workbook has exactly one date.
"""

from __future__ import annotations

from datetime import date, timedelta

from govdisclose.read.workbook.styles import Styles

_ZERO = date(1899, 12, 30)
_FIRST = 61
"""1 March 1900: Excel counts a day too many before it."""
_LAST = 2_958_465
"""31 December 9999."""

_BUILT_IN = "14"
_CODE = "yyyy-mm-dd"
"""The format of the dates that our own workbooks have."""


def day_of(serial: str | bytes) -> date | None:
    """The day with a serial number; ``None`` for anything that is not surely a day."""
    if not serial.isascii():
        return None
    if not serial.isdigit():
        return None
    if len(serial) > len(str(_LAST)):
        return None
    number = int(serial)
    if _FIRST <= number <= _LAST:
        return _ZERO + timedelta(days=number)
    return None


def shows_days(styles: Styles, style: int) -> bool:
    """Whether a cell format surely is one of days; calamine judges those that are less usual."""
    if style >= len(styles.formats):
        return False
    number = styles.formats[style].number
    code = styles.own.get(number)
    if code == _CODE:
        return True
    return code is None and number == _BUILT_IN
