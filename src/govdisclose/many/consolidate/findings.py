"""Findings about the reports of many units: H102 to H104, H106 to H108."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from govdisclose.finding import Finding, Place
from govdisclose.many.consolidate.admission import NO_CODES, Admission, Refusal, listed
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.consolidate.total import Consolidated, missing_units
from govdisclose.many.inbox import SCANNED, PassedOver
from govdisclose.many.roster import Roster, RosterUnit
from govdisclose.rules.aggregation import H102, H103, H106


def mixed(admission: Admission) -> Iterator[Finding]:
    """H103: reports of different years or editions, which cannot be added. Names the rarer ones."""
    reports = [*admission.counted.values(), *admission.overviews.values()]
    for what, unit, value_of in (("年度", "年度", _year), ("格式版本", "版", _edition)):
        groups = _grouped(reports, value_of)
        if len(groups) < 2:
            continue
        usual = max(groups, key=lambda value: len(groups[value]))
        said = []
        for value, group in groups.items():
            names = "" if value == usual else f"（{_names_and_files(group)}）"
            said.append(f"{value} {unit} {len(group)} 家{names}")
        yield H103.finding(f"{what}不一，不能相加：{'；'.join(said)}")


def _grouped(
    reports: Iterable[Contribution], value_of: Callable[[Contribution], str]
) -> dict[str, list[Contribution]]:
    """The reports by a value, smallest first, each group in the order of the files."""
    groups: dict[str, list[Contribution]] = {}
    for report in sorted(reports, key=lambda report: (value_of(report), report.file)):
        groups.setdefault(value_of(report), []).append(report)
    return groups


def _year(report: Contribution) -> str:
    return str(report.year)


def _edition(report: Contribution) -> str:
    return report.edition_name


def _names_and_files(reports: Iterable[Contribution]) -> str:
    return listed([f"{report.name}：{report.file}" for report in reports], "家")


def not_counted(admission: Admission) -> Iterator[Finding]:
    """Each report that cannot be counted, by the rule that it breaks."""
    for refusal in _by_file(admission.refused):
        report = refusal.contribution
        # Whose report it is stands in doubt here, so the agency that it names is said too.
        who, place = report.file, Place(report.file)
        if refusal.rule is H106:
            who = f"{report.file}（{report.name}）"
            place = report.code_place
        yield refusal.rule.finding(f"{who}：{refusal.reason}", place)


def not_on_roster(admission: Admission) -> Iterator[Finding]:
    """H102: each report of a unit that the roster does not know."""
    for refusal in _by_file(admission.unknown):
        report = refusal.contribution
        text = f"{report.file}（{report.name}）：{refusal.reason}，没有计入"
        yield H102.finding(text, Place(report.file), found=report.name)


def _by_file(refusals: Iterable[Refusal]) -> list[Refusal]:
    return sorted(refusals, key=lambda refusal: refusal.contribution.file)


def doubled(admission: Admission) -> Iterator[Finding]:
    """H102: several reports of one unit."""
    for key, group in admission.doubled.items():
        is_counted = key in admission.counted or key in admission.overviews
        said = _of_doubled(group, is_counted=is_counted)
        yield H102.finding(said, Place(group[0].file))


def _of_doubled(group: Sequence[Contribution], *, is_counted: bool) -> str:
    first, *others = group
    alike = all(first.says_the_same(other) for other in others)
    names = listed(list(dict.fromkeys(report.name for report in group)), "家")
    files = listed([report.file for report in group], "份")
    data = "数据相同" if alike else "数据不同"
    fate = "只计一份" if is_counted else "都没有计入"
    if is_counted and not alike:
        fate = f"已选定以 {first.file} 为准，其余不计入"
    hint = "" if any(report.agency.code for report in group) else NO_CODES
    reports = f"{names}有 {len(group)} 份报告（{files}）"
    return f"{reports}，{data}，{fate}{hint}"


def standing_in(admission: Admission) -> Iterator[Finding]:
    """H102: reports counted for units below, from which nothing came."""
    for report in admission.stand_ins.values():
        text = (
            f"{report.file}：花名册上“{report.name}”有下级、自己不填报；"
            "下级一份也没有报，暂以这一份计入"
        )
        yield H102.finding(text, Place(report.file), found=report.name)


def scanned(passed_over: Iterable[PassedOver]) -> Iterator[Finding]:
    """H102: each document without text, which may be the report of a unit."""
    for one in passed_over:
        if one.reason == SCANNED:
            said = f"{one.name}：{SCANNED}；如果是某单位的报告，这一家没有计入"
            yield H102.finding(said, Place(one.name))


def missing(top: Consolidated) -> Iterator[Finding]:
    """One H102 for all missing units, by level."""
    if top.missing:
        yield _of_missing(top.face, top.missing, top.expected or 0, len(top.units))


def missing_so_far(admission: Admission, roster: Roster | None) -> Iterator[Finding]:
    """The same H102 where the reports cannot be added up: who is missing is known all the same."""
    if roster is None:
        return
    expected = sum(bool(unit.reports) for unit in roster.units)
    lacking = list(missing_units(roster.units, admission))
    if lacking:
        came = expected - len(lacking)
        yield _of_missing(f"已收到 {came} 家，应报 {expected} 家", lacking, expected, came)


def _of_missing(face: str, units: Sequence[RosterUnit], expected: int, came: int) -> Finding:
    by_level: dict[str, list[str]] = {}
    for unit in units:
        by_level.setdefault(unit.level, []).append(unit.name)
    return H102.finding(
        f"{face}，缺 {_of_levels(by_level)}",
        units[0].place,
        expected=f"{expected} 家",
        found=f"{came} 家",
    )


def _of_levels(names_by_level: Mapping[str, Sequence[str]]) -> str:
    said = []
    for level, names in names_by_level.items():
        listing = listed(names, "家")
        said.append(f"{level} {len(names)} 家（{listing}）")
    return "；".join(said).strip()
