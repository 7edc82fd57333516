"""A Word document → grids of its tables, and the paragraphs outside them.

What Word shows is what is read: insertions count, deletions and moved-away text do not.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from attrs import define, evolve, field, frozen

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.package import Package, PackageError, open_package
from govdisclose.read.grid import Grid, Merge, Raw, Unseen, is_figure
from govdisclose.read.published.document import MAX_LINES, Document, TextLine
from govdisclose.read.published.word.appearance import PLAIN, WordLook, WordStyles, read_styles
from govdisclose.read.raised_figures import note_mark
from govdisclose.rules.importing import I117, I126, I127

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _TR, _TC, _R, _T, _VAL = (_W + name for name in ("p", "tbl", "tr", "tc", "r", "t", "val"))
_PROPERTIES = {_W + name for name in ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr")}
_SIMPLE_FIELD = _W + "fldSimple"
_PPR, _RPR = _W + "pPr", _W + "rPr"
_P_STYLE, _TBL_PR, _TBL_STYLE = (_W + name for name in ("pStyle", "tblPr", "tblStyle"))
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATE, _CHOICE, _FALLBACK = (_MC + name for name in ("AlternateContent", "Choice", "Fallback"))
_UNDERSTOOD = frozenset(
    [
        "w14",
        "w15",
        "w16",
        "w16cex",
        "w16cid",
        "w16se",
        "w16du",
        "wp14",
        "wps",
        "wpg",
        "wpc",
        "wpi",
        "wne",
        "a14",
        "am3d",
        "aink",
        "cx",
        "cx1",
        "v",
        "o",
        "m",
        "w10",
        "wp",
    ]
)
"""What recent versions of Word and WPS draw, by the usual prefixes of their namespaces."""
_HIDDEN = {_W + "del", _W + "moveFrom", *_PROPERTIES}
_PICTURES = (_W + "drawing", _W + "pict", _W + "object")
_FIELD_CHAR, _INSTRUCTION, _RUBY, _SDT = (
    _W + name for name in ("fldChar", "instrText", "ruby", "sdt")
)
_SPECIAL = {
    _FIELD_CHAR, _SIMPLE_FIELD, _INSTRUCTION, _RUBY, _SDT, *_PICTURES,
    *(_W + name for name in ("bdo", "dir", "sym", "ptab", "checkBox", "ffData", "pgNum", "footnoteReference")),
    *(_W + name for name in ("endnoteReference", "dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong")),
}  # fmt: skip
_STORED = frozenset([
    "=", "COMMENTS", "DDE", "DDEAUTO", "DOCPROPERTY", "DOCVARIABLE", "FILLIN", "FORMTEXT", "HYPERLINK", "IF", "INCLUDETEXT",
    "KEYWORDS", "LINK", "MERGEFIELD", "QUOTE", "REF", "STYLEREF", "SUBJECT", "TITLE", "TOC",
])  # fmt: skip
"""Fields of which the stored result is what is shown, until somebody updates them."""
_MUCH_SMALLER = 0.7
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MATH_TEXT = _MATH + "t"
_NOTES = (_W + "footnoteReference", _W + "endnoteReference")
_MAIN = "word/document.xml"
_BESIDE = ("header", "footer", "footnotes", "endnotes", "comments")
_PAGE_NUMBER = re.compile(r"[-—–─\s\d第页共/]*")
MAX_CELLS = 200_000
"""Cells of all tables together; a report has some five hundred."""
_LOWEST_ROW = 100
"""Twentieths of a point."""
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SIGNS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}


@frozen
class WordText:
    """What a Word document holds, in order.

    A grid has a cell's text in the first corner of its area; a table inside a cell is text of that
    cell. ``paragraphs`` are those outside tables that have any text, with ``\\n`` for a line break
    inside one; ordinals that Word numbers by itself are no text and not in it.
    """

    grids: tuple[Grid, ...]
    paragraphs: tuple[str, ...]


@frozen
class _Package:
    """An open document: its body, and its other parts by the kind of relationship that leads to them."""

    archive: Package
    body: Element
    related: Mapping[str, tuple[str, ...]]

    def has(self, kind: str) -> bool:
        """Whether there is a part of a kind."""
        return bool(self.related.get(kind))

    def parts(self, kind: str) -> Iterator[Element]:
        """The roots of the parts of a kind; a broken one is passed over, as Word repairs it."""
        for name in self.related.get(kind, ()):
            try:
                yield ElementTree.fromstring(self.archive.read(name))
            except (LookupError, ElementTree.ParseError, ValueError):
                continue

    def part(self, kind: str) -> Element | None:
        """The root of the part of a kind, where there is one."""
        return next(self.parts(kind), None)


def _open(data: bytes, file: str | None) -> _Package:
    what = f"文件 {file} " if file else "文件"
    try:
        archive = open_package(data, what)
    except PackageError as error:
        raise InputError(str(error)) from error
    main = next(iter(_related(archive, "").get("officeDocument", ())), _MAIN)
    try:
        # The standard parser is safe here: open_package lets no DTD through, hence no entities.
        root = ElementTree.fromstring(archive.read(main))
    except (
        LookupError,
        ElementTree.ParseError,
        ValueError,
    ) as error:  # part missing, broken, or of no known encoding
        raise InputError(f"{what}不是完好的 Word 文档（.docx）") from error
    body = root.find(_W + "body")
    if body is None:
        raise InputError(f"{what}没有正文，或是“严格 Open XML”文档，请另存为普通的 .docx")
    _push_prompts_down(body)
    return _Package(archive, body, _related(archive, main))


def _push_prompts_down(body: Element) -> None:
    """Put controls around paragraphs or cells that are prompts, or bound to data, into each of their paragraphs."""
    for control in body.iter(_SDT):
        properties = control.find(_W + "sdtPr")
        if properties is None:
            continue
        bound = properties.find(_W + "dataBinding") is not None
        if not bound and not _is_on(properties, "showingPlcHdr"):
            continue
        for paragraph in list(control.iter(_P)):
            children = [child for child in paragraph if child.tag != _PPR]
            inner = Element(_SDT)
            inner.append(properties)
            content = Element(_W + "sdtContent")
            content.extend(children)
            inner.append(content)
            for child in children:
                paragraph.remove(child)
            paragraph.append(inner)


def _related(archive: Package, source: str) -> dict[str, tuple[str, ...]]:
    """The parts that a part (or the package) leads to, by the last word of the relationship's type."""
    folder, _, name = source.rpartition("/")
    found: dict[str, tuple[str, ...]] = {}
    try:
        root = ElementTree.fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    except (LookupError, ElementTree.ParseError, ValueError):
        return found  # a package without relationships has its parts where Word puts them
    for relation in root:
        if relation.get("TargetMode") == "External":
            continue
        kind = relation.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip(
            "/"
        )
        found[kind] = (*found.get(kind, ()), target)
    return found


