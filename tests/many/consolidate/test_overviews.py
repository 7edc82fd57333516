"""Governments' own reports among those of their units: read whole or refused, held against the sums, added to none."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from govdisclose import AnnualReport, FindingsError, outline, read_report
from govdisclose.consolidate import aggregate_folder, aggregate_reports
from govdisclose.errors import UsageError
from govdisclose.form.explanation import Explanation
from govdisclose.many.consolidate.overlap import Totals
from govdisclose.roster import RosterUnit, make_roster, write_roster
from govdisclose.write.workbook import workbook_bytes
from support.commands import Run
from support.reports import EDITION_2021
from support.units import cell_sums, folder_of, unit, units

A, B, C = units("甲局", "乙局", "丙局")
ROWS = [
    RosterUnit("", "市"),
    RosterUnit("", "县", parent="市"),
    RosterUnit("", "丙局", parent="市"),
]
ROWS += [RosterUnit("", name, parent="县") for name in ("甲局", "乙局")]
ROSTER = make_roster(ROWS)
LICENCES = "proactive.licences.decisions"
SUM = int(cell_sums(A, B)[LICENCES] or 0)


def county(level: str = "government", **cells: int) -> AnnualReport:
    values = {path.replace("__", "."): value for path, value in cells.items()}
    return unit("县", level=level).with_values({**cell_sums(A, B), **values})


def saved(
    path: Path, report: AnnualReport, typed: str = "", reason: Explanation | None = None
) -> Path:
    path.write_bytes(workbook_bytes(report, explanations=[reason] if reason else []))
    if typed:
        workbook = load_workbook(path)
        workbook["二、主动公开"]["B9"] = typed
        workbook.save(path)
    return path


def test_a_cell_that_cannot_be_read_is_not_compared_as_a_blank(tmp_path: Path) -> None:
    own = saved(tmp_path / "own.xlsx", county(), typed=f"{SUM}件")
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([A, B], against=own)
    (finding,) = stop.value.findings
    assert (finding.code, finding.place.cell) == ("V104", "B9")


@pytest.mark.parametrize("how", ["unreadable", "wrong"])
def test_a_report_with_errors_is_refused_whoevers_it_is(how: str, tmp_path: Path) -> None:
    own = county() if how == "unreadable" else county(requests__received__total=10**6)
    source = saved(tmp_path / "县.xlsx", own, typed=f"{SUM}件" if how == "unreadable" else "")
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([A, B, C, source], roster=ROSTER)
    assert [finding.code for finding in stop.value.findings] == ["H104"]
    made = aggregate_reports([A, B, C, source], roster=ROSTER, on_error="list")
    assert [Path(refusal.contribution.file).name for refusal in made.refused] == ["县.xlsx"]
    assert made.report.values() == cell_sums(A, B, C)


def test_a_difference_is_explained_in_the_governments_own_workbook(tmp_path: Path) -> None:
    own = county(proactive__licences__decisions=SUM + 7)
    (finding,) = aggregate_reports([A, B, C, own], roster=ROSTER).findings
    assert (finding.path, finding.fingerprint, finding.explained) == (
        LICENCES,
        f"{SUM}/{SUM + 7}",
        None,
    )
    reason = Explanation("H101", LICENCES, f"{SUM}/{SUM + 7}", "垂直管理单位的数")
    source = saved(tmp_path / "县.xlsx", own, reason=reason)
    (finding,) = aggregate_reports([A, B, C, source], roster=ROSTER).findings
    assert (finding.code, finding.explained) == ("H101", reason.reason)


def test_an_overview_of_a_unit_that_should_report_is_named_and_the_unit_is_not_missing(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    """The roster expects a report from the county itself, and its government's overview comes."""
    rows = [evolve(row, reports=True) if row.name == "县" else row for row in ROWS]
    write_roster(tmp_path / "花名册.xlsx", make_roster(rows).units)
    own = county(proactive__licences__decisions=SUM + 7)
    folder = folder_of(tmp_path, A, B, C, own)
    output, lower = tmp_path / "汇总.xlsx", tmp_path / "各县"
    ended = run(
        "aggregate", folder, "-o", output, "--roster", tmp_path / "花名册.xlsx", "--each", lower
    )
    assert ended.code == 0
    assert "，缺 " not in ended.err
    assert "03县.xlsx（县）：报告类别是“政府”，是本级汇总报告" in ended.err
    assert "已汇总 3 家，应报 4 家；1 家交来的是本级汇总报告，只核对、不相加" in ended.err
    assert "H101" in ended.err
    for book in (output, *lower.iterdir()):
        (line,) = [row for row in summary(book) if "03县.xlsx" in row]
        assert {"县", "本级汇总报告"} <= set(line)


