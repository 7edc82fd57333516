"""What is shown is what is read: number formats, marked text, and what is hidden."""

from __future__ import annotations

import csv
import io
import pickle
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule, DataBar, FormatObject, IconSet, Rule
from openpyxl.styles import Color, Font, NamedStyle, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from govdisclose import Finding, Severity, check_report, read_report
from govdisclose.form.fields import Kind
from govdisclose.form.numerals import chinese_number
from govdisclose.read.grid import a1
from govdisclose.read.workbook import number_formats as numberformat
from govdisclose.read.workbook.appearance import Appearance
from govdisclose.read.workbook.number_formats import (
    is_harmless,
    shown_number,
    shown_text,
    shows_whole_date,
)
from govdisclose.read.workbook.seen import figure_problem
from govdisclose.read.workbook.styles import KNOWN
from govdisclose.write.workbook import data_cells
from support.commands import Run
from support.formats import CASES
from support.office import converted, needs_libreoffice
from support.reports import (
    EDITION_2019,
    EDITION_2021,
    check_edited,
    consistent_report,
    opened,
    write_book,
    written,
)
from support.sheets import repacked

REPORT = consistent_report()
CELLS = data_cells(EDITION_2021)
COUNT = "requests.outcomes.granted.research"
FEES = "proactive.fees.amount"
SHOWN = ("S115", "V115", "V116", "V117")
Edit = Callable[[Workbook], Any]


def cell_of(workbook: Workbook, path: str) -> Any:
    sheet, row, column = CELLS[path]
    return workbook[sheet].cell(row + 1, column + 1)


def basic_cell(workbook: Workbook, label: str) -> Any:
    sheet = workbook["基本信息"]
    return next(sheet.cell(line[0].row, 2) for line in sheet.iter_rows() if line[0].value == label)


def first_paragraph(workbook: Workbook, sheet: str) -> Any:
    head = next(
        c
        for line in workbook[sheet].iter_rows()
        for c in line
        if c.value == "正文" and c.column == 2
    )
    return workbook[sheet].cell(head.row + 1, 2)


def formatted(path: str, value: Any, code: str) -> Edit:
    def edit(workbook: Workbook) -> None:
        cell = cell_of(workbook, path)
        cell.value = value
        cell.number_format = code

    return edit


def rich(*pieces: str | tuple[str, str]) -> CellRichText:
    """A rich text; a pair is a piece and its mark: ``strike``, ``superscript`` or ``subscript``."""
    parts: list[str | TextBlock] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif piece[1] == "strike":
            parts.append(TextBlock(InlineFont(strike=True), piece[0]))
        else:
            parts.append(TextBlock(InlineFont(vertAlign=piece[1]), piece[0]))
    return CellRichText(*parts)


def shown(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.code in SHOWN]


def only(findings: list[Finding]) -> Finding:
    found = shown(findings)
    assert len(found) == 1, found
    return found[0]


# --- number formats -------------------------------------------------------------------------------


def test_a_format_shows_the_value_or_it_is_told() -> None:
    for case in CASES:
        look = Appearance((case.code,))
        problem = figure_problem(float(case.value), case.value, Kind(case.kind), look)
        assert (problem is None) == case.same, (case, problem)
        if problem is not None:
            assert problem.rule.code == "V115", case
            assert str(case.value) in problem.text, case


NUMBER = re.compile(
    r"[¥￥]? *(?P<sign>[-+]?) *[¥￥]? *(?P<number>[\d,.]*\d[\d,.]*(?: \d{3})*(?:E[+-]\d+)?) *(?P<unit>.*)",
    re.DOTALL,
)
UNITS = {"", "件", "条", "人次", "（件）", "万元"}
UNDRAWN = {"*0 0", "**0", "[Foo]0", "[?]", "0,.0,0", "0;0;0;0;0", "General0", "General", "@", "0d"}
"""Told though LibreOffice's text shows the value: fills, which text cannot show, and what programs read differently."""


def seen_in(text: str) -> Decimal | None:
    """The number that a reader takes from a text in a cell; ``None`` when the text says something else."""
    plain = text.strip()
    if plain in ("-", "¥-", "¥ -"):
        return Decimal(0)
    if re.fullmatch(r"\([\d,.]+\)", plain):
        plain = f"-{plain[1:-1]}"
    if plain and not any(c.isdigit() for c in plain):
        in_words = "".join(c for c in plain if c in "〇一二三四五六七八九十百千万")
        return chinese_number(
            in_words.removeprefix("一") if in_words.startswith("一十") else in_words
        )
    match = NUMBER.fullmatch(plain)
    if match is None or match["unit"].strip() not in UNITS:
        return None
    digits = match["number"].replace(",", "").replace(" ", "")
    return Decimal(match["sign"] + digits) if digits.count(".") < 2 else None