def _shown(node: Element) -> Iterator[Element]:
    """Everything below ``node`` that Word shows, in order, not going into tables or paragraphs found."""
    for child in node:
        if child.tag in (_P, _TBL, _TR, _TC):
            yield child
        elif child.tag == _ALTERNATE:
            branch = _branch(child)
            if branch is not None:
                yield from _shown(branch)
        elif child.tag not in _HIDDEN:
            yield from _shown(child)


def _branch(alternate: Element) -> Element | None:
    """The one branch of alternate content that Word draws: the first it understands, else the fallback."""
    for child in alternate:
        needs = child.get("Requires", "").split()
        if child.tag == _CHOICE and all(prefix in _UNDERSTOOD for prefix in needs):
            return child
    return next((child for child in alternate if child.tag == _FALLBACK), None)


@define
class _Words:
    """The text of paragraphs being put together, and what is not read of it.

    In a cell raised text is bracketed as the mark of a note, and ``doubt`` says why its text may not be
    what a reader sees. ``beside`` is text that stands beside the line: boxes, ruby, prompts.
    """

    styles: WordStyles
    in_cell: bool = False
    table: str | None = None
    paragraph: str | None = None
    pieces: list[str] = field(factory=list)
    beside: list[str] = field(factory=list)
    struck: list[str] = field(factory=list)
    doubt: str = ""
    fields: list[bool] = field(factory=list)
    code: str = ""
    looks: set[frozenset[str]] = field(factory=set)
    sizes: set[float] = field(factory=set)

    def collect(self, node: Element) -> None:
        """Take up the text of a paragraph, or of what is in it."""
        for child in node:
            self.take(child)

    def take(self, child: Element) -> None:
        """Take up one element below a paragraph."""
        tag = child.tag
        if tag == _R:
            self.take_run(child)
        elif tag in (_T, _MATH_TEXT):
            if any(self.fields):
                self.beside.append(child.text or "")
            else:
                self.pieces.append(child.text or "")
            if tag == _MATH_TEXT:
                self.doubt = "里有公式"
        elif tag in _SIGNS:
            self.pieces.append(_SIGNS[tag])
        elif tag in _HIDDEN:
            return
        elif tag == _ALTERNATE:
            branch = _branch(child)
            if branch is not None:
                self.collect(branch)
        elif tag in _SPECIAL:
            self.take_special(child)
        else:
            if not tag.startswith((_W, _MATH)):
                self.doubt = "里有 Word 不认识的内容"
            self.collect(child)

    def take_run(self, run: Element) -> None:
        """A run's text as it is seen: not what is hidden or struck; in a cell note marks in brackets."""
        look = self.styles.look(run.find(_RPR), self.paragraph, self.table)
        if self.in_cell and not look.raised:
            self.note_look(run, look)
        if look == PLAIN:
            self.collect(run)
            return
        if look.hidden or look.struck:
            unread = _Words(self.styles, fields=self.fields)
            unread.collect(run)
            text = "".join(unread.pieces).strip()
            if text:
                self.struck.append(text)
            return
        if look.raised and not self.in_cell:
            raised = _Words(self.styles, fields=self.fields, beside=self.beside, struck=self.struck)
            raised.collect(run)
            self.pieces.append(note_mark("".join(raised.pieces), lowered=look.lowered))
            return
        mark = self.in_cell and look.raised and any(not text.isspace() for text in _texts(run))
        before = len(self.pieces)
        self.pieces.append("(" if mark else "")
        self.collect(run)
        self.pieces.append(")" if mark else "")
        if look.doubt and "".join(self.pieces[before:]).strip("() "):
            self.doubt = look.doubt

    def note_look(self, run: Element, look: WordLook) -> None:
        """Keep how the text of a run looks, to be held against the other text of the cell."""
        if look.hidden or look.struck or all(text.isspace() for text in _texts(run)):
            return
        in_field = frozenset(["field"] if self.fields else [])
        self.looks.add(look.odd | in_field)
        self.sizes.add(self.styles.size(run.find(_RPR), self.paragraph))

    def difference(self) -> str:
        """Why parts of the text may look otherwise than others."""
        if any(self.fields):
            return "里有没有结束的域"
        if len(self.looks) > 1:
            return "一部分字的格式和其他字不同，或出自域"
        if len(self.sizes) > 1 and min(self.sizes) < _MUCH_SMALLER * max(self.sizes):
            return "一部分字比其他字小得多"
        return ""

    def take_special(self, child: Element) -> None:
        """An element that shows something else than the text in it."""
        tag = child.tag
        if tag == _FIELD_CHAR:
            self.take_field(child.get(_W + "fldCharType"))
        elif tag == _INSTRUCTION:
            self.take_code(child.text)
        elif tag == _RUBY:
            self.doubt = "有注音"
            self.beside.extend(t.text or "" for rt in child.findall(_W + "rt") for t in rt.iter(_T))
            for base in child.findall(_W + "rubyBase"):
                self.collect(base)
        elif tag == _SIMPLE_FIELD:
            self.judge_code(child.get(_W + "instr", ""))
            self.fields.append(False)
            self.collect(child)
            self.fields.pop()
        elif tag == _SDT:
            self.take_control(child)
        elif tag in _PICTURES:
            self.doubt = "里有图片或文本框"
            self.beside.extend(_boxed(child, self.styles))
        elif tag in (_W + "bdo", _W + "dir"):
            self.doubt = "文字方向从右到左"
            self.collect(child)
        elif tag not in _NOTES or _is_set(child.get(_W + "customMarkFollows")):
            self.doubt = "里有符号、控件或自定的注号"

    def take_code(self, code: str | None) -> None:
        """A part of the code of a field."""
        self.code += code or ""

    def judge_code(self, code: str) -> None:
        """Whether the stored result of a field is what is shown: many are worked out anew, or show nothing."""
        words = code.upper().split()
        name = words[0] if words else ""
        if name not in _STORED and not name.startswith("="):
            self.doubt = "里有随时重算的域"

    def take_field(self, kind: str | None) -> None:
        """Of a field its result is shown, and not what is between its beginning and the separator."""
        if kind == "begin":
            self.fields.append(True)
            self.code = ""
        elif kind == "separate" and self.fields:
            self.judge_code(self.code)
            self.fields[-1] = False
        elif kind == "end" and self.fields:
            self.fields.pop()

    def take_control(self, control: Element) -> None:
        """The content of a control; a prompt that nobody has replaced is none."""
        properties = control.find(_W + "sdtPr")
        content = control.find(_W + "sdtContent")
        if content is None:
            return
        if properties is not None and _is_on(properties, "showingPlcHdr"):
            self.doubt = "里是没有填写的内容控件"
            self.beside.append("".join(t.text or "" for t in content.iter(_T)))
            return
        if properties is not None and properties.find(_W + "dataBinding") is not None:
            self.doubt = "的内容取自文件的其他部分"
        self.collect(content)


