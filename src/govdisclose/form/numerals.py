"""Chinese numerals: 一百二十, 二〇二四. Readers suggest values from them; checks find them in prose."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "两": 2}
"""The digits, as characters of a numeral."""

UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
"""The powers of ten, as characters of a numeral."""


def chinese_number(text: str) -> Decimal | None:
    """``一百二十`` → 120, ``二〇二四`` → 2024; ``None`` for anything else."""
    used = set(text)
    if not text or not used <= DIGITS.keys() | UNITS.keys():
        return None
    if used.isdisjoint(UNITS):
        digits = [str(DIGITS[character]) for character in text]
        return Decimal("".join(digits))
    return Decimal(_with_units(text))


def _with_units(text: str) -> int:
    """The value of a numeral with units: sections below 万, and the whole that is complete."""
    whole = section = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
            continue
        unit = UNITS[character]
        if unit < 10_000:
            section += (digit or 1) * unit
        elif character == "万":
            whole += (section + digit) * unit
            section = 0
        else:
            whole = (whole + section + digit) * unit
            section = 0
        digit = 0
    return whole + section + digit
