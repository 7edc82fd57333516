"""The title, and a loop for each section of text, put where the form says that text goes."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

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
    headings = _headings(blocks)
    starts = list(headings.values())
    title = _title_paragraph(blocks[: starts[0]], before=blocks[starts[0]])
    replace_text(title, "{{ title }}")
    preface = new_paragraph()
    title.addnext(preface)
    _make_loop(preface, "preface")
    ends = [*starts[1:], len(blocks)]
    for (key, start), end in zip(headings.items(), ends, strict=True):
        if key in PROSE_SHEETS:
            _tag_section(key, blocks[start], blocks[start + 1 : end])


def _headings(blocks: Sequence[Element]) -> dict[str, int]:
    """The place of each of the six headings; each has to be there once, in order."""
    wanted = {label(section.heading): section.key for section in SECTIONS}
    found: dict[str, int] = {}
    for index, block in enumerate(blocks):
        key = wanted.get(label(text_of(block))) if block.tag == PARAGRAPH else None
        if key is None:
            continue
        if key in found:
            raise TemplateError(f"标题“{text_of(block)}”出现两次")
        found[key] = index
    _refuse_other_order(list(found))
    return found


def _refuse_other_order(keys: Sequence[str]) -> None:
    missing = [f"“{section.heading}”" for section in SECTIONS if section.key not in keys]
    if missing:
        raise TemplateError(f"缺少标题{'、'.join(missing)}")
    if list(keys) != [section.key for section in SECTIONS]:
        raise TemplateError("六个标题的先后与法定格式不同")


def _title_paragraph(blocks: Sequence[Element], before: Element) -> Element:
    """The paragraph of the title, or a new one; only the first of several lines stays."""
    paragraphs = [block for block in blocks if block.tag == PARAGRAPH]
    lines = [paragraph for paragraph in paragraphs if _is_title(squeeze(text_of(paragraph)))]
    for line in lines[1:]:
        remove(line)
    if lines:
        return lines[0]
    title = new_paragraph()
    before.addprevious(title)
    return title


def _is_title(text: str) -> bool:
    """Whether a line is the title of the form or a part of it, without blanks."""
    return _TITLE_WORDS in text or (len(text) >= _SHORTEST_TITLE and text in _TITLE)


def _tag_section(key: str, heading: Element, blocks: Sequence[Element]) -> None:
    """Put the loop of a section in the place of its prompt, or under its heading."""
    prompts: list[Element] = []
    for block in blocks:
        text = text_of(block)
        if text and not (block.tag == PARAGRAPH and _is_prompt(text)):
            raise TemplateError(
                f"“{text_of(heading)}”下已经有内容“{text[:20]}”，请用没有填过的空白格式"
            )
        if text:
            prompts.append(block)
    if not prompts:
        paragraph = new_paragraph()
        heading.addnext(paragraph)
        prompts.append(paragraph)
    for prompt in prompts[1:]:
        remove(prompt)
    _make_loop(prompts[0], key)


def _is_prompt(text: str) -> bool:
    """Whether a paragraph is only the form's placeholder for text."""
    rest = text
    for found in placeholders(text):
        rest = rest.replace(found, "")
    return not rest.strip(_FULL_STOPS)


def _make_loop(paragraph: Element, key: str) -> None:
    """Make a paragraph the loop over the paragraphs of a section, with the look that it has."""
    begin, end = deepcopy(paragraph), deepcopy(paragraph)
    replace_text(begin, f"{{%p for p in {key} %}}")
    replace_text(paragraph, "{{ p.lead }}{{ p.text }}")
    replace_text(end, "{%p endfor %}")
    paragraph.addprevious(begin)
    paragraph.addnext(end)
