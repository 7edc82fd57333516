"""Rows of numbers in a text layer, and the names of lines that the pieces around them make up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import zip_longest

from attrs import evolve, frozen

from govdisclose.read.published.text.pieces import TextPiece
from govdisclose.read.tables.labels import label, spellings

_MOST_ON = 40
"""Pieces on the line of the numbers that may belong to its label."""
_MOST_RUNS = 400
"""Rows under one header that are given a name; the longest table has 25 rows."""
_WINDOW = 16
"""Pieces before and after a row of numbers that may belong to its label."""

Names = Mapping[str, str]
"""Spelling → name of a line."""


@frozen
class NumberRow:
    """Values that stand together, the pieces before them and on their line, and their name.

    ``used`` are the pieces that make up the name.
    """

    before: tuple[TextPiece, ...]
    on: tuple[TextPiece, ...]
    values: tuple[TextPiece, ...]
    name: str | None = None
    used: tuple[TextPiece, ...] = ()

    @property
    def is_stacked(self) -> bool:
        """Whether there is one value a line, as the text of a web page has them."""
        return not self.on and self.has_value_a_line

    @property
    def has_value_a_line(self) -> bool:
        """Whether no line has two of the values."""
        return len({value.line for value in self.values}) == len(self.values)

    @property
    def line(self) -> int:
        """The line of the first value."""
        return self.values[0].line


def number_rows(rows: Sequence[Sequence[TextPiece]], names: Names) -> list[NumberRow]:
    """The rows of numbers in these lines, each with its name if it has one."""
    return list(_with_names(_unnamed_rows(rows), names))


def _unnamed_rows(rows: Sequence[Sequence[TextPiece]]) -> list[NumberRow]:
    found: list[NumberRow] = []
    pending: tuple[TextPiece, ...] = ()
    goes_on = False
    for row in rows:
        labels = [index + 1 for index, piece in enumerate(row) if not piece.is_value]
        cut = max(labels, default=0)
        on, values = tuple(row[:cut]), tuple(row[cut:])
        is_single = not on and len(values) == 1
        if goes_on and is_single and found[-1].has_value_a_line:
            last = found.pop()
            found.append(evolve(last, values=last.values + values))
        elif values:
            found.append(NumberRow(pending, on, values))
            pending, goes_on = (), True
        elif on:
            pending += on
            goes_on = False
    return found


def _with_names(rows: Sequence[NumberRow], names: Names) -> Iterator[NumberRow]:
    """Name each row; pieces between two rows may belong to either."""
    taken: set[TextPiece] = set()
    for row, after in zip_longest(rows[:_MOST_RUNS], rows[1 : _MOST_RUNS + 1]):
        if row is None:
            break
        before = [piece for piece in row.before if piece not in taken][-_WINDOW:]
        if row.is_stacked:
            used = _pieces_above(before, names)
        else:
            used = _pieces_around(row, before, after, names)
        taken.update(used)
        yield evolve(row, name=_named(used, names), used=used)
    yield from rows[_MOST_RUNS:]


def _pieces_above(before: Sequence[TextPiece], names: Names) -> tuple[TextPiece, ...]:
    """The last pieces above a column of values that make up a name, as few as do."""
    for count in range(1, len(before) + 1):
        last = tuple(before[-count:])
        if _named(last, names):
            return last
    return ()


def _pieces_around(
    row: NumberRow, before: Sequence[TextPiece], after: NumberRow | None, names: Names
) -> tuple[TextPiece, ...]:
    """The pieces around a row that make up a name, if they make up only one."""
    behind = () if after is None else after.before[:_WINDOW]
    on = row.on[-_MOST_ON:]
    near = [piece for piece in (*before, *on, *behind) if piece.bare]
    needed = [row.on[-1]] if row.on else before
    fits = _choices(near, names, needed)
    meant = {_named(fit, names) for fit in fits}
    return max(fits, key=len) if len(meant) == 1 else ()


def _named(some: Sequence[TextPiece], names: Names) -> str | None:
    """The name that pieces make up."""
    if not some:
        return None
    for text in spellings("".join(piece.text for piece in some)):
        if text in names:
            return names[text]
    return None


@frozen
class _NameChoice:
    """Pieces chosen so far, and whether a needed one is among them."""

    pieces: tuple[TextPiece, ...] = ()
    has_needed: bool = False


def _choices(
    near: Sequence[TextPiece], names: Names, needed: Sequence[TextPiece]
) -> list[tuple[TextPiece, ...]]:
    """For every name that some of the pieces make up, in order, the choice of most pieces.

    The other pieces belong to groups beside the name. One of ``needed`` must be chosen. Choices
    that make the same text are one, so the work grows with pieces times beginnings of names.
    """
    beginnings = _beginnings(tuple(names))
    wanted = set(needed)
    choices: dict[tuple[str, bool], _NameChoice] = {("", False): _NameChoice()}
    fits: dict[str, tuple[TextPiece, ...]] = {}
    for piece in near:
        for choice in list(choices.values()):
            longer = _NameChoice((*choice.pieces, piece), choice.has_needed or piece in wanted)
            text = label("".join(chosen.text for chosen in longer.pieces))
            if not text or text not in beginnings:
                continue
            key = (text, longer.has_needed)
            if len(longer.pieces) > len(choices.get(key, _NameChoice()).pieces):
                choices[key] = longer
            name = _named(longer.pieces, names) if longer.has_needed else None
            if name is not None and len(longer.pieces) > len(fits.get(name, ())):
                fits[name] = longer.pieces
    return list(fits.values())


@cache
def _beginnings(names: tuple[str, ...]) -> frozenset[str]:
    """Every text that a name begins with."""
    found: set[str] = set()
    for name in names:
        found.update(name[:length] for length in range(1, len(name) + 1))
    return frozenset(found)
