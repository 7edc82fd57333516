"""Is the prose of a workbook surely written, and written where it belongs? A look at the bytes.

A sum over thousands of workbooks reads no prose, but it must not count a report that would be
published blank, or that has text where no reader expects it. Parsing the paragraphs would double
the time. This look clears the sheets of paragraphs that hold what our blank workbook holds and text
in column B. The other workbooks are read in full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from govdisclose.form.placeholders import may_hold_placeholder
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import (
    CONTINUED,
    PARAGRAPH_COLUMNS,
    PARAGRAPH_LEVELS,
    PREVIEW_COLUMN,
    PREVIEW_HINT,
    PROSE_HINTS,
    PROSE_SHEETS,
    SUMMARY_SHEET,
)
from govdisclose.read.tables.labels import label
from govdisclose.read.workbook.misplaced_prose import is_hint_with_outline
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.strings import SharedStrings

_HEADINGS = {section.key: section.heading for section in SECTIONS}
_REQUIRED = frozenset(_HEADINGS)
_SHEET_NAMES = frozenset(section.sheet for section in SECTIONS) | set(PROSE_SHEETS.values())

_HEADER_ROW = 3
"""The row of column names: heading and advice are above it, paragraphs below."""
_FARTHEST = 2000
"""Text below this row is left to the parser."""

_HEADER = {b"A": PARAGRAPH_COLUMNS[0], b"B": PARAGRAPH_COLUMNS[1], b"C": PREVIEW_COLUMN}
_LEVEL_WORDS = frozenset({"", CONTINUED, *PARAGRAPH_LEVELS.values()})

_FIRST_ROW = b'<row r="4"'
_ROW_NUMBER = re.compile(rb'<row r="(\d+)"')
_CELL_END = b"</c>"
"""Behind every cell that holds anything; an empty cell has one tag."""
_HEAD_CELL = re.compile(rb'<c r="([A-Z]+)(\d{1,7})"(?: s="\d+")? t="s"><v>(\d{1,9})</v>')
_LEVEL_CELL = re.compile(rb'<c r="A\d{1,7}"(?: s="\d+")? t="s"><v>(\d{1,9})</v>')
_PARAGRAPH_CELL = re.compile(rb'<c r="B\d{1,7}"(?: s="\d+")? t="s"><v>(\d{1,9})</v>')
_PREVIEW_CELL = re.compile(
    rb'<c r="C\d+"(?: s="\d+")? t="str"><f>SUBSTITUTE\([^<]*</f><v>[^<]*</v>'
)
_MERGE = re.compile(rb'<mergeCell ref="[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}(\d{1,7})"')
_COPY_MARK = re.compile(r"[(（]\d+[)）]$")
"""The end of the name that a spreadsheet gives to the copy of a sheet."""
_WORD = re.compile("[\u4e00-\u9fff]{2}")


def is_written(parts: BookParts, strings: SharedStrings) -> bool:
    """Whether each required section holds text, and nothing that needs a parser.

    ``False`` wherever that cannot be seen here: text in another column or above the header, an
    unknown level, a number, a formula that is no preview, merged paragraphs, a sign of a
    placeholder, a second sheet for one section.
    """
    if not strings.plain or _has_second_sheet(parts):
        return False
    contents = {sheet.name: parts.content(sheet.part) for sheet in parts.sheets}
    for key, name in PROSE_SHEETS.items():
        if name in contents or key in _REQUIRED:
            text = _paragraphs(contents.get(name, b""), strings.texts, key)
            if text is None or may_hold_placeholder(text):
                return False
            if key in _REQUIRED and not _WORD.search(text):
                return False
    return True


def is_consolidated(parts: BookParts) -> bool:
    """Whether a workbook is one that ``aggregate`` has written."""
    return any(sheet.name == SUMMARY_SHEET for sheet in parts.sheets)


def _has_second_sheet(parts: BookParts) -> bool:
    """Whether a section has a second sheet: a copy, or one named by its heading."""
    for sheet in parts.sheets:
        if sheet.name in _SHEET_NAMES:
            continue
        original = _COPY_MARK.sub("", sheet.name.strip())
        name = label(original)
        if name in _section_labels():
            return True
    return False


@cache
def _section_labels() -> frozenset[str]:
    names = set(PROSE_SHEETS.values())
    for key in PROSE_SHEETS:
        if key in _HEADINGS:
            names.add(_HEADINGS[key])
    return frozenset(map(label, names))


def _paragraphs(sheet: bytes, strings: Sequence[str], key: str) -> str | None:
    """The texts of column B below the header; ``None`` when the sheet holds anything else."""
    head, first_row, body = sheet.partition(_FIRST_ROW)
    if not first_row or b"<!" in sheet:
        return None
    if not _is_near(body) or _merges_paragraphs(sheet):
        return None
    headings = _HEAD_CELL.findall(head)
    levels = _LEVEL_CELL.findall(body)
    paragraphs = _PARAGRAPH_CELL.findall(body)
    known = len(headings) + len(levels) + len(paragraphs)
    others = sheet.count(_CELL_END) - known
    if others:
        previews = _PREVIEW_CELL.findall(body)
        if len(previews) != others:
            return None
    try:
        if not _are_ours(headings, strings, key):
            return None
        if not _are_levels(levels, strings):
            return None
        texts = [strings[int(number)] for number in paragraphs]
        return "\n".join(texts)
    except IndexError:  # a cell names a string that is not there
        return None


def _are_ours(headings: list[tuple[bytes, bytes, bytes]], strings: Sequence[str], key: str) -> bool:
    """Whether the texts above the paragraphs are those of our own sheet of a section."""
    for column, row, number in headings:
        text = strings[int(number)]
        if not _is_our_heading(column, int(row), text, key):
            return False
    return True


def _are_levels(numbers: list[bytes], strings: Sequence[str]) -> bool:
    """Whether the strings are words for a level."""
    words = [strings[int(number)] for number in set(numbers)]
    return _LEVEL_WORDS.issuperset(words)


def _is_near(body: bytes) -> bool:
    """Whether the last row is one that people scroll to."""
    start = body.rfind(b'<row r="')
    last = _ROW_NUMBER.match(body, max(start, 0))
    if last is None:
        return True
    return int(last[1]) <= _FARTHEST


def _is_our_heading(column: bytes, row: int, text: str, key: str) -> bool:
    """Whether a text above the paragraphs is one that our own sheet of a section has there."""
    if row == _HEADER_ROW:
        return text == _HEADER.get(column)
    if text in _known_above(key):
        return True
    return is_hint_with_outline(text, key)


def _known_above(key: str) -> tuple[str, ...]:
    """The texts that our own sheet of a section has above its header."""
    heading = _HEADINGS.get(key, "")
    return heading, PROSE_SHEETS[key], PROSE_HINTS[key], PREVIEW_HINT


def _merges_paragraphs(sheet: bytes) -> bool:
    """Whether cells below the header are merged, as far as can be seen."""
    behind = sheet[sheet.rfind(b"</sheetData>") :]
    merged = _MERGE.findall(behind)
    if behind.count(b"<mergeCell ") != len(merged):
        return True
    return any(int(bottom) >= _HEADER_ROW for bottom in merged)
