"""What the number formats show that nearly every workbook has; the formats of the others are parsed for it.

Most workbooks have no others, so the parser of formats need not even be loaded for them.
"""

from __future__ import annotations

from typing import NamedTuple

GENERAL = "General"


class _Known(NamedTuple):
    """See ``numberformat.is_harmless`` and ``numberformat.shows_decimals``."""

    harmless: bool
    decimals: bool


KNOWN = {
    GENERAL: _Known(harmless=True, decimals=True),
    "@": _Known(harmless=True, decimals=True),
    "0": _Known(harmless=True, decimals=False),
    "0.00": _Known(harmless=True, decimals=False),
    "#,##0": _Known(harmless=True, decimals=False),
    "yyyy-mm-dd": _Known(harmless=True, decimals=True),
    '"折合 "#,##0.00" 元"': _Known(harmless=False, decimals=False),
}


NUMBERS = frozenset((GENERAL, "0", "0.00", "#,##0"))
"""Formats of plain numbers, which show every whole number that a cell of the form may hold."""


def is_harmless(code: str) -> bool:
    """Whether a format shows every whole number, every text and every date as it is stored."""
    known = KNOWN.get(code)
    if known is not None:
        return known.harmless
    from govdisclose.read.workbook import number_formats as numberformat

    return numberformat.is_harmless(code)


def shows_decimals(code: str) -> bool:
    """Whether a format shows all decimals of a number of up to ten digits."""
    known = KNOWN.get(code)
    if known is not None:
        return known.decimals
    from govdisclose.read.workbook import number_formats as numberformat

    return numberformat.shows_decimals(code)
