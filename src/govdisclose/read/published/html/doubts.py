"""Why it cannot be decided how the text of an element looks: a table from styles to reasons.

The reasons are Chinese sentence ends for a finding on a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import tinycss2
from attrs import frozen

from govdisclose.read.published.html.css_properties import PROPERTIES
from govdisclose.read.published.html.declared import Declared, ElementStyles
from govdisclose.read.published.html.letters import is_shifted
from govdisclose.read.published.html.out_of_view import BOXES, CELLS

NOTHING = frozenset([
    "normal", "none", "auto", "initial", "inherit", "unset", "revert", "baseline", "visible",
    "static",
])  # fmt: skip
"""Words with which a property does nothing."""
_BULLETS = frozenset(["none", "disc", "circle", "square", "inside", "outside", *NOTHING])
_OVERLAP = -4
"""Pixels: letters drawn closer than this lie over one another."""
_NUDGE = 3
"""Pixels by which text may be moved without seeming to stand elsewhere."""
_REDRAWN = (
    "transform", "translate", "scale", "rotate", "filter", "clip-path", "mask",
    "-webkit-text-security",
)  # fmt: skip
_DECISIVE = ("display", "visibility", "opacity", "font-size", "vertical-align")


@frozen
class _Doubt:
    """A test on the styles and the tag of an element, and the reason when it succeeds."""

    test: Callable[[ElementStyles, str], bool]
    reason: str


def doubt_about(styles: ElementStyles, tag: str) -> str:
    """Why it cannot be decided how text looks; ``""`` when it can."""
    for doubt in _DOUBTS:
        if doubt.test(styles, tag):
            return doubt.reason
    return ""


def oddities(styles: ElementStyles, tag: str) -> Iterator[str]:
    """Styles that are not understood here, and those that only move letters against others."""
    for name, value in styles.declared.items():
        if name not in PROPERTIES and not _does_nothing(value):
            yield f"{name}:{tinycss2.serialize(value.tokens)}"
    in_line = tag not in CELLS and tag not in BOXES
    if in_line and styles.words("vertical-align") & {"top", "bottom"}:
        yield "vertical-align"
    if is_shifted(styles):
        yield "margin"
    for name in ("margin", "margin-left"):
        if any(length <= _OVERLAP for length in styles.pixels(name)):
            yield name


def generates_text(content: Declared) -> bool:
    """Whether generated content has letters or figures, and is no icon."""
    if content.has_picture or content.words & {"attr", "counter", "counters", "var"}:
        return True
    return _has_letters(content)


def _has_letters(value: Declared) -> bool:
    """Whether the quoted texts of a value have letters or figures."""
    letters = "".join(value.strings)
    return any(letter.isalnum() for letter in letters)


def _does_nothing(value: Declared) -> bool:
    if value.words:
        return bool(value.words & NOTHING)
    return all(number == 1 for number, _ in value.numbers)


# --- tests --------------------------------------------------------------------------------------


def _runs_backwards(styles: ElementStyles, tag: str) -> bool:
    if "rtl" in styles.words("direction"):
        return True
    return bool(styles.words("unicode-bidi") & {"bidi-override", "isolate-override"})


def _is_out_of_line(styles: ElementStyles, tag: str) -> bool:
    if tag in CELLS:
        return False
    is_positioned = styles.words("position") & {"absolute", "fixed"}
    floats = styles.words("float") - NOTHING
    return bool(is_positioned or floats)


def _is_out_of_place(styles: ElementStyles, tag: str) -> bool:
    if "relative" not in styles.words("position"):
        return False
    lengths = styles.pixels("left", "right")
    return any(abs(length) > _NUDGE for length in lengths)


def _is_reordered(styles: ElementStyles, tag: str) -> bool:
    directions = styles.words("flex-direction", "flex-flow")
    if directions & {"row-reverse", "column-reverse"}:
        return True
    order = styles.numbers("order")
    return bool(order) and order[0][0] != 0


def _is_redrawn(styles: ElementStyles, tag: str) -> bool:
    for name in _REDRAWN:
        value = styles.get(name)
        if value is not None and "none" not in value.words:
            return True
    return False


def _overlaps(styles: ElementStyles, tag: str) -> bool:
    lengths = styles.pixels("letter-spacing")
    if tag not in BOXES:
        lengths += styles.pixels("margin-left")
    return any(length <= _OVERLAP for length in lengths)


def _is_painted(styles: ElementStyles, tag: str) -> bool:
    """Whether a gradient is drawn behind text in a line: it may be a line through the text."""
    if tag in CELLS or tag in BOXES:
        return False
    words = styles.words("background", "background-image")
    return any(word.endswith("gradient") for word in words)


def _is_reset(styles: ElementStyles, tag: str) -> bool:
    return "all" in styles


def _is_on_a_grid(styles: ElementStyles, tag: str) -> bool:
    placements = ("grid-area", "grid-column", "grid-row")
    return any(name in styles for name in placements)


def _has_own_bullets(styles: ElementStyles, tag: str) -> bool:
    if styles.words("list-style", "list-style-type") - _BULLETS:
        return True
    for name in ("quotes", "list-style", "list-style-type"):
        value = styles.get(name)
        if value is not None and _has_letters(value):
            return True
    return False


def _is_a_picture(styles: ElementStyles, tag: str) -> bool:
    content = styles.get("content")
    return content is not None and content.has_picture


def _is_hidden_in_word(styles: ElementStyles, tag: str) -> bool:
    return "all" in styles.words("mso-hide")


def _is_computed(styles: ElementStyles, tag: str) -> bool:
    for name in _DECISIVE:
        value = styles.get(name)
        if value is not None and value.is_computed and not _is_surely_zero(value):
            return True
    return False


def _is_surely_zero(value: Declared) -> bool:
    if "var" in value.words or not value.numbers:
        return False
    return all(number == 0 for number, _ in value.numbers)


_DOUBTS = (
    _Doubt(_runs_backwards, "文字方向从右到左"),
    _Doubt(_is_out_of_line, "文字不在原来的位置"),
    _Doubt(_is_out_of_place, "文字不在原来的位置"),
    _Doubt(_is_reordered, "文字不照原来的次序"),
    _Doubt(_is_redrawn, "文字经过变形或遮盖"),
    _Doubt(_overlaps, "文字重叠"),
    _Doubt(_is_painted, "样式在文字上画了图形"),
    _Doubt(_is_reset, "样式要由浏览器计算"),
    _Doubt(_is_on_a_grid, "文字不照原来的次序"),
    _Doubt(_has_own_bullets, "样式在文字前后加了内容"),
    _Doubt(_is_a_picture, "样式用图片代替了文字"),
    _Doubt(_is_hidden_in_word, "文字在 Word 中是隐藏的"),
    _Doubt(_is_computed, "样式要由浏览器计算"),
)
"""The first that succeeds is reported."""
