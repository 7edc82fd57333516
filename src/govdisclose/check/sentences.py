"""Numbers in sentences: what a clause says of requests, their outcomes and disputes.

A number is claimed for the keyword nearest before it in its own clause, else nearest after it, with
no other number between. Everything that makes the meaning doubtful (another year, a part of the
year, a comparison, a rough figure, a part of the whole, another kind of case) means no claim: a
missed disagreement is cheaper than a false alarm. The words are in ``wording.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from govdisclose.check import wording as words
from govdisclose.check.claim import Claim
from govdisclose.form.numerals import chinese_number


class _Keyword(NamedTuple):
    """Where a clause speaks of a topic."""

    topic: str
    start: int
    end: int


class _Part(NamedTuple):
    """A number in a clause, the topic it goes with, and the words between and around them."""

    topics: tuple[str, ...]
    gap: str
    around: str
    clause: str
    context: str

    @property
    def doubtful(self) -> bool:
        """Whether the words around make it unclear what the number counts."""
        if words.NO_TOPIC in self.topics:
            return True
        if len(self.gap) > words.FARTHEST or words.NO_COUNT_BETWEEN.search(self.gap):
            return True
        said = words.SENTENCE.findall(self.context)[-1]
        if words.DISPUTES.issuperset(self.topics):
            ours = "公开" in said and words.AGAINST_US.search(said)
            heard = words.HEARS_CASES.search(self.around) and not ours
            return bool(
                heard or words.PART_OF_DISPUTES.search(self.around) or "公开" not in self.context
            )
        if words.DISPUTE_WORDS.search(self.clause) or words.OTHER_CASES.search(self.around):
            return True
        if "申请" not in said and words.OTHER_CASES.search(said):
            return True
        part = words.PART.search(self.around) and not words.WHOLE.search(self.around)
        together = len(self.topics) == 1 or any(
            group.issuperset(self.topics) for group in words.ADD_UP
        )
        return bool(part or not together or "申请" not in self.context)


def claims_in(text: str, year: int | None, heading: str = "") -> Iterator[Claim]:
    """What ``text`` states about the report year, in order; of one topic only the first in a sentence.

    ``heading`` is what stands above the paragraph: under “依申请公开情况” 收到 5 件 means requests.
    """
    plain = words.narrow(text)
    for sentence in words.SENTENCE.finditer(plain):
        said = sentence.group()
        if not (words.ANY_COUNT.search(said) and words.KEYWORD.search(said)):
            continue
        for name, marks in words.SAYS_NOTHING.items():
            if any(mark in said for mark in marks):
                said = getattr(words, name).sub(_blank, said)
        told: set[tuple[str, ...]] = set()
        whose = _Whose()
        elsewhen, unread = False, []
        for clause in words.CLAUSE.finditer(said):
            unread.append(clause.group())
            keywords = (
                list(_keywords(clause.group(), year))
                if words.ANY_COUNT.search(clause.group())
                else []
            )
            whose = whose.after(clause.group(), keywords)
            if not keywords or whose.is_a_part:
                continue
            context = heading + plain[: sentence.start()] + said[: clause.end()]
            claims = list(_clause_claims(clause.group(), keywords, context))
            if claims:  # only then does it matter which year the clauses up to here speak of
                for earlier in unread:
                    elsewhen = _elsewhen(earlier, year, elsewhen)
                unread.clear()
            for topics, number in claims:
                if not elsewhen and topics not in told:
                    told.add(topics)
                    start = sentence.start() + clause.start()
                    yield Claim(topics, number, text[start : start + len(clause.group())].strip())


class _Whose(NamedTuple):
    """Whose figures a clause of a sentence states: those of the whole, of a smaller unit, of what was carried in."""

    of_a_unit: bool = False
    of_carried_in: bool = False
    last_topic: str = ""

    @property
    def is_a_part(self) -> bool:
        """Whether the figures are not those of the tables."""
        return self.of_a_unit or self.of_carried_in

    def after(self, clause: str, keywords: list[_Keyword]) -> _Whose:
        """The same for the next clause: a part goes on until the whole is named again."""
        topics = {keyword.topic for keyword in keywords}
        of_a_unit = self.of_a_unit and not words.WHOLE_AREA.search(clause)
        if words.SCOPE.search(clause):
            is_label = len(clause) <= words.LONGEST_LABEL
            of_a_unit = is_label or words.COUNT.search(clause) is not None
        of_carried_in = self.of_carried_in and topics.isdisjoint(words.VERBS)
        if self.last_topic == "carried_in" and words.OF_WHICH.match(clause.strip()):
            of_carried_in = topics.isdisjoint(words.VERBS)
        last_topic = keywords[-1].topic if keywords else self.last_topic
        return _Whose(of_a_unit, of_carried_in, last_topic)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _elsewhen(clause: str, year: int | None, before: bool) -> bool:
    """Whether a clause speaks of another time than the report year; it goes on until the year is named."""
    if words.COMPARED.search(clause):
        return before
    if words.PART_OF_YEAR.search(clause) or words.LAST_YEAR.search(clause):
        return True
    if year and words.YEAR.search(clause):
        years = {int(y) for y in words.YEAR.findall(words.KEYWORD.sub(_blank, clause))}
        if years:
            return years != {year}
    return before and not words.THIS_YEAR.search(clause)


def _clause_claims(
    clause: str, keywords: list[_Keyword], context: str
) -> Iterator[tuple[tuple[str, ...], int]]:
    counts = list(words.COUNT.finditer(clause))
    if not counts:
        yield from _nothing(clause, keywords, context)
    taken: set[_Keyword] = set()
    for index, count in enumerate(counts):
        left = counts[index - 1].end() if index else 0
        right = counts[index + 1].start() if index + 1 < len(counts) else len(clause)
        before = [
            k for k in keywords if left <= k.start and k.end <= count.start() and k not in taken
        ]
        after = [
            k
            for k in keywords
            if count.end() <= k.start and k.end <= right and k.topic not in words.VERBS
        ]
        after = [k for k in after if "、" not in clause[count.end() : k.start]]
        number = _number(count, clause)
        if number is None or not before + after:
            continue
        keyword = before[-1] if before else after[0]
        taken.add(keyword)
        topics = _joined(clause, before) if before else (keyword.topic,)
        gap = clause[keyword.end : count.start()] if before else clause[count.end() : keyword.start]
        if _Part(
            topics, gap, clause[left : max(count.end(), keyword.end)], clause, context
        ).doubtful:
            continue
        if not words.EACH.search(gap):
            yield topics, number
        elif number == 0:
            yield from (((topic,), 0) for topic in topics)


def _keywords(clause: str, year: int | None) -> Iterator[_Keyword]:
    """The keywords of a clause; one that names a year is read by that year, 结转2023年的 as carried in.

    What is said of requests carried in (上年结转受理3件) is no statement about all requests.
    """
    carried_in: _Keyword | None = None
    for match in words.KEYWORD.finditer(clause):
        topic, named = str(match.lastgroup), re.search(r"\d{4}", match.group())
        if named and year:
            if int(named.group()) == year:
                continue
            topic = "carried_in" if int(named.group()) < year else "carried_out"
        if carried_in is not None and words.OF_CARRIED_IN.fullmatch(
            clause[carried_in.end : match.start()]
        ):
            if topic in words.VERBS:
                continue
            if topic == "processed":
                topic = words.NO_TOPIC
        keyword = _Keyword(topic, *match.span())
        carried_in = keyword if topic == "carried_in" else None
        yield keyword


def _joined(clause: str, keywords: list[_Keyword]) -> tuple[str, ...]:
    """The topics that the last keyword is joined with: 新收和上年结转."""
    return tuple(dict.fromkeys(k.topic for k in keywords[_chain(clause, keywords) :]))


def _chain(clause: str, keywords: list[_Keyword]) -> int:
    """Where the chain of joined keywords begins that the last one belongs to."""
    first = len(keywords) - 1
    while first and words.JOINED.fullmatch(clause[keywords[first - 1].end : keywords[first].start]):
        first -= 1
    return first


def _number(count: re.Match[str], clause: str) -> int | None:
    """The number of a count, unless it is rough or no count at all (第一件, 同一件)."""
    head, tail = clause[: count.start()], clause[count.end() :]
    if words.NO_COUNT_BEFORE.search(head) or words.ROUGH_AFTER.match(tail):
        return None
    digits = count["number"].replace(",", "")
    value = int(digits) if digits.isascii() else chinese_number(digits)
    if value == 1 and words.NOT_ONE_BEFORE.search(head):
        return None
    return None if value is None else int(value)


def _nothing(
    clause: str, keywords: list[_Keyword], context: str
) -> Iterator[tuple[tuple[str, ...], int]]:
    """未收到申请, 未发生行政复议、行政诉讼, 无上年结转: none is a number too."""
    none = words.NONE_RECEIVED.search(clause)
    if (
        none
        and "公开" in context
        and not words.PART.search(clause)
        and not words.SOME_REQUESTS.search(none["of"])
    ):
        yield ("received",), 0
    for index, keyword in enumerate(keywords):
        first = keywords[_chain(clause, keywords[: index + 1])]
        dispute = (
            keyword.topic in words.DISPUTES
            and "公开" in context
            and not words.PART_OF_DISPUTES.search(clause)
        )
        if (dispute or keyword.topic in ("carried_in", "carried_out")) and (
            words.NONE_BEFORE.search(clause[: first.start])
            or words.NONE_AFTER.match(clause[keywords[-1].end :])
        ):
            yield (keyword.topic,), 0
