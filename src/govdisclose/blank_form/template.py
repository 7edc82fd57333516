"""The blank Word form of the notice → a template: tags in its empty cells, loops where its text goes.

The annex of the notice has six headings, three empty tables and “（文字描述）” where text belongs. Its cells are
found by their labels, as those of a published report are. Everything else of the form stays as it is.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TypeAlias

from attrs import define, field, frozen
from lxml import etree

from govdisclose.errors import InputError, TemplateError, unreadable
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.placeholders import placeholders
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.infile import NotAFileError, read_input
from govdisclose.package import DEFAULT_LIMITS, Package, PackageError, open_package
from govdisclose.proof import shown_faults
from govdisclose.read.grid import Grid, Merge, Raw
from govdisclose.read.tables.labels import label, squeeze
from govdisclose.read.tables.values import Tables, read_tables
from govdisclose.rules import Family, rule_of
from govdisclose.write.word.members import member
from govdisclose.write.word.parse import parse_template
from govdisclose.write.word.relations import top_part
from govdisclose.write.word.template import make_template

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _TR, _TC, _R, _T = (_W + name for name in ("p", "tbl", "tr", "tc", "r", "t"))
_CONTROL, _CONTROLLED = _W + "sdt", _W + "sdtContent"
_OLD_ENDINGS = (".doc", ".wps", ".dot", ".dotx", ".docm", ".dotm", ".rtf", ".pdf", ".odt")
_TITLE = "中华人民共和国政府信息公开工作年度报告格式"
_TITLE_WORDS = "年度报告"
_SHORTEST_TITLE = 4
"""Characters of a line that may be a part of the title."""
_MAX_COLUMNS = 100
"""Columns of a table; a statutory one has some fifteen."""
_SHOWN = 3
"""Cells or texts that a message names; it says how many there are."""

Element: TypeAlias = "etree._Element"
_At: TypeAlias = tuple[int, int]


@frozen
class MadeTemplate:
    """A template made of the blank form: its bytes and its edition."""

    data: bytes = field(repr=False)
    edition: Edition


def template_from_form(path: Path, edition: Edition | None = None) -> MadeTemplate:
    """Make a template of the blank form at ``path``; without ``edition`` of the one that its tables are of.

    The result has been checked and read back as ``template check`` does. Raises ``TemplateError`` for a file
    that cannot be made a template, ``InputError`` for one that cannot be read at all.
    """
    data = _read(path)
    try:
        return _made(data, path.name, edition)
    except TemplateError as error:
        said = str(error).removeprefix(f"模板 {path.name} ")
        raise TemplateError(f"{path.name} 不能做成模板：{said}") from error


def _read(path: Path) -> bytes:
    if path.name.lower().endswith(_OLD_ENDINGS):
        kind = path.suffix
        raise TemplateError(
            f"{path.name} 不能做成模板：是 {kind} 文件，请用 Word 或 WPS 打开后另存为 .docx"
        )
    try:
        return read_input(path, DEFAULT_LIMITS.package)
    except NotAFileError as error:
        raise InputError(f"{path} {error}") from error
    except OSError as error:
        raise unreadable(path, error) from error


def _made(data: bytes, name: str, edition: Edition | None) -> MadeTemplate:
    archive = _package(data, name)
    _refuse_carried(data, name)
    _refuse_protected(archive)
    main = top_part(archive, "officedocument") or "word/document.xml"
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(archive.read(main), parser)
    body = next(root.iterchildren(_W + "body"))
    _refuse_tags(body)
    edition = _tag_tables(body, edition)
    _tag_text(body)
    made = _repacked(
        archive, main, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    )
    for fault in shown_faults(make_template(made, name, edition)):
        raise TemplateError(fault)
    return MadeTemplate(made, edition)


# --- the package --------------------------------------------------------------------------------


def _package(data: bytes, name: str) -> Package:
    try:
        return open_package(data, f"{name} ")
    except PackageError as error:
        if data.startswith(_LOCKED):
            raise TemplateError(str(error).removeprefix(f"{name} ")) from error
        raise InputError(str(error)) from error


_LOCKED = b"\xd0\xcf\x11\xe0"
"""How a file with a password begins, and a .doc under another name."""


def _refuse_carried(data: bytes, name: str) -> None:
    """Refuse tracked changes, comments, hidden text, links: they would come out in every report."""
    faults = list(parse_template(data, name).faults)
    if faults:
        raise TemplateError(_some(faults, "处", "；"))


def _refuse_protected(archive: Package) -> None:
    settings = archive.parts.get("word/settings.xml", b"")
    if b"documentProtection" not in settings:
        return
    root = etree.fromstring(settings, etree.XMLParser(resolve_entities=False, no_network=True))
    protection = root.find(_W + "documentProtection")
    if protection is not None and protection.get(_W + "enforcement") in ("1", "true", "on"):
        raise TemplateError("文件设有编辑限制，请在“审阅”里停止保护后再用")


def _repacked(archive: Package, main: str, document: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for name in archive.namelist():
            if not name.endswith("/"):
                written.writestr(member(name), document if name == main else archive.read(name))
    return buffer.getvalue()


# --- tables -------------------------------------------------------------------------------------


@define
class _Form:
    """One table of the form: its grid, and the element of each cell by the corner where its area begins."""

    grid: Grid
    cells: dict[_At, Element]


def _tag_tables(body: Element, edition: Edition | None) -> Edition:
    """Put the tag of every statutory cell into it; the edition whose tables these are."""
    forms = {form.grid.name: form for form in _forms(body)}
    grids = [form.grid for form in forms.values()]
    tables = read_tables(grids, edition or max(EDITIONS.values(), key=lambda one: one.name))
    found = _refuse_other_tables(tables, edition)
    cells = _statutory_cells(tables, forms)
    _refuse_filled(found, cells)
    for path, cell in cells.items():
        _write_tag(cell, f"{{{{ {path} }}}}")
    return found


def _refuse_other_tables(tables: Tables, edition: Edition | None) -> Edition:
    """Refuse tables that are not, or not wholly, those of the form."""
    if tables.edition is None:
        raise TemplateError("没有找到法定的三张表格，应为通知附件的空白格式")
    if edition is not None and tables.edition is not edition:
        raise TemplateError(f"表格是 {tables.edition.name} 版的，不是 {edition.name} 版")
    stopping = [
        finding.message
        for finding in tables.findings
        if rule_of(finding).family is Family.STRUCTURE
    ]
    if stopping:
        raise TemplateError(_some(stopping, "处", "；"))
    return tables.edition


def _statutory_cells(tables: Tables, forms: Mapping[str, _Form]) -> dict[str, Element]:
    """The element of every statutory cell. Raises ``TemplateError`` for those that are not known."""
    found: dict[str, Element] = {}
    for match in tables.places.matches:
        cells = forms[match.grid.name].cells
        for path, at in match.cells.items():
            if at in cells:
                found[path] = cells[at]
    edition = tables.edition or max(EDITIONS.values(), key=lambda one: one.name)
    wanted = outline(edition).cells
    missing = [cell.label for path, cell in wanted.items() if path not in found]
    if missing:
        raise TemplateError(f"认不出这些格子：{_some(missing, '格')}，可能被合并或删去")
    used = {id(cell) for cell in found.values()}
    if len(used) < len(found):
        raise TemplateError("表格里有合并在一起的数据格子，请取消合并")
    return found


def _refuse_filled(edition: Edition, cells: Mapping[str, Element]) -> None:
    wanted = outline(edition).cells
    filled = [wanted[path].label for path, cell in cells.items() if _text(cell)]
    if filled:
        raise TemplateError(f"表格里已经填了内容：{_some(filled, '格')}；请用没有填过的空白格式")
    boxed = [
        wanted[path].label for path, cell in cells.items() if cell.find(f".//{_TBL}") is not None
    ]
    if boxed:
        raise TemplateError(f"格子里套着表格：{_some(boxed, '格')}")


def _forms(body: Element) -> Iterator[_Form]:
    """The tables of the document as grids, those inside cells not."""
    tables = [node for node in body.iter(_TBL) if next(node.iterancestors(_TC), None) is None]
    for number, table in enumerate(tables, 1):
        yield _form(table, f"第{number}个表格")


def _form(table: Element, name: str) -> _Form:
    rows: list[list[Raw]] = []
    cells: dict[_At, Element] = {}
    areas: dict[_At, _At] = {}
    below: dict[int, _At] = {}
    for index, row in enumerate(_inside(table, _TR)):
        line: list[Raw] = [None] * _count(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        continued: dict[int, _At] = {}
        for cell in _inside(row, _TC):
            left = len(line)
            span = _count(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            above = below.get(left)
            if (
                merge is not None
                and merge.get(_W + "val", "continue") == "continue"
                and above is not None
            ):
                areas[above] = (index, max(left + span - 1, areas[above][1]))
                continued[left] = above
                line += [None] * span
                continue
            corner = (index, left)
            cells[corner] = cell
            areas[corner] = (index, left + span - 1)
            line += [_text(cell) or None, *[None] * (span - 1)]
            if merge is not None:
                continued[left] = corner
        below = continued
        rows.append(line)
    width = max(map(len, rows), default=0)
    filled = [line + [None] * (width - len(line)) for line in rows]
    merges = tuple(Merge(*corner, *end) for corner, end in areas.items() if corner != end)
    return _Form(Grid(None, name, filled, merges, _cell_name), cells)


def _cell_name(row: int, column: int) -> str:
    return f"第{row + 1}行第{column + 1}列"


def _count(element: Element | None, otherwise: int) -> int:
    """A number of columns that a table states."""
    value = "" if element is None else element.get(_W + "val", "")
    if not value.isdecimal():
        return otherwise
    if len(value) > 3 or int(value) > _MAX_COLUMNS:
        raise TemplateError(f"有一张表格超过 {_MAX_COLUMNS} 列，不像通知附件的空白格式")
    return int(value)


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those that stand in a content control."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == _CONTROL:
            for content in child.iterchildren(_CONTROLLED):
                yield from _inside(content, tag)


def _text(element: Element) -> str:
    """The text of a cell or a paragraph, without blanks at its ends; a picture counts as text."""
    if next(element.iter(*_PICTURES), None) is not None:
        return "（图片）"
    return "".join(node.text or "" for node in element.iter(_T)).strip()


_PICTURES = (_W + "drawing", _W + "pict", _W + "object")


def _write_tag(cell: Element, tag: str) -> None:
    """Put a tag into the first paragraph of a cell, in the looks that the form gives to that cell's text."""
    paragraph = cell.find(_P)
    if paragraph is None:
        paragraph = etree.SubElement(cell, _P)
    looks = _looks(paragraph)
    for run in list(paragraph.iterchildren(_R)):
        paragraph.remove(run)
    paragraph.append(_run(tag, looks))


