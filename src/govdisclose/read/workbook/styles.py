"""The cell formats of a workbook, as far as an engine needs them to tell a date from a number."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement, tostring

from attrs import field, frozen

from govdisclose.read.workbook.elements import BrokenXmlError, pieces
from govdisclose.read.workbook.parts import NAMESPACES
from govdisclose.read.workbook.xml_parts import well_formed


class BadStylesError(Exception):
    """Formats that cannot be read. ``str(error)`` is a Chinese clause."""


_PLAIN_NUMBERS = frozenset({*range(14), *range(37, 41), 48, 49})
"""Built-in number formats that show a number: general, whole, fraction, percent, scientific, text."""


@frozen
class Styles:
    """The cell formats of a workbook: whether each is plainly one of numbers, and what an engine is given of them."""

    plain: tuple[bool, ...]
    xml: bytes = field(repr=False)


@lru_cache(maxsize=16)
def read_styles(part: bytes) -> Styles:
    """The number formats and cell formats of a styles part; an empty part has none. Raises ``BadStylesError``.

    Workbooks made from one blank have the same part, so the last ones are remembered.
    """
    if not part:
        return Styles((), b"")
    try:
        return _read(part)
    except BrokenXmlError:
        pass
    try:
        return _read(
            well_formed(part)
        )  # formats decide what a number looks like: they are read as far as they go
    except (BrokenXmlError, ValueError) as error:
        raise BadStylesError("样式部件不是完好的 XML") from error


def _read(part: bytes) -> Styles:
    namespace = ""
    codes: dict[str, str] = {}
    formats: list[str] = []
    for parent, element in pieces(part, level=2):
        if not parent:
            namespace = _namespace(element)
        elif parent == f"{namespace}numFmts" and element.tag == f"{namespace}numFmt":
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif parent == f"{namespace}cellXfs" and element.tag == f"{namespace}xf":
            formats.append(element.get("numFmtId", "0"))
    plain = [_is_plain(number, codes) for number in formats]
    return Styles(tuple(plain), _written(codes, formats))


def _namespace(root: Element) -> str:
    namespace = root.tag.removesuffix("styleSheet")
    if namespace not in {f"{{{known}}}" for known in NAMESPACES}:
        raise BadStylesError("样式部件不是样式")
    return namespace


def _is_plain(number: str, codes: dict[str, str]) -> bool:
    """Whether a format surely shows a number: a code without a letter has no day, month or hour in it."""
    if number in codes:
        return not any(character.isalpha() for character in codes[number])
    return number.isdecimal() and int(number) in _PLAIN_NUMBERS


def _written(codes: dict[str, str], formats: list[str]) -> bytes:
    """The formats as an engine reads them, without fonts, fills and counts."""
    root = Element("styleSheet", xmlns=NAMESPACES[0])
    numbers = SubElement(root, "numFmts")
    for key, code in codes.items():
        SubElement(numbers, "numFmt", numFmtId=key, formatCode=code)
    cells = SubElement(root, "cellXfs")
    for number in formats:
        SubElement(cells, "xf", numFmtId=number)
    written: bytes = tostring(root, "utf-8")
    return written
