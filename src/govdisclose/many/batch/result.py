"""The fate of one workbook of a batch, and the message to its agency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path

from attrs import field, frozen

from govdisclose.finding import Finding, Severity, count_findings

RESULTS_FILE, FINDINGS_FILE = "结果.xlsx", "findings.jsonl"
"""The files that a batch leaves beside the reports."""

CHANGES_FILE = "year-changes.jsonl"
"""The file with the changes since last year, the most unusual first, one change a line."""

HIDDEN = ".govdisclose"
"""The folder inside the output folder that holds the ledger, the lock and unfinished files."""

SUPERSEDED = "已被替代"
"""The folder inside the output folder for reports whose workbook another one has replaced."""

_MOST = 50
"""How many findings one message lists; the rest are found again once these are corrected."""


_LABELS = {
    "made": "已生成",
    "refused": "未通过检查",
    "failed": "出错",
    "published": "已公布的报告，没有重做",
    "no_report": "不是年度报告",
    "other_year": "其他年度",
    "undecided": "重报待定",
    "superseded": "不采用",
}


class Status(str, Enum):
    """Whether a workbook gave its reports."""

    MADE = "made"
    REFUSED = "refused"
    FAILED = "failed"
    PUBLISHED = "published"
    NO_REPORT = "no_report"
    OTHER_YEAR = "other_year"
    UNDECIDED = "undecided"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        """The words shown to users."""
        return _LABELS[self.value]

    @property
    def is_bad(self) -> bool:
        """Whether somebody must do something before the batch is complete."""
        return self in (Status.REFUSED, Status.FAILED, Status.UNDECIDED)


@frozen
class Fate:
    """What became of a workbook. Workers make it, the ledger keeps it, the results show it.

    ``REFUSED`` means that findings stop the workbook. ``FAILED`` means that it could not be read or
    its reports could not be written. ``PUBLISHED`` is a published report, which was checked only,
    and ``NO_REPORT`` a document that is no report. ``OTHER_YEAR``, ``UNDECIDED`` (several versions
    of one unit) and ``SUPERSEDED`` (another version counts) are of a batch with a roster or a year;
    a copy of another file is ``SUPERSEDED`` in every batch. ``error`` is the sentence that says why
    there is no report, apart from findings. ``exit_code`` is the exit code that the command gives
    for this workbook alone. ``level`` is the one of the agency. ``figures`` is a digest of the
    figures, empty where another report may well have the same.
    """

    status: Status
    agency: str = ""
    code: str | None = None
    year: int | None = None
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    error: str = ""
    exit_code: int = 0
    level: str = ""
    figures: str = field(default="", repr=False)


@frozen(kw_only=True)
class BatchResult(Fate):
    """One workbook of a batch: its fate, and its files.

    ``kept`` means that an earlier run made the files and nothing has changed since. ``renamed``
    means that this workbook was reported before and its files have new names, because another
    agency has the same name. ``notes`` are sentences in Chinese that users should read. In a dry
    run ``outputs`` are the files that would be made. ``seconds`` is the time of the worker.
    """

    workbook: Path
    outputs: tuple[Path, ...] = ()
    kept: bool = False
    renamed: bool = False
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def message(self) -> str:
        """The message to the agency, in Chinese; empty when there is nothing to say."""
        return letter(self.findings, self.error)


def letter(findings: Sequence[Finding], error: str = "") -> str:
    """Return findings as a message to the agency: a count, then each finding, errors first."""
    return "\n".join(_letter(findings, error))


def _letter(findings: Sequence[Finding], error: str) -> Iterator[str]:
    unexplained = [finding for finding in findings if finding.explained is None]
    unexplained.sort(key=lambda finding: finding.severity.rank)
    if error:
        yield error
    elif unexplained:
        is_stopped = unexplained[0].severity is Severity.ERROR
        request = "请改正错误后重新报送" if is_stopped else "请核对"
        yield f"检查发现 {count_findings(findings)}，{request}："
    for number, finding in enumerate(unexplained[:_MOST], 1):
        hint = f"（{finding.hint.rstrip('。')}）" if finding.hint else ""
        kind = f"{finding.severity.label} {finding.code}"
        yield f"{number}. 【{kind}】{finding.message}{hint}"
    if len(unexplained) > _MOST:
        yield f"……共 {len(unexplained)} 处，其余从略。"
