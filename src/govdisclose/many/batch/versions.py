"""Several versions of one unit's report: which of them counts, as far as the office has decided.

Nothing here reads or writes a file: versions and decisions go in, verdicts come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from attrs import evolve, field, frozen

from govdisclose.form.grouping import grouped
from govdisclose.form.report import Agency
from govdisclose.many.batch.result import Status
from govdisclose.many.decisions import Decisions, choose, not_taken
from govdisclose.many.other_year import only_of
from govdisclose.many.ownership import Ownership
from govdisclose.many.roster import Identity, Roster, RosterUnit
from govdisclose.many.same_figures import alike, told_of_each
from govdisclose.many.unit_versions import VersionKey, by_agency, by_unit
from govdisclose.read.tables.labels import name_key

_RECEIVED = (
    Status.MADE,
    Status.REFUSED,
    Status.PUBLISHED,
    Status.UNDECIDED,
    Status.SUPERSEDED,
)
"""The states of reports that a unit has handed in for the year of the batch, and that were read."""


@frozen
class Version:
    """A report that was read: its path below the folder, whose it is, and a digest of its file.

    ``figures`` is one of its figures, empty where another report may well have the same.
    """

    workbook: str
    agency: Agency
    year: int | None
    status: Status
    digest: str = ""
    figures: str = ""


@frozen
class Verdict:
    """The fate of a version; ``reason`` gives the reason in Chinese.

    ``REFUSED`` means that its code and its name lead to different units: it must be corrected.
    """

    status: Status
    reason: str


@frozen
class Verdicts:
    """The decisions on all versions.

    ``changed`` are the versions that give no reports after all. ``notes`` are sentences in Chinese
    on others. ``missing`` are the units of the roster from which no report of the year came;
    ``other_years`` says in Chinese, by their keys, which reports of other years came from them.
    ``not_owed`` are the reasons in Chinese why the roster expects no report like one that is made.
    """

    changed: Mapping[str, Verdict] = field(factory=dict)
    notes: Mapping[str, str] = field(factory=dict)
    missing: tuple[RosterUnit, ...] = ()
    other_years: Mapping[str, str] = field(factory=dict)
    not_owed: Mapping[str, str] = field(factory=dict)


def judge(
    versions: Iterable[Version],
    roster: Roster | None = None,
    decisions: Decisions | None = None,
    year: int | None = None,
) -> Verdicts:
    """Decide on all versions of every unit, by roster, else by code, else by name.

    ``year`` is the one that is collected, if it was given.

    A unit with one version keeps it. Of several, the one that the office has chosen counts, or one
    of those that are the same file. Otherwise none counts until the office decides. A version whose
    code and name lead to different units of the roster is refused.
    """
    versions = list(versions)
    received = [version for version in versions if version.status in _RECEIVED]
    if roster is None:
        return _verdicts(_VersionsByUnit(by_agency(received)), decisions or {})
    failed = _with_status(versions, Status.FAILED)
    owners = _by_roster(received, failed, roster)
    missing = tuple(_missing(roster, owners.units))
    other_years: Mapping[str, str] = {}
    if year is not None:
        aside = _with_status(versions, Status.OTHER_YEAR)
        other_years = _other_years(aside, roster, missing, year)
    verdicts = _verdicts(owners, decisions or {})
    return evolve(verdicts, missing=missing, other_years=other_years, not_owed=owners.not_owed)


def _with_status(versions: Iterable[Version], status: Status) -> list[Version]:
    return [version for version in versions if version.status is status]


def _verdicts(owners: _VersionsByUnit, decisions: Decisions) -> Verdicts:
    """The verdicts on the versions of all units, without what only a roster shows."""
    groups = owners.groups.values()
    changed = dict(owners.contradictions)
    told = list(owners.notes.items())
    for group in groups:
        for workbook, verdict in _verdicts_on(group, decisions):
            if verdict.status is Status.MADE:
                told.append((workbook, verdict.reason))
            else:
                changed[workbook] = verdict
    told.extend(_same_figures(groups))
    notes = {workbook: "；".join(said) for workbook, said in grouped(told).items()}
    return Verdicts(changed, notes)


def _same_figures(groups: Iterable[Sequence[Version]]) -> Iterator[tuple[str, str]]:
    """Yield a note for each workbook that has the very same figures as another unit's (H117).

    Only a unit with one version is compared: of others it is not known which counts.
    """
    keyed: list[tuple[tuple[int | None, str], Version]] = []
    for group in groups:
        one = group[0]
        if len(group) == 1 and one.figures:
            key = (one.year, one.figures)
            keyed.append((key, one))
    for twins in alike(keyed):
        names = [version.agency.name for version in twins]
        sentences = told_of_each(names)
        for version, said in zip(twins, sentences, strict=True):
            yield version.workbook, said


def _missing(roster: Roster, received: Set[str]) -> Iterator[RosterUnit]:
    """Yield the units that owe a report and have sent none of the year."""
    for unit in roster.units:
        if unit.reports and unit.key not in received:
            yield unit


def _other_years(
    versions: Iterable[Version], roster: Roster, missing: Iterable[RosterUnit], year: int
) -> Mapping[str, str]:
    """Say which of the missing units have sent a report of another year, and name its file."""
    ownership = Ownership(roster)
    versions_of: dict[str, list[Version]] = {unit.key: [] for unit in missing}
    for version in versions:
        owner = ownership.owner(version.agency, version.workbook)
        if owner.key in versions_of:
            versions_of[owner.key].append(version)
    told: dict[str, str] = {}
    for key, sent in versions_of.items():
        if not sent:
            continue
        years = [version.year for version in sent if version.year is not None]
        files = "、".join(version.workbook for version in sent)
        told[key] = f"{only_of(years, year)}：{files}"
    return told


def judge_copies(versions: Iterable[Version]) -> Verdicts:
    """Decide in a batch without a roster and a year: of several copies of one file one is made."""
    first: dict[str, Version] = {}
    changed: dict[str, Verdict] = {}
    notes: dict[str, str] = {}
    for version in versions:
        if version.status not in _RECEIVED:
            continue
        original = first.setdefault(version.digest, version)
        if original is version:
            continue
        if version.status in _WOULD_BE_MADE:
            changed[version.workbook] = _copy_of(original)
        else:
            notes[version.workbook] = f"与 {original.workbook} 是同一个文件，内容完全相同"
    return Verdicts(changed, notes)


def _copy_of(original: Version) -> Verdict:
    said = f"与 {original.workbook} 是同一个文件，内容完全相同，只做一份"
    return Verdict(Status.SUPERSEDED, said)


# --- whose report it is -------------------------------------------------------------------------


@frozen
class _VersionsByUnit:
    """The versions of each unit, the units of the roster among them, and notes on the others.

    ``contradictions`` are the verdicts on versions whose code and name disagree. ``not_owed`` are
    the reasons why the roster expects no report like some of the others.
    """

    groups: Mapping[VersionKey, Sequence[Version]]
    units: frozenset[str] = frozenset()
    contradictions: Mapping[str, Verdict] = field(factory=dict)
    notes: Mapping[str, str] = field(factory=dict)
    not_owed: Mapping[str, str] = field(factory=dict)


@frozen
class _KnownVersion:
    """A version, and what the roster says of its code, its name and its path."""

    version: Version
    identity: Identity

    @property
    def workbook(self) -> str:
        """The path of its file below the folder."""
        return self.version.workbook

    @property
    def is_unknown(self) -> bool:
        """Whether the roster has no unit for it. Reports of namesakes are two reports."""
        identity = self.identity
        has_units = identity.unit is not None or bool(identity.candidates)
        return not has_units and not identity.contradicts


def _identified(versions: Iterable[Version], ownership: Ownership) -> list[_KnownVersion]:
    found: list[_KnownVersion] = []
    for version in versions:
        identity = ownership.owner(version.agency, version.workbook)
        found.append(_KnownVersion(version, identity))
    return found


def _by_roster(
    versions: Iterable[Version], failed: Iterable[Version], roster: Roster
) -> _VersionsByUnit:
    """The versions of each unit; a file that ``failed`` is no version, but its unit has sent it."""
    ownership = Ownership(roster)
    received = _identified(versions, ownership)
    lost = _identified(failed, ownership)
    groups: dict[VersionKey, Sequence[Version]] = {}
    groups.update(_groups_of_units(received, roster))
    unknown = [one.version for one in received if one.is_unknown]
    for (name, level, year), group in by_agency(unknown).items():
        groups[f"? {name}", level, year] = group
    contradictions: dict[str, Verdict] = {}
    notes: dict[str, str] = {}
    not_owed: dict[str, str] = {}
    for one in received:
        if one.identity.contradicts:
            contradictions[one.workbook] = Verdict(Status.REFUSED, one.identity.reason)
            continue
        reason = _why_not_owed(one, roster)
        notes[one.workbook] = reason or one.identity.reason
        if one.version.status is not Status.REFUSED:
            not_owed[one.workbook] = reason
    for one in lost:
        if one.identity.by_path:
            notes[one.workbook] = one.identity.reason
    units = frozenset(_handed_in(received, lost))
    return _VersionsByUnit(groups, units, contradictions, _filled(notes), _filled(not_owed))


def _filled(reasons: Mapping[str, str]) -> dict[str, str]:
    """The workbooks of which there is something to say."""
    return {workbook: reason for workbook, reason in reasons.items() if reason}


def _why_not_owed(one: _KnownVersion, roster: Roster) -> str:
    """Why the roster expects no such report: it lacks the unit, at least in that year, or does not
    ask it for one.
    """
    unit = one.identity.unit
    year = one.version.year
    if unit is None:
        return one.identity.reason
    if year is not None and not unit.exists(year):
        absence = roster.absence_of(unit, year)
        return f"{absence}，不用报 {year} 年度的报告"
    if unit.key not in roster.by_key:
        return ""
    return roster.why_not_asked(unit.key, one.version.agency)


def _groups_of_units(
    received: Iterable[_KnownVersion], roster: Roster
) -> dict[VersionKey, list[Version]]:
    """The versions of the units of the roster."""
    of_units: list[tuple[str, Version]] = []
    for one in received:
        unit = one.identity.unit
        if unit is not None:
            of_units.append((unit.key, one.version))
    return by_unit(of_units, roster)


def _handed_in(received: Iterable[_KnownVersion], lost: Iterable[_KnownVersion]) -> Iterator[str]:
    """The keys of the units from which anything came, be it a file that they must send again."""
    reporting: set[str] = set()
    doubtful: list[Identity] = []
    for one in received:
        identity = one.identity
        if identity.contradicts:
            doubtful.append(identity)
        elif identity.unit is not None and not identity.by_path:
            reporting.add(identity.unit.key)
        elif identity.unit is not None:
            yield identity.unit.key
    yield from reporting
    for identity in doubtful:
        unit = identity.returned_to(reporting)
        if unit is not None:
            yield unit.key
    for one in lost:
        if one.identity.unit is not None:
            yield one.identity.unit.key


# --- which version counts -----------------------------------------------------------------------


def _verdicts_on(group: Sequence[Version], decisions: Decisions) -> Iterator[tuple[str, Verdict]]:
    """Yield a verdict for each version of one unit that needs one; ``MADE`` leaves it as it is."""
    if len(group) == 1:
        return
    digests = {version.workbook: version.digest for version in group}
    choice = choose(digests, decisions)
    if choice.file:
        yield from _by_decision(group, choice.file)
        return
    candidates = [version for version in group if version.status in _WOULD_BE_MADE]
    others: Sequence[Version] = group
    if len(candidates) > 1:
        yield from _between(candidates, choice.why_not)
        others = [version for version in group if version not in candidates]
    for version in others:
        yield version.workbook, _to_compare(version, group)


def _to_compare(version: Version, group: Sequence[Version]) -> Verdict:
    """The verdict that leaves a version as it is, and names the others of its unit."""
    others = [other.workbook for other in group if other is not version]
    files = "、".join(others)
    return Verdict(Status.MADE, f"同一单位还有 {files}，请核对")


def _between(candidates: Sequence[Version], why_not: str) -> Iterator[tuple[str, Verdict]]:
    """Yield the verdicts on several versions that would all be made: one, or none."""
    first, *others = candidates
    are_copies = all(version.digest == first.digest for version in others)
    if are_copies:
        verdict = _copy_of(first)
        for version in others:
            yield version.workbook, verdict
        return
    said = _undecided(candidates, why_not)
    verdict = Verdict(Status.UNDECIDED, said)
    for version in candidates:
        yield version.workbook, verdict


_WOULD_BE_MADE = (Status.MADE, Status.UNDECIDED, Status.SUPERSEDED)


def _by_decision(group: Sequence[Version], chosen: str) -> Iterator[tuple[str, Verdict]]:
    others = [version.workbook for version in group if version.workbook != chosen]
    files = "、".join(others)
    yield chosen, Verdict(Status.MADE, f"已选定以此为准，不采用 {files}")
    set_aside = Verdict(Status.SUPERSEDED, not_taken(chosen))
    for workbook in others:
        yield workbook, set_aside


def _undecided(group: Sequence[Version], why_not: str) -> str:
    count = len(group)
    files = "、".join(version.workbook for version in group)
    said = f"同一单位有 {count} 份不同的报告（{files}），不知以哪一份为准，都没有做"
    names = {name_key(version.agency.name) for version in group}
    if len(names) > 1:
        said += "；代码相同而名称不同，请核对代码"
    if why_not:
        said += f"；{why_not}"
    return f"{said}。请在“以此为准”一列给其中一份写“是”，再加 --decisions 结果.xlsx 运行"
