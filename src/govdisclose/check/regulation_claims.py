"""Numbers in sentences on regulations and normative documents: 制发规范性文件8件，废止2件，现行有效66件.

These sentences have few forms, so only a clause that fits one of them whole is a claim: the verb,
the kind of document and the number with nothing unknown between, and nothing in the sentence that
makes it doubtful (drafts, reviews, filings, other bodies, other years).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from govdisclose.check import wording as words
from govdisclose.check.prose_claim import Claim
from govdisclose.form.numerals import DIGITS, UNITS
from govdisclose.lazy_pattern import LazyPattern

_NUMERALS = "".join(DIGITS | UNITS)
_NUMBER = rf"(?P<number>\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,6}}|[{_NUMERALS}]{{1,6}}) ?(?:余|多)?个?[件份部个项条](?!次)"
_FILLER = r"(?:了|的|共计?|总计|合计|总数|件数|数量|总量|均?为|:| )*"

_KINDS = {
    "regulations": re.compile("规章(?!制度)"),
    "normative_documents": re.compile("规范性文件"),
}
_KIND = r"(?:(?:地方)?(?:政府)?规章(?!制度)|(?:行政)?规范性文件)"
_SUBJECT = rf"(?:{_KIND}(?:[、和及与]{_KIND})?)?"

_VERBS = {
    "issued": "(?:新?制发|新?制定|新?出台|印发)(?:并公开|并公布|并发布|出台)?",
    "repealed": "废止(?:失效)?|废除",
    "in_force": "现行有效|正在实施",
}
_NOUN_TOO = {"issued": f"{_VERBS['issued']}|发布"}
"""规范性文件发布8件 is a heading of the table; 发布规范性文件8件 may speak of a web site."""


_COUNTED = LazyPattern(rf"{_FILLER}{_NUMBER}")
"""A number with filler words before it: by far the largest pattern, so it is made only once."""


@cache
def _before_number(verb: str) -> re.Pattern[str]:
    """A verb, and perhaps what it is said of: 制发规范性文件, before the number."""
    return re.compile(rf"(?:{_VERBS[verb]}){_FILLER}{_SUBJECT}")


@cache
def _behind_subject(verb: str) -> re.Pattern[str]:
    """What is counted, and the verb: 规范性文件制发数, before the number."""
    usual = _VERBS[verb]
    words_of = _NOUN_TOO.get(verb, usual)
    return re.compile(rf"{_KIND}(?:本年)?(?:{words_of})(?:件数|数量|数)?")


@cache
def _none_stated(verb: str) -> re.Pattern[str]:
    """未制发规范性文件."""
    return re.compile(
        rf"(?:未|没有|无)(?:新)?(?:{_VERBS[verb]})(?:的)?{_KIND}(?:[、和及与]{_KIND})?$"
    )


@cache
def _one_kind() -> re.Pattern[str]:
    return re.compile(_KIND)


_VERB_SIGNS = {
    "issued": ("制发", "制定", "出台", "印发", "发布"),
    "repealed": ("废止", "废除"),
    "in_force": ("现行有效", "正在实施"),
}
"""Each verb contains one of these. Most clauses contain none, so no pattern is made for them."""

_PIECE = re.compile("(?<=[件份部个项条])[、和及与]")

_DOUBTFUL = re.compile(
    "审查|审核|审议|备案|清理|评估|拟|草案|参与|配合|协助|起草|代|解读|报送|上报|计划|目标|要求"
    "|各|下级|所属|乡镇|部门|街道[和、及等]|本级|累计|历年|历史|联合|会同|其中|党|修改|修订|政府办|办公厅|政策性"
    "|以.{1,6}名义|(?<!我)[省市县区州旗]政府|近[两三四五\\d]年|以来|期间|转发|宣布|网站|平台|公众号|公报|专栏|继续有效|涉及|关于|有关"
)
"""Words that make it doubtful that the whole of the agency's own documents of the year is counted."""


_NEGATED_OR_JOINED = LazyPattern("未|没有|不再|[和与及、]$")


class _NumberInClause(NamedTuple):
    """A number in a clause, and what it counts; without a number, the kinds and verb named last."""

    kinds: tuple[str, ...]
    verb: str
    number: int | None

    @property
    def topics(self) -> tuple[str, ...]:
        """The cells that the number is the sum of, as ``regulations.issued``."""
        topics = [f"{kind}.{self.verb}" for kind in self.kinds]
        return tuple(topics)


