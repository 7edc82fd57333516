"""Whether the tags of a page are in order, so that every parser builds the same tree of them.

HTML says how a browser mends tags that are missing, crossed or misplaced; lxml has ways of its own.
The tables below name the places where the two differ; ``tests/read/published/test_browser_tree.py``
compares both parsers on pages made at random.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

VOID = frozenset([
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
])  # fmt: skip
"""Elements that have a start tag only."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_END_TAG_OPTIONAL = frozenset([
    "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "colgroup", "caption",
    "option", "html", "head", "body",
])  # fmt: skip
"""Elements that another tag may close."""
_CLOSES_P = frozenset([
    "address", "blockquote", "center", "dir", "div", "dl", "fieldset", "form", *_HEADINGS, "hr",
    "li", "dd", "dt", "menu", "ol", "p", "pre", "table", "td", "th", "tr", "ul",
])  # fmt: skip
"""Tags that end a paragraph for both parsers."""
_YOUNG = frozenset([
    "article", "aside", "details", "dialog", "figcaption", "figure", "footer", "header", "hgroup",
    "main", "nav", "search", "section", "summary", "title", "listing", "xmp", "plaintext",
])  # fmt: skip
"""Tags that end a paragraph in a browser and not in lxml."""
_DRAWINGS = ("svg", "math")
"""Elements whose content follows the rules of XML: a tag may close itself."""
_LEAVES_DRAWING = frozenset([
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em",
    "embed", "font", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p",
    "pre", "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tt", "u", "ul",
    "var", *_HEADINGS,
])  # fmt: skip
"""Tags with which a browser leaves a drawing or a formula."""
_TABLE_PARTS = ("tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup")
_ROWS_AND_CELLS = frozenset(["tr", "td", "th", "tbody", "thead", "tfoot"])
_MAY_BE_OPEN = frozenset(["p", *_TABLE_PARTS, "html", "head", "body"])
"""Elements that both parsers close where a row or a cell starts."""
_NEVER_INSIDE = {
    "button": frozenset(["button"]),
    "caption": frozenset(_TABLE_PARTS),
    "col": frozenset(_TABLE_PARTS) - {"colgroup"},
    "colgroup": frozenset(_TABLE_PARTS),
    "dd": frozenset(["dd", "dt"]),
    "dt": frozenset(["dd", "dt"]),
    "hr": frozenset(["option", "select"]),
    "input": frozenset(["option", "select"]),
    "nobr": frozenset(["nobr"]),
    "script": frozenset(["colgroup"]),
    "select": frozenset(["select", "option"]),
    "style": frozenset(["colgroup"]),
    "td": frozenset(["caption", "colgroup"]),
    "th": frozenset(["caption", "colgroup"]),
    **dict.fromkeys(("tbody", "thead", "tfoot"), frozenset(_TABLE_PARTS)),
    **dict.fromkeys(_HEADINGS, frozenset(_HEADINGS)),
}
"""Elements that must not be open, inside the innermost table or list, where a tag starts."""
_FORMATTING = ("b", "big", "i", "s", "small", "strike", "tt", "u")


def _closed_by_lxml() -> Iterator[tuple[str, str]]:
    """Pairs of elements, the second inside the first, where lxml closes the first."""
    closing = {
        "a": ("a", "fieldset"),
        "address": ("dd", "dl", "dt", "form", "li", "ul"),
        "button": ("button",),
        "dd": ("dd",),
        "dir": ("dd", "dl", "dt", "form", "ul"),
        "dl": ("form", "li"),
        "dt": ("dl", "dt"),
        "font": ("center",),
        "form": ("form",),
        "legend": ("fieldset",),
        "menu": ("dd", "dl", "dt", "form", "ul"),
        "nobr": ("nobr",),
        "ol": ("form",),
        "p": ("table",),
        "option": ("hr", "input", "select"),
        "pre": ("dd", "dl", "dt", "fieldset", "form", "li", "ul"),
        "select": ("input", "select"),
        "ul": ("address", "form", "menu", "pre"),
    }
    for name, inner in closing.items():
        for other in inner:
            yield name, other
    for name in _HEADINGS:
        for other in ("fieldset", "form", "li", "p", *_HEADINGS):
            yield name, other
    for name in _FORMATTING:
        yield name, "center"
        yield name, "p"


