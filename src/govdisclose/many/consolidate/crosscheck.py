"""Compare a government's own report with the sum of its units' reports: H101, and H102."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Outline, outline
from govdisclose.form.report import SECTIONS, Section
from govdisclose.many.consolidate.total import Consolidated
from govdisclose.rules.aggregation import H101, H102

FOLD = 12
"""More differing cells than this in one table are one finding."""

_SHOWN = 3
"""How many of them that finding names."""


def check_against(
    whole: Consolidated, own: Mapping[str, Value], place: Callable[[str], Place]
) -> Iterator[Finding]:
    """Compare ``own`` cells, by path, with the sums of ``whole``; ``place`` locates a cell.

    While units are missing, a difference proves nothing. Then one finding counts the differing
    cells, and names those that no missing unit can explain, because the sum is already larger. A
    blank counts as 0 where the other side is filled.
    """
    check = _Crosscheck(whole.report.values(), own, place, outline(whole.report.edition))
    causes = check.causes()
    if not causes:
        return
    if not whole.complete:
        yield check.of_unfinished(whole, causes)
        return
    cells = check.form.cells
    for section in SECTIONS:
        paths = [path for path in causes if cells[path].table == section.key]
        if len(paths) > FOLD:
            yield check.of_table(section, paths)
        else:
            yield from map(check.of_cell, paths)


@frozen
class _Crosscheck:
    """Two sides, by path: the units' ``sums`` and the government's ``own`` figures."""

    sums: Mapping[str, Value]
    own: Mapping[str, Value]
    place: Callable[[str], Place]
    form: Outline

    def causes(self) -> list[str]:
        """The differing cells, without totals that differ only by one of their addends."""
        differing = [path for path in self.sums if self._gap(path)]
        return [path for path in differing if self._addends(path).isdisjoint(differing)]

    def _gap(self, path: str) -> int | Decimal:
        """How much the government's own figure exceeds the sum."""
        own = self.own[path] or 0
        total = self.sums[path] or 0
        return own - total

    def _addends(self, path: str) -> set[str]:
        found: set[str] = set()
        for relation in self.form.totals.get(path, ()):
            found.update(relation.left)
        return found

    def of_cell(self, path: str) -> Finding:
        """One differing cell."""
        label = self.form.cells[path].label
        sides = self._both_sides(path)
        return H101.finding(
            f"{label}：{sides}",
            self.place(path),
            path=path,
            expected=self.sums[path] or 0,
            found=self.own[path],
        )

    def of_table(self, section: Section, paths: Sequence[str]) -> Finding:
        """Many differing cells of one table."""
        first, *others = paths
        count = len(paths)
        examples = self._examples(paths)
        text = f"“{section.heading}”有 {count} 格与所属单位之和不等：{examples}"
        place = self.place(first)
        return H101.finding(text, place, path=first, others=others)

    def of_unfinished(self, whole: Consolidated, causes: Sequence[str]) -> Finding:
        """All differing cells while units are missing."""
        count = len(causes)
        text = f"{whole.face}，没有汇总齐；本级报告有 {count} 格与已汇总之和不同"
        # Where nearly every cell agrees, nobody is missing, and the few are worth looking at.
        if count <= _SHOWN:
            text += f"：{self._examples(causes)}"
        else:
            text += "，汇总齐以前不逐格列出"
        too_small = [path for path in causes if self._is_too_small(path)]
        if not too_small:
            whole_file = Place(self.place("").file)
            return H102.finding(text, whole_file)
        examples = self._examples(too_small)
        text += f"。其中 {len(too_small)} 格小于已汇总之和，不是缺报造成的：{examples}"
        first = self.place(too_small[0])
        return H102.finding(text, first, others=too_small)

    def _is_too_small(self, path: str) -> bool:
        """Whether no missing unit can explain the difference; only changes may be negative."""
        is_change = self.form.cells[path].kind is Kind.CHANGE
        return not is_change and self._gap(path) < 0

    def _both_sides(self, path: str) -> str:
        own = self.own[path]
        found = "空白" if own is None else own
        total = self.sums[path] or 0
        gap = self._gap(path)
        return f"所属单位之和为 {total}，本级报告为 {found}，差 {gap:+}"

    def _examples(self, paths: Sequence[str]) -> str:
        examples: list[str] = []
        for path in paths[:_SHOWN]:
            label = self.form.cells[path].label
            sides = self._both_sides(path)
            examples.append(f"{label}：{sides}")
        told = "；".join(examples)
        if len(paths) > _SHOWN:
            told += " 等"
        return told
