"""Lines of plain text → the grids of the statutory tables in them, by their labels.

A text layer has no cells: labels are broken over lines, a header comes in pieces, a blank cell is
simply not there. A header is taken when its pieces make up exactly the columns of one block of the
form; a row when its pieces make up the name of one line and it has as many values as columns.
Whatever else stands between the rows is a finding. In the grid a row's index is the line's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from attrs import define, field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.edition import EDITIONS
from govdisclose.form.outline import Block, outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import ITEM_HEADER
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.tables.labels import label, spellings, squeeze
from govdisclose.read.tables.numbers import PLACEHOLDERS
from govdisclose.rules.importing import I115

_VALUE = re.compile(r"[+\-增减]{0,2}\d[\d,]*(\.\d+)?(万?元|[件条份宗个项次起])?(\(.*)?")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}[、.．]")
_LONGEST = 50
"""Characters; no label of the form is as long, so a longer line is prose."""

_SHORTEST = 6
"""Characters; no section heading has fewer, the pieces of a label may."""

_NEAR = 8
"""Columns by which the pieces of one centred header cell may be out of line."""

_MOST_STACKS = 40
"""Cells of a header; the widest statutory table has 15 columns in three groups."""

_MOST_ON = 40
"""Pieces on the line of the numbers that may belong to its label."""

_MOST_RUNS = 400
"""Runs of numbers under one header that are given a name; the longest table has 25 rows."""

_WINDOW = 16
"""Pieces before and after a row of numbers that may belong to its label."""


@frozen
class Piece:
    """A run of characters without blanks: its line and column (zero-based)."""

    text: str
    line: int
    column: int

    @property
    def is_value(self) -> bool:
        """Whether it stands where a number is expected: a number, perhaps with a note, or a placeholder."""
        text = unicodedata.normalize("NFKC", self.text)
        return text in PLACEHOLDERS or _VALUE.fullmatch(text) is not None


def pieces(lines: Sequence[str]) -> list[list[Piece]]:
    """The pieces of every line."""
    return [
        [Piece(m.group(), i, m.start()) for m in re.finditer(r"\S+", line)]
        for i, line in enumerate(lines)
    ]


@frozen
class FoundTable:
    """A table and the lines it takes up, both ends included."""

    first: int
    last: int
    grid: Grid


@frozen
class _Form:
    """One kind of block: its table and columns, its lines (spelling → name), and the words that group them."""

    key: str
    block: Block
    lines: Mapping[str, str]
    groups: str


@cache
def _forms() -> tuple[_Form, ...]:
    """The blocks of both editions; those with the same columns are one."""
    found: dict[tuple[object, ...], list[Block]] = {}
    for edition in EDITIONS.values():
        for key, table in outline(edition).tables.items():
            for block in table.blocks:
                found.setdefault((key, *(c.names for c in block.columns)), []).append(block)
    return tuple(
        _Form(
            str(key),
            blocks[0],
            {
                label(name): label(line.names[0])
                for b in blocks
                for line in b.lines
                for name in line.names
            },
            "\n".join({_bare(name) for b in blocks for line in b.lines for name in line.labels}),
        )
        for (key, *_), blocks in found.items()
    )


@cache
def _header_words(key: str) -> frozenset[str]:
    """Everything that is printed in the header of a table, without punctuation."""
    words = {ITEM_HEADER, *(s.note for s in SECTIONS if s.key == key and s.note)}
    for form in _forms():
        if form.key == key:
            words |= {
                name
                for c in form.block.columns
                for names in (c.names, *c.parents)
                for name in names
            }
    blocks = {b.label for e in EDITIONS.values() for b in outline(e).tables[key].blocks if b.label}
    return frozenset(map(_bare, words | blocks))


@cache
def _bare(text: str) -> str:
    return re.sub(r"\W+", "", squeeze(text))


# --- headers ------------------------------------------------------------------------------------


@define
class _Stack:
    """One header cell being put together from its pieces."""

    text: str
    column: int


@frozen
class _Header:
    """A complete header: its block, its first line and the line after its last."""

    form: _Form
    first: int
    end: int


def _header(rows: Sequence[list[Piece]], start: int) -> _Header | None:
    """The header that begins at line ``start``, of any table."""
    if not rows[start]:
        return None
    for key in dict.fromkeys(form.key for form in _forms()):
        words = _header_words(key)
        if not any(word.startswith(_bare(rows[start][0].text)) for word in words):
            continue
        stacks: list[_Stack] = []
        end, flat = start, True
        for index in range(start, min(start + 60, len(rows))):
            if len(stacks) > _MOST_STACKS or not _stack_line(rows[index], stacks, words):
                break
            flat = flat and len(rows[index]) <= 1
            end = index + 1 if rows[index] else end
        form = _form_of(key, stacks)
        if form is not None:
            return _Header(form, start, end)
    return None


def _stack_line(row: list[Piece], stacks: list[_Stack], words: frozenset[str]) -> bool:
    """Put the pieces of one line where they belong; ``False`` (and nothing changed) when one belongs nowhere."""
    before = [(stack, stack.text) for stack in stacks]
    touched: dict[int, int] = {}
    for piece in row:
        text = _bare(piece.text)
        fits = [
            (abs(stack.column - piece.column), -i)
            for i, stack in enumerate(stacks)
            if (
                piece.column - touched[i] == 1
                if i in touched
                else abs(stack.column - piece.column) <= _NEAR
            )
            and _extends(stack.text + text, words)
        ]
        if fits:
            chosen = -min(fits)[1]
            stacks[chosen].text += text
        elif _extends(text, words):
            chosen = len(stacks)
            stacks.append(_Stack(text, piece.column))
        else:
            del stacks[len(before) :]
            for stack, was in before:
                stack.text = was
            return False
        touched[chosen] = piece.column + len(piece.text)
    return True


def _extends(text: str, words: frozenset[str]) -> bool:
    return bool(text) and any(word.startswith(text) for word in words)


def _form_of(key: str, stacks: Sequence[_Stack]) -> _Form | None:
    """The block whose columns the header names, each once and in the printed order."""
    if any(stack.text not in _header_words(key) for stack in stacks):
        return None
    for form in _forms():
        columns = form.block.columns
        names = [frozenset(map(_bare, c.names)) for c in columns]
        if form.key != key:
            continue
        leaves = [s for s in stacks if any(s.text in n for n in names)]
        # A header read line by line names 自然人 and 总计 before the columns under 法人或其他组织.
        by_level = [
            n
            for _, n in sorted(
                zip((len(c.labels) for c in columns), names, strict=True), key=_depth
            )
        ]
        orders = (leaves, sorted(leaves, key=lambda s: s.column))
        if len(leaves) == len(names) and any(
            all(s.text in n for s, n in zip(order, wanted, strict=True))
            for order in orders
            for wanted in (names, by_level)
        ):
            return form
    return None


def _depth(pair: tuple[int, frozenset[str]]) -> int:
    return pair[0]


# --- rows ---------------------------------------------------------------------------------------


@define
class _Run:
    """Values that stand together, the label pieces before them and on their line, and the label found."""

    before: list[Piece]
    on: list[Piece]
    values: list[Piece]
    name: str | None = None
    used: list[Piece] = field(factory=list)

    @property
    def is_stacked(self) -> bool:
        """One value a line, as a web page's text has them."""
        return not self.on and len({v.line for v in self.values}) == len(self.values)


