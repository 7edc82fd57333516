"""Entries and changes as text, in one form for the terminal, the page and the workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from attrs import frozen

from govdisclose.form.comparison import Change, Comparison, Entry, Figure, ProseChange
from govdisclose.form.fields import Kind
from govdisclose.form.printed import format_value
from govdisclose.form.report import SECTIONS

UNITS = {Kind.COUNT: "件", Kind.CHANGE: "增减", Kind.MONEY: "万元"}
"""The unit of a cell of each kind."""

CHANGE_WORDS = ("变化", "变化率")
"""The headers of the two columns of a step from year to year."""

TENFOLD = 900
"""From this growth in per cent on, the times are said: the per cents of a small base say little."""

LEGEND = (
    "变化率保留一位小数，增到十倍以上的写倍数；上期为 0 或有一期不是数的，没有变化率。空白不是 0。"
)
APART_WORDS = "只有部分年度的格式有这些格，不与别的格相比"


@frozen
class FigureTable:
    """The figures of one statutory table, or those that only one edition has."""

    heading: str
    figures: tuple[Figure, ...]

    @property
    def changed(self) -> tuple[Figure, ...]:
        """Those that are not the same in all years."""
        return tuple(figure for figure in self.figures if figure.changed)


def tables(figures: Iterable[Figure]) -> Iterator[FigureTable]:
    """Figures by statutory table, under its printed heading; tables without any are left out."""
    known = list(figures)
    for section in SECTIONS:
        found = [figure for figure in known if figure.cell.table == section.key]
        if found:
            yield FigureTable(section.heading, tuple(found))


def entry_text(entry: Entry, kind: Kind) -> str:
    """The figure as it is printed, or the words in its place."""
    return entry.state.label or format_value(entry.value, kind)


def amount_text(change: Change) -> str:
    """``+3``, ``-0.25``, ``0``; nothing where there is no amount."""
    if change.amount is None:
        return ""
    if not change.amount:
        return "0"
    return f"{Decimal(change.amount):+f}"


def percent_text(change: Change) -> str:
    """``+12.5%``, or why there is none; a dash where nothing has changed from 0."""
    if change.percent is None:
        return "—" if change.amount == 0 else change.note
    if change.percent >= TENFOLD:
        return times_text(change.percent)
    if not change.percent:
        return "0.0%"
    return f"{change.percent:+f}%"


def times_text(percent: Decimal) -> str:
    """A growth of tenfold and more: ``增至 447228 倍``; one decimal below a hundredfold."""
    times = percent / 100 + 1
    places = Decimal(1) if times >= 100 else Decimal("0.1")
    rounded = times.quantize(places, ROUND_HALF_UP)
    return f"增至 {rounded:f} 倍"


def similarity_text(prose: ProseChange) -> str:
    """How much of a section is the same as before, in words."""
    if prose.similarity is None:
        return "本期没有文字" if prose.old_letters else "两期都没有文字"
    if not prose.old_letters:
        return f"上期没有文字，本期 {prose.letters} 字"
    share = f"{prose.similarity * 100:.0f}%"
    return f"{share} 的文字与上期相同（{prose.letters} 字，上期 {prose.old_letters} 字）"


def figure_headers(comparison: Comparison) -> Iterator[str]:
    """The headers of the numbers of a figure: one for each year, two for each step."""
    for year in comparison.years:
        yield f"{year}年"
    for headers in step_headers(comparison):
        yield from headers


def step_headers(comparison: Comparison) -> list[tuple[str, str]]:
    """The headers of the two columns of each step; if there are several, with the years compared."""
    amount, rate = CHANGE_WORDS
    if len(comparison.steps) == 1:
        return [(amount, rate)]
    return [(f"{step.new} 比 {step.old}", rate) for step in comparison.steps]