def _texts(run: Element) -> Iterator[str]:
    """The texts in a run that are not empty."""
    for text in run.iter(_T):
        if text.text:
            yield text.text


def _is_set(value: str | None) -> bool:
    return value is not None and value not in ("0", "false", "off")


def _boxed(drawing: Element, styles: WordStyles) -> Iterator[str]:
    """The paragraphs of the text boxes in a drawing, and the words drawn as a picture."""
    for box in drawing.iter(_W + "txbxContent"):
        for paragraph in box.iter(_P):
            text = _text(paragraph, styles)
            if text.strip():
                yield text
    for path in drawing.iter("{urn:schemas-microsoft-com:vml}textpath"):
        if path.get("string"):
            yield path.get("string", "")


def _words(paragraph: Element, styles: WordStyles) -> _Words:
    """The text of a paragraph outside tables."""
    words = _Words(styles, paragraph=_style(paragraph, _PPR, _P_STYLE))
    words.collect(paragraph)
    return words


def _text(paragraph: Element, styles: WordStyles) -> str:
    return "".join(_words(paragraph, styles).pieces)


def _style(node: Element, properties: str, name: str) -> str | None:
    """The name of the style that a paragraph or a table has."""
    outer = node.find(properties)
    found = None if outer is None else outer.find(name)
    return None if found is None else found.get(_VAL)


