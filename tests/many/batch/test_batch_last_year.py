"""``batch --previous``: every workbook against last year's report of its unit, unusual changes ranked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from govdisclose import AnnualReport, check_report, write_workbook
from govdisclose.form.long_table import tabled
from govdisclose.many.batch.plan import batch_reports
from govdisclose.many.batch.result import CHANGES_FILE, RESULTS_FILE, BatchResult
from support.batches import left
from support.commands import Run
from support.long_tables import long_file
from support.units import folder_of, unit

LICENCES = "proactive.licences.decisions"


def on(year: int, name: str, seed: int, licences: int) -> AnnualReport:
    report = unit(name, seed, f"11420100000000000{seed}", year=year)
    return report.with_values({LICENCES: licences})


LAST = [on(2023, "甲局", 1, 100), on(2023, "乙局", 2, 90)]
THIS = [on(2024, "甲局", 1, 9_900), on(2024, "乙局", 2, 700), on(2024, "丙局", 3, 5)]


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_file(tmp_path_factory.mktemp("last") / "last.csv", map(tabled, LAST))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("this"), *THIS)


def made(books: Path, out: Path, last: Path, **more: object) -> list[BatchResult]:
    return list(batch_reports(books, out, to=["json"], previous=last, **more))  # type: ignore[arg-type]  # as given


@pytest.fixture(scope="module")
def out(books: Path, last: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "reports"
    made(books, folder, last)
    return folder


def changes_in(out: Path) -> list[dict[str, object]]:
    lines = (out / CHANGES_FILE).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_unit_has_the_findings_that_check_gives_it(
    books: Path, last: Path, tmp_path: Path
) -> None:
    results = {result.agency: result for result in made(books, tmp_path / "out", last)}
    for this, before in zip(THIS, LAST, strict=False):
        expected = [f.code for f in check_report(this, previous=before) if f.code[0] == "C"]
        found = [f.code for f in results[this.agency.name].findings if f.code[0] == "C"]
        assert sorted(found) == sorted(expected)
    assert [f.code for f in results["丙局"].findings if f.code == "H116"] == ["H116"]


def test_the_changes_are_ranked_and_the_sheet_says_the_same_as_the_file(out: Path) -> None:
    changes = [change for change in changes_in(out) if "place" in change]
    jumps = [
        change
        for change in changes
        if change["rule"] == "C103" and "行政许可" in str(change["message"])
    ]
    assert [change["unit"] for change in jumps] == ["甲局", "乙局"]
    weights = [change["weight"] for change in changes if change["severity"] == "note"]
    assert weights == sorted(weights, reverse=True)  # type: ignore[type-var]  # numbers
    sheet = load_workbook(out / RESULTS_FILE)["与上年相比"]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
    assert [(row[3], row[8]) for row in rows] == [(c["unit"], c["message"]) for c in changes]
    shown = [pytest.approx(c["weight"], abs=0.06) for c in changes]
    assert [row[7] for row in rows] == shown
    assert sheet["H2"].number_format == "0.0"


def test_a_unit_without_a_report_of_last_year_is_listed(out: Path) -> None:
    others = [each for each in changes_in(out) if "place" not in each]
    assert [each["unit"] for each in others] == ["丙局"]
    sheet = load_workbook(out / RESULTS_FILE)["与上年相比"]
    (row,) = [row for row in sheet.iter_rows(values_only=True) if row[2] == "没有比较"]
    assert row[3] == "丙局"


def test_resuming_makes_nothing_again_until_last_year_s_reports_change(
    books: Path, last: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made(books, out, last)
    assert all(result.kept for result in made(books, out, last, resume=True))
    changed = long_file(tmp_path / "other.csv", map(tabled, LAST[:1]))
    assert not any(result.kept for result in made(books, out, changed, resume=True))


def test_without_last_year_nothing_is_written_about_it(books: Path, tmp_path: Path) -> None:
    list(batch_reports(books, tmp_path / "out", to=["json"]))
    assert not (tmp_path / "out" / CHANGES_FILE).exists()
    assert "与上年相比" not in load_workbook(tmp_path / "out" / RESULTS_FILE).sheetnames


@pytest.mark.slow
def test_the_command_takes_last_year_s_folder(
    run: Callable[..., Run], books: Path, tmp_path: Path
) -> None:
    last = folder_of(tmp_path / "last", *LAST)
    done = run("batch", books, "-o", tmp_path / "out", "--to", "json", "--previous", last)
    assert done.code == 0, done.err
    assert (tmp_path / "out" / CHANGES_FILE).exists()


# --- workers that cannot open last year's reports ------------------------------------------------


@pytest.mark.parametrize("ship_bytes", [True, False])
@pytest.mark.parametrize("dry_run", [True, False])
def test_other_people_s_workers_find_the_same(
    dry_run: bool, ship_bytes: bool, books: Path, last: Path, out: Path, tmp_path: Path
) -> None:
    bad = shutil.copytree(books, tmp_path / "in")
    (bad / "坏.xlsx").write_bytes(b"no workbook")
    alone = made(bad, tmp_path / "alone", last, dry_run=dry_run)
    with ThreadPoolExecutor(2) as workers:
        more = {"executor": workers, "ship_bytes": ship_bytes, "chunk": 2, "dry_run": dry_run}
        results = made(bad, tmp_path / "there", last, **more)
    by_name = {result.workbook.name: result for result in results}
    for result in alone:
        assert by_name[result.workbook.name].findings == result.findings
    if not dry_run:
        assert left(tmp_path / "there") == left(tmp_path / "alone")


class _Changing(ThreadPoolExecutor):
    """Calls ``change`` when the first task has been done."""

    change: Callable[[], object] | None = None

    def submit(self, *given: Any, **more: Any) -> Future[Any]:
        done = super().submit(*given, **more)
        wait([done])
        if self.change is not None:
            self.change()
            self.change = None
        return done


def test_a_workbook_that_changes_hands_meanwhile_is_not_compared_with_another_s(
    last: Path, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, on(2024, "甲局", 1, 9_900))
    (path,) = folder.iterdir()
    with _Changing(1) as workers:
        workers.change = lambda: write_workbook(on(2024, "乙局", 2, 700), path, force=True)
        (result,) = made(folder, tmp_path / "out", last, executor=workers)
    assert result.agency == "乙局"
    (note,) = [finding for finding in result.findings if finding.code[0] in "CH"]
    assert (note.code, "处理的时候改动过" in note.text) == ("H116", True)


def test_resuming_with_other_people_s_workers_keeps_what_is_there(
    books: Path, last: Path, tmp_path: Path
) -> None:
    made(books, tmp_path / "out", last)
    with ThreadPoolExecutor(2) as workers:
        results = made(books, tmp_path / "out", last, executor=workers, resume=True)
    assert [result.kept for result in results] == [True] * len(THIS)
