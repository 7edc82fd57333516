"""How far a page of the report is filled, so that a paragraph can be divided where the page ends.

LibreOffice 7 leaves two lines of a paragraph at the foot of a page or none. GB/T 9704 asks for
pages of 22 lines, and a typist leaves one line there sooner than an empty one.
"""

from __future__ import annotations

from html import unescape
from math import ceil

from attrs import frozen

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.office_lines import office_lines

LINES_OF_PAGE = 22
_LINE_TWIPS = 579

_STYLE = LazyPattern(r'<w:pStyle w:val="([^"]*)"/>')
_LETTERS = LazyPattern(r"<w:t\b[^>]*>([^<]*)")
_ROW_HEIGHT = LazyPattern(r'<w:trHeight w:val="(\d+)"')
_PAGE_BREAK, _SECTION_END = "<w:pageBreakBefore/>", "<w:sectPr"


@frozen
class Filling:
    """How many lines of a page are taken.

    ``headings`` counts the last ones if they are headings: what follows takes these along to the
    next page.
    """

    taken: int = 0
    headings: int = 0

    def lines_here(self, lines: int) -> int:
        """How many lines of a divided paragraph the page takes: the next one has at least two."""
        free = LINES_OF_PAGE - self.taken
        if lines <= free:
            return lines
        return max(0, min(free, lines - 2))

    def after_lines(self, lines: int, here: int) -> Filling:
        """The last page of a paragraph or a table, ``here`` of whose lines are on this page."""
        if here == lines:
            return Filling(self.taken + lines)
        there = lines - here
        if here == 0:
            there += self.headings
        return Filling(there % LINES_OF_PAGE)

    def after_heading(self, lines: int) -> Filling:
        """The page with one heading more."""
        return Filling(self.taken + lines, self.headings + lines)

    def after_table(self, lines: int) -> Filling:
        """The page on which a table is, which is not divided."""
        here = lines if self.taken + lines <= LINES_OF_PAGE else 0
        return self.after_lines(lines, here)


def after_block(page: Filling | None, block: str) -> Filling | None:
    """The page after a table, or a paragraph that is no text. ``None`` is a page that nobody knows."""
    if _SECTION_END in block:
        return Filling()
    if _PAGE_BREAK in block:
        page = Filling()
    if block.startswith("<w:tbl>"):
        return page and page.after_table(_lines_of_table(block))
    found = _STYLE.search(block)
    style = found[1] if found else ""
    if style == "ReportTitle":
        return _below_title(block)
    if style.startswith("Heading"):
        text = unescape("".join(_LETTERS.findall(block)))
        return page and page.after_heading(len(office_lines(text).lines))
    return None


def _below_title(title: str) -> Filling:
    """The first page below the title, which has an empty line below it."""
    lines = 1 + title.count("<w:br/>")
    return Filling(lines + 1)


def _lines_of_table(table: str) -> int:
    heights = map(int, _ROW_HEIGHT.findall(table))
    return ceil(sum(heights) / _LINE_TWIPS)
