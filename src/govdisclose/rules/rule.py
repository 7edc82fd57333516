"""A rule: a permanent code, its severity, and the page a clerk reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from attrs import frozen

from govdisclose.finding import NOWHERE, Finding, Number, Place, Severity
from govdisclose.lazy_pattern import LazyPattern


class Family(Enum):
    """The families of rules, in the order in which a user works through their findings.

    A cell that cannot be read comes before the sums that it takes part in. The value is the letter
    that the codes of the family begin with.
    """

    IMPORT = "I"
    STRUCTURE = "S"
    VALUES = "V"
    RELATIONS = "A"
    CONSOLIDATION = "H"
    CONTINUITY = "C"
    PROSE = "N"
    PUBLICATION = "P"
    OWN = ""
    """Rules that a user has added."""

    @property
    def rank(self) -> int:
        """0 for the family that a user works through first."""
        return list(Family).index(self)


_LETTERS = {family.value: family for family in Family}

_CODE = LazyPattern(r"(?P<letter>[A-Z])\d{3}", re.ASCII)
"""A code of this package is the letter of its family and three digits."""


def family_of(code: str) -> Family:
    """The family that a code belongs to; ``Family.OWN`` for any other text."""
    match = _CODE.fullmatch(code)
    return _LETTERS.get(match["letter"], Family.OWN) if match else Family.OWN


@frozen
class Rule:
    """One kind of problem, declared once.

    ``why`` names the legal source, ``example`` shows a wrong and a right case, ``fix`` says what to
    do. All three are Chinese prose of the rule's page. A code is never reused.

    The other attributes are what the rest of the package needs to know of a rule.
    """

    code: str
    name: str
    severity: Severity
    why: str = ""
    example: str = ""
    fix: str = ""
    explainable: bool = False
    """An error of this rule may be a fact: an agency may record a reason and publish all the same."""
    blocks_reading: bool = False
    """A table is missing, there twice, or of another edition: no workbook could say the same."""
    doubled: bool = False
    """A table, a row or a column stands there twice, and only one of the two was read."""
    hides_content: bool = False
    """The cell looks different from its stored value, so it was left unread."""
    leaves_text_out: bool = False
    """Text of a published report was not taken over; ``Finding.found`` holds it in full."""
    unwritten: bool = False
    """Something is still to be written: it would be published blank, or as a placeholder."""
    counted_elsewhere: bool = False
    """The figures of the report are in those of another one: a sum lacks nothing without it."""
    states_relation: bool = False
    """The finding stands at the total of a relation; its path and ``others`` are all cells of it."""

    @property
    def family(self) -> Family:
        """The family that the code belongs to."""
        return family_of(self.code)

    def finding(
        self,
        text: str,
        place: Place = NOWHERE,
        *,
        path: str | None = None,
        expected: Number | str | None = None,
        found: Number | str | None = None,
        others: Iterable[str] = (),
        hint: str | None = None,
    ) -> Finding:
        """A finding of this rule; without ``hint`` it carries the rule's own advice."""
        return Finding(
            self.code,
            self.severity,
            text,
            place,
            path,
            expected,
            found,
            tuple(others),
            hint or self.fix or None,
        )

    @property
    def page(self) -> str:
        """The page as ``explain`` prints it and the docs show it (Markdown)."""
        return (
            f"# {self.code} {self.name}（{self.severity.label}）\n\n"
            f"## 为什么\n\n{self.why}\n\n## 例\n\n{self.example}\n\n## 怎么改\n\n{self.fix}\n"
        )
