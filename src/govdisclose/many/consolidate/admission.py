"""Decide which reports count: whose each is, which are doubled, and which already hold others.

The decision runs in stages, each a function: unreadable files, whose report it is, earlier years,
several reports of one unit, governments' own overviews, reports that hold others, reports with
errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain
from operator import attrgetter

from attrs import evolve, field, frozen

from govdisclose.finding import some_of
from govdisclose.form.grouping import grouped
from govdisclose.form.outline import outline
from govdisclose.form.report import Agency
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.consolidate.overlap import Overlap, compared, overlaps
from govdisclose.many.decisions import Decisions, choose, is_chosen
from govdisclose.many.other_year import is_of_another, is_to_come
from govdisclose.many.ownership import Ownership
from govdisclose.many.roster import Identity, Roster, RosterUnit
from govdisclose.read.tables.labels import code_key, name_key
from govdisclose.rules import Rule, rule_of
from govdisclose.rules.aggregation import H102, H104, H106, H107, H108, H112, H114

NO_CODES = "；都没有填代码，如果是同名的几家单位，请各填代码"
"""Added where only the agency's name puts reports together."""

_SHOWN = 10
"""How many units or files one sentence names; 汇总说明 lists them all."""


def listed(names: Sequence[str], unit: str) -> str:
    """Join names for a sentence: the first ones, and how many there are in all."""
    return some_of(names, _SHOWN, unit)


@frozen
class Refusal:
    """A report that is not counted, the reason in Chinese, and the rule that it breaks.

    ``key`` is the key of its unit where that is known.
    """

    contribution: Contribution
    reason: str
    key: str = ""
    rule: Rule = field(default=H104, repr=False)

    @property
    def leaves_a_gap(self) -> bool:
        """Whether figures are missing without this report: its figures may be in other reports."""
        return not self.rule.counted_elsewhere


@frozen
class Admission:
    """What became of every report.

    ``counted`` maps the key of a unit to its report in the sum. ``overviews`` are the reports of
    governments that have units of their own on the roster: they are compared with the sum, not
    added. ``refused`` and ``unknown`` (not on the roster) are not counted. ``doubled`` maps a key
    to all reports of one unit. ``stand_ins`` are those of ``counted`` that stand for units below
    them, from which nothing came. ``handed_in`` are the keys of the units from which anything
    came, be it a report that does not count; one of an earlier year than most of ``counted`` is
    not enough. ``earlier`` are the reports of an earlier year beside one that the unit has sent for
    the year of most reports; where a year was asked for, those of all other years.
    """

    counted: Mapping[str, Contribution]
    refused: tuple[Refusal, ...] = ()
    unknown: tuple[Refusal, ...] = ()
    doubled: Mapping[str, tuple[Contribution, ...]] = field(factory=dict)
    overviews: Mapping[str, Contribution] = field(factory=dict)
    stand_ins: Mapping[str, Contribution] = field(factory=dict)
    handed_in: frozenset[str] = frozenset()
    earlier: tuple[Refusal, ...] = ()


_Counted = Mapping[str, Contribution]
"""Key of a unit → its report."""

_Groups = Mapping[str, Sequence[Contribution]]
"""Key of a unit → all its reports."""


