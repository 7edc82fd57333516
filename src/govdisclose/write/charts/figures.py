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
class Count:
    """A number of 件, the sum of some cells; ``None`` if all of them are blank.

    ``partial`` if some of them are blank.
    """

    value: int | None = None
    partial: bool = False

    @property
    def said(self) -> str:
        """The number with its unit, and a remark if some of its cells are blank."""
        words = said(self.value)
        if self.partial:
            words += _PARTIAL
        return words


@frozen
class Amount:
    """The count of this year, and that of last year if there is a report on it."""

    this: Count
    last: Count = Count()


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
        found: list[Bar] = []
        for group in self.groups:
            found.extend(group.bars)
        return tuple(found)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no number this year, or only zeros in both years."""
        this: list[int | None] = []
        both: list[int | None] = []
        for bar in self.bars:
            amount = bar.amount
            this.append(amount.this.value)
            both += (amount.this.value, amount.last.value)
        if all(value is None for value in this):
            return True
        return not any(both)


def short(label: str) -> str:
    """A printed label without its number and its remark: ``（二）部分公开（区分…）`` → ``部分公开``."""
    without_number = _NUMBER.sub("", label)
    return _REMARK.sub("", without_number)


def said(value: int | None) -> str:
    """A number with its unit as it is printed; 未填 for a blank."""
    if value is None:
        return "未填"
    return format_value(value, Kind.COUNT) + UNIT


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
        this = [self.this[path] for path in paths]
        last = [self.last.get(path) for path in last_paths]
        return Amount(_count(this), _count(last))


def _count(values: Sequence[Value]) -> Count:
    """The sum of the filled values."""
    filled = [int(value) for value in values if value is not None]
    if not filled:
        return Count()
    has_blanks = len(filled) < len(values)
    return Count(sum(filled), has_blanks)


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
        content = make(report, previous, years)
        chart = ChartData(
            name=name,
            title=content.title,
            year=year,
            last_year=last_year,
            agency=agency,
            groups=content.groups,
            total=content.total,
        )
        charts.append(chart)
    return tuple(charts)


def _year_name(report: AnnualReport, unknown: str) -> str:
    if not report.year:
        return unknown
    return f"{report.year}年"


@frozen
class _Content:
    """The title of a chart, its bars in groups, and the total of all."""

    title: str
    groups: tuple[BarGroup, ...]
    total: Bar | None = None


def _applicants(report: AnnualReport, _previous: AnnualReport | None, years: _Years) -> _Content:
    cells = _received(report.edition)
    first = cells[0]
    title = short(first.row[-1])
    grouped = _by_column(cells, years, depth=1)
    return _Content(title, grouped.groups, grouped.total)


@cache
def _received(edition: Edition) -> tuple[Cell, ...]:
    cells = outline(edition).tables["requests"].cells
    return tuple(cell for cell in cells if cell.path.startswith("requests.received."))


def _disputes(report: AnnualReport, _previous: AnnualReport | None, years: _Years) -> _Content:
    cells = outline(report.edition).tables["disputes"].cells
    headers = dict.fromkeys(cell.column[0] for cell in cells)
    title = "、".join(headers)
    grouped = _by_column(cells, years, depth=0)
    return _Content(title, grouped.groups)


@frozen
class _Grouped:
    """The cells of one line as bars in groups, and their total."""

    groups: tuple[BarGroup, ...]
    total: Bar | None


def _by_column(cells: Iterable[Cell], years: _Years, depth: int) -> _Grouped:
    """Cells of one line, grouped by their column headers below ``depth``.

    A total without a header is the total of the chart, not of a group.
    """
    groups: list[BarGroup] = []
    whole: Bar | None = None
    for headers, members in groupby(cells, lambda cell: cell.column[depth:-1]):
        bars: list[Bar] = []
        total: Bar | None = None
        for cell in members:
            amount = years.amount([cell.path])
            bar = Bar(cell.column[-1], amount)
            if not cell.path.endswith(".total"):
                bars.append(bar)
            elif headers:
                total = bar
            else:
                whole = bar
        if bars:
            heading = "／".join(headers)
            group = BarGroup(heading, tuple(bars), total)
            groups.append(group)
    return _Grouped(tuple(groups), whole)


def _outcomes(report: AnnualReport, previous: AnnualReport | None, years: _Years) -> _Content:
    last: Mapping[str, Sequence[str]] = {}
    if previous is not None:
        last = _outcome_paths(previous.edition)
    bars = []
    for label, paths in _outcome_paths(report.edition).items():
        last_paths = last.get(label, ())
        amount = years.amount(paths, last_paths)
        bars.append(Bar(label, amount))
    *outcomes, total = bars  # （七）总计 is printed last
    group = BarGroup("", tuple(outcomes))
    cells = outline(report.edition).cells
    total_row = cells["requests.outcomes.total.total"].row
    title = short(total_row[0])
    return _Content(title, (group,), total)


@cache
def _outcome_paths(edition: Edition) -> Mapping[str, Sequence[str]]:
    """The kinds of outcome, each with the total cells of its rows; （六） has one row or three, by
    edition.
    """
    found: dict[str, list[str]] = {}
    for line in _request_lines(edition, "requests.outcomes."):
        kind = short(line.labels[1])
        paths = found.setdefault(kind, [])
        paths.append(_total_path(line))
    return found


def _refusals(report: AnnualReport, _previous: AnnualReport | None, years: _Years) -> _Content:
    lines = _request_lines(report.edition, "requests.outcomes.refused.")
    paths: list[str] = []
    bars: list[Bar] = []
    for line in lines:
        path = _total_path(line)
        label = short(line.labels[-1])
        amount = years.amount([path])
        paths.append(path)
        bars.append(Bar(label, amount))
    group = BarGroup("", tuple(bars))
    of_all = years.amount(paths)
    first = lines[0]
    kind = short(first.labels[1])
    return _Content(f"{kind}的理由", (group,), Bar("总计", of_all))


@cache
def _request_lines(edition: Edition, start: str) -> tuple[Line, ...]:
    """The lines of the table of requests whose keys begin with ``start``."""
    lines = outline(edition).tables["requests"].lines
    return tuple(line for line in lines if line.key.startswith(start))


def _total_path(line: Line) -> str:
    return f"{line.key}.total"


_FIGURES: dict[str, Callable[[AnnualReport, AnnualReport | None, _Years], _Content]] = {
    "applicants": _applicants,
    "outcomes": _outcomes,
    "refusals": _refusals,
    "disputes": _disputes,
}


# --- in words ------------------------------------------------------------------------------------


def in_words(figure: ChartData) -> str:
    """The whole content of a chart in one sentence: its text alternative, or its replacement."""
    if figure.is_empty:
        nothing = _nothing(figure)
        return f"{figure.heading}：{nothing}"
    parts = [_group_in_words(figure, group) for group in figure.groups]
    if figure.total:
        total = _item(figure, figure.total)
        parts.append(total)
    content = "；".join(parts)
    return f"{figure.heading}。{content}。"


def _group_in_words(figure: ChartData, group: BarGroup) -> str:
    items = [_item(figure, bar) for bar in group.bars]
    if group.total:
        total = _item(figure, group.total)
        items.append(total)
    words = "、".join(items)
    if group.heading:
        return f"{group.heading}：{words}"
    return words


def _nothing(figure: ChartData) -> str:
    """The sentence instead of a chart whose numbers are all blank or 0."""
    values = [bar.amount.this.value for bar in figure.bars]
    blank = values.count(None)
    if blank == len(values):
        return "各项都没有填。"
    if not blank:
        return f"各项均为0{UNIT}。"
    return f"各项均为0{UNIT}，其中{blank}项未填。"


def _item(figure: ChartData, bar: Bar) -> str:
    """A bar with its number, and that of last year in brackets."""
    item = bar.label + bar.amount.this.said
    if figure.last_year:
        last = bar.amount.last.said
        item += f"（{figure.last_year}{last}）"
    return item
