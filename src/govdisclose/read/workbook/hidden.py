"""S115: sheets, rows, columns, letters and zeros of the report that a person does not see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from govdisclose.finding import Finding, Place, some_of
from govdisclose.read.grid import Grid, Position, a1, column_letters, position
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.view import passed_over, visible_first
from govdisclose.read.workbook.appearance import HiddenParts
from govdisclose.read.workbook.display import Display
from govdisclose.rules.structure import S115

_ALL_SEEN = HiddenParts()
_NAMED = 10
"""How many cells a finding lists before it gives their number only."""


class Visible(NamedTuple):
    """The sheets to choose from, and a finding for each hidden one that was passed over."""

    grids: list[Grid]
    findings: list[Finding]


def visible(grids: Sequence[Grid], what: str, hidden: Collection[str]) -> Visible:
    """The sheets that could be ``what`` and are not hidden, or all of them if every one is."""
    names = visible_first([grid.name for grid in grids], hidden)
    kept = []
    findings = []
    for grid in grids:
        if grid.name in names:
            kept.append(grid)
        else:
            findings.append(passed_over(grid.name, names[0], what, grid.file))
    return Visible(kept, findings)


def hidden_findings(
    display: Display, matches: Iterable[Match], texts: Mapping[str, Place], grids: Iterable[Grid]
) -> Iterator[Finding]:
    """S115 for every sheet where figures or texts of the report are not drawn.

    ``texts`` are the places of the texts that were read.
    """
    by_name = {grid.name: grid for grid in grids}
    figures: dict[str, list[Position]] = {}
    for match in matches:
        figures.setdefault(match.grid.name, []).extend(match.cells.values())
    read = {sheet: list(cells) for sheet, cells in figures.items()}
    for sheet, at in _filled_texts(texts, by_name):
        read.setdefault(sheet, []).append(at)
    for sheet, cells in read.items():
        grid = by_name[sheet]
        if sheet in display.hidden_sheets:
            said = "工作表是隐藏的，其中的内容会写进报告，请核对"
            yield S115.finding(said, Place(grid.file, sheet))
            continue
        hidden = display.hidden_parts(sheet, cells)
        if hidden != _ALL_SEEN:
            yield from _hidden_cells(grid, hidden, cells)
            yield from _hidden_letters(grid, hidden.letters)
            if hidden.zeros:
                yield from _hidden_zeros(grid, figures.get(sheet, ()))


def _filled_texts(
    texts: Mapping[str, Place], by_name: Mapping[str, Grid]
) -> Iterator[tuple[str, Position]]:
    """Sheet and position of each cell with a text of the report."""
    for path, place in texts.items():
        sheet, cell = place.sheet, place.cell
        if path == "edition" or sheet is None or cell is None or sheet not in by_name:
            continue
        at = position(cell)
        if by_name[sheet].raw(*at) is not None:
            yield sheet, at


def _hidden_zeros(grid: Grid, figures: Collection[Position]) -> Iterator[Finding]:
    zeros = sorted({at for at in figures if grid.raw(*at) == 0})
    if zeros:
        said = f"视图设置为不显示零值，{len(zeros)} 格的 0 看不见，报告中会印出：{_listed(zeros)}"
        yield S115.finding(said, grid.place(*zeros[0]))


def _hidden_letters(grid: Grid, cells: Iterable[Position]) -> Iterator[Finding]:
    filled = [at for at in cells if grid.raw(*at) is not None]
    if filled:
        said = f"{len(filled)} 格的字与底色相同或字号过小，看不见，会写进报告，请核对：{_listed(filled)}"
        yield S115.finding(said, grid.place(*filled[0]))


def _hidden_cells(
    grid: Grid, hidden: HiddenParts, cells: Collection[Position]
) -> Iterator[Finding]:
    out_of_sight: set[tuple[int, int]] = set()
    for row, column in cells:
        if row in hidden.rows or column in hidden.columns:
            out_of_sight.add((row, column))
    found = sorted(out_of_sight)
    if not found:
        return
    where = []
    if hidden.rows:
        rows = "、".join([str(row + 1) for row in hidden.rows])
        where.append(f"第 {rows} 行")
    if hidden.columns:
        columns = "、".join(map(column_letters, hidden.columns))
        where.append(f"{columns} 列")
    parts = "和".join(where)
    cells_said = f"其中 {len(found)} 格会写进报告，请核对：{_listed(found)}"
    said = f"{parts}看不见（隐藏，或没有高度、宽度），{cells_said}"
    place = Place(grid.file, grid.name, a1(*found[0]))
    yield S115.finding(said, place)


def _listed(cells: list[Position]) -> str:
    names = [a1(*at) for at in cells]
    return some_of(names, _NAMED)
