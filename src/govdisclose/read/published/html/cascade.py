"""Which declaration wins for each element of a page: importance, specificity, order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field, frozen

from govdisclose.read.published.html.css_text import matters, may_matter, with_short_numbers
from govdisclose.read.published.html.declared import NO_STYLES, Declared, ElementStyles
from govdisclose.read.published.html.tree import SelectorUnknownError, SheetSelector, Tree

Specificity = tuple[int, int, int]


@frozen
class Rank:
    """The rank of a declaration in the cascade. A ``style`` attribute has no specificity."""

    important: bool
    specificity: Specificity | None
    order: tuple[int, ...]

    def beats(self, other: Rank) -> bool:
        """Whether a declaration of this rank replaces one of another rank."""
        if self.important != other.important:
            return self.important
        if self.specificity is None or other.specificity is None:
            if self.specificity is not other.specificity:
                return self.specificity is None
            return self.order >= other.order
        return (self.specificity, self.order) >= (other.specificity, other.order)


@frozen
class SheetRule:
    """One selector, with its pseudo-element and the declarations that matter."""

    selector: SheetSelector
    specificity: Specificity
    order: int
    pseudo: str
    declarations: tuple[Any, ...]


@frozen
class _Winner:
    """The declaration of a property that has won so far."""

    rank: Rank
    value: Declared


_Winners = dict[str, _Winner]


@define
class StyleSheets:
    """What the style sheets of one page declare for each element.

    ``outside`` is true when some rules are not in the file or are not understood. ``generated`` is
    the content put before or after an element. In the elements of ``partial`` only a part looks
    different: the first letter, or a line drawn over the text.
    """

    outside: bool = False
    own: dict[Any, _Winners] = field(factory=dict)
    generated: dict[Any, Declared] = field(factory=dict)
    partial: set[Any] = field(factory=set)
    _inline: dict[str, tuple[Any, ...]] = field(factory=dict)

    def of(self, node: Any) -> ElementStyles:
        """The declared values of an element, including its ``style`` attribute."""
        winners = self.own.get(node)
        style = node.get("style")
        if style is not None:
            winners = dict(winners or {})
            for number, declaration in enumerate(self._inline_declarations(style)):
                rank = Rank(declaration.important, None, (number,))
                _compete(winners, declaration, rank)
        if not winners:
            return NO_STYLES
        values: dict[str, Declared] = {}
        for name, winner in winners.items():
            values[name] = winner.value
        return ElementStyles(values)

    def _inline_declarations(self, style: str) -> tuple[Any, ...]:
        if style not in self._inline:
            self._inline[style] = tuple(inline_declarations(style))
        return self._inline[style]

    def apply(self, rule: SheetRule, tree: Tree) -> None:
        """Hold a rule against the elements of a page."""
        try:
            nodes = tree.select(rule.selector)
        except SelectorUnknownError:
            self.outside = True
            return
        for node in nodes:
            if rule.pseudo:
                self._apply_pseudo(rule, node)
            else:
                self._apply_to(rule, node)

    def _apply_to(self, rule: SheetRule, node: Any) -> None:
        winners = self.own.setdefault(node, {})
        for number, declaration in enumerate(rule.declarations):
            order = (rule.order, number)
            rank = Rank(declaration.important, rule.specificity, order)
            _compete(winners, declaration, rank)

    def _apply_pseudo(self, rule: SheetRule, node: Any) -> None:
        """Note a rule for the letters before, after or at the beginning of an element."""
        if rule.pseudo in ("first-letter", "first-line"):
            self.partial.add(node)
        if rule.pseudo not in ("before", "after"):
            return
        for declaration in rule.declarations:
            value = Declared(tuple(declaration.value))
            if declaration.lower_name == "content":
                self.generated[node] = value
            elif declaration.lower_name == "position" and "absolute" in value.words:
                self.partial.add(node)  # a line drawn over the text


def _compete(winners: _Winners, declaration: Any, rank: Rank) -> None:
    """Enter a declaration unless the present one ranks higher."""
    name = declaration.lower_name
    known = winners.get(name)
    if known is not None and not rank.beats(known.rank):
        return
    tokens = []
    for token in declaration.value:
        if token.type not in ("whitespace", "comment"):
            tokens.append(token)
    value = Declared(tuple(tokens))
    winners[name] = _Winner(rank, value)


def declarations_that_matter(nodes: Iterable[Any]) -> Iterator[Any]:
    """The declarations of a block that may change how or where text is seen."""
    for node in nodes:
        if node.type != "declaration":
            continue
        if matters(node.lower_name):
            yield node


def inline_declarations(style: str) -> Iterator[Any]:
    """The declarations of a ``style`` attribute that matter."""
    if not may_matter(style):
        return
    import tinycss2

    parsed = tinycss2.parse_blocks_contents(with_short_numbers(style), True, True)
    yield from declarations_that_matter(parsed)
