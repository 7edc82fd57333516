"""Many units' reports added up: the sums, the levels of a roster, the workbook with its provenance."""

from __future__ import annotations

import random
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from govdisclose import (
    EDITIONS,
    Agency,
    AnnualReport,
    Paragraph,
    check_report,
    compile_report,
    outline,
    read_report,
)
from govdisclose.consolidate import aggregate_folder, aggregate_reports, write_consolidated
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind
from govdisclose.form.quotes import fill_quotes, find_cell, quotes_of
from govdisclose.form.sheets import PROVENANCE_SHEET, SUMMARY_SHEET, UNIT_TEXTS_SHEET
from govdisclose.many.roster import Roster, RosterUnit
from govdisclose.many.roster_making import make_roster
from support.commands import Run
from support.paths import ROOT
from support.reports import EDITION_2019, EDITION_2021, consistent_report
from support.units import cell_sums, folder_of, unit, units

WRITTEN = consistent_report()
"""A report whose sections all have a text."""

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
CITY = make_roster(
    [
        RosterUnit("", "甲市人民政府", "A", level="市级"),
        RosterUnit("", "甲市教育局", "A1", "A", "市级"),
        RosterUnit("", "乙县人民政府", "B", "甲市人民政府", "县级"),
        RosterUnit("", "乙县公安局", "B1", "B", "县级"),
        RosterUnit("", "丙镇人民政府", "C", "B", "乡级"),
        RosterUnit("", "丁镇人民政府", "D", "B", "乡级"),
    ]
)


def city() -> list[AnnualReport]:
    names = [
        ("甲市教育局", "A1"),
        ("乙县公安局", "B1"),
        ("丙镇人民政府", "C"),
        ("丁镇人民政府", "D"),
    ]
    return [unit(name, seed, code) for seed, (name, code) in enumerate(names, 1)]


# --- sums ---------------------------------------------------------------------------------------


@pytest.mark.slow
@each_edition
@settings(max_examples=12)
@given(seeds=st.lists(st.integers(0, 10**6), min_size=1, max_size=6, unique=True))
def test_the_consolidated_report_is_the_cell_by_cell_sum_and_every_relation_holds(
    edition: Edition, seeds: list[int]
) -> None:
    parts = [unit(f"单位{i}", seed, edition=edition) for i, seed in enumerate(seeds)]
    made = aggregate_reports(parts)
    assert made.report.values() == cell_sums(*parts)
    assert not [f for f in check_report(made.report) if f.code.startswith("A")]
    assert (made.report.year, made.report.edition, made.report.agency.level) == (
        parts[0].year,
        edition,
        "government",
    )


@pytest.mark.slow
@settings(max_examples=12)
@given(order=st.permutations(range(5)))
def test_the_order_of_the_reports_decides_nothing(order: list[int]) -> None:
    parts = units("甲", "乙", "丙", "丁", "戊")
    assert aggregate_reports([parts[i] for i in order]) == aggregate_reports(parts)


@pytest.mark.slow
@settings(max_examples=12)
@given(sizes=st.lists(st.integers(1, 3), min_size=1, max_size=4), seed=st.integers(0, 10**6))
def test_a_sum_of_sums_is_the_sum_of_all(sizes: list[int], seed: int) -> None:
    rng = random.Random(seed)
    groups = [
        [unit(f"单位{g}-{i}", rng.randrange(10**6)) for i in range(size)]
        for g, size in enumerate(sizes)
    ]
    sums = [aggregate_reports(group).report for group in groups]
    named = [report.evolve(agency=unit(f"上级{i}").agency) for i, report in enumerate(sums)]
    whole = aggregate_reports([report for group in groups for report in group])
    assert aggregate_reports(named).report.values() == whole.report.values()


def test_money_is_added_exactly() -> None:
    parts = [
        r.with_values({"proactive.fees.amount": Decimal("0.1")})
        for r in units(*"甲乙丙丁戊己庚辛壬癸")
    ]
    assert aggregate_reports(parts).report.values()["proactive.fees.amount"] == Decimal("1.0")


