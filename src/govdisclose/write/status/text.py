"""The state of a season for the terminal: the counts by level, the news, the lists to act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from govdisclose.form.files_left import under_headings
from govdisclose.form.grouping import group_by
from govdisclose.form.status import (
    SeasonStatus,
    Stray,
    UnitState,
    UnitStatus,
    names_told_apart,
)
from govdisclose.write.aligned import aligned
from govdisclose.write.status import display
from govdisclose.write.year_changes import changes_text

_MOST = 40
"""Lines that one list shows on the terminal; the workbook and the page have all of them."""


def as_text(status: SeasonStatus) -> str:
    """The state as lines for people. Units from which nothing came are always named, all of them."""
    lines = [*_lines(status), ""]
    return "\n".join(lines)


def _lines(status: SeasonStatus) -> Iterator[str]:
    yield f"{status.title}（{status.today}）"
    summary = display.summary(status)
    deadlines = display.deadlines(status)
    yield f"{summary}。{deadlines}"
    for note in status.notes:
        yield f"注意：{note}。"
    yield ""
    yield from _counts(status)
    yield ""
    yield from _news(status)
    names = names_told_apart(status.units)
    for group in display.unit_lists(status):
        yield ""
        yield from _unit_list(group, names)
    yield from _files(status)
    if status.changes is not None:
        yield ""
        changes = changes_text(status.changes)
        yield f"【与上年相比】{changes}"


def _unit_list(group: display.UnitList, names: Mapping[str, str]) -> Iterator[str]:
    """Units of one state, under their ``names``; those from which nothing came are all named."""
    units = group.units
    count = len(units)
    yield f"【{group.heading}】{count} 家（{group.advice}）"
    if units[0].state is UnitState.MISSING:
        yield from _by_parent(units)
    else:
        lines = [f"{names[unit.key]}：{_problem(unit)}" for unit in units]
        yield from _cut(lines)


def _files(status: SeasonStatus) -> Iterator[str]:
    """The files that are no unit's, that do not matter, and that were not looked at."""
    for kind, strays in display.strays_by_kind(status):
        lines = list(map(_stray, strays))
        count = len(lines)
        yield ""
        yield f"【{kind.label}】{count} 个文件"
        yield from _cut(lines)
    idle = sum(len(unit.others) for unit in status.units)
    if idle:
        yield ""
        yield f"【不影响情况】{idle} 个文件：各家另有的其他年度的报告、没有采用的、读不出的文件，用 -o 可看名称"
    for heading, files in under_headings(status.not_looked_at):
        yield ""
        yield f"【{heading}】{len(files)} 个"
        yield from _cut([f"{one.file}：{one.reason}" for one in files])


def _counts(status: SeasonStatus) -> list[str]:
    columns = display.TALLY_COLUMNS
    groups = [*display.by_level(status), display.in_all(status)]
    rows = [("层级", *columns)]
    for group in groups:
        numbers = map(str, group.cells)
        rows.append((group.name, *numbers))
    sides = "l" + "r" * len(columns)
    return aligned(rows, sides)


def _news(status: SeasonStatus) -> Iterator[str]:
    compared = display.compared_with(status)
    if status.since is None:
        yield f"{compared}。"
    else:
        yield f"{compared}："
        if not status.news:
            yield "  没有变化"
    for kind, news in display.news_by_kind(status):
        lines = [f"  {one.name}：{one.text}" for one in news]
        count = len(lines)
        yield f"  {kind.label} {count}"
        yield from _cut(lines)


def _by_parent(units: Iterable[UnitStatus]) -> Iterator[str]:
    """All missing units, one line for each 上级."""
    by_parent = group_by(units, _parent)
    for parent, children in by_parent.items():
        names = list(map(_with_remark, children))
        count = len(names)
        listed = "、".join(names)
        yield f"  {parent} {count} 家：{listed}"


def _parent(unit: UnitStatus) -> str:
    return unit.parent or "没有上级"


def _with_remark(unit: UnitStatus) -> str:
    """The name of a unit, with its remark in brackets."""
    if unit.remark:
        return f"{unit.name}（{unit.remark}）"
    return unit.name


def _problem(unit: UnitStatus) -> str:
    said = display.problem(unit)
    files = unit.to_correct if unit.findings else unit.files
    if len(files) == 1:
        file = files[0]
        is_unreadable = unit.state is UnitState.UNREADABLE
        is_in_reason = is_unreadable and file.file in said
        if not is_in_reason:
            said = f"{file.file}（{file.received} 收到），{said}"
    return said.rstrip("，")


def _stray(stray: Stray) -> str:
    name = stray.file.file
    sender = stray.file.agency.name
    if sender:
        name += f"（{sender}）"
    return f"{name}：{stray.reason}"


def _cut(lines: Sequence[str]) -> Iterator[str]:
    """The first lines, indented, and how many there are more."""
    for line in lines[:_MOST]:
        yield f"  {line}"
    more = len(lines) - _MOST
    if more > 0:
        yield f"  ……另有 {more} 行，用 -o 输出到 .xlsx 或 .html 可看全部"
