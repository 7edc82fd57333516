"""Where a line of prose must not end: inside numbers with their units, dates, and Latin words.

Word and WPS take the lists of characters from the settings of a document, LibreOffice from its own
settings, and a web page needs every group marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from govdisclose.lazy_pattern import LazyPattern

NOT_FIRST = "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
"""Characters that begin no line: the closing punctuation that Word has for Chinese."""

NOT_LAST = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥0123456789〕万亿余第-"
"""Characters that end no line: the opening punctuation that Word has for Chinese, digits, and the
characters inside an amount (万, 亿, 余) or a number of a document (〕, 第). Word accepts 50 characters
at most. A line may end after a year and after a month (2022年|12月|31日): a whole date carried to the
next line would leave a gap of six characters, and its day one of four.
"""

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
"""Width, in Chinese characters, of the longest group that is never broken: a longer address has to
be broken on a narrow screen.
"""


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


def _width(text: str) -> float:
    """The width of ``text`` in Chinese characters: Latin letters and digits have half of it."""
    narrow = len(text.encode("ascii", "ignore"))
    return len(text) - narrow / 2
