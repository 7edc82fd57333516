"""Two folders of reports of two years side by side: the sums of both, and unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from attrs import evolve, frozen

from govdisclose.errors import FindingsError, UsageError
from govdisclose.form.comparison import Compared, Comparison
from govdisclose.form.grouping import grouped
from govdisclose.form.indicators import INDICATORS
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.form.units_compared import NotAdded, UnitsCompared, UnitYears, added
from govdisclose.many.compare import compare_reports
from govdisclose.many.consolidate.aggregate import aggregate_reports
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.consolidate.total import Consolidated
from govdisclose.many.decisions import Decisions, SomeDecisions, not_taken
from govdisclose.many.folder_decisions import decisions_of_folders, each_decisions
from govdisclose.many.inbox import look_into
from govdisclose.many.isolation import Isolation
from govdisclose.many.overview.candidates import amounts_of
from govdisclose.many.reading import worthwhile_jobs
from govdisclose.many.roster import Roster, RosterUnit, source_of
from govdisclose.many.roster_doubts import roster_doubts
from govdisclose.many.roster_sheet import known_roster
from govdisclose.read.source import Readable
from govdisclose.rules.aggregation import H117
from govdisclose.source import PathLike

_NAMELESS = "各单位总计"


def compare_folders(
    first: PathLike,
    second: PathLike,
    *,
    roster: Readable | Roster | None = None,
    decisions: SomeDecisions | None = None,
    years: Sequence[int] | None = None,
    jobs: int | None = None,
    isolation: Isolation | None = None,
) -> Comparison:
    """Compare the reports of two years, a folder each, in whatever order they are given.

    The reports of each folder are added up as ``aggregate`` does; the figures of the comparison are
    these sums. ``units`` of the result holds every unit: in both years, or only in one. Units are
    distinguished by code, else by name; ``roster`` also knows former names and codes, and says to
    whom a unit belongs. Files that do not count are listed in ``units.left_out``.

    ``decisions`` is a 结果.xlsx of a batch of one of the folders with 是 in the column 以此为准, or one
    for each: of several reports of one unit it says which one counts. ``years`` has a year for each
    folder, in their order: reports of other years are left out and listed.

    Raises ``UsageError`` for two folders of one year or decisions that fit neither folder,
    ``FindingsError`` when no report of a folder counts or its reports are of several years,
    ``InputError`` when a folder has no report.

    Examples:
        >>> from govdisclose.comparison import compare_folders
        >>> compared = compare_folders("收件2023", "收件")
        >>> compared.units.face
        '两年都有的 2 家，只有 2023 年度的 0 家，只有 2024 年度的 0 家'
    """
    known = known_roster(roster)
    apart = (roster, source_of(known), *each_decisions(decisions))
    folders = (Path(first), Path(second))
    chosen = decisions_of_folders(decisions, folders)
    wanted = (None, None) if years is None else tuple(years)
    if len(wanted) != len(folders):
        raise UsageError("两个文件夹要给两个年度，依文件夹的次序")
    sides: list[_Side] = []
    for folder, year in zip(folders, wanted, strict=True):
        one = _Folder(folder, apart, chosen.get(folder), year)
        sides.append(one.added_up(known, jobs, isolation))
    sides.sort(key=_year)
    old, new = sides
    if _year(old) == _year(new):
        raise UsageError(f"两个文件夹都是 {_year(old)} 年度的报告，不能比较")
    compared = compare_reports(_named(old), _named(new))
    reports: list[Compared] = []
    for report, side in zip(compared.reports, sides, strict=True):
        source = f"{side.folder}，{side.made.face}"
        with_source = evolve(report, source=source)
        reports.append(with_source)
    notices = (*compared.notices, *_notices(known, sides))
    return evolve(compared, reports=tuple(reports), notices=notices, units=_units(old, new))


@frozen
class _Side:
    """The sum of a folder."""

    folder: Path
    made: Consolidated


@frozen
class _Folder:
    """A folder to be added up, without the files ``apart``: the year wanted, and the decisions."""

    folder: Path
    apart: tuple[object, ...]
    decisions: Decisions | None
    year: int | None

    def added_up(
        self, roster: Roster | None, jobs: int | None, isolation: Isolation | None
    ) -> _Side:
        """The sum of its reports."""
        inbox = look_into(self.folder).without(self.apart)
        inbox.refuse_empty()
        try:
            made = aggregate_reports(
                inbox.entries,
                roster=roster,
                decisions=self.decisions,
                year=self.year,
                on_error="list",
                base=self.folder,
                jobs=jobs or worthwhile_jobs(len(inbox.entries)),
                isolation=isolation,
            )
        except FindingsError as error:
            raise FindingsError(error.findings, error.reading, self.folder) from error
        not_read = (*inbox.passed_over, *made.not_read)
        return _Side(self.folder, evolve(made, not_read=not_read))


def _year(side: _Side) -> int:
    year = side.made.report.year
    if year is None:
        raise UsageError(f"{side.folder} 里的报告没有写明年度，不能比较")
    return year


def _named(side: _Side) -> AnnualReport:
    """The sum as a report with a name."""
    report = side.made.report
    name = report.agency.name or _NAMELESS
    return report.evolve(agency=Agency(name, report.agency.code, "government"))


def _notices(roster: Roster | None, sides: Iterable[_Side]) -> Iterator[str]:
    """Names on the roster that may mean two units (H118), units with the same figures (H117)."""
    for doubt in roster_doubts(roster):
        yield doubt.text
    for side in sides:
        for finding in side.made.findings:
            if finding.code == H117.code:
                yield f"{side.folder}：{finding.text}"


# --- unit by unit -------------------------------------------------------------------------------


def _units(old: _Side, new: _Side) -> UnitsCompared:
    units = tuple(_each_unit(old.made, new.made))
    parents = _parents(old.made) | _parents(new.made)
    left_out = [*_left_out(old), *_left_out(new)]
    left_out.sort(key=attrgetter("is_report"), reverse=True)
    return UnitsCompared(
        old_year=_year(old),
        new_year=_year(new),
        units=units,
        counties=tuple(_counties(units, parents)),
        left_out=tuple(left_out),
    )


def _each_unit(old: Consolidated, new: Consolidated) -> Iterator[UnitYears]:
    """The units of the newer year in their order, then those of the older year alone."""
    on_roster = _on_roster(old) | _on_roster(new)
    absent_then = _absences(old)
    absent_now = _absences(new)
    counted = dict(new.counted)
    for key, contribution in old.counted.items():
        counted.setdefault(key, contribution)
    for key, known in counted.items():
        then = old.counted.get(key)
        now = new.counted.get(key)
        unit = on_roster.get(key)
        if unit is None:
            unit = UnitYears(key, known.name, known.agency.code or "")
        remark = ""
        if then is None:
            remark = absent_then.get(key, "")
        elif now is None:
            remark = absent_now.get(key, "")
        yield evolve(
            unit,
            old=_counts(then),
            new=_counts(now),
            changed=_changed(then, now),
            remark=remark,
            old_reports=int(then is not None),
            new_reports=int(now is not None),
        )


def _on_roster(made: Consolidated) -> dict[str, UnitYears]:
    """The units of a roster, by key, without figures."""
    names = {unit.key: unit.name for unit in made.roster}
    found: dict[str, UnitYears] = {}
    for unit in made.roster:
        found[unit.key] = UnitYears(
            key=unit.key,
            name=unit.name,
            code=unit.code or "",
            parent=names.get(unit.parent or "", ""),
            level=unit.level,
        )
    return found


def _absences(made: Consolidated) -> dict[str, str]:
    """Why units are not in the sum of a year, as far as it is known, by key."""
    year = made.report.year
    found = {unit.key: f"{year} 年度缺报" for unit in made.missing}
    for node in made.walk():
        if node.unit is not None and node.overview is not None:
            found[node.unit.key] = f"{year} 年度的报告是本级汇总报告，不与下级相加"
    for refusal in made.refused:
        if refusal.key:
            found[refusal.key] = f"{year} 年度的报告没有计入：{refusal.reason}"
    for absent in made.absent:
        key = absent.unit.key
        found[key] = absent.change
    return found


def _counts(contribution: Contribution | None) -> tuple[int | None, ...] | None:
    """The figures of a unit, one for each of ``COUNTS``."""
    if contribution is None:
        return None
    amounts = amounts_of(contribution.edition_name, contribution.values)
    counts: list[int | None] = []
    for indicator, part in zip(INDICATORS, amounts.parts, strict=True):
        if not indicator.is_rate:
            counts.append(part)
    return tuple(counts)


def _changed(old: Contribution | None, new: Contribution | None) -> int | None:
    """How many cells differ; ``None`` where the two cannot be compared cell by cell."""
    if old is None or new is None:
        return None
    if old.edition_name != new.edition_name:
        return None
    pairs = zip(old.values, new.values, strict=True)
    return sum(then != now for then, now in pairs)


def _parents(made: Consolidated) -> dict[str, RosterUnit]:
    """The unit that each unit of a roster belongs to directly, by the key of the latter."""
    units = {unit.key: unit for unit in made.roster}
    found: dict[str, RosterUnit] = {}
    for unit in made.roster:
        if unit.parent in units:
            found[unit.key] = units[unit.parent]
    return found


def _counties(units: Iterable[UnitYears], parents: Mapping[str, RosterUnit]) -> Iterator[UnitYears]:
    """The sums of the units by the unit that they belong to directly; two may have one name."""
    keyed: list[tuple[str, UnitYears]] = []
    for unit in units:
        if unit.key in parents:
            parent = parents[unit.key]
            keyed.append((parent.key, unit))
    for key, group in grouped(keyed).items():
        above = parents[group[0].key]
        yield UnitYears(
            key,
            above.name,
            above.code or "",
            old=added(unit.old for unit in group if unit.old is not None),
            new=added(unit.new for unit in group if unit.new is not None),
            old_reports=sum(unit.old_reports for unit in group),
            new_reports=sum(unit.new_reports for unit in group),
        )


def _left_out(side: _Side) -> Iterator[NotAdded]:
    """The reports of a folder that do not count, then its other files."""
    made = side.made
    for refusal in (*made.refused, *made.earlier, *made.unknown):
        contribution = refusal.contribution
        if contribution.is_report:
            path = side.folder / contribution.file
            yield NotAdded(str(path), refusal.reason)
    for report, reason in _not_taken(made):
        path = side.folder / report.file
        yield NotAdded(str(path), reason)
    for other in made.not_read:
        path = side.folder / other.name
        yield NotAdded(str(path), other.reason, is_report=False, looked_at=other.looked_at)


def _not_taken(made: Consolidated) -> Iterator[tuple[Contribution, str]]:
    """Yield the reports beside which another of the same unit was taken, with the reason."""
    taken = _taken(made)
    settled = taken.union(refusal.contribution.file for refusal in made.refused)
    for group in made.doubled:
        counted = [report for report in group if report.file in taken]
        if not counted:
            continue
        for report in group:
            if report.file not in settled:
                yield report, _why_not_taken(report, _instead_of(report, counted))


def _instead_of(report: Contribution, counted: Sequence[Contribution]) -> Contribution:
    """The report that was taken in place of another: one of the same kind, if there is any."""
    level = report.agency.level
    same_kind = [other for other in counted if other.agency.level == level]
    return (same_kind or counted)[0]


def _taken(made: Consolidated) -> set[str]:
    """The files of the reports that were taken: those in the sum, and the overviews."""
    files = {report.file for report in made.units}
    for node in made.walk():
        if node.overview is not None:
            files.add(node.overview.file)
    return files


def _why_not_taken(report: Contribution, counted: Contribution) -> str:
    """Why a report is left out beside the one that is counted."""
    if report.says_the_same(counted):
        return f"与 {counted.file} 的数相同，只计一份"
    return not_taken(counted.file)
