"""The walk over the elements of a page: lines of text and data tables, in the order of the page.

The walk is not recursive, so deep nesting does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from attrs import define, field, frozen

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.html.blanks import tidy, verbatim
from govdisclose.read.published.html.cascade import StyleSheets
from govdisclose.read.published.html.element_appearance import (
    GONE,
    TINY,
    ElementAppearance,
    appearance_of,
)
from govdisclose.read.published.html.table import CellInMaking, TableInMaking
from govdisclose.read.published.quoting import not_read
from govdisclose.read.raised_figures import note_mark
from govdisclose.rules import Rule
from govdisclose.rules.importing import I117, I126

MAX_CELLS = 200_000
"""Cells of all tables of a page; a report has some five hundred."""
MARK = "data-govdisclose"
"""The attribute in which ``write/web`` marks the purpose of an element.

``aside`` is no part of the report.
"""

_DRAWN = frozenset(["math", "svg", "textarea", "rt"])
"""Elements whose text a reader sees, but not as text in the line."""
_BLOCKS = frozenset([
    "p", "div", "br", "hr", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
    "table", "tr", "td", "th", "caption", "section", "article", "header", "footer", "nav", "main",
    "aside", "form", "blockquote", "center", "pre", "body", "figure", "figcaption", "address",
    "details", "summary", "dialog", "fieldset", "legend", "menu", "hgroup", "xmp", "listing",
    "plaintext", "dir", "optgroup",
])  # fmt: skip
"""Elements that begin and end a line."""
_UNSTYLED = frozenset([
    "span", "font", "p", "div", "td", "th", "center", "o:p", "tbody", "tr", "body", "label", "nobr",
])  # fmt: skip
"""Elements that no sheet addresses by their names alone to hide or to raise text."""
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)


def _is_bold(node: Any) -> bool:
    if node.tag in ("b", "strong"):
        return True
    style = node.get("style")
    if style is None:
        return False
    return _BOLD.search(style) is not None


def _is_link(node: Any) -> bool:
    """Whether an element leads elsewhere or is a button; an anchor without a target is Word's."""
    if node.tag == "a":
        return node.get("href") is not None
    return bool(node.tag == "button")


def _heading_level(tag: str) -> int | None:
    letter = tag[0]
    digit = tag[1:]
    if letter == "h" and digit.isdecimal():
        return int(digit)
    return None


def _is_hidden_part(node: Any, sheets: StyleSheets) -> bool:
    """Whether an element of those that are drawn is not drawn after all."""
    if node.get("hidden") is not None:
        return True
    return "none" in sheets.of(node).words("display")


@define
class _LineInMaking:
    """A line of text: its pieces, and whether any of them is not bold or not a link.

    ``faint`` are the indexes of pieces that nobody can make out: in the colour of their background,
    or tiny. ``hidden`` is text in the line that the styles of the page hide.
    """

    pieces: list[str] = field(factory=list)
    has_plain: bool = False
    has_unlinked: bool = False
    heading: int | None = None
    mark: str = ""
    faint: set[int] = field(factory=set)
    hidden: list[str] = field(factory=list)

    def add(
        self, text: str, look: ElementAppearance, *, bold: bool = False, linked: bool = False
    ) -> None:
        """Add text."""
        is_faint = look.colours.hide_letters or look.size < TINY
        if is_faint and text.strip():
            self.faint.add(len(self.pieces))
        if look.raised:
            text = note_mark(text, lowered=look.lowered)
        self.pieces.append(text)
        if not text.isspace():
            self.has_plain = self.has_plain or not bold
            self.has_unlinked = self.has_unlinked or not linked

    def hide_faint(self, *, knows_colours: bool) -> list[str]:
        """Take the faint pieces out of the line and return them.

        Where a sheet outside the file may give the whole line another background, nothing is
        known unless other letters of the line are not faint.
        """
        texts = set()
        for index, piece in enumerate(self.pieces):
            if piece.strip():
                texts.add(index)
        if not knows_colours and self.faint == texts:
            return []
        taken: list[str] = []
        kept: list[str] = []
        for index, piece in enumerate(self.pieces):
            if index in self.faint:
                taken.append(piece.strip())
            else:
                kept.append(piece)
        self.pieces = kept
        return taken

    @property
    def text(self) -> str:
        """The text as a browser shows it; that of a marked line is kept blank for blank."""
        text = "".join(self.pieces)
        if self.mark:
            return verbatim(text)
        return tidy(text)


