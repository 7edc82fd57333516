"""The units of two folders as rows, alike on the terminal, on the page and in the workbook."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from govdisclose.form.comparison import Change, Entry, State, change
from govdisclose.form.fields import Kind
from govdisclose.form.indicators import COUNTS, Indicator
from govdisclose.form.printed import format_value
from govdisclose.form.units_compared import UnitsCompared, UnitYears

UNITS_LEGEND = (
    "只比较计入的报告，同一家按代码认，没有代码的按名称；花名册上的曾用名、原代码都认。"
    "一家只在一年里有，总计的变化就有一部分由它而来。"
)


@frozen
class UnitFigure:
    """One figure of a unit in both years, and the change."""

    indicator: Indicator
    old: Entry
    new: Entry
    change: Change


def figures_of(unit: UnitYears) -> Iterator[UnitFigure]:
    """The figures of a unit; a year without a report is marked."""
    for number, indicator in enumerate(COUNTS):
        old, new = _entry(unit.old, number), _entry(unit.new, number)
        yield UnitFigure(indicator, old, new, change(old, new, Kind.COUNT))


def _entry(figures: tuple[int | None, ...] | None, number: int) -> Entry:
    if figures is None:
        return Entry(None, State.ABSENT)
    value = figures[number]
    return Entry(value, State.BLANK if value is None else State.NUMBER)


def entry_words(entry: Entry) -> str:
    """A figure as it is printed, or why there is none."""
    if entry.state is State.ABSENT:
        return "无报告"
    return entry.state.label or format_value(entry.value, Kind.COUNT)


def presence_label(unit: UnitYears, units: UnitsCompared) -> str:
    """In which of the two years a unit has a report."""
    return unit.presence.label(units.old_year, units.new_year)
