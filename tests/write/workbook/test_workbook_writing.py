"""The workbook the library writes, seen through openpyxl and LibreOffice."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet as OpenedSheet
from xlsxwriter.worksheet import Worksheet

from govdisclose.form.edition import EDITION_2021, EDITIONS, Edition
from govdisclose.form.explanation import Explanation
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Relation, outline
from govdisclose.form.report import SECTIONS, Agency, AnnualReport, Paragraph, blank_report
from govdisclose.form.sheets import BASICS, BASICS_SHEET, LIGHT_LABEL, PROSE_SHEETS, SHEET_ORDER
from govdisclose.read.workbook.reader import read_workbook
from govdisclose.write.workbook import data_cells, workbook_bytes
from govdisclose.write.workbook.formulas import BALANCED, HAS_TEXT, PENDING
from govdisclose.write.workbook.layout import table_layout
from support.office import converted, needs_libreoffice
from support.reports import opened, written

TABLES = {section.key: section.sheet for section in SECTIONS if section.is_table}
both_editions = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS.keys())


def calculated(data: bytes) -> Workbook:
    """The workbook with the values of its formulas."""
    return load_workbook(io.BytesIO(data), data_only=True)


def consistent(edition: Edition) -> AnnualReport:
    """Every addend filled with a figure of its own, every relation true."""
    form = outline(edition)
    values: dict[str, Value] = {path: index % 7 for index, path in enumerate(form.cells)}
    for relation in form.sums:
        values[relation.right[0]] = sum(int(values[path] or 0) for path in relation.left)
    for balance in form.balances:
        carried_in, outcomes, carried_out = balance.left[1], *balance.right
        values[carried_in], values[carried_out] = 0, 0
        values[balance.left[0]] = values[outcomes]
    money = {
        path: Decimal("96171.6") for path, cell in form.cells.items() if cell.kind is Kind.MONEY
    }
    return blank_report(edition, year=edition.first_year).with_values({**values, **money})


def expanded(reference: str) -> set[str]:
    """The cells named in a formula's ranges."""
    cells: set[str] = set()
    for found in re.findall(r"[A-Z]+\d+(?::[A-Z]+\d+)?", reference):
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(found))
        cells |= {
            _a1(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        }
    return cells


def _a1(row: int, column: int) -> str:
    return f"{chr(ord('A') + column - 1)}{row}"


def addresses(edition: Edition) -> dict[str, tuple[str, str]]:
    return {path: (s, _a1(r + 1, c + 1)) for path, (s, r, c) in data_cells(edition).items()}


def lights(edition: Edition) -> dict[Relation, tuple[str, str]]:
    return {
        light.relation: (sheet, _a1(light.row + 1, light.column + 1))
        for key, sheet in TABLES.items()
        for light in table_layout(edition, key).lights
    }


def texts(sheet: OpenedSheet) -> list[list[object]]:
    """The sheet's values, with merged areas filled."""
    grid: list[list[object]] = [list(row) for row in sheet.iter_rows(values_only=True)]
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row - 1, area.max_row):
            for column in range(area.min_col - 1, area.max_col):
                grid[row][column] = grid[area.min_row - 1][area.min_col - 1]
    return grid


# --- formulas -----------------------------------------------------------------------------------


