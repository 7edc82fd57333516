"""The findings as a draft prints them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from govdisclose.finding import Finding
from govdisclose.form.printed import FORBIDDEN


def describe(findings: Iterable[Finding]) -> list[SimpleNamespace]:
    """The findings for the templates of a draft; characters that XML cannot hold become ``�``.

    Each has ``label``, ``code``, ``message`` and ``hint``.
    """
    return [_described(finding) for finding in findings]


def _described(finding: Finding) -> SimpleNamespace:
    return SimpleNamespace(
        label="已说明" if finding.explained else finding.severity.label,
        code=finding.code,
        message=FORBIDDEN.sub("�", finding.message),
        hint=FORBIDDEN.sub("�", _advice(finding)),
    )


def _advice(finding: Finding) -> str:
    """The explanation of the agency, or the hint."""
    if finding.explained:
        return f"说明：{finding.explained}"
    return f"怎么改：{finding.hint}" if finding.hint else ""
