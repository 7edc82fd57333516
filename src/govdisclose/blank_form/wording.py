"""Messages that name the first of many."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 3
"""Cells or texts that a message names, besides their number."""


def some(texts: Sequence[str], unit: str, between: str = "、") -> str:
    """The first few of some texts, and their number if there are more."""
    shown = between.join(texts[:_SHOWN])
    if len(texts) <= _SHOWN:
        return shown
    return f"{shown}{between}等共 {len(texts)} {unit}"
