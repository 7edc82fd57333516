"""A scanned document in the inbox: named everywhere, counted nowhere, and it stops nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import read_report
from govdisclose.errors import InputError
from govdisclose.many.inbox import SCANNED
from govdisclose.roster import RosterUnit, make_roster, write_roster
from support.commands import Run
from support.pdfs import blank_pdf
from support.units import cell_sums, folder_of, units

SCAN = "通知.pdf"
REPORTS = units("甲局", "乙局")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two workbooks and a scan."""
    made = folder_of(tmp_path, *REPORTS)
    (made / SCAN).write_bytes(blank_pdf())
    return made


@pytest.mark.parametrize(
    ("names", "said"),
    [(["甲局", "乙局"], "已汇总 2 家，应报 2 家"), (["甲局", "乙局", "丙局"], "缺 1 家（丙局）")],
)
@pytest.mark.slow
def test_a_sum_goes_on_and_names_it(
    names: list[str], said: str, folder: Path, tmp_path: Path, run
) -> None:
    units_of_roster = make_roster([RosterUnit("", name) for name in names]).units
    roster = write_roster(tmp_path / "花名册.xlsx", units_of_roster)
    done: Run = run("aggregate", folder, "--roster", roster, "-o", tmp_path / "汇总.xlsx")
    assert done.code == 0, done.err
    assert said in done.err
    assert f"{SCAN}：{SCANNED}；如果是某单位的报告，这一家没有计入" in done.err
    cells = load_workbook(tmp_path / "汇总.xlsx")["汇总说明"].iter_rows(values_only=True)
    assert any(SCAN in row for row in cells)


@pytest.mark.slow
def test_without_a_roster_the_sum_is_of_the_others(folder: Path, tmp_path: Path, run) -> None:
    done: Run = run("aggregate", folder, "-o", tmp_path / "汇总.xlsx")
    assert (done.code, SCAN in done.err) == (0, True)
    assert read_report(tmp_path / "汇总.xlsx").report.values() == cell_sums(*REPORTS)


@pytest.mark.parametrize(
    "command", [("export", "--to", "csv", "-o", "t.csv"), ("overview", "-o", "t.json")]
)
@pytest.mark.slow
def test_a_long_table_and_an_overview_name_it_too(
    command: tuple[str, ...], folder: Path, tmp_path: Path, run
) -> None:
    name, *options, output = command
    done: Run = run(name, folder, *options, tmp_path / output)
    assert (done.code, SCAN in done.err) == (0, True), done.err


@pytest.mark.slow
def test_a_folder_of_scans_alone_has_no_sum(tmp_path: Path, run) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / SCAN).write_bytes(blank_pdf())
    done: Run = run("aggregate", folder, "-o", tmp_path / "汇总.xlsx")
    assert done.code == InputError.exit_code
    assert not (tmp_path / "汇总.xlsx").exists()
