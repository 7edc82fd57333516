"""Last year's report of a unit is found by code, by name, and by what the roster tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from govdisclose import Agency, AnnualReport, write_workbook
from govdisclose.consolidate import aggregate_reports, write_consolidated
from govdisclose.errors import InputError, UsageError
from govdisclose.form.long_table import tabled
from govdisclose.many.previous import PreviousYear, index_previous
from govdisclose.roster import Roster, RosterUnit, make_roster
from support.long_tables import long_file
from support.reports import EDITION_2021
from support.units import cell_sums, folder_of, unit


def last(name: str, seed: int = 1, code: str | None = None) -> AnnualReport:
    return unit(name, seed, code, year=2023)


def index(folder: Path, *reports: AnnualReport, roster: Roster | None = None) -> PreviousYear:
    """Last year's reports from a long table: quick to make, and read as a folder is."""
    rows = [evolve(tabled(report), file=f"{n}.xlsx") for n, report in enumerate(reports)]
    source = long_file(folder / "last.sqlite", rows)
    return index_previous(source, folder / "store.db", roster=roster)


A, B, C = last("甲局", 1, "1A"), last("乙局", 2, "1B"), last("丙局", 3)


@pytest.mark.parametrize(
    ("agency", "found"),
    [
        (Agency("甲局", "1A"), A),
        (Agency("甲局", "1a "), A),
        (Agency("改了名的局", "1B"), B),
        (Agency("甲局"), A),
        (Agency("丙局", "1C"), C),
        (Agency("丙 局"), C),
    ],
)
def test_a_report_is_found_by_code_then_by_name(
    agency: Agency, found: AnnualReport, tmp_path: Path
) -> None:
    report = index(tmp_path, A, B, C).find(agency, 2024).report
    assert report is not None
    assert report.values() == found.values()
    assert report.agency == found.agency


def test_a_report_of_no_unit_of_its_year_is_named(tmp_path: Path) -> None:
    merged = RosterUnit("", "丙局", "1C", merged_into=("1A",), dissolved=2023)
    roster = make_roster([RosterUnit("", "甲局", "1A"), merged])
    said = index(tmp_path, A, B, last("丙局", 3, "1C"), roster=roster).why_unused
    assert said == (
        "上年的 1.xlsx 没有比较：花名册上没有这个单位",
        "上年的 2.xlsx 没有比较：花名册上“丙局”2023 年并入“甲局”，2023 年度没有这个单位",
    )


@pytest.mark.parametrize(
    ("agency", "year", "reason"),
    [
        (Agency("丁局", "1D"), 2024, "没有找到 2023 年度的报告"),
        (Agency("甲局", "9Z"), 2024, "代码不同"),
        (Agency("甲局", "1A"), 2025, "没有找到 2024 年度的报告"),
        (Agency("甲局", "1A"), None, "没有写明年度"),
        (Agency(""), 2024, "没有找到"),
        (Agency("同名局"), 2024, "有 2 份不同的报告"),
    ],
)
def test_where_none_is_found_the_reason_is_said(
    agency: Agency, year: int | None, reason: str, tmp_path: Path
) -> None:
    twins = last("同名局", 4, "1E"), last("同名局", 5, "1F")
    answer = index(tmp_path, A, B, C, *twins).find(agency, year)
    assert answer.report is None
    assert answer.reading is None
    assert reason in answer.reason


def test_two_copies_of_one_report_are_one(tmp_path: Path) -> None:
    assert index(tmp_path, A, A).find(A.agency, 2024).report is not None


def test_the_roster_tells_former_names_and_codes(tmp_path: Path) -> None:
    renamed = RosterUnit("", "数据局", "2A", aliases=("甲局",), former_codes=("1A",))
    previous = index(tmp_path, A, B, roster=make_roster([renamed, RosterUnit("", "乙局", "1B")]))
    for agency in (Agency("数据局", "2A"), Agency("数据局")):
        report = previous.find(agency, 2024).report
        assert report is not None
        assert report.agency.name == "甲局"


MERGED = make_roster(
    [
        RosterUnit("", "甲局", "1A", merged_into=("丙局",), dissolved=2024),
        RosterUnit("", "乙局", "1B", merged_into=("丙局",), dissolved=2024),
        RosterUnit("", "丙局", "1C"),
    ]
)


def test_a_merged_unit_is_compared_with_the_sum_of_those_it_came_from(tmp_path: Path) -> None:
    three = A, B, last("丙局", 3, "1C")
    answer = index(tmp_path, *three, roster=MERGED).find(Agency("丙局", "1C"), 2024)
    assert answer.report is not None
    assert answer.report.values() == cell_sums(*three)
    assert "相加" in answer.file


