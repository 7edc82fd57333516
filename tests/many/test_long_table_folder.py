"""The long table of a folder: whose workbooks are whose, and what stands in the way of writing it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import Agency, AnnualReport, write_workbook
from govdisclose.errors import InputError, OutputError
from govdisclose.long_table import export_folder
from govdisclose.many.isolation import Isolation
from govdisclose.many.roster import Roster
from govdisclose.roster import RosterUnit, make_roster, write_roster
from govdisclose.write.long_table import LONG_FILES
from support.batches import shelve
from support.commands import Run
from support.reports import consistent_report
from support.seasons import Place, decisions, place, workbook
from support.seasons import unit as seasons_unit
from support.units import cell_sums, folder_of, unit, units


@pytest.mark.slow
@pytest.mark.parametrize(
    ("codes", "doubled"),
    [
        (("1", None), 1),
        ((None, "1"), 1),
        ((None, None), 1),
        (("1", "2"), 0),
        (("1", "2", None), 1),
        (("1", "1"), 1),
        (("1X", "1x"), 1),
    ],
)
def test_workbooks_of_one_name_are_one_agencys_unless_their_codes_differ(
    codes: tuple[str | None, ...], doubled: int, tmp_path: Path
) -> None:
    for number, code in enumerate(codes):
        report = consistent_report(seed=number).evolve(
            agency=Agency("财政局" if number else "财 政 局", code)
        )
        write_workbook(report, tmp_path / f"{number}.xlsx")
    assert len(export_folder(tmp_path, tmp_path / "cells.csv", to="csv").doubled) == doubled


def test_a_database_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def small(path: Path) -> sqlite3.Connection:
        base = connect(path)
        base.execute("PRAGMA max_page_count = 3")
        return base

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(OutputError, match="磁盘已满"):
        export_folder(folder_of(tmp_path, unit("甲局")), to="sqlite")
    assert [p.name for p in tmp_path.iterdir()] == ["books"]


# --- what must not be added together ------------------------------------------------------------

A, B, C = units("甲局", "乙局", "丙局")
ROSTER = make_roster(
    [
        RosterUnit("", "某县人民政府", level="县级"),
        *(
            RosterUnit("", name, parent="某县人民政府", level="乡级")
            for name in ("甲局", "乙局", "丙局")
        ),
    ]
)


def whole(level: str = "government", **more: int) -> AnnualReport:
    """The county's own report: the sum of the three."""
    changed = {path.replace("__", "."): value for path, value in more.items()}
    return unit("某县人民政府", level=level).with_values({**cell_sums(A, B, C), **changed})


