"""Tell the units whose reports have the very same figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from govdisclose.form.status import UnitState, UnitStatus
from govdisclose.many.same_figures import alike, is_mark_of_few, told_of_each
from govdisclose.rules.aggregation import H106

_JUDGED = (UnitState.RECEIVED, UnitState.RENAMED, UnitState.RETURNED)
"""The states in which it is known which report of a unit counts."""


def with_twins_told(units: Sequence[UnitStatus]) -> tuple[UnitStatus, ...]:
    """The units; those that have the same figures as others say so in their remark."""
    by_key = {unit.key: unit for unit in units}
    for group in alike(_by_figures(units)):
        for unit in _told(group):
            by_key[unit.key] = unit
    return tuple(by_key.values())


def _by_figures(units: Iterable[UnitStatus]) -> Iterator[tuple[str, UnitStatus]]:
    """The units with a report of their own, by its figures, unless these are alike by chance.

    A government's report may well repeat the figures of the only unit below it.
    """
    for unit in units:
        if unit.state not in _JUDGED or _is_in_doubt(unit):
            continue
        report = unit.files[0]
        is_own = report.agency.level == "agency"
        if is_own and not is_mark_of_few(report.figures):
            yield report.figures, unit


def _is_in_doubt(unit: UnitStatus) -> bool:
    """Whether the report may be another unit's."""
    return any(finding.code == H106.code for finding in unit.findings)


def _told(group: Sequence[UnitStatus]) -> Iterator[UnitStatus]:
    """Every unit of a group, with some of the others named."""
    names = [unit.name for unit in group]
    sentences = told_of_each(names)
    for unit, said in zip(group, sentences, strict=True):
        remark = f"{unit.remark}；{said}" if unit.remark else said
        yield evolve(unit, remark=remark)
