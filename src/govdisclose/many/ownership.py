"""Whose a file is: by the code and the name in it, else by the name of a unit in its path.

Batches, sums, overviews and the state of a season all ask ``Ownership``, so a unit whose file came
is missing in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from attrs import field, frozen

from govdisclose.form.report import Agency
from govdisclose.many.roster import Identity, Roster, RosterUnit, grouped
from govdisclose.read.tables.labels import name_key


@frozen(slots=False)
class Ownership:
    """Tells whose each file is, by a roster.

    Examples:
        >>> from govdisclose import Agency
        >>> from govdisclose.roster import RosterUnit, make_roster
        >>> ownership = Ownership(make_roster([RosterUnit("", "甲市教育局", "1")]))
        >>> ownership.owner(Agency("甲市教育局"), "报告.xlsx").unit.name
        '甲市教育局'
        >>> ownership.owner(Agency(), "甲市教育局2024.xlsx").by_path
        True
    """

    roster: Roster

    def owner(self, agency: Agency, file: str) -> Identity:
        """The unit that a file belongs to, or the reason why none does.

        ``agency`` is what the file says, ``file`` its path below the inbox, with slashes. The path
        decides only where the file names nobody: it has no name, or it cannot be read.
        """
        identity = self.roster.find(agency)
        if identity.unit is not None or identity.contradicts or name_key(agency.name):
            return identity
        unit = self.named_in(file)
        if unit is None:
            return identity
        return Identity(unit, f"文件名里有“{unit.name}”，算这一家交来的", by_path=True)

    def named_in(self, file: str) -> RosterUnit | None:
        """The unit whose full name is in the path of a file."""
        return self._names.in_path(file)

    @cached_property
    def _names(self) -> _UnitNames:
        return _UnitNames(grouped(_named(self.roster)))


def _named(roster: Roster) -> Iterator[tuple[str, RosterUnit]]:
    for unit in roster.units:
        for name in (unit.name, *unit.aliases):
            yield name_key(name), unit


_TAKEN = "\0"
"""Stands for each character of a name that was found."""


@frozen(slots=False)
class _UnitNames:
    """The units of a roster by every name and alias, as names are compared."""

    units: Mapping[str, tuple[RosterUnit, ...]] = field(repr=False)

    def in_path(self, path: str) -> RosterUnit | None:
        """The unit whose name is in a file's name, else in that of its archive or folder.

        A folder may hold the files of all below a unit, so only a unit that reports for itself is
        meant by one. ``None`` if two units share the name, or two are named: nobody knows which of
        them has sent ``甲市教育局（报甲市人民政府）``. The folders of an absolute path are not those
        of an inbox, and say nothing.
        """
        file = PurePosixPath(path)
        found = self._named_in(file.stem)
        folders = () if file.is_absolute() else file.parents
        for above in folders:
            if found:
                break
            found = [unit for unit in self._named_in(above.name) if unit.reports]
        return found[0] if len(found) == 1 else None

    def _named_in(self, text: str) -> list[RosterUnit]:
        """The units whose names are in a text; a name within a longer one does not count.

        The names are looked up by the pieces of the text: there may be many thousands of them.
        """
        key = name_key(text)
        units: dict[str, RosterUnit] = {}
        for length in self._lengths:
            for start in range(len(key) - length + 1):
                end = start + length
                named = self.units.get(key[start:end], ())
                if named:
                    before = key[:start]
                    behind = key[end:]
                    taken = _TAKEN * length
                    key = before + taken + behind
                for unit in named:
                    units[unit.key] = unit
        return list(units.values())

    @cached_property
    def _lengths(self) -> Sequence[int]:
        """The lengths of the names, the longest first."""
        return sorted({len(name) for name in self.units if name}, reverse=True)