def admit(
    contributions: Iterable[Contribution],
    roster: Roster | None,
    decisions: Decisions | None = None,
    year: int | None = None,
) -> Admission:
    """Tell the units apart and decide which reports count.

    The order of the reports decides nothing. ``decisions`` say which of several reports of one unit
    counts, ``year`` which year is added up. A file that is no report is not among
    ``contributions``; a scanned one may be.
    """
    readable: list[Contribution] = []
    unreadable: list[Contribution] = []
    for contribution in contributions:
        if contribution.unreadable is None:
            readable.append(contribution)
        else:
            unreadable.append(contribution)
    chosen = decisions or {}
    refused = list(_unread(unreadable, roster))
    owners = _owners_by_roster(readable, roster, year) if roster else _owners_by_agency(readable)
    if year is None:
        of_year = _without_earlier(owners.reports, chosen)
    else:
        of_year = _only_of(year, owners.reports, chosen)
    refused.extend(of_year.mistyped)
    earlier = (*of_year.earlier, *owners.earlier)
    apart = _with_overviews_apart(of_year.reports, roster)
    settled = _settle(apart.own, chosen)
    overviews = _settle(apart.overviews, chosen)
    refused.extend(owners.refused)
    refused.extend(settled.refused)
    refused.extend(overviews.refused)
    if roster is None:
        units = frozenset(owners.reports)
        admission = _without_roster(settled, refused, units)
        return evolve(admission, earlier=earlier)
    for_any_year = _handed_in(owners.reports, refused)
    came = frozenset(for_any_year)
    only_overviews = apart.overviews.keys() - apart.own.keys()
    to_add = came.difference(only_overviews)
    reports = _SettledByKind(settled, overviews, to_add)
    admission = _with_roster(reports, refused, owners.unknown, roster)
    since = None
    if year is None:
        since = usual_year(admission.counted.values() or readable)
    for_year = _handed_in(owners.reports, refused, year, since)
    handed_in = came.intersection(for_year)
    return evolve(admission, handed_in=handed_in, earlier=earlier)


# --- whose report it is -------------------------------------------------------------------------


def _unread(contributions: Iterable[Contribution], roster: Roster | None) -> Iterator[Refusal]:
    """The refusals of files that cannot be read; the path of one may say whose it is.

    A scanned document, which may be anything, is one only if the path says that.
    """
    ownership = None if roster is None else Ownership(roster)
    for contribution in contributions:
        key = ""
        if ownership is not None:
            identity = ownership.owner(contribution.agency, contribution.file)
            key = identity.key
        reason = f"读不出：{contribution.unreadable}"
        if contribution.is_report:
            yield Refusal(contribution, reason, key)
        elif key:
            yield Refusal(contribution, reason, key, H102)


@frozen
class _OwnersOnRoster:
    """The reports of each unit by its key, and those that do not count or have no known unit.

    ``earlier`` are reports of a year that was not asked for, of units that existed then.
    """

    reports: _Groups
    refused: tuple[Refusal, ...]
    unknown: tuple[Refusal, ...] = ()
    earlier: tuple[Refusal, ...] = ()


class _Standing(Enum):
    """How a report stands to the roster."""

    KNOWN = "its unit is on the roster of the year"
    ABSENT = "its unit did not exist in the year"
    IN_DOUBT = "its code and its name disagree"
    NAMELESS = "only its path names a unit"
    UNKNOWN = "the roster has no unit for it"


@frozen
class _PlacedReport:
    """A report, and what the roster says of its code, its name and its path."""

    contribution: Contribution
    identity: Identity

    def standing(self, roster: Roster) -> _Standing:
        """How it stands to the roster."""
        if self.identity.contradicts:
            return _Standing.IN_DOUBT
        if self.identity.unit is None:
            return _Standing.UNKNOWN
        if self.identity.by_path:
            return _Standing.NAMELESS
        if self.identity.key in roster.by_key:
            return _Standing.KNOWN
        return _Standing.ABSENT


