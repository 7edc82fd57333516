"""Many units' reports → one consolidated report, with what was found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from itertools import groupby
from typing import Literal

from attrs import evolve

from govdisclose.check.explained import explain_findings
from govdisclose.compile import PathLike, Source, reading_of
from govdisclose.errors import FindingsError, InputError, UsageError
from govdisclose.finding import Finding, Place
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency
from govdisclose.many.consolidate.admission import NO_CODES, Members, Refusal, listed, sort_out
from govdisclose.many.consolidate.contribution import Part, lost_part, read_part
from govdisclose.many.consolidate.crosscheck import check_against
from govdisclose.many.consolidate.roster import Roster, RosterUnit, read_roster
from govdisclose.many.consolidate.total import Consolidated, consolidate
from govdisclose.many.isolation import Isolation
from govdisclose.many.reading import Reader, read_each
from govdisclose.rules import Family, rule_of
from govdisclose.rules.aggregation import H102, H103, H106

OnError = Literal["refuse", "list"]
"""Whether a report that cannot be counted stops everything, or is left out and listed."""


def aggregate_reports(
    sources: Iterable[Source],
    *,
    roster: PathLike | Roster | None = None,
    against: Source | None = None,
    on_error: OnError = "refuse",
    agency: Agency | None = None,
    base: PathLike | None = None,
    executor: Executor | None = None,
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> Consolidated:
    """Add the reports of many units up, cell by cell, at every level of ``roster``.

    Each source is read, checked and reduced to its figures before the next; ``jobs`` processes, or the
    workers of ``executor``, read several at a time. ``isolation`` limits the time and memory of each in our
    own processes; a source that ends its process is one that cannot be read. A report with errors, an unreadable one, two that differ for one unit, and
    one that is a consolidation itself cannot be counted: with ``on_error="refuse"`` that stops
    everything, with ``"list"`` it is left out and listed. ``against`` is the government's own report,
    held against the sums (H101, H102). ``agency`` names who consolidates; otherwise the roster or
    ``against`` does. ``base`` is the folder below which file names are shown.

    Raises ``FindingsError`` (reports that cannot be counted; editions or years mixed; a roster that
    contradicts itself), ``InputError`` (no reports; roster or ``against`` unreadable), ``UsageError``
    (``against`` is of another year or edition).
    """
    known = roster if isinstance(roster, Roster) or roster is None else read_roster(roster)
    own = None if against is None else reading_of(against)
    reader = Reader(partial(read_part, base=base), partial(lost_part, base=base))
    members = sort_out(
        read_each(sources, reader, executor=executor, jobs=jobs, isolation=isolation), known
    )
    stopping = [*_mixed(members), *_not_counted(members)]
    told = [*_unknown(members), *_doubled(members), *_instead(members)]
    if not members.of and not stopping and not told:
        raise InputError("没有可以汇总的报告")
    if (
        not members.of
        or any(f.code == H103.code for f in stopping)
        or (stopping and on_error == "refuse")
    ):
        raise FindingsError([*stopping, *told])
    top = consolidate(members, known, agency, own.report.agency if own is not None else None)
    nodes = _checked(top)
    if own is not None:
        _refuse_other(own, top)
        _refuse_unread(own)
        differing = list(check_against(top, own.report.values(), own.place))
        told += (
            f
            for f in explain_findings(differing, own.explanations)
            if rule_of(f).family is Family.CONSOLIDATION
        )
    return evolve(
        nodes,
        findings=(*_missing(top), *told, *stopping, *(f for n in nodes.walk() for f in n.findings)),
    )


def _checked(node: Consolidated) -> Consolidated:
    """The same tree, with the findings where a unit's own overview lay among the reports."""
    found: tuple[Finding, ...] = ()
    if (own := node.overview) is not None:
        values = dict(zip(outline(own.edition).cells, own.values, strict=True))
        told = explain_findings(
            list(check_against(node, values, lambda path: Place(own.file))), own.reasons
        )
        found = tuple(
            evolve(finding, text=f"{own.file}（{node.name}）：{finding.text}") for finding in told
        )
    return evolve(node, below=tuple(map(_checked, node.below)), findings=found)


