"""Messages that name the first of many."""

from __future__ import annotations

from collections.abc import Sequence

from govdisclose.finding import some_of

_SHOWN = 3
"""Cells or texts that a message names, besides their number."""


def some(texts: Sequence[str], unit: str, between: str = "、") -> str:
    """The first few of some texts, and their number if there are more."""
    return some_of(texts, _SHOWN, unit, between)
