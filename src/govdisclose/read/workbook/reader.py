"""A workbook → a reading: opened, its sheets read, its texts and tables found, the rest reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve

from govdisclose.finding import Finding, Place
from govdisclose.form.edition import EDITIONS, Edition, edition_for, newest_edition
from govdisclose.form.reading import Reading
from govdisclose.form.sheets import GUIDE_SHEET, LAST_YEAR_SHEET, NEVER_READ, PROSE_SHEETS
from govdisclose.read.assemble import assemble
from govdisclose.read.grid import Grid, a1
from govdisclose.read.source import InputFile, Readable, input_file
from govdisclose.read.tables.match_cache import MatchCache
from govdisclose.read.tables.values import Tables, read_tables
from govdisclose.read.workbook.display import Answers, Display
from govdisclose.read.workbook.figure_view import FigureView
from govdisclose.read.workbook.hidden import hidden_findings
from govdisclose.read.workbook.leftovers import Taken, leftovers
from govdisclose.read.workbook.opening import Book, load
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.prose import SheetTexts, read_prose
from govdisclose.read.workbook.sheets import grids_of, strings_of, styles_of
from govdisclose.read.workbook.strings import SharedStrings
from govdisclose.read.workbook.styles import Styles
from govdisclose.rules.structure import S102, S115, S124, S125

if TYPE_CHECKING:
    from govdisclose.read.memory import Memory
    from govdisclose.read.workbook.frames import FrameMemory

_PROSE = frozenset(PROSE_SHEETS.values())
_NO_FIGURES = NEVER_READ | _PROSE | {GUIDE_SHEET, LAST_YEAR_SHEET}
"""Sheets that hold neither figures nor agency data."""


def read_workbook(source: Readable | InputFile, memory: Memory | None = None) -> Reading:
    """Read a workbook of either edition; ``memory`` makes the next ones faster.

    Raises ``InputError`` if the source cannot be read as a workbook. Whatever is wrong with its
    content is a finding of the reading.
    """
    file = input_file(source)
    book = _opened(file, memory)
    return read_loaded(book, file.path, memory)


def _opened(file: InputFile, memory: Memory | None) -> Book:
    if memory is None:
        return load(file)
    return load(file, memory.parts)


def read_loaded(book: Book, path: Path, memory: Memory | None = None) -> Reading:
    """As ``read_workbook``, of a workbook that is open already; ``path`` names it."""
    strings = strings_of(book.parts, path.name)
    return _read(book, strings, path, memory, prose=True)


def read_workbook_figures(source: Readable | InputFile, memory: Memory | None = None) -> Reading:
    """As ``read_workbook``, but without the sheets of paragraphs: for sums over many workbooks.

    The paragraphs are read if a look at their bytes does not show that each section is written. A
    consolidated workbook is a sum whose text is yet to be written.
    """
    from govdisclose.read.workbook.prose_presence import is_consolidated, is_written

    file = input_file(source)
    book = _opened(file, memory)
    strings = strings_of(book.parts, file.name)
    may_skip = is_written(book.parts, strings) or is_consolidated(book.parts)
    return _read(book, strings, file.path, memory, prose=not may_skip)


def _read(
    book: Book, strings: SharedStrings, path: Path, memory: Memory | None, *, prose: bool
) -> Reading:
    known_styles = None
    frames = None
    layouts = None
    if memory is not None:
        known_styles = memory.styles
        frames = memory.frames
        layouts = memory.layouts
    styles = styles_of(book.parts, path.name, known_styles)
    without = NEVER_READ if prose else _NO_FIGURES
    sheets = _Sheets(book.parts, strings, styles, path.name, frames)
    grids = _grids(sheets, without, memory)
    known = _known_answers(grids, layouts)
    display = Display(book.parts, styles, path.name, known, plain_strings=strings.plain)
    return _reading(grids, book, display, path, memory, prose=prose)


class _Sheets(NamedTuple):
    """The sheets of a workbook before they are read, with what their cells refer to."""

    parts: BookParts
    strings: SharedStrings
    styles: Styles
    file: str
    frames: FrameMemory | None

    def grids(self, without: frozenset[str]) -> list[Grid]:
        """All sheets except those named in ``without``, read by the parser."""
        return grids_of(self.parts, self.strings, self.styles, self.file, without, self.frames)


def _grids(sheets: _Sheets, without: frozenset[str], memory: Memory | None) -> list[Grid]:
    """The sheets of a workbook except those named in ``without``; known ones without a parser."""
    if memory is None:
        return sheets.grids(without)
    parts = sheets.parts
    strings = sheets.strings
    not_recalled = without | _PROSE
    known = memory.sheets.recall(parts, strings, sheets.file, not_recalled)
    names = {grid.name for grid in known.grids}
    others = sheets.grids(without | names)
    # No two workbooks have the same paragraphs: learning their sheets costs more than it saves.
    new = [grid for grid in others if grid.name not in _PROSE and not grid.far]
    if new:
        memory.sheets.learn(parts, strings, new)
    return known.beside(others)


# --- grids → a reading --------------------------------------------------------------------------


def _reading(
    grids: list[Grid],
    book: Book,
    display: Display,
    path: Path,
    memory: Memory | None,
    *,
    prose: bool,
) -> Reading:
    file = path.name
    layouts = None
    if memory is not None:
        layouts = memory.layouts
    texts = read_prose(grids, file, display, prose=prose, layouts=layouts)
    year = texts.attributes.get("year")
    likely = _likely_edition(texts.edition_name, year)
    view = FigureView(display)
    tables = read_tables(grids, likely, file, view=view, cache=layouts)
    matches = tables.places.matches
    texts.findings.extend(_far_cells(grids))
    if display.has_broken_styles:
        said = "工作簿的样式已损坏，看到的数可能与读到的不同"
        texts.findings.append(S125.finding(said, Place(file)))
    texts.findings.extend(hidden_findings(display, matches, texts.places, grids))
    reading = assemble(path, texts, tables, likely)
    name = reading.report.agency.name
    words: tuple[str, ...] = ()
    if name and reading.report.year:
        words = (name, str(reading.report.year))
    reported = _reported_sheets(grids, texts, tables)
    taken = Taken(matches, texts.cells, reported, words, layouts)
    left = leftovers(grids, tables.edition or likely, taken)
    drawn = _drawn(book.parts, file)
    formulas = partial(_formula_cells, book.data, reading.report.edition, reading.places)
    foreign = False
    if tables.edition is None:
        from govdisclose.read.workbook.foreign import is_no_report  # few workbooks have no table

        foreign = is_no_report(grids, book.parts, path, reading.report)
    return evolve(
        reading,
        findings=(*reading.findings, *left, *drawn),
        without_prose=not prose,
        formulas=formulas,
        is_no_report=foreign,
    )


def _drawn(parts: BookParts, file: str) -> Iterator[Finding]:
    """The findings about text boxes, pictures and charts over the cells."""
    names = [name.lower() for name in parts.package.parts]
    if any("drawing" in name for name in names):
        from govdisclose.read.workbook.drawings import drawing_findings  # few workbooks have any

        yield from drawing_findings(parts, file)


def _known_answers(grids: Sequence[Grid], layouts: MatchCache | None) -> dict[str, Answers]:
    """What is known of the look of the sheets, by their names."""
    found: dict[str, Answers] = {}
    if layouts is None:
        return found
    for grid in grids:
        if grid.shell is not None:
            found[grid.name] = layouts.answers_for_shell(grid)
    return found


def _formula_cells(
    data: bytes, edition: Edition, places: Mapping[str, Place]
) -> Mapping[str, tuple[str, ...]]:
    """Path of each statutory cell with a formula; most workbooks are never asked for them."""
    from govdisclose.read.workbook.formula_cells import formula_cells

    return formula_cells(data, edition, places)


def _likely_edition(name: str | None, year: int | None) -> Edition:
    if name in EDITIONS:
        return EDITIONS[name]
    return edition_for(year) if year else newest_edition()


_SHOWN = 10
"""How many far cells a finding names."""


def _far_cells(grids: Sequence[Grid]) -> Iterator[Finding]:
    """S124 for each sheet with cells that were not read."""
    for grid in grids:
        if not grid.far:
            continue
        named = [a1(*at) for at in grid.far[:_SHOWN]]
        listed = "、".join(named)
        count = len(grid.far)
        if count > _SHOWN:
            listed += f" 等 {count} 个单元格"
        said = f"{listed}有内容，离其他内容太远，没有读取"
        first = grid.place(*grid.far[0])
        yield S124.finding(said, first)


def _reported_sheets(grids: Sequence[Grid], texts: SheetTexts, tables: Tables) -> set[str]:
    """The sheets that are not searched for leftovers: a finding is about the whole sheet already.

    Sheets of paragraphs have findings of their own for each text that is not read.
    """
    reported = set(texts.sheets)
    doubled = [finding.text for finding in tables.findings if finding.code == S102.code]
    named = " ".join(doubled)
    for grid in grids:
        if f"“{grid.name}”" in named:
            reported.add(grid.name)
    for finding in (*texts.findings, *tables.findings):
        if finding.code != S115.code:
            continue
        place = finding.place
        if place.sheet is None:
            continue
        if place.cell is None:
            reported.add(place.sheet)
    for match in tables.places.matches:
        reported.discard(match.grid.name)
    return reported
