"""Numbers in sentences: what a clause says of requests, their outcomes and disputes.

A number is claimed for the keyword nearest before it in its own clause, else nearest after it, with
no other number between. Everything that makes the meaning doubtful (another year, a part of the
year, a comparison, a rough figure, a part of the whole, another kind of case) means no claim: a
missed disagreement is cheaper than a false alarm. ``wording.py`` holds the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from govdisclose.check import wording as words
from govdisclose.check.prose_claim import Claim

_YEAR_NUMBER = re.compile(r"\d{4}")


class _Keyword(NamedTuple):
    """Where a clause speaks of a topic."""

    topic: str
    start: int
    end: int


class _Stated(NamedTuple):
    """A number in a clause, the topics it goes with, and the words that may make it doubtful.

    ``gap`` is the text between keyword and number, ``around`` from the number before to the later
    of the two, ``context`` is everything up to the end of the ``clause``.
    """

    topics: tuple[str, ...]
    gap: str
    around: str
    clause: str
    context: str

    @property
    def is_doubtful(self) -> bool:
        """Whether the words around make it unclear what the number counts."""
        if words.NO_TOPIC in self.topics:
            return True
        if len(self.gap) > words.FARTHEST:
            return True
        if words.NO_COUNT_BETWEEN.search(self.gap):
            return True
        if words.DISPUTES.issuperset(self.topics):
            return self._counts_other_disputes
        return self._counts_other_cases or self._counts_a_part

    @property
    def _sentence(self) -> str:
        """The sentence so far."""
        sentences = words.SENTENCE.findall(self.context)
        return sentences[-1]

    @property
    def _counts_other_disputes(self) -> bool:
        """Whether the disputes may be other agencies', or not all of this agency's."""
        if "公开" not in self.context:
            return True
        if words.PART_OF_DISPUTES.search(self.around):
            return True
        if not words.HEARS_CASES.search(self.around):
            return False
        if "公开" not in self._sentence:
            return True
        return not words.AGAINST_US.search(self._sentence)

    @property
    def _counts_other_cases(self) -> bool:
        """Whether something other than requests may be counted."""
        if "申请" not in self.context:
            return True
        if words.DISPUTE_WORDS.search(self.clause):
            return True
        if words.OTHER_CASES.search(self.around):
            return True
        if "申请" in self._sentence:
            return False
        return bool(words.OTHER_CASES.search(self._sentence))

    @property
    def _counts_a_part(self) -> bool:
        """Whether the number may count a part only, or topics that are not counted together."""
        names_a_part = words.PART.search(self.around)
        if names_a_part and not words.WHOLE.search(self.around):
            return True
        if len(self.topics) == 1:
            return False
        return not any(group.issuperset(self.topics) for group in words.ADD_UP)


def claims_in(text: str, year: int | None, heading: str = "") -> Iterator[Claim]:
    """What ``text`` states about the report year, in order; of one topic only the first in a
    sentence.

    ``heading`` is the heading above the paragraph: under “依申请公开情况” 收到 5 件 means requests.
    """
    if not words.ANY_COUNT.search(text):  # half of all paragraphs
        return
    for sentence in words.SENTENCE.finditer(text):
        said = sentence.group()
        if not words.ANY_COUNT.search(said):
            continue
        if not words.SIGN.search(said) or not words.KEYWORD.search(said):
            continue
        start_of_sentence, end_of_sentence = sentence.span()
        plain = words.narrow(text)  # one paragraph of ten gets here
        before = heading + plain[:start_of_sentence]
        narrow = plain[start_of_sentence:end_of_sentence]
        without_names = _without_names(narrow)
        told: set[tuple[str, ...]] = set()
        for claim in _sentence_claims(without_names, year, before):
            if claim.topics in told:
                continue
            told.add(claim.topics)
            start = start_of_sentence + claim.start
            end = start + claim.length
            shown = text[start:end].strip()
            yield Claim(claim.topics, claim.number, shown)


class _PlacedClaim(NamedTuple):
    """A claim, and where its clause is in the sentence."""

    topics: tuple[str, ...]
    number: int
    start: int
    length: int


def _without_names(sentence: str) -> str:
    """A sentence with blanks in place of titles, quotations and phrases that state nothing."""
    for pattern, signs in words.SAYS_NOTHING:
        if any(sign in sentence for sign in signs):
            sentence = words.blanked(sentence, pattern)
    return sentence


def _sentence_claims(said: str, year: int | None, before: str) -> Iterator[_PlacedClaim]:
    """The claims of each clause that speaks of the report year and of the whole agency."""
    whose = _Whose()
    is_elsewhen = False
    unread = []
    for clause in words.CLAUSE.finditer(said):
        written = clause.group()
        unread.append(written)
        keywords: list[_Keyword] = []
        if words.ANY_COUNT.search(written):
            keywords = list(_keywords(written, year))
        whose = whose.after(written, keywords)
        if not keywords or whose.is_a_part:
            continue
        context = before + said[: clause.end()]
        claims = list(_clause_claims(written, keywords, context))
        if not claims:
            continue
        # Only now it matters which year the clauses up to here speak of.
        for earlier in unread:
            is_elsewhen = _elsewhen(earlier, year, is_elsewhen)
        unread.clear()
        if not is_elsewhen:
            for topics, number in claims:
                start = clause.start()
                yield _PlacedClaim(topics=topics, number=number, start=start, length=len(written))


class _Whose(NamedTuple):
    """Whose figures a clause states: the whole agency's, a smaller unit's, or requests carried in."""

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
            states_number = words.COUNT.search(clause) is not None
            of_a_unit = is_label or states_number
        has_no_verb = topics.isdisjoint(words.VERBS)
        of_carried_in = self.of_carried_in and has_no_verb
        if self.last_topic == "carried_in":
            begins_a_part = words.OF_WHICH.match(clause.strip())
            if begins_a_part:
                of_carried_in = has_no_verb
        last_topic = self.last_topic
        if keywords:
            last_topic = keywords[-1].topic
        return _Whose(of_a_unit, of_carried_in, last_topic)


def _elsewhen(clause: str, year: int | None, before: bool) -> bool:
    """Whether a clause speaks of another time; it goes on until the report year is named."""
    if words.COMPARED.search(clause):
        return before
    if words.PART_OF_YEAR.search(clause):
        return True
    if words.LAST_YEAR.search(clause):
        return True
    if year and words.YEAR.search(clause):
        years = set()
        without_topics = words.blanked(clause, words.KEYWORD)
        for named in words.YEAR.findall(without_topics):
            named_year = int(named)
            years.add(named_year)
        if years:
            return years != {year}
    return before and not words.THIS_YEAR.search(clause)


_Topics = tuple[str, ...]
_Counted = tuple[_Topics, int]
"""Topics, and the number that counts them together."""


def _around(counts: Sequence[re.Match[str]], index: int, length: int) -> tuple[int, int]:
    """Where the words of a number begin and end: at the numbers beside it."""
    left = 0
    if index:
        before = counts[index - 1]
        left = before.end()
    following = index + 1
    if following == len(counts):
        return left, length
    return left, counts[following].start()


def _clause_claims(clause: str, keywords: list[_Keyword], context: str) -> Iterator[_Counted]:
    """Each number of a clause with the topics it counts, where that is certain."""
    counts = list(words.COUNT.finditer(clause))
    if not counts:
        yield from _nothing(clause, keywords, context)
    taken: set[_Keyword] = set()
    for index, count in enumerate(counts):
        number = _number(count, clause)
        if number is None:
            continue
        left, right = _around(counts, index, len(clause))
        start, stop = count.span()
        on_the_left = _between(keywords, left, start)
        on_the_right = _between(keywords, stop, right)
        before = [keyword for keyword in on_the_left if keyword not in taken]
        after = _subjects_after(clause, count, on_the_right)
        if not before and not after:
            continue
        if before:
            keyword = before[-1]
            topics = _joined(clause, before)
            gap = clause[keyword.end : start]
        else:
            keyword = after[0]
            topics = (keyword.topic,)
            gap = clause[stop : keyword.start]
        taken.add(keyword)
        end = max(stop, keyword.end)
        around = clause[left:end]
        stated = _Stated(topics=topics, gap=gap, around=around, clause=clause, context=context)
        if not stated.is_doubtful:
            yield from _counted(topics, number, gap)


def _between(keywords: list[_Keyword], start: int, end: int) -> list[_Keyword]:
    """The keywords that are whole inside a part of a clause."""
    inside: list[_Keyword] = []
    for keyword in keywords:
        if start <= keyword.start and keyword.end <= end:
            inside.append(keyword)
    return inside


def _subjects_after(clause: str, count: re.Match[str], keywords: list[_Keyword]) -> list[_Keyword]:
    """The keywords after a number that may say what it counts: nouns, without a list before them."""
    nouns: list[_Keyword] = []
    for keyword in keywords:
        between = clause[count.end() : keyword.start]
        if keyword.topic in words.VERBS:
            continue
        if "、" not in between:
            nouns.append(keyword)
    return nouns


def _counted(topics: _Topics, number: int, gap: str) -> Iterator[_Counted]:
    """The number of topics that it counts together; after 均为 only 0 says anything of each."""
    if not words.EACH.search(gap):
        yield topics, number
    elif number == 0:
        for topic in topics:
            yield (topic,), 0


def _keywords(clause: str, year: int | None) -> Iterator[_Keyword]:
    """The keywords of a clause; one that names a year is read by that year, 结转2023年的 as carried in.

    A sentence on requests carried in (上年结转受理3件) makes no statement about all requests.
    """
    carried_in: _Keyword | None = None
    for match in words.KEYWORD.finditer(clause):
        topic = _topic_by_year(match, year)
        if topic is None:
            continue
        if carried_in is not None:
            between = clause[carried_in.end : match.start()]
            if words.OF_CARRIED_IN.fullmatch(between):
                if topic in words.VERBS:
                    continue
                if topic == "processed":
                    topic = words.NO_TOPIC
        keyword = _Keyword(topic, *match.span())
        carried_in = keyword if topic == "carried_in" else None
        yield keyword


def _topic_by_year(match: re.Match[str], year: int | None) -> str | None:
    """The topic of a keyword; ``None`` when it names the report year itself."""
    named = _YEAR_NUMBER.search(match.group())
    if named is None or not year:
        return str(match.lastgroup)
    named_year = int(named.group())
    if named_year == year:
        return None
    return "carried_in" if named_year < year else "carried_out"


def _joined(clause: str, keywords: list[_Keyword]) -> tuple[str, ...]:
    """The topics that the last keyword is joined with: 新收和上年结转."""
    first = _chain(clause, keywords)
    joined = keywords[first:]
    topics = [keyword.topic for keyword in joined]
    return tuple(dict.fromkeys(topics))


def _chain(clause: str, keywords: list[_Keyword]) -> int:
    """Where the chain of joined keywords begins that the last one belongs to."""
    first = len(keywords) - 1
    while first:
        before = keywords[first - 1]
        between = clause[before.end : keywords[first].start]
        if not words.JOINED.fullmatch(between):
            break
        first -= 1
    return first


def _number(count: re.Match[str], clause: str) -> int | None:
    """The number of a count, unless it is rough or no count at all (第一件, 同一件)."""
    head = clause[: count.start()]
    tail = clause[count.end() :]
    if words.NO_COUNT_BEFORE.search(head):
        return None
    if words.ROUGH_AFTER.match(tail):
        return None
    number = words.number_in(count["number"])
    if number == 1 and words.NOT_ONE_BEFORE.search(head):
        return None
    return number


def _nothing(clause: str, keywords: list[_Keyword], context: str) -> Iterator[_Counted]:
    """未收到申请, 未发生行政复议、行政诉讼, 无上年结转: none is a number too."""
    is_on_disclosure = "公开" in context
    if is_on_disclosure and _receives_none(clause):
        yield ("received",), 0
    counts_disputes = is_on_disclosure and not words.PART_OF_DISPUTES.search(clause)
    for index, keyword in enumerate(keywords):
        is_carried = keyword.topic in ("carried_in", "carried_out")
        is_dispute = counts_disputes and keyword.topic in words.DISPUTES
        if not is_carried and not is_dispute:
            continue
        up_to_here = keywords[: index + 1]
        first = _chain(clause, up_to_here)
        head = clause[: keywords[first].start]
        tail = clause[keywords[-1].end :]
        states_none = words.NONE_BEFORE.search(head) or words.NONE_AFTER.match(tail)
        if states_none:
            yield (keyword.topic,), 0


def _receives_none(clause: str) -> bool:
    """Whether a clause says that no request at all was received."""
    none = words.NONE_RECEIVED.search(clause)
    if none is None:
        return False
    if words.PART.search(clause):
        return False
    return not words.SOME_REQUESTS.search(none["of"])
