"""Two units with the very same figures: sums and the state of a season say so (H117)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import Agency, AnnualReport, read_report
from govdisclose.batch import batch_reports
from govdisclose.comparison import compare_folders
from govdisclose.consolidate import aggregate_reports
from govdisclose.form.status import SeasonStatus, UnitState
from govdisclose.long_table import export_folder
from govdisclose.many.batch.ledger import LEDGER_FILE
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE
from govdisclose.overview import make_overview
from govdisclose.roster import read_roster
from govdisclose.status import check_inbox
from govdisclose.write.workbook import workbook_bytes
from support.reports import consistent_report
from support.seasons import Place, place, unit
from support.units import cell_sums, folder_of

DAY = date(2025, 1, 25)


def report(number: int, seed: int = 1) -> AnnualReport:
    name = f"甲市第{number}局"
    return consistent_report(seed=seed).evolve(
        agency=Agency(name, f"U{number}", "agency"), title=""
    )


def few(number: int) -> AnnualReport:
    """One request of a person, which was granted: many a town has had that."""
    one = dict.fromkeys(report(1).values(), 0)
    for line in ("received", "outcomes.granted", "outcomes.total"):
        one[f"requests.{line}.natural_person"] = one[f"requests.{line}.total"] = 1
    return report(number).with_values(one)


ALIKE = [report(1), report(2), report(4, seed=2)]
OTHERS = {
    "other figures": [report(1), report(2, seed=2), report(4, seed=3)],
    "few figures": [few(1), few(2), report(4, seed=2)],
    "a government and the only unit below it": [
        report(1),
        report(2).evolve(agency=Agency("甲市第2局", "U2", "government")),
        report(4, seed=2),
    ],
}


def test_a_sum_names_the_units_and_counts_both() -> None:
    made = aggregate_reports(ALIKE)
    (told,) = [finding for finding in made.findings if finding.code == "H117"]
    assert "甲市第1局" in told.text
    assert "甲市第2局" in told.text
    assert "甲市第4局" not in told.text
    assert made.report.values() == cell_sums(*ALIKE)


@pytest.mark.parametrize("case", ["other figures", "few figures"])
def test_a_sum_does_not_speak_of_others(case: str) -> None:
    made = aggregate_reports(OTHERS[case])
    assert "H117" not in [finding.code for finding in made.findings]


@pytest.mark.slow
def test_a_long_table_and_two_folders_side_by_side_name_the_units(tmp_path: Path) -> None:
    made = inbox(tmp_path, *ALIKE, few(5), few(6))
    table = export_folder(made.inbox, tmp_path / "t.csv", to="csv", roster=made.roster)
    (group,) = table.same_figures
    assert [read_report(path).report.agency.name for path in group] == ["甲市第1局", "甲市第2局"]
    last = folder_of(tmp_path / "2023", report(1).evolve(year=2023))
    notices = compare_folders(last, made.inbox).notices
    (told,) = [notice for notice in notices if "每一个数都相同" in notice]
    assert told.startswith(f"{made.inbox}：2 家")


def test_an_overview_names_the_units_too(tmp_path: Path) -> None:
    made = inbox(tmp_path, *ALIKE)
    (told,) = [one for one in make_overview(made.inbox).notices if "相同" in one]
    assert "2024 年度有 2 家的数全都相同（甲市第1局、甲市第2局），都已计入" in told


def remarks_of_batch(made: Place) -> list[str]:
    """The column 备注 of 结果.xlsx, after a run that goes on where the last one ended."""
    out = made.root / "out"
    roster = read_roster(made.roster)
    for _ in batch_reports(made.inbox, out, roster=roster, year=2024, resume=True):
        pass
    header, *rows = load_workbook(out / RESULTS_FILE)["结果"].iter_rows(values_only=True)
    return [row[header.index("备注")] or "" for row in rows]


@pytest.mark.slow
def test_a_batch_names_the_other_unit_also_when_nothing_has_changed(tmp_path: Path) -> None:
    made = inbox(tmp_path, *ALIKE)
    told = [
        "三张表的每一个数都与 甲市第2局 相同，请核对是不是照抄、交错了文件",
        "三张表的每一个数都与 甲市第1局 相同，请核对是不是照抄、交错了文件",
        "",
    ]
    assert remarks_of_batch(made) == told
    assert remarks_of_batch(made) == told


@pytest.mark.slow
def test_a_batch_goes_on_with_a_record_that_knows_no_figures(tmp_path: Path) -> None:
    made = inbox(tmp_path, *ALIKE)
    remarks_of_batch(made)
    with closing(sqlite3.connect(made.root / "out" / HIDDEN / LEDGER_FILE)) as ledger:
        ledger.execute("DROP TABLE figures")
        ledger.commit()
    assert remarks_of_batch(made) == ["", "", ""]
    assert len(list((made.root / "out").glob("*.docx"))) == len(ALIKE)


@pytest.mark.slow
@pytest.mark.parametrize("case", OTHERS)
def test_a_batch_does_not_speak_of_others(case: str, tmp_path: Path) -> None:
    assert remarks_of_batch(inbox(tmp_path, *OTHERS[case])) == ["", "", ""]


def inbox(root: Path, *reports: AnnualReport) -> Place:
    made = place(root, unit(1), unit(2), unit(4))
    for one in reports:
        made.put(f"{one.agency.code}.xlsx", workbook_bytes(one))
    return made


def seen(made: Place) -> SeasonStatus:
    return check_inbox(made.inbox, made.roster, today=DAY, jobs=1)


def remarks(status: SeasonStatus) -> dict[str, str]:
    return {one.name: one.remark for one in status.units if one.name.startswith("甲市第")}


@pytest.mark.slow
def test_the_state_of_a_season_names_the_other_unit_every_day(tmp_path: Path) -> None:
    made = inbox(tmp_path, *ALIKE)
    for _ in range(2):
        status = seen(made)
        assert remarks(status) == {
            "甲市第1局": "三张表的每一个数都与 甲市第2局 相同，请核对是不是照抄、交错了文件",
            "甲市第2局": "三张表的每一个数都与 甲市第1局 相同，请核对是不是照抄、交错了文件",
            "甲市第4局": "",
        }
        assert len(status.with_state(UnitState.RECEIVED)) == len(ALIKE)


@pytest.mark.slow
@pytest.mark.parametrize("case", OTHERS)
def test_the_state_of_a_season_does_not_speak_of_others(case: str, tmp_path: Path) -> None:
    assert set(remarks(seen(inbox(tmp_path, *OTHERS[case]))).values()) == {""}


@pytest.mark.slow
def test_of_many_equal_ones_three_are_named(tmp_path: Path) -> None:
    numbers = [number for number in range(1, 12) if number % 3][:6]
    made = place(tmp_path, *map(unit, numbers))
    for number in numbers:
        made.put(f"{number}.xlsx", workbook_bytes(report(number)))
    said = remarks(seen(made))
    assert "与 甲市第1局、甲市第2局、甲市第4局 等 5 家 相同" in said["甲市第8局"]
