"""A look at the bytes of a workbook: are its required sections surely written?

A sum over thousands of workbooks reads no prose, but must not count a report that would be published
blank. Parsing the paragraphs would double the time; most workbooks can be cleared by this look, and
the others are read in full.
"""

from __future__ import annotations

import re
from functools import lru_cache

from govdisclose.form.placeholders import SIGNS
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import PREFACE_SHEET, SUMMARY_SHEET
from govdisclose.package import Package
from govdisclose.read.sheetparts import sheet_parts

_REQUIRED = frozenset(section.sheet.encode() for section in SECTIONS if not section.is_table)
_PREFACE = PREFACE_SHEET.encode()
_FIRST_ROW = b'<row r="4"'
"""Below heading, advice and header of a standardized sheet; its paragraphs stand in column B from here on."""
_STRING_TYPE = b't="s"'
_TEXT_CELL = re.compile(rb'<c r="([A-Z]+)\d+"(?: s="\d+")? t="s"><v>(\d+)</v>')
_WORD = re.compile(b"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
"""Two Chinese characters in UTF-8."""
_BOOK, _RELATIONS, _STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"


def is_written(package: Package) -> bool:
    """Whether each required section holds a text, and no section a sign of a placeholder.

    ``False`` wherever that cannot be seen without a parser.
    """
    parts = package.parts
    raw = parts.get(_STRINGS, b"")
    sheets = _parts_by_name(parts.get(_BOOK, b""), parts.get(_RELATIONS, b""))
    if b"<!" in raw or not sheets.keys() >= _REQUIRED:
        return False
    strings = raw.split(b"</si>")
    found: list[bytes] = []
    for name in (*_REQUIRED, _PREFACE):
        sheet = parts.get(sheets.get(name, ""), b"")
        texts = _texts(sheet, strings) if sheet else []
        if texts is None or (name in _REQUIRED and not any(map(_WORD.search, texts))):
            return False
        found += texts
    together = b"\n".join(found)
    return not any(sign in together for sign in SIGNS)


def is_consolidated(package: Package) -> bool:
    """Whether a workbook is one that ``aggregate`` has written."""
    parts = package.parts
    return SUMMARY_SHEET.encode() in _parts_by_name(parts.get(_BOOK, b""), parts.get(_RELATIONS, b""))


@lru_cache(maxsize=16)
def _parts_by_name(book: bytes, relations: bytes) -> dict[bytes, str]:
    """Workbooks made from one blank one share these two parts."""
    return dict(sheet_parts(book, relations))


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