def _mark_is_deleted(paragraph: Element) -> bool:
    """Whether a tracked deletion takes the end of a paragraph away, so that the next goes on with it."""
    properties = paragraph.find(_PPR)
    mark = None if properties is None else properties.find(_RPR)
    return mark is not None and mark.find(_W + "del") is not None


def _cell_paragraphs(cell: Element) -> Iterator[Element]:
    """The paragraphs of a cell, those of tables inside it too."""
    for node in _shown(cell):
        if node.tag == _P:
            yield node
        else:
            yield from _cell_paragraphs(node)


def _cell_raw(cell: Element, words: _Words) -> Raw:
    """What stands in a cell, one paragraph a line; or that it cannot be told what figure it shows."""
    lines: list[str] = []
    joins = False
    for paragraph in _cell_paragraphs(cell):
        words.pieces = []
        words.paragraph = _style(paragraph, _PPR, _P_STYLE)
        words.fields = []
        words.collect(paragraph)
        text = "".join(words.pieces)
        if joins:
            lines[-1] += text
        else:
            lines.append(text)
        joins = _mark_is_deleted(paragraph)
    text = "\n".join(lines).strip("\n")
    plain = "".join(text.split())
    doubt = words.doubt or words.difference()
    if doubt and is_figure(plain):
        return Unseen(plain, doubt)
    return text or None


