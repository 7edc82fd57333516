"""The figures of a city: recomputed with SQL, and nothing counted twice or left out silently."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from govdisclose import AnnualReport, export_report, write_workbook
from govdisclose.consolidate import aggregate_reports, write_consolidated
from govdisclose.errors import InputError, UsageError
from govdisclose.form.growth import rounded_percent
from govdisclose.form.long_table import Tabled
from govdisclose.form.outline import outline
from govdisclose.form.overview import Overview
from govdisclose.long_table import export_folder
from govdisclose.overview import INDICATORS, Grouping, Indicator, Standing, make_overview
from govdisclose.roster import RosterUnit, make_roster
from support.commands import Run
from support.long_tables import city, long_file, report_of
from support.reports import EDITION_2021
from support.seasons import decisions, place, workbook
from support.seasons import unit as seasons_unit
from support.units import folder_of, unit, units

YEARS = (2019, 2020, 2021, 2022)

_DECIDED = "(path LIKE '{0}.upheld' OR path LIKE '{0}.corrected' OR path LIKE '{0}.other')"
_LAWSUITS = "disputes.litigation.%"
_TOTAL = "requests.outcomes.total.total"
SQL: dict[str, tuple[str, str]] = {
    "received": ("path = 'requests.received.total'", ""),
    "carried_in": ("path = 'requests.carried_in.total'", ""),
    "concluded": (f"path = '{_TOTAL}'", ""),
    "carried_out": ("path = 'requests.carried_out.total'", ""),
    "disclosure_rate": ("path LIKE 'requests.outcomes.%granted.total'", f"path = '{_TOTAL}'"),
    "refusal_rate": ("path LIKE 'requests.outcomes.refused.%.total'", f"path = '{_TOTAL}'"),
    "unable_rate": ("path LIKE 'requests.outcomes.unable.%.total'", f"path = '{_TOTAL}'"),
    "unprocessed_rate": (
        "path LIKE 'requests.outcomes.not_processed.%.total'",
        f"path = '{_TOTAL}'",
    ),
    "other_rate": ("path LIKE 'requests.outcomes.other.%total'", f"path = '{_TOTAL}'"),
    "carry_over_rate": (
        "path = 'requests.carried_out.total'",
        "path IN ('requests.received.total', 'requests.carried_in.total')",
    ),
    "natural_person_rate": (
        "path = 'requests.received.natural_person'",
        "path = 'requests.received.total'",
    ),
    "reviews": ("path = 'disputes.review.total'", ""),
    "review_correction_rate": (
        "path = 'disputes.review.corrected'",
        _DECIDED.format("disputes.review"),
    ),
    "lawsuits": (f"path LIKE '{_LAWSUITS}.total'", ""),
    "lawsuit_correction_rate": (
        f"path LIKE '{_LAWSUITS}.corrected'",
        _DECIDED.format(_LAWSUITS),
    ),
}
"""What each indicator adds up, said a second time: the cells of its part and of its whole."""

GROUPS: dict[Grouping, str] = {
    Grouping.ALL: "1 = 1",
    Grouping.COUNTY: "parent = :key",
    Grouping.LEVEL: "level = :key",
    Grouping.UNIT: "agency_code = :key",
}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_file(tmp_path_factory.mktemp("city") / "city.sqlite", city(YEARS, 12))


@pytest.fixture(scope="module")
def made(table: Path) -> Overview:
    return make_overview(table)


def added(base: sqlite3.Connection, line: Standing, cells: str) -> int | None:
    """What SQL adds up for a line; every path belongs to one of its reports of that year."""
    sql = (
        f"SELECT sum(value) FROM cells WHERE year = :year AND {GROUPS[line.grouping]} AND ({cells})"
    )
    (found,) = base.execute(sql, {"year": line.year, "key": line.key}).fetchone()
    return None if found is None else int(found)


def line_of(made: Overview, grouping: Grouping, key: str = "", year: int = 2024) -> Standing:
    return next(line for line in made.of(grouping, year) if line.key == key)


def of(key: str) -> Indicator:
    return next(indicator for indicator in INDICATORS if indicator.key == key)


# --- every figure by other means ----------------------------------------------------------------


@pytest.mark.slow
def test_every_figure_of_every_line_is_what_sql_adds_up(table: Path, made: Overview) -> None:
    assert set(SQL) == {indicator.key for indicator in INDICATORS}
    compared = 0
    with closing(sqlite3.connect(table)) as base:
        for line in made.standings:
            for measure in line.measures():
                part, whole = SQL[measure.indicator.key]
                assert measure.part == added(base, line, part)
                assert measure.whole == (added(base, line, whole) if whole else None)
                compared += 1
    groups = 1 + 3 + 2 + 12
    assert compared == len(YEARS) * groups * len(INDICATORS)


def test_a_percentage_is_the_exact_rate_rounded_half_up(made: Overview) -> None:
    for line in made.standings:
        for measure in line.measures():
            if measure.percent is not None:
                assert measure.part is not None
                assert measure.whole
                exact = Decimal(measure.part) * 100 / Decimal(measure.whole)
                assert measure.percent == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(st.integers(0, 10**30), st.integers(1, 10**30))
def test_a_rounded_percentage_is_off_by_half_a_tenth_at_most(part: int, whole: int) -> None:
    share = Fraction(part, whole)
    off = Fraction(rounded_percent(share)) - share * 100
    assert -Fraction(1, 20) < off <= Fraction(1, 20)


def test_every_indicator_names_cells_of_both_editions_and_its_formula_their_labels() -> None:
    for indicator in INDICATORS:
        part, _ = indicator.cells(EDITION_2021)
        assert part
        cell = outline(EDITION_2021).cells[part[0]]
        label = (cell.row or cell.column)[-1 if len(part) == 1 else 0]
        assert indicator.formula
        assert indicator.source
        assert label.partition("（")[0][:3] in indicator.formula or cell.row


@pytest.mark.slow
def test_the_three_forms_of_a_long_table_give_the_same_figures(
    made: Overview, tmp_path: Path
) -> None:
    for suffix in ("csv", "parquet"):
        path = long_file(tmp_path / f"city.{suffix}", city(YEARS, 12))
        assert make_overview(path).standings == made.standings


# --- the same units in a folder, a table and a consolidated workbook ----------------------------


@pytest.fixture(scope="module")
def reports() -> list[AnnualReport]:
    return [unit(f"第{number}局", number, f"11420100000000000{number}") for number in range(1, 5)]


def test_a_folder_and_its_consolidated_workbook_have_the_same_sums(
    reports: list[AnnualReport], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, *reports)
    total = tmp_path / "total.xlsx"
    write_consolidated(aggregate_reports(reports), total)
    from_folder, from_total = make_overview(folder), make_overview(total)
    of_units, of_total = (line_of(found, Grouping.ALL) for found in (from_folder, from_total))
    assert (of_units.parts, of_units.wholes) == (of_total.parts, of_total.wholes)
    assert of_units.reports == 4
    assert any("已汇总 4 家" in notice for notice in from_total.notices)


def test_files_that_nobody_looks_at_are_listed(reports: list[AnnualReport], tmp_path: Path) -> None:
    folder = folder_of(tmp_path, *reports)
    (folder / "照片.jpg").write_bytes(b"picture")
    (excluded,) = make_overview(folder).excluded
    assert (excluded.file, excluded.leaves_a_gap) == ("照片.jpg", False)
    assert "没有看" in excluded.reason


def test_a_consolidated_workbook_as_json_counts_before_its_texts_are_written(
    reports: list[AnnualReport], tmp_path: Path
) -> None:
    total = write_consolidated(aggregate_reports(reports), tmp_path / "total.xlsx")
    exported = export_report(total, tmp_path / "total.json", to="json", draft=True).path
    made = make_overview(exported)
    assert made.of(Grouping.ALL)[0].parts == make_overview(total).of(Grouping.ALL)[0].parts


@pytest.mark.slow
def test_a_total_beside_its_parts_is_set_aside(reports: list[AnnualReport], tmp_path: Path) -> None:
    total = tmp_path / "total.xlsx"
    write_consolidated(aggregate_reports(reports), total)
    made = make_overview(folder_of(tmp_path, *reports), total)
    assert line_of(made, Grouping.ALL).reports == 4
    assert len(made.excluded) == 4
    assert not any(each.leaves_a_gap for each in made.excluded)


def test_a_consolidated_workbook_gives_the_figures_of_its_units(
    reports: list[AnnualReport], tmp_path: Path
) -> None:
    total = write_consolidated(aggregate_reports(reports), tmp_path / "total.xlsx")
    from_total = make_overview(total)
    assert from_total.standings == make_overview(folder_of(tmp_path, *reports)).standings


def test_names_come_back_from_a_consolidated_workbook_as_they_were(tmp_path: Path) -> None:
    names = ["=1+1局", "_x0041_局", "<b>&局", "'甲局", "12345"]
    total = write_consolidated(aggregate_reports(units(*names)), tmp_path / "total.xlsx")
    lines = make_overview(total).of(Grouping.UNIT)
    assert sorted(line.name for line in lines) == sorted(names)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [(5, 12_345, "加起来与表中的总计不等"), (5, 1.5, "不是整数"), (5, "约十件", "不是数")],
)
def test_a_consolidated_workbook_that_somebody_changed_is_refused(
    column: int, value: object, said: str, reports: list[AnnualReport], tmp_path: Path
) -> None:
    path = write_consolidated(aggregate_reports(reports), tmp_path / "total.xlsx")
    workbook = load_workbook(path)
    workbook["来源明细"].cell(5, column).value = value  # type: ignore[assignment]  # any content
    workbook.save(path)
    with pytest.raises(InputError, match=said):
        make_overview(path)


def test_what_a_consolidated_workbook_has_not_counted_is_listed_and_its_unit_is_not_missing(
    tmp_path: Path,
) -> None:
    names = ("甲局", "乙局", "丙局")
    rows = [
        RosterUnit("", "某市人民政府"),
        *(RosterUnit("", n, parent="某市人民政府") for n in names),
    ]
    roster = make_roster(rows)
    wrong = unit("乙局", 2).with_values({"requests.received.total": 10**6})
    own = unit("某市人民政府", 3, level="government")
    books = folder_of(tmp_path, unit("甲局"), wrong, own)
    reports = sorted(books.iterdir())
    added = aggregate_reports(reports, roster=roster, on_error="list", base=books)
    total = write_consolidated(added, tmp_path / "total.xlsx")
    made = make_overview(total, roster=roster)
    assert [absentee.name for absentee in made.missing] == ["丙局"]
    gaps = {each.file: each.leaves_a_gap for each in made.excluded}
    assert gaps == {
        "total.xlsx（01乙局.xlsx）": True,
        "total.xlsx（02某市人民政府.xlsx）": False,
    }
    assert all(each.reason.startswith("汇总时没有计入：") for each in made.excluded)
    assert any("total.xlsx（某市人民政府） 是汇总工作簿" in notice for notice in made.notices)


def test_a_consolidated_workbook_without_one_of_its_columns_is_refused(
    reports: list[AnnualReport], tmp_path: Path
) -> None:
    path = write_consolidated(aggregate_reports(reports), tmp_path / "total.xlsx")
    workbook = load_workbook(path)
    sheet = workbook["来源明细"]
    header = next(row for row in sheet.iter_rows() if str(row[1].value or "").strip())
    header[7].value = "改过"
    workbook.save(path)
    with pytest.raises(InputError, match="可能被改动过"):
        make_overview(path)


def test_a_workbook_of_one_unit_is_refused_as_a_total(
    reports: list[AnnualReport], tmp_path: Path
) -> None:
    path = write_workbook(reports[0], tmp_path / "unit.xlsx")
    with pytest.raises(InputError, match="不是汇总工作簿"):
        make_overview(path)


# --- which reports count ------------------------------------------------------------------------


def overview_of(folder: Path, *reports: Tabled, **more: object) -> Overview:
    table = long_file(folder / "table.sqlite", reports)
    return make_overview(table, **more)  # type: ignore[arg-type]  # as the tests give them


A, B, C = (report_of(name, seed=seed) for seed, name in enumerate(("甲局", "乙局", "丙局"), 1))
ALL_BLANK = evolve(C, values=(None,) * len(C.values))
SUM = evolve(
    report_of("某市人民政府"),
    values=tuple((a or 0) + (b or 0) + (c or 0) for a, b, c in zip(A.values, B.values, C.values, strict=True)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (evolve(C, status="errors"), "三张表有错误"),
        (evolve(C, status="doubled+errors"), "三张表有错误"),
        (evolve(C, status="not_on_roster"), "不在花名册上"),
        (evolve(C, status="not_asked"), "花名册写明不填报"),
        (evolve(C, status="contradicts_roster"), "代码和名称与花名册不符"),
        (evolve(C, year=None), "没有写明年度"),
        (evolve(C, year=2099), "报告年度是 2099，还没有到"),
        (evolve(C, agency=evolve(C.agency, name="")), "没有填机关名称"),
        (ALL_BLANK, "一格也没有填"),
        (evolve(C, status="overview"), "汇总报告"),
        (evolve(C, agency=evolve(C.agency, level="government")), "报告类别是“政府”"),
        (evolve(C, status="", values=(*C.values[:-1], (C.values[-1] or 0) + 1)), "总计与各项之和"),
        (evolve(A, file="copy.xlsx"), "只计一份"),
    ],
)
def test_a_report_that_cannot_be_added_is_left_out_and_listed(
    other: Tabled, reason: str, tmp_path: Path
) -> None:
    made = overview_of(tmp_path, A, B, other)
    assert made.of(Grouping.UNIT) == overview_of_two(tmp_path).of(Grouping.UNIT)
    (excluded,) = made.excluded
    assert reason in excluded.reason


def overview_of_two(folder: Path) -> Overview:
    return make_overview(long_file(folder / "two.sqlite", [A, B]))


def test_blank_addends_make_0_as_they_do_in_a_check(tmp_path: Path) -> None:
    """A report that was exported by itself, so that nobody has looked at it."""
    values = list(C.values)
    for position, path in enumerate(outline(EDITION_2021).cells):
        if path.startswith("disputes.review."):
            values[position] = 0 if path.endswith(".total") else None
    made = overview_of(tmp_path, A, B, evolve(C, status="", values=tuple(values)))
    assert {line.name for line in made.of(Grouping.UNIT)} == {"甲局", "乙局", "丙局"}


def test_two_different_reports_of_one_unit_are_both_left_out(tmp_path: Path) -> None:
    made = overview_of(tmp_path, A, B, evolve(A, values=B.values, file="again.xlsx"))
    assert [line.name for line in made.of(Grouping.UNIT)] == ["乙局"]
    assert [each.file for each in made.excluded] == [A.file, "again.xlsx"]
    assert all("不知以哪一份为准" in each.reason for each in made.excluded)


@pytest.mark.slow
def test_the_report_that_the_office_has_chosen_counts(tmp_path: Path) -> None:
    made = place(tmp_path, seasons_unit(1))
    for seed, name in enumerate(("a.xlsx", "b.xlsx")):
        made.put(name, workbook("甲市第1局", "U1", seed=seed))
    old = folder_of(tmp_path / "old", unit("甲市第1局", code="U1", year=2023))
    chosen = decisions(made, "b.xlsx")
    for roster in (None, made.roster):
        seen = make_overview(old, made.inbox, roster=roster, decisions=[chosen])
        assert [line.year for line in seen.of(Grouping.UNIT)] == [2023, 2024]
        told = [(each.file, each.reason, each.leaves_a_gap) for each in seen.excluded]
        assert told == [("a.xlsx", "同一单位以 b.xlsx 为准，这一份不采用", False)]
    stale = decisions(made, "b.xlsx", stale="a.xlsx")
    seen = make_overview(old, made.inbox, decisions=stale)
    assert all("；选定以后 a.xlsx 又改动过，请重新选定" in each.reason for each in seen.excluded)
    assert len(seen.excluded) == 2


def test_a_source_that_lies_in_the_folder_of_another_is_no_file_of_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, unit("甲局"))
    last = folder_of(tmp_path / "2023", unit("甲局", year=2023))
    table = export_folder(last, folder / "2023.csv", to="csv").path
    seen = make_overview(folder, table)
    assert (seen.years, seen.excluded) == ((2023, 2024), ())


def test_decisions_without_a_folder_are_refused(table: Path, tmp_path: Path) -> None:
    made = place(tmp_path, seasons_unit(1))
    with pytest.raises(UsageError, match="没有文件夹"):
        make_overview(table, decisions=decisions(made))


def test_of_two_reports_with_the_same_figures_the_one_without_errors_counts(tmp_path: Path) -> None:
    wrong = evolve(A, status="errors", file="0.xlsx")
    made = overview_of(tmp_path, wrong, A, B)
    assert {line.name for line in made.of(Grouping.UNIT)} == {"甲局", "乙局"}
    (excluded,) = made.excluded
    assert (excluded.file, excluded.leaves_a_gap) == ("0.xlsx", False)
    assert (
        excluded.reason
        == f"三张表有错误，可用 govdisclose check 查看；与 {A.file} 的数相同，只计一份"
    )


def test_of_two_reports_with_the_same_errors_none_is_said_to_count(tmp_path: Path) -> None:
    wrong = evolve(A, status="errors")
    made = overview_of(tmp_path, wrong, evolve(wrong, file="again.xlsx"), B)
    assert [line.name for line in made.of(Grouping.UNIT)] == ["乙局"]
    assert all("三张表有错误" in each.reason for each in made.excluded)
    assert all(each.leaves_a_gap for each in made.excluded)


def test_an_undeclared_sum_of_the_others_is_found_by_its_figures(tmp_path: Path) -> None:
    made = overview_of(tmp_path, A, B, C, SUM)
    assert [line.name for line in made.of(Grouping.UNIT)] == ["丙局", "乙局", "甲局"]
    assert "其余各份之和" in made.excluded[0].reason


def few_requests(name: str, requests: int) -> Tabled:
    """A report of a town: some requests of natural persons, all granted, and nothing else."""
    rows = ("received", "outcomes.granted", "outcomes.total")
    columns = ("natural_person", "total")
    cells = {f"requests.{row}.{column}" for row in rows for column in columns}
    values = [requests if path in cells else 0 for path in outline(EDITION_2021).cells]
    return evolve(report_of(name), values=tuple(values))


@pytest.mark.parametrize("requests", [(1, 1, 0), (1, 1, 2), (3, 2, 1, 0)])
def test_a_small_figure_that_happens_to_be_the_sum_of_the_others_counts(
    requests: tuple[int, ...], tmp_path: Path
) -> None:
    towns = [few_requests(f"第{place}镇", count) for place, count in enumerate(requests)]
    made = overview_of(tmp_path, *towns)
    assert line_of(made, Grouping.ALL).measure(of("received")).part == sum(requests)
    assert made.excluded == ()


def test_two_equal_reports_beside_zeros_are_no_sum_of_each_other(tmp_path: Path) -> None:
    made = overview_of(
        tmp_path, A, evolve(A, agency=B.agency, file=B.file), few_requests("丙局", 0)
    )
    assert line_of(made, Grouping.ALL).reports == 3


@pytest.mark.parametrize("level", ["", "乡级"])
def test_of_equal_reports_the_one_counts_whose_source_knew_the_roster(
    level: str, tmp_path: Path
) -> None:
    """Whatever the order of the sources: the other one looks like the sum of all."""
    known = evolve(B, agency=evolve(B.agency, level="government"), parent="清河县", level="乡级")
    unknown = evolve(known, parent="", level=level, status="overview")
    first = long_file(tmp_path / "first.sqlite", [A, unknown])
    second = long_file(tmp_path / "second.sqlite", [known, C])
    for sources in ((first, second), (second, first)):
        made = make_overview(*sources)
        assert line_of(made, Grouping.ALL).reports == 3
        assert groups_of(made, Grouping.LEVEL) == {"乡级": 1}
        assert groups_of(made, Grouping.COUNTY) == {"清河县": 1}


def test_a_government_that_cannot_be_the_whole_of_the_others_leaves_a_gap(tmp_path: Path) -> None:
    """Without a roster nobody knows to whom it belongs; a whole has no smaller figure."""
    town = named("某镇人民政府", few_requests("某镇", 1), "government")
    whole = named("某市人民政府", SUM, "government")
    (doubtful,) = overview_of(tmp_path, A, B, town).excluded
    assert doubtful.leaves_a_gap
    assert "--roster" in doubtful.reason
    (tmp_path / "table.sqlite").unlink()
    (certain,) = overview_of(tmp_path, A, B, whole).excluded
    assert not certain.leaves_a_gap


def test_a_town_whose_kind_only_one_source_says_counts_once(tmp_path: Path) -> None:
    """A consolidated workbook does not say that a town's report is one of a government."""
    placed = evolve(B, parent="清河县", level="乡级")
    town = evolve(placed, agency=evolve(B.agency, level="government"), file="town.xlsx")
    made = overview_of(tmp_path, A, C, placed, town)
    assert line_of(made, Grouping.ALL).reports == 3
    assert [each.leaves_a_gap for each in made.excluded] == [False]


