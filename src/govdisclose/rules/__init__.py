"""The rules: codes, severities and pages. Where they are applied is ``read/`` (S, V) and ``check/``."""

from __future__ import annotations

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
from govdisclose.rules.rule import Rule

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

__all__ = ["RULES", "Rule"]
