"""Reports of several years side by side: the cells, their changes, and the prose that stayed."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from itertools import pairwise

from attrs import frozen

from govdisclose.finding import Finding
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Kind, Value
from govdisclose.form.growth import difference, percent
from govdisclose.form.outline import Cell
from govdisclose.form.report import Agency
from govdisclose.form.units_compared import UnitsCompared

_NAMELESS = "（未填机关名称）"


class State(str, Enum):
    """The state of a cell in one year. Only a ``NUMBER`` is calculated with; a blank is not 0."""

    NUMBER = "number"
    BLANK = "blank"
    UNREAD = "unread"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        """The word shown in place of a number."""
        return {"number": "", "blank": "空白", "unread": "不是数", "absent": "无此项"}[self.value]


@frozen
class Entry:
    """One cell in one year; ``value`` is ``None`` unless ``state`` is ``NUMBER``."""

    value: Value
    state: State


@frozen
class Change:
    """From one year's figure to the next's.

    ``amount`` is new - old, exact, or ``None`` where one of them is no number; ``percent`` has one
    decimal (more for a change that would vanish), or is ``None`` where there is none: ``note`` says
    why.
    """

    amount: int | Decimal | None
    percent: Decimal | None
    note: str = ""


@frozen
class Figure:
    """One statutory cell through the years; ``changes`` are one fewer than ``entries``."""

    cell: Cell
    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]

    @property
    def changed(self) -> bool:
        """Whether any two neighbouring years that have the cell differ; a blank that became 0 does."""
        return any(
            old != new and State.ABSENT not in (old.state, new.state)
            for old, new in pairwise(self.entries)
        )

    @property
    def item(self) -> str:
        """The name of the line: its labels without the outermost group; in table four, those above
        the column.
        """
        labels = self.cell.row or self.cell.column[:-1]
        return "／".join(labels[1:] or labels)


@frozen
class Passage:
    """A passage that two years have in common, by letters; digits and punctuation may differ.

    ``old`` and ``new`` are the texts as written, ``old_index`` and ``new_index`` their paragraphs.
    """

    length: int
    old_index: int
    old: str
    new_index: int
    new: str


@frozen
class ProseChange:
    """One section of prose beside the year before: ``similarity`` (0 to 1) is the part of it that
    is copied.

    ``None`` when the section has no text this year.
    """

    key: str
    heading: str
    letters: int
    old_letters: int
    similarity: Decimal | None
    passages: tuple[Passage, ...]


@frozen
class Step:
    """From one year's report to the next one compared; findings only between successive years."""

    old: int
    new: int
    findings: tuple[Finding, ...]
    prose: tuple[ProseChange, ...]


@frozen
class Compared:
    """One of the reports: its year, its agency, its edition, and the file it was read from."""

    year: int
    agency: Agency
    edition: Edition
    source: str | None


@frozen
class Comparison:
    """Reports of two or more years, the oldest first.

    ``figures`` are the cells that all editions among them have, ``apart`` those that some year's
    edition lacks: they are never set against another cell. ``notices`` are Chinese sentences on
    what could not be compared.
    """

    reports: tuple[Compared, ...]
    figures: tuple[Figure, ...]
    apart: tuple[Figure, ...]
    steps: tuple[Step, ...]
    notices: tuple[str, ...]
    units: UnitsCompared | None = None
    """The units, where two folders are compared; the figures are then their sums."""

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in order."""
        return tuple(report.year for report in self.reports)

    @property
    def agency(self) -> str:
        """The agency, as the newest report names it."""
        return self.reports[-1].agency.name

    @property
    def title(self) -> str:
        """Agency and years, as every output is headed; every agency where they differ."""
        names = list(dict.fromkeys(report.agency.name for report in self.reports))
        if len(names) == 1:
            years = "、".join(map(str, self.years))
            return f"{names[0] or _NAMELESS}{years}年度报告比较"
        parts = [f"{report.agency.name or _NAMELESS}{report.year}" for report in self.reports]
        reports = "、".join(parts)
        return f"{reports}年度报告比较"


def change(old: Entry, new: Entry, kind: Kind) -> Change:
    """The change between two entries of one cell."""
    if old.value is None or new.value is None:
        both = old.state is new.state
        said = (
            f"两期均{new.state.label}"
            if both
            else "，".join(_absence(old, "上期") + _absence(new, "本期"))
        )
        return Change(None, None, said)
    amount = difference(new.value, old.value)
    if kind is Kind.CHANGE:
        return Change(amount, None, "增减数不计百分比")
    share = percent(new.value, old.value)
    return Change(amount, share, "上期为 0" if share is None else "")


def _absence(entry: Entry, when: str) -> list[str]:
    return [f"{when}{entry.state.label}"] if entry.value is None else []
