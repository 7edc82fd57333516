"""A Word document → its tables and the paragraphs outside them.

The text that Word shows is read: insertions count, deletions and moved-away text do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid
from govdisclose.read.published.document import MAX_LINES, Document, DocumentBlock, TextLine
from govdisclose.read.published.quoting import not_read
from govdisclose.read.published.word.element_names import (
    OFF,
    PARAGRAPH,
    PARAGRAPH_PROPERTIES,
    PARAGRAPH_STYLE,
    PICTURES,
    RUN,
    TABLE,
    VALUE,
    W,
    child,
    number,
    texts,
    value_of,
)
from govdisclose.read.published.word.package import WordPackage, open_word
from govdisclose.read.published.word.paragraph_text import paragraph_text
from govdisclose.read.published.word.run_appearance import WordStyles, read_styles
from govdisclose.read.published.word.shown import ends_with_deleted_mark, flat, shown
from govdisclose.read.published.word.tables import count_cells, read_table
from govdisclose.rules.importing import I117, I126, I127

_BESIDE = ("header", "footer", "footnotes", "endnotes", "comments")
"""Kinds of parts with text beside the body."""
_REVISIONS = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")
_PAGE_NUMBER = re.compile(r"[-—–─\s\d第页共/]*")
_NO_OUTLINE = 9
"""The outline level of body text; level 0 is the outermost heading."""


@frozen
class WordContents:
    """The tables of a Word document, and the texts of the paragraphs outside them, in order.

    A table inside a cell is text of that cell. Paragraphs without text are left out; ``\\n`` is a
    line break inside one. Ordinals that Word numbers by itself are no text.
    """

    grids: tuple[Grid, ...]
    paragraphs: tuple[str, ...]


def read_document(data: bytes, file: str | None = None) -> WordContents:
    """The tables and paragraphs of a .docx. Raises ``InputError``."""
    package = open_word(data, file)
    styles = read_styles(package.part("styles"))
    grids: list[Grid] = []
    paragraphs: list[str] = []
    for node in shown(package.body):
        if node.tag == TABLE:
            number = len(grids) + 1
            name = f"第{number}个表格"
            table = read_table(node, styles, file, name)
            grids.append(table.grid)
        elif node.tag == PARAGRAPH:
            text = paragraph_text(node, styles).text
            if text.strip():
                paragraphs.append(text)
    return WordContents(tuple(grids), tuple(paragraphs))


def read_docx(data: bytes, file: str) -> Document:
    """A published .docx as a document, with the outline levels of its styles.

    A table that only holds tables is layout and is taken apart. Raises ``InputError``.
    """
    package = open_word(data, file)
    count = sum(1 for _ in package.body.iter(PARAGRAPH))
    if count > MAX_LINES:
        raise InputError(f"{file} 有 {count} 段，超过 {MAX_LINES} 段，不像年度报告")
    styles = package.part("styles")
    levels = _style_levels(styles)
    flow = _Flow(file, read_styles(styles), levels)
    try:
        for node in flat(package.body):
            if node.tag == TABLE:
                flow.add_table(node)
            else:
                flow.add_paragraph(node)
        findings = list(_struck(flow))
        findings.extend(_beside(package, flow))
        findings.extend(_revisions(package.body, file))
    except RecursionError:
        raise InputError(f"{file} 的表格嵌套过深，不是正常的 Word 文档") from None
    images = sum(1 for name in PICTURES for _ in package.body.iter(name))
    return Document(
        file,
        blocks=tuple(flow.blocks),
        findings=tuple(findings),
        title=package.title,
        images=images,
    )


@define
class _Flow:
    """The blocks of a document in order, and their texts that are not read."""

    file: str
    styles: WordStyles
    levels: Mapping[str, int]
    blocks: list[DocumentBlock] = field(factory=list)
    beside: list[str] = field(factory=list)
    struck: list[str] = field(factory=list)
    _cells: int = 0
    _lines: int = 0
    _tables: int = 0
    _opened: str = ""

    def add_table(self, node: Element) -> None:
        """Add the grid of a table."""
        self._tables += 1
        name = f"第{self._tables}个表格"
        table = read_table(node, self.styles, self.file, name, self._cells)
        self._cells += count_cells(table.grid)
        self.blocks.append(table.grid)
        self.beside += table.beside
        self.struck += table.struck

    def add_paragraph(self, node: Element) -> None:
        """Add a paragraph, after those before it whose end is deleted."""
        words = paragraph_text(node, self.styles)
        self.beside += words.beside
        self.struck += words.struck
        text = self._opened + words.text
        self._opened = ""
        if ends_with_deleted_mark(node):
            self._opened = text
        if self._opened or not text.strip():
            return
        self._lines += 1
        number = f"第{self._lines}段"
        place = Place(self.file, "正文", number)
        level = _outline_level(node.find(PARAGRAPH_PROPERTIES), self.levels)
        line = TextLine(text, place, level, _is_bold(node))
        self.blocks.append(line)


# --- content that is not read ---------------------------------------------------------------------


def _struck(flow: _Flow) -> Iterator[Finding]:
    """One finding for all text that is struck out or hidden."""
    if flow.struck:
        said = f"有 {len(flow.struck)} 处划掉、隐藏或看不见的文字没有收入"
        yield not_read(I117, said, flow.struck, Place(flow.file))


def _beside(package: WordPackage, flow: _Flow) -> Iterator[Finding]:
    """One finding for all text beside the body: headers, footers, notes, comments, boxes."""
    found = []
    for text in flow.beside:
        if text.strip():
            found.append(text.strip())
    for kind in _BESIDE:
        for root in package.parts(kind):
            found += _lines_of(root, flow.styles)
    if package.has("aFChunk"):
        found.append("（嵌入的另一个文件）")
    if found:
        said = f"页眉、页脚、脚注、批注、文本框等处有 {len(found)} 段文字没有收入"
        yield not_read(I126, said, found, Place(flow.file))


def _lines_of(root: Element, styles: WordStyles) -> Iterator[str]:
    """The paragraphs of a part that are more than a page number."""
    for paragraph in root.iter(PARAGRAPH):
        text = paragraph_text(paragraph, styles).text
        if not _PAGE_NUMBER.fullmatch(text):
            yield text.strip()


def _revisions(body: Element, file: str) -> Iterator[Finding]:
    """A finding on tracked changes: they are read as if all were accepted."""
    count = sum(1 for name in _REVISIONS for _ in body.iter(W + name))
    if count:
        said = f"有 {count} 处修订没有接受或拒绝，按全部接受读取"
        yield I127.finding(said, Place(file), found=count)


# --- headings -----------------------------------------------------------------------------------


def _style_levels(root: Element | None) -> dict[str, int]:
    """Outline level (1 is the outermost) of each paragraph style that has one."""
    found: dict[str, int] = {}
    if root is None:
        return found
    for style in root.iter(W + "style"):
        level = _outline_level(style.find(PARAGRAPH_PROPERTIES), {})
        if level is not None:
            key = style.get(W + "styleId", "")
            found[key] = level
    return found


def _outline_level(properties: Element | None, levels: Mapping[str, int]) -> int | None:
    """The outline level of a paragraph: its own, else that of its style."""
    if properties is None:
        return None
    level = number(properties, "outlineLvl", _NO_OUTLINE)
    if level < _NO_OUTLINE:
        return level + 1
    return levels.get(value_of(child(properties, PARAGRAPH_STYLE)))


def _is_bold(paragraph: Element) -> bool:
    """Whether all text of a paragraph is bold."""
    runs = []
    for run in paragraph.iter(RUN):
        if "".join(texts(run)).strip():
            runs.append(run)
    if not runs:
        return False
    return all(_is_bold_run(run) for run in runs)


def _is_bold_run(run: Element) -> bool:
    bold = run.find(f"{W}rPr/{W}b")
    if bold is None:
        return False
    return bold.get(VALUE, "1") not in OFF