def _number(properties: Element | None, name: str, default: int) -> int:
    found = None if properties is None else properties.find(_W + name)
    value = "" if found is None else found.get(_VAL, "")
    # Bounded: a span is also how many cells are made.
    return min(int(value[:9]), 1000) if value.isdecimal() else default


@define
class _Area:
    """A merged area that may still grow downwards."""

    top: int
    left: int
    bottom: int
    right: int


@define
class _Making:
    """A table in the making: its rows, the merged areas found and those that may grow, and what is not read."""

    words: _Words
    rows: list[list[Raw]] = field(factory=list)
    areas: list[_Area] = field(factory=list)
    above: dict[int, _Area] = field(factory=dict)
    below: dict[int, _Area] = field(factory=dict)
    beside: list[str] = field(factory=list)
    struck: list[str] = field(factory=list)
    cells: int = 0

    def add_row(self, tr: Element, file: str | None) -> None:
        """Read a row, unless it is deleted or hidden."""
        properties = tr.find(_W + "trPr")
        if _is_absent(properties):
            return
        row: list[Raw] = [None] * _number(properties, "gridBefore", 0)
        self.below = {}
        for tc in _shown(tr):
            if tc.tag != _TC:
                self.beside.extend(
                    text.text or "" for text in tc.iter(_T)
                )  # between cells: no table has it
                continue
            self.add_cell(tc, row, _is_flat(properties))
            if self.cells + len(row) > MAX_CELLS:
                raise _too_large(file)
        self.above = self.below
        self.cells += len(row)
        self.rows.append(row)

    def add_cell(self, tc: Element, row: list[Raw], is_flat: bool) -> None:
        """Put a cell into its row, over the columns it spans, or let the area above it grow."""
        properties = tc.find(_W + "tcPr")
        left, span, index = len(row), _number(properties, "gridSpan", 1), len(self.rows)
        merge = None if properties is None else properties.find(_W + "vMerge")
        right = left + span - 1
        over = self.above.get(left)
        if (
            merge is not None
            and merge.get(_VAL) != "restart"
            and over is not None
            and over.right == right
        ):
            over.bottom = index
            self.below[left] = over
            covered = self.read_cell(tc, is_flat)
            if isinstance(covered, str) and covered.strip():
                self.beside.append(covered)  # Word shows nothing of it
            row += [None] * span
            return
        area = _Area(index, left, index, right)
        self.areas.append(area)
        if merge is not None:
            self.below[left] = area
        deleted = properties is not None and properties.find(_W + "cellDel") is not None
        row += [self.read_cell(tc, is_flat or deleted), *[None] * (span - 1)]

    def read_cell(self, tc: Element, is_doubtful: bool) -> Raw:
        """The text of a cell; what is not read of it is kept apart."""
        words = evolve(
            self.words, pieces=[], beside=[], struck=[], fields=[], looks=set(), sizes=set()
        )
        words.doubt = "已删除或压得看不见" if is_doubtful else ""
        raw = _cell_raw(tc, words)
        self.beside += words.beside
        self.struck += words.struck
        return raw


def _is_absent(properties: Element | None) -> bool:
    """Whether a row is deleted, or hidden."""
    if properties is None:
        return False
    return any(_is_on(properties, name) for name in ("del", "hidden"))


def _is_on(properties: Element, name: str) -> bool:
    found = properties.find(_W + name)
    return found is not None and found.get(_VAL) not in ("0", "false", "off")