def test_a_blank_is_not_0_and_is_said(tmp_path: Path) -> None:
    received = list(outline(EDITION_2021).cells).index("requests.received.natural_person")
    blank = [None if received <= i < received + 7 else v for i, v in enumerate(B.values)]
    made = overview_of(tmp_path, A, evolve(B, values=tuple(blank)))
    alone, together = line_of(made, Grouping.UNIT, "乙局"), line_of(made, Grouping.ALL)
    assert alone.measure(of("received")).part is None
    assert alone.measure(of("natural_person_rate")).percent is None
    assert together.measure(of("received")).part == A.values[received + 6]
    assert together.measure(of("received")).blanks == 1
    assert any("有空白" in notice for notice in made.notices)


def test_years_with_other_units_are_said_to_be_no_fair_comparison(tmp_path: Path) -> None:
    made = overview_of(tmp_path, evolve(A, year=2023), B, A)
    assert any("只计入 2024 年度的 1 家" in notice for notice in made.notices)


# --- with a roster ------------------------------------------------------------------------------

CITY = RosterUnit("", "某市人民政府", level="市级")
COUNTY = RosterUnit("", "清河县人民政府", parent="某市人民政府", level="县级")
ROSTER = make_roster(
    [
        CITY,
        RosterUnit("", "甲局", parent="某市人民政府", level="市级"),
        COUNTY,
        RosterUnit("", "乙局", parent="清河县人民政府", level="县级"),
        RosterUnit("", "丙局", parent="清河县人民政府", level="县级"),
    ]
)


