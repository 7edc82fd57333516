"""The rows of a worksheet of texts, found by a search, which takes a third of a parser's time.

A sheet of paragraphs has nothing but shared strings and blank cells in its rows. Where a pattern
matches every byte of the rows, no parser could find anything else in them. The rest of the
worksheet is still parsed. Most rows are blank and the same in every sheet, so the last rows are
remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from govdisclose.read.grid import position
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
_EXCEL = b'x14ac:dyDescent="'
_ROW_ATTRIBUTES = f'(?:{_SPANS}{_LOOK}(?: {_EXCEL.decode()}[0-9.]{{1,20}}")?|{_LOOK}{_SPANS})'
"""As Excel and LibreOffice write them, and as WPS does."""
_STYLE = '(?: s="[0-9]{1,5}")?'
_OPENING = '<row r="'
_ROW = re.compile(
    rf'([1-9][0-9]{{0,5}})"{_ROW_ATTRIBUTES}'
    rf'(?:/>|>(?:<c r="[A-Z]{{1,3}}\1"{_STYLE}(?:/>| t="s"><v>[0-9]{{1,9}}</v></c>))*</row>)'
)
"""A row behind its first characters: its cells are blank or hold a shared string, each with the
number of the row.
"""
_TEXT = re.compile(rf'<c r="([A-Z]{{1,3}}[0-9]+)"{_STYLE} t="s"><v>([0-9]+)<')
_SHORT = 1_000
"""Characters of the longest row that is remembered; one of a sheet of paragraphs has some 150."""
_EXCEL_ROW = b'<row x14ac:dyDescent="0"/>'
"""Stands for all rows with an attribute of Excel's: a parser sees whether its prefix is declared."""


class TextCell(NamedTuple):
    """A cell with a text: its column, from 0, and the number of its shared string."""

    column: int
    string: int


class TextRow(NamedTuple):
    """The number of a row, and its cells with texts."""

    number: int
    cells: tuple[TextCell, ...]


class TextRows(NamedTuple):
    """The rows of a worksheet of texts, and its frame: the worksheet without its rows."""

    rows: list[TextRow]
    frame: bytes


def text_rows(part: bytes) -> TextRows | None:
    """The rows of a worksheet; ``None`` unless all cells are texts or blank and no row is doubled."""
    if len(part) > LARGEST:
        return None
    if part.count(_NAME) != _TAGS or b"<!" in part or not as_plain(part):
        return None
    before, start, others = part.partition(_START)
    body, end, after = others.partition(_END)
    if not end or not body.isascii():
        return None
    rows = _rows(body.decode())
    if rows is None:
        return None
    shown = _EXCEL_ROW if _EXCEL in body else b""
    return TextRows(rows, b"".join((before, start, shown, end, after)))


def _rows(body: str) -> list[TextRow] | None:
    """The rows, if the pattern matches every byte of each and no number is there twice."""
    before, *written = body.split(_OPENING)
    if before:
        return None
    rows: dict[int, TextRow] = {}
    for one in written:
        row = _known_row(one) if len(one) <= _SHORT else _row(one)
        if row is None or row.number in rows:
            return None
        rows[row.number] = row
    return list(rows.values())


def _row(written: str) -> TextRow | None:
    """A row behind its first characters; ``None`` if the pattern does not match."""
    match = _ROW.fullmatch(written)
    if match is None:
        return None
    cells: list[TextCell] = []
    for address, index in _TEXT.findall(written):
        _, column = position(address)
        cells.append(TextCell(column, int(index)))
    return TextRow(int(match[1]), tuple(cells))


_known_row = lru_cache(maxsize=1024)(_row)
"""As ``_row``: thirty blank rows are in every sheet, and the others are alike in many workbooks."""
