"""What run properties say of letters: the marks that change how a reader sees them.

A mark leads from a name to a value; a switch is ``1`` or ``0``. A property that is not understood
is the mark ``odd NAME``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from govdisclose.read.published.word.element_names import OFF, VALUE, W

Marks = Mapping[str, str]
"""Properties of letters by their names."""

TOGGLES = ("strike", "vanish")
"""Switches that styles of several kinds turn on and off again."""
ODD = "odd "
"""The beginning of the name of a property that is not understood."""
COLOURS = ("color", "shade")
"""Marks that say which colour letters and paper have."""
_SWITCHES = ("dstrike", "specVanish", "rtl")
_HARMLESS = frozenset([
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "outline", "shadow", "emboss",
    "imprint", "noProof", "snapToGrid", "kern", "szCs", "u", "effect", "bdr", "cs", "em", "lang",
    "oMath", "rPrChange", "ins", "del", "moveFrom", "moveTo",
])  # fmt: skip
"""Properties that do not change which figure a reader sees."""
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_PICTURE_FONTS = ("wingdings", "webdings", "symbol", "marlett", "mt extra")
"""Fonts whose figures are pictures or other letters."""
_TINY = 4
"""Half points: nobody reads letters of this size."""
_NARROWEST = 20
"""Percent of their width: below it letters run into each other."""
_TIGHTEST = -3
"""Points: letters set closer than this overlap."""
_UNITS = {"pt": 1.0, "mm": 2.835, "cm": 28.35, "in": 72.0, "pc": 12.0, "pi": 12.0}
"""Points, by the units of ECMA-376 part 1, 22.9.2.15."""
_LONGEST_MEASURE = 20
_NEARLY_WHITE = 0xE6
"""The least channel of a colour that cannot be distinguished from paper."""


def points(value: str, parts: float) -> float | None:
    """A measure in points. A bare number counts in parts of a point."""
    value = value.strip()[:_LONGEST_MEASURE]
    unit = value[-2:]
    try:
        if unit in _UNITS:
            number = float(value[:-2])
            return number * _UNITS[unit]
        return float(value) / parts
    except ValueError:
        return None


def half_points(value: str) -> float | None:
    """A size of letters in half points."""
    found = points(value, 2)
    if found is None:
        return None
    return found * 2


def matter(marks: Marks) -> bool:
    """Whether any of the marks changes how letters look. A switch that is off does not by itself."""
    return any(value not in ("", "0", "baseline") for value in marks.values())


def marks_of(properties: Element | None) -> dict[str, str]:
    """The marks in run properties."""
    found: dict[str, str] = {}
    if properties is None:
        return found
    for element in properties:
        found |= mark_of(element)
    return found


def mark_of(element: Element) -> Marks:
    """The mark of one property; nothing for one that changes nothing."""
    read = _READERS.get(element.tag)
    if read is not None:
        name = element.tag.removeprefix(W)
        return read(name, element)
    if element.tag.startswith(_W14):
        return _effect(element)
    name = element.tag.removeprefix(W)
    if name in _HARMLESS:
        return {}
    value = element.get(VALUE, "1")
    if value in OFF:
        return {}
    return {ODD + name: value or "1"}


def _effect(element: Element) -> Marks:
    """An effect of Word 2010: only letters without a filling cannot be seen."""
    if element.tag != _W14 + "textFill":
        return {}
    if element.get(VALUE) in OFF:
        return {}
    inside = {part.tag.removeprefix(_W14) for part in element.iter()}
    if inside & {"noFill", "alpha"}:
        return {f"{ODD}textFill": "1"}
    return {}


def _switch(name: str, element: Element) -> Marks:
    is_off = element.get(VALUE, "") in OFF
    return {name: "0" if is_off else "1"}


def _value(name: str, element: Element) -> Marks:
    return {name: element.get(VALUE, "")}


def _layout(name: str, element: Element) -> Marks:
    """Letters put together in one, or turned."""
    for key in ("combine", "vert"):
        value = element.get(W + key)
        if value is not None and value not in OFF:
            return {name: "1"}
    return {}


def _font(name: str, element: Element) -> Marks:
    fonts = " ".join(element.attrib.values()).lower()
    if any(font in fonts for font in _PICTURE_FONTS):
        return {"font": "1"}
    return {}


def _size(name: str, element: Element) -> Marks:
    size = half_points(element.get(VALUE, ""))
    is_tiny = size is not None and size <= _TINY
    return {name: "1" if is_tiny else ""}


def _colour(name: str, element: Element) -> Marks:
    """The colour of letters, as far as it is that of the paper."""
    value = element.get(VALUE, "")
    return {name: "white" if _is_white(value) else ""}


def _shade(name: str, element: Element) -> Marks:
    return {"shade": "1" if is_shaded(element) else ""}


def _highlight(name: str, element: Element) -> Marks:
    value = element.get(VALUE)
    is_plain = value in ("none", "white")
    return {"shade": "" if is_plain else "1"}


def is_shaded(shading: Element | None) -> bool:
    """Whether a shading gives the paper another colour."""
    if shading is None:
        return False
    pattern = shading.get(VALUE, "clear")
    if pattern not in ("clear", "nil"):
        return True
    if shading.get(W + "themeFill") is not None:
        return True
    fill = shading.get(W + "fill", "auto")
    return not _is_white(fill, auto=True)


def _is_white(value: str, *, auto: bool = False) -> bool:
    """Whether a colour is (nearly) white; ``auto`` is black for letters and white for paper."""
    if value == "auto":
        return auto
    try:
        channels = bytes.fromhex(value)
    except ValueError:
        return False
    if len(channels) != 3:
        return False
    return min(channels) >= _NEARLY_WHITE


def _width(name: str, element: Element) -> Marks:
    percent = element.get(VALUE, "").rstrip("%")
    if not percent.isdecimal():
        return {}
    is_narrow = int(percent[:9]) < _NARROWEST
    return {name: "1"} if is_narrow else {}


def _spacing(name: str, element: Element) -> Marks:
    wider = points(element.get(VALUE, ""), 20)
    if wider is not None and wider < _TIGHTEST:
        return {name: "1"}
    return {}


_READERS: Mapping[str, Callable[[str, Element], Marks]] = {
    **dict.fromkeys((W + name for name in (*TOGGLES, *_SWITCHES)), _switch),
    W + "vertAlign": _value,
    W + "position": _value,
    W + "eastAsianLayout": _layout,
    W + "rFonts": _font,
    W + "sz": _size,
    W + "color": _colour,
    W + "shd": _shade,
    W + "highlight": _highlight,
    W + "w": _width,
    W + "spacing": _spacing,
}
"""How each property is read that is understood."""
