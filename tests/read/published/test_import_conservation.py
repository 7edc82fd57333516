"""Whatever a page, a Word document or a PDF says is in the report or in a finding, wherever it stands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from attrs import frozen

from govdisclose import EDITIONS, Reading, read_report
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support.office import converted, needs_libreoffice
from support.reports import consistent_report
from support.webpages import page, site, word

REPORT = consistent_report()
PAGE = page(REPORT)
MARK = "MK标记文字"
PROSE = ("preface", "overview", "problems", "other_matters")


def says(reading: Reading) -> str:
    """All that a reading says: its texts and its findings."""
    report = reading.report
    texts = [paragraph.text for key in PROSE for paragraph in getattr(report, key)]
    texts += [report.title, report.agency.name]
    texts += [f"{finding.message}\n{finding.found}" for finding in reading.findings]
    return "\n".join(texts)


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
@pytest.mark.parametrize("words", [MARK, f"（{MARK}）"])
def test_a_text_in_any_cell_of_a_page_is_read_or_told(words: str) -> None:
    ends = [found.start() for found in re.finditer("</p></td>", PAGE)][::5]
    lost = [at for at in ends if MARK not in of_page(PAGE[:at] + words + PAGE[at:])]
    assert [PAGE[at - 40 : at] for at in lost] == []


def test_a_caption_is_read_or_told() -> None:
    for at in (found.end() for found in re.finditer("<table>", PAGE)):
        assert MARK in of_page(f"{PAGE[:at]}<caption>{MARK}</caption>{PAGE[at:]}")


def changed(name: str, change: Callable[[str], str], data: bytes | None = None) -> bytes:
    package = zipfile.ZipFile(io.BytesIO(data or word(REPORT)))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for member in package.namelist():
            data = package.read(member)
            target.writestr(member, change(data.decode()).encode() if member == name else data)
    return made.getvalue()


@pytest.mark.slow
def test_a_paragraph_at_any_place_of_a_document_is_read_or_told() -> None:
    text = zipfile.ZipFile(io.BytesIO(word(REPORT))).read("word/document.xml").decode()
    places = [found.start() for found in re.finditer(r"<w:p>|<w:p ", text)][::7]
    added = f"<w:p><w:r><w:t>{MARK}</w:t></w:r></w:p>"
    for at in places:
        data = changed("word/document.xml", lambda old, at=at: old[:at] + added + old[at:])
        assert MARK in of_word(data), text[at : at + 200]


def test_a_header_and_a_footer_of_a_document_are_told() -> None:
    names = zipfile.ZipFile(io.BytesIO(word(REPORT))).namelist()
    for name in (name for name in names if re.search("(header|footer)", name)):
        data = changed(name, lambda old: re.sub("<w:p[ >].*?</w:p>", f"<w:p><w:r><w:t>{MARK}</w:t></w:r></w:p>", old, count=1, flags=re.S))  # fmt: skip
        assert MARK in of_word(data)


def visible_places(text: str) -> list[int]:
    """Where a paragraph may be put so that a page shows it.

    A cell that continues the merged one above it is not drawn.
    """
    return [found.start() for found in re.finditer("<w:p[ >]", text) if drawn(text, found.start())]


def drawn(text: str, at: int) -> bool:
    cell = text.rfind("<w:tc>", 0, at)
    is_inside = cell > text.rfind("</w:tc>", 0, at)
    return not (is_inside and re.search('<w:vMerge(/>| w:val="continue")', text[cell:at]))


def with_paragraphs(text: str, marks: dict[int, str]) -> str:
    for at in sorted(marks, reverse=True):
        text = f"{text[:at]}<w:p><w:r><w:t>{marks[at]}</w:t></w:r></w:p>{text[at:]}"
    return text


RARE = "".join(map(chr, range(0x8700, 0x8700 + 400)))
"""Characters that no report has. A single one stays whole where a line or a page ends in a cell."""

DOCUMENTS = 6
"""The paragraphs of one document stand so many places apart, so that they disturb little."""


@frozen
class Marked:
    """A document with marks: the edition of its report, the marks, and what it says when it was printed."""

    edition: str
    marks: dict[int, str]
    said: str


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[Marked]:
    """Documents with a mark at every place, printed by one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("printed")
    marks: dict[str, dict[int, str]] = {}
    for edition in EDITIONS.values():
        data = word(consistent_report(edition))
        text = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
        places = visible_places(text)
        assert 250 < len(places) <= len(RARE)
        typed = dict(zip(places, RARE, strict=False))
        # The editions differ in the cells of one table: of the older one, two documents are enough.
        for first in range(DOCUMENTS if edition.last_year is None else 2):
            name = f"{edition.name}-{first}"
            marks[name] = {at: typed[at] for at in places[first::DOCUMENTS]}
            change = partial(with_paragraphs, marks=marks[name])
            path = folder / f"{name}.docx"
            path.write_bytes(changed("word/document.xml", change, data))
    converted([folder / f"{name}.docx" for name in marks], "pdf", folder)
    found = []
    for name, typed in marks.items():
        said = re.sub(r"\s", "", says(read_report(folder / f"{name}.pdf")))
        found.append(Marked(name.partition("-")[0], typed, said))
    return found


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_paragraph_at_any_place_of_a_printed_pdf_is_read_or_told(
    edition: str, printed: list[Marked]
) -> None:
    of_edition = [document for document in printed if document.edition == edition]
    said = "".join(document.said for document in of_edition)
    lost = []
    for document in of_edition:
        lost += [mark for mark in document.marks.values() if mark not in said]
    assert len(of_edition) >= 2
    assert lost == []


def test_a_report_as_it_is_leaves_nothing_out() -> None:
    assert "没有收入" not in of_page(PAGE)
    assert "没有收入" not in of_word(word(REPORT))
