"""A web page of our own is read back: whole, pasted into a site, stripped of its marks, edited by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclose import Agency, AnnualReport, Paragraph, export_report, import_report, read_report
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.write.web import fragment_html, page_html
from support.importing import publishable, same
from support.reports import codes, reports
from support.web_reports import FORMS, GOOD, SAMPLES, read_back
from support.webpages import site


@pytest.mark.slow
@settings(max_examples=20)
@given(reports(), st.sampled_from(list(FORMS.values())))
def test_any_report_comes_back_as_it_was(report: AnnualReport, make: Any) -> None:
    assert read_back(make(report)) == report


ATTRIBUTES = r' (data-govdisclose(-title)?|class|style|id|headers|scope|role|tabindex|aria-labelledby|lang)="[^"]*"'


@pytest.mark.slow
@settings(max_examples=20)
@given(publishable(), st.booleans())
def test_a_page_whose_attributes_an_editor_has_dropped_still_gives_the_report(
    report: AnnualReport, whole: bool
) -> None:
    text = page_html(report) if whole else site(f"<h1>{report.title}</h1>{fragment_html(report)}")
    text = re.sub("<style>.*</style>" + f"|{ATTRIBUTES}", "", text, flags=re.DOTALL)
    assert "data-govdisclose" not in text
    reading = read_published(read_html(text.encode(), "r.html"), Path("r.html"))
    same(reading, report)


@pytest.mark.slow
@settings(max_examples=20)
@given(publishable())
def test_a_fragment_within_a_site_gives_the_report(report: AnnualReport) -> None:
    text = site(
        f"<h1>{report.title}</h1><p>来源：某某网　字体：大 中 小</p>{fragment_html(report)}<p>打印本页</p>"
    )
    assert read_back(text) == report


def test_what_an_editor_puts_above_a_fragment_is_read_too() -> None:
    text = site(f"<h1>{GOOD.title}</h1><p>编者按：本报告已经审定。</p>{fragment_html(GOOD)}")
    assert read_back(text) == GOOD.evolve(
        preface=[Paragraph("编者按：本报告已经审定。"), *GOOD.preface]
    )


@pytest.mark.parametrize("book", SAMPLES, ids=lambda p: p.stem)
@pytest.mark.parametrize("to", ["html", "html-fragment"])
def test_the_samples_come_back(book: Path, to: str, tmp_path: Path) -> None:
    report = read_report(book).report
    made = read_report(export_report(book, tmp_path / "r.html", to=to, draft=True).path)
    # One sample leaves the agency's name out, which its title says.
    assert made.report.evolve(agency=report.agency) == report
    assert made.report.agency.name in (
        report.agency.name,
        report.title[: len(made.report.agency.name)],
    )
    assert {f.code for f in made.findings if not f.code.startswith("V")} <= {"I125"}


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return edit


EDITS: dict[str, tuple[Callable[[str], str], Callable[[AnnualReport], AnnualReport]]] = {
    "a figure": (
        lambda t: re.sub(r'(headers="gd-4-c0 gd-4-c2">)\d+<', r"\g<1>77<", t),
        lambda r: r.with_values({"disputes.review.upheld": 77}),
    ),
    "a paragraph": (swap("逐步改进", "加快改进"), lambda r: r.evolve(problems=[Paragraph("解读形式不够多样，将加快改进。")])),
    "a paragraph added without marks": (
        swap("没有收取信息处理费。</p>", "没有收取信息处理费。</p><p>另行说明。</p>"),
        lambda r: r.evolve(other_matters=[*r.other_matters, Paragraph("另行说明。")]),
    ),
    "the date": (swap(">2025年1月20日<", ">2025年1月25日<"), lambda r: r.evolve(published=date(2025, 1, 25))),
    "the agency in the box": (swap("<dd data-govdisclose=\"name\">某某市示范局<", "<dd data-govdisclose=\"name\">某某市样板局<"),
                              lambda r: r.evolve(agency=Agency("某某市样板局", r.agency.code))),
    "the box taken out": (lambda t: re.sub("<dl>.*</dl>", "", t, flags=re.DOTALL),
                          lambda r: r.evolve(agency=Agency("某某市示范局"))),
    "lines broken anew": (lambda t: t.replace("全年按时公开。</p>", "全年按\n    时公开。\n  </p>"), lambda r: r),
    "a line broken once": (lambda t: t.replace("全年按时公开。</p>", "全年按\n    时公开。</p>"), lambda r: r),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_a_page_edited_by_hand_is_read_as_it_reads_now(name: str) -> None:
    edit, expected = EDITS[name]
    text = edit(page_html(GOOD))
    assert text != page_html(GOOD)
    assert read_back(text) == expected(GOOD)


def test_what_the_box_says_unreadably_is_a_finding() -> None:
    text = page_html(GOOD).replace(
        '<dd data-govdisclose="year">2024', '<dd data-govdisclose="year">二〇二四'
    )
    reading = read_published(read_html(text.encode(), "r.html"), Path("r.html"))
    assert [f.path for f in reading.findings if f.code == "I120"] == ["year"]
    assert reading.report == GOOD


def test_titles_that_differ_are_a_finding() -> None:
    text = page_html(GOOD).replace("<title>某某市示范局2024", "<title>某某市示范局2023").replace(
        'ArticleTitle" content="某某市示范局2024', 'ArticleTitle" content="某某市示范局2023'
    )  # fmt: skip
    reading = read_published(read_html(text.encode(), "r.html"), Path("r.html"))
    assert codes(list(reading.findings)) == ["I121"]
    assert reading.report == GOOD


def test_import_makes_the_workbook_of_the_page(tmp_path: Path) -> None:
    page = export_report(GOOD, tmp_path / "r.html", to="html").path
    assert read_report(import_report(page).path).report == GOOD
