"""Sections are found by the ordinal and the place of their headings, whatever these say; lists have no headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclose import Paragraph, Reading
from govdisclose.form.report import SECTIONS
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from support.reports import consistent_report
from support.webpages import page, site

GOOD = consistent_report()
PROSE = ("preface", "overview", "problems", "other_matters")
FLAT = page(GOOD).replace("<h1>", "<p>").replace("</h1>", "</p>")
"""The article with headings that look like any other paragraph."""

WORDINGS = {
    "overview": [
        "一、工作开展情况",
        "一、概述",
        "第一部分 全年工作回顾",
        "一、2024年重点工作及成效",
    ],
    "proactive": ["二、公开数据", "二、条例第二十条所列信息"],
    "requests": ["三、公民来信办理", "三、依申请"],
    "disputes": ["四、争议处理", "四、监督救济情况"],
    "problems": [
        "五、存在的主要问题及明年工作计划",
        "五、短板弱项和下一步安排",
        "五、存在不足",
        "第五部分 努力方向",
        "存在的不足和改进情况",
    ],
    "other_matters": ["六、需要说明的其他情况", "六、附则", "第六部分 其他"],
}
STATUTORY = {section.key: section.heading for section in SECTIONS}
CASES = [(key, words) for key, wordings in WORDINGS.items() for words in wordings]


def imported(html: str) -> Reading:
    return read_published(read_html(html.encode(), "r.html"), Path("r.html"))


@pytest.mark.parametrize(("key", "words"), CASES)
@pytest.mark.parametrize("frame", [str, site], ids=["bare", "framed"])
def test_a_heading_in_any_words_begins_its_section_and_is_told(key: str, words: str, frame) -> None:
    reading = imported(frame(FLAT.replace(STATUTORY[key], words)))
    assert reading.report.values() == GOOD.values()
    for name in PROSE:
        assert getattr(reading.report, name) == getattr(GOOD, name), name
    assert [words in f.text for f in reading.findings if f.code == "I123"] == [True]
    assert "I122" not in {finding.code for finding in reading.findings}


def test_headings_that_are_all_numbered_otherwise_are_found_from_their_neighbours() -> None:
    html = FLAT
    for old, new in zip("六五四三二", "七六五四三", strict=True):
        html = html.replace(f"<p>{old}、", f"<p>{new}、")
    html = html.replace("六、存在的主要问题及改进情况", "六、短板弱项和下一步安排")
    reading = imported(html)
    assert reading.report.problems == GOOD.problems


def test_the_items_of_a_list_are_no_headings() -> None:
    items = [f"{n}、改进{n}" for n in "一二三四五六"]
    listed = "".join(f"<p>{item}</p><p>要做好。</p>" for item in items)
    html = FLAT.replace("<p>六、其他", f"{listed}<p>六、其他")
    reading = imported(html)
    said = [Paragraph(text) for item in items for text in (item, "要做好。")]
    assert reading.report.problems == (*GOOD.problems, *said)
    assert reading.report.other_matters == GOOD.other_matters
    without = imported(html.replace("<p>六、其他需要报告的事项</p>", ""))
    assert without.report.problems[: len(GOOD.problems) + len(said)] == reading.report.problems
    assert "I122" in {finding.code for finding in without.findings}


FURNITURE = [
    "<div><span>分享到</span><a>微博</a><a>微信好友</a></div>",
    "<div><a>适老版</a><a>纯文字</a><a>全文朗读</a></div>",
    "<div>延伸阅读：</div><ul><li><a>某某市2023年年报</a></li></ul>",
    "<p>收藏本文</p>",
    "<div><a href='a.pdf'>下载全文，共3页。</a></div>",
    "<p>浏览次数统计中</p>",
]


@pytest.mark.parametrize("furniture", FURNITURE)
def test_what_a_page_adds_under_the_title_is_no_preface_and_is_told(furniture: str) -> None:
    html = FLAT.replace("<p>本报告依照", f"{furniture}<p>本报告依照")
    reading = imported(site(html))
    assert reading.report.preface == GOOD.preface
    (told,) = [finding for finding in reading.findings if finding.code == "I124"]
    for words in ("微信好友", "适老版", "2023年年报", "收藏本文", "下载全文", "浏览次数统计中"):
        assert (words in furniture) == (words in str(told.found))


NUMBERED = list(STATUTORY.items())


@pytest.mark.parametrize(("key", "words"), NUMBERED)
@pytest.mark.parametrize("form", ["<p>{0}、<br>{1}</p>", "<p>{0}、</p><p>{1}</p>"])
def test_an_ordinal_on_a_line_of_its_own_belongs_to_the_heading(
    key: str, words: str, form: str
) -> None:
    reading = imported(FLAT.replace(f"<p>{words}</p>", form.format(words[0], words[2:])))
    for name in PROSE:
        assert getattr(reading.report, name) == getattr(GOOD, name), name


@pytest.mark.parametrize(("key", "words"), NUMBERED)
def test_a_heading_printed_twice_is_no_paragraph(key: str, words: str) -> None:
    reading = imported(FLAT.replace(f"<p>{words}</p>", f"<p>{words}</p><p>{words}</p>"))
    for name in PROSE:
        assert getattr(reading.report, name) == getattr(GOOD, name), name
    assert any(words in finding.text for finding in reading.findings if finding.code == "I124")


def test_sections_that_changed_places_are_known_by_their_words() -> None:
    html = FLAT.replace(STATUTORY["problems"], "五、其他需要报告的事项").replace(
        STATUTORY["other_matters"], "六、存在的主要问题及改进情况"
    )
    reading = imported(html)
    assert reading.report.problems == GOOD.other_matters
    assert reading.report.other_matters == GOOD.problems
    assert "I122" not in {finding.code for finding in reading.findings}


def test_a_table_of_contents_with_numbers_of_pages_is_no_preface() -> None:
    contents = "".join(
        f"<p>{words}……{number}</p>" for number, words in enumerate(STATUTORY.values(), 1)
    )
    first = f"<p>{STATUTORY['overview']}</p>"
    assert imported(FLAT.replace(first, contents + first)).report.preface == GOOD.preface


@pytest.mark.parametrize(
    "beside", ["<div>分享到：<a>微信</a><a>微博</a></div>", "<footer><p>地址：某路1号</p></footer>"]
)
def test_what_stands_beside_the_part_of_the_headings_is_no_text_of_the_last_section(
    beside: str,
) -> None:
    reading = imported(f"<div>{FLAT}</div>{beside}")
    assert reading.report.other_matters == GOOD.other_matters
    assert any(finding.code == "I124" for finding in reading.findings)


@pytest.mark.parametrize("words", ["本年未经复议直接诉讼。", "现将依申请公开情况报告如下。"])
def test_a_sentence_before_section_one_is_the_preface_whatever_it_names(words: str) -> None:
    first = f"<p>{STATUTORY['overview']}</p>"
    reading = imported(FLAT.replace(first, f"<p>{words}</p>{first}"))
    assert reading.report.preface == (*GOOD.preface, Paragraph(words))
