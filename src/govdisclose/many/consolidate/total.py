"""The sum of many reports: at the top and, with a roster, at every unit that has units of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from govdisclose.finding import Finding
from govdisclose.form.adding import add_onto, with_derived_totals
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.report import Agency, AnnualReport, make_report, standard_title
from govdisclose.many.consolidate.admission import Members, Refusal
from govdisclose.many.consolidate.contribution import Part
from govdisclose.many.consolidate.roster import Roster, RosterUnit


@frozen
class Consolidated:
    """The sum of many units' reports, and who is in it.

    ``report`` is of level government, its totals derived from the sums of the addends. ``of`` maps the
    key of each counted unit to what its report brought, in the order of the roster (or of their names),
    ``expected`` how many there should
    be (``None`` without a roster), ``missing`` the units from which nothing came. ``refused`` and
    ``unknown`` are reports that were not counted and why, ``doubled`` those that came more than once,
    ``overview`` the government's own report that lay among the units' and was held against the sum.
    ``unit`` is who this is on the roster, ``roster`` the units that belong to it, ``below`` the same for each unit of it that has units of its
    own, ``findings`` are of family H. ``passed_over`` says in Chinese which files of a folder were not looked at.
    """

    report: AnnualReport
    of: Mapping[str, Part] = field(repr=False)
    expected: int | None = None
    missing: tuple[RosterUnit, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unknown: tuple[Refusal, ...] = ()
    doubled: tuple[tuple[Part, ...], ...] = ()
    overview: Part | None = None
    unit: RosterUnit | None = None
    roster: tuple[RosterUnit, ...] = ()
    below: tuple[Consolidated, ...] = ()
    findings: tuple[Finding, ...] = ()
    passed_over: str = ""

    @property
    def units(self) -> tuple[Part, ...]:
        """What is in the sum."""
        return tuple(self.of.values())

    @property
    def complete(self) -> bool:
        """Whether every unit that should be in the sum is; without a roster, whether every report is."""
        return not self.missing and not any(refusal.leaves_a_gap for refusal in self.refused)

    @property
    def face(self) -> str:
        """``已汇总 12 家，应报 14 家``; without a roster it is not known how many there should be."""
        said = f"已汇总 {len(self.units)} 家"
        said += (
            f"，应报 {self.expected} 家"
            if self.expected is not None
            else "（没有花名册，不知应报多少家）"
        )
        return said + (f"；另有 {len(self.refused)} 份报告没有计入" if self.refused else "")

    @property
    def name(self) -> str:
        """Who consolidates, for messages."""
        return self.report.agency.name or "汇总"

    def walk(self) -> Iterator[Consolidated]:
        """This one and all below it, from the top."""
        yield self
        for child in self.below:
            yield from child.walk()


def consolidate(
    members: Members,
    roster: Roster | None,
    agency: Agency | None = None,
    otherwise: Agency | None = None,
) -> Consolidated:
    """The counted reports of ``members`` added up; ``agency`` names the top, or else the roster, or ``otherwise``.

    At least one report must be counted, and all must be of one edition and year.
    """
    if roster is None:
        of = dict(
            sorted(
                members.of.items(), key=lambda item: (item[1].agency.name, item[0], item[1].file)
            )
        )
        return Consolidated(
            _sum(of.values(), members, agency or otherwise),
            of,
            refused=tuple(members.refused),
            doubled=tuple(members.doubled.values()),
        )
    heads = roster.children.get(None, ())
    alone = heads[0] if len(heads) == 1 and heads[0].key in roster.children else None
    named = Agency(alone.name, alone.code) if alone is not None else otherwise
    return _node(alone, members, roster, agency or named, top=True)


def _node(
    unit: RosterUnit | None,
    members: Members,
    roster: Roster,
    agency: Agency | None,
    *,
    top: bool = False,
) -> Consolidated:
    """The sum at ``unit``: its own report and those of all units below it; ``None`` stands for all there are."""
    whole = list(_below(unit, roster))
    keys = {u.key for u in whole}
    of = {u.key: members.of[u.key] for u in whole if u.key in members.of}
    return Consolidated(
        _sum(of.values(), members, agency),
        of,
        expected=sum(bool(u.reports) for u in whole),
        missing=tuple(u for u in whole if u.reports and u.key not in members.handed_in),
        refused=tuple(r for r in members.refused if r.key in keys or (top and not r.key)),
        unknown=tuple(members.unknown) if top else (),
        doubled=tuple(group for key, group in members.doubled.items() if key in keys),
        overview=members.overviews.get(unit.key) if unit is not None else None,
        unit=unit,
        roster=tuple(whole),
        below=tuple(
            _node(child, members, roster, Agency(child.name, child.code))
            for child in roster.children.get(unit.key if unit is not None else None, ())
            if child.key in roster.children
        ),
    )


def _below(unit: RosterUnit | None, roster: Roster) -> Iterator[RosterUnit]:
    """A unit and all below it, each after its parent."""
    if unit is not None:
        yield unit
    for child in roster.children.get(unit.key if unit is not None else None, ()):
        yield from _below(child, roster)


def _sum(units: Iterable[Part], members: Members, agency: Agency | None) -> AnnualReport:
    """The report whose addends are the sums of the units' and whose totals follow from them."""
    kind = next(iter(members.of.values()))
    cells = outline(kind.edition).cells
    sums: list[Value] = [None] * len(cells)
    for part in units:
        add_onto(sums, part.values)
    who = (
        Agency(agency.name, agency.code, "government")
        if agency is not None
        else Agency(level="government")
    )
    values = dict(zip(cells, with_derived_totals(kind.edition, sums), strict=True))
    title = standard_title(who.name, kind.year) if who.name else ""
    return make_report(kind.edition, values, agency=who, year=kind.year, title=title)
