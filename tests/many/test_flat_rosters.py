"""A roster without 上级: a government stands beside the units whose figures are in its report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from govdisclose import AnnualReport
from govdisclose.consolidate import aggregate_reports
from govdisclose.long_table import export_folder
from govdisclose.overview import Grouping, make_overview
from govdisclose.roster import Roster, RosterUnit, make_roster, write_roster
from support.commands import Run
from support.units import cell_sums, folder_of, unit

EAST = [unit(f"东县第{number}局", number) for number in (1, 2, 3)]
WEST = [unit(f"西县第{number}局", number) for number in (6, 7)]
TOWN = unit("红旗镇人民政府", 9, level="government")


def whole(name: str, parts: Sequence[AnnualReport], **more: int) -> AnnualReport:
    return unit(name, level="government").with_values({**cell_sums(*parts), **more})


COUNTY = whole("东县人民政府", EAST)
REPORTS = [*EAST, *WEST, TOWN, COUNTY]


def flat(*reports: AnnualReport) -> Roster:
    return make_roster([RosterUnit("", report.agency.name) for report in reports])


def test_a_government_that_is_the_sum_of_those_beside_it_is_not_added() -> None:
    made = aggregate_reports(REPORTS, roster=flat(*REPORTS), on_error="list")
    assert made.report.values() == cell_sums(*EAST, *WEST, TOWN)
    codes = [finding.code for finding in made.findings]
    assert codes == ["H120", "H107"]
    assert "每一格都等于花名册上像是它下级的各家之和" in made.findings[1].text


def test_an_overview_and_a_long_table_leave_it_out_too(tmp_path: Path) -> None:
    folder, roster = folder_of(tmp_path, *REPORTS), flat(*REPORTS)
    made = make_overview(folder, roster=roster)
    assert "东县人民政府" not in [line.name for line in made.of(Grouping.UNIT)]
    assert [one.agency for one in made.excluded] == ["东县人民政府"]
    table = export_folder(folder, tmp_path / "长表.csv", to="csv", roster=roster)
    assert [path.name for path in table.overviews] == ["06东县人民政府.xlsx"]


def test_what_may_be_below_a_government_is_told_whatever_the_figures_are() -> None:
    reports = [*EAST, unit("东县人民政府", 12, level="government")]
    made = aggregate_reports(reports, roster=flat(*reports))
    (finding,) = made.findings
    assert finding.code == "H120"
    assert "“东县人民政府”" in finding.text
    assert "旁边有 3 家却像是它的下级（“东县第1局”" in finding.text


@pytest.mark.parametrize(
    "units",
    [
        [RosterUnit("", "东县人民政府"), RosterUnit("", "东县税务局"), RosterUnit("", "西县第6局")],
        [
            RosterUnit("", "红旗镇人民政府"),
            RosterUnit("", "红旗镇一所"),
            RosterUnit("", "红旗镇二所"),
        ],
        [
            RosterUnit("", "东县人民政府"),
            *(RosterUnit("", f"东县{name}", parent="东县人民政府") for name in ("甲局", "乙局")),
            *(RosterUnit("", f"东县{name}") for name in ("税务局", "气象局")),
        ],
        [
            RosterUnit("", "东县人民政府", reports=False),
            *(RosterUnit("", f"东县{name}") for name in ("甲局", "乙局")),
        ],
    ],
    ids=["one unit", "a township", "a government with units below it", "not to report"],
)
def test_other_units_beside_a_government_are_no_doubt(units: list[RosterUnit]) -> None:
    assert make_roster(units).beside_governments == {}


@pytest.mark.slow
def test_every_command_says_so(tmp_path: Path, run: Callable[..., Run]) -> None:
    folder = folder_of(tmp_path, *REPORTS)
    last = folder_of(tmp_path / "2023", *[report.evolve(year=2023) for report in REPORTS])
    roster = write_roster(tmp_path / "花名册.xlsx", flat(*REPORTS).units)
    for command in (
        ("batch", folder, "-o", tmp_path / "out", "--dry-run"),
        ("aggregate", folder, "-o", tmp_path / "o.xlsx"),
        ("overview", folder),
        ("status", folder),
        ("compare", last, folder),
        ("export", folder, "--to", "csv", "-o", tmp_path / "o.csv"),
    ):
        done = run(*command, "--roster", roster)
        assert "旁边有 3 家却像是它的下级" in done.out + done.err, command
