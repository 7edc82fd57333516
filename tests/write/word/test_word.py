"""A report becomes a Word document that holds every number and every character of it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclose.errors import InputError, TemplateError
from govdisclose.finding import Finding, Place, Severity
from govdisclose.form.edition import EDITION_2019, EDITION_2021, EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS, Agency, AnnualReport, Paragraph, blank_report
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.published.word.reader import WordContents, read_document, read_docx
from govdisclose.write.context import build_context
from govdisclose.write.word import load_template, render
from support.documents import made

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NASTY = [
    "a & b < c > d \" ' ]]> &amp; &lt;",
    "{{7*7}} {% for %} {# x #} {_{x}_} {_%y%_} {%p endfor %}",
    "</w:t></w:r></w:p>",
    "䶮镕喆 😀 𠮷 龘",
    "a\tb  c   d",
    "零宽\u200b和\ufeff与\x7f",
    "None nan",
]
each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)


def document(report: AnnualReport, **options: Any) -> WordContents:
    return read_document(made(report, **options))


def numbered(edition: Edition, **basics: object) -> AnnualReport:
    """A report with another number in every cell."""
    report = blank_report(edition, agency=Agency("甲市乙局"), year=2023, **basics)
    return report.with_values({path: 1000 + i for i, path in enumerate(outline(edition).cells)})


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


# Numbers


def test_numbers_stand_in_their_cells() -> None:
    proactive, requests, disputes = document(numbered(EDITION_2021)).grids
    values = numbered(EDITION_2021).values()
    assert proactive.rows[2] == ["规章", "1000", "1001", "1002"]
    assert proactive.rows[13][1] == str(values["proactive.fees.amount"])
    assert (len(requests.rows), len(requests.rows[0])) == (28, 10)
    lines = outline(EDITION_2021).tables["requests"].lines
    assert [row[9] for row in requests.rows[3:]] == [
        str(values[line.cells[-1].path]) for line in lines
    ]
    assert requests.rows[26][3] == str(values["requests.outcomes.total.natural_person"])
    assert disputes.rows[3] == [str(v) for path, v in values.items() if path.startswith("disputes")]
    assert requests.cell_name(2, 3) == "第3行第4列"
    assert requests.name == "第2个表格"


@each_edition
def test_every_number_is_printed_once_in_statutory_order(edition: Edition) -> None:
    report = numbered(edition)
    printed = [
        v
        for grid in document(report).grids
        for row in grid.rows
        for v in row
        if v and re.fullmatch(r"[+]?\d{4}", str(v))
    ]
    assert [int(str(v)) for v in printed] == list(report.values().values())


def test_the_merged_areas_of_table_three_are_found() -> None:
    areas = {
        (m.top, m.left, m.bottom, m.right) for m in document(numbered(EDITION_2021)).grids[1].merges
    }
    assert {
        (0, 0, 2, 2),
        (0, 3, 0, 9),
        (1, 4, 1, 8),
        (5, 0, 26, 0),
        (7, 1, 14, 1),
        (5, 1, 5, 2),
    } <= areas


@pytest.mark.parametrize(
    ("edition", "path", "value", "printed"),
    [
        (EDITION_2021, "requests.received.total", 0, "0"),
        (EDITION_2021, "requests.received.total", None, ""),
        (EDITION_2021, "requests.received.total", -3, "-3"),
        (EDITION_2021, "requests.received.total", 12345678, "12345678"),
        (EDITION_2021, "proactive.fees.amount", Decimal("59237.2449"), "59237.2449"),
        (EDITION_2021, "proactive.fees.amount", Decimal("1E+4"), "10000"),
        (EDITION_2021, "proactive.fees.amount", Decimal("0.00"), "0.00"),
        (EDITION_2021, "proactive.fees.amount", Decimal("1E-7"), "0.0000001"),
        (EDITION_2021, "proactive.fees.amount", 7, "7"),
        (EDITION_2019, "proactive.licences.change", 1036, "+1036"),
        (EDITION_2019, "proactive.licences.change", -8, "−8"),
        (EDITION_2019, "proactive.licences.change", 0, "0"),
        (EDITION_2019, "proactive.licences.change", None, ""),
    ],
)
def test_a_value_is_printed_plainly(edition: Edition, path: str, value: Any, printed: str) -> None:
    context = build_context(blank_report(edition).with_values({path: value}))
    assert context[path] == printed


# Text


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("level", [0, 2, 3, 4])
def test_text_appears_exactly_as_it_was_written(text: str, level: Any) -> None:
    report = blank_report(
        EDITION_2021, title=text, **dict.fromkeys(PROSE_SHEETS, (Paragraph(text, level),))
    )
    assert document(report).paragraphs.count(text) == 5


@pytest.mark.slow
@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_appears_exactly_or_is_refused(text: str) -> None:
    report = blank_report(EDITION_2021, title="标题", preface=(Paragraph(text),))
    try:
        found = document(report).paragraphs
    except InputError:
        return
    lines = [line.lstrip(" \t\u3000\xa0") for line in re.split("\r\n?|\n", text)]
    assert list(found[1 : -len(SECTIONS)]) == [line for line in lines if line.strip()]


def test_sections_stand_in_order_under_their_headings() -> None:
    prose = {key: (Paragraph(f"{key}的正文"),) for key in PROSE_SHEETS}
    headings = [(s.heading,) if s.is_table else (s.heading, f"{s.key}的正文") for s in SECTIONS]
    found = document(blank_report(EDITION_2021, title="标题", **prose)).paragraphs
    assert found == ("标题", "preface的正文", *(line for lines in headings for line in lines))


def test_a_line_break_starts_a_paragraph_and_leading_blanks_are_layout() -> None:
    text = "　　第一行\r\n\u3000 \t第二行\n\n  \n第三行　尾 "
    found = document(blank_report(EDITION_2021, overview=(Paragraph(text),))).paragraphs
    assert found[2:5] == ("第一行", "第二行", "第三行　尾 ")


def test_only_the_first_line_of_a_heading_is_one() -> None:
    context: Any = build_context(
        blank_report(EDITION_2021, overview=(Paragraph("（一）甲\n乙。丙", 2),))
    )
    assert [(p.level, p.lead, p.text) for p in context["overview"]] == [
        (2, "（一）甲", ""),
        (0, "", "乙。丙"),
    ]


def test_a_long_first_sentence_is_text_and_no_heading() -> None:
    sentence = f"（一）{'围绕重点工作逐项公开，' * 4}群众满意。"
    report = blank_report(EDITION_2021, overview=(Paragraph(f"{sentence}全年公开。", 2),))
    context: Any = build_context(report)
    (item,) = context["overview"]
    assert (item.level, item.lead, item.text) == (2, "", f"{sentence}全年公开。")
    lines = read_docx(made(report), "r.docx").lines
    assert f"{sentence}全年公开。" in [line.text for line in lines]


@pytest.mark.parametrize(
    ("text", "level", "lead"),
    [
        ("（一）主动公开。全年公开。", 2, "（一）主动公开。"),
        ("（一）主动公开：全年", 2, "（一）主动公开："),
        ("（一）主动公开情况", 2, "（一）主动公开情况"),
        ("（一）甲、乙，丙", 2, "（一）甲、乙，丙"),
        ("1.主动公开。全年", 3, "1.主动公开。"),
        ("1.主动公开", 3, "1.主动公开"),
        ("（1）主动公开。全年", 4, "（1）主动公开。"),
        ("正文。正文", 0, ""),
    ],
)
def test_only_the_opening_of_a_run_in_heading_is_set_apart(
    text: str, level: Any, lead: str
) -> None:
    report = blank_report(EDITION_2021, overview=(Paragraph(text, level),))
    data = made(report)
    context: Any = build_context(report)
    (item,) = context["overview"]
    assert (item.lead, item.lead + item.text) == (lead, text)
    xml = part(data, "word/document.xml")
    assert ('<w:rStyle w:val="Lead"/>' in xml) == (level == 2 and lead != text)
    assert ('<w:pStyle w:val="Heading2"/>' in xml) == (level == 2 and lead == text)
    assert ('<w:pStyle w:val="Heading3"/>' in xml) == (level == 3 and lead == text)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("甲市", ("甲市2023年政府信息公开工作年度报告",)),
        ("甲市民族事务委员会", ("甲市民族事务委员会\n2023年政府信息公开工作年度报告",)),
        ("", ("2023年政府信息公开工作年度报告",)),
    ],
)
def test_a_title_too_long_for_a_line_breaks_after_the_agency(
    name: str, lines: tuple[str, ...]
) -> None:
    assert (
        document(blank_report(EDITION_2021, agency=Agency(name), year=2023)).paragraphs[:1] == lines
    )


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x0b", "\x0c", "\x1f", "\ud800", "\uffff"])
def test_a_character_no_document_can_hold_is_named(bad: str) -> None:
    for report in (
        blank_report(EDITION_2021, title=f"标题{bad}"),
        blank_report(EDITION_2021, overview=(Paragraph(f"前文{bad}"),)),
        blank_report(EDITION_2021, agency=Agency(f"甲{bad}")),
    ):
        with pytest.raises(InputError, match=f"U[+]{ord(bad):04X}"):
            made(report)


# The document


def test_the_same_report_gives_the_same_bytes() -> None:
    assert made(numbered(EDITION_2021)) == made(numbered(EDITION_2021))


@each_edition
def test_a_document_is_a_sound_package(edition: Edition) -> None:
    with zipfile.ZipFile(io.BytesIO(made(numbered(edition)))) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        assert archive.testzip() is None
        for name in names:
            ElementTree.fromstring(archive.read(name))
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_name_title_agency_language_and_date() -> None:
    report = blank_report(
        EDITION_2021, agency=Agency("甲&乙"), title="<标题>", published=date(2024, 1, 20)
    )
    root = ElementTree.fromstring(part(made(report), "docProps/core.xml"))
    assert [node.text for node in root] == [
        "<标题>",
        "甲&乙",
        "zh-CN",
        "2024-01-20T00:00:00Z",
        "2024-01-20T00:00:00Z",
    ]


def test_a_report_of_another_edition_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"2019 格式.*2021 格式"):
        render(blank_report(EDITION_2021), load_template(EDITION_2019))


FINDINGS = (
    Finding(
        "A102",
        Severity.ERROR,
        "应为 2，实为 <1>",
        Place("b", "三、依申请公开", "G28"),
        hint="核对各行。",
    ),
    Finding("V101", Severity.WARNING, "空白\x07", explained="机构改革"),
)


def test_a_draft_says_so_and_lists_the_findings() -> None:
    data = made(blank_report(EDITION_2021, title="标题"), draft=True, findings=FINDINGS)
    found = read_document(data).paragraphs
    assert found[0].startswith("草稿")
    assert found[1] == "标题"
    assert found[-5:] == (
        "草稿附：检查结果（2 项）",
        "1. 【错误 A102】三、依申请公开!G28 应为 2，实为 <1>",
        "怎么改：核对各行。",
        "2. 【已说明 V101】空白�",
        "说明：机构改革",
    )
    assert "标题（草稿）" in part(data, "docProps/core.xml")


def test_a_final_report_shows_nothing_of_findings() -> None:
    assert made(blank_report(EDITION_2021), findings=FINDINGS) == made(blank_report(EDITION_2021))


# Reading a document


def docx(body: str, name: str = "word/document.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, f'<w:document xmlns:w="{W}">{body}</w:document>')
    return buffer.getvalue()


def p(*pieces: str) -> str:
    return f"<w:p><w:pPr/>{''.join(pieces)}</w:p>"


def r(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_what_word_shows_is_what_is_read() -> None:
    body = (
        p(
            r("一"),
            f"<w:ins>{r('插入')}</w:ins>",
            "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>",
        )
        + p(
            f"<w:moveFrom>{r('移走')}</w:moveFrom>",
            "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>",
        )
        + p()
        + "<w:sdt><w:sdtContent>"
        + p("<w:hyperlink>", r("内"), "</w:hyperlink>")
        + "</w:sdtContent></w:sdt>"
    )
    assert read_document(docx(f"<w:body>{body}</w:body>")).paragraphs == ("一插入", "\tb\nc", "内")


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text)) if text else p()}</w:tc>"


def test_spans_and_ragged_rows_become_one_rectangle() -> None:
    lines = (
        cell("A", '<w:gridSpan w:val="2"/>') + cell("B", '<w:vMerge w:val="restart"/>'),
        cell("C") + cell("D") + cell("藏", "<w:vMerge/>"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("E"),
        "<w:trPr><w:del/></w:trPr>" + cell("删"),
    )
    rows = "".join(f"<w:tr>{line}</w:tr>" for line in lines)
    (grid,) = read_document(docx(f"<w:body><w:tbl>{rows}</w:tbl></w:body>"), "x.docx").grids
    assert grid.rows == [["A", None, "B"], ["C", "D", None], [None, "E", None]]
    assert [(m.top, m.left, m.bottom, m.right) for m in grid.merges] == [(0, 0, 0, 1), (0, 2, 1, 2)]
    assert str(grid.place(1, 1)) == "第1个表格!第2行第2列"


@pytest.mark.parametrize(
    "data", [b"", b"text", docx(""), docx("<w:body/>", "other.xml"), docx("<w:body>")]
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_document(data, "x.docx")
