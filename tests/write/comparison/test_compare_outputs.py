"""What a comparison looks like: on the terminal, as a page, a workbook, JSON; and the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import lxml.html
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from govdisclose import AnnualReport, Paragraph, write_workbook
from govdisclose.comparison import Comparison, compare_reports, write_comparison
from govdisclose.errors import UsageError
from govdisclose.form.comparison import Entry, Figure
from govdisclose.write.aligned import width
from govdisclose.write.comparison import FORMS, as_html, as_text
from govdisclose.write.comparison.display import amount_text, entry_text, percent_text, tables
from support.commands import Run
from support.reports import EDITION_2019, consistent_report

ATTACK = "<script>alert(1)</script>&amp;“引号”\"'"
COPIED = f"本机关全年主动公开政府信息九十六条，{ATTACK}按时答复"


def years() -> tuple[AnnualReport, AnnualReport]:
    """Two years with a change of each sort: from 0, to blank, a fee, a copied paragraph."""
    old = consistent_report(seed=1).evolve(overview=(Paragraph(COPIED),))
    new = consistent_report(seed=1).evolve(year=2025, overview=(Paragraph(COPIED),))
    old = old.with_values({"proactive.fees.amount": Decimal("0.50"), "disputes.review.other": 0})
    return old, new.with_values(
        {
            "proactive.fees.amount": Decimal("0.394"),
            "disputes.review.other": 2,
            "disputes.review.pending": None,
        }
    )


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return compare_reports(*years())


@pytest.fixture(scope="module")
def series() -> Comparison:
    return compare_reports(consistent_report(EDITION_2019, 2), *years())


def row_of(figure: Figure) -> list[str]:
    """A figure as every output for people shows it."""
    entries = [entry_text(entry, figure.cell.kind) for entry in figure.entries]
    return [*entries, *(text for c in figure.changes for text in (amount_text(c), percent_text(c)))]


# --- terminal -----------------------------------------------------------------------------------


def test_the_terminal_lists_what_changed_with_both_figures_and_counts_the_rest(
    compared: Comparison,
) -> None:
    text = as_text(compared)
    assert "【二、主动公开政府信息情况】1 格有变化，9 格没有变化" in text
    (fees,) = [line.split() for line in text.splitlines() if line.split()[:1] == ["行政事业性收费"]]
    assert fees[-4:] == ["0.50", "0.394", "-0.106", "-21.2%"]
    (other,) = [line for line in text.splitlines() if "其他结果" in line]
    assert other.split()[-4:] == ["2", "+2", "上期为", "0"]


def test_columns_on_the_terminal_end_at_the_same_place(series: Comparison) -> None:
    lines = as_text(series).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("【三、")) + 1
    table = lines[start : lines.index("", start)]
    assert len(table) > 3
    assert len({width(line) for line in table}) == 1


def test_what_stands_apart_is_listed_apart(series: Comparison) -> None:
    above, _, below = as_text(series).partition("【格式不同的格】")
    assert "本年增/减" not in above
    assert "本年增/减" in below
    assert "注意：各年所用格式版本不同" in above


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (1, 447_228, "增至 447228 倍"),
        (10, 100, "增至 10.0 倍"),
        (20, 255, "增至 12.8 倍"),
        (10, 99, "+890.0%"),
        (0, 447_228, "上期为 0"),
        (447_228, 1, "-100.0%"),
    ],
)
def test_a_growth_of_tenfold_and_more_is_said_in_times(old: int, new: int, said: str) -> None:
    old_report, new_report = years()
    path = "proactive.licences.decisions"
    old_report = old_report.with_values({path: old})
    compared = compare_reports(old_report, new_report.with_values({path: new}))
    (figure,) = [figure for figure in compared.figures if figure.cell.path == path]
    assert percent_text(figure.changes[0]) == said
    assert said in as_html(compared)
    assert said in as_text(compared)


# --- web page -----------------------------------------------------------------------------------


def test_text_of_the_reports_is_escaped_on_the_page(compared: Comparison) -> None:
    page = lxml.html.fromstring(as_html(compared))
    assert page.xpath("//script") == []
    assert any(ATTACK in cell.text_content() for cell in page.xpath("//td"))


def test_the_page_is_whole_in_itself_and_says_its_language(compared: Comparison) -> None:
    page = lxml.html.fromstring(as_html(compared))
    assert page.get("lang") == "zh-CN"
    assert page.xpath("//*[@src or @srcset] | //link | //a[@href]") == []
    assert len(page.xpath("//h1")) == 1


def test_every_table_of_the_page_has_a_caption_and_every_header_a_scope(series: Comparison) -> None:
    page = lxml.html.fromstring(as_html(series))
    assert page.xpath("//table[not(caption)]") == []
    assert page.xpath("//th[not(@scope)]") == []
    assert page.xpath("//tbody/tr[not(th[@scope='row'])]") == []


def test_the_page_has_every_figure_of_every_year(series: Comparison) -> None:
    page = lxml.html.fromstring(as_html(series))
    for table in tables(series.figures):
        shown = page.xpath(f"//table[caption='{table.heading}：全部']/tbody/tr")
        cells = [
            [cell.text_content() for cell in row.xpath("td[@class='number']")] for row in shown
        ]
        assert cells == [row_of(figure) for figure in table.figures]


# --- workbook -----------------------------------------------------------------------------------


def sheets(compared: Comparison) -> dict[str, Worksheet]:
    workbook = load_workbook(BytesIO(FORMS[".xlsx"](compared)))
    return {sheet.title: sheet for sheet in workbook.worksheets}


def test_the_workbook_has_every_figure_as_a_number_and_the_rest_in_words(
    series: Comparison,
) -> None:
    found = sheets(series)
    names = list(found)
    assert names == [
        "概况",
        "二、主动公开",
        "三、依申请公开",
        "四、复议诉讼",
        "格式不同的格",
        "文字",
        "跨年衔接",
    ]
    groups = [*(t.figures for t in tables(series.figures)), series.apart]
    for name, figures in zip(names[1:5], groups, strict=True):
        rows = list(found[name].iter_rows(min_row=4, values_only=True))
        assert [row[3:6] for row in rows] == [tuple(map(excel_value, f.entries)) for f in figures]
        for row, figure in zip(rows, figures, strict=True):
            for i, change in enumerate(figure.changes):
                amount, share = row[6 + 2 * i : 8 + 2 * i]
                assert amount == (
                    None if change.amount is None else pytest.approx(float(change.amount))
                )
                assert share == (
                    percent_text(change)
                    if change.percent is None
                    else pytest.approx(float(change.percent) / 100)
                )


def excel_value(entry: Entry) -> object:
    return entry.state.label or (
        float(entry.value) if isinstance(entry.value, Decimal) else entry.value
    )


def test_the_workbook_shows_the_passages_of_both_years(compared: Comparison) -> None:
    rows = list(sheets(compared)["文字"].iter_rows(min_row=4, values_only=True))
    passages = [p for prose in compared.steps[0].prose for p in prose.passages]
    assert [row[3:] for row in rows] == [(p.old, p.new) for p in passages]


def test_the_workbook_says_where_no_question_is_found() -> None:
    old = consistent_report(seed=1)
    compared = compare_reports(old, old.evolve(year=2026))
    rows = list(sheets(compared)["跨年衔接"].iter_rows(min_row=4, values_only=True))
    assert [row[:4] for row in rows] == [("2026", None, None, "不是相邻的年度，没有核对")]


def test_every_sheet_prints_on_a4_with_its_header_on_every_page(series: Comparison) -> None:
    for sheet in sheets(series).values():
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$3"


# --- JSON ---------------------------------------------------------------------------------------


def test_the_json_has_every_figure_digit_by_digit(series: Comparison) -> None:
    data = json.loads(FORMS[".json"](series), parse_float=Decimal)
    assert data["schema"] == "govdisclose/comparison/1"
    assert [r["year"] for r in data["reports"]] == [2020, 2024, 2025]
    for key, figures in (("figures", series.figures), ("apart", series.apart)):
        assert [f["path"] for f in data[key]] == [f.cell.path for f in figures]
        assert [f["values"] for f in data[key]] == [[e.value for e in f.entries] for f in figures]
        assert [f["states"] for f in data[key]] == [
            [e.state.value for e in f.entries] for f in figures
        ]
        changes = [[(c["amount"], c["percent"]) for c in f["changes"]] for f in data[key]]
        assert changes == [[(c.amount, c.percent) for c in f.changes] for f in figures]
    fees = next(f for f in data["figures"] + data["apart"] if f["path"] == "proactive.fees.amount")
    assert [str(v) for v in fees["values"]] == ["None", "0.50", "0.394"]


# --- files and the command ----------------------------------------------------------------------


@pytest.fixture
def books(tmp_path: Path) -> list[Path]:
    return [write_workbook(report, tmp_path / f"{report.year}.xlsx") for report in years()]


def test_another_ending_is_refused(tmp_path: Path, compared: Comparison) -> None:
    with pytest.raises(UsageError, match=r"应为 \.xlsx、\.html、\.json"):
        write_comparison(compared, tmp_path / "out.docx")
    assert list(tmp_path.iterdir()) == []


def test_the_terminal_gets_the_comparison_on_stdout(
    books: list[Path], run: Callable[..., Run]
) -> None:
    done = run("compare", *books)
    assert (done.code, done.err) == (0, "")
    assert done.out == as_text(compare_reports(*books))


@pytest.mark.parametrize("suffix", FORMS)
def test_a_file_is_written_in_the_form_of_its_ending_and_never_over_another(
    suffix: str, books: list[Path], tmp_path: Path, run: Callable[..., Run]
) -> None:
    out = tmp_path / f"比较{suffix}"
    assert run("compare", *books, "-o", out).code == 0
    assert out.read_bytes() == FORMS[suffix](compare_reports(*books))
    assert run("compare", *books, "-o", out).code == 2
    assert run("compare", *books, "-o", out, "--force").code == 0


def test_an_output_that_is_an_input_is_refused(books: list[Path], run: Callable[..., Run]) -> None:
    before = books[0].read_bytes()
    assert run("compare", *books, "-o", books[0], "--force").code == 2
    assert books[0].read_bytes() == before


def test_findings_inform_and_do_not_stop(books: list[Path], run: Callable[..., Run]) -> None:
    done = run("compare", *books)
    assert done.code == 0
    assert "C101" in done.out


def test_one_report_is_wrong_usage_and_a_missing_file_unreadable_input(
    books: list[Path], tmp_path: Path, run: Callable[..., Run]
) -> None:
    assert run("compare", books[0]).code == 2
    assert run("compare", books[0], tmp_path / "none.xlsx").code == 3


def test_a_report_without_a_table_is_told_and_stops_it(
    books: list[Path], tmp_path: Path, run: Callable[..., Run]
) -> None:
    workbook = load_workbook(books[0])
    workbook.remove(workbook["四、复议诉讼"])
    workbook.save(tmp_path / "broken.xlsx")
    done = run("compare", tmp_path / "broken.xlsx", books[1], "-o", tmp_path / "out.html")
    assert done.code == 1
    assert "broken.xlsx" in done.err
    assert "S101" in done.err
    assert not (tmp_path / "out.html").exists()