def _looks(paragraph: Element) -> Element | None:
    """The properties of the first run of a paragraph, else those of its mark."""
    first = paragraph.find(f"{_R}/{_W}rPr")
    found = first if first is not None else paragraph.find(f"{_W}pPr/{_W}rPr")
    return None if found is None else deepcopy(found)


def _run(text: str, looks: Element | None) -> Element:
    run = etree.Element(_R)
    if looks is not None:
        run.append(looks)
    words = etree.SubElement(run, _T)
    words.text = text
    return run


# --- text ---------------------------------------------------------------------------------------


def _tag_text(body: Element) -> None:
    """Put the title and a loop for each section of text into the form."""
    blocks = list(_blocks(body))
    headings = _headings(blocks)
    starts = sorted(headings.values())
    first = blocks[starts[0]]
    title = _title(blocks[: starts[0]])
    if title is None:
        title = etree.Element(_P)
        first.addprevious(title)
    _replace_text(title, "{{ title }}")
    preface = etree.Element(_P)
    title.addnext(preface)
    _loop(preface, "preface")
    for key in PROSE_SHEETS:
        if key != "preface":
            start = headings[key]
            end = next((one for one in starts if one > start), len(blocks))
            _tag_section(key, blocks[start], blocks[start + 1 : end])


def _blocks(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables of the text, in order."""
    for child in parent:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag == _CONTROL:
            for content in child.iterchildren(_CONTROLLED):
                yield from _blocks(content)


def _headings(blocks: Sequence[Element]) -> dict[str, int]:
    """The place of each of the six headings. Raises ``TemplateError`` unless each is there once, in order."""
    wanted = {label(section.heading): section.key for section in SECTIONS}
    found: dict[str, int] = {}
    for index, block in enumerate(blocks):
        key = wanted.get(label(_text(block))) if block.tag == _P else None
        if key is None:
            continue
        if key in found:
            raise TemplateError(f"标题“{_text(block)}”出现两次")
        found[key] = index
    missing = [section.heading for section in SECTIONS if section.key not in found]
    if missing:
        raise TemplateError(f"缺少标题{'、'.join(f'“{heading}”' for heading in missing)}")
    if list(found) != [section.key for section in SECTIONS]:
        raise TemplateError("六个标题的先后与法定格式不同")
    return found


def _title(blocks: Sequence[Element]) -> Element | None:
    """The paragraph of the title above the first heading; where it has several lines, the others are removed."""
    titles = [block for block in blocks if block.tag == _P and _is_title(squeeze(_text(block)))]
    for block in titles[1:]:
        _remove(block)
    return titles[0] if titles else None


def _is_title(text: str) -> bool:
    """Whether a line is the title of the form or a part of it, without blanks."""
    return _TITLE_WORDS in text or (len(text) >= _SHORTEST_TITLE and text in _TITLE)


def _tag_section(key: str, heading: Element, blocks: Sequence[Element]) -> None:
    """Put the loop of a section in the place of its prompt, or under its heading."""
    filled = [block for block in blocks if _text(block)]
    prompts = [block for block in filled if block.tag == _P and _is_prompt(_text(block))]
    if len(prompts) < len(filled):
        other = next(_text(block) for block in filled if block not in prompts)
        raise TemplateError(f"“{_text(heading)}”下已经有内容“{other[:20]}”，请用没有填过的空白格式")
    if not prompts:
        paragraph = etree.Element(_P)
        heading.addnext(paragraph)
        _loop(paragraph, key)
        return
    for prompt in prompts[1:]:
        _remove(prompt)
    _loop(prompts[0], key)


def _is_prompt(text: str) -> bool:
    """Whether a paragraph is nothing but what the form prints where text goes."""
    rest = text
    for found in placeholders(text):
        rest = rest.replace(found, "")
    return not rest.strip(" 。．.…")


def _loop(paragraph: Element, key: str) -> None:
    """Make a paragraph the loop over the paragraphs of a section, in the looks that it has."""
    begin, end = deepcopy(paragraph), deepcopy(paragraph)
    _replace_text(begin, f"{{%p for p in {key} %}}")
    _replace_text(paragraph, "{{ p.lead }}{{ p.text }}")
    _replace_text(end, "{%p endfor %}")
    paragraph.addprevious(begin)
    paragraph.addnext(end)


def _replace_text(paragraph: Element, text: str) -> None:
    """Make ``text`` the only text of a paragraph; its properties stay, and the looks of its first run."""
    looks = _looks(paragraph)
    for child in list(paragraph):
        if child.tag != _W + "pPr":
            paragraph.remove(child)
    paragraph.append(_run(text, looks))


def _remove(block: Element) -> None:
    parent = block.getparent()
    if parent is not None:
        parent.remove(block)


def _refuse_tags(body: Element) -> None:
    text = "".join(node.text or "" for node in body.iter(_T))
    if "{{" in text or "{%" in text:
        raise TemplateError(
            "文件里已经有标签，它已经是模板：请直接用 govdisclose template check 检查"
        )


def _some(texts: Sequence[str], unit: str, between: str = "、") -> str:
    """The first few of some texts, and how many there are."""
    shown = between.join(texts[:_SHOWN])
    return f"{shown}{between}等共 {len(texts)} {unit}" if len(texts) > _SHOWN else shown
