"""The colours of letters and of the cell behind them, and whether a reader can tell them apart.

Table styles are not considered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govdisclose.read.workbook.xml_parts import local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Rgb = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
_INDEXES = {"0": BLACK, "1": WHITE, "8": BLACK, "9": WHITE, "64": BLACK, "65": WHITE}
"""Places in the palette that mean the same in every workbook."""
_THEME = {"0": WHITE, "1": BLACK}
"""Colours of the theme that nearly every theme has."""
_LEAST_CONTRAST = 1.25
"""Nobody can make out letters of less contrast; WCAG 2 asks for at least 3. 1 is none."""
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_GAMMA = 2.2


def is_unseen(letters: Rgb | None, behind: Rgb | None) -> bool:
    """Whether letters cannot be made out; ``None`` is a colour that is not known here."""
    if letters is None or behind is None:
        return False
    luminances = (_luminance(letters), _luminance(behind))
    darker = min(luminances)
    lighter = max(luminances)
    contrast = (lighter + 0.05) / (darker + 0.05)
    return contrast < _LEAST_CONTRAST


def _luminance(colour: Rgb) -> float:
    """The relative luminance of a colour, roughly as WCAG 2 defines it."""
    luminance = 0.0
    for weight, channel in zip(_WEIGHTS, colour, strict=True):
        share = channel / 255
        luminance += weight * share**_GAMMA
    return luminance


def letter_colour(font: Element) -> Rgb | None:
    """The colour of the letters of a font."""
    return next(_colours(font, "color"), BLACK)


def fill_colour(fill: Element) -> Rgb | None:
    """The colour that a fill gives to a cell: that of the paper where it has none."""
    for pattern in fill:
        kind = pattern.get("patternType", "none")
        if local(pattern) != "patternFill":
            return None
        if kind not in ("none", "solid"):
            return None
        if kind == "none":
            return WHITE
        return next(_colours(pattern, "fgColor"), None)
    return WHITE


def changed_letters(font: Element) -> Iterator[Rgb | None]:
    """The colour that a conditional format gives to letters; nothing if it leaves them theirs."""
    return _colours(font, "color")


def changed_fill(fill: Element) -> Iterator[Rgb | None]:
    """The colour that a conditional format gives to a cell; nothing if it leaves the cell its own.

    Its colour of the background stands where a cell format has its colour of the foreground.
    """
    for pattern in fill:
        is_pattern = local(pattern) == "patternFill"
        if is_pattern and pattern.get("patternType", "solid") == "solid":
            yield from _colours(pattern, "bgColor")
        else:
            yield None


def _colours(element: Element, name: str) -> Iterator[Rgb | None]:
    for child in element:
        if local(child) == name:
            yield _colour(child)


def _colour(colour: Element) -> Rgb | None:
    rgb = colour.get("rgb")
    if rgb is not None:
        return _of_channels(rgb[-6:])
    index = colour.get("indexed")
    if index is not None:
        return _INDEXES.get(index)
    theme = _THEME.get(colour.get("theme", ""))
    if theme is None:
        return None
    return _tinted(theme, colour.get("tint", "0"))


def _of_channels(digits: str) -> Rgb | None:
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError:
        return None
    return (red, green, blue)


def _tinted(colour: Rgb, tint: str) -> Rgb | None:
    """White or black of a theme, made darker by a negative and lighter by a positive tint."""
    try:
        amount = float(tint)
    except ValueError:
        return None
    goal = 255 if amount > 0 else 0
    grey = colour[0]
    share = min(abs(amount), 1.0)
    level = round(grey + (goal - grey) * share)
    return (level, level, level)
