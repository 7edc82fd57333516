"""A unit's own report and that of the whole below it are two reports; without units below it is one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from govdisclose.batch import batch_reports
from govdisclose.comparison import compare_folders
from govdisclose.form.status import UnitState, UnitStatus
from govdisclose.long_table import export_folder
from govdisclose.many.batch.result import Status
from govdisclose.overview import Grouping, make_overview
from govdisclose.status import check_inbox
from govdisclose.write.status.letter import LetterTerms, return_letter
from support import seasons
from support.seasons import CITY, COUNTY, YEAR, Place, workbook

TOWN = seasons.unit(1, name="红旗乡人民政府")
COUNTY_THAT_REPORTS = evolve(COUNTY, reports=True)


@pytest.fixture
def town(tmp_path: Path) -> Place:
    """A township that has sent its report as that of an agency and as that of a government."""
    made = seasons.place(tmp_path, TOWN)
    made.put("1.xlsx", workbook(TOWN.name, TOWN.code))
    made.put("2.xlsx", workbook(TOWN.name, TOWN.code, level="government"))
    return made


def test_an_overview_counts_the_report_of_a_township_once(town: Place) -> None:
    made = make_overview(town.inbox, roster=town.roster)
    (line,) = made.of(Grouping.ALL)
    assert line.reports == 1
    assert [(one.file, "只计一份" in one.reason) for one in made.excluded] == [("2.xlsx", True)]


def test_a_long_table_says_that_a_township_is_in_it_twice(town: Place) -> None:
    made = export_folder(town.inbox, town.root / "长表.csv", to="csv", roster=town.roster)
    (pair,) = made.doubled
    assert [path.name for path in pair] == ["1.xlsx", "2.xlsx"]


def test_a_batch_makes_neither_report_of_a_township_before_the_office_decides(town: Place) -> None:
    out = town.root / "报告"
    results = batch_reports(town.inbox, out, to=["json"], roster=town.roster, year=YEAR)
    final = {result.workbook.name: result.status for result in results}
    assert final == {"1.xlsx": Status.UNDECIDED, "2.xlsx": Status.UNDECIDED}


def test_a_comparison_lists_the_report_of_a_township_that_does_not_count(town: Place) -> None:
    for number in (1, 2):
        level = "agency" if number == 1 else "government"
        town.put(f"上年{number}.xlsx", workbook(TOWN.name, TOWN.code, year=YEAR - 1, level=level))
    made = compare_folders(town.inbox, town.inbox, roster=town.roster, years=(YEAR - 1, YEAR))
    assert made.units is not None
    told = [Path(one.file).name for one in made.units.reports_left_out if "只计一份" in one.reason]
    assert sorted(told) == ["2.xlsx", "上年2.xlsx"]


def county(tmp_path: Path, *, own_wrong: int = 0, whole_wrong: int = 0) -> UnitStatus:
    """A county that reports for itself and has sent both of its reports."""
    made = seasons.place(tmp_path)
    seasons.write_roster(made.roster, [CITY, COUNTY_THAT_REPORTS, seasons.unit(3)], force=True)
    made.put("自己.xlsx", workbook(COUNTY.name, COUNTY.code, wrong=own_wrong))
    whole = workbook(COUNTY.name, COUNTY.code, seed=2, wrong=whole_wrong, level="government")
    made.put("全县.xlsx", whole, "2025-01-11")
    seen = check_inbox(made.inbox, made.roster, year=YEAR)
    (found,) = [unit for unit in seen.units if unit.code == COUNTY.code]
    return found


def test_a_county_may_send_its_own_report_and_that_of_the_whole(tmp_path: Path) -> None:
    found = county(tmp_path)
    assert (found.state, found.remark) == (UnitState.RECEIVED, "另有本级汇总报告 全县.xlsx")
    assert [file.file for file in found.files] == ["自己.xlsx", "全县.xlsx"]


@pytest.mark.parametrize("wrong", ["own_wrong", "whole_wrong"])
def test_each_of_the_two_is_returned_for_its_own_errors(wrong: str, tmp_path: Path) -> None:
    found = county(tmp_path, **{wrong: 1})
    file = "自己.xlsx" if wrong == "own_wrong" else "全县.xlsx"
    assert found.state is UnitState.RETURNED
    assert {finding.place.file for finding in found.findings} == {file}


def test_a_letter_names_the_report_that_is_wrong(tmp_path: Path) -> None:
    whole = county(tmp_path / "1", whole_wrong=1)
    terms = LetterTerms(YEAR, "甲市人民政府办公室", date(2025, 1, 20))
    letter = return_letter(whole, terms)
    assert "（文件“全县.xlsx”，2025年1月11日收到）" in letter.opening
    assert "自己.xlsx" not in letter.opening
    both = return_letter(county(tmp_path / "2", own_wrong=1, whole_wrong=2), terms)
    assert (
        "（文件“自己.xlsx”，2025年1月10日收到；文件“全县.xlsx”，2025年1月11日收到）" in both.opening
    )
    said = [problem.text.partition("：")[0] for problem in both.errors]
    assert said == ["自己.xlsx", "全县.xlsx", "全县.xlsx"]
