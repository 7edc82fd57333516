"""How much room the cells of a Word table have, and how wide the letters in them are.

Lengths are in twips (1/20 pt), sizes of letters in half points, as Word counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
_USUAL_SIZE = 20
_USUAL_MARGIN = 108
"""The margin beside the text of a cell where nothing declares one."""

_WHOLE = 100
_LONGEST_CHAIN = 20
"""Styles based on one another; Word stops at eleven."""


class LetterLook(NamedTuple):
    """The look of the letters of a run: their size and spacing, their width in percent, their font."""

    size: int
    spacing: int
    percent: int
    font: str


class TextInCell(NamedTuple):
    """A text in a cell: its element, the room that its line has, and its letters."""

    element: Element
    room: int
    letters: LetterLook


def cell_texts(document: Element, styles: Element | None) -> Iterator[TextInCell]:
    """Every text in the cells of the tables of a document, with its room.

    Cells without a known width are passed over.
    """
    known = _Styles(styles)
    for table in document.iter(f"{_W}tbl"):
        margins = _Margins(table, known)
        for cell, width in _cells(table):
            room = width - margins.beside_text(cell)
            for paragraph in cell.findall(f"{_W}p"):
                yield from _texts(paragraph, room, known)


def _texts(paragraph: Element, room: int, known: _Styles) -> Iterator[TextInCell]:
    properties = _found(paragraph, "pPr")
    style = known.chain(properties, "pStyle", known.usual)
    for run in paragraph.iter(f"{_W}r"):
        own = _found(run, "rPr")
        of_run = known.chain(own, "rStyle", "")
        letters = known.letters([own, *of_run, *style])
        indent = _indent([properties, *style], letters.size)
        for text in run.findall(f"{_W}t"):
            yield TextInCell(text, room - indent, letters)


# --- widths ---------------------------------------------------------------------------------------


def _cells(table: Element) -> Iterator[tuple[Element, int]]:
    """The cells of a table with their widths, where these are known."""
    columns_of_grid = table.findall(f"{_W}tblGrid/{_W}gridCol")
    grid = [_number(column, "w") for column in columns_of_grid]
    for row in table.findall(f"{_W}tr"):
        at = _number(row.find(f"{_W}trPr/{_W}gridBefore"), "val")
        for cell in row.findall(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            end = at + max(1, _number(span, "val"))
            spanned = grid[at:end]
            width = _declared_width(cell) or sum(spanned)
            at = end
            if width:
                yield cell, width


def _declared_width(cell: Element) -> int:
    """The width that a cell declares in twips; 0 for none, or for one in percent."""
    width = cell.find(f"{_W}tcPr/{_W}tcW")
    if width is None or width.get(f"{_W}type") != "dxa":
        return 0
    return _number(width, "w")


class _Margins:
    """The margins of the cells of a table."""

    def __init__(self, table: Element, known: _Styles) -> None:
        properties = _found(table, "tblPr")
        self._sources = []
        for source in (properties, *known.chain(properties, "tblStyle", "")):
            table_properties = source if source is properties else _found(source, "tblPr")
            self._sources.append(_found(table_properties, "tblCellMar"))

    def beside_text(self, cell: Element) -> int:
        """The left and the right margin of a cell together."""
        own = _found(_found(cell, "tcPr"), "tcMar")
        sources = [own, *self._sources]
        left = _margin(sources, ("left", "start"))
        right = _margin(sources, ("right", "end"))
        return left + right


def _margin(sources: Sequence[Element | None], names: Sequence[str]) -> int:
    for source in sources:
        for name in names:
            margin = _found(source, name)
            if margin is not None:
                return _number(margin, "w")
    return _USUAL_MARGIN


_INDENTS = (("left", "start"), ("right", "end"), ("firstLine",))


def _indent(sources: Sequence[Element | None], size: int) -> int:
    """What the indents of a paragraph take from its first line."""
    whole = 0
    for names in _INDENTS:
        whole += _one_indent(sources, names, size)
    return whole


def _one_indent(sources: Sequence[Element | None], names: Sequence[str], size: int) -> int:
    """One indent, of which that in characters counts before that in twips."""
    for source in sources:
        properties = _found(source, "pPr") if _is_style(source) else source
        indent = _found(properties, "ind")
        if indent is None:
            continue
        for name in names:
            characters = _number(indent, f"{name}Chars")
            if characters:
                return characters * size // 10
            if indent.get(f"{_W}{name}") is not None:
                return _number(indent, name)
    return 0


def _is_style(source: Element | None) -> bool:
    return source is not None and source.tag == f"{_W}style"


# --- styles ---------------------------------------------------------------------------------------


class _Styles:
    """The styles of a document."""

    def __init__(self, root: Element | None) -> None:
        self.usual = ""
        self._by_name: dict[str, Element] = {}
        defaults = _found(root, "docDefaults")
        of_runs = _found(defaults, "rPrDefault")
        self._default = _found(of_runs, "rPr")
        if root is None:
            return
        for style in root.findall(f"{_W}style"):
            name = style.get(f"{_W}styleId", "")
            self._by_name[name] = style
            is_default = style.get(f"{_W}default") in ("1", "true")
            if is_default and style.get(f"{_W}type") == "paragraph":
                self.usual = name

    def chain(self, properties: Element | None, name: str, otherwise: str) -> list[Element]:
        """The style that properties name, and those that it is based on."""
        at = _value(_found(properties, name)) or otherwise
        found: list[Element] = []
        while at in self._by_name and len(found) < _LONGEST_CHAIN:
            style = self._by_name[at]
            found.append(style)
            at = _value(_found(style, "basedOn"))
        return found

    def letters(self, sources: Sequence[Element | None]) -> LetterLook:
        """The letters of a run with these properties and styles, the nearest first."""
        looks: list[Element | None] = []
        for source in sources:
            look = _found(source, "rPr") if _is_style(source) else source
            looks.append(look)
        looks.append(self._default)
        return LetterLook(
            size=_first(looks, "sz", _USUAL_SIZE),
            spacing=_first(looks, "spacing", 0),
            percent=_first(looks, "w", _WHOLE),
            font=_font(looks),
        )


def _first(looks: Sequence[Element | None], name: str, otherwise: int) -> int:
    for look in looks:
        element = _found(look, name)
        if element is not None:
            return _number(element, "val")
    return otherwise


def _font(looks: Sequence[Element | None]) -> str:
    """The font of digits; empty where a theme says it, or nothing."""
    for look in looks:
        fonts = _found(look, "rFonts")
        if fonts is None:
            continue
        if fonts.get(f"{_W}asciiTheme"):
            return ""
        font = fonts.get(f"{_W}ascii")
        if font is not None:
            return font
    return ""


# --- elements -------------------------------------------------------------------------------------


def _found(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return element.find(f"{_W}{name}")


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(_VAL, "")


def _number(element: Element | None, name: str) -> int:
    """A whole number among the attributes of an element; 0 for none."""
    if element is None:
        return 0
    said = element.get(f"{_W}{name}", "").removesuffix("%")
    digits = said.removeprefix("-")
    if digits.isdecimal() and len(digits) < _LONGEST_NUMBER:
        return int(said)
    return 0


_LONGEST_NUMBER = 9
"""Digits of a length."""
