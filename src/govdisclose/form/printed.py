"""Statutory values as they are printed, in tables and in sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from govdisclose.form.fields import Kind, Value
from govdisclose.lazy_pattern import LazyPattern


def chinese_date(day: date | None) -> str:
    """A date as official documents print it, ``2026年1月20日``; nothing for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""A character that no document can hold: XML has no way to write it."""

_UNSHOWN = LazyPattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""A character that a terminal obeys instead of showing it, that turns the line round, or that is
half of one.
"""


def harmless(text: str) -> str:
    """``text`` with the characters written out that a terminal or an editor would obey:
    ``\\u001b``.

    Inside a string of JSON the result means the same as before.
    """
    if text.isprintable():
        return text
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


_INKLESS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as blanks: fillers of Korean syllables, and a Braille cell
without dots.
"""


def has_ink(text: str) -> bool:
    """Whether anything in ``text`` can be seen on paper: not blanks, joiners, accents without a
    letter or fillers.
    """
    for character in text:
        if character.isspace() or character in _INKLESS:
            continue
        if not unicodedata.category(character).startswith(("C", "M")):
            return True
    return False


_MINUS = "−"
"""The sign of a number below 0 (U+2212): a hyphen is shorter than the plus sign above it."""


def _signed(value: Value) -> str:
    signed = f"{value:+d}" if value else "0"
    return signed.replace("-", _MINUS)


def _plain(value: Value) -> str:
    return format(Decimal(0 if value is None else value), "f")


_FORMATS: dict[Kind, Callable[[Value], str]] = {
    Kind.COUNT: str,
    Kind.MONEY: _plain,
    Kind.CHANGE: _signed,
}


def format_value(value: Value, kind: Kind) -> str:
    """A statutory value as it is printed: no grouping, no exponent, blank as nothing.

    Growth has ``+``, decline a minus sign.
    """
    return "" if value is None else _FORMATS[kind](value)
