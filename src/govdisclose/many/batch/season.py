"""A batch of one season: the roster, the decisions of the office, and the summary at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from govdisclose.finding import Finding
from govdisclose.many.decisions import Decisions
from govdisclose.many.inbox import PassedOver
from govdisclose.many.roster import Roster, RosterUnit


@frozen
class Season:
    """The standard for a batch: the units that should report, and the versions that count."""

    roster: Roster | None = field(default=None, repr=False)
    decisions: Decisions = field(factory=dict, repr=False)


@frozen
class SetAside:
    """A report of an earlier run that was moved out of the way, and the reason in Chinese.

    ``path`` is its place now.
    """

    path: Path
    workbook: str
    reason: str


@frozen
class BatchEnd:
    """The facts about a batch as a whole, when it has ended.

    ``not_read`` are the files of the folder that are no reports. ``missing`` are the units of the
    roster from which no report of the year came. ``other_years`` says in Chinese, by the keys of
    missing units, which reports of other years came from them. ``set_aside`` are the reports of
    earlier runs that were moved: another version has replaced them, or their workbook is a copy of
    another one. ``not_owed`` are the reports that were made though the roster expects none: their
    workbooks with the reasons in Chinese. ``doubts`` are warnings about names on the roster (H118).
    """

    not_read: tuple[PassedOver, ...] = ()
    missing: tuple[RosterUnit, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    other_years: Mapping[str, str] = field(factory=dict)
    not_owed: Mapping[str, str] = field(factory=dict)
    doubts: tuple[Finding, ...] = ()
