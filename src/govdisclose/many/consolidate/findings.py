"""Findings about the reports of many units: H102 to H104, H106 to H108."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Value
from govdisclose.form.grouping import group_by, grouped
from govdisclose.many.consolidate.admission import NO_CODES, Admission, Refusal, listed
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.consolidate.total import Consolidated, missing_units
from govdisclose.many.inbox import SCANNED, PassedOver
from govdisclose.many.roster import Roster, RosterUnit
from govdisclose.many.same_figures import alike, is_telling
from govdisclose.rules.aggregation import H102, H103, H106, H117


def mixed(admission: Admission) -> Iterator[Finding]:
    """H103: reports of different years or editions, which cannot be added. Names the rarer ones."""
    reports = [*admission.counted.values(), *admission.overviews.values()]
    reports.sort(key=attrgetter("file"))
    by_year = group_by(reports, _year)
    if len(by_year) > 1:
        years = _group_words(by_year)
        text = f"年度不一，不能相加：{years}"
        yield H103.finding(text)
    by_edition = group_by(reports, _edition)
    if len(by_edition) > 1:
        editions = _group_words(by_edition)
        text = f"格式版本不一，不能相加：{editions}"
        yield H103.finding(text)


def _year(report: Contribution) -> str:
    return f"{report.year} 年度"


def _edition(report: Contribution) -> str:
    return f"{report.edition_name} 版"


def _group_words(groups: Mapping[str, Sequence[Contribution]]) -> str:
    """How many reports each group has, and which they are, except in the largest one.

    Of several largest ones the last is the usual one, as in ``usual_year``.
    """
    values = sorted(groups)
    usual = max(values, key=lambda value: (len(groups[value]), value))
    said: list[str] = []
    for value in values:
        group = groups[value]
        words = f"{value} {len(group)} 家"
        if value != usual:
            listing = _names_and_files(group)
            words += f"（{listing}）"
        said.append(words)
    return "；".join(said)


def _names_and_files(reports: Iterable[Contribution]) -> str:
    names = [f"{report.name}：{report.file}" for report in reports]
    return listed(names, "家")


def not_counted(admission: Admission) -> Iterator[Finding]:
    """Each report that cannot be counted, by the rule that it breaks.

    ``scanned`` names the documents without text.
    """
    for refusal in _by_file(admission.refused):
        report = refusal.contribution
        if not report.is_report:
            continue
        # Whose report it is stands in doubt here, so the agency that it names is said too.
        who = report.file
        place = Place(report.file)
        if refusal.rule is H106:
            who = _file_and_name(report)
            place = report.code_place
        text = f"{who}：{refusal.reason}"
        yield refusal.rule.finding(text, place)


def not_on_roster(admission: Admission) -> Iterator[Finding]:
    """H102: each report of a unit that the roster does not know."""
    return _left_out(admission.unknown)


def of_other_years(admission: Admission) -> Iterator[Finding]:
    """H102: each report of another year that was left out."""
    return _left_out(admission.earlier)


def _left_out(refusals: Iterable[Refusal]) -> Iterator[Finding]:
    """H102 for each report, with the reason why it does not count."""
    for refusal in _by_file(refusals):
        report = refusal.contribution
        who = _file_and_name(report)
        place = Place(report.file)
        text = f"{who}：{refusal.reason}，没有计入"
        yield H102.finding(text, place, found=report.name)


def _file_and_name(report: Contribution) -> str:
    """The file, with the agency that it names in brackets."""
    name = report.agency.name
    return f"{report.file}（{name}）" if name else report.file


def _by_file(refusals: Iterable[Refusal]) -> list[Refusal]:
    return sorted(refusals, key=lambda refusal: refusal.contribution.file)


def doubled(admission: Admission) -> Iterator[Finding]:
    """H102: several reports of one unit."""
    for key, group in admission.doubled.items():
        is_counted = key in admission.counted or key in admission.overviews
        said = _of_doubled(group, is_counted=is_counted)
        place = Place(group[0].file)
        yield H102.finding(said, place)


def _of_doubled(group: Sequence[Contribution], *, is_counted: bool) -> str:
    said = [report.agency.name for report in group if report.agency.name]
    names = list(dict.fromkeys(said))
    files = [report.file for report in group]
    whose = listed(names, "家") if names else files[0]
    listing = listed(files, "份")
    fate = _fate(group, is_counted=is_counted)
    has_code = any(report.agency.code for report in group)
    hint = "" if has_code else NO_CODES
    return f"{whose}有 {len(group)} 份报告（{listing}），{fate}{hint}"


def _fate(group: Sequence[Contribution], *, is_counted: bool) -> str:
    """Whether the reports of a unit say the same, and which of them counts."""
    first, *others = group
    alike = all(first.says_the_same(other) for other in others)
    if not is_counted:
        data = "数据相同" if alike else "数据不同"
        return f"{data}，都没有计入"
    if not alike:
        return f"数据不同，已选定以 {first.file} 为准，其余不计入"
    others_err = any(other.errs for other in others)
    if others_err and not first.errs:
        return f"数据相同，只计没有错误的 {first.file}"
    return "数据相同，只计一份"


def same_figures(admission: Admission) -> Iterator[Finding]:
    """H117: units that were counted with the very same figures."""
    keyed = [(_figures(report), report) for report in admission.counted.values()]
    for group in alike(keyed):
        first = group[0]
        if is_telling(first.values):
            names = _names_and_files(group)
            place = Place(first.file)
            said = f"{len(group)} 家的三张表每一个数都相同，都已计入：{names}"
            yield H117.finding(said, place, found=first.name)


def _figures(report: Contribution) -> tuple[str, tuple[Value, ...]]:
    return report.edition_name, report.values


def standing_in(admission: Admission) -> Iterator[Finding]:
    """H102: reports counted for units below, from which nothing came."""
    for report in admission.stand_ins.values():
        text = (
            f"{report.file}：花名册上“{report.name}”有下级、自己不填报；"
            "下级一份也没有报，暂以这一份计入"
        )
        place = Place(report.file)
        yield H102.finding(text, place, found=report.name)


def only_compared(admission: Admission, roster: Roster | None) -> Iterator[Finding]:
    """H102: overviews of units that the roster expects a report of their own from, and has none."""
    if roster is None:
        return
    for key, report in admission.overviews.items():
        unit = roster.by_key[key]
        if unit.reports and key not in admission.counted:
            who = _file_and_name(report)
            place = Place(report.file)
            text = (
                f"{who}：报告类别是“政府”，是本级汇总报告，已含下级各单位的数，不与它们相加，只核对"
            )
            yield H102.finding(text, place, found=report.name)


def scanned(passed_over: Iterable[PassedOver]) -> Iterator[Finding]:
    """H102: each document without text, which may be the report of a unit."""
    for one in passed_over:
        if one.reason == SCANNED:
            place = Place(one.name)
            said = f"{one.name}：{SCANNED}；如果是某单位的报告，这一家没有计入"
            yield H102.finding(said, place)


def missing(top: Consolidated) -> Iterator[Finding]:
    """One H102 for all missing units, by level."""
    if top.missing:
        expected = top.expected or 0
        came = len(top.units)
        yield _of_missing(top.face, top.missing, expected, came)


def missing_so_far(admission: Admission, roster: Roster | None) -> Iterator[Finding]:
    """The same H102 where the reports cannot be added up: who is missing is known all the same."""
    if roster is None:
        return
    lacking = list(missing_units(roster.units, admission))
    if lacking:
        expected = roster.expected
        came = expected - len(lacking)
        face = f"已收到 {came} 家，应报 {expected} 家"
        yield _of_missing(face, lacking, expected, came)


def _of_missing(face: str, units: Sequence[RosterUnit], expected: int, came: int) -> Finding:
    names = [(unit.level, unit.name) for unit in units]
    levels = _of_levels(grouped(names))
    return H102.finding(
        f"{face}，缺 {levels}",
        units[0].place,
        expected=f"{expected} 家",
        found=f"{came} 家",
    )


def _of_levels(names_by_level: Mapping[str, Sequence[str]]) -> str:
    said = []
    for level, names in names_by_level.items():
        count = len(names)
        listing = listed(names, "家")
        said.append(f"{level} {count} 家（{listing}）")
    return "；".join(said).strip()
