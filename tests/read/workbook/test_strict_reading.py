"""A workbook is read whole, as Excel reads it, or refused with a sentence; no count and no name is believed."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from govdisclose import check_report, read_report
from govdisclose.errors import InputError
from govdisclose.package import DEFAULT_LIMITS
from govdisclose.read.grid import Uncalculated
from govdisclose.read.workbook import cells as sheetcells
from govdisclose.read.workbook import opening, sheets, strings
from govdisclose.read.workbook.cells import read_cells
from govdisclose.read.workbook.opening import load, load_bytes
from govdisclose.read.workbook.sheets import read_grids
from govdisclose.read.workbook.styles import CellFormat, Styles
from support.commands import Run
from support.oracle import filled, openpyxl_sheets
from support.reports import consistent_report, opened, written

REPORT = consistent_report()
GOOD = written(REPORT)
TABLE = "xl/worksheets/sheet6.xml"
TABLE_SHEET = "三、依申请公开"
BOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
ROOT, RELATIONS, TYPES = "_rels/.rels", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"

Change = Callable[[bytes], bytes]


def changed(changes: dict[str, Change], more: dict[str, bytes] | None = None) -> bytes:
    """The good workbook with some parts changed, renamed by giving ``more``, or left out (``b""``)."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = changes.get(name, bytes)(old.read(name))
            if content:
                new.writestr(name, content)
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read(name)


def swap(old: str, new: str) -> Change:
    def change(content: bytes) -> bytes:
        found, count = re.subn(old.encode(), new.encode(), content, count=1)
        assert count == 1, old
        return found

    return change


def with_row(cells: str, row: int = 900, attributes: str = "") -> Change:
    return swap("</sheetData>", f'<row r="{row}"{attributes}>{cells}</row></sheetData>')


def written(data: bytes, folder: Path) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return path


# --- against openpyxl -----------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="_"), min_size=1, max_size=8
)
VALUES = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1950, 1, 1), date(2090, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    TEXTS.filter(lambda text: not text.startswith("=") and text == text.strip()),
    st.sampled_from(
        ["#REF!", "#DIV/0!", "=A1+1", '=IF(A1="","",B2&"x")', "=SUM(A1:B2)", '=DISPIMG("ID_1",1)']
    ),
)
CELLS = st.dictionaries(st.tuples(st.integers(1, 30), st.integers(1, 20)), VALUES, max_size=25)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CELLS)
def test_every_cell_is_what_openpyxl_makes_of_it(cells: dict[tuple[int, int], object]) -> None:
    workbook = Workbook()
    for (row, column), value in cells.items():
        workbook.active.cell(row, column).value = value
    stream = io.BytesIO()
    workbook.save(stream)
    (grid,) = read_grids(load_bytes(stream.getvalue(), Path("b.xlsx")), "b")
    (sheet,) = openpyxl_sheets(stream.getvalue())
    assert {at: (type(raw), raw) for at, raw in filled(grid).items()} == {
        at: (type(raw), raw) for at, raw in sheet.cells.items()
    }


FORMULAS = {
    "shared": '<c r="A900"><f t="shared" ref="A900:C900" si="0">A1+$B$2</f></c><c r="C900"><f t="shared" si="0"/></c>',
    "array": '<c r="A900"><f t="array" ref="A900">SUM(A1:A2*2)</f></c>',
    "data table": '<c r="A900"><f t="dataTable" ref="A900" dt2D="1"/></c>',
    "without text": '<c r="A900"><f/></c>',
    "empty text result": '<c r="A900" t="str"><f>""</f><v></v></c>',
    "an error without a value": '<c r="A900" t="e"><f>1/0</f></c>',
    "a new error": '<c r="A900" t="e"><v>#SPILL!</v></c>',
}


@pytest.mark.slow
@pytest.mark.parametrize("cells", FORMULAS.values(), ids=FORMULAS)
def test_what_has_no_value_is_what_openpyxl_says(cells: str) -> None:
    data = changed({TABLE: with_row(cells)})
    grids = {grid.name: grid for grid in read_grids(load_bytes(data, Path("b.xlsx")), "b")}
    sheets = {sheet.name: sheet for sheet in openpyxl_sheets(data)}
    last = {at: raw for at, raw in filled(grids[TABLE_SHEET]).items() if at[0] == 899}
    assert last == {at: raw for at, raw in sheets[TABLE_SHEET].cells.items() if at[0] == 899}


