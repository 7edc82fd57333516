"""The texts of a report: what every reader finds beside the tables, and how a text is cleaned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from attrs import define, field

from govdisclose.finding import Finding, Place
from govdisclose.form.explanation import Explanation
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.sheets import PARAGRAPH_LEVELS
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.tables.labels import INVISIBLE, squeeze
from govdisclose.rules.structure import S123
from govdisclose.rules.values import V111, V112

_ORDINALS = (
    (2, LazyPattern(r"[（(][一二三四五六七八九十]{1,3}[)）]|[㈠-㈩]")),
    (3, LazyPattern(r"\d{1,2}[.．、](?!\d)|[⒈-⒛]")),
    (4, LazyPattern(r"[（(]\d{1,2}[)）]|[⑴-⒇]")),
)
_UNSEEN = LazyPattern(
    rf"(?<![\u0600-\u1cff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]|(?![\u200c\u200d]){INVISIBLE.pattern}"
)
"""Characters that nobody sees and nothing needs.

A joiner is needed between pictures, and between the letters of some scripts.
"""
_LEVELS = {squeeze(name): level for level, name in PARAGRAPH_LEVELS.items()}
_LEVEL_OF_WORD: Mapping[object, int] = {name: level for level, name in PARAGRAPH_LEVELS.items()}
_BREAK = LazyPattern("[\n\u2028\u2029\x85]")
_NAME_BREAK = re.compile("[\t\n\u2028\u2029\x85]")
"""Where a name, a code or a title is joined: a tab comes with text that was pasted from a table."""
_AROUND = 8
"""Characters shown on each side of one that no file may hold."""
_LATIN = LazyPattern("[0-9A-Za-z]{2}")


@define
class Prose:
    """Everything but the tables, in the making.

    ``attributes`` are those of the report, ``places`` say where each of them is. ``edition_name``
    is the edition that the source itself names.
    """

    attributes: dict[str, Any] = field(factory=dict)
    explanations: list[Explanation] = field(factory=list)
    places: dict[str, Place] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    edition_name: str | None = None


class CleanText(NamedTuple):
    """A text as a report may hold it, and a finding for everything that was changed in it."""

    text: str
    findings: tuple[Finding, ...] = ()


def clean(text: str, place: Place, path: str) -> CleanText:
    """Text as it may be written to a file, without characters that nobody sees."""
    if text.isprintable():
        return CleanText(text)
    unified = text.replace("\r\n", "\n")
    text = unified.replace("\r", "\n")
    findings: list[Finding] = []
    bad = FORBIDDEN.search(text)
    if bad is not None:
        forbidden = _forbidden(text, bad, place, path)
        findings.append(forbidden)
        text = FORBIDDEN.sub("", text)
    removed = set(_UNSEEN.findall(text))
    if removed:
        codes = sorted(map(_code, removed))
        listed = "、".join(codes)
        said = f"去掉了看不见的字符 {listed}"
        finding = V112.finding(said, place, path=path)
        findings.append(finding)
        text = _UNSEEN.sub("", text)
    return CleanText(text, tuple(findings))


def _forbidden(text: str, bad: re.Match[str], place: Place, path: str) -> Finding:
    """V111: a character that no file may hold, with the text around it."""
    start = bad.start()
    first = max(0, start - _AROUND)
    end = start + _AROUND
    around = text[first:end]
    shown = FORBIDDEN.sub("□", around)
    code = _code(bad.group())
    ordinal = start + 1
    said = f"第 {ordinal} 个字是不能写入文件的字符 {code}（“{shown}”）"
    return V111.finding(said, place, path=path)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def one_line(text: str, place: Place, path: str) -> CleanText:
    """A name, code or title without line breaks and tabs: Chinese needs no blank in their place."""
    if text.isprintable():  # no line break and no tab is
        return CleanText(text)
    lines: list[str] = []
    for line in _NAME_BREAK.split(text):
        stripped = line.strip()
        if stripped:
            lines.append(stripped)
    if len(lines) < 2:
        return CleanText(text)
    what = "制表符"
    if _BREAK.search(text.strip()):
        what = "换行"
    whole = lines[0]
    for line in lines[1:]:
        meeting = whole[-1] + line[0]
        letters_meet = _LATIN.fullmatch(meeting)
        if letters_meet and path != "agency.code":
            whole += " "
        whole += line
    shown = whole[:60]
    said = f"文字中有{what}，已接成“{shown}”"
    joined = S123.finding(said, place, path=path, found=text)
    return CleanText(whole, (joined,))


def paragraph_level(word: str, text: str) -> int | None:
    """The level that 层级 names, or for a blank one the level of the paragraph's own ordinal."""
    if not word:
        return _ordinal_level(text.lstrip())
    return _LEVELS.get(squeeze(word))


def level_as_written(word: object, text: str) -> int | None:
    """As ``paragraph_level``, for a word that is written as we write it or not at all."""
    if word is None:
        return _ordinal_level(text.lstrip())
    return _LEVEL_OF_WORD.get(word)


def _ordinal_level(text: str) -> int:
    """The level of the ordinal that a paragraph begins with, 0 without one."""
    for level, ordinal in _ORDINALS:
        if ordinal.match(text):
            return level
    return 0
