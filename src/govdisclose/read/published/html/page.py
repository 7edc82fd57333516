"""A web page → a source. Any encoding a site sends; layout tables are taken apart, data tables kept.

What a browser does not show is not read (``look.py``, ``css.py``). The parser expands no entities
of a page's own and the walk is not recursive, so that neither bombs nor deep nesting do harm.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from attrs import define, field

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid, Merge, Raw, Unseen, is_figure
from govdisclose.read.published.document import Document, TextLine
from govdisclose.read.published.html.appearance import CONTROLS, GONE, Look, look_of
from govdisclose.read.published.html.css import Sheets, read_sheets
from govdisclose.read.raised_figures import note_mark
from govdisclose.rules.importing import I117, I126, I130

LIMIT = 20_000_000
"""Bytes of a page; the largest real report is below one million."""

MAX_CELLS = 200_000
_LONG_CELL = 300
"""A cell with more characters holds an article, not a label or a number."""

_DRAWN = frozenset(["math", "svg", "textarea", "rt"])
"""Elements whose text a reader sees, but not as text in the line."""
_BLOCKS = frozenset([
    "p", "div", "br", "hr", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr",
    "td", "th", "caption", "section", "article", "header", "footer", "nav", "main", "aside", "form", "blockquote",
    "center", "pre", "body", "figure", "figcaption", "address", "details", "summary", "dialog", "fieldset", "legend", "menu",
    "hgroup", "xmp", "listing", "plaintext", "dir", "optgroup",
])  # fmt: skip
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=[\s\"']*([\w-]+)", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)
_BLANKS = re.compile("[ \t\r\n\f]+")
_WRAPPED = re.compile("(?<=[\u2e80-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\uffef])")
_DOCUMENTS = re.compile(r"\.(pdf|docx?|wps|ofd|xlsx?|zip|rar)([?#]|$)", re.I)
_EDGE = " \xa0\u3000"
_MUCH_SMALLER = 0.7
_TRIVIAL = frozenset(
    [
        "span",
        "font",
        "p",
        "div",
        "td",
        "th",
        "center",
        "o:p",
        "tbody",
        "tr",
        "body",
        "label",
        "nobr",
    ]
)
"""Elements that no sheet addresses by their names alone to hide or to raise text."""
_MARK = "data-govdisclose"
"""The attribute in which ``write/web`` says what an element is; ``aside`` is no part of the report."""

_SELF_DESCRIBED = {"articletitle": "title", "pubdate": "published", "publishdate": "published"}


def decode(data: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of a page or text file: by BOM, else strict UTF-8, else as declared, else GB18030."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _tolerant(data, name, file)
    declared = _declared(data)
    # A browser that saved the page may have left the old declaration: UTF-8 that decodes is UTF-8.
    for name in ("utf-8", declared, "gb18030"):
        try:
            return data.decode(name), ()
        except UnicodeDecodeError:
            continue
    return _tolerant(data, declared, file)


def _declared(data: bytes) -> str:
    match = _META.search(data[:4096])
    name = match[1].decode("ascii").lower() if match else "gb18030"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return "gb18030"
    return "gb18030" if known in ("gb2312", "gbk") else known


def _tolerant(data: bytes, name: str, file: str) -> tuple[str, tuple[Finding, ...]]:
    try:
        text = data.decode(name, errors="replace")
    except (LookupError, UnicodeError) as error:
        raise InputError(f"{file} 的编码无法识别，请用浏览器打开后另存为 UTF-8 网页") from error
    if (broken := text.count("\ufffd")) == 0:
        return text, ()
    return text, (I130.finding(f"按 {name} 解码，有 {broken} 处字节读不出", Place(file)),)


def read_html(data: bytes, file: str) -> Document:
    """Read a web page. Raises ``InputError`` for one that is too large, empty or broken."""
    from lxml import etree

    if len(data) > LIMIT:
        raise InputError(
            f"{file} 有 {len(data) // 1_000_000} MB，超过网页 {LIMIT // 1_000_000} MB 的上限"
        )
    text, findings = decode(data, file)
    clean = text.replace("\0", "").encode("utf-8", "replace")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(clean, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise InputError(f"{file} 是空网页，没有内容")
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise InputError(f"{file} 的标签嵌套过深，不是正常的网页")
    walk = _Walk(file, read_sheets(root, file), _data_tables(root))
    for event, node in (walker := etree.iterwalk(root, events=("start", "end"))):
        if event == "start":
            if not walk.start(node):
                walker.skip_subtree()
        else:
            walk.end(node)
    walk.flush()
    said = _self_description(root)
    return Document(
        file,
        tuple(walk.blocks),
        (*findings, *walk.unread()),
        said.get("title", ""),
        said.get("published", ""),
        sum(1 for _ in root.iter("img")),
        tuple(link for a in root.iter("a") if _DOCUMENTS.search(link := a.get("href") or "")),
        walk.letters < 200 and next(root.iter("script"), None) is not None,
    )


def _self_description(root: Any) -> dict[str, str]:
    """Title and date as the page's meta elements give them, the title else from ``<title>``."""
    article = next((node for node in root.iter("article") if node.get(f"{_MARK}-title")), None)
    if article is not None:
        return {"title": article.get(f"{_MARK}-title")}
    found = {"title": (root.findtext(".//head/title") or "").strip()}
    for meta in root.iter("meta"):
        key = _SELF_DESCRIBED.get((meta.get("name") or "").lower())
        if key and (meta.get("content") or "").strip():
            found[key] = meta.get("content").strip()
    return found


