"""Markdown is read as a reader sees it: struck text is told and not read, raised figures stay raised, HTML is HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclose import Reading
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.text.reader import read_text
from govdisclose.read.published.word.reader import read_docx
from support.reports import consistent_report
from support.webpages import page, table, word

REPORT = consistent_report(seed=5)


def markdown(extra: str) -> str:
    """The report with its tables in HTML, and a paragraph more in the first section."""
    lines: list[str] = []
    for block in read_docx(word(REPORT), "r.docx").blocks:
        lines += [block.text if isinstance(block, TextLine) else table(block), ""]
        if isinstance(block, TextLine) and block.text.startswith("一、"):
            lines += [extra, ""]
    return "\n".join(lines)


def imported(extra: str) -> Reading:
    return read_published(read_text(markdown(extra).encode(), "r.md"), Path("r.md"))


SEEN = {
    "新收~~300~~396件": ("新收396件", ["300"]),
    "新收<del>300</del>396件": ("新收396件", ["300"]),
    "新收66<sup>1</sup>件": ("新收66¹件", []),
    "新收**66**件": ("新收66件", []),
    "<!-- 草稿 -->新收66件": ("新收66件", []),
    '新收66<span style="display:none">1</span>件': ("新收66件", ["1"]),
}
"""A paragraph as it is written: what is read of it, and what is left out and reported."""


@pytest.mark.parametrize("written", SEEN)
def test_a_paragraph_is_what_is_seen_of_it(written: str) -> None:
    reading = imported(written)
    read, left_out = SEEN[written]
    assert reading.report.overview[0].text == read
    assert [finding.found for finding in reading.findings if finding.code == "I117"] == left_out


def test_tables_in_html_are_read() -> None:
    assert imported("新收66件").report.values() == REPORT.values()


@pytest.mark.parametrize("tag", ["math", "svg", "textarea"])
def test_what_a_page_draws_is_told(tag: str) -> None:
    html = page(REPORT) + f"<p>另有<{tag}>珍珠</{tag}></p>"
    reading = read_published(read_html(html.encode(), "r.html"), Path("r.html"))
    assert any(finding.found == "珍珠" for finding in reading.findings if finding.code == "I126")


def test_what_is_folded_away_is_told() -> None:
    html = page(REPORT) + "<details><summary>更多</summary>珍珠</details>"
    reading = read_published(read_html(html.encode(), "r.html"), Path("r.html"))
    assert any(
        "珍珠" in str(finding.found) for finding in reading.findings if finding.code == "I117"
    )
