"""The style sheets of a page: which rules apply on a reader's screen.

tinycss2 parses, cssselect translates selectors to XPath. Only properties that decide whether and
where text is seen are kept, and a page without a sheet costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from attrs import define, field, frozen

from govdisclose.errors import InputError
from govdisclose.read.published.html.cascade import SheetRule, StyleSheets, declarations_that_matter
from govdisclose.read.published.html.css_properties import BROWSER_STATES, PSEUDO_ELEMENTS
from govdisclose.read.published.html.css_text import may_matter, with_short_numbers
from govdisclose.read.published.html.tree import SheetSelector, Tree

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
_MAX_NESTING = 40
"""At-rules inside one another."""
_SCREEN = 1280
"""Pixels: the width of the window in which a reader sees the page."""


def read_sheets(tree: Tree, file: str) -> StyleSheets:
    """The sheets of a page, applied to its elements.

    Raises ``InputError`` for more rules than any report has.
    """
    root = tree.root
    texts, is_complete = _texts_of_sheets(root)
    if not any(may_matter(text) for text in texts):
        return StyleSheets(outside=not is_complete)
    if sum(map(len, texts)) > MAX_SHEET:
        raise _too_much(file)
    parser = _SheetParser(file, is_complete)
    for text in texts:
        parser.add_sheet(text)
    elements = sum(1 for _ in root.iter())
    if len(parser.rules) * elements > _MAX_WORK:
        raise _too_much(file)
    sheets = StyleSheets(outside=not parser.is_complete)
    for rule in parser.rules:
        sheets.apply(rule, tree)
    return sheets


def _too_much(file: str) -> InputError:
    return InputError(
        f"{file} 的样式表过大，不像年度报告的网页，请在浏览器中复制正文到 Word 后另存为 .docx 再读入"
    )


# --- which sheets count -------------------------------------------------------------------------


def _texts_of_sheets(root: Any) -> tuple[list[str], bool]:
    """The sheets that count on a screen, and whether these are all that the page names."""
    texts: list[str] = []
    is_complete = True
    for node in root.iter("style"):
        in_force = _is_in_force(node)
        if in_force:
            texts.append("".join(node.itertext()))
        if in_force is None:
            is_complete = False
    for node in root.iter("link"):
        if not _leads_to_sheet(node):
            continue
        if _is_in_force(node) is not False:
            is_complete = False
    if any("@import" in text.lower() for text in texts):
        is_complete = False
    return texts, is_complete


def _leads_to_sheet(link: Any) -> bool:
    """Whether an element brings a sheet of another file into force, at once or by a script."""
    relation = link.get("rel") or ""
    words = relation.lower().split()
    if "stylesheet" in words:
        return "alternate" not in words
    if "preload" not in words:
        return False
    return (link.get("as") or "").lower() == "style"


def _is_in_force(node: Any) -> bool | None:
    """Whether the sheet of an element counts on a screen; ``None`` when only a browser can tell."""
    import tinycss2

    written = node.get("type") or ""
    kind = written.strip().lower()
    if kind not in ("", "text/css"):
        return False
    medium = (node.get("media") or "").strip()
    if not medium:
        return True
    short = with_short_numbers(medium)
    return _holds_on_screen(tinycss2.parse_component_value_list(short, skip_comments=True))


def _holds_on_screen(query: Sequence[Any]) -> bool | None:
    """Whether a media query holds on a wide screen; ``None`` when it asks for something else."""
    words = _words(query)
    has_comma = any(token == "," for token in query)
    if has_comma or "not" in words:
        return None
    if "print" in words or "speech" in words:
        return False
    for token in query:
        if token.type != "() block":
            continue
        holds = _width_holds(token.content)
        if not holds:
            return holds
    return True


def _width_holds(condition: Sequence[Any]) -> bool | None:
    """Whether ``min-width: 600px`` or ``max-width: …`` holds; ``None`` for any other condition."""
    names = [token.lower_value for token in condition if token.type == "ident"]
    sizes = []
    for token in condition:
        if _is_pixels(token):
            sizes.append(token.value)
    if len(sizes) != 1:
        return None
    if names not in (["min-width"], ["max-width"]):
        return None
    is_wider: bool = sizes[0] > _SCREEN
    if names == ["min-width"]:
        return not is_wider
    return is_wider


def _is_pixels(token: Any) -> bool:
    return bool(token.type == "dimension" and token.lower_unit == "px")


def _words(tokens: Sequence[Any]) -> set[str]:
    return {token.lower_value for token in tokens if token.type == "ident"}


# --- rules --------------------------------------------------------------------------------------


@frozen
class _AtRuleScope:
    """Whether the rules in an at-rule count, and whether that is certain."""

    applies: bool
    is_certain: bool = True


@define
class _SheetParser:
    """Collects the rules of all sheets of a page."""

    file: str
    is_complete: bool
    rules: list[SheetRule] = field(factory=list)

    def add_sheet(self, text: str) -> None:
        """Add the rules of one sheet."""
        import tinycss2

        parsed = tinycss2.parse_stylesheet(
            with_short_numbers(text), skip_comments=True, skip_whitespace=True
        )
        self._add_nodes(parsed, 0)

    def _add_nodes(self, nodes: Sequence[Any], depth: int) -> None:
        for node in nodes:
            if node.type == "qualified-rule":
                self._add_block(node)
            elif node.type == "at-rule" and node.content is not None:
                self._add_at_rule(node, depth + 1)
            if len(self.rules) > _MAX_RULES:
                raise _too_much(self.file)

    def _add_at_rule(self, node: Any, depth: int) -> None:
        """Add the rules inside ``@media`` and the like, where they count."""
        import tinycss2

        scope = _scope_of(node)
        if not scope.is_certain or depth > _MAX_NESTING:
            self.is_complete = False
        if scope.applies and depth <= _MAX_NESTING:
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            self._add_nodes(inner, depth)

    def _add_block(self, node: Any) -> None:
        """Add the rules of one block, one for each of its selectors."""
        import cssselect
        import tinycss2

        contents = tinycss2.parse_blocks_contents(node.content, True, True)
        if any(part.type in ("qualified-rule", "at-rule") for part in contents):
            self.is_complete = False  # rules inside rules are not taken apart
        declarations = tuple(declarations_that_matter(contents))
        if not declarations:
            return
        text = tinycss2.serialize(node.prelude)
        if len(text) > _LONGEST_SELECTOR:
            self.is_complete = False
            return
        try:
            selectors = cssselect.parse(text)
        except (cssselect.SelectorError, RecursionError):
            self.is_complete = False
            return
        if not any(_is_unknown(_pseudo(selector)) for selector in selectors):
            self.rules.extend(self._rules_of(node, selectors, declarations))

    def _rules_of(
        self, node: Any, selectors: Sequence[Any], declarations: tuple[Any, ...]
    ) -> list[SheetRule]:
        """A rule for each selector that is understood; none where browsers drop the whole block."""
        rules: list[SheetRule] = []
        for selector in selectors:
            if _steps(selector) > _MAX_STEPS:
                self.is_complete = False
                continue
            xpath = _xpath(selector)
            if xpath is not None:
                specificity = selector.specificity()
                order = len(self.rules)
                pseudo = _pseudo(selector)
                found = SheetSelector(selector.parsed_tree, xpath)
                rule = SheetRule(
                    selector=found,
                    specificity=specificity,
                    order=order,
                    pseudo=pseudo,
                    declarations=declarations,
                )
                rules.append(rule)
            elif _names_unknown_state(node.prelude):
                return []
            else:
                self.is_complete = False
        return rules


def _scope_of(at_rule: Any) -> _AtRuleScope:
    """Whether the rules inside an at-rule count on the screen of a reader."""
    keyword = at_rule.lower_at_keyword
    # The order of layers and most conditions are for a browser to judge.
    if keyword == "layer":
        return _AtRuleScope(applies=True, is_certain=False)
    if keyword == "supports":
        return _AtRuleScope(applies="not" not in _words(at_rule.prelude), is_certain=False)
    if keyword in ("container", "scope"):
        return _AtRuleScope(applies=False, is_certain=False)
    if keyword != "media":
        return _AtRuleScope(applies=False)
    holds = _holds_on_screen(at_rule.prelude)
    return _AtRuleScope(applies=bool(holds), is_certain=holds is not None)


def _pseudo(selector: Any) -> str:
    return str(selector.pseudo_element or "").lower()


def _is_unknown(pseudo: str) -> bool:
    """Whether browsers do not know a pseudo-element and therefore drop the whole rule."""
    if not pseudo or pseudo in PSEUDO_ELEMENTS:
        return False
    return not pseudo.startswith("-webkit-")


def _steps(selector: Any) -> int:
    """The combinators of a selector."""
    text = selector.canonical()
    return sum(text.count(sign) for sign in " >+~")


def _xpath(selector: Any) -> str | None:
    """A selector as XPath, ``None`` when cssselect cannot translate it."""
    import cssselect

    translator = cssselect.HTMLTranslator()
    try:
        return str(translator.selector_to_xpath(selector, translate_pseudo_elements=False))
    except (cssselect.ExpressionError, RecursionError):
        return None


def _names_unknown_state(prelude: Sequence[Any]) -> bool:
    """Whether a selector has a pseudo-class that no browser knows either: the rule is dropped."""
    for state in _states(prelude):
        if state not in BROWSER_STATES:
            return not state.startswith("-webkit-") and not _is_translated(state)
    return False


def _states(prelude: Sequence[Any]) -> Iterator[str]:
    """The pseudo-classes in a selector."""
    for before, token in pairwise(prelude):
        if before == ":" and token.type == "ident":
            yield token.lower_value


def _is_translated(state: str) -> bool:
    """Whether cssselect knows a pseudo-class."""
    import cssselect

    try:
        cssselect.HTMLTranslator().css_to_xpath(f":{state}")
    except cssselect.SelectorError:
        return False
    return True
