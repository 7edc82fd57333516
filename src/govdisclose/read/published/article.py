"""Which lines belong to the report and which to the page around it, mostly by their position.

The article is the innermost part of the page that holds all headings of the report. Share bars,
versions and downloads are below the title, outside the article or before its first sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from govdisclose.read.published.document import TextLine
from govdisclose.read.published.masthead import Title, split_preface
from govdisclose.read.tables.labels import squeeze

Trail = tuple[int, ...]
"""The way to an element: which child of its parent it is, from the root down."""

_SENTENCE = re.compile("[。！？；]|[，、：:,].*[，、：:,]|[.!?;]$")
_OPENING = re.compile(
    "(本报告|本年度?报告|现将|根据|按照|依据|依照|为了?|[(（]?[一二三四五六七八九十]+[)）、])"
)
_SHORTEST_OPENING = 10
"""Characters; shorter lines that begin like a preface are links such as 按照栏目浏览."""


@frozen
class Head:
    """The lines under the title: those of the preface, and those of the page."""

    preface: tuple[TextLine, ...]
    page: tuple[TextLine, ...]


def article_of(headings: Sequence[TextLine]) -> Trail:
    """The innermost part of a page that holds all ``headings``; empty in a flat document."""
    trails = [line.trail for line in headings]
    if not trails:
        return ()
    common = list(_common_beginning(trails))
    # A trail leads to the line itself, so a single heading is in the part around it.
    if len(trails) == 1:
        common = common[:-1]
    return tuple(common)


def _common_beginning(trails: Sequence[Trail]) -> Trail:
    shortest = min(map(len, trails))
    for depth in range(shortest):
        steps = {trail[depth] for trail in trails}
        if len(steps) > 1:
            return trails[0][:depth]
    return trails[0][:shortest]


def is_inside(line: TextLine, article: Trail) -> bool:
    """Whether a line is in the article."""
    return line.trail[: len(article)] == article


def split_head(lines: Sequence[TextLine], title: Title | None, article: Trail) -> Head:
    """The lines between the title and section one.

    The preface begins with the first sentence of the article. A sentence outside the article counts
    only if the article has none before its first heading.
    """
    candidates: list[_HeadLine] = []
    for line, is_own in split_preface(lines, title):
        of_page = is_own or line.linked
        inside = is_inside(line, article)
        candidates.append(_HeadLine(line, of_page, inside))
    start = _first_sentence(candidates)
    preface: list[TextLine] = []
    page = list(lines[:start])
    for candidate in candidates[start:]:
        is_outside = candidates[start].is_inside and not candidate.is_inside
        if candidate.of_page or is_outside:
            page.append(candidate.line)
        else:
            preface.append(candidate.line)
    return Head(tuple(preface), tuple(page))


@frozen
class _HeadLine:
    """A line under the title: whether its words are the page's, and whether it is in the article."""

    line: TextLine
    of_page: bool
    is_inside: bool

    @property
    def is_spoken(self) -> bool:
        """Whether the preface could begin with it."""
        return not self.of_page and _is_sentence(self.line)


def _first_sentence(candidates: Sequence[_HeadLine]) -> int:
    """The number of the line with which the preface begins; without one the number of lines."""
    spoken = [number for number, candidate in enumerate(candidates) if candidate.is_spoken]
    inside = [number for number in spoken if candidates[number].is_inside]
    return min(inside or spoken, default=len(candidates))


def _is_sentence(line: TextLine) -> bool:
    """Whether a line is a sentence, as a preface is, and no label or button."""
    text = squeeze(line.text)
    if _SENTENCE.search(text):
        return True
    if len(text) < _SHORTEST_OPENING:
        return False
    return _OPENING.match(text) is not None
