"""Where name and date stand below the Word report: GB/T 9704-2012, 7.3.5.1.

The report is stamped where it is handed in on paper. The date ends four characters before the
margin, and the name is centred above it. Both are centred in one box at the margin, so that one
stands in the middle of the other in every program; the box depends on the width of the date.
Lengths are twips.
"""

from __future__ import annotations

from govdisclose.write.line_fit import NORMAL, OFFICE_ROOM, SPACINGS

LENGTHS = (9, 10, 11)
"""Characters of a date: 2026年1月7日, 2026年1月17日, 2026年11月17日."""

USUAL_LENGTH = 10
NAME_ABOVE_DATE = 14
"""Characters of a name that can be centred above the date. Date and longer names share a wider box."""

_TEXT_WIDTH = 8845
_CHARACTER = 320
_SPACING = SPACINGS[NORMAL]
_RIGHT = 4 * (_CHARACTER + _SPACING)
_SIGNS = 3
"""年, 月 and 日; the other characters of a date are digits, half as wide."""

_CHANGES = 5
"""Places in a date between a digit and a Chinese character."""

_LONG_BOX = 22 * (_CHARACTER + _SPACING)

LEFT_OF_LONG = _TEXT_WIDTH - _LONG_BOX
"""The left indent of a long name and the date below it."""


def left_indent(length: int) -> int:
    """The left indent of the box for a date of ``length`` characters; it ends at the right margin."""
    date = _SIGNS * _CHARACTER + (length - _SIGNS) * _CHARACTER // 2 + length * _SPACING
    return _TEXT_WIDTH - (2 * _RIGHT + date)


def office_left_indents() -> dict[int, int]:
    """The same indents, and those that LibreOffice needs: it leaves room around digits."""
    room = round(_CHANGES * (OFFICE_ROOM * 20 - _SPACING))
    indents = {}
    for length in LENGTHS:
        left = left_indent(length)
        indents[left] = left - room
    return indents
