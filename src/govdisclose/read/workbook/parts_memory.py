"""The parts of known workbooks: those made from one blank have the same parts and places."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from govdisclose.package import Package, PackedMember
from govdisclose.read.recent import Recent
from govdisclose.read.workbook.parts import BookParts, SheetPart, book_parts

LIMIT = 64
"""How many packages are remembered; the workbooks of a city have a handful of kinds."""

MEMBERS = 64
"""How many members are remembered: some ten for each kind of workbook."""

MET = 128
"""How many members are noted by their checksums: those remembered, and those of the last workbooks."""

_WORKBOOK = "xl/workbook.xml"
_CONSULTED = ("[Content_Types].xml", "_rels/.rels", _WORKBOOK, "xl/_rels/workbook.xml.rels")
"""These parts and the names of all others decide where the parts of a workbook are."""

_Key: TypeAlias = tuple[tuple[str, ...], tuple[bytes, ...]]
"""The names of all members, and the consulted parts."""


class _FoundParts(NamedTuple):
    """What ``BookParts`` says besides the package itself."""

    sheets: tuple[SheetPart, ...]
    strings: str | None
    styles: str | None
    date1904: bool


class MembersMemory:
    """The content of members that packages have in common. Several threads may share one.

    Most members belong to one workbook alone: its strings, its figures. Their content would take
    megabytes, so only a member that is met again is remembered.
    """

    def __init__(self) -> None:
        self._met: Recent[int, bool] = Recent(MET)
        self._known: Recent[PackedMember, bytes] = Recent(MEMBERS)

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: PackedMember) -> bytes | None:
        """The content of a known member."""
        if self._met.get(key.checksum) is None:
            return None  # without a hash of the packed bytes, which takes time
        return self._known.get(key)

    def keep(self, key: PackedMember, value: bytes) -> None:
        """Remember content that has been checked, from the second time on."""
        if self._met.get(key.checksum) is None:
            self._met.keep(key.checksum, True)
        else:
            self._known.keep(key, value)


class PartsMemory:
    """The packages known so far, and their members. Several threads may share one."""

    def __init__(self) -> None:
        self.members = MembersMemory()
        self._known: dict[_Key, _FoundParts] = {}

    def __len__(self) -> int:
        return len(self._known)

    def find(self, package: Package) -> BookParts:
        """As ``book_parts``."""
        key = _key(package)
        if key is None:
            return book_parts(package)
        found = self._known.get(key)
        if found is not None:
            return BookParts(package, _WORKBOOK, *found)
        parts = book_parts(package)
        if parts.workbook == _WORKBOOK:
            self._remember(key, parts)
        return parts

    def _remember(self, key: _Key, parts: BookParts) -> None:
        if len(self._known) >= LIMIT:
            self._known.clear()
        found = _FoundParts(parts.sheets, parts.strings, parts.styles, parts.date1904)
        self._known[key] = found


def _key(package: Package) -> _Key | None:
    """What decides where the parts of a package are; ``None`` if a consulted part has another name."""
    consulted = []
    for name in _CONSULTED:
        content = package.parts.get(name)
        if content is None:
            return None
        consulted.append(content)
    return tuple(package.parts), tuple(consulted)
