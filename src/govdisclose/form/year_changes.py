"""The changes in the reports of many units since last year, the most unusual first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from heapq import nsmallest
from math import sqrt

from attrs import frozen

from govdisclose.finding import Finding, Number, Severity

MOST_CHANGES = 2_000
"""So many changes are listed, the most unusual ones; how many there are in all is said."""

RANKING_WORDS = (
    "警告在前，提示在后；各按“程度”排：本年与上年（或应为）之差的绝对值，除以两数之和的平方根。"
    "件数本来就多的，多几件少几件不算什么；程度 3 以上的，很少是偶然。"
)
"""How changes are ranked, as it is printed above them."""


@frozen
class UnitChange:
    """One finding of family C about one unit: its figure, and last year's or the one expected."""

    unit: str
    code: str
    file: str
    rule: str
    severity: Severity
    text: str
    expected: Number | None
    found: Number | None

    @property
    def difference(self) -> int | Decimal | None:
        """This year's figure less last year's; a blank one counts as 0."""
        if self.expected is None and self.found is None:
            return None
        now, before = Decimal(self.found or 0), Decimal(self.expected or 0)
        difference: int | Decimal = now - before
        return int(difference) if difference == int(difference) else difference

    @property
    def weight(self) -> float:
        """How unusual it is: as many standard deviations as if both were counts of chance."""
        difference = self.difference
        whole = float(self.found or 0) + float(self.expected or 0)
        if difference is None or whole <= 0:
            return 0.0
        return abs(float(difference)) / sqrt(whole)


@frozen
class NotCompared:
    """A unit whose report of last year was not found, and the reason in Chinese."""

    unit: str
    code: str
    file: str
    reason: str


@frozen
class YearChanges:
    """The changes of all units, ranked.

    ``listed`` are the most unusual ones of ``total``. ``compared`` counts the units that have been
    compared, ``not_compared`` are the others. ``unread`` says in Chinese which of last year's files
    could not be read.
    """

    listed: tuple[UnitChange, ...]
    total: int
    compared: int
    not_compared: tuple[NotCompared, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def face(self) -> str:
        """One sentence: how many units were compared, and the number of changes."""
        said = f"与上年比较了 {self.compared} 家，{self.total} 处变化异常"
        if self.not_compared:
            said += f"；{len(self.not_compared)} 家没有比较"
        return said


def unit_changes(
    findings: Iterable[Finding], unit: str, code: str, file: str
) -> Iterator[UnitChange]:
    """The findings of a unit as changes."""
    for finding in findings:
        yield UnitChange(
            unit=unit,
            code=code,
            file=file,
            rule=finding.code,
            severity=finding.severity,
            text=finding.text,
            expected=_number(finding.expected),
            found=_number(finding.found),
        )


def _number(value: Number | str | None) -> Number | None:
    return None if isinstance(value, str) else value


def most_unusual(changes: Iterable[UnitChange]) -> list[UnitChange]:
    """The ``MOST_CHANGES`` most unusual changes, in order; the others are not held."""
    return nsmallest(MOST_CHANGES, changes, key=_order)


def _order(change: UnitChange) -> tuple[int, float, str, str]:
    return change.severity.rank, -change.weight, change.file, change.text
