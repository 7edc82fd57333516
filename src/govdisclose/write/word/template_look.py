"""How a template looks: its fonts, tags in more than one format, pictures that would be cut off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from govdisclose.package import Package
from govdisclose.write.word.lint import part_name

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FONTS = f"{_W}rFonts"
_HINT = f"{_W}hint"
_RUN = f"{_W}r"
_TEXT = f"{_W}t"
_RUN_PROPERTIES = f"{_W}rPr"
_VAL = f"{_W}val"
_NAME = f"{_W}name"
_TYPE = f"{_W}type"
_STYLE_ID = f"{_W}styleId"
_DEFAULT = f"{_W}default"
_BASED_ON = f"{_W}basedOn"
_LINE = f"{_W}line"
_LINE_RULE = f"{_W}lineRule"
_STYLE_OF_PARAGRAPH = f"{_W}pPr/{_W}pStyle"
_SPACING = f"{_W}pPr/{_W}spacing"
_INLINE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"
_STYLES = "word/styles.xml"
_FONT_TABLE = "word/fontTable.xml"
_TAG = re.compile(r"\{[{%].{0,200}?[}%]\}")
_INVISIBLE = {f"{_W}{name}" for name in ("lang", "noProof", "bCs", "iCs", "szCs", "webHidden")}
"""Run properties that do not change the look of a tag."""

_Look: TypeAlias = "tuple[tuple[object, ...], ...]"
"""The visible properties of a run, comparable."""


def _elements(package: Package, part: str, tag: str) -> Iterator[Element]:
    """The elements of one part with that local name; none if the package lacks the part."""
    content = package.parts.get(part)
    if content is None:
        return
    root = ElementTree.fromstring(content)
    yield from root.iter(f"{_W}{tag}")


# --- fonts ----------------------------------------------------------------------------------------


def fonts(package: Package, parts: Iterable[str]) -> tuple[str, ...]:
    """The fonts that the styles and the text of a template name."""
    found: dict[str, None] = {}
    for part in (_STYLES, *parts):
        for element in _elements(package, part, "rFonts"):
            for kind in ("eastAsia", "ascii", "hAnsi"):
                font = element.get(f"{_W}{kind}")
                if font is not None:
                    found[font] = None
    return tuple(found)


def declared_fonts(package: Package) -> set[str]:
    """The fonts in a template's font table."""
    declared = _elements(package, _FONT_TABLE, "font")
    return {font.get(_NAME, "") for font in declared}


# --- tags in more than one format -----------------------------------------------------------------


def mixed_formats(package: Package, parts: Iterable[str]) -> Iterator[str]:
    """Tags whose characters have several formats: the value gets the format of the first."""
    for part in parts:
        name = part_name(part)
        for paragraph in _elements(package, part, "p"):
            for tag in _mixed_tags(paragraph):
                yield f"{name}“{tag}”：标签里的字格式不一，生成时都按第一个字的格式"


def _mixed_tags(paragraph: Element) -> Iterator[str]:
    text = ""
    looks: list[_Look] = []
    runs = list(paragraph.iter(_RUN))
    if len(runs) == 1:
        return
    for run in runs:
        words = [node.text or "" for node in run.iter(_TEXT)]
        of_run = "".join(words)
        look = _look(run)
        text += of_run
        looks += [look] * len(of_run)
    for tag in _TAG.finditer(text):
        start, end = tag.span()
        different = set(looks[start:end])
        if len(different) > 1:
            yield tag[0]


def _look(run: Element) -> _Look:
    properties = run.find(_RUN_PROPERTIES)
    if properties is None:
        return ()
    looks: list[tuple[object, ...]] = []
    for node in properties:
        if node.tag in _INVISIBLE:
            continue
        attributes = dict(node.attrib)
        attributes.pop(_HINT, None)
        is_font_hint = node.tag == _FONTS and not attributes
        if not is_font_hint:
            in_order = sorted(attributes.items())
            looks.append((node.tag, *in_order))
    return tuple(sorted(looks, key=repr))


# --- pictures that would be cut off ---------------------------------------------------------------


def cut_off_pictures(package: Package, parts: Iterable[str]) -> Iterator[str]:
    """Pictures in a paragraph with a fixed line height, which hides most of them."""
    styles = _StyleLines.of(package)
    for part in parts:
        name = part_name(part)
        for paragraph in _elements(package, part, "p"):
            picture = next(paragraph.iter(_INLINE), None)
            if picture is not None and styles.fix(paragraph):
                yield (
                    f"{name}有图片所在的段落行距是固定值，图片会被裁掉："
                    "请选中图片，在“段落”里把行距改为单倍行距"
                )


class _StyleLines:
    """The line heights that the paragraph styles of a template set."""

    def __init__(self, styles: Mapping[str, Element], default: str) -> None:
        self.styles = styles
        self.default = default

    @staticmethod
    def of(package: Package) -> _StyleLines:
        """Read the styles of a template."""
        found: dict[str, Element] = {}
        default = ""
        for style in _elements(package, _STYLES, "style"):
            if style.get(_TYPE) != "paragraph":
                continue
            name = style.get(_STYLE_ID, "")
            found[name] = style
            is_default = style.get(_DEFAULT) in ("1", "true")
            if is_default:
                default = name
        return _StyleLines(found, default)

    def fix(self, paragraph: Element) -> bool:
        """Whether the line height of a paragraph is fixed, by itself or by its style."""
        rule = _line_rule(paragraph)
        if rule is None:
            style = paragraph.find(_STYLE_OF_PARAGRAPH)
            name = _value(style) or self.default
            rule = self._rule(name)
        return rule == "exact"

    def _rule(self, name: str) -> str | None:
        """The line rule of a style, or of the nearest style it is based on that has one."""
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            rule = _line_rule(style)
            if rule is not None:
                return rule
            based_on = style.find(_BASED_ON)
            name = _value(based_on)
        return None


def _value(element: Element | None) -> str:
    """The value of an element; empty without one."""
    if element is None:
        return ""
    return element.get(_VAL, "")


def _line_rule(element: Element) -> str | None:
    """How a style or a paragraph sets its line height; ``None`` if it leaves that open."""
    spacing = element.find(_SPACING)
    if spacing is None:
        return None
    if spacing.get(_LINE) is None:
        return None
    return spacing.get(_LINE_RULE, "auto")
