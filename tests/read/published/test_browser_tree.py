"""Pages read without lxml, as in the offline page: the same document, or a refusal; never another one."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest

from govdisclose.errors import InputError
from govdisclose.read.published.document import Document
from govdisclose.read.published.html.page import read_html
from support.paths import DATA, ROOT
from support.reports import consistent_report
from support.webpages import page, site

SAMPLES = sorted((ROOT / "sample_workbooks").glob("*.xlsx"))
ADVICE = "请用浏览器打开后全选、复制到 Word"
ROWS = "".join(f"<tr><td>行政{n}</td><td>{n}</td><td>{n * 2}</td></tr>" for n in range(3))
PAGE = (
    "<!doctype html><html><head><meta charset=utf-8><title>某某局2024年政府信息公开工作年度报告</title>"
    "<style>.gone{display:none}</style></head><body><ul><li><a href='/'>首页</a></li><li>政务</li></ul>"
    "<div><h1>某某局2024年政府信息公开工作年度报告</h1><p>一、总体情况</p><p><span>2024年，<b>本局</b>公开"
    "<sup>1</sup>信息<font color=red>12</font>条。</span></p><p>（一）主动<br>公开</p>"
    f"<table border=1><tbody><tr><td colspan=3>第二十条</td></tr>{ROWS}</tbody></table><table>{ROWS}</table>"
    "<blockquote><p>无</p></blockquote><dl><dt>甲</dt><dd>乙</dd></dl></div></body></html>"
)
WHOLE = site(page(consistent_report()))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """``bare.context()`` is an interpreter that has no lxml."""
    return monkeypatch


def without_lxml(text: str, bare: pytest.MonkeyPatch) -> Document | str:
    """What is read without lxml, or why nothing is."""
    with bare.context() as interpreter:
        interpreter.setitem(sys.modules, "lxml", None)
        interpreter.setitem(sys.modules, "lxml.etree", None)
        try:
            return read_html(text.encode(), "r.html")
        except InputError as error:
            return str(error)


def with_lxml(text: str) -> Document | str:
    try:
        return read_html(text.encode(), "r.html")
    except InputError as error:
        return str(error)


ORDERLY = {
    "a report in the frame of a site": WHOLE,
    "all kinds of elements": PAGE,
    "no doctype": PAGE.removeprefix("<!doctype html>"),
    "no html, head and body": "<p>一、总体情况</p><p>文字</p>",
    "end tags left out": "<ul><li>甲<li>乙</ul><table><tr><td>1<td>2<tr><td>3<td>4</table><p>甲<p>乙",
    "no body of the table": f"<table>{ROWS}</table>",
    "tags of Word": "<p>甲<o:p></o:p><![if !supportLists]>1<![endif]><?xml:namespace prefix = o />乙</p>",
    "comments": "<p>甲<!-- <p>乙</p> -->丙</p><!--[if mso]><p>丁</p><![endif]-->",
    "characters": "<p>&nbsp;&lt;甲&amp;乙&#x4e00;&#20108;&hellip;&amp</p>",
    "a paragraph that a table ends": "<!doctype html><p>甲</p><table><tr><td>1</td><td>2</td></tr></table>",
    "a stray end of a paragraph": "<div>甲</p>乙</div>",
    "a script after the end": "<html><body><p>甲</p></body></html><script>x</script>",
    "a drawing": "<p>甲</p><svg viewBox='0 0 1 1'><text>乙</text></svg><p>丙</p>",
    "a drawing of closed tags": "<div><svg><rect x=1 /><g><title>丁</title></g></svg></div><p>丙</p>",
    "not shown with scripts": "<p>甲</p><noscript><p>乙</p></noscript><p>丙</p>",
    "capitals": "<P CLASS=Gone>甲</P><TABLE><TR><TD ROWSPAN=2>1</TD><TD>2</TD></TR></TABLE>",
}


@pytest.mark.parametrize("text", ORDERLY.values(), ids=ORDERLY)
def test_an_orderly_page_is_read_the_same(text: str, bare: pytest.MonkeyPatch) -> None:
    found = without_lxml(text, bare)
    assert isinstance(found, Document), found
    assert found == with_lxml(text)


@pytest.mark.parametrize(
    "file", sorted((DATA / "pages").glob("*.html")), ids=lambda file: file.stem
)
def test_real_pages_are_read_the_same(file: Path, bare: pytest.MonkeyPatch) -> None:
    text = file.read_text(encoding="utf-8")
    assert without_lxml(text, bare) == with_lxml(text)


SELECTORS = [
    "p", "P.a", ".a", "#x", "*", "p.a.b", "[title]", "[title='甲']", "[title~=甲]", "[title^=甲]", "[title$=乙]",
    "[title*=乙]", "[lang|=zh]", "div p", "div > p", "p + p", "p ~ p", "div > p span", "div span", "p:hover",
    "p:first-child", "p:last-child", "span:only-child", "p:not(.a)", "p:nth-child(2)", "p:nth-child(2n+1)",
    "p:nth-child(odd)", "p:nth-last-child(-n+2)", "td:nth-child(n+2)", "table > tr > td", ".a, #x",
    "div > p.a ~ p span",
]  # fmt: skip


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_finds_the_same_elements(selector: str, bare: pytest.MonkeyPatch) -> None:
    text = (
        f"<style>{selector} {{display:none}}</style><div><p class='a b' title='甲 乙'>1</p><p id=x lang=zh-CN>2"
        "<span>3</span></p><p class=a>4<span>5</span></p><div><p title=甲>6<span>7</span></p><p>8</p></div></div>"
        "<table><tr><td>1</td><td>2</td></tr><tr><td class=a>3</td><td>4</td></tr></table><p>9</p>"
    )
    found = without_lxml(text, bare)
    assert isinstance(found, Document), found
    assert found == with_lxml(text)


REFUSED = {
    "text between cells": "<table><tr><td>1</td>9<td>2</td></tr></table>",
    "crossed tags": "<p><b>甲<i>乙</b>丙</i></p>",
    "a paragraph in a heading": "<h1><p>甲</p></h1>",
    "a row outside a table": "<div><tr><td>1</td></tr></div>",
    "a section that ends a paragraph": "<p>甲<section>乙</section>",
    "an open paragraph before a table": "<p>甲<table><tr><td>1</td><td>2</td></tr></table>",
    "text after the end": "<html><body><p>甲</p></body></html>乙",
    "a paragraph that closes itself": "<div><p/>甲</div>",
    "a broken comment": "<p>甲<!-- 乙</p>",
    "entities declared": '<!DOCTYPE a [<!ENTITY b "1">]><p>&b;</p>',
    "a selector of another kind": "<style>p:has(b){display:none}</style><p>甲<b>乙</b></p>",
    "a selector of another name space": "<style>@namespace x 'y';x|p{display:none}</style><p>甲</p>",
    "an attribute of another name space": "<style>[x|title]{display:none}</style><p title=a>甲</p>",
    "a place of another kind": "<style>p:root{display:none}</style><p>甲</p>",
    "a count of another kind": "<style>p:nth-of-type(2){display:none}</style><p>甲</p><p>乙</p>",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_disorderly_page_is_refused_with_what_to_do(text: str, bare: pytest.MonkeyPatch) -> None:
    found = without_lxml(text, bare)
    assert isinstance(found, str)
    assert "r.html" in found
    assert ADVICE in found


BROKEN = {
    "nothing": ("", "空网页"),
    "only a comment": ("<!-- -->", "空网页"),
    "nested too deep": ("<span>" * 3000 + "x", "嵌套过深"),
    "too long": ("<p>x</p>" * 300_000, "很大的网页"),
}


@pytest.mark.parametrize(("text", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_broken_page_is_refused(text: str, sentence: str, bare: pytest.MonkeyPatch) -> None:
    assert sentence in str(without_lxml(text, bare))


TAGS = [
    "p", "div", "span", "b", "i", "u", "font", "a", "td", "tr", "table", "tbody", "th", "h1", "h2", "li", "ul", "ol",
    "br", "hr", "center", "strong", "em", "sup", "section", "details", "form", "select", "option", "svg", "img",
    "script", "style", "label", "blockquote", "dl", "dt", "dd", "caption", "col", "thead", "o:p", "nobr", "s",
    "noscript", "header", "textarea", "title", "body", "html", "head",
]  # fmt: skip
ODDITIES = (
    "文字",
    "&nbsp;",
    "&amp",
    "<!-- 注 -->",
    "<!--",
    "a<b",
    "\n  ",
    "<?xml x?>",
    "</>",
    "<3",
)


def mutated(chance: random.Random) -> str:
    """A page with tags left out, added, doubled or moved."""
    pieces = re.findall("<[^>]*>|[^<]+", PAGE)
    for _ in range(chance.choice((1, 1, 2, 3))):
        place, tag = chance.randrange(len(pieces)), chance.choice(TAGS)
        change = chance.randrange(6)
        if change == 0:
            del pieces[place]
        elif change == 1:
            pieces.insert(place, f"<{tag}>")
        elif change == 2:
            pieces.insert(place, f"</{tag}>")
        elif change == 3:
            pieces.insert(place, f"<{tag}>")
            pieces.insert(place + chance.randrange(2, 9), f"</{tag}>")
        elif change == 4:
            pieces.insert(place, chance.choice(ODDITIES))
        else:
            pieces.insert(place, pieces[chance.randrange(len(pieces))])
    return "".join(pieces)


@pytest.mark.slow
def test_a_page_changed_at_random_is_read_the_same_or_refused(bare: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    read = 0
    for _ in range(120):
        text = mutated(chance)
        found = without_lxml(text, bare)
        if isinstance(found, Document):
            read += 1
            assert found == with_lxml(text), text
    assert read > 12
