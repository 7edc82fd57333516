"""What a published page or document shows is read, and nothing else: struck, hidden and raised text, notes, two in one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.table import Table
from docx.text.run import Run

from govdisclose import AnnualReport, Paragraph, Reading
from govdisclose.errors import InputError
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.text.page_numbers import without_page_numbers
from govdisclose.read.published.word.reader import read_docx
from support.reports import codes, consistent_report
from support.webpages import page, site, word

LICENCES = "proactive.licences.decisions"
REPORT = consistent_report(seed=5).with_values({LICENCES: 447228})


def imported(html: str) -> Reading:
    return read_published(read_html(site(html).encode(), "r.html"), Path("r.html"))


SHOWN = {
    "<del>4400</del>447228": 447228,
    "<s>4400</s>447228": 447228,
    '<span style="text-decoration: line-through">4400</span>447228': 447228,
    '<span style="font-size:0">4</span>447228': 447228,
    '<span style="font-size:0.9em">447228</span>': 447228,
    "<ruby>447228<rt>9</rt></ruby>": 447228,
    "447228<sup>1</sup>": None,
    "447228<sub>2</sub>": None,
    "<sup></sup>447228": 447228,
}


@pytest.mark.parametrize("cell", SHOWN)
def test_a_cell_of_a_page_is_what_is_shown_in_it_and_no_mark_is_a_digit(cell: str) -> None:
    reading = imported(page(REPORT).replace("447228", cell))
    assert reading.report.values()[LICENCES] == SHOWN[cell]
    assert [f.path for f in reading.findings if f.code == "V104"] == (
        [LICENCES] if SHOWN[cell] is None else []
    )


def run_with(change: Callable[[Run], object], text: str, *, before: bool) -> bytes:
    """The report as a Word file, with another run beside the number."""
    document = Document(io.BytesIO(word(REPORT)))
    paragraph = next(
        p
        for t in document.tables
        for row in t.rows
        for c in row.cells
        for p in c.paragraphs
        if p.text == "447228"
    )
    added = paragraph.add_run(text)
    if before:
        paragraph._p.remove(added._r)
        paragraph.runs[0]._r.addprevious(added._r)
    change(added)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


RUNS: dict[str, tuple[Callable[[Run], object], str, bool, int | None]] = {
    "struck": (lambda run: setattr(run.font, "strike", True), "4400", True, 447228),
    "struck twice": (lambda run: setattr(run.font, "double_strike", True), "4400", True, 447228),
    "hidden": (lambda run: setattr(run.font, "hidden", True), "1", False, 447228),
    "not struck": (lambda run: setattr(run.font, "strike", False), "5", False, 4472285),
    "raised": (lambda run: setattr(run.font, "superscript", True), "1", False, None),
    "lowered": (lambda run: setattr(run.font, "subscript", True), "1", False, None),
}


@pytest.mark.parametrize("how", RUNS)
def test_a_cell_of_a_document_is_what_is_shown_in_it_and_no_mark_is_a_digit(how: str) -> None:
    change, text, before, value = RUNS[how]
    reading = read_published(
        read_docx(run_with(change, text, before=before), "r.docx"), Path("r.docx")
    )
    assert reading.report.values()[LICENCES] == value
    assert ("V104" in codes(reading.findings)) == (value is None)


def test_what_is_struck_is_no_more_read_in_sentences_than_in_cells() -> None:
    document = Document(io.BytesIO(word(REPORT.evolve(problems=[Paragraph("问题是人手少。")]))))
    (paragraph,) = [p for p in document.paragraphs if p.text == "问题是人手少。"]
    paragraph.add_run("而且经费少。").font.strike = True
    made = io.BytesIO()
    document.save(made)
    reading = read_published(read_docx(made.getvalue(), "r.docx"), Path("r.docx"))
    assert [p.text for p in reading.report.problems] == ["问题是人手少。"]


def noted(table: Table) -> None:
    row = table.add_row()
    row.cells[0].merge(row.cells[-1]).text = "注：含网上申请 12 件"


def test_a_note_in_a_row_of_a_table_is_said_not_to_be_read() -> None:
    document = Document(io.BytesIO(word(REPORT)))
    for table in document.tables:
        noted(table)
    made = io.BytesIO()
    document.save(made)
    html = re.sub(
        "</table>", '<tr><td colspan="9">备注：含网上申请 12 件</td></tr></table>', page(REPORT)
    )
    for reading in (
        read_published(read_docx(made.getvalue(), "r.docx"), Path("r.docx")),
        imported(html),
    ):
        assert reading.report.values() == REPORT.values()
        told = [f for f in reading.findings if f.code == "I124" and "含网上申请 12 件" in f.message]
        assert len(told) == 3


def test_two_reports_on_one_page_are_not_mixed() -> None:
    other = REPORT.evolve(year=2023, title="").with_values(
        {"requests.received.natural_person": 2900}
    )
    for first, second in ((REPORT, other), (other, REPORT)):
        with pytest.raises(InputError, match=r"两份报告.*请各存成一个文件"):
            imported(page(first) + page(second))


def without_title(report: AnnualReport) -> str:
    html = page(report)
    return html[html.index("一、总体情况") :]


def test_a_second_set_of_tables_is_taken_for_the_first_only_where_they_are_the_same() -> None:
    other = REPORT.with_values({"requests.received.natural_person": 2900})
    assert "S102" in codes(imported(page(REPORT) + "<p>" + without_title(other)).findings)
    reading = imported(page(REPORT) + "<p>" + without_title(REPORT))
    assert reading.report.values() == REPORT.values()


def test_page_numbers_are_none_of_the_text_where_a_page_has_none() -> None:
    lines = ["甲", "— 1 —", "乙", "—4—", "丙", "— 5 —"]
    assert without_page_numbers(lines) == ["甲", "", "乙", "", "丙", ""]
    assert without_page_numbers(["— 5 —", "甲", "— 1 —"]) == ["— 5 —", "甲", "— 1 —"]
