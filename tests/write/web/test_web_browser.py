"""The web page in a real browser: read aloud, on a phone, enlarged, printed; nothing fetched, nothing cut off."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from govdisclose import (  # fmt: skip
    EDITIONS,
    Agency,
    AnnualReport,
    Paragraph,
    blank_report,
    check_report,
    outline,
    read_report,
)
from govdisclose.charts import figures_html  # fmt: skip
from govdisclose.form.edition import Edition  # fmt: skip
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.report import SECTIONS
from govdisclose.write.web import fragment_html, page_html
from govdisclose.write.web.label_words import words
from support.browser import (
    HEADERS,
    LINES_OF_HEADINGS,
    TOO_WIDE,
    broken_inside,
    needs_axe,
    needs_browser,
    opened,
    put,
    violations,
)
from support.reports import EDITION_2019, EDITION_2021, consistent_report
from support.web_reports import HARD, SAMPLES

pytestmark = [pytest.mark.slow, needs_browser]

LONGEST = 9_999_999_999
MM = 72 / 25.4
MARGIN = 16
"""Millimetres left and right of the text."""


def crowded(edition: Edition, paragraphs: int = 60) -> AnnualReport:
    """Everything at its longest: ten digits in every cell, hard text everywhere, many paragraphs."""
    texts = [
        Paragraph(text, level)
        for level, text in zip([0, 2, 3, 4, 0, 0, 0], HARD.values(), strict=True)
    ]
    return consistent_report(edition).evolve(
        agency=Agency("特别长的名称" * 20), title="特别长的名称" * 30 + "https://www.example.gov.cn/" + "a" * 200,
        preface=texts, overview=[*texts, *[Paragraph("（一）依法公开。本机关依法公开政府信息。", 2)] * paragraphs],
    ).with_values(dict.fromkeys(outline(edition).cells, LONGEST))  # fmt: skip


def host(report: AnnualReport, **more: Any) -> str:
    """A site's page around the fragment, with a style sheet of its own."""
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>年报_某某网</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><style>'
        "body{font:16px sans-serif;color:#333;margin:0 10px}h2{color:#222}</style></head><body>"
        '<header><a href="#main">某某市人民政府网</a></header><main id="main"><h1 style="overflow-wrap:anywhere">'
        f"{'年度报告'}</h1>{fragment_html(report, **more)}</main><footer>主办单位：某某市人民政府办公室</footer></body></html>"
    )


REPORTS: dict[str, Callable[[], AnnualReport]] = {
    **{book.stem: lambda book=book: fill_quotes(read_report(book).report) for book in SAMPLES},  # type: ignore[misc]
    "2019 edition": lambda: consistent_report(EDITION_2019),
    "crowded": lambda: crowded(EDITION_2021),
    "crowded, 2019 edition": lambda: crowded(EDITION_2019),
    "hard": lambda: crowded(EDITION_2021, 10),
    "blank": lambda: blank_report(EDITION_2021),
    "empty cells": lambda: consistent_report().with_values(
        dict.fromkeys(outline(EDITION_2021).cells)
    ),
}


def whole(report: AnnualReport, **more: Any) -> str:
    """The page as it is exported: with its charts, against a year before."""
    before = report.evolve(year=(report.year or 2024) - 1)
    return page_html(report, figures=figures_html(report, before), **more)


MAKES: dict[str, Callable[..., str]] = {"page": whole, "fragment": host}

every_report = pytest.mark.parametrize("name", REPORTS)

HARDEST = ("crowded", "crowded, 2019 edition")
"""A site's page holds the same article as the page: there these are enough."""

SHOWN = [("page", name) for name in REPORTS if name != "hard"]
SHOWN += [("fragment", name) for name in HARDEST]
"""All that is hard is crowded, too."""


def saved(text: str, folder: Path) -> Path:
    file = folder / "r.html"
    file.write_text(text, encoding="utf-8")
    return file


# --- on a screen --------------------------------------------------------------------------------

WIDTHS = (1280, 768, 640, 360, 320)


@frozen
class Look:
    """A page on screens: what it complained of or asked for, and by width what is cut off and its headings."""

    said: list[str]
    cut_off: dict[int, list[str]]
    cut_off_enlarged: list[str]
    headings: dict[int, list[list[str]]]


@pytest.fixture(scope="module")
def look(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Look]:
    """How a report is shown, by the make of the page and the name of the report: looked at once for all tests."""
    folder = tmp_path_factory.mktemp("look")

    @cache
    def look_at(make: str, name: str) -> Look:
        cut_off, headings = {}, {}
        with opened(browser, saved(MAKES[make](REPORTS[name]()), folder)) as page:
            said = list(page.said)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                cut_off[width] = page.evaluate(TOO_WIDE)
                headings[width] = page.evaluate(LINES_OF_HEADINGS)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            return Look(said, cut_off, page.evaluate(TOO_WIDE), headings)

    return look_at


