"""A106: the one change that would mend all broken relations of a group; suggested, never applied.

A cell stands in one to three relations. When changing it, and nothing else, makes every broken
relation of a group hold and leaves every other one as it is, and no other cell can do that, the
cell is most likely the wrong one. What no single cell can mend is tried as one number split over
two neighbours, or as requests counted under a neighbouring applicant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

from govdisclose.check.weighing import Weighed
from govdisclose.finding import Finding
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Cell, Outline, Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules.arithmetic import A106

_MOST_LEFT_OVER = 4
"""Two cells of one row stand in at most this many relations besides those of the row."""


class Mend(NamedTuple):
    """A change of one cell, or of two in one row, after which the ``relations`` hold.

    ``changes`` are (path, value now, value suggested); ``sentence`` says it all in Chinese.
    """

    changes: tuple[tuple[str, Value, int], ...]
    relations: tuple[Relation, ...]
    sentence: str

    def finding(self, reading: Reading) -> Finding:
        """A106 at the first cell to change."""
        path, now, new = self.changes[0]
        ends = [r.right[-1] for r in self.relations]
        others = dict.fromkeys([p for p, *_ in self.changes[1:]] + ends)
        others.pop(path, None)
        label = outline(reading.report.edition).cells[path].label
        return A106.finding(
            f"{label}：{self.sentence}", reading.place(path), path=path, expected=new, found=now, others=others
        )


def find_mends(reading: Reading, weighed: Sequence[Weighed]) -> list[Mend]:
    """The suggestions for the broken ones among ``weighed``, each relation in one of them at most."""
    return _Search(reading, weighed).mends()


class _Search:
    """The checkable relations of one report, indexed by their cells."""

    def __init__(self, reading: Reading, weighed: Sequence[Weighed]) -> None:
        self.reading, self.form = reading, outline(reading.report.edition)
        self.values = reading.report.values()
        self.broken = [w for w in weighed if w.difference]
        self.of: dict[str, list[Weighed]] = {}
        for item in weighed:
            for path in item.relation.paths:
                self.of.setdefault(path, []).append(item)

    def mends(self) -> list[Mend]:
        found, left = [], []
        for group in _groups(self.broken):
            mend = self._only(group, self._single(group))
            if mend:
                found.append(mend)
            else:
                left += group
        if 1 < len(left) <= _MOST_LEFT_OVER:
            pair = self._only(left, self._pairs(left))
            found += [pair] if pair else []
        return found

    def _only(self, group: list[Weighed], guesses: Iterable[tuple[dict[str, int], str]]) -> Mend | None:
        """The one guess that mends the whole group and harms nothing; ``None`` if there are none or several."""
        good = [guess for guess in guesses if self._mends(group, guess[0])]
        if len(good) != 1:
            return None
        steps, pattern = good[0]
        changes = tuple((p, self.values[p], self._now(p) + step) for p, step in steps.items())
        said = "、".join(
            f"把 {self._name(p)} 由 {'空白' if now is None else now} 改为 {new}" for p, now, new in changes
        )
        held = f"{len(group)} 条关系全部成立" if len(group) > 1 else "这条关系成立"
        because = pattern or _slip(changes[0][1], changes[0][2], self._next(changes[0][0]))
        sentence = f"{said} 后，{held}" + (f"（{because}）" if because else "")
        return Mend(changes, tuple(w.relation for w in group), sentence)

    def _mends(self, group: list[Weighed], steps: Mapping[str, int]) -> bool:
        possible = all(self._now(p) + d >= 0 or self._cell(p).kind is Kind.CHANGE for p, d in steps.items())
        touched = {id(w): w for path in steps for w in self.of.get(path, ())}
        return possible and all(_after(w, steps) == 0 for w in [*touched.values(), *group])

    def _single(self, group: list[Weighed]) -> Iterator[tuple[dict[str, int], str]]:
        shared = set(group[0].relation.paths).intersection(*(w.relation.paths for w in group))
        first = group[0]
        for path in first.relation.paths:
            if path in shared:
                yield {path: int(first.difference) * (1 if path in first.relation.left else -1)}, ""

    def _pairs(self, group: list[Weighed]) -> Iterator[tuple[dict[str, int], str]]:
        """Two cells of one row: one number split over neighbours, or requests under the wrong applicant."""
        gap = abs(int(group[0].difference))
        suspects = {path for w in group for path in w.relation.paths}
        for one, other in _neighbours(self.form):
            head, tail = self._now(one), self._now(other)
            if head > 0 and tail > 0 and suspects.issuperset((one, other)):
                whole = int(f"{head}{tail}")
                yield {one: whole - head, other: -tail}, f"{whole} 被拆成 {head}、{tail} 两格"
        for line in (line for table in self.form.tables.values() for line in table.lines):
            for one, other in permutations([c.path for c in line.cells if c.path in suspects], 2):
                yield {one: -gap, other: gap}, f"{gap} 件归错了列"

    def _now(self, path: str) -> int:
        return int(self.values[path] or 0)

    def _cell(self, path: str) -> Cell:
        return self.form.cells[path]

    def _name(self, path: str) -> str:
        return self.reading.place(path).cell or f"“{self._cell(path).label}”"

    def _next(self, path: str) -> Value:
        return next((self.values[b] for a, b in _neighbours(self.form) if a == path), None)


def _groups(broken: Sequence[Weighed]) -> list[list[Weighed]]:
    """Broken relations put together that share a cell, directly or through others, and are off by the same.

    One wrong cell puts all its relations off by as much as itself; by different amounts, there are two.
    """
    groups: list[tuple[set[tuple[str, int]], list[Weighed]]] = []
    for item in broken:
        cells, members = {(path, abs(int(item.difference))) for path in item.relation.paths}, [item]
        for group in [g for g in groups if not g[0].isdisjoint(cells)]:
            groups.remove(group)
            cells, members = cells | group[0], group[1] + members
        groups.append((cells, members))
    return [members for _, members in groups]


def _after(item: Weighed, steps: Mapping[str, int]) -> int:
    """By how much a relation is off after ``steps``."""
    right = sum(d for p, d in steps.items() if p in item.relation.right)
    left = sum(d for p, d in steps.items() if p in item.relation.left)
    return int(item.difference) + right - left


def _neighbours(form: Outline) -> Iterator[tuple[str, str]]:
    for table in form.tables.values():
        for line in table.lines:
            yield from ((a.path, b.path) for a, b in pairwise(line.cells))


def _slip(now: Value, new: int, after: Value) -> str:
    """How ``new`` becomes ``now`` under a clerk's fingers; empty when no usual slip explains it."""
    if now is None:
        return "漏填"
    old, right = str(now), str(new)
    if len(old) == len(right):
        wrong = [i for i, (a, b) in enumerate(zip(old, right, strict=True)) if a != b]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(old) == sorted(right)
        return "相邻两位数字颠倒" if swapped else "一位数字有误" if len(wrong) == 1 < len(old) else ""
    if old in _shortened(right):
        split = after is not None and old + str(after) == right
        return f"少了一位数字，或 {right} 被拆成 {old}、{after} 两格" if split else "少了一位数字"
    return "多了一位数字" if right in _shortened(old) else ""


def _shortened(number: str) -> set[str]:
    """``number`` with any one digit left out."""
    return {number[:i] + number[i + 1 :] for i in range(len(number)) if len(number) > 1}
