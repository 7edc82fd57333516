"""What looks filled in and is not, marks that change a figure, and parts that lie outside the package."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.workbook import Workbook

from govdisclose import Paragraph, check_report, read_report
from govdisclose.errors import InputError
from govdisclose.form.fields import Kind
from govdisclose.form.placeholders import placeholders
from govdisclose.read.tables.numbers import suggest
from govdisclose.read.workbook.number_formats import shown_number
from govdisclose.write.workbook import data_cells
from support.reports import (
    EDITION_2021,
    check_edited,
    codes,
    consistent_report,
    write_book,
    written,
)

REPORT = consistent_report()
CELLS = data_cells(EDITION_2021)


def in_cells_of(sheet: str, value: object) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        for name, row, column in CELLS.values():
            if name == sheet:
                workbook[sheet].cell(row + 1, column + 1).value = value

    return edit


@pytest.mark.slow
@pytest.mark.parametrize("sheet", ["二、主动公开", "三、依申请公开", "四、复议诉讼"])
@pytest.mark.parametrize("sign", ["/", "-", "无", "——"])
def test_a_table_of_strokes_is_a_blank_table(tmp_path: Path, sheet: str, sign: str) -> None:
    assert "S116" in codes(check_edited(tmp_path, REPORT, in_cells_of(sheet, sign)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "character", list("\u2800\u3164\uffa0\ufe0f\u0301\u180e\u2063\u034f\u200b\u3000\xa0")
)
def test_a_section_without_ink_is_a_blank_section(tmp_path: Path, character: str) -> None:
    report = REPORT.evolve(problems=(Paragraph(character),))
    assert "S117" in codes(check_report(write_book(tmp_path, report)))


@pytest.mark.parametrize(
    "text",
    [
        "公开X条",
        "全年公开   条。",
        "同比增长  %。",
        "（ 文字 描述 ）",
        "待补充。",
        "（暂缺）",
        "□□市公开△△件",
    ],
)
def test_blanks_and_signs_before_a_unit_are_left_open(text: str) -> None:
    assert list(placeholders(text))


@pytest.mark.parametrize(
    "text", ["公开  信息", "收到申请 12 件", "X光设备", "二○○九年", "□是 □否", "事后补办 2 件"]
)
def test_other_blanks_and_signs_are_not(text: str) -> None:
    assert not list(placeholders(text))


@pytest.mark.parametrize("text", ["12①", "12¹", "12*", "12件①", "12 ②", "12²³", "12※"])
def test_the_mark_of_a_note_is_no_digit_of_a_suggestion(text: str) -> None:
    assert suggest(text, Kind.COUNT) == 12


def test_raised_figures_in_a_sentence_stay_raised(tmp_path: Path) -> None:
    area = CellRichText("面积5m", TextBlock(InlineFont(vertAlign="superscript"), "2"), "，H")
    area += [TextBlock(InlineFont(vertAlign="subscript"), "2"), "O"]

    def edit(workbook: Workbook) -> None:
        workbook["一、总体情况"]["B6"] = area

    reading = read_report(write_book(tmp_path, REPORT, edit))
    assert reading.report.overview[-1].text == "面积5m²，H₂O"


def test_a_tab_in_the_name_is_told(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        name = next(
            line for line in workbook["基本信息"].iter_rows() if line[0].value == "机关名称"
        )
        name[1].value = "某某市\t示范局"

    path = write_book(tmp_path, REPORT, edit)
    assert read_report(path).report.agency.name == "某某市示范局"
    assert "S123" in codes(check_report(path))


def test_two_signs_before_a_number_are_not_what_is_stored() -> None:
    assert not shown_number("-0", -5).same


def edited_part(folder: Path, part: str, old: bytes, new: bytes) -> Path:
    """A workbook with one change in one of its parts."""
    path = folder / "book.xlsx"
    with (
        zipfile.ZipFile(io.BytesIO(written(REPORT))) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(name, content)
    return path


def test_a_sheet_outside_the_package_is_refused(tmp_path: Path) -> None:
    target = b'Target="worksheets/sheet5.xml"'
    path = edited_part(
        tmp_path, "xl/_rels/workbook.xml.rels", target, b'TargetMode="External" ' + target
    )
    for _ in range(2):  # a first workbook is read otherwise than later ones
        with pytest.raises(InputError, match="缺少工作表“二、主动公开”"):
            read_report(path)


def test_an_error_beside_a_table_is_told(tmp_path: Path) -> None:
    end = b"</sheetData>"
    row = b'<row r="90"><c r="H90" t="e"><v>#DIV/0!</v></c></row>'
    path = edited_part(tmp_path, "xl/worksheets/sheet5.xml", end, row + end)
    assert [(f.code, f.place.cell) for f in check_report(path)] == [("S114", "H90")]


def test_a_list_of_figures_beside_a_table_is_one_finding(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        for row in range(30, 1030):
            workbook["二、主动公开"].cell(row, 8, row)

    found = check_edited(tmp_path, REPORT, edit)
    assert codes(found) == ["S108"]
    assert len(found[0].others) == 999
