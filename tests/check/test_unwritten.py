"""Nothing blank is published: tables without a figure, sections without text, placeholders of the form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from govdisclose import (
    Agency,
    AnnualReport,
    FindingsError,
    Paragraph,
    check_report,
    compile_report,
    outline,
    write_workbook,
)
from govdisclose.consolidate import aggregate_reports
from govdisclose.form.placeholders import may_hold_placeholder, placeholders
from govdisclose.read import read_figures
from govdisclose.write.data import report_to_json
from support.commands import Run
from support.reports import EDITION_2019, EDITION_2021, consistent_report, write_book

GOOD = consistent_report()
OTHER = consistent_report(seed=2).evolve(agency=Agency("另一局", None, "agency"), title="")
REQUIRED = ("overview", "problems", "other_matters")


def without_table(key: str) -> AnnualReport:
    return GOOD.with_values(
        dict.fromkeys((c.path for c in outline(EDITION_2021).tables[key].cells), None)
    )


BLANK: dict[str, tuple[AnnualReport, str]] = {
    **{f"table {key}": (without_table(key), "S116") for key in outline(EDITION_2021).tables},
    **{f"section {key}": (GOOD.evolve(**{key: ()}), "S117") for key in REQUIRED},
    **{
        f"blanks in {key}": (GOOD.evolve(**{key: (Paragraph(" \u3000"),)}), "S117")
        for key in REQUIRED
    },
    **{
        f"placeholder in {key}": (
            GOOD.evolve(**{key: (*getattr(GOOD, key), Paragraph("（文字描述）"))}),
            "S118",
        )
        for key in (*REQUIRED, "preface")
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BLANK)
def test_it_is_an_error_in_every_source(case: str, tmp_path: Path) -> None:
    report, code = BLANK[case]
    book = write_workbook(report, tmp_path / "a.xlsx")
    (tmp_path / "a.json").write_text(report_to_json(report), encoding="utf-8")
    for source in (report, book, tmp_path / "a.json"):
        assert [f.code for f in check_report(source) if f.stops] == [code]


@pytest.mark.slow
@pytest.mark.parametrize("case", ["table requests", "section overview", "placeholder in preface"])
def test_no_command_lets_it_pass(case: str, run: Callable[..., Run], tmp_path: Path) -> None:
    """One case of each rule: every one is an error, and an error stops every command alike."""
    report, code = BLANK[case]
    book = write_workbook(report, tmp_path / "a.xlsx")
    with pytest.raises(FindingsError):
        compile_report(book, tmp_path / "a.docx")
    page = run("export", book, "--to", "html", "-o", tmp_path / "a.html")
    data = run("export", book, "--to", "json", "-o", tmp_path / "a.json")
    assert (page.code, data.code) == (1, 1)
    assert run("export", book, "--to", "json", "--draft", "-o", tmp_path / "a.json").code == 0
    assert [f.code for f in check_report(tmp_path / "a.json") if f.stops] == [code]
    assert compile_report(book, tmp_path / "a.docx", draft=True).path.exists()


@pytest.mark.slow
@pytest.mark.parametrize("case", BLANK)
def test_no_sum_counts_it(case: str, tmp_path: Path) -> None:
    report, code = BLANK[case]
    book = write_workbook(report, tmp_path / "a.xlsx")
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([book, OTHER])
    assert any(code in finding.message for finding in stop.value.findings)


MISPLACED = "贴错地方的一段话。"
PLACES = [
    "A1",
    "A2",
    "C1",
    "C2",
    "D2",
    *(f"{column}{row}" for column in "ABCDF" for row in (3, 4, 9, 40)),
]


def put(cell: str, value: object) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        workbook["五、问题及改进"][cell] = value

    return edit


def merge_a_paragraph(workbook: Workbook) -> None:
    sheet = workbook["六、其他事项"]
    sheet["A4"], sheet["B4"] = "合并单元格后写的一段。", None
    sheet.merge_cells("A4:B4")


def copy_a_section(workbook: Workbook) -> None:
    workbook.copy_worksheet(workbook["五、问题及改进"]).title = "五、问题及改进 (2)"


EDITS: dict[str, Callable[[Workbook], None]] = {
    **{cell: put(cell, MISPLACED) for cell in PLACES},
    "a number": put("B4", 12),
    "a formula": put("B4", "=A1"),
    "a formula beside": put("D5", "=A1"),
    "merged cells": merge_a_paragraph,
    "a second sheet": copy_a_section,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_what_stands_in_a_sheet_of_paragraphs_stops_a_sum_as_it_stops_a_check(
    name: str, tmp_path: Path
) -> None:
    book = write_book(tmp_path, GOOD, EDITS[name])
    checked = {(f.code, f.place) for f in check_report(book) if f.stops}
    summed = {(f.code, f.place) for f in read_figures(book).findings if f.stops}
    assert checked == summed
    assert bool(checked) is (name not in {"B4", "B9", "B40"})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["A3", "a number", "merged cells", "a second sheet"])
def test_what_stops_the_reading_of_figures_stops_a_sum(name: str, tmp_path: Path) -> None:
    book = write_book(tmp_path, GOOD, EDITS[name])
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([book, OTHER])
    assert "H104" in {finding.code for finding in stop.value.findings}


@pytest.mark.slow
def test_a_batch_lists_it_as_refused(run: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_workbook(GOOD.evolve(problems=()), tmp_path / "in" / "a.xlsx")
    assert run("batch", tmp_path / "in", "-o", tmp_path / "out").code == 6
    assert not list((tmp_path / "out").glob("*.docx"))


@pytest.mark.parametrize("seed", range(3))
def test_the_look_at_a_whole_text_overlooks_no_placeholder(seed: int) -> None:
    made = [
        f"{before}{opened}{blank}{word}{closed}"
        for before in ("", "全年收到")
        for opened, closed in ("（）", "()", "【】", "[]")
        for blank in ("", " ", "\u3000", "\t")
        for word in ("文字描述", "请填写", "待定", "需补充", "此处填写情况")
    ]
    made += [
        f"收到{mark}{unit}。" for mark in ("XX", "X", "  ", " \u3000", "__") for unit in "件条%"
    ]
    for text in made[seed::3]:
        assert may_hold_placeholder(text) or not list(placeholders(text)), text


@pytest.mark.parametrize("edition", [EDITION_2019, EDITION_2021], ids=lambda e: e.name)
def test_a_sum_leaves_the_prose_of_a_written_workbook_unread(edition, tmp_path: Path) -> None:
    reading = read_figures(write_workbook(consistent_report(edition), tmp_path / "a.xlsx"))
    assert reading.without_prose
    assert reading.report.overview == ()


@pytest.mark.parametrize(
    "text",
    [
        "（文字描述）",
        "( 文字描述 )",
        "（文字描述，收取信息处理费情况在此处报告。）",
        "（文字）",
        "（此处填写主要问题）",
        "(请填写改进情况)",
        "【待补充】",
        "（待填）",
        "全年收到申请XX件。",
        "全年收到申请 ×× 件。",
        "发布信息ＸＸ条，××局牵头。",
        "全年收到申请____件。",
        "……",
        "...",
        "××",
        "文字描述",
    ],
)
def test_what_a_specimen_leaves_open_is_a_placeholder(text: str) -> None:
    assert list(placeholders(text))


@pytest.mark.parametrize(
    "text",
    [
        "政策解读材料（文字说明、图片、视频）12 篇。",
        "文字描述准确、图片清晰。",
        "申请人张××不服答复，申请复议。",
        "手机号 138****1234 已隐去。",
        "公开了部门预算、决算……等信息。",
        "（一）主动公开情况。",
        "在此基础上，请各单位填写台账。",
        "举办“XX讲堂”2 期。",
        "型号为AXX、BXX的设备。",
        "网址 http://www.example.gov.cn/a__b/",
    ],
)
def test_ordinary_text_is_none(text: str) -> None:
    assert not list(placeholders(text))


def test_the_amount_in_yuan_is_said_beside_data_that_stay_as_they_are(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    report = GOOD.with_values({"proactive.fees.amount": 0.394})  # type: ignore[dict-item]  # as a script passes it
    book = write_workbook(report, tmp_path / "a.xlsx")
    said = "收费金额 0.394 万元，折合 3940 元"
    checked = run("check", book)
    assert said in checked.err
    assert said in run("compile", book).err
    as_json = run("check", book, "--format", "json")
    assert json.loads(as_json.out) == []
    assert as_json.err == ""
    nothing = write_workbook(GOOD.with_values({"proactive.fees.amount": 0}), tmp_path / "b.xlsx")
    assert "折合" not in run("check", nothing).err


@pytest.mark.parametrize(
    ("level", "amount", "severity"),
    [
        ("agency", 999, None),
        ("agency", 3940, "note"),
        ("agency", "1234.5", None),
        ("agency", 50_000, "warning"),
        ("government", "96171.6", None),
        ("government", 3940, None),
        ("government", 10_000_000, "warning"),
    ],
)
def test_an_amount_that_may_be_in_yuan_is_said_as_far_as_it_is_likely(
    level, amount, severity
) -> None:
    from decimal import Decimal

    report = GOOD.evolve(agency=Agency("某某市示范局", None, level))
    found = check_report(report.with_values({"proactive.fees.amount": Decimal(amount)}))
    assert [f.severity.value for f in found if f.code == "V110"] == ([severity] if severity else [])
