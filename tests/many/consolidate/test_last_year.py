"""The year against the last for a whole folder: family C for every unit, the most unusual first."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import AnnualReport, check_report
from govdisclose.consolidate import Consolidated, aggregate_folder
from govdisclose.errors import UsageError
from govdisclose.finding import Severity
from govdisclose.form.fields import Value
from govdisclose.form.long_table import tabled
from govdisclose.form.year_changes import UnitChange, YearChanges, most_unusual
from govdisclose.write.year_changes import changes_json, changes_text
from support.commands import Run
from support.long_tables import long_file
from support.reports import EDITION_2021, settle
from support.units import folder_of, unit

LICENCES = "proactive.licences.decisions"


def next_year(report: AnnualReport, **changes: Value) -> AnnualReport:
    """The report of the year after, which follows from ``report`` but for ``changes``."""
    values = dict(report.values())
    for path, value in report.values().items():
        if path.startswith("requests.carried_out."):
            values[path.replace("carried_out", "carried_in")] = value
    for path in ("proactive.regulations", "proactive.normative_documents"):
        before, issued = values[f"{path}.in_force"], values[f"{path}.issued"]
        values[f"{path}.in_force"] = (
            (before or 0) + (issued or 0) - (values[f"{path}.repealed"] or 0)
        )
        if values[f"{path}.in_force"] < 0:  # type: ignore[operator]  # counts
            values[f"{path}.repealed"] = 0
            values[f"{path}.in_force"] = (before or 0) + (issued or 0)
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    return report.evolve(year=2024).with_values(settle(EDITION_2021, values))


QUIET, JUMPING, NEW = (
    unit(name, seed, f"11420100000000000{seed}", year=2023)
    for seed, name in enumerate(("平稳局", "突变局", "新设局"), 1)
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Consolidated:
    root = tmp_path_factory.mktemp("years")
    jumping = JUMPING.with_values({LICENCES: 100})
    last = long_file(root / "last.csv", [tabled(QUIET), tabled(jumping)])
    this = [
        next_year(QUIET),
        next_year(jumping, proactive__licences__decisions=6400),
        next_year(NEW),
    ]
    return aggregate_folder(folder_of(root, *this), root / "total.xlsx", previous=last)


def changes_of(made: Consolidated) -> YearChanges:
    assert made.changes is not None
    return made.changes


@pytest.mark.slow
def test_every_unit_is_compared_and_those_without_a_report_are_listed(made: Consolidated) -> None:
    changes = changes_of(made)
    assert changes.compared == 2
    assert [(each.unit, each.reason) for each in changes.not_compared] == [
        ("新设局", "没有找到 2023 年度的报告")
    ]


def test_the_findings_are_those_that_check_gives_each_unit(made: Consolidated) -> None:
    jumping = JUMPING.with_values({LICENCES: 100})
    this = next_year(jumping, proactive__licences__decisions=6400)
    expected = {
        finding.text
        for finding in check_report(this, previous=jumping)
        if finding.code in ("C101", "C102", "C103")
    }
    found = {each.text for each in changes_of(made).listed if each.unit == "突变局"}
    assert found == expected
    assert any("6400" in text for text in found)


def test_the_sheet_lists_the_changes_in_order_and_nothing_reads_it_back(
    made: Consolidated, tmp_path: Path
) -> None:
    from govdisclose.consolidate import write_consolidated

    path = write_consolidated(made, tmp_path / "total.xlsx")
    sheet = load_workbook(path)["与上年相比"]
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert [(row[3], row[8]) for row in rows] == [
        (each.unit, each.text) for each in changes_of(made).listed
    ]
    assert sheet["H4"].number_format == "0.0"
    assert not [f for f in check_report(path) if f.place.sheet == "与上年相比"]


def change(expected: Value, found: Value, severity: Severity = Severity.NOTE) -> UnitChange:
    return UnitChange("局", "", f"{expected}-{found}.xlsx", "C103", severity, "", expected, found)


def test_changes_are_ranked_by_severity_then_by_how_unusual_they_are() -> None:
    small_base, large_base = change(1, 60), change(10_000, 10_059)
    warning = change(5, 6, Severity.WARNING)
    assert most_unusual([large_base, small_base, warning]) == [warning, small_base, large_base]
    assert small_base.weight == pytest.approx(59 / sqrt(61))
    assert change(None, 4).weight == pytest.approx(2)
    assert change(0, 0).weight == 0


def test_the_json_and_the_terminal_say_the_same(made: Consolidated) -> None:
    changes = changes_of(made)
    data = json.loads(changes_json(changes))
    assert data["schema"] == "govdisclose/year-changes/1"
    assert [each["message"] for each in data["changes"]] == [e.text for e in changes.listed]
    assert [each["place"] for each in data["changes"]] == list(range(1, len(changes.listed) + 1))
    assert changes.face in changes_text(changes)


def test_another_kind_of_previous_is_refused_before_anything_is_read(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, next_year(QUIET))
    done = run(
        "aggregate", folder, "-o", tmp_path / "total.xlsx", "--previous", tmp_path / "a.docx"
    )
    assert done.code == UsageError.exit_code
    assert "应为收件文件夹，或长表" in done.err
    assert not (tmp_path / "total.xlsx").exists()


@pytest.mark.slow
def test_last_year_s_folder_may_lie_in_this_year_s(run: Callable[..., Run], tmp_path: Path) -> None:
    folder = folder_of(tmp_path, next_year(QUIET), next_year(NEW))
    folder_of(tmp_path / "last", QUIET).rename(folder / "上年")
    out = tmp_path / "total.xlsx"
    done = run("aggregate", folder, "-o", out, "--previous", folder / "上年")
    assert done.code == 0, done.err
    assert "与上年比较了 1 家" in done.err
    assert "已汇总 2 家" in done.err
