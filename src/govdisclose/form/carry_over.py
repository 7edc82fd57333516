"""From one year's report to the next year's: what passes over, and what cannot."""

from __future__ import annotations

from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.report import Agency, AnnualReport, blank_report

_FROM, _TO = "requests.carried_out.", "requests.carried_in."


def next_report(last: AnnualReport, agency: Agency, year: int, edition: Edition) -> AnnualReport:
    """A blank report on ``year`` whose 上年结转 is ``last``'s 结转下年度, column by column."""
    carried = {
        _TO + p.removeprefix(_FROM): value
        for p, value in last.values().items()
        if p.startswith(_FROM)
    }
    return blank_report(edition, agency=agency, year=year).with_values(carried)


def carried_cells(edition: Edition) -> tuple[str, ...]:
    """The cells of a report whose values pass over to the next year."""
    return tuple(path for path in outline(edition).cells if path.startswith(_FROM))


def without_successor(last: AnnualReport, edition: Edition) -> tuple[str, ...]:
    """The cells of ``last`` that ``edition`` does not have."""
    return tuple(path for path in last.values() if path not in outline(edition).cells)
