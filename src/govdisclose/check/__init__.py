"""A reading → all its findings, in the order a user works through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from govdisclose.check.blanks import check_blanks, check_fees
from govdisclose.check.explained import explain_findings
from govdisclose.check.narrative import check_content, check_figures, check_personal, check_years
from govdisclose.check.ordinals import check_ordinals
from govdisclose.check.own_rules import (
    OwnRule,
    own_findings,
    refuse_other_rules,
    refuse_unsendable,
)
from govdisclose.check.publication import check_publication
from govdisclose.check.quoted import check_quotes
from govdisclose.check.relations import check_relations
from govdisclose.check.unwritten import check_unwritten
from govdisclose.finding import Finding, Severity
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.sheets import SHEET_ORDER
from govdisclose.rules import rule_of
from govdisclose.rules.values import V110

TABLE_CHECKS = (check_unwritten, check_blanks, check_fees, check_relations, check_publication)
PROSE_CHECKS = (check_content, check_figures, check_years, check_ordinals, check_personal)
CHECKS = (*TABLE_CHECKS, *PROSE_CHECKS)
"""Every check of a single report: each takes a reading and yields findings."""


def check_reading(
    reading: Reading, previous: Reading | None = None, rules: Sequence[OwnRule] = ()
) -> list[Finding]:
    """The findings of reading and checking a report; by sheet, the most serious first.

    With ``previous``, last year's report, also whether this one follows from it. ``rules`` are the
    user's own. Raises ``UsageError`` when ``previous`` is another year's, and for a rule that
    collides with one of ours.
    """
    refuse_other_rules(rules)
    last = None
    if previous is not None:
        last = previous.report
    # The text that will be printed is checked: it already contains the quoted figures.
    printed = reading
    findings = list(reading.findings)
    report = fill_quotes(reading.report, last)
    if report is not reading.report:
        printed = attrs.evolve(reading, report=report)
        findings.extend(check_quotes(reading, last))
    for check in CHECKS:
        findings.extend(check(printed))
    if previous is not None:
        from govdisclose.check.continuity import check_continuity  # most runs have no last year

        compared = list(check_continuity(printed, previous))
        findings = [*_without_weaker_guesses(findings, compared), *compared]
    for own in rules:
        findings.extend(own_findings(own, printed))
    own_rules = [own.rule for own in rules]
    explained = explain_findings(findings, reading.explanations, own_rules)
    return sort_findings(explained)


def _without_weaker_guesses(
    findings: Iterable[Finding], compared: Iterable[Finding]
) -> Iterator[Finding]:
    """Leave out guesses at the unit of an amount where last year's figure gives a better one."""
    better = {finding.path for finding in compared}
    for finding in findings:
        is_note = finding.severity is Severity.NOTE
        is_guess = is_note and finding.code == V110.code
        if not is_guess or finding.path not in better:
            yield finding


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """By file, then sheet in the order of the workbook, the most serious first, family and code."""
    order = {name: index for index, name in enumerate(SHEET_ORDER)}

    def key(finding: Finding) -> tuple[object, ...]:
        sheet = finding.place.sheet or ""
        unknown = len(order) if sheet else -1
        return (
            finding.place.file or "",
            order.get(sheet, unknown),
            sheet,
            finding.severity.rank,
            rule_of(finding).family.rank,
            finding.code,
        )

    return sorted(findings, key=key)


def check_tables(reading: Reading) -> list[Finding]:
    """The findings of reading, and those of the figures; the prose is not checked."""
    findings = list(reading.findings)
    for check in TABLE_CHECKS:
        findings.extend(check(reading))
    return explain_findings(findings, reading.explanations)


def check_whole(reading: Reading) -> list[Finding]:
    """The findings of reading, and what would be published blank; for figures known to balance."""
    unwritten = check_unwritten(reading)
    findings = [*reading.findings, *unwritten]
    return explain_findings(findings, reading.explanations)


__all__ = [
    "CHECKS",
    "PROSE_CHECKS",
    "TABLE_CHECKS",
    "OwnRule",
    "check_reading",
    "check_tables",
    "check_whole",
    "refuse_unsendable",
    "sort_findings",
]
