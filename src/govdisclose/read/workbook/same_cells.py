"""Compares a copy of a workbook with the original: a library may read or write another value."""

from __future__ import annotations

from pathlib import Path

from govdisclose.errors import InputError, OutputError
from govdisclose.form.sheets import NEVER_READ
from govdisclose.read.grid import Grid, Raw, a1
from govdisclose.read.workbook.opening import Book, load_bytes
from govdisclose.read.workbook.sheets import read_all_grids

Cells = dict[tuple[int, int], Raw]


def refuse_other_cells(original: Book, copy: bytes, path: Path) -> None:
    """Compare a copy of ``original`` with it, cell by cell. The copy may have more sheets.

    Raises ``OutputError`` naming the first cell that differs.
    """
    try:
        copied = read_all_grids(load_bytes(copy, path), path.name, without=NEVER_READ)
    except InputError as error:
        raise OutputError(
            f"{path.name} 的副本读不回来，没有写出；请用 Excel 或 WPS 打开后另存一份"
        ) from error
    grids = {grid.name: grid for grid in copied}
    for grid in read_all_grids(original, path.name, without=NEVER_READ):
        where = _difference(grid, grids.get(grid.name))
        if where is not None:
            raise OutputError(
                f"{path.name} 的副本与原件不一致（{grid.name}{where}），没有写出；请用 Excel 或 WPS 打开后另存一份"
            )


def _difference(grid: Grid, copy: Grid | None) -> str | None:
    """Where a sheet and its copy differ, as the end of a place; ``None`` if they are the same."""
    if copy is None:
        return ""
    here = _cells(grid)
    there = _cells(copy)
    for at in sorted(here.keys() | there.keys()):
        if here.get(at) != there.get(at):
            return f"!{a1(*at)}"
    if grid.far == copy.far:
        return None
    first, *_ = grid.far or copy.far
    return f"!{a1(*first)}"


def _cells(grid: Grid) -> Cells:
    """The cells that show anything; a text of blanks may be lost."""
    found: Cells = {}
    for row, line in enumerate(grid.rows):
        for column, raw in enumerate(line):
            value = raw
            if isinstance(raw, str):
                value = raw.strip().replace("\r\n", "\n")
            if value is not None and value != "":
                found[row, column] = value
    return found
