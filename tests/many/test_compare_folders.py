"""Two folders side by side: the sums of both years, and every unit in both or only in one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from openpyxl import load_workbook

from govdisclose import AnnualReport, read_report, write_workbook
from govdisclose.batch import Decision
from govdisclose.comparison import Comparison, compare_folders
from govdisclose.errors import UsageError
from govdisclose.form.units_compared import Presence, UnitsCompared
from govdisclose.many.folder_decisions import decisions_of_folders
from govdisclose.roster import RosterUnit, make_roster, write_roster
from govdisclose.write.comparison import FORMS, as_html, as_json, as_text
from support.commands import Run
from support.seasons import Place, decisions, place, workbook
from support.seasons import unit as seasons_unit
from support.units import cell_sums, folder_of, unit

RECEIVED = "requests.received.total"
ROSTER = make_roster(
    [
        RosterUnit("", "某市人民政府"),
        RosterUnit("", "甲局", parent="某市人民政府"),
        RosterUnit("", "清河县人民政府", parent="某市人民政府"),
        RosterUnit("", "乙局", parent="清河县人民政府", aliases=("旧乙局",)),
        RosterUnit("", "丙局", parent="清河县人民政府", merged_into=("乙局",), dissolved=2024),
        RosterUnit("", "丁局", parent="清河县人民政府"),
    ]
)


def on(year: int, *names: str) -> list[AnnualReport]:
    return [unit(name, seed=ord(name[-2]) + year, year=year) for name in names]


OLD, NEW = on(2023, "甲局", "旧乙局", "丙局"), on(2024, "甲局", "乙局", "丁局")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("folders")
    old, new = folder_of(root / "2023", *OLD), folder_of(root / "2024", *NEW)
    (new / "坏.xlsx").write_bytes(b"no workbook")
    (new / "照片.jpg").write_bytes(b"picture")
    return old, new


@pytest.fixture(scope="module")
def compared(folders: tuple[Path, Path]) -> Comparison:
    old, new = folders
    return compare_folders(new, old, roster=ROSTER)


def units_of(compared: Comparison) -> UnitsCompared:
    assert compared.units is not None
    return compared.units


def test_last_year_s_report_beside_this_year_s_is_left_out_and_the_unit_is_compared(
    tmp_path: Path,
) -> None:
    now = on(2024, "甲局", "乙局", "丁局")
    old, new = folder_of(tmp_path / "2023", *OLD), folder_of(tmp_path / "2024", *now, OLD[0])
    compared = units_of(compare_folders(old, new, roster=ROSTER))
    assert {each.name for each in compared.of(Presence.BOTH)} == {"甲局", "乙局"}
    assert any("03甲局.xlsx：是 2023 年度的报告" in file.said for file in compared.left_out)


@pytest.mark.slow
def test_the_figures_are_the_sums_of_both_years_the_older_first(compared: Comparison) -> None:
    assert compared.years == (2023, 2024)
    old, new = cell_sums(*OLD), cell_sums(*NEW)
    for figure in compared.figures:
        assert [entry.value for entry in figure.entries] == [
            old[figure.cell.path],
            new[figure.cell.path],
        ]


def test_every_unit_is_in_both_years_or_only_in_one(compared: Comparison) -> None:
    units = units_of(compared)
    names = {presence: {each.name for each in units.of(presence)} for presence in Presence}
    assert names == {
        Presence.BOTH: {"甲局", "乙局"},
        Presence.OLD: {"丙局"},
        Presence.NEW: {"丁局"},
    }
    assert units.face == "两年都有的 2 家，只有 2023 年度的 1 家，只有 2024 年度的 1 家"


def test_why_a_unit_is_only_in_one_year_is_said(compared: Comparison) -> None:
    remarks = {each.name: each.remark for each in units_of(compared).units}
    assert "并入“乙局”" in remarks["丙局"]
    assert remarks["丁局"] == "2023 年度缺报"


def test_the_figures_of_a_unit_are_those_of_its_reports(compared: Comparison) -> None:
    found = {each.name: each for each in units_of(compared).units}
    for name, old, new in (("甲局", OLD[0], NEW[0]), ("乙局", OLD[1], NEW[1])):
        then, now = found[name].old, found[name].new
        assert then is not None
        assert now is not None
        assert (then[0], now[0]) == (old.values()[RECEIVED], new.values()[RECEIVED])
        differing = [path for path, value in old.values().items() if new.values()[path] != value]
        assert found[name].changed == len(differing)


def test_counties_add_up_their_units(compared: Comparison) -> None:
    (county,) = [each for each in units_of(compared).counties if each.name == "清河县人民政府"]
    assert (county.old_reports, county.new_reports) == (2, 2)
    assert county.old is not None
    assert county.old[0] == sum(report.values()[RECEIVED] or 0 for report in OLD[1:])


def test_two_counties_of_one_name_are_not_added_together(tmp_path: Path) -> None:
    rows = [RosterUnit("", "城关镇", "1"), RosterUnit("", "城关镇", "2")]
    rows += [RosterUnit("", "甲局", parent="1"), RosterUnit("", "乙局", parent="2")]
    books = [folder_of(tmp_path / str(year), *on(year, "甲局", "乙局")) for year in (2023, 2024)]
    counties = units_of(compare_folders(*books, roster=make_roster(rows))).counties
    found = [(each.name, each.code, each.old_reports, each.new_reports) for each in counties]
    assert found == [("城关镇", "1", 1, 1), ("城关镇", "2", 1, 1)]


def test_what_is_not_in_the_sums_is_listed_and_a_picture_is_no_report(
    compared: Comparison,
) -> None:
    units = units_of(compared)
    assert [Path(report.file).name for report in units.reports_left_out] == ["坏.xlsx"]
    assert [Path(file.file).name for file in units.files_not_read] == ["照片.jpg"]
    text = as_text(compared)
    assert "【没有计入】1 份" in text
    assert "【没有看的文件】1 个" in text
    sheet = load_workbook(BytesIO(FORMS[".xlsx"](compared)))["没有计入"]
    rows = [row[:3] for row in sheet.iter_rows(values_only=True)]
    assert rows[1][0].startswith("1 份报告没有计入总计，没有看的文件 1 个。")
    assert rows[2] == ("文件", "情况", "原因")
    expected = [(file.file, file.state, file.reason) for file in units.left_out]
    assert rows[3:] == expected


def test_without_a_roster_units_are_told_apart_by_name(folders: tuple[Path, Path]) -> None:
    units = units_of(compare_folders(*folders))
    assert {each.name for each in units.of(Presence.BOTH)} == {"甲局"}
    assert units.counties == ()


def test_a_report_that_cannot_count_is_the_remark_of_its_unit(tmp_path: Path) -> None:
    old = folder_of(tmp_path / "2023", *on(2023, "甲局", "乙局"))
    two_versions = (unit("乙局", seed=1, year=2024), unit("乙局", seed=2, year=2024))
    new = folder_of(tmp_path / "2024", *on(2024, "甲局"), *two_versions)
    compared = compare_folders(old, new, roster=ROSTER)
    remarks = {each.name: each.remark for each in units_of(compared).units}
    assert remarks["乙局"].startswith("2024 年度的报告没有计入：")
    assert remarks["甲局"] == ""


def test_a_workbook_without_counties_has_no_sheet_for_them(tmp_path: Path) -> None:
    old = folder_of(tmp_path / "2023", *on(2023, "甲局"))
    new = folder_of(tmp_path / "2024", *on(2024, "甲局"))
    sheets = load_workbook(BytesIO(FORMS[".xlsx"](compare_folders(old, new)))).sheetnames
    assert "单位" in sheets
    assert {"县区", "没有计入"} & set(sheets) == set()


# --- outputs ------------------------------------------------------------------------------------


def test_every_output_has_every_unit(compared: Comparison) -> None:
    names = {each.name for each in units_of(compared).units}
    page = lxml.html.fromstring(as_html(compared))
    (table,) = page.xpath("//table[starts-with(caption, '各单位')]")
    assert {th.text for th in table.xpath("tbody/tr/th")} == names
    data = json.loads(as_json(compared))
    assert {each["name"] for each in data["units"]} == names
    sheet = load_workbook(BytesIO(FORMS[".xlsx"](compared)))["单位"]
    assert {row[0] for row in sheet.iter_rows(min_row=4, values_only=True)} == names


def test_the_terminal_names_the_units_that_are_only_in_one_year(compared: Comparison) -> None:
    text = as_text(compared)
    assert "只有 2023：丙局：2024 年并入“乙局”" in text
    assert "只有 2024：丁局：2023 年度缺报" in text
    assert "清河县人民政府" in text


def test_no_output_has_an_empty_part_for_texts(compared: Comparison) -> None:
    assert "文字：" not in as_html(compared)
    assert "【文字】" not in as_text(compared)
    assert "文字" not in load_workbook(BytesIO(FORMS[".xlsx"](compared))).sheetnames


def test_json_of_single_reports_has_no_units() -> None:
    from govdisclose.comparison import compare_reports

    assert "units" not in json.loads(as_json(compare_reports(OLD[0], NEW[0])))


# --- the command --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_compares_two_folders(
    run: Callable[..., Run], folders: tuple[Path, Path], tmp_path: Path
) -> None:
    roster = write_roster(tmp_path / "roster.xlsx", ROSTER.units)
    done = run("compare", *folders, "--roster", roster, "-o", tmp_path / "c.html")
    assert done.code == 0, done.err
    assert "两年都有的" in done.err


def test_a_folder_and_a_file_or_two_folders_of_one_year_are_refused(
    run: Callable[..., Run], folders: tuple[Path, Path], tmp_path: Path
) -> None:
    path = write_workbook(OLD[0], tmp_path / "one.xlsx")
    mixed = run("compare", folders[0], path)
    assert (mixed.code, "要给两个文件夹" in mixed.err) == (2, True)
    for more in (["--roster", path], ["--decisions", path], ["--year", "2023"]):
        alone = run("compare", path, path, *more)
        assert (alone.code, "只用于比较两个文件夹" in alone.err) == (2, True)
    half = run("compare", *folders, "--year", "2023")
    assert (half.code, "--year 要写两次" in half.err) == (2, True)
    with pytest.raises(UsageError, match="都是 2023 年度"):
        compare_folders(folders[0], folders[0])


@pytest.mark.slow
def test_the_folder_whose_reports_cannot_be_added_up_is_named(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    old = folder_of(tmp_path / "old", *OLD)
    mixed = folder_of(tmp_path / "new", *NEW, *on(2023, "戊局"))
    done = run("compare", old, mixed)
    assert done.code == 1
    assert done.err.startswith(f"{mixed}：")
    assert "错误 H103" in done.err


# --- decisions and years ------------------------------------------------------------------------


def received(compared: Comparison) -> list[object]:
    (figure,) = [figure for figure in compared.figures if figure.cell.path == RECEIVED]
    return [entry.value for entry in figure.entries]


@pytest.fixture
def seasons_of_two_years(tmp_path: Path) -> tuple[Place, Place]:
    """Two inboxes with files of the same names: two versions of one unit's report in each."""
    places = []
    for year in (2023, 2024):
        made = place(tmp_path / str(year), seasons_unit(1))
        for seed, name in enumerate(("a.xlsx", "b.xlsx"), start=year):
            made.put(name, workbook("甲市第1局", "U1", seed=seed, year=year))
        places.append(made)
    return places[0], places[1]


