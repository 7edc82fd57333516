"""Whether an element fits a selector, where lxml is not installed to ask it by XPath.

Only the selectors that sheets of real pages are made of. cssselect parses them; what they mean here
is what its XPath means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen
from cssselect.parser import (
    Attrib,
    Class,
    CombinedSelector,
    Element,
    Function,
    Hash,
    Negation,
    Pseudo,
    parse_series,
)

from govdisclose.read.published.html.tree import SelectorUnknownError

_BLANKS = " \t\r\n"
_NEVER = frozenset(["hover", "active", "focus", "target", "visited"])
"""States that no element of a page at rest has."""


@frozen
class Siblings:
    """The place of an element among those beside it: how many are before it, and how many in all."""

    before: int
    all: int


@frozen
class SelectorMatcher:
    """Holds selectors against elements whose siblings are known."""

    siblings: Mapping[Any, Siblings]
    ordered: Mapping[Any, list[Any]]

    def fits(self, node: Any, selector: Any) -> bool:
        """Whether an element fits. Raises ``SelectorUnknownError`` for a selector of another kind."""
        judge = _JUDGES.get(type(selector))
        if judge is None:
            raise SelectorUnknownError
        return judge(self, node, selector)

    def _element(self, node: Any, selector: Element) -> bool:
        if selector.namespace:
            raise SelectorUnknownError
        if selector.element is None:
            return True
        fits: bool = node.tag == selector.element.lower()
        return fits

    def _class(self, node: Any, selector: Class) -> bool:
        names = _words(node.get("class") or "")
        if selector.class_name not in names:
            return False
        return self.fits(node, selector.selector)

    def _hash(self, node: Any, selector: Hash) -> bool:
        if node.get("id") != selector.id:
            return False
        return self.fits(node, selector.selector)

    def _attribute(self, node: Any, selector: Attrib) -> bool:
        compare = _COMPARISONS.get(selector.operator)
        if selector.namespace or getattr(selector, "flag", None) or compare is None:
            raise SelectorUnknownError
        found = node.get(selector.attrib.lower())
        wanted = None
        if selector.value is not None:
            wanted = selector.value.value
        if found is None or not compare(found, wanted or ""):
            return False
        return self.fits(node, selector.selector)

    def _negation(self, node: Any, selector: Negation) -> bool:
        if not self.fits(node, selector.selector):
            return False
        return not self.fits(node, selector.subselector)

    def _state(self, node: Any, selector: Pseudo) -> bool:
        name = selector.ident.lower()
        place = self.siblings[node]
        if name in _NEVER:
            return False
        if name not in _PLACES:
            raise SelectorUnknownError
        is_there = _PLACES[name](place)
        return is_there and self.fits(node, selector.selector)

    def _counted(self, node: Any, selector: Function) -> bool:
        place = self.siblings[node]
        name = selector.name.lower()
        if name == "nth-child":
            number = place.before + 1
        elif name == "nth-last-child":
            number = place.all - place.before
        else:
            raise SelectorUnknownError
        if not _is_in_series(number, selector):
            return False
        return self.fits(node, selector.selector)

    def _combined(self, node: Any, selector: CombinedSelector) -> bool:
        if not self.fits(node, selector.subselector):
            return False
        others = self._related(node, selector.combinator)
        return any(self.fits(other, selector.selector) for other in others)

    def _related(self, node: Any, combinator: str) -> Iterator[Any]:
        """The elements that a combinator leads to, from the right to the left."""
        parent = node.getparent()
        if parent is None:
            return
        if combinator == " ":
            while parent is not None:
                yield parent
                parent = parent.getparent()
        elif combinator == ">":
            yield parent
        elif combinator in ("+", "~"):
            before = self.siblings[node].before
            nearest = 0
            if combinator == "+":
                nearest = before - 1
            siblings = self.ordered[parent]
            yield from siblings[max(nearest, 0) : before]
        else:
            raise SelectorUnknownError


def _words(text: str) -> list[str]:
    for blank in _BLANKS[1:]:
        text = text.replace(blank, " ")
    return text.split(" ")


def _is_in_series(number: int, selector: Function) -> bool:
    """Whether a number is one of ``2n+1`` and the like."""
    try:
        step, first = parse_series(selector.arguments)
    except ValueError as error:
        raise SelectorUnknownError from error
    if step == 0:
        return number == first
    distance = number - first
    return distance % step == 0 and distance // step >= 0


_JUDGES: dict[type, Callable[[SelectorMatcher, Any, Any], bool]] = {
    Element: SelectorMatcher._element,
    Class: SelectorMatcher._class,
    Hash: SelectorMatcher._hash,
    Attrib: SelectorMatcher._attribute,
    Negation: SelectorMatcher._negation,
    Pseudo: SelectorMatcher._state,
    Function: SelectorMatcher._counted,
    CombinedSelector: SelectorMatcher._combined,
}
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "exists": lambda found, wanted: True,
    "=": lambda found, wanted: found == wanted,
    "~=": lambda found, wanted: bool(wanted.strip()) and wanted in _words(found),
    "^=": lambda found, wanted: bool(wanted) and found.startswith(wanted),
    "$=": lambda found, wanted: bool(wanted) and found.endswith(wanted),
    "*=": lambda found, wanted: bool(wanted) and wanted in found,
    "|=": lambda found, wanted: found == wanted or found.startswith(f"{wanted}-"),
}
_PLACES: dict[str, Callable[[Siblings], bool]] = {
    "first-child": lambda place: place.before == 0,
    "last-child": lambda place: place.before == place.all - 1,
    "only-child": lambda place: place.all == 1,
}
