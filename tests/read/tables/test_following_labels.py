"""Tables are found and read by their labels: what moves is followed, what is unclear is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from govdisclose import EDITIONS, outline, read_report
from govdisclose.form.outline import spans
from govdisclose.form.report import SECTIONS
from govdisclose.write.workbook import data_cells
from support.reports import (
    EDITION_2019,
    EDITION_2021,
    check_edited,
    codes,
    consistent_report,
    opened,
    write_book,
    written,
)
from support.tables import (
    DISPUTES,
    PROACTIVE,
    REPORT,
    REPORTED,
    REQUESTS,
    rewrite,
    shift,
    unmerge,
)


def insert_row(name: str, at: int) -> Callable[[Workbook], None]:
    """A row inserted as Excel does it: merged areas and values below move down."""
    return lambda book: shift(book[name], at, rows=1)


def insert_column(name: str, at: int) -> Callable[[Workbook], None]:
    return lambda book: shift(book[name], at, rows=0)


def rename(old: str, new: str) -> Callable[[Workbook], None]:
    return lambda book: setattr(book[old], "title", new)


def widen(workbook: Workbook) -> None:
    """Labels in the full-width forms of letters, digits and blanks, with blanks inside."""
    for sheet in workbook:
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


def half_width(workbook: Workbook) -> None:
    for line in workbook[REQUESTS].iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace("（", "(").replace("）", ") ").replace("、", ".")


def without_ordinals(workbook: Workbook) -> None:
    for line in workbook[REQUESTS].iter_rows():
        for cell in line:
            if isinstance(cell.value, str) and cell.value[:2] in {f"{i}." for i in range(1, 9)}:
                cell.value = cell.value[2:]


def short_headers(workbook: Workbook) -> None:
    for sheet, old, new in (
        (PROACTIVE, "现行有效件数", "现行有效件（历史累计）"),
        (PROACTIVE, "行政规范性文件", "规范性文件"),
        (DISPUTES, "未经复议直接起诉", "未经复议直接诉讼"),
        (DISPUTES, "尚未审结", "未审结"),
    ):
        for line in workbook[sheet].iter_rows():
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
    "the sheets in another order": lambda book: [
        book.move_sheet(sheet, -place) for place, sheet in enumerate(book.worksheets)
    ],
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


@pytest.mark.slow
@pytest.mark.parametrize("edit", FOLLOWED.values(), ids=FOLLOWED)
def test_what_moves_is_followed(edit: Callable[[Workbook], Any], tmp_path: Path) -> None:
    book = opened(written(REPORT))
    ours = lines_of(book)
    edit(book)
    book.save(tmp_path / "book.xlsx")
    reading = read_report(tmp_path / "book.xlsx")
    assert [f.code for f in reading.findings if f.stops] == []
    told = [str(f.found).split("\n") for f in reading.findings if f.code == "S114" and f.found]
    assert {line.strip() for lines in told for line in lines} <= lines_of(book) - ours
    assert reading.report == REPORT


def lines_of(workbook: Workbook) -> set[str]:
    """Every line of text in a workbook; numbers as a jotting shows them."""
    found = set()
    for sheet in workbook:
        for row in sheet.iter_rows(values_only=True):
            for value in row:
                shown = str(float(value)) if isinstance(value, int) else str(value)
                found |= {line.strip() for line in shown.split("\n")}
    return found


@pytest.mark.slow
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


def test_tables_of_two_editions_in_one_workbook_are_refused(tmp_path: Path) -> None:
    source = opened(written(consistent_report(EDITION_2019)))[PROACTIVE]

    def edit(workbook: Workbook) -> None:
        sheet = workbook[PROACTIVE]
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
    values, workbook = report.values(), Workbook()
    sheet = workbook.active
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
            prose = workbook.create_sheet(section.sheet)
            prose.append([section.heading])
            for paragraph in getattr(report, section.key):
                prose.append([paragraph.text])
    workbook.save(tmp_path / "own.xlsx")
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
