"""The parts of known workbooks: those made from one blank have the same parts and places."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from govdisclose.package import Package, PackedMember
from govdisclose.read.recent import Recent
from govdisclose.read.workbook.parts import BookParts, SheetPart, book_parts

LIMIT = 64
"""How many packages are remembered; the workbooks of a city have a handful of kinds."""

MEMBERS = 128
"""How many members are remembered: a dozen for each kind of workbook, and those of the last ones."""

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


class PartsMemory:
    """The packages known so far, and their members. Several threads may share one."""

    def __init__(self) -> None:
        self.members: Recent[PackedMember, bytes] = Recent(MEMBERS)
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
