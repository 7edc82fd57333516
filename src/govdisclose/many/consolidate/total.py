"""The sum of many reports: at the top, and at every unit of a roster that has units below."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from govdisclose.finding import Finding
from govdisclose.form.adding import add_onto, with_derived_totals
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.report import Agency, AnnualReport, make_report, standard_title
from govdisclose.form.year_changes import YearChanges
from govdisclose.many.consolidate.admission import Admission, Refusal
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.inbox import PassedOver, note_of
from govdisclose.many.roster import Roster, RosterUnit


@frozen
class Absent:
    """A unit of the roster that did not exist in the year of the reports, and why in Chinese."""

    unit: RosterUnit
    change: str
    is_dissolved: bool


@frozen
class Consolidated:
    """The sum of many units' reports, and who is in it.

    ``report`` is the consolidated report, of level government; its totals are derived from the
    summed addends. ``counted`` maps the key of each counted unit to its report, in the order of the
    roster, or by name without one. ``expected`` is how many units should report (``None`` without a
    roster), and ``missing`` are the units from which nothing came. ``refused`` and ``unknown`` (not
    on the roster) are reports that do not count, with the reason; ``earlier`` are those of an
    earlier year beside one of the same unit that counts. ``doubled`` are several reports of one
    unit. ``overview`` is the government's own report, if it lay among the units': it is compared
    with the sum. ``unit`` is this unit on the roster, ``roster`` holds it and the units below it,
    ``absent`` are the units that did not exist in that year, ``below`` the sums of those that have
    units of their own. ``findings`` are of family H. ``not_read`` are the files of a folder that
    are no reports.
    """

    report: AnnualReport
    counted: Mapping[str, Contribution] = field(repr=False)
    expected: int | None = None
    missing: tuple[RosterUnit, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unknown: tuple[Refusal, ...] = ()
    earlier: tuple[Refusal, ...] = ()
    doubled: tuple[tuple[Contribution, ...], ...] = ()
    overview: Contribution | None = None
    unit: RosterUnit | None = None
    roster: tuple[RosterUnit, ...] = ()
    absent: tuple[Absent, ...] = ()
    below: tuple[Consolidated, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_read: tuple[PassedOver, ...] = ()
    changes: YearChanges | None = field(default=None, repr=False)
    """The changes since last year, where last year's reports were given."""
    checksums: Mapping[str, str] = field(factory=dict, repr=False)
    """In its final state: the SHA-256 of every file of the folder, by its name below the folder."""

    @property
    def passed_over(self) -> str:
        """A sentence in Chinese about the files that were not read; empty if there are none."""
        return note_of(self.not_read)

    @property
    def units(self) -> tuple[Contribution, ...]:
        """The reports in the sum."""
        return tuple(self.counted.values())

    @property
    def complete(self) -> bool:
        """Whether every unit that should be in the sum is; without a roster, every report.

        With a roster, a refused report leaves a gap only if it is that of a unit that should be in
        the sum: a stray file that nobody can read is no unit's.
        """
        if self.missing:
            return False
        gaps = [refusal for refusal in self.refused if refusal.leaves_a_gap]
        if self.expected is None:
            return not gaps
        reporting = {unit.key for unit in self.roster if unit.reports}
        lacking = reporting.difference(self.counted)
        return lacking.isdisjoint(refusal.key for refusal in gaps)

    @property
    def face(self) -> str:
        """``已汇总 12 家，应报 14 家``; without a roster nobody knows how many there should be."""
        said = f"已汇总 {len(self.units)} 家"
        if self.expected is None:
            said += "（没有花名册，不知应报多少家）"
        else:
            said += f"，应报 {self.expected} 家"
        if self.refused:
            said += f"；另有 {len(self.refused)} 份报告没有计入"
        only_compared = sum(_is_only_compared(node) for node in self.walk())
        if only_compared:
            said += f"；{only_compared} 家交来的是本级汇总报告，只核对、不相加"
        return said

    @property
    def name(self) -> str:
        """Who consolidates, for messages."""
        return self.report.agency.name or "汇总"

    def walk(self) -> Iterator[Consolidated]:
        """This sum and all below it, from the top."""
        yield self
        for child in self.below:
            yield from child.walk()


def _is_only_compared(node: Consolidated) -> bool:
    """Whether the only report of a unit that should be in the sum is its overview."""
    unit = node.unit
    if node.overview is None or unit is None or not unit.reports:
        return False
    return unit.key not in node.counted


