"""What a reader sees of an element of a page: shown, hidden, struck, raised, or not to be decided here.

The properties are those a browser computes from the page's own sheets and attributes. Where only a
browser with everything the page names could tell, the look says why in ``doubt``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import tinycss2
from attrs import evolve, frozen

from govdisclose.read.published.html.css import PROPERTIES, Declared, Sheets

_NEVER = frozenset([
    "script", "style", "noscript", "template", "head", "iframe", "svg", "math", "object", "select", "input", "textarea",
    "datalist", "audio", "video", "canvas", "noframes", "noembed", "rt", "rp", "title", "meta", "link", "embed", "meter", "progress",
])  # fmt: skip
"""Elements whose text is not read: never drawn, drawn as something else, or beside the line."""
CONTROLS = frozenset(
    ["svg", "math", "object", "select", "input", "textarea", "canvas", "img", "embed", "iframe"]
)
"""Elements that show something which is no text of the page."""
_CELLS = frozenset(["td", "th", "tr", "table", "tbody", "thead", "tfoot"])
_BOXES = frozenset([
    "div", "p", "li", "ul", "ol", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure",
    "aside", "header", "footer", "nav", "main", "dl", "dt", "dd", "form", "details", "summary", "center", "body",
])  # fmt: skip
_LINES = frozenset(["block", "flex", "grid", "table", "list-item", "flow-root"])
"""Values of ``display`` with which an element begins a line of its own."""
_NOTHING = frozenset(
    [
        "normal",
        "none",
        "auto",
        "initial",
        "inherit",
        "unset",
        "revert",
        "baseline",
        "visible",
        "static",
    ]
)
_LETTER_SIZES = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
"""Pixels of letters by the ``size`` attribute of ``font``."""
_NAMED_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}
_STRUCK = frozenset(["s", "strike", "del"])
_SIZES = frozenset(
    ["xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "initial", "revert"]
)
_FAR = 500
"""Pixels: what stands further to the left or above is outside the page. In percent nobody can tell here."""
_VERY_FAR = 5000
"""Pixels to the right of or below the page; a long page is not as long."""
_TINY = 4
"""Pixels: smaller letters are not read by anybody."""
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "cm": 37.8, "mm": 3.78,
           "in": 96.0, "pc": 16.0, "vw": 12.8, "vh": 8.0, "q": 0.945, "%": 12.8}  # fmt: skip


@frozen
class Look:
    """How the text of an element looks. ``gone`` holds for everything below it; the rest is inherited.

    ``odd`` are styles that are not understood here: parts of one figure that differ in them may look
    otherwise to a reader. ``size`` is that of the letters in pixels, roughly.
    """

    gone: bool = False
    unseen: bool = False
    closed: bool = False
    no_size: bool = False
    clear: bool = False
    struck: bool = False
    raised: bool = False
    lowered: bool = False
    own_line: bool = False
    size: float = 16.0
    odd: frozenset[str] = frozenset()
    doubt: str = ""

    @property
    def is_read(self) -> bool:
        """Whether text that stands here is read."""
        return not (
            self.gone or self.unseen or self.closed or self.no_size or self.clear or self.struck
        )


GONE = Look(gone=True)
Styles = Mapping[str, Declared]


def look_of(node: Any, above: Look, sheets: Sheets) -> Look:
    """The look of an element inside one that looks like ``above``."""
    tag = node.tag
    if tag in _NEVER:
        return GONE
    styles = sheets.of(node)
    if _is_not_displayed(node, styles):
        return GONE
    look = evolve(above, own_line=False) if above.own_line else above
    closed = _is_closed(node, above)
    if closed != above.closed:
        look = evolve(look, closed=closed)
    if tag in ("td", "th"):
        look = evolve(look, doubt="", raised=False, lowered=False, odd=frozenset())
    if tag in _STRUCK and "text-decoration" not in styles and "text-decoration-line" not in styles:
        look = evolve(look, struck=True)
    if tag in ("sup", "sub") and "vertical-align" not in styles:
        look = evolve(look, raised=True, lowered=tag == "sub")
    if (tag == "a" and node.get("href") is not None) or tag == "small":
        look = evolve(look, odd=look.odd | {tag})
    if tag == "font" and node.get("size") in _LETTER_SIZES:
        look = evolve(look, size=_LETTER_SIZES[node.get("size")])
    if (tag == "bdo" and (node.get("dir") or "").lower() != "ltr") or (
        node.get("dir") or ""
    ).lower() == "rtl":
        look = evolve(look, doubt="文字方向从右到左")
    if node in sheets.generated and _says_something(sheets.generated[node]):
        look = evolve(look, doubt="样式在文字前后加了内容")
    if node in sheets.partial:
        look = evolve(look, doubt="样式改动了一部分字，或在字上画了线")
    return _with_styles(look, styles, tag) if styles else look


def _is_not_displayed(node: Any, styles: Styles) -> bool:
    """``display:none``, by the sheets, the ``hidden`` attribute, or as a closed part of the page."""
    display = styles.get("display")
    if "all" in styles:
        return False  # what stands before it is taken back, which is told as a doubt
    if display is not None and display.words:
        return "none" in display.words
    if node.get("hidden") is not None or node.get("popover") is not None:
        return True
    return bool(node.tag == "dialog" and node.get("open") is None)


def _is_closed(node: Any, above: Look) -> bool:
    """Whether text in an element is folded away: in ``details`` that are not open, but for their summary."""
    if node.tag == "details" and node.get("open") is None:
        return True
    parent = node.getparent()
    if node.tag != "summary" or parent is None or node is not next(parent.iter("summary"), None):
        return above.closed
    outer = (around for around in parent.iterancestors("details") if around.get("open") is None)
    return next(outer, None) is not None


def _says_something(content: Declared) -> bool:
    """Whether generated content has letters or figures, and is no icon."""
    if not content.words.isdisjoint(("attr", "counter", "counters", "var")) or _has_picture(
        content
    ):
        return True
    texts = [token.value for token in content.tokens if token.type == "string"]
    return any(letter.isalnum() for text in texts for letter in text)


def _has_picture(content: Declared) -> bool:
    return any(
        token.type == "url" or (token.type == "function" and token.lower_name == "url")
        for token in content.tokens
    )


# --- styles -------------------------------------------------------------------------------------


def _with_styles(look: Look, styles: Styles, tag: str) -> Look:
    if _is_out_of_view(styles, tag):
        return GONE
    look = _with_letters(look, styles)
    if tag not in _CELLS and _is_raised(styles):
        look = evolve(look, raised=True, lowered=_is_lowered(styles))
    if _words(styles, "display") & _LINES:
        look = evolve(look, own_line=True)
    odd = frozenset(_oddities(styles, tag))
    if odd:
        look = evolve(look, odd=look.odd | odd)
    doubt = _doubt(styles, tag)
    return evolve(look, doubt=doubt) if doubt else look


def _oddities(styles: Styles, tag: str) -> Iterator[str]:
    """What the styles say that is not understood here, and what only moves letters against others."""
    for name, value in styles.items():
        is_whole = all(number == 1 for number, _ in value.numbers) and not value.words
        if name not in PROPERTIES and not (value.words & _NOTHING or is_whole):
            yield f"{name}:{tinycss2.serialize(value.tokens)}"
    if (
        tag not in _CELLS
        and tag not in _BOXES
        and _words(styles, "vertical-align") & {"top", "bottom"}
    ):
        yield "vertical-align"
    for name in ("margin", "margin-left"):
        if any(pixels <= -4 for pixels in _pixels(styles, name)):
            yield name


def _with_letters(look: Look, styles: Styles) -> Look:
    """The look with visibility, size, colour and lines of the letters themselves."""
    visibility = styles.get("visibility")
    if visibility is not None and visibility.words and "inherit" not in visibility.words:
        look = evolve(look, unseen=not visibility.words.isdisjoint(("hidden", "collapse")))
    size = _font_size(styles)
    if size is not None:
        look = evolve(look, no_size=size == 0 or (look.no_size and _is_relative(styles)))
        if 0 < size < _TINY and not look.no_size:
            look = evolve(look, doubt="字号过小")
    look = evolve(look, size=_letter_size(styles, look.size))
    colour = styles.get("-webkit-text-fill-color") or styles.get("color")
    if colour is not None and not colour.words & {"inherit", "unset", "currentcolor"}:
        look = evolve(look, clear=_is_clear(colour))
    line = styles.get("text-decoration-line") or styles.get("text-decoration")
    if line is not None and "line-through" in line.words:
        return evolve(look, struck=True)
    if look.struck and _words(styles, "display") & {"inline-block", "inline-flex", "inline-table"}:
        return evolve(look, struck=False)
    return look


def _font_size(styles: Styles) -> float | None:
    """The declared size of letters in pixels, roughly; only whether it is nothing, or tiny, matters."""
    size = styles.get("font-size")
    if size is not None and size.words & _SIZES:
        return 16
    if size is not None:
        lengths = size.numbers
    else:
        font = styles.get("font")
        lengths = [n for n in font.numbers if n[1] or n[0] == 0][:1] if font is not None else []
    if not lengths:
        return None
    value, unit = max(lengths, key=lambda length: abs(length[0]))
    if unit == "%":
        return abs(value) * 0.16
    return abs(value) * _PIXELS.get(unit, 1.0)


def _letter_size(styles: Styles, above: float) -> float:
    """The size of letters, as far as a declaration in one of the usual units says it."""
    words = _words(styles, "font-size")
    named = next((_NAMED_SIZES[word] for word in words if word in _NAMED_SIZES), None)
    if named is not None:
        return named
    declared = styles.get("font-size")
    if declared is None or len(declared.numbers) != 1 or declared.is_computed:
        return above
    value, unit = declared.numbers[0]
    if unit in ("em", "%"):
        return above * (value / 100 if unit == "%" else value)
    return value * _PIXELS.get(unit, 1.0)


def _is_relative(styles: Styles) -> bool:
    size = styles.get("font-size") or styles.get("font")
    return size is not None and any(unit in ("em", "%", "ex", "ch") for _, unit in size.numbers)


def _is_clear(colour: Declared) -> bool:
    """Whether letters of this colour cannot be seen on anything."""
    from tinycss2.color4 import parse_color

    parsed = parse_color(colour.tokens[0]) if colour.tokens else None
    if parsed is None or parsed == "currentcolor":
        return False
    return bool(parsed.alpha == 0)


def _is_out_of_view(styles: Styles, tag: str) -> bool:
    """Whether an element is drawn where nobody looks, or not at all."""
    opacity = styles.get("opacity")
    if opacity is not None and any(
        value < (10 if unit else 0.1) for value, unit in opacity.numbers
    ):
        return True
    if "hidden" in _words(styles, "content-visibility"):
        return True
    if _is_boxed(styles, tag) and _is_flat(styles):
        return True
    scaled = [styles[name] for name in ("transform", "scale") if name in styles]
    if any(_is_scaled_away(value) for value in scaled):
        return True
    placed = _words(styles, "position") & {"absolute", "fixed", "relative", "sticky"}
    names = ["text-indent", "margin-left", "margin", "transform", "translate"]
    if placed:
        names += ["left", "right", "top", "inset"]
    lengths = [length for name in names if name in styles for length in styles[name].numbers]
    if not any(unit == "%" and value for value, unit in lengths):
        far = [value * _PIXELS.get(unit, 1.0) for value, unit in lengths]
        if any(pixels <= -_FAR for pixels in far) or (
            placed and any(pixels >= _VERY_FAR for pixels in far)
        ):
            return True
    clip = styles.get("clip")
    if placed & {"absolute", "fixed"} and clip is not None and clip.numbers:
        return max(abs(value) for value, _ in clip.numbers) <= 1
    return _is_clipped(styles.get("clip-path"))


def _is_scaled_away(value: Declared) -> bool:
    functions = [
        token
        for token in value.tokens
        if token.type == "function" and token.lower_name.startswith("scale")
    ]
    numbers = [
        number for token in functions for number, _ in Declared(tuple(token.arguments)).numbers
    ]
    plain = [token.value for token in value.tokens if token.type == "number"]
    return 0 in numbers or 0 in plain


def _is_clipped(path: Declared | None) -> bool:
    if path is None:
        return False
    if "inset" in path.words:
        return any(unit == "%" and value >= 50 for value, unit in path.numbers)
    return (
        not path.words.isdisjoint(("circle", "ellipse"))
        and bool(path.numbers)
        and path.numbers[0][0] == 0
    )


def _is_boxed(styles: Styles, tag: str) -> bool:
    """Whether width and height count: not for an element in a line, and not for a cell."""
    if tag in _CELLS:
        return False
    display = _words(styles, "display")
    if display:
        return "inline" not in display and "contents" not in display
    placed = _words(styles, "position") & {"absolute", "fixed"}
    return bool(placed) or bool(_words(styles, "float") - {"none"}) or tag in _BOXES


def _is_flat(styles: Styles) -> bool:
    """Whether a box that cuts off what flows over has no room for a letter."""
    cut = _words(styles, "overflow") | _words(styles, "overflow-x") | _words(styles, "overflow-y")
    if not cut & {"hidden", "clip", "scroll", "auto"}:
        return False
    sizes = [_pixels(styles, name) for name in ("width", "height", "max-width", "max-height")]
    return any(abs(pixels) <= 1 for size in sizes for pixels in size)


def _is_raised(styles: Styles) -> bool:
    """Whether letters stand above or below the line, as the marks of notes do."""
    align = styles.get("vertical-align")
    if align is not None and align.words & {"super", "sub", "text-top", "text-bottom"}:
        return True
    if align is not None and any(value != 0 for value, _ in align.numbers):
        return True
    if any(pixels != 0 for pixels in _pixels(styles, "mso-text-raise")):
        return True
    if "relative" not in _words(styles, "position"):
        return False
    return any(
        abs(pixels) >= 1 for name in ("top", "bottom", "inset") for pixels in _pixels(styles, name)
    )


def _is_lowered(styles: Styles) -> bool:
    """Whether letters that do not stand on the line stand below it."""
    if _words(styles, "vertical-align") & {"sub", "text-bottom"}:
        return True
    below = [
        *_pixels(styles, "vertical-align"),
        *_pixels(styles, "mso-text-raise"),
        *_pixels(styles, "bottom"),
    ]
    return any(pixels < 0 for pixels in below) or any(
        pixels > 0 for pixels in _pixels(styles, "top")
    )


def _doubt(styles: Styles, tag: str) -> str:
    """Why it cannot be decided how text looks, for styles that do something to it; nothing for others."""
    if _words(styles, "direction") & {"rtl"} or _words(styles, "unicode-bidi") & {
        "bidi-override",
        "isolate-override",
    }:
        return "文字方向从右到左"
    if _words(styles, "position") & {"absolute", "fixed"} or _words(styles, "float") - _NOTHING:
        return "文字不在原来的位置" if tag not in _CELLS else ""
    if "relative" in _words(styles, "position") and any(
        abs(pixels) > 3 for name in ("left", "right") for pixels in _pixels(styles, name)
    ):
        return "文字不在原来的位置"
    directions = _words(styles, "flex-direction") | _words(styles, "flex-flow")
    if directions & {"row-reverse", "column-reverse"} or _first(styles, "order") not in (0, None):
        return "文字不照原来的次序"
    for name in (
        "transform",
        "translate",
        "scale",
        "rotate",
        "filter",
        "clip-path",
        "mask",
        "-webkit-text-security",
    ):
        if name in styles and "none" not in styles[name].words:
            return "文字经过变形或遮盖"
    if any(pixels <= -4 for pixels in _pixels(styles, "letter-spacing")):
        return "文字重叠"
    if tag not in _BOXES and any(pixels <= -4 for pixels in _pixels(styles, "margin-left")):
        return "文字重叠"
    if "all" in styles:
        return "样式要由浏览器计算"
    if any(name in styles for name in ("grid-area", "grid-column", "grid-row")):
        return "文字不照原来的次序"
    if (
        _words(styles, "list-style") | _words(styles, "list-style-type")
    ) - _BULLETS or _quotes_figures(styles):
        return "样式在文字前后加了内容"
    if "content" in styles and _has_picture(styles["content"]):
        return "样式用图片代替了文字"
    if "all" in _words(styles, "mso-hide"):
        return "文字在 Word 中是隐藏的"
    names = ("display", "visibility", "opacity", "font-size", "vertical-align")
    if any(
        name in styles and styles[name].is_computed and not _is_nothing(styles[name])
        for name in names
    ):
        return "样式要由浏览器计算"
    return ""


_BULLETS = frozenset(["none", "disc", "circle", "square", "inside", "outside", *_NOTHING])


def _quotes_figures(styles: Styles) -> bool:
    """Whether quotation marks, or marks of a list, have letters or figures in them."""
    for name in ("quotes", "list-style", "list-style-type"):
        if name in styles and any(
            letter.isalnum()
            for token in styles[name].tokens
            if token.type == "string"
            for letter in token.value
        ):
            return True
    return False


def _is_nothing(value: Declared) -> bool:
    return (
        "var" not in value.words
        and bool(value.numbers)
        and all(number == 0 for number, _ in value.numbers)
    )


def _words(styles: Styles, name: str) -> frozenset[str]:
    return styles[name].words if name in styles else frozenset()


def _first(styles: Styles, name: str) -> float | None:
    numbers = styles[name].numbers if name in styles else []
    return numbers[0][0] if numbers else None


def _pixels(styles: Styles, name: str) -> list[float]:
    """The lengths of a property in pixels, roughly."""
    numbers = styles[name].numbers if name in styles else []
    return [value * _PIXELS.get(unit, 1.0) for value, unit in numbers]