def named(name: str, like: Tabled, level: str = "agency") -> Tabled:
    agency = evolve(like.agency, name=name, level=level)
    return evolve(like, agency=agency, file=f"{name}.xlsx")


def groups_of(made: Overview, grouping: Grouping) -> dict[str, int]:
    return {line.name: line.reports for line in made.of(grouping)}


def test_the_roster_says_who_belongs_to_whom_and_who_is_missing(tmp_path: Path) -> None:
    made = overview_of(tmp_path, A, B, roster=ROSTER)
    assert groups_of(made, Grouping.COUNTY) == {"清河县人民政府": 1}
    assert groups_of(made, Grouping.LEVEL) == {"市级": 1, "县级": 1}
    assert [absentee.name for absentee in made.missing] == ["丙局"]
    assert made.agency == "某市人民政府"
    assert "应报 3 家，缺报 1 家" in made.notices[0]


def test_levels_stand_in_the_order_of_the_roster(tmp_path: Path) -> None:
    made = overview_of(tmp_path, B, A, roster=ROSTER)
    assert list(groups_of(made, Grouping.LEVEL)) == ["市级", "县级"]


def test_units_above_of_one_name_are_said_to_be_one_line_without_a_roster(tmp_path: Path) -> None:
    offices = [
        evolve(each, agency=evolve(each.agency, name="财政所", code=code), parent="城关镇")
        for each, code in ((A, "1"), (B, "2"))
    ]
    made = overview_of(tmp_path, *offices, evolve(C, parent="河口镇"))
    assert groups_of(made, Grouping.COUNTY) == {"城关镇": 2, "河口镇": 1}
    (said,) = [notice for notice in made.notices if "同名的上级" in notice]
    assert "城关镇" in said
    assert "河口镇" not in said


