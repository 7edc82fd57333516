"""The parts of known workbooks: workbooks made from one blank have the same parts in the same places."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from govdisclose.package import Package
from govdisclose.read.workbook.parts import BookParts, SheetPart, book_parts

LIMIT = 64
"""How many packages are remembered; the workbooks of a city have a handful of kinds."""

_WORKBOOK = "xl/workbook.xml"
_CONSULTED = ("[Content_Types].xml", "_rels/.rels", _WORKBOOK, "xl/_rels/workbook.xml.rels")
"""These parts and the names of all others decide where the parts of a workbook are."""


class _FoundParts(NamedTuple):
    """What ``BookParts`` says besides the package itself."""

    sheets: tuple[SheetPart, ...]
    strings: str | None
    styles: str | None
    date1904: bool


class PartsMemory:
    """The packages known so far. Several threads may share one."""

    def __init__(self) -> None:
        self._known: dict[bytes, _FoundParts] = {}

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

    def _remember(self, key: bytes, parts: BookParts) -> None:
        if len(self._known) >= LIMIT:
            self._known.clear()
        found = _FoundParts(parts.sheets, parts.strings, parts.styles, parts.date1904)
        self._known[key] = found


def _key(package: Package) -> bytes | None:
    """A digest of the names and the consulted parts; ``None`` if one of these has another name."""
    consulted = []
    for name in _CONSULTED:
        content = package.parts.get(name)
        if content is None:
            return None
        consulted.append(content)
    names = repr(list(package.parts))
    digest = sha256(names.encode("utf-8", "surrogatepass"))
    for content in consulted:
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.digest()