def test_changes_of_the_2019_form_are_added_with_their_sign() -> None:
    path = next(p for p, cell in outline(EDITION_2019).cells.items() if cell.kind is Kind.CHANGE)
    parts = [
        unit(n, i, edition=EDITION_2019).with_values({path: v})
        for i, (n, v) in enumerate([("甲", 5), ("乙", -8)])
    ]
    assert aggregate_reports(parts).report.values()[path] == -3


def test_blank_counts_as_zero_where_another_unit_is_filled_and_stays_blank_where_none_is() -> None:
    one, none = "proactive.licences.decisions", "proactive.penalties.decisions"
    first, second = units("甲", "乙")
    made = aggregate_reports(
        [first.with_values({one: None, none: None}), second.with_values({one: 7, none: None})]
    )
    assert (made.report.values()[one], made.report.values()[none]) == (7, None)
    assert {part.name: part.blanks for part in made.units} == {"甲": 2, "乙": 1}


def test_totals_are_derived_and_never_taken_from_what_units_state() -> None:
    blank_totals = dict.fromkeys((r.right[0] for r in outline(EDITION_2021).sums), None)
    parts = units("甲", "乙")
    silent = [report.with_values(blank_totals) for report in parts]
    assert aggregate_reports(silent).report.values() == cell_sums(*parts)


def test_the_reports_of_real_units_add_up() -> None:
    city_, bureau = (
        read_report(ROOT / "sample_workbooks" / f"{n}.xlsx")
        for n in ("huaian-2024", "tongliao-minwei-2021")
    )
    bureau_ = bureau.report.evolve(year=city_.report.year)
    both = [city_.report.evolve(agency=unit("某局").agency), bureau_]
    assert aggregate_reports(both).report.values() == cell_sums(*both)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same(pool, tmp_path: Path) -> None:
    books = sorted(folder_of(tmp_path, *units("甲", "乙", "丙")).iterdir())
    with pool(2) as executor:
        assert aggregate_reports(books, executor=executor) == aggregate_reports(books)


# --- levels -------------------------------------------------------------------------------------


def test_every_unit_with_units_of_its_own_is_their_sum_from_the_bottom_up() -> None:
    _education, police, third, fourth = city()
    made = aggregate_reports(city(), roster=CITY)
    (county,) = made.below
    assert made.report.values() == cell_sums(*city())
    assert county.report.values() == cell_sums(police, third, fourth)
    assert (made.report.agency.name, county.report.agency.name) == ("甲市人民政府", "乙县人民政府")
    assert (made.face, county.face) == ("已汇总 4 家，应报 4 家", "已汇总 3 家，应报 3 家")
    assert (made.complete, made.findings) == (True, ())


def test_a_unit_with_units_of_its_own_adds_its_own_report_when_it_is_an_agencys() -> None:
    roster = make_roster(
        [RosterUnit("", "教育局", reports=True), RosterUnit("", "一中", parent="教育局")]
    )
    parts = units("教育局", "一中")
    assert aggregate_reports(parts, roster=roster).report.values() == cell_sums(*parts)


def test_a_governments_own_overview_is_held_against_the_sum_and_not_added() -> None:
    county = aggregate_reports(city()[1:], roster=None).report
    wrong = county.with_values({"proactive.licences.decisions": 1}).evolve(
        agency=unit("乙县人民政府", code="B").agency
    )
    overview = wrong.evolve(agency=unit("乙县人民政府", code="B", level="government").agency)
    made = aggregate_reports([*city(), overview], roster=CITY)
    assert made.report.values() == cell_sums(*city())
    assert [(f.code, f.path) for f in made.findings] == [("H101", "proactive.licences.decisions")]
    assert made.below[0].overview is not None


def test_missing_units_are_named_by_level_and_never_counted_as_zero() -> None:
    made = aggregate_reports(city()[:2], roster=CITY)
    assert made.face == "已汇总 2 家，应报 4 家"
    assert [u.name for u in made.missing] == ["丙镇人民政府", "丁镇人民政府"]
    (finding,) = made.findings
    assert (finding.code, finding.expected, finding.found) == ("H102", "4 家", "2 家")
    assert "乡级 2 家（丙镇人民政府、丁镇人民政府）" in finding.message


# --- the workbook -------------------------------------------------------------------------------