def _owners_by_roster(
    contributions: Iterable[Contribution], roster: Roster, year: int | None
) -> _OwnersOnRoster:
    ownership = Ownership(roster)
    standings: dict[_Standing, list[_PlacedReport]] = {standing: [] for standing in _Standing}
    for contribution in contributions:
        identity = ownership.owner(contribution.agency, contribution.file)
        one = _PlacedReport(contribution, identity)
        standing = one.standing(roster)
        standings[standing].append(one)
    known = standings[_Standing.KNOWN]
    absent = standings[_Standing.ABSENT]
    in_doubt = standings[_Standing.IN_DOUBT]
    handed_in = {one.identity.key for one in known}
    of_absent = list(_absent(absent, roster, year))
    earlier = [refusal for refusal in of_absent if refusal.rule is H102]
    refused = [refusal for refusal in of_absent if refusal.rule is not H102]
    refused.extend(_to_correct(in_doubt, handed_in))
    faulty: list[_PlacedReport] = []
    for one in standings[_Standing.NAMELESS]:
        if one.contribution.faults:
            faulty.append(one)
        else:  # a published report without a name has no error that would keep it from counting
            reason = f"报告没有写机关名称；{one.identity.reason}"
            refusal = Refusal(one.contribution, reason, one.identity.key)
            refused.append(refusal)
    unknown = tuple(_of_unknown(standings[_Standing.UNKNOWN]))
    keyed = [(one.identity.key, one.contribution) for one in (*known, *faulty)]
    reports = grouped(keyed)
    return _OwnersOnRoster(reports, tuple(refused), unknown, tuple(earlier))


def _of_unknown(reports: Iterable[_PlacedReport]) -> Iterator[Refusal]:
    """Refuse the reports whose unit the roster does not know."""
    for one in reports:
        yield Refusal(one.contribution, one.identity.reason)


def _absent(
    reports: Iterable[_PlacedReport], roster: Roster, year: int | None
) -> Iterator[Refusal]:
    """Refuse the reports of units that did not exist in the year of the roster.

    One that is of another year than was asked for is left out for that (H102).
    """
    for one in reports:
        unit = one.identity.unit
        if unit is None:
            continue
        contribution = one.contribution
        if year is not None and is_of_another(contribution.year, year):
            yield _of_other_year(contribution, year, unit.key)
        else:
            reason = _of_absent(unit, contribution, roster)
            yield Refusal(contribution, reason, unit.key, H114)


def _to_correct(reports: Iterable[_PlacedReport], handed_in: Container[str]) -> Iterator[Refusal]:
    """Refuse the reports whose code and name disagree: one of the two units must correct each."""
    for one in reports:
        unit = one.identity.returned_to(handed_in)
        key = "" if unit is None else unit.key
        yield Refusal(one.contribution, one.identity.reason, key, H106)


def _of_absent(unit: RosterUnit, contribution: Contribution, roster: Roster) -> str:
    """Why a report of a unit does not count that did not exist in the year of the roster."""
    year = contribution.year or 0
    absence = roster.absence_of(unit, year)
    if unit.exists(year):
        return f"{absence}，这一份是 {year} 年度的，不能与以后年度的相加"
    is_early = unit.founded is not None and year < unit.founded
    fate = "由承接单位一并报告"
    if is_early:
        fate = "还没有它"
    elif not unit.merged_into:
        fate = "不应有它的报告"
    return f"{absence}，{contribution.year} 年度{fate}"


def usual_year(contributions: Iterable[Contribution]) -> int | None:
    """The year of most reports, the latest of several; ``None`` if no report says its year."""
    years = [report.year for report in contributions if report.year is not None]
    if not years:
        return None
    counts = Counter(years)
    return max(counts, key=lambda year: (counts[year], year))


def _owners_by_agency(contributions: Sequence[Contribution]) -> _OwnersOnRoster:
    """Tell units apart by code.

    A report without a code belongs to the only unit of the same name.
    """
    reports: dict[str, list[Contribution]] = {}
    codes_of_name: dict[str, set[str]] = {}
    without_code: list[Contribution] = []
    for contribution in contributions:
        code = code_key(contribution.agency.code)
        if not code:
            without_code.append(contribution)
            continue
        of_code = reports.setdefault(code, [])
        of_code.append(contribution)
        name = name_key(contribution.agency.name)
        codes = codes_of_name.setdefault(name, set())
        codes.add(code)
    refused: list[Refusal] = []
    for contribution in without_code:
        name = name_key(contribution.agency.name)
        namesakes = codes_of_name.get(name, set())
        problem = _nameless_problem(contribution, name, len(namesakes))
        if problem:
            refusal = Refusal(contribution, problem)
            refused.append(refusal)
        else:
            key = next(iter(namesakes), name)
            of_unit = reports.setdefault(key, [])
            of_unit.append(contribution)
    return _OwnersOnRoster(reports, tuple(refused))


