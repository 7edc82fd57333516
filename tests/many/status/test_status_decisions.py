"""``status --decisions``: which of several files of a unit counts, as in a batch and in a sum."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govdisclose.batch import batch_reports
from govdisclose.consolidate import aggregate_folder
from govdisclose.errors import InputError
from govdisclose.many.batch.result import Status
from govdisclose.status import SeasonStatus, UnitState, UnitStatus, check_inbox
from support import seasons
from support.commands import Run
from support.seasons import Place, decisions, workbook

GOOD, OTHER, WRONG = "1a.xlsx", "1b.xlsx", "1错.xlsx"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """One unit with three versions: the newest has an error."""
    made = seasons.place(tmp_path, seasons.unit(1))
    made.put(GOOD, workbook("甲市第1局", "U1", seed=1), "2025-01-10")
    made.put(OTHER, workbook("甲市第1局", "U1", seed=2), "2025-01-11")
    made.put(WRONG, workbook("甲市第1局", "U1", seed=3, wrong=1), "2025-01-12")
    return made


def seen(place: Place, chosen: Path | None) -> SeasonStatus:
    today = date(2025, 1, 20)
    return check_inbox(place.inbox, place.roster, year=2024, today=today, decisions=chosen, jobs=1)


def unit_of(status: SeasonStatus) -> UnitStatus:
    (unit,) = [unit for unit in status.units if unit.code == "U1"]
    return unit


@pytest.mark.parametrize(
    ("chosen", "state"),
    [
        (GOOD, UnitState.RECEIVED),
        (OTHER, UnitState.RECEIVED),
        (WRONG, UnitState.RETURNED),
    ],
)
def test_the_chosen_file_alone_decides(chosen: str, state: UnitState, place: Place) -> None:
    assert unit_of(seen(place, None)).state is UnitState.DOUBLED
    unit = unit_of(seen(place, decisions(place, chosen)))
    assert unit.state is state
    assert [file.file for file in unit.files] == [chosen]
    assert {file.file for file in unit.others} == {GOOD, OTHER, WRONG} - {chosen}
    assert all(f"已选定以 {chosen} 为准" in file.set_aside for file in unit.others)
    assert f"已选定以 {chosen} 为准" in unit.remark


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stale": OTHER}, f"选定以后 {OTHER} 又改动过"),
        ({"unknown": WRONG}, f"选定以后又来了 {WRONG}"),
    ],
)
def test_a_choice_that_does_not_hold_is_told(
    given: dict[str, str], said: str, place: Place
) -> None:
    unit = unit_of(seen(place, decisions(place, GOOD, **given)))
    assert unit.state is UnitState.DOUBLED
    assert len(unit.files) == 3
    assert said in unit.remark


def test_two_choices_are_none(place: Place) -> None:
    unit = unit_of(seen(place, decisions(place, GOOD, OTHER)))
    assert (unit.state, "写了 2 份" in unit.remark) == (UnitState.DOUBLED, True)


def test_a_report_of_the_whole_is_not_set_aside_by_the_choice_of_a_unit_s_own(
    tmp_path: Path,
) -> None:
    made = seasons.place(tmp_path, seasons.unit(1))
    for name, seed in (("1.xlsx", 1), ("2.xlsx", 2)):
        made.put(name, workbook("甲市人民政府", "C0", seed=seed))
    whole = workbook("甲市人民政府", "C0", seed=3, level="government")
    made.put("3.xlsx", whole)
    status = seen(made, decisions(made, "1.xlsx"))
    (city,) = [unit for unit in status.units if unit.code == "C0"]
    assert {file.file for file in city.files} == {"1.xlsx", "3.xlsx"}
    assert [file.file for file in city.others] == ["2.xlsx"]


@pytest.mark.slow
def test_a_batch_a_sum_and_the_state_take_the_same_file(place: Place) -> None:
    chosen = decisions(place, OTHER)
    out = place.root / "报告"
    results = batch_reports(
        place.inbox, out, to=["json"], roster=place.roster, year=2024, decisions=chosen
    )
    final = {result.workbook.name: result.status for result in results}
    assert [name for name, status in final.items() if status is Status.MADE] == [OTHER]
    total = place.root / "汇总.xlsx"
    made = aggregate_folder(place.inbox, total, roster=place.roster, decisions=chosen)
    assert [unit.file for unit in made.units] == [OTHER]
    assert [file.file for file in unit_of(seen(place, chosen)).files] == [OTHER]


@pytest.mark.slow
def test_the_command_says_so_and_the_decisions_in_the_inbox_are_nobodys_report(
    place: Place, run
) -> None:
    chosen = decisions(place, GOOD).rename(place.inbox / "结果.xlsx")
    output = place.root / "s.xlsx"
    options = ["--roster", place.roster, "--today", "2025-01-20", "--decisions", chosen]
    done: Run = run("status", place.inbox, *options, "-o", output)
    assert done.code == 0, done.err
    assert "已收 1 家" in done.out
    assert "已选定以 1a.xlsx 为准，不采用 1错.xlsx、1b.xlsx" in done.out
    assert "不在册" not in done.out


@pytest.mark.slow
def test_a_batch_sends_back_only_what_was_chosen(place: Place, run) -> None:
    folder = place.root / "退回"
    options = ["-o", place.root / "报告", "--to", "json", "--roster", place.roster]
    for name, letters in ((WRONG, ["甲市第1局.docx"]), (GOOD, [])):
        chosen = decisions(place, name)
        more = ["--year", "2024", "--decisions", chosen, "--return", folder, "--resume"]
        run("batch", place.inbox, *options, *more)
        assert [path.name for path in folder.glob("*.docx")] == letters


def test_a_workbook_without_decisions_is_refused(place: Place) -> None:
    with pytest.raises(InputError, match="没有“以此为准”和“工作簿”两列"):
        seen(place, place.roster)
