"""The 预览 column: a paragraph with its quoted figures filled in, live where they are this year's."""

from __future__ import annotations

from govdisclose.form.fields import Kind
from govdisclose.form.outline import outline
from govdisclose.form.quotes import fill_text, find_quotes
from govdisclose.form.report import SECTIONS, AnnualReport
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.layout import table_layout

_SHEETS = {section.key: section.sheet for section in SECTIONS}

_MOST_NESTED = 60
"""Functions within functions; Excel allows 64."""
_LONGEST_LITERAL = 250
"""Characters of a text in a formula; Excel allows 255."""
_LONGEST_FORMULA = 8000
"""Characters of a formula; Excel allows 8192."""


def preview(text: str, cell: str, report: AnnualReport) -> Formula | None:
    """The paragraph in ``cell`` as it will be printed; ``None`` for one that quotes nothing.

    A quote that has no figure yet stays as typed, as it does while its cell is blank.
    """
    quotes = find_quotes(text, report)
    if not quotes:
        return None
    live = {}
    for quote in quotes:
        if quote.path and not quote.modifier and len(quote.source) <= _LONGEST_LITERAL:
            live[quote.source] = quote.path
    formula = cell
    for source, path in live.items():
        name = '"' + source.replace('"', '""') + '"'
        formula = f"SUBSTITUTE({formula},{name},{_figure(path, name, report)})"
    if len(live) > _MOST_NESTED or len(formula) > _LONGEST_FORMULA:
        return Formula("=" + cell, text)  # more than a formula can do: the paragraph as typed
    return Formula("=" + formula, fill_text(text, quotes))


def _figure(path: str, otherwise: str, report: AnnualReport) -> str:
    """The cell of a figure as a term of a formula, printed as the report prints it."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    cell = outline(report.edition).cells[path]
    row, column = table_layout(report.edition, cell.table).places[path]
    place = f"'{_SHEETS[cell.table]}'!{xl_rowcol_to_cell(row, column)}"
    shown = f'TEXT({place},"+0;-0;0")' if cell.kind is Kind.CHANGE else place
    return f'IF({place}="",{otherwise},{shown})'
