"""A workbook as openpyxl reads it: the second opinion on every cell, for tests."""

from __future__ import annotations

import io
import warnings
from datetime import datetime, time
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from govdisclose.read.grid import ErrorValue, Grid, Merge, Picture, Raw, Uncalculated

Cells = dict[tuple[int, int], Raw]


class Sheet(NamedTuple):
    """One worksheet as openpyxl reads it."""

    name: str
    cells: Cells
    merges: set[Merge]


def filled(grid: Grid) -> Cells:
    """The cells of a grid that hold anything."""
    return {
        (row, column): raw
        for row, line in enumerate(grid.rows)
        for column, raw in enumerate(line)
        if raw is not None
    }


def openpyxl_sheets(data: bytes) -> list[Sheet]:
    """Every worksheet: values, and the contents of cells without a value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = load_workbook(io.BytesIO(data), data_only=True)
        formulas = load_workbook(io.BytesIO(data))
    return [_sheet(values[name], formulas[name]) for name in values.sheetnames]


def _sheet(values: Any, formulas: Any) -> Sheet:
    cells: Cells = {}
    # The public ways to go through a sheet make every cell up to the farthest one.
    for (row, column), cell in values._cells.items():
        raw = _raw(cell, formulas._cells.get((row, column)))
        if raw is not None:
            cells[row - 1, column - 1] = raw
    areas = values.merged_cells.ranges
    return Sheet(
        values.title,
        cells,
        {Merge(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in areas},
    )


def _raw(cell: Any, formula: Any) -> Raw:
    value = cell.value
    if cell.data_type == "e" and value is not None:
        return ErrorValue(str(value))
    if value is None:
        return _unstored(cell, formula)
    if isinstance(value, str):
        return unescape(value) or None
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value


def _unstored(cell: Any, formula: Any) -> Raw:
    if cell.data_type == "str" or formula is None or formula.data_type != "f":
        return None
    written = getattr(
        formula.value, "text", formula.value
    )  # an array formula is an object of its own
    written = written if isinstance(written, str) else "模拟运算表"
    return Picture() if "DISPIMG" in written.upper() else Uncalculated(written)