def _is_hidden_part(node: Any, sheets: Sheets) -> bool:
    """Whether an element of those that are drawn is not drawn after all."""
    display = sheets.of(node).get("display")
    return node.get("hidden") is not None or (display is not None and "none" in display.words)


def _is_bold(node: Any) -> bool:
    style = node.get("style")
    return node.tag in ("b", "strong") or (style is not None and _BOLD.search(style) is not None)


def _is_link(node: Any) -> bool:
    """Whether an element leads elsewhere or is to be pressed; an anchor without a target is a mark of Word's."""
    return node.tag == "button" or (node.tag == "a" and node.get("href") is not None)


@define
class _Extent:
    """What a table holds, while it is being counted."""

    cells: int = 0
    all_cells: int = 0
    is_layout: bool = False


def _data_tables(root: Any) -> set[Any]:
    """The tables that hold values: no article in a cell, and no table with cells of its own."""
    from lxml import etree

    found: set[Any] = set()
    tables: list[_Extent] = []
    letters: list[int] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        is_cell = node.tag in ("td", "th")
        if event == "start":
            if node.tag == "table":
                tables.append(_Extent())
            elif is_cell:
                letters.append(0)
                if tables:
                    tables[-1].cells += 1
            said = node.text
        else:
            if is_cell:
                length = letters.pop()
                if tables and length > _LONG_CELL:
                    tables[-1].is_layout = True
                if letters:
                    letters[-1] += length
            elif node.tag == "table":
                _close_table(node, tables, found)
            said = node.tail
        if said and letters:
            letters[-1] += len("".join(said.split()))
    return found


def _close_table(node: Any, tables: list[_Extent], found: set[Any]) -> None:
    """Decide on a table that ends, and tell the one around it."""
    extent = tables.pop()
    cells = extent.cells + extent.all_cells
    if extent.cells > 1 and not extent.is_layout:
        found.add(node)
    if tables:
        tables[-1].all_cells += cells
        tables[-1].is_layout = tables[-1].is_layout or cells > 1