@pytest.mark.libreoffice
@needs_libreoffice
def test_libreoffice_shows_every_value_as_it_is_judged_here(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "formats.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 0, 60)
        for row, case in enumerate(CASES):
            sheet.write_number(
                row, 0, float(case.value), book.add_format({"num_format": case.code})
            )
    csv_of_texts = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    converted([tmp_path / "formats.xlsx"], csv_of_texts, tmp_path)
    with (tmp_path / "formats.csv").open(encoding="utf-8", newline="") as lines:
        texts = ["".join(line) for line in csv.reader(lines)]
    assert len(texts) == len(CASES)
    for case, text in zip(CASES, texts, strict=True):
        sees_the_value = seen_in(text) == case.value
        if case.same:
            assert sees_the_value, (case, text)
        else:
            assert not sees_the_value or case.code in UNDRAWN, (case, text)


@settings(max_examples=200)
@given(
    st.integers(0, 10**10 - 1),
    st.sampled_from([c.code for c in CASES if c.same and is_harmless(c.code)]),
)
def test_a_harmless_format_shows_every_whole_number(value: int, code: str) -> None:
    assert shown_number(code, value).same


@settings(max_examples=300)
@given(st.text('0#?.,;%@-_*\\!"[]>1dymhE+/G件万 ', max_size=14), st.decimals(0, 10**9, places=4))
def test_any_text_for_a_format_is_judged_and_what_is_the_same_says_the_value(
    code: str, value: Decimal
) -> None:
    found = shown_number(code, value)
    if found.same:
        assert seen_in(found.text or "") == value


@settings(max_examples=300)
@given(st.text('0#?.,;%@-_*\\!"[]>1dymhE+/G件万 ', max_size=14))
def test_a_text_is_shown_whole_or_it_is_told(code: str) -> None:
    found = shown_text(code, "文字")
    assert not found.same or (found.text or "").strip() == "文字"
    assert shows_whole_date(code) in (True, False)


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("yyyy-mm-dd", True),
        ("yyyy/m/d;@", True),
        ('[$-804]yyyy"年"m"月"d"日";@', True),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日"', True),
        ("e-mm-dd", True),
        ("[$-F800]dddd, mmmm dd, yyyy", True),
        ("yyyy/m/d h:mm", True),
        ('yyyy"年"m"月"', False),
        ('m"月"d"日"', False),
        ("dddd", False),
        ("h:mm", False),
        ("General", False),
    ],
)
def test_a_date_is_seen_where_year_month_and_day_are(code: str, whole: bool) -> None:
    assert shows_whole_date(code) == whole


# --- number formats in workbooks --------------------------------------------------------------------

TOLD_FORMATS: dict[str, tuple[Edit, str]] = {
    "fees in ten thousands": (formatted(FEES, 394000, "0!.0,"), "显示为 39.4，实际存的是 394000"),
    "fees in thousands": (
        formatted(FEES, 96171.6, "#,##0.00,"),
        "显示为 96.17，实际存的是 96171.6",
    ),
    "fees in yuan": (formatted(FEES, 39.4, '0.0"元"'), "显示为 39.4元，实际存的是 39.4"),
    "fees rounded": (formatted(FEES, 0.394, "0.0"), "显示为 0.4，实际存的是 0.394"),
    "fees rounded by a built-in format": (formatted(FEES, 0.394, "0.00"), "显示为 0.39"),
    "a count as percent": (formatted(COUNT, 8, "0%"), "显示为 800%，实际存的是 8"),
    "a count in ten thousands": (formatted(COUNT, 8, '0"万"'), "显示为 8万，实际存的是 8"),
    "a count that is hidden": (formatted(COUNT, 8, ";;;"), "显示为空白，实际存的是 8"),
    "a zero that is hidden": (formatted(COUNT, 0, "0;-0;;@"), "显示为空白，实际存的是 0"),
    "a text that its format changes": (formatted(COUNT, "8", '"1"@'), "显示为 18，实际存的是 8"),
    "a fraction": (formatted(FEES, 3.5, "# ?/?"), "实际存的是 3.5"),
    "a format for large numbers": (
        formatted(COUNT, 150, "[>100]0.0,;0"),
        "显示为 0.2，实际存的是 150",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "said"), TOLD_FORMATS.values(), ids=TOLD_FORMATS)