@pytest.mark.slow
@each_edition
def test_the_consolidated_workbook_is_read_checked_and_compiled_like_any_other(
    edition: Edition, tmp_path: Path
) -> None:
    parts = [unit(name, seed, edition=edition) for seed, name in enumerate("甲乙丙", 1)]
    folder = folder_of(tmp_path, *parts)
    made = aggregate_folder(folder, tmp_path / "汇总.xlsx", agency=unit("某市人民政府").agency)
    reading = read_report(tmp_path / "汇总.xlsx")
    assert reading.report.values() == cell_sums(*parts)
    assert (reading.report.agency, reading.report.year) == (made.report.agency, made.report.year)
    assert {f.code for f in check_report(reading)} == {"S117", "S118"}
    assert compile_report(tmp_path / "汇总.xlsx", tmp_path / "draft.docx", draft=True).path.exists()
    written = reading.report.evolve(
        overview=WRITTEN.overview, problems=WRITTEN.problems, other_matters=WRITTEN.other_matters
    )
    assert not any(finding.stops for finding in check_report(written))


@each_edition
def test_the_columns_of_the_provenance_sheet_add_up_to_every_cell(
    edition: Edition, tmp_path: Path
) -> None:
    blank = "requests.outcomes.granted.business"
    parts = [
        unit(name, seed, code, edition=edition)
        for seed, (name, code) in enumerate([("甲<&局", "1"), ("乙局", None)])
    ]
    parts[0] = parts[0].with_values(
        {blank: None, "proactive.fees.amount": Decimal("0.394")} if edition is EDITION_2021 else {}
    )
    made = aggregate_reports(parts, on_error="list")
    write_consolidated(made, tmp_path / "b.xlsx")
    sheet = load_workbook(tmp_path / "b.xlsx")[PROVENANCE_SHEET]
    header, *rows = sheet.iter_rows(min_row=4, values_only=True)
    assert header[:4] == ("单位", "代码", "层级", "上级")
    paths = [find_cell(name, edition) for name in header[4:]]
    assert paths == list(outline(edition).cells)
    assert [(row[0], row[1]) for row in rows] == [
        (part.name, part.agency.code) for part in made.units
    ]
    for part, row in zip(made.units, rows, strict=True):
        shown = [0 if value is None else value for value in row[4:]]
        read = [None if value == "空白" else Decimal(str(value)) for value in shown]
        assert read == [value if value is None else Decimal(value) for value in part.values]
    bottom = 4 + len(made.units)
    assert re.fullmatch(rf"A4:[A-Z]+{bottom}", sheet.auto_filter.ref)
    assert sheet.freeze_panes == "B5"


