"""The units of two years side by side: who is in both, who only in one, and their figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from attrs import field, frozen

from govdisclose.form.files_left import state_of
from govdisclose.form.indicators import COUNTS


class Presence(str, Enum):
    """In which of the two years a unit's report counts."""

    BOTH = "both"
    OLD = "only_old"
    NEW = "only_new"

    def label(self, old: int, new: int) -> str:
        """The words that people read."""
        return {"both": "两年都有", "only_old": f"只有 {old}", "only_new": f"只有 {new}"}[
            self.value
        ]


@frozen
class UnitYears:
    """One unit, or one county, in both years.

    ``old`` and ``new`` are its figures, one for each of ``COUNTS`` (件); ``None`` without a report.
    ``changed`` counts the cells that differ. ``remark`` says in Chinese why a unit is only in one
    year. A county has how many reports it has in each year.
    """

    key: str
    name: str
    code: str = ""
    parent: str = ""
    level: str = ""
    old: tuple[int | None, ...] | None = None
    new: tuple[int | None, ...] | None = None
    changed: int | None = None
    remark: str = ""
    old_reports: int = 0
    new_reports: int = 0

    @property
    def presence(self) -> Presence:
        """In which years there is a report."""
        if self.old is not None and self.new is not None:
            return Presence.BOTH
        return Presence.NEW if self.old is None else Presence.OLD


@frozen
class NotAdded:
    """A file that is not in the sum of its folder, and the reason in Chinese.

    ``is_report`` is false for a file that nobody reads, or that is no report: a picture, a notice.
    ``looked_at`` tells these two apart.
    """

    file: str
    reason: str
    is_report: bool = True
    looked_at: bool = True

    @property
    def said(self) -> str:
        """The sentence about the file."""
        return f"{self.file}：{self.reason}"

    @property
    def state(self) -> str:
        """The words that people read."""
        return "没有计入" if self.is_report else state_of(self)


@frozen
class UnitsCompared:
    """All units of two folders, the years of both, and the files that do not count."""

    old_year: int
    new_year: int
    units: tuple[UnitYears, ...] = field(repr=False)
    counties: tuple[UnitYears, ...] = field(default=(), repr=False)
    left_out: tuple[NotAdded, ...] = ()

    @property
    def reports_left_out(self) -> tuple[NotAdded, ...]:
        """The reports that do not count."""
        return tuple(file for file in self.left_out if file.is_report)

    @property
    def files_not_read(self) -> tuple[NotAdded, ...]:
        """The files that are no reports, or that nobody reads."""
        return tuple(file for file in self.left_out if not file.is_report)

    def of(self, presence: Presence) -> tuple[UnitYears, ...]:
        """The units that are in both years, or only in one."""
        return tuple(unit for unit in self.units if unit.presence is presence)

    @property
    def face(self) -> str:
        """One sentence: how many units are in both years, and only in one."""
        both, old, new = (len(self.of(presence)) for presence in Presence)
        return (
            f"两年都有的 {both} 家，只有 {self.old_year} 年度的 {old} 家，"
            f"只有 {self.new_year} 年度的 {new} 家"
        )


def count_names() -> Iterator[str]:
    """The names of the figures that stand beside each unit."""
    for indicator in COUNTS:
        yield indicator.name


def added(rows: Iterable[tuple[int | None, ...]]) -> tuple[int | None, ...] | None:
    """Figures added up, one by one; a blank adds nothing. ``None`` without any row."""
    sums: list[int | None] | None = None
    for row in rows:
        sums = list(row) if sums is None else list(map(_plus, sums, row))
    return None if sums is None else tuple(sums)


def _plus(so_far: int | None, amount: int | None) -> int | None:
    if amount is None:
        return so_far
    return amount if so_far is None else so_far + amount
