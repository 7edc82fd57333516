"""The 预览 column: a paragraph with its quoted figures filled in, live where they are this year's."""

from __future__ import annotations

from collections.abc import Iterable

from govdisclose.form.fields import Kind
from govdisclose.form.outline import outline
from govdisclose.form.quotes import Quote, fill_text, find_quotes
from govdisclose.form.report import SECTIONS, AnnualReport
from govdisclose.write.workbook.formulas import Formula, if_term, literal
from govdisclose.write.workbook.layout import table_layout

_SHEETS = {section.key: section.sheet for section in SECTIONS}

_MOST_NESTED = 60
"""Functions within functions; Excel allows 64."""
_LONGEST_LITERAL = 250
"""Characters of a text in a formula; Excel allows 255."""
_LONGEST_FORMULA = 8000
"""Characters of a formula; Excel allows 8192."""


def preview(text: str, cell: str, report: AnnualReport) -> Formula | None:
    """The paragraph in ``cell`` as it will be printed; ``None`` if it quotes nothing.

    A quote without a figure stays as typed, as it does while its cell is blank.
    """
    quotes = find_quotes(text, report)
    if not quotes:
        return None
    live = _live_quotes(quotes)
    term = cell
    for source, path in live.items():
        typed = literal(source)
        figure = _figure(path, typed, report)
        term = f"SUBSTITUTE({term},{typed},{figure})"
    if len(live) > _MOST_NESTED or len(term) > _LONGEST_FORMULA:
        return Formula(f"={cell}", text)  # beyond the limits of Excel: the paragraph as typed
    filled = fill_text(text, quotes)
    return Formula(f"={term}", filled)


def _live_quotes(quotes: Iterable[Quote]) -> dict[str, str]:
    """Quotes that a formula can fill, as typed, with the paths of their cells."""
    live = {}
    for quote in quotes:
        fits = len(quote.source) <= _LONGEST_LITERAL
        if fits and quote.path and not quote.modifier:
            live[quote.source] = quote.path
    return live


def _figure(path: str, otherwise: str, report: AnnualReport) -> str:
    """A term of a formula: the figure as the report prints it, ``otherwise`` for a blank cell."""
    edition = report.edition
    cell = outline(edition).cells[path]
    layout = table_layout(edition, cell.table)
    there = layout.places[path].on(_SHEETS[cell.table])
    shown = there
    if cell.kind is Kind.CHANGE:
        shown = f'TEXT({there},"+0;-0;0")'
    return if_term(f'{there}=""', otherwise, shown)
