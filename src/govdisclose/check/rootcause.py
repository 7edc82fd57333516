"""A106: the one change that would mend all broken relations of a group; suggested, never applied.

A cell belongs to one to three relations. When changing it, and nothing else, makes every broken
relation of a group hold and leaves every other one as it is, and no other cell can do that, the
cell is most likely the wrong one. What no single cell can mend is tried as one number split over
two neighbours, or as requests counted under a neighbouring applicant.

A total that is calculated by formula follows the cells it adds and is never the cell to change.
Where a cell could not be read, or a number is text, that comes first: nothing else is suggested.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple, TypeAlias

from govdisclose.check.causes import Causes
from govdisclose.check.relation_sides import Sides
from govdisclose.finding import Finding
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Outline, Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules.arithmetic import A106

_MOST_LEFT_OVER = 4
"""Two cells of one row are in at most this many relations besides those of the row."""


_Steps: TypeAlias = Mapping[str, int]
"""By how much each of some cells is to change."""


class Correction(NamedTuple):
    """One cell to change: its value now, and the value suggested."""

    path: str
    now: Value
    new: int


class Mend(NamedTuple):
    """A change of one cell, or of two in one row, after which the ``relations`` hold.

    ``sentence`` says it all in Chinese.
    """

    changes: tuple[Correction, ...]
    relations: tuple[Relation, ...]
    sentence: str

    def finding(self, reading: Reading) -> Finding:
        """A106 at the first cell to change."""
        first = self.changes[0]
        paths = [change.path for change in self.changes]
        for relation in self.relations:
            total = relation.right[-1]
            paths.append(total)
        others = dict.fromkeys(paths)
        del others[first.path]
        form = outline(reading.report.edition)
        label = form.cells[first.path].label
        return A106.finding(
            f"{label}：{self.sentence}",
            reading.place(first.path),
            path=first.path,
            expected=first.new,
            found=first.now,
            others=list(others),
        )


class _Guess(NamedTuple):
    """The cells to change, the step of each, and the slip behind it (empty when not known)."""

    steps: _Steps
    slip: str


def find_mends(reading: Reading, sides: Sequence[Sides], causes: Causes) -> list[Mend]:
    """The suggestions for the broken ones among ``sides``, each relation in one of them at most."""
    search = _CauseSearch(reading, sides, causes)
    return search.mends()


class _CauseSearch:
    """The checkable relations of one report, indexed by their cells."""

    def __init__(self, reading: Reading, sides: Sequence[Sides], causes: Causes) -> None:
        self.form = outline(reading.report.edition)
        self.values = reading.report.values()
        self.causes = causes
        self.of = _by_cell(sides)
        self.doubtful = _doubtful_cells(self.form, causes)
        self.totals_of = _totals_by_addend(causes.formulas)
        self.broken: list[Sides] = []
        for item in sides:
            if item.difference and not causes.come_first(item.relation):
                self.broken.append(item)

    def mends(self) -> list[Mend]:
        """One change for each group that a single cell mends, then one of two cells for the rest."""
        found: list[Mend] = []
        left: list[Sides] = []
        for group in _groups(self.broken):
            guesses = self._single(group[0])
            mend = self._only(group, guesses)
            if mend:
                found.append(mend)
            else:
                left += group
        if 1 < len(left) <= _MOST_LEFT_OVER:
            pairs = self._pairs(left)
            mend = self._only(left, pairs)
            if mend:
                found.append(mend)
        return found

    def _only(self, group: list[Sides], guesses: Iterable[_Guess]) -> Mend | None:
        """The one guess that mends the whole group and harms nothing; ``None`` for none or several."""
        good: list[_Guess] = []
        for guess in guesses:
            if self._mends(group, guess.steps):
                good.append(guess)
        if len(good) != 1:
            return None
        guess = good[0]
        if self._is_doubtful(group, guess):
            return None
        changes: list[Correction] = []
        for path, step in guess.steps.items():
            changes.append(self._correction(path, step))
        relations = [item.relation for item in group]
        sentence = self._sentence(changes, len(relations), guess.slip)
        return Mend(tuple(changes), tuple(relations), sentence)

    def _correction(self, path: str, step: int) -> Correction:
        """A cell changed by ``step``."""
        new = self._now(path) + step
        return Correction(path, self.values[path], new)

    def _sentence(self, changes: Sequence[Correction], relations: int, slip: str) -> str:
        """The changes, their effect, and the slip that would explain them, in Chinese."""
        all_said = [self._change_said(change) for change in changes]
        changed = "、".join(all_said)
        held = "这条关系成立"
        if relations > 1:
            held = f"{relations} 条关系全部成立"
        why = slip
        if not why:
            first = changes[0]
            after = self._next(first.path)
            why = _slip(first.now, first.new, after)
        if why:
            held += f"（{why}）"
        return f"{changed} 后，{held}"

    def _change_said(self, change: Correction) -> str:
        """One change in Chinese."""
        cell = self.causes.name(change.path)
        now = "空白" if change.now is None else change.now
        return f"把 {cell} 由 {now} 改为 {change.new}"

    def _is_doubtful(self, group: list[Sides], guess: _Guess) -> bool:
        """Whether something that comes first is in a relation of the group or of a cell to change."""
        changed = self._spread(guess.steps)
        if not self.doubtful.isdisjoint(changed):
            return True
        for item in group:
            paths = item.relation.paths
            if not self.doubtful.isdisjoint(paths):
                return True
        return False

    def _mends(self, group: list[Sides], steps: _Steps) -> bool:
        """Whether all relations of the group and of its cells hold after ``steps``."""
        for path, step in steps.items():
            if not self._is_possible(path, step):
                return False
        spread = self._spread(steps)
        # Most guesses do not even mend the group.
        if any(_after(item, spread) for item in group):
            return False
        for path in spread:
            relations = self.of.get(path, ())
            if any(_after(item, spread) for item in relations):
                return False
        return True

    def _is_possible(self, path: str, step: int) -> bool:
        """Whether a cell may have the value that a step leads to: only changes may be negative."""
        new = self._now(path) + step
        if new >= 0:
            return True
        cell = self.form.cells[path]
        return cell.kind is Kind.CHANGE

    def _spread(self, steps: _Steps) -> dict[str, int]:
        """The steps, and those of the totals that follow by formula."""
        spread: dict[str, int] = {}
        waiting = list(steps.items())
        while waiting:
            path, step = waiting.pop()
            known = spread.get(path, 0)
            spread[path] = known + step
            for total in self.totals_of.get(path, ()):
                waiting.append((total, step))
        return spread

    def _typed(self, paths: Iterable[str]) -> dict[str, None]:
        """The cells behind ``paths`` that are no formulas, each once, in order."""
        typed: dict[str, None] = {}
        for path in paths:
            for cell in self.causes.behind(path):
                if cell not in self.causes.formulas:
                    typed[cell] = None
        return typed

    def _single(self, item: Sides) -> Iterator[_Guess]:
        """Every typed cell that a relation depends on, changed so that the relation holds."""
        gap = int(item.difference)
        for path in self._typed(item.relation.paths):
            spread = self._spread({path: 1})
            gap_after = _after(item, spread)
            gain = gap_after - gap
            if gain and gap % gain == 0:
                step = -gap // gain
                yield _Guess({path: step}, "")

    def _pairs(self, group: list[Sides]) -> Iterator[_Guess]:
        """Two cells of one row to change together."""
        suspects: dict[str, None] = {}
        for item in group:
            typed = self._typed(item.relation.paths)
            suspects.update(typed)
        yield from self._splits(suspects)
        first_difference = int(group[0].difference)
        gap = abs(first_difference)
        yield from self._moves(suspects, gap)

    def _splits(self, suspects: Container[str]) -> Iterator[_Guess]:
        """One number that was split over two neighbours."""
        for one, other in _neighbours(self.form):
            if one not in suspects or other not in suspects:
                continue
            head = self._now(one)
            tail = self._now(other)
            if head > 0 and tail > 0:
                whole = int(f"{head}{tail}")
                added = whole - head
                steps = {one: added, other: -tail}
                slip = f"{whole} 被拆成 {head}、{tail} 两格"
                yield _Guess(steps, slip)

    def _moves(self, suspects: Container[str], gap: int) -> Iterator[_Guess]:
        """Requests that were counted under another applicant of the same row."""
        slip = f"{gap} 件归错了列"
        for row in _rows(self.form):
            suspected = [path for path in row if path in suspects]
            for one, other in permutations(suspected, 2):
                steps = {one: -gap, other: gap}
                yield _Guess(steps, slip)

    def _now(self, path: str) -> int:
        return int(self.values[path] or 0)

    def _next(self, path: str) -> Value:
        """The value of the cell right of a cell, if there is one."""
        for cell, right_of_it in _neighbours(self.form):
            if cell == path:
                return self.values[right_of_it]
        return None


def _by_cell(sides: Iterable[Sides]) -> dict[str, list[Sides]]:
    """The relations of each cell."""
    found: dict[str, list[Sides]] = {}
    for item in sides:
        for path in item.relation.paths:
            found.setdefault(path, []).append(item)
    return found


def _doubtful_cells(form: Outline, causes: Causes) -> set[str]:
    """The cells of relations in which something else must be mended first."""
    found: set[str] = set()
    for relation in form.relations:
        if causes.come_first(relation):
            found.update(relation.paths)
    return found


def _totals_by_addend(formulas: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The calculated totals that add each cell."""
    found: dict[str, list[str]] = {}
    for total, addends in formulas.items():
        for addend in addends:
            found.setdefault(addend, []).append(total)
    return found


