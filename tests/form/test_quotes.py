"""Figures quoted in the prose: which cell a name means, what is printed, what is an error, what stays text."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from govdisclose import (
    AnnualReport,
    Paragraph,
    check_report,
    compile_report,
    export_report,
    outline,
)
from govdisclose import read_report as read
from govdisclose.form.edition import Edition
from govdisclose.form.quotes import fill_quotes, fill_text, find_cell, find_quotes, quote_name
from govdisclose.form.sheets import PREVIEW_COLUMN
from govdisclose.read.published.word.reader import read_document
from govdisclose.write.workbook import workbook_bytes
from support.commands import Run
from support.reports import EDITION_2019, EDITION_2021, consistent_report, write_book

THIS = consistent_report().with_values(
    {"requests.received.total": 125, "proactive.fees.amount": Decimal("3.50")}
)
LAST = consistent_report(seed=2).with_values({"requests.received.total": 100})
CELLS = [
    (edition, path) for edition in (EDITION_2021, EDITION_2019) for path in outline(edition).cells
]


def filled(text: str, report: AnnualReport = THIS, previous: AnnualReport | None = LAST) -> str:
    return fill_text(text, find_quotes(text, report, previous))


def with_text(text: str, report: AnnualReport | None = None) -> AnnualReport:
    return (report or consistent_report()).evolve(problems=(Paragraph(text),))


# --- names --------------------------------------------------------------------------------------

NAMES = {
    "表三.本年新收.总计": "requests.received.total",
    "requests.received.total": "requests.received.total",
    " 表三 . 本年新收 . 总计 ": "requests.received.total",
    "表三．本年新收。总计": "requests.received.total",
    "表三.一、本年新收政府信息公开申请数量.自然人": "requests.received.natural_person",
    "表三.结转下年度.总计": "requests.carried_out.total",
    "表三.（三）不予公开.1.属于国家秘密.总计": "requests.outcomes.refused.state_secret.total",
    "表三.部分公开.总计": "requests.outcomes.partly_granted.total",
    "表三.总计.总计": "requests.outcomes.total.total",
    "表三.总计.其他": "requests.outcomes.total.other",
    "表三.其他.总计": "requests.outcomes.other.other.total",
    "表二.规章.现行有效件数": "proactive.regulations.in_force",
    "表二.行政许可": "proactive.licences.decisions",
    "表四.行政复议.总计": "disputes.review.total",
    "表四.复议后起诉.维持": "disputes.litigation.after_review.upheld",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_by_labels_or_by_path_means_one_cell(name: str) -> None:
    assert find_cell(name, EDITION_2021) == NAMES[name]


@pytest.mark.slow
def test_every_cell_of_both_editions_has_a_name_by_labels_that_means_it_alone() -> None:
    for edition, path in CELLS:
        assert find_cell(quote_name(path, edition), edition) == path
        assert find_cell(path, edition) == path


WRONG = {
    "{表三.本年新受.总计}": "是否为 表三.本年新收政府信息公开申请数量.总计",
    "{request.received.total}": "是否为 requests.received.total",
    "{config.items()}": "没有名为",
    "{表三.不予公开.总计}": "可指 8 格",
    "{表三.总计}": "请写全",
    "{表三.一.总计}": "表三没有",
    "{表三.}": "表三没有",
    "{表五.本年新收}": "没有表五",
    "{表3.本年新收.总计}": "没有表3",
    "{表三、本年新收、总计}": "之间用“.”隔开",
    "{{表三，总计}}": "只写一层花括号",
    "{表三.本年新收.总计": "缺少右花括号",
    "{{requests.received.total}}": "只写一层花括号",
    "{表三.本年新收.总计|环比}": "只能是上年、同比",
    "{表三.本年新收.总计|上年|同比}": "只能是上年、同比",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", WRONG)
def test_a_quote_without_a_figure_is_an_error_that_names_the_nearest(
    text: str, tmp_path: Path
) -> None:
    book = write_book(tmp_path, with_text(f"前{text}\n后"))
    (finding,) = [f for f in check_report(book) if f.code == "N109"]
    assert finding.stops
    assert WRONG[text] in finding.text
    assert (finding.place.sheet, finding.place.cell) == ("五、问题及改进", "B4")
    assert filled(text) == text


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["{{7*7}}", "{}", "{a}", "{% if x %}", "{{ cycler.__init__ }}", "｛甲｝", "{1.5}", "集合{一.二}", "}{", "{表三}",
     "{{config.items()}}"],
)  # fmt: skip
def test_a_brace_that_begins_no_name_stays_text_as_typed(text: str, tmp_path: Path) -> None:
    assert find_quotes(text, THIS) == []
    made = compile_report(write_book(tmp_path, with_text(text)), tmp_path / "a.docx").path
    assert text in read_document(made.read_bytes()).paragraphs


@given(st.text(alphabet="{}｛｝表三四.．。|上年同比总计本年新收requests_al \n", max_size=40))
def test_any_text_is_either_filled_or_left_and_never_breaks(text: str) -> None:
    quotes = find_quotes(text, THIS, LAST)
    assert all(text[q.start : q.end] == q.source for q in quotes)
    assert all((q.shown is None) != (q.problem is None) for q in quotes)
    if all(q.shown is None for q in quotes):
        assert fill_text(text, quotes) == text


# --- figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (
            "收到{表三.本年新收.总计}件，同比{requests.received.total|同比}。",
            "收到125件，同比增长25%。",
        ),
        ("上年{表三.本年新收.总计|上年}件", "上年100件"),
        ("｛表三．本年新收．总计｜上年｝", "100"),
        ("收费{表二.行政事业性收费}万元", "收费3.50万元"),
    ],
)
def test_a_quote_is_replaced_by_the_figure_of_this_or_last_year(text: str, printed: str) -> None:
    assert filled(text) == printed


@pytest.mark.parametrize(
    ("now", "last", "printed"),
    [(125, 100, "增长25%"), (1, 3, "下降66.7%"), (5, 5, "持平"), (0, 0, "持平"), (0, 4, "下降100%"),
     (100001, 100000, "增长0.001%"), (1005, 1000, "增长0.5%")],
)  # fmt: skip
def test_the_change_is_in_words_with_as_many_decimals_as_it_takes(
    now: int, last: int, printed: str
) -> None:
    report, previous = (THIS.with_values({"requests.received.total": n}) for n in (now, last))
    assert filled("{表三.本年新收.总计|同比}", report, previous) == printed


@pytest.mark.parametrize(
    ("text", "now", "previous", "said"),
    [
        ("{requests.received.total|同比}", 5, None, "--previous"),
        ("{requests.received.total|同比}", 5, 0, "上年为 0"),
        ("{requests.received.total|上年}", 5, "blank", "上年的报告里这一格没有数"),
        ("{requests.received.total}", None, None, "这一格没有数"),
    ],
)
def test_a_figure_that_is_not_there_is_an_error(
    text: str, now: int | None, previous: object, said: str
) -> None:
    report = THIS.with_values({"requests.received.total": now})
    number = previous if isinstance(previous, int) else None
    last = None if previous is None else LAST.with_values({"requests.received.total": number})
    (quote,) = find_quotes(text, report, last)
    assert said in (quote.problem or "")


def test_a_signed_change_of_the_old_form_has_its_sign_and_no_percentage() -> None:
    report = consistent_report(EDITION_2019)
    path = next(p for p, c in outline(EDITION_2019).cells.items() if c.kind.value == "change")
    report = report.with_values({path: 3})
    assert filled(f"{{{path}}}", report) == "+3"
    (quote,) = find_quotes(f"{{{path}|同比}}", report, report)
    assert quote.problem == "增减数没有同比"
    assert "2021 版" in (find_quotes(f"{{{path}|上年}}", report, THIS)[0].problem or "")


# --- where they are resolved --------------------------------------------------------------------


def test_the_report_has_the_figures_and_the_workbook_keeps_the_names(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    text = "全年收到{表三.本年新收.总计}件，同比{表三.本年新收.总计|同比}。"
    report = with_text(text)
    last = consistent_report(seed=2).evolve(year=2023)
    (tmp_path / "last").mkdir()
    book, before = write_book(tmp_path, report), write_book(tmp_path / "last", last)
    assert run("compile", book, "-o", tmp_path / "a.docx").code == 1
    assert run("compile", book, "-o", tmp_path / "a.docx", "--previous", before).code == 0
    printed = fill_quotes(report, last).problems[0].text
    assert "{" not in printed
    assert printed in read_document((tmp_path / "a.docx").read_bytes()).paragraphs
    assert read(book).report.problems[0].text == text
    assert (
        read(export_report(book, tmp_path / "a.json", to="json").path).report.problems[0].text
        == text
    )


def test_a_draft_shows_a_quote_without_a_figure_as_typed(tmp_path: Path) -> None:
    made = compile_report(
        write_book(tmp_path, with_text("见{表三.没有}。")), tmp_path / "a.docx", draft=True
    ).path
    assert "见{表三.没有}。" in read_document(made.read_bytes()).paragraphs


def preview(report: AnnualReport) -> tuple[object, str]:
    """The preview of the first paragraph of section five: its value and its formula."""
    data = workbook_bytes(report)
    values, formulas = (
        load_workbook(io.BytesIO(data), data_only=d)["五、问题及改进"] for d in (True, False)
    )
    assert values["C3"].value == PREVIEW_COLUMN
    return values["C4"].value, str(formulas["C4"].value or "")


@pytest.mark.parametrize("edition", [EDITION_2021, EDITION_2019], ids=lambda e: e.name)
def test_the_preview_shows_the_text_as_it_will_be_printed_and_follows_the_cells(
    edition: Edition,
) -> None:
    report = with_text(
        "收到{表三.本年新收.总计}件，上年{requests.received.total|上年}", consistent_report(edition)
    )
    value, formula = preview(report)
    assert (
        value
        == f"收到{report.values()['requests.received.total']}件，上年{{requests.received.total|上年}}"
    )
    assert formula.startswith("=SUBSTITUTE(B4,")
    assert "'三、依申请公开'!" in formula


def test_a_paragraph_with_more_quotes_than_a_formula_can_hold_is_previewed_as_typed() -> None:
    text = "".join(f"{{{path}}}" for path in list(outline(EDITION_2021).cells)[:90])
    assert preview(with_text(text)) == (text, "=B4")


def test_a_paragraph_without_quotes_has_no_preview() -> None:
    assert preview(with_text("没有引用")) == (None, "")


def test_the_preview_is_never_read_back(tmp_path: Path) -> None:
    report = with_text("收到{表三.本年新收.总计}件")
    assert read(write_book(tmp_path, report)).report == report

    def type_over(book: object) -> None:
        book["五、问题及改进"]["C9"].value = "写错了地方"  # type: ignore[index]  # openpyxl's Workbook

    assert read(write_book(tmp_path, report, type_over)).report.problems == report.problems
