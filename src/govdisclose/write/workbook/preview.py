"""The 预览 column: a paragraph with its quoted figures filled in, live where they are this year's."""

from __future__ import annotations

from govdisclose.form.fields import Kind
from govdisclose.form.outline import outline
from govdisclose.form.quotes import fill_text, find_quotes
from govdisclose.form.report import SECTIONS, AnnualReport
from govdisclose.write.workbook.formulas import Formula
from govdisclose.write.workbook.layout import table_layout

_NESTED, _LITERAL, _LENGTH = 60, 250, 8000
"""Functions within functions, characters of a text and of a whole formula (Excel allows 64, 255 and 8192)."""


def preview(text: str, cell: str, report: AnnualReport) -> Formula | None:
    """What the paragraph in ``cell`` will be printed as; ``None`` for one that quotes nothing.

    A quote that has no figure (yet) stays as typed, as it does while its cell is blank.
    """
    quotes = find_quotes(text, report)
    if not quotes:
        return None
    formula = cell
    live = {
        q.source: q.path for q in quotes if q.path and not q.modifier and len(q.source) <= _LITERAL
    }
    for source, path in live.items():
        name = '"' + source.replace('"', '""') + '"'
        formula = f"SUBSTITUTE({formula},{name},{_figure(path, name, report)})"
    if len(live) > _NESTED or len(formula) > _LENGTH:
        return Formula("=" + cell, text)  # more than a formula can do: the paragraph as typed
    return Formula("=" + formula, fill_text(text, quotes))


def _figure(path: str, otherwise: str, report: AnnualReport) -> str:
    """The cell of a figure as a term of a formula, printed as the report prints it."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    cell = outline(report.edition).cells[path]
    sheet = next(section.sheet for section in SECTIONS if section.key == cell.table)
    place = f"'{sheet}'!{xl_rowcol_to_cell(*table_layout(report.edition, cell.table).places[path])}"
    shown = f'TEXT({place},"+0;-0;0")' if cell.kind is Kind.CHANGE else place
    return f'IF({place}="",{otherwise},{shown})'