def _verbatim(text: str) -> str:
    """Text of our own page, which breaks no line inside an element: what does was laid out by somebody else."""
    if "\n" not in text:
        return text
    lines = _WRAPPED.sub("", text).replace("\r", "\n").split("\n")
    stripped = [line.strip(" \t\f") for line in lines[1:-1]]
    whole = [lines[0].rstrip(" \t\f"), *stripped, lines[-1].lstrip(" \t\f")]
    return " ".join(filter(None, whole))


def tidy(text: str) -> str:
    """Blanks as a browser shows them: a wrapped source line between Chinese characters is no blank."""
    return _BLANKS.sub(" ", _WRAPPED.sub("", text))


@define
class _Cell:
    """A cell in the making: its text, and what may make that differ from what a reader sees."""

    node: Any
    pieces: list[str] = field(factory=list)
    doubt: str = ""
    looks: set[frozenset[str]] = field(factory=set)
    sizes: set[float] = field(factory=set)

    def raw(self) -> Raw:
        """The text of the cell, or that it cannot be told what figure it shows."""
        text = "\n".join(
            part for line in "".join(self.pieces).split("\n") if (part := tidy(line).strip(_EDGE))
        )
        doubt = self.doubt or self.difference()
        plain = "".join(text.split())
        if doubt and is_figure(plain):
            return Unseen(plain, doubt)
        return text or None

    def difference(self) -> str:
        """Why parts of the text may look otherwise than others, in ways that cannot be known here."""
        if len(self.looks) > 1:
            return "一部分字的样式和其他字不同，样式写在别处或程序不认识"
        if len(self.sizes) > 1 and min(self.sizes) < _MUCH_SMALLER * max(self.sizes):
            return "一部分字比其他字小得多"
        return ""


@define
class _Table:
    """A data table in the making."""

    node: Any
    rows: list[list[Raw]] = field(factory=list)
    merges: list[Merge] = field(factory=list)
    taken: set[tuple[int, int]] = field(factory=set)
    cell: _Cell | None = None
    loose: list[str] = field(factory=list)
    column: int = 0

    def add(self, cell: _Cell) -> int:
        """Put the finished cell in its row, over the columns and rows it spans; how many places that makes."""
        row = len(self.rows) - 1
        column = self.column
        while (row, column) in self.taken:
            column += 1
        wide, high = _span(cell.node, "colspan"), _span(cell.node, "rowspan")
        self.column = column + wide
        self.taken.update(product(range(row, row + high), range(column, column + wide)))
        line = self.rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = cell.raw()
        if wide * high > 1:
            self.merges.append(Merge(row, column, row + high - 1, column + wide - 1))
        return wide * high


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    # Bounded: a span is also how many cells are made.
    return max(1, min(int(value[:9]), 200)) if value.isascii() and value.isdecimal() else 1