def test_units_without_a_level_are_said_to_be_in_no_line_of_one(tmp_path: Path) -> None:
    rows = [RosterUnit("", "甲局", level="市级"), RosterUnit("", "乙局"), RosterUnit("", "丙局")]
    made = overview_of(tmp_path, A, B, C, roster=make_roster(rows))
    assert groups_of(made, Grouping.LEVEL) == {"市级": 1}
    assert "2024 年度有 2 家没有写明层级，只在总计里，“层级”各行里没有" in made.notices


def test_a_report_with_errors_is_not_missing(tmp_path: Path) -> None:
    made = overview_of(tmp_path, A, B, evolve(C, status="errors"), roster=ROSTER)
    assert made.missing == ()


def test_a_report_of_a_mistyped_year_is_not_missing(tmp_path: Path) -> None:
    made = overview_of(tmp_path, A, B, evolve(C, year=2099), roster=ROSTER)
    assert made.missing == ()
    assert [one.year for one in made.excluded] == [2099]


@pytest.mark.parametrize("below", [True, False])
def test_an_overview_counts_only_where_nothing_came_from_below(below: bool, tmp_path: Path) -> None:
    county = named("清河县人民政府", C, "government")
    made = overview_of(tmp_path, A, county, *([B] if below else []), roster=ROSTER)
    names = {line.name for line in made.of(Grouping.UNIT)}
    assert names == ({"甲局", "乙局"} if below else {"甲局", "清河县人民政府"})
    assert len(made.excluded) == below


