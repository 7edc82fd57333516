"""The paragraph before name and date: as many of its lines go to the next page as in Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attrs import frozen

from govdisclose import AnnualReport, Paragraph, read_report
from govdisclose.write import office_paragraphs
from govdisclose.write.office_lines import office_lines
from govdisclose.write.office_text import set_as_in_word
from support.documents import as_pdfs, made, without_tables
from support.full_lines import LINE, words
from support.office import needs_libreoffice
from support.pages import BOTTOM, LEFT, RIGHT, Line, Page, last_page, last_pages, squeezed
from support.reports import consistent_report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FILLED = range(9, 16)
"""Lines above the paragraph, with which it comes to the end of a page, in a report without tables."""

WITH_TABLES = 9
"""Lines above the paragraph, with which it is divided, in a report with its tables."""

LENGTHS = (3, 4, 5, 7)
"""Lines of the paragraph."""


def ending_with(*paragraphs: Paragraph) -> AnnualReport:
    signed = date(2025, 1, 17)
    return consistent_report().evolve(other_matters=paragraphs, signature="", signed=signed)


def filled_report(filled: int, lines: int) -> AnnualReport:
    return ending_with(Paragraph("字" * (28 * filled - 2)), Paragraph(words(lines)))


@frozen
class Ending:
    """The end of a report: its last two pages, and how many lines its last paragraph has."""

    before: Page
    last: Page
    lines: int

    def paragraph(self) -> Iterator[Line]:
        """The lines of the last paragraph."""
        for line in (*self.before.text, *self.last.text):
            if line.text in words(self.lines):
                yield line

    @property
    def taken_along(self) -> int:
        """Lines of the last paragraph on the last page."""
        text = words(self.lines)
        return sum(line.text in text for line in self.last.text)


def closing_report(last_line: int) -> AnnualReport:
    """A report whose last paragraph has three full lines and one of so many characters.

    One line more, and name and date would be on the page on which it begins.
    """
    text = ("做到应公开尽公开，及时发布工作动态" * 7)[: 3 * 28 - 2 + last_line - 1] + "。"
    return ending_with(Paragraph("字" * (8 * 28 - 3) + "。"), Paragraph(text))


PLACES = [(filled, lines) for lines in LENGTHS for filled in FILLED]
"""Paragraphs of every length at every place of a page."""

IN_PARTS = {4: filled_report(WITH_TABLES, 4), 7: filled_report(WITH_TABLES, 7)}
"""Reports whose paragraph of so many lines is set as two parts and as three."""

CLOSING = [closing_report(last_line) for last_line in (3, 20)]


@pytest.fixture(scope="module")
def pdfs() -> list[bytes]:
    """The PDFs of all these reports, by one start of LibreOffice."""
    words_alone = [without_tables(made(filled_report(*place))) for place in PLACES]
    return as_pdfs([*words_alone, *map(made, IN_PARTS.values()), *map(made, CLOSING)])


@pytest.fixture(scope="module")
def endings(pdfs: list[bytes]) -> list[Ending]:
    found = []
    for (_, lines), pdf in zip(PLACES, pdfs, strict=False):
        before, last = last_pages(pdf, 2)
        found.append(Ending(before, last, lines))
    return found


@pytest.mark.libreoffice
@needs_libreoffice
def test_two_lines_go_to_the_next_page_with_name_and_date(endings: list[Ending]) -> None:
    divided = set()
    for ending in endings:
        if 0 < ending.taken_along < ending.lines:
            page_is_full = BOTTOM - ending.before.text[-1].top < 1.5 * LINE
            assert ending.taken_along == 2 or page_is_full
            divided.add(ending.lines)
    assert divided == {4, 5, 7}


@pytest.mark.libreoffice
@needs_libreoffice
def test_no_line_of_it_stands_alone_and_name_and_date_neither(endings: list[Ending]) -> None:
    for ending in endings:
        assert ending.taken_along in (0, *range(2, ending.lines - 1), ending.lines)
        assert len(ending.last.text) >= 4


@pytest.mark.libreoffice
@needs_libreoffice
def test_it_looks_as_if_it_were_one_paragraph(endings: list[Ending]) -> None:
    """Every line but the last is full, and only the first is indented."""
    for ending in endings:
        first, *others = ending.paragraph()
        assert len(others) == ending.lines - 1
        assert first.left > LEFT + 20
        for line in others:
            assert line.left == pytest.approx(LEFT, abs=3)
        for line in (first, *others[:-1]):
            assert line.right == pytest.approx(RIGHT, abs=3)
        starts = [line.top for line in ending.before.text if line.text in words(ending.lines)]
        for above, below in pairwise(starts):
            assert below - above == pytest.approx(LINE, abs=1)


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("lines", IN_PARTS)
def test_its_text_is_read_back_from_the_pdf_as_one_paragraph(
    lines: int, pdfs: list[bytes], tmp_path: Path
) -> None:
    pdf = pdfs[len(PLACES) + [*IN_PARTS].index(lines)]
    ending = Ending(*last_pages(pdf, 2), lines)
    assert 0 < ending.taken_along < lines
    path = tmp_path / "r.pdf"
    path.write_bytes(pdf)
    found = [squeezed(paragraph.text) for paragraph in read_report(path).report.other_matters]
    assert found == [paragraph.text for paragraph in IN_PARTS[lines].other_matters]


@pytest.mark.libreoffice
@needs_libreoffice
def test_lines_are_closer_where_name_and_date_then_come_to_the_page(pdfs: list[bytes]) -> None:
    """GB/T 9704-2012, 7.3.5.4. Twenty characters are too many for that."""
    ends = []
    for report, pdf in zip(CLOSING, pdfs[-len(CLOSING) :], strict=True):
        page = last_page(pdf)
        assert page.text[-1].text == "2025年1月17日"
        text = report.other_matters[-1].text
        ends.append(sum(line.text in text for line in page.text))
    assert ends == [3, 2]


def test_a_line_is_saved_only_if_three_others_need_no_more_than_four_hundredths() -> None:
    for last_line in range(1, 28):
        text = closing_report(last_line).other_matters[-1].text
        usual, closer = office_lines(text), office_lines(text, shorten=True)
        saved = len(usual.lines) - len(closer.lines)
        assert saved == (last_line in (2, 3))
        for line in closer.lines:
            assert line.spacing >= -18


def last_parts(report: AnnualReport) -> list[str]:
    """The paragraphs of the last section as LibreOffice is given them."""
    with zipfile.ZipFile(io.BytesIO(set_as_in_word(made(report)))) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    texts = []
    for paragraph in root.iterfind(f"{W}body/{W}p"):
        texts.append("".join(text.text or "" for text in paragraph.iter(f"{W}t")))
    heading = next(n for n, text in enumerate(texts) if text.startswith("六、"))
    name = texts.index(report.agency.name, heading)
    return [text for text in texts[heading + 1 : name] if text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (words(3), 1),
        (words(4), 2),
        (words(5), 3),
        (words(7), 3),
        ("（一）改进情况。" + words(4), 3),
        ("（一）" + "字" * 30 + "。" + words(4), 3),
        (words(4).replace("法定期限", "<法定&期限>"), 2),
        # The width of these characters depends on the font.
        (words(4).replace("答复", "😀复"), 1),
        (words(4).replace("答复", "答 复"), 1),
        # It is set ragged.
        ("字" * 23 + "zwgk@example.gov.cn" + "字" * 90, 1),
    ],
)
def test_the_parts_of_a_paragraph_are_its_text(text: str, parts: int) -> None:
    found = last_parts(ending_with(Paragraph(text, level=2)))
    assert "".join(found) == text
    assert len(found) == parts


def test_only_the_paragraph_before_name_and_date_is_divided() -> None:
    several = [Paragraph(words(7)), Paragraph(words(5)), Paragraph(words(3))]
    assert last_parts(ending_with(*several)) == [paragraph.text for paragraph in several]


def test_where_the_width_of_digits_is_unknown_only_a_text_without_any_is_divided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office_paragraphs, "digits_are_half_as_wide", lambda: False)
    assert len(last_parts(ending_with(Paragraph(words(7))))) == 1
    assert len(last_parts(ending_with(Paragraph("字" * 120)))) == 3
