"""Who is who among many reports: counted, doubled, not on the roster, not to be counted, missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import define, field, frozen

from govdisclose.form.adding import add_onto
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.many.part import Part
from govdisclose.many.roster import Roster
from govdisclose.read.labels import code_key, squeeze

_A_CROWD = 3
"""Of two equal reports that are not all zeros each is "the sum of the others"; from this many on it says something."""


NO_CODES = "；都没有填代码，如果是同名的几家单位，请各填代码"
"""What is said of reports that only their agency's name puts together."""


_HOLDS_THEM = "每一格都等于它下级各单位之和，是它们的汇总；报告类别应填“政府”，汇总报告不相加，只核对"


_SHOWN = 10
"""As many units or files are named in one sentence; 汇总说明 lists them all."""


def listed(names: Sequence[str], unit: str) -> str:
    """Names one after the other; of many only the first, and how many there are."""
    return "、".join(names[:_SHOWN]) + (f" 等 {len(names)} {unit}" if len(names) > _SHOWN else "")


@frozen
class Refusal:
    """A report that is not counted, and why, in Chinese; ``key`` is its unit's where that is known."""

    part: Part
    reason: str
    key: str = ""


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
        above = [k for k, part in members.of.items() if k in roster.children and part.agency.level == "government"]
        members.overviews = {key: members.of.pop(key) for key in above}
        members.handed_in.difference_update(above)
        for key in [key for key in members.of if _holds_those_below(key, members.of, roster)]:
            members.refused.append(Refusal(members.of.pop(key), _HOLDS_THEM, key))
    else:
        for key, reason in list(_consolidations(members.of)):
            members.refused.append(Refusal(members.of.pop(key), reason, key))
    for counted in (members.of, members.overviews):
        for key, part in list(counted.items()):
            if reason := _fault(part):
                members.refused.append(Refusal(counted.pop(key), reason, key))
    return members


def _by_roster(parts: Sequence[Part], roster: Roster, members: Members) -> dict[str, list[Part]]:
    groups: dict[str, list[Part]] = {}
    for part in parts:
        unit, why = roster.find(part.agency)
        if unit is None:
            members.unknown.append(Refusal(part, why))
        else:
            groups.setdefault(unit.key, []).append(part)
    return groups


def _by_themselves(parts: Sequence[Part], members: Members) -> dict[str, list[Part]]:
    """By code; one without a code is the unit of the same name, if there is no more than one of them."""
    groups: dict[str, list[Part]] = {}
    coded: dict[str, set[str]] = {}
    for part in (p for p in parts if p.agency.code):
        code = code_key(part.agency.code)
        groups.setdefault(code, []).append(part)
        coded.setdefault(squeeze(part.agency.name), set()).add(code)
    for part in (p for p in parts if not p.agency.code):
        name = squeeze(part.agency.name)
        codes = coded.get(name, set())
        if not name:
            members.refused.append(Refusal(part, "没有填写机关名称，分不清是哪一家"))
        elif len(codes) > 1:
            members.refused.append(Refusal(part, f"有 {len(codes)} 家“{part.name}”，这一份没有填代码，分不清是哪一家"))
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
    if part.faults:
        return f"有 {len(part.faults)} 个错误，第一个是：{part.faults[0].code} {part.faults[0].message}"
    if part.stated and not part.explained:
        cell = outline(part.edition).cells[part.stated[0]]
        return f"{len(part.stated)} 个合计与各项之和不等，第一个是“{cell.label}”"
    if part.blanks == len(part.values):
        return "三张表一格也没有填写，应逐格填数，没有发生的填 0"
    return ""


def _consolidations(of: dict[str, Part]) -> Iterator[tuple[str, str]]:
    """Without a roster: the reports that already hold the others, which adding would count twice."""
    governments = [key for key, part in of.items() if part.agency.level == "government"]
    if len(governments) < len(of):
        for key in governments:
            yield key, "报告类别是“政府”，可能已含其他单位的数；若是下级政府，请用花名册写明隶属关系"
        return
    sums = _sums(filled := [part for part in of.values() if any(part.values)])
    for key, part in of.items():
        if part in filled and _is_half(part, sums):
            yield key, "每一格都等于其余各份之和，是它们的汇总"


def _sums(filled: Sequence[Part]) -> list[Value]:
    """The sums of reports that are not all zeros; nothing where they are too few to mean anything, or unlike."""
    if len(filled) < _A_CROWD or len({part.edition_name for part in filled}) > 1:
        return []
    sums: list[Value] = [None] * len(filled[0].values)
    for part in filled:
        add_onto(sums, part.values)
    return sums


def _holds_those_below(key: str, of: Mapping[str, Part], roster: Roster) -> bool:
    """Whether a unit's own report says in every cell what the units below it say together."""
    below = list(_below(key, roster)) if key in roster.children else []
    own, sums = of[key], _sums([of[k] for k in (*below, key) if k in of and any(of[k].values)])
    return any(own.values) and _is_half(own, sums)


def _is_half(part: Part, sums: Sequence[Value]) -> bool:
    """Whether a report is, in every cell, the sum of all others in ``sums``."""
    return bool(sums) and all((s or 0) == 2 * (v or 0) for s, v in zip(sums, part.values, strict=True))


def _below(key: str, roster: Roster) -> Iterator[str]:
    for unit in roster.children.get(key, ()):
        yield unit.key
        yield from _below(unit.key, roster)
