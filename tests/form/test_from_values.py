"""Reports made of plain Python: values by path, dataframes, the JSON form; and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from govdisclose import (
    EDITIONS,
    Agency,
    AnnualReport,
    Paragraph,
    blank_report,
    check_report,
    outline,
)
from govdisclose.errors import EntryError, UnknownCellError, UsageError
from govdisclose.form.edition import Edition
from govdisclose.write.data import report_to_dict
from support.reports import consistent_report

NAME = "某某市示范局"
BOTH = pytest.mark.parametrize("edition", EDITIONS.values(), ids=lambda e: e.name)


def whole(edition: Edition) -> AnnualReport:
    """A report with a number in every cell."""
    return consistent_report(edition)


# --- values -------------------------------------------------------------------------------------


@BOTH
def test_values_make_the_report_that_has_them(edition: Edition) -> None:
    report = whole(edition)
    made = AnnualReport.from_values(
        report.values(), agency=report.agency, year=report.year or 0, edition=edition
    )
    assert made.values() == report.values()
    assert (made.agency, made.year, made.edition) == (report.agency, report.year, edition)


def test_the_edition_follows_from_the_year_and_other_attributes_may_be_given() -> None:
    prose = (Paragraph("没有。"),)
    made = AnnualReport.from_values({}, agency=NAME, year=2020, problems=prose)
    assert (made.edition.name, made.agency, made.problems) == ("2019", Agency(NAME), prose)
    assert AnnualReport.from_values({}, agency=NAME, year=2021).edition.name == "2021"
    given = AnnualReport.from_values({}, agency=NAME, year=2020, edition="2021")
    assert given.edition.name == "2021"
    assert all(value is None for value in given.values().values())


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("requests.recieved.total", "requests.received.total"),
        ("requests.received.natural_persons", "requests.received.natural_person"),
        ("disputes.reviews.upheld", "disputes.review.upheld"),
        ("proactive.fees.ammount", "proactive.fees.amount"),
    ],
)
def test_a_mistyped_path_names_the_nearest(wrong: str, right: str) -> None:
    for make in (
        lambda: AnnualReport.from_values({wrong: 1}, agency=NAME, year=2025),
        lambda: AnnualReport.from_frame([(wrong, 1)], agency=NAME, year=2025),
        lambda: blank_report("2021").with_values({wrong: 1}),
    ):
        with pytest.raises(UsageError) as told:
            make()
        assert wrong in str(told.value)
        assert f"是否为 {right}" in str(told.value)


def test_the_paths_of_the_other_edition_are_named_as_such() -> None:
    path = "proactive.regulations.newly_made"
    with pytest.raises(UnknownCellError, match="2019 版的格，这份报告用 2021 版"):
        AnnualReport.from_values({path: 1}, agency=NAME, year=2025)


def test_an_unknown_path_is_also_a_key_error_with_a_readable_message() -> None:
    with pytest.raises(KeyError) as told:
        blank_report("2021").with_values({"甲": 1})
    assert str(told.value) == "甲：2021 版没有这一格"


@pytest.mark.parametrize("value", ["12", "12件", True, 1.5, object(), [1], b"1"])
def test_a_value_that_no_cell_can_hold_names_the_cell(value: Any) -> None:
    with pytest.raises(EntryError, match=r"requests\.received\.total"):
        AnnualReport.from_values({"requests.received.total": value}, agency=NAME, year=2025)


@pytest.mark.parametrize("year", [None, "2025", 25, 2025.5, True])
def test_a_year_that_is_none_is_refused(year: Any) -> None:
    with pytest.raises(UsageError, match="year"):
        AnnualReport.from_values({}, agency=NAME, year=year)


def test_an_outline_takes_an_edition_or_its_name() -> None:
    assert outline("2019") is outline(EDITIONS["2019"])
    with pytest.raises(EntryError, match="'2019'、'2021'，得到 '2020'"):
        outline("2020")


def test_a_blank_report_takes_an_edition_or_its_name() -> None:
    assert blank_report("2019") == blank_report(EDITIONS["2019"])
    for wrong in ("2020", "", 2021, None):
        with pytest.raises(EntryError, match="2019"):
            blank_report(wrong)  # type: ignore[arg-type]


# --- dataframes ---------------------------------------------------------------------------------


def database_rows(columns: dict[str, list[Any]]) -> list[sqlite3.Row]:
    """The rows of a table in SQLite, which holds no exact decimals."""
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("create table t (path text, value)")
        values = [None if value is None else float(value) for value in columns["value"]]
        connection.executemany(
            "insert into t values (?, ?)", zip(columns["path"], values, strict=True)
        )
        return connection.execute("select path, value from t").fetchall()


FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "columns": dict,
    "pandas": pd.DataFrame,
    "pandas of floats": lambda c: pd.DataFrame(c).astype({"value": float}),
    "pandas with more columns": lambda c: pd.DataFrame({"year": 2025, **c}),
    "pyarrow": pa.table,
    "rows of dicts": lambda c: pd.DataFrame(c).to_dict("records"),
    "pairs": lambda c: list(zip(c["path"], c["value"], strict=True)),
    "an iterator of pairs": lambda c: zip(c["path"], c["value"], strict=True),
    "numpy columns": lambda c: {"path": np.array(c["path"]), "value": c["value"]},
    "database rows": database_rows,
}


@BOTH
@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_a_frame_of_any_kind_and_back(make: Callable[..., Any], edition: Edition) -> None:
    report = whole(edition).with_values({"requests.received.total": None})
    frame = report.to_frame(make)
    made = AnnualReport.from_frame(frame, agency=NAME, year=2025, edition=edition)
    assert made.values() == report.values()


def test_a_frame_holds_every_cell_once_as_an_exact_number() -> None:
    report = whole(EDITIONS["2021"]).with_values({"proactive.fees.amount": Decimal("0.394")})
    columns = report.to_frame()
    assert columns["path"] == list(outline(report.edition).cells)
    assert columns["value"] == list(report.values().values())
    assert {type(value) for value in columns["value"]} == {Decimal}
    assert report.to_frame(pd.DataFrame).shape == (200, 2)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"path": ["a"], "wert": [1]}, "缺少 value 列；现有：path、wert"),
        (pd.DataFrame({"value": [1]}), "缺少 path 列"),
        (pd.DataFrame([["a", "b", 1]], columns=["path", "path", "value"]), "有 2 个 path 列"),
        (pa.table({"pfad": ["a"], "value": [1]}), "缺少 path 列；现有：pfad、value"),
        ({"path": ["requests.received.total"], "value": []}, "有 0 行，path 却有 1 行"),
        ([("requests.received.total", 1)] * 2, "第 2 行重复"),
        ([(5, 1)], "第 1 行的路径应为文字"),
        ([("a", 1, 2)], "第 1 行应为"),
        (["ab"], "第 1 行应为"),
        ([{"path": "a"}], "第 1 行缺少 value"),
        ("path,value", "得到 str"),
        (None, "得到 NoneType"),
        (5, "得到 int"),
    ],
)
def test_what_is_no_frame_of_one_report_is_refused(frame: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        AnnualReport.from_frame(frame, agency=NAME, year=2025)


def test_nan_and_null_are_blank_cells_and_never_zero() -> None:
    rows = [
        ("requests.received.total", float("nan")),
        ("requests.received.other", pd.NA),
        ("proactive.fees.amount", np.float64("nan")),
    ]
    report = AnnualReport.from_frame(rows, agency=NAME, year=2025)
    assert {report.values()[path] for path, _ in rows} == {None}


# --- the JSON form ------------------------------------------------------------------------------


@BOTH
def test_the_json_form_and_back(edition: Edition) -> None:
    report = whole(edition)
    assert AnnualReport.from_dict(report.to_dict()) == report
    assert report.to_dict() == report_to_dict(report)
    loaded = json.loads(json.dumps(report.to_dict(), default=float))
    assert AnnualReport.from_dict(loaded) == report
    assert AnnualReport.from_dict(AnnualReport().to_dict()) == AnnualReport()


def fault(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change of one place in the JSON form; ``KeyError`` as the value takes it out."""

    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        if value is KeyError:
            del data[path[-1]]
        else:
            data[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (fault("schema", value="govdisclose/report/2"), "schema"),
        (fault("edition", value="2023"), "edition"),
        (fault("year", value=KeyError), "^顶层：缺少 year$"),
        (fault("extra", value=1), "^顶层：多出 extra$"),
        (fault("year", value="2025"), "year"),
        (fault("published", value="2026-02-30"), "published"),
        (fault("agency", "level", value="部门"), "agency.level"),
        (fault("agency", "name", value=None), "agency.name"),
        (fault("overview", 0, "level", value=10), "overview.0.level"),
        (fault("overview", 0, "text", value=5), "overview.0"),
        (fault("requests", "received", value=5), "requests.received"),
        (fault("requests", "received", "total", value=KeyError), "缺少 total"),
        (fault("requests", "received", "total", value="12"), "requests.received.total"),
        (fault("requests", "received", "total", value=1.5), "requests.received.total"),
        (fault("requests", "received", "total", value=[1]), "requests.received.total"),
        (fault("unread", value=["requests.received.total"]), "没有读出"),
        (fault("unread", value=["甲"]), "unread"),
    ],
)
def test_a_fault_of_the_json_form_names_its_path(change: Callable[..., None], said: str) -> None:
    data = whole(EDITIONS["2021"]).to_dict()
    change(data)
    with pytest.raises(UsageError, match=said):
        AnnualReport.from_dict(data)


@pytest.mark.parametrize("data", [None, [], "{}", 5])
def test_what_is_no_json_object_is_refused(data: Any) -> None:
    with pytest.raises(UsageError, match=r"^顶层：应为一个对象$"):
        AnnualReport.from_dict(data)


def test_figures_that_are_impossible_are_left_to_the_check() -> None:
    report = AnnualReport.from_values({"requests.received.total": -3}, agency=NAME, year=2025)
    assert "V102" in {finding.code for finding in check_report(report)}
