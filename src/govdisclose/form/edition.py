"""The editions of the form, and which years each is for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Literal, TypeAlias

from attrs import frozen

from govdisclose.errors import EntryError

EditionName: TypeAlias = Literal["2019", "2021"]
"""The editions that a caller can name: the keys of ``EDITIONS``."""


@frozen(eq=False)
class Edition:
    """One edition of the statutory form; there is one object of each.

    ``first_year`` and ``last_year`` are the report years it is prescribed for; ``module`` declares
    its tables, and is imported when they are first needed.
    """

    name: str
    basis: str
    first_year: int
    last_year: int | None
    module: str

    @property
    def tables(self) -> dict[str, type]:
        """Section key → the class that declares its table."""
        return _tables(self.module)

    def covers(self, year: int) -> bool:
        """Whether reports on ``year`` use this edition."""
        if self.last_year is None:
            return self.first_year <= year
        return self.first_year <= year <= self.last_year


@cache
def _tables(module: str) -> dict[str, type]:
    declared = import_module(module)
    return {
        "proactive": declared.Proactive,
        "requests": declared.Requests,
        "disputes": declared.Disputes,
    }


EDITION_2019 = Edition(
    name="2019",
    basis="国办公开办函〔2019〕60号（试行）",
    first_year=2019,
    last_year=2020,
    module="govdisclose.form.edition_2019",
)
EDITION_2021 = Edition(
    name="2021",
    basis="国办公开办函〔2021〕30号",
    first_year=2021,
    last_year=None,
    module="govdisclose.form.edition_2021",
)

EDITIONS = {edition.name: edition for edition in (EDITION_2019, EDITION_2021)}
"""The editions of the form by name, the oldest first: ``EDITIONS["2021"]``."""


def edition_for(year: int) -> Edition:
    """The edition prescribed for reports on ``year``; years before 2019 get the oldest one."""
    for edition in EDITIONS.values():
        if edition.covers(year):
            return edition
    return EDITION_2019


def newest_edition() -> Edition:
    """The edition in force, for a source or a caller that names neither an edition nor a year."""
    *_, newest = EDITIONS.values()
    return newest


def edition_named(edition: Edition | EditionName) -> Edition:
    """An edition given as an object or by its name. Raises ``EntryError`` for any other."""
    if isinstance(edition, Edition):
        return edition
    if isinstance(edition, str) and edition in EDITIONS:
        return EDITIONS[edition]
    names = "、".join(repr(name) for name in EDITIONS)
    raise EntryError("edition", f"应为 EDITIONS 中的一版，如 {names}，得到 {edition!r}")
