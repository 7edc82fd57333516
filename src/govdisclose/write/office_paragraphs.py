"""Paragraphs of the Word report changed so that LibreOffice sets them as a typist would.

Every line has a spacing of its own. The paragraph before name and date is divided as well: Word keeps
the last two lines of a paragraph with the next one, and leaves the others where they are. LibreOffice 7
takes the whole paragraph to the next page. So it is divided where its lines end: its last two lines are
kept with name and date, and a page may end after any other line but the first. On a page nothing shows
where it is divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import pairwise
from xml.sax.saxutils import escape

from attrs import frozen

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.office_lines import OfficeLine, OfficeLines, office_lines
from govdisclose.write.word.fonts import digits_are_half_as_wide

_PARAGRAPH = LazyPattern(
    r'<w:p><w:pPr><w:pStyle w:val="Body(?:Tight|Tighter|Left)?"/>(<w:keepNext/>)?</w:pPr>'
    r"((?:<w:r>(?:<w:rPr><w:rStyle [^>]*></w:rPr>)?<w:t\b[^>]*>[^<]*</w:t></w:r>)+)</w:p>"
)
"""A paragraph of text in a style of the packaged templates, and its runs."""

_RUN = LazyPattern(r"<w:r>(?:<w:rPr>(<w:rStyle [^>]*>)</w:rPr>)?<w:t\b[^>]*>([^<]*)")
_NARROW = LazyPattern("[!-~]")

_FEWEST_LINES = 4
"""A page begins and ends with two lines of a paragraph at least, so a shorter one is not divided."""

_KEPT = "<w:keepNext/>"
_CONTINUED = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_ANYWHERE = '<w:widowControl w:val="0"/>'
_FULL_LAST_LINE = '<w:jc w:val="distribute"/>'


@frozen
class _StyledText:
    """A run of a paragraph: the reference to its style, which may be empty, and its text."""

    style: str
    text: str


def set_paragraphs(document: str) -> str:
    """A document whose paragraphs of text have a spacing for each line."""
    return _PARAGRAPH.sub(lambda found: _set_paragraph(found[1] or "", found[2]), document)


def _set_paragraph(keep: str, content: str) -> str:
    runs = [_StyledText(run[1] or "", unescape(run[2])) for run in _RUN.finditer(content)]
    text = "".join(run.text for run in runs)
    found = office_lines(text)
    if not keep or not _can_be_divided(text, found):
        style = "BodyLeft" if found.ragged else "Body"
        return _paragraph(f'<w:pStyle w:val="{style}"/>{keep}', _spaced(runs, found.lines))
    parts = ""
    for start, stop in pairwise(_divided_at(found.lines)):
        look = _look_of_part(is_first=start == 0, is_last=stop == len(found.lines))
        begin = found.lines[start - 1].end if start else 0
        lines = found.lines[start:stop]
        part = _between(runs, begin, lines[-1].end)
        parts += _paragraph(look, _spaced(list(part), lines, begin))
    return parts


def _can_be_divided(text: str, found: OfficeLines) -> bool:
    """Whether a paragraph has enough lines, and it is certain where they end."""
    if len(found.lines) < _FEWEST_LINES or found.ragged or not found.certain:
        return False
    return digits_are_half_as_wide() or not _NARROW.search(text)


def _divided_at(lines: Sequence[OfficeLine]) -> list[int]:
    """The numbers of lines before each part and after the last: two at the beginning and the end."""
    return sorted({0, 2, len(lines) - 2, len(lines)})


def _look_of_part(*, is_first: bool, is_last: bool) -> str:
    """The properties of a part, in the order of the schema."""
    look = '<w:pStyle w:val="Body"/>'
    if is_last:
        return look + _KEPT + _CONTINUED
    if is_first:
        return look + _FULL_LAST_LINE
    return look + _ANYWHERE + _CONTINUED + _FULL_LAST_LINE


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