def add_up(
    admission: Admission,
    roster: Roster | None,
    agency: Agency | None = None,
    otherwise: Agency | None = None,
) -> Consolidated:
    """Add up the counted reports.

    ``agency`` names the top, else the roster does, else ``otherwise``.

    At least one report must count, and all must be of one edition and year.
    """
    if roster is None:
        counted = dict(sorted(admission.counted.items(), key=_by_name))
        return Consolidated(
            _sum(counted.values(), admission, agency or otherwise),
            counted,
            refused=admission.refused,
            earlier=admission.earlier,
            doubled=tuple(admission.doubled.values()),
        )
    head = _only_head(roster)
    named = otherwise if head is None else Agency(head.name, head.code)
    top = _sum_at(head, admission, roster, agency or named)
    # Reports whose unit is not known belong to nobody below.
    absent = tuple(_absent(roster, top.report.year))
    return evolve(top, refused=admission.refused, unknown=admission.unknown, absent=absent)


def _absent(roster: Roster, year: int | None) -> Iterator[Absent]:
    for unit in roster.absent:
        in_year = year or 0
        is_early = unit.founded is not None and in_year < unit.founded
        change = roster.change_of(unit, in_year)
        yield Absent(unit, change, is_dissolved=not is_early)


def _by_name(item: tuple[str, Contribution]) -> tuple[str, str, str]:
    key, contribution = item
    return contribution.agency.name, key, contribution.file


def _only_head(roster: Roster) -> RosterUnit | None:
    """The unit that all others belong to, if there is one."""
    heads = roster.children.get(None, ())
    if len(heads) == 1 and heads[0].key in roster.children:
        return heads[0]
    return None


def _sum_at(
    unit: RosterUnit | None, admission: Admission, roster: Roster, agency: Agency | None
) -> Consolidated:
    """The sum of the reports of ``unit`` and all units below it; ``None`` means all units."""
    units = tuple(_with_all_below(unit, roster))
    keys = {each.key for each in units}
    counted: dict[str, Contribution] = {}
    for each in units:
        if each.key in admission.counted:
            counted[each.key] = admission.counted[each.key]
    return Consolidated(
        _sum(counted.values(), admission, agency),
        counted,
        expected=sum(bool(each.reports) for each in units),
        missing=tuple(missing_units(units, admission)),
        refused=_of_units(admission.refused, keys),
        earlier=_of_units(admission.earlier, keys),
        doubled=tuple(group for key, group in admission.doubled.items() if key in keys),
        overview=None if unit is None else admission.overviews.get(unit.key),
        unit=unit,
        roster=units,
        below=tuple(_sums_below(unit, admission, roster)),
    )


def _of_units(refusals: Iterable[Refusal], keys: Container[str]) -> tuple[Refusal, ...]:
    """The refusals of reports of some units."""
    return tuple(refusal for refusal in refusals if refusal.key in keys)


def _sums_below(
    unit: RosterUnit | None, admission: Admission, roster: Roster
) -> Iterator[Consolidated]:
    """The sum at each child that has units of its own."""
    for child in _children(unit, roster):
        if child.key in roster.children:
            yield _sum_at(child, admission, roster, Agency(child.name, child.code))


def missing_units(units: Iterable[RosterUnit], admission: Admission) -> Iterator[RosterUnit]:
    """The units that should report and from which nothing came."""
    for unit in units:
        if unit.reports and unit.key not in admission.handed_in:
            yield unit


def _children(unit: RosterUnit | None, roster: Roster) -> tuple[RosterUnit, ...]:
    return roster.children.get(None if unit is None else unit.key, ())


def _with_all_below(unit: RosterUnit | None, roster: Roster) -> Iterator[RosterUnit]:
    """A unit and all below it, each after its parent."""
    if unit is not None:
        yield unit
    for child in _children(unit, roster):
        yield from _with_all_below(child, roster)


def _sum(
    counted: Iterable[Contribution], admission: Admission, agency: Agency | None
) -> AnnualReport:
    """The report of the units' summed addends; its totals follow from them."""
    sample = next(iter(admission.counted.values()))  # all are of one edition and year
    cells = outline(sample.edition).cells
    sums: list[Value] = [None] * len(cells)
    for contribution in counted:
        add_onto(sums, contribution.values)
    totalled = with_derived_totals(sample.edition, sums)
    who = Agency(level="government")
    if agency is not None:
        who = Agency(agency.name, agency.code, "government")
    return make_report(
        sample.edition,
        dict(zip(cells, totalled, strict=True)),
        agency=who,
        year=sample.year,
        title=standard_title(who.name, sample.year) if who.name else "",
    )
