"""The tree of a page where lxml is not installed: parsed by justhtml, as a browser parses it.

Both parsers give the same tree of an orderly page. They mend a disorderly one in different ways, so
that figures could be read differently here and on the command line, so the page is refused. It is
disorderly if an element stands elsewhere than its tag, or if ``orderly.py`` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

from govdisclose.errors import InputError
from govdisclose.read.published.html.orderly import CLOSED_BY_LXML, Tags
from govdisclose.read.published.html.selecting import SelectorMatcher, Siblings
from govdisclose.read.published.html.tree import (
    SelectorUnknownError,
    SheetSelector,
    Tree,
    empty,
    too_deep,
)

MOST_LETTERS = 2_000_000
"""Characters of a page; the largest real report is below one million."""
MOST_MATCHES = 5_000_000
"""Selectors times elements; a real page has some hundred thousand."""
DEEPEST = 2_040
"""Elements inside one another; lxml refuses a few more."""
_MARKS_OF_WORD = re.compile(
    r"(<(?P<verbatim>title|textarea|script|style)\b.*?</(?P=verbatim))"
    r"|<(?:\?xml|!\[(?:if|endif))(?:(?!--)[^<>])*>",
    re.I | re.S,
)
"""``<?xml:namespace …/>`` and ``<![if …]>``; no parser shows them outside of ``title`` and the
like.
"""
_SCRIPTS_AFTER_THE_END = re.compile(
    r"(</html\s*>)(\s*<script\b(?:(?!</script).)*</script\s*>)+\s*$", re.I | re.S
)
"""lxml reads nothing after the end of a page."""
_LOST_COMMENT = re.compile(r"<[?!/]")
"""justhtml takes some broken comments for text when it notes where everything is."""
_CLOSES_ITSELF = re.compile(
    r"<(?:p|li|d[td]|t[dhr]|tbody|thead|tfoot|colgroup|caption|option|html|head|body)(?:\s[^<>]*)?/>",
    re.I,
)
"""``<p/>``: nothing for lxml, the beginning of a paragraph in a browser."""
_VERBATIM = frozenset(
    ["script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"]
)
_LISTS_ENTITIES = re.compile(r"<!doctype[^>]*\[", re.I)
_ADVICE = (
    "请用浏览器打开后全选、复制到 Word，另存为 .docx 再放进来，"
    "或在装有 Python 的电脑上用 govdisclose import 导入"
)


class Node(Element):
    """An element that knows the one around it, as those of lxml do."""

    parent: Node | None = None

    def getparent(self) -> Node | None:
        """The element around this one."""
        return self.parent

    def iterancestors(self, tag: str) -> Iterator[Node]:
        """The elements around this one that have a tag, from the inside outwards."""
        above = self.parent
        while above is not None:
            if above.tag == tag:
                yield above
            above = above.parent


def parse_as_a_browser(text: str, file: str) -> Tree:
    """Parse a page. Raises ``InputError`` for one that is empty, too large, or not orderly."""
    from justhtml import JustHTML

    if len(text) > MOST_LETTERS:
        raise InputError(f"{file} 是很大的网页，在这里读不了：{_ADVICE}")
    without_marks = _MARKS_OF_WORD.sub(r"\1", text)
    text = _SCRIPTS_AFTER_THE_END.sub(r"\1", without_marks)
    document = JustHTML(text, sanitize=False, scripting_enabled=False, track_node_locations=True)
    found = document.root.children or []
    page = next(node for node in found if node.name == "html")
    copy = _Copy(file)
    root = copy.whole(page)
    if root is None:
        raise empty(file)
    copy.refuse_disorder(text)
    finder = _ElementFinder(root, file)
    return Tree(root, finder.select)


# --- elements -----------------------------------------------------------------------------------


@frozen
class _Open:
    """An element that is being copied: the rest of its content, and the copy that takes it."""

    content: Iterator[Any]
    copy: Node


@frozen
class _Start:
    """A start tag in the file."""

    name: str
    line: int


@define
class _Order:
    """Compares the tags in a file with the rules of order, and with the elements of its tree.

    ``line`` is that of the last start tag.
    """

    started: Iterator[_Start]
    lists_entities: bool
    tags: Tags = field(factory=Tags)
    line: int = 1

    def accepts(self, kind: str, event: Any) -> bool:
        """Whether the next event of the file is in order."""
        match kind:
            case "doctype":
                return not self.lists_entities
            case "start":
                return self._starts(str(event[0]).lower())
            case "end":
                return self.tags.end(str(event).lower())
            case "text":
                return self.tags.text(str(event))
        return True

    def _starts(self, name: str) -> bool:
        found = next(self.started, None)
        if found is None:
            return False
        self.line = found.line
        return found.name == name and self.tags.start(name)


@define
class _Copy:
    """Copies the elements that justhtml found, in the order of the page."""

    file: str
    _started: list[_Start] = field(factory=list)
    _reached: int = -1
    _is_empty: bool = True

    def whole(self, page: Any) -> Node | None:
        """The copy of a page; nothing of one without an element or a text."""
        root = self._element(page, None)
        opened = [_Open(iter(_content(page)), root)]
        while opened:
            top = opened[-1]
            source = next(top.content, None)
            if source is None:
                opened.pop()
            elif source.name == "#text":
                self._note_place(source)
                if _LOST_COMMENT.search(source.data) and top.copy.tag not in _VERBATIM:
                    raise self._refused(source.origin_line)
                _add_text(top.copy, source.data)
            elif source.name[0] in "#!?":
                continue
            elif _is_implied(source):
                content = iter(_content(source))
                opened.append(_Open(content, top.copy))
            else:
                copy = self._element(source, top.copy)
                content = iter(_content(source))
                opened.append(_Open(content, copy))
            if len(opened) > DEEPEST:
                raise too_deep(self.file)
        return None if self._is_empty else root

    def _element(self, source: Any, parent: Node | None) -> Node:
        copy = Node(source.name.lower())
        for name, value in source.attrs.items():
            copy.set(name.lower(), value or "")
        if parent is not None:
            if (parent.tag, copy.tag) in CLOSED_BY_LXML:
                raise self._refused(source.origin_line)
            copy.parent = parent
            parent.append(copy)
        self._note_place(source)
        return copy

    def _note_place(self, source: Any) -> None:
        """Raises ``InputError`` for a node before another one that it follows in the file."""
        place = source.origin_offset
        if place is None:
            return
        self._is_empty = False
        if place < self._reached:
            raise self._refused(source.origin_line)
        self._reached = place
        if source.name == "#text":
            return
        if not self._is_unscripted(source):
            start = _Start(source.name.lower(), source.origin_line)
            self._started.append(start)

    @staticmethod
    def _is_unscripted(source: Any) -> bool:
        """Whether an element stands in ``noscript``, whose tags are not those of the page."""
        above = source.parent
        while above is not None and above.name != "noscript":
            above = above.parent
        return above is not None

    def refuse_disorder(self, text: str) -> None:
        """Raises ``InputError`` where the tags of a page are not in order, or not all in the tree."""
        from justhtml import stream

        itself = _CLOSES_ITSELF.search(text)
        if itself is not None:
            breaks = text.count("\n", 0, itself.start())
            raise self._refused(breaks + 1)
        lists_entities = _LISTS_ENTITIES.search(text) is not None
        order = _Order(iter(self._started), lists_entities=lists_entities)
        for kind, event in stream(text):
            if not order.accepts(kind, event):
                raise self._refused(order.line)
        if not order.tags.are_closed():
            raise self._refused(order.line)

    def _refused(self, line: int | None) -> InputError:
        return InputError(
            f"{self.file} 的代码不规范（第 {line or 1} 行附近标签的先后、包含关系不对），在这里可能读错，"
            f"没有读：{_ADVICE}"
        )


def _content(source: Any) -> list[Any]:
    """The content of an element; justhtml keeps the content of a template apart."""
    inside = getattr(source, "template_content", None)
    found: list[Any] = inside.children if inside is not None else source.children
    return found or []


def _is_implied(source: Any) -> bool:
    """Whether a browser adds an element that the page leaves out, and lxml does not."""
    if source.origin_offset is not None:
        return False
    if source.name == "body":
        return False
    return source.name != "head" or not source.children


def _add_text(copy: Node, text: str) -> None:
    if len(copy):
        last = copy[-1]
        last.tail = (last.tail or "") + text
    else:
        copy.text = (copy.text or "") + text


# --- selectors ----------------------------------------------------------------------------------


class _ElementFinder:
    """Finds the elements of a page that fit a selector."""

    def __init__(self, root: Node, file: str) -> None:
        self.root = root
        self.file = file
        self._left = MOST_MATCHES
        ordered: dict[Any, list[Any]] = {}
        for node in root.iter():
            ordered[node] = list(node)
        places = {
            node: Siblings(number, len(nodes))
            for nodes in ordered.values()
            for number, node in enumerate(nodes)
        }
        places[root] = Siblings(0, 1)
        self._elements = list(ordered)
        self._matcher = SelectorMatcher(places, ordered)

    def select(self, selector: SheetSelector) -> Iterable[Any]:
        """The elements that fit. Raises ``InputError`` for a selector that is not understood here."""
        self._left -= len(self._elements)
        if self._left < 0:
            raise InputError(f"{self.file} 的样式表过大，在这里读不了：{_ADVICE}")
        tree = selector.parsed
        try:
            found: list[Any] = []
            for node in self._elements:
                if self._matcher.fits(node, tree):
                    found.append(node)
            return found
        except SelectorUnknownError as error:
            raise InputError(f"{self.file} 的样式在这里看不懂，没有读：{_ADVICE}") from error
