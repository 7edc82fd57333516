"""The figures of a city or province: rates by unit, county and level, over the years.

Examples:
    >>> from govdisclose import overview
    >>> made = overview.make_overview("收件2023", "收件", roster="花名册.xlsx")
    >>> overview.write_overview(made, "概览.html").name
    '概览.html'
"""

from govdisclose.form.indicators import INDICATORS, Indicator
from govdisclose.form.overview import Grouping, Measure, Overview, Standing
from govdisclose.many.overview.make import make_overview, write_overview

__all__ = [
    "INDICATORS",
    "Grouping",
    "Indicator",
    "Measure",
    "Overview",
    "Standing",
    "make_overview",
    "write_overview",
]