def statuses(folder: Path, **more: object) -> dict[str, str]:
    """What the table says of each workbook that is in it."""
    made = export_folder(folder, folder.parent / "cells.csv", to="csv", force=True, **more)  # type: ignore[arg-type]  # as given
    rows = list(LONG_FILES["csv"].read(made.path))
    assert len(rows) == made.rows
    return {row.file: row.status for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("roster", [ROSTER, None], ids=["roster", "no roster"])
@pytest.mark.parametrize(
    "county",
    [whole(), whole("agency"), whole("agency", proactive__licences__decisions=1)],
    ids=["by its word", "by its figures", "one cell otherwise"],
)
def test_a_whole_is_left_out_beside_its_parts_unless_it_is_asked_for(
    county: AnnualReport, roster: Roster | None, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, A, B, C, county)
    assert set(statuses(folder, roster=roster).values()) == {"ok"}
    made = export_folder(folder, tmp_path / "t.csv", to="csv", roster=roster)
    assert (made.workbooks, [path.name for path in made.overviews]) == (3, ["03某县人民政府.xlsx"])
    with_it = statuses(folder, roster=roster, with_overviews=True)
    assert with_it.pop("03某县人民政府.xlsx") == "overview"
    assert set(with_it.values()) == {"ok"}


def test_governments_among_themselves_are_not_left_out(tmp_path: Path) -> None:
    cities = [unit(f"第{n}市人民政府", n, level="government") for n in range(3)]
    assert set(statuses(folder_of(tmp_path, *cities)).values()) == {"ok"}


def test_governments_only_of_another_year_than_their_units_are_not_left_out(tmp_path: Path) -> None:
    assert set(statuses(folder_of(tmp_path, A, B, C, whole().evolve(year=2023))).values()) == {"ok"}


def test_a_table_of_nothing_but_wholes_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--with-overviews"):
        export_folder(folder_of(tmp_path, whole()), tmp_path / "t.csv", to="csv", roster=ROSTER)
    assert not (tmp_path / "t.csv").exists()


@pytest.mark.slow
def test_copies_faults_and_strangers_are_told_apart_in_the_table(tmp_path: Path) -> None:
    broken = B.with_values({"requests.received.total": 10**6})
    coded = make_roster(
        [
            RosterUnit("", "甲局", "1"),
            RosterUnit("", "乙局", "2"),
            RosterUnit("", "丁局", "4"),
            RosterUnit("", "己局", "6", reports=False),
        ]
    )
    folder = folder_of(tmp_path, A, A, broken, C, unit("戊局", 9, "4"), unit("己局", 8))
    assert statuses(folder, roster=coded) == {
        "00甲局.xlsx": "doubled",
        "01甲局.xlsx": "doubled",
        "02乙局.xlsx": "errors",
        "03丙局.xlsx": "not_on_roster",
        "04戊局.xlsx": "contradicts_roster",
        "05己局.xlsx": "not_asked",
    }
    made = export_folder(folder, tmp_path / "t.csv", to="csv", roster=coded)
    names = [item.path.name for item in made.unsettled]
    assert names == ["03丙局.xlsx", "04戊局.xlsx", "05己局.xlsx"]


def test_a_government_without_units_is_no_whole_because_its_owner_is_unclear(
    tmp_path: Path,
) -> None:
    """Two towns of one name, and the report has no code: it is not added up, but it is there."""
    rows = [RosterUnit("", "乡镇人民政府", code) for code in ("1", "2")]
    roster = make_roster([*ROSTER.units, *rows])
    town = unit("乡镇人民政府", 9, level="government")
    folder = folder_of(tmp_path, A, B, C, town)
    assert statuses(folder, roster=roster)["03乡镇人民政府.xlsx"] == "not_on_roster"
    made = export_folder(folder, tmp_path / "t.csv", to="csv", roster=roster)
    assert made.overviews == ()
    assert [item.path.name for item in made.unsettled] == ["03乡镇人民政府.xlsx"]


def test_a_whole_that_came_twice_is_left_out_twice(tmp_path: Path) -> None:
    made = export_folder(
        folder_of(tmp_path, A, B, C, whole("agency"), whole("agency")), tmp_path / "t.csv", to="csv"
    )
    assert (made.workbooks, len(made.overviews), len(made.doubled)) == (3, 2, 1)


@pytest.mark.parametrize("to", LONG_FILES)
def test_the_roster_gives_every_row_its_parent_and_level(to: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, A, B)
    write_roster(folder / "花名册.xlsx", ROSTER.units)
    made = export_folder(folder, tmp_path / "t", to=to, roster=folder / "花名册.xlsx")
    rows = list(LONG_FILES[to].read(made.path))
    assert {(row.category, row.parent, row.level) for row in rows} == {
        ("agency", "某县人民政府", "乡级")
    }
    assert {row.file for row in rows} == {"00甲局.xlsx", "01乙局.xlsx"}


@pytest.mark.slow
def test_the_roster_is_that_of_the_year_of_each_report(tmp_path: Path) -> None:
    roster = make_roster(
        [
            RosterUnit("", "甲市", reports=False),
            RosterUnit(
                "", "老区", parent="甲市", reports=True, merged_into=("新区",), dissolved=2024
            ),
            RosterUnit("", "新区", parent="甲市", reports=True),
            RosterUnit("", "老区教育局", parent="老区"),
            RosterUnit("", "后设局", parent="甲市", founded=2024),
        ]
    )
    names = ("老区", "老区教育局", "后设局")
    reports = [
        unit(name, seed + year, year=year)
        for year in (2023, 2024)
        for seed, name in enumerate(names)
    ]
    made = export_folder(folder_of(tmp_path, *reports), to="sqlite", roster=roster)
    with sqlite3.connect(made.path) as base:
        rows = base.execute("SELECT DISTINCT year, agency, parent, status FROM cells").fetchall()
    assert set(rows) == {
        (2023, "老区", "甲市", "ok"),
        (2023, "老区教育局", "老区", "ok"),
        (2023, "后设局", "", "not_on_roster"),
        (2024, "老区", "", "not_on_roster"),
        (2024, "老区教育局", "新区", "ok"),
        (2024, "后设局", "甲市", "ok"),
    }
    reasons = {each.path.name: each.reason for each in made.unsettled}
    assert "2024 年并入“新区”，2024 年度不应有报告" in reasons["03老区.xlsx"]
    assert "2024 年设立，2023 年度不应有报告" in reasons["02后设局.xlsx"]


@pytest.mark.slow
@pytest.mark.parametrize("isolation", [None, Isolation(quick=True)], ids=["here", "apart"])
def test_the_rows_come_in_the_order_of_the_workbooks(
    isolation: Isolation | None, tmp_path: Path
) -> None:
    folder = shelve(tmp_path / "in", {f"{n:02}.xlsx": workbook(f"第{n}局") for n in range(40)})
    made = export_folder(folder, tmp_path / "t.csv", to="csv", isolation=isolation)
    files = dict.fromkeys(row.file for row in LONG_FILES["csv"].read(made.path))
    assert list(files) == sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_the_command_says_what_it_has_left_out_and_what_it_has_not_looked_at(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    folder = folder_of(tmp_path, A, B, C, whole())
    (folder / "报告.doc").write_bytes(b"")
    done = run("export", folder, "--to", "csv")
    assert done.code == 0
    assert "03某县人民政府.xlsx 是本级汇总报告" in done.err
    assert "另有 1 个文件没有看：报告.doc" in done.err
    assert run("export", folder / "00甲局.xlsx", "--to", "csv", "--with-overviews").code == 2


@pytest.mark.parametrize("to", LONG_FILES)
@pytest.mark.parametrize(
    ("place", "words"), [("none", "目标文件夹不存在"), ("books/00甲局.xlsx", "是文件，不是文件夹")]
)
def test_a_place_that_is_none_is_told(to: str, place: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=words):
        export_folder(folder_of(tmp_path, unit("甲局")), tmp_path / place / "cells", to=to)


# --- decisions ----------------------------------------------------------------------------------


@pytest.fixture
def two_versions(tmp_path: Path) -> Place:
    """Three versions of one unit's report, one with letters for a figure, and another unit."""
    made = place(tmp_path, seasons_unit(1), seasons_unit(2))
    made.put("a.xlsx", workbook("甲市第1局", "U1", seed=1))
    made.put("b.xlsx", workbook("甲市第1局", "U1", seed=2))
    made.put("c.xlsx", workbook("甲市第2局", "U2", seed=3))
    return made


def with_letters(data: bytes, path: Path) -> bytes:
    """The same workbook with a word where a figure belongs."""
    path.write_bytes(data)
    book = load_workbook(path)
    book["二、主动公开"]["B9"] = "五件"
    book.save(path)
    return path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("with_roster", [True, False])
def test_of_several_versions_only_the_chosen_one_is_in_the_table(
    with_roster: bool, two_versions: Place
) -> None:
    roster = two_versions.roster if with_roster else None
    chosen = decisions(two_versions, "b.xlsx")
    made = export_folder(
        two_versions.inbox, two_versions.root / "t.csv", to="csv", roster=roster, decisions=chosen
    )
    rows = {row.file: row.status for row in LONG_FILES["csv"].read(made.path)}
    assert rows == {"b.xlsx": "ok", "c.xlsx": "ok"}
    assert [(item.name, item.reason) for item in made.not_taken] == [
        ("a.xlsx", "同一单位以 b.xlsx 为准，这一份不采用")
    ]
    assert (made.doubled, made.left_out, made.undecided) == ((), (), ())


@pytest.mark.slow
def test_a_version_that_cannot_be_read_stops_nothing_if_another_one_was_chosen(
    two_versions: Place,
) -> None:
    place_of_fault = two_versions.inbox / "a.xlsx"
    two_versions.put("a.xlsx", with_letters(place_of_fault.read_bytes(), place_of_fault))
    out = two_versions.root / "t.csv"
    made = export_folder(
        two_versions.inbox, out, to="csv", decisions=decisions(two_versions, "b.xlsx")
    )
    assert [item.name for item in made.not_taken] == ["a.xlsx"]
    faulty = decisions(two_versions, "a.xlsx")
    with pytest.raises(InputError, match=r"a\.xlsx"):
        export_folder(two_versions.inbox, out, to="csv", decisions=faulty, force=True)
    made = export_folder(
        two_versions.inbox, out, to="csv", decisions=faulty, skip_faulty=True, force=True
    )
    assert {row.file for row in LONG_FILES["csv"].read(made.path)} == {"c.xlsx"}
    assert [item.name for item in made.left_out] == ["a.xlsx"]


@pytest.mark.slow
def test_the_command_says_which_version_was_not_taken_and_why_a_choice_does_not_hold(
    two_versions: Place, run: Callable[..., Run]
) -> None:
    inbox, out = two_versions.inbox, two_versions.root / "t.csv"
    options = ["--to", "csv", "-o", out, "--force", "--decisions"]
    done = run("export", inbox, *options, decisions(two_versions, "b.xlsx"))
    assert done.code == 0, done.err
    assert f"{inbox / 'a.xlsx'}：同一单位以 b.xlsx 为准，这一份不采用。" in done.err
    done = run("export", inbox, *options, decisions(two_versions, "b.xlsx", stale="a.xlsx"))
    assert done.code == 0, done.err
    assert "选定以后 a.xlsx 又改动过，请重新选定。" in done.err
    assert {row.status for row in LONG_FILES["csv"].read(out)} == {"ok", "doubled"}
    one = run("export", inbox / "a.xlsx", "--to", "csv", "--decisions", out)
    assert (one.code, "--decisions" in one.err) == (2, True)
