"""Charts in a Word file: a template's ``{{ charts.applicants }}`` becomes a picture with its text alternative.

Only templates that have such a tag pay for it: the others keep no ``Pictures``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen
from markupsafe import Markup, escape

from govdisclose.form.report import AnnualReport
from govdisclose.write.charts import Chart, charts_or_words
from govdisclose.write.charts.png import chart_png
from govdisclose.write.context import CHARTS
from govdisclose.write.word.parsed import ParsedTemplate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TAG = re.compile(r"\bcharts\.(\w+)")
_PRINTED = re.compile(r"\{\{\s*charts\.(\w+)\s*\}\}")
_MARKUP = re.compile(r"<[^>]*>|\{%.{0,200}?%\}|\n")
_SIZE = re.compile(r'viewBox="0 0 (\S+) (\S+)"')
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_NO_RELATIONS = f'<Relationships xmlns="{_RELATIONS}"></Relationships>'
_EMU_A_TWIP = 635
_A4 = (11906, 16838)
_FIRST_ID = 900_001
"""Word numbers drawings from 1; a template's own pictures do not come this far."""

_INDENT = "\u3000\u3000"
"""Before a sentence in place of a chart, whose paragraph has no indent of its own any more."""

_TALLEST = 0.9
"""Of the text area's height: a caption or a heading still stands on the same page."""

_AFTER_SPACING = ("ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
                  "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange")  # fmt: skip
_PLAIN = {
    "spacing": {"line": "240", "lineRule": "auto"},
    "ind": {
        "firstLine": "0",
        "firstLineChars": "0",
        "left": "0",
        "leftChars": "0",
        "right": "0",
        "rightChars": "0",
    },
}


@frozen
class Pictures:
    """The charts that a template shows, the relationships they are added to, and the text area (EMU)."""

    names: tuple[str, ...]
    relations: str
    relations_xml: str = field(repr=False)
    width: int
    height: int


def relations_of(part: str) -> str:
    """The package member with the relationships of a part."""
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")


def chart_faults(source: str, *, main: bool) -> Iterator[tuple[int, str]]:
    """What is wrong with the chart tags in the prepared source of one part: the line (from 1), and why in Chinese."""
    names: list[str] = []
    for tag in _PRINTED.finditer(source):
        name = tag[1]
        paragraph = source[
            source.rfind("\n<w:p", 0, tag.start()) : source.find("</w:p>", tag.end())
        ]
        inside = any(_is_open(source[: tag.start()], element) for element in ("tbl", "txbxContent"))
        if not main:
            why = "图的标签只能放在正文里"
        elif inside:
            why = "图的标签不能放在表格或文本框里，图会被裁掉，请在外面另起一段"
        elif _MARKUP.sub("", paragraph).strip() != tag[0]:
            why = "图的标签要独占一段，同一段里不能有别的字"
        elif name in names:
            why = "这个图的标签用了两次，一个图只能放一处"
        else:
            why = ""
        if why:
            yield source.count("\n", 0, tag.start()) + 1, why
        names.append(name)


def _is_open(source: str, element: str) -> bool:
    """Whether ``source`` ends within an element."""
    return len(re.findall(rf"<w:{element}[ >]", source)) > source.count(f"</w:{element}>")


def find_pictures(parsed: ParsedTemplate) -> Pictures | None:
    """The charts that a sound template shows; ``None`` if it shows none."""
    source = parsed.parts[parsed.main].source
    names = _TAG.findall(source)
    if not names:
        return None
    relations = relations_of(parsed.main)
    content = parsed.package.parts.get(relations)
    xml = content.decode("utf-8-sig") if content else _NO_RELATIONS
    return Pictures(tuple(names), relations, xml, *_text_area(source))


def _text_area(source: str) -> tuple[int, int]:
    """Width and height that any section of a document leaves for text, in EMU."""
    widths, heights = [], []
    for section in re.findall(r"<w:sectPr[ >].*?</w:sectPr>", source, re.DOTALL):
        width, height = (
            _number(section, "pgSz", name, usual)
            for name, usual in zip(("w", "h"), _A4, strict=True)
        )
        widths.append(
            width
            - sum(_number(section, "pgMar", side, 1440) for side in ("left", "right", "gutter"))
        )
        heights.append(
            height - sum(_number(section, "pgMar", side, 1440) for side in ("top", "bottom"))
        )
    return min(widths, default=8844) * _EMU_A_TWIP, min(heights, default=12750) * _EMU_A_TWIP


