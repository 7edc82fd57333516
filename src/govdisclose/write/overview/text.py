"""An overview for the terminal: all together through the years, counties, first and last units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govdisclose.form.indicators import BY_KEY, INDICATORS
from govdisclose.form.overview import Grouping, Overview, Ranked, Standing
from govdisclose.write.aligned import aligned
from govdisclose.write.overview.display import (
    LEGEND,
    cases_text,
    first_and_last,
    mark_words,
    marked_text,
    ranking_words,
    rankings,
    value_text,
    whole_text,
)

_MOST_RANKED = 5
"""How many units are shown from each end of a ranking."""

_MOST_LISTED = 20
"""How many reports are named that do not count, and how many units that are missing."""

_BRIEF = (
    BY_KEY["received"],
    BY_KEY["concluded"],
    BY_KEY["disclosure_rate"],
    BY_KEY["refusal_rate"],
    BY_KEY["unable_rate"],
    BY_KEY["carry_over_rate"],
)
"""The columns of the table of counties: more would not fit beside each other."""


def as_text(overview: Overview) -> str:
    """The overview as lines for people; the other forms have every unit."""
    lines = [*_lines(overview), ""]
    return "\n".join(lines)


def _lines(overview: Overview) -> Iterator[str]:
    yield overview.title
    for notice in overview.notices:
        yield f"注意：{notice}。"
    yield from _headed("【全部】")
    yield from _indented(_all_rows(overview))
    year = overview.years[-1]
    for grouping in (Grouping.COUNTY, Grouping.LEVEL):
        lines = overview.of(grouping, year)
        if lines:
            yield from _headed(f"【{grouping.label}】{year} 年度")
            yield from _indented(_group_rows(lines, overview))
    yield from _rankings(overview)
    yield from _headed(LEGEND + mark_words(overview))
    yield from _excluded(overview)
    yield from _missing(overview)
    yield from _definitions()


def _headed(heading: str) -> Iterator[str]:
    """A heading, with an empty line above."""
    yield ""
    yield heading


def _indented(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    figures = len(rows[0]) - 1
    sides = "l" + "r" * figures
    for line in aligned(rows, sides):
        yield f"  {line}"


def _all_rows(overview: Overview) -> list[list[str]]:
    """Each indicator in all years."""
    lines = overview.of(Grouping.ALL)
    years = [f"{line.year}年" for line in lines]
    rows = [["指标", *years]]
    for indicator in INDICATORS:
        measures = [line.measure(indicator) for line in lines]
        figures = [whole_text(measure, overview) for measure in measures]
        rows.append([indicator.name, *figures])
    return rows


def _group_rows(lines: Sequence[Standing], overview: Overview) -> list[list[str]]:
    """Each group with some indicators."""
    names = [indicator.name for indicator in _BRIEF]
    rows = [["名称", "份数", *names]]
    for line in lines:
        measures = map(line.measure, _BRIEF)
        figures = [marked_text(measure, overview) for measure in measures]
        rows.append([line.name, str(line.reports), *figures])
    return rows


def _rankings(overview: Overview) -> Iterator[str]:
    shown = list(rankings(overview))
    if not shown:
        return
    year = overview.years[-1]
    words = ranking_words(overview)
    yield from _headed(f"【单位排名】{year} 年度。{words}")
    for ranking in shown:
        first, last = first_and_last(ranking, _MOST_RANKED)
        name = ranking.indicator.name
        count = len(ranking.ranked)
        yield f"  {name}（排 {count} 家，{ranking.too_small} 家不排）"
        yield from map(_ranked, first)
        if last:
            yield "    ……"
            yield from map(_ranked, last)


def _ranked(ranked: Ranked) -> str:
    name = ranked.standing.name
    rate = value_text(ranked.measure)
    cases = cases_text(ranked.measure)
    return f"    {ranked.place}. {name}　{rate}（{cases}）"


def _excluded(overview: Overview) -> Iterator[str]:
    """The reports that do not count, with the reasons."""
    count = len(overview.excluded)
    if not count:
        return
    yield from _headed(f"【没有计入】{count} 份")
    for each in overview.excluded[:_MOST_LISTED]:
        said = f"{each.file}：{each.reason}"
        if each.year is not None:
            said = f"{each.year} 年度 {said}"
        yield f"  {said}"
    yield from _more(count)


def _missing(overview: Overview) -> Iterator[str]:
    """The units without a report."""
    count = len(overview.missing)
    if not count:
        return
    yield from _headed(f"【缺报】{count} 家次")
    for absentee in overview.missing[:_MOST_LISTED]:
        remark = f"（{absentee.remark}）" if absentee.remark else ""
        yield f"  {absentee.year} 年度 {absentee.name}{remark}"
    yield from _more(count)


def _more(count: int) -> Iterator[str]:
    """How many of ``count`` lines a list has left out."""
    more = count - _MOST_LISTED
    if more > 0:
        yield f"  另有 {more} 条，输出到 .html 或 .xlsx 可看全部"


def _definitions() -> Iterator[str]:
    yield from _headed("【指标怎样算】")
    for indicator in INDICATORS:
        yield f"  {indicator.name}＝{indicator.formula}"
