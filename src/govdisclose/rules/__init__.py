"""The rules: codes, severities and pages. Where they are applied is ``read/`` (S, V) and
``check/``.
"""

from __future__ import annotations

from collections.abc import Mapping

from govdisclose.finding import Finding, Severity
from govdisclose.rules import (
    aggregation,
    arithmetic,
    continuity,
    importing,
    narrative,
    publication,
    quotes,
    structure,
    values,
)
from govdisclose.rules.rule import Family, Rule, family_of

RULES: dict[str, Rule] = {
    rule.code: rule
    for family in (
        structure,
        values,
        arithmetic,
        continuity,
        narrative,
        publication,
        aggregation,
        quotes,
        importing,
    )
    for rule in vars(family).values()
    if isinstance(rule, Rule)
}
"""Every rule by its code."""


def rule_of(finding: Finding) -> Rule:
    """The rule that a finding belongs to; a rule without any mark for one that a user has added."""
    known = RULES.get(finding.code)
    return known or Rule(finding.code, "", finding.severity)


def may_be_explained(finding: Finding, rules: Mapping[str, Rule] = RULES) -> bool:
    """Whether an agency may record a reason for a finding and publish all the same.

    A relation that does not hold may be a fact, and so may anything that is only a warning.
    Something missing, unreadable or unprintable is no fact: it would leave a gap in the published
    report.
    """
    if finding.severity is not Severity.ERROR:
        return True
    rule = rules.get(finding.code)
    return rule is not None and rule.explainable


__all__ = ["RULES", "Family", "Rule", "family_of", "may_be_explained", "rule_of"]
