"""A season as the supervising office sees it: the state of every unit's report, and the news."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from pathlib import PurePosixPath

from attrs import field, frozen

from govdisclose.finding import Finding
from govdisclose.form.grouping import group_by
from govdisclose.form.report import Agency
from govdisclose.form.year_changes import YearChanges


class UnitState(str, Enum):
    """The state of the report that a unit owes for one year, in the order of urgency.

    ``MISSING``: nothing came. ``RETURNED``: errors must be corrected. ``UNREADABLE``: the only file
    of the unit cannot be read. ``OTHER_YEAR``: only reports of another year came. ``DOUBLED``:
    several versions, and it is not known which counts. ``RENAMED``: in order, but under a former
    name. ``NOT_ASKED``: the unit owes no report of its own.
    """

    MISSING = "missing"
    RETURNED = "returned"
    UNREADABLE = "unreadable"
    OTHER_YEAR = "other_year"
    DOUBLED = "doubled"
    RENAMED = "renamed"
    RECEIVED = "received"
    NOT_ASKED = "not_asked"

    @property
    def label(self) -> str:
        """The word shown to users."""
        return _STATE_WORDS[self]

    @property
    def is_absent(self) -> bool:
        """Whether there is no report of the year yet that anybody could read."""
        return self in (UnitState.MISSING, UnitState.OTHER_YEAR, UnitState.UNREADABLE)

    @property
    def is_settled(self) -> bool:
        """Whether a report of the year is there that needs no correction and no decision."""
        return self in (UnitState.RECEIVED, UnitState.RENAMED)


_STATE_WORDS = {
    UnitState.MISSING: "缺报",
    UnitState.RETURNED: "退回待改",
    UnitState.UNREADABLE: "读不出",
    UnitState.OTHER_YEAR: "旧年度",
    UnitState.DOUBLED: "重报",
    UnitState.RENAMED: "改名",
    UnitState.RECEIVED: "已收",
    UnitState.NOT_ASKED: "不填报",
}


class StrayKind(str, Enum):
    """Why a file belongs to no unit of the roster."""

    UNKNOWN = "unknown"
    CONTRADICTION = "contradiction"
    ABSENT = "absent"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        """The word shown to users."""
        return {
            "absent": "已撤并或尚未设立",
            "unknown": "不在册",
            "contradiction": "代码名称不符",
            "unreadable": "读不出，不知是哪一家",
        }[self.value]


class NewsKind(str, Enum):
    """News about a unit, or about a file that no unit owns, since the run before."""

    NEW = "new"
    MENDED = "mended"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word shown to users."""
        return {"new": "新收", "mended": "改好了", "returned": "又退回", "withdrawn": "撤走"}[
            self.value
        ]


@frozen
class HandedIn:
    """One file of the inbox.

    ``file`` is its path below the inbox, ``digest`` the SHA-256 of its bytes. ``received`` is the
    day it came, as far as that can be known, ``modified`` the time recorded in the file system.
    ``figures`` and ``texts`` are digests of the three tables and of the prose, for telling versions
    apart. ``errors`` and ``warnings`` count the findings without an explanation. ``unreadable``
    says in Chinese why the file cannot be read; then nothing else is known of it. ``set_aside``
    says why a file does not count: the office has chosen another one.
    """

    file: str
    digest: str
    received: date
    modified: datetime
    agency: Agency = Agency()
    year: int | None = None
    figures: str = field(default="", repr=False)
    texts: str = field(default="", repr=False)
    errors: int = 0
    warnings: int = 0
    unreadable: str = ""
    set_aside: str = ""