class _Group(NamedTuple):
    """Broken relations that one wrong cell may explain; ``marks`` are their cells and gaps."""

    marks: set[tuple[str, int]]
    members: list[Sides]


def _groups(broken: Sequence[Sides]) -> list[list[Sides]]:
    """Broken relations put together that share a cell, directly or through others, and their gap.

    One wrong cell puts all its relations off by the same amount; by different amounts, there are
    two.
    """
    groups: list[_Group] = []
    for item in broken:
        difference = int(item.difference)
        gap = abs(difference)
        marks = {(path, gap) for path in item.relation.paths}
        members = [item]
        apart: list[_Group] = []
        for group in groups:
            if group.marks.isdisjoint(marks):
                apart.append(group)
            else:
                marks = marks | group.marks
                members = group.members + members
        groups = [*apart, _Group(marks, members)]
    return [group.members for group in groups]


def _after(item: Sides, steps: _Steps) -> int:
    """By how much a relation is off after ``steps``."""
    gap = int(item.difference)
    for path, step in steps.items():
        if path in item.relation.right:
            gap += step
        if path in item.relation.left:
            gap -= step
    return gap


def _rows(form: Outline) -> Iterator[list[str]]:
    """The cells of each row of each table, from left to right."""
    for table in form.tables.values():
        for line in table.lines:
            yield [cell.path for cell in line.cells]


