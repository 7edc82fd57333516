"""``status --previous``: every file is also checked against last year's report of its unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govdisclose import AnnualReport
from govdisclose.errors import UsageError
from govdisclose.form.long_table import tabled
from govdisclose.many.status import look
from govdisclose.roster import RosterUnit, make_roster
from govdisclose.status import SeasonStatus, check_inbox
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
    keep = look._read_file
    monkeypatch.setattr(look, "_read_file", lambda *given: read.append(given) or keep(*given))
    season(folder, last_year(tmp_path / "last", 1))
    assert read == []
    season(folder, last_year(tmp_path / "last", 2))
    assert len(read) == 1


def test_a_file_that_cannot_hold_last_year_s_reports_is_refused(
    this_year: AnnualReport, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="应为收件文件夹，或长表"):
        season(folder_of(tmp_path, this_year), tmp_path / "a.docx")
