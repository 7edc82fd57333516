"""A sheet of paragraphs → the paragraphs of one section, each with its place.

Every other text in the sheet is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from govdisclose.finding import Finding, Place, quoted
from govdisclose.form.report import SECTIONS, Paragraph
from govdisclose.form.sheets import (
    CONTINUED,
    LAST_YEAR_SHEET,
    PARAGRAPH_COLUMNS,
    PARAGRAPH_LEVELS,
    PREFACE_SHEET,
    PREVIEW_COLUMN,
    SHEET_ORDER,
)
from govdisclose.read.grid import Grid, Position, Raw
from govdisclose.read.tables.labels import LONGEST, is_bare_label, label, squeeze
from govdisclose.read.texts import clean, level_as_written, paragraph_level
from govdisclose.read.workbook.appearance import Appearance
from govdisclose.read.workbook.cell_texts import text_of, unreadable_sentence
from govdisclose.read.workbook.display import Display
from govdisclose.read.workbook.hidden import visible
from govdisclose.read.workbook.misplaced_prose import above, misplaced, previewed
from govdisclose.rules.structure import S102, S112, S121, S122

_COPY = re.compile(r"(?<!\s)\s*[(（]\d+[)）]\s*$")
"""What a spreadsheet adds to the name of a copied sheet."""
_BREAK = re.compile("[\n\u2028\u2029\x85]")
_EDGES = " \t\u3000\xa0"
_HEADER_ROWS = 10
"""The header of a sheet is in one of its first rows."""

_OUR_SHEETS = frozenset(map(label, (*SHEET_ORDER, LAST_YEAR_SHEET)))
"""The names of the sheets of our own workbook."""

_LEVEL_LABEL, _TEXT_LABEL = map(label, PARAGRAPH_COLUMNS)
_TEXT_LABELS = (_TEXT_LABEL, *map(label, ("内容", "文字", "段落")))
_PREVIEW_LABEL = label(PREVIEW_COLUMN)
_HEADER_LABELS = frozenset((_LEVEL_LABEL, *_TEXT_LABELS, _PREVIEW_LABEL))


# --- which sheet --------------------------------------------------------------------------------


class SectionSheet(NamedTuple):
    """The sheet of one section, the names of all sheets that could be it, and findings about them."""

    grid: Grid | None
    names: frozenset[str]
    findings: list[Finding]


def find_section_sheet(
    grids: Sequence[Grid], key: str, sheet: str, display: Display
) -> SectionSheet:
    """The sheet of a section: by its name, or else by the heading in its name or first rows.

    Besides a sheet with the name, one with the heading and paragraphs of its own could be meant,
    too.
    """
    heading = heading_of(key)
    wanted = frozenset(map(label, (sheet, heading)))
    candidates = _candidates(grids, wanted)
    names = frozenset([grid.name for grid in candidates])
    seen, findings = visible(candidates, heading, display.hidden_sheets)
    if not seen:
        return SectionSheet(None, names, findings)
    first = seen[0]
    if len(seen) > 1:
        listed = quoted([grid.name for grid in seen])
        said = f"{listed} 都是“{heading}”的工作表，不知以哪一张为准"
        place = Place(first.file)
        finding = S102.finding(said, place, path=key)
        findings.append(finding)
    return SectionSheet(first, names, findings)


def _candidates(grids: Sequence[Grid], wanted: frozenset[str]) -> list[Grid]:
    """The sheets that could be one of a section with the ``wanted`` names, those named so first."""
    named: list[Grid] = []
    others: list[Grid] = []
    for grid in grids:
        if _sheet_label(grid.name) in wanted:
            named.append(grid)
        else:
            others.append(grid)
    if not named:
        return [grid for grid in others if _is_headed(grid, wanted)]
    for grid in others:
        is_ours = _sheet_label(grid.name) in _OUR_SHEETS
        if not is_ours and _is_headed(grid, wanted) and _has_paragraphs(grid):
            named.append(grid)
    return named


def _is_headed(grid: Grid, wanted: frozenset[str]) -> bool:
    """Whether a wanted heading is in the first rows of a sheet."""
    return not wanted.isdisjoint(_top_labels(grid))


def _has_paragraphs(grid: Grid) -> bool:
    """Whether a sheet has our columns 层级 and 正文, and any text in the second."""
    columns = _columns(grid)
    if columns.level is None:
        return False
    for row in range(columns.start, len(grid.rows)):
        raw = grid.raw(row, columns.text)
        if text_of(raw).strip():
            return True
    return False


@lru_cache(maxsize=256)
def _sheet_label(name: str) -> str:
    """The name of a sheet as a label; copies have the name of their original."""
    return label(_COPY.sub("", name))


def heading_of(key: str) -> str:
    """The heading of a section of paragraphs; of the preface, which has none, the sheet's name."""
    for section in SECTIONS:
        if section.key == key:
            return section.heading
    return PREFACE_SHEET


