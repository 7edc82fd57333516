"""The rows of a worksheet of texts, found by a search, which takes a third of a parser's time.

A sheet of paragraphs has nothing but shared strings and blank cells in its rows. Where a pattern matches
every byte of the rows, no parser could find anything else in them. The rest of the worksheet is
still parsed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from govdisclose.read.workbook.xml_parts import as_plain

LARGEST = 300_000
"""Bytes of a worksheet that is searched: the search takes thirty times as much memory."""

_START, _END = b"<sheetData>", b"</sheetData>"
_NAME, _TAGS = b"sheetData", 2
_FLAG = '"(?:[01]|true|false)"'
_SPANS = '(?: spans="[0-9]{1,5}:[0-9]{1,5}")?'
_LOOK = "".join(
    (
        '(?: s="[0-9]{1,5}")?',
        f"(?: customFormat={_FLAG})?",
        '(?: ht="[0-9.]{1,20}")?',
        f"(?: hidden={_FLAG})?",
        f"(?: customHeight={_FLAG})?",
        '(?: outlineLevel="[0-7]")?',
        f"(?: collapsed={_FLAG})?",
    )
)
"""Attributes of a row in the order of every program, so that none is there twice."""
_EXCEL = 'x14ac:dyDescent="'
_ROW_ATTRIBUTES = f'(?:{_SPANS}{_LOOK}(?: {_EXCEL}[0-9.]{{1,20}}")?|{_LOOK}{_SPANS})'
"""As Excel and LibreOffice write them, and as WPS does."""
_STYLE = '(?: s="[0-9]{1,5}")?'
_ROW = re.compile(
    rf'<row r="([1-9][0-9]{{0,5}})"{_ROW_ATTRIBUTES}'
    rf'(?:/>|>(?:<c r="[A-Z]{{1,3}}\1"{_STYLE}(?:/>| t="s"><v>[0-9]{{1,9}}</v></c>))*</row>)'
)
"""A row whose cells are blank or hold a shared string, each with the number of its row."""
_NUMBER = re.compile('<row r="([0-9]+)"')
_TEXT = re.compile(rf'<c r="([A-Z]{{1,3}})([0-9]+)"{_STYLE} t="s"><v>([0-9]+)<')
_EXCEL_ROW = b'<row x14ac:dyDescent="0"/>'
"""Stands for all rows with an attribute of Excel's: a parser sees whether its prefix is declared."""


class TextRows(NamedTuple):
    """The cells of a worksheet of texts, and its frame: the worksheet without its rows.

    A cell is the letters of its column, the number of its row, and that of its shared string.
    """

    cells: Sequence[tuple[str, str, str]]
    frame: bytes


def text_rows(part: bytes) -> TextRows | None:
    """The rows of a worksheet; ``None`` unless all cells are texts or blank, and no row is there twice."""
    if len(part) > LARGEST:
        return None
    if part.count(_NAME) != _TAGS or b"<!" in part or not as_plain(part):
        return None
    before, start, others = part.partition(_START)
    body, end, after = others.partition(_END)
    if not end or not body.isascii():
        return None
    rows = body.decode()
    numbers = _NUMBER.findall(rows)
    if len(set(numbers)) < len(numbers) or not _are_rows_of_texts(rows):
        return None
    shown = _EXCEL_ROW if _EXCEL in rows else b""
    return TextRows(_TEXT.findall(rows), b"".join((before, start, shown, end, after)))


def _are_rows_of_texts(rows: str) -> bool:
    """Whether the pattern matches every byte.

    It is asked row by row: one pattern for all rows would try every row in both of the ways in which its
    attributes may match, and never end.
    """
    place = 0
    while place < len(rows):
        row = _ROW.match(rows, place)
        if row is None:
            return False
        place = row.end()
    return True
