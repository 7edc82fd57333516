"""Rows of texts that a search has found are the rows that a parser finds."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from govdisclose.read.workbook import cells
from govdisclose.read.workbook.cells import DamagedSheetError, SheetCells, read_cells
from govdisclose.read.workbook.frames import LIMIT, FrameMemory
from govdisclose.read.workbook.styles import Styles
from govdisclose.read.workbook.text_rows import LARGEST, text_rows
from govdisclose.write.workbook import workbook_bytes
from support.reports import consistent_report

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROOT = f'<worksheet xmlns="{MAIN}" xmlns:x14ac="urn:excel">'
STRINGS = ["层级", "正文", "", "全年主动公开政府信息。"]
TEXT = '<row r="1"><c r="A1" t="s"><v>3</v></c></row>'


def sheet(rows: str, root: str = ROOT, after: str = "") -> bytes:
    """A worksheet with these rows."""
    return f"{root}<sheetData>{rows}</sheetData>{after}</worksheet>".encode()


def read(part: bytes) -> SheetCells | str:
    """The cells of a worksheet, or why it is refused."""
    try:
        return read_cells(part, STRINGS, Styles((), ()), 1_000_000)
    except DamagedSheetError as error:
        return str(error)


FOUND = {
    "no rows": "",
    "texts and blank cells": (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="3" t="s"><v>1</v></c></row>'
        '<row r="3"><c r="A3" s="3"/><c r="AB3" t="s"><v>3</v></c></row><row r="4"/>'
    ),
    "an empty string": '<row r="1"><c r="A1" t="s"><v>2</v></c></row>' + TEXT.replace("1", "2"),
    "Excel": (
        '<row r="1" spans="1:4" s="2" customFormat="1" ht="50.25" customHeight="1"'
        ' x14ac:dyDescent="0.15"><c r="A1" t="s"><v>3</v></c></row>'
    ),
    "LibreOffice": (
        '<row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false"'
        ' outlineLevel="0" collapsed="false"><c r="A1" s="0" t="s"><v>3</v></c></row>'
    ),
    "WPS": '<row r="1" ht="36" customHeight="1" spans="1:4"><c r="A1" t="s"><v>3</v></c></row>',
    "a string that is not there": '<row r="1"><c r="B1" t="s"><v>4</v></c></row>',
    "an address twice": TEXT.replace("</row>", '<c r="A1" t="s"><v>1</v></c></row>'),
    "a blank cell twice": TEXT.replace("</row>", '<c r="B1"/><c r="B1"/></row>'),
    "a column beyond the last": '<row r="1"><c r="XFE1" t="s"><v>3</v></c></row>',
}


@pytest.mark.parametrize("rows", FOUND.values(), ids=FOUND)
def test_rows_of_texts_are_what_a_parser_makes_of_them(
    rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = sheet(rows)
    assert text_rows(part) is not None
    searched = read(part)
    monkeypatch.setattr(cells, "text_rows", lambda _: None)
    assert searched == read(part)


MANY = "".join(
    f'<row r="{number}"><c r="A{number}" t="s"><v>3</v></c></row>' for number in range(2, 62)
)
"""Rows whose attributes match in two ways: a search must not try all 2^60 ways to match them together."""

OTHERS = {
    "a number below many rows": MANY + '<row r="62"><c r="A62"><v>3</v></c></row>',
    "a number below many rows with spans": (
        MANY.replace('"><c', '" spans="1:4"><c') + '<row r="62"><c r="A62"><v>3</v></c></row>'
    ),
    "a number after many cells": (
        '<row r="1">' + '<c r="A1" t="s"><v>3</v></c>' * 500 + '<c r="B1"><v>3</v></c></row>'
    ),
    "a row twice": TEXT + TEXT.replace("A1", "B1"),
    "a number": '<row r="1"><c r="A1"><v>3</v></c></row>',
    "a formula": '<row r="1"><c r="A1" t="str"><f>B1</f><v>3</v></c></row>',
    "an inline text": '<row r="1"><c r="A1" t="inlineStr"><is><t>文</t></is></c></row>',
    "a cell of another row": '<row r="1"><c r="A2" t="s"><v>3</v></c></row>',
    "a cell without an address": '<row r="1"><c t="s"><v>3</v></c></row>',
    "a row without a number": '<row><c r="A1" t="s"><v>3</v></c></row>',
    "an attribute twice": TEXT.replace('r="1"', 'r="1" spans="1:1" ht="9" spans="1:1"'),
    "a text between the rows": TEXT + "文",
    "something between the rows": TEXT + "<other/>",
    "a row within a row": f'<row r="1">{TEXT}</row>',
    "a row that is not closed": TEXT.removesuffix("</row>"),
    "a comment": f"<!-- {TEXT} -->",
    "a character by its number": TEXT.replace("3<", "&#51;<"),
}


@pytest.mark.parametrize("rows", OTHERS.values(), ids=OTHERS)
def test_other_rows_are_left_to_the_parser(rows: str) -> None:
    assert text_rows(sheet(rows)) is None


BROKEN = {
    "an undeclared prefix": sheet(
        TEXT.replace('r="1"', 'r="1" x14ac:dyDescent="0.15"', 1), f'<worksheet xmlns="{MAIN}">'
    ),
    "other elements": sheet(TEXT, '<worksheet xmlns="urn:other">'),
    "an end too much": sheet(TEXT, after="</x>"),
    "rows in another element": sheet(TEXT, f"{ROOT}<other>").replace(
        b"</sheetData>", b"</sheetData></other>"
    ),
    "rows in an instruction": sheet(TEXT, f"{ROOT}<?other ").replace(
        b"</sheetData>", b"</sheetData>?>"
    ),
    "rows twice": sheet(TEXT).replace(b"</worksheet>", b"<sheetData/></worksheet>"),
}


@pytest.mark.parametrize("part", BROKEN.values(), ids=BROKEN)
def test_rows_in_a_broken_sheet_are_refused_with_or_without_a_search(
    part: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = read(part)
    assert isinstance(searched, str)
    monkeypatch.setattr(cells, "text_rows", lambda _: None)
    assert searched == read(part)


def test_the_sheets_of_paragraphs_of_our_workbooks_are_searched() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(consistent_report()))) as package:
        parts = [package.read(f"xl/worksheets/sheet{number}.xml") for number in (3, 4, 8, 9)]
    for part in parts:
        found = text_rows(part)
        assert found is not None
        assert any(row.cells for row in found.rows)
        assert b"<row" not in found.frame


def test_a_known_frame_needs_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = FrameMemory()
    area = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    first = sheet(TEXT, after=area)
    second = sheet(TEXT.replace("3<", "0<"), after=area)
    read_cells(first, STRINGS, Styles((), ()), 100, frames)
    with monkeypatch.context() as without_parser:
        without_parser.setattr(cells, "pieces", None)
        found = read_cells(second, STRINGS, Styles((), ()), 100, frames)
    assert found == read(second)
    assert found.merges


def test_a_broken_frame_is_never_known() -> None:
    frames = FrameMemory()
    broken = BROKEN["rows in another element"]
    for _ in range(2):
        with pytest.raises(DamagedSheetError):
            read_cells(broken, STRINGS, Styles((), ()), 100, frames)


def test_no_more_frames_are_remembered_than_the_limit() -> None:
    memory = FrameMemory()
    for number in range(LIMIT + 1):
        memory.learn(b"%d" % number, ())
    assert len(memory) == LIMIT
    assert memory.merges(b"%d" % LIMIT) == ()
    assert memory.merges(b"0") is None


def test_a_large_sheet_is_read_without_a_search_that_takes_much_memory() -> None:
    """A roster of 20,000 units is a sheet of texts too: searching it took 200 MB."""
    rows = [f'<row r="{n}"><c r="A{n}" t="s"><v>3</v></c></row>' for n in range(1, 8000)]
    large = sheet("".join(rows))
    assert len(large) > LARGEST
    assert text_rows(large) is None
    found = read(large)
    assert not isinstance(found, str)
    assert found.rows == [[STRINGS[3]]] * 7999
    tracemalloc.start()
    text_rows(sheet("".join(rows[:5000])))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 15_000_000
