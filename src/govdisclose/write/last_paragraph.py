"""The paragraph before name and date, divided so that LibreOffice takes only its last lines along.

Word keeps the last two lines of a paragraph with the next one, and leaves the others where they are.
LibreOffice 7 takes the whole paragraph to the next page. So the paragraph is divided where its lines
end: its last two lines are kept with name and date, and a page may end after any other line but the
first. On a page nothing shows where it is divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise
from xml.sax.saxutils import escape

from attrs import frozen

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.line_fit import office_lines
from govdisclose.write.word.fonts import digits_are_half_as_wide

_KEPT = LazyPattern(
    r'<w:p><w:pPr><w:pStyle w:val="Body(?:Tight|Tighter|Left)?"/><w:keepNext/></w:pPr>'
    r"((?:<w:r>(?:<w:rPr><w:rStyle [^>]*></w:rPr>)?<w:t\b[^>]*>[^<]*</w:t></w:r>)+)</w:p>"
)
"""A paragraph of text that is kept with the next one, and its runs."""

_RUN = LazyPattern(r"<w:r>(?:<w:rPr>(<w:rStyle [^>]*>)</w:rPr>)?<w:t\b[^>]*>([^<]*)")
_NARROW = LazyPattern("[!-~]")

_FEWEST_LINES = 4
"""A page begins and ends with two lines of a paragraph at least, so a shorter one is not divided."""

_CONTINUED = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_ANYWHERE = '<w:widowControl w:val="0"/>'
_FULL_LAST_LINE = '<w:jc w:val="distribute"/>'


@frozen
class _StyledText:
    """A run of a paragraph: the reference to its style, which may be empty, and its text."""

    style: str
    text: str


def divided(paragraph: str) -> str:
    """A kept paragraph as several ones that look like it; empty if it has to stay whole.

    It stays whole if it is short, or if it is not certain where its lines end.
    """
    kept = _KEPT.fullmatch(paragraph)
    if not kept:
        return ""
    runs = [_StyledText(run[1] or "", unescape(run[2])) for run in _RUN.finditer(kept[1])]
    text = "".join(run.text for run in runs)
    if _NARROW.search(text) and not digits_are_half_as_wide():
        return ""
    lines = office_lines(text)
    if lines is None or len(lines.ends) < _FEWEST_LINES:
        return ""
    second, last_but_two, end = lines.ends[1], lines.ends[-3], len(text)
    places = sorted({0, second, last_but_two, end})
    parts = ""
    for start, stop in pairwise(places):
        look = _look(is_first=start == 0, is_last=stop == end)
        parts += _paragraph(look, _between(runs, start, stop), lines.spacing)
    return parts


def _look(*, is_first: bool, is_last: bool) -> str:
    """The properties of a part, in the order of the schema."""
    look = '<w:pStyle w:val="Body"/>'
    if is_last:
        return look + "<w:keepNext/>" + _CONTINUED
    if is_first:
        return look + _FULL_LAST_LINE
    return look + _ANYWHERE + _CONTINUED + _FULL_LAST_LINE


def _between(runs: Sequence[_StyledText], start: int, stop: int) -> Iterator[_StyledText]:
    """The runs of the characters from ``start`` up to ``stop``."""
    before = 0
    for run in runs:
        text = run.text[max(0, start - before) : max(0, stop - before)]
        if text:
            yield _StyledText(run.style, text)
        before += len(run.text)


def _paragraph(look: str, runs: Iterator[_StyledText], spacing: int) -> str:
    letters = ""
    for run in runs:
        properties = f'<w:rPr>{run.style}<w:spacing w:val="{spacing}"/></w:rPr>'
        letters += f'<w:r>{properties}<w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'
    return f"<w:p><w:pPr>{look}</w:pPr>{letters}</w:p>"
