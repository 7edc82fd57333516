"""Published reports come back in: exactly, or with a finding at the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclose import EDITIONS, AnnualReport, Paragraph, import_report, read_report
from govdisclose.errors import InputError
from support.commands import Run
from support.importing import (
    REFUSED,
    from_html,
    from_word,
    one_cell_a_header_row,
    parts,
    printed,
    publishable,
    refused_content,
    same,
    with_subtotal,
)
from support.reports import EDITION_2019, EDITION_2021, consistent_report
from support.webpages import page, site, word

GOOD = consistent_report()


# --- the circle ---------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=20)
@given(publishable())
def test_the_word_file_of_any_report_gives_the_report_back(report: AnnualReport) -> None:
    same(from_word(word(report)), report)


@pytest.mark.slow
@settings(max_examples=20)
@given(publishable(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.booleans())
def test_a_web_page_of_any_report_gives_the_report_back(
    report: AnnualReport, encoding: str, framed: bool
) -> None:
    article = page(report)
    text = site(article) if framed else article
    same(from_html(text.encode(encoding)), report)


@pytest.mark.parametrize("edition", [EDITION_2019, EDITION_2021], ids=lambda e: e.name)
def test_an_imported_workbook_is_the_report_that_was_compiled(edition, tmp_path: Path) -> None:
    report = consistent_report(edition)
    (tmp_path / "r.docx").write_bytes(word(report))
    made = import_report(tmp_path / "r.docx")
    assert made.path == tmp_path / "r.xlsx"
    assert printed(read_report(made.path).report) == printed(report)


# --- what real pages do -------------------------------------------------------------------------


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return edit


VARIANTS: dict[str, Callable[[str], str]] = {
    "as printed": str,
    "half-width brackets": lambda t: t.replace("（", "(").replace("）", ")"),
    "no ordinals in headings": lambda t: re.sub(r"<h1>[一二三四五六]、", "<h1>", t),
    "shifted ordinals": lambda t: t.replace("<h1>二、", "<h1>三、").replace(
        "<h1>三、收", "<h1>四、收"
    ),
    "bold paragraphs for headings": lambda t: re.sub(
        r"<h1>(.*?)</h1>", r"<p><strong>\1</strong></p>", t
    ),
    "a heading doubled": swap("<h1>一、总体情况</h1>", "<h1>一、总体情况</h1><p>一、总体情况</p>"),
    "a table of contents": lambda t: t.replace(
        "<h1>一、总体情况",
        "".join(re.findall("<h1>.*?</h1>", t)).replace("h1", "p") + "<h1>一、总体情况",
    ),
    "another wording of section five": swap(
        "五、存在的主要问题及改进情况", "五、政府信息公开工作存在的问题和下一步改进措施"
    ),
    "missing 件数": swap("现行有效件数", "现行有效件"),
    "规范性文件": swap("行政规范性文件", "规范性文件"),
    "诉讼 for 起诉": swap("未经复议直接起诉", "未经复议直接诉讼"),
    "维持 for 结果维持": lambda t: t.replace("结果维持", "维持").replace("尚未审结", "未审结"),
    "span soup": lambda t: re.sub(r"<p>(\w)", r"<p><span><font>\1</font></span>", t),
    "blanks in cells": lambda t: re.sub(r"<p>(\d+)</p>", r"<p>&nbsp;\1\n </p><p>&nbsp;</p>", t),
    "table three in two parts": parts,
    "groups of table four lost": one_cell_a_header_row,
    "a column of subtotals": with_subtotal,
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_style_gives_the_same_report(name: str) -> None:
    reading = from_html(site(VARIANTS[name](page(GOOD))))
    assert {f.path: f.message for f in reading.findings if f.stops} == {}
    assert reading.report.values() == GOOD.values()
    assert (reading.report.title, reading.report.year) == (GOOD.title, GOOD.year)
    strip = str.maketrans("()", "（）")
    for key in ("preface", "overview", "problems", "other_matters"):
        said = tuple(
            Paragraph(p.text.translate(strip), p.level) for p in getattr(reading.report, key)
        )
        assert said == getattr(GOOD, key), key


@pytest.mark.parametrize("mistake", ["22（其中修订16件）", "12件", "/", "1 2", "一百二十"])
def test_a_cell_that_is_no_number_stays_as_printed_and_is_a_finding(
    mistake: str, tmp_path: Path
) -> None:
    path = "proactive.licences.decisions"
    now = str(GOOD.values()[path])
    text = re.sub(f"(行政许可</p></td><td[^>]*><p>){now}<", rf"\g<1>{mistake}<", page(GOOD))
    (tmp_path / "r.html").write_text(text, encoding="utf-8")
    made = import_report(tmp_path / "r.html")
    assert made.reading.report.values()[path] is None
    assert [f.found for f in made.findings if f.path == path] == [mistake]
    again = read_report(made.path)
    assert [f.found for f in again.findings if f.path == path] == [mistake]


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_the_edition_is_that_of_the_tables_not_of_the_year(edition) -> None:
    report = consistent_report(edition)
    other = next(e for e in EDITIONS.values() if e is not edition)
    year = other.first_year + 1
    reading = from_html(
        page(report).replace(f"{report.year}年政府信息公开", f"{year}年政府信息公开")
    )
    assert reading.report.edition is edition
    assert [f.code for f in reading.findings if f.code.startswith("S")] == ["S120"]


def test_of_two_tables_the_one_in_its_section_is_taken_and_said() -> None:
    old = page(consistent_report(seed=2))
    start = old.index("<table>")
    last_year = old[start : old.index("</table>") + 8]
    reading = from_html(page(GOOD) + "<p>附：上年数据</p>" + last_year)
    assert reading.report.values() == GOOD.values()
    assert "I110" in {f.code for f in reading.findings}


def test_two_different_tables_in_one_section_stop_the_import(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    old = page(consistent_report(seed=2))
    table = re.search("<table>.*?</table>", old, re.S)
    assert table
    (tmp_path / "a.html").write_text(
        page(GOOD).replace("<h1>三、", f"{table[0]}<h1>三、"), encoding="utf-8"
    )
    done = run("import", tmp_path / "a.html")
    assert (done.code, "S102" in done.err) == (1, True)
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize(
    "footer",
    ["分享到：", "【打印】【关闭】", "上一篇：某某通知", "主办单位：某某局", "某ICP备00000号"],
)
def test_what_follows_the_report_on_a_flat_page_is_left_out_and_said(footer: str) -> None:
    reading = from_html(f"{page(GOOD)}<p>{footer}</p><p>某某</p>")
    assert reading.report.other_matters == GOOD.other_matters
    assert any(f.code == "I124" and "2 段" in f.text for f in reading.findings)


@pytest.mark.parametrize(
    "text",
    ["关闭不规范的新媒体账号3个。", "分享工作经验2次。", "附件管理有待加强。", "主办培训3期。"],
)
def test_a_sentence_of_the_last_section_is_no_footer(text: str) -> None:
    reading = from_html(f"{page(GOOD)}<p>{text}</p>")
    assert reading.report.other_matters == (*GOOD.other_matters, Paragraph(text))


@pytest.mark.parametrize(
    "line", ["发布时间：2025-01-21 10:03", "日期：2025年1月21日", "发布日期:</p><p>2025-01-21"]
)
def test_the_printed_date_of_publication_is_read(line: str) -> None:
    text = page(GOOD).replace("<p>本报告依照规定编制", f"<p>{line}</p><p>本报告依照规定编制")
    assert from_html(text).report.published == date(2025, 1, 21)
    assert from_html(text).report.preface == GOOD.preface


@pytest.mark.parametrize(
    "title", ["{year}年{name}政府信息公开工作年度报告", "{name}</p><p>{year}年政府信息公开工作年度报告",
              "{name}{year}年政府信息公开工作</p><p>年度报告", "{name}关于{year}年度政府信息公开工作的年度报告"],
)  # fmt: skip
def test_titles_are_known_in_any_order_and_over_several_lines(title: str) -> None:
    text = re.sub(
        r"<p>某某市示范局.*?</p>",
        f"<p>{title.format(name='某某市示范局', year=2023)}</p>",
        page(GOOD),
        count=1,
    )
    report = from_html(text).report
    assert (report.agency.name, report.year) == ("某某市示范局", 2023)


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_report_is_refused_with_one_message_and_nothing_written(
    name: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    file, _, said = REFUSED[name]
    (tmp_path / file).write_bytes(refused_content(name))
    done = run("import", tmp_path / file, "-o", tmp_path / "b.xlsx")
    assert done.code == 3, done.err
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.err.startswith("错误：")
    assert len(done.err.strip().splitlines()) == 1
    assert not (tmp_path / "b.xlsx").exists()


def test_a_report_with_pictures_for_tables_stops_with_findings(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    text = re.sub("<table>.*?</table>", "<img src=t.png>", page(GOOD), flags=re.S)
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    done = run("import", tmp_path / "a.html")
    assert done.code == 1
    assert "I103" in done.err
    assert not (tmp_path / "a.xlsx").exists()


def test_import_writes_a_workbook_and_tells_what_it_found(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    (tmp_path / "a.html").write_bytes(site(page(GOOD)).encode("gbk"))
    done = run("import", tmp_path / "a.html", "-o", tmp_path / "b.xlsx")
    assert done.code == 0, done.err
    assert printed(read_report(tmp_path / "b.xlsx").report) == printed(GOOD)
    assert run("import", tmp_path / "a.html", "-o", tmp_path / "b.xlsx").code == 2


def test_broken_bytes_are_read_around_and_said() -> None:
    data = b"<meta charset=utf-8>" + page(GOOD).encode() + b"<p>\xff\xff</p>"
    reading = from_html(data)
    assert reading.report.values() == GOOD.values()
    assert "I130" in {f.code for f in reading.findings}


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError, match="找不到文件"):
        read_report("没有.html")
