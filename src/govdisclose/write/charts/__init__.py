"""图解: a report as a few plain bar charts, in SVG, for the web page and for Word.

Nothing is drawn where there is nothing to see: a chart whose numbers are all blank or all 0 is a sentence.
"""

from __future__ import annotations

from html import escape

from govdisclose.form.report import AnnualReport
from govdisclose.write.charts.figures import Bar, Figure, amount_said, figures, in_words, last_said
from govdisclose.write.charts.svg import Chart, draw
from govdisclose.write.context import printable

__all__ = ["Chart", "charts_or_words", "draw_charts", "figures_html"]


def charts_or_words(
    report: AnnualReport, previous: AnnualReport | None = None
) -> dict[str, Chart | str]:
    """Each chart by its name; in place of one with nothing to show, the sentence that says so.

    Raises ``UsageError`` when ``previous`` is not on the year before, ``InputError`` for a name no file can hold.
    """
    printable(report.agency.name)
    return {figure.name: _drawn(figure) for figure in figures(report, previous)}


def _drawn(figure: Figure, *, on_page: bool = False) -> Chart | str:
    words = in_words(figure)
    return words if figure.is_empty else draw(figure, words, on_page=on_page)


def draw_charts(report: AnnualReport, previous: AnnualReport | None = None) -> tuple[Chart, ...]:
    """The charts of a report that have anything to show, against last year's when it is given.

    ``applicants`` requests received by who asked; ``outcomes`` how they ended; ``refusals`` what refusals
    rest on; ``disputes`` reviews and lawsuits by result. All numbers are 件, as the agency stated them.
    Raises as ``charts_or_words`` does.
    """
    return tuple(
        chart for chart in charts_or_words(report, previous).values() if isinstance(chart, Chart)
    )


def figures_html(report: AnnualReport, previous: AnnualReport | None = None) -> str:
    """The charts as HTML for a page: each a ``<figure>`` with its picture, and its numbers as a table.

    No script, no style sheet, no outside resource. Raises ``UsageError`` when ``previous`` is not on the
    year before.
    """
    return "\n".join(
        _figure(figure, _drawn(figure, on_page=True)) for figure in figures(report, previous)
    )


def _figure(figure: Figure, drawn: Chart | str) -> str:
    if isinstance(drawn, str):
        return f'<p class="gd-figure">{escape(drawn)}</p>'
    svg = drawn.svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)
    return (
        f'<figure class="gd-figure"><figcaption>{escape(drawn.title)}</figcaption>{svg}'
        f"<details><summary>图中的数据</summary>{_table(figure)}</details></figure>"
    )


def _table(figure: Figure) -> str:
    """The numbers of a figure as a table: rows under their group, one column a year."""
    years = [figure.year, *([figure.last_year] if figure.last_year else [])]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("项目", *years))
    bodies = []
    for group in figure.groups:
        title = (
            f'<tr><th scope="rowgroup" colspan="{len(years) + 1}">{escape(group.heading)}</th></tr>'
        )
        rows = [*group.bars, *([group.total] if group.total else [])]
        bodies.append((title if group.heading else "", rows))
    if figure.total:
        bodies.append(("", [figure.total]))
    return (
        f"<table><caption>{escape(figure.heading)}</caption><thead><tr>{head}</tr></thead>"
        + "".join(
            f"<tbody>{title}{''.join(_row(bar, figure) for bar in rows)}</tbody>"
            for title, rows in bodies
        )
        + "</table>"
    )


def _row(bar: Bar, figure: Figure) -> str:
    values = [amount_said(bar.amount), *([last_said(bar.amount)] if figure.last_year else [])]
    cells = "".join(f"<td>{value}</td>" for value in values)
    return f'<tr><th scope="row">{escape(bar.label)}</th>{cells}</tr>'
