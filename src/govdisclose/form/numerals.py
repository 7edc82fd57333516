"""Chinese numerals: 一百二十, 二〇二四. Readers suggest values from them, checks find them in prose."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
"""The digits, as characters of a numeral."""

UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
"""The powers of ten, as characters of a numeral."""


def chinese_number(text: str) -> Decimal | None:
    """``一百二十`` → 120, ``二〇二四`` → 2024; ``None`` for anything else."""
    if not text or not set(text) <= DIGITS.keys() | UNITS.keys():
        return None
    if not set(text) & UNITS.keys():
        return Decimal("".join(str(DIGITS[c]) for c in text))
    whole = section = digit = 0
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
        elif UNITS[c] < 10_000:
            section += (digit or 1) * UNITS[c]
            digit = 0
        elif c == "万":
            whole, section, digit = whole + (section + digit) * 10_000, 0, 0
        else:
            whole, section, digit = (whole + section + digit) * UNITS[c], 0, 0
    return Decimal(whole + section + digit)