def document_claims(text: str, year: int | None) -> Iterator[Claim]:
    """What ``text`` states about the regulations and normative documents of the report year."""
    if not _kinds(text) or not _names_a_verb(text):
        return
    plain = words.narrow(text)
    for sentence in words.SENTENCE.finditer(plain):
        written = sentence.group()
        if not _kinds(written) or not _names_a_verb(written):
            continue
        said = words.blanked(written, words.QUOTED, words.WHOLE_YEAR)
        if _DOUBTFUL.search(said):
            continue
        if not _is_of(said, year):
            continue
        start, end = sentence.span()
        yield from _claims_of(said, text[start:end])


def _claims_of(said: str, sentence: str) -> Iterator[Claim]:
    """What one sentence states; ``said`` is the sentence as it is searched, as long as it is."""
    before = _NumberInClause((), "", 0)
    for clause in words.CLAUSE.finditer(said):
        start, end = clause.span()
        shown = sentence[start:end].strip()
        for found in _found_in(clause.group(), before):
            before = found
            if found.kinds and found.number is not None:
                yield Claim(found.topics, found.number, shown)


def _names_a_verb(text: str) -> bool:
    """Whether a text has any of the verbs: a sentence without one states nothing."""
    signs = chain.from_iterable(_VERB_SIGNS.values())
    return any(sign in text for sign in signs)


def _found_in(clause: str, before: _NumberInClause) -> Iterator[_NumberInClause]:
    """What each piece of a clause states; a piece that states nothing may still name a kind."""
    for piece in _PIECE.split(clause):
        kinds = _kinds(piece) or before.kinds
        before = before._replace(kinds=kinds, number=None)
        yield before
        for found in _stated(piece, before):
            before = found
            yield found


def _is_of(sentence: str, year: int | None) -> bool:
    """Whether a sentence speaks of the report year alone."""
    if words.LAST_YEAR.search(sentence):
        return False
    if words.PART_OF_YEAR.search(sentence):
        return False
    years = {int(named) for named in words.YEAR.findall(sentence)}
    return not years or years == {year}


def _kinds(clause: str) -> tuple[str, ...]:
    found: list[str] = []
    for kind, pattern in _KINDS.items():
        if pattern.search(clause):
            found.append(kind)
    return tuple(found)


def _stated(piece: str, before: _NumberInClause) -> Iterator[_NumberInClause]:
    """What a piece of a clause states of the kinds named last.

    A piece without a verb goes on with the verb of the piece ``before``.
    """
    for verb, signs in _VERB_SIGNS.items():
        is_named = any(sign in piece for sign in signs)
        if not is_named and verb != before.verb:
            continue
        goes_on = verb == before.verb
        count = _count_in(piece, verb, is_named=is_named, goes_on=goes_on)
        if count is None:
            if is_named and _none_stated(verb).search(piece.strip()):
                yield before._replace(verb=verb, number=0)
        elif _is_certain(piece, count):
            number = words.number_in(count.number)
            if number is not None:
                yield before._replace(verb=verb, number=number)


class _StatedCount(NamedTuple):
    """A number as it is written, and where the words begin and end that state it."""

    number: str
    start: int
    end: int


def _count_in(piece: str, verb: str, *, is_named: bool, goes_on: bool) -> _StatedCount | None:
    """The number that a piece states with a verb, or after one that ``goes_on``."""
    count = None
    if is_named:
        count = _counted_behind(_before_number(verb), piece)
        if count is None:
            count = _counted_behind(_behind_subject(verb), piece)
    if count is None and goes_on:
        count = _counted_kind(piece.strip())
    return count


def _counted_kind(text: str) -> _StatedCount | None:
    """The number of a piece without a verb: 规范性文件12件, after 制定规章2件."""
    kind = _one_kind().match(text)
    if kind is None:
        return None
    behind = text[kind.end() :]
    found = _COUNTED.fullmatch(behind)
    if found is None:
        return None
    return _StatedCount(found["number"], 0, len(text))


def _counted_behind(words_before: re.Pattern[str], piece: str) -> _StatedCount | None:
    """The first number that directly follows some words."""
    before = words_before.search(piece)
    while before is not None:
        behind = piece[before.end() :]
        found = _COUNTED.match(behind)
        if found is not None:
            end = before.end() + found.end()
            return _StatedCount(found["number"], before.start(), end)
        next_start = before.start() + 1
        before = words_before.search(piece, next_start)  # 印发出台 holds 出台, too
    return None


def _is_certain(clause: str, count: _StatedCount) -> bool:
    """Whether the number is exact, the only one of its kind, and states what exists."""
    head = clause[: count.start]
    tail = clause[count.end :]
    said = clause[count.start : count.end]
    if "余" in said or "多" in said:
        return False
    if words.ROUGH_AFTER.match(tail):
        return False
    counts = words.COUNT.findall(clause)
    if len(counts) > len(_VERBS):
        return False
    if words.NO_COUNT_BEFORE.search(head):
        return False
    return not _NEGATED_OR_JOINED.search(head)
