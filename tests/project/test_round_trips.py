"""What goes out comes back the same: workbook, JSON, Word; both editions, any values."""

from __future__ import annotations

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from govdisclose import EDITIONS, AnnualReport, compile_report, read_report
from govdisclose.read.json import read_data
from govdisclose.read.published.word.reader import read_document
from govdisclose.read.tables.values import read_tables
from govdisclose.read.workbook.opening import load
from govdisclose.read.workbook.sheets import read_grids
from govdisclose.write.data import report_to_dict, report_to_json
from govdisclose.write.word import load_template, render
from support.oracle import filled, openpyxl_sheets
from support.reports import EDITION_2021, consistent_report, opened, reports, write_book, written


@pytest.mark.slow
@settings(max_examples=12)
@given(reports())
def test_report_to_workbook_to_report(report: AnnualReport) -> None:
    with TemporaryDirectory() as folder:
        assert read_report(write_book(Path(folder), report)).report == report


@pytest.mark.slow
@settings(max_examples=15)
@given(reports())
def test_report_to_json_to_report(report: AnnualReport) -> None:
    assert read_data(report_to_dict(report)).report == report
    with TemporaryDirectory() as folder:
        path = Path(folder) / "r.json"
        path.write_text(report_to_json(report), encoding="utf-8")
        assert read_report(path).report == report


@pytest.mark.slow
@settings(max_examples=15)
@given(reports())
def test_report_to_word_to_the_same_cells_and_lines(report: AnnualReport) -> None:
    document = read_document(render(report, load_template(report.edition)))
    tables = read_tables(document.grids, report.edition)
    assert tables.values == report.values()
    lines = [line for p in report.overview for line in p.text.split("\n") if line.strip()]
    found = iter(line.strip() for line in document.paragraphs)
    assert all(line.strip() in found for line in lines), "every line, in order"


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_both_engines_give_the_same_grids(edition, tmp_path: Path) -> None:
    report = consistent_report(edition).evolve(problems=())
    book = load(write_book(tmp_path, report))
    theirs = openpyxl_sheets(book.data)
    assert {grid.name: filled(grid) for grid in read_grids(book, "b")} == {
        s.name: s.cells for s in theirs
    }
    assert {grid.name: {*grid.merges} for grid in read_grids(book, "b")} == {
        s.name: s.merges for s in theirs
    }


def look(workbook: Workbook) -> list[object]:
    """The contents of every cell, and how it looks.

    The lists of styles are private in openpyxl: its public way makes the style of each cell anew.
    """
    styles = [
        workbook._fonts,
        workbook._fills,
        workbook._borders,
        workbook._alignments,
        workbook._protections,
    ]
    shown: list[object] = [*map(repr, styles), workbook._number_formats]
    for sheet in workbook:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        rows, columns = sheet.row_dimensions, sheet.column_dimensions
        shown += [sheet.title, sheet.merged_cells.ranges, sheet.protection.sheet]
        shown += [(cell.coordinate, cell.value, cell._style) for cell in cells]
        shown += [(key, row.height) for key, row in rows.items()]
        shown += [(key, column.width) for key, column in columns.items()]
    return shown


def test_a_copy_of_an_opened_workbook_is_as_openpyxl_opens_it() -> None:
    """Many tests change such copies."""
    data = written(consistent_report())
    first, second = opened(data), opened(data)
    assert look(first) == look(load_workbook(io.BytesIO(data)))
    sheet = first.worksheets[1]
    sheet["A3"].value = "变"
    sheet.row_dimensions[99].height = 33
    sheet.column_dimensions["Z"].width = 33
    saved = io.BytesIO()
    first.save(saved)
    again = load_workbook(saved).worksheets[1]
    assert (again.row_dimensions[99].height, again.column_dimensions["Z"].width) == (33, 33)
    assert (again["A3"].value, second.worksheets[1]["A3"].value) == ("变", "项目")


def test_the_whole_story_on_one_report(tmp_path: Path) -> None:
    report = consistent_report(EDITION_2021)
    made = compile_report(write_book(tmp_path, report))
    assert made.path.name == "某某市示范局2024年政府信息公开工作年度报告.docx"
    assert made.findings == ()
    document = read_document(made.path.read_bytes())
    assert read_tables(document.grids, EDITION_2021).values == report.values()
    assert json.loads(report_to_json(made.reading.report)) == json.loads(report_to_json(report))
