"""An overview as one web page that needs nothing else: no script, no style sheet, no picture."""

from __future__ import annotations

from govdisclose.form.indicators import INDICATORS
from govdisclose.form.overview import Grouping, Overview
from govdisclose.write.charts.svg import FONTS, LAST_YEAR, LAST_YEAR_EDGE, THIS_YEAR
from govdisclose.write.overview import display
from govdisclose.write.page_template import page_template
from govdisclose.write.title_lines import TITLE_WIDTH, title_lines

MOST_RANKED = 10
"""How many units the page shows from each end of a ranking; the workbook has them all."""

MOST_UNITS = 500
"""With more units than this, the page has no table of them: the workbook has it."""


def as_html(overview: Overview) -> str:
    """The page; every text in it is escaped."""
    return page_template(__file__).render(
        overview=overview,
        title_lines=title_lines(overview.title, overview.agency, TITLE_WIDTH),
        indicators=INDICATORS,
        groupings=(Grouping.COUNTY, Grouping.LEVEL),
        units=overview.of(Grouping.UNIT, overview.years[-1]),
        last_year=overview.years[-1],
        most_ranked=MOST_RANKED,
        most_units=MOST_UNITS,
        display=display,
        colours={"bar": THIS_YEAR, "last": LAST_YEAR, "edge": LAST_YEAR_EDGE},
        fonts=FONTS,
    )