def test_a_number_that_is_shown_otherwise_is_an_error_and_stays_unread(
    edit: Edit, said: str, tmp_path: Path
) -> None:
    reading = read_report(write_book(tmp_path, REPORT, edit))
    finding = only(check_report(reading))
    assert (finding.code, finding.severity) == ("V115", Severity.ERROR)
    assert said in finding.message
    assert finding.path in reading.unread
    assert reading.report.values()[finding.path or ""] is None


def test_no_command_gives_out_a_number_that_is_shown_otherwise(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    edit, said = TOLD_FORMATS["fees in ten thousands"]
    book = write_book(tmp_path, REPORT, edit)
    assert run("compile", book).code == 1
    assert run("export", book, "--to", "json", "-o", tmp_path / "b.json").code == 1
    assert run("check", book, "--annotate", tmp_path / "marked.xlsx").code == 1
    marked = load_workbook(tmp_path / "marked.xlsx", read_only=True)
    first_sheet = [str(value) for row in marked.worksheets[0].values for value in row]
    marked.close()
    assert any(said in text for text in first_sheet)


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", ["0", "#,##0", '0"件"', "0_);[Red](0)", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "@"]
)
def test_a_number_that_is_shown_as_it_is_gives_no_finding(code: str, tmp_path: Path) -> None:
    value = REPORT.values()[COUNT]
    assert not shown(check_edited(tmp_path, REPORT, formatted(COUNT, value, code)))


@pytest.mark.slow
def test_a_format_of_a_named_style_counts_as_the_cell_has_it(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        style = NamedStyle("百分数", number_format="0%")
        workbook.add_named_style(style)
        cell_of(workbook, COUNT).style = "百分数"

    value = REPORT.values()[COUNT]
    finding = only(check_edited(tmp_path, REPORT, edit))
    assert f"实际存的是 {value}（" in finding.message

    def overridden(workbook: Workbook) -> None:
        edit(workbook)
        cell_of(workbook, COUNT).number_format = "0"

    assert not shown(check_edited(tmp_path, REPORT, overridden))


def test_formats_that_no_figure_uses_and_formats_of_rows_and_columns_give_no_finding(
    tmp_path: Path,
) -> None:
    def edit(workbook: Workbook) -> None:
        sheet, row, column = CELLS[COUNT]
        workbook[sheet].column_dimensions["F"].number_format = "0%"
        workbook[sheet].row_dimensions[row + 1].number_format = "0%"
        workbook[sheet].cell(row + 40, column + 9, 0.5).number_format = "0%"
        workbook["填报说明"]["A30"].font = Font(strike=True)

    assert not shown(check_edited(tmp_path, REPORT, edit))


def test_a_total_that_was_never_calculated_is_held_against_its_format_too(tmp_path: Path) -> None:
    total = "requests.outcomes.granted.total"

    def edit(workbook: Workbook) -> None:
        assert str(cell_of(workbook, total).value).startswith("=")
        cell_of(workbook, total).number_format = "0%"

    finding = only(check_report(write_book(tmp_path, REPORT, edit)))
    assert (finding.code, finding.path) == ("V115", total)


def conditional(code: str) -> Edit:
    def edit(workbook: Workbook) -> None:
        cell = cell_of(workbook, COUNT)
        cell.value = 8
        change = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=code))
        rule = Rule(type="cellIs", operator="greaterThan", formula=["5"], dxf=change)
        cell.parent.conditional_formatting.add(cell.coordinate, rule)

    return edit


@pytest.mark.slow
def test_a_conditional_format_that_may_change_a_number_is_told(tmp_path: Path) -> None:
    finding = only(check_edited(tmp_path, REPORT, conditional("0%")))
    assert "条件格式" in finding.message
    assert not shown(check_edited(tmp_path, REPORT, conditional("#,##0")))