def _nameless_problem(contribution: Contribution, name: str, namesakes: int) -> str:
    """Why nobody can tell whose a report without a code is; ``""`` when one can."""
    if not name:
        return "没有填机关名称，分不清是哪一家"
    if namesakes > 1:
        said = f"有 {namesakes} 家“{contribution.name}”"
        return f"{said}，这一份没有填代码，分不清是哪一家"
    return ""


def _handed_in(
    reports: _Groups,
    refused: Iterable[Refusal],
    year: int | None = None,
    since: int | None = None,
) -> Iterator[str]:
    """The keys of the units that have sent something, be it in vain: for a year, if it was asked
    for, or for any from ``since`` on.
    """
    for key, group in reports.items():
        if any(_is_of(report, year, since) for report in group):
            yield key
    for refusal in refused:
        if refusal.key and _is_of(refusal.contribution, year, since):
            yield refusal.key


def _is_of(contribution: Contribution, year: int | None, since: int | None) -> bool:
    """Whether a report is of the year, as far as it says, or not older than ``since``."""
    own = contribution.year
    if year is not None:
        return not is_of_another(own, year)
    return own is None or since is None or own >= since


# --- reports of other years ---------------------------------------------------------------------


@frozen
class _ReportsOfYear:
    """The reports of each unit by its key, and those of other years that lie beside them.

    ``mistyped`` are reports of a year that has not begun yet.
    """

    reports: _Groups
    earlier: tuple[Refusal, ...]
    mistyped: tuple[Refusal, ...] = ()


def _without_earlier(reports: _Groups, decisions: Decisions) -> _ReportsOfYear:
    """Leave out what units have sent for an earlier year besides a report for the usual one.

    A report that the office has chosen stays, and so does one of a later year: its year may be
    mistyped. Nor is anything left out of a unit without a report for the usual year.
    """
    everything = chain.from_iterable(reports.values())
    year = usual_year(_not_to_come(everything))
    kept: dict[str, Sequence[Contribution]] = {}
    earlier: list[Refusal] = []
    for key, group in reports.items():
        kept[key] = group
        of_year = [report.file for report in group if report.year == year]
        old = [report for report in group if _is_earlier(report, year, decisions)]
        if not of_year or not old:
            continue
        kept[key] = [report for report in group if report not in old]
        names = listed(of_year, "份")
        for report in old:
            reason = f"是 {report.year} 年度的报告；{year} 年度的是 {names}"
            refusal = Refusal(report, reason, key, H102)
            earlier.append(refusal)
    return _ReportsOfYear(kept, tuple(earlier))


def _only_of(year: int, reports: _Groups, decisions: Decisions) -> _ReportsOfYear:
    """Leave out the reports of all other years, unless the office has chosen one.

    A report without a year stays: it is refused for that.
    """
    kept: dict[str, list[Contribution]] = {}
    others: list[Refusal] = []
    mistyped: list[Refusal] = []
    for key, group in reports.items():
        for report in group:
            if report.year in (None, year) or is_chosen(report.file, decisions):
                of_unit = kept.setdefault(key, [])
                of_unit.append(report)
            elif is_of_another(report.year, year):
                others.append(_of_other_year(report, year, key))
            else:
                reason = f"报告年度是 {report.year}，还没有到，多半是填错了；要汇总的是 {year} 年度"
                mistyped.append(Refusal(report, reason, key, H112))
    return _ReportsOfYear(kept, tuple(others), tuple(mistyped))


def _of_other_year(report: Contribution, year: int, key: str) -> Refusal:
    """The record of a report that is not of the ``year`` that was asked for."""
    reason = f"是 {report.year} 年度的报告，要汇总的是 {year} 年度"
    return Refusal(report, reason, key, H102)


