"""Worksheets that are too large, mostly because of formatted empty rows: what to do about them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from govdisclose.package import PackageError, open_package
from govdisclose.read.workbook.parts import book_parts

_PIECE = 1_000_000
_MOST_INFLATED = 512_000_000
"""Bytes of an oversized sheet that are looked through for its last value."""

_ROW = b'<row r="'
_VALUE = b"<v>"


def why_oversized(data: bytes, path: Path, part: str) -> str | None:
    """What to say about an oversized part that is a worksheet; ``None`` for any other part."""
    try:
        rest = open_package(data, f"{path.name} ", without=frozenset({part}))
        sheets = book_parts(rest, may_lack=part).sheets
    except PackageError:
        return None
    for sheet in sheets:
        if sheet.part == part:
            return _advice(path.name, sheet.name, _last_filled_row(data, part))
    return None


def too_many_tags(file: str, sheet: str, content: bytes) -> str:
    """What to say about a worksheet with too many tags in its XML."""
    last_value = max(content.rfind(_VALUE), 0)
    row = _row_before(content, last_value, 0)
    return _advice(file, sheet, row)


def _advice(file: str, sheet: str, row: int) -> str:
    start = "最后一行内容以下"
    if row:
        start = f"第 {row} 行以下"
    return f"{file} 的工作表“{sheet}”太大，多半是表格下方有大量带格式的空行：请选中{start}的空行，删去后保存"


def _last_filled_row(data: bytes, part: str) -> int:
    """The number of the last row of an oversized sheet that holds a value, 0 if it is not found."""
    found = row = taken = 0
    rest = b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part) as stream:
        while taken < _MOST_INFLATED:
            piece = stream.read(_PIECE)
            if not piece:
                break
            taken += len(piece)
            text = rest + piece
            value = text.rfind(_VALUE)
            if value >= 0:
                found = _row_before(text, value, row)
            row = _row_before(text, len(text), row)
            rest = text[-len(_VALUE) :]
    return found


def _row_before(text: bytes, end: int, otherwise: int) -> int:
    """The number of the last row that begins before ``end``."""
    start = text.rfind(_ROW, 0, end)
    if start < 0:
        return otherwise
    begin = start + len(_ROW)
    number, _, _ = text[begin : begin + 8].partition(b'"')
    if number.isdigit():
        return int(number)
    return otherwise
