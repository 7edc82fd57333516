"""How the characters of a paragraph of the Word report are spaced, so that none of its lines is
stretched.

Where a number with its unit does not fit at the end of a line, it is carried to the next one, and a
justified line is stretched. A typist then sets the paragraph a little tighter, and the number fits
on the line, or stands elsewhere. This module breaks a paragraph into lines as Word does, and
chooses the spacing. Lengths are points unless a name says otherwise.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from attrs import frozen

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.line_breaks import LATIN, NOT_FIRST, NOT_LAST

NORMAL, TIGHT, TIGHTER = "", "紧", "更紧"
SPACINGS = {NORMAL: -5, TIGHT: -13, TIGHTER: -23}
"""Twips (1/20 pt) between two characters: 28, 28.8 and 29.8 characters of 16 pt on a line."""

_CLOSER = (TIGHT, TIGHTER)

TWIP = 1 / 20
"""Points."""

USUAL_SPACING = SPACINGS[NORMAL] * TWIP
SIZE = 16.0
"""The size of the characters; digits and Latin letters are half as wide."""

LINE = 156 * 72 / 25.4
"""The width of a line."""

ROUNDED = (0.0, 2.4)
"""What a program may lose of a line by rounding: a spacing has to serve with and without the loss."""

INDENT = 2 * SIZE
"""What the first line of a paragraph leaves free."""

OFFICE_ROOM = SIZE / 5
"""The room that LibreOffice leaves between a Chinese character and a digit or Latin letter. In Word
the settings of the document close it, and LibreOffice 7 does not read them.
"""

GOOD_ROOM = 1.5 * SIZE
"""The room at the end of a line that may be shared out among its characters."""

VISIBLE_ROOM = 2.0 * SIZE
"""A line with more room than this at its end is not justified."""

MAY_NOT_END = frozenset(NOT_LAST + LATIN)
MAY_NOT_BEGIN = frozenset(NOT_FIRST)
NARROW = LazyPattern(r"[\x00-~]")
_LONG_GROUP = LazyPattern(r"[!-~〔]|[，。；：！？、”’）》」』]{2}")
"""What a line may have to leave to the next one with more than one character: most paragraphs have
none.
"""


@frozen
class Fit:
    """The spacing of a paragraph, a key of ``SPACINGS``, and whether ``NORMAL`` stretches a line
    visibly.

    A template that knows no other spacing should set a ``ragged`` paragraph ragged right.
    """

    spacing: str
    ragged: bool


_PLAIN = Fit(NORMAL, ragged=False)


def fit(text: str) -> Fit:
    """The spacing with which Word stretches no line of ``text``.

    Examples:
        >>> fit("咨询电话0475-8313213。")
        Fit(spacing='', ragged=False)
        >>> fit("市政府各部门通过门户网站全年主动公开政府信息5500余条，编印市政府公报6期。")
        Fit(spacing='更紧', ragged=True)
    """
    if not _LONG_GROUP.search(text):
        return _PLAIN
    narrow = [found.start() for found in NARROW.finditer(text)]
    usual = _word_ends(text, narrow, NORMAL)
    normal = _widest_word_gap(text, usual, usual)
    if normal <= GOOD_ROOM:
        return _PLAIN
    best = NORMAL
    least = normal
    for spacing in _CLOSER:
        ends = _word_ends(text, narrow, spacing)
        gap = _widest_word_gap(text, ends, usual)
        if gap < least and gap <= VISIBLE_ROOM:
            best = spacing
            least = gap
        if gap <= GOOD_ROOM:
            break
    return Fit(best, ragged=normal > VISIBLE_ROOM)


def _word_ends(text: str, narrow: Iterable[int], spacing: str) -> list[float]:
    """The ends of the characters in Word, were all on one line; the first is 0.

    Word leaves no room at changes of script. ``narrow`` are the characters of half the width.
    """
    between = SPACINGS[spacing] * TWIP
    widths = [SIZE + between] * len(text)
    for place in narrow:
        widths[place] -= SIZE / 2
    return [0.0, *accumulate(widths)]


def _widest_word_gap(text: str, ends: Sequence[float], usual: Sequence[float]) -> float:
    """The most room that something carried to the next line leaves in Word, however it rounds.

    The first room that is visible is enough. A line that carries nothing leaves less than a
    character, which is no room. The characters end at ``ends``, and with the usual spacing, which
    measures the room, at ``usual``.
    """
    last = ends[-1]
    widest = 0.0
    for loss in ROUNDED:
        start = 0
        free = LINE - loss - INDENT
        while ends[start] + free < last:
            cut = bisect_right(ends, ends[start] + free, start) - 1
            if text[cut - 1] in MAY_NOT_END or text[cut] in MAY_NOT_BEGIN:
                cut = _last_break(text, start, cut)
                gap = free - usual[cut] + usual[start]
                if gap > VISIBLE_ROOM:
                    return gap
                widest = max(widest, gap)
            start = cut
            free = LINE - loss
    return widest


def _last_break(text: str, start: int, end: int) -> int:
    """The last place up to ``end`` where a line may end; ``end`` itself if there is none."""
    for place in range(end, start, -1):
        if text[place - 1] not in MAY_NOT_END and text[place] not in MAY_NOT_BEGIN:
            return place
    return end
