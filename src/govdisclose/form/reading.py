"""A reading: a report, the place of every value, and the findings of reading it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import AnnualReport


@frozen
class Reading:
    """The content of one source.

    ``places`` maps the path of a cell (or ``overview.3`` for the fourth paragraph, ``agency.name``
    …) to where it is in the source. ``unread`` are the cells that hold something which is not a
    value: they are ``None`` in the report, have a finding of their own and take part in no
    relation. ``without_prose`` when the paragraphs were left unread: that the report has none then
    means nothing. ``formulas()`` finds the cells that hold a formula: path → the cells it adds when
    it is the statutory sum of them, else an empty tuple. It may have to parse the source, so ask
    only when the answer matters. ``is_no_report`` when nothing in a workbook recalls a report: a
    list of telephone numbers, for example.
    """

    report: AnnualReport
    source: Path | None = None
    places: Mapping[str, Place] = field(factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    unread: frozenset[str] = frozenset()
    explanations: tuple[Explanation, ...] = ()
    without_prose: bool = False
    formulas: Callable[[], Mapping[str, tuple[str, ...]]] = field(
        default=dict, eq=False, repr=False
    )
    is_no_report: bool = False

    def place(self, path: str) -> Place:
        """The place of a value; for a report that was built in Python, its path."""
        if path in self.places:
            return self.places[path]
        return Place(str(self.source) if self.source else None)