@both_editions
def test_no_formula_needs_what_xlsxwriter_does_to_newer_functions(edition: Edition) -> None:
    """So its search for them is left out."""
    report = consistent(edition)
    data = workbook_bytes(report, last=report)
    cells = [cell for sheet in opened(data) for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert len(formulas) > 300
    prepare = Worksheet()._prepare_formula  # private: only it shows what would become of a formula
    assert [formula for formula in formulas if "=" + prepare(formula, True) != formula] == []


# --- what is printed ----------------------------------------------------------------------------


@both_editions
def test_sheets_stand_in_order_under_their_statutory_headings(edition: Edition) -> None:
    book = opened(written(blank_report(edition)))
    assert tuple(book.sheetnames) == SHEET_ORDER
    for section in SECTIONS:
        assert book[section.sheet]["A1"].value == section.heading


@both_editions
def test_every_cell_has_its_printed_labels_beside_and_above_it(edition: Edition) -> None:
    book = opened(written(blank_report(edition)))
    grids = {sheet: texts(book[sheet]) for sheet in TABLES.values()}
    for path, (sheet, row, column) in data_cells(edition).items():
        cell, grid = outline(edition).cells[path], grids[sheet]
        stub = table_layout(edition, cell.table).stub
        beside = tuple(dict.fromkeys(grid[row][:stub]))
        above = [line[column] for line in grid[:row] if isinstance(line[column], str)]
        headers = [
            text for text, before in zip(above, [None, *above], strict=False) if text != before
        ]
        assert beside == cell.row, path
        printed = tuple(text for text in headers if not str(text).startswith("="))
        assert printed[-len(cell.column) :] == cell.column, path
        assert cell.block is None or cell.block in above, path


def test_the_corner_of_table_three_holds_the_statutory_note() -> None:
    section = next(section for section in SECTIONS if section.note)
    sheet = opened(written(blank_report(EDITION_2021)))[section.sheet]
    corner = next(
        area for area in sheet.merged_cells.ranges if area.start_cell.value == section.note
    )
    assert (corner.size["rows"], corner.size["columns"]) == (3, 3)


@both_editions
def test_no_data_cell_is_merged(edition: Edition) -> None:
    book = opened(written(blank_report(edition)))
    for sheet, cell in addresses(edition).values():
        assert not any(cell in area for area in book[sheet].merged_cells.ranges), cell


# --- what can be filled in ----------------------------------------------------------------------


@both_editions
def test_a_new_workbook_has_blank_unlocked_inputs_and_everything_else_locked(
    edition: Edition,
) -> None:
    data = written(blank_report(edition))
    book, values = opened(data), calculated(data)
    places = addresses(edition)
    totals = {places[relation.right[0]] for relation in outline(edition).sums}
    inputs = set(places.values()) - totals
    for sheet in TABLES.values():
        assert book[sheet].protection.sheet
        assert not book[sheet].protection.password
        for row in book[sheet].iter_rows():
            for cell in row:
                here = (sheet, cell.coordinate)
                assert cell.protection.locked is (here not in inputs), here
                if here in places.values():
                    assert values[sheet][cell.coordinate].value is None, here


@both_editions
def test_every_input_is_validated_in_chinese(edition: Edition) -> None:
    book = opened(written(blank_report(edition)))
    expected = {
        Kind.COUNT: ("whole", "greaterThanOrEqual", "0"),
        Kind.CHANGE: ("whole", None, "-1000000000"),  # the default operator, between, is not stored
        Kind.MONEY: ("decimal", "greaterThanOrEqual", "0"),
    }
    for path, (sheet, cell) in addresses(edition).items():
        rules = [rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref]
        assert len(rules) == 1, path
        rule = rules[0]
        assert (rule.type, rule.operator, rule.formula1) == expected[
            outline(edition).cells[path].kind
        ], path
        assert rule.showErrorMessage
        assert rule.errorStyle in (None, "stop")
        assert re.search("[一-鿿]", rule.errorTitle)
        assert re.search("[一-鿿]", rule.error)


def test_basic_items_are_validated_and_explained() -> None:
    sheet = opened(written(blank_report(EDITION_2021, year=2025)))[BASICS_SHEET]
    rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    kinds = {rule.type for rule in sheet.data_validations.dataValidation}
    assert {"list", "whole", "date"} <= kinds
    for basic in BASICS:
        assert sheet.cell(rows[basic.label], 3).value == basic.help
        assert sheet.cell(rows[basic.label], 2).protection.locked is (basic.key == "edition")


def test_basic_items_are_written_as_what_they_are() -> None:
    agency = Agency("某某市人民政府", "111505000115501234", "government")
    report = AnnualReport(agency=agency, year=2025, published=date(2026, 1, 20))
    sheet = opened(written(report))[BASICS_SHEET]
    cells = {sheet.cell(row, 1).value: sheet.cell(row, 2) for row in range(1, sheet.max_row + 1)}
    found = {basic.key: cells[basic.label] for basic in BASICS}
    assert found["code"].value == "111505000115501234"
    assert found["code"].number_format == "@"
    assert found["level"].value == "政府"
    assert found["year"].value == 2025
    assert found["published"].value == datetime(2026, 1, 20)
    assert found["published"].number_format == "yyyy-mm-dd"
    assert found["title"].value is None


def test_prose_sheets_take_new_paragraphs_below_the_written_ones() -> None:
    prose = (
        Paragraph("全年公开信息 5 条。"),
        Paragraph("（一）主动公开。", 2),
        Paragraph("1.制度。", 3),
    )
    book = opened(written(AnnualReport(overview=prose)))
    sheet = book[PROSE_SHEETS["overview"]]
    lines = [(sheet.cell(row, 1).value, sheet.cell(row, 2).value) for row in range(4, 7)]
    assert lines == [
        ("正文", "全年公开信息 5 条。"),
        ("（一）", "（一）主动公开。"),
        ("1.", "1.制度。"),
    ]
    for name in PROSE_SHEETS.values():
        page = book[name]
        assert page.column_dimensions["B"].width > 60
        assert not page.cell(20, 2).protection.locked
        rule = page.data_validations.dataValidation[0]
        assert "A300" in rule.sqref
        assert rule.type == "list"


# --- totals and lights --------------------------------------------------------------------------


@both_editions
def test_every_total_is_a_live_sum_of_exactly_its_addends_with_its_value(edition: Edition) -> None:
    report = consistent(edition)
    data = written(report)
    book, values, places = opened(data), calculated(data), addresses(edition)
    seen = set()
    for relation in outline(edition).sums:
        path = relation.right[0]
        if path in seen:  # the corner of table three is the total of its row and of its column
            continue
        seen.add(path)
        sheet, cell = places[path]
        formula = re.fullmatch(r'=IF\(COUNT\((.+)\)=0,"",SUM\((.+)\)\)', book[sheet][cell].value)
        assert formula, path
        assert (
            expanded(formula[1])
            == expanded(formula[2])
            == {places[addend][1] for addend in relation.left}
        )
        assert values[sheet][cell].value == report.values()[path]


@both_editions
def test_lights_are_green_when_every_relation_holds_and_off_when_nothing_is_entered(
    edition: Edition,
) -> None:
    filled = calculated(written(consistent(edition)))
    blank = calculated(written(blank_report(edition)))
    assert len(lights(edition)) == len(outline(edition).relations)
    for sheet, cell in lights(edition).values():
        assert filled[sheet][cell].value == BALANCED
        assert blank[sheet][cell].value is None


@pytest.mark.slow
@both_editions
def test_only_the_lights_of_broken_relations_turn_red_and_say_by_how_much(edition: Edition) -> None:
    report, places = consistent(edition), lights(edition)
    for broken in {relation.name: relation for relation in outline(edition).relations}.values():
        path = broken.right[-1]
        wrong = report.with_values({path: int(report.values()[path] or 0) + 3})
        book = calculated(written(wrong))
        for relation, (sheet, cell) in places.items():
            shown = book[sheet][cell].value
            expected = (
                "差 +3"
                if path in relation.right
                else "差 -3"
                if path in relation.left
                else BALANCED
            )
            assert shown == expected, (broken.name, relation)


def test_lights_point_at_text_among_the_figures_and_at_a_missing_total() -> None:
    report = consistent(EDITION_2021)
    row = "requests.received"
    blank = (f"{row}.business", "requests.carried_in.total", "disputes.review.total")
    data = workbook_bytes(
        report.with_values(dict.fromkeys(blank)), as_typed={f"{row}.business": "12件"}
    )
    book, places = calculated(data), lights(EDITION_2021)
    sums = {r: place for r, place in places.items() if r.name in {"applicants", "disputes"}}
    shown = {relation.right[0]: book[sheet][cell].value for relation, (sheet, cell) in sums.items()}
    assert shown[f"{row}.total"] == HAS_TEXT
    assert shown["requests.carried_in.total"] == PENDING
    assert shown["disputes.review.total"] == PENDING


def test_lights_carry_the_label_by_which_readers_know_them() -> None:
    book = opened(written(blank_report(EDITION_2021)))
    for relation, (sheet, cell) in lights(EDITION_2021).items():
        grid = texts(book[sheet])
        row, column = int(cell[1:]) - 1, ord(cell[0]) - ord("A")
        beside, above = grid[row][:column], [line[column] for line in grid[:row]]
        assert LIGHT_LABEL in beside or LIGHT_LABEL in above, relation


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"requests.received.total": 999}, "a wrong total"),
        ({"requests.received.total": None}, "a blank total over figures"),
        (dict.fromkeys(outline(EDITION_2021).sums[-1].left), "a bare total"),
        ({"requests.outcomes.total.total": 0}, "a wrong corner"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_stated_total_survives_and_stays_writable(
    changes: dict[str, Value], why: str, tmp_path: Path
) -> None:
    report = consistent(EDITION_2021).with_values(changes)
    path = tmp_path / "book.xlsx"
    path.write_bytes(written(report))
    assert read_workbook(path).report.values() == report.values(), why
    book, places = opened(path.read_bytes()), addresses(EDITION_2021)
    for changed in changes:
        sheet, cell = places[changed]
        assert book[sheet][cell].data_type != "f"
        assert not book[sheet][cell].protection.locked


@both_editions
def test_what_is_written_reads_back_the_same(edition: Edition, tmp_path: Path) -> None:
    prose = [
        Paragraph(" 空格 保留", 0),
        Paragraph("（一）A&B<C>“引号”", 2),
        Paragraph("（1）𠮷㐀", 4),
    ]
    every_cell_its_own = {path: index + 1 for index, path in enumerate(outline(edition).cells)}
    agency = Agency("某某市民政局", None, "agency")
    report = blank_report(
        edition, agency=agency, year=edition.first_year, title="标题", problems=prose
    ).with_values(every_cell_its_own)
    note = Explanation("A101", "三、依申请公开!J6", "61", "口径不同")
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook_bytes(report, explanations=[note]))
    reading = read_workbook(path)
    assert reading.report.values() == report.values()
    assert reading.report.agency == report.agency
    assert [p.level for p in reading.report.problems] == [0, 2, 4]
    assert reading.explanations == (note,)
    assert not reading.findings


