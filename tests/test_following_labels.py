"""Tables are found and read by their labels: what moves is followed, what is unclear is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from govdisclose import EDITIONS, outline, read_report
from govdisclose.form.outline import spans
from govdisclose.form.report import SECTIONS
from govdisclose.write.workbook import data_cells
from support import EDITION_2019, EDITION_2021, check_edited, codes, consistent_report, write_book

REQUESTS, PROACTIVE, DISPUTES = "三、依申请公开", "二、主动公开", "四、复议诉讼"
REPORT = consistent_report()


def unmerge(sheet: Any) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def insert_row(name: str, at: int) -> Callable[[Workbook], None]:
    """A row inserted as Excel does it: merged areas and values below move down."""
    return lambda book: _shift(book[name], at, rows=1)


def insert_column(name: str, at: int) -> Callable[[Workbook], None]:
    return lambda book: _shift(book[name], at, rows=0)


def _shift(sheet: Any, at: int, rows: int) -> None:
    areas = [area.bounds for area in sheet.merged_cells.ranges]
    unmerge(sheet)
    values = {
        (c.row, c.column): c.value
        for line in sheet.iter_rows()
        for c in line
        if c.value is not None
    }
    for line in list(sheet.iter_rows()):
        for cell in line:
            cell.value = None
    for (row, column), value in values.items():
        moved = (row + (rows and row >= at), column + (not rows and column >= at))
        if not (isinstance(value, str) and value.startswith("=")):
            sheet.cell(*moved).value = value
    stated = {
        place[1:]: REPORT.values()[path]
        for path, place in data_cells(EDITION_2021).items()
        if place[0] == sheet.title
    }
    for (row, column), value in stated.items():
        row, column = row + 1, column + 1
        sheet.cell(
            row + (1 if rows and row >= at else 0), column + (1 if not rows and column >= at else 0)
        ).value = value
    for left, top, right, bottom in areas:
        if rows:
            top, bottom = top + (top >= at), bottom + (bottom >= at)
        else:
            left, right = left + (left >= at), right + (right >= at)
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def rename(old: str, new: str) -> Callable[[Workbook], None]:
    return lambda book: setattr(book[old], "title", new)


def widen(book: Workbook) -> None:
    """Labels in the full-width forms of letters, digits and blanks, with blanks inside."""
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if (
                    isinstance(cell.value, str)
                    and cell.value[:2] in ("1.", "2.", "3.")
                    and sheet.title == REQUESTS
                ):
                    cell.value = (
                        cell.value.replace(".", "．　").replace("1", "１").replace("2", "２")
                    )


def half_width(book: Workbook) -> None:
    for line in book[REQUESTS].iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace("（", "(").replace("）", ") ").replace("、", ".")


def without_ordinals(book: Workbook) -> None:
    for line in book[REQUESTS].iter_rows():
        for cell in line:
            if isinstance(cell.value, str) and cell.value[:2] in {f"{i}." for i in range(1, 9)}:
                cell.value = cell.value[2:]


def short_headers(book: Workbook) -> None:
    for sheet, old, new in (
        (PROACTIVE, "现行有效件数", "现行有效件（历史累计）"),
        (PROACTIVE, "行政规范性文件", "规范性文件"),
        (DISPUTES, "未经复议直接起诉", "未经复议直接诉讼"),
        (DISPUTES, "尚未审结", "未审结"),
    ):
        for line in book[sheet].iter_rows():
            for cell in line:
                if cell.value == old:
                    cell.value = new


def move_down(sheet: Any, row: int, rows: int) -> None:
    unmerge(sheet)
    values = [cell.value for cell in sheet[row][:15]]
    for column, value in enumerate(values, 1):
        total = sum(values[column - 5 : column - 1]) if str(value).startswith("=") else value
        sheet.cell(row + rows, column).value, sheet.cell(row, column).value = total, None


FOLLOWED: dict[str, Callable[[Workbook], Any]] = {
    "a blank row inserted among the outcomes": insert_row(REQUESTS, 12),
    "a blank row inserted inside the header": insert_row(DISPUTES, 4),
    "a blank row inserted in table two": insert_row(PROACTIVE, 6),
    "a blank column inserted before the numbers": insert_column(REQUESTS, 4),
    "a blank column inserted among the applicants": insert_column(REQUESTS, 7),
    "a blank column inserted in table four": insert_column(DISPUTES, 8),
    "a sheet renamed": rename(REQUESTS, "Sheet3"),
    "a sheet with a blank in its name": rename("基本信息", "基本信息 "),
    "a prose sheet named by its heading": rename("五、问题及改进", "五、存在的主要问题及改进情况"),
    "the sheets in another order": lambda book: book._sheets.reverse(),
    "full-width labels": widen,
    "half-width brackets and other stops": half_width,
    "labels without ordinals": without_ordinals,
    "headers and rows as many offices spell them": short_headers,
    "merged labels split up": lambda book: (unmerge(book[PROACTIVE]), unmerge(book[DISPUTES])),
    "the figures of table four far below their header": lambda book: move_down(
        book[DISPUTES], 6, 14
    ),
    "a sheet that is not ours": lambda book: book.create_sheet("备忘").append(
        ["总计", 5, "其他", 7]
    ),
}


@pytest.mark.parametrize("edit", FOLLOWED.values(), ids=FOLLOWED)
def test_what_moves_is_followed(edit: Callable[[Workbook], Any], tmp_path: Path) -> None:
    reading = read_report(write_book(tmp_path, REPORT, edit))
    assert [f.code for f in reading.findings if f.stops] == []
    assert {f.place.sheet for f in reading.findings if f.code == "S114"} <= {"备忘"}
    assert reading.report == REPORT


def rewrite(sheet: str, old: str, new: str | None) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        cells = [c for line in book[sheet].iter_rows() for c in line if c.value == old]
        assert cells, old
        cells[0].value = new

    return edit


def add_column(name: str, value: float = 1) -> Callable[[Workbook], None]:
    """A column among the applicants, with numbers."""

    def edit(book: Workbook) -> None:
        _shift(book[REQUESTS], 9, rows=0)
        book[REQUESTS].cell(5, 9).value = name
        for row in range(6, 31):
            book[REQUESTS].cell(row, 9).value = value

    return edit


def add_row(name: str) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        _shift(book[REQUESTS], 8, rows=1)
        book[REQUESTS].cell(8, 2).value = name
        for column in range(4, 11):
            book[REQUESTS].cell(8, column).value = 1

    return edit


def shift_right(sheet: str, row: int, first: int, last: int) -> Callable[[Workbook], None]:
    """“Insert cells, shift right” at the first column of a row."""

    def edit(book: Workbook) -> None:
        unmerge(book[sheet])
        for column in range(last + 1, first, -1):
            book[sheet].cell(row, column).value = book[sheet].cell(row, column - 1).value
        book[sheet].cell(row, first).value = None

    return edit


def put(sheet: str, address: str, value: object) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        unmerge(book[sheet])
        book[sheet][address] = value

    return edit


def copy_sheet(book: Workbook) -> None:
    book.copy_worksheet(book[REQUESTS])


REPORTED: dict[str, tuple[Callable[[Workbook], Any], str]] = {
    "a statutory table deleted": (lambda book: book.remove(book[DISPUTES]), "S101"),
    "a sheet copied": (copy_sheet, "S102"),
    "a row's label deleted": (rewrite(REQUESTS, "2.重复申请", None), "S103"),
    "a row's label mistyped": (rewrite(REQUESTS, "2.重复申请", "2.重複的申请"), "S103"),
    "a row twice": (rewrite(REQUESTS, "2.重复申请", "3.要求提供公开出版物"), "S104"),
    "a row added": (add_row("其中：网络申请"), "S105"),
    "a column's label deleted": (rewrite(REQUESTS, "科研机构", None), "S106"),
    "a column twice": (rewrite(REQUESTS, "科研机构", "商业企业"), "S107"),
    "a column added": (add_column("法人小计"), "S108"),
    "a column added with shares in it": (add_column("占比", 1 / 3), "S108"),
    "a row of table two moved by a cell": (shift_right(PROACTIVE, 5, 2, 4), "S108"),
    "a figure beside its cell, under the same wide header": (put(PROACTIVE, "C9", 55), "S108"),
    "an amount beside its cell": (put(PROACTIVE, "C16", 0.5), "S108"),
    "a row right below the table, with a share": (
        lambda book: (put(PROACTIVE, "A17", "办结率")(book), put(PROACTIVE, "B17", 2 / 3)(book)),
        "S105",
    ),
    "a prose sheet copied": (
        lambda book: setattr(
            book.copy_worksheet(book["六、其他事项"]), "title", "六、其他事项 (2)"
        ),
        "S102",
    ),
    "a prose sheet deleted": (lambda book: book.remove(book["五、问题及改进"]), "S109"),
    "data cells merged": (lambda book: book[REQUESTS].merge_cells("D8:E8"), "S111"),
    "basic data deleted": (lambda book: book.remove(book["基本信息"]), "S112"),
}


@pytest.mark.parametrize(("edit", "code"), REPORTED.values(), ids=REPORTED)
def test_what_is_unclear_is_reported(
    edit: Callable[[Workbook], Any], code: str, tmp_path: Path
) -> None:
    findings = check_edited(tmp_path, REPORT, edit)
    assert code in codes(findings)
    assert all(f.place.file == "book.xlsx" for f in findings)
    assert any(f.stops for f in findings)


def test_a_mistyped_row_names_the_row_that_is_meant(tmp_path: Path) -> None:
    findings = check_edited(
        tmp_path, REPORT, rewrite(REQUESTS, "6.属于四类过程性信息", "6.属于四类过程性性信息")
    )
    unknown = next(f for f in findings if f.code == "S105")
    assert "是否应为“6.属于四类过程性信息”" in unknown.message


def test_tables_of_two_editions_in_one_book_are_refused(tmp_path: Path) -> None:
    old = write_book(tmp_path, consistent_report(EDITION_2019))
    source = load_workbook(old)[PROACTIVE]

    def edit(book: Workbook) -> None:
        sheet = book[PROACTIVE]
        unmerge(sheet)
        sheet.delete_rows(1, sheet.max_row)
        for line in source.iter_rows():
            for cell in line:
                if cell.value is not None:
                    sheet.cell(cell.row, cell.column).value = cell.value

    assert "S110" in codes(check_edited(tmp_path, REPORT, edit))


def test_an_edition_is_told_by_its_tables_and_held_against_the_year(tmp_path: Path) -> None:
    report = consistent_report(EDITION_2019).evolve(year=2023)
    findings = check_edited(tmp_path, report, lambda book: None)
    assert read_report(tmp_path / "book.xlsx").report.edition is EDITION_2019
    assert [f.severity.value for f in findings if f.code == "S120"] == ["warning"]


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_an_offices_own_form_in_one_sheet_reads_as_well(edition, tmp_path: Path) -> None:
    """Title, three tables stacked in one sheet, no light columns, no sheet of ours but the prose."""
    report = consistent_report(edition)
    values, book = report.values(), Workbook()
    sheet = book.active
    sheet.title = "年报"
    sheet.append(["某某市示范局", None])
    sheet.append([f"某某市示范局{report.year}年政府信息公开工作年度报告"])
    row = 4
    for table in outline(edition).tables.values():
        for block in table.blocks:
            depth = max(len(c.labels) for c in block.columns)
            stub = max([len(line.labels) for line in block.lines] + [0])
            if block.label:
                sheet.cell(row, 1).value = block.label
                row += 1
            for s in spans([c.labels for c in block.columns]):
                sheet.cell(row + s.row, stub + 1 + s.column).value = s.text
            row += depth
            for s in spans([line.labels for line in block.lines]):
                sheet.cell(row + s.column, 1 + s.row).value = s.text
            for line in block.lines:
                for i, cell in enumerate(line.cells):
                    sheet.cell(row, stub + 1 + i).value = values[cell.path]
                row += 1
        row += 2
    for section in SECTIONS:
        if not section.is_table:
            prose = book.create_sheet(section.sheet)
            prose.append([section.heading])
            for paragraph in getattr(report, section.key):
                prose.append([paragraph.text])
    book.save(tmp_path / "own.xlsx")
    reading = read_report(tmp_path / "own.xlsx")
    assert {f.code for f in reading.findings} == {"S121"}, "its sheets of prose have no header"
    assert reading.report.values() == values
    assert (reading.report.agency.name, reading.report.year) == ("某某市示范局", report.year)
    assert reading.report.overview == report.overview


def test_every_value_carries_the_cell_it_came_from(tmp_path: Path) -> None:
    reading = read_report(write_book(tmp_path, REPORT))
    for path, (sheet, row, column) in data_cells(EDITION_2021).items():
        place = reading.places[path]
        assert (place.file, place.sheet, place.cell) == (
            "book.xlsx",
            sheet,
            f"{get_column_letter(column + 1)}{row + 1}",
        )
