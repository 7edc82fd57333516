"""What the reader of tables asks about the figures of a workbook; see ``read.tables.view.View``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import cast

from govdisclose.form.fields import Value
from govdisclose.read.grid import Position
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.numbers import Problem
from govdisclose.read.workbook.appearance import Appearance
from govdisclose.read.workbook.display import Display

_LAST_DAY = 2_900_000
"""From here on a number in a cell formatted as a date is no date, and is read as a number."""
_SURELY_SHOWN = 10
"""Digits of a number with decimals that every format shows which shows decimals at all."""


class FigureView:
    """Answers by the display of the workbook."""

    def __init__(self, display: Display) -> None:
        self._display = display

    @property
    def hidden_sheets(self) -> frozenset[str]:
        """The names of the hidden sheets."""
        return self._display.hidden_sheets

    def figure_problems(
        self, match: Match, values: Mapping[str, Value]
    ) -> Iterator[tuple[str, Problem]]:
        """Path and problem of each figure that looks different from its value."""
        own = match.cells
        if match.shared or len(values) < len(own):
            own = {path: match.cells[path] for path in values if path not in match.shared}
        drawn = self._look(match.grid.name, own, values)
        if not drawn:
            return
        from govdisclose.read.workbook.seen import figure_problem  # most workbooks need no look

        kinds = {cell.path: cell.kind for cell in match.table.cells}
        for path, at in own.items():
            if at not in drawn:
                continue
            raw = match.grid.raw(*at)
            problem = figure_problem(raw, values[path], kinds[path], drawn[at])
            if problem is not None:
                yield path, problem

    def _look(
        self, sheet: str, cells: Mapping[str, Position], values: Mapping[str, Value]
    ) -> Mapping[Position, Appearance]:
        """The appearance of the figures whose formats may matter, by the digits of their values."""
        if _are_small(values.values()):
            return self._display.look(sheet, cells.values())
        decimals: list[Position] = []
        closely: list[Position] = []
        large: list[Position] = []
        for path, at in cells.items():
            value = values[path]
            if value is None:
                continue
            if isinstance(value, int):
                if value > _LAST_DAY:
                    large.append(at)
            elif _has_many_digits(value):
                closely.append(at)
            elif value != int(value):
                decimals.append(at)
        return self._display.look(sheet, cells.values(), decimals, closely, large)


def _are_small(values: Collection[Value]) -> bool:
    """Whether all values are whole numbers that every format of numbers shows: nearly always."""
    if set(map(type, values)) != {int}:
        return False
    return max(cast("Collection[int]", values)) <= _LAST_DAY


def _has_many_digits(value: Decimal) -> bool:
    """Whether an amount has more digits than General surely shows."""
    if value == int(value):
        return False
    return len(value.as_tuple().digits) > _SURELY_SHOWN