def _refuse_other(own: Reading, top: Consolidated) -> None:
    """Raises ``UsageError`` when the government's own report is of another year or edition."""
    theirs, ours = ((r.year, r.edition.name) for r in (own.report, top.report))
    if theirs != ours:
        said = (f"{year or '年度不详'} 年度、{edition} 版" for year, edition in (theirs, ours))
        raise UsageError("要核对的本级报告是{}，所属单位的报告是{}，不能核对".format(*said))


def _refuse_unread(own: Reading) -> None:
    """Raises ``FindingsError`` when cells of the government's own report could not be read: they are not blank."""
    if faults := [finding for finding in own.findings if finding.stops]:
        raise FindingsError(faults, own)


# --- what is found ------------------------------------------------------------------------------


def _mixed(members: Members) -> Iterator[Finding]:
    """H103, naming those that are not of the most frequent year or edition."""
    parts = [*members.of.values(), *members.overviews.values()]
    for what, unit, of in (("年度", "年度", _year), ("格式版本", "版", _edition)):
        ordered = sorted(parts, key=lambda part: (of(part), part.file))
        groups = {value: list(group) for value, group in groupby(ordered, of)}
        if len(groups) > 1:
            usual = max(groups, key=lambda value: len(groups[value]))
            said = "；".join(
                f"{value} {unit} {len(group)} 家"
                + (
                    ""
                    if value == usual
                    else f"（{listed([f'{part.name}：{part.file}' for part in group], '家')}）"
                )
                for value, group in groups.items()
            )
            yield H103.finding(f"{what}不一，不能相加：{said}", others=())


def _year(part: Part) -> str:
    return str(part.year)


def _edition(part: Part) -> str:
    return part.edition_name


def _not_counted(members: Members) -> Iterator[Finding]:
    for refusal in sorted(members.refused, key=lambda r: r.part.file):
        yield refusal.rule.finding(_of_report(refusal), Place(refusal.part.file))


def _of_report(refusal: Refusal) -> str:
    """What is said of a report that is not counted; with its agency where it is not clear which that is."""
    part = refusal.part
    who = f"{part.file}（{part.name}）" if refusal.rule is H106 else part.file
    return f"{who}：{refusal.reason}"


def _unknown(members: Members) -> Iterator[Finding]:
    for refusal in sorted(members.unknown, key=lambda r: r.part.file):
        text = f"{refusal.part.file}（{refusal.part.name}）：{refusal.reason}，没有计入"
        yield H102.finding(text, Place(refusal.part.file), found=refusal.part.name)


def _doubled(members: Members) -> Iterator[Finding]:
    for key, group in members.doubled.items():
        same = all(group[0].says_the_same(other) for other in group[1:])
        names = listed([*dict.fromkeys(part.name for part in group)], "家")
        files = listed([part.file for part in group], "份")
        counted = key in members.of or key in members.overviews
        end = f"数据{'相' if same else '不'}同，{'只计一份' if counted else '都没有计入'}"
        end += "" if any(part.agency.code for part in group) else NO_CODES
        yield H102.finding(f"{names}有 {len(group)} 份报告（{files}），{end}", Place(group[0].file))


def _instead(members: Members) -> Iterator[Finding]:
    for part in members.instead.values():
        text = f"{part.file}：花名册上“{part.name}”有下级、自己不填报；下级一份也没有报，暂以这一份计入"
        yield H102.finding(text, Place(part.file), found=part.name)


def _missing(top: Consolidated) -> Iterator[Finding]:
    """One H102 for all units that are missing, by level."""
    if not top.missing:
        return
    by_level: dict[str, list[RosterUnit]] = {}
    for unit in top.missing:
        by_level.setdefault(unit.level, []).append(unit)
    said = "；".join(
        f"{level} {len(units)} 家（{listed([u.name for u in units], '家')}）"
        for level, units in by_level.items()
    )
    place = top.missing[0].place
    yield H102.finding(
        f"{top.face}，缺 {said.strip()}",
        place,
        expected=f"{top.expected} 家",
        found=f"{len(top.units)} 家",
    )
