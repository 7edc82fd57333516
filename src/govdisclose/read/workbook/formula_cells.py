"""The statutory cells of a workbook that hold a formula, and those that are statutory sums.

The question is asked only when a relation is broken. The sheets are parsed again then, and a workbook
without faults pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govdisclose.finding import Place
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.package import PackageError, open_package
from govdisclose.read.grid import a1, position
from govdisclose.read.tables.formulas import SheetPosition, own_totals
from govdisclose.read.workbook.parts import book_parts
from govdisclose.read.workbook.xml_parts import BrokenXmlError, parsed


def formula_cells(
    data: bytes, edition: Edition, places: Mapping[str, Place]
) -> dict[str, tuple[str, ...]]:
    """Path of each statutory cell with a formula → the cells it adds.

    The tuple is empty unless the formula is the statutory sum. ``data`` is the workbook, ``places`` are
    those of its statutory cells. A workbook that cannot be parsed here has no formulas: whether it can
    be read was decided before.
    """
    form = outline(edition)
    positions = _positions(form.cells, places)
    try:
        written = _written_formulas(data, {at[0] for at in positions.values()})
    except (PackageError, BrokenXmlError, KeyError, ValueError):
        return {}
    formulas = {path: written[at] for path, at in positions.items() if at in written}
    sums = own_totals(form, formulas, positions)
    return {path: sums.get(path, ()) for path in formulas}


def _positions(
    paths: Mapping[str, object], places: Mapping[str, Place]
) -> dict[str, SheetPosition]:
    found: dict[str, SheetPosition] = {}
    for path in paths:
        place = places.get(path)
        if place is not None and place.sheet and place.cell:
            found[path] = (place.sheet, *position(place.cell))
    return found


def _written_formulas(data: bytes, sheets: set[str]) -> dict[SheetPosition, str]:
    """The formulas of these sheets as Excel shows them, ``=SUM(D6:I6)``."""
    parts = book_parts(open_package(data, ""))
    formulas: dict[SheetPosition, str] = {}
    for sheet in parts.sheets:
        if sheet.name in sheets:
            for address, formula in _sheet_formulas(parts.content(sheet.part)):
                formulas[(sheet.name, *position(address))] = formula
    return formulas


def _sheet_formulas(sheet: bytes) -> Iterator[tuple[str, str]]:
    """Address and formula of each cell that has one; of an array formula, every cell that it fills."""
    shared: dict[str, tuple[str, str]] = {}
    for cell in parsed(sheet).iterfind(".//{*}c"):
        formula = cell.find("{*}f")
        address = cell.get("r")
        if formula is None or address is None:
            continue
        text = f"={formula.text or ''}"
        kind = formula.get("t")
        if kind == "shared":
            group = formula.get("si", "")
            if formula.text:
                shared[group] = (text, address)
            text = _moved(*shared.get(group, (text, address)), address)
        yield address, text
        if kind == "array":
            for other in _area(formula.get("ref", address)):
                if other != address:
                    yield other, ""


def _moved(formula: str, origin: str, address: str) -> str:
    """A formula that several cells share, as it reads in one of them."""
    from openpyxl.formula.translate import Translator  # few programs write shared formulas

    return str(Translator(formula, origin).translate_formula(address))


def _area(reference: str) -> Iterator[str]:
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    for row in range(top, min(bottom, top + 500) + 1):
        for column in range(left, min(right, left + 50) + 1):
            yield a1(row, column)
