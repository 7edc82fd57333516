"""Is the prose of a workbook surely written, and written where it belongs? A look at the bytes.

A sum over thousands of workbooks reads no prose, but it must not count a report that would be published
blank, or that has text where no reader expects it. Parsing the paragraphs would double the time. This
look clears the sheets of paragraphs that hold what our blank workbook holds and text in column B. The
other workbooks are read in full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from govdisclose.form.placeholders import may_hold_placeholder
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import (
    CONTINUED,
    OUTLINE_HINT,
    PARAGRAPH_COLUMNS,
    PARAGRAPH_LEVELS,
    PREVIEW_COLUMN,
    PREVIEW_HINT,
    PROSE_HINTS,
    PROSE_SHEETS,
    SUMMARY_SHEET,
)
from govdisclose.read.tables.labels import label
from govdisclose.read.workbook.parts import BookParts

_HEADINGS = {section.key: section.heading for section in SECTIONS}
_REQUIRED = frozenset(_HEADINGS)
_SHEET_NAMES = frozenset(section.sheet for section in SECTIONS) | set(PROSE_SHEETS.values())

_HEADER_ROW = 3
"""The row of column names of a standardized sheet; heading and advice stand above, paragraphs below."""
_FARTHEST = 2000
"""Text below this row is left to the parser."""

_HEADER = {b"A": PARAGRAPH_COLUMNS[0], b"B": PARAGRAPH_COLUMNS[1], b"C": PREVIEW_COLUMN}
_LEVEL_WORDS = frozenset({"", CONTINUED, *PARAGRAPH_LEVELS.values()})

_TEXT_CELL = re.compile(rb'<c r="([A-Z]+)(\d{1,7})"(?: s="\d+")? t="s"><v>(\d{1,9})</v>')
_PREVIEW_CELL = re.compile(
    rb'<c r="C\d+"(?: s="\d+")? t="str"><f>SUBSTITUTE\([^<]*</f><v>[^<]*</v>'
)
_MERGE = re.compile(rb'<mergeCell ref="[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}(\d{1,7})"')
_PLAIN_STRING = re.compile(
    rb'<si><t(?: xml:space="preserve")?>([^<&]*)</t>(?:<phoneticPr [^<>]*/>)?\Z'
)
_COPY_MARK = re.compile(r"\s*[(（]\d+[)）]\s*$")
"""The end of the name that a spreadsheet gives to the copy of a sheet."""
_WORD = re.compile("[\u4e00-\u9fff]{2}")


def is_written(parts: BookParts) -> bool:
    """Whether each required section holds text, and no sheet of paragraphs anything that needs a parser.

    ``False`` wherever that cannot be seen here: text in another column or above the header, an unknown
    level, a number, a formula that is no preview, merged paragraphs, a sign of a placeholder, a second
    sheet for one section.
    """
    raw = parts.content(parts.strings)
    if b"<!" in raw or _has_second_sheet(parts):
        return False
    strings = raw.split(b"</si>")
    contents = {sheet.name: parts.content(sheet.part) for sheet in parts.sheets}
    paragraphs: list[str] = []
    for key, name in PROSE_SHEETS.items():
        if name not in contents and key not in _REQUIRED:
            continue
        found = _paragraphs(contents.get(name, b""), strings, key)
        if found is None:
            return False
        if key in _REQUIRED and not any(map(_WORD.search, found)):
            return False
        paragraphs += found
    return not may_hold_placeholder("\n".join(paragraphs))


def is_consolidated(parts: BookParts) -> bool:
    """Whether a workbook is one that ``aggregate`` has written."""
    return any(sheet.name == SUMMARY_SHEET for sheet in parts.sheets)


def _has_second_sheet(parts: BookParts) -> bool:
    """Whether a sheet with another name may be taken for a section's: a copy, or one named by its heading."""
    for sheet in parts.sheets:
        if sheet.name in _SHEET_NAMES:
            continue
        name = label(_COPY_MARK.sub("", sheet.name))
        if name in _section_labels():
            return True
    return False


@cache
def _section_labels() -> frozenset[str]:
    names = [*PROSE_SHEETS.values(), *(_HEADINGS[key] for key in PROSE_SHEETS if key in _HEADINGS)]
    return frozenset(map(label, names))


def _paragraphs(sheet: bytes, strings: Sequence[bytes], key: str) -> list[str] | None:
    """The texts of column B below the header; ``None`` when the sheet holds something else as well."""
    cells = _TEXT_CELL.findall(sheet)
    if not _holds_only(sheet, len(cells)):
        return None
    above = _known_above(key)
    found: list[str] = []
    for column, row_number, string_number in cells:
        text = _plain_text(strings, int(string_number))
        row = int(row_number)
        if text is None or row > _FARTHEST:
            return None
        if row < _HEADER_ROW:
            is_ours = text in above or text.startswith(PROSE_HINTS[key] + OUTLINE_HINT)
        elif row == _HEADER_ROW:
            is_ours = text == _HEADER.get(column)
        elif column == b"B":
            is_ours = True
            found.append(text)
        else:
            is_ours = column == b"A" and text in _LEVEL_WORDS
        if not is_ours:
            return None
    return found


def _known_above(key: str) -> tuple[str, ...]:
    """The texts that our own sheet of a section has above its header."""
    return (_HEADINGS.get(key, ""), PROSE_SHEETS[key], PROSE_HINTS[key], PREVIEW_HINT)


def _holds_only(sheet: bytes, texts: int) -> bool:
    """Whether every value of a sheet but ``texts`` shared strings is a preview, and no paragraph is merged."""
    if b"<!" in sheet or b"<is>" in sheet or sheet.count(b't="s"') != texts:
        return False
    formulas = sheet.count(b"<f>") + sheet.count(b"<f ")
    if sheet.count(b"<v") != texts + formulas:
        return False
    if formulas and len(_PREVIEW_CELL.findall(sheet)) != formulas:
        return False
    merged = _MERGE.findall(sheet)
    if sheet.count(b"<mergeCell ") != len(merged):
        return False
    return all(int(bottom) < _HEADER_ROW for bottom in merged)


def _plain_text(strings: Sequence[bytes], number: int) -> str | None:
    found = _PLAIN_STRING.search(strings[number]) if number < len(strings) else None
    if found is None:
        return None
    try:
        return found[1].decode()
    except UnicodeDecodeError:
        return None
