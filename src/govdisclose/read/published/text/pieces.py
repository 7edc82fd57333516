"""Runs of characters without blanks: all that a text layer has of the cells of a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from attrs import frozen

from govdisclose.finding import Place
from govdisclose.read.tables.labels import squeeze
from govdisclose.read.tables.numbers import PLACEHOLDERS

_VALUE = re.compile(r"[+\-增减]{0,2}\d[\d,]*(\.\d+)?(万?元|[件条份宗个项次起])?(\(.*)?")
_PIECE = re.compile(r"\S+")


@frozen
class TextPiece:
    """A run of characters without blanks: its line and column (zero-based)."""

    text: str
    line: int
    column: int

    @property
    def is_value(self) -> bool:
        """Whether it may be a value: a number, perhaps with a note, or a placeholder."""
        text = unicodedata.normalize("NFKC", self.text)
        if text in PLACEHOLDERS:
            return True
        return _VALUE.fullmatch(text) is not None

    @property
    def bare(self) -> str:
        """The text without punctuation."""
        return bare(self.text)

    @property
    def end(self) -> int:
        """The column after the last character."""
        return self.column + len(self.text)


def pieces(lines: Sequence[str]) -> list[list[TextPiece]]:
    """The pieces of every line."""
    found: list[list[TextPiece]] = []
    for number, line in enumerate(lines):
        matches = _PIECE.finditer(line)
        row: list[TextPiece] = []
        for match in matches:
            row.append(TextPiece(match.group(), number, match.start()))
        found.append(row)
    return found


def joined_text(some: Iterable[TextPiece]) -> str:
    """The text of some pieces without anything between them."""
    texts = [piece.text for piece in some]
    return "".join(texts)


def line_place(file: str, line: int) -> Place:
    """The place of a line, which is counted from 0."""
    name = f"第{line + 1}行"
    return Place(file, None, name)


@lru_cache(maxsize=2048)
def bare(text: str) -> str:
    """A text without blanks and punctuation."""
    return re.sub(r"\W+", "", squeeze(text))
