"""How a workbook looks, as far as the reader of tables depends on it.

Reading tables does not know where grids come from. A reader of workbooks passes a ``View``: which
sheets are hidden, and which figures a person sees otherwise than they are stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Value
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.numbers import Problem
from govdisclose.rules.structure import S115


class View(Protocol):
    """The look of the sheets that tables are read from."""

    @property
    def hidden_sheets(self) -> frozenset[str]:
        """The names of the hidden sheets."""
        ...

    def figure_problems(
        self, match: Match, values: Mapping[str, Value]
    ) -> Iterator[tuple[str, Problem]]:
        """Path and problem of each figure that looks different from its value.

        ``values`` maps paths of cells of the match to the values that were read.
        """
        ...


def visible_first(sheets: Iterable[str], hidden: Collection[str]) -> list[str]:
    """Those of ``sheets`` that are not hidden, or all of them if every one is hidden."""
    names = list(sheets)
    return [name for name in names if name not in hidden] or names


def passed_over(sheet: str, instead: str, what: str, source: str | None) -> Finding:
    """S115 for a hidden sheet that could be ``what`` but was not read, because a visible one was."""
    said = f"隐藏的工作表也像是“{what}”，没有读取，以看得见的“{instead}”为准"
    return S115.finding(said, Place(source, sheet))