def test_an_overview_of_a_unit_that_should_report_is_named_and_the_unit_is_not_missing(
    tmp_path: Path,
) -> None:
    rows = [evolve(row, reports=True) if row.name == COUNTY.name else row for row in ROSTER.units]
    own = named(COUNTY.name, C, "government")
    made = overview_of(tmp_path, A, B, C, own, roster=make_roster(rows))
    assert made.missing == ()
    (excluded,) = made.excluded
    assert (excluded.file, excluded.agency) == (own.file, COUNTY.name)
    assert "本级汇总报告" in excluded.reason


def test_a_stranger_is_listed_with_the_reason(tmp_path: Path) -> None:
    made = overview_of(tmp_path, A, B, C, named("外来局", A), roster=ROSTER)
    assert [each.reason for each in made.excluded] == ["花名册上没有这个单位"]


def test_a_unit_that_is_not_to_report_is_not_counted(tmp_path: Path) -> None:
    rows = [evolve(row, reports=False) if row.name == "丙局" else row for row in ROSTER.units]
    made = overview_of(tmp_path, A, B, C, roster=make_roster(rows))
    assert groups_of(made, Grouping.UNIT) == {"甲局": 1, "乙局": 1}
    (excluded,) = made.excluded
    assert (excluded.agency, excluded.leaves_a_gap) == ("丙局", False)
    assert excluded.reason == "花名册上“丙局”的“填报”是“否”，却交来了报告"


