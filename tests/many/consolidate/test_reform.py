"""Units that are merged, split, renamed and given new codes: who owes a report, and who is whose heir."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from govdisclose import Agency, FindingsError
from govdisclose.consolidate import aggregate_folder, aggregate_reports
from govdisclose.form.sheets import ROSTER_COLUMNS, SUMMARY_SHEET
from govdisclose.roster import Roster, RosterUnit, make_roster, read_roster, write_roster
from support.units import cell_sums, folder_of, unit

Cells = dict[str, Any]


def sheet(folder: Path, *rows: Cells, header: tuple[str, ...] = ROSTER_COLUMNS) -> Path:
    """A roster of rows that each fill some columns."""
    workbook = Workbook()
    workbook.active.append(header)
    for row in rows:
        workbook.active.append([row.get(name) for name in header])
    workbook.save(folder / "r.xlsx")
    return folder / "r.xlsx"


def names(units: tuple[RosterUnit, ...]) -> list[str]:
    return [each.name for each in units]


# --- who owes a report --------------------------------------------------------------------------

CHAIN = [
    {"代码": "1", "名称": "甲局", "并入": "乙局", "撤并年份": 2023},
    {"代码": "2", "名称": "乙局", "并入": "3", "撤并年份": "2025年"},
    {"代码": "3", "名称": "丙局"},
    {"代码": "4", "名称": "丁局", "分设自": "丙局", "设立年份": 2024},
    {"代码": "5", "名称": "戊局", "设立年份": 2024, "撤并年份": 2026},
]
OWING = {
    2022: "甲局 乙局 丙局",
    2023: "乙局 丙局",
    2024: "乙局 丙局 丁局 戊局",
    2025: "丙局 丁局 戊局",
    2026: "丙局 丁局",
}


@pytest.mark.parametrize("year", OWING)
def test_a_unit_owes_no_report_from_its_merger_on_and_none_before_it_was_founded(
    year: int, tmp_path: Path
) -> None:
    roster = read_roster(sheet(tmp_path, *CHAIN))
    there = roster.as_of(year)
    assert names(there.units) == OWING[year].split()
    assert [each.name for each in roster.units if each.owes(year)] == OWING[year].split()
    assert len(there.units) + len(there.absent) == len(roster.units)


HEIRS = {
    "a chain": ("甲局", 2022, 2025, "丙局"),
    "half of the chain": ("甲局", 2022, 2023, "乙局"),
    "a split leaves the old unit": ("丙局", 2023, 2024, "丙局 丁局"),
    "nothing happened": ("丙局", 2024, 2026, "丙局"),
    "nobody carries on": ("戊局", 2024, 2026, ""),
    "not there yet": ("丁局", 2022, 2025, ""),
}


@pytest.mark.parametrize("case", HEIRS)
def test_the_work_of_a_unit_is_followed_over_the_years(case: str, tmp_path: Path) -> None:
    name, earlier, later, expected = HEIRS[case]
    roster = read_roster(sheet(tmp_path, *CHAIN))
    (found,) = [each for each in roster.units if each.name == name]
    assert names(roster.successors(found, earlier, later)) == expected.split()


_YEARS = st.none() | st.integers(2020, 2024)


@pytest.mark.slow
@given(data=st.data())
def test_following_many_years_is_following_each_of_them(data: st.DataObject) -> None:
    keys = "甲乙丙丁戊"
    others = st.lists(st.sampled_from(keys), max_size=2, unique=True)
    rows = []
    for key in keys:
        founded, dissolved = data.draw(_YEARS), data.draw(_YEARS)
        origins = tuple(data.draw(others)) if founded else ()
        heirs = tuple(data.draw(others)) if dissolved else ()
        rows.append(
            RosterUnit(
                "", key, split_from=origins, founded=founded, merged_into=heirs, dissolved=dissolved
            )
        )
    try:
        roster = make_roster(rows)
    except FindingsError:
        assume(False)
    for start in roster.units:
        at = {start} if start.exists(2019) else set()
        for year in range(2019, 2025):
            stepped = [roster.successors(each, year, year + 1) for each in at]
            at = {each for group in stepped for each in group}
        assert set(roster.successors(start, 2019, 2025)) == at
        for end in roster.units:
            forth = end in roster.successors(start, 2019, 2025)
            assert forth == (start in roster.predecessors(end, 2019, 2025))


def test_the_units_below_a_dissolved_unit_belong_to_its_heir() -> None:
    rows = [
        RosterUnit("", "市"),
        RosterUnit("", "旧县", parent="市", merged_into=("新区",), dissolved=2024),
        RosterUnit("", "新区", parent="市"),
        RosterUnit("", "旧县某镇", parent="旧县"),
        RosterUnit("", "撤销的县", parent="市", dissolved=2024),
        RosterUnit("", "另一镇", parent="撤销的县"),
    ]
    roster = make_roster(rows)
    parents = {each.name: each.parent for each in roster.as_of(2024).units}
    assert parents == {"市": None, "新区": "市", "旧县某镇": "新区", "另一镇": "市"}
    assert {each.name: each.reports for each in roster.as_of(2023).units}["旧县"] is False
    assert {each.name: each.parent for each in roster.as_of(2023).units}["旧县某镇"] == "旧县"


def test_an_heir_that_belonged_to_the_dissolved_unit_moves_up() -> None:
    rows = [
        RosterUnit("", "市"),
        RosterUnit("", "委员会", parent="市", merged_into=("下属局",), dissolved=2024),
        RosterUnit("", "下属局", parent="委员会"),
    ]
    there = make_roster(rows).as_of(2024)
    assert {each.name: each.parent for each in there.units} == {"市": None, "下属局": "市"}
    assert {each.name: each.reports for each in there.units} == {"市": False, "下属局": True}


def test_a_unit_reports_again_when_all_that_belonged_to_it_is_gone() -> None:
    rows = [RosterUnit("", "甲局"), RosterUnit("", "某中心", parent="甲局", dissolved=2024)]
    roster = make_roster(rows)
    assert names(tuple(each for each in roster.units if each.reports)) == ["甲局", "某中心"]
    assert names(tuple(each for each in roster.as_of(2023).units if each.reports)) == ["某中心"]
    assert names(tuple(each for each in roster.as_of(2024).units if each.reports)) == ["甲局"]


# --- whose report it is -------------------------------------------------------------------------

RENAMED = {
    "代码": "NEW",
    "名称": "丙局",
    "原代码": "old1、ＯＬＤ2",
    "曾用名": "甲局、乙局",
}
FOUND = {
    "the present name and code": ("丙局", "NEW", True),
    "the first name and the first code": ("甲局", "OLD1", True),
    "the second name and the second code": ("乙局", "old2", True),
    "the present name and an old code": ("丙局", "OLD2", True),
    "an old name and the present code": ("甲局", "new", True),
    "an old name without a code": ("甲局", None, True),
    "another name under an old code": ("丁局", "OLD1", False),
    "the name under a strange code": ("丙局", "X", False),
}


@pytest.mark.parametrize("case", FOUND)
def test_a_unit_renamed_twice_is_known_by_all_its_names_and_codes(
    case: str, tmp_path: Path
) -> None:
    name, code, is_found = FOUND[case]
    found = read_roster(sheet(tmp_path, RENAMED)).find(Agency(name, code))
    assert (found.unit is not None) == is_found
    assert bool(found.reason) != is_found


def test_two_units_of_one_name_in_two_counties_are_told_apart_by_code(tmp_path: Path) -> None:
    rows = [
        {"代码": "A", "名称": "水务局", "并入": "C", "撤并年份": 2024},
        {"代码": "B", "名称": "水务局"},
        {"代码": "C", "名称": "农水局"},
    ]
    roster = read_roster(sheet(tmp_path, *rows))
    assert names(roster.successors(roster.by_key["A"], 2023, 2024)) == ["农水局"]
    there = roster.as_of(2024)
    assert there.find(Agency("水务局")).unit == roster.by_key["B"]
    assert there.find(Agency("水务局", "A")).unit == roster.by_key["A"]


# --- what is wrong ------------------------------------------------------------------------------

UNIT, HEIR = {"代码": "1", "名称": "甲局"}, {"代码": "2", "名称": "乙局"}
WRONG: dict[str, tuple[list[Cells], str, str]] = {
    "an unknown heir": ([{**UNIT, "并入": "无此局", "撤并年份": 2024}], "J2", "并入“无此局”不在花名册上"),
    "an unknown origin": ([{**UNIT, "分设自": "无此局", "设立年份": 2024}], "H2", "分设自“无此局”不在花名册上"),
    "an heir that two units could be": (
        [{**UNIT, "并入": "水务局", "撤并年份": 2024}, {"代码": "8", "名称": "水务局"}, {"代码": "9", "名称": "水务局"}],
        "J2", "有 2 家，请改填代码"),
    "itself": ([{**UNIT, "并入": "甲局", "撤并年份": 2024}], "J2", "写了它自己"),
    "no year of a merger": ([{**UNIT, "并入": "乙局"}, HEIR], "J2", "没有写“撤并年份”"),
    "no year of a split": ([{**UNIT, "分设自": "乙局"}, HEIR], "H2", "没有写“设立年份”"),
    "no year at all": ([{**UNIT, "撤并年份": "去年"}], "K2", "不是年份"),
    "dissolved before it was founded": ([{**UNIT, "设立年份": 2024, "撤并年份": 2020}], "K2", "早于设立年份 2024"),
    "an heir that was gone": (
        [{**UNIT, "并入": "乙局", "撤并年份": 2024}, {**HEIR, "撤并年份": 2022}], "J2", "2022 年已经撤并"),
    "an heir that was not there yet": (
        [{**UNIT, "并入": "乙局", "撤并年份": 2020}, {**HEIR, "设立年份": 2022}], "J2", "2022 年才设立"),
    "an origin that was gone": (
        [{**UNIT, "分设自": "乙局", "设立年份": 2024}, {**HEIR, "撤并年份": 2022}], "H2", "2022 年已经撤并"),
    "a circle of mergers": (
        [{**UNIT, "并入": "乙局", "撤并年份": 2024}, {**HEIR, "并入": "1", "撤并年份": 2024}], "J2", "并入成了循环：甲局 → 乙局 → 甲局"),
    "a circle of splits": (
        [{**UNIT, "分设自": "2", "设立年份": 2024}, {**HEIR, "分设自": "1", "设立年份": 2024}], "H2", "分设自成了循环"),
    "an old code that is another's present one": ([{**UNIT, "原代码": "2"}, HEIR], "G2", "是“乙局”现在的代码"),
    "an old code that is its own": ([{**UNIT, "原代码": "１"}], "G2", "与现在的代码相同"),
    "an old code of two units": ([{**UNIT, "原代码": "X"}, {**HEIR, "原代码": "x"}], "G3", "写在两家名下"),
    "an old code as a long number": ([{**UNIT, "原代码": 11420100000000001}], "G2", "以数字存放"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_its_cell(case: str, tmp_path: Path) -> None:
    rows, cell, words = WRONG[case]
    with pytest.raises(FindingsError) as stop:
        read_roster(sheet(tmp_path, *rows))
    assert {(f.code, str(f.place)) for f in stop.value.findings} == {("H105", f"Sheet!{cell}")}
    assert any(words in f.message for f in stop.value.findings)


def test_one_column_for_the_year_serves_either_change(tmp_path: Path) -> None:
    header = ("名称", "代码", "并入", "分设自", "变动年份")
    rows = [
        {"名称": "甲局", "并入": "乙局", "变动年份": 2024},
        {"名称": "乙局"},
        {"名称": "丙局", "分设自": "乙局", "变动年份": 2023},
    ]
    first, _, last = read_roster(sheet(tmp_path, *rows, header=header)).units
    assert (first.dissolved, first.founded, last.dissolved, last.founded) == (
        2024,
        None,
        None,
        2023,
    )
    for unclear in ({"变动年份": 2024}, {"变动年份": 2024, "并入": "乙局", "分设自": "乙局"}):
        with pytest.raises(FindingsError, match="错误") as stop:
            read_roster(sheet(tmp_path, {"名称": "甲局", **unclear}, rows[1], header=header))
        assert any("分不清“变动年份”" in f.message for f in stop.value.findings)


def test_a_roster_with_changes_that_was_written_is_read_the_same(tmp_path: Path) -> None:
    roster = read_roster(sheet(tmp_path, *CHAIN, {**RENAMED, "名称": "己局"}))
    path = write_roster(tmp_path / "again.xlsx", roster.units)
    assert read_roster(path).units == roster.units
    page = load_workbook(path).active
    assert [cell.value for cell in page[3]] == list(ROSTER_COLUMNS)


# --- in a consolidation -------------------------------------------------------------------------

A, B, C, D = (unit(name, seed) for seed, name in enumerate(("甲局", "乙局", "丙局", "丁局"), 1))


def city() -> Roster:
    return make_roster(
        [
            RosterUnit("", "甲局", merged_into=("乙局",), dissolved=2024),
            RosterUnit("", "乙局"),
            RosterUnit("", "丙局", split_from=("乙局",), founded=2025),
            RosterUnit("", "丁局"),
            RosterUnit("", "戊局", dissolved=2020),
        ]
    )


def test_a_merged_unit_is_not_missing_in_the_year_of_its_merger() -> None:
    made = aggregate_reports([B], roster=city())
    assert made.face == "已汇总 1 家，应报 2 家"
    assert names(made.missing) == ["丁局"]
    earlier = [report.evolve(year=2023) for report in (A, B, D)]
    whole = aggregate_reports(earlier, roster=city())
    assert (whole.complete, whole.expected) == (True, 3)
    assert whole.report.values() == cell_sums(A, B, D)


@pytest.mark.parametrize(
    ("stray", "words"),
    [
        (A, "并入“乙局”，2024 年度由承接单位一并报告"),
        (C, "分设自“乙局”，2024 年度还没有它"),
        (unit("戊局", 5), "2020 年撤销，2024 年度不应有它的报告"),
    ],
)
def test_a_report_of_a_unit_that_was_not_there_is_refused(stray: Any, words: str) -> None:
    made = aggregate_reports([B, D, stray], roster=city(), on_error="list")
    assert [finding.code for finding in made.findings] == ["H114"]
    assert words in made.findings[0].text
    assert made.report.values() == cell_sums(B, D)
    assert made.complete


def test_an_old_report_of_a_merged_unit_is_not_said_to_be_its_heir_s() -> None:
    old = A.evolve(year=2022)
    asked = aggregate_reports([B, D, old], roster=city(), year=2024)
    assert [finding.code for finding in asked.findings] == ["H102"]
    assert "是 2022 年度的报告，要汇总的是 2024 年度" in asked.findings[0].text
    unasked = aggregate_reports([B, D, old], roster=city(), on_error="list")
    assert [finding.code for finding in unasked.findings] == ["H114"]
    assert "由承接单位一并报告" not in unasked.findings[0].text
    assert "这一份是 2022 年度的" in unasked.findings[0].text


@pytest.mark.slow
def test_the_summary_says_what_became_of_a_merged_unit(tmp_path: Path) -> None:
    write_roster(tmp_path / "r.xlsx", city().units)
    aggregate_folder(folder_of(tmp_path, B, D), tmp_path / "o.xlsx", roster=tmp_path / "r.xlsx")
    rows = load_workbook(tmp_path / "o.xlsx")[SUMMARY_SHEET].iter_rows(values_only=True)
    found = {row[1]: (row[4], row[6]) for row in rows}
    assert found["甲局"] == ("已撤并", "2024 年并入“乙局”")
    assert found["丙局"] == ("尚未设立", "2025 年分设自“乙局”")
