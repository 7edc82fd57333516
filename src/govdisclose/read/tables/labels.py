"""Labels as printed → one spelling, so that the same label is found however an office types it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache

from govdisclose.lazy_pattern import LazyPattern

INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\u00ad]")
"""Characters that nobody sees: zero-width, direction marks, byte order mark, soft hyphen."""

_ORDINAL = re.compile(
    r"^(第[一二三四五六七八九十]+(部分|章)|[一二三四五六七八九十]{1,3}[、.:,]|\([一二三四五六七八九十\d]{1,2}\)[、.]?"
    r"|\d{1,2}[、.)])"
)
_NOTE = re.compile(r"\([^()]*\)?$")
_CHANGES = re.compile("其中|不含|不包括|除外|扣除|人次|十|百|千|亿|(?<!万)元")
"""Words in a note that change the meaning of its label: a part, another unit."""

_OF_CODES = re.compile("[0-9A-Za-z]")
"""A character that every code has at least one of."""

_BRACKETS = LazyPattern("[()\\[\\]{}<>〔〕【】〖〗〈〉《》「」『』]")

_UNIT_NOTE = LazyPattern(r"\((单位)?:?(件|条|份|宗|项|个|次|起|万元|件数|数量|金额)(/件)?\)$")
"""A note that says only what the figures count."""
_MARK = LazyPattern("[?!*#※★☆●○▲△◆◇■□]")
"""A sign that somebody has put beside a label: no text of the form and no hint of ours has one."""

LONGEST = 120
"""No label, note and all, has more characters; longer text is prose, and not worth remembering."""

_LONG = 40
"""Of the labels without notes few have more characters."""

REMEMBERED = 384
"""How many texts are remembered: a workbook has some 250 labels and hints, the rest are names."""


_ORDINARY = re.compile(r"[\u4e00-\u9fffA-Za-z0-9，：；（）,:;()。、“”《》—./%-]*")
"""A text of characters that half-width makes no others of, except for these in ``_WIDE``: nearly
every text, and normalizing takes ten times as long.
"""
_WIDE = (("，", ","), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")"))


def may_be_label(text: str) -> bool:
    """Whether a text may be a label: prose has a full stop inside that is in no brackets."""
    if len(text) <= _LONG:
        return True
    if len(text) > LONGEST:
        return False
    stop = text.find("。", 0, -1)
    if stop < 0:
        return True
    before = text[:stop]
    return "（" in before or "(" in before


def squeeze(text: str) -> str:
    """Full-width to half-width, no blanks and no invisible characters; letters otherwise unchanged."""
    if len(text) <= LONGEST:
        return _squeeze(text)
    return _squeeze.__wrapped__(text)


@lru_cache(maxsize=REMEMBERED)
def _squeeze(text: str) -> str:
    if _ORDINARY.fullmatch(text):
        for wide, half in _WIDE:
            text = text.replace(wide, half)
        return text
    half_width = unicodedata.normalize("NFKC", text)
    visible = INVISIBLE.sub("", half_width)
    return re.sub(r"\s+", "", visible)


def plain_code(text: str) -> str:
    """A code in half width and without blanks; usually the very text.

    Such a text is not remembered: a roster has many thousands.
    """
    if text.isascii() and text.isalnum():
        return text
    return squeeze(text)


def code_key(code: str | None) -> str:
    """A 统一社会信用代码 in one spelling: many people type its letters in lower case.

    The key of a code in capitals is the code itself, so it takes no memory. ``无`` or ``/`` in place
    of a code says that there is none.
    """
    plain = plain_code(code or "")
    if not _OF_CODES.search(plain):
        return ""
    capitals = plain.upper()
    return plain if plain == capitals else capitals


def name_key(name: str | None) -> str:
    """The name of an agency in one spelling: blanks, width and brackets do not count."""
    return _BRACKETS.sub("", squeeze(name or ""))


def label(text: str) -> str:
    """``（七）总 计`` → ``总计``: no ordinal, punctuation or blanks; too long a text gives nothing."""
    if len(text) <= LONGEST:
        return _label(text)
    return ""


@lru_cache(maxsize=REMEMBERED)
def _label(text: str) -> str:
    without_ordinal = _ORDINAL.sub("", squeeze(text))
    return re.sub(r"\W+", "", without_ordinal)


@lru_cache(maxsize=REMEMBERED)
def spellings(text: str) -> frozenset[str]:
    """The ways a cell's text may be meant: as it is, and without a bracketed note at its end."""
    if len(text) > LONGEST:
        return frozenset()
    plain = squeeze(text)
    note = _NOTE.search(plain)
    bare = plain
    if note and not _CHANGES.search(note[0]):
        bare = plain[: note.start()]
    found = {label(text), label(bare)}
    return frozenset(found - {""})


def is_bare_label(text: str, labels: Set[str]) -> bool:
    """Whether a text is one of the labels and says nothing more.

    A note in brackets and a question mark are somebody's words. The unit and other ordinals are
    not.
    """
    if text in labels:
        return True
    plain = squeeze(text)
    if len(plain) > LONGEST:
        return False
    if _MARK.search(plain):
        return False
    if label(_UNIT_NOTE.sub("", plain)) in labels:
        return True
    return label(plain) in labels