def test_decisions_hold_for_the_folder_whose_files_the_office_has_seen(
    seasons_of_two_years: tuple[Place, Place],
) -> None:
    old, new = seasons_of_two_years
    chosen_now, chosen_then = decisions(new, "b.xlsx"), decisions(old, "a.xlsx")
    compared = compare_folders(old.inbox, new.inbox, decisions=[chosen_now, chosen_then])
    (one,) = units_of(compared).units
    expected = [
        read_report(path).report.values()[RECEIVED]
        for path in (old.inbox / "a.xlsx", new.inbox / "b.xlsx")
    ]
    assert received(compared) == expected
    assert [one.old and one.old[0], one.new and one.new[0]] == expected
    assert [file.said for file in units_of(compared).left_out] == [
        f"{old.inbox / 'b.xlsx'}：同一单位以 a.xlsx 为准，这一份不采用",
        f"{new.inbox / 'a.xlsx'}：同一单位以 b.xlsx 为准，这一份不采用",
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own")
def test_decisions_hold_for_a_folder_under_each_of_its_names(
    seasons_of_two_years: tuple[Place, Place], tmp_path: Path
) -> None:
    _, new = seasons_of_two_years
    link = tmp_path / "link"
    link.symlink_to(new.inbox, target_is_directory=True)
    found = decisions_of_folders(decisions(new, "b.xlsx"), [new.inbox, link])
    assert list(found) == [new.inbox, link]
    assert found[link] == found[new.inbox]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda old, new: [decisions(old, "a.xlsx"), decisions(old, "b.xlsx")],
            "一个文件夹只能给一份",
        ),
        (lambda old, new: [decisions(old, "a.xlsx", stale="a.xlsx")], "不知是哪一个的选定"),
        (lambda old, new: [{"c.xlsx": Decision(True)}], "不在给出的文件夹里"),
    ],
)
def test_decisions_of_no_certain_folder_are_refused(
    change: Callable[[Place, Place], Any], said: str, seasons_of_two_years: tuple[Place, Place]
) -> None:
    old, new = seasons_of_two_years
    with pytest.raises(UsageError, match=said):
        compare_folders(old.inbox, new.inbox, decisions=change(old, new))


