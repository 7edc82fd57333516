"""What a reader sees of an element of a page: shown, hidden, struck, raised, or undecided.

The properties are those a browser computes from the page's own sheets and attributes. Where only a
browser with all files of the page could tell, ``doubt`` says why.
"""

from __future__ import annotations

from typing import Any

from attrs import evolve, frozen

from govdisclose.read.published.html.cascade import StyleSheets
from govdisclose.read.published.html.colours import Colours, colours_of, is_transparent
from govdisclose.read.published.html.declared import ElementStyles
from govdisclose.read.published.html.doubts import doubt_about, generates_text, oddities
from govdisclose.read.published.html.letters import (
    INLINE_BOXES,
    USUAL,
    declared_size,
    is_lowered,
    is_raised,
    is_relative,
    letter_size,
)
from govdisclose.read.published.html.out_of_view import CELLS, is_out_of_view

_NEVER_READ = frozenset([
    "script", "style", "noscript", "template", "head", "iframe", "svg", "math", "object", "select",
    "input", "textarea", "datalist", "audio", "video", "canvas", "noframes", "noembed", "rt", "rp",
    "title", "meta", "link", "embed", "meter", "progress",
])  # fmt: skip
"""Elements whose text is not drawn, drawn as something else, or drawn beside the line."""
CONTROLS = frozenset([
    "svg", "math", "object", "select", "input", "textarea", "canvas", "img", "embed", "iframe",
])  # fmt: skip
"""Elements that show something other than text of the page."""
_LINES = frozenset(["block", "flex", "grid", "table", "list-item", "flow-root"])
"""Values of ``display`` with which an element begins a line of its own."""
_FONT_SIZES = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
"""Pixels of letters by the ``size`` attribute of ``font``."""
_STRUCK = frozenset(["s", "strike", "del"])
_LINES_THROUGH = ("text-decoration-line", "text-decoration")
TINY = 4
"""Pixels: nobody reads smaller letters."""


@frozen
class ElementAppearance:
    """How the text of an element looks.

    ``gone`` holds for everything below the element; the rest is inherited. ``odd`` are styles that
    are not understood here: parts of one figure that differ in them may look different to a reader.
    ``size`` is that of the letters in pixels, roughly.
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
    size: float = USUAL
    colours: Colours = Colours()
    odd: frozenset[str] = frozenset()
    doubt: str = ""

    @property
    def is_visible(self) -> bool:
        """Whether a reader sees the text here, struck out or not."""
        is_hidden = self.gone or self.unseen or self.closed
        return not (is_hidden or self.no_size or self.clear)

    @property
    def is_read(self) -> bool:
        """Whether text here is read."""
        return self.is_visible and not self.struck


GONE = ElementAppearance(gone=True)
"""The appearance of elements that are no text: a script, a picture, a field."""
HIDDEN = ElementAppearance(gone=True, unseen=True)
"""Text that the styles of the page hide."""


def appearance_of(node: Any, above: ElementAppearance, sheets: StyleSheets) -> ElementAppearance:
    """The appearance of an element inside one that looks like ``above``."""
    if node.tag in _NEVER_READ:
        return GONE
    styles = sheets.of(node)
    if _is_not_displayed(node, styles):
        return HIDDEN
    look = above
    if above.own_line:
        look = evolve(above, own_line=False)
    closed = _is_closed(node, above)
    if closed != above.closed:
        look = evolve(look, closed=closed)
    look = _with_tag(look, node, styles)
    colours = colours_of(node, styles, look.colours)
    if colours != look.colours:
        look = evolve(look, colours=colours)
    doubt = _doubt_about_element(node, sheets)
    if doubt:
        look = evolve(look, doubt=doubt)
    if styles:
        return _with_styles(look, styles, node.tag)
    return look


# --- hidden elements ----------------------------------------------------------------------------


def _is_not_displayed(node: Any, styles: ElementStyles) -> bool:
    """``display:none``, by the sheets, the ``hidden`` attribute, or as a closed part of the page."""
    if "all" in styles:
        return False  # it cancels the text before it; that is reported as a doubt
    display = styles.words("display")
    if display:
        return "none" in display
    if node.get("hidden") is not None:
        return True
    if node.get("popover") is not None:
        return True
    if node.tag != "dialog":
        return False
    return node.get("open") is None


def _is_closed(node: Any, above: ElementAppearance) -> bool:
    """Whether text is folded away: in ``details`` that are not open, except for their summary."""
    if node.tag == "details" and node.get("open") is None:
        return True
    if not _is_summary(node):
        return above.closed
    outer_details = list(node.getparent().iterancestors("details"))
    states = [details.get("open") for details in outer_details]
    return None in states


def _is_summary(node: Any) -> bool:
    """Whether an element is the summary of the element around it: the first one counts."""
    parent = node.getparent()
    if node.tag != "summary" or parent is None:
        return False
    return node is next(parent.iter("summary"), None)


# --- tags ---------------------------------------------------------------------------------------


def _with_tag(look: ElementAppearance, node: Any, styles: ElementStyles) -> ElementAppearance:
    """The appearance with the effect of the tag of an element."""
    tag = node.tag
    if tag in ("td", "th"):
        return _of_cell(look)
    if tag in _STRUCK:
        if styles.first_of(*_LINES_THROUGH):
            return look
        return evolve(look, struck=True)
    if tag in ("sup", "sub"):
        is_overruled = "vertical-align" in styles
        if is_overruled:
            return look
        return evolve(look, raised=True, lowered=tag == "sub")
    if tag == "font":
        size = _FONT_SIZES.get(node.get("size"), look.size)
        return evolve(look, size=size)
    is_link = tag == "a" and node.get("href") is not None
    if is_link or tag == "small":
        return evolve(look, odd=look.odd | {tag})
    return look


def _of_cell(look: ElementAppearance) -> ElementAppearance:
    """The appearance without the marks and doubts that a cell does not take from around it."""
    is_marked = look.raised or look.lowered
    if not (is_marked or look.doubt or look.odd):
        return look
    return evolve(look, doubt="", raised=False, lowered=False, odd=frozenset())


def _doubt_about_element(node: Any, sheets: StyleSheets) -> str:
    """A doubt that does not come from the element's own styles."""
    if node in sheets.partial:
        return "样式改动了一部分字，或在字上画了线"
    if node in sheets.generated and generates_text(sheets.generated[node]):
        return "样式在文字前后加了内容"
    direction = (node.get("dir") or "").lower()
    may_be_turned = node.tag == "bdo" and direction != "ltr"
    if may_be_turned or direction == "rtl":
        return "文字方向从右到左"
    return ""