def _top_labels(grid: Grid) -> list[str]:
    found = []
    for line in grid.rows[:3]:
        for raw in line[:3]:
            if isinstance(raw, str):
                found.append(label(raw))
    return found


# --- the columns --------------------------------------------------------------------------------


class _ProseColumns(NamedTuple):
    """The columns of a sheet of paragraphs.

    ``header`` is the row of column names, ``None`` without one.
    """

    text: int
    level: int | None = None
    preview: int | None = None
    header: int | None = None

    @property
    def start(self) -> int:
        """The first row of paragraphs."""
        if self.header is None:
            return 1
        return self.header + 1

    @property
    def named(self) -> frozenset[int]:
        """All of the columns."""
        columns = {self.text}
        for column in (self.level, self.preview):
            if column is not None:
                columns.add(column)
        return frozenset(columns)


def _columns(grid: Grid) -> _ProseColumns:
    """The columns of text, levels and previews, by their header in the first rows."""
    for row, line in enumerate(grid.rows[:_HEADER_ROWS]):
        names = [label(raw) if isinstance(raw, str) else "" for raw in line]
        text = _text_column(names)
        if text is not None:
            return _ProseColumns(
                text=text,
                level=_index(names, _LEVEL_LABEL),
                preview=_index(names, _PREVIEW_LABEL),
                header=row,
            )
    for line in grid.rows[1:]:
        for column, raw in enumerate(line):
            if raw is not None:
                return _ProseColumns(column)
    return _ProseColumns(0)


def _text_column(names: list[str]) -> int | None:
    """The column of texts, if a row is a header.

    正文 is also the word for a level, so it is a header only behind 层级 or without any text beside it.
    """
    for column, name in enumerate(names):
        if name not in _TEXT_LABELS:
            continue
        if _LEVEL_LABEL in names[:column]:
            return column
        following = column + 1
        beside = set(names[following:])
        has_text_beside = not beside <= {"", _PREVIEW_LABEL}
        return None if has_text_beside else column
    return None


def _index(names: Sequence[str], name: str) -> int | None:
    if name in names:
        return names.index(name)
    return None


# --- the paragraphs -----------------------------------------------------------------------------


class ProseSection(NamedTuple):
    """The paragraphs of a section with the place of each, and the findings about its sheet."""

    paragraphs: tuple[Paragraph, ...]
    places: dict[str, Place]
    findings: list[Finding]


class _ParagraphBlock(NamedTuple):
    """A paragraph in the making: its lines, its level, and where it begins."""

    lines: list[str]
    level: int
    place: Place


def read_section(grid: Grid, key: str, sheet: str, display: Display) -> ProseSection:
    """The paragraphs of a section, whose sheet has the statutory name ``sheet``."""
    columns = _columns(grid)
    start = columns.start
    end = len(grid.rows)
    findings: list[Finding] = []
    first = columns.header
    if first is None:
        first = start
        said = "没有“正文”列标题，逐行读取"
        finding = S121.finding(said, grid.whole, path=key)
        findings.append(finding)
    titles = (heading_of(key), sheet)
    notes_above = above(grid, key, titles, first)
    findings.extend(notes_above)
    text_cells = [(row, columns.text) for row in range(start, end)]
    drawn = display.look(grid.name, text_cells)
    reader = _ParagraphReader(grid, key, columns, drawn)
    for row in range(first, end):
        reader.take(row)
    findings.extend(reader.findings)
    if columns.preview is not None:
        typed = previewed(grid, key, columns.preview, start, reader.texts)
        findings.extend(typed)
    first_place = grid.place(start, columns.text)
    return _section(key, reader.blocks, first_place, findings)


