"""The style sheets of a page → what each element declares, after cascade and specificity.

tinycss2 parses, cssselect translates selectors to XPath. Only properties that decide whether and
where text is seen are kept, and a page without a sheet costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

from attrs import define, field, frozen

from govdisclose.errors import InputError

PROPERTIES = frozenset([
    "all", "clip", "clip-path", "color", "content", "content-visibility", "direction", "display", "filter", "flex-direction", "flex-flow",
    "float", "font", "font-size", "height", "inset", "left", "letter-spacing", "margin", "margin-left", "mask", "max-height",
    "max-width", "mso-hide", "mso-text-raise", "opacity", "order", "overflow", "overflow-x", "overflow-y", "position",
    "right", "bottom", "top", "rotate", "scale", "text-decoration", "text-decoration-line", "text-indent", "transform",
    "translate", "unicode-bidi", "vertical-align", "visibility", "width", "-webkit-text-fill-color",
    "-webkit-text-security", "grid-area", "grid-column", "grid-row", "list-style", "list-style-type", "quotes",
])  # fmt: skip
"""What is understood of a declaration block."""

_HARMLESS = frozenset([
    "align-content", "align-items", "appearance", "background", "background-attachment", "background-color",
    "background-image", "background-position", "background-repeat", "background-size", "border", "border-bottom",
    "border-bottom-color", "border-bottom-style", "border-bottom-width", "border-collapse", "border-color", "border-image",
    "border-left", "border-radius", "border-right", "border-spacing", "border-style", "border-top", "border-width",
    "box-shadow", "box-sizing", "break-after", "break-before", "break-inside", "caption-side", "clear", "cursor",
    "empty-cells", "flex", "flex-grow", "flex-shrink", "flex-wrap", "font-family", "font-kerning", "font-stretch",
    "font-style", "font-synthesis", "font-weight", "gap", "hyphens", "justify-content", "layout-grid-mode", "line-break",
    "line-height", "margin-bottom", "margin-top", "min-height", "min-width", "orphans", "outline", "overflow-wrap",
    "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "page", "page-break-after",
    "page-break-before", "page-break-inside", "pointer-events", "punctuation-trim", "punctuation-wrap", "resize", "size",
    "tab-interval", "tab-size", "tab-stops", "table-layout", "text-align", "text-align-last", "text-autospace",
    "text-decoration-color", "text-decoration-skip-ink", "text-decoration-style", "text-decoration-thickness",
    "text-emphasis", "text-justify", "text-kashida", "text-kashida-space", "text-overflow", "text-rendering",
    "text-shadow", "text-size-adjust", "text-transform", "text-underline", "text-underline-offset", "transition",
    "user-select", "white-space", "widows", "word-break", "word-wrap", "z-index",
])  # fmt: skip
"""What changes neither whether nor where text is seen."""
_VENDORS = (
    "-ms-",
    "-moz-",
    "-o-",
    "-khtml-",
    "mso-",
    "border-",
    "scrollbar-",
    "-webkit-text-stroke",
    "-webkit-font-",
    "-webkit-tap",
)
_KNOWN_STATES = frozenset([
    "focus-visible", "focus-within", "any-link", "placeholder-shown", "autofill", "modal", "fullscreen", "popover-open",
    "defined", "read-only", "read-write", "required", "optional", "valid", "invalid", "default", "indeterminate",
    "in-range", "out-of-range", "user-valid", "user-invalid", "host", "playing", "paused", "target-within", "dir",
])  # fmt: skip
"""States in selectors that browsers know and cssselect does not: the rule holds for its other selectors."""
_PSEUDO = frozenset([
    "before", "after", "first-line", "first-letter", "marker", "selection", "placeholder", "backdrop", "cue",
    "file-selector-button", "target-text", "spelling-error", "grammar-error",
])  # fmt: skip

MAX_SHEET = 1_000_000
"""Characters of style sheets in one page; those of real pages are below 200,000."""
_MAX_WORK = 20_000_000
"""Selectors times elements; a large real page has two million."""
_ENDLESS = re.compile(r"([0-9]{300})[0-9]+")
_MAX_RULES = 5_000
"""Rules with declarations that matter."""
_LONGEST_SELECTOR = 2_000
"""Characters of the selectors of one rule."""
_MAX_STEPS = 12
"""Combinators of one selector."""
_NAME = re.compile(r"(?<![a-z-])([a-z-]{1,40})[^a-z:{}]{0,20}:")
_SCREEN = 1280
"""Pixels: the width of the window in which a reader sees the page."""


@frozen
class Declared:
    """The value of one property: its tokens, and its words in small letters."""

    tokens: tuple[Any, ...]

    @property
    def words(self) -> frozenset[str]:
        """The identifiers and functions of the value."""
        return frozenset(
            t.lower_value if t.type == "ident" else t.lower_name for t in self.tokens if _is_word(t)
        )

    @property
    def numbers(self) -> list[tuple[float, str]]:
        """Numbers with their units, in small letters, from inside functions too; ``""`` for none."""
        return list(_numbers(self.tokens))

    @property
    def is_computed(self) -> bool:
        """Whether only a browser can work the value out."""
        return not self.words.isdisjoint(("var", "calc", "env", "min", "max", "clamp", "attr"))


@frozen
class _Rule:
    """A selector as XPath, with its specificity, place in the sheets, pseudo-element and declarations."""

    xpath: str
    specificity: tuple[int, int, int]
    order: int
    pseudo: str
    declarations: tuple[Any, ...]


@frozen
class _Won:
    """The declaration of a property that has won so far."""

    rank: tuple[Any, ...]
    value: Declared


@define
class Sheets:
    """What the sheets of one page declare for each element.

    ``outside`` when some rules are not in the file, or are not understood; ``generated`` is what is put
    before or after elements, ``partial`` are those of which a part only (the first letter, a drawn
    line) looks otherwise.
    """

    outside: bool = False
    own: dict[Any, dict[str, _Won]] = field(factory=dict)
    generated: dict[Any, Declared] = field(factory=dict)
    partial: set[Any] = field(factory=set)
    inline: dict[str, tuple[Any, ...]] = field(factory=dict)

    def of(self, node: Any) -> Mapping[str, Declared]:
        """The declared values of an element, its ``style`` attribute included."""
        won = self.own.get(node)
        style = node.get("style")
        if style is None:
            return {name: one.value for name, one in won.items()} if won else {}
        found = dict(won or {})
        if style not in self.inline:
            self.inline[style] = tuple(_declarations(style))
        for number, declaration in enumerate(self.inline[style]):
            _win(found, declaration, ((1,), number))
        return {name: one.value for name, one in found.items()}


def read_sheets(root: Any, file: str) -> Sheets:
    """The sheets of a page, applied to its elements. Raises ``InputError`` for more than any report has."""
    sheets = Sheets()
    texts = ["".join(node.itertext()) for node in root.iter("style") if _is_in_force(node, sheets)]
    if any(_leads_to_sheet(node) and _is_in_force(node, sheets) for node in root.iter("link")):
        sheets.outside = True
    if any("@import" in text.lower() for text in texts):
        sheets.outside = True
    if not any(_may_matter(text) for text in texts):
        return sheets
    if sum(map(len, texts)) > MAX_SHEET:
        raise _too_much(file)
    rules: list[_Rule] = []
    for text in texts:
        import tinycss2

        parsed = tinycss2.parse_stylesheet(_shorter(text), skip_comments=True, skip_whitespace=True)
        rules.extend(islice(_rules(parsed, len(rules), sheets), _MAX_RULES + 1))
        if len(rules) > _MAX_RULES:
            raise _too_much(file)
    if len(rules) * sum(1 for _ in root.iter()) > _MAX_WORK:
        raise _too_much(file)
    for rule in rules:
        _apply(rule, root, sheets)
    return sheets


def _leads_to_sheet(link: Any) -> bool:
    """Whether an element brings a sheet of another file into force, at once or by a script."""
    words = (link.get("rel") or "").lower().split()
    if "stylesheet" in words:
        return "alternate" not in words
    return "preload" in words and (link.get("as") or "").lower() == "style"


def _is_in_force(node: Any, sheets: Sheets) -> bool:
    """Whether the sheet of an element counts on a screen, by its kind and medium; ``outside`` when nobody can tell."""
    import tinycss2

    kind = (node.get("type") or "").strip().lower()
    if kind not in ("", "text/css"):
        return False
    medium = (node.get("media") or "").strip()
    if not medium:
        return True
    holds = _conditions(tinycss2.parse_component_value_list(_shorter(medium), skip_comments=True))
    if holds is None:
        sheets.outside = True
    return bool(holds)


def _shorter(css: str) -> str:
    """Without the ends of numbers that are longer than Python converts: what is left is as large as any page can show."""
    return _ENDLESS.sub(r"\1", css)


def _too_much(file: str) -> InputError:
    return InputError(
        f"{file} 的样式表过大，不像年度报告的网页，请在浏览器中复制正文到 Word 后另存为 .docx 再读入"
    )


def _may_matter(text: str) -> bool:
    """Whether a text declares more than what is harmless; escapes may spell anything."""
    small = text.lower()
    return "\\" in small or any(name not in _HARMLESS for name in _NAME.findall(small))


# --- sheets -------------------------------------------------------------------------------------


def _rules(nodes: Sequence[Any], first: int, sheets: Sheets) -> Iterator[_Rule]:
    """The rules that apply on a screen, those inside ``@media`` and the like too."""
    import tinycss2

    order = first
    for node in nodes:
        if node.type == "qualified-rule":
            for rule in _of_block(node, order, sheets):
                yield rule
                order += 1
        elif node.type == "at-rule" and node.content is not None and _applies(node, sheets):
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            for rule in _rules(inner, order, sheets):
                yield rule
                order += 1


def _applies(node: Any, sheets: Sheets) -> bool:
    """Whether the rules in an at-rule count on the screen of a reader; a condition nobody can tell is noted."""
    keyword = node.lower_at_keyword
    if keyword in ("layer", "supports", "container", "scope"):
        # The order of layers and the conditions are for a browser to judge.
        sheets.outside = True
        words = {token.lower_value for token in node.prelude if token.type == "ident"}
        return keyword == "layer" or (keyword == "supports" and "not" not in words)
    if keyword != "media":
        return False
    said = _conditions(node.prelude)
    if said is None:
        sheets.outside = True
        return False
    return said


def _conditions(prelude: Sequence[Any]) -> bool | None:
    """Whether a media query holds on a wide screen; ``None`` when it asks for something else."""
    words = {token.lower_value for token in prelude if token.type == "ident"}
    blocks = [token for token in prelude if token.type == "() block"]
    if "not" in words or any(token == "," for token in prelude):
        return None
    if "print" in words or "speech" in words:
        return False
    for block in blocks:
        names = [token.lower_value for token in block.content if token.type == "ident"]
        sizes = [
            token.value
            for token in block.content
            if token.type == "dimension" and token.lower_unit == "px"
        ]
        if len(sizes) != 1 or names not in (["min-width"], ["max-width"]):
            return None
        if (sizes[0] > _SCREEN) == (names == ["min-width"]):
            return False
    return True


def _of_block(node: Any, order: int, sheets: Sheets) -> Iterator[_Rule]:
    """The rules of one block, one for each of its selectors."""
    import cssselect
    import tinycss2

    text = tinycss2.serialize(node.prelude)
    contents = tinycss2.parse_blocks_contents(node.content, True, True)
    if any(part.type in ("qualified-rule", "at-rule") for part in contents):
        sheets.outside = True  # rules inside rules are not taken apart
    declarations = tuple(_kept(contents))
    if not declarations:
        return
    if len(text) > _LONGEST_SELECTOR:
        sheets.outside = True
        return
    try:
        selectors = cssselect.parse(text)
    except (cssselect.SelectorError, RecursionError):
        sheets.outside = True
        return
    rules: list[_Rule] = []
    for selector in selectors:
        pseudo = str(selector.pseudo_element or "").lower()
        if pseudo and pseudo not in _PSEUDO and not pseudo.startswith("-webkit-"):
            return  # browsers drop the whole rule
        if sum(selector.canonical().count(sign) for sign in " >+~") > _MAX_STEPS:
            sheets.outside = True
            continue
        try:
            xpath = cssselect.HTMLTranslator().selector_to_xpath(
                selector, translate_pseudo_elements=False
            )
        except (cssselect.ExpressionError, RecursionError):
            if _names_unknown_state(node.prelude):
                return
            sheets.outside = True
            continue
        rules.append(_Rule(xpath, selector.specificity(), order, pseudo, declarations))
    yield from rules


def _names_unknown_state(prelude: Sequence[Any]) -> bool:
    """Whether a selector has a pseudo-class that no browser knows either, for which the whole rule is dropped."""
    for before, token in pairwise(prelude):
        if before == ":" and token.type == "ident" and token.lower_value not in _KNOWN_STATES:
            return not token.lower_value.startswith("-webkit-") and not _is_translated(
                token.lower_value
            )
    return False


def _is_translated(state: str) -> bool:
    """Whether cssselect knows a pseudo-class."""
    import cssselect

    try:
        cssselect.HTMLTranslator().css_to_xpath(f":{state}")
    except cssselect.SelectorError:
        return False
    return True


def _apply(rule: _Rule, root: Any, sheets: Sheets) -> None:
    from lxml import etree

    try:
        nodes = root.xpath(rule.xpath)
    except etree.XPathError:
        sheets.outside = True
        return
    for node in nodes:
        if rule.pseudo:
            _apply_beside(rule, node, sheets)
            continue
        won = sheets.own.setdefault(node, {})
        for number, declaration in enumerate(rule.declarations):
            _win(won, declaration, (rule.specificity, rule.order, number))


def _apply_beside(rule: _Rule, node: Any, sheets: Sheets) -> None:
    """What a rule says of the letters before, after or at the beginning of an element."""
    if rule.pseudo in ("first-letter", "first-line"):
        sheets.partial.add(node)
    if rule.pseudo not in ("before", "after"):
        return
    for declaration in rule.declarations:
        if declaration.lower_name == "content":
            sheets.generated[node] = Declared(tuple(declaration.value))
        elif (
            declaration.lower_name == "position"
            and "absolute" in Declared(tuple(declaration.value)).words
        ):
            sheets.partial.add(node)  # a line drawn over the text


# --- declarations -------------------------------------------------------------------------------


def _declarations(style: str) -> Iterator[Any]:
    """The declarations of a ``style`` attribute that matter."""
    if not _may_matter(style):
        return
    import tinycss2

    yield from _kept(tinycss2.parse_blocks_contents(_shorter(style), True, True))


def _kept(nodes: Sequence[Any]) -> Iterator[Any]:
    for node in nodes:
        if node.type == "declaration" and _counts(node.lower_name):
            yield node


def _counts(name: str) -> bool:
    """Whether a property may change how or where text is seen."""
    return name in PROPERTIES or not (name in _HARMLESS or name.startswith(_VENDORS))


def _win(found: dict[str, _Won], declaration: Any, rank: tuple[Any, ...]) -> None:
    """Take a declaration unless one of a higher rank is there; an important one is above all others."""
    full = (declaration.important, *rank)
    name = declaration.lower_name
    before = found.get(name)
    if before is None or _above(full, before.rank):
        value = tuple(
            token for token in declaration.value if token.type not in ("whitespace", "comment")
        )
        found[name] = _Won(full, Declared(value))


def _above(rank: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether a rank is not below another; a ``style`` attribute stands above every selector."""
    first, second = (len(r[1]) == 1 for r in (rank, other))
    if rank[0] != other[0] or first == second:
        return bool(rank >= other)
    return first


def _is_word(token: Any) -> bool:
    return token.type in ("ident", "function")


def _numbers(tokens: Sequence[Any]) -> Iterator[tuple[float, str]]:
    for token in tokens:
        if token.type == "dimension":
            yield token.value, token.lower_unit
        elif token.type == "percentage":
            yield token.value, "%"
        elif token.type == "number":
            yield token.value, ""
        elif token.type == "function":
            yield from _numbers(token.arguments)
