"""Governments' own reports among those of their units: read whole or refused, held against the sums, added to none."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import (
    AnnualReport,
    FindingsError,
    RosterUnit,
    UsageError,
    aggregate_folder,
    aggregate_reports,
    make_roster,
    read_report,
    write_roster,
)
from govdisclose.form.explanation import Explanation
from govdisclose.write.workbook import workbook_bytes
from units import cell_sums, folder_of, unit, units

A, B, C = units("甲局", "乙局", "丙局")
ROWS = [RosterUnit("", "市"), RosterUnit("", "县", parent="市"), RosterUnit("", "丙局", parent="市")]
ROWS += [RosterUnit("", name, parent="县") for name in ("甲局", "乙局")]
ROSTER = make_roster(ROWS)
LICENCES = "proactive.licences.decisions"
SUM = int(cell_sums(A, B)[LICENCES] or 0)


def county(level: str = "government", **cells: int) -> AnnualReport:
    values = {path.replace("__", "."): value for path, value in cells.items()}
    return unit("县", level=level).with_values({**cell_sums(A, B), **values})


def saved(path: Path, report: AnnualReport, typed: str = "", reason: Explanation | None = None) -> Path:
    path.write_bytes(workbook_bytes(report, explanations=[reason] if reason else []))
    if typed:
        book = load_workbook(path)
        book["二、主动公开"]["B9"] = typed
        book.save(path)
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
    assert [Path(refusal.part.file).name for refusal in made.refused] == ["县.xlsx"]
    assert made.report.values() == cell_sums(A, B, C)


def test_a_difference_is_explained_in_the_governments_own_book(tmp_path: Path) -> None:
    own = county(proactive__licences__decisions=SUM + 7)
    (finding,) = aggregate_reports([A, B, C, own], roster=ROSTER).findings
    assert (finding.path, finding.fingerprint, finding.explained) == (LICENCES, f"{SUM}/{SUM + 7}", None)
    reason = Explanation("H101", LICENCES, f"{SUM}/{SUM + 7}", "垂直管理单位的数")
    source = saved(tmp_path / "县.xlsx", own, reason=reason)
    (finding,) = aggregate_reports([A, B, C, source], roster=ROSTER).findings
    assert (finding.code, finding.explained) == ("H101", reason.reason)


def test_a_sum_under_another_kind_of_agency_is_not_counted_beside_its_parts(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="1 个错误") as stop:
        aggregate_reports([A, B, C, county("agency")], roster=ROSTER)
    assert "每一格都等于它下级各单位之和" in stop.value.findings[0].message
    made = aggregate_reports([A, B, C, county("agency")], roster=ROSTER, on_error="list")
    assert made.report.values() == cell_sums(A, B, C)
    own_office = county("agency", proactive__licences__decisions=SUM + 1)
    made = aggregate_reports([A, B, C, own_office], roster=ROSTER)
    assert made.report.values() == cell_sums(A, B, C, own_office)


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
