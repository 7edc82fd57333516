"""What a user's template is: its edition, its tags, its fonts, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from attrs import frozen

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.package import Package
from govdisclose.write.word.lint import known_names, lint, part_name
from govdisclose.write.word.parse import Opened, open_template
from govdisclose.write.word.template import read_file

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_INLINE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"
_NAME = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")
_TAG = re.compile(r"\{[{%].{0,200}?[}%]\}")
_INVISIBLE = {f"{_W}{name}" for name in ("lang", "noProof", "bCs", "iCs", "szCs", "webHidden")}
"""Run properties that change nothing in how a tag is shown."""


@frozen
class TemplateCheck:
    """A template looked through: what was found in it, and what keeps it from being used.

    ``problems`` are Chinese phrases that name part and place, empty when the template can be used;
    ``notes`` what may surprise. ``cells`` counts the statutory cells that have a tag, ``names`` are the
    other data it prints, ``fonts`` those it names, ``undeclared`` those of them missing from its font table.
    """

    path: Path
    edition: Edition
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    cells: int
    names: tuple[str, ...]
    fonts: tuple[str, ...]
    undeclared: tuple[str, ...]


def survey(path: Path, edition: Edition | None = None) -> TemplateCheck:
    """Look through the template at ``path``; without ``edition`` as one of the edition most of its tags are of.

    Raises ``TemplateError`` when it is no .docx that may be used at all.
    """
    opened = open_template(read_file(path), path.name)
    archive, sources = opened.package, opened.sources
    names = list(
        dict.fromkeys(name for source in sources.values() for name in _NAME.findall(source))
    )
    edition = edition or max(
        EDITIONS.values(), key=lambda e: len(outline(e).cells.keys() & set(names))
    )
    cells = outline(edition).cells
    fonts = list(dict.fromkeys(_fonts(archive, sources)))
    declared = set(_attributes(archive, "word/fontTable.xml", "font", "name"))
    return TemplateCheck(
        path=path,
        edition=edition,
        problems=(*opened.faults, *lint(sources, edition)),
        notes=(*_mixed(archive, sources), *_cut_off(archive, sources), *_left_behind(opened)),
        cells=len(cells.keys() & set(names)),
        names=tuple(name for name in names if name in known_names(edition) and name not in cells),
        fonts=tuple(fonts),
        undeclared=tuple(font for font in fonts if font not in declared),
    )


def _left_behind(opened: Opened) -> Iterator[str]:
    """What of the template's file will be in no report."""
    if opened.left_behind:
        yield f"模板文件里另有{'、'.join(opened.left_behind)}，页面上看不到，不会带进报告"


def _attributes(archive: Package, part: str, tag: str, *names: str) -> Iterator[str]:
    if part in archive.parts:
        for node in ElementTree.fromstring(archive.read(part)).iter(_W + tag):
            yield from (value for name in names if (value := node.get(_W + name)))


def _fonts(archive: Package, parts: Mapping[str, str]) -> Iterator[str]:
    for part in ("word/styles.xml", *parts):
        yield from _attributes(archive, part, "rFonts", "eastAsia", "ascii", "hAnsi")


def _mixed(archive: Package, parts: Mapping[str, str]) -> Iterator[str]:
    """Tags whose characters are formatted in more than one way: all of it is printed as the first one is."""
    for part in parts:
        for paragraph in ElementTree.fromstring(archive.read(part)).iter(f"{_W}p"):
            looks: list[object] = []
            text = ""
            for run in paragraph.iter(f"{_W}r"):
                said = "".join(node.text or "" for node in run.iter(f"{_W}t"))
                text += said
                looks += [_look(run)] * len(said)
            for tag in _TAG.finditer(text):
                if len(set(looks[tag.start() : tag.end()])) > 1:
                    yield f"{part_name(part)}“{tag[0]}”：标签里的字格式不一，生成时都按第一个字的格式"


def _look(run: ElementTree.Element) -> object:
    """Whatever shows of a run's properties, comparable."""
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return ()
    shown = (node for node in properties if node.tag not in _INVISIBLE)
    looks = (
        (node.tag, *sorted((k, v) for k, v in node.attrib.items() if k != f"{_W}hint"))
        for node in shown
    )
    return tuple(sorted(look for look in looks if len(look) > 1 or look[0] != f"{_W}rFonts"))


def _cut_off(archive: Package, parts: Mapping[str, str]) -> Iterator[str]:
    """Pictures in line with the text of a paragraph whose line height is fixed: all but one line of them is hidden."""
    fixed = dict(_fixed_styles(archive))
    for part in parts:
        for paragraph in ElementTree.fromstring(archive.read(part)).iter(f"{_W}p"):
            if next(paragraph.iter(_INLINE), None) is not None and _is_fixed(paragraph, fixed):
                yield f"{part_name(part)}有图片所在的段落行距是固定值，图片会被裁掉：请选中图片，在“段落”里把行距改为单倍行距"


def _fixed_styles(archive: Package) -> Iterator[tuple[str | None, bool]]:
    """Each paragraph style, and whether it fixes the line height; ``None`` is the default style."""
    styles = (
        ElementTree.fromstring(archive.read("word/styles.xml"))
        if "word/styles.xml" in archive.parts
        else ()
    )
    found = {
        style.get(f"{_W}styleId"): style
        for style in styles
        if style.get(f"{_W}type") == "paragraph"
    }

    def fixes(name: str | None, below: frozenset[str | None] = frozenset()) -> bool:
        style = found.get(name)
        if style is None or name in below:
            return False
        rule = _line_rule(style)
        based = style.find(f"{_W}basedOn")
        above = None if based is None else based.get(f"{_W}val")
        return rule == "exact" if rule is not None else fixes(above, below | {name})

    yield from ((name, fixes(name)) for name in found)
    yield from (
        (None, fixes(name))
        for name, style in found.items()
        if style.get(f"{_W}default") in ("1", "true")
    )


def _is_fixed(paragraph: ElementTree.Element, styles: Mapping[str | None, bool]) -> bool:
    rule = _line_rule(paragraph)
    named = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return (
        rule == "exact"
        if rule is not None
        else styles.get(None if named is None else named.get(f"{_W}val"), False)
    )


def _line_rule(element: ElementTree.Element) -> str | None:
    """How a style or a paragraph sets its line height; ``None`` when it leaves that to what it is based on."""
    spacing = element.find(f"{_W}pPr/{_W}spacing")
    if spacing is None or spacing.get(f"{_W}line") is None:
        return None
    return spacing.get(f"{_W}lineRule", "auto")