def test_a_conditional_format_that_strikes_a_figure_out_is_told(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        cell = cell_of(workbook, COUNT)
        rule = CellIsRule(operator="greaterThan", formula=["5"], font=Font(strike=True))
        cell.parent.conditional_formatting.add("A1:Z60", rule)

    assert {f.code for f in shown(check_edited(tmp_path, REPORT, edit))} == {"V116"}


BASIC_FORMATS: dict[str, tuple[str, Any, str, bool]] = {
    "a year": ("报告年度", 2024, '0"年"', True),
    "a year in groups": ("报告年度", 2024, "#,##0", True),
    "a year in thousands": ("报告年度", 2024, "0,", False),
    "a date": ("发布日期", date(2025, 1, 20), 'yyyy"年"m"月"d"日"', True),
    "a date without its day": ("发布日期", date(2025, 1, 20), 'yyyy"年"m"月"', False),
    "a hidden name": ("机关名称", "某某市示范局", ";;;", False),
    "a name with words added": ("机关名称", "某某市示范局", '@"（公章）"', False),
    "a short code": ("统一社会信用代码", 11420100, "0", True),
    "a code in groups": ("统一社会信用代码", 11420100, "#,##0", False),
    "a code that General shortens": ("统一社会信用代码", 114201000000001, "General", False),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("label", "value", "code", "same"), BASIC_FORMATS.values(), ids=BASIC_FORMATS
)
def test_a_value_of_the_basic_data_is_seen_as_it_is_read(
    label: str, value: Any, code: str, same: bool, tmp_path: Path
) -> None:
    def edit(workbook: Workbook) -> None:
        cell = basic_cell(workbook, label)
        cell.value = value
        cell.number_format = code

    found = shown(check_edited(tmp_path, REPORT, edit))
    assert [f.code for f in found] == ([] if same else ["V115"])


def test_a_paragraph_that_its_format_hides_is_told(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        first_paragraph(workbook, "五、问题及改进").number_format = ";;;"

    finding = only(check_edited(tmp_path, REPORT, edit))
    assert (finding.code, finding.path) == ("V115", "problems.0")


# --- marked text ----------------------------------------------------------------------------------


def put(path: str, value: Any) -> Edit:
    return lambda book: setattr(cell_of(book, path), "value", value)


def font(path: str, **marks: Any) -> Edit:
    return lambda book: setattr(cell_of(book, path), "font", Font(**marks))


MARKED_FIGURES: dict[str, tuple[Edit, str, int | None]] = {
    "a raised note mark": (put(COUNT, rich("66", ("1", "superscript"))), "“1”是上标", 66),
    "a lowered note mark": (put(COUNT, rich("66", ("①", "subscript"))), "“①”是下标", 66),
    "a struck digit before": (put(COUNT, rich(("5", "strike"), "66")), "“5”带删除线", 66),
    "a struck digit and a raised one": (put(COUNT, rich(("5", "strike"), "66", ("2", "superscript"))), "“5”带删除线、“2”是上标", 66),
    "all of it struck": (put(COUNT, rich(("66", "strike"))), "“66”带删除线", None),
    "a struck cell": (font(COUNT, strike=True), "整格带删除线", None),
    "a raised cell": (font(COUNT, vertAlign="superscript"), "整格是上标", None),
    "a lowered cell": (font(COUNT, vertAlign="subscript"), "整格是下标", None),
    "a struck total": (font("requests.outcomes.granted.total", strike=True), "整格带删除线", None),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "said", "meant"), MARKED_FIGURES.values(), ids=MARKED_FIGURES)
def test_a_marked_figure_is_an_error_and_stays_unread(
    edit: Edit, said: str, meant: int | None, tmp_path: Path
) -> None:
    reading = read_report(write_book(tmp_path, REPORT, edit))
    finding = only(check_report(reading))
    assert (finding.code, finding.severity, finding.expected) == ("V116", Severity.ERROR, meant)
    assert said in finding.message
    assert finding.path in reading.unread


def test_bold_and_coloured_figures_and_plain_fonts_give_no_finding(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        cell_of(workbook, COUNT).font = Font(
            bold=True, color="FF0000", strike=False, vertAlign="baseline"
        )
        cell_of(workbook, FEES).font = Font(italic=True, underline="single")

    assert not shown(check_edited(tmp_path, REPORT, edit))


def paragraph(value: Any) -> Edit:
    return lambda book: setattr(first_paragraph(book, "一、总体情况"), "value", value)


STRUCK = "全年主动公开396条。"


def test_struck_text_of_a_paragraph_is_published_nowhere(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    text = rich("全年主动公开", ("300", "strike"), "396条。")
    book = write_book(tmp_path, REPORT, paragraph(text))
    finding = only(check_report(book))
    assert (finding.code, finding.severity, finding.path) == ("V117", Severity.ERROR, "overview.0")
    assert "“300”带删除线" in finding.message
    assert run("compile", book).code == 1
    assert run("export", book, "--to", "json", "-o", tmp_path / "b.json").code == 1
    assert run("export", book, "--to", "html", "-o", tmp_path / "b.html").code == 1
    assert run("export", book, "--to", "html", "--draft", "-o", tmp_path / "b.html").code == 0
    page = html.parse(str(tmp_path / "b.html"))
    shown = page.getroot().text_content()
    assert STRUCK in shown
    assert "300396" not in shown
    assert read_report(book).report.overview[0].text == STRUCK


def test_a_paragraph_that_is_struck_as_a_whole_is_left_out_and_told(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        first_paragraph(workbook, "一、总体情况").font = Font(strike=True)

    reading = read_report(write_book(tmp_path, REPORT, edit))
    assert only(check_report(reading)).code == "V117"
    assert len(reading.report.overview) == len(REPORT.overview) - 1


def test_a_struck_name_is_told_and_not_read(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        basic_cell(workbook, "机关名称").value = rich(("旧", "strike"), "某某市示范局")

    reading = read_report(write_book(tmp_path, REPORT, edit))
    finding = only(check_report(reading))
    assert (finding.code, finding.path) == ("V117", "agency.name")
    assert reading.report.agency.name == "某某市示范局"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (("占地 5 m", ("2", "superscript"), "的大厅。"), False),
        (("二氧化碳 CO", ("2", "subscript"), " 减排。"), False),
        (("公开", ("1", "superscript"), "工作。"), False),
        (("受理 66", ("1", "superscript"), "件。"), True),
        (("约 10", ("3", "superscript"), " 条。"), True),
        (("注", ("1", "superscript"), " 66 件。"), True),
        (("占比 5", (".3", "subscript"), "。"), True),
    ],
)
def test_raised_text_of_a_paragraph_is_told_where_it_would_change_a_number(
    pieces: tuple[Any, ...], told: bool, tmp_path: Path
) -> None:
    found = shown(check_edited(tmp_path, REPORT, paragraph(rich(*pieces))))
    assert [f.code for f in found] == (["V116"] if told else [])


# --- what is hidden ---------------------------------------------------------------------------------


def hide_row(workbook: Workbook) -> None:
    sheet, row, _ = CELLS[COUNT]
    workbook[sheet].row_dimensions[row + 1].hidden = True


def hide_column(workbook: Workbook) -> None:
    workbook[CELLS[COUNT][0]].column_dimensions["F"].hidden = True


def flatten_row(workbook: Workbook) -> None:
    sheet, row, _ = CELLS[COUNT]
    workbook[sheet].row_dimensions[row + 1].height = 0.25


def narrow_column(workbook: Workbook) -> None:
    workbook[CELLS[COUNT][0]].column_dimensions["F"].width = 0.05


def collapse_rows(workbook: Workbook) -> None:
    sheet, row, _ = CELLS[COUNT]
    workbook[sheet].row_dimensions.group(row + 1, row + 2, hidden=True)


def hide_sheet(state: str) -> Edit:
    return lambda book: setattr(book[CELLS[COUNT][0]], "sheet_state", state)


def hide_zeros(workbook: Workbook) -> None:
    workbook[CELLS[COUNT][0]].sheet_view.showZeros = False


def low_row(workbook: Workbook) -> None:
    sheet, row, _ = CELLS[COUNT]
    workbook[sheet].row_dimensions[row + 1].height = 3


def thin_column(workbook: Workbook) -> None:
    workbook[CELLS[COUNT][0]].column_dimensions["F"].width = 0.5


def letters(**font: Any) -> Edit:
    """One figure in other letters."""
    return lambda book: setattr(cell_of(book, COUNT), "font", Font(**font))


def black_cell(workbook: Workbook) -> None:
    cell_of(workbook, COUNT).font = Font(color="FF0A0A0A")
    cell_of(workbook, COUNT).fill = PatternFill("solid", fgColor="FF000000")


def white_paragraph(workbook: Workbook) -> None:
    first_paragraph(workbook, "一、总体情况").font = Font(color="FFFFFFFF")


def partly(**font: Any) -> Edit:
    """A paragraph with some words in other letters."""

    def edit(workbook: Workbook) -> None:
        cell = first_paragraph(workbook, "一、总体情况")
        half = len(cell.value) // 2
        words = TextBlock(InlineFont(**font), cell.value[half:])
        cell.value = CellRichText(cell.value[:half], words)

    return edit


def over_figure(rule: Rule) -> Edit:
    """A conditional format over one figure."""

    def edit(workbook: Workbook) -> None:
        cell = cell_of(workbook, COUNT)
        cell.parent.conditional_formatting.add(cell.coordinate, rule)

    return edit


def on_condition(**look: Any) -> Rule:
    return Rule(type="expression", formula=["TRUE"], dxf=DifferentialStyle(**look))


def data_bar(*, shown: bool) -> Rule:
    ends = [FormatObject(type="min"), FormatObject(type="max")]
    return Rule(type="dataBar", dataBar=DataBar(cfvo=ends, color="FF638EC6", showValue=shown))


def icons(*, shown: bool) -> Rule:
    steps = [FormatObject(type="percent", val=share) for share in (0, 33, 67)]
    return Rule(type="iconSet", iconSet=IconSet(iconSet="3Flags", cfvo=steps, showValue=shown))


def hide_paragraph(workbook: Workbook) -> None:
    cell = first_paragraph(workbook, "一、总体情况")
    cell.parent.row_dimensions[cell.row].hidden = True


def hide_name(workbook: Workbook) -> None:
    cell = basic_cell(workbook, "机关名称")
    cell.parent.row_dimensions[cell.row].hidden = True


HIDDEN: dict[str, tuple[Edit, str]] = {
    "a row": (hide_row, "行看不见"),
    "a column": (hide_column, "F 列看不见"),
    "a row of no height": (flatten_row, "行看不见"),
    "a column of no width": (narrow_column, "F 列看不见"),
    "rows that are grouped": (collapse_rows, "行看不见"),
    "a row of three points": (low_row, "行看不见"),
    "a column of half a character": (thin_column, "F 列看不见"),
    "white letters": (letters(color="FFFFFFFF"), "1 格有字与底色相同"),
    "letters in the white of the theme": (letters(color=Color(theme=0)), "1 格有字与底色相同"),
    "nearly white letters": (letters(color="FFF8F8F8"), "1 格有字与底色相同"),
    "tiny letters": (letters(size=1), "1 格有字与底色相同或字号过小"),
    "black letters in a black cell": (black_cell, "1 格有字与底色相同"),
    "a white paragraph": (white_paragraph, "1 格有字与底色相同"),
    "white words in a paragraph": (partly(color="FFFFFFFF"), "1 格有字与底色相同"),
    "tiny words in a paragraph": (partly(sz=1), "1 格有字与底色相同或字号过小"),
    "white letters on a condition": (
        over_figure(on_condition(font=Font(color="FFFFFFFF"))),
        "条件格式可能使 1 格的字看不见",
    ),
    "a black cell on a condition": (
        over_figure(on_condition(fill=PatternFill(bgColor="FF000000"))),
        "条件格式可能使 1 格的字看不见",
    ),
    "a bar in place of the figure": (
        over_figure(data_bar(shown=False)),
        "条件格式可能使 1 格的字看不见",
    ),
    "an icon in place of the figure": (
        over_figure(icons(shown=False)),
        "条件格式可能使 1 格的字看不见",
    ),
    "a sheet": (hide_sheet("hidden"), "工作表是隐藏的"),
    "a sheet that no menu shows": (hide_sheet("veryHidden"), "工作表是隐藏的"),
    "zeros": (hide_zeros, "不显示零值"),
    "a paragraph": (hide_paragraph, "行看不见（隐藏，或没有高度、宽度），其中 1 格"),
    "the name": (hide_name, "行看不见（隐藏，或没有高度、宽度），其中 1 格"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "said"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_is_one_warning_a_sheet(edit: Edit, said: str, tmp_path: Path) -> None:
    reading = read_report(write_book(tmp_path, REPORT, edit))
    finding = only(check_report(reading))
    assert (finding.code, finding.severity) == ("S115", Severity.WARNING)
    assert said in finding.message
    assert reading.report.values() == REPORT.values()


@pytest.mark.parametrize(
    ("height", "told"),
    [
        (b' ht="5.25"', ["S115"]),
        (b'\tht="0"', ["S115"]),
        (b'\r\nht="5.25"', ["S115"]),
        (b'\tht="15"', []),
    ],
)
def test_a_low_row_is_found_whatever_separates_its_height(
    height: bytes, told: list[str], tmp_path: Path
) -> None:
    book = write_book(tmp_path, REPORT)
    _, row, _ = CELLS[COUNT]
    usual = re.compile(rb'(<row r="%d" [^>]*?) ht="[0-9.]+"' % (row + 1))
    part = "xl/worksheets/sheet6.xml"
    lower = {part: lambda xml: usual.sub(rb"\1" + height, xml, count=1)}
    book.write_bytes(repacked(book.read_bytes(), lower))
    assert [finding.code for finding in shown(check_report(book))] == told


FORMAT_OF_2010 = (
    b'<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
    b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    b"<x14:conditionalFormattings><x14:conditionalFormatting>%s<xm:sqref>%s</xm:sqref>"
    b"</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"
)
HIDING_OF_2010 = {
    "letters": (
        b'<x14:cfRule type="expression"><xm:f>1</xm:f><x14:dxf><font><color rgb="FFFFFFFF"/></font>'
        b"</x14:dxf></x14:cfRule>"
    ),
    "bar": b'<x14:cfRule type="dataBar"><x14:dataBar showValue="0"/></x14:cfRule>',
}


@pytest.mark.parametrize("rule", HIDING_OF_2010.values(), ids=HIDING_OF_2010)
def test_a_conditional_format_of_newer_versions_that_may_hide_a_figure_is_told(
    rule: bytes, tmp_path: Path
) -> None:
    book = write_book(tmp_path, REPORT, lambda workbook: None)
    _, row, column = CELLS[COUNT]
    added = FORMAT_OF_2010 % (rule, a1(row, column).encode())
    part = "xl/worksheets/sheet6.xml"
    data = repacked(book.read_bytes(), {part: lambda xml: xml.replace(b"</worksheet>", added)})
    book.write_bytes(data)
    finding = only(check_report(book))
    assert (finding.code, finding.place.cell) == ("S115", a1(row, column))


def white_on_red(workbook: Workbook) -> None:
    cell_of(workbook, COUNT).font = Font(color="FFFFFFFF")
    cell_of(workbook, COUNT).fill = PatternFill("solid", fgColor="FFC00000")


@pytest.mark.parametrize(
    "edit",
    [
        letters(color="FFC00000"),
        letters(color="FF808080"),
        letters(color=Color(theme=1)),
        letters(color=Color(theme=4, tint=-0.25)),
        letters(size=6),
        white_on_red,
        partly(color="FFC00000"),
        partly(sz=12, color=Color(theme=1)),
        over_figure(on_condition(font=Font(color="FFC00000"))),
        over_figure(
            on_condition(font=Font(color="FFFFFFFF"), fill=PatternFill(bgColor="FFC00000"))
        ),
        over_figure(on_condition(fill=PatternFill(bgColor="FFFFC7CE"))),
        over_figure(data_bar(shown=True)),
        over_figure(icons(shown=True)),
    ],
)
@pytest.mark.slow
def test_letters_that_can_be_made_out_give_no_finding(edit: Edit, tmp_path: Path) -> None:
    assert not shown(check_edited(tmp_path, REPORT, edit))


def test_hidden_helpers_and_hidden_blank_lines_give_no_finding(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        workbook.create_sheet("上年数据").sheet_state = "hidden"
        workbook["填报说明"].sheet_state = "veryHidden"
        line = basic_cell(workbook, "适用格式")
        line.parent.row_dimensions[line.row].hidden = True
        for row in range(45, 60):
            workbook[CELLS[COUNT][0]].row_dimensions[row].hidden = True
        workbook[CELLS[COUNT][0]].column_dimensions["Z"].hidden = True

    assert not shown(check_edited(tmp_path, REPORT, edit))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["三、依申请公开", "一、总体情况", "基本信息"])
@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_copy_is_passed_over_and_told_and_the_visible_one_read(
    name: str, state: str, tmp_path: Path
) -> None:
    def edit(workbook: Workbook) -> None:
        copy = workbook.copy_worksheet(workbook[name])
        copy.title = f"{name} (2)"
        workbook.move_sheet(copy, -len(workbook.sheetnames))
        copy.sheet_state = state
        for line in copy.iter_rows():
            for cell in line:
                if isinstance(cell.value, int):
                    cell.value += 7
                elif cell.value in ("某某市示范局", "（一）主动公开情况。全年按时公开。"):
                    cell.value = "旧的"

    reading = read_report(write_book(tmp_path, REPORT, edit))
    finding = only(check_report(reading))
    assert (finding.code, finding.severity, finding.place.sheet) == (
        "S115",
        Severity.WARNING,
        f"{name} (2)",
    )
    assert "没有读取" in finding.message
    report = reading.report
    assert (report.values(), report.overview, report.agency) == (
        REPORT.values(),
        REPORT.overview,
        REPORT.agency,
    )


def test_of_two_visible_tables_none_is_preferred(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        workbook.copy_worksheet(workbook["三、依申请公开"])

    assert "S102" in {f.code for f in check_edited(tmp_path, REPORT, edit)}


# --- no false alarms ------------------------------------------------------------------------------


def by_openpyxl(data: bytes) -> bytes:
    stream = io.BytesIO()
    opened(data).save(stream)
    return stream.getvalue()


def with_results(data: bytes) -> Workbook:
    """A workbook with the results of its formulas in their place."""
    return pickle.loads(_with_results(data))


@lru_cache(8)
def _with_results(data: bytes) -> bytes:
    return pickle.dumps(load_workbook(io.BytesIO(data), data_only=True))


def by_openpyxl_anew(data: bytes) -> bytes:
    """Values only, as scripts write them: no styles at all."""
    old, new = with_results(data), Workbook()
    new.remove(new.worksheets[0])
    for sheet in old.worksheets:
        copy = new.create_sheet(sheet.title)
        for line in sheet.iter_rows(values_only=True):
            copy.append(line)
        for area in sheet.merged_cells.ranges:
            copy.merge_cells(str(area))
    stream = io.BytesIO()
    new.save(stream)
    return stream.getvalue()


def by_xlsxwriter(data: bytes) -> bytes:
    """Anew, with the formats that offices choose in the menu."""
    old = with_results(data)
    stream = io.BytesIO()
    codes = [
        "General",
        "0",
        "#,##0",
        "0_);[Red](0)",
        '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
        '0"件"',
    ]
    with xlsxwriter.Workbook(stream) as book:
        counts = [book.add_format({"num_format": code, "bold": True}) for code in codes]
        day = book.add_format({"num_format": "yyyy/m/d"})
        money = book.add_format({"num_format": '#,##0.00##"万元"'})
        for sheet in old.worksheets:
            new = book.add_worksheet(sheet.title)
            for area in sheet.merged_cells.ranges:
                new.merge_range(str(area), None)
            for line in sheet.iter_rows():
                for cell in line:
                    at = (cell.row - 1, cell.column - 1)
                    if isinstance(cell.value, float) or (sheet.title, *at) == CELLS[FEES]:
                        new.write(*at, cell.value, money)
                    elif isinstance(cell.value, int) and cell.value < 2000:
                        new.write(*at, cell.value, counts[(cell.row or 0) % len(counts)])
                    elif isinstance(cell.value, date):
                        new.write_datetime(*at, cell.value, day)
                    elif cell.value is not None:
                        new.write(*at, cell.value)
    return stream.getvalue()


WRITERS = [bytes, by_openpyxl, by_openpyxl_anew, by_xlsxwriter]
BOOKS = [(EDITION_2021, 0), (EDITION_2021, 1), (EDITION_2019, 0)]


@pytest.mark.slow
@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize(
    ("edition", "seed"), BOOKS, ids=lambda item: getattr(item, "name", str(item))
)
def test_ordinary_workbooks_give_no_finding(
    write: Callable[[bytes], bytes], edition: Any, seed: int, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(write(written(consistent_report(edition, seed))))
    reading = read_report(path)
    assert not [f for f in reading.findings if f.code in SHOWN]
    assert (
        reading.report.values() == consistent_report(edition, seed).values()
        or write is by_openpyxl_anew
    )


@pytest.mark.libreoffice
@needs_libreoffice
def test_workbooks_saved_by_libreoffice_give_no_finding(tmp_path: Path) -> None:
    given = {tmp_path / f"{write.__name__}.xlsx": write for write in WRITERS}
    for path, write in given.items():
        path.write_bytes(write(written(REPORT)))
    converted(given, "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved")
    for path in given:
        assert not shown(check_report(tmp_path / "saved" / path.name)), path.name


# --- what is known beforehand ---------------------------------------------------------------------


def test_the_formats_that_are_known_beforehand_show_what_the_parser_of_formats_says() -> None:
    for code, known in KNOWN.items():
        assert (known.harmless, known.decimals) == (
            numberformat.is_harmless(code),
            numberformat.shows_decimals(code),
        )
