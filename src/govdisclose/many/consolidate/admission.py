"""Who is who among many reports: counted, doubled, not on the roster, not to be counted, missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import define, field, frozen

from govdisclose.form.outline import outline
from govdisclose.many.consolidate.contribution import Part
from govdisclose.many.consolidate.overlap import Overlap, compared, overlaps
from govdisclose.many.consolidate.roster import Roster, RosterUnit
from govdisclose.read.tables.labels import code_key, name_key
from govdisclose.rules import Rule, rule_of
from govdisclose.rules.aggregation import H104, H106, H107, H108

NO_CODES = "；都没有填代码，如果是同名的几家单位，请各填代码"
"""What is said of reports that only their agency's name puts together."""


_SHOWN = 10
"""As many units or files are named in one sentence; 汇总说明 lists them all."""


def listed(names: Sequence[str], unit: str) -> str:
    """Names one after the other; of many only the first, and how many there are."""
    return "、".join(names[:_SHOWN]) + (f" 等 {len(names)} {unit}" if len(names) > _SHOWN else "")


@frozen
class Refusal:
    """A report that is not counted, and why, in Chinese; ``key`` is its unit's where that is known.

    ``rule`` is the one that it breaks.
    """

    part: Part
    reason: str
    key: str = ""
    rule: Rule = field(default=H104, repr=False)

    @property
    def leaves_a_gap(self) -> bool:
        """Whether the sum lacks something without this report: one that holds others has nothing of its own."""
        return not self.rule.counted_elsewhere


@define
class Members:
    """Every report of a run in exactly one of these; ``of`` maps the key of a unit to its counted report.

    ``overviews`` are reports of governments that have units of their own on the roster: they are held
    against the sum, not added to it.
    """

    of: dict[str, Part] = field(factory=dict)
    refused: list[Refusal] = field(factory=list)
    unknown: list[Refusal] = field(factory=list)
    doubled: dict[str, tuple[Part, ...]] = field(factory=dict)
    overviews: dict[str, Part] = field(factory=dict)
    instead: dict[str, Part] = field(factory=dict)
    """Those of ``of`` that stand for units below them, from which nothing came."""
    handed_in: set[str] = field(factory=set)
    """Keys of the units from which anything came, counted or not."""


def sort_out(parts: Iterable[Part], roster: Roster | None) -> Members:
    """Tell the units apart and decide which reports are counted; the order of ``parts`` decides nothing."""
    members = Members()
    readable = []
    for part in parts:
        if part.unreadable is None:
            readable.append(part)
        else:
            members.refused.append(Refusal(part, f"读不出：{part.unreadable}"))
    groups = _by_roster(readable, roster, members) if roster else _by_themselves(readable, members)
    for key, group in groups.items():
        members.handed_in.add(key)
        _settle(key, group, members)
    if roster is not None:
        _set_overviews_apart(members, roster)
    for refusal in list(
        _consolidations(members.of) if roster is None else _beside_parts(members, roster)
    ):
        members.refused.append(refusal)
        del members.of[refusal.key]
    for counted in (members.of, members.overviews):
        for key, part in list(counted.items()):
            if reason := _fault(part):
                members.refused.append(Refusal(counted.pop(key), reason, key))
    return members


def _by_roster(parts: Sequence[Part], roster: Roster, members: Members) -> dict[str, list[Part]]:
    groups: dict[str, list[Part]] = {}
    for part in parts:
        found = roster.find(part.agency)
        if found.unit is not None:
            groups.setdefault(found.unit.key, []).append(part)
        elif found.contradicts:
            members.refused.append(Refusal(part, found.reason, rule=H106))
        else:
            members.unknown.append(Refusal(part, found.reason))
    return groups


def _by_themselves(parts: Sequence[Part], members: Members) -> dict[str, list[Part]]:
    """By code; one without a code is the unit of the same name, if there is no more than one of them."""
    groups: dict[str, list[Part]] = {}
    coded: dict[str, set[str]] = {}
    for part in (p for p in parts if p.agency.code):
        code = code_key(part.agency.code)
        groups.setdefault(code, []).append(part)
        coded.setdefault(name_key(part.agency.name), set()).add(code)
    for part in (p for p in parts if not p.agency.code):
        name = name_key(part.agency.name)
        codes = coded.get(name, set())
        if not name:
            members.refused.append(Refusal(part, "没有填写机关名称，分不清是哪一家"))
        elif len(codes) > 1:
            members.refused.append(
                Refusal(part, f"有 {len(codes)} 家“{part.name}”，这一份没有填代码，分不清是哪一家")
            )
        else:
            groups.setdefault(next(iter(codes), name), []).append(part)
    return groups


