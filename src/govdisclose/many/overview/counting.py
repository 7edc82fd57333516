"""Decide which reports count: one of each unit and year, and none that already holds others."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from operator import attrgetter

from attrs import evolve, frozen

from govdisclose.form.files_left import NOT_SEEN, NOT_USED
from govdisclose.form.grouping import group_by, grouped
from govdisclose.form.overview import Excluded
from govdisclose.form.report import Agency
from govdisclose.many.inbox import SCANNED, PassedOver
from govdisclose.many.long_table import LeftOut, NotTaken
from govdisclose.many.other_year import is_to_come
from govdisclose.many.overview.candidates import Candidate, candidate_of
from govdisclose.many.overview.sources import Found, FoundReport, NotInTotal
from govdisclose.many.ownership import Ownership
from govdisclose.many.roster import Identity, Roster, RosterUnit
from govdisclose.many.same_figures import is_telling
from govdisclose.many.yearly_roster import YearlyRoster, in_year
from govdisclose.read.tables.labels import name_key

_CROWD = 3
"""From so many reports on, one that equals the sum of the others is taken for it."""


@frozen
class KeyedReport:
    """A report under the key of its unit."""

    key: str
    candidate: Candidate

    @property
    def year(self) -> int:
        """The year of the report."""
        return self.candidate.year


year_of = attrgetter("year")


@frozen
class Counted:
    """The reports that count, and those that do not.

    ``handed_in`` are the years and keys of the units from which anything came, be it a report that
    they must correct because its figures cannot be read, or its code and its name disagree.
    ``undated`` are the files of each unit, by its key, that say no year.
    """

    reports: tuple[KeyedReport, ...]
    excluded: tuple[Excluded, ...]
    handed_in: frozenset[tuple[int, str]]
    undated: Mapping[str, Sequence[str]]

    @property
    def years(self) -> list[int]:
        """The years of the reports that count."""
        return sorted({report.year for report in self.reports})


NO_REPORT_STATES = (NOT_SEEN, NOT_USED)
"""Begin the reason for leaving out a file that nobody looked at, or that is no report."""


def count_reports(found: Iterable[Found], yearly: YearlyRoster | None) -> Counted:
    """Choose the reports that count; the order of the sources decides nothing."""
    unusable: list[Excluded] = []
    candidates: list[Candidate] = []
    doubtful: list[_Unusable] = []
    for each in found:
        seen = _looked_at(each, yearly)
        if seen.doubt is not None:
            doubtful.append(seen.doubt)
        if isinstance(seen.report, Candidate):
            candidates.append(seen.report)
        else:
            unusable.append(seen.report)
    keyed = _with_keys(candidates, yearly)
    settled = _settled(keyed.reports, yearly)
    single = _without_overviews(settled.reports, yearly)
    handed_in = frozenset((report.year, report.key) for report in keyed.reports)
    dated = [one for one in doubtful if one.year is not None]
    undated = [one for one in doubtful if one.year is None]
    returned = _returned(dated, handed_in)
    files = _without_year(undated, handed_in)
    return Counted(
        reports=single.reports,
        excluded=(*unusable, *keyed.excluded, *settled.excluded, *single.excluded),
        handed_in=handed_in.union(returned),
        undated=grouped(files),
    )


@frozen
class _Unusable:
    """A file that cannot count: its year, if it says a credible one, and what the roster says of
    it.
    """

    file: str
    year: int | None
    identity: Identity

    def to_correct(self, handed_in: Container[str]) -> RosterUnit | None:
        """The unit that must correct it; ``handed_in`` are the keys of units with a report."""
        return self.identity.unit or self.identity.returned_to(handed_in)


@frozen
class _LookedAt:
    """A report that may count, or one that cannot; ``doubt`` if a unit must correct it."""

    report: Candidate | Excluded
    doubt: _Unusable | None = None


def _looked_at(found: Found, yearly: YearlyRoster | None) -> _LookedAt:
    report = _candidate(found, yearly)
    if isinstance(found, NotTaken):
        return _LookedAt(report)
    if isinstance(report, Candidate):
        identity = report.in_doubt
        if identity is None and is_to_come(report.year):
            identity = Identity(report.unit)
        if identity is None:
            return _LookedAt(report)
        doubt = _Unusable(report.file, _credible(report.year), identity)
        return _LookedAt(report, doubt)
    if yearly is None:
        return _LookedAt(report)
    identity = _sender(found, yearly.ownership)
    doubt = _Unusable(_name(found), _credible(report.year), identity)
    return _LookedAt(_of_unit(found, report, identity.unit), doubt)


def _credible(year: int | None) -> int | None:
    """The year of a report; ``None`` for one that has not begun yet: it was mistyped."""
    return None if year is None or is_to_come(year) else year


def _candidate(found: Found, yearly: YearlyRoster | None) -> Candidate | Excluded:
    if isinstance(found, PassedOver):
        reason = f"{found.state}：{found.reason}"
        return Excluded(found.name, reason, leaves_a_gap=False)
    if isinstance(found, NotTaken):
        file = found.workbook
        return Excluded(file.name, file.reason, file.year, file.agency.name, leaves_a_gap=False)
    if isinstance(found, LeftOut):
        reason = f"读不出：{found.reason}"
        return Excluded(_name(found), reason, found.year, found.agency.name)
    if isinstance(found, NotInTotal):
        refused = found.refused
        return Excluded(
            file=found.file,
            reason=f"汇总时没有计入：{refused.reason}",
            year=found.year,
            agency=refused.agency.name,
            leaves_a_gap=refused.leaves_a_gap,
        )
    return candidate_of(found, yearly)


def _of_unit(found: Found, excluded: Excluded, unit: RosterUnit | None) -> Excluded:
    """The same record with the name of its unit: then a scanned document is a report that lacks."""
    if unit is None:
        return excluded
    named = evolve(excluded, agency=unit.name)
    if not isinstance(found, PassedOver):
        return named
    return evolve(named, reason=f"读不出：{SCANNED}", leaves_a_gap=True)


def _name(found: Found) -> str:
    """A file of a folder by its path below it."""
    if isinstance(found, NotTaken):
        return found.workbook.name
    if isinstance(found, FoundReport | NotInTotal):
        return found.file
    return found.name


def _sender(
    found: FoundReport | NotInTotal | LeftOut | PassedOver, ownership: Ownership
) -> Identity:
    """Whose a file is that cannot count: a notice is no unit's, a scanned document may be."""
    if isinstance(found, LeftOut):
        return ownership.owner(found.agency, found.name)
    if isinstance(found, FoundReport):
        return ownership.owner(found.report.agency, found.report.file)
    if isinstance(found, NotInTotal):
        return ownership.owner(found.refused.agency, found.refused.file)
    if found.reason == SCANNED:
        return ownership.owner(Agency(), found.name)
    return Identity(None)


