"""The findings as a draft prints them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from govdisclose.finding import Finding
from govdisclose.form.printed import FORBIDDEN


def describe(findings: Iterable[Finding]) -> list[SimpleNamespace]:
    """The findings as a draft prints them; characters that XML cannot hold become ``�``."""
    return [
        SimpleNamespace(
            label="已说明" if finding.explained else finding.severity.label,
            code=finding.code,
            message=FORBIDDEN.sub("�", finding.message),
            hint=FORBIDDEN.sub("�", _advice(finding)),
        )
        for finding in findings
    ]


def _advice(finding: Finding) -> str:
    if finding.explained:
        return f"说明：{finding.explained}"
    return f"建议：{finding.hint}" if finding.hint else ""