@pytest.mark.parametrize(("make", "name"), SHOWN)
def test_nothing_is_fetched_complained_of_or_cut_off(
    make: str, name: str, look: Callable[[str, str], Look]
) -> None:
    seen = look(make, name)
    assert seen.said == []
    assert {width: found for width, found in seen.cut_off.items() if found} == {}
    assert seen.cut_off_enlarged == []


@pytest.mark.parametrize("book", SAMPLES, ids=lambda b: b.stem)
def test_headings_break_between_words_and_the_title_after_the_agency(
    book: Path, look: Callable[[str, str], Look]
) -> None:
    report = REPORTS[book.stem]()
    found = look("page", book.stem).headings
    broken = []
    for title, *headings in found.values():
        broken += broken_inside(title, f"{report.year}年 政府信息公开 年度 自然资源")
        for lines in headings:
            broken += broken_inside(lines, "政府信息公开 申请情况 行政复议 行政诉讼 主要问题")
        assert SECTIONS[2].heading in ["".join(lines) for lines in headings]
        if len(title) > 1 and report.agency.name:
            assert report.agency.name.startswith(title[0])
    assert broken == [], found


AXE = [
    ("page", SAMPLES[0].stem),
    ("page", "2019 edition"),
    ("page", "hard"),
    ("page", "blank"),
    ("fragment", "2019 edition"),
    ("fragment", "hard"),
]
"""What axe looks at: the page as it is opened, and the fragment in a site's page."""


@needs_axe
def test_axe_finds_no_violation_and_every_cell_is_announced_with_all_its_labels(
    browser: Any, tmp_path: Path
) -> None:
    with opened(browser, saved(host(draft()), tmp_path)) as page:
        for make, name in AXE:
            report = REPORTS[name]()
            put(page, MAKES[make](report))
            page.set_viewport_size({"width": 1280, "height": 900})
            assert violations(page) == [], (make, name)
            assert page.evaluate(HEADERS) == labels_of_cells(report.edition), (make, name)
            page.set_viewport_size({"width": 360, "height": 900})
            assert violations(page) == [], (make, name)


def labels_of_cells(edition: Edition) -> list[list[str]]:
    """What is to be said of each cell of an edition."""
    cells = outline(edition).cells.values()
    return [[*filter(None, [cell.block]), *cell.row, *cell.column] for cell in cells]


@needs_axe
def test_axe_finds_no_violation_in_a_draft_with_headings_of_every_level(
    browser: Any, tmp_path: Path
) -> None:
    report = draft()
    findings = check_report(report)
    with opened(browser, saved(host(report), tmp_path)) as page:
        for make in MAKES.values():
            put(page, make(report, draft=True, findings=findings))
            assert violations(page) == [], make


def draft() -> AnnualReport:
    """A report with an error, and with headings of every level in disorder."""
    texts = [
        Paragraph(text, level)
        for text, level in [("1.甲", 3), ("（一）乙", 2), ("2.丙", 3), ("（1）丁", 4)]
    ]
    report = consistent_report().evolve(preface=texts, overview=texts)
    return report.with_values({"disputes.review.total": 999})


