"""Books that hardly any program writes: read rightly or refused, and the same whatever has been read before."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from govdisclose import check_report, read_report
from govdisclose.form.explanation import Explanation
from govdisclose.write.workbook import workbook_bytes
from support.reports import EDITION_2019, check_edited, codes, consistent_report, written
from support.sheets import RELATIONS, by_parser, forget, quickly, repacked, said, swap, unit, wholly
from support.tables import DISPUTES, PROACTIVE, REQUESTS

TABLE_FOUR = "xl/worksheets/sheet7.xml"
UPHELD = "disputes.review.upheld"


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    forget()
    yield
    forget()


REPORT = unit(1).with_values({UPHELD: 7256})


def book(*changes: tuple[str, Callable[[bytes], bytes]]) -> bytes:
    return repacked(written(REPORT), dict(changes))


def value(pattern: str) -> tuple[str, Callable[[bytes], bytes]]:
    """A way of writing the value of A6, of which it is part."""
    written = pattern.format("7256", "7", "256", ord("7")).encode()
    return TABLE_FOUR, lambda sheet: re.sub(
        rb'(<c r="A6"[^>]*>)<v>[^<]*</v>', lambda m: m[1] + written, sheet, count=1
    )


WRITTEN = [
    "<v> {0}</v>",
    "<v>{0} </v>",
    "<v>{1}<!-- x -->{2}</v>",
    "<v>{1}<?x y?>{2}</v>",
    "<v>&#{3};{2}</v>",
    "<v>{0}</v><f>1+1</f>",
]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", WRITTEN)
def test_a_value_is_itself_however_it_is_written(pattern: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for _ in range(3):
        path.write_bytes(book(value(pattern)))
        assert read_report(path).report.values()[UPHELD] == REPORT.values()[UPHELD]
        path.write_bytes(book())
        assert quickly(path).report.values() == REPORT.values()


FAR = [
    '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    '<row r="1048576"><c><v>1</v></c></row>',
]


@pytest.mark.parametrize("row", FAR)
def test_a_cell_at_the_end_of_the_sheet_takes_no_memory_in_between(
    row: str, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book((TABLE_FOUR, swap("</sheetData>", row + "</sheetData>"))))
    assert read_report(path).report.values() == REPORT.values()


def test_what_another_engine_has_read_is_not_remembered(tmp_path: Path) -> None:
    """calamine refuses a logical value of 2; openpyxl, which reads the workbook then, loses what a merged area hides."""
    hidden = (TABLE_FOUR, swap('<c r="L7"([^>]*)/>', r'<c r="L7"\1 t="str"><v>5</v></c>'))
    refused = (
        "xl/worksheets/sheet2.xml",
        swap('<c r="C2"([^>]*)/>', r'<c r="C2"\1 t="b"><v>2</v></c>'),
    )
    odd, plain = tmp_path / "odd.xlsx", tmp_path / "plain.xlsx"
    odd.write_bytes(book(hidden, refused))
    plain.write_bytes(book(hidden))
    assert odd.read_bytes() != plain.read_bytes() != book()
    alone = {path: said(by_parser, path) for path in (odd, plain)}
    for path in (odd, odd, odd, odd, plain, odd, plain):
        assert said(quickly, path) == alone[path]


@pytest.mark.parametrize(
    "place", ["tables4/sheet7.xml", "Worksheets/sheet7.xml", "worksheets/sheet7.XML"]
)
def test_a_sheet_is_read_wherever_it_is_kept(place: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for formula, seen in (("", REPORT.values()[UPHELD]), ("<f>1+1</f>", None)):
        data = book(*([value(formula)] if formula else []))
        path.write_bytes(moved(data, place))
        for read in (quickly, quickly, quickly, wholly):
            reading = read(path)
            assert reading.report.values()[UPHELD] == seen
            assert [f.code for f in reading.findings if f.stops] == (["V107"] if formula else [])


def moved(data: bytes, place: str) -> bytes:
    """The same workbook, its table four kept elsewhere."""
    old, new, made = "worksheets/sheet7.xml", place, io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if name in (RELATIONS, "[Content_Types].xml"):
                content = content.replace(old.encode(), new.encode())
            after.writestr(f"xl/{new}" if name == f"xl/{old}" else name, content)
    return made.getvalue()


def merged(sheet: str, area: str, beside: str) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        workbook[sheet].merge_cells(area)
        workbook[sheet][beside] = 99

    return edit


@pytest.mark.parametrize(
    ("sheet", "area", "beside"),
    [(REQUESTS, "I6:J6", "K6"), (DISPUTES, "N6:O6", "P6"), (PROACTIVE, "B20:C20", "D20")],
    ids=["three", "four", "two"],
)
def test_cells_merged_at_the_end_of_a_row_are_no_numbers_beside_it(
    sheet: str, area: str, beside: str, tmp_path: Path
) -> None:
    report = consistent_report(EDITION_2019) if sheet == PROACTIVE else consistent_report()
    found = check_edited(tmp_path, report, merged(sheet, area, beside))
    assert "S111" in codes(found)
    assert not [f for f in found if f.place.cell == beside and f.code not in ("S108",)]


def test_an_error_in_place_of_a_word_is_quoted_as_a_sheet_shows_it(tmp_path: Path) -> None:
    total = int(consistent_report().values()["disputes.review.total"] or 0)
    odd = consistent_report().with_values({"disputes.review.total": total + 1})
    reason = Explanation("A104", "disputes.review.total", f"{total}/{total + 1}", "原因")
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook_bytes(odd, explanations=[reason]))
    assert not [f for f in check_report(path) if f.stops]
    made = load_workbook(path)
    sheet = made["说明事项"]
    (cell,) = [
        c
        for row in sheet.iter_rows()
        for c in row
        if c.value == "原因" and c.row > 1 and c.column > 3
    ][-1:]
    cell.value = "#REF!"
    level = next(
        c for row in made["一、总体情况"].iter_rows(min_row=2) for c in row if c.column == 1
    )
    level.value = "=A1+1"
    made.save(path)
    found = check_report(path)
    assert not [
        f.message for f in found if "ErrorValue" in f.message or "Uncalculated" in f.message.title()
    ]
    assert any(f.stops for f in found)
