"""Letters of a sentence that nobody can make out are left out and reported, never published."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from govdisclose import Reading
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support.reports import consistent_report
from support.webpages import page, word

PAGE = page(consistent_report())
WORD = word(consistent_report())
OUTSIDE = "<head><link rel='stylesheet' href='look.css'></head>"

UNSEEN_ON_A_PAGE = [
    "color:#fff",
    "color:White",
    "color:rgb(250, 250, 250)",
    "color:hsl(0, 0%, 100%)",
    "color:transparent",
    "background:#000;color:#000",
    "opacity:0",
    "opacity:1%",
    "visibility:hidden",
    "display:none",
    "font-size:0",
    "font-size:1px",
    "font-size:0.05em",
]
SEEN_ON_A_PAGE = ["color:#c00", "background:#c00;color:#fff", "font-size:12px", "opacity:0.9"]

UNSEEN_IN_WORD = [
    '<w:color w:val="FFFFFF"/>',
    '<w:color w:val="FEFEFE"/>',
    '<w:sz w:val="2"/>',
    "<w:vanish/>",
]
SEEN_IN_WORD = [
    '<w:color w:val="C00000"/>',
    '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="C00000"/>',
    '<w:color w:val="FFFFFF"/><w:highlight w:val="red"/>',
    '<w:sz w:val="28"/>',
]


def of_page(style: str, head: str = "") -> Reading:
    start = PAGE.index("<p>", PAGE.index("总体情况"))
    added = f'<p>全年收到<span style="{style}">九十</span>件申请</p>'
    html = head + PAGE[:start] + added + PAGE[start:]
    return read_published(read_html(html.encode(), "r.html"), Path("r.html"))


def of_word(properties: str, paragraph: str = "") -> Reading:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as package, zipfile.ZipFile(made, "w") as target:
        for name in package.namelist():
            data = package.read(name)
            if name == "word/document.xml":
                data = with_sentence(data.decode(), properties, paragraph).encode()
            target.writestr(name, data)
    return read_published(read_docx(made.getvalue(), "r.docx"), Path("r.docx"))


def with_sentence(document: str, properties: str, paragraph: str) -> str:
    start = document.index("</w:p>", document.index("总体情况")) + len("</w:p>")
    added = (
        f"<w:p>{paragraph}<w:r><w:t>全年收到</w:t></w:r>"
        f"<w:r><w:rPr>{properties}</w:rPr><w:t>九十</w:t></w:r><w:r><w:t>件申请</w:t></w:r></w:p>"
    )
    return document[:start] + added + document[start:]


def sentence(reading: Reading) -> str:
    return next(one.text for one in reading.report.overview if one.text.startswith("全年收到"))


def left_out(reading: Reading) -> list[str | None]:
    return [finding.found for finding in reading.findings if finding.code == "I117"]


@pytest.mark.parametrize("style", UNSEEN_ON_A_PAGE)
def test_unseen_letters_of_a_page_are_left_out_and_reported(style: str) -> None:
    reading = of_page(style)
    assert (sentence(reading), left_out(reading)) == ("全年收到件申请", ["九十"])


@pytest.mark.parametrize("style", SEEN_ON_A_PAGE)
def test_letters_that_a_page_shows_are_read(style: str) -> None:
    reading = of_page(style)
    assert (sentence(reading), left_out(reading)) == ("全年收到九十件申请", [])


def test_letters_unlike_the_rest_of_their_line_are_left_out_under_a_sheet_elsewhere() -> None:
    reading = of_page("color:#fff", OUTSIDE)
    assert (sentence(reading), left_out(reading)) == ("全年收到件申请", ["九十"])


@pytest.mark.parametrize("properties", UNSEEN_IN_WORD)
def test_unseen_letters_of_a_document_are_left_out_and_reported(properties: str) -> None:
    reading = of_word(properties)
    assert (sentence(reading), left_out(reading)) == ("全年收到件申请", ["九十"])


@pytest.mark.parametrize("properties", SEEN_IN_WORD)
def test_letters_that_a_document_shows_are_read(properties: str) -> None:
    reading = of_word(properties)
    assert (sentence(reading), left_out(reading)) == ("全年收到九十件申请", [])


def test_white_letters_on_a_coloured_paragraph_are_read() -> None:
    shaded = '<w:pPr><w:shd w:val="clear" w:fill="C00000"/></w:pPr>'
    reading = of_word('<w:color w:val="FFFFFF"/>', shaded)
    assert (sentence(reading), left_out(reading)) == ("全年收到九十件申请", [])
