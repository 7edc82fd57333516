"""The title, and a loop for each section of text, put where the form says that text goes."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from attrs import frozen

from govdisclose.blank_form.elements import (
    PARAGRAPH,
    TABLE,
    Element,
    children,
    new_paragraph,
    remove,
    replace_text,
    text_of,
)
from govdisclose.errors import TemplateError
from govdisclose.form.placeholders import placeholders
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.tables.labels import label, squeeze

_TITLE = "中华人民共和国政府信息公开工作年度报告格式"
_TITLE_WORDS = "年度报告"
_SHORTEST_TITLE = 4
"""Characters of a line that may be a part of the title."""

_FULL_STOPS = " 。．.…"


def tag_prose(body: Element) -> None:
    """Put the title and the loops into the form. Raises ``TemplateError`` for missing places."""
    blocks = list(children(body, PARAGRAPH, TABLE))
    sections = _sections(blocks)
    first = sections[0]
    before = blocks[: first.start]
    title = _title_paragraph(before, first.heading)
    replace_text(title, "{{ title }}")
    preface = new_paragraph()
    title.addnext(preface)
    _make_loop(preface, "preface")
    for section in sections:
        if section.key in PROSE_SHEETS:
            _tag_section(section)


@frozen
class _FoundSection:
    """A section of the form: its heading, which is block ``start``, and the blocks below it."""

    key: str
    start: int
    heading: Element
    blocks: Sequence[Element]


def _sections(blocks: Sequence[Element]) -> list[_FoundSection]:
    """The six sections. Raises ``TemplateError`` if their headings are not those of the form."""
    headings = _headings(blocks)
    starts = list(headings.values())
    ends = [*starts[1:], len(blocks)]
    found: list[_FoundSection] = []
    for key, start, end in zip(headings, starts, ends, strict=True):
        below = blocks[start + 1 : end]
        found.append(_FoundSection(key, start, blocks[start], below))
    return found


def _headings(blocks: Sequence[Element]) -> dict[str, int]:
    """The place of each of the six headings; each has to be there once, in order."""
    wanted = {label(section.heading): section.key for section in SECTIONS}
    found: dict[str, int] = {}
    for index, block in enumerate(blocks):
        if block.tag != PARAGRAPH:
            continue
        text = text_of(block)
        key = wanted.get(label(text))
        if key is None:
            continue
        if key in found:
            raise TemplateError(f"标题“{text}”出现两次")
        found[key] = index
    _refuse_other_order(list(found))
    return found


def _refuse_other_order(keys: Sequence[str]) -> None:
    missing: list[str] = []
    for section in SECTIONS:
        if section.key not in keys:
            missing.append(f"“{section.heading}”")
    if missing:
        listed = "、".join(missing)
        raise TemplateError(f"缺少标题{listed}")
    in_order = [section.key for section in SECTIONS]
    if list(keys) != in_order:
        raise TemplateError("六个标题的先后与法定格式不同")


def _title_paragraph(blocks: Sequence[Element], before: Element) -> Element:
    """The paragraph of the title, or a new one; only the first of several lines stays."""
    lines = [block for block in blocks if _is_title(block)]
    for line in lines[1:]:
        remove(line)
    if lines:
        return lines[0]
    title = new_paragraph()
    before.addprevious(title)
    return title


def _is_title(block: Element) -> bool:
    """Whether a paragraph is the title of the form or a part of it."""
    if block.tag != PARAGRAPH:
        return False
    text = squeeze(text_of(block))
    if _TITLE_WORDS in text:
        return True
    return len(text) >= _SHORTEST_TITLE and text in _TITLE


def _tag_section(section: _FoundSection) -> None:
    """Put the loop of a section in the place of its prompt, or under its heading."""
    prompts: list[Element] = []
    for block in section.blocks:
        text = text_of(block)
        if not text:
            continue
        is_prompt = block.tag == PARAGRAPH and _is_prompt(text)
        if not is_prompt:
            heading = text_of(section.heading)
            begins = text[:20]
            raise TemplateError(f"“{heading}”下已经有内容“{begins}”，请用没有填过的空白格式")
        prompts.append(block)
    if not prompts:
        paragraph = new_paragraph()
        section.heading.addnext(paragraph)
        prompts.append(paragraph)
    place, *others = prompts
    for prompt in others:
        remove(prompt)
    _make_loop(place, section.key)


def _is_prompt(text: str) -> bool:
    """Whether a paragraph is only the form's placeholder for text."""
    rest = text
    for found in placeholders(text):
        rest = rest.replace(found, "")
    return not rest.strip(_FULL_STOPS)


def _make_loop(paragraph: Element, key: str) -> None:
    """Make a paragraph the loop over the paragraphs of a section, with the look that it has."""
    begin = deepcopy(paragraph)
    end = deepcopy(paragraph)
    replace_text(begin, f"{{%p for p in {key} %}}")
    replace_text(paragraph, "{{ p.lead }}{{ p.text }}")
    replace_text(end, "{%p endfor %}")
    paragraph.addprevious(begin)
    paragraph.addnext(end)
