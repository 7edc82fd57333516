"""Which lines of a page are the report's and which the page's own: by where they stand more than by their words.

The article is the innermost part of the page that holds all headings of the report. Under the title
and outside the article, or before its first sentence, stand share bars, versions and downloads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from govdisclose.read.published.document import TextLine
from govdisclose.read.published.masthead import Title, split_preface
from govdisclose.read.tables.labels import squeeze

Trail = tuple[int, ...]

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
    common = 0
    # A line is in the part that its trail names; of a single heading that may be the line itself.
    spare = 1 if len(trails) == 1 else 0
    while all(
        len(trail) > common + spare and trail[common] == trails[0][common] for trail in trails
    ):
        common += 1
    return trails[0][:common]


def is_inside(line: TextLine, article: Trail) -> bool:
    """Whether a line stands in the article."""
    return line.trail[: len(article)] == article


def split_head(lines: Sequence[TextLine], title: Title | None, article: Trail) -> Head:
    """The lines between the title and section one: the preface begins with the article's first sentence.

    A sentence outside the article counts only where the article has none before its first heading.
    """
    own = [is_own or line.linked for line, is_own in split_preface(lines, title)]
    spoken = [index for index, line in enumerate(lines) if not own[index] and _is_spoken(line)]
    inside = [index for index in spoken if is_inside(lines[index], article)]
    start = min(inside or spoken, default=len(lines))
    preface: list[TextLine] = []
    page: list[TextLine] = []
    for index, line in enumerate(lines):
        misplaced = bool(inside) and not is_inside(line, article)
        if own[index] or index < start or misplaced:
            page.append(line)
        else:
            preface.append(line)
    return Head(tuple(preface), tuple(page))


def _is_spoken(line: TextLine) -> bool:
    """Whether a line is a sentence, as a preface is, and no label or button."""
    text = squeeze(line.text)
    if _SENTENCE.search(text):
        return True
    return len(text) >= _SHORTEST_OPENING and _OPENING.match(text) is not None