def _neighbours(form: Outline) -> Iterator[tuple[str, str]]:
    """Every cell with the one right of it."""
    for row in _rows(form):
        yield from pairwise(row)


def _slip(now: Value, new: int, after: Value) -> str:
    """How ``new`` becomes ``now`` under a clerk's fingers; empty when no usual slip explains it.

    ``after`` is the number in the next cell of the row.
    """
    if now is None:
        return "漏填"
    old = str(now)
    right = str(new)
    if len(old) == len(right):
        return _wrong_digits(old, right)
    if right in _shortened(old):
        return "多了一位数字"
    if old not in _shortened(right):
        return ""
    joined = f"{old}{after}"
    if after is not None and joined == right:
        return f"少了一位数字，或 {right} 被拆成 {old}、{after} 两格"
    return "少了一位数字"


def _wrong_digits(old: str, right: str) -> str:
    """The slip that turns a number into another of the same length."""
    wrong: list[int] = []
    for index, digit in enumerate(old):
        if digit != right[index]:
            wrong.append(index)
    count = len(wrong)
    if count == 1 and len(old) > 1:
        return "一位数字有误"
    if count != 2:
        return ""
    first, second = wrong
    have_same_digits = sorted(old) == sorted(right)
    if second == first + 1 and have_same_digits:
        return "相邻两位数字颠倒"
    return ""


def _shortened(number: str) -> set[str]:
    """``number`` with any one digit left out."""
    if len(number) == 1:
        return set()
    shortened: set[str] = set()
    for index in range(len(number)):
        before = number[:index]
        after = number[index + 1 :]
        shortened.add(before + after)
    return shortened
