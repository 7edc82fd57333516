"""What the terminal, the page and the workbook say alike: counts, deadlines, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from attrs import frozen

from govdisclose.finding import Number
from govdisclose.form.status import (
    HandedIn,
    News,
    NewsKind,
    SeasonStatus,
    Stray,
    StrayKind,
    UnitState,
    UnitStatus,
)

COUNTED = (
    UnitState.RECEIVED,
    UnitState.RENAMED,
    UnitState.DOUBLED,
    UnitState.RETURNED,
    UnitState.UNREADABLE,
    UnitState.OTHER_YEAR,
    UnitState.MISSING,
)
"""The states of units that owe a report, in the order of the columns of the counts."""

LEGEND = (
    "每家应报单位只在一栏。已收：有一份本年度的报告，没有错误；改名：同上，但用的是曾用名；"
    "重报：交来几份，要定以哪一份为准；退回待改：有错误；读不出：文件打不开；"
    "旧年度：只有其他年度的，多半是以前的；缺报：什么也没有交来。"
)


@frozen
class StateCounts:
    """The units of one group: how many owe a report, and how many are in each state."""

    name: str
    expected: int
    counts: Mapping[UnitState, int]

    @property
    def cells(self) -> tuple[int, ...]:
        """The numbers, in the order of ``TALLY_COLUMNS``."""
        in_states = [self.counts.get(state, 0) for state in COUNTED]
        return (self.expected, *in_states)


TALLY_COLUMNS = ("应报", *(state.label for state in COUNTED))


def tally(units: Iterable[UnitStatus], group_of: Callable[[UnitStatus], str]) -> list[StateCounts]:
    """Count the units that owe a report by group, in the order in which the groups appear."""
    groups: dict[str, dict[UnitState, int]] = {}
    for unit in units:
        if unit.expected:
            name = group_of(unit)
            counts = groups.setdefault(name, {})
            counts[unit.state] = counts.get(unit.state, 0) + 1
    found: list[StateCounts] = []
    for name, counts in groups.items():
        expected = sum(counts.values())
        found.append(StateCounts(name, expected, counts))
    return found


def by_level(status: SeasonStatus) -> list[StateCounts]:
    """The counts by 层级."""
    return tally(status.units, lambda unit: unit.level or "（没有写层级）")


def by_parent(status: SeasonStatus) -> list[StateCounts]:
    """The counts by 上级."""
    return tally(status.units, lambda unit: unit.parent or "（没有上级）")


def in_all(status: SeasonStatus) -> StateCounts:
    """The counts of all units."""
    counted = tally(status.units, lambda unit: "总计")
    return counted[0] if counted else StateCounts("总计", 0, {})


# --- sentences ----------------------------------------------------------------------------------


def days_left(last: date, today: date) -> str:
    """How far off a deadline is, as a Chinese clause."""
    days = (last - today).days
    if days > 0:
        return f"还有 {days} 天"
    if days == 0:
        return "今天到期"
    return f"已过 {-days} 天"


def deadlines(status: SeasonStatus) -> str:
    """The deadlines of the units that owe a report, and how far off they are, as a sentence."""
    days = sorted({unit.deadline for unit in status.expected})
    if not days:
        return ""
    said: list[str] = []
    for day in days:
        left = days_left(day, status.today)
        said.append(f"{day}（{left}）")
    listed = "、".join(said)
    return f"法定期限：{listed}。"


def summary(status: SeasonStatus) -> str:
    """How many units are in each state, in one sentence; states without units are left out."""
    total = in_all(status)
    said = []
    for state in COUNTED:
        count = total.counts.get(state, 0)
        if count or state is UnitState.MISSING:
            said.append(f"{state.label} {count} 家")
    states = "，".join(said)
    return f"应报 {total.expected} 家：{states}"


def compared_with(status: SeasonStatus) -> str:
    """Which day the news compare with."""
    if status.since is None and not status.is_first:
        return "说不出有什么变化，原因见“注意”"
    if status.since is None:
        return "第一次查看，从下一天起说明有什么变化"
    return f"与上次（{status.since}）相比"


# --- lists --------------------------------------------------------------------------------------


@frozen
class UnitList:
    """The units that somebody must act on for one reason, and what to do."""

    heading: str
    advice: str
    units: tuple[UnitStatus, ...]


_ADVICE = {
    UnitState.MISSING: "催报",
    UnitState.OTHER_YEAR: "没有本年度的报告，催报",
    UnitState.UNREADABLE: "请单位重新报送能打开的文件",
    UnitState.RETURNED: "退回修改：加 --return 文件夹，每家生成一份",
    UnitState.DOUBLED: (
        "定以哪一份为准：在 batch 写出的 结果.xlsx 里选定，加 --decisions；或把其余的移出收件文件夹"
    ),
    UnitState.RENAMED: "核对名称；应改的请单位改正",
}


def unit_lists(status: SeasonStatus) -> Iterator[UnitList]:
    """Yield the lists of units to act on, the most urgent first; empty ones are left out."""
    for state, advice in _ADVICE.items():
        units = status.with_state(state)
        if units:
            yield UnitList(state.label, advice, units)
    known = {unit.key for unit in status.with_state(*_ADVICE)}
    told = [unit for unit in status.units if unit.remark and unit.key not in known]
    if told:
        yield UnitList("请留意", "已收或不填报的单位，有要看一看的", tuple(told))


def strays_by_kind(status: SeasonStatus) -> Iterator[tuple[StrayKind, tuple[Stray, ...]]]:
    """Yield the files that no unit owns, by the reason; empty groups are left out."""
    for kind in StrayKind:
        found = tuple(stray for stray in status.strays if stray.kind is kind)
        if found:
            yield kind, found


def news_by_kind(status: SeasonStatus) -> Iterator[tuple[NewsKind, tuple[News, ...]]]:
    """Yield the news by kind; kinds without any are left out."""
    for kind in NewsKind:
        found = tuple(news for news in status.news if news.kind is kind)
        if found:
            yield kind, found


def problem(unit: UnitStatus) -> str:
    """What is the matter with a unit, in one clause: how many errors, and the remark."""
    said = []
    if unit.state is UnitState.RETURNED:
        said.append(f"{unit.errors} 个错误、{unit.warnings} 个警告")
    if unit.remark:
        said.append(unit.remark)
    return "；".join(said)


def files(unit: UnitStatus) -> str:
    """The files of a unit, the newest first."""
    return "、".join(file.file for file in unit.files)


def idle(file: HandedIn) -> str:
    """Why a further file of a unit decides nothing."""
    return file.unreadable or file.set_aside or f"{file.year} 年度的报告"


def number(value: Number | None) -> str:
    """A figure with all its digits; a blank one is empty."""
    return "" if value is None else f"{Decimal(value):f}"