def _settle(key: str, group: list[Part], members: Members) -> None:
    """One report of each unit: of several, one if all say the same, none if they differ."""
    first, *others = sorted(group, key=lambda part: part.file)
    if others:
        members.doubled[key] = (first, *others)
    if all(first.says_the_same(other) for other in others):
        members.of[key] = first
        return
    files = listed([part.file for part in (first, *others)], "份")
    codes = {part.agency.name for part in group}
    hint = "；代码相同而名称不同，请核对代码" if len(codes) > 1 else ""
    hint = hint or ("" if any(part.agency.code for part in group) else NO_CODES)
    for part in group:
        reason = f"同一单位有 {len(group)} 份不同的报告（{files}），不知以哪一份为准{hint}"
        members.refused.append(Refusal(part, reason, key))


def _fault(part: Part) -> str:
    """Why a report's figures cannot be counted; ``""`` when they can."""
    nothing = part.blanks == len(part.values)
    if nothing and all(rule_of(finding).unwritten for finding in part.faults):
        return "三张表一格也没有填写，应逐格填数，没有发生的填 0"
    if part.faults:
        return f"有 {len(part.faults)} 个错误，第一个是：{part.faults[0].code} {part.faults[0].message}"
    if part.stated and not part.explained:
        cell = outline(part.edition).cells[part.stated[0]]
        return f"{len(part.stated)} 个合计与各项之和不等，第一个是“{cell.label}”"
    return ""


def _consolidations(of: Mapping[str, Part]) -> Iterator[Refusal]:
    """Without a roster: the reports that already hold the others, which adding would count twice."""
    governments = [key for key, part in of.items() if part.agency.level == "government"]
    if len(governments) < len(of):
        reason = "报告类别是“政府”，可能已含其他单位的数；若是下级政府，请用花名册写明隶属关系"
        for key in governments:
            yield Refusal(of[key], reason, key)
    others = {
        key: part
        for key, part in of.items()
        if key not in governments or len(governments) == len(of)
    }
    for key, overlap in overlaps(others, None):
        yield Refusal(
            of[key],
            f"{_equal(overlap)}等于其余各份之和，是它们的汇总{_where(of[key], overlap)}",
            key,
        )


# --- with a roster ------------------------------------------------------------------------------


def _set_overviews_apart(members: Members, roster: Roster) -> None:
    """What a government that has units of its own says of itself is held against the sum, not added to it."""
    above = [
        k
        for k, part in members.of.items()
        if k in roster.children and part.agency.level == "government"
    ]
    members.overviews = {key: members.of.pop(key) for key in above}
    members.handed_in.difference_update(above)


def _beside_parts(members: Members, roster: Roster) -> Iterator[Refusal]:
    """Reports that would be added to their own parts, and those of units that are not to report."""
    remaining: dict[str, Part] = {}
    for key, part in members.of.items():
        unit = roster.by_key[key]
        below = list(_below(key, roster))
        if unit.reports:
            remaining[key] = part
        elif members.handed_in.intersection(below):
            beside = [members.of[k] for k in below if k in members.of]
            yield Refusal(part, _of_a_whole(unit, part, beside), key, H107)
        elif below:
            members.instead[key] = part
        else:
            yield Refusal(part, f"花名册上“{unit.name}”的“填报”是“否”，却交来了报告", key, H108)
    for key, overlap in overlaps(remaining, roster):
        part = remaining[key]
        whose = "它下级各单位之和" if key in roster.children else "同一上级的其余各单位之和"
        yield Refusal(
            part, f"{_equal(overlap)}等于{whose}，是它们的汇总{_where(part, overlap)}", key, H107
        )


def _of_a_whole(unit: RosterUnit, part: Part, below: Sequence[Part]) -> str:
    """Why the report of a unit that does not report for itself is not added to those below it."""
    said = f"花名册上“{unit.name}”有下级，自己不填报，这一份不能与下级各单位的报告相加"
    same_form = [other for other in below if other.edition_name == part.edition_name]
    if not same_form:
        return said
    overlap = compared(part, same_form)
    if not overlap.differing:
        return f"{said}：每一格都等于它下级各单位之和，是它们的汇总"
    return f"{said}：与下级之和有 {len(overlap.differing)} 格不等{_where(part, overlap)}"


def _equal(overlap: Overlap) -> str:
    """How many cells agree, as the beginning of a sentence."""
    return f"除 {len(overlap.differing)} 格外都" if overlap.differing else "每一格都"


def _where(part: Part, overlap: Overlap) -> str:
    """The first cell that does not agree."""
    if not overlap.differing:
        return ""
    path = overlap.differing[0]
    at = list(outline(part.edition).cells).index(path)
    label = outline(part.edition).cells[path].label
    return f"（如“{label}”：各单位之和 {overlap.others[at] or 0}，这一份 {part.values[at] or 0}）"


def _below(key: str, roster: Roster) -> Iterator[str]:
    for unit in roster.children.get(key, ()):
        yield unit.key
        yield from _below(unit.key, roster)
