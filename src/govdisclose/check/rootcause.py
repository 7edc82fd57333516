"""A106: the one change that would mend all broken relations of a group; suggested, never applied.

A cell stands in one to three relations. When changing it, and nothing else, makes every broken
relation of a group hold and leaves every other one as it is, and no other cell can do that, the
cell is most likely the wrong one. What no single cell can mend is tried as one number split over
two neighbours, or as requests counted under a neighbouring applicant.

A total that is calculated by formula follows the cells it adds and is never the cell to change.
Where a cell could not be read, or a number is text, that comes first: nothing else is suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

from govdisclose.check.causes import Causes
from govdisclose.check.sides import Weighed
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
            f"{label}：{self.sentence}",
            reading.place(path),
            path=path,
            expected=new,
            found=now,
            others=others,
        )


class _Guess(NamedTuple):
    """Cells to change, each by how much, and what slip that would be (empty when not known)."""

    steps: dict[str, int]
    slip: str


def find_mends(reading: Reading, weighed: Sequence[Weighed], causes: Causes) -> list[Mend]:
    """The suggestions for the broken ones among ``weighed``, each relation in one of them at most."""
    return _Search(reading, weighed, causes).mends()


class _Search:
    """The checkable relations of one report, indexed by their cells."""

    def __init__(self, reading: Reading, weighed: Sequence[Weighed], causes: Causes) -> None:
        self.form = outline(reading.report.edition)
        self.values = reading.report.values()
        self.causes = causes
        self.of: dict[str, list[Weighed]] = {}
        for item in weighed:
            for path in item.relation.paths:
                self.of.setdefault(path, []).append(item)
        self.doubtful: set[str] = set()
        for relation in self.form.relations:
            if causes.of(relation).come_first:
                self.doubtful.update(relation.paths)
        broken = [item for item in weighed if item.difference]
        self.broken = [item for item in broken if not causes.of(item.relation).come_first]
        self.totals_of: dict[str, list[str]] = {}
        for total, addends in causes.formulas.items():
            for addend in addends:
                self.totals_of.setdefault(addend, []).append(total)

    def mends(self) -> list[Mend]:
        found: list[Mend] = []
        left: list[Weighed] = []
        for group in _groups(self.broken):
            mend = self._only(group, self._single(group[0]))
            if mend:
                found.append(mend)
            else:
                left += group
        if 1 < len(left) <= _MOST_LEFT_OVER:
            pair = self._only(left, self._pairs(left))
            found += [pair] if pair else []
        return found

    def _only(self, group: list[Weighed], guesses: Iterable[_Guess]) -> Mend | None:
        """The one guess that mends the whole group and harms nothing; ``None`` if there are none or several."""
        good = [guess for guess in guesses if self._mends(group, guess.steps)]
        if len(good) != 1 or self._is_doubtful(group, good[0]):
            return None
        steps, pattern = good[0]
        changes = tuple((p, self.values[p], self._now(p) + step) for p, step in steps.items())
        said = "、".join(
            f"把 {self.causes.name(p)} 由 {'空白' if now is None else now} 改为 {new}"
            for p, now, new in changes
        )
        held = f"{len(group)} 条关系全部成立" if len(group) > 1 else "这条关系成立"
        because = pattern or _slip(changes[0][1], changes[0][2], self._next(changes[0][0]))
        sentence = f"{said} 后，{held}" + (f"（{because}）" if because else "")
        return Mend(changes, tuple(w.relation for w in group), sentence)

    def _is_doubtful(self, group: list[Weighed], guess: _Guess) -> bool:
        """Whether something that comes first stands in a relation of the group or of a cell to change."""
        cells = set(self._spread(guess.steps))
        for item in group:
            cells.update(item.relation.paths)
        return not cells.isdisjoint(self.doubtful)

    def _mends(self, group: list[Weighed], steps: Mapping[str, int]) -> bool:
        if not all(self._may_become(path, self._now(path) + step) for path, step in steps.items()):
            return False
        spread = self._spread(steps)
        touched = {id(item): item for item in group}
        for path in spread:
            touched.update({id(item): item for item in self.of.get(path, ())})
        return all(_after(item, spread) == 0 for item in touched.values())

    def _may_become(self, path: str, value: int) -> bool:
        return value >= 0 or self._cell(path).kind is Kind.CHANGE

    def _spread(self, steps: Mapping[str, int]) -> dict[str, int]:
        """The steps, and those of the totals that follow by formula."""
        spread: dict[str, int] = {}
        waiting = list(steps.items())
        while waiting:
            path, step = waiting.pop()
            spread[path] = spread.get(path, 0) + step
            waiting.extend((total, step) for total in self.totals_of.get(path, ()))
        return spread

    def _typed(self, paths: Iterable[str]) -> dict[str, None]:
        """The cells behind ``paths`` that are no formulas, each once, in order."""
        typed: dict[str, None] = {}
        for path in paths:
            behind = self.causes.behind(path)
            typed.update(dict.fromkeys(cell for cell in behind if cell not in self.causes.formulas))
        return typed

    def _single(self, item: Weighed) -> Iterator[_Guess]:
        """Every typed cell that a relation depends on, changed so that the relation holds."""
        gap = int(item.difference)
        for path in self._typed(item.relation.paths):
            gain = _after(item, self._spread({path: 1})) - gap
            if gain and gap % gain == 0:
                yield _Guess({path: -gap // gain}, "")

    def _pairs(self, group: list[Weighed]) -> Iterator[_Guess]:
        """Two cells of one row: one number split over neighbours, or requests under the wrong applicant."""
        gap = abs(int(group[0].difference))
        suspects: dict[str, None] = {}
        for item in group:
            suspects.update(self._typed(item.relation.paths))
        for one, other in _neighbours(self.form):
            head, tail = self._now(one), self._now(other)
            if head > 0 and tail > 0 and one in suspects and other in suspects:
                whole = int(f"{head}{tail}")
                yield _Guess(
                    {one: whole - head, other: -tail}, f"{whole} 被拆成 {head}、{tail} 两格"
                )
        for table in self.form.tables.values():
            for line in table.lines:
                cells = [cell.path for cell in line.cells if cell.path in suspects]
                for one, other in permutations(cells, 2):
                    yield _Guess({one: -gap, other: gap}, f"{gap} 件归错了列")

    def _now(self, path: str) -> int:
        return int(self.values[path] or 0)

    def _cell(self, path: str) -> Cell:
        return self.form.cells[path]

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
        return (
            "相邻两位数字颠倒" if swapped else "一位数字有误" if len(wrong) == 1 < len(old) else ""
        )
    if old in _shortened(right):
        split = after is not None and old + str(after) == right
        return f"少了一位数字，或 {right} 被拆成 {old}、{after} 两格" if split else "少了一位数字"
    return "多了一位数字" if right in _shortened(old) else ""


def _shortened(number: str) -> set[str]:
    """``number`` with any one digit left out."""
    return {number[:i] + number[i + 1 :] for i in range(len(number)) if len(number) > 1}
