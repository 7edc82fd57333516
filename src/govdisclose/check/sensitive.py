"""ID and mobile numbers in prose: where they are, and text with them hidden.

Findings quote prose, and findings are printed, stored and sent on: whatever they quote goes through
``masked``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WIDE = str.maketrans("０１２３４５６７８９ｘＸ－", "0123456789xX-")
_ID = r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
_MOBILE = r"(?<!\d)1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4})(?!\d)"
_LONG = re.compile(r"[1-9１-９]\d\d(?:\d{8}|[- －]\d{4}[- －]\d{4})")
_WEIGHTS = tuple(2 ** (17 - i) % 11 for i in range(17))
_CHECK = "10X98765432"


class Sensitive(NamedTuple):
    """One number that identifies a person: its kind, its span in the text, and a masked form."""

    kind: str
    start: int
    end: int
    shown: str


def valid_id(number: str) -> bool:
    """Whether 18 characters carry the check character of GB 11643-1999."""
    total = 0
    for weight, digit in zip(_WEIGHTS, number, strict=False):
        total += weight * int(digit)
    check_character = _CHECK[total % 11]
    return check_character == number[17].upper()


def may_be_sensitive(text: str) -> bool:
    """Whether a text of any length is worth a closer look by ``sensitive_numbers``."""
    return _LONG.search(text) is not None


def sensitive_numbers(text: str) -> Iterator[Sensitive]:
    """Every valid ID number and every mobile number, full-width digits too."""
    if not may_be_sensitive(text):  # nearly every paragraph
        return
    plain = text.translate(_WIDE)
    for match in re.finditer(_ID, plain):
        if valid_id(match.group()):
            yield _hidden("身份证号", match)
    for match in re.finditer(_MOBILE, plain):
        yield _hidden("手机号", match)


def _hidden(kind: str, match: re.Match[str]) -> Sensitive:
    """A number that shows only its first three and last two digits."""
    number = match.group()
    start, end = match.span()
    hidden = len(number) - 5
    shown = number[:3] + "*" * hidden + number[-2:]
    return Sensitive(kind=kind, start=start, end=end, shown=shown)


def masked(text: str) -> str:
    """``text`` with ID and mobile numbers masked, but for the first three and last two characters."""
    for found in sensitive_numbers(text):
        before = text[: found.start]
        after = text[found.end :]
        text = before + found.shown + after
    return text