def _number(section: str, element: str, name: str, otherwise: int) -> int:
    found = re.search(rf'<w:{element} [^>]*\bw:{name}="(-?\d+)', section)
    return abs(int(found[1])) if found else otherwise


def make_room(root: Element) -> None:
    """Give each paragraph with a chart plain line spacing and no indent: an exact one would cut the picture off."""
    for paragraph in root.iter(f"{_WORD}p"):
        if _TAG.search("".join(text.text or "" for text in paragraph.iter(f"{_WORD}t"))):
            for name, attributes in _PLAIN.items():
                _set(paragraph, name, attributes)


def _set(paragraph: Element, name: str, attributes: Mapping[str, str]) -> None:
    properties = paragraph.find(f"{_WORD}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{_WORD}pPr")
        paragraph.insert(0, properties)
    element = properties.find(f"{_WORD}{name}")
    if element is None:
        element = properties.makeelement(f"{_WORD}{name}")
        followers = {f"{_WORD}{other}" for other in _AFTER_SPACING} - {element.tag}
        place = next(
            (i for i, child in enumerate(properties) if child.tag in followers), len(properties)
        )
        properties.insert(place, element)
    for key, value in attributes.items():
        element.set(f"{_WORD}{key}", value)


def shows_charts(source: str) -> bool:
    """Whether the prepared source of a main part has a tag of a chart."""
    return _TAG.search(source) is not None


def with_png(content_types: bytes) -> bytes:
    """``[Content_Types].xml`` that knows what a .png is."""
    from lxml import etree

    root = etree.fromstring(content_types)
    if not any(entry.get("Extension", "").lower() == "png" for entry in root):
        default = root.makeelement(root.tag.replace("}Types", "}Default"))
        default.set("Extension", "png")
        default.set("ContentType", "image/png")
        root.insert(0, default)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def fill_pictures(
    pictures: Pictures, report: AnnualReport, previous: AnnualReport | None
) -> tuple[dict[str, str], dict[str, bytes]]:
    """What the tags ``charts.…`` print, and the package members that belong to it.

    A chart with nothing to show prints the sentence that says so. Raises as ``charts`` and ``chart_png`` do.
    """
    printed: dict[str, str] = {}
    members: dict[str, bytes] = {}
    relations = ""
    drawn = charts_or_words(report, previous)
    folder = pictures.relations.partition("_rels/")[0]
    for name in pictures.names:
        chart = drawn[name]
        if isinstance(chart, str):
            printed[f"charts.{name}"] = _INDENT + chart
            continue
        printed[f"charts.{name}"] = _drawing(chart, pictures)
        members[f"{folder}media/gd-{name}.png"] = chart_png(chart)
        relations += f'<Relationship xmlns="{_RELATIONS}" Id="gd-{name}" Type="{_IMAGE}" Target="media/gd-{name}.png"/>'
    before, end, after = pictures.relations_xml.rpartition("</")
    members[pictures.relations] = f"{before}{relations}{end}{after}".encode()
    return printed, members


def _drawing(chart: Chart, pictures: Pictures) -> Markup:
    """A picture in line with the text, as wide as the text area or as high as a page lets it be."""
    found = _SIZE.search(chart.svg)
    across, down = (float(number) for number in found.groups()) if found else (1.0, 1.0)
    width = int(min(pictures.width, pictures.height * _TALLEST * across / down))
    extent = f'cx="{width}" cy="{int(width * down / across)}"'
    number = _FIRST_ID + CHARTS.index(chart.name)
    word, main = (
        "http://schemas.openxmlformats.org/officeDocument/2006",
        "http://schemas.openxmlformats.org/drawingml/2006",
    )
    return Markup(
        f'</w:t><w:drawing><wp:inline xmlns:wp="{main}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {extent}/><wp:docPr id="{number}" name="{escape(chart.title)}" descr="{escape(chart.alt)}"/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{main}/main" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic xmlns:a="{main}/main"><a:graphicData uri="{main}/picture"><pic:pic xmlns:pic="{main}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="gd-{chart.name}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{word}/relationships" r:embed="gd-{chart.name}"/>'
        f"<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        f'</wp:inline></w:drawing><w:t xml:space="preserve">'
    )
