"""A report built in Python is judged as one that was typed into a workbook."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose import (
    Agency,
    AnnualReport,
    FindingsError,
    Paragraph,
    blank_report,
    check_report,
    export_report,
    write_workbook,
)
from govdisclose.consolidate import aggregate_reports
from govdisclose.errors import EntryError
from govdisclose.form.common import Applicants
from govdisclose.form.edition_2021 import Decisions, Requests
from support.reports import consistent_report

COUNT, MONEY = "proactive.penalties.decisions", "proactive.fees.amount"

JUDGED: list[tuple[str, Any, str]] = [
    (COUNT, -5, "V102"), (COUNT, 10**12, "V109"), (COUNT, 10**400, "V109"), (COUNT, 10**5000, "V109"),
    (MONEY, Decimal("0.1234567"), "V103"), (MONEY, Decimal("-0.5"), "V102"), (MONEY, Decimal("1e20"), "V109"),
]  # fmt: skip


def built(path: str, value: Any) -> AnnualReport:
    return consistent_report().with_values({path: value})


@pytest.mark.parametrize(("path", "value", "code"), JUDGED, ids=range(len(JUDGED)))
def test_a_number_that_cannot_be_is_a_finding_and_goes_nowhere(
    path: str, value: Any, code: str, tmp_path: Path
) -> None:
    report = built(path, value)
    found = [f for f in check_report(report) if f.path == path and f.code[0] == "V"]
    assert [f.code for f in found] == [code]
    if not found[0].stops:
        return
    for to in ("json", "csv", "html"):
        if (
            to == "html" or code != "V102"
        ):  # a negative number can be read, and data says what was filled in
            with pytest.raises(FindingsError):
                export_report(report, tmp_path / f"a.{to}", to=to)
    with pytest.raises(FindingsError):
        aggregate_reports([report, consistent_report(seed=2).evolve(agency=Agency("乙局"))])
    if code != "V102":
        with pytest.raises(FindingsError):
            write_workbook(report, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def cell(path: str, value: Any) -> Any:
    """What a cell holds after ``value`` was put into it."""
    return built(path, value).values()[path]


COUNTS: dict[str, tuple[Any, int | None]] = {
    "numpy integer": (np.int64(7), 7), "numpy small": (np.uint8(7), 7), "numpy whole float": (np.float64(7), 7),
    "numpy short float": (np.float32(7), 7), "numpy single": (np.array(7), 7), "whole float": (7.0, 7),
    "whole decimal": (Decimal("7.00"), 7), "whole fraction": (Fraction(14, 2), 7), "negative numpy": (np.int32(-7), -7),
    "pandas integer": (pd.Series([7, None], dtype="Int64")[0], 7), "pandas float": (pd.Series([7, None])[0], 7),
    "pandas missing": (pd.Series([7, None], dtype="Int64")[1], None), "pandas hole": (pd.Series([7, None])[1], None),
    "pandas NA": (pd.NA, None), "pandas NaT": (pd.NaT, None), "NaN": (float("nan"), None),
    "numpy NaN": (np.float32("nan"), None), "decimal NaN": (Decimal("NaN"), None),
    "signalling NaN": (Decimal("sNaN"), None), "numpy masked": (np.ma.masked, None), "nothing": (None, None),
    "empty text": ("", None), "zero": (np.int64(0), 0), "minus zero": (-0.0, 0),
}  # fmt: skip
AMOUNTS: dict[str, tuple[Any, Decimal | None]] = {
    "integer": (7, Decimal(7)), "numpy integer": (np.int64(7), Decimal(7)), "float": (0.1, Decimal("0.1")),
    "numpy float": (np.float64(39.4), Decimal("39.4")), "numpy short float": (np.float32(39.4), Decimal("39.4")),
    "text": ("39.40", Decimal("39.40")), "decimal": (Decimal("39.4"), Decimal("39.4")), "NaN": (np.nan, None),
    "pandas NA": (pd.NA, None), "decimal NaN": (Decimal("NaN"), None), "empty text": ("", None), "nothing": (None, None),
}  # fmt: skip


@pytest.mark.parametrize(("given", "kept"), COUNTS.values(), ids=COUNTS)
def test_a_number_of_another_library_is_kept_as_a_plain_one(given: Any, kept: int | None) -> None:
    found = cell(COUNT, given)
    assert (type(found), found) == (type(kept), kept)
    assert Applicants(total=given).total == kept


@pytest.mark.parametrize(("given", "kept"), AMOUNTS.values(), ids=AMOUNTS)
def test_an_amount_is_kept_exactly(given: Any, kept: Decimal | None) -> None:
    found = cell(MONEY, given)
    assert (type(found), str(found)) == (type(kept), str(kept))


NO_NUMBER: dict[str, Any] = {
    "true": True, "numpy true": np.bool_(True), "a unit": "12件", "bytes": b"12", "a blank": " ", "a list": [1],
    "numpy list": np.array([1, 2]), "a series": pd.Series([1]), "a day": date(2024, 1, 1), "a moment": pd.Timestamp("2024-01-01"),
    "numpy day": np.datetime64("2024-01-01"), "infinity": float("inf"), "decimal infinity": Decimal("-Infinity"),
    "complex": 1j, "a type": int, "enormous": Decimal("1e999999999"), "numpy text": np.str_("1 2"), "a frame": pd.DataFrame(),
}  # fmt: skip
NO_COUNT: dict[str, Any] = {
    **NO_NUMBER, "text": "12", "a half": 1.5, "decimal half": Decimal("1.5"), "numpy half": np.float64(1.5),
    "a third": Fraction(1, 3), "numpy word": np.str_("12"),
}  # fmt: skip
NO_AMOUNT: dict[str, Any] = {
    **NO_NUMBER,
    "a third": Fraction(1, 3),
    "grouped": "1,200",
    "an exponent": "1e3",
}


@pytest.mark.parametrize("given", NO_COUNT.values(), ids=NO_COUNT)
def test_what_is_no_count_is_refused_when_it_is_put_in_and_the_cell_is_named(given: Any) -> None:
    with pytest.raises(EntryError, match=rf"^{COUNT}：") as raised:
        built(COUNT, given)
    assert (raised.value.exit_code, raised.value.path) == (2, COUNT)
    with pytest.raises(EntryError, match=r"^decisions："):
        Decisions(decisions=given)
    with pytest.raises(EntryError, match=r"^decisions："):
        attrs.evolve(Decisions(), decisions=given)


@pytest.mark.parametrize("given", NO_AMOUNT.values(), ids=NO_AMOUNT)
def test_what_is_no_amount_is_refused_when_it_is_put_in_and_the_cell_is_named(given: Any) -> None:
    with pytest.raises(EntryError, match=rf"^{MONEY}："):
        built(MONEY, given)


@given(
    st.from_type(object) | st.floats() | st.decimals() | st.fractions() | st.text() | st.integers()
)
def test_whatever_is_put_into_a_cell_is_afterwards_a_value_or_was_refused(given: Any) -> None:
    for path, kind in ((COUNT, int), (MONEY, Decimal)):
        try:
            found = cell(path, given)
        except EntryError:
            continue
        assert found is None or (
            (type(found) is kind and found == given) or isinstance(given, float | str)
        )


def test_text_is_called_text() -> None:
    with pytest.raises(EntryError, match="字符串 '12'"):
        built(COUNT, "12")


DAYS: dict[str, tuple[Any, date | None]] = {
    "midnight": (datetime(2025, 1, 20), date(2025, 1, 20)), "pandas": (pd.Timestamp("2025-01-20"), date(2025, 1, 20)),
    "numpy": (np.datetime64("2025-01-20"), date(2025, 1, 20)), "numpy NaT": (np.datetime64("NaT"), None),
    "numpy nanoseconds": (np.datetime64("2025-01-20T00:00:00", "ns"), date(2025, 1, 20)), "pandas NaT": (pd.NaT, None),
}  # fmt: skip


@pytest.mark.parametrize(("given", "kept"), DAYS.values(), ids=DAYS)
def test_a_moment_at_midnight_is_its_day(given: Any, kept: date | None) -> None:
    found = AnnualReport(published=given).published
    assert (type(found), found) == (type(kept), kept)


def test_other_attributes_are_converted_as_well() -> None:
    report = AnnualReport(
        year=np.int64(2024), agency=Agency("某局", code=pd.NA), title=np.str_("标题")
    )
    assert [type(value) for value in (report.year, report.agency.code, report.title)] == [
        int,
        type(None),
        str,
    ]
    assert type(Paragraph("文", np.int8(2)).level) is int
    assert AnnualReport(year=2024.0, overview=(p for p in [Paragraph("文")])).overview == (
        Paragraph("文"),
    )  # type: ignore[arg-type]  # that is the case


WRONG: dict[str, tuple[Any, str]] = {
    "a year in words": (lambda: AnnualReport(year="2024"), "year"),  # type: ignore[arg-type]  # that is the case
    "a year of two digits": (lambda: AnnualReport(year=25), "year"),
    "a year that is true": (lambda: AnnualReport(year=True), "year"),
    "a year and a half": (lambda: AnnualReport(year=2024.5), "year"),  # type: ignore[arg-type]  # as above
    "a date in words": (lambda: AnnualReport(published="2025-01-20"), "published"),  # type: ignore[arg-type]  # as above
    "a date with its time": (lambda: AnnualReport(published=datetime(2025, 1, 20, 9)), "published"),
    "a number for a date": (lambda: AnnualReport(published=45000), "published"),  # type: ignore[arg-type]  # as above
    "prose as text": (lambda: AnnualReport(overview="abc"), "overview"),  # type: ignore[arg-type]  # as above
    "prose as a list of texts": (
        lambda: AnnualReport(problems=[Paragraph("文"), "abc"]),
        "problems.1",
    ),  # type: ignore[arg-type,list-item]  # as above
    "no prose": (lambda: AnnualReport(preface=None), "preface"),  # type: ignore[arg-type]  # as above
    "a title that is none": (lambda: AnnualReport(title=None), "title"),  # type: ignore[arg-type]  # as above
    "a paragraph without text": (lambda: Paragraph(None), "text"),  # type: ignore[arg-type]  # as above
    "an eleventh level": (lambda: Paragraph("文", 10), "level"),
    "a level that is true": (lambda: Paragraph("文", True), "level"),
    "another kind of agency": (lambda: Agency("局", level="x"), "level"),  # type: ignore[arg-type]  # as above
    "a code as a number": (lambda: Agency("局", 1142), "code"),  # type: ignore[arg-type]  # as above
    "a name that is missing": (lambda: Agency(pd.NA), "name"),
    "an agency by name": (lambda: AnnualReport(agency="局"), "agency"),  # type: ignore[arg-type]  # as above
    "no table": (lambda: AnnualReport(proactive=None), "proactive"),  # type: ignore[arg-type]  # as above
    "another table": (lambda: AnnualReport(disputes=Applicants()), "disputes"),  # type: ignore[arg-type]  # as above
    "a row that is none": (lambda: Requests(received=5), "received"),  # type: ignore[arg-type]  # as above
    "another row": (lambda: Requests(received=Decisions()), "received"),  # type: ignore[arg-type]  # as above
    "an edition that there is not": (lambda: blank_report("2020"), "edition"),
    "a year in a changed copy": (lambda: consistent_report().evolve(year="2024"), "year"),
    "a year in a copy by attrs": (lambda: attrs.evolve(consistent_report(), year=25), "year"),
}


@pytest.mark.parametrize(("make", "name"), WRONG.values(), ids=WRONG)
def test_what_is_no_part_of_a_report_is_refused_when_it_is_put_in(
    make: Callable[[], object], name: str
) -> None:
    with pytest.raises(EntryError, match=rf"^{name}："):
        make()


def test_a_refusal_is_both_a_type_error_and_a_value_error_and_survives_a_process() -> None:
    with pytest.raises(TypeError):
        AnnualReport(year=25)
    with pytest.raises(ValueError, match="year：应为 2008 至 2100"):
        AnnualReport(year=25)
    error = pickle.loads(pickle.dumps(EntryError("a.b", "不对")))
    assert (error.path, error.reason, str(error)) == ("a.b", "不对", "a.b：不对")
