"""A reading → all its findings, in the order a user works through them."""

from __future__ import annotations

from govdisclose.check.blanks import check_blanks, check_fees
from govdisclose.check.explained import explain_findings
from govdisclose.check.relations import check_relations
from govdisclose.finding import Finding, sort_findings
from govdisclose.form.reading import Reading
from govdisclose.form.sheets import SHEET_ORDER

CHECKS = (check_blanks, check_fees, check_relations)
"""Every check of a single report: a reading in, findings out."""


def check_reading(reading: Reading) -> list[Finding]:
    """What was found while reading, and what the checks find; by sheet, the most serious first."""
    findings = [*reading.findings, *(finding for check in CHECKS for finding in check(reading))]
    return sort_findings(explain_findings(findings, reading.explanations), SHEET_ORDER)


__all__ = ["CHECKS", "check_reading"]
