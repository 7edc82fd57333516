"""Files that do not say whose they are, and files whose date is impossible."""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from govdisclose.form.status import SeasonStatus, UnitState, UnitStatus
from govdisclose.status import check_inbox
from support.archives import zipped
from support.seasons import Place, place, unit, workbook

DAY = date(2025, 1, 25)


def seen(place: Place, day: date = DAY) -> SeasonStatus:
    return check_inbox(place.inbox, place.roster, today=day, jobs=1)


def state_of(status: SeasonStatus, number: int) -> UnitStatus:
    (found,) = [one for one in status.units if one.name == f"甲市第{number}局"]
    return found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("甲市第1局.xlsx", b""),
        ("甲市第1局/报告.xlsx", b""),
        ("乙县人民政府/甲市第1局/报告.xlsx", b""),
        ("甲市第1局.zip", zipped({"报告.xlsx": b""})),
    ],
)
def test_a_file_that_cannot_be_read_belongs_to_the_unit_in_its_path(
    name: str, data: bytes, tmp_path: Path
) -> None:
    made = place(tmp_path, unit(1), unit(2))
    made.put(name, data)
    status = seen(made)
    assert state_of(status, 1).state is UnitState.UNREADABLE
    assert not status.strays


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("甲市第1局（报甲市人民政府）.xlsx", ""),
        ("甲市第1局转甲市第12局.xlsx", ""),
        ("甲市第12局.xlsx", "甲市第12局"),
        ("甲市第1局（甲市第1局）.xlsx", "甲市第1局"),
    ],
)
def test_a_file_that_names_two_units_is_of_neither(name: str, owner: str, tmp_path: Path) -> None:
    made = place(tmp_path, unit(1), unit(12), unit(2, name="第12局"))
    made.put(name, b"")
    status = seen(made)
    unreadable = [one.name for one in status.units if one.state is UnitState.UNREADABLE]
    assert unreadable == ([owner] if owner else [])
    assert len(status.strays) == (not owner)


def test_a_folder_of_a_county_says_nothing_of_whose_its_files_are(tmp_path: Path) -> None:
    made = place(tmp_path, unit(3))
    made.put("乙县人民政府/报告.xlsx", b"")
    status = seen(made)
    assert [stray.file.file for stray in status.strays] == ["乙县人民政府/报告.xlsx"]


def test_a_report_without_a_name_belongs_to_the_unit_in_the_name_of_its_file(
    tmp_path: Path,
) -> None:
    made = place(tmp_path, unit(1), unit(2))
    made.put("甲市第1局.xlsx", workbook(" "))
    made.put("报告.xlsx", workbook(" ", seed=2))
    status = seen(made)
    found = state_of(status, 1)
    assert found.state is UnitState.RETURNED
    assert [finding.code for finding in found.findings if finding.stops] == ["S112"]
    assert "曾用名" not in found.remark
    (stray,) = status.strays
    assert (stray.file.file, "没有写机关名称" in stray.reason) == ("报告.xlsx", True)


def test_a_unit_without_a_report_is_told_what_of_it_nobody_looked_at(tmp_path: Path) -> None:
    made = place(tmp_path, unit(1), unit(2))
    made.put("甲市第1局.doc", b"\xd0\xcf\x11\xe0")
    made.put("甲市第2局.doc", b"\xd0\xcf\x11\xe0")
    made.put("2.xlsx", workbook("甲市第2局", "U2"))
    status = seen(made)
    assert state_of(status, 1).state is UnitState.MISSING
    assert "甲市第1局.doc" in state_of(status, 1).remark
    assert "另存为 .docx" in state_of(status, 1).remark
    assert state_of(status, 2).remark == ""


def test_namesakes_without_a_code_are_told_to_all_that_may_have_sent_them(tmp_path: Path) -> None:
    named = [unit(1, name="财政局"), unit(2, name="财政局")]
    made = place(tmp_path, *named, unit(4))
    made.put("财政.xlsx", workbook("财政局"))
    status = seen(made)
    remarks = [one.remark for one in status.units if one.name == "财政局"]
    assert remarks == ["另有没有代码的同名报告，不知是不是这一家的：财政.xlsx"] * 2
    assert len(status.strays) == 1


