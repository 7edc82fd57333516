"""图解: a report as a few plain bar charts, in SVG, for the web page and for Word.

A chart whose numbers are all blank or all 0 is not drawn: a sentence replaces it.
"""

from __future__ import annotations

from html import escape

from govdisclose.form.report import AnnualReport
from govdisclose.write.charts.figures import (
    Bar,
    BarGroup,
    ChartData,
    amount_said,
    figures,
    in_words,
    last_said,
)
from govdisclose.write.charts.svg import Chart, draw
from govdisclose.write.context import printable

__all__ = ["Chart", "charts_or_words", "draw_charts", "figures_html"]


def charts_or_words(
    report: AnnualReport, previous: AnnualReport | None = None
) -> dict[str, Chart | str]:
    """Each chart by its name, or a sentence instead of a chart that has nothing to show.

    Raises ``UsageError`` when ``previous`` is not on the year before, ``InputError`` for a name no file can hold.
    """
    printable(report.agency.name)
    return {figure.name: _drawn(figure) for figure in figures(report, previous)}


def _drawn(figure: ChartData, *, on_page: bool = False) -> Chart | str:
    words = in_words(figure)
    return words if figure.is_empty else draw(figure, words, on_page=on_page)


def draw_charts(report: AnnualReport, previous: AnnualReport | None = None) -> tuple[Chart, ...]:
    """The charts of a report that have anything to show, against last year's when it is given.

    ``applicants`` requests received by who asked; ``outcomes`` how they ended; ``refusals`` what refusals
    rest on; ``disputes`` reviews and lawsuits by result. All numbers are 件, as the agency stated them.
    Raises as ``charts_or_words`` does.
    """
    drawn = charts_or_words(report, previous).values()
    return tuple(chart for chart in drawn if isinstance(chart, Chart))


def figures_html(report: AnnualReport, previous: AnnualReport | None = None) -> str:
    """The charts as HTML for a page: each a ``<figure>`` with its picture, and its numbers as a table.

    No script, no style sheet, no outside resource. Raises ``UsageError`` when ``previous`` is not on the
    year before.
    """
    return "\n".join(map(_figure, figures(report, previous)))


def _figure(figure: ChartData) -> str:
    drawn = _drawn(figure, on_page=True)
    if isinstance(drawn, str):
        return f'<p class="gd-figure">{escape(drawn)}</p>'
    svg = drawn.svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)
    return (
        f'<figure class="gd-figure"><figcaption>{escape(drawn.title)}</figcaption>{svg}'
        f"<details><summary>图中的数据</summary>{_table(figure)}</details></figure>"
    )


def _table(figure: ChartData) -> str:
    """The numbers of a figure as a table: rows under their group, one column a year."""
    names = ["项目", figure.year]
    if figure.last_year:
        names.append(figure.last_year)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    bodies = [_group_body(group, figure, len(names)) for group in figure.groups]
    if figure.total:
        bodies.append(f"<tbody>{_row(figure.total, figure)}</tbody>")
    return (
        f"<table><caption>{escape(figure.heading)}</caption><thead><tr>{head}</tr></thead>"
        f"{''.join(bodies)}</table>"
    )


def _group_body(group: BarGroup, figure: ChartData, columns: int) -> str:
    title = ""
    if group.heading:
        cell = f'<th scope="rowgroup" colspan="{columns}">{escape(group.heading)}</th>'
        title = f"<tr>{cell}</tr>"
    bars = [*group.bars, group.total] if group.total else group.bars
    rows = "".join(_row(bar, figure) for bar in bars)
    return f"<tbody>{title}{rows}</tbody>"


def _row(bar: Bar, figure: ChartData) -> str:
    cells = f"<td>{amount_said(bar.amount)}</td>"
    if figure.last_year:
        cells += f"<td>{last_said(bar.amount)}</td>"
    return f'<tr><th scope="row">{escape(bar.label)}</th>{cells}</tr>'
