"""What became of one book of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path

from attrs import field, frozen

from govdisclose.finding import Finding, Severity, count_findings

RESULTS_FILE, FINDINGS_FILE = "结果.xlsx", "findings.jsonl"
"""What a batch leaves beside the reports."""

HIDDEN = ".govdisclose"
"""The folder inside the output folder that holds the journal, the lock and unfinished files."""

_MOST = 50
"""Findings told to one agency; what comes after is found again once these are mended."""


class Status(str, Enum):
    """Whether a book gave its reports."""

    MADE = "made"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The word shown to users."""
        return {"made": "已生成", "refused": "未通过检查", "failed": "出错"}[self.value]


@frozen
class BatchResult:
    """One book of a batch.

    ``REFUSED`` means that findings stop it, ``FAILED`` that it could not be read or written; ``error``
    is then the sentence that says why, ``exit_code`` what the command would give for the book alone.
    ``kept`` when an earlier run made it and nothing has changed since, ``renamed`` when the book has
    come before and its files have got other names, since another agency bears the same name. In a dry
    run ``outputs`` are the files that would be made.
    """

    book: Path
    status: Status
    agency: str = ""
    code: str | None = None
    year: int | None = None
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    outputs: tuple[Path, ...] = ()
    error: str = ""
    exit_code: int = 0
    kept: bool = False
    renamed: bool = False
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def message(self) -> str:
        """What to send back to the agency, in Chinese; empty when there is nothing to say."""
        return letter(self.findings, self.error)


def letter(findings: Sequence[Finding], error: str = "") -> str:
    """Findings as a message to the agency: how many, then each that is to be looked at, the errors first."""
    return "\n".join(_letter(findings, error))


def _letter(findings: Sequence[Finding], error: str) -> Iterator[str]:
    told = sorted((f for f in findings if f.explained is None), key=lambda f: f.severity.rank)
    worst = told[0].severity if told else None
    if error:
        yield error
    elif worst is Severity.ERROR:
        yield f"检查发现 {count_findings(findings)}，请改正错误后重新报送："
    elif told:
        yield f"检查发现 {count_findings(findings)}，请核对："
    for number, finding in enumerate(told[:_MOST], 1):
        hint = f"（{finding.hint.rstrip('。')}）" if finding.hint else ""
        yield f"{number}. 【{finding.severity.label} {finding.code}】{finding.message}{hint}"
    if len(told) > _MOST:
        yield f"……共 {len(told)} 处，其余从略。"