def test_the_accessibility_tree_has_the_tables_with_their_names_and_blank_cells(
    browser: Any, tmp_path: Path
) -> None:
    report = blank_report(EDITION_2021, title="某局2024年报告").with_values(
        {"requests.received.total": 0}
    )
    with opened(browser, saved(page_html(report), tmp_path)) as page:
        session = page.context.new_cdp_session(page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
    said = [
        (n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n["ignored"]
    ]
    captions = [section.heading.partition("、")[2] for section in SECTIONS if section.is_table]
    assert [name for role, name in said if role == "table"] == captions
    assert [name for role, name in said if role == "region"] == captions
    assert sum(role == "rowheader" for role, _ in said) > 30
    assert sum(role == "columnheader" for role, _ in said) > 30
    filled = [name for role, name in said if role in ("cell", "gridcell") and name]
    without_breaks = ["".join(name.split()) for name in filled]  # a line may end between words
    assert sorted(without_breaks) == ["0", next(s.note for s in SECTIONS if s.note)]


def test_words_in_a_chart_can_be_read_on_a_phone(browser: Any, tmp_path: Path) -> None:
    with opened(browser, saved(whole(REPORTS["huaian-2024"]()), tmp_path), 320) as page:
        heights = page.evaluate(
            "[...document.querySelectorAll('svg')].flatMap(svg => [...svg.querySelectorAll('text')].map("
            "text => text.getAttribute('font-size') * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"
        )
    assert min(heights) >= 9


def test_a_table_says_that_it_can_be_moved_sideways_where_it_can(
    browser: Any, tmp_path: Path
) -> None:
    found = {}
    with opened(browser, saved(page_html(REPORTS["huaian-2024"]()), tmp_path)) as page:
        for width in (320, 420, 580, 700, 780, 860, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found[width] = page.evaluate(
                "[...document.querySelectorAll('.gd-scroll')].map(box => [box.scrollWidth > box.clientWidth + 1,"
                " getComputedStyle(box, '::before').content.includes('左右滑动')])"
            )
    assert {len(tables) for tables in found.values()} == {3}
    wrong = [
        width for width, tables in found.items() if any(moves != says for moves, says in tables)
    ]
    assert wrong == [], found


# --- on paper -----------------------------------------------------------------------------------

Word = tuple[float, float, str]
"""Its left and right edges in points, and its text."""


def on_paper(page: Any, folder: Path) -> list[list[Word]]:
    """The words of each printed page with their left and right edges in points, after a look at its size."""
    file = folder / "r.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    told = subprocess.run(
        ["pdftotext", "-bbox", file, "-"], capture_output=True, check=True
    ).stdout.decode()
    pages = told.split("<page ")[1:]
    sizes = {
        (round(float(w) / MM), round(float(h) / MM))
        for w, h in re.findall(r'<page width="(.+?)" height="(.+?)"', told)
    }
    assert sizes == {(210, 297)}
    word = re.compile(r'<word xMin="(.+?)" yMin=".+?" xMax="(.+?)" yMax=".+?">(.*?)</word>')
    return [
        [(float(x), float(to), unescape(text)) for x, to, text in word.findall(part)]
        for part in pages
    ]


def printable(name: str) -> str:
    """The page of a report with its charts; where every number is counted, without: theirs would be too."""
    make = page_html if "crowded" in name else whole
    return make(REPORTS[name]())


@frozen
class Print:
    """A report on paper: the words of each page, and what is cut off."""

    pages: list[list[Word]]
    too_wide: list[str]


@pytest.fixture(scope="module")
def printed(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Print]:
    """A report on paper by its name, printed once for all tests."""
    folder = tmp_path_factory.mktemp("printed")

    @cache
    def print_of(name: str) -> Print:
        with opened(browser, saved(printable(name), folder)) as page:
            pages = on_paper(page, folder)
            page.emulate_media(media="print")
            page.set_viewport_size({"width": round((210 - 2 * MARGIN) / 25.4 * 96), "height": 900})
            return Print(pages, page.evaluate(TOO_WIDE))

    return print_of


@every_report
def test_the_page_prints_on_a4_with_nothing_beyond_the_margins(
    name: str, printed: Callable[[str], Print]
) -> None:
    pages = printed(name).pages
    assert printed(name).too_wide == []
    assert all(
        left >= (MARGIN - 1) * MM and right <= (211 - MARGIN) * MM
        for words in pages
        for left, right, _ in words
    )
    if "crowded" in name:
        numbers = [
            text for words in pages for *_, text in words if text.lstrip("+") == str(LONGEST)
        ]
        # Each number stands whole on one line.
        assert len(numbers) == len(REPORTS[name]().values())


def test_a_table_that_goes_over_a_page_repeats_its_header(browser: Any, tmp_path: Path) -> None:
    text = page_html(consistent_report()).replace(
        "section:has(>.gd-scroll){break-inside:avoid}", "td{height:12mm}"
    )
    with opened(browser, saved(text, tmp_path)) as page:
        pages = ["".join(text for _, _, text in words) for words in on_paper(page, tmp_path)]
    assert sum("自然人" in text for text in pages) > 1


@pytest.mark.parametrize("book", SAMPLES, ids=lambda b: b.stem)
def test_no_heading_is_left_alone_at_the_foot_of_a_page(
    book: Path, printed: Callable[[str], Print]
) -> None:
    report = REPORTS[book.stem]()
    pages = ["".join(text for _, _, text in words) for words in printed(book.stem).pages]
    assert len(pages) > 2
    # The first page goes on with what follows the title; the charts do not push it away.
    assert report.overview[0].text[:10] in pages[0]
    assert not any("图中的数据" in text for text in pages)  # what cannot be opened on paper
    assert not [text for text in pages for section in SECTIONS if text.endswith(section.heading)]


LINES_OF_LABELS = """
() => [...document.querySelectorAll("th, thead td")].flatMap(cell => {
  const lines = [];
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  let top = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let i = 0; i < node.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getBoundingClientRect();
      if (top === null || Math.abs(box.top - top) > 3) { lines.push(""); top = box.top; }
      lines[lines.length - 1] += node.data[i];
    }
  }
  return [[cell.textContent, lines]];
})
"""


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_labels_break_only_between_words(edition: Edition, browser: Any, tmp_path: Path) -> None:
    with opened(browser, saved(page_html(consistent_report(edition)), tmp_path)) as page:
        wide = dict(page.evaluate(LINES_OF_LABELS))
        page.set_viewport_size({"width": 390, "height": 900})
        narrow = dict(page.evaluate(LINES_OF_LABELS))
    for label, lines in [*wide.items(), *narrow.items()]:
        ends = {"".join(words(label)[: n + 1]) for n in range(len(words(label)))}
        done = ""
        for line in lines:
            done += line
            assert done in ends, lines
    assert wide["（三）不予公开"] == ["（三）不予公开"]
