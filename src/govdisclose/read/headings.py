"""Lines of a published report → its section headings, by meaning: numbered or not, shifted or doubled.

The statutory headings come from the form; what is added here are the words that offices never leave
out of them. Which of several candidates is the heading is decided for all six together: they must
come in statutory order, with the tables between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from govdisclose.form.report import SECTIONS
from govdisclose.read.grid import Grid
from govdisclose.read.labels import label, squeeze
from govdisclose.read.source import Line

_DIRT = re.compile(r"^[^\w(]*[lI|1]?[^\w(]*(?=[一二三四五六七八九十]+[、.:,])")
_TOP = re.compile(r"^(第[一二三四五六七八九十]+(部分|章|节)|[一二三四五六七八九十]+[、.:,])")
_SUB = re.compile(r"^(\([^()]{1,3}\)|\d{1,2}[、.)](?!\d)|[①-⑩•·-])")
_NOTE = re.compile(r"\([^()]*\)$")
_SENTENCE = re.compile(r"[。;；!?]|,.*,")
_MEANINGS = {
    "overview": re.compile(r".{0,30}总体(落实|工作|推进)?情况(概述)?"),
    "proactive": re.compile(r".{0,20}主动公开.{0,12}(情况|统计表)"),
    "requests": re.compile(r"(?!.*(复议|诉讼)).{0,20}(收到|处理|受理|办理|依).{0,20}申请.{0,12}(情况|统计表)"),
    "disputes": re.compile(r".{0,20}(行政复议|行政诉讼|复议.{0,6}诉讼).{0,16}"),
    "problems": re.compile(r".{0,20}问题.{0,4}(改进|整改|下一步|今后|措施|思路|打算|方向).{0,12}"),
    "other_matters": re.compile(r".{0,12}(其他.{0,10}事项|报告.{0,4}其他.{0,4}事项)"),
}
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


def section_of(line: Line) -> tuple[str | None, float]:
    """The section that a line may be the heading of, and how much it looks like one (0 is not at all)."""
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


def find_headings(blocks: Sequence[Line | Grid], tables: dict[int, str]) -> dict[int, str]:
    """Index of each heading → its section, for the best set of candidates in statutory order.

    ``tables`` are the indexes of the statutory tables; of equal candidates the last is the heading,
    since a table of contents comes before the text.
    """
    nodes: list[_Node] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Line):
            key, weight = section_of(block)
            if key is not None:
                nodes.append(_Node(index, key, RANK[key], weight))
        elif index in tables:
            nodes.append(_Node(index, "", RANK[tables[index]] + 0.5, 3))
    return {node.index: node.key for node in _best_chain(nodes) if node.key}


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
