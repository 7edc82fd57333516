"""What a look at the bytes of a sheet must say before a parser gets it: where its cells stand, what its formulas hold.

Every spreadsheet program writes its sheets alike, and sheets written so are searched for literal bytes, five times as
fast as by the patterns that any other XML needs.
"""

from __future__ import annotations

import re

_MAIN = b"/spreadsheetml/2006/main"
_ROOT = b'<worksheet xmlns="http://schemas.openxmlformats.org' + _MAIN + b'"'

_FAR = rb"[A-Za-z]{3}\d+|[A-Za-z]{1,2}\d{5,}"
_FAR_PLAIN = re.compile(rb'<c r="(?:' + _FAR + rb'|[^"<>]*&)')
_FAR_ANYHOW = re.compile(rb"""\br\s*=\s*["'](?:""" + _FAR + rb"""|[^"'<>]*&)""")
"""The address of a cell far from all others, or one that is written in an unusual way."""
_FAR_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["']\d{5,}""")
_ROW = re.compile(rb'<row r="\d{5}')

_MISREAD = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>(?:\s|[^<]*(?:&#|\s<))|</(?:\w+:)?v\s*>\s*<(?:\w+:)?f\b")
"""Values that calamine takes for others: with blanks around, with characters by number, before their formula."""

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_STORED = re.compile(rb"(?:</f>|<f\b[^<>]*/>)\s*<v>\s*[^<\s]")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
"""Formulas; those with a value, written as every spreadsheet writes it; values that are errors."""

_NO_SHEETS = ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml")
_NEAR = 2000
"""Bytes of a part among which its root is."""


def is_sheet(name: str, part: bytes) -> bool:
    """Whether a part is a worksheet, wherever it is kept."""
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        return True
    head = part[:_NEAR] if name not in _NO_SHEETS else b""
    return b"<worksheet" in head or b":worksheet" in head


def look(sheet: bytes) -> tuple[bool, bool]:
    """Whether calamine would not read a sheet rightly; whether a formula has no value, or an error.

    Of a cell that stands, or may stand, far from all others it would fill all the room between; a comment ends
    a value for it. A formula without a value it gives as a blank; openpyxl must tell in both, and wherever a
    formula is not written as usual.
    """
    plain = _is_plain(sheet)
    sparse = _is_far(sheet, plain) or _is_marked(sheet) or _is_misread(sheet, plain)
    return sparse, _has_error(sheet) or _is_unstored(sheet, plain)


def _is_far(sheet: bytes, plain: bool) -> bool:
    cell, row = (_FAR_PLAIN, _ROW) if plain else (_FAR_ANYHOW, _FAR_ROW)
    return cell.search(sheet) is not None or row.search(sheet) is not None


def _is_marked(sheet: bytes) -> bool:
    """Whether there is a comment, a marked section, or an instruction but the declaration."""
    start = sheet.find(b"?>") + 2
    return (b"!" in sheet and b"<!" in sheet) or (sheet.find(b"?", start) > 0 and sheet.find(b"<?", start) > 0)


def _is_misread(sheet: bytes, plain: bool) -> bool:
    odd = not plain or b"<v> " in sheet or b" </v>" in sheet or b"</v><f" in sheet or b"&#" in sheet
    return odd and _MISREAD.search(sheet) is not None


def _has_error(sheet: bytes) -> bool:
    likely = b'"e"' in sheet or (b"'" in sheet and b"'e'" in sheet)
    return likely and _ERROR.search(sheet) is not None


def _is_unstored(sheet: bytes, plain: bool) -> bool:
    if plain and sheet.count(b"<f") == sheet.count(b"<formula"):
        return False
    return len(_FORMULA.findall(sheet)) > len(_STORED.findall(sheet))


def _is_plain(sheet: bytes) -> bool:
    """Whether cells and rows begin with ``r="``, no element has a prefix of its own, and no tag a line's end."""
    start = sheet.find(b"<worksheet")
    return (
        sheet.startswith(_ROOT, start)
        and sheet.count(_MAIN) == 1
        and sheet.count(b"<c ") == sheet.count(b'<c r="')
        and sheet.count(b"<row ") == sheet.count(b'<row r="')
        and all(sheet.find(blank, start) < 0 for blank in (b"\n", b"\r", b"\t"))
    )