def test_a_unit_that_was_merged_owes_no_report_afterwards_and_is_no_one_s(tmp_path: Path) -> None:
    merged = RosterUnit("", "乙局", merged_into=("甲局",), dissolved=2024)
    roster = make_roster([RosterUnit("", "甲局"), merged, RosterUnit("", "丙局")])
    before = overview_of(tmp_path, evolve(A, year=2023), evolve(C, year=2023), roster=roster)
    assert [each.name for each in before.missing] == ["乙局"]
    (tmp_path / "table.sqlite").unlink()
    after = overview_of(tmp_path, A, B, roster=roster)
    assert [each.name for each in after.missing] == ["丙局"]
    assert "2024 年并入“甲局”" in after.excluded[0].reason


# --- rankings -----------------------------------------------------------------------------------


def test_only_units_with_enough_cases_are_ranked_the_highest_first(made: Overview) -> None:
    for year in YEARS:
        ranking = made.ranking(of("refusal_rate"), year, Grouping.UNIT)
        shares = [ranked.measure.share for ranked in ranking.ranked]
        assert shares == sorted(shares, key=lambda share: -(share or 0))
        assert all((ranked.measure.whole or 0) >= made.at_least for ranked in ranking.ranked)
        assert len(ranking.ranked) + ranking.too_small == 12
        assert 0 < ranking.too_small < 12


