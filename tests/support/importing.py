"""Published reports for tests of importing, and what must come back of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hypothesis import strategies as st
from openpyxl import Workbook

from govdisclose import AnnualReport, Paragraph, Reading
from govdisclose.form.report import standard_title
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support.blank_forms import blank_form
from support.reports import EDITION_2019, EDITION_2021, reports


def from_html(text: str | bytes) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_published(read_html(data, "r.html"), Path("r.html"))


def from_word(data: bytes) -> Reading:
    return read_published(read_docx(data, "r.docx"), Path("r.docx"))


def printed(report: AnnualReport) -> AnnualReport:
    """The printed data of a report: no code, the category only by the name, no date."""
    agency = type(report.agency)(report.agency.name)
    return report.evolve(agency=agency, published=None)


def same(reading: Reading, report: AnnualReport) -> None:
    assert reading.report.values() == report.values()
    assert printed(reading.report) == printed(report)


PROSE = ("preface", "overview", "problems", "other_matters")


def says(reading: Reading) -> str:
    """All that a reading says: its texts and its findings."""
    report = reading.report
    texts = [paragraph.text for key in PROSE for paragraph in getattr(report, key)]
    texts += [report.title, report.agency.name]
    texts += [f"{finding.message}\n{finding.found}" for finding in reading.findings]
    return "\n".join(texts)


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


def _sheet() -> bytes:
    """A workbook of one blank sheet."""
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


REFUSED: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "a list of reports": ("a.html", "".join(f"<li>某某局{y}年政府信息公开工作年度报告</li>" for y in range(2019, 2025)).encode(), "I101"),
    "an attachment": ("a.html", "<p>某某局2024年政府信息公开工作年度报告</p><a href='/f/a.pdf'>附件</a>".encode(), "I102"),
    "a page filled by a script": ("a.html", b"<html><body><div id=app></div><script>boot()</script></body></html>", "I104"),
    "the old form": ("a.html", "<p>某某局2012年政府信息公开工作年度报告</p><p>一、概述</p><p>四、政府信息公开的收费及减免情况</p>".encode(), "I105"),
    "another report": ("a.html", "<p>某某局2024年部门预算</p><p>一、总体情况</p><table><tr><td>收入</td><td>3</td></tr></table>".encode(), "I106"),
    "the blank form": ("a.docx", partial(blank_form, EDITION_2021), "I131"),
    "the blank form of 2019": ("a.docx", partial(blank_form, EDITION_2019), "I131"),
    "an empty page": ("a.html", b"  \n", "空文件"),
    "a page of comments": ("a.html", b"<!-- -->", ""),
    "an entity bomb": ("a.html", b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>&b;</p>', "I106"),
    "tables in tables": ("a.html", b"<table><tr><td>" * 5000, ""),
    "spans in spans": ("a.html", b"<span>" * 50000 + b"x", ""),
    "a huge page": ("a.html", lambda: b"<p>x</p>" * 3_800_000, "上限"),
    "a wide cell": ("a.html", b"<table><tr>" + b"<td colspan=200 rowspan=200>1</td>" * 9 + b"</tr></table>", "单元格"),
    "a workbook named .html": ("a.html", b"PK\x03\x04rest", "扩展名"),
    "a page named .docx": ("a.docx", b"<html><p>x</p></html>", "扩展名"),
    "a workbook named .docx": ("a.docx", _sheet, "请把扩展名改为 .xlsx"),
    "a picture named .html": ("a.html", b"\x89PNG\r\n\x1a\n", "扩展名"),
}  # fmt: skip
"""The name of the file, its content, which a function makes if it takes long, and what is said of it."""


def refused_content(name: str) -> bytes:
    """The content of one of these files."""
    _, content, _ = REFUSED[name]
    return content if isinstance(content, bytes) else content()
