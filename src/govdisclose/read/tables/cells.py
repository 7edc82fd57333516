"""The cells of matched tables while they are read: values, unread cells, findings."""

from __future__ import annotations

from collections.abc import Collection

from attrs import define, field

from govdisclose.finding import Finding
from govdisclose.form.fields import Value
from govdisclose.form.outline import Outline
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.numbers import Problem
from govdisclose.read.tables.places import Places
from govdisclose.read.tables.view import View


@define
class Cells:
    """The cells of one source in the making; it lives only while tables are read.

    ``unread`` are the paths of cells that are missing, or hold something that is no value.
    ``formulas`` maps each total whose formula was never calculated to that formula.
    """

    form: Outline
    places: Places
    view: View | None = None
    values: dict[str, Value] = field(factory=dict)
    unread: set[str] = field(factory=set)
    findings: list[Finding] = field(factory=list)
    formulas: dict[str, str] = field(factory=dict)

    def report(self, path: str, problem: Problem) -> None:
        """Add the finding on a cell whose value is known; without a value it stays unread."""
        if self.values[path] is None:
            self.unread.add(path)
        label = self.form.cells[path].label
        finding = problem.finding(label, self.places[path], path)
        self.findings.append(finding)

    def leave_unread(self, path: str, finding: Finding) -> None:
        """Drop the value of a cell, for the reason that the finding states."""
        self.values[path] = None
        self.unread.add(path)
        self.findings.append(finding)

    def compare_with_view(self, match: Match, paths: Collection[str]) -> None:
        """Leave unread, and report, every figure that looks different from its stored value."""
        if self.view is None:
            return
        values = {path: self.values[path] for path in match.cells if path in paths}
        for path, problem in self.view.figure_problems(match, values):
            self.values[path] = None
            self.findings = [finding for finding in self.findings if finding.path != path]
            self.report(path, problem)
