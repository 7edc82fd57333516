"""Lines of a published report → its section headings, by meaning, ordinal and place together.

The statutory headings come from the form; this module adds the words that offices never leave out
of them. All six headings are chosen together: they must come in statutory order, with the tables
between them. A heading in other words is recognised by its ordinal, and a section that is still
missing by the line at the place of its heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import islice, zip_longest
from typing import TypeAlias

from attrs import frozen

from govdisclose.form.numerals import chinese_number
from govdisclose.form.report import SECTIONS
from govdisclose.read.published.document import DocumentBlock, TextLine, text_lines
from govdisclose.read.tables.labels import label, squeeze

_DIRT = re.compile(r"^[^\w(]*(?:[lI1][^\w(]*)?(?=[一二三四五六七八九十]+[、.:,])")
_TOP = re.compile(r"^(第[一二三四五六七八九十]+(部分|章|节)|[一二三四五六七八九十]+[、.:,])")
_SUB = re.compile(r"^(\([^()]{1,3}\)|\d{1,2}[、.)](?!\d)|[①-⑩•·-])")
_NO_NUMERAL = re.compile("[^一二三四五六七八九十]")
_NOTE = re.compile(r"\([^()]*\)$")
_SENTENCE = re.compile(r"[。;；!?]|,.*,")
_MEANINGS = {
    "overview": re.compile(r".{0,30}总体(落实|工作|推进)?情况(概述)?"),
    "proactive": re.compile(r".{0,20}主动公开.{0,12}(情况|统计表)"),
    "requests": re.compile(
        r"(?!.*(复议|诉讼)).{0,20}(收到|处理|受理|办理|依).{0,20}申请.{0,12}(情况|统计表)"
    ),
    "disputes": re.compile(r".{0,20}(行政复议|行政诉讼|复议.{0,6}诉讼).{0,16}"),
    "problems": re.compile(r".{0,20}问题.{0,4}(改进|整改|下一步|今后|措施|思路|打算|方向).{0,12}"),
    "other_matters": re.compile(r".{0,12}(其他.{0,10}事项|报告.{0,4}其他.{0,4}事项)"),
}
_LONGEST_LINE = 200
"""Characters; a longer line is a paragraph, whatever it begins with."""
_LONGEST_MEANING = 60
"""Characters of a heading in any words."""
_HEADING_LENGTH = 40
_SENTENCE_SIGNS = "。:;"
"""Signs that may end a heading."""
_ALIKE = 0.35
"""Likeness from which a line without an ordinal is a heading where one is due."""
_NUMBERED = 4.0
_EXACT = 2.0
_TABLE_WEIGHT = 3.0
_CERTAIN = 6
"""Weight of a numbered line in the statutory words."""
_MANY = 500
"""Candidates that are looked at; a report has some ten."""

RANK = {section.key: index for index, section in enumerate(SECTIONS)}
"""The place of each section in the statutory order."""
_STATUTORY = {section.key: label(section.heading) for section in SECTIONS}


@frozen
class Meaning:
    """The section that a line may be the heading of, and how much it looks like a heading."""

    key: str | None = None
    weight: float = 0


_NO_HEADING = Meaning()

_PlacedLine: TypeAlias = tuple[int, TextLine]
"""A line and its index in the document."""


@frozen
class _HeadingCandidate:
    """A line or a table: its place, how far down the report it is, and how likely.

    The key of a table is ``""``.
    """

    index: int
    key: str
    rank: float
    weight: float


def find_headings(blocks: Sequence[DocumentBlock], tables: Mapping[int, str]) -> dict[int, str]:
    """Index of each heading → its section, for the best set of candidates in statutory order.

    ``tables`` are the indexes of the statutory tables. Of equal candidates the last is the heading,
    since a table of contents comes before the text.
    """
    candidates = list(islice(_candidates(blocks, tables), _MANY))
    heaviest = _best_chain(candidates)
    chain = _without_list_items(blocks, heaviest)
    for key in RANK:
        chain = _with_heading(blocks, chain, key)
    found = {candidate.index: candidate.key for candidate in chain if candidate.key}
    found |= _out_of_order(candidates, found)
    return dict(sorted(found.items()))


# --- one line -----------------------------------------------------------------------------------


def section_of(line: TextLine) -> Meaning:
    """The section whose heading a line may be, by the words of the line."""
    if len(line.text) > _LONGEST_LINE:
        return _NO_HEADING
    squeezed = squeeze(line.text)
    text = _DIRT.sub("", squeezed)
    if len(text) > _LONGEST_MEANING:
        return _NO_HEADING
    if _SENTENCE.search(text.rstrip(_SENTENCE_SIGNS)):
        return _NO_HEADING
    is_numbered = _TOP.match(text) is not None
    is_item = _SUB.match(text) is not None
    ordinal = _TOP if is_numbered else _SUB
    without_ordinal = ordinal.sub("", text)
    without_note = _NOTE.sub("", without_ordinal)
    meant = label(without_note)
    key = _key_of(meant)
    if key is None:
        return _NO_HEADING
    is_exact = meant == _STATUTORY[key]
    if is_item:
        return Meaning(key, 1) if is_exact else _NO_HEADING
    weight = _NUMBERED
    if not is_numbered:
        weight = 1.0 + line.bold
    if is_exact:
        weight += _EXACT
    if line.heading is not None:
        weight += 1
    return Meaning(key, weight)


def _key_of(meant: str) -> str | None:
    """The section that words without an ordinal mean."""
    for key, pattern in _MEANINGS.items():
        if pattern.fullmatch(meant):
            return key
    return None


def is_bare_ordinal(line: TextLine) -> bool:
    """Whether a line is only the number of a heading of the first level."""
    if len(line.text) > _HEADING_LENGTH:
        return False
    return _TOP.fullmatch(squeeze(line.text)) is not None


def _ordinal(line: TextLine) -> int | None:
    """The number of a heading of the first level that a line begins with: 5 for 五、 and 第五部分."""
    beginning = squeeze(line.text[:_LONGEST_LINE])
    clean = _DIRT.sub("", beginning)
    top = _TOP.match(clean)
    if top is None:
        return None
    numerals = _NO_NUMERAL.sub("", top[0])
    number = chinese_number(numerals)
    if number is None:
        return None
    return int(number)


def _is_short(line: TextLine) -> bool:
    text = squeeze(line.text)
    if len(text) > _HEADING_LENGTH:
        return False
    return not _SENTENCE.search(text.rstrip(_SENTENCE_SIGNS))


def _likeness(line: TextLine, key: str) -> float:
    """How much a line reads like a statutory heading, from 0 to 1."""
    text = squeeze(line.text)
    without_ordinal = _TOP.sub("", text)
    meant = label(without_ordinal)
    matcher = SequenceMatcher(None, meant, _STATUTORY[key], autojunk=False)
    return matcher.ratio()


# --- the best chain -----------------------------------------------------------------------------


def _candidates(
    blocks: Sequence[DocumentBlock], tables: Mapping[int, str]
) -> Iterator[_HeadingCandidate]:
    """The lines that may be headings, and the statutory tables between them."""
    for index, block in enumerate(blocks):
        if isinstance(block, TextLine):
            candidate = _candidate(block, index)
            if candidate is not None:
                yield candidate
        elif index in tables:
            section = RANK[tables[index]]
            yield _HeadingCandidate(index=index, key="", rank=section + 0.5, weight=_TABLE_WEIGHT)


def _candidate(line: TextLine, index: int) -> _HeadingCandidate | None:
    """The section that a line may begin: by its meaning, else by its ordinal and likeness."""
    meaning = section_of(line)
    if meaning.key is not None:
        rank = RANK[meaning.key]
        return _HeadingCandidate(index=index, key=meaning.key, rank=rank, weight=meaning.weight)
    number = _ordinal(line)
    if number is None or number > len(SECTIONS):
        return None
    if not _is_short(line):
        return None
    key = SECTIONS[number - 1].key
    weight = 2 + 2 * _likeness(line, key)
    return _HeadingCandidate(index=index, key=key, rank=RANK[key], weight=weight)


def _best_chain(candidates: Sequence[_HeadingCandidate]) -> list[_HeadingCandidate]:
    """The heaviest chain of candidates whose ranks rise."""
    weights: list[float] = []
    previous: list[int | None] = []
    for index, candidate in enumerate(candidates):
        before = _heaviest_before(candidates[:index], weights, candidate)
        previous.append(before)
        weight = candidate.weight
        if before is not None:
            weight += weights[before]
        weights.append(weight)
    chain: list[_HeadingCandidate] = []
    at = _last_heaviest(weights)
    while at is not None:
        chain.append(candidates[at])
        at = previous[at]
    return chain[::-1]


def _heaviest_before(
    earlier: Sequence[_HeadingCandidate], weights: Sequence[float], candidate: _HeadingCandidate
) -> int | None:
    """The end of the heaviest chain that a candidate can continue."""
    best: int | None = None
    for index, other in enumerate(earlier):
        is_above = other.rank < candidate.rank
        # Parts of one table may follow each other.
        is_same_table = other.rank == candidate.rank and not candidate.key
        if not is_above and not is_same_table:
            continue
        if best is None or weights[index] >= weights[best]:
            best = index
    return best


def _last_heaviest(weights: Sequence[float]) -> int | None:
    """The index of the greatest weight, the last one of equals."""
    if not weights:
        return None
    return max(range(len(weights)), key=lambda index: (weights[index], index))


def _without_list_items(
    blocks: Sequence[DocumentBlock], chain: Sequence[_HeadingCandidate]
) -> list[_HeadingCandidate]:
    """The chain without items of a list in the section before them, known by their ordinal alone."""
    kept: list[_HeadingCandidate] = []
    for candidate in chain:
        line = blocks[candidate.index]
        by_ordinal = isinstance(line, TextLine) and section_of(line).key is None
        if by_ordinal and kept:
            last = kept[-1].index
            between = blocks[last + 1 : candidate.index]
            if _has_first_item(between):
                continue
        kept.append(candidate)
    return kept


def _has_first_item(blocks: Sequence[DocumentBlock]) -> bool:
    """Whether a list begins in these blocks."""
    return any(_ordinal(line) == 1 for line in text_lines(blocks))


def _out_of_order(
    candidates: Sequence[_HeadingCandidate], found: Mapping[int, str]
) -> dict[int, str]:
    """Sections outside rising chains whose heading is there once, numbered, in the statutory words."""
    more: dict[int, str] = {}
    if not found:
        return more
    missing = RANK.keys() - set(found.values())
    for key in missing:
        certain = []
        for candidate in candidates:
            if candidate.key != key:
                continue
            if candidate.weight >= _CERTAIN:
                certain.append(candidate.index)
        if len(certain) != 1:
            continue
        only = certain[0]
        if only > min(found):
            more[only] = key
    return more


# --- headings that are still missing ------------------------------------------------------------


@frozen
class _Gap:
    """Where the heading of a section is missing: the headings and tables around the gap."""

    key: str
    before: Sequence[_HeadingCandidate]
    after: Sequence[_HeadingCandidate]
    lines: Sequence[_PlacedLine]
    """The lines in the gap with their indexes."""

    @property
    def is_below_table(self) -> bool:
        """Whether a table is right before the gap."""
        if not self.before:
            return False
        return not self.before[-1].key


def _with_heading(
    blocks: Sequence[DocumentBlock], chain: list[_HeadingCandidate], key: str
) -> list[_HeadingCandidate]:
    """The chain with the heading of ``key``, if its place tells which line it is."""
    gap = _gap(blocks, chain, key)
    if gap is None:
        return chain
    expected = _expected_numbers(blocks, gap)
    at = _by_ordinal(gap.lines, expected)
    if at is None and gap.is_below_table:
        at = _below_table(gap.lines[:1], key)
    if at is None:
        return chain
    heading = _HeadingCandidate(index=at, key=key, rank=RANK[key], weight=0)
    return [*gap.before, heading, *gap.after]


def _gap(
    blocks: Sequence[DocumentBlock], chain: Sequence[_HeadingCandidate], key: str
) -> _Gap | None:
    """The place where the heading of a section should be; ``None`` if it has one."""
    if not chain:
        return None
    if any(candidate.key == key for candidate in chain):
        return None
    rank = RANK[key]
    before = [candidate for candidate in chain if candidate.rank < rank]
    after = [candidate for candidate in chain if candidate.rank > rank]
    first = 0
    if before:
        first = before[-1].index + 1
    end = after[0].index if after else len(blocks)
    lines = _lines_between(blocks, first, end)
    return _Gap(key=key, before=before, after=after, lines=lines)


def _lines_between(blocks: Sequence[DocumentBlock], first: int, end: int) -> list[_PlacedLine]:
    """The lines among some blocks with their indexes."""
    lines: list[_PlacedLine] = []
    for index in range(first, end):
        block = blocks[index]
        if isinstance(block, TextLine):
            lines.append((index, block))
    return lines


def _expected_numbers(blocks: Sequence[DocumentBlock], gap: _Gap) -> set[int]:
    """The numbers that the heading may have: the statutory one, and those next to its neighbours'."""
    rank = RANK[gap.key]
    numbers = {rank + 1}
    above = _number_of_neighbour(blocks, gap.before[::-1], rank)
    if above is not None:
        numbers.add(above + 1)
    below = _number_of_neighbour(blocks, gap.after, rank)
    if below is not None:
        numbers.add(below - 1)
    return numbers


