"""The data of the charts: cells, their labels, and last year's values beside them.

Labels are those of the form without their numbers and remarks; none is typed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby

from attrs import frozen

from govdisclose.form.carry_over import refuse_other_year
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Cell, Line, outline
from govdisclose.form.printed import format_value
from govdisclose.form.report import AnnualReport

UNIT = "件"
_PARTIAL = "（部分未填）"
_NUMBER = re.compile(r"^(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|\d+\.)")
_REMARK = re.compile(r"（[^（）]*）$")


@frozen
class Amount:
    """A count of this year and of last year; ``None`` is blank.

    ``last`` has a meaning only if there is a report on last year.
    """

    value: int | None
    last: int | None = None
    partial: bool = False
    """Some of the cells that make up ``value`` are blank."""
    last_partial: bool = False
    """Some of the cells that make up ``last`` are blank."""


@frozen
class Bar:
    """One amount under its label."""

    label: str
    amount: Amount


@frozen
class BarGroup:
    """Bars under one heading, with the total that the agency stated for them, if the form has one."""

    heading: str
    bars: tuple[Bar, ...]
    total: Bar | None = None


@frozen
class ChartData:
    """The data of one chart. ``last_year`` is empty if there is no report on last year."""

    name: str
    title: str
    year: str
    last_year: str
    agency: str
    groups: tuple[BarGroup, ...]
    total: Bar | None = None

    @property
    def heading(self) -> str:
        """The title with its year."""
        return f"{self.title}（{self.year}）"

    @property
    def bars(self) -> tuple[Bar, ...]:
        """All bars in order."""
        return tuple(bar for group in self.groups for bar in group.bars)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no number this year, or only zeros in both years."""
        amounts = [bar.amount for bar in self.bars]
        if all(amount.value is None for amount in amounts):
            return True
        return not any(amount.value or amount.last for amount in amounts)


def short(label: str) -> str:
    """A printed label without its number and its remark: ``（二）部分公开（区分…）`` → ``部分公开``."""
    return _REMARK.sub("", _NUMBER.sub("", label))


def said(value: int | None) -> str:
    """A number with its unit as it is printed; 未填 for a blank."""
    return "未填" if value is None else format_value(value, Kind.COUNT) + UNIT


@frozen
class _Years:
    """The cells of this year's report and of last year's, which may be of the other edition."""

    this: Mapping[str, Value]
    last: Mapping[str, Value]

    def amount(self, paths: Iterable[str], last_paths: Iterable[str] | None = None) -> Amount:
        """The sum of some cells; blanks among filled cells count as 0, as they do in the checks."""
        paths = tuple(paths)
        if last_paths is None:
            last_paths = paths
        value, partial = _sum([self.this[path] for path in paths])
        last, last_partial = _sum([self.last.get(path) for path in last_paths])
        return Amount(value, last, partial, last_partial)


def _sum(values: Sequence[Value]) -> tuple[int | None, bool]:
    """The sum of the filled values, and whether others are blank; ``None`` if all are."""
    filled = [int(value) for value in values if value is not None]
    if not filled:
        return None, False
    return sum(filled), len(filled) < len(values)


def figures(report: AnnualReport, previous: AnnualReport | None = None) -> tuple[ChartData, ...]:
    """What the charts of a report show: applicants, outcomes, refusals, disputes.

    Raises ``UsageError`` when ``previous`` is not on the year before.
    """
    if previous is not None:
        refuse_other_year(report, previous)
    last_values: Mapping[str, Value] = {}
    last_year = ""
    if previous is not None:
        last_values = previous.values()
        last_year = _year_name(previous, "上年")
    years = _Years(report.values(), last_values)
    year = _year_name(report, "本年")
    agency = report.agency.name
    charts = []
    for name, make in _FIGURES.items():
        title, groups, total = make(report, previous, years)
        charts.append(ChartData(name, title, year, last_year, agency, tuple(groups), total))
    return tuple(charts)


def _year_name(report: AnnualReport, unknown: str) -> str:
    return f"{report.year}年" if report.year else unknown


_Parts = tuple[str, list[BarGroup], Bar | None]


def _applicants(report: AnnualReport, _previous: AnnualReport | None, years: _Years) -> _Parts:
    cells = _received(report.edition)
    return short(cells[0].row[-1]), *_by_column(cells, years, depth=1)


@cache
def _received(edition: Edition) -> tuple[Cell, ...]:
    cells = outline(edition).tables["requests"].cells
    return tuple(cell for cell in cells if cell.path.startswith("requests.received."))


def _disputes(report: AnnualReport, _previous: AnnualReport | None, years: _Years) -> _Parts:
    cells = outline(report.edition).tables["disputes"].cells
    groups, _ = _by_column(cells, years, depth=0)
    headers = dict.fromkeys(cell.column[0] for cell in cells)
    return "、".join(headers), groups, None