def test_a_good_report_is_not_blamed_for_the_code_that_another_unit_copied(tmp_path: Path) -> None:
    made = place(tmp_path, unit(1), unit(2))
    made.put("1.xlsx", workbook("甲市第1局", "U1"))
    made.put("2.xlsx", workbook("甲市第2局", "U1", seed=2))
    status = seen(made)
    assert (state_of(status, 1).state, state_of(status, 1).remark) == (UnitState.RECEIVED, "")
    assert state_of(status, 2).state is UnitState.RETURNED


def test_what_is_wrong_with_two_names_that_look_the_same_is_said_once(tmp_path: Path) -> None:
    made = place(tmp_path, unit(1))
    for form in ("NFC", "NFD"):
        made.put(unicodedata.normalize(form, "é甲市第1局.xlsx"), workbook("甲市第1局", "U1"))
    found = state_of(seen(made), 1)
    assert (found.state, len(found.files)) == (UnitState.UNREADABLE, 2)
    assert found.remark.count("有两份，名称看起来一样") == 1


LATE = "迟报 3 天（文件自己的日期 {} 不可能，按第一次看到的日期算）"


@pytest.mark.parametrize(
    ("dated", "day", "received", "remark"),
    [
        ("1970-01-02", "2025-01-25", "2025-01-25", ""),
        ("1970-01-02", "2025-02-03", "2025-02-03", LATE.format("1970-01-02")),
        ("2042-05-05", "2025-01-25", "2025-01-25", ""),
        ("2042-05-05", "2025-02-03", "2025-02-03", LATE.format("2042-05-05")),
        ("2025-01-31", "2025-02-03", "2025-01-31", ""),
        ("2025-02-01", "2025-02-03", "2025-02-01", "迟报 1 天"),
    ],
)
def test_lateness_rests_on_no_impossible_date(
    dated: str, day: str, received: str, remark: str, tmp_path: Path
) -> None:
    made = place(tmp_path, unit(1))
    made.put("1.xlsx", workbook("甲市第1局", "U1"), dated)
    found = state_of(seen(made, date.fromisoformat(day)), 1)
    assert (str(found.received), found.remark) == (received, remark)


def test_a_file_without_a_date_came_no_earlier_than_the_run_before(tmp_path: Path) -> None:
    made = place(tmp_path, unit(1))
    seen(made, date(2025, 1, 30))
    made.put("1.xlsx", workbook("甲市第1局", "U1"), "1970-01-02")
    found = state_of(seen(made, date(2025, 2, 3)), 1)
    assert (str(found.received), found.remark) == ("2025-01-30", "")


@pytest.fixture
def in_china(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of an office in China, wherever the tests run."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows sets its clock otherwise")
@pytest.mark.usefixtures("in_china")
@pytest.mark.parametrize(
    ("moment", "received", "remark"),
    [
        ("2027-01-31T23:59:59+08:00", "2027-01-31", ""),
        ("2027-02-01T00:00:01+08:00", "2027-02-01", "迟报 1 天"),
    ],
)
def test_the_last_day_is_a_day_of_the_office_and_may_be_a_sunday(
    moment: str, received: str, remark: str, tmp_path: Path
) -> None:
    made = place(tmp_path, unit(1))
    file = made.put("1.xlsx", workbook("甲市第1局", "U1", year=2026))
    stamp = datetime.fromisoformat(moment).timestamp()
    os.utime(file, (stamp, stamp))
    found = state_of(seen(made, date(2027, 2, 2)), 1)
    assert found.deadline.isoformat() == "2027-01-31"
    assert found.deadline.strftime("%A") == "Sunday"
    assert (str(found.received), found.remark) == (received, remark)
