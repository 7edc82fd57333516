"""Say what the figures of an overview do not show: who is not in them, blanks, changed membership."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from attrs import frozen

from govdisclose.finding import some_of
from govdisclose.form.grouping import group_by
from govdisclose.form.overview import Absentee, Excluded, Grouping, Standing
from govdisclose.many.overview.counting import NO_REPORT_STATES, Counted, KeyedReport, year_of
from govdisclose.many.roster import RosterUnit
from govdisclose.many.roster_doubts import roster_doubts
from govdisclose.many.same_figures import alike, is_telling
from govdisclose.many.yearly_roster import YearlyRoster, in_year
from govdisclose.read.tables.labels import name_key

_SHOWN = 10
"""How many files a sentence names; the list 没有计入 has them all."""


def absentees(counted: Counted, yearly: YearlyRoster | None) -> Iterator[Absentee]:
    """The units of the roster from which nothing came, year by year.

    A report without a year is that of the only year for which its unit lacks one. Where it lacks
    several, nobody knows which: the unit is missing in all of them, with a remark.
    """
    if yearly is None:
        return
    lacking = list(_lacking(counted, yearly))
    years_lacked = Counter(one.unit.key for one in lacking)
    for one in lacking:
        unit = one.unit
        undated = counted.undated.get(unit.key, ())
        if undated and years_lacked[unit.key] == 1:
            continue
        above = yearly.of(one.year).parent_of(unit)
        remark = ""
        if undated:
            files = "、".join(undated)
            remark = f"交来过读不出、没有写明年度或年度填错的：{files}"
        yield Absentee(
            year=one.year,
            name=unit.name,
            code=unit.code or "",
            parent="" if above is None else above.name,
            level=unit.level,
            remark=remark,
        )


@frozen
class _Lacking:
    """A unit that owes a report on a year, from which none came that says this year."""

    year: int
    unit: RosterUnit


def _lacking(counted: Counted, yearly: YearlyRoster) -> Iterator[_Lacking]:
    for year in counted.years:
        for unit in yearly.of(year).units:
            if unit.reports and (year, unit.key) not in counted.handed_in:
                yield _Lacking(year, unit)


def notices(
    counted: Counted,
    standings: Sequence[Standing],
    missing: Sequence[Absentee],
    yearly: YearlyRoster | None,
) -> Iterator[str]:
    """Sentences that stand beside the figures."""
    for year in counted.years:
        roster = in_year(yearly, year)
        expected = None if roster is None else roster.expected
        yield _of_year(year, counted, missing, expected)
    if yearly is not None:
        for doubt in roster_doubts(yearly.roster):
            yield doubt.text
    else:
        yield from _of_parents(counted.reports)
    yield from _of_same_figures(counted.reports)
    yield from _of_totals(counted.reports)
    yield from _of_blanks(standings)
    yield from _of_levels(counted.reports)
    yield from _of_membership(counted.reports)
    yield from _of_excluded(counted.excluded)


def _of_year(year: int, counted: Counted, missing: Sequence[Absentee], expected: int | None) -> str:
    reports = _count(counted.reports, year)
    excluded = _count(_gaps(counted.excluded), year)
    said = f"{year} 年度：计入 {reports} 份报告"
    if expected is None:
        said += "（没有花名册，不知应报多少家）"
    else:
        lacking = _count(missing, year)
        said += f"，应报 {expected} 家，缺报 {lacking} 家"
    if excluded:
        said += f"，另有 {excluded} 份有问题没有计入"
    return said


def _count(things: Iterable[KeyedReport | Excluded | Absentee], year: int) -> int:
    """How many of some things are of a year."""
    return sum(each.year == year for each in things)


def _gaps(excluded: Iterable[Excluded]) -> list[Excluded]:
    return [each for each in excluded if each.leaves_a_gap]


def _of_same_figures(reports: Iterable[KeyedReport]) -> Iterator[str]:
    """The units that were counted with the very same figures (H117)."""
    candidates = [report.candidate for report in reports]
    keyed = [((each.year, each.digest), each) for each in candidates]
    for group in alike(keyed):
        first = group[0]
        if is_telling(first.amounts.figures):
            count = len(group)
            names = [each.name for each in group]
            listing = some_of(names, _SHOWN, "家")
            yield (
                f"{first.year} 年度有 {count} 家的数全都相同（{listing}），都已计入："
                "请核对是不是照抄、交错了文件"
            )


def _of_totals(reports: Sequence[KeyedReport]) -> Iterator[str]:
    """What the consolidated workbooks say of themselves."""
    remarks: dict[str, None] = {}
    for report in reports:
        candidate = report.candidate
        if candidate.remark:
            remark = f"{candidate.year} 年度的 {candidate.remark}"
            remarks[remark] = None
    yield from remarks
    by_year = group_by(reports, year_of)
    for year in sorted(by_year):
        of_year = by_year[year]
        count = len(of_year)
        are_totals = all(report.candidate.is_total for report in of_year)
        if count > 1 and are_totals:
            yield (
                f"{year} 年度的 {count} 份都是汇总报告，作为各单位相加；"
                "如果其中一份含有另一份，请用 --roster 写明隶属关系"
            )


def _of_blanks(standings: Iterable[Standing]) -> Iterator[str]:
    for standing in standings:
        if standing.grouping is Grouping.ALL and any(standing.blanks):
            most = max(standing.blanks)
            yield (
                f"{standing.year} 年度最多有 {most} 份报告在算一个指标要用的格里有空白："
                "空白不是 0，相加时不计，比例可能因此偏高或偏低"
            )


def _of_levels(reports: Sequence[KeyedReport]) -> Iterator[str]:
    """How many units are in no line of a level, where others are."""
    by_year = group_by(reports, year_of)
    for year in sorted(by_year):
        of_year = by_year[year]
        without = sum(not report.candidate.level for report in of_year)
        if 0 < without < len(of_year):
            yield f"{year} 年度有 {without} 家没有写明层级，只在总计里，“层级”各行里没有"


def _of_parents(reports: Iterable[KeyedReport]) -> Iterator[str]:
    """The names in the column 上级 that may be those of several units: they are one line.

    No code tells them apart, but two units of one name do not belong to one unit.
    """
    seen: set[tuple[int, str, str]] = set()
    doubtful: dict[int, dict[str, None]] = {}
    for report in reports:
        candidate = report.candidate
        parent = candidate.parent
        who = (report.year, name_key(parent), name_key(candidate.name))
        if parent and who in seen:
            of_year = doubtful.setdefault(report.year, {})
            of_year[parent] = None
        seen.add(who)
    for year in sorted(doubtful):
        names = list(doubtful[year])
        listing = some_of(names, _SHOWN, "家")
        yield (
            f"{year} 年度，{listing}下面有同名的几家单位：可能是几家同名的上级，在“县区”里合成了一行，"
            "也可能一家单位有两个代码，算了两次；用 --roster 给出花名册就分得开"
        )


def _of_membership(reports: Iterable[KeyedReport]) -> Iterator[str]:
    """Whether sums of neighbouring years are sums of the same units."""
    units: dict[int, set[str]] = {}
    for report in reports:
        of_year = units.setdefault(report.year, set())
        of_year.add(report.key)
    for then, now in pairwise(sorted(units)):
        units_then = units[then]
        units_now = units[now]
        both = len(units_then & units_now)
        only_then = len(units_then - units_now)
        only_now = len(units_now - units_then)
        if only_then or only_now:
            yield (
                f"{then} 和 {now} 年度都计入的有 {both} 家，只计入 {then} 年度的 {only_then} 家，"
                f"只计入 {now} 年度的 {only_now} 家：总计的变化有一部分由此而来"
            )


def _of_excluded(excluded: Sequence[Excluded]) -> Iterator[str]:
    without_year = sum(each.year is None for each in _gaps(excluded))
    if without_year:
        yield f"有 {without_year} 份读不出或没有写明年度，没有计入，见“没有计入”"
    for state in NO_REPORT_STATES:
        others = [each.file for each in excluded if each.reason.startswith(f"{state}：")]
        if others:
            count = len(others)
            shown = some_of(others, _SHOWN)
            yield f"有 {count} 个文件{state}（{shown}），原因见“没有计入”"
