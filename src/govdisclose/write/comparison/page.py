"""A comparison as one web page that needs nothing else: no script, no style sheet, no picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from govdisclose.form.comparison import Comparison
from govdisclose.form.indicators import COUNTS
from govdisclose.write.comparison import display, unit_rows
from govdisclose.write.title_lines import TITLE_WIDTH, title_lines

if TYPE_CHECKING:
    from jinja2 import Template


def as_html(comparison: Comparison) -> str:
    """The page; every text in it is escaped."""
    return _template().render(
        comparison=comparison,
        title_lines=title_lines(comparison.title, comparison.reports[0].agency.name, TITLE_WIDTH),
        tables=list(display.tables(comparison.figures)),
        apart=list(display.tables(comparison.apart)),
        headers=display.step_headers(comparison),
        display=display,
        unit_rows=unit_rows,
        counts=COUNTS,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(
        Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    )