def _number_of_neighbour(
    blocks: Sequence[DocumentBlock], neighbours: Sequence[_HeadingCandidate], rank: int
) -> int | None:
    """The number of the nearest heading, if it is that of the section next in the form."""
    for neighbour in neighbours:
        if not neighbour.key:
            continue
        line = blocks[neighbour.index]
        is_next = abs(neighbour.rank - rank) == 1
        if is_next and isinstance(line, TextLine):
            return _ordinal(line)
        return None
    return None


def _by_ordinal(lines: Sequence[_PlacedLine], expected: set[int]) -> int | None:
    """The line with an expected number that is no item of a list and no line of contents."""
    in_list = False
    following = [line for _, line in lines[1:]]
    for (index, line), below in zip_longest(lines, following):
        number = _ordinal(line)
        in_list = in_list and number != 1
        if number in expected and not in_list and _is_short(line):
            is_of_contents = below is not None and _is_numbered_heading(below)
            if not is_of_contents:
                return index
        in_list = in_list or number == 1
    return None


def _is_numbered_heading(line: TextLine) -> bool:
    if _ordinal(line) is None:
        return False
    return _is_short(line)


def _below_table(below: Sequence[_PlacedLine], key: str) -> int | None:
    """The line right below the table before a section, if it reads like the section's heading."""
    for index, line in below:
        is_item = _SUB.match(squeeze(line.text)) is not None
        if is_item or not _is_short(line):
            continue
        if _likeness(line, key) >= _ALIKE:
            return index
    return None