def test_equal_rates_share_a_place_and_the_next_one_counts_on(tmp_path: Path) -> None:
    same = [named(f"同率{n}局", A) for n in "一二"]
    made = overview_of(tmp_path, *same, B, C, at_least=1)
    ranking = made.ranking(of("refusal_rate"), 2024, Grouping.UNIT)
    places = {ranked.standing.name: ranked.place for ranked in ranking.ranked}
    assert places["同率一局"] == places["同率二局"]
    assert sorted(places.values()) in ([1, 1, 3, 4], [1, 2, 2, 4], [1, 2, 3, 3])


# --- what is refused ----------------------------------------------------------------------------


def edited(change: Callable[[list[str]], Iterable[str]]) -> Callable[[Path], Path]:
    """A CSV whose lines somebody has changed."""

    def make(folder: Path) -> Path:
        path = long_file(folder / "table.csv", [A, B])
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text("\n".join(change(lines)), encoding="utf-8-sig")
        return path

    return make


def sqlite_without_cells(folder: Path) -> Path:
    path = folder / "other.sqlite"
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE other (id)")
    return path


def named_file(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (edited(lambda lines: lines[1:]), "第一行不是长表的列名"),
        (edited(lambda lines: lines[:-1]), "只有 199 行，应有 200 行"),
        (edited(lambda lines: [*lines, lines[-1]]), "有两行"),
        (edited(lambda lines: [*lines[:-1], lines[-1].replace("after_review", "x")]), "没有这一格"),
        (edited(lambda lines: [*lines[:5], lines[5] + ",多一列", *lines[6:]]), "内容读不出"),
        (edited(lambda lines: [line.replace("2024,2021,", "2024,2031,") for line in lines]), "2031"),
        (edited(lambda lines: [line.replace(",number,", "e999999999,number,") for line in lines]), "不是本程序"),
        (edited(lambda lines: [line.replace(",number,", ".5,number,") for line in lines]), "应为整数"),
        (named_file("a.csv", b""), "第一行不是长表的列名"),
        (named_file("a.csv", b"\xff\xfe\x00"), "内容读不出"),
        (named_file("a.sqlite", b"no database"), "内容读不出"),
        (named_file("a.parquet", b"no parquet"), "内容读不出"),
        (sqlite_without_cells, "没有表 cells"),
    ],
)  # fmt: skip
def test_a_long_table_that_is_none_or_was_changed_is_refused_in_one_sentence(
    make: Callable[[Path], Path], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        make_overview(make(tmp_path))


def test_a_file_that_is_not_there_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到"):
        make_overview(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.docx", "a", "a.xls"])
def test_other_endings_are_refused_before_anything_is_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="不能作为来源"):
        make_overview(tmp_path / name)


def test_one_source_given_twice_is_refused(table: Path) -> None:
    with pytest.raises(UsageError, match="给了两次"):
        make_overview(table, table.parent / "." / table.name)


# --- the command --------------------------------------------------------------------------------


def test_the_command_prints_the_definitions_and_says_what_is_left_out(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    path = long_file(tmp_path / "t.sqlite", [A, B, evolve(C, status="errors")])
    done = run("overview", path, "--at-least", 10)
    assert done.code == 6
    assert "公开率＝（“（一）予以公开” ＋ “（二）部分公开”） ÷ “（七）总计”" in done.out
    assert "只排分母达到 10 件的" in done.out
    assert C.file in done.out
    assert "1 份报告没有计入" in done.err


def test_an_output_that_is_a_source_is_refused(
    run: Callable[..., Run], reports: list[AnnualReport], tmp_path: Path
) -> None:
    path = write_workbook(reports[0], tmp_path / "unit.xlsx")
    done = run("overview", path, "-o", path, "--force")
    assert done.code == 2
    assert "就是输入文件" in done.err
