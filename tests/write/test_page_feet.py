"""The foot of a page in the PDF: it is filled, and no line stands alone at the top of the next one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from attrs import frozen

from govdisclose import AnnualReport, Paragraph, read_report
from govdisclose.write.office_pages import LINES_OF_PAGE, Filling
from support.documents import as_pdfs, made, without_tables
from support.full_lines import LINE, words
from support.office import needs_libreoffice
from support.pages import LEFT, RIGHT, Line, Page, squeezed, text_pages
from support.reports import consistent_report

ABOVE = 4
"""The lines of the title, the empty one below it, and the heading."""

LENGTHS = (2, 3, 4, 5)
"""Lines of a paragraph."""

FREE = (0, 1, 2, 3)
"""Lines left on the page for it."""


def lines_of(count: int) -> Paragraph:
    """A paragraph of so many full lines."""
    return Paragraph("字" * (28 * count - 3) + "。")


def filled_report(free: int, lines: int) -> AnnualReport:
    above = lines_of(LINES_OF_PAGE - ABOVE - free)
    overview = (Paragraph(words(lines)), lines_of(8))
    return consistent_report().evolve(preface=(above,), overview=overview)


@frozen
class Foot:
    """The first two pages of a report, and a paragraph of so many ``lines`` where the first one ends."""

    free: int
    lines: int
    first: Page
    second: Page

    def paragraph(self, page: Page) -> list[Line]:
        return [line for line in page.text if line.text in words(self.lines)]


PLACES = [(free, lines) for free in FREE for lines in LENGTHS]
"""Paragraphs of every length with every number of lines left on their page."""

DIVIDED = [filled_report(free=1, lines=lines) for lines in (3, 5)]
"""Reports that are read back, with their tables: a line of the paragraph is on the first page."""


@pytest.fixture(scope="module")
def pdfs() -> list[bytes]:
    """The PDFs of all these reports, by one start of LibreOffice."""
    words_alone = [without_tables(made(filled_report(*place))) for place in PLACES]
    return as_pdfs([*words_alone, *map(made, DIVIDED)])


@pytest.fixture(scope="module")
def feet(pdfs: list[bytes]) -> list[Foot]:
    found = []
    for (free, lines), pdf in zip(PLACES, pdfs, strict=False):
        first, second = text_pages(pdf, slice(2))
        found.append(Foot(free, lines, first, second))
    return found


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_page_is_full_unless_a_line_would_stand_alone_on_the_next(feet: list[Foot]) -> None:
    for foot in feet:
        here = foot.paragraph(foot.first)
        there = foot.paragraph(foot.second)
        assert len(here) + len(there) == foot.lines
        assert len(here) == max(0, min(foot.free, foot.lines - 2)) or not there
        assert len(there) != 1


@pytest.mark.libreoffice
@needs_libreoffice
def test_no_heading_stands_alone_at_the_foot(feet: list[Foot]) -> None:
    for foot in feet:
        assert "总体情况" not in foot.first.text[-1].text


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_divided_paragraph_looks_as_if_it_were_one(feet: list[Foot]) -> None:
    """Every line but the last is full, and only the first is indented."""
    for foot in feet:
        first, *others = [*foot.paragraph(foot.first), *foot.paragraph(foot.second)]
        assert first.left > LEFT + 20
        for line in others:
            assert line.left == pytest.approx(LEFT, abs=3)
        for line in (first, *others[:-1]):
            assert line.right == pytest.approx(RIGHT, abs=3)
        for page in (foot.first, foot.second):
            tops = [line.top for line in foot.paragraph(page)]
            for above, below in pairwise(tops):
                assert below - above == pytest.approx(LINE, abs=1)


@pytest.mark.libreoffice
@needs_libreoffice
def test_it_is_read_back_from_the_pdf_as_one_paragraph(pdfs: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    for report, pdf in zip(DIVIDED, pdfs[len(PLACES) :], strict=True):
        (first,) = text_pages(pdf, slice(1))
        assert report.overview[0].text.startswith(first.text[-1].text)
        path.write_bytes(pdf)
        found = [squeezed(paragraph.text) for paragraph in read_report(path).report.overview]
        assert found == [paragraph.text for paragraph in report.overview]


@pytest.mark.parametrize(
    ("free", "lines", "here"),
    [
        *((3, 3, 3), (2, 3, 1), (1, 3, 1), (0, 3, 0)),
        *((2, 2, 2), (1, 2, 0), (1, 1, 1), (0, 1, 0)),
        *((5, 7, 5), (6, 7, 5), (7, 7, 7), (1, 40, 1)),
    ],
)
def test_the_next_page_begins_with_two_lines_at_least(free: int, lines: int, here: int) -> None:
    assert Filling(LINES_OF_PAGE - free).lines_here(lines) == here


def test_headings_go_along_with_what_has_no_room() -> None:
    page = Filling(LINES_OF_PAGE - 2).after_heading(1)
    assert page.after_table(5) == Filling(6)
    assert page.after_lines(2, 0) == Filling(3)
    assert page.after_lines(3, 1) == Filling(2)
    assert Filling(3).after_table(5) == Filling(8)
