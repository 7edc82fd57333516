"""How the characters of a paragraph of the Word report are spaced, so that none of its lines is stretched.

Where a number with its unit does not fit at the end of a line, it is carried to the next one, and a
justified line is stretched. A typist then sets the paragraph a little tighter, and the number fits on
the line, or stands elsewhere. This module breaks a paragraph into lines as Word and LibreOffice do,
and chooses the spacing. Lengths are points unless a name says otherwise.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import accumulate
from math import inf

from attrs import frozen

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.line_breaks import LATIN, NOT_FIRST, NOT_LAST

NORMAL, TIGHT, TIGHTER = "", "紧", "更紧"
SPACINGS = {NORMAL: -5, TIGHT: -13, TIGHTER: -23}
"""Twips (1/20 pt) between two characters: 28, 28.8 and 29.8 characters of 16 pt on a line."""

_CLOSER = (TIGHT, TIGHTER)

_TWIP = 1 / 20
_USUAL = SPACINGS[NORMAL] * _TWIP
_SIZE = 16.0
"""The size of the characters; digits and Latin letters are half as wide."""

_LINE = 156 * 72 / 25.4
"""The width of a line."""

_ROUNDED = (0.0, 2.4)
"""What a program may lose of a line by rounding: a spacing has to serve with and without the loss."""

_INDENT = 2 * _SIZE
"""What the first line of a paragraph leaves free."""

OFFICE_ROOM = _SIZE / 5
"""The room that LibreOffice leaves between a Chinese character and a digit or Latin letter. In Word the
settings of the document close it, and LibreOffice 7 does not read them."""

_GOOD = 1.5 * _SIZE
"""The room at the end of a line that may be shared out among its characters."""

_VISIBLE = 2.0 * _SIZE
"""A line with more room than this at its end is not justified."""

_BROKEN = _LINE
"""The room that stands for a line that ends inside a group: worse than any other."""

_MAY_NOT_END = frozenset(NOT_LAST + LATIN)
_MAY_NOT_BEGIN = frozenset(NOT_FIRST)
_NARROW = LazyPattern(r"[\x00-~]")
_CHANGES = LazyPattern(r"(?<=[0-9A-Za-z])(?=[一-鿿])|(?<=[一-鿿])(?=[0-9A-Za-z])")
_NARROW_ENDS = LazyPattern(r"(?<=[!-~])(?=[^!-~])|(?<=[^!-~])(?=[!-~])")
_KNOWN_WIDTHS = LazyPattern("[!-~一-鿿、。〈-】〔〕〖〗！（），：；？“”‘’％]+")
_LONG_GROUP = LazyPattern(r"[!-~〔]|[，。；：！？、”’）》」』]{2}")
"""What a line may have to leave to the next one with more than one character: most paragraphs have none."""


@frozen
class Fit:
    """The spacing of a paragraph, a key of ``SPACINGS``, and whether ``NORMAL`` stretches a line visibly.

    A template that knows no other spacing should set a ``ragged`` paragraph ragged right.
    """

    spacing: str
    ragged: bool


@frozen
class OfficeFit:
    """The spacing of a paragraph in LibreOffice, in twips, and whether its lines are justified."""

    spacing: int
    ragged: bool


@frozen
class OfficeLines:
    """The lines of a paragraph in LibreOffice: the spacing, in twips, and where they end.

    ``ends`` counts characters; the end of the text is the last one.
    """

    spacing: int
    ends: tuple[int, ...]


_PLAIN = Fit(NORMAL, ragged=False)
_OFFICE_SPACINGS = (-5, -6, -9, -2, -10, -1, 0, -13, -14, 1, 2, -17, -18, -19, 5, 6, -22, -23)
"""The spacings for LibreOffice in twips, the usual one first: those that LibreOffice keeps when it counts
in hundredths of a millimetre."""

_ALIKE = 5
"""Twips between two spacings that look alike."""


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
    narrow = [found.start() for found in _NARROW.finditer(text)]
    usual = _word_ends(text, narrow, NORMAL)
    normal = _widest_word_gap(text, usual, usual)
    if normal <= _GOOD:
        return _PLAIN
    best = NORMAL
    least = normal
    for spacing in _CLOSER:
        ends = _word_ends(text, narrow, spacing)
        gap = _widest_word_gap(text, ends, usual)
        if gap < least and gap <= _VISIBLE:
            best = spacing
            least = gap
        if gap <= _GOOD:
            break
    return Fit(best, ragged=normal > _VISIBLE)


def _word_ends(text: str, narrow: Iterable[int], spacing: str) -> list[float]:
    """The ends of the characters in Word, were all on one line; the first is 0.

    Word leaves no room at changes of script. ``narrow`` are the characters of half the width.
    """
    between = SPACINGS[spacing] * _TWIP
    widths = [_SIZE + between] * len(text)
    for place in narrow:
        widths[place] -= _SIZE / 2
    return [0.0, *accumulate(widths)]


def _widest_word_gap(text: str, ends: Sequence[float], usual: Sequence[float]) -> float:
    """The most room at the end of a line in Word, however it rounds; the first one that is visible.

    The characters end at ``ends``, and with the usual spacing, which measures the room, at ``usual``.
    """
    last = ends[-1]
    widest = 0.0
    for loss in _ROUNDED:
        start = 0
        free = _LINE - loss - _INDENT
        while ends[start] + free < last:
            end = bisect_right(ends, ends[start] + free, start) - 1
            cut = _last_break(text, start, end)
            gap = free - usual[cut] + usual[start]
            if gap > _VISIBLE:
                return gap
            if gap > widest:
                widest = gap
            start = cut
            free = _LINE - loss
    return widest


def office_fit(text: str) -> OfficeFit:
    """The spacing with which LibreOffice stretches no line of ``text``.

    Unlike a template, a document that is only printed may use any spacing.
    """
    spacing, gap = _best(_setting(text, OFFICE_ROOM), _OFFICE_SPACINGS)
    return OfficeFit(spacing, ragged=gap > _VISIBLE)


def office_lines(text: str) -> OfficeLines | None:
    """The lines of ``text`` in LibreOffice, with a spacing for which no rounding changes them.

    It is as close as possible to the spacing of ``office_fit``. ``None`` if no spacing close to it
    makes lines that are certain, or if the width of a character depends on its font.
    """
    if not _KNOWN_WIDTHS.fullmatch(text):
        return None
    fitted = office_fit(text).spacing
    setting = _setting(text, OFFICE_ROOM)
    for spacing in sorted(_OFFICE_SPACINGS, key=lambda spacing: abs(spacing - fitted)):
        if abs(spacing - fitted) > _ALIKE:
            return None
        if _widest_gap(setting, spacing, _GOOD) <= _GOOD:
            endings = {_line_ends(setting, spacing, loss) for loss in _ROUNDED}
            if len(endings) == 1:
                return OfficeLines(spacing, endings.pop())
    return None


@frozen
class _Setting:
    """A text as a program sets it, with ``room`` at each of ``changes`` of script.

    ``places`` are the ends of the characters, were all on one line and without spacing between them;
    the first is 0. The room at a change belongs to the character after it. ``spaces`` counts the
    characters with spacing at them: LibreOffice has none where narrow characters begin and end.
    """

    text: str
    places: Sequence[float]
    spaces: Sequence[int]
    changes: Set[int]
    room: float


def _setting(text: str, room: float) -> _Setting:
    """The text in a program that leaves ``room`` at changes of script."""
    widths = [_SIZE] * len(text)
    for narrow in _NARROW.finditer(text):
        widths[narrow.start()] = _SIZE / 2
    changes = {change.start() for change in _CHANGES.finditer(text)}
    for change in changes:
        widths[change] += room
    spaced = [1] * len(text)
    for end in _NARROW_ENDS.finditer(text):
        spaced[end.start()] = 0
    return _Setting(text, [0.0, *accumulate(widths)], [0, *accumulate(spaced)], changes, room)


def _best(setting: _Setting, spacings: Iterable[int], too_much: float = inf) -> tuple[int, float]:
    """The first good one of ``spacings``, or the best, and the most room that it leaves."""
    gaps = {}
    for spacing in spacings:
        gaps[spacing] = _widest_gap(setting, spacing, too_much)
        if gaps[spacing] <= _GOOD:
            return spacing, gaps[spacing]
    best = min(gaps, key=lambda spacing: gaps[spacing])
    return best, gaps[best]


def _widest_gap(setting: _Setting, spacing: int, too_much: float) -> float:
    """The most room at the end of a line, however a program rounds; the first one above ``too_much``."""
    between = spacing * _TWIP
    ends = _spaced_places(setting, between)
    widest = 0.0
    for loss in _ROUNDED:
        for _, gap in _lines(setting, between, ends, _LINE - loss):
            widest = max(widest, gap)
            if widest > too_much:
                return widest
    return widest


def _line_ends(setting: _Setting, spacing: int, loss: float) -> tuple[int, ...]:
    """Where lines end that are shorter by ``loss``."""
    between = spacing * _TWIP
    ends = _spaced_places(setting, between)
    return tuple(end for end, _ in _lines(setting, between, ends, _LINE - loss))


def _spaced_places(setting: _Setting, between: float) -> list[float]:
    """The ends of the characters, were all on one line, with a spacing of ``between``."""
    spaced = zip(setting.places, setting.spaces, strict=True)
    return [place + between * count for place, count in spaced]


def _lines(
    setting: _Setting, between: float, ends: Sequence[float], line: float
) -> Iterator[tuple[int, float]]:
    """Where each line ends, and the room it would leave there with the usual spacing; the last leaves none.

    The lines are as wide as ``line``, and those of a spacing of ``between``, with which the characters
    end at ``ends``. However wide it is, a justified line fills the room: the usual spacing is the
    measure of how far it is stretched.
    """
    text, spaces, changes = setting.text, setting.spaces, setting.changes
    start = 0
    free = line - _INDENT
    while True:
        edge = ends[start] + free
        if start in changes:
            edge += setting.room - between
        end = bisect_right(ends, edge, start) - 1
        if end >= len(text):
            yield len(text), 0.0
            return
        is_without_room = end in changes and edge - ends[end] < setting.room
        if is_without_room and text[end - 1] in _MAY_NOT_END:
            # LibreOffice ends a line after digits, whatever follows, if the room after them does not fit.
            yield end, _BROKEN
            return
        cut = _last_break(text, start, end)
        shared = spaces[cut] - spaces[start]
        yield cut, edge - ends[cut] + (between - _USUAL) * shared
        start = cut
        free = line


def _last_break(text: str, start: int, end: int) -> int:
    """The last place up to ``end`` where a line may end; ``end`` itself if there is none."""
    for place in range(end, start, -1):
        if text[place - 1] not in _MAY_NOT_END and text[place] not in _MAY_NOT_BEGIN:
            return place
    return end
