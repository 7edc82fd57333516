"""The statutory cells of a workbook that hold a formula, and those that are statutory sums.

The question is asked only when a relation is broken. The sheets are parsed again then, and a
workbook without faults pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govdisclose.finding import Place
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.package import PackageError, open_package
from govdisclose.read.grid import a1, position
from govdisclose.read.tables.formulas import SheetPosition, own_totals, referenced_area
from govdisclose.read.workbook.parts import book_parts
from govdisclose.read.workbook.shared_formula import SharedFormula
from govdisclose.read.workbook.xml_parts import BrokenXmlError, parsed


def formula_cells(
    data: bytes, edition: Edition, places: Mapping[str, Place]
) -> dict[str, tuple[str, ...]]:
    """Path of each statutory cell with a formula → the cells it adds.

    The tuple is empty unless the formula is the statutory sum. ``data`` is the workbook, ``places``
    are those of its statutory cells. A workbook that cannot be parsed here has no formulas: whether
    it can be read was decided before.
    """
    form = outline(edition)
    positions = _positions(form.cells, places)
    try:
        sheets = {at.sheet for at in positions.values()}
        written = _written_formulas(data, sheets)
    except (PackageError, BrokenXmlError, KeyError, ValueError):
        return {}
    formulas = {}
    for path, at in positions.items():
        if at in written:
            formulas[path] = written[at]
    sums = own_totals(form, formulas, positions)
    return {path: sums.get(path, ()) for path in formulas}


def _positions(
    paths: Mapping[str, object], places: Mapping[str, Place]
) -> dict[str, SheetPosition]:
    found: dict[str, SheetPosition] = {}
    for path in paths:
        place = places.get(path)
        if place is not None and place.sheet and place.cell:
            row, column = position(place.cell)
            found[path] = SheetPosition(place.sheet, row, column)
    return found


def _written_formulas(data: bytes, sheets: set[str]) -> dict[SheetPosition, str]:
    """The formulas of these sheets as Excel shows them, ``=SUM(D6:I6)``."""
    parts = book_parts(open_package(data, ""))
    formulas: dict[SheetPosition, str] = {}
    for sheet in parts.sheets:
        if sheet.name not in sheets:
            continue
        content = parts.content(sheet.part)
        for address, formula in _sheet_formulas(content):
            row, column = position(address)
            at = SheetPosition(sheet.name, row, column)
            formulas[at] = formula
    return formulas


def _sheet_formulas(sheet: bytes) -> Iterator[tuple[str, str]]:
    """Address and formula of each cell that has one; of an array formula, every cell that it fills."""
    shared: dict[str, SharedFormula] = {}
    for cell in parsed(sheet).iterfind(".//{*}c"):
        formula = cell.find("{*}f")
        address = cell.get("r")
        if formula is None or address is None:
            continue
        own_text = formula.text or ""
        text = f"={own_text}"
        kind = formula.get("t")
        if kind == "shared":
            group = formula.get("si", "")
            own = SharedFormula(text, address)
            if formula.text:
                shared[group] = own
            text = shared.get(group, own).at(address)
        yield address, text
        if kind != "array":
            continue
        area = referenced_area(formula.get("ref", address))
        for row, column in area.cells():
            other = a1(row, column)
            if other != address:
                yield other, ""
