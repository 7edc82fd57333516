"""A report built in Python is judged as one that was typed into a workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govdisclose import (
    Agency,
    AnnualReport,
    FindingsError,
    Paragraph,
    aggregate_reports,
    check_report,
    export_report,
    write_workbook,
)
from support import consistent_report

COUNT, MONEY = "proactive.penalties.decisions", "proactive.fees.amount"

JUDGED: list[tuple[str, Any, str]] = [
    (COUNT, -5, "V102"), (COUNT, 1.5, "V103"), (COUNT, True, "V109"), (COUNT, "12件", "V104"), (COUNT, "12", "V106"),
    (COUNT, float("nan"), "V109"), (COUNT, [1], "V109"), (COUNT, 10**12, "V109"), (MONEY, Decimal("NaN"), "V109"),
    (MONEY, Decimal("0.1234567"), "V103"), (COUNT, date(2024, 1, 1), "V109"),
]  # fmt: skip


def built(path: str, value: Any) -> AnnualReport:
    return consistent_report().with_values({path: value})


@pytest.mark.parametrize(("path", "value", "code"), JUDGED, ids=str)
def test_a_value_that_is_none_is_a_finding_and_goes_nowhere(path: str, value: Any, code: str, tmp_path: Path) -> None:
    report = built(path, value)
    found = [f for f in check_report(report) if f.path == path and f.code[0] == "V"]
    assert [f.code for f in found] == [code]
    if not found[0].stops:
        return
    for to in ("json", "csv", "html"):
        if to == "html" or code != "V102":  # a negative number can be read, and data says what was filled in
            with pytest.raises(FindingsError):
                export_report(report, tmp_path / f"a.{to}", to=to)
    with pytest.raises(FindingsError):
        aggregate_reports([report, consistent_report(seed=2).evolve(agency=Agency("乙局"))])
    if code != "V102":
        with pytest.raises(FindingsError):
            write_workbook(report, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_numbers_of_other_types_that_mean_the_same_are_taken_as_they_are_typed() -> None:
    same = built(COUNT, 5)
    assert [f.code for f in check_report(built(COUNT, 5.0))] == [f.code for f in check_report(same)]
    assert aggregate_reports([built(COUNT, Decimal(5))]).report.values() == same.values()


WRONG: dict[str, Any] = {
    "a year in words": lambda: AnnualReport(year="2024"),  # type: ignore[arg-type]  # that is the case
    "a date in words": lambda: AnnualReport(published="2025-01-20"),  # type: ignore[arg-type]  # as above
    "prose as text": lambda: AnnualReport(overview=["abc"]),  # type: ignore[list-item]  # as above
    "a title that is none": lambda: AnnualReport(title=None),  # type: ignore[arg-type]  # as above
    "a paragraph without text": lambda: Paragraph(None),  # type: ignore[arg-type]  # as above
    "an eleventh level": lambda: Paragraph("文", 10),
    "another kind of agency": lambda: Agency("局", level="x"),  # type: ignore[arg-type]  # as above
    "a code as a number": lambda: Agency("局", 1142),  # type: ignore[arg-type]  # as above
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_part_of_a_report_is_refused_when_it_is_put_in(case: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        WRONG[case]()
