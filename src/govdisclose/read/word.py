"""A Word document → grids of its tables, and the paragraphs outside them.

What Word shows is what is read: insertions count, deletions and moved-away text do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from attrs import define, frozen

from govdisclose.errors import InputError
from govdisclose.finding import Place
from govdisclose.package import Package, PackageError, open_package
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.source import Line, Source

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _TR, _TC, _R, _T, _VAL = (_W + name for name in ("p", "tbl", "tr", "tc", "r", "t", "val"))
_PROPERTIES = {_W + name for name in ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HIDDEN = {_W + "del", _W + "moveFrom", _FALLBACK, *_PROPERTIES}
_PICTURES = (_W + "drawing", _W + "pict")
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SIGNS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}


@frozen
class Document:
    """What a Word document holds, in order.

    A grid has a cell's text in the first corner of its area; a table inside a cell is text of that
    cell. ``paragraphs`` are those outside tables that have any text, with ``\\n`` for a line break
    inside one; ordinals that Word numbers by itself are no text and not in it.
    """

    grids: tuple[Grid, ...]
    paragraphs: tuple[str, ...]


def _open(data: bytes, file: str | None) -> tuple[Package, Element]:
    what = f"文件 {file} " if file else "文件"
    try:
        archive = open_package(data, what)
    except PackageError as error:
        raise InputError(str(error)) from error
    try:
        # The standard parser is safe here: open_package lets no DTD through, hence no entities.
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    except (LookupError, ElementTree.ParseError, ValueError) as error:  # part missing, broken, or of no known encoding
        raise InputError(f"{what}不是完好的 Word 文档（.docx）") from error
    body = root.find(_W + "body")
    if body is None:
        raise InputError(f"{what}没有正文，或是“严格 Open XML”文档，请另存为普通的 .docx")
    return archive, body


def _shown(node: Element) -> Iterator[Element]:
    """Everything below ``node`` that Word shows, in order, not going into tables or paragraphs found."""
    for child in node:
        if child.tag in (_P, _TBL, _TR, _TC):
            yield child
        elif child.tag not in _HIDDEN:
            yield from _shown(child)


def _collect(node: Element, into: list[str], in_cell: bool = False) -> None:
    for child in node:
        tag = child.tag
        if tag == _R and (look := child.find(_W + "rPr")) is not None:
            _collect_run(child, look, into, in_cell)
        elif tag == _T:
            into.append(child.text or "")
        elif tag in _SIGNS:
            into.append(_SIGNS[tag])
        elif tag not in _HIDDEN:
            _collect(child, into, in_cell)


def _collect_run(run: Element, look: Element, into: list[str], in_cell: bool) -> None:
    """A run's text as it is meant: not what is hidden or struck; in a cell note marks in brackets."""
    if any(_is_on(look, name) for name in ("vanish", "strike", "dstrike")):
        return
    raised = look.find(_W + "vertAlign")
    mark = in_cell and raised is not None and raised.get(_VAL) != "baseline"
    into.append("(" if mark else "")
    _collect(run, into, in_cell)
    into.append(")" if mark else "")


def _is_on(look: Element, name: str) -> bool:
    found = look.find(_W + name)
    return found is not None and found.get(_VAL) not in ("0", "false", "off")


def _text(paragraph: Element, in_cell: bool = False) -> str:
    pieces: list[str] = []
    _collect(paragraph, pieces, in_cell)
    return "".join(pieces)


def _cell_text(cell: Element) -> str:
    """The paragraphs of a cell, those of tables inside it too, one a line."""
    return "\n".join(_text(paragraph, in_cell=True) for paragraph in cell.iter(_P)).strip("\n")


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


def _grid(table: Element, file: str | None, number: int) -> Grid:
    rows: list[list[Raw]] = []
    areas: list[_Area] = []
    open_areas: dict[int, _Area] = {}
    for tr in _shown(table):
        properties = tr.find(_W + "trPr")
        if tr.tag != _TR or (properties is not None and properties.find(_W + "del") is not None):
            continue
        row: list[Raw] = [None] * _number(properties, "gridBefore", 0)
        still_open: dict[int, _Area] = {}
        for tc in _shown(tr):
            _add_cell(tc, row, len(rows), open_areas, still_open, areas)
        open_areas = still_open
        rows.append(row)
    width = max(map(len, rows), default=0)
    merges = tuple(Merge(a.top, a.left, a.bottom, a.right) for a in areas if (a.top, a.left) != (a.bottom, a.right))
    return Grid(file, f"第{number}个表格", [row + [None] * (width - len(row)) for row in rows], merges, _cell_name)


