"""Messages that name the first of many."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 3
"""Cells or texts that a message names; it says how many there are."""


def some(texts: Sequence[str], unit: str, between: str = "、") -> str:
    """The first few of some texts, and how many there are."""
    shown = between.join(texts[:_SHOWN])
    return f"{shown}{between}等共 {len(texts)} {unit}" if len(texts) > _SHOWN else shown
