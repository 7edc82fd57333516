"""The prose of a text: paragraphs, whose soft line breaks are taken back."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from attrs import define, field

from govdisclose.finding import Place
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.text.markdown import without_strong
from govdisclose.read.published.text.page_numbers import PAGE_START

BREAK = "\x0c\x0c"
"""A line that ends a paragraph whatever it looks like: where a table stood, and at the end."""

_BLANKS = " \u3000\xa0"
_MARK = re.compile(r"(#{1,6})\s")
_LETTER = re.compile(r"[A-Za-z]")
_SENTENCE_END = tuple("。！？；：!?;:")
_NARROWEST = 44
"""Half characters; no page has shorter lines."""
_FULL = 6
"""Half characters that a full line may be short: a mark that may not begin a line, and a half."""
_OPENING = 4
"""Half characters by which the first line of a paragraph is indented."""
_FEWEST_FULL = 3
"""Full lines from which a text may count as wrapped."""
_SHARE_OF_FULL = 3
"""At least one line in so many of a wrapped text is full."""


def paragraphs(
    lines: Sequence[str], place: Callable[[int], Place], margin: int | None = None
) -> Iterator[tuple[int, TextLine]]:
    """The paragraphs, each with the index of its first line.

    ``PAGE_START`` opens the first line of a page. ``margin`` is the width of a full line, if it is
    known.
    """
    if margin is None:
        margin = _margin(lines)
    joining = _Joining(margin)
    for index, line in enumerate([*lines, BREAK]):
        if _begins_page(line):
            page = _lines_of_page(lines, index)
            joining.base = _left_margin(page, margin, joining.base)
        is_blank = line != BREAK and not _stripped(line)
        if is_blank and joining.lines and _over_page(lines, index):
            continue
        if joining.lines and not joining.goes_on_with(line):
            first = joining.first
            yield first, _paragraph(joining.lines, place(first))
            joining.lines = []
        if _stripped(line):
            joining.add(line, index)


@define
class _Joining:
    """The paragraph being put together: its lines, and the left margin of the page."""

    margin: int
    lines: list[str] = field(factory=list)
    first: int = 0
    base: int = 0

    def add(self, line: str, index: int) -> None:
        """Add a line."""
        if not self.lines:
            self.first = index
        text = line.strip(PAGE_START).rstrip()
        self.lines.append(text)

    def goes_on_with(self, line: str) -> bool:
        """Whether a line belongs to the paragraph.

        The line above must be full, and the line itself not indented.
        """
        if not self.margin or line == BREAK:
            return False
        if not line.strip():
            return False
        if _indent(line) > self.base:
            return False
        last = self.lines[-1].strip()
        is_indented = _indent(self.lines[0]) > self.base
        width = _width(last)
        if len(self.lines) == 1 and is_indented:
            width += _OPENING
        if width < self.margin - _FULL:
            return False
        return is_indented or not last.endswith(_SENTENCE_END)


def _stripped(line: str) -> str:
    return line.strip(_BLANKS + PAGE_START)


def _begins_page(line: str) -> bool:
    return line.startswith(PAGE_START) and line != BREAK


def _over_page(lines: Sequence[str], index: int) -> bool:
    """Whether only blank lines are between ``index`` and the top of the next page."""
    for below in lines[index:]:
        if below.startswith(PAGE_START):
            return below != BREAK
        if below.strip():
            return False
    return False


def _lines_of_page(lines: Sequence[str], start: int) -> list[str]:
    """The lines with text from ``start`` to the end of its page."""
    page: list[str] = []
    for line in lines[start:]:
        if page and _begins_page(line):
            break
        if line.strip():
            page.append(line)
    return page


def _left_margin(page: Sequence[str], width: int, known: int) -> int:
    """The left margin of a page: the smallest indent on it.

    On a page with headings alone, or first lines of paragraphs, that is no margin: it remains
    the one ``known`` from the page before.
    """
    smallest = min(map(_indent, page), default=0)
    widest = max((_width(_stripped(line)) for line in page), default=0)
    may_be_openings = widest <= width - _OPENING
    if may_be_openings and smallest - known >= _OPENING - 1:
        return known
    return smallest


def _indent(line: str) -> int:
    line = line.lstrip(PAGE_START)
    text = line.lstrip(_BLANKS)
    margin = line.removesuffix(text)
    return len(margin) + margin.count("\u3000")


def _width(text: str) -> int:
    """Half characters without blanks: those between Chinese and digits are narrow in print."""
    width = 0
    for character in text:
        if character not in " \xa0":
            width += 2 if unicodedata.east_asian_width(character) in "WFA" else 1
    return width


def _margin(lines: Sequence[str]) -> int:
    """The width of full lines, which is the commonest one; 0 when the text is not wrapped."""
    widths: list[int] = []
    for line, below in pairwise(lines):
        if line.strip() and below.strip():
            widths.append(_width(line.strip()))
    wide = Counter([width for width in widths if width >= _NARROWEST])
    if not wide:
        return 0
    margin = max(wide, key=wide.__getitem__)
    full = 0
    for width in widths:
        full += abs(width - margin) <= _FULL
    if full < _FEWEST_FULL:
        return 0
    is_wrapped = full * _SHARE_OF_FULL >= len(widths)
    return margin if is_wrapped else 0


def _paragraph(lines: Sequence[str], place: Place) -> TextLine:
    """The paragraph of some lines, without the marks of Markdown."""
    text = ""
    for line in lines:
        part = line.strip(_BLANKS)
        # A line break between Latin words stands for a blank, one between others for nothing.
        ends_with_letter = _LETTER.match(text[-1:])
        if ends_with_letter and _LETTER.match(part[:1]):
            text += " "
        text += part
    level: int | None = None
    heading = _MARK.match(text)
    if heading is not None:
        level = len(heading[1])
        behind_mark = text[heading.end() :]
        text = behind_mark.rstrip().rstrip("#").strip()
    plain = without_strong(text)
    return TextLine(plain, place, level, plain != text)