def test_a_government_may_send_its_own_report_and_its_overview(tmp_path: Path) -> None:
    rows = [evolve(row, reports=True) if row.name == "县" else row for row in ROWS]
    own = unit("县", 7)
    whole = unit("县", level="government").with_values(cell_sums(A, B, own))
    made = aggregate_reports([A, B, C, own, whole], roster=make_roster(rows))
    assert made.report.values() == cell_sums(A, B, C, own)
    assert [finding.code for finding in made.findings] == []
    assert (made.face, made.complete) == ("已汇总 4 家，应报 4 家", True)
    wrong = whole.with_values({LICENCES: 1})
    made = aggregate_reports([A, B, C, own, wrong], roster=make_roster(rows), on_error="list")
    assert made.report.values() == cell_sums(A, B, C, own)
    assert {finding.code for finding in made.findings} == {"H101"}


def summary(book: Path) -> list[tuple[object, ...]]:
    return list(load_workbook(book)["汇总说明"].iter_rows(values_only=True))


def test_a_sum_under_another_kind_of_agency_is_not_counted_beside_its_parts(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="1 个错误") as stop:
        aggregate_reports([A, B, C, county("agency")], roster=ROSTER)
    assert "每一格都等于它下级各单位之和" in stop.value.findings[0].message
    for whole in (
        county("agency"),
        county("agency", proactive__licences__decisions=SUM + 1),
        unit("县", 7),
    ):
        made = aggregate_reports([A, B, C, whole], roster=ROSTER, on_error="list")
        assert made.report.values() == cell_sums(A, B, C)
        assert [finding.code for finding in made.findings] == ["H107"]
        assert (made.face, made.complete) == ("已汇总 3 家，应报 3 家；另有 1 份报告没有计入", True)


def test_a_whole_stands_for_its_parts_while_none_of_them_has_come_and_that_is_told() -> None:
    made = aggregate_reports([C, county("agency")], roster=ROSTER)
    assert made.report.values() == cell_sums(A, B, C)
    assert made.expected == 3
    assert [finding.code for finding in made.findings] == ["H102", "H102"]
    assert "暂以这一份计入" in made.findings[1].message


@pytest.mark.parametrize("off", range(4))
def test_a_sum_is_known_for_one_though_some_cells_are_otherwise(off: int) -> None:
    """Below a unit that does report, beside others of one unit, on a roster without levels, and without a roster."""
    total = cell_sums(A, B, C)
    addends = [path for path in total if path not in outline(EDITION_2021).totals and total[path]]
    changed = {path: int(total[path] or 0) + 3 for path in addends[:off]}
    whole = unit("县").with_values({**total, **changed})
    names = ("甲局", "乙局", "丙局")
    above = make_roster(
        [RosterUnit("", "县", reports=True), *(RosterUnit("", n, parent="县") for n in names)]
    )
    beside = make_roster(
        [RosterUnit("", "市"), *(RosterUnit("", n, parent="市") for n in ("县", *names))]
    )
    flat = make_roster([RosterUnit("", n) for n in ("县", *names)])
    for roster in (above, beside, flat, None):
        with pytest.raises(FindingsError) as stop:
            aggregate_reports([A, B, C, whole], roster=roster)
        (finding,) = stop.value.findings
        assert finding.code == ("H107" if roster else "H104")
        assert "是它们的汇总" in finding.message
        assert (f"除 {off} 格外" if off else "每一格") in finding.message
        made = aggregate_reports([A, B, C, whole], roster=roster, on_error="list")
        assert made.report.values() == total