def _by_column(
    cells: Iterable[Cell], years: _Years, depth: int
) -> tuple[list[BarGroup], Bar | None]:
    """Cells of one line, grouped by their column headers below ``depth``.

    A total without a header is the total of the chart, not of a group.
    """
    groups: list[BarGroup] = []
    whole: Bar | None = None
    for trail, members in groupby(cells, lambda cell: cell.column[depth:-1]):
        bars: list[Bar] = []
        total: Bar | None = None
        for cell in members:
            bar = Bar(cell.column[-1], years.amount([cell.path]))
            if not cell.path.endswith(".total"):
                bars.append(bar)
            elif trail:
                total = bar
            else:
                whole = bar
        if bars:
            groups.append(BarGroup("／".join(trail), tuple(bars), total))
    return groups, whole


def _outcomes(report: AnnualReport, previous: AnnualReport | None, years: _Years) -> _Parts:
    last = _outcome_paths(previous.edition) if previous else {}
    bars = []
    for label, paths in _outcome_paths(report.edition).items():
        amount = years.amount(paths, last.get(label, ()))
        bars.append(Bar(label, amount))
    *rest, total = bars  # （七）总计 is printed last
    title = outline(report.edition).cells["requests.outcomes.total.total"].row[0]
    return short(title), [BarGroup("", tuple(rest))], total


@cache
def _outcome_paths(edition: Edition) -> Mapping[str, Sequence[str]]:
    """The kinds of outcome, each with the total cells of its rows; （六） has one row or three, by edition."""
    found: dict[str, list[str]] = {}
    for line in _request_lines(edition, "requests.outcomes."):
        kind = short(line.labels[1])
        found.setdefault(kind, []).append(_total_path(line))
    return found


def _refusals(report: AnnualReport, _previous: AnnualReport | None, years: _Years) -> _Parts:
    lines = _request_lines(report.edition, "requests.outcomes.refused.")
    paths = [_total_path(line) for line in lines]
    bars = []
    for line in lines:
        amount = years.amount([_total_path(line)])
        bars.append(Bar(short(line.labels[-1]), amount))
    title = f"{short(lines[0].labels[1])}的理由"
    total = Bar("总计", years.amount(paths))
    return title, [BarGroup("", tuple(bars))], total


@cache
def _request_lines(edition: Edition, start: str) -> tuple[Line, ...]:
    """The lines of the table of requests whose keys begin with ``start``."""
    lines = outline(edition).tables["requests"].lines
    return tuple(line for line in lines if line.key.startswith(start))


def _total_path(line: Line) -> str:
    return f"{line.key}.total"


_FIGURES: dict[str, Callable[[AnnualReport, AnnualReport | None, _Years], _Parts]] = {
    "applicants": _applicants,
    "outcomes": _outcomes,
    "refusals": _refusals,
    "disputes": _disputes,
}


# --- in words ------------------------------------------------------------------------------------


def in_words(figure: ChartData) -> str:
    """The whole content of a chart in one sentence: its text alternative, or its replacement."""
    if figure.is_empty:
        return f"{figure.heading}：{_nothing(figure)}"
    parts = [_group_in_words(figure, group) for group in figure.groups]
    if figure.total:
        parts.append(_item(figure, figure.total))
    content = "；".join(parts)
    return f"{figure.heading}。{content}。"


def _group_in_words(figure: ChartData, group: BarGroup) -> str:
    items = [_item(figure, bar) for bar in group.bars]
    if group.total:
        items.append(_item(figure, group.total))
    heading = f"{group.heading}：" if group.heading else ""
    return heading + "、".join(items)


def _nothing(figure: ChartData) -> str:
    """The sentence instead of a chart whose numbers are all blank or 0."""
    blank = sum(bar.amount.value is None for bar in figure.bars)
    if blank == len(figure.bars):
        return "各项都没有填。"
    if not blank:
        return f"各项均为0{UNIT}。"
    return f"各项均为0{UNIT}，其中{blank}项未填。"


def _item(figure: ChartData, bar: Bar) -> str:
    item = bar.label + amount_said(bar.amount)
    if figure.last_year:
        item += f"（{figure.last_year}{last_said(bar.amount)}）"
    return item


def amount_said(amount: Amount) -> str:
    """This year's number with its unit, and a remark if some of its cells are blank."""
    return _said(amount.value, amount.partial)


def last_said(amount: Amount) -> str:
    """Last year's number in the same form."""
    return _said(amount.last, amount.last_partial)


def _said(value: int | None, partial: bool) -> str:
    return said(value) + _PARTIAL if partial else said(value)
