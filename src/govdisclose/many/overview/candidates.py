"""Reduce a report to what its figures need, so that tens of thousands can be held at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import field, frozen

from govdisclose.form.adding import with_derived_totals
from govdisclose.form.edition import EDITIONS
from govdisclose.form.fields import Value
from govdisclose.form.indicators import positions
from govdisclose.form.long_table import Tabled
from govdisclose.form.overview import Excluded
from govdisclose.many.long_table import CONTRADICTION, ERRORS, NOT_ASKED, OVERVIEW, STRANGER
from govdisclose.many.other_year import is_to_come
from govdisclose.many.overview.sources import FoundReport, Origin
from govdisclose.many.roster import Identity, RosterUnit
from govdisclose.many.same_figures import digest_of_values
from govdisclose.many.yearly_roster import YearlyRoster
from govdisclose.read.tables.labels import code_key


@frozen
class Amounts:
    """What a report adds to each of ``INDICATORS``; ``blank`` says where some cell is blank."""

    parts: tuple[int | None, ...]
    wholes: tuple[int | None, ...]
    blank: tuple[bool, ...]

    @property
    def figures(self) -> tuple[int | None, ...]:
        """Everything that it adds."""
        return (*self.parts, *self.wholes)


@frozen
class Candidate:
    """A report that counts if nothing speaks against it.

    ``unit`` is its unit on the roster. ``fault`` is the reason in Chinese why it cannot count,
    whatever the other reports are. ``holds_others`` and ``is_not_asked`` when its source says
    so. ``digest`` is equal for reports with the same figures. ``remark`` is the clause about its
    consolidated workbook.
    ``in_doubt`` says whose it may be: its code and its name disagree, or only its path names a
    unit. ``why_not`` says why a decision of the office on its unit does not hold.
    """

    year: int
    name: str
    code: str
    parent: str
    level: str
    is_of_government: bool
    holds_others: bool
    file: str
    source: str
    digest: bytes = field(repr=False)
    amounts: Amounts = field(repr=False)
    unit: RosterUnit | None = None
    fault: str = ""
    is_total: bool = False
    is_not_asked: bool = False
    remark: str = ""
    in_doubt: Identity | None = None
    why_not: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether its source says to whom its unit belongs, or at which level it is."""
        return bool(self.parent or self.level) and not self.is_total

    def excluded(self, reason: str, *, leaves_a_gap: bool = True) -> Excluded:
        """The record of this report when it is left out."""
        return Excluded(self.file, reason, self.year, self.name, leaves_a_gap)


def candidate_of(found: FoundReport, yearly: YearlyRoster | None) -> Candidate | Excluded:
    """A report that may count; one without a year cannot be put anywhere."""
    report = found.report
    file = found.file
    if report.year is None:
        return Excluded(file, "没有写明年度", None, report.agency.name)
    status = frozenset(report.status.split("+"))
    owner = _owner(report, status, yearly)
    unit = owner.unit
    values = with_derived_totals(EDITIONS[report.edition_name], report.values)
    return Candidate(
        year=report.year,
        name=_name(owner, report),
        code=code_key(unit.code if unit else report.agency.code),
        parent=owner.parent if unit else report.parent,
        level=unit.level if unit else report.level,
        is_of_government=report.agency.level == "government",
        holds_others=OVERVIEW in status,
        file=file,
        source=found.source,
        digest=digest_of_values(report.edition_name, values),
        amounts=amounts_of(report.edition_name, values),
        unit=unit,
        fault=_fault(report, status) or owner.doubt,
        is_total=found.origin is Origin.TOTAL,
        is_not_asked=NOT_ASKED in status,
        remark=found.remark,
        in_doubt=owner.in_doubt,
        why_not=found.why_not,
    )