@frozen
class _UnreadText:
    """Text that is not read, and its place."""

    text: str
    place: Place


@define
class Walk:
    """The finished blocks of a page, and the line or table being read."""

    file: str
    sheets: StyleSheets
    data_tables: set[Any]
    blocks: list[TextLine | Grid] = field(factory=list)
    letters: int = 0
    _line: _LineInMaking = field(factory=_LineInMaking)
    _table: TableInMaking | None = None
    _path: list[Any] = field(factory=list)
    _looks: list[ElementAppearance] = field(factory=lambda: [ElementAppearance()])
    _trail: list[int] = field(factory=list)
    _children: list[int] = field(factory=lambda: [0])
    _struck: list[_UnreadText] = field(factory=list)
    _drawn: list[_UnreadText] = field(factory=list)
    _bold: int = 0
    _links: int = 0
    _tables: int = 0
    _cells: int = 0
    _lines: int = 0

    @property
    def _cell(self) -> CellInMaking | None:
        if self._table is None:
            return None
        return self._table.cell

    # --- elements -------------------------------------------------------------------------------

    def start(self, node: Any) -> bool:
        """Enter an element; returns whether to go into it."""
        look = self._enter(node)
        if self._cell is not None:
            self._cell.see(node, look)
        if look.gone:
            self._keep_drawn(node)
            self._keep_hidden(node, look)
            return False
        is_block = node.tag in _BLOCKS
        if is_block or look.own_line:
            self._break_line()
        self._open(node)
        if is_block:
            self._line.mark = node.get(MARK) or ""
        self._bold += _is_bold(node)
        self._links += _is_link(node)
        if self._cell is not None and self._begins_raised():
            self._cell.open_bracket()
        if node.text:
            self._take(node.text)
        return True

    def end(self, node: Any) -> None:
        """Leave an element; the text after it belongs to its parent."""
        self._path.pop()
        self._trail.pop()
        self._children.pop()
        look = self._looks[-1]
        if not look.gone:
            if self._cell is not None and self._begins_raised():
                self._cell.close_bracket()
            self._bold -= _is_bold(node)
            self._links -= _is_link(node)
            self._close(node)
            if node.tag in _BLOCKS or look.own_line:
                self._break_line()
        self._looks.pop()
        if node.tail:
            self._take(node.tail)

    def _enter(self, node: Any) -> ElementAppearance:
        """Note where the walk is, and how the element looks."""
        self._path.append(node)
        self._children[-1] += 1
        self._trail.append(self._children[-1])
        self._children.append(0)
        if node.get(MARK) == "aside":
            look = GONE
        else:
            above = self._looks[-1]
            look = appearance_of(node, above, self.sheets)
        self._looks.append(look)
        return look

    def _open(self, node: Any) -> None:
        """Begin a table, a part of one, or a heading."""
        if self._table is not None:
            self._table.start(node)
        elif node in self.data_tables:
            self.flush()
            self._table = TableInMaking(node, knows_colours=not self.sheets.outside)
        else:
            level = _heading_level(node.tag)
            if level is not None:
                self._line.heading = level

    def _close(self, node: Any) -> None:
        """End the cell or the table that ends with an element."""
        table = self._table
        if table is None:
            return
        if table.cell is not None and node is table.cell.node:
            self._cells += table.end_cell()
            if self._cells > MAX_CELLS:
                raise InputError(f"{self.file} 的表格超过 {MAX_CELLS} 个单元格，不像年度报告")
        elif node is table.node:
            self._end_table(table)

    def _begins_raised(self) -> bool:
        """Whether raised text begins (and ends) with the element being read."""
        if not self._looks[-1].raised:
            return False
        return not self._looks[-2].raised

    def _keep_drawn(self, node: Any) -> None:
        """Keep text that is drawn otherwise than in a line: formulas, pictures, fields, readings."""
        if node.tag not in _DRAWN:
            return
        if not self._looks[-2].is_read:
            return
        written = "".join(node.itertext())
        text = " ".join(written.split())
        if text and not _is_hidden_part(node, self.sheets):
            self._drawn.append(_UnreadText(text, self._place()))

    def _keep_hidden(self, node: Any, look: ElementAppearance) -> None:
        """Keep text that is hidden in the middle of a line; a hidden block is a part of the page."""
        is_in_line = self._table is None and node.tag not in _BLOCKS
        above_is_read = self._looks[-2].is_read
        if is_in_line and look.unseen and above_is_read:
            text = "".join(node.itertext())
            self._line.hidden.append(text)

    # --- text -----------------------------------------------------------------------------------

    def _take(self, text: str) -> None:
        """Take up text where the walk is, if it is read there."""
        look = self._looks[-1]
        is_out_of_view = look.gone or look.unseen
        is_told = (look.struck or look.closed) and not is_out_of_view
        if is_told and text.strip():
            unread = _UnreadText(text.strip(), self._place())
            self._struck.append(unread)
        if not look.is_read:
            if self._table is None and not is_told:
                self._line.hidden.append(text)
            return
        if self._cell is not None:
            cell = self._cell
            cell.add(text, look, self._unknown_names(cell))
        elif self._table is not None:
            self._table.loose.append(text)
        else:
            is_bold = self._bold > 0
            is_linked = self._links > 0
            self._line.add(text, look, bold=is_bold, linked=is_linked)

    def _unknown_names(self, cell: CellInMaking) -> frozenset[str]:
        """The names, up to the cell, by which a sheet outside the file may address the text."""
        if not self.sheets.outside:
            return frozenset()
        names: set[str] = set()
        for node in reversed(self._path):
            if node is cell.node:
                break
            names |= _names_of(node)
        return frozenset(names)

    def _place(self) -> Place:
        """Where the walk is."""
        if self._table is not None:
            row = f"第{len(self._table.rows)}行"
            number = self._tables + 1
            return Place(self.file, f"第{number}个表格", row)
        number = self._lines + 1
        return Place(self.file, "正文", f"第{number}段")

    def _break_line(self) -> None:
        """A block begins or ends."""
        if self._table is None:
            self.flush()
        else:
            self._table.break_line()

    def flush(self) -> None:
        """End the line of text being read."""
        line = self._line
        self._line = _LineInMaking()
        unseen = line.hide_faint(knows_colours=not self.sheets.outside)
        text = line.text
        if text.strip():
            for hidden in line.hidden:
                words = hidden.split()
                if words:
                    unseen.append(" ".join(words))
            place = self._place()
            self._struck += [_UnreadText(one, place) for one in unseen]
        if not text.strip():
            return
        self._lines += 1
        self.letters += len(text)
        finished = TextLine(
            text,
            Place(self.file, "正文", f"第{self._lines}段"),
            heading=line.heading,
            bold=not line.has_plain,
            trail=tuple(self._trail),
            mark=line.mark,
            linked=not line.has_unlinked,
        )
        self.blocks.append(finished)

    def _end_table(self, table: TableInMaking) -> None:
        """Add a table, after the text in it that belongs to no cell."""
        self._table = None
        self._tables += 1
        for text in "".join(table.loose).split("\n"):
            self._line.pieces.append(text)
            self._line.has_plain = self._line.has_unlinked = True
            self.flush()
        name = f"第{self._tables}个表格"
        grid = table.grid(self.file, name)
        for row in grid.rows:
            texts = []
            for cell in row:
                if cell is not None:
                    texts.append(str(cell))
            self.letters += sum(map(len, texts))
        self.blocks.append(grid)

    # --- content that is not read -----------------------------------------------------------------

    def unread(self) -> Iterator[Finding]:
        """One finding for all text that is drawn, one for what is struck, folded away or unseen."""
        if self._drawn:
            said = f"公式、图形、注音、输入框里有 {len(self._drawn)} 处文字没有收入"
            yield _unread_finding(I126, said, self._drawn)
        if self._struck:
            said = f"有 {len(self._struck)} 处划掉、折叠或看不见的文字没有收入"
            yield _unread_finding(I117, said, self._struck)


def _unread_finding(rule: Rule, said: str, unread: list[_UnreadText]) -> Finding:
    """A finding on texts that are not read, at the place of the first."""
    texts = [one.text for one in unread]
    return not_read(rule, said, texts, unread[0].place)


def _names_of(node: Any) -> set[str]:
    """The names by which a selector may address an element."""
    classes = node.get("class") or ""
    names = set(classes.split())
    if node.get("id"):
        names.add(f"#{node.get('id')}")
    if node.tag not in _UNSTYLED:
        names.add(node.tag)
    for name in node.attrib:
        if name.startswith("data-"):
            names.add(name)
    return names