def _is_flat(properties: Element | None) -> bool:
    """Whether a row is so low that its text cannot be read."""
    height = None if properties is None else properties.find(_W + "trHeight")
    if height is None or height.get(_W + "hRule") != "exact":
        return False
    return height.get(_VAL, "").isdecimal() and int(height.get(_VAL, "")[:9]) < _LOWEST_ROW


def _too_large(file: str | None) -> InputError:
    return InputError(f"{file or '文件'} 的表格超过 {MAX_CELLS} 个单元格，不像年度报告")


def _grid(table: Element, file: str | None, number: int, making: _Making) -> Grid:
    """The grid of a table; ``making`` keeps what is not read of it."""
    for tr in _shown(table):
        if tr.tag == _TR:
            making.add_row(tr, file)
        else:
            making.beside.extend(text.text or "" for text in tr.iter(_T))
    width = max(map(len, making.rows), default=0)
    if width * len(making.rows) > MAX_CELLS:
        raise _too_large(file)
    rows = [row + [None] * (width - len(row)) for row in making.rows]
    merges = tuple(Merge(a.top, a.left, a.bottom, a.right) for a in making.areas if _is_merged(a))
    return Grid(file, f"第{number}个表格", rows, merges, _cell_name)


def _is_merged(area: _Area) -> bool:
    return (area.top, area.left) != (area.bottom, area.right)


def _making(table: Element, styles: WordStyles) -> _Making:
    return _Making(_Words(styles, in_cell=True, table=_style(table, _TBL_PR, _TBL_STYLE)))


def _cell_name(row: int, column: int) -> str:
    return f"第{row + 1}行第{column + 1}列"


def read_document(data: bytes, file: str | None = None) -> WordText:
    """The tables and paragraphs of a .docx. Raises ``InputError``."""
    package = _open(data, file)
    styles = read_styles(package.part("styles"))
    found = list(_shown(package.body))
    tables = [node for node in found if node.tag == _TBL]
    texts = (_text(node, styles) for node in found if node.tag == _P)
    return WordText(
        tuple(
            _grid(table, file, number, _making(table, styles))
            for number, table in enumerate(tables, 1)
        ),
        tuple(text for text in texts if text.strip()),
    )


def read_docx(data: bytes, file: str) -> Document:
    """A published .docx as a source: its blocks in order, with the outline levels of its styles.

    A table that only holds tables is layout and is taken apart. Raises ``InputError``.
    """
    package = _open(data, file)
    paragraphs = sum(1 for _ in package.body.iter(_P))
    if paragraphs > MAX_LINES:
        raise InputError(f"{file} 有 {paragraphs} 段，超过 {MAX_LINES} 段，不像年度报告")
    styles = package.part("styles")
    flow = _Flow(file, read_styles(styles), _style_levels(styles))
    try:
        flow.read(package.body)
        findings = (*flow.findings(), *_beside(package, flow), *_revisions(package.body, file))
    except RecursionError:
        raise InputError(f"{file} 的表格嵌套过深，不是正常的 Word 文档") from None
    images = sum(1 for name in _PICTURES for _ in package.body.iter(name))
    return Document(
        file, tuple(flow.blocks), findings, title=_core_title(package.archive), images=images
    )