# --- styles -------------------------------------------------------------------------------------


def _with_styles(look: ElementAppearance, styles: ElementStyles, tag: str) -> ElementAppearance:
    if is_out_of_view(styles, tag):
        return HIDDEN
    look = _with_visibility(look, styles)
    look = _with_size(look, styles)
    look = _with_line_through(look, styles)
    if tag not in CELLS and is_raised(styles):
        look = evolve(look, raised=True, lowered=is_lowered(styles))
    if styles.words("display") & _LINES:
        look = evolve(look, own_line=True)
    odd = frozenset(oddities(styles, tag))
    if odd:
        look = evolve(look, odd=look.odd | odd)
    doubt = doubt_about(styles, tag)
    return evolve(look, doubt=doubt) if doubt else look


def _with_visibility(look: ElementAppearance, styles: ElementStyles) -> ElementAppearance:
    """The appearance with ``visibility`` and the colour of the letters."""
    visibility = styles.words("visibility")
    if visibility and "inherit" not in visibility:
        is_unseen = not visibility.isdisjoint(("hidden", "collapse"))
        look = evolve(look, unseen=is_unseen)
    clear = is_transparent(styles)
    if clear is not None:
        look = evolve(look, clear=clear)
    return look


def _with_size(look: ElementAppearance, styles: ElementStyles) -> ElementAppearance:
    """The appearance with the size of the letters; tiny ones are a doubt."""
    size = declared_size(styles)
    if size is not None:
        no_size = size == 0 or (look.no_size and is_relative(styles))
        look = evolve(look, no_size=no_size)
        if 0 < size < TINY and not no_size:
            look = evolve(look, doubt="字号过小")
    letters = letter_size(styles, look.size)
    if letters == look.size:
        return look
    return evolve(look, size=letters)


def _with_line_through(look: ElementAppearance, styles: ElementStyles) -> ElementAppearance:
    line = styles.first_of(*_LINES_THROUGH)
    if line is not None and "line-through" in line.words:
        return evolve(look, struck=True)
    if look.struck and styles.words("display") & INLINE_BOXES:  # the line does not reach into a box
        return evolve(look, struck=False)
    return look