def _returned(
    dated: Iterable[_Unusable], handed_in: Iterable[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    """The years and keys of the units that must correct a report."""
    keys_of: dict[int, set[str]] = {}
    for year, key in handed_in:
        of_year = keys_of.setdefault(year, set())
        of_year.add(key)
    for one in dated:
        year = one.year or 0
        keys = keys_of.get(year, set())
        unit = one.to_correct(keys)
        if unit is not None:
            yield year, unit.key


def _without_year(
    undated: Iterable[_Unusable], handed_in: Iterable[tuple[int, str]]
) -> Iterator[tuple[str, str]]:
    """The keys of the units that must correct a report without a year, and its file."""
    keys = {key for _, key in handed_in}
    for one in undated:
        unit = one.to_correct(keys)
        if unit is not None:
            yield unit.key, one.file


@frozen
class _Stage:
    """The reports that a stage leaves, and those that it leaves out."""

    reports: tuple[KeyedReport, ...]
    excluded: tuple[Excluded, ...]


# --- whose it is --------------------------------------------------------------------------------


def _with_keys(candidates: Sequence[Candidate], yearly: YearlyRoster | None) -> _Stage:
    """The reports under their keys: those of the roster, else code, else name."""
    codes = _codes_of_names(candidates)
    reports: list[KeyedReport] = []
    excluded: list[Excluded] = []
    for candidate in candidates:
        key = _key(candidate, codes)
        is_on_roster = yearly is None or candidate.unit is not None
        if key and is_on_roster:
            report = KeyedReport(key, candidate)
            reports.append(report)
        else:
            reason = candidate.fault or _namelessness(candidate)
            left_out = candidate.excluded(reason)
            excluded.append(left_out)
    return _Stage(tuple(reports), tuple(excluded))


def _codes_of_names(candidates: Iterable[Candidate]) -> Mapping[str, Set[str]]:
    found: dict[str, set[str]] = {}
    for candidate in candidates:
        if candidate.code:
            name = name_key(candidate.name)
            codes = found.setdefault(name, set())
            codes.add(candidate.code)
    return found


def _key(candidate: Candidate, codes: Mapping[str, Set[str]]) -> str:
    """The key of a report's unit; ``""`` when nobody can tell whose it is."""
    if candidate.unit is not None:
        return candidate.unit.key
    if candidate.code:
        return candidate.code
    name = name_key(candidate.name)
    namesakes = codes.get(name, set())
    if len(namesakes) > 1:
        return ""
    return next(iter(namesakes), name)


def _namelessness(candidate: Candidate) -> str:
    if not name_key(candidate.name):
        return "没有填机关名称，分不清是哪一家"
    return f"有几家“{candidate.name}”，这一份没有填代码，分不清是哪一家"


# --- several reports of one unit ----------------------------------------------------------------


def _settled(reports: Iterable[KeyedReport], yearly: YearlyRoster | None) -> _Stage:
    """One report of each unit and year: a good one of several equal ones, none of several that
    differ.

    A government's overview and the report of its office are two things.
    """
    keyed = [(_whose(report, yearly), report) for report in reports]
    groups = grouped(keyed)
    left: list[KeyedReport] = []
    excluded: list[Excluded] = []
    for group in groups.values():
        group.sort(key=_good_ones_first)
        reasons = list(_reasons(group))
        excluded.extend(reasons)
        if len(reasons) < len(group):
            left.append(group[0])
    return _Stage(tuple(left), tuple(excluded))


def _whose(report: KeyedReport, yearly: YearlyRoster | None) -> tuple[int, str, bool]:
    """The year and the unit of a report, and whether it is about everything below the unit.

    A unit with nothing below it, such as a township, has one report of any kind. Without a roster,
    one that its source placed is such a unit; a consolidated workbook does not say of which kind
    the reports of its units are.
    """
    candidate = report.candidate
    roster = in_year(yearly, report.year)
    if roster is None:
        is_of_whole = _is_government(candidate)
    else:
        has_units = report.key in roster.children
        is_of_whole = has_units and candidate.is_of_government
    return report.year, report.key, is_of_whole


def _good_ones_first(report: KeyedReport) -> tuple[bool, bool, bool, bool, str]:
    """The order of equal reports: the one to count is the first.

    A source with a roster knows more of a unit than a folder without one. The workbook of a county
    does not say to whom the county belongs.
    """
    candidate = report.candidate
    return (
        bool(candidate.fault),
        not candidate.is_placed,
        not candidate.parent,
        not candidate.holds_others,
        candidate.file,
    )


def _reasons(group: Sequence[KeyedReport]) -> Iterator[Excluded]:
    """The reports of one unit and year that do not count; all of them when they differ."""
    candidates = [report.candidate for report in group]
    first, *others = candidates
    are_equal = all(other.digest == first.digest for other in others)
    if not are_equal:
        reason = _not_known_which(candidates)
        for candidate in candidates:
            yield candidate.excluded(reason)
        return
    if first.fault:
        for candidate in candidates:
            yield candidate.excluded(candidate.fault)
        return
    same = f"与 {first.file} 的数相同，只计一份"
    for other in others:
        reason = f"{other.fault}；{same}" if other.fault else same
        yield other.excluded(reason, leaves_a_gap=False)


def _not_known_which(candidates: Sequence[Candidate]) -> str:
    """Say that the reports of a unit differ, and why no choice of the office decides."""
    count = len(candidates)
    files = [candidate.file for candidate in candidates]
    listing = "、".join(files)
    said = f"同一单位有 {count} 份不同的报告（{listing}），不知以哪一份为准"
    why_not = [candidate.why_not for candidate in candidates if candidate.why_not]
    return "；".join(dict.fromkeys([said, *why_not]))


# --- reports that hold others -------------------------------------------------------------------


def _without_overviews(reports: Iterable[KeyedReport], yearly: YearlyRoster | None) -> _Stage:
    """In each year the reports that hold no other one of it, so that nothing is counted twice."""
    years = group_by(reports, year_of)
    left: list[KeyedReport] = []
    excluded: list[Excluded] = []
    for year in sorted(years):
        of_year = years[year]
        roster = in_year(yearly, year)
        set_aside = _holding(of_year, roster)
        for number, report in enumerate(of_year):
            reason = set_aside.get(number)
            if reason is None:
                left.append(report)
                continue
            left_out = report.candidate.excluded(reason, leaves_a_gap=reason == _DOUBTFUL)
            excluded.append(left_out)
    return _Stage(tuple(left), tuple(excluded))


def _holding(reports: Sequence[KeyedReport], roster: Roster | None) -> Mapping[int, str]:
    """The numbers of the reports that hold others among ``reports``, with the reason."""
    holding = _by_words(reports) if roster is None else _by_roster(reports, roster)
    holding |= _not_asked(reports, roster)
    others: dict[int, KeyedReport] = {}
    for number, report in enumerate(reports):
        if number not in holding:
            others[number] = report
    return holding | _by_figures(others)


def _not_asked(reports: Sequence[KeyedReport], roster: Roster | None) -> dict[int, str]:
    """The reports of units that are not to report: their figures are in those of other units."""
    found: dict[int, str] = {}
    for number, report in enumerate(reports):
        if roster is None:
            reason = _NOT_ASKED if report.candidate.is_not_asked else ""
        elif report.key in roster.children:
            reason = ""
        else:
            reason = roster.why_not_asked(report.key, Agency())
        if reason:
            found[number] = reason
    return found


_NOT_ASKED = "花名册写明不填报，却交来了报告"
_OVERVIEW = "本级汇总报告，已含所属单位的数，不与它们相加"
_DOUBTFUL = (
    "报告类别是“政府”，却有数小于其余各份之和，不是它们的汇总，没有计入；"
    "是下级政府、乡镇的，请用 --roster 写明隶属关系"
)


def _by_words(reports: Sequence[KeyedReport]) -> dict[int, str]:
    """The reports that hold others as they or their sources say.

    That a government's report is the whole of the others can only be true if no figure is smaller.
    """
    governments: list[int] = []
    flagged: list[int] = []
    for number, report in enumerate(reports):
        candidate = report.candidate
        if _is_government(candidate):
            governments.append(number)
        if candidate.holds_others:
            flagged.append(number)
    count = len(reports)
    if len(governments) < count:
        return dict(_of_governments(reports, governments))
    if len(flagged) < count:
        return dict.fromkeys(flagged, _OVERVIEW)
    return {}


def _of_governments(
    reports: Sequence[KeyedReport], governments: Sequence[int]
) -> Iterator[tuple[int, str]]:
    """Why each of these numbers of ``reports`` is not added to the others."""
    set_aside = frozenset(governments)
    others: list[list[int]] = []
    for number, report in enumerate(reports):
        if number not in set_aside:
            others.append(_figures(report.candidate))
    sums = [sum(column) for column in zip(*others, strict=True)]
    for number in governments:
        candidate = reports[number].candidate
        says_so_itself = candidate.is_of_government and not candidate.is_placed
        pairs = zip(_figures(candidate), sums, strict=True)
        is_smaller = any(figure < total for figure, total in pairs)
        yield number, _DOUBTFUL if says_so_itself and is_smaller else _OVERVIEW


def _is_government(candidate: Candidate) -> bool:
    """Whether a report may hold those of others; one that its source placed is known not to."""
    if candidate.holds_others:
        return True
    return candidate.is_of_government and not candidate.is_placed


def _by_roster(reports: Sequence[KeyedReport], roster: Roster) -> dict[int, str]:
    """The overviews of units below which there is another report that counts.

    Where nothing came from below, the overview stands in for it.
    """
    covered: set[str] = set()
    overviews: list[_Overview] = []
    for number, report in enumerate(reports):
        above = tuple(unit.key for unit in roster.at_and_above(report.key))
        if _is_overview(report, roster):
            overview = _Overview(number, above)
            overviews.append(overview)
        else:
            covered.update(above)
    overviews.sort(key=_depth, reverse=True)
    holding: dict[int, str] = {}
    for overview in overviews:
        is_sum_of_those_beside = overview.unit in roster.beside_governments
        if overview.unit in covered or is_sum_of_those_beside:
            holding[overview.number] = _OVERVIEW
        else:
            covered.update(overview.above)
    return holding


@frozen
class _Overview:
    """The number of an overview, and the keys of its unit and of all above this one."""

    number: int
    above: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The key of its unit."""
        return self.above[0]


def _depth(overview: _Overview) -> int:
    return len(overview.above)


def _is_overview(report: KeyedReport, roster: Roster) -> bool:
    candidate = report.candidate
    if candidate.holds_others:
        return True
    if report.key not in roster.children:
        return False
    reports_itself = candidate.unit is not None and candidate.unit.reports
    return candidate.is_of_government or not reports_itself


def _by_figures(reports: Mapping[int, KeyedReport]) -> dict[int, str]:
    """A report all of whose figures are the sum of the others': twice itself is the sum of all.

    Reports of zeros are no crowd, and few small figures agree by chance.
    """
    figures_of: dict[int, list[int]] = {}
    for number, report in reports.items():
        figures = _figures(report.candidate)
        if any(figures):
            figures_of[number] = figures
    if len(figures_of) < _CROWD:
        return {}
    columns = zip(*figures_of.values(), strict=True)
    sums = [sum(column) for column in columns]
    for number, figures in figures_of.items():
        doubled = [2 * figure for figure in figures]
        if doubled == sums and is_telling(figures):
            return {number: "每一个数都等于其余各份之和，是它们的汇总"}
    return {}


def _figures(candidate: Candidate) -> list[int]:
    return [amount or 0 for amount in candidate.amounts.figures]
