"""Add counted reports up: all of a year, each county, each level; each unit by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import define, field

from govdisclose.form.grouping import group_by
from govdisclose.form.indicators import INDICATORS
from govdisclose.form.overview import Grouping, Standing
from govdisclose.many.overview.candidates import Amounts
from govdisclose.many.overview.counting import KeyedReport, year_of
from govdisclose.many.roster import Roster
from govdisclose.many.yearly_roster import YearlyRoster, in_year
from govdisclose.read.tables.labels import name_key

_ALL = "总计"


def add_groups(reports: Iterable[KeyedReport], yearly: YearlyRoster | None) -> Iterator[Standing]:
    """Yield the lines of an overview: year by year all, counties, levels and units."""
    years = group_by(reports, year_of)
    for year in sorted(years):
        roster = in_year(yearly, year)
        yield from _of_year(year, years[year], roster)


def _of_year(
    year: int, reports: Sequence[KeyedReport], roster: Roster | None
) -> Iterator[Standing]:
    everything = _Sum(_ALL)
    counties = _counties(reports, roster)
    levels = _levels(roster)
    for report in reports:
        candidate = report.candidate
        everything.add(candidate.amounts)
        level = candidate.level
        if level:
            of_level = levels.setdefault(level, _Sum(level))
            of_level.add(candidate.amounts)
    yield everything.standing(Grouping.ALL, year, "")
    for key, county in counties.items():
        if county.reports:
            yield county.standing(Grouping.COUNTY, year, key)
    for name, level_sum in levels.items():
        if level_sum.reports:
            yield level_sum.standing(Grouping.LEVEL, year, name)
    for report in sorted(reports, key=_in_order):
        yield _unit(report)


def _levels(roster: Roster | None) -> dict[str, _Sum]:
    """An empty sum for each level of the roster, in its order."""
    found: dict[str, _Sum] = {}
    if roster is not None:
        for unit in roster.units:
            if unit.level:
                found.setdefault(unit.level, _Sum(unit.level))
    return found


def _in_order(report: KeyedReport) -> tuple[str, str, str]:
    return report.candidate.parent, report.candidate.name, report.key


def _unit(report: KeyedReport) -> Standing:
    candidate = report.candidate
    amounts = candidate.amounts
    return Standing(
        grouping=Grouping.UNIT,
        year=candidate.year,
        key=report.key,
        name=candidate.name or candidate.file,
        reports=1,
        parts=amounts.parts,
        wholes=amounts.wholes,
        blanks=tuple(map(int, amounts.blank)),
        code=candidate.code,
        parent=candidate.parent,
        level=candidate.level,
    )


def _counties(reports: Iterable[KeyedReport], roster: Roster | None) -> dict[str, _Sum]:
    """The sums at every unit that others belong to, but the one that all belong to."""
    if roster is None:
        return _counties_by_name(reports)
    found: dict[str, _Sum] = {}
    for unit in roster.units:
        has_units = unit.key in roster.children
        if has_units and not _is_head(unit.key, roster):
            code = unit.code or ""
            found[unit.key] = _Sum(unit.name, code, unit.level)
    for report in reports:
        amounts = report.candidate.amounts
        for unit in roster.at_and_above(report.key):
            county = found.get(unit.key)
            if county is not None:
                county.add(amounts)
    return found


def _is_head(key: str, roster: Roster) -> bool:
    heads = roster.children.get(None, ())
    return len(heads) == 1 and heads[0].key == key


def _counties_by_name(reports: Iterable[KeyedReport]) -> dict[str, _Sum]:
    """The same by the names of the column 上级, where there is no roster."""
    found: dict[str, _Sum] = {}
    for report in sorted(reports, key=_in_order):
        parent = report.candidate.parent
        if parent:
            group = found.setdefault(name_key(parent), _Sum(parent))
            group.add(report.candidate.amounts)
    return found


def _blanks() -> list[int | None]:
    return [None] * len(INDICATORS)


def _zeros() -> list[int]:
    return [0] * len(INDICATORS)


@define
class _Sum:
    """A running sum of reports."""

    name: str
    code: str = ""
    level: str = ""
    reports: int = 0
    parts: list[int | None] = field(factory=_blanks)
    wholes: list[int | None] = field(factory=_blanks)
    blanks: list[int] = field(factory=_zeros)

    def add(self, amounts: Amounts) -> None:
        """Add one report; a blank adds nothing, and is counted."""
        self.reports += 1
        self.parts = list(map(_plus, self.parts, amounts.parts))
        self.wholes = list(map(_plus, self.wholes, amounts.wholes))
        self.blanks = [
            count + blank for count, blank in zip(self.blanks, amounts.blank, strict=True)
        ]

    def standing(self, grouping: Grouping, year: int, key: str) -> Standing:
        """The line of an overview."""
        return Standing(
            grouping=grouping,
            year=year,
            key=key,
            name=self.name,
            reports=self.reports,
            parts=tuple(self.parts),
            wholes=tuple(self.wholes),
            blanks=tuple(self.blanks),
            code=self.code,
            level=self.level,
        )


def _plus(so_far: int | None, amount: int | None) -> int | None:
    if amount is None:
        return so_far
    return amount if so_far is None else so_far + amount
