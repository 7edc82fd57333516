"""A web page → a source. Any encoding a site sends; layout tables are taken apart, data tables kept.

What a browser does not show (scripts, ``display:none``) is not read. The parser expands no entities
of a page's own and the walk is not recursive, so that neither bombs nor deep nesting do harm.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from attrs import define, field

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.source import Line, Source
from govdisclose.rules.importing import I130

LIMIT = 20_000_000
"""Bytes of a page; the largest real report is below one million."""

MAX_CELLS = 200_000
_LONG_CELL = 300
"""A cell with more characters holds an article, not a label or a number."""

_HIDDEN = frozenset([
    "script", "style", "noscript", "template", "head", "iframe", "svg", "math", "object", "select", "button",
    "input", "textarea", "del", "s", "strike", "rt", "rp",
])  # fmt: skip
_RAISED = ("sup", "sub")
_BLOCKS = frozenset([
    "p", "div", "br", "hr", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr",
    "td", "th", "caption", "section", "article", "header", "footer", "nav", "main", "aside", "form", "blockquote",
    "center", "pre", "body", "figure", "figcaption", "address",
])  # fmt: skip
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=[\s\"']*([\w-]+)", re.I)
_NONE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration[\w-]*\s*:[^;]*line-through|font-size\s*:\s*0(?![.\d])",
    re.I,
)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)
_BLANKS = re.compile("[ \t\r\n\f]+")
_WRAPPED = re.compile("(?<=[\u2e80-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\uffef])")
_DOCUMENTS = re.compile(r"\.(pdf|docx?|wps|ofd|xlsx?|zip|rar)([?#]|$)", re.I)
_BROKEN = re.compile(r"(?<![ \t\f])[ \t\f]*[\r\n][ \t\r\n\f]*")
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


def read_html(data: bytes, file: str) -> Source:
    """Read a web page. Raises ``InputError`` for one that is too large, empty or broken."""
    from lxml import etree

    if len(data) > LIMIT:
        raise InputError(f"{file} 有 {len(data) // 1_000_000} MB，超过网页 {LIMIT // 1_000_000} MB 的上限")
    text, findings = decode(data, file)
    clean = text.replace("\0", "").encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(clean, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise InputError(f"{file} 是空网页，没有内容")
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise InputError(f"{file} 的标签嵌套过深，不是正常的网页")
    walk = _Walk(file)
    for event, node in (walker := etree.iterwalk(root, events=("start", "end"))):
        if event == "start":
            if not walk.start(node):
                walker.skip_subtree()
        else:
            walk.end(node)
    walk.flush()
    said = _self_description(root)
    return Source(
        file,
        tuple(walk.blocks),
        findings,
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


def _mark(node: Any) -> int:
    """-1 for an element that is not shown or no part of the report, 1 for one in bold, else 0."""
    tag = node.tag
    if tag in _HIDDEN or node.get(_MARK) == "aside":
        return -1
    style = node.get("style")
    if (style is not None and _NONE.search(style)) or node.get("hidden") is not None:
        return -1
    return 1 if tag in ("b", "strong") or (style is not None and _BOLD.search(style)) else 0


def _is_link(node: Any) -> bool:
    """Whether an element leads elsewhere; an anchor without a target is a mark that Word leaves."""
    return node.tag == "a" and node.get("href") is not None


def _is_data(table: Any) -> bool:
    """Whether a table holds values: no article in a cell, and no table with cells of its own."""
    cells = [node for node in table.iter("td", "th") if next(node.iterancestors("table")) is table]
    inner = (node for node in table.iter("table") if node is not table)
    if len(cells) < 2 or any(sum(1 for _ in node.iter("td", "th")) > 1 for node in inner):
        return False
    return not any(len("".join("".join(cell.itertext()).split())) > _LONG_CELL for cell in cells)


def _verbatim(text: str) -> str:
    """Text of our own page, which breaks no line inside an element: what does was laid out by somebody else."""
    return " ".join(filter(None, _BROKEN.split(_WRAPPED.sub("", text)))) if "\n" in text else text


def tidy(text: str) -> str:
    """Blanks as a browser shows them: a wrapped source line between Chinese characters is no blank."""
    return _BLANKS.sub(" ", _WRAPPED.sub("", text))


@define
class _Table:
    """A data table in the making."""

    node: Any
    rows: list[list[Raw]] = field(factory=list)
    merges: list[Merge] = field(factory=list)
    taken: set[tuple[int, int]] = field(factory=set)
    cell: Any = None
    pieces: list[str] = field(factory=list)
    count: int = 0

    def add(self, file: str) -> None:
        """Put the finished cell in its row, over the columns and rows it spans."""
        row = len(self.rows) - 1
        column = 0
        while (row, column) in self.taken:
            column += 1
        wide, high = _span(self.cell, "colspan"), _span(self.cell, "rowspan")
        self.count += wide * high
        if self.count > MAX_CELLS:
            raise InputError(f"{file} 的表格超过 {MAX_CELLS} 个单元格，不像年度报告")
        self.taken.update((r, c) for r in range(row, row + high) for c in range(column, column + wide))
        text = "\n".join(part for line in "".join(self.pieces).split("\n") if (part := tidy(line).strip(" \xa0\u3000")))
        line = self.rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = text or None
        if wide * high > 1:
            self.merges.append(Merge(row, column, row + high - 1, column + wide - 1))


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    # Bounded: a span is also how many cells are made.
    return max(1, min(int(value[:9]), 200)) if value.isascii() and value.isdecimal() else 1


@define
class _Walk:
    """The walk over a page: finished blocks, and the line or table being read."""

    file: str
    blocks: list[Line | Grid] = field(factory=list)
    pieces: list[str] = field(factory=list)
    table: _Table | None = None
    stack: list[int] = field(factory=list)
    counts: list[int] = field(factory=lambda: [0])
    marks: list[int] = field(factory=list)
    bold: int = 0
    plain: bool = False
    links: int = 0
    unlinked: bool = False
    heading: int | None = None
    mark: str = ""
    tables: int = 0
    lines: int = 0
    letters: int = 0

    def start(self, node: Any) -> bool:
        """Enter an element; whether to go into it."""
        self.counts[-1] += 1
        self.stack.append(self.counts[-1])
        self.counts.append(0)
        mark = _mark(node)
        self.marks.append(mark)
        if mark < 0:
            return False
        tag = node.tag
        if tag in _BLOCKS:
            self.break_line()
        if self.table is not None:
            if tag == "tr" and self.table.cell is None:
                self.table.rows.append([])
            elif tag in ("td", "th") and self.table.cell is None and self.table.rows:
                self.table.cell, self.table.pieces = node, []
        elif tag == "table" and _is_data(node):
            self.flush()
            self.table = _Table(node)
        elif tag[0] == "h" and tag[1:].isdecimal():
            self.heading = int(tag[1:])
        if tag in _BLOCKS:
            self.mark = node.get(_MARK) or ""
        self.bold += mark
        self.links += _is_link(node)
        if tag in _RAISED and self.table is not None:
            self.text("(")  # the mark of a note: never a digit of the figure before it
        if node.text:
            self.text(node.text)
        return True

    def end(self, node: Any) -> None:
        """Leave an element; what follows it belongs to its parent."""
        self.stack.pop()
        self.counts.pop()
        mark = self.marks.pop()
        if mark >= 0:
            if node.tag in _RAISED and self.table is not None:
                self.text(")")
            self.bold -= mark
            self.links -= _is_link(node)
            table = self.table
            if table is not None and node is table.cell:
                table.add(self.file)
                table.cell = None
            elif table is not None and node is table.node:
                self.finish(table)
            if node.tag in _BLOCKS:
                self.break_line()
        if node.tail:
            self.text(node.tail)

    def text(self, text: str) -> None:
        """Take up characters where the walk is."""
        if self.table is not None:
            if self.table.cell is not None:
                self.table.pieces.append(text)
            return
        self.pieces.append(text)
        self.plain = self.plain or (self.bold == 0 and not text.isspace())
        self.unlinked = self.unlinked or (self.links == 0 and not text.isspace())

    def break_line(self) -> None:
        """A block begins or ends."""
        if self.table is None:
            self.flush()
        elif self.table.cell is not None:
            self.table.pieces.append("\n")

    def flush(self) -> None:
        """End the line of text being read."""
        text = _verbatim("".join(self.pieces)) if self.mark else tidy("".join(self.pieces)).strip(" \xa0\u3000")
        if text.strip():
            self.lines += 1
            self.letters += len(text)
            place = Place(self.file, "正文", f"第{self.lines}段")
            line = Line(text, place, self.heading, not self.plain, tuple(self.stack), self.mark, not self.unlinked)
            self.blocks.append(line)
        self.pieces, self.plain, self.unlinked, self.heading, self.mark = [], False, False, None, ""

    def finish(self, table: _Table) -> None:
        """End the table being read; areas that reach below its last row are cut."""
        self.table = None
        self.tables += 1
        height, ends = len(table.rows), [0] * len(table.rows)
        for row, column in table.taken:
            if row < height:
                ends[row] = max(ends[row], column + 1)
        rows = [row + [None] * (end - len(row)) for row, end in zip(table.rows, ends, strict=True)]
        merges = tuple(Merge(m.top, m.left, min(m.bottom, height - 1), m.right) for m in table.merges)
        self.letters += sum(len(str(cell)) for row in rows for cell in row if cell is not None)
        self.blocks.append(Grid(self.file, f"第{self.tables}个表格", rows, merges, cell_name))


def cell_name(row: int, column: int) -> str:
    """A cell of a printed table as a reader counts it."""
    return f"第{row + 1}行第{column + 1}列"
