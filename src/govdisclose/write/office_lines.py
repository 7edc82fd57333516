"""Where LibreOffice ends the lines of a paragraph, and a spacing for each, so that all look alike.

A number with its unit that does not fit at the end of a line is carried to the next one. A typist
then sets a line or two a little tighter or wider. Word has one spacing for a paragraph; a document
that is only printed may have one for each line. Lengths are points unless a name says otherwise.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import accumulate

from attrs import frozen

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.write.line_fit import (
    GOOD_ROOM,
    INDENT,
    LINE,
    MAY_NOT_BEGIN,
    MAY_NOT_END,
    NARROW,
    NORMAL,
    OFFICE_ROOM,
    ROUNDED,
    SIZE,
    SPACINGS,
    TWIP,
    USUAL_SPACING,
    VISIBLE_ROOM,
)


def _kept(twips: int) -> bool:
    """Whether LibreOffice keeps a spacing when it counts in hundredths of a millimetre."""
    hundredths = round(twips * 127 / 72)
    return int(hundredths * 72 / 127) == twips


_WIDEST_FIRST = tuple(filter(_kept, range(32, -24, -1)))
"""Twips between two characters."""

_USUAL_TWIPS = SPACINGS[NORMAL]
_WIDEST, _TIGHTEST = _WIDEST_FIRST[0] * TWIP, _WIDEST_FIRST[-1] * TWIP
_LOSS = max(ROUNDED)

_REACH = LINE - 60 * _TIGHTEST
"""How wide a line could be without spacing: none has 60 characters with spacing between them."""

_WIDEST_RAGGED = 6
"""The most twips where lines are not justified."""

_UNLIKE_BEFORE = 0.5
"""How much a difference between two lines counts, beside that from the usual spacing."""

_RAGGED = 100.0
"""The cost of a line that cannot be justified."""

_SHORTEST = 3 * SIZE
_LONELY = 0.6
"""The cost of a last line that is shorter than three characters, mark included."""

_LINE_COST = 1.5
"""The cost of every line where one has to be gained: as much as three lines that are 4 % closer."""

_KNOWN_WIDTHS = LazyPattern("[!-~一-鿿、。〈-】〔〕〖〗！（），：；？“”‘’％]+")

_ROUGH = LazyPattern("(?<=[0-9])(?=[余多几][一-鿿])")
"""Inside a rough number such as 5500余条, where a line ends only if it would be ragged otherwise."""

_CHANGES = LazyPattern(r"(?<=[0-9A-Za-z])(?=[一-鿿])|(?<=[一-鿿])(?=[0-9A-Za-z])")
_NARROW_ENDS = LazyPattern(r"(?<=[!-~])(?=[^!-~])|(?<=[^!-~])(?=[!-~])")


@frozen
class OfficeLine:
    """A line: where it ends in the text, and its spacing in twips.

    LibreOffice ends it there only if the paragraph ``is_divided`` after it.
    """

    end: int
    spacing: int
    is_divided: bool = False


@frozen
class OfficeLines:
    """The lines of a paragraph.

    Those of a ``ragged`` one are not justified. The lines are ``certain`` if no rounding and no
    font changes them.
    """

    lines: tuple[OfficeLine, ...]
    ragged: bool
    certain: bool


@frozen
class _Setting:
    """A text as LibreOffice sets it, with ``OFFICE_ROOM`` at each of ``changes`` of script.

    ``places`` are the ends of the characters, were all on one line and without spacing between
    them; the first is 0. The room at a change belongs to the character after it. ``spaces`` counts
    the characters with spacing at them: LibreOffice has none where narrow characters begin and end.
    Every line costs ``line_cost``.
    """

    text: str
    places: Sequence[float]
    spaces: Sequence[int]
    changes: Set[int]
    line_cost: float


@frozen
class _Way:
    """The best way to fill lines up to some place: its cost, its last line, and the way before."""

    cost: float
    end: int
    spacing: float
    before: _Way | None


@frozen
class _Measure:
    """A line from ``start`` to ``end``: its free room, shared by ``count`` characters."""

    start: int
    end: int
    free: float
    count: int

    @property
    def spacing(self) -> float:
        """The spacing that fills the line."""
        return self.free / max(1, self.count)

    @property
    def room(self) -> float:
        """What the usual spacing would leave at its end."""
        return self.free - USUAL_SPACING * self.count


def office_lines(text: str, *, may_divide: bool = True, shorten: bool = False) -> OfficeLines:
    """The lines of ``text`` whose spacing differs least from the usual one, and from line to line.

    If a line were ragged, and the paragraph ``may_divide`` into several, one may end in a rough
    number. With ``shorten`` the lines are closer if that saves one.
    """
    if not text:
        return OfficeLines((), ragged=False, certain=False)
    setting = _set_text(text, shorten=shorten)
    ends = {place for place in range(1, len(text)) if _line_may_end(text, place)}
    found = _lines_ending(setting, ends, frozenset())
    if not found.ragged or not may_divide:
        return found
    rough = {place.start() for place in _ROUGH.finditer(text)}
    divided = _lines_ending(setting, ends, rough)
    if divided.certain and not divided.ragged:
        return divided
    return found


def _lines_ending(setting: _Setting, ends: Set[int], rough: Set[int]) -> OfficeLines:
    """The lines that end at some of ``ends``, or in a ``rough`` number, with the spacing of each."""
    measures = _best_lines(setting, sorted(ends | rough))
    widest_room = max((measure.room for measure in measures[:-1]), default=0.0)
    ragged = widest_room > VISIBLE_ROOM
    certain = _KNOWN_WIDTHS.fullmatch(setting.text) is not None
    lines = []
    for measure in measures:
        is_divided = measure.end in rough
        candidates = _candidates(setting, measure, ragged=ragged)
        spacing = _spacing(setting, measure, candidates, is_divided=is_divided)
        if spacing is None:
            certain = False
            spacing = _USUAL_TWIPS
        lines.append(OfficeLine(measure.end, spacing, is_divided))
    return OfficeLines(tuple(lines), ragged, certain)


def _candidates(setting: _Setting, measure: _Measure, *, ragged: bool) -> Sequence[int]:
    """The spacings for a line, in twips, the best one first.

    A line that is justified has the widest one that fits: it should have little left to share out.
    """
    if measure.end == len(setting.text):
        return [twips for twips in _WIDEST_FIRST if twips <= _USUAL_TWIPS]
    if not ragged:
        return _WIDEST_FIRST
    close = [twips for twips in _WIDEST_FIRST if twips <= _WIDEST_RAGGED]
    if measure.room > VISIBLE_ROOM:
        close.sort(key=lambda twips: abs(twips - _USUAL_TWIPS))
    return close


def _set_text(text: str, *, shorten: bool) -> _Setting:
    widths = [SIZE] * len(text)
    for narrow in NARROW.finditer(text):
        widths[narrow.start()] = SIZE / 2
    changes = {change.start() for change in _CHANGES.finditer(text)}
    for change in changes:
        widths[change] += OFFICE_ROOM
    spaced = [1] * len(text)
    for end in _NARROW_ENDS.finditer(text):
        spaced[end.start()] = 0
    places = [0.0, *accumulate(widths)]
    line_cost = _LINE_COST if shorten else 0.0
    return _Setting(text, places, [0, *accumulate(spaced)], changes, line_cost)


def _line_may_end(text: str, place: int) -> bool:
    """Whether a line may end at a place inside a text."""
    return text[place - 1] not in MAY_NOT_END and text[place] not in MAY_NOT_BEGIN


def _best_lines(setting: _Setting, ends: Sequence[int]) -> list[_Measure]:
    """The lines of least cost, in their order. Each ends at one of ``ends`` or with the text."""
    length = len(setting.text)
    ways: dict[int, _Way] = {0: _Way(0.0, 0, USUAL_SPACING, None)}
    places = [*ends, length]
    for start in (0, *places[:-1]):
        way = ways.get(start)
        if way is None:
            continue
        for measure in _possible(setting, start, places):
            cost = way.cost + setting.line_cost + _cost(way, measure, length)
            known = ways.get(measure.end)
            if known is None or cost < known.cost:
                ways[measure.end] = _Way(cost, measure.end, measure.spacing, way)
    return _measures(setting, ways[length])


def _measures(setting: _Setting, way: _Way) -> list[_Measure]:
    found = []
    while way.before is not None:
        found.append(_measure(setting, way.before.end, way.end))
        way = way.before
    found.reverse()
    return found


def _possible(setting: _Setting, start: int, places: Sequence[int]) -> Iterator[_Measure]:
    """The lines from ``start``, the longest first, until one leaves too much room.

    A word that is longer than a line is one line here, whatever LibreOffice does with it.
    """
    first = bisect_right(places, start)
    farthest = bisect_right(setting.places, setting.places[start] + _REACH)
    fits = False
    for index in range(bisect_right(places, farthest) - 1, first - 1, -1):
        measure = _measure(setting, start, places[index])
        if measure.spacing < _TIGHTEST:
            continue
        fits = True
        yield measure
        if measure.room > GOOD_ROOM:
            return
    if not fits:
        yield _measure(setting, start, places[first])


def _measure(setting: _Setting, start: int, end: int) -> _Measure:
    free = LINE - _LOSS - (setting.places[end] - setting.places[start])
    count = setting.spaces[end] - setting.spaces[start]
    if start == 0:
        free -= INDENT
    if start in setting.changes:
        free += OFFICE_ROOM
        count += 1
    return _Measure(start, end, free, count)


def _cost(way: _Way, measure: _Measure, length: int) -> float:
    spacing = measure.spacing
    if measure.end == length:
        cost = min(0.0, spacing - USUAL_SPACING) ** 2
        if measure.start and LINE - measure.free < _SHORTEST:
            cost += _LONELY
        return cost
    cost = (spacing - USUAL_SPACING) ** 2
    if way.before is not None:
        cost += _UNLIKE_BEFORE * (spacing - way.spacing) ** 2
    if measure.room > VISIBLE_ROOM:
        cost += _RAGGED
    return cost


def _spacing(
    setting: _Setting, measure: _Measure, candidates: Iterable[int], *, is_divided: bool
) -> int | None:
    """The first spacing, in twips, with which LibreOffice ends the line where it should end."""
    is_end = is_divided or measure.end == len(setting.text)
    for twips in candidates:
        between = twips * TWIP
        if _fits(measure, between) and (is_end or _next_does_not_fit(setting, measure, between)):
            return twips
    return None


def _fits(measure: _Measure, between: float) -> bool:
    """Whether the line fits, also with a wide spacing where narrow characters begin and end."""
    count = measure.count
    if between > 0:
        count = measure.end - measure.start
    return between * count <= measure.free


def _next_does_not_fit(setting: _Setting, measure: _Measure, between: float) -> bool:
    """Whether the line ends there with some spacing, however LibreOffice rounds.

    LibreOffice ends a line after digits, whatever follows, if the room after them does not fit.
    What follows has the spacing of the next line, which may be any.
    """
    free = measure.free - between * measure.count
    for end in range(measure.end + 1, len(setting.text) + 1):
        longer = _measure(setting, measure.start, end)
        taken = measure.free - longer.free
        count = longer.count - measure.count
        if free + _LOSS < taken + _TIGHTEST * count:
            return True
        if end == len(setting.text) or _line_may_end(setting.text, end):
            return False
        has_no_room = free - taken - _WIDEST * count < OFFICE_ROOM + _LOSS
        if end in setting.changes and has_no_room and setting.text[end - 1] in MAY_NOT_END:
            return False
    return True
