"""图解: a report as a few plain bar charts, in SVG, for the web page and for Word.

A chart whose numbers are all blank or all 0 is not drawn: a sentence replaces it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from govdisclose.form.report import AnnualReport
from govdisclose.write.charts.figures import (
    Bar,
    ChartData,
    figures,
    in_words,
)
from govdisclose.write.charts.svg import Chart, draw
from govdisclose.write.context import printable

__all__ = ["Chart", "charts_or_words", "draw_charts", "figures_html"]


def charts_or_words(
    report: AnnualReport, previous: AnnualReport | None = None
) -> dict[str, Chart | str]:
    """Each chart by its name, or a sentence instead of a chart that has nothing to show.

    Raises ``UsageError`` when ``previous`` is not on the year before, ``InputError`` for a name no
    file can hold.
    """
    printable(report.agency.name)
    found: dict[str, Chart | str] = {}
    for figure in figures(report, previous):
        found[figure.name] = _drawn(figure)
    return found


def _drawn(figure: ChartData, *, on_page: bool = False) -> Chart | str:
    words = in_words(figure)
    if figure.is_empty:
        return words
    return draw(figure, words, on_page=on_page)


def draw_charts(report: AnnualReport, previous: AnnualReport | None = None) -> tuple[Chart, ...]:
    """The charts of a report that have anything to show, against last year's when it is given.

    ``applicants`` requests received by who asked; ``outcomes`` how they ended; ``refusals`` what
    refusals rest on; ``disputes`` reviews and lawsuits by result. All numbers are 件, as the agency
    stated them. Raises as ``charts_or_words`` does.

    Examples:
        >>> from govdisclose import charts, read_report
        >>> report = read_report("sample_workbooks/huaian-2024.xlsx").report
        >>> first, *_ = charts.draw_charts(report)
        >>> first.name, first.title
        ('applicants', '本年新收政府信息公开申请数量（2024年）')
    """
    drawn = charts_or_words(report, previous).values()
    return tuple(chart for chart in drawn if isinstance(chart, Chart))


def figures_html(report: AnnualReport, previous: AnnualReport | None = None) -> str:
    """The charts as HTML for a page: each a ``<figure>`` with its picture, and its numbers as a
    table.

    No script, no style sheet, no outside resource. Raises ``UsageError`` when ``previous`` is not
    on the year before.

    Examples:
        >>> from govdisclose import charts, read_report
        >>> report = read_report("sample_workbooks/huaian-2024.xlsx").report
        >>> charts.figures_html(report).count("<figure")
        4
    """
    return "\n".join(map(_figure, figures(report, previous)))


def _figure(figure: ChartData) -> str:
    drawn = _drawn(figure, on_page=True)
    if isinstance(drawn, str):
        words = escape(drawn)
        return f'<p class="gd-figure">{words}</p>'
    svg = drawn.svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)
    title = escape(drawn.title)
    table = _table(figure)
    parts = [
        '<figure class="gd-figure">',
        f"<figcaption>{title}</figcaption>",
        svg,
        f"<details><summary>图中的数据</summary>{table}</details>",
        "</figure>",
    ]
    return "".join(parts)


def _table(figure: ChartData) -> str:
    """The numbers of a figure as a table: rows under their group, one column a year."""
    return "".join(_table_pieces(figure))


def _table_pieces(figure: ChartData) -> Iterator[str]:
    caption = escape(figure.heading)
    yield f"<table><caption>{caption}</caption>"
    names = ["项目", figure.year]
    if figure.last_year:
        names.append(figure.last_year)
    yield "<thead><tr>"
    for name in names:
        yield f'<th scope="col">{escape(name)}</th>'
    yield "</tr></thead>"
    for group in figure.groups:
        yield "<tbody>"
        if group.heading:
            heading = escape(group.heading)
            yield f'<tr><th scope="rowgroup" colspan="{len(names)}">{heading}</th></tr>'
        for bar in group.bars:
            yield _row(bar, figure)
        if group.total:
            yield _row(group.total, figure)
        yield "</tbody>"
    if figure.total:
        total = _row(figure.total, figure)
        yield f"<tbody>{total}</tbody>"
    yield "</table>"


def _row(bar: Bar, figure: ChartData) -> str:
    label = escape(bar.label)
    cells = [f'<th scope="row">{label}</th>', f"<td>{bar.amount.this.said}</td>"]
    if figure.last_year:
        cells.append(f"<td>{bar.amount.last.said}</td>")
    row = "".join(cells)
    return f"<tr>{row}</tr>"
