"""Where a template shows charts: which of its ``{{ charts.… }}`` tags are sound, and their space."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from attrs import field, frozen

from govdisclose.write.word.parsed_template import Fault, ParsedTemplate

_TAG = re.compile(r"\bcharts\.(\w+)")
_PRINTED = re.compile(r"\{\{\s*charts\.(\w+)\s*\}\}")
_MARKUP = re.compile(r"<[^>]*>|\{%.{0,200}?%\}|\n")
_SECTION = re.compile(r"<w:sectPr[ >].*?</w:sectPr>", re.DOTALL)
_NO_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "</Relationships>"
)
_EMU_A_TWIP = 635
_A4_WIDTH = 11906
_A4_HEIGHT = 16838
_MARGIN = 1440
_USUAL_WIDTH = 8844
_USUAL_HEIGHT = 12750
"""The text area of a document that does not say its own, in twips."""

_MOST_TAGS = 20
"""Tags of charts that are looked at; there are four charts."""


@frozen
class Pictures:
    """The charts a template shows, the relationships they are added to, the text area in EMU."""

    names: tuple[str, ...]
    relations: str
    relations_xml: str = field(repr=False)
    width: int
    height: int


def relations_of(part: str) -> str:
    """The package member with the relationships of a part."""
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")


def names_chart(text: str) -> bool:
    """Whether a text or the source of a part has the tag of a chart."""
    return _TAG.search(text) is not None


def chart_faults(source: str, *, main: bool) -> Iterator[Fault]:
    """The faults of the chart tags in the source of one part, the ``main`` one or another."""
    before: set[str] = set()
    for tag in islice(_PRINTED.finditer(source), _MOST_TAGS):
        name = tag[1]
        words = _misplaced(source, tag) if main else "图的标签只能放在正文里"
        if not words and name in before:
            words = "这个图的标签用了两次，一个图只能放一处"
        if words:
            above = source.count("\n", 0, tag.start())
            yield Fault(above + 1, words)
        before.add(name)


def _misplaced(source: str, tag: re.Match[str]) -> str:
    """Why a chart cannot replace its tag; empty if it can."""
    above = source[: tag.start()]
    if _is_open(above, "tbl") or _is_open(above, "txbxContent"):
        return "图的标签不能放在表格或文本框里，图会被裁掉，请在外面另起一段"
    start = above.rfind("\n<w:p")
    end = source.find("</w:p>", tag.end())
    text = _MARKUP.sub("", source[start:end])
    if text.strip() != tag[0]:
        return "图的标签要独占一段，同一段里不能有别的字"
    return ""


def _is_open(source: str, element: str) -> bool:
    """Whether ``source`` ends within an element."""
    begun = re.findall(rf"<w:{element}[ >]", source)
    ended = source.count(f"</w:{element}>")
    return len(begun) > ended


def find_pictures(parsed: ParsedTemplate) -> Pictures | None:
    """The charts that a sound template shows; ``None`` if it shows none."""
    source = parsed.parts[parsed.main].source
    names = _TAG.findall(source)
    if not names:
        return None
    relations = relations_of(parsed.main)
    content = parsed.package.parts.get(relations)
    xml = _NO_RELATIONS
    if content:
        xml = content.decode("utf-8-sig")
    sections = _SECTION.findall(source)
    width = min(map(_text_width, sections), default=_USUAL_WIDTH)
    height = min(map(_text_height, sections), default=_USUAL_HEIGHT)
    return Pictures(
        names=tuple(names),
        relations=relations,
        relations_xml=xml,
        width=width * _EMU_A_TWIP,
        height=height * _EMU_A_TWIP,
    )


def _text_width(section: str) -> int:
    """The width that a section leaves for text, in twips."""
    width = _number(section, "pgSz", "w", _A4_WIDTH)
    for side in ("left", "right", "gutter"):
        width -= _number(section, "pgMar", side, _MARGIN)
    return width


def _text_height(section: str) -> int:
    """The height that a section leaves for text, in twips."""
    height = _number(section, "pgSz", "h", _A4_HEIGHT)
    for side in ("top", "bottom"):
        height -= _number(section, "pgMar", side, _MARGIN)
    return height


def _number(section: str, element: str, name: str, otherwise: int) -> int:
    """A measure of a section, whatever its sign."""
    found = re.search(rf'<w:{element} [^>]*\bw:{name}="(-?\d+)', section)
    if found is None:
        return otherwise
    return abs(int(found[1]))
