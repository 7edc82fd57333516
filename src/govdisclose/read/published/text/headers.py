"""The headers of statutory tables in a text layer, where each cell may be broken over lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from attrs import define, evolve, field, frozen

from govdisclose.read.published.text.forms import TableForm, header_words, table_forms, table_keys
from govdisclose.read.published.text.pieces import TextPiece

_NEAR = 8
"""Columns by which the pieces of one centred header cell may be out of line."""
_MOST_STACKS = 40
"""Cells of a header; the widest statutory table has 15 columns in three groups."""
_TALLEST = 60
"""Lines of a header, one cell a line."""


@frozen
class TextHeader:
    """A complete header: its block, its first line and the line after its last."""

    form: TableForm
    first: int
    end: int


@frozen
class _Stack:
    """A header cell put together from its pieces."""

    text: str
    column: int


@define
class HeaderFinder:
    """Finds headers in the lines of a text; each line is looked at once."""

    rows: Sequence[list[TextPiece]]
    _known: dict[int, TextHeader | None] = field(factory=dict)

    def at(self, start: int) -> TextHeader | None:
        """The header that begins at line ``start``, of any table."""
        if start not in self._known:
            self._known[start] = self._find(start)
        return self._known[start]

    def _find(self, start: int) -> TextHeader | None:
        row = self.rows[start]
        if not row:
            return None
        for key in table_keys():
            if _begins_a_word(row[0].bare, header_words(key)):
                header = self._header_of(key, start)
                if header is not None:
                    return header
        return None

    def _header_of(self, key: str, start: int) -> TextHeader | None:
        """The header of one table, as far down as its pieces go."""
        words = header_words(key)
        stacks: list[_Stack] = []
        end = start
        below = self.rows[start : start + _TALLEST]
        for index, row in enumerate(below, start):
            taller = _with_line(row, stacks, words)
            if taller is None or len(stacks) > _MOST_STACKS:
                break
            stacks = taller
            if row:
                end = index + 1
        form = _form_of(key, stacks)
        if form is None:
            return None
        return TextHeader(form, start, end)


def _begins_a_word(text: str, words: frozenset[str]) -> bool:
    return any(word.startswith(text) for word in words)


def _with_line(
    row: Sequence[TextPiece], stacks: Sequence[_Stack], words: frozenset[str]
) -> list[_Stack] | None:
    """The header cells with the pieces of one more line; ``None`` when one belongs nowhere."""
    taller = list(stacks)
    ends: dict[int, int] = {}
    for piece in row:
        at = _stack_for(piece, taller, ends, words)
        if at is not None:
            cell = taller[at]
            text = cell.text + piece.bare
            taller[at] = evolve(cell, text=text)
        elif piece.bare and _begins_a_word(piece.bare, words):
            at = len(taller)
            taller.append(_Stack(piece.bare, piece.column))
        else:
            return None
        ends[at] = piece.end
    return taller


def _stack_for(
    piece: TextPiece, stacks: Sequence[_Stack], ends: dict[int, int], words: frozenset[str]
) -> int | None:
    """The header cell that a piece continues: the nearest one, the last of equals.

    ``ends`` has the end of the piece that a cell already has on the same line.
    """
    best: int | None = None
    nearest = _NEAR + 1
    for index, stack in enumerate(stacks):
        distance = abs(stack.column - piece.column)
        is_close = distance <= _NEAR
        if index in ends:
            is_close = piece.column - ends[index] == 1
        if not is_close:
            continue
        if not _begins_a_word(stack.text + piece.bare, words):
            continue
        if best is None or distance <= nearest:
            best = index
            nearest = distance
    return best


def _form_of(key: str, stacks: Sequence[_Stack]) -> TableForm | None:
    """The block whose columns the header names, each once and in the printed order."""
    words = header_words(key)
    if any(stack.text not in words for stack in stacks):
        return None
    for form in table_forms():
        if form.key != key:
            continue
        if _names_columns(stacks, form):
            return form
    return None


def _names_columns(stacks: Sequence[_Stack], form: TableForm) -> bool:
    """Whether a header names the columns of a block."""
    columns = form.column_names
    known = frozenset().union(*columns)
    leaves = [stack for stack in stacks if stack.text in known]
    if len(leaves) != len(columns):
        return False
    by_column = sorted(leaves, key=_column)
    orders = product((leaves, by_column), _orders(form))
    return any(_fits(order, wanted) for order, wanted in orders)


def _orders(form: TableForm) -> Iterator[list[frozenset[str]]]:
    """The orders in which columns may be named: as printed, and by the level of their cells.

    A header read line by line names 自然人 and 总计 before the columns under 法人或其他组织.
    """
    yield form.column_names
    depths = [len(column.labels) for column in form.block.columns]
    names = form.column_names
    indexes = range(len(names))
    by_depth = sorted(indexes, key=depths.__getitem__)
    yield [names[index] for index in by_depth]


def _fits(stacks: Sequence[_Stack], columns: Sequence[frozenset[str]]) -> bool:
    pairs = zip(stacks, columns, strict=True)
    return all(stack.text in names for stack, names in pairs)


def _column(stack: _Stack) -> int:
    return stack.column
