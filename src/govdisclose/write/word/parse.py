"""The .docx file of a template → its package, and a tree for every part that may hold tags.

docxtpl joins tags that Word has split and lifts loops out of paragraphs; ``syntax.py`` parses the
result.
"""

from __future__ import annotations

import io
import re

from attrs import evolve
from docxtpl import DocxTemplate
from lxml import etree

from govdisclose.errors import TemplateError
from govdisclose.write.word.all_relationships import top_part
from govdisclose.write.word.carried import carried_faults
from govdisclose.write.word.chart_places import names_chart
from govdisclose.write.word.chart_room import make_room, with_png
from govdisclose.write.word.extras import without_extras
from govdisclose.write.word.lint import part_name, unfinished
from govdisclose.write.word.package_parts import LARGEST_PART, TYPES
from govdisclose.write.word.parsed_template import ParsedTemplate, Part
from govdisclose.write.word.syntax import read_source
from govdisclose.write.word.tree import BOTTOM_MARK, TOP_MARK
from govdisclose.write.word.word_package import (
    main_part,
    open_word_package,
    refuse_other_kinds,
    text_parts,
)

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HIDDEN = str.maketrans("{}", "\ufdd0\ufdd1")
"""Braces as characters that no text has, so that docxtpl passes over them."""
_OTHER_MARKUP = re.compile(
    r"(?:<(?!/?w:(?:p|r|t|tabs?|tbl|tr|tc|tcPr|gridSpan|shd|vMerge)[ />])[^<>{}]*>)+"
)
"""XML tags that docxtpl neither looks for nor changes."""

_ASIDE = re.compile("<\ufdd2([0-9]+)/>")
"""Stands for such tags; the first letter is none that the name of an element has."""


def parse_template(data: bytes, name: str) -> ParsedTemplate:
    """Read the .docx file of the template ``name``.

    Raises ``TemplateError`` for bytes that cannot be a template at all.
    """
    package = open_word_package(data, name)
    refuse_other_kinds(package, name)
    package, left_behind = without_extras(package)
    main = main_part(package, name)
    texts = text_parts(package)
    faults = carried_faults(package, texts, part_name)
    parts = {part: _parsed(package.read(part), part, main=part == main) for part in texts}
    if names_chart(parts[main].source):
        types = with_png(package.read(TYPES))
        package = evolve(package, parts={**package.parts, TYPES: types})
    return ParsedTemplate(
        package=package,
        parts=parts,
        main=main,
        core=top_part(package, "core-properties"),
        faults=tuple(faults),
        left_behind=left_behind,
    )


def _parsed(content: bytes, part: str, *, main: bool) -> Part:
    root = _root(content, part)
    if main:
        _mark_draft(root, part)
        make_room(root)
    source = _joined_tags(_lines(root))
    broken = any(True for _ in unfinished(source))
    return Part(source, read_source(source, broken=broken))


def _root(content: bytes, part: str) -> etree._Element:
    if len(content) > LARGEST_PART:
        raise TemplateError(f"模板的部件 {part} 过大（{len(content)} 字节）")
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(part) from error


def _damaged(part: str) -> TemplateError:
    return TemplateError(f"模板的部件 {part} 已损坏，请用 Word 或 WPS 打开后另存一份")


def _mark_draft(root: etree._Element, part: str) -> None:
    """Mark the places above and below the text, where a draft says that it is one."""
    body = root.find("{*}body")
    if body is None:
        raise _damaged(part)
    last_tag = str(body[-1].tag) if len(body) else ""
    has_section = last_tag.endswith("}sectPr")
    end = len(body) - 1 if has_section else len(body)
    body.insert(end, etree.Comment(_comment(BOTTOM_MARK)))
    body.insert(0, etree.Comment(_comment(TOP_MARK)))


def _comment(mark: str) -> str:
    return mark.removeprefix("<!--").removesuffix("-->")


def _lines(root: etree._Element) -> list[str]:
    """The XML of a part, one paragraph a line."""
    xml = str(etree.tostring(root, encoding="unicode"))
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml).split("\n")


def _joined_tags(lines: list[str]) -> str:
    """The Jinja source of a part: docxtpl joins tags that Word has split over runs.

    It would take an unfinished tag for one that ends with the next tag; it does not see those.
    """
    broken = set(unfinished("\n".join(lines)))
    hidden = [
        line.translate(_HIDDEN) if number in broken else line
        for number, line in enumerate(lines, 1)
    ]
    source, aside = _set_aside("\n".join(hidden))
    joined = str(DocxTemplate(io.BytesIO()).patch_xml(source))
    source = _ASIDE.sub(lambda found: aside[int(found[1])], joined)
    return _DECLARATION + source.replace("\ufdd0", "{").replace("\ufdd1", "}")


def _set_aside(source: str) -> tuple[str, list[str]]:
    """The source with a short element for each run of markup that docxtpl does not look at.

    Its patterns take time for every letter. The second result has the runs.
    """
    aside: list[str] = []

    def short(found: re.Match[str]) -> str:
        aside.append(found[0])
        return f"<\ufdd2{len(aside) - 1}/>"

    return _OTHER_MARKUP.sub(short, source), aside