def _runs(rows: Sequence[list[Piece]], start: int, end: int) -> list[_Run]:
    found: list[_Run] = []
    pending: list[Piece] = []
    open_run = False
    for row in rows[start:end]:
        cut = max((i + 1 for i, piece in enumerate(row) if not piece.is_value), default=0)
        on, values = row[:cut], row[cut:]
        if (
            open_run
            and not on
            and len(values) == 1
            and len(found[-1].values) == len(_lines(found[-1].values))
        ):
            found[-1].values += values
        elif values:
            found.append(_Run(pending, on, values))
            pending, open_run = [], True
        elif on:
            pending = pending + on
            open_run = False
    return found


def _lines(values: Sequence[Piece]) -> set[int]:
    return {value.line for value in values}


def _name_runs(runs: Sequence[_Run], names: Mapping[str, str]) -> None:
    """Find the name of each run; pieces between two runs may belong to either."""
    taken: set[Piece] = set()
    for run, after in zip(runs[:_MOST_RUNS], [*runs[1:], None], strict=False):
        before = [p for p in run.before if p not in taken][-_WINDOW:]
        if run.is_stacked:
            run.used = next(
                (before[-n:] for n in range(1, len(before) + 1) if _named(before[-n:], names)), []
            )
        else:
            behind = (after.before if after else [])[:_WINDOW]
            pieces_near = [
                piece for piece in (*before, *run.on[-_MOST_ON:], *behind) if _bare(piece.text)
            ]
            fits = _assemble(pieces_near, names, needed=[run.on[-1]] if run.on else before)
            if len({_named(fit, names) for fit in fits}) == 1:
                longest = max(fits, key=_count)
                run.used = list(longest)
        run.name = _named(run.used, names)
        taken.update(run.used)


