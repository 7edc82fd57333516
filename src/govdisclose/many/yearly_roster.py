"""The roster in each year: units are merged and split, and belong to others afterwards."""

from __future__ import annotations

from attrs import define, field

from govdisclose.many.ownership import Ownership
from govdisclose.many.roster import Roster


@define
class YearlyRoster:
    """A roster as it is in each year; each is worked out once."""

    roster: Roster
    ownership: Ownership = field(init=False, repr=False)
    """Whose each file is, whatever its year."""
    _known: dict[int, Roster] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self.ownership = Ownership(self.roster)

    def of(self, year: int | None) -> Roster:
        """The roster with the units that existed in a year; with ``None`` the whole roster."""
        if year is None:
            return self.roster
        if year not in self._known:
            self._known[year] = self.roster.as_of(year)
        return self._known[year]


def over_years(roster: Roster | None) -> YearlyRoster | None:
    """A roster over the years; ``None`` without a roster."""
    return None if roster is None else YearlyRoster(roster)


def in_year(roster: YearlyRoster | None, year: int | None) -> Roster | None:
    """The roster of a year; ``None`` without a roster."""
    return None if roster is None else roster.of(year)