def _add_cell(
    tc: Element,
    row: list[Raw],
    index: int,
    above: dict[int, _Area],
    below: dict[int, _Area],
    areas: list[_Area],
) -> None:
    properties = tc.find(_W + "tcPr")
    left, span = len(row), _number(properties, "gridSpan", 1)
    merge = None if properties is None else properties.find(_W + "vMerge")
    right = left + span - 1
    if merge is not None and merge.get(_VAL) != "restart" and left in above and above[left].right == right:
        above[left].bottom = index
        below[left] = above[left]
        row += [None] * span
        return
    area = _Area(index, left, index, right)
    areas.append(area)
    if merge is not None:
        below[left] = area
    row += [_cell_text(tc) or None, *[None] * (span - 1)]


def _cell_name(row: int, column: int) -> str:
    return f"第{row + 1}行第{column + 1}列"


def read_document(data: bytes, file: str | None = None) -> Document:
    """The tables and paragraphs of a .docx. Raises ``InputError``."""
    found = list(_shown(_open(data, file)[1]))
    tables = [node for node in found if node.tag == _TBL]
    texts = (_text(node) for node in found if node.tag == _P)
    return Document(
        tuple(_grid(table, file, number) for number, table in enumerate(tables, 1)),
        tuple(text for text in texts if text.strip()),
    )


def read_docx(data: bytes, file: str) -> Source:
    """A published .docx as a source: its blocks in order, with the outline levels of its styles.

    A table that only holds tables is layout and is taken apart. Raises ``InputError``.
    """
    archive, body = _open(data, file)
    levels = _style_levels(archive)
    blocks: list[Line | Grid] = []
    lines = tables = 0
    try:
        for node in _flat(body):
            if node.tag == _TBL:
                tables += 1
                blocks.append(_grid(node, file, tables))
            elif (text := _text(node)).strip():
                lines += 1
                properties = node.find(_W + "pPr")
                blocks.append(
                    Line(text, Place(file, "正文", f"第{lines}段"), _outline(properties, levels), _bold(node))
                )
    except RecursionError:
        raise InputError(f"{file} 的表格嵌套过深，不是正常的 Word 文档") from None
    images = sum(1 for name in _PICTURES for _ in body.iter(name))
    return Source(file, tuple(blocks), title=_core_title(archive), images=images)


def _flat(body: Element) -> Iterator[Element]:
    """The paragraphs and tables of the text; of layout tables, what their cells hold."""
    for node in _shown(body):
        nested = node.tag == _TBL and any(len(list(t.iter(_TC))) > 1 for t in node.iter(_TBL) if t is not node)
        if nested:
            for row in _shown(node):
                for cell in _shown(row):
                    yield from _flat(cell)
        else:
            yield node


def _style_levels(archive: Package) -> dict[str, int]:
    """Outline level (1 is the outermost) of each paragraph style that has one."""
    if "word/styles.xml" not in archive.parts:
        return {}
    try:
        root = ElementTree.fromstring(archive.read("word/styles.xml"))
    except ElementTree.ParseError:
        return {}  # Word repairs broken styles too; the text is what counts
    found = ((style.get(_W + "styleId", ""), _outline(style.find(_W + "pPr"), {})) for style in root.iter(_W + "style"))
    return {key: level for key, level in found if level is not None}


def _outline(properties: Element | None, levels: dict[str, int]) -> int | None:
    if properties is None:
        return None
    level = _number(properties, "outlineLvl", 9)
    style = properties.find(_W + "pStyle")
    return level + 1 if level < 9 else levels.get("" if style is None else style.get(_VAL, ""))


def _bold(paragraph: Element) -> bool:
    runs = [run for run in paragraph.iter(_W + "r") if "".join(t.text or "" for t in run.iter(_T)).strip()]
    marks = (run.find(f"{_W}rPr/{_W}b") for run in runs)
    return bool(runs) and all(m is not None and m.get(_VAL, "1") not in ("0", "false") for m in marks)


def _core_title(archive: Package) -> str:
    """The title among the document's properties."""
    try:
        root = ElementTree.fromstring(archive.read("docProps/core.xml"))
    except (KeyError, ElementTree.ParseError):
        return ""  # properties are optional
    return (root.findtext(_DC_TITLE) or "").strip()
