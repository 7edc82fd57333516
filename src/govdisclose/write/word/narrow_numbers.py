"""Numbers that are wider than their cells get narrower letters: no number is broken over two lines."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.write.word.cell_room import LetterLook, TextInCell, cell_texts
from govdisclose.write.word.fill import fill
from govdisclose.write.word.tree import Body

HALF = 0.5
"""The width of a digit in the Chinese fonts of Windows, of which each character is 1 wide."""

STAND_IN = 0.56
"""The same in the fonts that stand in for them where they are not installed."""

_WIDEST = 0.6
"""The same in a font that is not known here."""

_HALF_WIDE = frozenset(
    [
        *("宋体", "新宋体", "仿宋", "仿宋_GB2312", "楷体", "楷体_GB2312", "黑体"),
        *("SimSun", "NSimSun", "FangSong", "FangSong_GB2312", "KaiTi", "KaiTi_GB2312", "SimHei"),
        "Times New Roman",
    ]
)
_STYLES = "word/styles.xml"
_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_TEXT_TAG = re.compile("<w:t(?=[ />])")
_NUMBER = re.compile(r"[+\-−]?[0-9]+(?:\.[0-9]+)?")
_WIDE_SIGN = "−"
"""A sign that fonts may draw as wide as a Chinese character."""

_SURE = 97
"""Percent of the room of a line: so much of it is filled."""

_EASY = 66
"""Percent: digits of this width are read as easily as others."""

_NARROWEST = 50
_TWIPS = 10
"""Twips in a half point."""
_SIZES = (18, 15, 12, 10)
"""Half points: smaller letters for a number that would otherwise be narrower than ``_EASY``."""


class _Look(NamedTuple):
    """The width of letters in percent, and their size in half points where it is another one."""

    percent: int
    size: int | None = None


def styles_in(package: bytes) -> bytes | None:
    """The styles of a Word file, or of a part of one."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        if _STYLES not in archive.namelist():
            return None
        return archive.read(_STYLES)


def room_of_cells(body: Body, edition: Edition, styles: bytes | None) -> Mapping[str, int]:
    """How many digits each statutory cell of a template holds on one line, as far as it is known."""
    paths = {path: path for path in outline(edition).cells}
    document = fill(body, defaultdict(str, paths))
    rooms: dict[str, int] = {}
    for text in cell_texts(ElementTree.fromstring(document), _root(styles)):
        said = text.element.text or ""
        if said in paths:
            room = _digits(text)
            known = rooms.get(said, room)
            rooms[said] = min(room, known)
    return rooms


def _digits(text: TextInCell) -> int:
    """How many digits there is room for."""
    letters = text.letters
    size = letters.size * _TWIPS
    breadth = _breadth(letters.font, HALF) * letters.percent / 100
    each = breadth * size + letters.spacing
    return int(text.room / max(1, each))


def narrowed(document: str, styles: bytes | None, digit: float = HALF) -> str:
    """A document in which every number in a cell of a table fits on one line.

    ``digit`` is the width of a digit in Chinese fonts. A document whose elements are not called
    ``w:…`` is not changed. Raises ``ParseError`` for what is no XML.
    """
    places = [found.start() for found in _TEXT_TAG.finditer(document)]
    root = ElementTree.fromstring(document)
    looks = _looks(root, styles, digit)
    texts = list(root.iter(_TEXT))
    if len(texts) != len(places):
        return document
    # From the end, so that the other places do not move.
    for text, place in zip(reversed(texts), reversed(places), strict=True):
        if text in looks:
            document = _changed(document, place, looks[text])
    return document


def _looks(root: Element, styles: bytes | None, digit: float) -> dict[Element, _Look]:
    """The texts with a number that does not fit, and the look with which it does."""
    looks: dict[Element, _Look] = {}
    for text in cell_texts(root, _root(styles)):
        numbers = _NUMBER.findall(text.element.text or "")
        if not numbers:
            continue
        longest = max(numbers, key=_signs)
        look = _fitting(longest, text.room, text.letters, digit)
        if look is not None:
            looks[text.element] = look
    return looks


def _root(styles: bytes | None) -> Element | None:
    return None if styles is None else ElementTree.fromstring(styles)


# --- widths ---------------------------------------------------------------------------------------


def _signs(number: str) -> int:
    """How many digits a number is as wide as."""
    return len(number) + number.count(_WIDE_SIGN)


def _fitting(number: str, room: int, letters: LetterLook, digit: float) -> _Look | None:
    """The letters with which a number fits; ``None`` if it fits as it is."""
    ems = _signs(number) * _breadth(letters.font, digit)
    # Word does not make the space between letters narrower with them.
    room -= len(number) * letters.spacing
    width = ems * letters.size * _TWIPS
    if width * letters.percent <= room * 100:
        return None
    percent = _percent(ems, room, letters.size)
    if percent >= _EASY:
        return _Look(percent)
    smaller = [size for size in _SIZES if size < letters.size]
    for size in smaller:
        percent = _percent(ems, room, size)
        if percent >= _EASY:
            return _Look(min(percent, letters.percent), size)
    smallest = min(letters.size, _SIZES[-1])
    return _Look(max(percent, _NARROWEST), smallest)


def _percent(ems: float, room: int, size: int) -> int:
    """How wide the letters of a text may be that has ``ems`` times their size.

    A little room is left: programs round the width of each letter.
    """
    width = ems * size * _TWIPS
    return int(_SURE * room / width)


def _breadth(font: str, digit: float) -> float:
    """The width of a digit of a font."""
    return digit if font in _HALF_WIDE else _WIDEST


# --- XML ------------------------------------------------------------------------------------------

_RUN = re.compile("<w:r(?: [^>]*)?>")
_PROPERTIES = re.compile("<w:rPr>(.*?)</w:rPr>|<w:rPr */>", re.DOTALL)
_AFTER_SIZE = (
    *("szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em"),
    *("lang", "eastAsianLayout", "specVanish", "oMath"),
)
"""Run properties that come after the size of letters."""

_AFTER_WIDTH = ("kern", "position", "sz", *_AFTER_SIZE)


def _changed(document: str, place: int, look: _Look) -> str:
    """The document with another look of the run around the text at ``place``."""
    plain = document.rfind("<w:r>", 0, place)
    with_attributes = document.rfind("<w:r ", 0, place)
    start = max(plain, with_attributes)
    begun = _RUN.match(document, start)
    if begun is None:
        return document
    before = document[: begun.end()]
    after = begun.end()
    properties = ""
    found = _PROPERTIES.match(document, after)
    if found is not None:
        after = found.end()
        properties = found[1] or ""
    if "<w:rPrChange" in properties:  # another <w:rPr> is in it
        return document
    properties = _with(properties, "w", look.percent, _AFTER_WIDTH)
    if look.size is not None:
        properties = _with(properties, "sz", look.size, _AFTER_SIZE)
    rest = document[after:]
    return f"{before}<w:rPr>{properties}</w:rPr>{rest}"


def _with(properties: str, name: str, value: int, followers: Sequence[str]) -> str:
    """Run properties with one of them set, at the place that the schema prescribes."""
    properties = re.sub(f"<w:{name} [^>]*/>", "", properties)
    names = "|".join(followers)
    follower = re.search(f"<w:(?:{names})[ />]", properties)
    place = len(properties)
    if follower is not None:
        place = follower.start()
    before = properties[:place]
    behind = properties[place:]
    return f'{before}<w:{name} w:val="{value}"/>{behind}'