def _named(some: Sequence[Piece], names: Mapping[str, str]) -> str | None:
    meant = spellings("".join(p.text for p in some)) if some else ()
    return next((names[text] for text in meant if text in names), None)


def _count(some: tuple[Piece, ...]) -> int:
    return len(some)


@frozen
class _Choice:
    """Pieces chosen so far, and whether a needed one is among them."""

    pieces: tuple[Piece, ...]
    has_needed: bool


def _assemble(
    rest: Sequence[Piece], names: Mapping[str, str], needed: Sequence[Piece]
) -> list[tuple[Piece, ...]]:
    """For every name that some of the pieces make up, in order, the choice of most pieces.

    The others belong to groups beside it. One of ``needed`` has to be chosen. What counts of a choice
    is the text it makes, so that the work grows with pieces times beginnings of names.
    """
    beginnings = _beginnings(tuple(names))
    wanted = set(needed)
    choices: dict[tuple[str, bool], _Choice] = {("", False): _Choice((), False)}
    fits: dict[str, tuple[Piece, ...]] = {}
    for piece in rest:
        for choice in list(choices.values()):
            some = (*choice.pieces, piece)
            text = label("".join(p.text for p in some))
            if not text or text not in beginnings:
                continue
            has_needed = choice.has_needed or piece in wanted
            key = (text, has_needed)
            if key not in choices or len(choices[key].pieces) < len(some):
                choices[key] = _Choice(some, has_needed)
            name = _named(some, names) if has_needed else None
            if name is not None and len(fits.get(name, ())) < len(some):
                fits[name] = some
    return list(fits.values())


@cache
def _beginnings(names: tuple[str, ...]) -> frozenset[str]:
    """Every text that a name begins with."""
    return frozenset(name[:length] for name in names for length in range(1, len(name) + 1))


# --- tables -------------------------------------------------------------------------------------


@define
class _Table:
    """One table being put together; ``places`` has the line of each cell."""

    key: str
    first: int
    last: int
    rows: list[list[Raw]]
    places: dict[tuple[int, int], int] = field(factory=dict)


def find_tables(lines: Sequence[str], file: str, findings: list[Finding]) -> list[FoundTable]:
    """The statutory tables in a text; rows that cannot be read for certain are findings."""
    rows = pieces(lines)
    tables: list[_Table] = []
    index = 0
    headers: dict[int, _Header | None] = {}
    while index < len(rows):
        header = _header_at(rows, index, headers)
        if header is None:
            index += 1
            continue
        end = _end(rows, header, headers)
        runs = _runs(rows, header.end, end)
        _name_runs(runs, header.form.lines)
        last = max(
            (n for n, run in enumerate(runs, 1) if run.name or (not header.form.lines and n == 1)),
            default=0,
        )
        while last and last < len(runs) and not runs[last].before and not runs[last].on:
            last += 1  # numbers that follow at once are not prose: a finding
        runs = runs[:last]
        if not runs:
            index = header.end
            continue
        if not tables or tables[-1].key != header.form.key:
            tables.append(_Table(header.form.key, header.first, header.end, [[] for _ in rows]))
        else:
            findings.extend(
                _between(rows[tables[-1].last + 1 : header.first], header.form.key, file)
            )
        _fill(tables[-1], header, runs, file, findings)
        index = tables[-1].last + 1
    return [_finished(table, number, file) for number, table in enumerate(tables, 1)]


