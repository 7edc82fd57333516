"""The editions of the form, and which years each is for."""

from __future__ import annotations

from attrs import field, frozen

from govdisclose.form import common, edition_2019, edition_2021


@frozen
class Edition:
    """One edition of the statutory form.

    ``first_year`` and ``last_year`` are the report years it is prescribed for; ``tables`` maps the
    section key to the class that declares its table.
    """

    name: str
    basis: str
    first_year: int
    last_year: int | None
    tables: dict[str, type] = field(hash=False, repr=False)

    def covers(self, year: int) -> bool:
        """Whether reports on ``year`` are to be made in this edition."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


EDITION_2019 = Edition(
    "2019",
    "国办公开办函〔2019〕60号（试行）",
    2019,
    2020,
    {"proactive": edition_2019.Proactive, "requests": edition_2019.Requests, "disputes": common.Disputes},
)
EDITION_2021 = Edition(
    "2021",
    "国办公开办函〔2021〕30号",
    2021,
    None,
    {"proactive": edition_2021.Proactive, "requests": edition_2021.Requests, "disputes": common.Disputes},
)

EDITIONS = {edition.name: edition for edition in (EDITION_2019, EDITION_2021)}


def edition_for(year: int) -> Edition:
    """The edition prescribed for reports on ``year``; years before 2019 get the oldest one."""
    return next((e for e in EDITIONS.values() if e.covers(year)), EDITION_2019)
