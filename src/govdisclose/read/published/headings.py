"""Lines of a published report → its section headings, by meaning, ordinal and place together.

The statutory headings come from the form; what is added here are the words that offices never leave
out of them. Which of several candidates is the heading is decided for all six together: they must
come in statutory order, with the tables between them. A heading in other words is known by its
ordinal, and a section still missing by what stands where its heading should be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from attrs import frozen

from govdisclose.form.numerals import chinese_number
from govdisclose.form.report import SECTIONS
from govdisclose.read.grid import Grid
from govdisclose.read.published.document import TextLine
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
_HEADING_LENGTH = 40
_ALIKE = 0.35
"""Likeness from which a line without an ordinal is a heading where one is due."""
_CERTAIN = 6
"""Weight of a numbered line in the statutory words."""
_MANY = 500
"""Candidates that are looked at; a report has some ten."""

RANK = {section.key: index for index, section in enumerate(SECTIONS)}
"""The place of each section in the statutory order."""
_STATUTORY = {section.key: label(section.heading) for section in SECTIONS}


@frozen
class _Node:
    """A candidate: where it stands, how far down the report, and how likely it is."""

    index: int
    key: str
    rank: float
    weight: float


def section_of(line: TextLine) -> tuple[str | None, float]:
    """The section that a line may be the heading of, and how much it looks like one (0 is not at all)."""
    if len(line.text) > _LONGEST_LINE:
        return None, 0
    text = _DIRT.sub("", squeeze(line.text))
    if len(text) > 60 or _SENTENCE.search(text.rstrip("。:;")):
        return None, 0
    top, sub = _TOP.match(text), _SUB.match(text)
    meant = label(_NOTE.sub("", (_TOP if top else _SUB).sub("", text)))
    key = next((key for key, pattern in _MEANINGS.items() if pattern.fullmatch(meant)), None)
    if key is None:
        return None, 0
    exact = meant == _STATUTORY[key]
    if sub:
        return (key, 1) if exact else (None, 0)
    return key, (4 if top else 1 + line.bold) + 2 * exact + (line.heading is not None)


def find_headings(blocks: Sequence[TextLine | Grid], tables: dict[int, str]) -> dict[int, str]:
    """Index of each heading → its section, for the best set of candidates in statutory order.

    ``tables`` are the indexes of the statutory tables; of equal candidates the last is the heading,
    since a table of contents comes before the text.
    """
    nodes: list[_Node] = []
    for index, block in enumerate(blocks):
        if isinstance(block, TextLine):
            node = _candidate(block, index)
            if node is not None:
                nodes.append(node)
        elif index in tables:
            nodes.append(_Node(index, "", RANK[tables[index]] + 0.5, 3))
    chain = _without_list_items(blocks, _best_chain(nodes))
    for key in RANK:
        chain = _with_heading(blocks, chain, key)
    found = {node.index: node.key for node in chain if node.key}
    return dict(sorted((found | _out_of_order(nodes, found)).items()))


def _out_of_order(nodes: Sequence[_Node], found: dict[int, str]) -> dict[int, str]:
    """Sections that no rising chain has, but whose heading stands once, numbered, in the statutory words."""
    more: dict[int, str] = {}
    for key in RANK:
        candidates = [node.index for node in nodes if node.key == key and node.weight >= _CERTAIN]
        if (
            found
            and key not in found.values()
            and len(candidates) == 1
            and candidates[0] > min(found)
        ):
            more[candidates[0]] = key
    return more


def is_bare_ordinal(line: TextLine) -> bool:
    """Whether a line is nothing but the number of a heading of the first level."""
    return len(line.text) <= _HEADING_LENGTH and _TOP.fullmatch(squeeze(line.text)) is not None


def _candidate(line: TextLine, index: int) -> _Node | None:
    """The section that a line may begin: by its meaning, else by its ordinal and likeness."""
    key, weight = section_of(line)
    if key is not None:
        return _Node(index, key, RANK[key], weight)
    number = _ordinal(line)
    if number is None or number > len(SECTIONS) or not _is_short(line):
        return None
    key = SECTIONS[number - 1].key
    return _Node(index, key, RANK[key], 2 + 2 * _likeness(line, key))


def _without_list_items(blocks: Sequence[TextLine | Grid], chain: list[_Node]) -> list[_Node]:
    """The chain without lines known by their ordinal alone that belong to a list in the section before them."""
    kept: list[_Node] = []
    for node in chain:
        line = blocks[node.index]
        if isinstance(line, TextLine) and section_of(line)[0] is None and kept:
            between = blocks[kept[-1].index + 1 : node.index]
            if any(isinstance(block, TextLine) and _ordinal(block) == 1 for block in between):
                continue
        kept.append(node)
    return kept


def _ordinal(line: TextLine) -> int | None:
    """The number that a line begins with as a heading of the first level: 5 for 五、 and 第五部分."""
    top = _TOP.match(_DIRT.sub("", squeeze(line.text[:_LONGEST_LINE])))
    number = chinese_number(_NO_NUMERAL.sub("", top[0])) if top else None
    return int(number) if number is not None else None


def _is_short(line: TextLine) -> bool:
    text = squeeze(line.text)
    return len(text) <= _HEADING_LENGTH and not _SENTENCE.search(text.rstrip("。:;"))


def _likeness(line: TextLine, key: str) -> float:
    """How much a line reads like a statutory heading, from 0 to 1."""
    meant = label(_TOP.sub("", squeeze(line.text)))
    return SequenceMatcher(None, meant, _STATUTORY[key], autojunk=False).ratio()


def _with_heading(blocks: Sequence[TextLine | Grid], chain: list[_Node], key: str) -> list[_Node]:
    """The chain with the heading of ``key``, where it has none yet and its place tells which line it is."""
    if any(node.key == key for node in chain):
        return chain
    before = [node for node in chain if node.rank < RANK[key]]
    after = [node for node in chain if node.rank > RANK[key]]
    if not before and not after:
        return chain
    first = before[-1].index + 1 if before else 0
    end = after[0].index if after else len(blocks)
    between = [
        (i, block)
        for i, block in enumerate(blocks[first:end], first)
        if isinstance(block, TextLine)
    ]
    expected = _expected(blocks, before, after, key)
    at = _by_ordinal(between, expected)
    if at is None and before and not before[-1].key:
        at = _below_table(between[:1], key)
    if at is None:
        return chain
    return [*before, _Node(at, key, RANK[key], 0), *after]


def _expected(
    blocks: Sequence[TextLine | Grid], before: list[_Node], after: list[_Node], key: str
) -> set[int]:
    """The numbers that a heading of ``key`` may bear: the statutory one, and those next to its neighbours'."""
    numbers = {RANK[key] + 1}
    for nodes, step in ((before[::-1], 1), (after, -1)):
        neighbour = next((node for node in nodes if node.key), None)
        line = blocks[neighbour.index] if neighbour is not None else None
        number = _ordinal(line) if isinstance(line, TextLine) else None
        if neighbour is not None and number is not None and abs(neighbour.rank - RANK[key]) == 1:
            numbers.add(number + step)
    return numbers