@pytest.mark.slow
def test_the_command_takes_decisions_for_one_folder_and_two_years_from_one(
    seasons_of_two_years: tuple[Place, Place], run: Callable[..., Run], tmp_path: Path
) -> None:
    old, new = seasons_of_two_years
    old.put("b.xlsx", workbook("甲市第1局", "U1", seed=9, year=2022))
    options = ["--decisions", decisions(new, "a.xlsx"), "-o", tmp_path / "c.json"]
    done = run("compare", new.inbox, old.inbox, *options, "--year", "2024", "--year", "2023")
    assert done.code == 0, done.err
    told = json.loads((tmp_path / "c.json").read_bytes())
    assert [report["year"] for report in told["reports"]] == [2023, 2024]
    assert told["left_out"] == [
        f"{old.inbox / 'b.xlsx'}：是 2022 年度的报告，要汇总的是 2023 年度",
        f"{new.inbox / 'b.xlsx'}：同一单位以 a.xlsx 为准，这一份不采用",
    ]
    same = run("compare", old.inbox, old.inbox, "--year", "2022", "--year", "2023")
    assert same.code == 0, same.err
    none = run("compare", old.inbox, new.inbox, "--year", "2021", "--year", "2024")
    assert (none.code, none.err.startswith(f"{old.inbox}：")) == (1, True)