@define
class _Walk:
    """The walk over a page: finished blocks, and the line or table being read."""

    file: str
    sheets: Sheets
    data: set[Any]
    blocks: list[TextLine | Grid] = field(factory=list)
    pieces: list[str] = field(factory=list)
    table: _Table | None = None
    stack: list[int] = field(factory=list)
    counts: list[int] = field(factory=lambda: [0])
    looks: list[Look] = field(factory=lambda: [Look()])
    path: list[Any] = field(factory=list)
    struck: list[tuple[str, Place]] = field(factory=list)
    drawn: list[tuple[str, Place]] = field(factory=list)
    bold: int = 0
    plain: bool = False
    links: int = 0
    unlinked: bool = False
    heading: int | None = None
    mark: str = ""
    tables: int = 0
    cells: int = 0
    lines: int = 0
    letters: int = 0

    def start(self, node: Any) -> bool:
        """Enter an element; whether to go into it."""
        self.path.append(node)
        self.counts[-1] += 1
        self.stack.append(self.counts[-1])
        self.counts.append(0)
        look = GONE if node.get(_MARK) == "aside" else look_of(node, self.looks[-1], self.sheets)
        self.looks.append(look)
        self.see(node)
        if look.gone:
            self.keep_drawn(node)
            return False
        tag = node.tag
        if tag in _BLOCKS or look.own_line:
            self.break_line()
        if self.table is not None:
            if tag == "tr" and self.table.cell is None:
                self.table.rows.append([])
                self.table.column = 0
            elif tag in ("td", "th") and self.table.cell is None and self.table.rows:
                self.table.cell = _Cell(node)
        elif node in self.data:
            self.flush()
            self.table = _Table(node)
        elif tag[0] == "h" and tag[1:].isdecimal():
            self.heading = int(tag[1:])
        if tag in _BLOCKS:
            self.mark = node.get(_MARK) or ""
        self.bold += _is_bold(node)
        self.links += _is_link(node)
        self.bracket("(")
        if node.text:
            self.text(node.text)
        return True

    def end(self, node: Any) -> None:
        """Leave an element; what follows it belongs to its parent."""
        self.path.pop()
        self.stack.pop()
        self.counts.pop()
        if not self.looks[-1].gone:
            self.bracket(")")
            self.bold -= _is_bold(node)
            self.links -= _is_link(node)
            table = self.table
            if table is not None and table.cell is not None and node is table.cell.node:
                self.cells += table.add(table.cell)
                table.cell = None
                if self.cells > MAX_CELLS:
                    raise InputError(f"{self.file} 的表格超过 {MAX_CELLS} 个单元格，不像年度报告")
            elif table is not None and node is table.node:
                self.finish(table)
            if node.tag in _BLOCKS or self.looks[-1].own_line:
                self.break_line()
        self.looks.pop()
        if node.tail:
            self.text(node.tail)

    def keep_drawn(self, node: Any) -> None:
        """Keep text that is drawn as something else than a line of the page: formulas, pictures, fields, readings."""
        above = self.looks[-2]
        if node.tag not in _DRAWN or not above.is_read or _is_hidden_part(node, self.sheets):
            return
        text = " ".join("".join(node.itertext()).split())
        if text:
            self.drawn.append((text, self.place()))

    def bracket(self, sign: str) -> None:
        """Raised text in a table is the mark of a note, never a digit of the figure before it."""
        cell = self.table.cell if self.table is not None else None
        if cell is None or not self.looks[-1].raised or self.looks[-2].raised:
            return
        if (
            sign == ")"
            and "(" in cell.pieces
            and not "".join(cell.pieces[_last(cell.pieces, "(") + 1 :]).strip()
        ):
            del cell.pieces[_last(cell.pieces, "(") :]
            return
        cell.pieces.append(sign)

    def see(self, node: Any) -> None:
        """Note for a cell what is in it besides text."""
        cell = self.table.cell if self.table is not None else None
        if cell is None:
            return
        look = self.looks[-1]
        if node.tag in CONTROLS or node.tag == "button":
            cell.doubt = cell.doubt or "里有图片、按钮或输入框"
        elif node.tag == "ol":
            cell.doubt = cell.doubt or "有自动编号"
        elif look.doubt:
            cell.doubt = cell.doubt or look.doubt

    def text(self, text: str) -> None:
        """Take up characters where the walk is, if they are read there."""
        look = self.looks[-1]
        if (look.struck or look.closed) and not (look.gone or look.unseen) and text.strip():
            self.struck.append((text.strip(), self.place()))
        if not look.is_read:
            return
        if self.table is not None:
            self.table_text(self.table, text)
            return
        self.pieces.append(note_mark(text, lowered=look.lowered) if look.raised else text)
        self.plain = self.plain or (self.bold == 0 and not text.isspace())
        self.unlinked = self.unlinked or (self.links == 0 and not text.isspace())

    def table_text(self, table: _Table, text: str) -> None:
        """Text in a table: of a cell, or beside the cells as a caption is."""
        if table.cell is None:
            table.loose.append(text)
            return
        table.cell.pieces.append(text)
        if not text.strip():
            return
        look = self.looks[-1]
        unknown = self.unknown_names(table.cell) if self.sheets.outside else frozenset()
        if not look.raised:
            table.cell.looks.add(look.odd | unknown)
            table.cell.sizes.add(look.size)

    def unknown_names(self, cell: _Cell) -> frozenset[str]:
        """The names by which a sheet that is not known may address the text being read, up to its cell."""
        names: list[str] = []
        for node in reversed(self.path):
            if node is cell.node:
                break
            names += (node.get("class") or "").split()
            names += [f"#{node.get('id')}"] if node.get("id") else []
            names += [node.tag] if node.tag not in _TRIVIAL else []
            names += [name for name in node.attrib if name.startswith("data-")]
        return frozenset(names)

    def place(self) -> Place:
        """Where the walk is."""
        if self.table is not None:
            return Place(self.file, f"第{self.tables + 1}个表格", f"第{len(self.table.rows)}行")
        return Place(self.file, "正文", f"第{self.lines + 1}段")

    def unread(self) -> Iterator[Finding]:
        """One finding for all text that is struck out or folded away, one for all that is drawn."""
        if self.drawn:
            shown = "；".join(text[:30] for text, _ in self.drawn[:3])
            whole = "\n".join(text for text, _ in self.drawn)
            said = f"公式、图形、注音、输入框里有 {len(self.drawn)} 处文字没有收入：{shown}"
            yield I126.finding(said, self.drawn[0][1], found=whole)
        if self.struck:
            shown = "；".join(text[:30] for text, _ in self.struck[:3])
            whole = "\n".join(text for text, _ in self.struck)
            said = f"有 {len(self.struck)} 处划掉或折叠的文字没有收入：{shown}"
            yield I117.finding(said, self.struck[0][1], found=whole)

    def break_line(self) -> None:
        """A block begins or ends."""
        if self.table is None:
            self.flush()
        elif self.table.cell is not None:
            self.table.cell.pieces.append("\n")
        else:
            self.table.loose.append("\n")

    def flush(self) -> None:
        """End the line of text being read."""
        text = (
            _verbatim("".join(self.pieces))
            if self.mark
            else tidy("".join(self.pieces)).strip(_EDGE)
        )
        if text.strip():
            self.lines += 1
            self.letters += len(text)
            place = Place(self.file, "正文", f"第{self.lines}段")
            line = TextLine(
                text,
                place,
                self.heading,
                not self.plain,
                tuple(self.stack),
                self.mark,
                not self.unlinked,
            )
            self.blocks.append(line)
        self.pieces, self.plain, self.unlinked, self.heading, self.mark = [], False, False, None, ""

    def finish(self, table: _Table) -> None:
        """End the table being read; areas that reach below its last row are cut."""
        self.table = None
        self.tables += 1
        for text in "".join(table.loose).split("\n"):
            self.pieces.append(text)
            self.plain = self.unlinked = True
            self.flush()
        height, ends = len(table.rows), [0] * len(table.rows)
        for row, column in table.taken:
            if row < height:
                ends[row] = max(ends[row], column + 1)
        rows = [row + [None] * (end - len(row)) for row, end in zip(table.rows, ends, strict=True)]
        merges = tuple(
            Merge(m.top, m.left, min(m.bottom, height - 1), m.right) for m in table.merges
        )
        self.letters += sum(len(str(cell)) for row in rows for cell in row if cell is not None)
        self.blocks.append(Grid(self.file, f"第{self.tables}个表格", rows, merges, cell_name))


def _last(pieces: list[str], sign: str) -> int:
    """Where a piece stands for the last time."""
    return len(pieces) - 1 - pieces[::-1].index(sign)


def cell_name(row: int, column: int) -> str:
    """A cell of a printed table as a reader counts it."""
    return f"第{row + 1}行第{column + 1}列"