def test_the_provenance_sheet_says_the_level_and_the_parent_of_a_unit(tmp_path: Path) -> None:
    made = aggregate_reports(city(), roster=CITY)
    sheet = load_workbook(write_consolidated(made, tmp_path / "b.xlsx"))[PROVENANCE_SHEET]
    rows = [row[:4] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert rows == [
        ("甲市教育局", "A1", "市级", "甲市人民政府"),
        ("乙县公安局", "B1", "县级", "乙县人民政府"),
        ("丙镇人民政府", "C", "乡级", "乙县人民政府"),
        ("丁镇人民政府", "D", "乡级", "乙县人民政府"),
    ]


def test_a_unit_stands_under_the_name_and_the_code_of_the_roster_in_every_year(
    tmp_path: Path,
) -> None:
    renamed = RosterUnit("", "水利局", "NEW", aliases=("水务局",), former_codes=("OLD",))
    roster = make_roster([renamed, RosterUnit("", "教育局", "E")])
    reports = [unit("水务局", 1, "OLD"), unit("教育局", 2)]
    book = load_workbook(
        write_consolidated(aggregate_reports(reports, roster=roster), tmp_path / "b.xlsx")
    )
    rows = [row[:2] for row in book[PROVENANCE_SHEET].iter_rows(min_row=5, values_only=True)]
    assert rows == [("水利局", "NEW"), ("教育局", "E")]
    remarks = [row[6] for row in book["汇总说明"].iter_rows(values_only=True) if row[1] == "水利局"]
    assert remarks == ["报告写的是名称“水务局”、代码 OLD"]


@each_edition
def test_section_one_is_a_draft_whose_figures_follow_the_tables(
    edition: Edition, tmp_path: Path
) -> None:
    parts = [unit(name, seed, edition=edition) for seed, name in enumerate("甲乙", 1)]
    made = aggregate_reports(parts, agency=unit("某市人民政府").agency)
    report = read_report(write_consolidated(made, tmp_path / "b.xlsx")).report
    quotes = [quote for _, quote in quotes_of(report)]
    assert len(quotes) > 10
    assert all(quote.problem is None for quote in quotes)
    text = " ".join(paragraph.text for paragraph in fill_quotes(report).overview)
    assert f"本年新收政府信息公开申请{report.values()['requests.received.total']}件" in text
    assert text.count("（文字描述）") == 4


def test_a_draft_quotes_no_cell_that_is_blank(tmp_path: Path) -> None:
    parts = [part.with_values({"proactive.fees.amount": None}) for part in units("甲", "乙")]
    report = read_report(write_consolidated(aggregate_reports(parts), tmp_path / "c.xlsx")).report
    assert all(quote.problem is None for _, quote in quotes_of(report))
    assert "行政事业性收费" not in " ".join(paragraph.text for paragraph in report.overview)


def test_the_title_says_that_units_are_missing_until_none_is(tmp_path: Path) -> None:
    some = aggregate_reports(city()[:2], roster=CITY)
    path = write_consolidated(some, tmp_path / "b.xlsx")
    assert read_report(path).report.title.endswith("报告（草稿：已汇总 2 家，应报 4 家）")
    whole = write_consolidated(aggregate_reports(city(), roster=CITY), tmp_path / "c.xlsx")
    assert read_report(whole).report.title == "甲市人民政府2024年政府信息公开工作年度报告"


@pytest.mark.slow
def test_the_paragraphs_of_the_units_stand_side_by_side_and_nothing_is_cut_off(
    tmp_path: Path,
) -> None:
    long = "今年办理申请若干件，公开信息若干条。" * 300
    odd = "没有标点" * 600
    first = unit("甲局").evolve(
        overview=(Paragraph(long), Paragraph("收到{表三.本年新收.总计}件。")),
        problems=(Paragraph("=1+1"), Paragraph(odd)),
        other_matters=(Paragraph("第一行\n第二行"),),
    )
    second = unit("乙局", 2).evolve(
        overview=WRITTEN.overview, problems=WRITTEN.problems, other_matters=WRITTEN.other_matters
    )
    folder = folder_of(tmp_path, first, second)
    aggregate_folder(folder, tmp_path / "b.xlsx", with_texts=True)
    sheet = load_workbook(tmp_path / "b.xlsx")[UNIT_TEXTS_SHEET]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    mine = [row for row in rows if row[0] == "甲局"]
    columns = ["".join(text or "" for text in column) for column in zip(*mine, strict=True)]
    received = first.values()["requests.received.total"]
    assert columns[1:] == [f"{long}收到{received}件。", f"=1+1{odd}", "第一行第二行"]
    assert max(len(text or "") for row in rows for text in row) <= 350
    assert sum(row[0] == "乙局" for row in rows) >= len(WRITTEN.overview)
    reading = read_report(tmp_path / "b.xlsx")
    assert not [f for f in reading.findings if f.place.sheet == UNIT_TEXTS_SHEET]
    aggregate_folder(folder, tmp_path / "c.xlsx")
    assert UNIT_TEXTS_SHEET not in load_workbook(tmp_path / "c.xlsx").sheetnames


@pytest.mark.slow
def test_the_workbook_says_on_its_first_sheet_who_is_in_it_and_who_is_not(tmp_path: Path) -> None:
    stranger = unit("外单位", 9, "X")
    broken = city()[2].with_values({"requests.received.total": 10**6})
    folder = folder_of(tmp_path, *city()[:2], broken, stranger)
    roster = tmp_path / "花名册.xlsx"
    _write(roster, CITY)
    aggregate_folder(folder, tmp_path / "b.xlsx", roster=roster, on_error="list")
    sheet = load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert sheet.title == SUMMARY_SHEET
    assert sheet["A2"].value == "已汇总 2 家，应报 4 家；另有 1 份报告没有计入"
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[4]}
    states = {name: row[4] for name, row in rows.items()}
    assert states == {
        "单位": "情况", "甲市教育局": "已汇总", "乙县公安局": "已汇总", "丁镇人民政府": "缺报",
        "丙镇人民政府": "没有计入", "外单位": "不在花名册",
    }  # fmt: skip
    assert "A101" in rows["丙镇人民政府"][6]


