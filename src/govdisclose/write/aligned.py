"""Columns of text for a terminal, where a Chinese character is two wide."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def width(text: str) -> int:
    """The number of terminal columns that ``text`` takes."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    """The number of columns that a character takes."""
    return 2 if east_asian_width(character) in "WFA" else 1


def aligned(rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    """The rows as lines with columns two apart; ``sides`` says ``l`` or ``r`` for each column."""
    columns = zip(*rows, strict=True)
    widths = [max(map(width, column)) for column in columns]
    lines = []
    for row in rows:
        padded = []
        for cell, room, side in zip(row, widths, sides, strict=True):
            padded.append(_padded(cell, room, side))
        line = "  ".join(padded)
        lines.append(line.rstrip())
    return lines


def _padded(cell: str, room: int, side: str) -> str:
    """A cell with blanks on the other side, as wide as its column."""
    free = room - width(cell)
    blanks = " " * free
    return cell + blanks if side == "l" else blanks + cell