# --- the file ------------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes() -> None:
    report = consistent(EDITION_2021)
    assert workbook_bytes(report) == workbook_bytes(report)


@both_editions
def test_the_file_holds_no_macros_links_or_doubled_parts(edition: Edition) -> None:
    with zipfile.ZipFile(io.BytesIO(written(consistent(edition)))) as archive:
        names = archive.namelist()
        relations = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
    assert len(names) == len(set(names))
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
    assert b'TargetMode="External"' not in relations


def test_every_sheet_prints_on_a4_and_the_tables_on_one_page() -> None:
    book = opened(written(consistent(EDITION_2021)))
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert "&P" in str(sheet.oddFooter)
    assert book[TABLES["requests"]].print_title_rows == "$1:$5"
    assert book[TABLES["requests"]].freeze_panes == "D6"


# --- LibreOffice --------------------------------------------------------------------------------


CONDITIONS = ("blank", "filled", "broken")


def workbook_in(condition: str, edition: Edition) -> bytes:
    if condition == "blank":
        return workbook_bytes(blank_report(edition))
    report = consistent(edition)
    if condition == "filled":
        return workbook_bytes(report)
    broken = {
        "requests.carried_out.natural_person": 5,
        "disputes.review.total": 1,
        "requests.received.total": None,
    }
    typed = {"requests.outcomes.granted.business": "12件"}
    return workbook_bytes(report.with_values(broken), as_typed=typed)


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workbooks as they are written, and in ``out`` with the values that LibreOffice computes."""
    folder = tmp_path_factory.mktemp("computed")
    (folder / "bare").mkdir()
    bare = []
    for condition, (name, edition) in product(CONDITIONS, EDITIONS.items()):
        data = workbook_in(condition, edition)
        file = f"{condition}-{name}.xlsx"
        (folder / file).write_bytes(data)
        bare.append(folder / "bare" / file)
        bare[-1].write_bytes(_without_stored_values(data))
    converted(bare, "xlsx:Calc MS Excel 2007 XML", folder / "out")
    return folder


@pytest.mark.libreoffice
@needs_libreoffice
@both_editions
@pytest.mark.parametrize("condition", CONDITIONS)
def test_libreoffice_computes_the_values_that_were_stored(
    condition: str, edition: Edition, computed: Path
) -> None:
    file = f"{condition}-{edition.name}.xlsx"
    stored = calculated((computed / file).read_bytes())
    formulas = opened((computed / file).read_bytes())
    found = calculated((computed / "out" / file).read_bytes())
    cells = [
        (sheet.title, cell.coordinate)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(cells) >= len(outline(edition).relations)
    for sheet, cell in cells:
        value = found[sheet][cell].value
        assert (None if value == "" else value) == stored[sheet][cell].value, (sheet, cell)


def _without_stored_values(data: bytes) -> bytes:
    """LibreOffice would rather trust the stored values than compute them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", source.read(name)))
    return out.getvalue()
