"""The figures of many units: what each unit, county and level has, and what all have together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from attrs import field, frozen

from govdisclose.form.growth import rounded_percent
from govdisclose.form.indicators import INDICATORS, Indicator

AT_LEAST = 30
"""A rate is ranked only from this many cases in its denominator on: one case is then 3 per cent."""

_AT = {indicator.key: number for number, indicator in enumerate(INDICATORS)}


class Grouping(str, Enum):
    """What one line of an overview stands for."""

    ALL = "all"
    COUNTY = "county"
    LEVEL = "level"
    UNIT = "unit"

    @property
    def label(self) -> str:
        """The word that people read."""
        return {"all": "全部", "county": "县区（上级）", "level": "层级", "unit": "单位"}[
            self.value
        ]


@frozen
class Measure:
    """One figure: a count (``whole`` is ``None``) or the rate ``part`` / ``whole``, both in 件.

    ``part`` is ``None`` when all its cells are blank. ``blanks`` counts the reports in which some
    of the cells are blank; these cells add nothing.
    """

    indicator: Indicator
    part: int | None
    whole: int | None
    blanks: int

    @property
    def share(self) -> Fraction | None:
        """The exact rate; ``None`` for a count, for blanks, and where there are no cases."""
        if self.part is None or not self.whole:
            return None
        return Fraction(self.part, self.whole)

    @property
    def percent(self) -> Decimal | None:
        """The rate in per cent with one decimal, rounded half up."""
        share = self.share
        return None if share is None else rounded_percent(share)


@frozen
class Standing:
    """One unit, county or level, or all of them, in one year.

    ``key`` is the same in every year. ``reports`` counts the reports that are in it. ``parts``,
    ``wholes`` and ``blanks`` hold a number for each of ``INDICATORS``.
    """

    grouping: Grouping
    year: int
    key: str
    name: str
    reports: int
    parts: tuple[int | None, ...] = field(repr=False)
    wholes: tuple[int | None, ...] = field(repr=False)
    blanks: tuple[int, ...] = field(repr=False)
    code: str = ""
    parent: str = ""
    level: str = ""

    def measure(self, indicator: Indicator) -> Measure:
        """The figure of one indicator."""
        at = _AT[indicator.key]
        return Measure(
            indicator=indicator, part=self.parts[at], whole=self.wholes[at], blanks=self.blanks[at]
        )

    def measures(self) -> Iterator[Measure]:
        """All figures, in the order of ``INDICATORS``."""
        for indicator in INDICATORS:
            yield self.measure(indicator)


@frozen
class Ranked:
    """The place of a unit or county; equal rates share a place."""

    place: int
    standing: Standing
    measure: Measure


@frozen
class Ranking:
    """The units with enough cases, the highest rate first; ``too_small`` counts the others."""

    indicator: Indicator
    year: int
    ranked: tuple[Ranked, ...]
    too_small: int


@frozen
class Excluded:
    """A report that is not in the figures, and the reason in Chinese.

    ``leaves_a_gap`` when its figures are in no other report.
    """

    file: str
    reason: str
    year: int | None = None
    agency: str = ""
    leaves_a_gap: bool = True


@frozen
class Absentee:
    """A unit of the roster from which nothing came for a year.

    ``remark`` names in Chinese the files that it has sent without a year.
    """

    year: int
    name: str
    code: str = ""
    parent: str = ""
    level: str = ""
    remark: str = ""


@frozen
class Overview:
    """The figures of many units over one or several years.

    ``agency`` names whose figures they are; it may be empty. ``standings`` are all lines: by year,
    and in each year all together, counties, levels, units. ``at_least`` is how many cases a rate
    needs to be ranked. ``notices`` are Chinese sentences on what the figures do not say.
    """

    agency: str
    years: tuple[int, ...]
    standings: tuple[Standing, ...] = field(repr=False)
    at_least: int = AT_LEAST
    excluded: tuple[Excluded, ...] = ()
    missing: tuple[Absentee, ...] = ()
    notices: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How every output is headed."""
        return f"{self.agency}{_years_label(self.years)}年度政府信息公开数据概览"

    def of(self, grouping: Grouping, year: int | None = None) -> tuple[Standing, ...]:
        """The lines of one grouping, of one year or of all."""
        return tuple(_of(self.standings, grouping, year))

    def has_few_cases(self, measure: Measure) -> bool:
        """Whether a rate rests on too few cases to be ranked."""
        cases = measure.whole or 0
        return measure.share is not None and cases < self.at_least

    def ranking(self, indicator: Indicator, year: int, grouping: Grouping) -> Ranking:
        """The lines of a grouping with at least ``at_least`` cases, the highest rate first."""
        enough: list[tuple[Fraction, Standing]] = []
        too_small = 0
        for standing in self.of(grouping, year):
            measure = standing.measure(indicator)
            if measure.share is None or self.has_few_cases(measure):
                too_small += 1
            else:
                enough.append((measure.share, standing))
        enough.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].key))
        return Ranking(
            indicator=indicator,
            year=year,
            ranked=tuple(_places(indicator, enough)),
            too_small=too_small,
        )


def _years_label(years: tuple[int, ...]) -> str:
    """``2020—2024`` for three and more years without a gap, else all of them."""
    first, last = years[0], years[-1]
    if len(years) > 2 and last - first == len(years) - 1:
        return f"{first}—{last}"
    return "、".join(map(str, years))


def _of(standings: Iterable[Standing], grouping: Grouping, year: int | None) -> Iterator[Standing]:
    for standing in standings:
        if standing.grouping is grouping and year in (None, standing.year):
            yield standing


def _places(indicator: Indicator, ordered: list[tuple[Fraction, Standing]]) -> Iterator[Ranked]:
    place = 0
    before: Fraction | None = None
    for number, (share, standing) in enumerate(ordered, 1):
        if share != before:
            place = number
        before = share
        yield Ranked(place, standing, standing.measure(indicator))