def test_a_workbook_of_formulas_without_values_needs_no_second_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = Workbook()
    workbook.active["A1"] = "=B1+C1"
    workbook.active["A2"] = ArrayFormula("A2", "=SUM(B1:B2)")
    workbook.save(tmp_path / "b.xlsx")
    monkeypatch.setattr("openpyxl.load_workbook", None)
    (grid,) = read_grids(load(tmp_path / "b.xlsx"), "b")
    assert filled(grid) == {(0, 0): Uncalculated("=B1+C1"), (1, 0): Uncalculated("=SUM(B1:B2)")}


# --- damage ---------------------------------------------------------------------------------------

DAMAGED: dict[str, Change] = {
    "two values": with_row('<c r="A900"><v>1</v><v>2</v></c>'),
    "two formulas": with_row('<c r="A900"><f>1</f><f>2</f><v>2</v></c>'),
    "a value in a value": with_row('<c r="A900"><v><v>1</v></v></c>'),
    "an element in a formula": with_row('<c r="A900"><f>1<x/></f><v>1</v></c>'),
    "an unknown element in a cell": with_row('<c r="A900"><w>1</w></c>'),
    "a foreign cell": with_row('<c xmlns="urn:x" r="A900"><v>1</v></c>'),
    "a foreign value": with_row('<c r="A900"><v xmlns="urn:x">1</v></c>'),
    "a cell in a cell": with_row('<c r="A900"><c r="B900"><v>1</v></c></c>'),
    "a cell twice": with_row('<c r="A900"><v>1</v></c><c r="A900"><v>2</v></c>'),
    "a row twice": with_row('<c r="A6"><v>1</v></c>', row=6),
    "a cell in another row": with_row('<c r="A901"><v>1</v></c>'),
    "an address of no sheet": with_row('<c r="XFE900"><v>1</v></c>'),
    "an address that is none": with_row('<c r="900A"><v>1</v></c>'),
    "a row beyond the last": with_row("<c><v>1</v></c>", row=1_048_577),
    "a row of a thousand digits": swap(
        "</sheetData>", f'<row r="{"9" * 1000}"><c><v>1</v></c></row></sheetData>'
    ),
    "NaN": with_row('<c r="A900"><v>NaN</v></c>'),
    "a word as number": with_row('<c r="A900"><v>abc</v></c>'),
    "digits of another script": with_row('<c r="A900"><v>٣</v></c>'),
    "a string that is not there": with_row('<c r="A900" t="s"><v>99999</v></c>'),
    "a negative string": with_row('<c r="A900" t="s"><v>-1</v></c>'),
    "a truth of two": with_row('<c r="A900" t="b"><v>2</v></c>'),
    "an unknown type": with_row('<c r="A900" t="x"><v>2</v></c>'),
    "a style that is not there": with_row('<c r="A900" s="9999"><v>2</v></c>'),
    "a second sheetData": swap("</sheetData>", '</sheetData><sheetData><row r="1"/></sheetData>'),
    "no sheetData": swap("(?s)<sheetData>.*</sheetData>", ""),
    "something between rows": swap("</sheetData>", "<c><v>1</v></c></sheetData>"),
    "not well-formed": swap("</sheetData>", "<row></sheetData>"),
    "a control character": swap("</sheetData>", "<!-- \x01 --></sheetData>"),
    "text behind the end": lambda sheet: sheet + b"<x/>",
    "no worksheet": lambda sheet: sheet.replace(b"<worksheet", b"<chartsheet").replace(
        b"</worksheet", b"</chartsheet"
    ),
    "another namespace": swap("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "urn:x"),
    "overlapping areas": swap(
        "<mergeCells[^>]*>", '<mergeCells><mergeCell ref="E6:F7"/><mergeCell ref="F7:G8"/>'
    ),
    "an area of nothing": swap("<mergeCells[^>]*>", '<mergeCells><mergeCell ref="6:7"/>'),
}


@pytest.mark.parametrize("change", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_sheet_is_refused_by_name(
    change: Change, tmp_path: Path, run: Callable[..., Run]
) -> None:
    done = run("check", written(changed({TABLE: change}), tmp_path))
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert f"“{TABLE_SHEET}”已损坏" in done.err


READ: dict[str, dict[str, Change]] = {
    "a huge dimension": {TABLE: swap('<dimension ref="[^"]*"/>', '<dimension ref="A1:XFD1048576"/>')},
    "a broken dimension": {TABLE: swap('<dimension ref="[^"]*"/>', '<dimension ref="?"/>')},
    "many spans": {TABLE: swap(' spans="[^"]*"', ' spans="1:999999999999"')},
    "a count of strings that is a little wrong": {STRINGS: swap('count="[0-9]*"', 'count="1"')},
    "a number of strings that is a little wrong": {STRINGS: swap('uniqueCount="[0-9]*"', 'uniqueCount="500"')},
    "strings without counts": {STRINGS: swap(' count="[0-9]*" uniqueCount="[0-9]*"', "")},
    "a count that is no number": {STRINGS: swap('uniqueCount="[0-9]*"', 'uniqueCount=""')},
    "a count of formats": {STYLES: swap('<cellXfs count="[0-9]*"', '<cellXfs count="1000000000000"')},
    "a count of areas": {TABLE: swap('<mergeCells count="[0-9]*"', '<mergeCells count="1000000000000"')},
    "huge names": {BOOK: swap("</workbook>", f'<x:y xmlns:x="urn:x" z="{"9" * 9999}"/></workbook>')},
    "no fonts": {STYLES: swap("(?s)<fonts.*</fonts>", "")},
    "an area over nothing": {TABLE: swap("<mergeCells[^>]*>", '<mergeCells><mergeCell ref="A900:XFD1048576"/>')},
    "an area from its end": {TABLE: swap('ref="A1:K1"', 'ref=" k1:a1 "')},
    "an area twice": {TABLE: swap('<mergeCell ref="A1:K1"/>', '<mergeCell ref="A1:K1"/><mergeCell ref="A1:K1"/>')},
    "cells without addresses": {TABLE: lambda sheet: re.sub(rb'<c r="[A-Z]+\d+"', b"<c", sheet)},
    "formatted rows": {TABLE: swap("</sheetData>", "".join(f'<row r="{n}" ht="9"/>' for n in range(900, 9000)) + "</sheetData>")},
}  # fmt: skip


@pytest.mark.parametrize("changes", READ.values(), ids=READ)
def test_what_a_part_says_of_itself_is_not_believed(
    changes: dict[str, Change], tmp_path: Path
) -> None:
    reading = read_report(written(changed(changes), tmp_path))
    assert reading.report == REPORT
    assert [finding for finding in reading.findings if finding.stops] == []


IMPOSSIBLE: dict[str, Change] = {
    "strings": swap('uniqueCount="[0-9]*"', 'uniqueCount="1000000000000"'),
    "uses": swap(' count="[0-9]*"', ' count="1000000000000"'),
    "strings, in digits that fill a page": swap(
        'uniqueCount="[0-9]*"', f'uniqueCount="{"9" * 3000}"'
    ),
    "less than none": swap('uniqueCount="[0-9]*"', 'uniqueCount="-1"'),
    "more strings than bytes": swap('uniqueCount="[0-9]*"', 'uniqueCount="4000000"'),
}


@pytest.mark.parametrize("change", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_count_of_strings_that_cannot_be_is_refused(
    change: Change, tmp_path: Path, run: Callable[..., Run]
) -> None:
    done = run("check", written(changed({STRINGS: change}), tmp_path))
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert "已损坏（共享文字写明有" in done.err


@pytest.mark.slow
def test_a_batch_goes_on_beside_an_impossible_count(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(
        written(changed({STRINGS: IMPOSSIBLE["strings"]}), tmp_path), tmp_path / "in" / "bad.xlsx"
    )
    shutil.copy(written(changed({}), tmp_path), tmp_path / "in" / "good.xlsx")
    done = run("batch", tmp_path / "in", "-o", tmp_path / "out", "--jobs", "1")
    assert done.code == 6
    assert len(list((tmp_path / "out").glob("*.docx"))) == 1


# --- limits: everything is read, or the limit is told ---------------------------------------------


@pytest.mark.slow
def test_every_row_of_a_long_sheet_is_read(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="E{n}"><v>1</v></c></row>'
        for n in range(900, 50_900)
    )
    book = load(written(changed({TABLE: swap("</sheetData>", rows + "</sheetData>")}), tmp_path))
    grid = next(grid for grid in read_grids(book, "b") if grid.name == TABLE_SHEET)
    assert (len(grid.rows), grid.raw(50_898, 0), grid.raw(50_898, 4)) == (50_899, 50_899.0, 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["ZZ9999", "XFD1048576", "A1048576", "XFD1", "CW20000"])
def test_a_cell_far_away_is_read_or_named(cell: str, tmp_path: Path) -> None:
    row = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    far = f'<c r="{cell}"><v>1</v></c>'
    change = with_row(far, row) if row > 1 else swap('(?s)(<row r="1".*?)</row>', rf"\1{far}</row>")
    path = written(changed({TABLE: change}), tmp_path)
    found = [finding for finding in check_report(path) if finding.code == "S124"]
    grid = next(g for g in sheets.read_all_grids(load(path), "b") if g.name == TABLE_SHEET)
    assert [finding.place.cell for finding in found] == ([cell] if grid.far else [])
    assert grid.far or 1.0 in grid.rows[row - 1]
    if grid.far:
        with pytest.raises(InputError, match=cell):
            read_grids(load(path), "b")


LIMITS = [
    (sheets, "MAX_CELLS", 700, "有内容的单元格超过"),
    (sheets, "MAX_AREA", 300, "占的范围太大"),
    (sheets, "MAX_TAGS", 2000, "太大"),
    (strings, "MAX_STRINGS", 20, "共享文字超过 20 条"),
]


@pytest.mark.parametrize(
    ("module", "name", "limit", "said"), LIMITS, ids=[name for _, name, _, _ in LIMITS]
)
def test_a_limit_refuses_and_never_cuts(
    module: object,
    name: str,
    limit: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rich = swap("(<si>)<t", r"\1<r><t>x</t></r></si><si><t")  # strings that need a parser
    rows = with_row("".join(f'<c r="{c}900"><v>1</v></c>' for c in "ABCDEFGHIJ"))
    more = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(901, 1500))
    changes = {TABLE: lambda sheet: swap("</sheetData>", more + "</sheetData>")(rows(sheet))}
    if module is strings:
        changes = {STRINGS: lambda part: rich(part).replace(b"</sst>", b"<si><t>y</t></si></sst>")}
    path = written(changed(changes), tmp_path)
    monkeypatch.setattr(module, name, limit)
    with pytest.raises(InputError, match=said):
        read_report(path)


@pytest.mark.parametrize(("rows", "columns"), [(5, 100), (10_000, 3)])
def test_of_a_sheet_that_is_too_wide_every_cell_is_read_or_named(
    rows: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheetcells, "MAX_AREA", 600)
    monkeypatch.setattr(sheetcells, "NEAR_ROWS", 100)
    monkeypatch.setattr(sheetcells, "NEAR_COLUMNS", 6)
    places = {(1, 1), (3, 2), (rows, 1), (2, columns), (rows, columns)}
    workbook = Workbook()
    for row, column in places:
        workbook.active.cell(row, column).value = 7
    stream = io.BytesIO()
    workbook.save(stream)
    (grid,) = sheets.read_all_grids(load_bytes(stream.getvalue(), Path("b.xlsx")), "b")
    assert {*filled(grid), *grid.far} == {(row - 1, column - 1) for row, column in places}


def test_basic_data_are_found_however_far_down_they_stand(tmp_path: Path) -> None:

    book = opened(GOOD)
    book["基本信息"].insert_rows(1, 80)
    book.save(tmp_path / "b.xlsx")
    report = read_report(tmp_path / "b.xlsx").report
    assert (report.agency, report.year, report.published) == (
        REPORT.agency,
        REPORT.year,
        REPORT.published,
    )


def test_a_sheet_larger_than_any_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import random

    noise = random.Random(1)
    rows = "".join(f'<row r="{n}" ht="{noise.random()}"/>' for n in range(900, 9000))
    path = written(changed({TABLE: swap("</sheetData>", rows + "</sheetData>")}), tmp_path)
    small = DEFAULT_LIMITS._replace(member=100_000)
    monkeypatch.setattr(opening, "open_package", lambda *a, **k: open_package_with(small, *a, **k))
    with pytest.raises(
        InputError, match=f"“{TABLE_SHEET}”太大.*选中第 .* 行以下的空行，删去后保存"
    ):
        read_report(path)


def open_package_with(limits: object, *arguments: object, **options: object) -> object:
    from govdisclose.package import open_package

    return open_package(*arguments, limits, **options)


# --- parts ----------------------------------------------------------------------------------------


def other_figure(sheet: bytes) -> bytes:
    return re.sub(rb'(<c r="D6"[^>]*><v>)\d+', rb"\g<1>999999", sheet)


def test_the_workbook_is_the_one_that_the_relationships_name(tmp_path: Path) -> None:
    decoy = {
        "xl/real.xml": part(BOOK),
        "xl/_rels/real.xml.rels": part(RELATIONS).replace(b"sheet6.xml", b"real6.xml"),
    }
    decoy["xl/worksheets/real6.xml"] = part(TABLE)
    changes = {ROOT: swap("xl/workbook.xml", "xl/real.xml"), TABLE: other_figure}
    assert read_report(written(changed(changes, decoy), tmp_path)).report == REPORT


def test_the_strings_are_those_that_the_relationships_name(tmp_path: Path) -> None:
    changes = {
        RELATIONS: swap("sharedStrings.xml", "/xl/sst%32.xml"),
        STRINGS: lambda part: part.replace("局".encode(), b"X"),
    }
    more = {"xl/sst2.xml": part(STRINGS)}
    assert read_report(written(changed(changes, more), tmp_path)).report == REPORT


def test_names_may_differ_in_case_and_slashes(tmp_path: Path) -> None:
    moved = {r"XL\Worksheets\Sheet6.XML": part(TABLE)}
    assert read_report(written(changed({TABLE: lambda _: b""}, moved), tmp_path)).report == REPORT


REFUSED: dict[str, tuple[dict[str, Change], str]] = {
    "a missing sheet": ({TABLE: lambda _: b""}, f"缺少工作表“{TABLE_SHEET}”的内容"),
    "a sheet of no relationship": ({RELATIONS: swap('Id="rId6"', 'Id="rId66"')}, f"“{TABLE_SHEET}”的内容找不到"),
    "two sheets of one part": ({RELATIONS: swap("sheet6.xml", "sheet5.xml")}, "同一个部件"),
    "two sheets of one name": ({BOOK: swap(TABLE_SHEET, "二、主动公开")}, "同名的工作表"),
    "two workbooks": (
        {ROOT: swap("(<Relationship [^>]*officeDocument\" )Target=\"[^\"]*\"/>", r'\g<0>\1Target="xl/other.xml"/>')},
        "两个主文档",
    ),
    "two parts of strings": (
        {RELATIONS: swap("(<Relationship [^>]*)(Target=\"sharedStrings.xml\"/>)", r'\1\2\1Target="styles.xml"/>')},
        "两个 sharedStrings",
    ),
    "broken strings": ({STRINGS: swap("</sst>", "")}, "共享文字"),
    "broken relationships": ({RELATIONS: swap("</Relationships>", "")}, "不是完好的 XML"),
    "another main part": ({TYPES: swap("spreadsheetml.sheet.main", "wordprocessingml.document.main")}, "Word 文件"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), REFUSED.values(), ids=REFUSED)
def test_a_package_of_two_minds_is_refused(
    changes: dict[str, Change], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        read_report(written(changed(changes), tmp_path))


def test_styles_that_can_be_read_in_part_only_stop_a_report(tmp_path: Path) -> None:
    found = check_report(written(changed({STYLES: swap("</styleSheet>", "")}), tmp_path))
    assert [finding.code for finding in found if finding.stops] == ["S125"]


def test_sheets_whose_names_differ_in_case_only_are_two_sheets(tmp_path: Path) -> None:
    changes = {BOOK: lambda book: swap("说明事项", "abc")(swap("填报说明", "ABC")(book))}
    assert read_report(written(changed(changes), tmp_path)).report == REPORT


# --- files of other kinds -------------------------------------------------------------------------


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


KINDS = {
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "图片"),
    "a bitmap": (b"BM" + bytes(50), "图片"),
    "a picture of a telephone": (bytes(4) + b"ftypheic" + bytes(50), "图片"),
    "workbooks in an archive": (
        archive(**{"a.xlsx": GOOD, "b.xlsx": GOOD}),
        "里面有 2 个文件.*解压后再用",
    ),
    "a text of two letters": (b"BM,1,2\n", "纯文本或 CSV"),
    "an OpenDocument text": (
        archive(mimetype=b"application/vnd.oasis.opendocument.text"),
        "另存为 .docx",
    ),
}


@pytest.mark.parametrize(("data", "said"), KINDS.values(), ids=KINDS)
def test_a_file_of_another_kind_is_named(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read_report(written(data, tmp_path))


def test_a_pipe_is_refused_before_it_is_opened(tmp_path: Path, run: Callable[..., Run]) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    done = run("check", tmp_path / "pipe.xlsx")
    assert (done.code, "管道" in done.err) == (3, True)


# --- annotated copies -----------------------------------------------------------------------------


def test_a_copy_that_would_be_of_another_part_is_not_written(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    decoy = {
        "xl/real.xml": part(BOOK),
        "xl/_rels/real.xml.rels": part(RELATIONS).replace(b"sheet6.xml", b"real6.xml"),
    }
    decoy["xl/worksheets/real6.xml"] = part(TABLE)
    book = written(
        changed({ROOT: swap("xl/workbook.xml", "xl/real.xml"), TABLE: other_figure}, decoy),
        tmp_path,
    )
    done = run("check", book, "--annotate", tmp_path / "copy.xlsx")
    assert (done.code, "与原件不一致" in done.err) == (5, True)
    assert not (tmp_path / "copy.xlsx").exists()


def test_a_workbook_that_openpyxl_cannot_copy_ends_with_a_sentence(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = written(changed({STYLES: swap("(?s)<fonts.*</fonts>", "")}), tmp_path)
    done = run("check", book, "--annotate", tmp_path / "copy.xlsx", "--format", "json")
    assert (done.code, "不能制作带批注的副本" in done.err) == (5, True)


# --- cells that are only formatted ----------------------------------------------------------------

FORMATTED = {
    "addressed": (
        '<row r="3"><c r="A3" s="1"/><c r="B3"><v>1</v></c></row><row r="4" ht="20"/>',
        1,
    ),
    "a row without a number": (
        '<row r="3"><c r="A3"/></row><row r="4"/><row><c r="B5"><v>1</v></c></row>',
        1,
    ),
    "a cell without an address": ('<row r="3"><c r="B3" s="1"/><c><v>1</v></c></row>', 1),
    "only formatted": ('<row r="3"><c r="A3" s="1"/></row><row r="4"/>', 0),
}


@pytest.mark.parametrize(("rows", "filled"), FORMATTED.values(), ids=FORMATTED)
def test_cells_that_are_only_formatted_move_nothing(rows: str, filled: int) -> None:
    styles = Styles(formats=(CellFormat("0", "0"),) * 2)
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    room = " " * 200_000  # in a small sheet blank cells are not looked for
    part = f"<worksheet {namespace}><sheetData>{rows}</sheetData>{room}</worksheet>"
    with_them = read_cells(
        part.replace("<sheetData>", "<sheetData><!-- whole -->").encode(), [], styles, 100
    )
    without = read_cells(part.encode(), [], styles, 100)
    assert without == with_them
    assert without.filled == filled


def test_a_sheet_like_a_known_one_is_refused_when_the_place_of_its_cursor_is_told_twice(
    tmp_path: Path,
) -> None:
    for _ in range(2):
        read_report(written(changed({}), tmp_path))
    twice = swap('topLeftCell="D6"', 'topLeftCell="D6" topLeftCell="D6"')
    with pytest.raises(InputError, match="已损坏"):
        read_report(written(changed({TABLE: twice}), tmp_path))