@pytest.mark.slow
def test_every_report_stands_on_the_first_sheet_once(tmp_path: Path) -> None:
    """Also the second copy of a report, and what the government of a county below the top says of itself."""
    roster = tmp_path / "花名册.xlsx"
    _write(roster, CITY)
    county = aggregate_reports(city()[1:]).report.evolve(
        agency=Agency("乙县人民政府", "B", "government"),
        overview=WRITTEN.overview,
        problems=WRITTEN.problems,
        other_matters=WRITTEN.other_matters,
    )
    folder = folder_of(tmp_path, *city(), city()[0], county)
    made = aggregate_folder(folder, tmp_path / "b.xlsx", roster=roster)
    rows = list(load_workbook(tmp_path / "b.xlsx").worksheets[0].iter_rows(values_only=True))
    named = {row[5]: row[4] for row in rows if str(row[5]).endswith(".xlsx")}
    assert named.keys() == {path.name for path in folder.iterdir()}
    states = ["已汇总", "已汇总", "已汇总", "已汇总", "重报", "本级汇总报告"]
    assert [named[path.name] for path in sorted(folder.iterdir())] == states
    assert made.complete


def test_units_of_one_name_and_different_codes_are_pointed_out(tmp_path: Path) -> None:
    write_consolidated(
        aggregate_reports([unit("财政局", 1, "A"), unit("财政局", 2, "B")]), tmp_path / "b.xlsx"
    )
    said = [
        row[0]
        for row in load_workbook(tmp_path / "b.xlsx").worksheets[0].iter_rows(values_only=True)
    ]
    assert any(str(text).startswith("名称为“财政局”的有 2 家，代码各不相同") for text in said)


@pytest.mark.slow
def test_each_unit_with_units_of_its_own_may_get_its_workbook(tmp_path: Path) -> None:
    folder, roster = folder_of(tmp_path, *city()), tmp_path / "r.xlsx"
    _write(roster, CITY)
    new = tmp_path / "new" / "each"
    aggregate_folder(folder, tmp_path / "b.xlsx", roster=roster, each=new)
    (made,) = new.iterdir()
    assert made.name == "乙县人民政府2024年度汇总.xlsx"
    assert read_report(made).report.values() == cell_sums(*city()[1:])


@pytest.mark.slow
def test_too_many_figures_are_not_written_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = aggregate_reports(units("甲", "乙"))
    figures = sum(value != 0 for part in made.units for value in part.values)
    monkeypatch.setattr("govdisclose.write.workbook.provenance.MOST_FIGURES", figures)
    whole = load_workbook(write_consolidated(made, tmp_path / "whole.xlsx"))
    assert whole[PROVENANCE_SHEET].max_row == 6
    monkeypatch.setattr("govdisclose.write.workbook.provenance.MOST_FIGURES", figures - 1)
    workbook = load_workbook(write_consolidated(made, tmp_path / "b.xlsx"))
    assert workbook[PROVENANCE_SHEET].max_row == 4
    assert "没有列出" in workbook[PROVENANCE_SHEET]["A2"].value
    front = [cell.value for (cell, *_) in workbook[SUMMARY_SHEET].iter_rows()]
    assert any(
        f"2 家单位共有 {figures} 个不是 0 的数，太多，没有列出" in str(text) for text in front
    )
    assert read_report(tmp_path / "b.xlsx").report.values() == made.report.values()


FORMER_SHEETS = [
    "来源明细（二、主动公开）",
    "来源明细（三、依申请公开）",
    "来源明细（四、复议诉讼）",
]


