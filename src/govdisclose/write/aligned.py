"""Columns of text for a terminal, where a Chinese character is two wide."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def width(text: str) -> int:
    """The number of terminal columns that ``text`` takes."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def aligned(rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    """The rows as lines with columns two apart; ``sides`` says ``l`` or ``r`` for each column."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        padded = []
        for cell, room, side in zip(row, widths, sides, strict=True):
            blanks = " " * (room - width(cell))
            padded.append(cell + blanks if side == "l" else blanks + cell)
        lines.append("  ".join(padded).rstrip())
    return lines
