"""Many units' reports → one consolidated report, with its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Literal

from attrs import evolve, frozen

from govdisclose.check.explained import explain_findings
from govdisclose.errors import FindingsError, InputError, UsageError
from govdisclose.finding import Finding, Place
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.many.consolidate import findings as found
from govdisclose.many.consolidate.admission import Admission, admit, usual_year
from govdisclose.many.consolidate.contribution import (
    Contribution,
    lost_contribution,
    read_contribution,
)
from govdisclose.many.consolidate.crosscheck import check_against
from govdisclose.many.consolidate.total import Consolidated, add_up
from govdisclose.many.decisions import Decisions, known_decisions
from govdisclose.many.inbox import NO_REPORT, SCANNED, InboxEntry, PassedOver, note_of
from govdisclose.many.isolation import Isolation
from govdisclose.many.reading import Reader, read_each
from govdisclose.many.roster import Roster
from govdisclose.many.roster_doubts import roster_doubts
from govdisclose.many.roster_sheet import known_roster
from govdisclose.read.source import Readable
from govdisclose.rules import Family, rule_of
from govdisclose.rules.aggregation import H103
from govdisclose.source import PathLike, Source, reading_of

OnError = Literal["refuse", "list"]
"""Whether a report that cannot be counted stops everything, or is left out and listed."""


def aggregate_reports(
    sources: Iterable[Source | InboxEntry],
    *,
    roster: Readable | Roster | None = None,
    against: Source | None = None,
    decisions: Readable | Decisions | None = None,
    year: int | None = None,
    on_error: OnError = "refuse",
    agency: Agency | None = None,
    base: PathLike | None = None,
    executor: Executor | None = None,
    jobs: int = 1,
    isolation: Isolation | None = None,
    with_texts: bool = False,
) -> Consolidated:
    """Add the reports of many units up, cell by cell, at every level of ``roster``.

    Each source is read, checked and reduced to its figures before the next. A document that is no
    report, such as a notice, is left out and listed in ``not_read``, and so is one without text: it
    may be a unit's report as a scan, so a warning (H102) names it. A report with errors,
    an unreadable file, two different reports of one unit and a report that already holds others
    cannot be counted: with ``on_error="refuse"`` that stops everything, with ``"list"`` the report
    is left out and listed.

    ``decisions`` is a 结果.xlsx of a batch of the same folder with 是 in the column 以此为准: it says
    which of several different reports of one unit counts. With ``year``, reports of other years are
    left out and listed; without it, years that differ stop everything, except a unit's report of an
    earlier year beside one for the year of most reports.

    ``against`` is the government's own report; it is compared with the sums (H101, H102).
    ``agency`` names who consolidates; otherwise the roster or ``against`` does. File names are
    shown below the folder ``base``. ``jobs`` processes, or the workers of ``executor``, read
    several files at a time. ``isolation`` limits the time and memory of each file in our own
    processes; a file that ends its process counts as unreadable. ``with_texts`` also keeps the
    prose of each report, for the sheet 各单位文字.

    Raises ``FindingsError`` (reports that cannot be counted; years or editions mixed; a roster that
    contradicts itself), ``InputError`` (no reports; ``roster`` or ``against`` unreadable),
    ``UsageError`` (``against`` is of another year or edition).

    Examples:
        >>> from govdisclose import consolidate
        >>> made = consolidate.aggregate_reports(["收件/甲局.xlsx", "收件/乙局.xlsx"])
        >>> made.report.year, [unit.agency.name for unit in made.units]
        (2024, ['乙局', '甲局'])
    """
    known = known_roster(roster)
    own = None if against is None else reading_of(against)
    chosen = known_decisions(decisions)
    reader = Reader(
        partial(read_contribution, base=base, with_texts=with_texts, with_digest=bool(chosen)),
        partial(lost_contribution, base=base),
    )
    contributions = read_each(sources, reader, executor=executor, jobs=jobs, isolation=isolation)
    sorted_out = _sorted_out(contributions)
    others = sorted_out.others
    known = _of_their_year(known, year or usual_year(sorted_out.candidates))
    admission = admit(sorted_out.candidates, known, chosen, year)
    stopping = [*found.mixed(admission), *found.not_counted(admission)]
    told = [
        *roster_doubts(known),
        *found.not_on_roster(admission),
        *found.of_other_years(admission),
        *found.doubled(admission),
        *found.same_figures(admission),
        *found.standing_in(admission),
        *found.only_compared(admission, known),
        *found.scanned(others),
    ]
    if _is_nothing(admission, stopping):
        note = note_of(others)
        raise InputError("；".join(filter(None, ["没有可以汇总的报告", note])))
    _refuse(admission, stopping, [*found.missing_so_far(admission, known), *told], on_error)
    top = add_up(admission, known, agency, None if own is None else own.report.agency)
    checked = _with_overviews_checked(top)
    if own is not None:
        told += _against_own(top, own)
    below: list[Finding] = []
    for node in checked.walk():
        below.extend(node.findings)
    findings = (*found.missing(top), *told, *stopping, *below)
    refused = {refusal.contribution.file for refusal in checked.refused}
    not_read = tuple(one for one in others if one.name not in refused)
    return evolve(checked, findings=findings, not_read=not_read)


@frozen
class _SortedOut:
    """The files that may be reports, and those that are none; a scanned document is among both."""

    candidates: tuple[Contribution, ...]
    others: tuple[PassedOver, ...]


def _sorted_out(contributions: Iterable[Contribution]) -> _SortedOut:
    reports: list[Contribution] = []
    scans: list[Contribution] = []
    others: list[PassedOver] = []
    for contribution in contributions:
        if contribution.is_report:
            reports.append(contribution)
            continue
        reason = contribution.unreadable or NO_REPORT
        others.append(PassedOver(contribution.file, reason, looked_at=True))
        if reason == SCANNED:
            scans.append(contribution)
    return _SortedOut((*reports, *scans), tuple(others))


def _of_their_year(roster: Roster | None, year: int | None) -> Roster | None:
    """The roster as of the year of the reports: mergers decide who owes one."""
    return roster if roster is None or year is None else roster.as_of(year)


def _is_nothing(admission: Admission, stopping: Sequence[Finding]) -> bool:
    """Whether there is no report of which anything could be said."""
    came = admission.handed_in.difference(admission.overviews)
    others = (*stopping, *admission.unknown, *admission.earlier)
    return not admission.counted and not came and not others


def _refuse(
    admission: Admission, stopping: list[Finding], told: list[Finding], on_error: OnError
) -> None:
    """Raise an error when the reports cannot be added up."""
    nothing_counted = not admission.counted
    is_mixed = any(finding.code == H103.code for finding in stopping)
    if nothing_counted or is_mixed or (stopping and on_error == "refuse"):
        raise FindingsError([*told, *stopping])


def _with_overviews_checked(node: Consolidated) -> Consolidated:
    """The same sums, each with the findings of a unit's own overview that lay among the reports."""
    below = tuple(map(_with_overviews_checked, node.below))
    return evolve(node, below=below, findings=tuple(_of_overview(node)))