def _by_ordinal(between: Sequence[tuple[int, TextLine]], expected: set[int]) -> int | None:
    """The line that bears an expected number: no member of a list, no line of a table of contents."""
    in_list = False
    for position, (index, line) in enumerate(between):
        number = _ordinal(line)
        following = between[position + 1][1] if position + 1 < len(between) else None
        listed = following is not None and _ordinal(following) is not None and _is_short(following)
        if number in expected and _is_short(line) and not listed and (number == 1 or not in_list):
            return index
        in_list = in_list or number == 1
    return None


def _below_table(below: Sequence[tuple[int, TextLine]], key: str) -> int | None:
    """The line right below the table before a section, if it reads like the heading of that section."""
    for index, line in below:
        if (
            _is_short(line)
            and not _SUB.match(squeeze(line.text))
            and _likeness(line, key) >= _ALIKE
        ):
            return index
    return None


def _best_chain(nodes: list[_Node]) -> list[_Node]:
    """The heaviest chain of candidates whose ranks rise (parts of one table may follow each other)."""
    del nodes[_MANY:]
    best: list[tuple[float, int | None]] = []
    for i, node in enumerate(nodes):
        before = [
            (best[j][0], j)
            for j, other in enumerate(nodes[:i])
            if other.rank < node.rank or (other.rank == node.rank and not node.key)
        ]
        weight, previous = max(before, default=(0.0, -1))
        best.append((weight + node.weight, previous if before else None))
    chain: list[_Node] = []
    at = max(range(len(nodes)), key=lambda i: (best[i][0], i), default=None)
    while at is not None:
        chain.append(nodes[at])
        at = best[at][1]
    return chain[::-1]
