"""Paragraphs of the Word report changed so that LibreOffice sets them as a typist would.

Every line has a spacing of its own. The paragraph before name and date is divided as well: Word
keeps the last two lines of a paragraph with the next one, and leaves the others where they are.
LibreOffice 7 takes the whole paragraph to the next page. So it is divided where its lines end: its
last two lines are kept with name and date, and a page may end after any other line but the first.
Where a page has room for only one line of a paragraph, the paragraph is divided after that line.
Nothing on a page shows where a paragraph is divided.

Where name and date miss a page by a line or two, paragraphs before them are set closer, if that
saves lines (GB/T 9704-2012, 7.3.5.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from html import unescape
from itertools import pairwise
from xml.sax.saxutils import escape

from attrs import frozen

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.office_lines import OfficeLine, OfficeLines, office_lines
from govdisclose.write.office_pages import LINES_OF_PAGE, Filling, after_block
from govdisclose.write.word.fonts import digits_are_half_as_wide

_PARAGRAPH = LazyPattern(
    r'<w:p><w:pPr><w:pStyle w:val="Body(?:Tight|Tighter|Left)?"/>(<w:keepNext/>)?</w:pPr>'
    r"((?:<w:r>(?:<w:rPr><w:rStyle [^>]*></w:rPr>)?<w:t\b[^>]*>[^<]*</w:t></w:r>)+)</w:p>"
)
"""A paragraph of text in a style of the packaged templates, and its runs."""

_BLOCK = LazyPattern(r"<w:tbl>.*?</w:tbl>|<w:p>.*?</w:p>", re.DOTALL)
_RUN = LazyPattern(r"<w:r>(?:<w:rPr>(<w:rStyle [^>]*>)</w:rPr>)?<w:t\b[^>]*>([^<]*)")
_NARROW = LazyPattern("[!-~]")

_FEWEST_LINES = 4
"""Two lines of a paragraph at least stand on each page, so a shorter one is not divided."""

_NAME_AND_DATE = 3
"""The lines of name and date, with the empty one above them."""

_MOST_LACKING = 2
"""If more lines are lacking, name and date go to the next page."""

_MOST_TRIED = 10
"""Paragraphs before name and date that may be set closer."""

_KEPT = "<w:keepNext/>"
_CONTINUED = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_ANYWHERE = '<w:widowControl w:val="0"/>'
_FULL_LAST_LINE = '<w:jc w:val="distribute"/>'


@frozen
class _StyledText:
    """A run of a paragraph: the reference to its style, which may be empty, and its text."""

    style: str
    text: str


@frozen
class _SetText:
    """A paragraph of text, and its lines. ``keep`` is the property that keeps it with the next one."""

    keep: str
    runs: Sequence[_StyledText]
    found: OfficeLines

    @property
    def is_certain(self) -> bool:
        """Whether it can be divided, because it is certain where its lines end."""
        if self.found.ragged or not self.found.certain:
            return False
        if digits_are_half_as_wide():
            return True
        return not any(_NARROW.search(run.text) for run in self.runs)


@frozen
class _SetDocument:
    """A document with all lines spaced, and how many ``paragraphs`` of text it has.

    ``lacking`` are the lines by which name and date miss the page on which the text ends; 0 or less
    if they are on it, or there is no way to know.
    """

    text: str
    paragraphs: int
    lacking: int


def set_paragraphs(document: str) -> str:
    """A document whose paragraphs of text have a spacing for each line."""
    usual = _set_document(document, frozenset())
    if not 0 < usual.lacking <= _MOST_LACKING:
        return usual.text
    shortened: set[int] = set()
    best = usual
    last = usual.paragraphs - 1
    for number in range(last, max(-1, last - _MOST_TRIED), -1):
        tried = _set_document(document, {*shortened, number})
        if tried.lacking < best.lacking:
            best = tried
            shortened.add(number)
        if best.lacking <= 0:
            return best.text
    return usual.text


def _set_document(document: str, shortened: Set[int]) -> _SetDocument:
    """Set every paragraph and count the lines; the numbers of some are to be ``shortened``."""
    made: list[str] = []
    end = 0
    paragraphs = 0
    lacking = 0
    page: Filling | None = None
    for block in _BLOCK.finditer(document):
        made.append(document[end : block.start()])
        end = block.end()
        paragraph = _PARAGRAPH.fullmatch(block[0])
        if paragraph is None:
            made.append(block[0])
            page = after_block(page, block[0])
            continue
        keep, content = paragraph[1] or "", paragraph[2]
        text = _set_text(keep, content, shorten=paragraphs in shortened)
        paragraphs += 1
        count = len(text.found.lines)
        here = count
        if page is not None:
            here = page.lines_here(count)
        parts = _parts(text, here)
        made.append(_divided(text, parts))
        if here == 1 < count and 1 not in parts:
            here = 0
        if page is None:
            continue
        if keep:
            lacking = page.taken + count + _NAME_AND_DATE - LINES_OF_PAGE
        page = page.after_lines(count, here)
    made.append(document[end:])
    return _SetDocument("".join(made), paragraphs, lacking)


def _set_text(keep: str, content: str, *, shorten: bool) -> _SetText:
    runs = [_StyledText(run[1] or "", unescape(run[2])) for run in _RUN.finditer(content)]
    text = "".join(run.text for run in runs)
    may_divide = digits_are_half_as_wide()
    found = office_lines(text, may_divide=may_divide, shorten=shorten)
    return _SetText(keep, runs, found)


def _parts(text: _SetText, here: int) -> list[int]:
    """How many lines stand before each part of a paragraph, and in all; ``here`` fit the page."""
    lines = text.found.lines
    count = len(lines)
    parts = {0, count}
    if not text.is_certain:
        return sorted(parts)
    parts.update(number for number, line in enumerate(lines, 1) if line.is_divided)
    if text.keep and count >= _FEWEST_LINES:
        parts.update((2, count - 2))
    if not text.keep and here == 1:
        parts.add(1)
    return sorted(parts)


def _divided(text: _SetText, parts: Sequence[int]) -> str:
    lines = text.found.lines
    divided = ""
    for start, stop in pairwise(parts):
        begin = lines[start - 1].end if start else 0
        end = lines[stop - 1].end if stop else 0
        runs = list(_between(text.runs, begin, end))
        look = _look_of_part(text, start, stop)
        divided += _paragraph(look, _spaced(runs, lines[start:stop], begin))
    return divided


def _look_of_part(text: _SetText, start: int, stop: int) -> str:
    """The properties of the lines from ``start`` to ``stop``, in the order of the schema."""
    count = len(text.found.lines)
    style = "BodyLeft" if text.found.ragged else "Body"
    look = f'<w:pStyle w:val="{style}"/>'
    if stop == count:
        look += text.keep
    elif stop == count - 1:  # the last line should not begin a page
        look += _KEPT
    elif start:
        look += _ANYWHERE
    if start:
        look += _CONTINUED
    if stop < count:
        look += _FULL_LAST_LINE
    return look


def _spaced(
    runs: Sequence[_StyledText], lines: Iterable[OfficeLine], begin: int = 0
) -> Iterator[tuple[_StyledText, int]]:
    """The runs of each line with its spacing; the text before ``begin`` belongs to other lines."""
    start = begin
    for line in lines:
        for run in _between(runs, start - begin, line.end - begin):
            yield run, line.spacing
        start = line.end


def _between(runs: Iterable[_StyledText], start: int, stop: int) -> Iterator[_StyledText]:
    """The runs of the characters from ``start`` up to ``stop``."""
    before = 0
    for run in runs:
        text = run.text[max(0, start - before) : max(0, stop - before)]
        if text:
            yield _StyledText(run.style, text)
        before += len(run.text)


def _paragraph(look: str, runs: Iterable[tuple[_StyledText, int]]) -> str:
    letters = ""
    for run, spacing in runs:
        properties = f'<w:rPr>{run.style}<w:spacing w:val="{spacing}"/></w:rPr>'
        letters += f'<w:r>{properties}<w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'
    return f"<w:p><w:pPr>{look}</w:pPr>{letters}</w:p>"