def test_the_sheets_that_show_the_units_are_never_read(tmp_path: Path) -> None:
    """Earlier versions wrote three sheets."""
    made = aggregate_reports(units("甲", "乙"))
    path = write_consolidated(made, tmp_path / "b.xlsx")
    workbook = load_workbook(path)
    for name in (PROVENANCE_SHEET, UNIT_TEXTS_SHEET, *FORMER_SHEETS):
        sheet = workbook[name] if name in workbook.sheetnames else workbook.create_sheet(name)
        sheet["F3"] = "总计"
        for row in range(5, 30):
            sheet.cell(row, 3, 12345)
    workbook.save(path)
    reading = read_report(path)
    shown = {PROVENANCE_SHEET, UNIT_TEXTS_SHEET, *FORMER_SHEETS}
    assert reading.report.values() == made.report.values()
    assert not [f for f in reading.findings if f.place.sheet in shown]


@pytest.mark.slow
def test_a_provenance_sheet_larger_than_any_sheet_that_is_read_does_not_hinder_reading(
    tmp_path: Path,
) -> None:
    part = aggregate_reports([unit("单位", 1)]).units[0]
    full = evolve(part, values=(7,) * len(part.values))
    counted = {str(number): full for number in range(5500)}
    made = evolve(aggregate_reports([unit("单位", 1)]), counted=counted)
    path = write_consolidated(made, tmp_path / "b.xlsx")
    assert len(full.values) * len(counted) > 1_000_000
    assert read_report(path).report.values() == made.report.values()


def test_the_same_reports_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        write_consolidated(aggregate_reports(units("甲", "乙")), tmp_path / n)
        for n in ("a.xlsx", "b.xlsx")
    )
    assert first.read_bytes() == second.read_bytes()


def _write(path: Path, roster: Roster) -> None:
    from govdisclose.roster import write_roster

    write_roster(path, roster.units)


# --- the command --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_consolidates_a_folder_and_says_how_many(tmp_path: Path, run) -> None:
    folder = folder_of(tmp_path, *units("甲局", "乙局"))
    done: Run = run("aggregate", folder, "-o", tmp_path / "b.xlsx", "--agency", "某市人民政府")
    assert (done.code, done.out) == (0, "")
    assert "已汇总 2 家（没有花名册，不知应报多少家）" in done.err
    assert read_report(tmp_path / "b.xlsx").report.agency.name == "某市人民政府"


@pytest.mark.slow
def test_the_output_of_an_earlier_run_in_the_folder_is_not_counted(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, *units("甲局", "乙局"))
    first = aggregate_folder(folder, folder / "汇总.xlsx")
    assert aggregate_folder(folder, folder / "汇总.xlsx", force=True).report == first.report


@pytest.mark.slow
def test_files_that_are_no_workbooks_are_named_on_the_terminal_and_in_the_workbook(
    tmp_path: Path, run
) -> None:
    folder = folder_of(tmp_path, *units("甲局", "乙局"))
    (folder / "丙局.doc").write_bytes(b"")
    done: Run = run("aggregate", folder, "-o", tmp_path / "b.xlsx")
    assert "另有 1 个文件没有看：丙局.doc" in done.err
    said = [
        row[0]
        for row in load_workbook(tmp_path / "b.xlsx").worksheets[0].iter_rows(values_only=True)
    ]
    assert any(str(text).startswith("另有 1 个文件没有看") for text in said)


def test_a_consistent_report_of_one_unit_is_its_own_sum() -> None:
    report = consistent_report()
    assert aggregate_reports([report]).report.values() == report.values()


@pytest.mark.parametrize(("total", "counted"), [(0, True), (None, True), (3, False)])
def test_blank_addends_make_0_as_they_do_in_a_check(total: int | None, counted: bool) -> None:
    outcomes = ("upheld", "corrected", "other", "pending")
    blank = dict.fromkeys((f"disputes.review.{outcome}" for outcome in outcomes), None)
    report = unit("甲局", 1).with_values({**blank, "disputes.review.total": total})
    assert any(finding.stops for finding in check_report(report)) is not counted
    made = aggregate_reports([report, unit("乙局", 2)], on_error="list")
    assert ("甲局" in [one.name for one in made.units]) is counted
