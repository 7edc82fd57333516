"""The texts of a report: what every reader finds beside the tables, and how a text is cleaned."""

from __future__ import annotations

import re
from typing import Any

from attrs import define, field

from govdisclose.finding import Finding, Place
from govdisclose.form.explanation import Explanation
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.sheets import PARAGRAPH_LEVELS
from govdisclose.read.tables.labels import INVISIBLE, squeeze
from govdisclose.rules.structure import S123
from govdisclose.rules.values import V111, V112

_ORDINALS = (
    (2, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]")),
    (3, re.compile(r"\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[)）]")),
)
_UNSEEN = re.compile(
    rf"(?<![\u0600-\u1cff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]|(?![\u200c\u200d]){INVISIBLE.pattern}"
)
"""What nobody sees and nothing needs. A joiner makes one picture of several, and other letters of some scripts."""
_LEVELS = {squeeze(name): level for level, name in PARAGRAPH_LEVELS.items()}
_BREAK = re.compile("[\n\u2028\u2029\x85]")
_NAME_BREAK = re.compile("[\t\n\u2028\u2029\x85]")
"""What a name, a code or a title is joined at: a tab comes in with text that is pasted from a table."""
_LATIN = re.compile("[0-9A-Za-z]{2}")


@define
class Prose:
    """Everything but the tables, in the making.

    ``attributes`` are those of the report, ``places`` say where each of them stands. ``edition_name``
    is the edition that the source itself names.
    """

    attributes: dict[str, Any] = field(factory=dict)
    explanations: list[Explanation] = field(factory=list)
    places: dict[str, Place] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    edition_name: str | None = None


def clean(text: str, place: Place, path: str, findings: list[Finding]) -> str:
    """Text as it may be written to a file; what had to be removed or cannot be kept is a finding."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = FORBIDDEN.search(text)
    if bad is not None:
        around = FORBIDDEN.sub("□", text[max(0, bad.start() - 8) : bad.start() + 8])
        said = (
            f"第 {bad.start() + 1} 个字是不能写入文件的字符 U+{ord(bad.group()):04X}（“{around}”）"
        )
        findings.append(V111.finding(said, place, path=path))
        text = FORBIDDEN.sub("", text)
    removed = _UNSEEN.findall(text)
    if removed:
        codes = "、".join(sorted({f"U+{ord(c):04X}" for c in removed}))
        findings.append(V112.finding(f"去掉了看不见的字符 {codes}", place, path=path))
        text = _UNSEEN.sub("", text)
    return text


def one_line(text: str, place: Place, path: str, findings: list[Finding]) -> str:
    """A name, code or title without the line breaks and tabs in it: Chinese needs no blank in their place."""
    lines = [line.strip() for line in _NAME_BREAK.split(text) if line.strip()]
    if len(lines) < 2:
        return text
    what = "换行" if _BREAK.search(text.strip()) else "制表符"
    whole = lines[0]
    for line in lines[1:]:
        latin = path != "agency.code" and _LATIN.fullmatch(whole[-1] + line[0])
        whole += f" {line}" if latin else line
    findings.append(
        S123.finding(f"文字中有{what}，已接成“{whole[:60]}”", place, path=path, found=text)
    )
    return whole


def paragraph_level(word: str, text: str) -> int | None:
    """The level that 层级 names, or for a blank one the level of the paragraph's own ordinal."""
    if not word:
        return next((level for level, ordinal in _ORDINALS if ordinal.match(text.lstrip())), 0)
    return _LEVELS.get(squeeze(word))
