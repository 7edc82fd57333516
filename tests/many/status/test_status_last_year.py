"""``status --previous``: every file is also checked against last year's report of its unit."""

from __future__ import annotations

import json
from datetime import date
from html import escape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import AnnualReport
from govdisclose.batch import batch_reports
from govdisclose.errors import UsageError
from govdisclose.form.long_table import tabled
from govdisclose.many.batch.result import CHANGES_FILE
from govdisclose.many.status import look
from govdisclose.roster import RosterUnit, make_roster
from govdisclose.status import SeasonStatus, check_inbox, write_status
from govdisclose.write.status import as_json, as_text
from support.long_tables import long_file
from support.units import folder_of, unit

ROSTER = make_roster([RosterUnit("", "甲局")])


def season(folder: Path, last: Path | None) -> SeasonStatus:
    return check_inbox(folder, ROSTER, year=2024, today=date(2025, 1, 20), previous=last, jobs=1)


def last_year(folder: Path, carried_out: int) -> Path:
    report = unit("甲局", year=2023).with_values(
        {"requests.carried_out.natural_person": carried_out}
    )
    folder.mkdir(exist_ok=True)
    path = folder / "last.csv"
    path.unlink(missing_ok=True)
    return long_file(path, [tabled(report)])


@pytest.fixture
def this_year() -> AnnualReport:
    return unit("甲局", year=2024)


def test_a_carry_over_that_does_not_fit_is_a_warning_of_its_unit(
    this_year: AnnualReport, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, this_year)
    alone = season(folder, None).units[0].files[0].warnings
    with_last = season(folder, last_year(tmp_path / "last", 9_999)).units[0].files[0].warnings
    assert with_last > alone


def test_files_are_read_again_only_when_last_year_s_reports_have_changed(
    this_year: AnnualReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, this_year)
    season(folder, last_year(tmp_path / "last", 1))
    read: list[object] = []
    summarize = look.summarize

    def counted(entry: look.InboxEntry, *rest: object, **named: object) -> object:
        read.append(entry)
        return summarize(entry, *rest, **named)

    monkeypatch.setattr(look, "summarize", counted)
    season(folder, last_year(tmp_path / "last", 1))
    assert read == []
    season(folder, last_year(tmp_path / "last", 2))
    assert len(read) == 1


def test_a_file_that_cannot_hold_last_year_s_reports_is_refused(
    this_year: AnnualReport, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="应为收件文件夹，或长表"):
        season(folder_of(tmp_path, this_year), tmp_path / "a.docx")


# --- unusual changes ----------------------------------------------------------------------------

LICENCES = "proactive.licences.decisions"
CITY = make_roster([RosterUnit("", name) for name in ("甲局", "乙局", "丙局")])


def on(year: int, name: str, seed: int, licences: int) -> AnnualReport:
    return unit(name, seed, year=year).with_values({LICENCES: licences})


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = [on(2023, "甲局", 1, 100), on(2023, "乙局", 2, 90)]
    return long_file(tmp_path_factory.mktemp("last") / "last.csv", map(tabled, reports))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two units with unusual figures, and one that was not there last year."""
    reports = [on(2024, "甲局", 1, 9_900), on(2024, "乙局", 2, 700), on(2024, "丙局", 3, 5)]
    return folder_of(tmp_path_factory.mktemp("inbox"), *reports)


def looked(inbox: Path, last: Path, state: Path) -> SeasonStatus:
    today = date(2025, 1, 20)
    return check_inbox(inbox, CITY, year=2024, today=today, previous=last, state=state, jobs=1)


def in_batch(inbox: Path, last: Path, out: Path) -> list[dict[str, object]]:
    list(batch_reports(inbox, out, to=["json"], roster=CITY, year=2024, previous=last))
    lines = (out / CHANGES_FILE).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.slow
def test_the_changes_are_those_of_a_batch_also_when_nothing_is_read_again(
    inbox: Path, last: Path, tmp_path: Path
) -> None:
    expected = in_batch(inbox, last, tmp_path / "out")
    assert [each["unit"] for each in expected if "place" not in each] == ["丙局"]
    for _ in range(2):
        seen = looked(inbox, last, tmp_path / "state")
        said = json.loads(as_json(seen))["year_changes"]
        assert [*said["changes"], *said["not_compared"]] == expected


def test_the_page_and_the_workbook_show_every_change(
    inbox: Path, last: Path, tmp_path: Path
) -> None:
    seen = looked(inbox, last, tmp_path / "state")
    assert seen.changes is not None
    page = write_status(seen, tmp_path / "s.html").read_text(encoding="utf-8")
    sheet = load_workbook(write_status(seen, tmp_path / "s.xlsx"))["与上年相比"]
    shown = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert len(shown) == len(seen.changes.listed) > 0
    for change, row in zip(seen.changes.listed, shown, strict=True):
        assert (row[2], row[3], row[5], row[8]) == (
            change.rule,
            change.unit,
            change.found,
            change.text,
        )
        assert escape(change.text) in page
    others = [row for row in sheet.iter_rows(values_only=True) if row[3] == "丙局"]
    assert len(others) == 1
    assert "丙局（02丙局.xlsx）" in page
    assert seen.changes.face in as_text(seen)


def test_without_last_year_there_is_no_sheet(inbox: Path, tmp_path: Path) -> None:
    seen = check_inbox(inbox, CITY, year=2024, state=tmp_path / "state", jobs=1)
    assert seen.changes is None
    assert "与上年相比" not in load_workbook(write_status(seen, tmp_path / "s.xlsx")).sheetnames
    assert json.loads(as_json(seen))["year_changes"] is None


def test_of_several_versions_none_is_compared_before_the_office_has_chosen(
    last: Path, tmp_path: Path
) -> None:
    versions = [on(2024, "甲局", 1, 9_900), on(2024, "甲局", 1, 101)]
    seen = looked(folder_of(tmp_path, *versions), last, tmp_path / "state")
    assert seen.changes is not None
    assert seen.changes.total == 0
    assert [each.reason for each in seen.changes.not_compared] == [
        "交来 2 份不同的，还没有定以哪一份为准"
    ]
