"""What a workbook does with text that looks like a formula and with content no cell can hold."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from govdisclose.errors import OutputError
from govdisclose.form.edition import EDITION_2021
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import Agency, AnnualReport, Paragraph, blank_report
from govdisclose.write.workbook import workbook_bytes


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(1)", '=HYPERLINK("http://a")', "{=1}"]
)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    report = blank_report(
        EDITION_2021, agency=Agency(text), title=text, overview=(Paragraph(text),)
    )
    data = workbook_bytes(report, explanations=[Explanation(text, text, text, text)])
    workbook = load_workbook(io.BytesIO(data))
    found = [c for sheet in workbook for row in sheet.iter_rows() for c in row if c.value == text]
    assert len(found) == 7
    assert {cell.data_type for cell in found} == {"s"}
    if text[0] in "=+-@":
        assert all(cell.quotePrefix for cell in found)


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (AnnualReport(overview=(Paragraph("好" * 32768),)), "一、总体情况!B4：文字有 32768 字"),
        (AnnualReport(overview=(Paragraph("𠮷" * 16384),)), "超过 Excel 单元格的上限"),
        (AnnualReport(preface=(Paragraph("a\x07b"),)), "前言!B4：第 2 个字符是 U+0007"),
        (AnnualReport(preface=(Paragraph("a\rb"),)), "U+000D"),
        (AnnualReport(preface=(Paragraph("\ud800"),)), "U+D800"),
        (AnnualReport(preface=(Paragraph("五级", 5),)), "层级是 5"),
        (
            AnnualReport().with_values({"proactive.fees.amount": Decimal("1.234567890123456")}),
            "15 位",
        ),
    ],
    ids=["long", "long in UTF-16", "control", "return", "surrogate", "level", "digits"],
)
def test_what_a_cell_cannot_hold_unchanged_is_refused(report: AnnualReport, message: str) -> None:
    with pytest.raises(OutputError, match=re.escape(message)):
        workbook_bytes(report)
