"""The style sheets of a page → what each element declares, after cascade and specificity.

tinycss2 parses, cssselect translates selectors to XPath. Only properties that decide whether and
where text is seen are kept, and a page without a sheet costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

from attrs import define, field, frozen

from govdisclose.errors import InputError

PROPERTIES = frozenset([
    "all", "clip", "clip-path", "color", "content", "content-visibility", "direction", "display", "filter", "flex-direction",
    "float", "font", "font-size", "height", "inset", "left", "letter-spacing", "margin", "margin-left", "mask", "max-height",
    "max-width", "mso-hide", "mso-text-raise", "opacity", "order", "overflow", "overflow-x", "overflow-y", "position",
    "right", "bottom", "top", "rotate", "scale", "text-decoration", "text-decoration-line", "text-indent", "transform",
    "translate", "unicode-bidi", "vertical-align", "visibility", "width", "-webkit-text-fill-color",
    "-webkit-text-security",
])  # fmt: skip
"""What is kept of a declaration block."""

MAX_SHEET = 1_000_000
"""Characters of style sheets in one page; those of real pages are below 200,000."""
_MAX_WORK = 20_000_000
"""Selectors times elements; a large real page has two million."""
_MAX_RULES = 5_000
"""Rules with declarations that matter."""
_LONGEST_SELECTOR = 2_000
"""Characters of the selectors of one rule."""
_MAX_STEPS = 12
"""Combinators of one selector."""
_SCREEN = 1280
"""Pixels: the width of the window in which a reader sees the page."""


@frozen
class Declared:
    """The value of one property: its tokens, and its words in small letters."""

    tokens: tuple[Any, ...]

    @property
    def words(self) -> frozenset[str]:
        """The identifiers and functions of the value."""
        return frozenset(t.lower_value if t.type == "ident" else t.lower_name for t in self.tokens if _is_word(t))

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
    """What the sheets of one page declare for each element; ``outside`` when some rules are not in the file."""

    outside: bool = False
    own: dict[Any, dict[str, _Won]] = field(factory=dict)
    generated: dict[Any, Declared] = field(factory=dict)
    known: set[str] = field(factory=set)
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
    texts = ["".join(node.itertext()) for node in root.iter("style")]
    outside = any("stylesheet" in (node.get("rel") or "").lower() for node in root.iter("link"))
    sheets = Sheets(outside or any("@import" in text.lower() for text in texts))
    if not any(_may_matter(text) for text in texts):
        return sheets
    if sum(map(len, texts)) > MAX_SHEET:
        raise _too_much(file)
    rules: list[_Rule] = []
    for text in texts:
        import tinycss2

        parsed = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        rules.extend(islice(_rules(parsed, len(rules), sheets), _MAX_RULES + 1))
        if len(rules) > _MAX_RULES:
            raise _too_much(file)
    if len(rules) * sum(1 for _ in root.iter()) > _MAX_WORK:
        raise _too_much(file)
    for rule in rules:
        _apply(rule, root, sheets)
    return sheets


def _too_much(file: str) -> InputError:
    return InputError(f"{file} 的样式表过大，不像年度报告的网页，请在浏览器中复制正文到 Word 后另存为 .docx 再读入")


def _may_matter(text: str) -> bool:
    small = text.lower()
    return any(name in small for name in PROPERTIES)


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
    if node.lower_at_keyword in ("layer", "supports"):
        return True
    if node.lower_at_keyword != "media":
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
        sizes = [token.value for token in block.content if token.type == "dimension" and token.lower_unit == "px"]
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
    declarations = tuple(_kept(tinycss2.parse_blocks_contents(node.content, True, True)))
    sheets.known.update(_classes(node.prelude))
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
    for selector in selectors:
        pseudo = str(selector.pseudo_element or "").lower()
        if pseudo not in ("", "before", "after"):
            continue
        if sum(selector.canonical().count(sign) for sign in " >+~") > _MAX_STEPS:
            sheets.outside = True
            continue
        try:
            xpath = cssselect.HTMLTranslator().selector_to_xpath(selector, translate_pseudo_elements=False)
        except (cssselect.ExpressionError, RecursionError):
            sheets.outside = True
            continue
        yield _Rule(xpath, selector.specificity(), order, pseudo, declarations)


def _classes(tokens: Sequence[Any]) -> Iterator[str]:
    """The names of the classes in a selector."""
    for before, token in pairwise(tokens):
        if before == "." and token.type == "ident":
            yield token.value


def _apply(rule: _Rule, root: Any, sheets: Sheets) -> None:
    from lxml import etree

    try:
        nodes = root.xpath(rule.xpath)
    except etree.XPathError:
        sheets.outside = True
        return
    for node in nodes:
        if rule.pseudo:
            for declaration in rule.declarations:
                if declaration.lower_name == "content":
                    sheets.generated[node] = Declared(tuple(declaration.value))
            continue
        won = sheets.own.setdefault(node, {})
        for number, declaration in enumerate(rule.declarations):
            _win(won, declaration, (rule.specificity, rule.order, number))


# --- declarations -------------------------------------------------------------------------------


def _declarations(style: str) -> Iterator[Any]:
    """The declarations of a ``style`` attribute that matter."""
    if not _may_matter(style):
        return
    import tinycss2

    yield from _kept(tinycss2.parse_blocks_contents(style, True, True))


def _kept(nodes: Sequence[Any]) -> Iterator[Any]:
    for node in nodes:
        if node.type == "declaration" and node.lower_name in PROPERTIES:
            yield node


def _win(found: dict[str, _Won], declaration: Any, rank: tuple[Any, ...]) -> None:
    """Take a declaration unless one of a higher rank is there; an important one is above all others."""
    full = (declaration.important, *rank)
    name = declaration.lower_name
    before = found.get(name)
    if before is None or _above(full, before.rank):
        value = tuple(token for token in declaration.value if token.type not in ("whitespace", "comment"))
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
