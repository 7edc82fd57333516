"""Text boxes, pictures and charts over the cells of a sheet are reported: no report takes them in."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from govdisclose import Finding, check_report
from govdisclose.form.sheets import PROSE_SHEETS
from support.reports import consistent_report, written
from support.word_parts import members, packed

BOOK = written(consistent_report())
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="d1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"'
    ' Target="../drawings/drawing1.xml"/></Relationships>'
)
TEXT = "机构改革情况\n另有三件申请转由市局办理。"


def drawn(draw: Callable[[Worksheet], object]) -> bytes:
    """The drawing part that XlsxWriter makes."""
    made = io.BytesIO()
    workbook = xlsxwriter.Workbook(made)
    sheet = workbook.add_worksheet()
    draw(sheet)
    workbook.close()
    return members(made.getvalue())["xl/drawings/drawing1.xml"]


def findings(number: int, drawing: bytes, tmp_path: Path) -> list[Finding]:
    """The findings about a drawing over the sheet with this number."""
    parts = members(BOOK)
    parts["xl/drawings/drawing1.xml"] = drawing
    parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = RELATIONSHIPS.encode()
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(parts))
    return [finding for finding in check_report(path) if finding.code in ("S113", "S114")]


def number_of(sheet: str) -> int:
    names = re.findall(r'<sheet name="([^"]+)"', members(BOOK)["xl/workbook.xml"].decode())
    return names.index(sheet) + 1


@pytest.mark.parametrize("sheet", PROSE_SHEETS.values())
def test_a_text_box_over_paragraphs_is_an_error(sheet: str, tmp_path: Path) -> None:
    drawing = drawn(lambda page: page.insert_textbox("C5", TEXT))
    (finding,) = findings(number_of(sheet), drawing, tmp_path)
    assert (finding.code, finding.place.sheet, finding.place.cell) == ("S113", sheet, "C5")
    assert finding.found == TEXT


def test_a_text_box_beside_a_table_is_told(tmp_path: Path) -> None:
    drawing = drawn(lambda page: page.insert_textbox("G20", TEXT))
    (finding,) = findings(number_of("二、主动公开"), drawing, tmp_path)
    assert (finding.code, finding.place.cell, finding.found) == ("S114", "G20", TEXT)
    assert "机构改革情况" in finding.message


def test_shapes_without_a_text_are_lines_and_frames(tmp_path: Path) -> None:
    drawing = drawn(lambda page: page.insert_textbox("G20", ""))
    assert findings(number_of("二、主动公开"), drawing, tmp_path) == []


def test_a_text_box_in_a_group_and_in_alternatives_is_told_once(tmp_path: Path) -> None:
    drawing = drawn(lambda page: page.insert_textbox("C5", TEXT)).decode()
    shape = re.search("<xdr:sp .*</xdr:sp>", drawing)
    assert shape
    alternatives = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><xdr:grpSp>{shape[0]}</xdr:grpSp></mc:Choice>"
        f"<mc:Fallback>{shape[0]}</mc:Fallback></mc:AlternateContent>"
    )
    drawing = drawing.replace(shape[0], alternatives)
    (finding,) = findings(number_of("前言"), drawing.encode(), tmp_path)
    assert finding.found == TEXT


def test_a_broken_drawing_is_told(tmp_path: Path) -> None:
    (finding,) = findings(number_of("前言"), b"<xdr:wsDr", tmp_path)
    assert finding.code == "S114"
    assert "已损坏" in finding.message


def test_pictures_and_charts_are_told_together(tmp_path: Path) -> None:
    drawing = b"""<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">
    <xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>3</xdr:row></xdr:from><xdr:pic/></xdr:twoCellAnchor>
    <xdr:absoluteAnchor><xdr:graphicFrame/></xdr:absoluteAnchor></xdr:wsDr>"""
    (finding,) = findings(number_of("一、总体情况"), drawing, tmp_path)
    assert (finding.code, finding.place.cell) == ("S114", "B4")
    assert finding.message.endswith("图片、图表")