def _not_to_come(reports: Iterable[Contribution]) -> Iterator[Contribution]:
    """The reports without those of a year that has not begun: it was mistyped."""
    for report in reports:
        if report.year is None or not is_to_come(report.year):
            yield report


def _is_earlier(report: Contribution, year: int | None, decisions: Decisions) -> bool:
    """Whether a report is of an earlier year, and the office has not chosen it."""
    if is_chosen(report.file, decisions):
        return False
    return report.year is not None and year is not None and report.year < year


# --- overviews ----------------------------------------------------------------------------------


@frozen
class _ReportsByKind:
    """The reports of units by their keys, and the overviews of governments with units below them.

    A government may send both: what it has done itself, and the sum of all below it.
    """

    own: _Groups
    overviews: _Groups


def _with_overviews_apart(reports: _Groups, roster: Roster | None) -> _ReportsByKind:
    """Tell overviews from other reports; without a roster nobody knows who has units below."""
    own: dict[str, list[Contribution]] = {}
    overviews: dict[str, list[Contribution]] = {}
    for key, group in reports.items():
        has_units = roster is not None and key in roster.children
        for report in group:
            is_overview = has_units and _is_of_government(report.agency)
            kind = overviews if is_overview else own
            of_unit = kind.setdefault(key, [])
            of_unit.append(report)
    return _ReportsByKind(own, overviews)


# --- several reports of one unit ----------------------------------------------------------------


@frozen
class _SettledReports:
    """One report of each unit, or none where several reports differ."""

    counted: _Counted
    doubled: Mapping[str, tuple[Contribution, ...]]
    refused: tuple[Refusal, ...]


def _settle(reports: _Groups, decisions: Decisions) -> _SettledReports:
    """Choose one report of each unit: a good one of several equal ones, else the one decided on."""
    counted: dict[str, Contribution] = {}
    doubled: dict[str, tuple[Contribution, ...]] = {}
    refused: list[Refusal] = []
    for key, group in reports.items():
        versions = {report.file: report.digest for report in group}
        choice = choose(versions, decisions)
        in_order = _in_order(group, choice.file)
        first, *others = in_order
        if others:
            doubled[key] = in_order
        are_equal = all(first.says_the_same(other) for other in others)
        if choice.file or are_equal:
            counted[key] = first
            continue
        reason = _of_differing(in_order)
        if choice.why_not:
            reason += f"；{choice.why_not}"
        for contribution in group:
            refusal = Refusal(contribution, reason, key)
            refused.append(refusal)
    return _SettledReports(counted, doubled, tuple(refused))


def _in_order(group: Iterable[Contribution], chosen: str) -> tuple[Contribution, ...]:
    """Several reports of one unit: the chosen one, those without errors, by the names of files."""
    in_order = sorted(group, key=attrgetter("errs", "file"))
    in_order.sort(key=lambda report: report.file != chosen)
    return tuple(in_order)


def _of_differing(group: Sequence[Contribution]) -> str:
    """The reason for refusing several reports of one unit that differ."""
    files = [contribution.file for contribution in group]
    listing = listed(files, "份")
    coded = [contribution.agency for contribution in group if contribution.agency.code]
    names = {name_key(agency.name) for agency in coded}
    names.discard("")
    hint = ""
    if len(names) > 1:
        hint = "；代码相同而名称不同，请核对代码"
    elif not coded:
        hint = NO_CODES
    return f"同一单位有 {len(group)} 份不同的报告（{listing}），不知以哪一份为准{hint}"


# --- reports with errors ------------------------------------------------------------------------


def _with_errors(counted: _Counted) -> list[Refusal]:
    """The refusals of reports whose figures cannot be counted."""
    found: list[Refusal] = []
    for key, contribution in counted.items():
        reason = _fault(contribution)
        if reason:
            refusal = Refusal(contribution, reason, key)
            found.append(refusal)
    return found


