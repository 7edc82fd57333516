"""How the letters of an element are drawn: size, colour, raised or lowered."""

from __future__ import annotations

from govdisclose.read.published.html.declared import Declared, ElementStyles, pixels

USUAL = 16.0
"""Pixels: the size of letters where nothing is declared."""
_NAMED_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}
_READABLE = frozenset([*_NAMED_SIZES, "initial", "revert"])
_PERCENT = USUAL / 100
INLINE_BOXES = frozenset(["inline-block", "inline-flex", "inline-table"])
"""Values of ``display`` with which an element is a box in a line."""
_VERTICAL_SPACE = (
    "margin", "margin-top", "margin-bottom", "padding", "padding-top", "padding-bottom",
)  # fmt: skip
_SHIFT = 3
"""Pixels by which letters are visibly higher or lower."""
_RELATIVE = frozenset(["em", "%", "ex", "ch"])


def declared_size(styles: ElementStyles) -> float | None:
    """The declared size in pixels, roughly, to tell no size and tiny letters from readable ones."""
    size = styles.get("font-size")
    if size is not None:
        if size.words & _READABLE:
            return USUAL
        lengths = size.numbers
    else:
        lengths = _lengths(styles.get("font"))[:1]
    if not lengths:
        return None
    value, unit = max(lengths, key=_magnitude)
    if unit == "%":
        return abs(value) * _PERCENT
    return pixels(abs(value), unit)


def _lengths(font: Declared | None) -> list[tuple[float, str]]:
    """The lengths in the shorthand ``font``, without the weight."""
    if font is None:
        return []
    lengths: list[tuple[float, str]] = []
    for value, unit in font.numbers:
        if unit or value == 0:
            lengths.append((value, unit))
    return lengths


def _magnitude(length: tuple[float, str]) -> float:
    return abs(length[0])


def letter_size(styles: ElementStyles, above: float) -> float:
    """The size of letters in pixels, as far as a declaration in one of the usual units says it."""
    for word in styles.words("font-size"):
        if word in _NAMED_SIZES:
            return _NAMED_SIZES[word]
    declared = styles.get("font-size")
    if declared is None or declared.is_computed:
        return above
    if len(declared.numbers) != 1:
        return above
    value, unit = declared.numbers[0]
    if unit == "em":
        return above * value
    if unit == "%":
        return above * value / 100
    return pixels(value, unit)


def is_relative(styles: ElementStyles) -> bool:
    """Whether the size of letters depends on the size around them."""
    size = styles.first_of("font-size", "font")
    if size is None:
        return False
    return any(unit in _RELATIVE for _, unit in size.numbers)


def is_raised(styles: ElementStyles) -> bool:
    """Whether letters are above or below the line, like the marks of notes."""
    if styles.words("vertical-align") & {"super", "sub", "text-top", "text-bottom"}:
        return True
    shifts = styles.numbers("vertical-align", "mso-text-raise")
    if any(value != 0 for value, _ in shifts):
        return True
    if "relative" not in styles.words("position"):
        return False
    lengths = styles.pixels("top", "bottom", "inset")
    return any(abs(length) >= 1 for length in lengths)


def is_lowered(styles: ElementStyles) -> bool:
    """Whether letters that are not on the line are below it."""
    if styles.words("vertical-align") & {"sub", "text-bottom"}:
        return True
    rises = styles.pixels("vertical-align", "mso-text-raise", "bottom")
    falls = styles.pixels("top")
    if any(rise < 0 for rise in rises):
        return True
    return any(fall > 0 for fall in falls)


def is_shifted(styles: ElementStyles) -> bool:
    """Whether a margin moves letters up or down against those beside them."""
    if not styles.words("display") & INLINE_BOXES:
        return False
    lengths = styles.pixels(*_VERTICAL_SPACE)
    return any(abs(length) >= _SHIFT for length in lengths)
