"""A106: one wrong cell is named with its right value, and nothing is named where several could be wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from govdisclose import AnnualReport, Finding, blank_report, check_report
from govdisclose.form.fields import Value
from support.paths import ROOT
from support.reports import EDITION_2021, consistent_report, settle, write_book

sys.path.insert(0, str(ROOT / "benchmarks"))

from rootcause import outcome, wrong_cells

ROW = "requests.outcomes.granted"


def report(right: dict[str, int], wrong: dict[str, Value]) -> AnnualReport:
    """A report that holds with the figures ``right`` and zeros elsewhere, then the cells ``wrong``."""
    blank = blank_report(EDITION_2021)
    values: dict[str, Value] = {**dict.fromkeys(blank.values(), 0), **right}
    return blank.with_values({**settle(EDITION_2021, values), **wrong})


def suggestions(made: AnnualReport) -> list[Finding]:
    return [f for f in check_report(made) if f.code == "A106"]


def test_one_wrong_cell_of_table_three_is_named_with_its_right_value() -> None:
    made = [outcome(seed) for seed in range(100)]
    assert {m for table, _, m in made if table == "requests"} == {"正确"}
    assert all(m != "错误" for _, _, m in made)


SLIPS = {
    "two digits swapped": ({f"{ROW}.other": 21}, {f"{ROW}.other": 12}, "相邻两位数字颠倒"),
    "a digit lost": ({f"{ROW}.other": 213}, {f"{ROW}.other": 23}, "少了一位数字"),
    "a digit too many": ({f"{ROW}.other": 23}, {f"{ROW}.other": 223}, "多了一位数字"),
    "a number split over two cells": (
        {f"{ROW}.business": 20},
        {f"{ROW}.business": 2},
        "20 被拆成 2、0 两格",
    ),
    "one digit wrong": ({f"{ROW}.other": 27}, {f"{ROW}.other": 21}, "一位数字有误"),
    "left blank": ({f"{ROW}.other": 27}, {f"{ROW}.other": None}, "漏填"),
    "two digits, one a cell": (
        {f"{ROW}.business": 12},
        {f"{ROW}.business": 1, f"{ROW}.research": 2},
        "12 被拆成 1、2 两格",
    ),
    "one request in the wrong column": (
        {f"{ROW}.natural_person": 1},
        {f"{ROW}.natural_person": 0, f"{ROW}.other": 1},
        "1 件归错了列",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_usual_slip_is_named_as_such(slip: str) -> None:
    right, wrong, said = SLIPS[slip]
    (found,) = suggestions(report(right, wrong))
    assert said in found.text
    assert found.path in wrong
    assert found.expected == right.get(found.path or "", 0)
    assert found.found == wrong[found.path or ""]


def test_the_suggestion_says_cell_values_and_how_many_relations_then_hold(tmp_path: Path) -> None:
    made = report({f"{ROW}.other": 10}, {"requests.outcomes.total.other": 9})
    findings = check_report(write_book(tmp_path, made))
    (found,) = [f for f in findings if f.code == "A106"]
    assert "把 I29 由 9 改为 10 后，3 条关系全部成立" in found.message
    broken = [f for f in findings if f.code in ("A101", "A102", "A103")]
    assert len(broken) == 3
    assert all("把 I29 由 9 改为 10" in (f.hint or "") for f in broken)


@pytest.mark.parametrize(
    "wrong",
    [
        {"disputes.review.total": 7},
        {f"{ROW}.other": 3, "requests.outcomes.unable.unclear.research": 5},
        {"requests.received.total": 8, "requests.received.other": 2},
    ],
    ids=["one relation of five cells", "two wrong cells", "a relation of its own each"],
)
def test_nothing_is_suggested_where_no_single_change_is_determined(wrong: dict[str, Value]) -> None:
    right = {
        "disputes.review.upheld": 3,
        "disputes.review.corrected": 9,
        f"{ROW}.other": 9,
        f"{ROW}.research": 9,
    }
    found = suggestions(report(right, wrong))
    values = report(right, {}).values()
    assert all(f.path in wrong and f.expected == values[f.path] for f in found)
    if "disputes.review.total" in wrong:
        assert found == []


def test_two_errors_that_share_no_cell_are_suggested_each_by_itself() -> None:
    right = {f"{ROW}.other": 9, "requests.outcomes.unable.unclear.research": 5}
    wrong: dict[str, Value] = {f"{ROW}.other": 8, "requests.outcomes.unable.unclear.research": 3}
    found = suggestions(report(right, wrong))
    assert {(f.path, f.expected) for f in found} == set(right.items())


def test_only_neighbours_are_said_to_be_one_number_split() -> None:
    apart = report({f"{ROW}.business": 12}, {f"{ROW}.business": 1, f"{ROW}.legal_service": 2})
    assert suggestions(apart) == []


def test_a_suggestion_is_never_applied() -> None:
    made, right, _ = wrong_cells(3)
    before = made.values()
    check_report(made)
    assert made.values() == before
    assert before.items() > {(path, before[path]) for path in right}


def test_a_consistent_report_gets_no_suggestion() -> None:
    assert suggestions(consistent_report()) == []