def test_a_merged_unit_without_all_reports_is_not_compared(tmp_path: Path) -> None:
    answer = index(tmp_path, A, B, roster=MERGED).find(Agency("丙局", "1C"), 2024)
    assert answer.report is None
    assert "没有“丙局”的报告" in answer.reason


def test_a_unit_that_was_split_is_not_compared_with_a_part(tmp_path: Path) -> None:
    parts = [
        RosterUnit("", "甲局", "1A"),
        RosterUnit("", "新局", "1N", split_from=("甲局",), founded=2024),
    ]
    previous = index(tmp_path, A, roster=make_roster(parts))
    for agency in (Agency("甲局", "1A"), Agency("新局", "1N")):
        answer = previous.find(agency, 2024)
        assert answer.report is None
        assert "分给了几家" in answer.reason


COUNTY = make_roster(
    [RosterUnit("", "县政府", "1G", reports=True), RosterUnit("", "甲局", "1A", parent="1G")]
)
OWN = last("县政府", 4, "1G")
OF_WHOLE = last("县政府", 5, "1G").evolve(agency=Agency("县政府", "1G", "government"))


@pytest.mark.parametrize("roster", [None, COUNTY])
def test_a_county_s_own_report_and_that_of_the_whole_are_each_compared_with_their_like(
    roster: Roster | None, tmp_path: Path
) -> None:
    previous = index(tmp_path, A, OWN, OF_WHOLE, roster=roster)
    for report in (OWN, OF_WHOLE):
        found = previous.find(report.agency, 2024).report
        assert found is not None
        assert found.values() == report.values()


def test_a_county_s_own_report_is_not_compared_with_that_of_the_whole(tmp_path: Path) -> None:
    previous = index(tmp_path, A, OF_WHOLE, roster=COUNTY)
    assert previous.find(OWN.agency, 2024).reason == "2023 年度没有“县政府”的报告"
    (tmp_path / "last.sqlite").unlink()
    previous = index(tmp_path, A, OWN, roster=COUNTY)
    said = previous.find(OF_WHOLE.agency, 2024).reason
    assert said == "2023 年度没有“县政府”的本级汇总报告"


def test_a_township_is_found_whatever_kind_its_report_says(tmp_path: Path) -> None:
    town = A.evolve(agency=Agency("甲局", "1A", "government"))
    previous = index(tmp_path, town, roster=COUNTY)
    for level in ("agency", "government"):
        assert previous.find(Agency("甲局", "1A", level), 2024).report is not None  # type: ignore[arg-type]  # one of the two


def test_a_folder_is_read_with_its_texts_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, A)
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    previous = index_previous(folder, tmp_path / "store.db")
    report = previous.find(A.agency, 2024).report
    assert report is not None
    assert report.overview == A.overview
    assert [each.file for each in previous.unread] == ["坏.xlsx"]


def test_the_digest_changes_with_any_figure(tmp_path: Path) -> None:
    path = "proactive.licences.decisions"
    for number, report in enumerate((A, A.with_values({path: 9_999}))):
        (tmp_path / str(number)).mkdir()
        index(tmp_path / str(number), report)
    first, again, other = (
        index_previous(tmp_path / name / "last.sqlite", tmp_path / "store.db").digest
        for name in ("0", "0", "1")
    )
    assert first == again != other


def test_the_units_of_a_consolidated_workbook_are_found(tmp_path: Path) -> None:
    total = write_consolidated(aggregate_reports([A, B, C]), tmp_path / "total.xlsx")
    previous = index_previous(total, tmp_path / "store.db")
    for unit_report in (A, B, C):
        report = previous.find(unit_report.agency, 2024).report
        assert report is not None
        assert report.values() == unit_report.values()


def test_a_workbook_that_lists_no_units_is_refused(tmp_path: Path) -> None:
    path = write_workbook(A, tmp_path / "unit.xlsx")
    with pytest.raises(InputError, match="没有列出各单位"):
        index_previous(path, tmp_path / "store.db")


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="应为收件文件夹，或长表"):
        index_previous(tmp_path / "last.docx", tmp_path / "store.db")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="没有可以比较的上年报告"):
        index_previous(tmp_path / "empty", tmp_path / "store.db")


def test_the_edition_of_last_year_is_kept(tmp_path: Path) -> None:
    report = index(tmp_path, A).find(A.agency, 2024).report
    assert report is not None
    assert report.edition is EDITION_2021
