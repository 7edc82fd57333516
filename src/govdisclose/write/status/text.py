"""The state of a season for the terminal: the counts by level, the news, the lists to act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govdisclose.form.grouping import grouped
from govdisclose.form.status import SeasonStatus, Stray, UnitState, UnitStatus
from govdisclose.write.aligned import aligned
from govdisclose.write.status import display
from govdisclose.write.year_changes import changes_text

_MOST = 40
"""Lines that one list shows on the terminal; the workbook and the page have all of them."""


def as_text(status: SeasonStatus) -> str:
    """The state as lines for people. Units from which nothing came are always named, all of them."""
    return "\n".join(_lines(status)) + "\n"


def _lines(status: SeasonStatus) -> Iterator[str]:
    yield f"{status.title}（{status.today}）"
    yield f"{display.summary(status)}。{display.deadlines(status)}。"
    for note in status.notes:
        yield f"注意：{note}。"
    yield ""
    yield from _counts(status)
    yield ""
    yield from _news(status)
    for group in display.unit_lists(status):
        yield ""
        yield from _unit_list(group)
    yield from _files(status)
    if status.changes is not None:
        yield ""
        yield f"【与上年相比】{changes_text(status.changes)}"


def _unit_list(group: display.UnitList) -> Iterator[str]:
    """Units of one state; those from which nothing came are all named."""
    yield f"【{group.heading}】{len(group.units)} 家（{group.advice}）"
    if group.units[0].state is UnitState.MISSING:
        yield from _by_parent(group.units)
    else:
        yield from _cut(map(_unit, group.units))


def _files(status: SeasonStatus) -> Iterator[str]:
    """The files that are no unit's, that do not matter, and that were not looked at."""
    for kind, strays in display.strays_by_kind(status):
        yield ""
        yield f"【{kind.label}】{len(strays)} 个文件"
        yield from _cut(map(_stray, strays))
    idle = sum(len(unit.others) for unit in status.units)
    if idle:
        yield ""
        yield f"【不影响情况】{idle} 个文件：各家另有的旧年度的报告、没有采用的、读不出的文件，用 -o 可看名称"
    if status.not_looked_at:
        yield ""
        yield f"【其他】{len(status.not_looked_at)} 个文件没有看，或不是报告"
        yield from _cut(f"{one.file}：{one.reason}" for one in status.not_looked_at)


def _counts(status: SeasonStatus) -> list[str]:
    rows = [("层级", *display.TALLY_COLUMNS)]
    for group in (*display.by_level(status), display.in_all(status)):
        rows.append((group.name, *map(str, group.cells)))
    return aligned(rows, "l" + "r" * len(display.TALLY_COLUMNS))


def _news(status: SeasonStatus) -> Iterator[str]:
    yield f"{display.compared_with(status)}{'：' if status.since else '。'}"
    if status.since and not status.news:
        yield "  没有变化"
    for kind, news in display.news_by_kind(status):
        yield f"  {kind.label} {len(news)}"
        yield from _cut(f"  {one.name}：{one.text}" for one in news)


def _by_parent(units: Iterable[UnitStatus]) -> Iterator[str]:
    """All missing units, one line for each 上级."""
    named = []
    for unit in units:
        remark = f"（{unit.remark}）" if unit.remark else ""
        named.append((unit.parent, unit.name + remark))
    for parent, names in grouped(named).items():
        listing = "、".join(names)
        yield f"  {parent or '没有上级'} {len(names)} 家：{listing}"


def _unit(unit: UnitStatus) -> str:
    said = display.problem(unit)
    if len(unit.files) == 1 and unit.files[0].file not in said:
        said = f"{unit.files[0].file}（{unit.received} 收到），{said}"
    return f"{unit.name}：{said.rstrip('，')}"


def _stray(stray: Stray) -> str:
    name = stray.file.agency.name
    sender = f"（{name}）" if name else ""
    return f"{stray.file.file}{sender}：{stray.reason}"


def _cut(lines: Iterable[str]) -> Iterator[str]:
    """The first lines, indented, and how many there are more."""
    shown = list(lines)
    for line in shown[:_MOST]:
        yield f"  {line}"
    if len(shown) > _MOST:
        yield f"  ……另有 {len(shown) - _MOST} 行，用 -o 输出到 .xlsx 或 .html 可看全部"