def _of_overview(node: Consolidated) -> Iterator[Finding]:
    own = node.overview
    if own is None:
        return
    place = Place(own.file)
    differing = list(check_against(node, own.cells, lambda path: place))
    for finding in explain_findings(differing, own.reasons):
        whose = f"{own.file}（{node.name}）"
        text = f"{whose}：{finding.text}"
        yield evolve(finding, text=text)


def _against_own(top: Consolidated, own: Reading) -> Iterator[Finding]:
    """Compare the government's own report with the sum.

    Raises ``UsageError`` or ``FindingsError`` when that is not possible.
    """
    _refuse_other(own.report, top.report)
    _refuse_unread(own)
    differing = list(check_against(top, own.report.values(), own.place))
    for finding in explain_findings(differing, own.explanations):
        if rule_of(finding).family is Family.CONSOLIDATION:
            yield finding


def _refuse_other(own: AnnualReport, total: AnnualReport) -> None:
    """Raise ``UsageError`` when the government's own report is of another year or edition."""
    if (own.year, own.edition.name) != (total.year, total.edition.name):
        raise UsageError(
            f"要核对的本级报告是{_year_and_edition(own)}，"
            f"所属单位的报告是{_year_and_edition(total)}，不能核对"
        )


def _year_and_edition(report: AnnualReport) -> str:
    return f"{report.year or '年度不详'} 年度、{report.edition.name} 版"


def _refuse_unread(own: Reading) -> None:
    """Raise ``FindingsError`` when cells of the government's own report could not be read."""
    faults = [finding for finding in own.findings if finding.stops]
    if faults:
        raise FindingsError(faults, own)
