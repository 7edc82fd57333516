"""Which units are missing: batches, sums, overviews and the state of a season say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import Agency, AnnualReport, render_report
from govdisclose.batch import BatchEnd, batch_reports
from govdisclose.consolidate import Consolidated, aggregate_folder
from govdisclose.errors import FindingsError
from govdisclose.form.status import UnitState
from govdisclose.overview import Grouping, make_overview
from govdisclose.roster import read_roster
from govdisclose.status import check_inbox
from govdisclose.write.workbook import workbook_bytes
from support.archives import zipped
from support.commands import Run
from support.pdfs import blank_pdf
from support.reports import consistent_report
from support.seasons import YEAR, Place, place, unit, workbook

ONE, TWO, THREE = "甲市第1局", "甲市第2局", "甲市第3局"


def without_year(name: str, code: str | None = None) -> bytes:
    report = consistent_report(seed=4).evolve(
        agency=Agency(name, code, "agency"), title="", year=None, published=None
    )
    return workbook_bytes(report)


def nameless() -> AnnualReport:
    return consistent_report().evolve(agency=Agency("", None, "agency"), title="")


NAMELESS = {
    "xlsx": lambda: workbook_bytes(nameless()),
    "html": lambda: render_report(nameless(), "html", draft=True).data,
}


SENT_BY_ONE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "cannot be read, by its name": (f"{ONE}.xlsx", lambda: b""),
    "cannot be read, by its archive": (f"{ONE}.zip", lambda: zipped({"报告.xlsx": b"no workbook"})),
    "cannot be read, by its folder": (f"{ONE}/报告.xlsx", lambda: b"no workbook"),
    "names nobody": (f"{ONE}.xlsx", lambda: workbook(" ")),
    "is scanned": (f"{ONE}.pdf", blank_pdf),
    "code and name disagree": ("报告.xlsx", lambda: workbook(ONE, "U2")),
    "has errors": ("报告.xlsx", lambda: workbook(ONE, "U1", wrong=2)),
    "says no year": ("报告.xlsx", lambda: without_year(ONE, "U1")),
    "says neither a year nor a name": (f"{ONE}.xlsx", lambda: without_year(" ")),
}
SENT_BY_NOBODY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "cannot be read": ("报告.xlsx", lambda: b"no workbook"),
    "names nobody": ("报告.xlsx", lambda: workbook(" ")),
    "lies in the folder of a county": ("乙县人民政府/报告.xlsx", lambda: b"no workbook"),
    "names two units": (f"{ONE}和{TWO}.xlsx", lambda: b"no workbook"),
    "is not read": (f"{ONE}.doc", lambda: b"\xd0\xcf\x11\xe0"),
    "is of another year": ("报告.xlsx", lambda: workbook(ONE, "U1", year=YEAR - 1)),
}


def office(root: Path) -> Place:
    """Three units, the third below a county; all but the first have sent a good report."""
    made = place(root, unit(1), unit(2), unit(3))
    made.put("2.xlsx", workbook(TWO, "U2"))
    made.put("3.xlsx", workbook(THREE, "U3"))
    return made


def inbox(root: Path, name: str, data: bytes) -> Place:
    """Three units; two have sent a good report, the first at most the given file."""
    made = office(root)
    made.put(name, data)
    return made


def missing_of_status(made: Place) -> list[str]:
    seen = check_inbox(made.inbox, made.roster, today=date(2025, 1, 25), jobs=1)
    state = [UnitState.MISSING, UnitState.OTHER_YEAR]
    return [one.name for one in seen.units if one.state in state]


def end_of_batch(made: Place) -> BatchEnd:
    ends: list[BatchEnd] = []
    done = batch_reports(
        made.inbox,
        made.root / "out",
        to=("json",),
        roster=made.roster,
        year=YEAR,
        on_end=ends.append,
    )
    assert len(list(done)) >= 1
    return ends[0]


def missing_of_batch(made: Place) -> list[str]:
    return [one.name for one in end_of_batch(made).missing]


def summed(made: Place) -> Consolidated:
    return aggregate_folder(
        made.inbox, made.root / "汇总.xlsx", roster=made.roster, on_error="list", force=True
    )


def missing_of_overview(made: Place) -> list[str]:
    overview = make_overview(made.inbox, roster=made.roster)
    return [one.name for one in overview.missing if one.year == YEAR]


@pytest.mark.parametrize("case", SENT_BY_ONE)
@pytest.mark.slow
def test_a_unit_whose_file_came_is_missing_nowhere(case: str, tmp_path: Path) -> None:
    name, make = SENT_BY_ONE[case]
    made = inbox(tmp_path, name, make())
    total = summed(made)
    assert missing_of_status(made) == []
    assert missing_of_batch(made) == []
    assert missing_of_overview(made) == []
    assert [one.name for one in total.missing] == []
    assert not total.complete
    assert {one.agency.name for one in total.units} == {TWO, THREE}


@pytest.mark.parametrize("case", SENT_BY_NOBODY)
@pytest.mark.slow
def test_a_file_of_nobody_leaves_the_unit_missing_everywhere(case: str, tmp_path: Path) -> None:
    name, make = SENT_BY_NOBODY[case]
    made = inbox(tmp_path, name, make())
    assert missing_of_status(made) == [ONE]
    assert missing_of_batch(made) == [ONE]
    assert missing_of_overview(made) == [ONE]
    if case != "is of another year":  # reports of two years are not added, see below
        assert [one.name for one in summed(made).missing] == [ONE]


@pytest.mark.slow
@pytest.mark.parametrize("year", [YEAR - 1, YEAR + 1])
def test_a_unit_with_a_report_of_another_year_only_is_missing_everywhere_and_it_is_named(
    year: int, tmp_path: Path
) -> None:
    made = inbox(tmp_path, "旧/1.xlsx", workbook(ONE, "U1", year=year))
    said = f"只有 {year} 年度的报告，没有 {YEAR} 年度的"

    seen = check_inbox(made.inbox, made.roster, today=date(2025, 1, 25), jobs=1)
    (old,) = seen.with_state(UnitState.OTHER_YEAR)
    assert (old.name, old.files[0].file, old.remark) == (ONE, "旧/1.xlsx", said)

    end = end_of_batch(made)
    assert [one.name for one in end.missing] == [ONE]
    assert end.other_years == {"U1": f"{said}：旧/1.xlsx"}
    head, *rows = load_workbook(made.root / "out" / "结果.xlsx")["缺报"].values
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["机关名称"], row["备注"]) for row in told] == [(ONE, f"{said}：旧/1.xlsx")]

    with pytest.raises(FindingsError) as stop:
        summed(made)
    texts = {one.code: one.text for one in stop.value.findings}
    assert f"{year} 年度 1 家（{ONE}：旧/1.xlsx）" in texts["H103"]
    if year < YEAR:  # a later one may be mistyped, as long as no year was asked for
        assert "已收到 2 家，应报 3 家" in texts["H102"]
        assert ONE in texts["H102"]
    of_year = aggregate_folder(made.inbox, made.root / "s.xlsx", roster=made.roster, year=YEAR)
    assert [one.name for one in of_year.missing] == [ONE]
    assert [one.contribution.file for one in of_year.earlier] == ["旧/1.xlsx"]

    overview = make_overview(made.inbox, roster=made.roster)
    assert missing_of_overview(made) == [ONE]
    reports = {line.year: line.reports for line in overview.of(Grouping.ALL)}
    assert reports == {year: 1, YEAR: 2}


@pytest.mark.slow
def test_an_earlier_report_with_errors_is_no_report_of_the_year_either(tmp_path: Path) -> None:
    made = inbox(tmp_path, "旧.xlsx", workbook(ONE, "U1", year=YEAR - 1, wrong=2))
    assert missing_of_status(made) == [ONE]
    assert missing_of_batch(made) == [ONE]
    total = summed(made)
    assert [one.name for one in total.missing] == [ONE]
    assert [one.contribution.file for one in total.refused] == ["旧.xlsx"]
    rows = load_workbook(made.root / "汇总.xlsx")["汇总说明"].values
    states = [row[row.index(ONE) + 3] for row in rows if ONE in row]
    assert states == ["没有计入", "缺报"]


@pytest.mark.slow
def test_a_report_in_a_sum_is_never_missing_whatever_year_the_refused_ones_say(
    tmp_path: Path,
) -> None:
    made = inbox(tmp_path, "1.xlsx", workbook(ONE, "U1", year=YEAR - 1))
    for name, code in ((TWO, "2"), (THREE, "3")):
        made.put(f"{code}.xlsx", workbook(name, f"U{code}", wrong=2))
    total = summed(made)
    assert [one.agency.name for one in total.units] == [ONE]
    assert total.missing == ()


@pytest.mark.slow
def test_the_terminal_names_the_reports_of_other_years(tmp_path: Path, run) -> None:
    made = inbox(tmp_path, "旧.xlsx", workbook(ONE, "U1", year=YEAR - 1))
    done: Run = run(
        "batch", made.inbox, "-o", tmp_path / "out", "--roster", made.roster, "--year", YEAR
    )
    assert done.code == 0, done.err
    assert f"缺报 1 家：{ONE}。" in done.err
    assert (
        f"其中 1 家交来的是其他年度的：{ONE}（只有 {YEAR - 1} 年度的报告，没有 {YEAR} 年度的：旧.xlsx）。"
        in done.err
    )


def remarks(made: Place) -> Iterator[str]:
    """The column 备注 of the 结果.xlsx of a batch."""
    head, *rows = load_workbook(made.root / "out" / "结果.xlsx")["结果"].values
    for row in rows:
        yield str(row[head.index("备注")] or "")


@pytest.mark.slow
def test_a_batch_and_a_sum_say_that_the_path_has_told_whose_a_file_is(tmp_path: Path) -> None:
    made = inbox(tmp_path, f"{ONE}.xlsx", b"no workbook")
    missing_of_batch(made)
    assert f"文件名里有“{ONE}”，算这一家交来的" in "".join(remarks(made))
    summed(made)
    rows = load_workbook(made.root / "汇总.xlsx")["汇总说明"].values
    (row,) = [row for row in rows if f"{ONE}.xlsx" in row]
    assert ONE in row


@pytest.mark.parametrize("suffix", ["xlsx", "html"])
@pytest.mark.slow
def test_figures_never_count_for_a_unit_that_only_the_path_names(
    suffix: str, tmp_path: Path
) -> None:
    made = inbox(tmp_path, f"{ONE}.{suffix}", NAMELESS[suffix]())
    with pytest.raises(FindingsError):
        aggregate_folder(made.inbox, made.root / "汇总.xlsx", roster=made.roster)
    total = summed(made)
    assert {one.agency.name for one in total.units} == {TWO, THREE}
    assert (total.missing, total.complete) == ((), False)
    overview = make_overview(made.inbox, roster=made.roster)
    (excluded,) = overview.excluded
    assert (excluded.agency, "机关名称" in excluded.reason) == (ONE, True)
    assert [one.reports for one in overview.of(Grouping.ALL)] == [2]


@pytest.mark.slow
def test_a_unit_that_has_sent_another_report_still_counts(tmp_path: Path) -> None:
    made = inbox(tmp_path, f"{TWO}.xlsx", b"no workbook")
    made.put("1.xlsx", workbook(ONE, "U1"))
    total = summed(made)
    assert {one.agency.name for one in total.units} == {ONE, TWO, THREE}
    assert total.complete


@pytest.mark.slow
def test_an_overview_lists_a_report_without_a_year_beside_its_unit(tmp_path: Path) -> None:
    """It is that of the only year that its unit lacks; of several years nobody knows which."""
    made = office(tmp_path)
    made.put("2-2023.xlsx", workbook(TWO, "U2", year=YEAR - 1))
    made.put("1.xlsx", without_year(ONE, "U1"))
    made.put("3年度不详.xlsx", without_year(THREE, "U3"))
    overview = make_overview(made.inbox, roster=made.roster)
    missing = [(one.year, one.name, one.remark) for one in overview.missing]
    said = "交来过读不出、没有写明年度或年度填错的：1.xlsx"
    assert missing == [(YEAR - 1, ONE, said), (YEAR, ONE, said)]
    told = [(one.file, one.agency) for one in overview.excluded]
    assert told == [("1.xlsx", ONE), ("3年度不详.xlsx", THREE)]
    assert all("年度" in one.reason for one in overview.excluded)


def test_the_folders_of_an_absolute_path_are_not_those_of_an_inbox(tmp_path: Path) -> None:
    from govdisclose.many.ownership import Ownership

    ownership = Ownership(read_roster(place(tmp_path, unit(1)).roster))
    assert ownership.named_in(f"{ONE}/报告.xlsx") is not None
    assert ownership.named_in(f"/{ONE}/报告.xlsx") is None
    assert ownership.named_in(f"/收件/{ONE}.xlsx") is not None


@pytest.mark.slow
def test_a_scanned_report_of_a_unit_leaves_a_gap_in_an_overview_and_a_warning_in_a_sum(
    tmp_path: Path, run
) -> None:
    made = inbox(tmp_path, f"{ONE}.pdf", blank_pdf())
    (excluded,) = make_overview(made.inbox, roster=made.roster).excluded
    assert (excluded.agency, excluded.leaves_a_gap) == (ONE, True)
    assert "没有文字" in excluded.reason
    done: Run = run("aggregate", made.inbox, "--roster", made.roster, "-o", tmp_path / "汇总.xlsx")
    assert done.code == 0, done.err
    assert "已汇总 2 家，应报 3 家；另有 1 份报告没有计入" in done.err
