"""What a person sees in a workbook and the report would lack or change: each is a finding, none is silent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from govdisclose import check_report, read_report
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.write.workbook import workbook_bytes
from support.commands import Run
from support.edits import DUPLICATE, basic, prose, put
from support.reports import check_edited, codes, consistent_report, write_book, written
from support.sheets import repacked
from support.tables import DISPUTES, PROACTIVE, REQUESTS, rewrite, unmerge

REPORT = consistent_report()
ROW = "requests.outcomes.granted"


def cell(sheet: str, address: str, value: Any) -> Callable[[Workbook], None]:
    return lambda book: setattr(book[sheet][address], "value", value)


def second_table_four(workbook: Workbook) -> None:
    sheet = workbook[DISPUTES]
    unmerge(sheet)
    for row in (3, 4, 5):
        for column in range(1, 16):
            sheet.cell(row + 8, column).value = sheet.cell(row, column).value
    for column in range(1, 16):
        sheet.cell(14, column).value = column


def numbers_in(sheet: str, row: int) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        unmerge(workbook[sheet])
        for column in range(1, 16):
            workbook[sheet].cell(row, column).value = 1

    return edit


def a_row_under_another_header(workbook: Workbook) -> None:
    unmerge(workbook[PROACTIVE])
    workbook[PROACTIVE].move_range("A13:B13", rows=4)


def copied(name: str, title: str) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        workbook.copy_worksheet(workbook[name]).title = title

    return edit


SAID: dict[str, tuple[Callable[[Workbook], Any], str]] = {
    "a second table four on the sheet": (second_table_four, "S104"),
    "a second row of numbers under table four": (numbers_in(DISPUTES, 9), "S105"),
    "a row moved under another header": (a_row_under_another_header, "S106"),
    "fees in another unit": (
        rewrite(PROACTIVE, "本年收费金额（单位：万元）", "本年收费金额（单位：元）"),
        "S106",
    ),
    "a row that counts only a part": (
        rewrite(REQUESTS, "2.重复申请", "2.重复申请（其中：网络申请）"),
        "S103",
    ),
    "a column in hundreds": (rewrite(REQUESTS, "科研机构", "科研机构（百件）"), "S106"),
    "an added row with units in its figures": (
        lambda book: (
            rewrite(REQUESTS, "2.重复申请", "其中网络申请")(book),
            put(DUPLICATE, "12件")(book),
        ),
        "S105",
    ),
    "a paragraph that is a formula": (prose("六、其他事项", "=1+1"), "V107"),
    "a paragraph in another column": (cell("六、其他事项", "D5", "一段话"), "S113"),
    "a paragraph that is a date": (cell("六、其他事项", "B4", date(2025, 3, 20)), "V109"),
    "a paragraph that is a share": (cell("六、其他事项", "B4", 0.95), "V109"),
    "a paragraph that is a truth": (cell("六、其他事项", "B4", True), "V109"),
    "a paragraph that is a time": (cell("六、其他事项", "B4", timedelta(hours=30)), "V109"),
    "a day that no calendar has": (basic("发布日期", 20260120), "S112"),
    "a sheet of prose without its header": (cell("六、其他事项", "B3", None), "S121"),
    "two sheets of one section": (copied("一、总体情况", "总体情况"), "S102"),
    "two sheets of basic data": (copied("基本信息", "基本信息 (2)"), "S102"),
    "a date that is a formula": (basic("发布日期", "=TODAY()"), "V107"),
    "a code that lost its last digits": (basic("统一社会信用代码", 123456789012345678), "S112"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "code"), SAID.values(), ids=SAID)
def test_nothing_is_lost_in_silence(
    edit: Callable[[Workbook], Any], code: str, tmp_path: Path
) -> None:
    assert code in codes(check_edited(tmp_path, REPORT, edit))


@pytest.mark.parametrize("name", PROSE_SHEETS.values())
def test_a_second_sheet_of_one_section_is_told_whatever_its_name(name: str, tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        copied(name, "定稿")(workbook)
        workbook["定稿"]["B4"] = "一段别的文字。"

    findings = check_edited(tmp_path, REPORT, edit)
    (finding,) = [finding for finding in findings if finding.code == "S102"]
    assert f"“{name}”、“定稿”" in finding.message


@pytest.mark.parametrize("name", PROSE_SHEETS.values())
def test_a_second_sheet_without_text_is_not_meant_for_a_section(name: str, tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        copied(name, "定稿")(workbook)
        for row in range(4, workbook["定稿"].max_row + 1):
            workbook["定稿"].cell(row, 2).value = None
            workbook["定稿"].cell(row, 4).value = None

    findings = check_edited(tmp_path, REPORT, edit)
    assert "S102" not in codes(findings)


READ: dict[str, Callable[[Workbook], Any]] = {
    "a comment": lambda book: setattr(book[REQUESTS]["D10"], "comment", Comment("核对过", "张三")),
    "a hyperlink": lambda book: setattr(book[REQUESTS]["D10"], "hyperlink", "https://example.com/"),
    "table four a few rows lower": lambda book: (
        unmerge(book[DISPUTES]),
        book[DISPUTES].delete_rows(7, 5),
        book[DISPUTES].move_range("A6:O6", rows=3),
    ),
    "a remark beside table four": cell(DISPUTES, "P6", "勾稽关系已核对"),
}


@pytest.mark.parametrize("edit", READ.values(), ids=READ)
def test_what_does_not_matter_does_no_harm(edit: Callable[[Workbook], Any], tmp_path: Path) -> None:
    reading = read_report(write_book(tmp_path, REPORT, edit))
    stated = {
        path: value
        for path, value in REPORT.values().items()
        if "disputes" not in path or "total" not in path
    }
    assert {path: reading.report.values()[path] for path in stated} == stated
    assert not [f for f in reading.findings if f.code not in ("V113", "V107", "S114")]


@pytest.mark.slow
@pytest.mark.parametrize("row", range(1, 12))
def test_a_preface_in_a_sheet_of_another_name_is_read_or_told(row: int, tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        del workbook["前言"]
        sheet = workbook.create_sheet("开头")
        sheet.cell(row, 1).value = "前言"
        sheet.cell(row + 1, 1).value = "本报告依据《条例》编制。"

    path = write_book(tmp_path, REPORT, edit)
    reading = read_report(path)
    told = [
        finding
        for finding in reading.findings
        if finding.code == "S114" and finding.place.sheet == "开头"
    ]
    assert bool(told) != bool(reading.report.preface)


def test_a_placeholder_counts_as_zero_in_a_relation(tmp_path: Path) -> None:
    values = REPORT.values()
    filled = next(
        p
        for p, v in values.items()
        if p.startswith("requests.outcomes.refused") and p.endswith("person") and v
    )
    (tmp_path / "b.xlsx").write_bytes(workbook_bytes(REPORT, as_typed={filled: "—"}))
    findings = check_report(tmp_path / "b.xlsx")
    assert {"V105", "A101", "A102"} <= set(codes(findings))


def test_a_missing_row_suspends_the_relations_it_takes_part_in(tmp_path: Path) -> None:
    findings = check_edited(tmp_path, REPORT, rewrite(REQUESTS, "2.重复申请", None))
    assert "S103" in codes(findings)
    assert codes(findings, "A") == []


def test_an_export_that_would_lack_a_cell_is_refused(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, REPORT, put(DUPLICATE, "12件"))
    for output in (["-o", "-"], []):
        done = run("export", book, "--to", "json", *output)
        assert (done.code, done.out) == (1, "")
        assert "V104" in done.err
    assert [p.name for p in tmp_path.iterdir()] == ["book.xlsx"]
    sums = write_book(tmp_path, REPORT.with_values({"disputes.review.total": 999}))
    assert (
        json.loads(run("export", sums, "--to", "json", "-o", "-").out)["disputes"]["review"][
            "total"
        ]
        == 999
    )


def test_codes_may_be_listed_with_commas_and_unknown_ones_are_refused(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, REPORT.with_values({"disputes.review.total": 999}))
    assert run("check", book, "--select", "a104,V104").code == 1
    for option in ("--select", "--ignore"):
        done = run("check", book, option, "A999")
        assert done.code == 2
        assert "没有规则 A999" in done.err


def test_debug_may_stand_after_the_command_and_names_may_be_too_long(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, REPORT)
    assert run("check", book, "--debug").code == 0
    done = run("compile", book, "-o", tmp_path / ("长" * 200 + ".docx"))
    assert done.code == 5
    assert "文件名过长" in done.err
    (tmp_path / "满.docx").symlink_to("/dev/full")
    assert run("compile", book, "-o", tmp_path / "满.docx", "--force").code == 5
    assert "多了参数" in run("compile", book, "x.docx").err


# --- sheets written in other ways than Excel's ----------------------------------------------------


def prefixed(sheet: bytes) -> bytes:
    """The same XML with its namespace bound to a prefix, as some libraries write it."""
    named = re.sub(rb"<(/?)([a-zA-Z]+)(?=[ />])", rb"<\1x:\2", sheet)
    return named.replace(b"xmlns=", b"xmlns:x=", 1)


def in_cell(address: str, attributes: str, content: str) -> Callable[[bytes], bytes]:
    """Another cell at ``address``, in its style."""
    old = rf'<c r="{address}"( s="\d+")[^>]*?(?:/>|>.*?</c>)'.encode()
    new = rf"<c r='{address}'\1{attributes}>{content}</c>".encode()
    return lambda sheet: re.sub(old, new, sheet)


AT_B9, AT_B4 = "xl/worksheets/sheet5.xml", "xl/worksheets/sheet9.xml"
WRITTEN: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a formula": (AT_B9, in_cell("B9", "", "<f>1+1</f>"), "V107"),
    "a formula and a blank value": (
        AT_B9,
        in_cell("B9", "", "<f>1+1</f><v xml:space='preserve'></v>"),
        "V107",
    ),
    "a formula and a remark": (AT_B9, in_cell("B9", "", "<f>1+1</f><!-- 2 -->"), "V107"),
    "a formula with blanks in its tags": (AT_B9, in_cell("B9", "", "<f>1+1</f ><v></v >"), "V107"),
    "an error in single quotes": (
        AT_B9,
        in_cell("B9", " t='e'", "<f>1/0</f><v>#DIV/0!</v>"),
        "V108",
    ),
    "an error that Excel has got since": (AT_B9, in_cell("B9", ' t="e"', "<v>#SPILL!</v>"), "V108"),
    "an error without a value": (AT_B9, in_cell("B9", ' t="e"', "<f>1/0</f>"), "V107"),
    "a data table": (AT_B9, in_cell("B9", "", '<f t="dataTable" ref="B9" dt2D="1"/>'), "V107"),
    "a paragraph that is a formula": (AT_B4, in_cell("B4", "", '<f>"共"&amp;D1</f>'), "V107"),
}


@pytest.mark.slow
@pytest.mark.parametrize("rewrite", [bytes, prefixed], ids=["plain", "prefixed"])
@pytest.mark.parametrize(("part", "change", "code"), WRITTEN.values(), ids=WRITTEN)
def test_a_cell_without_a_value_is_found_however_the_sheet_is_written(
    part: str,
    change: Callable[[bytes], bytes],
    code: str,
    rewrite: Callable[[bytes], bytes],
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(repacked(written(REPORT), {part: lambda sheet: rewrite(change(sheet))}))
    findings = [finding for finding in check_report(path) if finding.code == code]
    assert [finding.place.cell for finding in findings] == ["B4" if part == AT_B4 else "B9"]
    assert not any("None" in finding.message for finding in findings)


FAR = {
    "after another attribute": '<c s="1" r="XFD1048576"><v>1</v></c>',
    "in single quotes": "<c r='XFD1048576'><v>1</v></c>",
    "by a character's number": '<c r="&#88;FD1048576"><v>1</v></c>',
}


@pytest.mark.parametrize("rewrite", [bytes, prefixed], ids=["plain", "prefixed"])
@pytest.mark.parametrize("cell", FAR.values(), ids=FAR)
def test_a_cell_far_away_costs_nothing_however_it_is_written(
    cell: str, rewrite: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    def change(sheet: bytes) -> bytes:
        row = f'<row r="1048576">{cell}</row></sheetData>'.encode()
        return rewrite(sheet.replace(b"</sheetData>", row))

    path = tmp_path / "book.xlsx"
    path.write_bytes(repacked(written(REPORT), {AT_B9: change}))
    assert read_report(path).report == REPORT


def test_both_engines_read_a_value_in_a_character_section(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    change = in_cell("B9", "", "<v><![CDATA[5]]></v>")
    path.write_bytes(repacked(written(REPORT), {AT_B9: change}))
    assert read_report(path).report.values()["proactive.licences.decisions"] == 5
