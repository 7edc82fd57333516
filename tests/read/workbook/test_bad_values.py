"""Workbooks with wrong contents: the finding, its place, its words, and what stops the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from govdisclose import Finding, Severity, check_report, read_report
from support.commands import Run
from support.edits import CELLS, DUPLICATE, ERRORS, FEES, basic, prose, put
from support.reports import EDITION_2021, check_edited, codes, consistent_report, write_book

REPORT = consistent_report()


def only(findings: list[Finding], code: str) -> Finding:
    found = [f for f in findings if f.code == code]
    assert len(found) == 1, findings
    return found[0]


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "code", "said"), ERRORS.values(), ids=ERRORS)
def test_a_wrong_cell_is_one_error_at_its_place(
    edit: Callable[[Workbook], Any], code: str, said: str, tmp_path: Path
) -> None:
    finding = only(check_edited(tmp_path, REPORT, edit), code)
    assert finding.severity is Severity.ERROR
    assert said in finding.message
    assert finding.message.startswith(f"{finding.place.sheet}!{finding.place.cell} ")
    assert finding.hint


def test_no_report_is_made_of_a_workbook_with_a_wrong_cell(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    edit, code, _ = ERRORS["a number with its unit"]
    finding = only(check_edited(tmp_path, REPORT, edit), code)
    done = run("compile", tmp_path / "book.xlsx")
    assert done.code == 1
    assert finding.message in done.err
    assert [p.name for p in tmp_path.iterdir()] == ["book.xlsx"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (put(DUPLICATE, "'12".lstrip("'")), "V106"),
        (put(DUPLICATE, " 5 "), "V106"),
        (put(DUPLICATE, "１２"), "V106"),
        (put(DUPLICATE, "1,234"), "V106"),
        (put(DUPLICATE, "1，234"), "V106"),
        (put(DUPLICATE, 3.0000000001), "V106"),
        (put(DUPLICATE, None), "V101"),
        (put(DUPLICATE, "/"), "V105"),
        (put(DUPLICATE, "—"), "V105"),
        (put(FEES, 251000), "V110"),
        (basic("机关名称", "某某\u200b局"), "V112"),
    ],
)
def test_what_can_be_read_is_read_and_said(
    edit: Callable[[Workbook], Any], code: str, tmp_path: Path
) -> None:
    finding = only(check_edited(tmp_path, REPORT, edit), code)
    assert finding.severity is not Severity.ERROR


@pytest.mark.slow
def test_blank_zero_and_placeholder_stay_three_things(tmp_path: Path) -> None:
    seen = {}
    for typed in (None, 0, "/"):
        reading = read_report(write_book(tmp_path, REPORT, put(DUPLICATE, typed)))
        seen[typed] = (reading.report.values()[DUPLICATE], DUPLICATE in reading.unread)
    assert seen == {None: (None, False), 0: (0, False), "/": (None, True)}


def test_a_wrong_cell_does_not_break_relations_it_cannot_take_part_in(tmp_path: Path) -> None:
    assert not [
        f for f in check_edited(tmp_path, REPORT, put(DUPLICATE, "12件")) if f.code.startswith("A")
    ]


def test_the_year_may_be_written_out(tmp_path: Path) -> None:
    assert (
        read_report(write_book(tmp_path, REPORT, basic("报告年度", "2024年"))).report.year == 2024
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed", ["2025-01-20", "2025年1月20日", "2025/1/20", "2025.1.20", date(2025, 1, 20)]
)
def test_a_date_may_be_typed_in_any_usual_way(typed: Any, tmp_path: Path) -> None:
    assert read_report(
        write_book(tmp_path, REPORT, basic("发布日期", typed))
    ).report.published == date(2025, 1, 20)


def test_one_blank_row_is_one_finding(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        for column in (
            "natural_person",
            "business",
            "research",
            "public_interest",
            "legal_service",
            "other",
        ):
            put(f"requests.outcomes.not_processed.duplicate.{column}", None)(workbook)
        put("requests.outcomes.not_processed.duplicate.total", None)(workbook)

    blank = only(check_edited(tmp_path, REPORT, edit), "V101")
    assert "2.重复申请：整行空白" in blank.message
    assert len(blank.others) == 6


def test_a_blank_total_says_what_it_should_be(tmp_path: Path) -> None:
    path = "requests.received.total"
    blank = only(check_edited(tmp_path, REPORT, put(path, None)), "V101")
    assert blank.expected == REPORT.values()[path]
    assert f"应为 {blank.expected}" in blank.message


def test_a_blank_table_is_one_finding(tmp_path: Path) -> None:
    from govdisclose import blank_report

    report = blank_report(EDITION_2021, agency=REPORT.agency, year=2024)
    assert (
        codes(check_report(write_book(tmp_path, report)), "V", "S") == ["S116"] * 3 + ["S117"] * 3
    )


def test_a_script_filled_workbook_has_its_own_totals_worked_out(tmp_path: Path) -> None:
    reading = read_report(write_book(tmp_path, REPORT, lambda book: None))
    assert reading.report == REPORT
    assert {f.code for f in reading.findings} == {"V113"}


TEXT_CELL, TEXT_TOTAL = "requests.received.natural_person", "requests.received.total"


def test_a_total_that_excel_would_show_otherwise_for_a_text_is_an_error(tmp_path: Path) -> None:
    value = REPORT.values()[TEXT_CELL]
    found = check_report(write_book(tmp_path, REPORT, put(TEXT_CELL, f"{value} ")))
    error = next(f for f in found if f.path == TEXT_TOTAL and f.code == "V115")
    assert error.stops
    place = next(f for f in found if f.path == TEXT_CELL and f.code == "V106").place
    told = [f for f in found if f.code == "V113" and str(place.cell) in f.text]
    assert len(told) == 1
    assert str(place.cell) in error.text
    assert str(REPORT.values()[TEXT_TOTAL]) in error.text


def test_a_zero_as_text_changes_no_total(tmp_path: Path) -> None:
    found = check_report(
        write_book(tmp_path, REPORT, put("requests.carried_in.natural_person", "0"))
    )
    assert [f.code for f in found if f.stops] == []
    assert any("也已计入" in f.text for f in found if f.code == "V113")


def test_a_total_that_adds_with_plus_counts_texts_as_excel_does(tmp_path: Path) -> None:
    _, row, _ = CELLS[TEXT_TOTAL]
    terms = "+".join(f"{letter}{row + 1}" for letter in "DEFGHI")

    def edit(workbook: Workbook) -> None:
        put(TEXT_CELL, str(REPORT.values()[TEXT_CELL]))(workbook)
        put(TEXT_TOTAL, f"={terms}")(workbook)

    assert [f.code for f in check_edited(tmp_path, REPORT, edit) if f.stops] == []


def test_a_total_with_another_formula_is_not_worked_out(tmp_path: Path) -> None:
    sheet, row, _ = CELLS["requests.received.total"]
    wrong = put("requests.received.total", f"=SUM(D{row + 1}:H{row + 1})")
    assert only(check_edited(tmp_path, REPORT, wrong), "V107").place.sheet == sheet


@pytest.mark.parametrize(
    "text",
    [
        "a & b < c > \"d\" 'e' ]]>",
        "{{7*7}} {% for x in y %} {_{x}_}",
        "=cmd|'/c calc'!A1",
        "龘䶮镕😀",
    ],
)
def test_text_is_kept_exactly(text: str, tmp_path: Path) -> None:
    reading = read_report(write_book(tmp_path, REPORT, prose("六、其他事项", text)))
    if not text.startswith(
        "="
    ):  # openpyxl makes a formula of it; XlsxWriter writes the text, tested with the writer
        assert [p.text for p in reading.report.other_matters] == [text]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "一家\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "一家\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("彩旗\U0001f3f3\ufe0f\u200d\U0001f308", "彩旗\U0001f3f3\ufe0f\u200d\U0001f308"),
        ("ᠮᠣᠩᠭᠣᠯ\u200d", "ᠮᠣᠩᠭᠣᠯ\u200d"),
        ("某某\u200d局\u200c", "某某局"),
        ("A\u200dB\u200b\U0001f468\u200b", "AB\U0001f468"),
    ],
)
def test_a_joiner_stays_where_it_joins(typed: str, kept: str, tmp_path: Path) -> None:
    reading = read_report(write_book(tmp_path, REPORT, prose("六、其他事项", typed)))
    assert reading.report.other_matters[0].text == kept
    assert ("V112" in codes(list(reading.findings))) == (typed != kept)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "level"),
    [("（一）主动公开。全年", 2), ("1.机构", 3), ("1.5亿元", 0), ("（1）其中", 4), ("正文", 0)],
)
def test_a_blank_level_is_read_from_the_ordinal(text: str, level: int, tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        prose("六、其他事项", text)(workbook)
        at = next(
            c for line in workbook["六、其他事项"].iter_rows() for c in line if c.value == text
        )
        workbook["六、其他事项"].cell(at.row, 1).value = None

    assert read_report(write_book(tmp_path, REPORT, edit)).report.other_matters[0].level == level


def test_dates_in_the_1904_system_are_not_shifted(tmp_path: Path) -> None:
    """A workbook saved by an old Mac counts days from 1904; the day must stay the day."""

    def edit(workbook: Workbook) -> None:
        basic("发布日期", datetime(2025, 1, 20))(workbook)
        workbook.epoch = datetime(1904, 1, 1)

    assert read_report(write_book(tmp_path, REPORT, edit)).report.published == date(2025, 1, 20)