def _name(owner: _Owner, report: Tabled) -> str:
    """The name of the unit, be it only that in the path; else the one in the report."""
    named = owner.unit
    if named is None and owner.in_doubt is not None:
        named = owner.in_doubt.unit
    return report.agency.name if named is None else named.name


# --- what speaks against it ---------------------------------------------------------------------


def _fault(report: Tabled, status: frozenset[str]) -> str:
    """Why the figures of a report cannot be used; ``""`` when they can."""
    if report.year is not None and is_to_come(report.year):
        return f"报告年度是 {report.year}，还没有到，多半是填错了"
    if ERRORS in status:
        return "三张表有错误，可用 govdisclose check 查看"
    if not report.status and _states_otherwise(report):
        return "有总计与各项之和不等"
    if all(value is None for value in report.values):
        return "三张表一格也没有填"
    if any(value is not None and value < 0 for value in _used(report)):
        return "三张表有负数"
    return ""


def _states_otherwise(report: Tabled) -> bool:
    """Whether a total is stated, but not as the sum of its addends.

    Nobody has looked at a report whose ``status`` is empty: it was exported by itself.
    """
    derived = with_derived_totals(EDITIONS[report.edition_name], report.values)
    for stated, value in zip(report.values, derived, strict=True):
        if stated is not None and stated != (value or 0):
            return True
    return False


@frozen
class _Owner:
    """Whose report it is, and the name of the unit above; ``doubt`` says why nobody knows.

    ``in_doubt`` is the answer of the roster where code and name disagree, or are not there.
    """

    unit: RosterUnit | None = None
    parent: str = ""
    doubt: str = ""
    in_doubt: Identity | None = None


def _owner(report: Tabled, status: frozenset[str], yearly: YearlyRoster | None) -> _Owner:
    """Ask the roster; without one, rely on what the source recorded about its own roster."""
    if yearly is None or report.year is None:
        if STRANGER in status:
            return _Owner(doubt="不在花名册上")
        if CONTRADICTION in status:
            return _Owner(doubt="代码和名称与花名册不符")
        return _Owner()
    found = yearly.ownership.owner(report.agency, report.file)
    if found.by_path:
        return _Owner(doubt=f"没有写机关名称；{found.reason}", in_doubt=found)
    if found.contradicts:
        return _Owner(doubt=found.reason, in_doubt=found)
    if found.unit is None:
        return _Owner(doubt=found.reason)
    return _owner_on_roster(found.unit, report.year, yearly)


def _owner_on_roster(unit: RosterUnit, year: int, yearly: YearlyRoster) -> _Owner:
    of_year = yearly.of(year)
    if unit.key not in of_year.by_key:
        absence = yearly.roster.absence_of(unit, year)
        return _Owner(doubt=f"{absence}，{year} 年度不应有报告")
    there = of_year.by_key[unit.key]
    above = of_year.parent_of(there)
    return _Owner(there, "" if above is None else above.name)


def _used(report: Tabled) -> Iterator[Value]:
    """The values of all cells that an indicator takes."""
    for position in positions(report.edition_name):
        for at in (*position.part, *position.whole):
            yield report.values[at]


# --- what it adds -------------------------------------------------------------------------------


def amounts_of(edition_name: str, values: Sequence[Value]) -> Amounts:
    """What a report with these cells, in printed order, adds to each of ``INDICATORS``."""
    parts: list[int | None] = []
    wholes: list[int | None] = []
    blank: list[bool] = []
    for position in positions(edition_name):
        part = [values[at] for at in position.part]
        whole = [values[at] for at in position.whole]
        has_blank = None in part or None in whole
        parts.append(_sum(part))
        wholes.append(_sum(whole))
        blank.append(has_blank)
    return Amounts(tuple(parts), tuple(wholes), tuple(blank))


def _sum(values: Sequence[Value]) -> int | None:
    """The sum of some cells; ``None`` when all are blank, or there are none."""
    filled = [int(value) for value in values if value is not None]
    return sum(filled) if filled else None
