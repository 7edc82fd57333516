"""The parts of a source that are missing from the report."""

from __future__ import annotations

from govdisclose.check.unwritten import check_unwritten
from govdisclose.finding import Finding
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.rules import Family, rule_of


def find_losses(reading: Reading) -> list[Finding]:
    """The errors of a reading for which something of its source is missing or left blank."""
    lost = []
    for finding in reading.findings:
        if _is_loss(finding, reading):
            lost.append(finding)
    return [*lost, *check_unwritten(reading)]


def _is_loss(finding: Finding, reading: Reading) -> bool:
    if not finding.stops:
        return False
    rule = rule_of(finding)
    is_structural = rule.family is Family.STRUCTURE
    return is_structural or rule.hides_content or finding.path in reading.unread


def unread_cells(reading: Reading) -> frozenset[str]:
    """The cells that could not be read, also those of tables that were not found."""
    lost_tables = set()
    for finding in reading.findings:
        if finding.stops and rule_of(finding).blocks_reading:
            lost_tables.add(finding.path)
    suspects = set(reading.unread)
    form = outline(reading.report.edition)
    for path, cell in form.cells.items():
        if cell.table in lost_tables:
            suspects.add(path)
    values = reading.report.values()
    return frozenset(path for path in suspects if values.get(path) is None)
