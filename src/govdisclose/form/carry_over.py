"""Carry values over from one year's report to the next year's."""

from __future__ import annotations

from govdisclose.errors import UsageError
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.report import Agency, AnnualReport, blank_report

_FROM, _TO = "requests.carried_out.", "requests.carried_in."


def next_report(last: AnnualReport, agency: Agency, year: int, edition: Edition) -> AnnualReport:
    """A blank report on ``year`` whose 上年结转 is ``last``'s 结转下年度, column by column."""
    carried = {
        _TO + p.removeprefix(_FROM): value
        for p, value in last.values().items()
        if p.startswith(_FROM)
    }
    return blank_report(edition, agency=agency, year=year).with_values(carried)


def carried_cells(edition: Edition) -> tuple[str, ...]:
    """The cells of a report whose values pass over to the next year."""
    return tuple(path for path in outline(edition).cells if path.startswith(_FROM))


def without_successor(last: AnnualReport, edition: Edition) -> tuple[str, ...]:
    """The cells of ``last`` that ``edition`` does not have."""
    return tuple(path for path in last.values() if path not in outline(edition).cells)


def refuse_other_year(report: AnnualReport, previous: AnnualReport, file: str = "") -> None:
    """Raise ``UsageError`` unless ``previous`` is the report on the year before ``report``'s.

    ``file`` names where ``previous`` was read from. A report without a year of its own is let
    through: that is a finding of its own.
    """
    if report.year is None:
        return
    expected = report.year - 1
    name = f"（{file}）" if file else ""
    if previous.year is None:
        raise UsageError(
            f"给出的上年报告{name}没有写明年度，不知是不是 {expected} 年度的：请在它的“基本信息”填写报告年度；"
            "不是工作簿的，先用 govdisclose import 转成工作簿"
        )
    if previous.year != expected:
        raise UsageError(f"给出的上年报告{name}是 {previous.year} 年度的，应为 {expected} 年度")
