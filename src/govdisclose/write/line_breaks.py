"""Where a line of prose must not end: inside numbers with their units, dates, and Latin words.

Word and WPS take the lists of characters from the settings of a document, LibreOffice from its own
settings, and a web page needs every group marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from govdisclose.lazy_pattern import LazyPattern

NOT_FIRST = "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
"""Characters that begin no line: the closing punctuation that Word has for Chinese."""

NOT_LAST = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥0123456789〕月万亿余第-"
"""Characters that end no line: the opening punctuation that Word has for Chinese, digits, and the
characters inside a day (月), an amount (万, 亿, 余) or a number of a document (〕, 第). Word accepts 50
characters at most. A line may end after a year (2022年|1月17日): a whole date carried to the next line
would leave a gap of six characters."""

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/:.,@_=&#+~"
"""What Latin words and addresses consist of, for a program that breaks them like Chinese text."""

_SIGN = "[0-9０-９]"
_NUMBER = rf"{_SIGN}(?:{_SIGN}|[,.:/-](?={_SIGN}))*"
_UNITS = "人次|件次|条次|篇次|小时|分钟|公里|公顷|平方米|美元|个月|工作日|[一-鿿]"
_FIRST = r"(?=[〔\[（(第0-9０-９A-Za-z])"
"""The characters with which a group begins: the search passes over all others at once."""
_GROUPS = LazyPattern(
    rf"{_FIRST}(?:"
    + "|".join(
        (
            rf"[〔\[（(]{_SIGN}{{3,4}}[〕\]）)]第?{_NUMBER}号?",  # 〔2021〕30号, （0475）8313213
            rf"第{_NUMBER}[一-鿿]?",  # 第711号
            rf"(?:{_SIGN}{{2,4}}年)?{_SIGN}{{1,2}}月(?:{_SIGN}{{1,2}}日)?",  # 2022年1月17日
            r"[0-9]*[A-Za-z][!-~]*",  # a Latin word or an address
            rf"{_NUMBER}(?:[%％‰℃]|余?[万亿]*(?:{_UNITS})?)",  # 3119件, 100%, 96171.6万元
        )
    )
    + ")"
)

_WHOLE_UP_TO = 8.0
"""Width, in Chinese characters, of the longest group that is never broken: a longer address has to be
broken on a narrow screen."""

_LINE = 28.0
"""Chinese characters on a line of the Word report."""

_INDENT = 2.0
"""Those that the first line of a paragraph leaves free."""

_STRETCHING = 3.0
"""The room, in Chinese characters, that a justified line can share out among its characters: each gets
an eighth more. More than that is seen."""

_UNCERTAIN = 0.7
"""Punctuation that is not counted here, and a font with other digits, move a group by so much."""

_AROUND_LATIN = {"Word": 0.0, "LibreOffice": 0.2}
"""The room that a program leaves between Chinese and other characters: the settings of the document
close it, and LibreOffice does not read them."""

_LATIN_BEGINS = LazyPattern("(?<=[^ -~])[!-~]")
_LATIN_ENDS = LazyPattern("[!-~](?=[^ -~])")
"""Where Latin characters follow Chinese ones, and where Chinese ones follow them."""

_YEAR = LazyPattern(rf"{_SIGN}{{2,4}}年(?={_SIGN})")
"""The year of a date, after which a line of the Word report may end."""

_OPENING = "([{‘“〈《「『【〔〖〝（［｛"


class Piece(NamedTuple):
    """A piece of a text; if ``whole``, no line may end inside it."""

    text: str
    whole: bool


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of ``text`` in order; together they are the text.

    Examples:
        >>> [piece.text for piece in pieces("共收到3119件，已于2022年1月17日公布。")]
        ['共收到', '3119件', '，已于', '2022年1月17日', '公布。']
    """
    done = 0
    for group in _GROUPS.finditer(text):
        if group.start() > done:
            yield Piece(text[done : group.start()], whole=False)
        whole = len(group[0]) > 1 and _width(group[0]) <= _WHOLE_UP_TO
        yield Piece(group[0], whole)
        done = group.end()
    if done < len(text):
        yield Piece(text[done:], whole=False)


