"""What the bytes of a sheet say is the same whether it is written as every program does, or in some other way."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose.read.rawsheet import _is_plain, is_sheet, look
from govdisclose.write.workbook import workbook_bytes
from support import consistent_report

SHEETS = [
    data
    for name, data in (
        (name, package.read(name))
        for package in [zipfile.ZipFile(io.BytesIO(workbook_bytes(consistent_report(seed=3))))]
        for name in package.namelist()
    )
    if name.startswith("xl/worksheets/sheet")
]
ROW = b"</sheetData>"
NORMAL, SPARSE, UNSTORED = (False, False), (True, False), (False, True)

CELLS: dict[bytes, tuple[bool, bool]] = {
    b'<c r="B900"><v>1</v></c>': NORMAL,
    b"<c><v>1</v></c>": NORMAL,
    b'<c r="B900"><f>1+1</f><v>2</v></c>': NORMAL,
    b'<c r="B900"><f>1+1</f> <v>2</v></c>': NORMAL,
    b'<c r="B900" t="inlineStr"><is><t> a&#10;b </t></is></c>': NORMAL,
    b'<c r="B900"><v> 2</v></c>': SPARSE,
    b'<c r="B900"><v>2 </v></c>': SPARSE,
    b'<c r="B900" t="s"><v>\n2\n</v></c>': SPARSE,
    b'<c r="B900"><v>&#50;1</v></c>': SPARSE,
    b'<c r="B900"><v>1<!-- x -->2</v></c>': SPARSE,
    b'<c r="B900"><v>1<?x y?>2</v></c>': SPARSE,
    b'<c r="B900"><v>2</v><f>1+1</f></c>': (True, True),
    b'<c r="xfd1"><v>1</v></c>': SPARSE,
    b'</row><row r="1048576"><c><v>1</v></c>': SPARSE,
    b'</row><row  spans="1:2" r = "1048576"><c><v>1</v></c>': SPARSE,
    b'<c r="B900"><f t="shared" si="0"/><v>2</v></c>': NORMAL,
    b'<c r="B900" t="str"><f>A1&amp;"e"</f><v>e</v></c>': NORMAL,
    b'<c r="XFD1"><v>1</v></c>': SPARSE,
    b'<c r="B99999"><v>1</v></c>': SPARSE,
    b'<c  r = "XFD1"><v>1</v></c>': SPARSE,
    b"<c r='XFD1'><v>1</v></c>": SPARSE,
    b'<c s="1" r="XFD1"><v>1</v></c>': SPARSE,
    b'<c\nr="XFD1"><v>1</v></c>': SPARSE,
    b'<c\ts="1"\tr="XFD1"><v>1</v></c>': SPARSE,
    b'<c r="&#88;FD1"><v>1</v></c>': SPARSE,
    b'<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="XFD1"/>': SPARSE,
    b'<c r="B900" t="str"><v><![CDATA[1]]></v></c>': SPARSE,
    b'<c r="B900"><f>1+1</f></c>': UNSTORED,
    b'<c r="B900"><f>1+1</f><v></v></c>': UNSTORED,
    b'<c r="B900"><f>1+1</f><v/></c>': UNSTORED,
    b'<c r="B900"><f t="array" ref="B900">1+1</f></c>': UNSTORED,
    b'<c r="B900"><f/></c>': UNSTORED,
    b'<c r="B900"><f\n>1+1</f></c>': UNSTORED,
    b'<c r="B900" t="e"><v>#REF!</v></c>': UNSTORED,
    b"<c r=\"B900\" t='e'><v>#REF!</v></c>": UNSTORED,
    b'<c r="B900" t = "e"><v>#REF!</v></c>': UNSTORED,
    b'<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="B9"><x:f>1</x:f></x:c>': UNSTORED,
}


def otherwise(sheet: bytes) -> bytes:
    """The same sheet, written as no program does."""
    return sheet.replace(b"<sheetData>", b"<sheetData\n>", 1)


@pytest.mark.parametrize(
    ("name", "part", "found"),
    [
        ("xl/worksheets/sheet1.xml", b"", True),
        ("xl/tables/sheet1.XML", b'<?xml version="1.0"?><worksheet>', True),
        ("xl/x.bin", b"<x:worksheet>", True),
        (
            "[Content_Types].xml",
            b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="a.worksheet+xml"/>',
            False,
        ),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink><sheetData>", False),
        ("docProps/app.xml", b"<vt:lpstr>Worksheets</vt:lpstr>", False),
    ],
)
def test_a_sheet_is_one_wherever_it_is_kept(name: str, part: bytes, found: bool) -> None:
    assert is_sheet(name, part) == found


def test_our_own_sheets_are_plain_and_normal() -> None:
    assert len(SHEETS) == 10
    for sheet in SHEETS:
        assert _is_plain(sheet)
        assert not _is_plain(otherwise(sheet))
        assert look(sheet) == look(otherwise(sheet)) == NORMAL


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_found_however_it_and_its_sheet_are_written(cell: bytes) -> None:
    for sheet in SHEETS:
        changed = sheet.replace(ROW, b"<row>" + cell + b"</row>" + ROW)
        assert look(changed) == look(otherwise(changed)) == CELLS[cell]


@given(st.lists(st.tuples(st.sampled_from(SHEETS), st.integers(0, 40_000), st.sampled_from([*CELLS])), max_size=4))
def test_wherever_a_cell_comes_to_stand_both_ways_of_looking_agree(edits: list[tuple[bytes, int, bytes]]) -> None:
    for sheet, position, cell in edits:
        at = sheet.find(b"<row", position % len(sheet))
        changed = sheet[:at] + b"<row>" + cell + b"</row>" + sheet[at:] if at > 0 else sheet
        assert look(changed) == look(otherwise(changed))