def _header_at(
    rows: Sequence[list[Piece]], start: int, known: dict[int, _Header | None]
) -> _Header | None:
    """As ``_header``, but each line is looked at once."""
    if start not in known:
        known[start] = _header(rows, start)
    return known[start]


def _end(rows: Sequence[list[Piece]], header: _Header, known: dict[int, _Header | None]) -> int:
    """The line where the rows under ``header`` stop: the next header, a section heading, or prose."""
    for index in range(header.end, len(rows)):
        if _is_outside(rows[index], header.form) or _header_at(rows, index, known) is not None:
            return index
    return len(rows)


def _is_outside(row: Sequence[Piece], form: _Form) -> bool:
    """Whether a line is prose or a section heading, not part of a table's rows."""
    words = [piece.text for piece in row if not piece.is_value]
    text = "".join(words)
    if len(text) > _LONGEST and not row[-1].is_value:
        return True
    if len(text) < _SHORTEST or not _HEADING.match(text) or row[-1].is_value:
        return False
    starts = [start for start in (words[0], text) if len(_bare(start)) > 1]
    return not any(
        _bare(s) in form.groups or any(n.startswith(label(s) or "\0") for n in form.lines)
        for s in starts
    )


def _fill(
    table: _Table, header: _Header, runs: Sequence[_Run], file: str, findings: list[Finding]
) -> None:
    columns = header.form.block.columns
    depth = max(len(column.labels) for column in columns)
    top = runs[0].values[0].line
    for level in range(depth):
        table.rows[top - depth + level] = [
            None,
            *(c.labels[level] if level < len(c.labels) else None for c in columns),
        ]
    used = {piece for run in runs for piece in run.used}
    for run in runs:
        where = run.values[0].line
        place = Place(file, None, f"第{where + 1}行")
        shown = "".join(p.text for p in run.used or run.on)[:40] or "没有名称"
        if not run.name if header.form.lines else run is not runs[0]:
            said = f"“{shown}”不是法定表格的行，这一行的 {len(run.values)} 个数没有收入"
            left = "\n".join(piece.text for piece in (*run.before, *run.on))
            findings.append(I115.finding(said, place, found=left or None))
        elif len(run.values) != len(columns):
            said = (
                f"“{shown}”一行应有 {len(columns)} 个数，实有 {len(run.values)} 个，这一行没有收入"
            )
            findings.append(I115.finding(said, place, expected=len(columns), found=len(run.values)))
        else:
            table.rows[where] = [shown if run.used else None, *(value.text for value in run.values)]
            table.places |= {(where, c): value.line for c, value in enumerate(run.values, 1)}
        for piece in run.before:
            known = _bare(piece.text) in header.form.groups or (
                not run.name and _is_printed(piece, header.form.key)
            )
            if piece not in used and (run.name or run is runs[0]) and not known:
                findings.append(
                    I115.finding(
                        f"表格中的“{piece.text[:40]}”没有收入",
                        Place(file, None, f"第{piece.line + 1}行"),
                    )
                )
    table.last = max(p.line for run in runs for p in (*run.values, *run.used))


def _between(rows: Sequence[list[Piece]], key: str, file: str) -> Iterator[Finding]:
    """What stands between two parts of a table and is no label of it: it would be taken for a part of the table."""
    for row in rows:
        for piece in row:
            if not piece.is_value and not _is_printed(piece, key):
                place = Place(file, None, f"第{piece.line + 1}行")
                yield I115.finding(f"表格中的“{piece.text[:40]}”没有收入", place, found=piece.text)


def _is_printed(piece: Piece, key: str) -> bool:
    """Whether a piece is part of what a table prints above its figures."""
    text = _bare(piece.text)
    return not text or any(text in word for word in _header_words(key))


def _finished(table: _Table, number: int, file: str) -> FoundTable:
    places = table.places

    def cell_name(row: int, column: int) -> str:
        return f"第{places.get((row, column), row) + 1}行"

    return FoundTable(
        table.first, table.last, Grid(file, f"第{number}个表格", table.rows, (), cell_name)
    )
