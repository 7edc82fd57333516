"""The state of a season as one web page for an intranet: it needs no other file.

Its one small script sorts tables; without it everything is there in the order of the roster.
"""

from __future__ import annotations

from govdisclose.form.files_left import under_headings
from govdisclose.form.status import SeasonStatus
from govdisclose.form.year_changes import RANKING_WORDS
from govdisclose.write.page_template import page_template
from govdisclose.write.status import display


def as_html(status: SeasonStatus) -> str:
    """The page; every text in it is escaped."""
    return page_template(__file__).render(
        status=status,
        ranking=RANKING_WORDS,
        display=display,
        levels=display.by_level(status),
        parents=display.by_parent(status),
        total=display.in_all(status),
        lists=list(display.unit_lists(status)),
        strays=list(display.strays_by_kind(status)),
        news=list(display.news_by_kind(status)),
        other_files=list(under_headings(status.not_looked_at)),
        idle=[file for unit in status.units for file in unit.others],
    )
