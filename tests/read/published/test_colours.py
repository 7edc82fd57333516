"""Figures in the colour of the paper are not seen: the cell is told and left unread."""

from __future__ import annotations

import io
import zipfile

import pytest

from govdisclose import Reading
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support.looks_word import paragraph, run
from support.reports import consistent_report
from support.webpages import page, word

LICENCES = "proactive.licences.decisions"
REPORT = consistent_report(seed=5).with_values({LICENCES: 447228})
UNSEEN = {
    "white": 'style="color:#fff"',
    "white by name": 'style="color:white"',
    "nearly white": 'style="color:rgb(250,250,250)"',
    "white by hue": 'style="color:hsl(0 0% 100%)"',
    "white by fill": 'style="-webkit-text-fill-color:white"',
    "white on white": 'style="background:#fff;color:#fff"',
    "black on black": 'style="background-color:#000"',
    "under a gradient": 'style="background-image:linear-gradient(red,red)"',
    "raised by its margin": 'style="display:inline-block;margin-bottom:8px"',
}
SEEN = {
    "red": 'style="color:red"',
    "white on blue": 'style="background:#036;color:#fff"',
    "grey": 'style="color:#777"',
    "inherited": 'style="color:inherit"',
    "transparent paper": 'style="background:transparent"',
    "computed": 'style="color:var(--text)"',
}


def from_html(cell: str, sheet: str = "") -> Reading:
    html = f"<style>{sheet}</style>" + page(REPORT).replace("447228", cell)
    return read_published(read_html(html.encode(), "r.html"))


def from_word(cell: str, properties: str = "") -> Reading:
    """The report as a Word file with other properties and content in one cell."""
    package = zipfile.ZipFile(io.BytesIO(word(REPORT)))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in package.namelist():
            data = package.read(name)
            if name == "word/document.xml":
                text = data.decode()
                at = text.index("447228")
                start, end = text.rindex("<w:tc>", 0, at), text.index("</w:tc>", at)
                data = (
                    f"{text[:start]}<w:tc><w:tcPr>{properties}</w:tcPr>{cell}{text[end:]}".encode()
                )
            target.writestr(name, data)
    return read_published(read_docx(made.getvalue(), "r.docx"))


def is_told(reading: Reading) -> bool:
    """Whether the cell is unread and an error says so."""
    assert reading.report.values()[LICENCES] is None
    found = [finding for finding in reading.findings if finding.path == LICENCES]
    return any(finding.stops for finding in found)


@pytest.mark.slow
@pytest.mark.parametrize("look", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("cell", ["66<span {}>1</span>", "<span {}>5</span>66"])
def test_a_figure_nobody_sees_in_a_page_is_told_and_unread(look: str, cell: str) -> None:
    assert is_told(from_html(cell.format(look)))


@pytest.mark.parametrize("look", SEEN.values(), ids=SEEN)
def test_a_coloured_figure_of_a_page_is_read(look: str) -> None:
    reading = from_html(f"<span {look}>66</span>")
    assert reading.report.values()[LICENCES] == 66


@pytest.mark.parametrize(
    "sheet",
    [
        "td{background-color:#123;color:#fff}",
        "table{background:#123}td{color:#fff}",
        "table{background:url(dark.png)}td{color:#fff}",
        "table{background:linear-gradient(#123,#345)}td{color:#fff}",
    ],
)
def test_a_table_of_white_figures_on_another_colour_is_read(sheet: str) -> None:
    assert from_html("447228", sheet).report.values() == REPORT.values()


def test_letters_that_are_nearly_clear_are_not_read() -> None:
    reading = from_html('66<span style="color:rgba(0,0,0,.02)">1</span>')
    assert reading.report.values()[LICENCES] == 66


def test_an_attribute_colours_letters_too() -> None:
    assert is_told(from_html('66<font color="ffffff">1</font>'))
    assert from_html('66<font color="red">1</font>').report.values()[LICENCES] == 661


@pytest.mark.parametrize("attribute", ['bgcolor="#123456"', 'background="dark.png"'])
def test_an_attribute_colours_the_paper_too(attribute: str) -> None:
    white = "td{color:#fff}"
    html = f"<style>{white}</style>" + page(REPORT).replace("<table>", f"<table {attribute}>")
    reading = read_published(read_html(html.encode(), "r.html"))
    assert reading.report.values() == REPORT.values()


WHITE = '<w:color w:val="FFFFFF"/>'


def test_a_white_figure_of_a_word_document_is_told_and_unread() -> None:
    assert is_told(from_word(paragraph(run("66") + run("1", WHITE))))
    assert is_told(from_word(paragraph(run("5", WHITE) + run("66"))))
    assert is_told(from_word(paragraph(run("66", WHITE)), '<w:shd w:val="clear" w:fill="FFFFFF"/>'))


def test_a_figure_of_one_point_in_a_word_document_is_told_and_unread() -> None:
    assert is_told(from_word(paragraph(run("66") + run("1", '<w:sz w:val="2"/>'))))


@pytest.mark.parametrize(
    ("look", "properties"),
    [
        (WHITE, '<w:shd w:val="clear" w:color="auto" w:fill="1F4E79"/>'),
        (f'{WHITE}<w:shd w:val="clear" w:fill="000000"/>', ""),
        (f'{WHITE}<w:highlight w:val="black"/>', ""),
        ('<w:color w:val="FF0000"/>', ""),
        ('<w:color w:val="auto"/>', ""),
    ],
)
def test_a_coloured_figure_of_a_word_document_is_read(look: str, properties: str) -> None:
    reading = from_word(paragraph(run("66", look)), properties)
    assert reading.report.values()[LICENCES] == 66
