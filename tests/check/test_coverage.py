"""What the statutory relations find, cell by cell: the figures in docs/coverage.md."""

from __future__ import annotations

import re
from itertools import cycle

import pytest

from govdisclose import EDITIONS, AnnualReport, Finding, blank_report, check_report, outline
from govdisclose.check import check_reading
from govdisclose.form.edition import Edition
from support.paths import ROOT
from support.reports import calculated, sum_formulas

COVERAGE = ROOT / "docs" / "coverage.md"
CELLS = [(edition, path) for edition in EDITIONS.values() for path in outline(edition).cells]
BOUND = [(edition, path) for edition, path in CELLS if not path.startswith("proactive.")]
FREE = [(edition, path) for edition, path in CELLS if path.startswith("proactive.")]


def consistent(edition: Edition) -> AnnualReport:
    """A report of which every relation holds and no cell is 0."""
    form = outline(edition)
    values: dict[str, int] = dict.fromkeys(form.cells, 2)
    for relation in form.balances:
        # The outcomes are known below; what came in is what was dealt with, and what is left is 2 each way.
        received, _ = relation.left
        total, _ = relation.right
        values[received] = sum(
            values[p] for p in next(r.left for r in form.sums if r.right == (total,))
        )
    for name in ("outcomes", "disputes", "applicants"):
        for relation in form.sums:
            if relation.name == name:
                values[relation.right[0]] = sum(values[p] for p in relation.left)
    return blank_report(edition, year=edition.first_year).with_values(values)


def changed(report: AnnualReport, steps: dict[str, int]) -> AnnualReport:
    """A copy with some cells larger or smaller by a step."""
    values = report.values()
    return report.with_values({path: (values[path] or 0) + step for path, step in steps.items()})


def arithmetic(report: AnnualReport) -> list[Finding]:
    return [f for f in check_report(report) if f.code.startswith("A") and f.stops]


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_a_consistent_report_has_no_findings_of_family_a(edition: Edition) -> None:
    assert arithmetic(consistent(edition)) == []


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_every_change_of_one_cell_of_tables_three_and_four_is_found_at_that_cell(
    edition: Edition, step: int
) -> None:
    report = consistent(edition)
    for path in (p for e, p in BOUND if e is edition):
        found = arithmetic(changed(report, {path: step}))
        assert found, path
        assert all(path == f.path or path in f.others for f in found), path


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_a_changed_cell_of_table_three_is_where_a_broken_row_and_a_broken_column_meet(
    edition: Edition,
) -> None:
    report = consistent(edition)
    for cell in outline(edition).tables["requests"].cells:
        found = arithmetic(changed(report, {cell.path: 1}))
        assert {f.code == "A101" for f in found} == {True, False}, cell.path
        assert set.intersection(*({f.path, *f.others} for f in found)) == {cell.path}


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_no_change_of_table_two_is_found(edition: Edition, step: int) -> None:
    report = consistent(edition)
    for path in (p for e, p in FREE if e is edition):
        assert arithmetic(changed(report, {path: step})) == []


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_a_case_moved_between_the_groups_of_table_four_is_not_found(edition: Edition) -> None:
    moved = {
        f"disputes.{group}.{leaf}": step
        for group, step in (("review", -1), ("litigation.after_review", 1))
        for leaf in ("upheld", "total")
    }
    assert arithmetic(changed(consistent(edition), moved)) == []


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_a_request_recorded_under_the_wrong_outcome_with_its_totals_is_not_found(
    edition: Edition,
) -> None:
    moved = {
        f"requests.outcomes.{row}.{leaf}": step
        for row, step in (("granted", -1), ("partly_granted", 1))
        for leaf in ("natural_person", "total")
    }
    assert arithmetic(changed(consistent(edition), moved)) == []


def test_the_page_states_the_figures_of_this_test() -> None:
    rows = {
        label: [int(cell) for cell in cells.split("|") if cell.strip()]
        for label, cells in re.findall(
            r"^\| ([^|]+) \|((?: \d+ \|)+)$", COVERAGE.read_text("utf-8"), re.MULTILINE
        )
    }
    forms = [outline(EDITIONS[name]) for name in ("2021", "2019")]
    assert rows == {
        "全部格数": [len(form.cells) for form in forms],
        "表三、表四的格数": [len([p for e, p in BOUND if e is form.edition]) for form in forms],
        "勾稽关系": [len(form.relations) for form in forms],
        "至少受一条关系约束的格": [
            len({p for r in form.relations for p in r.paths}) for form in forms
        ],
    }


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_under_formula_totals_a_wrong_part_of_table_three_breaks_its_column_and_one_of_table_four_nothing(
    edition: Edition,
) -> None:
    report = consistent(edition)
    formulas = sum_formulas(edition)
    parts = [path for e, path in BOUND if e is edition and path not in formulas]
    for path, step in zip(parts, cycle((1, -1)), strict=False):
        found = [
            f
            for f in check_reading(calculated(changed(report, {path: step})))
            if f.code.startswith("A")
        ]
        column = path.rpartition(".")[2]
        ends = [f"requests.carried_out.{column}", "requests.carried_out.total"]
        expected = ends if path.startswith("requests.") else []
        assert [(f.code, f.path) for f in found] == [("A103", end) for end in expected], path
