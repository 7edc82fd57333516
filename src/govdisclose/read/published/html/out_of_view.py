"""Whether an element is drawn where nobody looks, or not at all."""

from __future__ import annotations

from govdisclose.read.published.html.declared import Declared, ElementStyles, pixels

CELLS = frozenset(["td", "th", "tr", "table", "tbody", "thead", "tfoot"])
"""The elements of a table."""
BOXES = frozenset([
    "div", "p", "li", "ul", "ol", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "pre", "figure", "aside", "header", "footer", "nav", "main", "dl", "dt", "dd",
    "form", "details", "summary", "center", "body",
])  # fmt: skip
"""Elements that are boxes of their own unless the sheet says otherwise."""

_FAR = 500
"""Pixels: text further to the left or above is outside the page. For percentages nobody can tell.
"""
_VERY_FAR = 5000
"""Pixels to the right or below: no page is as long."""
_FAINTEST = 0.1
"""The opacity below which nobody sees a text."""
_PLACED = frozenset(["absolute", "fixed", "relative", "sticky"])
_OUT_OF_FLOW = frozenset(["absolute", "fixed"])
_SHIFTS = ("text-indent", "margin-left", "margin", "transform", "translate")
_POSITIONS = ("left", "right", "top", "inset")
_CUTS = frozenset(["hidden", "clip", "scroll", "auto"])
_SIZES = ("width", "height", "max-width", "max-height")


def is_out_of_view(styles: ElementStyles, tag: str) -> bool:
    """Whether the styles of an element take it out of a reader's view."""
    if _is_transparent(styles):
        return True
    if "hidden" in styles.words("content-visibility"):
        return True
    if _is_box(styles, tag) and _has_no_room(styles):
        return True
    if _is_scaled_away(styles):
        return True
    if _is_far_away(styles):
        return True
    return _is_clipped(styles)


def _is_transparent(styles: ElementStyles) -> bool:
    for value, unit in styles.numbers("opacity"):
        opacity = value / 100 if unit else value
        if opacity < _FAINTEST:
            return True
    return False


def _is_box(styles: ElementStyles, tag: str) -> bool:
    """Whether width and height count: not for an element in a line, and not for a cell."""
    if tag in CELLS:
        return False
    display = styles.words("display")
    if display:
        return "inline" not in display and "contents" not in display
    if styles.words("position") & _OUT_OF_FLOW:
        return True
    if styles.words("float") - {"none"}:
        return True
    return tag in BOXES


def _has_no_room(styles: ElementStyles) -> bool:
    """Whether a box that hides its overflow has no room for a letter."""
    overflow = styles.words("overflow", "overflow-x", "overflow-y")
    if not overflow & _CUTS:
        return False
    lengths = styles.pixels(*_SIZES)
    return any(abs(length) <= 1 for length in lengths)


def _is_scaled_away(styles: ElementStyles) -> bool:
    for name in ("transform", "scale"):
        declared = styles.get(name)
        if declared is None:
            continue
        if 0 in _factors(declared):
            return True
    return False


def _factors(declared: Declared) -> list[float]:
    """The numbers by which ``transform`` or ``scale`` enlarges an element."""
    found: list[float] = []
    for token in declared.tokens:
        if token.type == "number":
            found.append(token.value)
        elif token.type == "function" and token.lower_name.startswith("scale"):
            arguments = Declared(tuple(token.arguments))
            found += [number for number, _ in arguments.numbers]
    return found


def _is_far_away(styles: ElementStyles) -> bool:
    is_placed = bool(styles.words("position") & _PLACED)
    names = list(_SHIFTS)
    if is_placed:
        names += _POSITIONS
    lengths = styles.numbers(*names)
    distances: list[float] = []
    for value, unit in lengths:
        if unit == "%" and value:
            return False
        distances.append(pixels(value, unit))
    if any(distance <= -_FAR for distance in distances):
        return True
    if not is_placed:
        return False
    return any(distance >= _VERY_FAR for distance in distances)


def _is_clipped(styles: ElementStyles) -> bool:
    clip = styles.numbers("clip")
    if clip and styles.words("position") & _OUT_OF_FLOW:
        sizes = [abs(value) for value, _ in clip]
        return max(sizes) <= 1
    path = styles.get("clip-path")
    if path is None:
        return False
    if "inset" in path.words:
        return any(unit == "%" and value >= 50 for value, unit in path.numbers)
    is_round = not path.words.isdisjoint(("circle", "ellipse"))
    if not is_round or not path.numbers:
        return False
    radius, _ = path.numbers[0]
    return radius == 0
