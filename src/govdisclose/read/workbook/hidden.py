"""S115: sheets, rows, columns, letters and zeros of the report that a person does not see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from attrs import define, field

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
    all_names = [grid.name for grid in grids]
    names = visible_first(all_names, hidden)
    kept = []
    findings = []
    for grid in grids:
        if grid.name in names:
            kept.append(grid)
        else:
            finding = passed_over(grid.name, names[0], what, grid.file)
            findings.append(finding)
    return Visible(kept, findings)


def hidden_findings(
    display: Display, matches: Iterable[Match], texts: Mapping[str, Place], grids: Iterable[Grid]
) -> Iterator[Finding]:
    """S115 for every sheet where figures or texts of the report are not drawn.

    ``texts`` are the places of the texts that were read.
    """
    by_name = {grid.name: grid for grid in grids if display.may_hide(grid.name)}
    if not by_name:  # nearly every workbook
        return
    read: dict[str, _ReadCells] = {}
    for match in matches:
        sheet = match.grid.name
        if sheet in by_name:
            of_sheet = read.setdefault(sheet, _ReadCells())
            of_sheet.figures.extend(match.cells.values())
    for sheet, at in _filled_texts(texts, by_name):
        of_sheet = read.setdefault(sheet, _ReadCells())
        of_sheet.texts.append(at)
    for sheet, cells in read.items():
        grid = by_name[sheet]
        if sheet in display.hidden_sheets:
            said = "工作表是隐藏的，其中的内容会写进报告，请核对"
            yield S115.finding(said, grid.whole)
        else:
            hidden = display.hidden_parts(sheet, cells.all)
            yield from _hidden_in(grid, hidden, cells)


@define
class _ReadCells:
    """The cells of one sheet that were read."""

    figures: list[Position] = field(factory=list)
    texts: list[Position] = field(factory=list)

    @property
    def all(self) -> list[Position]:
        """All of them, the figures first."""
        return [*self.figures, *self.texts]


def _hidden_in(grid: Grid, hidden: HiddenParts, cells: _ReadCells) -> Iterator[Finding]:
    """What is hidden on a sheet that is not."""
    if hidden == _ALL_SEEN:
        return
    yield from _hidden_cells(grid, hidden, cells.all)
    yield from _unseen(grid, hidden.letters, "{} 格有字与底色相同或字号过小，看不见")
    yield from _unseen(grid, hidden.covered, "条件格式可能使 {} 格的字看不见")
    if hidden.zeros:
        yield from _hidden_zeros(grid, cells.figures)


def _filled_texts(
    texts: Mapping[str, Place], by_name: Mapping[str, Grid]
) -> Iterator[tuple[str, Position]]:
    """Sheet and position of each cell with a text of the report."""
    for path, place in texts.items():
        sheet = place.sheet
        cell = place.cell
        if path == "edition" or sheet is None or cell is None:
            continue
        grid = by_name.get(sheet)
        if grid is None:
            continue
        at = position(cell)
        if grid.raw(*at) is not None:
            yield sheet, at


def _hidden_zeros(grid: Grid, figures: Collection[Position]) -> Iterator[Finding]:
    found: set[Position] = set()
    for at in figures:
        if grid.raw(*at) == 0:
            found.add(at)
    if not found:
        return
    zeros = sorted(found)
    listed = _listed(zeros)
    said = f"视图设置为不显示零值，{len(zeros)} 格的 0 看不见，报告中会印出：{listed}"
    first = grid.place(*zeros[0])
    yield S115.finding(said, first)


def _unseen(grid: Grid, cells: Iterable[Position], problem: str) -> Iterator[Finding]:
    """S115 for those of ``cells`` that have something in them; ``problem`` is told their number."""
    filled = []
    for at in cells:
        if grid.raw(*at) is not None:
            filled.append(at)
    if not filled:
        return
    listed = _listed(filled)
    said = f"{problem.format(len(filled))}，会写进报告，请核对：{listed}"
    first = grid.place(*filled[0])
    yield S115.finding(said, first)


def _hidden_cells(
    grid: Grid, hidden: HiddenParts, cells: Collection[Position]
) -> Iterator[Finding]:
    out_of_sight: set[Position] = set()
    for row, column in cells:
        if row in hidden.rows or column in hidden.columns:
            out_of_sight.add((row, column))
    found = sorted(out_of_sight)
    if not found:
        return
    parts = _rows_and_columns(hidden)
    listed = _listed(found)
    count = len(found)
    cells_said = f"其中 {count} 格会写进报告，请核对：{listed}"
    said = f"{parts}看不见（隐藏，或没有高度、宽度），{cells_said}"
    first = a1(*found[0])
    place = Place(grid.file, grid.name, first)
    yield S115.finding(said, place)


def _rows_and_columns(hidden: HiddenParts) -> str:
    """``第 3、4 行和B 列``."""
    where = []
    if hidden.rows:
        numbers = [str(row + 1) for row in hidden.rows]
        rows = "、".join(numbers)
        where.append(f"第 {rows} 行")
    if hidden.columns:
        columns = "、".join(map(column_letters, hidden.columns))
        where.append(f"{columns} 列")
    return "和".join(where)


def _listed(cells: list[Position]) -> str:
    names = [a1(*at) for at in cells]
    return some_of(names, _NAMED)
