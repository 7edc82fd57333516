"""The state of a season: one state for every unit, nothing lost, and what is new."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import FindingsError
from govdisclose.errors import InputError
from govdisclose.many.beside_governments import owed_level
from govdisclose.many.isolation import Isolation
from govdisclose.many.status import look
from govdisclose.many.status.deadlines import season_year
from govdisclose.many.status.store import STATE_FILE, KnownSummary, Store, open_store
from govdisclose.status import NewsKind, SeasonStatus, StrayKind, UnitState, check_inbox
from govdisclose.write.status import FORMS, as_text
from support import seasons
from support.archives import zipped
from support.seasons import Place, workbook

DAY = date(2025, 1, 20)
LATER = date(2025, 1, 21)


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An inbox with every state in it; tests only look at it."""
    return seasons.messy(tmp_path_factory.mktemp("season"))


@pytest.fixture(scope="module")
def seen(messy: Place, tmp_path_factory: pytest.TempPathFactory) -> SeasonStatus:
    return see(messy, state=tmp_path_factory.mktemp("state") / "s.sqlite")


def see(place: Place, today: date = DAY, **more: object) -> SeasonStatus:
    return check_inbox(place.inbox, place.roster, today=today, year=2024, **more)  # type: ignore[arg-type]  # as given


def states(status: SeasonStatus) -> dict[str, UnitState]:
    return {unit.name: unit.state for unit in status.units}


INJECTED = {
    0: UnitState.MISSING,
    1: UnitState.RETURNED,
    2: UnitState.OTHER_YEAR,
    3: UnitState.UNREADABLE,
    4: UnitState.DOUBLED,
    5: UnitState.RENAMED,
    6: UnitState.RETURNED,
    7: UnitState.DOUBLED,
    8: UnitState.MISSING,
    9: UnitState.RETURNED,
    10: UnitState.RETURNED,
    11: UnitState.MISSING,
    **dict.fromkeys(range(12, 22), UnitState.RECEIVED),
}


@pytest.mark.slow
def test_every_unit_has_the_state_that_was_put_in(seen: SeasonStatus) -> None:
    found = states(seen)
    assert found == {
        "甲市人民政府": UnitState.NOT_ASKED,
        "乙县人民政府": UnitState.NOT_ASKED,
        **{f"甲市第{number}局": state for number, state in INJECTED.items()},
    }


def test_every_file_is_with_one_unit_or_among_the_others(messy: Place, seen: SeasonStatus) -> None:
    named = [file.file for unit in seen.units for file in unit.files]
    named += [stray.file.file for stray in seen.strays]
    named += [one.file for one in seen.not_looked_at]
    assert sorted(named) == sorted(path.name for path in messy.inbox.iterdir())


def test_files_of_no_unit_say_why(seen: SeasonStatus) -> None:
    assert {(stray.kind, stray.file.file) for stray in seen.strays} == {
        (StrayKind.UNKNOWN, "外.xlsx"),
    }
    (eighth,) = [unit for unit in seen.units if unit.name == "甲市第8局"]
    assert "08另.xlsx" in eighth.remark


def test_doubled_reports_are_both_named_with_the_newer_one_and_what_differs(
    seen: SeasonStatus,
) -> None:
    remarks = {unit.name: unit.remark for unit in seen.doubled}
    assert set(remarks) == {"甲市第4局", "甲市第7局"}
    assert "04b.xlsx（01-15 09:00，最新）、04a.xlsx" in remarks["甲市第4局"]
    assert "三张表的数不同" in remarks["甲市第4局"]
    assert "内容完全相同" in remarks["甲市第7局"]


def test_a_return_names_the_year_and_the_errors(seen: SeasonStatus) -> None:
    findings = {unit.name: [f.code for f in unit.findings] for unit in seen.units}
    assert "H112" in findings["甲市第6局"]
    assert findings["甲市第10局"].count("A104") == 2
    assert findings["甲市第12局"] == []


# --- the calendar -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "year"),
    [("2025-11-28", 2025), ("2026-01-31", 2025), ("2026-03-31", 2025), ("2026-04-01", 2026)],
)
def test_the_year_is_the_one_whose_deadline_comes_next(today: str, year: int) -> None:
    assert season_year(date.fromisoformat(today)) == year


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("甲市人民政府", "government"),
        ("内蒙古自治区人民政府", "government"),
        ("乙县政府", "government"),
        ("红旗镇人民政府", "agency"),
        ("甲市人民政府办公室", "agency"),
        ("甲市教育局", "agency"),
    ],
)
def test_only_governments_from_the_county_up_have_until_march(name: str, level: str) -> None:
    assert owed_level(name) == level


