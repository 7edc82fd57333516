"""A reading → all its findings, in the order a user works through them."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from govdisclose.check.blanks import check_blanks, check_fees
from govdisclose.check.explained import explain_findings
from govdisclose.check.narrative import check_content, check_figures, check_personal, check_years
from govdisclose.check.ordinals import check_ordinals
from govdisclose.check.publication import check_publication
from govdisclose.check.quoted import check_quotes
from govdisclose.check.relations import check_relations
from govdisclose.check.unwritten import check_unwritten
from govdisclose.finding import Finding, Severity, sort_findings
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.sheets import SHEET_ORDER
from govdisclose.rules.values import V110

TABLE_CHECKS = (check_unwritten, check_blanks, check_fees, check_relations, check_publication)
PROSE_CHECKS = (check_content, check_figures, check_years, check_ordinals, check_personal)
CHECKS = (*TABLE_CHECKS, *PROSE_CHECKS)
"""Every check of a single report: a reading in, findings out."""


def check_reading(reading: Reading, previous: Reading | None = None) -> list[Finding]:
    """What was found while reading, and what the checks find; by sheet, the most serious first.

    With ``previous``, last year's report, also whether this one follows from it. Raises ``UsageError``
    when it is another year's.
    """
    last = None if previous is None else previous.report
    # What is checked is what will be printed: figures that the prose quotes stand in it already.
    printed = attrs.evolve(reading, report=fill_quotes(reading.report, last))
    findings = [
        *reading.findings,
        *check_quotes(reading, last),
        *(f for check in CHECKS for f in check(printed)),
    ]
    if previous is not None:
        from govdisclose.check.continuity import check_continuity  # most runs have no last year

        compared = list(check_continuity(printed, previous))
        findings = [*_not_told_again(findings, compared), *compared]
    return sort_findings(explain_findings(findings, reading.explanations), SHEET_ORDER)


def _not_told_again(findings: list[Finding], compared: list[Finding]) -> Iterator[Finding]:
    """The findings without a guess at the unit of an amount that last year's figure says more about."""
    better = {finding.path for finding in compared}
    for finding in findings:
        guess = finding.code == V110.code and finding.severity is Severity.NOTE
        if not guess or finding.path not in better:
            yield finding


def check_tables(reading: Reading) -> list[Finding]:
    """What was found while reading, and what is wrong with the figures; the prose is not looked at."""
    findings = [*reading.findings, *(f for check in TABLE_CHECKS for f in check(reading))]
    return explain_findings(findings, reading.explanations)


def check_whole(reading: Reading) -> list[Finding]:
    """What was found while reading, and what would be published blank; for figures that are known to balance."""
    return explain_findings([*reading.findings, *check_unwritten(reading)], reading.explanations)


__all__ = ["CHECKS", "PROSE_CHECKS", "TABLE_CHECKS", "check_reading", "check_tables", "check_whole"]
