"""Content of a workbook that is neither read nor printed by us: nothing typed is lost silently.

A figure beside a statutory table is an error at its cell (S108): whoever put it there has missed
its cell. Everything else is reported once a sheet (S114). Sheets of paragraphs are reported where
they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import NamedTuple

from govdisclose.finding import Finding, some_of
from govdisclose.form.balance_lights import is_light
from govdisclose.form.edition import Edition
from govdisclose.form.fees import in_yuan
from govdisclose.form.guide import DEADLINE_PARTS
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import (
    BASICS_SHEET,
    EXPLANATIONS_SHEET,
    GUIDE_SHEET,
    LAST_YEAR_SHEET,
    NEVER_READ,
    RESULT_SHEET,
    SUMMARY_SHEET,
)
from govdisclose.form.workbook_texts import basics_texts, guide_texts, plain, table_texts
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.grid import Grid, Position, Raw, Uncalculated, a1
from govdisclose.read.tables.labels import is_bare_label, label, squeeze
from govdisclose.read.tables.match import Match, holds_number
from govdisclose.read.tables.match_cache import MatchCache, asked_once
from govdisclose.rules.structure import S108, S114

_LISTED = 8
"""Cells named in a message; all are in the data of the finding."""
_EACH = 200
"""Up to so many figures beside a table have a finding each: more are a list that somebody has put
there.
"""
_TITLE_REST = LazyPattern("年?(度|年度)?(政府|政务)?信息公开(工作)?(情况)?(的)?年度报告")
"""What a title says besides agency and year."""
_UNNAMED = frozenset(section.sheet for section in SECTIONS)
_WRITTEN_BY_US = NEVER_READ | {RESULT_SHEET, SUMMARY_SHEET}
_LAST_YEAR_WIDTH = 5
_NO_CELLS: frozenset[Position] = frozenset()
_CLOSE = Decimal("0.005")
"""Half a 分: what rounding may leave between an amount and its 元."""


class Taken(NamedTuple):
    """What the readers have taken of a workbook.

    These are the matched tables, cells by sheet, and the sheets that findings are about already.
    ``words`` are name and year of the agency: a heading that says both is nobody's note.
    """

    matches: Sequence[Match]
    cells: Mapping[str, frozenset[Position]]
    sheets: Collection[str]
    words: tuple[str, ...]
    layouts: MatchCache | None = None

    def of(self, grid: Grid) -> frozenset[Position]:
        """The cells of a sheet that were read as agency data or recorded reasons."""
        return self.cells.get(grid.name, _NO_CELLS)


def leftovers(grids: Sequence[Grid], edition: Edition, taken: Taken) -> Iterator[Finding]:
    """S108 and S114 of all sheets."""
    for grid in grids:
        if grid.name in taken.sheets:
            continue
        if grid.name in _WRITTEN_BY_US:
            continue
        matches = [match for match in taken.matches if match.grid is grid]
        if matches:
            yield from _beside_tables(grid, matches, edition, taken)
        else:
            yield from _on_other_sheet(grid, edition, taken)


def _on_other_sheet(grid: Grid, edition: Edition, taken: Taken) -> Iterator[Finding]:
    """S114 of a sheet without a statutory table."""
    name = squeeze(grid.name)
    is_read = grid.name in taken.cells
    if is_read or name in (BASICS_SHEET, EXPLANATIONS_SHEET):
        others = _others(grid, basics_texts(), taken)
        noted = _except(grid, others, _is_basic_label)
    elif name == GUIDE_SHEET:
        others = _others(grid, guide_texts(edition), taken)
        noted = _except(grid, others, _is_uncalculated_deadline)
    elif name == LAST_YEAR_SHEET:
        noted = _beside_last_year(grid)
    else:
        if grid.name not in _UNNAMED:
            yield from _own_sheet(grid)
        return
    yield from _note(grid, noted)


# --- one sheet ----------------------------------------------------------------------------------


def _others(grid: Grid, ours: frozenset[str], taken: Taken) -> list[Position]:
    """Every cell except those that were read and those that hold a text of ours."""
    read = taken.of(grid)
    found = []
    for at in _not_ours(grid, ours, taken.layouts):
        if at in read:
            continue
        if not _is_heading(grid.raw(*at), taken.words):
            found.append(at)
    return found


def _not_ours(grid: Grid, ours: frozenset[str], layouts: MatchCache | None) -> Sequence[Position]:
    """The cells that hold no text of ours; looked for once a layout."""
    question = ("not ours", ours)
    find = partial(_found_not_ours, grid, ours)
    return asked_once(layouts, grid, question, find)


def _found_not_ours(grid: Grid, ours: frozenset[str]) -> list[Position]:
    found = []
    for at, raw in _filled(grid):
        if not _is_text_of(raw, ours):
            found.append(at)
    return found


def _except(
    grid: Grid, cells: Sequence[Position], is_ours: Callable[[Raw], bool]
) -> list[Position]:
    """The cells except those whose values are ours in another way."""
    found: list[Position] = []
    for at in cells:
        raw = grid.raw(*at)
        if not is_ours(raw):
            found.append(at)
    return found


def _is_basic_label(raw: Raw) -> bool:
    if not isinstance(raw, str):
        return False
    return is_bare_label(raw, _labels(None))


def _is_uncalculated_deadline(raw: Raw) -> bool:
    """Whether a cell holds our formula of the deadline, which no program has calculated yet."""
    if not isinstance(raw, Uncalculated):
        return False
    return all(part in raw.formula for part in DEADLINE_PARTS)


def _filled(grid: Grid) -> Iterator[tuple[Position, Raw]]:
    for row, line in enumerate(grid.rows):
        for column, raw in enumerate(line):
            if raw is None:
                continue
            if isinstance(raw, str) and not raw.strip():
                continue
            yield (row, column), raw


def _is_text_of(raw: Raw, ours: frozenset[str]) -> bool:
    """Whether a cell holds a text of ours, in whatever year."""
    if not isinstance(raw, str):
        return False
    return raw in ours or plain(raw) in ours


def _is_heading(raw: Raw, words: tuple[str, ...]) -> bool:
    """Whether a text is the agency's name or the report's title, which the report has in any case."""
    if not isinstance(raw, str) or not words:
        return False
    rest = squeeze(raw)
    if rest == squeeze(words[0]):
        return True
    if "年度报告" not in rest:
        return False
    for word in words:
        squeezed = squeeze(word)
        if squeezed not in rest:
            return False
        rest = rest.replace(squeezed, "", 1)
    return _TITLE_REST.fullmatch(rest) is not None


def _note(grid: Grid, cells: Sequence[Position]) -> Iterator[Finding]:
    if not cells:
        return
    names: list[str] = []
    texts: list[str] = []
    for row, column in cells:
        name = grid.cell_name(row, column)
        raw = grid.raw(row, column)
        names.append(name)
        texts.append(str(raw))
    listed = some_of(names, _LISTED, "格")
    said = f"这些格的内容不进入报告：{listed}"
    first = grid.place(*cells[0])
    content = "\n".join(texts)
    yield S114.finding(said, first, found=content, others=names)


def _own_sheet(grid: Grid) -> Iterator[Finding]:
    """A sheet that somebody has added: reported in a few words."""
    rows: list[int] = []
    columns: list[int] = []
    for (row, column), _ in _filled(grid):
        rows.append(row)
        columns.append(column)
    if not rows:
        return
    first = a1(min(rows), min(columns))
    last = a1(max(rows), max(columns))
    area = f"{first}:{last}"
    yield S114.finding("这张工作表不进入报告", grid.whole, others=[area])


def _beside_last_year(grid: Grid) -> list[Position]:
    """Cells right of the columns of 上年数据, and those below its lines."""
    last = -1
    for row, line in enumerate(grid.rows):
        if line and line[0] is not None:
            last = row
    found: list[Position] = []
    for (row, column), _ in _filled(grid):
        if column >= _LAST_YEAR_WIDTH or row > last:
            found.append((row, column))
    return found


# --- statutory tables ---------------------------------------------------------------------------


def _beside_tables(
    grid: Grid, matches: Sequence[Match], edition: Edition, taken: Taken
) -> Iterator[Finding]:
    named = set(_named_cells(matches))
    amounts = _amounts(grid, matches, edition)
    figures: list[Position] = []
    texts: list[Position] = []
    for at in _left_over(grid, matches, edition, taken):
        raw = grid.raw(*at)
        if grid.cell_name(*at) in named:
            continue
        if _is_heading(raw, taken.words):
            continue
        if at in amounts and _is_amount(raw, amounts[at]):
            continue
        if holds_number(raw):
            figures.append(at)
        else:
            texts.append(at)
    are_whole = all(map(_is_whole, matches))
    are_many = len(figures) > _EACH
    together = are_many or not are_whole
    yield from _figures(grid, figures, together=together)
    yield from _note(grid, texts)


def _is_whole(match: Match) -> bool:
    """Whether every cell of a table is there."""
    return len(match.cells) >= len(match.table.cells)


def _named_cells(matches: Sequence[Match]) -> Iterator[str]:
    """The cells that the findings of the tables name already."""
    for match in matches:
        for finding in match.findings:
            yield from finding.others
            yield finding.place.cell or ""


def _figures(grid: Grid, cells: Sequence[Position], *, together: bool) -> Iterator[Finding]:
    """S108 at each figure, or one finding for all of them.

    There is one for all if there are many, or if lines of the table are missing.
    """
    if not together:
        for at in cells:
            yield _figure(grid, at)
    elif cells:
        first, *rest = cells
        more = ""
        if rest:
            more = f"；这样的格共 {len(cells)} 格"
        others = [grid.cell_name(*at) for at in rest]
        yield _figure(grid, first, more, others)


def _figure(grid: Grid, at: Position, more: str = "", others: Sequence[str] = ()) -> Finding:
    raw = grid.raw(*at)
    shown = str(raw)
    if isinstance(raw, float) and raw.is_integer():
        whole = int(raw)
        shown = str(whole)
    said = f"有数 {shown}，不在法定的单元格里，没有读取，可能填错了位置{more}"
    place = grid.place(*at)
    return S108.finding(said, place, found=shown, others=others)


def _left_over(
    grid: Grid, matches: Sequence[Match], edition: Edition, taken: Taken
) -> Sequence[Position]:
    """Cells that are neither statutory ones nor hold a label or a light; looked for once a layout."""
    question = ("leftovers", edition.name)
    find = partial(_unknown, grid, matches, edition, taken)
    return asked_once(taken.layouts, grid, question, find)


def _unknown(
    grid: Grid, matches: Sequence[Match], edition: Edition, taken: Taken
) -> list[Position]:
    read = set(taken.of(grid))
    for match in matches:
        read.update(match.cells.values())
    found = []
    for at, raw in _filled(grid):
        if at in read or isinstance(raw, Uncalculated):
            continue
        if isinstance(raw, str) and _belongs_to_table(raw, edition):
            continue
        found.append(at)
    return found


def _belongs_to_table(text: str, edition: Edition) -> bool:
    """Whether a text is a label of a table, a light, or another text of our own workbook."""
    if is_light(text):
        return True
    if _is_text_of(text, table_texts(edition)):
        return True
    return is_bare_label(text, _labels(edition))


@cache
def _labels(edition: Edition | None) -> frozenset[str]:
    """Our labels in one spelling: of the tables of an edition, or of 基本信息 and 说明事项."""
    texts = basics_texts() if edition is None else table_texts(edition)
    labels = frozenset(map(label, texts))
    return labels - {""}


def _amounts(grid: Grid, matches: Sequence[Match], edition: Edition) -> dict[Position, Raw]:
    """The cells right of amounts in 万元, where our workbook shows the amount in 元; and the amounts."""
    found: dict[Position, Raw] = {}
    for match in matches:
        for cell in outline(edition).money:
            at = match.cells.get(cell.path)
            if at is None:
                continue
            row, column = at
            right = (row, column + 1)
            found[right] = grid.raw(row, column)
    return found


def _is_amount(raw: Raw, amount: Raw) -> bool:
    if not isinstance(raw, int | float):
        return False
    if not isinstance(amount, int | float):
        return False
    exact_amount = Decimal(str(amount))
    yuan = in_yuan(exact_amount)
    shown_yuan = Decimal(str(raw))
    difference = shown_yuan - yuan
    return abs(difference) <= _CLOSE
