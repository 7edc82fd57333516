"""N107: the ordinals of headings inside a prose section: （一） 1. （1）, each in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govdisclose.finding import Finding
from govdisclose.form.numerals import chinese_number
from govdisclose.form.reading import Reading
from govdisclose.form.report import Prose
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.rules.narrative import N107

_ORDINALS = (
    (2, re.compile(r"[（(]([一二三四五六七八九十]{1,3})[)）]"), "（{}）"),
    (3, re.compile(r"(\d{1,2})[.．、](?!\d)"), "{}."),
    (4, re.compile(r"[（(](\d{1,2})[)）]"), "（{}）"),
)
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]\S")
_BROKEN = re.compile(
    r"[)）]|[（(][一二三四五六七八九十\d]{1,3}(?![一二三四五六七八九十\d)）])\S|(?:[•●·■◆▪-]|—(?!—))\s*\S"
)
_ANY = re.compile(r"[（(一二三四五六七八九十\d)）•●·■◆▪—-]")
"""What every ordinal and every broken one begins with; most paragraphs begin with a word."""
_NUMERALS = "零一二三四五六七八九十"


def check_ordinals(reading: Reading) -> Iterator[Finding]:
    """Each prose section by itself; the preface has no headings."""
    for key in PROSE_SHEETS:
        if key == "preface":
            continue
        paragraphs: Prose = getattr(reading.report, key)
        texts = [paragraph.text.strip() for paragraph in paragraphs]
        for index, said in _faults(texts):
            path = f"{key}.{index}"
            place = reading.place(path)
            beginning = _beginning(texts[index])
            text = f"“{beginning}”：{said}"
            yield N107.finding(text, place, path=path, found=beginning)


def _beginning(text: str) -> str:
    """As much of a heading as a finding shows."""
    return text[:12]


def _faults(texts: list[str]) -> Iterator[tuple[int, str]]:
    """The index of each wrong heading, and what is wrong with it."""
    counters = {2: 0, 3: 0, 4: 0}
    for index, text in enumerate(texts):
        if not _ANY.match(text):
            continue
        if _SECTION.match(text):
            yield index, "“一、”是六个部分的序号，部分之内应从“（一）”起"
        elif _BROKEN.match(text):
            yield index, "标题序号不完整"
        for level, pattern, style in _ORDINALS:
            match = pattern.match(text)
            if match is None:
                continue
            number = _number(match[1])
            last = counters[level]
            said = _fault(number, last, level, style)
            if said:
                yield index, said
            for deeper in counters:
                if deeper > level:
                    counters[deeper] = 0
            counters[level] = number


def _number(written: str) -> int:
    """The number of an ordinal in digits or in Chinese numerals."""
    if written.isdecimal():
        return int(written)
    return int(chinese_number(written) or 0)


def _fault(number: int, last: int, level: int, style: str) -> str | None:
    """The fault of an ordinal after ``last``, in Chinese; ``None`` when it is right.

    A list of level 3 or 4 may start again after body text.
    """
    if number == last + 1:
        return None
    if number == 1 and level > 2:
        return None
    shown = style.format(_written(number, level))
    if number == last:
        return f"{shown}重复"
    if number < last:
        before = style.format(_written(last, level))
        return f"{shown}排在{before}之后"
    missing = style.format(_written(last + 1, level))
    return f"前面缺少{missing}"


def _written(number: int, level: int) -> str:
    if level > 2:
        return str(number)
    tens, ones = divmod(number, 10)
    written = ""
    if tens > 1:
        written += _NUMERALS[tens]
    if tens:
        written += "十"
    if ones:
        written += _NUMERALS[ones]
    return written