def stretches(text: str) -> bool:
    """Whether a line of ``text`` would be stretched visibly if the paragraph were justified.

    That is so where a long group, such as a telephone number or an address, does not fit at the end
    of a line and is carried to the next one. The lines are those of the Word report.

    Examples:
        >>> stretches("咨询电话0475-8313213。")
        False
        >>> stretches("全年公开情况和有关意见建议请向本机关办公室反映，咨询电话0475-8313213。")
        True
    """
    if not any(map(_is_long, _GROUPS.findall(text))):
        return False
    parts = list(_measured(text))
    return any(_leaves_a_gap(parts, room) for room in _AROUND_LATIN.values())


def _leaves_a_gap(parts: Sequence[_MeasuredPart], room: float) -> bool:
    """Whether a line may end with a visible gap, with ``room`` between Chinese and Latin characters."""
    place = _INDENT
    for part in parts:
        place = _flowed(place, part.before.set_width(room))
        width = part.whole.set_width(room)
        if part.is_long and _may_leave_a_gap(place, width):
            return True
        is_carried = place + width > _LINE
        place = width if is_carried else place + width
    return False


def _is_long(group: str) -> bool:
    """Whether a group leaves a visible gap at the end of a line, if it is carried to the next one."""
    return len(group) > _STRETCHING and _width(group) > _STRETCHING


class _WholePart(NamedTuple):
    """A part of a text that stays on one line; ``is_long`` without the punctuation at it."""

    start: int
    end: int
    is_long: bool


def _unbroken(text: str) -> Iterator[_WholePart]:
    """Groups with the punctuation at them. A line may end after the year of a date."""
    for group in _GROUPS.finditer(text):
        start, end = group.span()
        year = _YEAR.match(group[0])
        if year:
            yield _WholePart(start, start + year.end(), is_long=False)
            start += year.end()
        is_long = _is_long(text[start:end])
        if text[start - 1 : start] in _OPENING:
            start -= len(text[start - 1 : start])
        if text[end : end + 1] in NOT_FIRST:
            end += len(text[end : end + 1])
        yield _WholePart(start, end, is_long)


class _TextExtent(NamedTuple):
    """The width of a text, and how often it changes between Chinese and Latin characters."""

    width: float
    changes: int

    def set_width(self, room: float) -> float:
        """The width with ``room`` at every change."""
        return self.width + room * self.changes


class _MeasuredPart(NamedTuple):
    """A part that stays on one line, and the text between it and the part before."""

    before: _TextExtent
    whole: _TextExtent
    is_long: bool


def _measured(text: str) -> Iterator[_MeasuredPart]:
    """The parts of ``text`` that stay on one line, with their extents."""
    done = 0
    for part in _unbroken(text):
        before = _extent(text[done : part.start])
        whole = _extent(text[part.start : part.end])
        yield _MeasuredPart(before, whole, part.is_long)
        done = part.end


def _extent(text: str) -> _TextExtent:
    changes = len(_LATIN_BEGINS.findall(text)) + len(_LATIN_ENDS.findall(text))
    return _TextExtent(_width(text), changes)


def _flowed(place: float, width: float) -> float:
    """The place after ``width`` of text that may end a line anywhere."""
    end = place + width
    while end > _LINE:
        end -= _LINE
    return end


def _may_leave_a_gap(place: float, width: float) -> bool:
    """Whether a group at ``place`` of a line may be carried to the next one, and leave a visible gap."""
    may_be_carried = place + _UNCERTAIN + width > _LINE
    return may_be_carried and _LINE - place > _STRETCHING


def _width(text: str) -> float:
    """The width of ``text`` in Chinese characters: Latin letters and digits have half of it."""
    narrow = len(text.encode("ascii", "ignore"))
    return len(text) - narrow / 2
