"""Published reports come back in: exactly, or with a finding at the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankforms import blank_form
from conftest import Run
from govdisclose import (
    EDITIONS,
    AnnualReport,
    InputError,
    Paragraph,
    Reading,
    import_report,
    read_report,
)
from govdisclose.form.report import standard_title
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support import EDITION_2019, EDITION_2021, consistent_report, reports
from webpages import page, site, word

GOOD = consistent_report()


def from_html(text: str | bytes) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_published(read_html(data, "r.html"), Path("r.html"))


def from_word(data: bytes) -> Reading:
    return read_published(read_docx(data, "r.docx"), Path("r.docx"))


def printed(report: AnnualReport) -> AnnualReport:
    """What of a report is in print: not the code, the category only by the name, no date."""
    agency = type(report.agency)(report.agency.name)
    return report.evolve(agency=agency, published=None)


def same(reading: Reading, report: AnnualReport) -> None:
    assert reading.report.values() == report.values()
    assert printed(reading.report) == printed(report)


# --- the circle ---------------------------------------------------------------------------------

WORDS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("，“”0123456789Aa"), min_size=8, max_size=60)  # fmt: skip
ORDINALS = {0: "", 2: "（一）", 3: "1.", 4: "（1）"}


@st.composite
def publishable(draw: st.DrawFn) -> AnnualReport:
    """Any report that has the prescribed title and no paragraph that could be a heading."""
    report = draw(reports())
    name = (
        "某某"
        + draw(
            st.text(
                st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=9
            )
        )
        + "局"
    )
    level = st.sampled_from(list(ORDINALS))
    prose = st.lists(
        st.builds(
            lambda level, text: Paragraph(f"{ORDINALS[level]}字{text}。", level), level, WORDS
        ),
        max_size=4,
    ).map(tuple)
    return report.evolve(
        agency=type(report.agency)(name),
        title=standard_title(name, report.year),
        preface=draw(prose),
        overview=draw(prose),
        problems=draw(prose),
        other_matters=draw(prose),
    )


@given(publishable())
def test_the_word_file_of_any_report_gives_the_report_back(report: AnnualReport) -> None:
    same(from_word(word(report)), report)


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


def parts(text: str) -> str:
    """Table three in two tables, as over a page break, the second without a header."""
    head, found, rest = text.partition('<tr><td rowspan="5" colspan="1"><p>（五）\n不予处理')
    assert found
    return f"{head}</table><p>- 3 -</p><table>{found}{rest}".replace('rowspan="22"', 'rowspan="14"')


def one_cell_a_header_row(text: str) -> str:
    """Table four with one row of fifteen labels, the groups lost."""
    start = text.rindex("<table>")
    head, body = text[:start], text[start:]
    rows = re.findall(r"<tr>.*?</tr>", body, re.S)
    labels = "".join(
        f"<td>{n}</td>" for n in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3
    )
    return head + body.replace("".join(rows[:-1]), f"<tr>{labels}</tr>")


def with_subtotal(text: str) -> str:
    """A column 小计 after the five kinds of organisations in table three."""
    start = text.index("申请人情况")
    head, body = text[:start], text[start:]
    table, rest = body.split("</table>", 1)
    table = table.replace('colspan="5"', 'colspan="6"', 1)
    rows = table.split("<tr>")
    for i, row in enumerate(rows):
        cells = row.split("<td ")
        numbers = [k for k, cell in enumerate(cells) if re.search(r"<p>\d+</p>", cell)]
        if "商业企业" in row:
            rows[i] = row.replace("</tr>", "<td><p>小计</p></td></tr>")
        elif len(numbers) == 7:
            cells.insert(numbers[-1], "><p>7</p></td>")
            rows[i] = "<td ".join(cells)
    return head.replace('colspan="7"', 'colspan="8"') + "<tr>".join(rows) + "</table>" + rest


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


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "a list of reports": ("a.html", "".join(f"<li>某某局{y}年政府信息公开工作年度报告</li>" for y in range(2019, 2025)).encode(), "I101"),
    "an attachment": ("a.html", "<p>某某局2024年政府信息公开工作年度报告</p><a href='/f/a.pdf'>附件</a>".encode(), "I102"),
    "a page filled by a script": ("a.html", b"<html><body><div id=app></div><script>boot()</script></body></html>", "I104"),
    "the old form": ("a.html", "<p>某某局2012年政府信息公开工作年度报告</p><p>一、概述</p><p>四、政府信息公开的收费及减免情况</p>".encode(), "I105"),
    "another report": ("a.html", "<p>某某局2024年部门预算</p><p>一、总体情况</p><table><tr><td>收入</td><td>3</td></tr></table>".encode(), "I106"),
    "the blank form": ("a.docx", blank_form(EDITION_2021), "I131"),
    "the blank form of 2019": ("a.docx", blank_form(EDITION_2019), "I131"),
    "an empty page": ("a.html", b"  \n", "空文件"),
    "a page of comments": ("a.html", b"<!-- -->", ""),
    "an entity bomb": ("a.html", b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>&b;</p>', "I106"),
    "tables in tables": ("a.html", b"<table><tr><td>" * 5000, ""),
    "spans in spans": ("a.html", b"<span>" * 50000 + b"x", ""),
    "a huge page": ("a.html", b"<p>x</p>" * 3_800_000, "上限"),
    "a wide cell": ("a.html", b"<table><tr>" + b"<td colspan=200 rowspan=200>1</td>" * 9 + b"</tr></table>", "单元格"),
    "a workbook named .html": ("a.html", b"PK\x03\x04rest", "扩展名"),
    "a page named .docx": ("a.docx", b"<html><p>x</p></html>", "扩展名"),
    "a picture named .html": ("a.html", b"\x89PNG\r\n\x1a\n", "扩展名"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_report_is_refused_with_one_message_and_nothing_written(
    name: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    file, data, said = REFUSED[name]
    (tmp_path / file).write_bytes(data)
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
