"""Code and name of a report that lead to different units: every command says who must correct what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from govdisclose import Agency
from govdisclose.batch import batch_reports
from govdisclose.consolidate import aggregate_reports
from govdisclose.finding import Place
from govdisclose.form.status import UnitState
from govdisclose.many.batch.result import BatchResult, Status
from govdisclose.many.batch.season import BatchEnd
from govdisclose.many.inbox import look_into
from govdisclose.overview import Grouping, make_overview
from govdisclose.roster import Roster, RosterUnit, make_roster, write_roster
from govdisclose.status import check_inbox
from support.archives import shelved
from support.batches import book
from support.commands import Run
from support.edits import put
from support.reports import consistent_report, write_book

ROSTER = make_roster(
    [RosterUnit("", f"{name}局", code) for name, code in zip("甲乙丙", "123", strict=True)]
)
CODE = "基本信息!B5"
TEXT = put("requests.received.natural_person", "12件")


@frozen
class Case:
    """Files by name and code, the units that must correct theirs, and the units from which nothing came."""

    files: dict[str, tuple[str, str]]
    returned: dict[str, str]
    missing: tuple[str, ...]
    nobodys: tuple[str, ...] = ()


CASES = {
    "swapped codes": Case(
        {"a.xlsx": ("甲局", "2"), "b.xlsx": ("乙局", "1")},
        {"甲局": "a.xlsx", "乙局": "b.xlsx"},
        ("丙局",),
    ),
    "the code of a unit that has sent nothing": Case(
        {"a.xlsx": ("甲局", "2"), "c.xlsx": ("丙局", "3")}, {"甲局": "a.xlsx"}, ("乙局",)
    ),
    "the code of a unit that has sent its own": Case(
        {"a.xlsx": ("甲局", "2"), "b.xlsx": ("乙局", "2")}, {"甲局": "a.xlsx"}, ("丙局",)
    ),
    "the name of a unit that has sent its own": Case(
        {"a.xlsx": ("甲局", "1"), "b.xlsx": ("甲局", "2")}, {"乙局": "b.xlsx"}, ("丙局",)
    ),
    "one code with two names": Case(
        {"a.xlsx": ("甲局", "1"), "x.xlsx": ("新局", "1")}, {}, ("乙局", "丙局"), ("x.xlsx",)
    ),
    "a name that nobody knows": Case(
        {"x.xlsx": ("新局", "1"), "b.xlsx": ("乙局", "2")}, {"甲局": "x.xlsx"}, ("丙局",)
    ),
    "a code that nobody knows": Case(
        {"a.xlsx": ("甲局", "9"), "b.xlsx": ("乙局", "2")}, {"甲局": "a.xlsx"}, ("丙局",)
    ),
    "both have sent their own": Case(
        {"a.xlsx": ("甲局", "1"), "b.xlsx": ("乙局", "2"), "x.xlsx": ("甲局", "2")},
        {},
        ("丙局",),
        ("x.xlsx",),
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def inbox(case: Case, tmp_path: Path) -> Path:
    files = {file: book(name, code) for file, (name, code) in case.files.items()}
    return shelved(tmp_path / "in", files)


def wrong(case: Case) -> set[str]:
    return {*case.returned.values(), *case.nobodys}


def made(inbox: Path, roster: Roster = ROSTER) -> tuple[dict[str, BatchResult], BatchEnd]:
    ends: list[BatchEnd] = []
    out = inbox.parent / "out"
    results = batch_reports(
        inbox, out, roster=roster, year=2024, resume=out.exists(), on_end=ends.append
    )
    return {result.workbook.name: result for result in results}, ends[-1]


def test_a_batch_returns_the_report_with_the_cell_and_makes_none(case: Case, inbox: Path) -> None:
    results, end = made(inbox)
    for file, result in results.items():
        codes = [(str(f.place), f.path) for f in result.findings if f.code == "H106"]
        assert codes == ([(CODE, "agency.code")] if file in wrong(case) else [])
        assert result.status is (Status.REFUSED if file in wrong(case) else Status.MADE)
    assert tuple(unit.name for unit in end.missing) == case.missing
    assert len(list((inbox.parent / "out").glob("*.docx"))) == len(results) - len(wrong(case))


def test_the_state_of_a_season_says_so_too(case: Case, inbox: Path) -> None:
    seen = check_inbox(inbox, ROSTER, year=2024, state=inbox.parent / "s.sqlite")
    returned = seen.with_state(UnitState.RETURNED)
    assert {unit.name: unit.files[0].file for unit in returned} == case.returned
    for unit in returned:
        assert (unit.findings[0].code, str(unit.findings[0].place)) == ("H106", CODE)
        assert unit.findings[0].text in unit.remark
    missing = seen.with_state(UnitState.MISSING)
    assert tuple(unit.name for unit in missing) == case.missing
    assert [stray.file.file for stray in seen.strays] == list(case.nobodys)


def test_a_sum_names_the_same_units(case: Case, inbox: Path) -> None:
    if not set(case.files) - wrong(case):
        shelved(inbox, {"c.xlsx": book("丙局", "3")})
    total = aggregate_reports(look_into(inbox).entries, roster=ROSTER, on_error="list")
    names = {unit.key: unit.name for unit in ROSTER.units}
    refused = {names[r.key]: r.contribution.file for r in total.refused if r.key}
    assert refused == case.returned
    expected = set(case.missing) - {report.name for report in total.units}
    assert {unit.name for unit in total.missing} == expected
    places = {finding.place for finding in total.findings if finding.code == "H106"}
    assert places == {Place(file, *CODE.split("!")) for file in wrong(case)}


def test_an_overview_names_the_same_units(case: Case, inbox: Path) -> None:
    if not set(case.files) - wrong(case):
        shelved(inbox, {"c.xlsx": book("丙局", "3")})
    seen = make_overview(inbox, roster=ROSTER)
    counted = {line.name for line in seen.of(Grouping.UNIT)}
    assert {absentee.name for absentee in seen.missing} == set(case.missing) - counted
    assert {each.file.rpartition("/")[2] for each in seen.excluded} == wrong(case)


def test_an_overview_tells_who_must_correct_unreadable_figures(tmp_path: Path) -> None:
    inbox = shelved(tmp_path / "in", {"a.xlsx": book("甲局", "1"), "c.xlsx": b"no workbook"})
    typed = write_book(inbox, consistent_report().evolve(agency=Agency("乙局", "2")), TEXT)
    seen = make_overview(inbox, roster=ROSTER)
    assert [absentee.name for absentee in seen.missing] == ["丙局"]
    (told,) = [each for each in seen.excluded if each.file == typed.name]
    assert (told.year, told.agency, "可能是 12" in told.reason) == (2024, "乙局", True)
    assert "缺报 1 家，另有 1 份有问题没有计入" in seen.notices[0]


def test_once_the_roster_knows_the_name_the_report_is_made(tmp_path: Path) -> None:
    inbox = shelved(tmp_path / "in", {"x.xlsx": book("新局", "1")})
    assert made(inbox)[0]["x.xlsx"].status is Status.REFUSED
    known = make_roster([RosterUnit("", "甲局", "1", aliases=("新局",))])
    assert made(inbox, known)[0]["x.xlsx"].status is Status.MADE


def test_last_years_reports_are_read_once_for_the_batch_and_its_letters(
    run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from govdisclose.many import previous

    reads: list[object] = []
    index = previous.index_previous
    monkeypatch.setattr(
        previous, "index_previous", lambda *a, **k: (reads.append(a), index(*a, **k))[1]
    )
    inbox = shelved(tmp_path / "in", {"a.xlsx": book("甲局", "2")})
    last = shelved(tmp_path / "last", {"a.xlsx": book("甲局", "1")})
    roster = write_roster(tmp_path / "花名册.xlsx", ROSTER.units)
    done = run(
        *("batch", inbox, "-o", tmp_path / "out", "--roster", roster, "--year", "2025"),
        *("--return", tmp_path / "退回", "--previous", last),
    )
    assert (len(reads), done.code) == (1, 0), done.err


def test_a_table_of_the_folder_says_who_is_who(run: Callable[..., Run], tmp_path: Path) -> None:
    inbox = shelved(tmp_path / "in", {"a.xlsx": book("甲局", "2"), "b.xlsx": book("乙局", "1")})
    roster = write_roster(tmp_path / "花名册.xlsx", ROSTER.units)
    done = run("export", inbox, "--to", "csv", "--roster", roster, "-o", tmp_path / "t.csv")
    assert "代码 2 在花名册上是“乙局”，名称却是花名册上的另一家“甲局”" in done.err
    assert json.dumps("contradicts_roster")[1:-1] in (tmp_path / "t.csv").read_text("utf-8")
