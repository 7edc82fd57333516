"""Matched grids → the values of the three tables. Every source is read through here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from govdisclose.finding import Finding
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import Outline, outline
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.grid import Grid, Raw, Uncalculated
from govdisclose.read.tables.cells import Cells
from govdisclose.read.tables.choice import choose
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.match_cache import MatchCache, Matcher
from govdisclose.read.tables.numbers import Problem, plain_counts, read_number
from govdisclose.read.tables.places import Places
from govdisclose.read.tables.view import View
from govdisclose.rules.structure import S111

_DIGITS = LazyPattern(r"[+-]?\d+(\.\d+)?", re.ASCII)


class Tables(NamedTuple):
    """The statutory cells of one source. ``edition`` is ``None`` when no table was found at all."""

    edition: Edition | None
    values: dict[str, Value]
    places: Places
    unread: frozenset[str]
    findings: tuple[Finding, ...]


def read_tables(
    grids: Sequence[Grid],
    likely: Edition,
    source: str | None = None,
    printed: Mapping[str, str] | None = None,
    view: View | None = None,
    cache: MatchCache | None = None,
) -> Tables:
    """Find and read the three tables; ``likely`` is the edition tried first.

    For a published document ``printed`` maps the name of each grid to the section that it is in
    (``""`` for none): there digits are numbers, and of two candidates the one in its section is
    taken. ``view`` says what a person sees of a workbook: a figure that looks different from its
    stored value stays unread. ``cache`` knows the layouts of grids read before.
    """
    is_printed = printed is not None
    hidden = view.hidden_sheets if view is not None else frozenset()
    matchers = [Matcher(grid, printed=is_printed, cache=cache) for grid in grids]
    choice = choose(matchers, likely, source, printed, hidden)
    if choice.edition is None:
        return Tables(None, {}, Places(), frozenset(), choice.findings)
    form = outline(choice.edition)
    places = Places(choice.matches)
    findings = list(choice.findings)
    cells = Cells(form, places, view, findings=findings)
    for match in choice.matches:
        cells.findings.extend(match.findings)
        _read_cells(match, cells, is_printed=is_printed)
        cells.compare_with_view(match, match.cells)
    if cells.formulas:
        from govdisclose.read.tables.uncalculated import work_out_totals

        work_out_totals(cells)
    return Tables(
        edition=choice.edition,
        values=cells.values,
        places=cells.places,
        unread=frozenset(cells.unread),
        findings=tuple(cells.findings),
    )


def _read_cells(match: Match, cells: Cells, *, is_printed: bool) -> None:
    """Read every cell of one table into ``cells``; the cells that it lacks stay unread."""
    if len(match.cells) < len(match.table.cells):
        paths = {cell.path for cell in match.table.cells}
        cells.unread |= paths - match.cells.keys()
    if not is_printed and not match.shared:
        counts = _plain_counts(match, cells.form)
        if counts is not None:
            cells.values.update(zip(match.cells, counts, strict=True))
            return
    form = cells.form.cells
    grid = match.grid
    shared = match.shared
    values = cells.values
    for path, (row, column) in match.cells.items():
        raw = grid.raw(row, column)
        if is_printed:
            raw = _printed_number(raw)
        cell = form[path]
        value, problem = read_number(raw, cell.kind)
        values[path] = value
        if path in shared:
            said = f"{cell.label}：数据单元格被合并，读不出这一格的数"
            finding = S111.finding(said, cells.places[path], path=path)
            cells.leave_unread(path, finding)
        elif problem is not None:
            _report(cells, path, raw, problem)


def _plain_counts(match: Match, form: Outline) -> list[int] | None:
    """The values of a table of nothing but plain counts: nearly every table three and four."""
    if any(cell.path in match.cells for cell in form.money):
        return None
    raws = match.grid.raws(match.cells.values())
    return plain_counts(raws)


def _report(cells: Cells, path: str, raw: Raw, problem: Problem) -> None:
    """Keep a total that was never calculated for later; report everything else."""
    if isinstance(raw, Uncalculated):
        cells.formulas[path] = raw.formula
        cells.unread.add(path)
    else:
        cells.report(path, problem)


def _printed_number(raw: Raw) -> Raw:
    """Plain digits on paper are a number; anything else is for the reader of numbers to judge."""
    text = ""
    if isinstance(raw, str):
        text = raw.strip()
    if _DIGITS.fullmatch(text):
        return Decimal(text)
    return raw