@pytest.mark.parametrize("requests", [(1, 1, 2), (3, 1, 1, 1)])
def test_a_town_with_the_requests_of_all_others_together_is_no_sum(
    requests: tuple[int, ...],
) -> None:
    """Towns have had a request or two and nothing else: such figures agree by chance."""
    zeros = dict.fromkeys(outline(EDITION_2021).cells, 0)
    towns = []
    for place, count in enumerate(requests):
        rows = ("received", "outcomes.granted", "outcomes.total")
        cells = [f"requests.{row}.{column}" for row in rows for column in ("business", "total")]
        town = unit(f"第{place}镇").with_values({**zeros, **dict.fromkeys(cells, count)})
        towns.append(town)
    flat = make_roster([RosterUnit("", town.agency.name) for town in towns])
    for roster in (None, flat):
        assert aggregate_reports(towns, roster=roster).report.requests.received.total == sum(
            requests
        )


@pytest.mark.slow
@settings(max_examples=12)
@given(seeds=st.lists(st.integers(0, 10**6), min_size=3, max_size=8, unique=True))
def test_reports_of_their_own_are_never_taken_for_a_sum(seeds: list[int]) -> None:
    parts = [unit(f"单位{i}", seed) for i, seed in enumerate(seeds)]
    roster = make_roster(
        [
            RosterUnit("", "单位0", reports=True),
            *(RosterUnit("", p.agency.name, parent="单位0") for p in parts[1:]),
        ]
    )
    for known in (None, roster):
        assert aggregate_reports(parts, roster=known).report.values() == cell_sums(*parts)


def test_the_office_of_a_county_is_added_to_its_parts_where_the_roster_says_that_it_reports() -> (
    None
):
    rows = [RosterUnit("", "市"), RosterUnit("", "县", parent="市", reports=True), *ROWS[2:]]
    office = unit("县", 7)
    made = aggregate_reports([A, B, C, office], roster=make_roster(rows))
    assert made.report.values() == cell_sums(A, B, C, office)
    assert made.face == "已汇总 4 家，应报 4 家"


def test_a_unit_that_is_not_to_report_is_told_and_not_counted() -> None:
    roster = make_roster([RosterUnit("", "甲局"), RosterUnit("", "乙局", reports=False)])
    made = aggregate_reports([A, B], roster=roster, on_error="list")
    assert made.report.values() == A.values()
    assert [finding.code for finding in made.findings] == ["H108"]
    assert (made.expected, made.complete) == (1, True)


@pytest.mark.slow
def test_the_whole_sum_and_that_of_a_part_do_not_replace_each_other(tmp_path: Path) -> None:
    folder, each = folder_of(tmp_path, A, B, C), tmp_path / "each"
    each.mkdir()
    write_roster(tmp_path / "r.xlsx", ROWS)
    for name in ("县2024年度汇总.xlsx", "../each/县2024年度汇总.XLSX"):
        with pytest.raises(UsageError, match="同一个文件"):
            aggregate_folder(folder, each / name, roster=tmp_path / "r.xlsx", each=each)
    assert not list(each.iterdir())
    aggregate_folder(folder, each / "市.xlsx", roster=tmp_path / "r.xlsx", each=each)
    assert read_report(each / "市.xlsx").report.values() == cell_sums(A, B, C)


def test_sums_are_kept_only_where_units_belong_to_one() -> None:
    rows = [RosterUnit("", "市"), *(RosterUnit("", f"{n}局", parent="市") for n in range(400))]
    totals = Totals(EDITION_2021, make_roster(rows))
    values = [1] * len(outline(EDITION_2021).cells)
    totals.add("0局", values)  # what is worked out once does not count
    tracemalloc.start()
    for number in range(1, 400):
        totals.add(f"{number}局", values)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 100_000  # a list of sums for each would be seven times as much
    assert totals.whole("市", [200] * len(values)) is not None