def test_a_late_report_says_by_how_many_days(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    place.put("1.xlsx", workbook("甲市第1局", "U1"), "2025-02-03")
    unit = see(place, date(2025, 2, 10)).units[2]
    assert (unit.received, unit.deadline) == (date(2025, 2, 3), date(2025, 1, 31))
    assert unit.remark == "迟报 3 天"


def test_a_unit_that_was_merged_away_owes_nothing_and_its_report_is_told(tmp_path: Path) -> None:
    gone = seasons.unit(1, merged_into=("U2",), dissolved=2024)
    place = seasons.place(tmp_path, gone, seasons.unit(2))
    place.put("1.xlsx", workbook("甲市第1局", "U1"))
    status = see(place)
    assert "甲市第1局" not in states(status)
    (stray,) = status.strays
    assert (stray.kind, stray.file.file) == (StrayKind.ABSENT, "1.xlsx")
    assert "2024" in stray.reason


# --- what is new --------------------------------------------------------------------------------


def test_news_come_corrected_returned_withdrawn(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, *map(seasons.unit, range(1, 6)))
    place.put("1.xlsx", workbook("甲市第1局", "U1", wrong=1))
    place.put("2.xlsx", workbook("甲市第2局", "U2", wrong=2))
    place.put("3.xlsx", workbook("甲市第3局", "U3"))
    place.put("4.xlsx", workbook("甲市第4局", "U4"))
    first = see(place)
    assert (first.since, first.news) == (None, ())
    place.put("1.xlsx", workbook("甲市第1局", "U1"))
    place.put("2.xlsx", workbook("甲市第2局", "U2", wrong=1))
    (place.inbox / "3.xlsx").unlink()
    os.rename(place.inbox / "4.xlsx", place.inbox / "四.xlsx")
    place.put("5.xlsx", workbook("甲市第5局", "U5"))
    place.put("外.xlsx", workbook("丙市水务局", "X1"))
    second = see(place, LATER)
    assert second.since == DAY
    assert {(news.kind, news.name) for news in second.news} == {
        (NewsKind.MENDED, "甲市第1局"),
        (NewsKind.RETURNED, "甲市第2局"),
        (NewsKind.WITHDRAWN, "甲市第3局"),
        (NewsKind.NEW, "甲市第5局"),
        (NewsKind.NEW, "外.xlsx"),
    }


def test_news_say_what_became_of_each_unit_and_of_files_of_nobody(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, *map(seasons.unit, range(1, 4)))
    place.put("1.xlsx", workbook("甲市第1局", "U1"))
    place.put("2a.xlsx", workbook("甲市第2局", "U2", seed=1))
    place.put("2b.xlsx", workbook("甲市第2局", "U2", seed=2))
    place.put("外.xlsx", workbook("丙市水务局", "X1"))
    place.put("走.xlsx", workbook("丙市林业局", "X2"))
    see(place)
    place.put("1b.xlsx", workbook("甲市第1局", "U1", seed=2))
    (place.inbox / "2b.xlsx").unlink()
    place.put("外.xlsx", workbook("丙市水务局", "X1", seed=2))
    (place.inbox / "走.xlsx").unlink()
    told = {(news.kind, news.name, news.text) for news in see(place, LATER).news}
    assert told == {
        (NewsKind.NEW, "甲市第1局", "又交来一份：重报"),
        (NewsKind.MENDED, "甲市第2局", "原来是“重报”"),
        (NewsKind.NEW, "外.xlsx", "文件换了"),
        (NewsKind.WITHDRAWN, "走.xlsx", "文件不在了，或已归到花名册上的单位"),
    }


def test_a_second_run_on_one_day_tells_the_same_news(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    see(place)
    place.put("1.xlsx", workbook("甲市第1局", "U1"))
    assert see(place, LATER).news == see(place, LATER).news != ()
    assert see(place, date(2025, 1, 22)).news == ()


def test_a_file_came_on_the_day_it_was_first_there(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1), seasons.unit(2))
    place.put("1.xlsx", workbook("甲市第1局", "U1"), "2025-01-10")
    see(place)
    place.put("2.xlsx", workbook("甲市第2局", "U2"), "2024-12-20")
    received = [unit.received for unit in see(place, LATER).units[2:]]
    assert received == [date(2025, 1, 10), DAY]
    os.rename(place.inbox / "1.xlsx", place.inbox / "一.xlsx")
    assert [unit.received for unit in see(place, date(2025, 1, 30)).units[2:]] == received


def test_a_name_that_may_mean_two_units_is_a_note(tmp_path: Path) -> None:
    other = seasons.unit(2, aliases=("甲市第1局",))
    (note,) = see(seasons.place(tmp_path, seasons.unit(1), other)).notes
    assert "“甲市第1局”" in note
    assert see(seasons.place(tmp_path / "b", seasons.unit(1), seasons.unit(2))).notes == ()


def test_a_file_keeps_its_day_when_all_files_are_read_again(tmp_path: Path) -> None:
    """As with a new version of the program, or when last year's reports are given for the first time."""
    place = seasons.place(tmp_path, seasons.unit(1), seasons.unit(2))
    place.put("1.xlsx", workbook("甲市第1局", "U1"), "2025-01-10")
    place.put("2.xlsx", b"no workbook", "2025-01-12")
    first = [unit.received for unit in see(place).units[2:]]
    last_year = tmp_path / "去年"
    last_year.mkdir()
    (last_year / "1.xlsx").write_bytes(workbook("甲市第1局", "U1", year=2023))
    again = see(place, date(2025, 2, 10), previous=last_year)
    assert [unit.received for unit in again.units[2:]] == first
    assert "迟报" not in again.units[2].remark


def test_a_copy_of_a_file_is_not_told_as_taken_away(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    report = workbook("甲市第1局", "U1")
    place.put("1.xlsx", report)
    see(place)
    place.put("一.xlsx", report)
    (news,) = see(place, LATER).news
    assert (news.kind, news.text) == (NewsKind.NEW, "又交来一份，与已有的内容相同：重报")
    (place.inbox / "一.xlsx").unlink()
    (news,) = see(place, date(2025, 1, 22)).news
    assert (news.kind, news.text) == (NewsKind.MENDED, "原来是“重报”")


def test_units_of_one_name_are_told_apart_by_the_unit_above(tmp_path: Path) -> None:
    name = "城关镇人民政府"
    towns = [seasons.unit(1, name=name, parent="C0"), seasons.unit(2, name=name, parent="C1")]
    place = seasons.place(tmp_path, *towns)
    for number in (1, 2):
        place.put(f"{number}.xlsx", workbook(name, f"U{number}", wrong=1))
    status = see(place)
    text = as_text(status)
    above = {unit.parent for unit in status.units if unit.name == name}
    assert len(above) == 2
    for parent in above:
        assert f"  {name}（{parent}）：" in text


# --- reading once -------------------------------------------------------------------------------


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    read = look.summarize

    def counted(entry: look.InboxEntry, memory: object = None) -> object:
        names.append(entry.name)
        return read(entry)

    monkeypatch.setattr(look, "summarize", counted)
    return names


def test_only_new_and_changed_files_are_read_again(tmp_path: Path, reads: list[str]) -> None:
    place = seasons.place(tmp_path, *map(seasons.unit, range(1, 4)))
    for number in (1, 2, 3):
        place.put(f"{number}.xlsx", workbook(f"甲市第{number}局", f"U{number}"))
    see(place)
    reads.clear()
    place.put("2.xlsx", workbook("甲市第2局", "U2", wrong=1))
    place.put("3.xlsx", workbook("甲市第3局", "U3"), "2025-01-19")  # the same bytes, another time
    assert states(see(place, LATER))["甲市第2局"] is UnitState.RETURNED
    assert reads == ["2.xlsx"]


def test_what_is_known_is_equal_to_what_is_read(messy: Place, tmp_path: Path) -> None:
    state = tmp_path / "s.sqlite"
    assert see(messy, state=state) == see(messy, state=state)


@pytest.mark.slow
def test_workers_find_the_same(messy: Place, seen: SeasonStatus, tmp_path: Path) -> None:
    apart = see(messy, state=tmp_path / "s.sqlite", jobs=2, isolation=Isolation(quick=True))
    assert apart == seen


# --- whatever is wrong, who is missing is told --------------------------------------------------


def broken(path: Path) -> None:
    path.write_bytes(b"no database" * 99)


def foreign(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (a)")
    database.commit()
    database.close()


def folder(path: Path) -> None:
    path.mkdir()


def without_a_table(path: Path) -> None:
    """A record that somebody has changed."""
    with open_store(path):
        pass
    database = sqlite3.connect(path)
    database.execute("DROP TABLE day")
    database.commit()
    database.close()


@pytest.mark.parametrize("spoil", [broken, foreign, folder, without_a_table])
def test_a_record_that_cannot_be_used_is_said_and_left_alone(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    spoil(place.inbox / STATE_FILE)
    before = (place.inbox / STATE_FILE).read_bytes() if spoil is not folder else b""
    status = see(place)
    assert states(status)["甲市第1局"] is UnitState.MISSING
    assert STATE_FILE in status.notes[0]
    assert "第一次查看" not in as_text(status)
    assert ("文件夹" in status.notes[0], "已损坏" in status.notes[0]) == (
        spoil is folder,
        spoil is not folder,
    )
    if spoil is not folder:
        assert (place.inbox / STATE_FILE).read_bytes() == before


def test_a_clock_that_was_put_back_is_told_and_loses_nothing(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    see(place, date(2025, 1, 10))
    place.put("1.xlsx", workbook("甲市第1局", "U1"))
    back = see(place, date(2025, 1, 5))
    assert (back.news, back.since) == ((), None)
    assert "已有 2025-01-10 的情况，比今天（2025-01-05）晚" in back.notes[0]
    assert "第一次查看" not in as_text(back)
    after = see(place, date(2025, 1, 11))
    assert (after.since, after.notes) == (date(2025, 1, 10), ())
    assert [news.kind for news in after.news] == [NewsKind.NEW]


def test_an_inbox_of_another_year_says_so(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    place.put("1.xlsx", workbook("甲市第1局", "U1"))
    status = check_inbox(place.inbox, place.roster, today=date(2026, 1, 20))
    assert states(status)["甲市第1局"] is UnitState.OTHER_YEAR
    assert "--year 2024" in status.notes[0]


def test_an_archive_is_looked_into(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    place.put("收件.zip", zipped({"甲.xlsx": workbook("甲市第1局", "U1")}))
    assert see(place).units[2].files[0].file == "收件.zip/甲.xlsx"


def test_a_notice_is_no_report_and_is_listed(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    place.put("通知.txt", "关于报送年度报告的通知\n请各单位于 1 月 20 日前报送。".encode())
    status = see(place)
    assert status.strays == ()
    assert [one.file for one in status.not_looked_at] == ["通知.txt"]


def test_a_broken_roster_is_told_by_cell(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    workbook = load_workbook(place.roster)
    workbook.active["C6"] = "没有这一家"
    workbook.save(place.roster)
    with pytest.raises(FindingsError) as stop:
        see(place)
    assert {finding.code for finding in stop.value.findings} == {"H105"}


def test_a_file_of_a_time_that_no_calendar_has_is_read(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    path = place.put("1.xlsx", workbook("甲市第1局", "U1"))
    os.utime(path, (-(10**11), -(10**11)))
    assert states(see(place))["甲市第1局"] is UnitState.RECEIVED


def test_no_inbox_is_said(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    with pytest.raises(InputError, match="没有文件夹"):
        check_inbox(tmp_path / "没有", place.roster)


# --- the forms ----------------------------------------------------------------------------------


def test_all_missing_units_stand_on_the_terminal(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, *map(seasons.unit, range(90)))
    text = as_text(see(place))
    assert all(f"甲市第{number}局" in text for number in range(90))


def test_the_workbook_has_one_row_for_each_unit(seen: SeasonStatus, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(FORMS[".xlsx"](seen))
    rows = list(load_workbook(path)["各单位"].iter_rows(min_row=3, values_only=True))
    header, *lines = rows
    columns = {name: index for index, name in enumerate(header)}
    shown = {line[columns["单位"]]: line[columns["情况"]] for line in lines}
    assert shown == {unit.name: unit.state.label for unit in seen.units}


def test_the_json_counts_what_it_lists(seen: SeasonStatus) -> None:
    data = json.loads(FORMS[".json"](seen))
    owing = [unit["state"] for unit in data["units"] if unit["expected"]]
    assert data["counts"] == {
        "expected": len(owing),
        **{state: owing.count(state) for state in data["counts"] if state != "expected"},
    }
    assert sum(data["counts"].values()) == 2 * len(owing)


def test_text_from_files_is_escaped_on_the_page(tmp_path: Path) -> None:
    place = seasons.place(tmp_path, seasons.unit(1))
    place.put("1.xlsx", workbook("<b>水务局</b>", "X1"))
    page = FORMS[".html"](see(place)).decode()
    assert "&lt;b&gt;水务局" in page
    assert "<b>水务局" not in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "said"), [("PRAGMA max_page_count = 1", "磁盘已满"), ("DROP TABLE file", "用不了")]
)
def test_a_record_that_fails_on_the_way_hides_nobody(
    limit: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = seasons.messy(tmp_path)
    expected = check_inbox(made.inbox, made.roster, year=2024, state=tmp_path / "good", jobs=1)
    known = Store.known

    def failing(store: Store) -> Iterator[KnownSummary]:
        # Private: a disk that is full, or a table that is gone, cannot be made from outside.
        if store._database.execute("PRAGMA database_list").fetchone()[2]:  # it has a file
            store._database.execute(limit)
        return known(store)

    monkeypatch.setattr(Store, "known", failing)
    seen = check_inbox(made.inbox, made.roster, year=2024, state=tmp_path / "bad", jobs=1)
    assert [unit.state for unit in seen.units] == [unit.state for unit in expected.units]
    assert any(said in note for note in seen.notes)
