"""The tree of a page: its elements in their order, and how a selector of a sheet finds some of
them.

lxml parses. Where it is not installed, as in a browser, ``browser_tree.py`` stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import field, frozen

from govdisclose.errors import InputError


@frozen
class SheetSelector:
    """A selector of a style sheet: as cssselect parsed it, and as XPath."""

    parsed: Any = field(repr=False)
    xpath: str


class SelectorUnknownError(Exception):
    """A selector that cannot be held against the elements of a page."""


@frozen
class Tree:
    """A parsed page. ``select`` gives the elements of a selector. Raises ``SelectorUnknownError``."""

    root: Any
    select: Callable[[SheetSelector], Iterable[Any]]


def parse(text: str, file: str) -> Tree:
    """Parse a page. Raises ``InputError`` for one that is empty, broken or nested too deep.

    No entities that a page declares are expanded, so entity bombs do no harm.
    """
    try:
        import lxml.etree  # noqa: F401  # asked for, and used below
    except ImportError:
        from govdisclose.read.published.html.browser_tree import parse_as_a_browser

        return parse_as_a_browser(text.replace("\0", ""), file)
    return _parse(text.replace("\0", ""), file)


def _parse(text: str, file: str) -> Tree:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise empty(file)
    messages = [entry.message.lower() for entry in parser.error_log]
    if any("depth" in message for message in messages):
        raise too_deep(file)

    def select(selector: SheetSelector) -> Iterable[Any]:
        try:
            found: Any = root.xpath(selector.xpath)
        except etree.XPathError as error:
            raise SelectorUnknownError from error
        return list(found)

    return Tree(root, select)


def empty(file: str) -> InputError:
    """Why a page without any element is not read."""
    return InputError(f"{file} 是空网页，没有内容")


def too_deep(file: str) -> InputError:
    """Why a page with thousands of elements inside one another is not read."""
    return InputError(f"{file} 的标签嵌套过深，不是正常的网页")


def visit(root: Any, start: Callable[[Any], bool], end: Callable[[Any], None]) -> None:
    """Go over the elements below ``root`` in their order.

    ``start`` says whether to go into an element, ``end`` is called for every element. Deep nesting
    does no harm: nothing calls itself.
    """
    opened = [root]
    waiting = [_inside(root, start)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            end(opened.pop())
        else:
            opened.append(child)
            waiting.append(_inside(child, start))


def _inside(node: Any, start: Callable[[Any], bool]) -> Any:
    if start(node):
        return iter(node)
    return iter(())