@define
class _Flow:
    """The blocks of a document in order, and what is not read of them."""

    file: str
    styles: WordStyles
    levels: dict[str, int]
    blocks: list[TextLine | Grid] = field(factory=list)
    beside: list[str] = field(factory=list)
    struck: list[str] = field(factory=list)
    cells: int = 0
    lines: int = 0
    tables: int = 0
    opened: str = ""

    def read(self, body: Element) -> None:
        """Read the whole text."""
        for node in _flat(body):
            if node.tag == _TBL:
                self.add_table(node)
            else:
                self.add_line(node)

    def add_table(self, node: Element) -> None:
        """Add the grid of a table."""
        self.tables += 1
        making = _making(node, self.styles)
        making.cells = self.cells
        self.blocks.append(_grid(node, self.file, self.tables, making))
        self.cells = making.cells
        self.beside += making.beside
        self.struck += making.struck

    def add_line(self, node: Element) -> None:
        """Add a paragraph, with the one before it where the end of that is deleted."""
        words = _words(node, self.styles)
        text = self.opened + "".join(words.pieces)
        self.beside += words.beside
        self.struck += words.struck
        self.opened = text if _mark_is_deleted(node) else ""
        if self.opened or not text.strip():
            return
        self.lines += 1
        level = _outline(node.find(_PPR), self.levels)
        self.blocks.append(
            TextLine(text, Place(self.file, "正文", f"第{self.lines}段"), level, _bold(node))
        )

    def findings(self) -> Iterator[Finding]:
        """What is struck out or hidden."""
        if self.struck:
            shown = "；".join(text[:30] for text in self.struck[:3])
            said = f"有 {len(self.struck)} 处划掉或隐藏的文字没有收入：{shown}"
            yield I117.finding(said, Place(self.file), found="\n".join(self.struck))


def _beside(package: _Package, flow: _Flow) -> Iterator[Finding]:
    """Text beside the body: headers, footers, notes, comments, boxes."""
    texts = [text for text in flow.beside if text.strip()]
    for kind in _BESIDE:
        for root in package.parts(kind):
            lines = (_text(paragraph, flow.styles) for paragraph in root.iter(_P))
            texts.extend(line for line in lines if not _PAGE_NUMBER.fullmatch(line))
    if package.has("aFChunk"):
        texts.append("（嵌入的另一个文件）")
    if texts:
        shown = "；".join(text.strip()[:30] for text in texts[:3])
        said = f"页眉、页脚、脚注、批注、文本框等处有 {len(texts)} 段文字没有收入：{shown}"
        yield I126.finding(said, Place(flow.file), found="\n".join(text.strip() for text in texts))


def _revisions(body: Element, file: str) -> Iterator[Finding]:
    """Tracked changes, which are read as if all were accepted."""
    names = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")
    count = sum(1 for name in names for _ in body.iter(_W + name))
    if count:
        yield I127.finding(
            f"有 {count} 处修订没有接受或拒绝，按全部接受读取", Place(file), found=count
        )


def _flat(body: Element) -> Iterator[Element]:
    """The paragraphs and tables of the text; of layout tables, what their cells hold."""
    for node in _shown(body):
        nested = node.tag == _TBL and any(
            len(list(t.iter(_TC))) > 1 for t in node.iter(_TBL) if t is not node
        )
        if nested:
            for row in _shown(node):
                for cell in _shown(row):
                    yield from _flat(cell)
        else:
            yield node


def _style_levels(root: Element | None) -> dict[str, int]:
    """Outline level (1 is the outermost) of each paragraph style that has one."""
    if root is None:
        return {}
    found = (
        (style.get(_W + "styleId", ""), _outline(style.find(_PPR), {}))
        for style in root.iter(_W + "style")
    )
    return {key: level for key, level in found if level is not None}


def _outline(properties: Element | None, levels: dict[str, int]) -> int | None:
    if properties is None:
        return None
    level = _number(properties, "outlineLvl", 9)
    style = properties.find(_W + "pStyle")
    return level + 1 if level < 9 else levels.get("" if style is None else style.get(_VAL, ""))


def _bold(paragraph: Element) -> bool:
    runs = [
        run
        for run in paragraph.iter(_W + "r")
        if "".join(t.text or "" for t in run.iter(_T)).strip()
    ]
    marks = (run.find(f"{_W}rPr/{_W}b") for run in runs)
    return bool(runs) and all(
        m is not None and m.get(_VAL, "1") not in ("0", "false") for m in marks
    )


def _core_title(archive: Package) -> str:
    """The title among the document's properties."""
    try:
        root = ElementTree.fromstring(archive.read("docProps/core.xml"))
    except (
        LookupError,
        ValueError,
        ElementTree.ParseError,
    ):  # no such part, of no known encoding, broken
        return ""  # properties are optional
    return (root.findtext(_DC_TITLE) or "").strip()
