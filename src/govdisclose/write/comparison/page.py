"""A comparison as one web page that needs nothing else: no script, no style sheet, no picture."""

from __future__ import annotations

from govdisclose.form.comparison import Comparison
from govdisclose.form.files_left import under_headings
from govdisclose.form.indicators import COUNTS
from govdisclose.write.comparison import display, unit_rows
from govdisclose.write.page_template import page_template
from govdisclose.write.title_lines import TITLE_WIDTH, title_lines


def as_html(comparison: Comparison) -> str:
    """The page; every text in it is escaped."""
    units = comparison.units
    return page_template(__file__).render(
        comparison=comparison,
        title_lines=title_lines(comparison.title, comparison.reports[0].agency.name, TITLE_WIDTH),
        tables=list(display.tables(comparison.figures)),
        apart=list(display.tables(comparison.apart)),
        headers=display.step_headers(comparison),
        display=display,
        unit_rows=unit_rows,
        counts=COUNTS,
        other_files=[] if units is None else list(under_headings(units.files_not_read)),
    )