def _fault(contribution: Contribution) -> str:
    """Why a report's figures cannot be counted; ``""`` when they can."""
    faults = contribution.faults
    is_empty = contribution.blanks == len(contribution.values)
    if is_empty and all(rule_of(finding).unwritten for finding in faults):
        return "三张表一格也没有填，应逐格填数，没有发生的填 0"
    if faults:
        first = faults[0]
        said = f"{first.code} {first.message}"
        return f"有 {len(faults)} 个错误，第一个是：{said}"
    if contribution.is_unbalanced:
        stated = contribution.stated
        cells = outline(contribution.edition).cells
        label = cells[stated[0]].label
        return f"{len(stated)} 个总计与各项之和不等，第一个是“{label}”"
    return ""


def _remaining(counted: _Counted, refused: Iterable[Refusal]) -> dict[str, Contribution]:
    """The counted reports without those that are refused."""
    keys = {refusal.key for refusal in refused}
    return {key: contribution for key, contribution in counted.items() if key not in keys}


# --- without a roster ---------------------------------------------------------------------------


def _without_roster(
    settled: _SettledReports, refused: Sequence[Refusal], handed_in: frozenset[str]
) -> Admission:
    holding_others = list(_consolidations(settled.counted))
    counted = _remaining(settled.counted, holding_others)
    with_errors = _with_errors(counted)
    return Admission(
        counted=_remaining(counted, with_errors),
        refused=(*refused, *holding_others, *with_errors),
        doubled=settled.doubled,
        handed_in=handed_in,
    )


def _consolidations(counted: _Counted) -> Iterator[Refusal]:
    """Refuse the reports that already hold the others: adding them would count figures twice."""
    by_level = _by_level(counted)
    candidates = counted
    if by_level.own:
        candidates = by_level.own
        reason = "报告类别是“政府”，可能已含其他单位的数；若是下级政府，请用花名册写明隶属关系"
        for key, contribution in by_level.governments.items():
            yield Refusal(contribution, reason, key)
    for key, overlap in overlaps(candidates, None):
        contribution = counted[key]
        agreement = _agreement(overlap)
        where = _first_difference(contribution, overlap)
        reason = f"{agreement}等于其余各份之和，是它们的汇总{where}"
        yield Refusal(contribution, reason, key)


@frozen
class _ReportsByLevel:
    """The reports of governments, which may hold those of others, and the other reports."""

    governments: _Counted
    own: _Counted


def _by_level(counted: _Counted) -> _ReportsByLevel:
    governments: dict[str, Contribution] = {}
    own: dict[str, Contribution] = {}
    for key, contribution in counted.items():
        if _is_of_government(contribution.agency):
            governments[key] = contribution
        else:
            own[key] = contribution
    return _ReportsByLevel(governments, own)


def _is_of_government(agency: Agency) -> bool:
    return agency.level == "government"


# --- with a roster ------------------------------------------------------------------------------


@frozen
class _SettledByKind:
    """One report of each unit and one overview of each government.

    ``to_add`` are the keys of the units from which anything came but an overview.
    """

    own: _SettledReports
    overviews: _SettledReports
    to_add: frozenset[str]

    @property
    def doubled(self) -> dict[str, tuple[Contribution, ...]]:
        """The reports of units that have sent several of one kind."""
        found = dict(self.own.doubled)
        for key, group in self.overviews.doubled.items():
            found[key] = (*found.get(key, ()), *group)
        return found


def _with_roster(
    reports: _SettledByKind,
    refused: Sequence[Refusal],
    unknown: tuple[Refusal, ...],
    roster: Roster,
) -> Admission:
    overviews = reports.overviews.counted
    roles = _roles(reports.own.counted, reports.to_add, roster)
    counted = _remaining(reports.own.counted, roles.refused)
    holding_others = list(_holding_others(roles.own, roster))
    counted = _remaining(counted, holding_others)
    wrong = _with_errors(counted)
    wrong_overviews = _with_errors(overviews)
    return Admission(
        counted=_remaining(counted, wrong),
        refused=(*refused, *roles.refused, *holding_others, *wrong, *wrong_overviews),
        unknown=unknown,
        doubled=reports.doubled,
        overviews=_remaining(overviews, wrong_overviews),
        stand_ins=_remaining(roles.stand_ins, wrong),
    )