def _section(
    key: str, blocks: Sequence[_ParagraphBlock], first_place: Place, findings: list[Finding]
) -> ProseSection:
    """A section of these paragraphs; without any, ``first_place`` is that of its first one."""
    first_path = f"{key}.0"
    places = {first_path: first_place}
    paragraphs: list[Paragraph] = []
    for index, block in enumerate(blocks):
        path = f"{key}.{index}"
        places[path] = block.place
        text = "\n".join(block.lines)
        paragraph = Paragraph(text, block.level)
        paragraphs.append(paragraph)
    return ProseSection(tuple(paragraphs), places, findings)


class _ParagraphReader:
    """Takes the rows of a sheet of paragraphs, one after another.

    ``texts`` are the texts of the cells as they are there; ``opened`` is a row with a level and no
    text, which may be the first, empty line of a paragraph.
    """

    def __init__(
        self, grid: Grid, key: str, columns: _ProseColumns, drawn: Mapping[Position, Appearance]
    ) -> None:
        self.grid = grid
        self.key = key
        self.columns = columns
        self.drawn = drawn
        self.own = columns.named
        self.blocks: list[_ParagraphBlock] = []
        self.texts: list[str] = []
        self.findings: list[Finding] = []
        self.opened: _ParagraphBlock | None = None

    def take(self, row: int) -> None:
        """One row, the header included: other columns than those of the header may hold texts."""
        line = self.grid.rows[row]
        filled = len(line) - line.count(None)
        if not filled or self._take_plain(row, line, filled):
            return
        is_header = row == self.columns.header
        own = [column for column in self.own if line[column] is not None]
        if is_header or len(own) < filled:
            self.findings.extend(self._elsewhere(row))
        if not is_header:
            self._take_text(row)

    def _take_text(self, row: int) -> None:
        """The text of a row: it begins a paragraph, or goes on with the last one."""
        text, whole = self._text(row)
        word = self._level_word(row)
        can_go_on = bool(self.blocks) or self.opened is not None
        if can_go_on and word and squeeze(word) == CONTINUED:
            self._continue(text, whole)
        else:
            self._begin(row, word, text, whole)

    def _take_plain(self, row: int, line: list[Raw], filled: int) -> bool:
        """Take a row that is one more paragraph and nothing else, as nearly every row is."""
        if len(self.blocks) < 2 or self.opened is not None or self.drawn:
            return False
        text = line[self.columns.text]
        if not isinstance(text, str) or not text.isprintable() or not text.strip():
            return False
        word = None
        expected = 1
        if self.columns.level is not None and line[self.columns.level] is not None:
            word = line[self.columns.level]
            expected = 2
        level = level_as_written(word, text)
        if filled != expected or level is None:
            return False
        place = self.grid.place(row, self.columns.text)
        self.blocks.append(_ParagraphBlock([text], level, place))
        self.texts.append(text)
        return True

    def _elsewhere(self, row: int) -> Iterator[Finding]:
        """Texts of a row in other columns than those of the header, and notes in the header."""
        is_header = row == self.columns.header
        for column, raw in enumerate(self.grid.rows[row]):
            if raw is None:
                continue
            text = text_of(raw)
            if not text.strip():
                continue
            is_expected = column in self.own
            if is_expected and is_header:
                is_expected = is_bare_label(text, _HEADER_LABELS)
            if not is_expected:
                yield misplaced(self.grid, row, column, text, self.key)

    def _text(self, row: int) -> tuple[str, str]:
        """The text of a row as it is printed, and as it is in the cell."""
        column = self.columns.text
        stored = self.grid.raw(row, column)
        if isinstance(stored, str) and stored.isprintable() and not self.drawn:
            return stored, stored  # nearly every paragraph
        place = self.grid.place(row, column)
        path = self._next_path()
        raw = stored
        at = (row, column)
        look = self.drawn.get(at)
        if look is not None:
            from govdisclose.read.workbook.seen import TextSpot, seen_text  # few workbooks need it

            spot = TextSpot(place, path)
            seen = seen_text(stored, look, spot)
            self.findings.extend(seen.findings)
            raw = seen.raw
        text = ""
        unreadable = unreadable_sentence(raw, place, path)
        if unreadable is not None:
            self.findings.append(unreadable)
        else:
            cleaned = clean(text_of(raw), place, path)
            self.findings.extend(cleaned.findings)
            text = cleaned.text
        if raw is stored:
            return text, text
        return text, text_of(stored)

    def _level_word(self, row: int) -> str:
        if self.columns.level is None:
            return ""
        raw = self.grid.raw(row, self.columns.level)
        return text_of(raw).strip()

    def _next_path(self) -> str:
        index = len(self.blocks)
        return f"{self.key}.{index}"

    def _continue(self, text: str, whole: str) -> None:
        """Add a line to the last paragraph."""
        if self.opened is not None:
            self.blocks.append(self.opened)
            self.opened = None
        last = self.blocks[-1]
        lines = text.split("\n")
        last.lines.extend(lines)
        self.texts.append(whole)

    def _begin(self, row: int, word: str, text: str, whole: str) -> None:
        """Begin a paragraph, or several if a text was pasted with its line breaks."""
        self.opened = None
        place = self.grid.place(row, self.columns.text)
        level = paragraph_level(word, text)
        block = _ParagraphBlock([text], level or 0, place)
        if not text.strip():
            if word:
                self._begin_without_text(row, word, level, block)
            return
        if level is None:
            unknown = self._unknown_level(row, word)
            self.findings.append(unknown)
        self.texts.append(whole)
        if len(self.blocks) > 1 and text.isprintable():  # nearly every paragraph
            self.blocks.append(block)
            return
        pieces = list(_pasted(text, block.level, place))
        self._begin_several(pieces, place)

    def _begin_several(self, pieces: list[_ParagraphBlock], place: Place) -> None:
        """Begin the paragraphs of a cell, without the heading of the section before them."""
        # The report prints the heading of the section anyway.
        if self._is_heading_alone(self.blocks):
            self.blocks.clear()
        elif not self.blocks and self._begin_with_the_heading(pieces):
            pieces = pieces[1:]
        if len(pieces) > 1:
            several = self._several(len(pieces), place)
            self.findings.append(several)
        self.blocks.extend(pieces)

    def _begin_without_text(
        self, row: int, word: str, level: int | None, block: _ParagraphBlock
    ) -> None:
        """Begin a paragraph whose text is blank. A word that names no level is misplaced text."""
        if level is None:
            column = self.columns.level or 0
            finding = misplaced(self.grid, row, column, word, self.key)
            self.findings.append(finding)
        else:
            self.opened = block

    def _begin_with_the_heading(self, pieces: Sequence[_ParagraphBlock]) -> bool:
        """Whether several pasted paragraphs begin with the heading of the section."""
        if len(pieces) < 2:
            return False
        first = pieces[:1]
        return self._is_heading_alone(first)

    def _is_heading_alone(self, blocks: Sequence[_ParagraphBlock]) -> bool:
        """Whether ``blocks`` are one line, the heading of the section."""
        if len(blocks) != 1:
            return False
        lines = blocks[0].lines
        if len(lines) != 1:
            return False
        only_line = lines[0].strip()
        if len(only_line) > LONGEST:
            return False
        heading = heading_of(self.key)
        return squeeze(lines[0]) == squeeze(heading)

    def _unknown_level(self, row: int, word: str) -> Finding:
        known = "、".join(PARAGRAPH_LEVELS.values())
        said = f"层级“{word}”无法识别，应为{known}之一"
        place = self.grid.place(row, self.columns.level)
        return S112.finding(said, place, path=self._next_path(), found=word)

    def _several(self, count: int, place: Place) -> Finding:
        first = len(self.blocks)
        numbers = range(first + 1, first + count)
        others = [f"{self.key}.{number}" for number in numbers]
        said = f"一格里用换行写了几段，已分成 {count} 段"
        path = self._next_path()
        return S122.finding(said, place, path=path, found=count, others=others)


def _pasted(text: str, level: int, place: Place) -> Iterator[_ParagraphBlock]:
    """The paragraphs of one cell: a line break ends one, as it does in pasted text."""
    if text.isprintable():  # no line break is
        yield _ParagraphBlock([text], level, place)
        return
    lines: list[str] = []
    for line in _BREAK.split(text):
        if line.strip():
            lines.append(line)
    if len(lines) == 1:
        only_line = _BREAK.sub("", text)
        yield _ParagraphBlock([only_line], level, place)
        return
    first, *others = lines
    first_text = first.strip(_EDGES)
    yield _ParagraphBlock([first_text], level, place)
    for line in others:
        stripped = line.strip(_EDGES)
        own_level = paragraph_level("", stripped) or 0
        yield _ParagraphBlock([stripped], own_level, place)
