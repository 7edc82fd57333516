"""The figures of an overview as people read them: alike in the terminal, page and workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve, frozen

from govdisclose.form.indicators import COUNTS, INDICATORS, RATES, Indicator, table_heading
from govdisclose.form.overview import Grouping, Measure, Overview, Ranked, Ranking, Standing

BLANK = "空白"
NO_CASES = "没有案件"
NOTHING = "—"
FEW_CASES = "件数少"

LEGEND = (
    "比例＝分子÷分母，保留一位小数（四舍五入），括号里是分子和分母的件数。"
    "空白不是 0：一格也没有填的写“空白”，分母是 0 的写“没有案件”。"
)

FEW_MARK = "*"
"""Stands behind a rate of few cases where there is no room for words."""

_STEPS = (1, 2, 5, 10, 20, 25, 50)
"""The per cents that a whole bar may stand for, if none is longer."""


def ranking_words(overview: Overview) -> str:
    """From how many cases on a rate is ranked."""
    return (
        f"只排分母达到 {overview.at_least} 件的：件数少，多一件少一件就差很多，不能比高低。"
        "比例相同的名次相同。名次只说明高低，不说明好坏。"
    )


def mark_words(overview: Overview) -> str:
    """What the mark behind a rate means."""
    return f"带 {FEW_MARK} 的分母不足 {overview.at_least} 件，{FEW_CASES}。"


def value_text(measure: Measure) -> str:
    """A count, or a rate with its sign; in place of one that there is not, the reason."""
    if measure.part is None:
        return BLANK
    if not measure.indicator.is_rate:
        return str(measure.part)
    if measure.whole is None:
        return BLANK
    percent = measure.percent
    if percent is None:
        return NO_CASES
    return f"{percent}%"


def marked_text(measure: Measure, overview: Overview) -> str:
    """The same with a mark where the rate rests on few cases."""
    mark = FEW_MARK if overview.has_few_cases(measure) else ""
    return value_text(measure) + mark


def cases_text(measure: Measure) -> str:
    """Numerator and denominator of a rate: ``64/314``."""
    has_cases = measure.indicator.is_rate and measure.percent is not None
    if not has_cases:
        return ""
    return f"{measure.part}/{measure.whole}"


def detail_text(measure: Measure, overview: Overview) -> str:
    """Numerator and denominator of a rate, and whether they are few: ``3/8，件数少``."""
    cases = cases_text(measure)
    if overview.has_few_cases(measure):
        return f"{cases}，{FEW_CASES}"
    return cases


def whole_text(measure: Measure, overview: Overview) -> str:
    """A rate with its cases, a count by itself."""
    value = value_text(measure)
    detail = detail_text(measure, overview)
    if detail:
        return f"{value}（{detail}）"
    return value


# --- bars ---------------------------------------------------------------------------------------


@frozen
class BarRow:
    """One line of a chart that is a table: a bar of ``length`` per cent, and its number beside it.

    ``last_length`` is that of the year before, ``None`` without one.
    """

    label: str
    length: float | None
    text: str
    detail: str = ""
    last_length: float | None = None
    last_text: str = ""


@frozen
class BarChart:
    """Bars of one indicator, or of several rates; ``full`` is the figure of a whole bar."""

    title: str
    full: str
    rows: tuple[BarRow, ...]
    has_last: bool = False


@frozen
class _LabelledMeasure:
    """A figure to draw, its label, and the figure of the year before."""

    label: str
    measure: Measure
    last: Measure | None = None


def charts_of_all(overview: Overview) -> Iterator[BarChart]:
    """The figures of all together: one chart for each indicator if there are several years."""
    lines = overview.of(Grouping.ALL)
    if len(lines) == 1:
        (line,) = lines
        rates = _figures_of(line, RATES)
        counts = _figures_of(line, COUNTS)
        yield _chart(f"{line.year} 年度各项比例", rates, overview)
        yield _chart(f"{line.year} 年度各项件数", counts, overview)
        return
    for indicator in INDICATORS:
        years: list[_LabelledMeasure] = []
        for line in lines:
            measure = line.measure(indicator)
            years.append(_LabelledMeasure(f"{line.year} 年", measure))
        yield _chart(indicator.name, years, overview)


def _figures_of(line: Standing, indicators: Iterable[Indicator]) -> list[_LabelledMeasure]:
    """Several figures of one year, each under its name."""
    figures: list[_LabelledMeasure] = []
    for indicator in indicators:
        measure = line.measure(indicator)
        figures.append(_LabelledMeasure(indicator.name, measure))
    return figures


def charts_of_groups(overview: Overview, grouping: Grouping) -> Iterator[BarChart]:
    """One chart for each indicator: the groups of the last year, with the year before it."""
    year = overview.years[-1]
    before = {line.key: line for line in overview.of(grouping, year - 1)}
    lines = overview.of(grouping, year)
    if not lines:
        return
    for indicator in INDICATORS:
        figures: list[_LabelledMeasure] = []
        for line in lines:
            now = line.measure(indicator)
            last = None
            if line.key in before:
                last = before[line.key].measure(indicator)
            figures.append(_LabelledMeasure(line.name, now, last))
        yield _chart(indicator.name, figures, overview)


def _chart(title: str, figures: list[_LabelledMeasure], overview: Overview) -> BarChart:
    now = [each.measure for each in figures]
    last = [each.last for each in figures if each.last is not None]
    full = _full([*now, *last])
    rows = tuple(_bar_row(each, full, overview) for each in figures)
    shown = f"{int(full)} 件"
    if now[0].indicator.is_rate:
        percent = full * 100
        shown = f"{int(percent)}%"
    return BarChart(title, shown, rows, has_last=bool(last))


def _full(measures: Iterable[Measure]) -> Fraction:
    """The figure of a whole bar: a round per cent, or the largest count."""
    largest = Fraction(0)
    is_rate = False
    for measure in measures:
        is_rate = measure.indicator.is_rate
        size = _size(measure) or Fraction(0)
        largest = max(largest, size)
    if is_rate:
        for step in _STEPS:
            percent = Fraction(step, 100)
            if largest <= percent:
                return percent
    return max(largest, Fraction(1))


def _size(measure: Measure) -> Fraction | None:
    if measure.indicator.is_rate:
        return measure.share
    if measure.part is None:
        return None
    return Fraction(measure.part)


def _bar_row(each: _LabelledMeasure, full: Fraction, overview: Overview) -> BarRow:
    row = BarRow(
        label=each.label,
        length=_length(each.measure, full),
        text=value_text(each.measure),
        detail=detail_text(each.measure, overview),
    )
    if each.last is None:
        return row
    last_length = _length(each.last, full)
    last_text = whole_text(each.last, overview)
    return evolve(row, last_length=last_length, last_text=last_text)


def _length(measure: Measure, full: Fraction) -> float | None:
    """The length of a bar in per cent."""
    size = _size(measure)
    if size is None:
        return None
    percent = size / full * 100
    return round(float(percent), 2)


# --- rankings -----------------------------------------------------------------------------------


def rankings(overview: Overview) -> Iterator[Ranking]:
    """The rankings of the units in the last year that have at least two units to rank."""
    for indicator in RATES:
        ranking = overview.ranking(indicator, overview.years[-1], Grouping.UNIT)
        if len(ranking.ranked) > 1:
            yield ranking


def first_and_last(ranking: Ranking, most: int) -> tuple[tuple[Ranked, ...], tuple[Ranked, ...]]:
    """The first and the last of a ranking, ``most`` each; all are among the first if they fit."""
    if len(ranking.ranked) <= 2 * most:
        return ranking.ranked, ()
    return ranking.ranked[:most], ranking.ranked[-most:]


def definitions() -> Iterator[tuple[str, str, str, str]]:
    """Name, formula, meaning and source of every indicator."""
    for indicator in INDICATORS:
        table = table_heading(indicator)
        where = f"{indicator.source}，{table}"
        yield indicator.name, indicator.formula, indicator.meaning, where
