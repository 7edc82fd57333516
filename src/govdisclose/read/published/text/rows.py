"""Rows of numbers in a text layer, and the names of lines that the pieces around them make up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from attrs import evolve, frozen

from govdisclose.read.published.text.pieces import TextPiece, joined_text
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
        lines = {value.line for value in self.values}
        return len(lines) == len(self.values)

    @property
    def line(self) -> int:
        """The line of the first value."""
        return self.values[0].line


def number_rows(rows: Sequence[Sequence[TextPiece]], names: Names) -> list[NumberRow]:
    """The rows of numbers in these lines, each with its name if it has one."""
    unnamed = _unnamed_rows(rows)
    return list(_with_names(unnamed, names))


def _unnamed_rows(rows: Sequence[Sequence[TextPiece]]) -> list[NumberRow]:
    found: list[NumberRow] = []
    pending: tuple[TextPiece, ...] = ()
    goes_on = False
    for row in rows:
        cut = 0
        for index, piece in enumerate(row, 1):
            if not piece.is_value:
                cut = index
        on = tuple(row[:cut])
        values = tuple(row[cut:])
        is_single = not on and len(values) == 1
        if goes_on and is_single and found[-1].has_value_a_line:
            last = found.pop()
            both = last.values + values
            found.append(evolve(last, values=both))
        elif values:
            found.append(NumberRow(pending, on, values))
            pending = ()
            goes_on = True
        elif on:
            pending += on
            goes_on = False
    return found


def _with_names(rows: Sequence[NumberRow], names: Names) -> Iterator[NumberRow]:
    """Name each row; pieces between two rows may belong to either."""
    taken: set[TextPiece] = set()
    following = [*rows[1:], None]
    named = rows[:_MOST_RUNS]
    for row, after in zip(named, following, strict=False):
        free = [piece for piece in row.before if piece not in taken]
        before = free[-_WINDOW:]
        if row.is_stacked:
            used = _pieces_above(before, names)
        else:
            used = _pieces_around(row, before, after, names)
        taken.update(used)
        name = _named(used, names)
        yield evolve(row, name=name, used=used)
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
    behind: tuple[TextPiece, ...] = ()
    if after is not None:
        behind = after.before[:_WINDOW]
    on = row.on[-_MOST_ON:]
    around = (*before, *on, *behind)
    near = [piece for piece in around if piece.bare]
    needed = before
    if row.on:
        needed = [row.on[-1]]
    fits = _choices(near, names, needed)
    meant = {_named(fit, names) for fit in fits}
    if len(meant) == 1:
        return max(fits, key=len)
    return ()


def _named(some: Sequence[TextPiece], names: Names) -> str | None:
    """The name that pieces make up."""
    if not some:
        return None
    written = joined_text(some)
    for text in spellings(written):
        name = names.get(text)
        if name is not None:
            return name
    return None


@frozen
class _NameChoice:
    """Pieces chosen so far, and whether a needed one is among them."""

    pieces: tuple[TextPiece, ...] = ()
    has_needed: bool = False

    def with_piece(self, piece: TextPiece, *, is_needed: bool) -> _NameChoice:
        """The same choice with one more piece."""
        pieces = (*self.pieces, piece)
        has_needed = self.has_needed or is_needed
        return _NameChoice(pieces, has_needed)


def _choices(
    near: Sequence[TextPiece], names: Names, needed: Sequence[TextPiece]
) -> list[tuple[TextPiece, ...]]:
    """For every name that some of the pieces make up, in order, the choice of most pieces.

    The other pieces belong to groups beside the name. One of ``needed`` must be chosen. Choices
    that make the same text are one, so the work grows with pieces times beginnings of names.
    """
    beginnings = _beginnings(tuple(names))
    wanted = set(needed)
    nothing = _NameChoice()
    choices: dict[tuple[str, bool], _NameChoice] = {("", False): nothing}
    fits: dict[str, tuple[TextPiece, ...]] = {}
    for piece in near:
        is_needed = piece in wanted
        shorter = list(choices.values())
        for choice in shorter:
            longer = choice.with_piece(piece, is_needed=is_needed)
            written = joined_text(longer.pieces)
            text = label(written)
            if not text or text not in beginnings:
                continue
            key = (text, longer.has_needed)
            known = choices.get(key, nothing)
            if len(longer.pieces) > len(known.pieces):
                choices[key] = longer
            if not longer.has_needed:
                continue
            name = _named(longer.pieces, names)
            if name is None:
                continue
            fit = fits.get(name, ())
            if len(longer.pieces) > len(fit):
                fits[name] = longer.pieces
    return list(fits.values())


@cache
def _beginnings(names: tuple[str, ...]) -> frozenset[str]:
    """Every text that a name begins with."""
    found: set[str] = set()
    for name in names:
        for end, _ in enumerate(name, 1):
            beginning = name[:end]
            found.add(beginning)
    return frozenset(found)
