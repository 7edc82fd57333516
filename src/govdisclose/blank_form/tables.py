"""The tags of the statutory cells, put into the empty tables of the form by their labels."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from govdisclose.blank_form.elements import TABLE, Element, fill_cell, text_of
from govdisclose.blank_form.grids import FormTable, form_tables
from govdisclose.blank_form.wording import some
from govdisclose.errors import TemplateError
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.read.tables.values import Tables, read_tables
from govdisclose.rules import Family, rule_of


def tag_tables(body: Element, edition: Edition | None) -> Edition:
    """Put the tag of every statutory cell into it; the edition whose tables these are.

    Raises ``TemplateError`` for tables that are not, or not wholly, those of the form.
    """
    forms = {form.grid.name: form for form in form_tables(body)}
    grids = [form.grid for form in forms.values()]
    newest = max(EDITIONS.values(), key=attrgetter("name"))
    tables = read_tables(grids, edition or newest)
    found = _refuse_other_tables(tables, edition)
    cells = _statutory_cells(tables, found, forms)
    _refuse_filled(found, cells)
    for path, cell in cells.items():
        fill_cell(cell, f"{{{{ {path} }}}}")
    return found


def _refuse_other_tables(tables: Tables, edition: Edition | None) -> Edition:
    """Refuse tables that are not, or not wholly, those of the form."""
    if tables.edition is None:
        raise TemplateError("没有找到法定的三张表格，应为通知附件的空白格式")
    found = tables.edition
    if edition is not None and found is not edition:
        raise TemplateError(f"表格是 {found.name} 版的，不是 {edition.name} 版")
    stopping: list[str] = []
    for finding in tables.findings:
        if rule_of(finding).family is Family.STRUCTURE:
            stopping.append(finding.message)
    if stopping:
        listed = some(stopping, "处", "；")
        raise TemplateError(listed)
    return found


def _statutory_cells(
    tables: Tables, edition: Edition, forms: Mapping[str, FormTable]
) -> dict[str, Element]:
    """The element of every statutory cell. Raises ``TemplateError`` for missing cells."""
    found: dict[str, Element] = {}
    for match in tables.places.matches:
        cells = forms[match.grid.name].cells
        for path, at in match.cells.items():
            if at in cells:
                found[path] = cells[at]
    wanted = outline(edition).cells
    missing = [cell.label for path, cell in wanted.items() if path not in found]
    if missing:
        listed = some(missing, "格")
        raise TemplateError(f"认不出这些单元格：{listed}，可能被合并或删去")
    return found


def _refuse_filled(edition: Edition, cells: Mapping[str, Element]) -> None:
    """Refuse cells that are not empty."""
    wanted = outline(edition).cells
    filled: list[str] = []
    boxed: list[str] = []
    for path, cell in cells.items():
        label = wanted[path].label
        if text_of(cell):
            filled.append(label)
        inner = cell.find(f".//{TABLE}")
        if inner is not None:
            boxed.append(label)
    if filled:
        listed = some(filled, "格")
        raise TemplateError(f"表格里已经填了内容：{listed}；请用没有填过的空白格式")
    if boxed:
        listed = some(boxed, "格")
        raise TemplateError(f"单元格里套着表格：{listed}")
