"""Findings: a problem of a report, its place, and advice. Plain data for people and programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs
from attrs import frozen


class Severity(str, Enum):
    """How much a finding matters. Only errors stop ``compile``."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The word shown to users."""
        return {"error": "错误", "warning": "警告", "note": "提示"}[self.value]

    @property
    def rank(self) -> int:
        """0 is the most serious."""
        return list(Severity).index(self)


@frozen
class Place:
    """A place: a file, a sheet (or other part) in it, and a cell (or line) in that."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        return "!".join(part for part in (self.sheet, self.cell) if part)


NOWHERE = Place()
"""No place: the finding is about the report as a whole."""

Number = int | Decimal
"""A number in a finding: exact, never a float."""


@frozen
class Finding:
    """One problem at one place.

    ``text`` says what is wrong; ``message`` puts the place before it. ``expected`` and ``found``
    are the two sides in numbers or words, ``others`` the paths of the other cells of a broken
    relation, ``explained`` the agency's reason when it has recorded one.
    """

    code: str
    severity: Severity
    text: str
    place: Place = NOWHERE
    path: str | None = None
    expected: Number | str | None = None
    found: Number | str | None = None
    others: tuple[str, ...] = ()
    hint: str | None = None
    explained: str | None = None

    @property
    def message(self) -> str:
        """Place and text in one Chinese sentence, as users read it."""
        return f"{self.place} {self.text}".lstrip()

    @property
    def stops(self) -> bool:
        """Whether a report must not be compiled because of this."""
        return self.severity is Severity.ERROR and self.explained is None

    @property
    def fingerprint(self) -> str:
        """The numbers of this finding as 说明事项 records them: 应为/实为 (``5/4``), or the one there is.

        One figure of a relation cannot change without changing a side of it, so this changes with
        it.
        """
        return "/".join(str(side) for side in (self.expected, self.found) if side is not None)

    def evolve(self, **changes: Any) -> Finding:
        """A copy with some attributes replaced."""
        return attrs.evolve(self, **changes)

    def as_dict(self) -> dict[str, object]:
        """The JSON form of a finding; ``expected`` and ``found`` may hold a ``Decimal``."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "cell": self.place.cell,
            "path": self.path,
            "expected": self.expected,
            "found": self.found,
            "others": list(self.others),
            "hint": self.hint,
            "explained": self.explained,
        }


def count_findings(findings: Iterable[Finding]) -> str:
    """``3 个错误、1 个警告``; explained findings are counted apart."""
    counts = dict.fromkeys(["错误", "警告", "提示", "已说明"], 0)
    for finding in findings:
        counts["已说明" if finding.explained else finding.severity.label] += 1
    return "、".join(f"{n} 个{word}" for word, n in counts.items() if n)


def quoted(texts: Iterable[str], between: str = "、") -> str:
    """Texts in quotation marks for a message: ``“甲”、“乙”``."""
    marked = [f"“{text}”" for text in texts]
    return between.join(marked)


def some_of(texts: Sequence[str], most: int, unit: str = "", between: str = "、") -> str:
    """The first of many texts for a message, and their number: ``甲、乙 等 5 家``.

    Without ``unit`` the number is left out; with no more than ``most`` texts all of them are there.
    """
    shown = between.join(texts[:most])
    if len(texts) <= most:
        return shown
    return f"{shown} 等 {len(texts)} {unit}" if unit else f"{shown} 等"