@frozen
class _Roles:
    """The reports of units that report for themselves, and those of units that do not."""

    own: _Counted
    stand_ins: _Counted
    refused: tuple[Refusal, ...]


def _roles(counted: _Counted, to_add: frozenset[str], roster: Roster) -> _Roles:
    """Tell reports of reporting units from those of units that only have others below them.

    ``to_add`` are the keys of the units from which anything came but an overview.
    """
    own: dict[str, Contribution] = {}
    stand_ins: dict[str, Contribution] = {}
    refused: list[Refusal] = []
    for key, contribution in counted.items():
        unit = roster.by_key[key]
        if unit.reports:
            own[key] = contribution
            continue
        below = list(_keys_below(key, roster))
        if not below:
            reason = roster.why_not_asked(key, contribution.agency)
            refusal = Refusal(contribution, reason, key, H108)
            refused.append(refusal)
        elif to_add.isdisjoint(below):
            stand_ins[key] = contribution
        else:
            counted_below = [counted[each] for each in below if each in counted]
            reason = _of_a_whole(unit, contribution, counted_below)
            refusal = Refusal(contribution, reason, key, H107)
            refused.append(refusal)
    return _Roles(own, stand_ins, tuple(refused))


def _holding_others(own: _Counted, roster: Roster) -> Iterator[Refusal]:
    """Refuse the reports that equal the sum of those below them, or of the others beside them."""
    for key, overlap in overlaps(own, roster):
        contribution = own[key]
        whose = "同一上级的其余各单位之和"
        if key in roster.children:
            whose = "它下级各单位之和"
        elif key in roster.beside_governments:
            whose = "花名册上像是它下级的各家之和"
        agreement = _agreement(overlap)
        where = _first_difference(contribution, overlap)
        reason = f"{agreement}等于{whose}，是它们的汇总{where}"
        yield Refusal(contribution, reason, key, H107)


def _of_a_whole(unit: RosterUnit, contribution: Contribution, below: Sequence[Contribution]) -> str:
    """Why the report of a unit that does not report for itself is not added to those below it."""
    said = f"花名册上“{unit.name}”有下级，自己不填报，这一份不能与下级各单位的报告相加"
    same_form = [other for other in below if other.edition_name == contribution.edition_name]
    if not same_form:
        return said
    overlap = compared(contribution, same_form)
    differing = len(overlap.differing)
    if not differing:
        return f"{said}：每一格都等于它下级各单位之和，是它们的汇总"
    where = _first_difference(contribution, overlap)
    return f"{said}：与下级之和有 {differing} 格不等{where}"


def _agreement(overlap: Overlap) -> str:
    """How many cells agree, as the beginning of a sentence."""
    differing = len(overlap.differing)
    if not differing:
        return "每一格都"
    return f"除 {differing} 格外都"


def _first_difference(contribution: Contribution, overlap: Overlap) -> str:
    """The first cell that does not agree, in brackets; ``""`` when all agree."""
    if not overlap.differing:
        return ""
    cells = outline(contribution.edition).cells
    path = overlap.differing[0]
    label = cells[path].label
    paths = list(cells)
    position = paths.index(path)
    total = overlap.others[position] or 0
    value = contribution.values[position] or 0
    return f"（如“{label}”：各单位之和 {total}，这一份 {value}）"


def _keys_below(key: str, roster: Roster) -> Iterator[str]:
    """The keys of all units below a unit, at any depth."""
    for unit in roster.children.get(key, ()):
        yield unit.key
        yield from _keys_below(unit.key, roster)