CLOSED_BY_LXML = frozenset(_closed_by_lxml())


@define
class Tags:
    """The tags of a page, one after the other, and the elements that are open."""

    _open: list[str] = field(factory=list)
    _drawings: int = 0
    _is_over: bool = False

    def start(self, name: str) -> bool:
        """A start tag; returns whether it is in order."""
        if self._drawings:
            self._drawings += name in _DRAWINGS
            return name not in _LEAVES_DRAWING
        if self._is_over:
            return False
        if self._is_misplaced(name):
            return False
        if self._is_misplaced_in_table(name):
            return False
        if name in _CLOSES_P and not self._end_paragraph():
            return False
        if name in _DRAWINGS:
            self._drawings = 1
        elif name not in VOID:
            self._open.append(name)
        return True

    def _is_misplaced(self, name: str) -> bool:
        """Whether a tag stands where a browser moves it, or ends what lxml does not end."""
        if name in _YOUNG and "p" in self._open:
            return True
        if name != "title" or not self._open:
            return False
        return self._open[-1] not in ("head", "html")

    def _is_misplaced_in_table(self, name: str) -> bool:
        """Whether a tag stands in a table or a list where the parsers close different elements."""
        inside = self._innermost()
        if name in _ROWS_AND_CELLS and not _MAY_BE_OPEN.issuperset(inside):
            return True
        if name == "table" and self._is_between_cells():
            return True
        never_inside = _NEVER_INSIDE.get(name, frozenset())
        return not never_inside.isdisjoint(inside)

    def _is_between_cells(self) -> bool:
        """Whether a table is open, and none of its cells."""
        if "table" not in self._open:
            return False
        return {"td", "th", "caption"}.isdisjoint(self._innermost())

    def _innermost(self) -> list[str]:
        """The elements that are open inside the innermost table or list."""
        for index, name in self._from_innermost():
            if name in ("table", "dl"):
                return self._open[index + 1 :]
        return self._open

    def _from_innermost(self) -> Iterator[tuple[int, str]]:
        """The places and names of the elements that are open, the innermost first."""
        for index in reversed(range(len(self._open))):
            yield index, self._open[index]

    def _end_paragraph(self) -> bool:
        """End the paragraph that is open; returns whether nothing else is cut off with it."""
        for index, name in self._from_innermost():
            if name == "p":
                return self._closes(index)
            if name in ("td", "th"):
                break
        return True

    def _closes(self, place: int) -> bool:
        """Close an element and all elements open in it; returns whether that needs no end tags."""
        inside = self._open[place + 1 :]
        del self._open[place:]
        return _END_TAG_OPTIONAL.issuperset(inside)

    def text(self, text: str) -> bool:
        """A text; returns whether it is in order: none stands between cells or after the end."""
        if not text.strip():
            return True
        if self._drawings:
            return True
        if self._is_over:
            return False
        return not self._is_between_cells()

    def are_closed(self) -> bool:
        """Whether at the end of the page only elements are open that need no end tag."""
        if self._drawings:
            return False
        return _END_TAG_OPTIONAL.issuperset(self._open)

    def end(self, name: str) -> bool:
        """An end tag; returns whether it is in order: it may close only elements that need no tag."""
        if self._drawings:
            self._drawings -= name in _DRAWINGS
            return name not in _LEAVES_DRAWING
        if name in ("body", "html"):
            self._is_over = True
            return self.are_closed()
        for index, opened in self._from_innermost():
            if opened == name:
                return self._closes(index)
        return name == "p"
