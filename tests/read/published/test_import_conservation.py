"""Whatever a page or a Word document says is in the report or in a finding, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support.importing import says
from support.reports import consistent_report
from support.webpages import page, site, word
from support.word_parts import DOCUMENT, members, packed

REPORT = consistent_report()
PAGE = page(REPORT)
MARK = "MK标记文字"


def of_page(html: str) -> str:
    return says(read_published(read_html(html.encode(), "r.html"), Path("r.html")))


def of_word(data: bytes) -> str:
    return says(read_published(read_docx(data, "r.docx"), Path("r.docx")))


def outside_tables(html: str) -> Iterator[int]:
    """Where a block may stand."""
    article = html.index(PAGE)
    for found in re.finditer("<(p|h1|table)>", PAGE):
        if PAGE.count("<table>", 0, found.start()) == PAGE.count("</table>", 0, found.start()):
            yield article + found.start()


BLOCKS = {
    "a paragraph": f"<p>{MARK}</p>",
    "a sentence": f"<p>{MARK}，说明如下。</p>",
    "an item": f"<ul><li>{MARK}</li></ul>",
    "a link": f"<a href='x'>{MARK}</a>",
    "a heading": f"<h2>{MARK}</h2>",
    "a table": f"<table><tr><td>{MARK}</td><td>1</td></tr></table>",
    "a footer": f"<footer>{MARK}</footer>",
}


@pytest.mark.slow
@pytest.mark.parametrize(("frame", "every"), [(str, 2), (site, 3)], ids=["bare", "framed"])
@pytest.mark.parametrize("what", BLOCKS)
def test_a_block_at_any_place_of_a_page_is_read_or_told(what: str, frame, every: int) -> None:
    """Each kind of block stands at every second or third place, and each place has several kinds."""
    html = frame(PAGE)
    first = [*BLOCKS].index(what) % every
    places = [*outside_tables(html)][first::every]
    lost = [at for at in places if MARK not in of_page(html[:at] + BLOCKS[what] + html[at:])]
    assert [html[at : at + 40] for at in lost] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("added", "first"),
    [
        ("</tr><tr><td>MK标记文字</td>", 0),
        ("</tr><tr><td colspan=4>MK标记文字</td>", 1),
        ("<td>MK标记文字</td>", 0),
    ],
)
def test_a_text_after_any_row_or_cell_of_a_table_is_read_or_told(added: str, first: int) -> None:
    """A row of its own of one cell or of a wide one, by turns; a further cell in every second row."""
    ends = [found.start() for found in re.finditer("</tr>", PAGE)][first::2]
    lost = [at for at in ends if MARK not in of_page(PAGE[:at] + added + PAGE[at:])]
    assert [PAGE[at - 40 : at] for at in lost] == []


@pytest.mark.slow
@pytest.mark.parametrize(("words", "first"), [(MARK, 0), (f"（{MARK}）", 4)])
def test_a_text_in_any_cell_of_a_page_is_read_or_told(words: str, first: int) -> None:
    """Words and words in brackets by turns, in all columns and rows."""
    ends = [found.start() for found in re.finditer("</p></td>", PAGE)][first::9]
    lost = [at for at in ends if MARK not in of_page(PAGE[:at] + words + PAGE[at:])]
    assert [PAGE[at - 40 : at] for at in lost] == []


def test_a_caption_is_read_or_told() -> None:
    for at in (found.end() for found in re.finditer("<table>", PAGE)):
        assert MARK in of_page(f"{PAGE[:at]}<caption>{MARK}</caption>{PAGE[at:]}")


@pytest.mark.slow
def test_a_paragraph_at_any_place_of_a_document_is_read_or_told() -> None:
    parts = members(word(REPORT))
    text = parts[DOCUMENT].decode()
    places = [found.start() for found in re.finditer(r"<w:p>|<w:p ", text)][::7]
    added = f"<w:p><w:r><w:t>{MARK}</w:t></w:r></w:p>"
    for at in places:
        parts[DOCUMENT] = (text[:at] + added + text[at:]).encode()
        assert MARK in of_word(packed(parts)), text[at : at + 200]


def test_a_header_and_a_footer_of_a_document_are_told() -> None:
    parts = members(word(REPORT))
    marked = f"<w:p><w:r><w:t>{MARK}</w:t></w:r></w:p>"
    for name in (name for name in parts if re.search("(header|footer)", name)):
        text = re.sub("<w:p[ >].*?</w:p>", marked, parts[name].decode(), count=1, flags=re.DOTALL)
        assert MARK in of_word(packed({**parts, name: text.encode()}))


def test_a_report_as_it_is_leaves_nothing_out() -> None:
    assert "没有收入" not in of_page(PAGE)
    assert "没有收入" not in of_word(word(REPORT))