@frozen
class UnitStatus:
    """One unit of the roster on one day.

    ``parent`` is the name of the unit above it, ``person`` and ``phone`` whom to call. ``expected``
    says whether it owes a report of its own, ``deadline`` until when. ``files`` are the files that
    the state follows from, the newest first; ``others`` further files of the unit, which decide
    nothing: reports of other years, files that cannot be read, files that the office has set
    aside. ``findings`` are those that the unit has to correct or to look at. ``remark`` adds a
    sentence in Chinese.
    """

    key: str
    name: str
    code: str
    level: str
    parent: str
    state: UnitState
    deadline: date
    expected: bool = True
    person: str = ""
    phone: str = ""
    files: tuple[HandedIn, ...] = ()
    others: tuple[HandedIn, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    remark: str = ""

    @property
    def received(self) -> date | None:
        """The day the newest file came."""
        return self.files[0].received if self.files else None

    @property
    def errors(self) -> int:
        """How many errors must be corrected."""
        return sum(finding.stops for finding in self.findings)

    @property
    def to_correct(self) -> tuple[HandedIn, ...]:
        """The files in which its findings are, else the newest one.

        Of a government these may be its own report, that of the whole below it, or both.
        """
        names = {finding.place.file for finding in self.findings}
        found: list[HandedIn] = []
        for file in self.files:
            path = PurePosixPath(file.file)
            if path.name in names:
                found.append(file)
        return tuple(found) or self.files[:1]

    @property
    def warnings(self) -> int:
        """How many warnings the files have that must be corrected, else the newest file."""
        return sum(file.warnings for file in self.to_correct)

    @property
    def must_correct(self) -> bool:
        """Whether the unit has to change something that it has handed in."""
        return self.state in (UnitState.RETURNED, UnitState.UNREADABLE)


def names_told_apart(units: Iterable[UnitStatus]) -> dict[str, str]:
    """The name of each unit by its key; namesakes have the unit above behind it, in brackets."""
    named = group_by(units, _name)
    told: dict[str, str] = {}
    for name, namesakes in named.items():
        for unit in namesakes:
            is_alone = len(namesakes) == 1 or not unit.parent
            told[unit.key] = name if is_alone else f"{name}（{unit.parent}）"
    return told


def _name(unit: UnitStatus) -> str:
    return unit.name


@frozen
class Stray:
    """A file that belongs to no unit of the roster, and why, in Chinese."""

    kind: StrayKind
    file: HandedIn
    reason: str


@frozen
class News:
    """One thing that is new since the run before; ``text`` is a Chinese clause about ``name``."""

    kind: NewsKind
    name: str
    text: str


@frozen
class NotLookedAt:
    """A file that is not read, or is no report: its path below the inbox, and why, in Chinese.

    ``looked_at`` if it was opened all the same.
    """

    file: str
    reason: str
    looked_at: bool = False


@frozen
class SeasonStatus:
    """All units of a roster and all files of an inbox on one day.

    ``since`` is the day of the run that ``news`` compares with; ``None`` on the first day.
    ``notes`` are Chinese sentences that the office should read. ``changes`` are the unusual changes
    since last year; ``None`` if last year's reports were not given. ``is_first`` is false if there
    is a record of former days with which nothing could be compared, as ``notes`` say.
    """

    inbox: str
    roster: str
    year: int
    today: date
    units: tuple[UnitStatus, ...]
    strays: tuple[Stray, ...] = ()
    not_looked_at: tuple[NotLookedAt, ...] = ()
    news: tuple[News, ...] = ()
    since: date | None = None
    notes: tuple[str, ...] = ()
    changes: YearChanges | None = field(default=None, repr=False)
    is_first: bool = True

    @property
    def title(self) -> str:
        """The title, in one line."""
        return f"{self.year} 年度政府信息公开工作年度报告报送情况"

    @property
    def expected(self) -> tuple[UnitStatus, ...]:
        """The units that owe a report of their own."""
        return tuple(unit for unit in self.units if unit.expected)

    def with_state(self, *states: UnitState) -> tuple[UnitStatus, ...]:
        """The units in one of ``states``, in the order of the roster."""
        return tuple(unit for unit in self.units if unit.state in states)

    @property
    def doubled(self) -> tuple[UnitStatus, ...]:
        """The units with several files of the year, whatever their state."""
        absent = (UnitState.OTHER_YEAR, UnitState.UNREADABLE)
        several = [unit for unit in self.units if len(unit.files) > 1]
        return tuple(unit for unit in several if unit.state not in absent)
