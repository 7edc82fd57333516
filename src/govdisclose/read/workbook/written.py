"""A look at the bytes of a workbook: are its required sections surely written?

A sum over thousands of workbooks reads no prose, but must not count a report that would be published
blank. Parsing the paragraphs would double the time; most workbooks can be cleared by this look, and
the others are read in full.
"""

from __future__ import annotations

import re

from govdisclose.form.placeholders import SIGNS
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import PREFACE_SHEET, SUMMARY_SHEET
from govdisclose.read.workbook.parts import BookParts

_REQUIRED = frozenset(section.sheet for section in SECTIONS if not section.is_table)
_FIRST_ROW = b'<row r="4"'
"""Below heading, advice and header of a standardized sheet; its paragraphs stand in column B from here on."""
_STRING_TYPE = b't="s"'
_TEXT_CELL = re.compile(rb'<c r="([A-Z]+)\d+"(?: s="\d+")? t="s"><v>(\d+)</v>')
_WORD = re.compile(b"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
"""Two Chinese characters in UTF-8."""


def is_written(parts: BookParts) -> bool:
    """Whether each required section holds a text, and no section a sign of a placeholder.

    ``False`` wherever that cannot be seen without a parser.
    """
    raw = parts.content(parts.strings)
    sheets = {sheet.name: sheet.part for sheet in parts.sheets}
    if b"<!" in raw or not sheets.keys() >= _REQUIRED:
        return False
    strings = raw.split(b"</si>")
    found: list[bytes] = []
    for name in (*_REQUIRED, PREFACE_SHEET):
        sheet = parts.content(sheets.get(name))
        texts = _texts(sheet, strings) if sheet else []
        if texts is None or (name in _REQUIRED and not any(map(_WORD.search, texts))):
            return False
        found += texts
    together = b"\n".join(found)
    return not any(sign in together for sign in SIGNS)


def is_consolidated(parts: BookParts) -> bool:
    """Whether a workbook is one that ``aggregate`` has written."""
    return any(sheet.name == SUMMARY_SHEET for sheet in parts.sheets)


def _texts(sheet: bytes, strings: list[bytes]) -> list[bytes] | None:
    """The strings below the header of a sheet of paragraphs; ``None`` when one stands elsewhere than usual."""
    start = sheet.find(_FIRST_ROW)
    if start < 0 or b"<is>" in sheet or b"<!" in sheet:
        return None
    cells = _TEXT_CELL.findall(sheet, start)
    if len(cells) != sheet.count(_STRING_TYPE, start):
        return None
    found = []
    for column, number in cells:
        if column == b"A":
            continue
        if column != b"B" or int(number) >= len(strings):
            return None
        found.append(strings[int(number)])
    return found
