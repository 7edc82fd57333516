"""The data of a report for templates: names and formatted texts, nothing that can be called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from types import SimpleNamespace
from typing import Any, TypeAlias

from markupsafe import Markup

from govdisclose.errors import InputError
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.printed import FORBIDDEN, chinese_date, format_value
from govdisclose.form.report import AnnualReport, Paragraph, signature_of, standard_title
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.write.line_fit import fit
from govdisclose.write.title_lines import title_lines

Schema: TypeAlias = "dict[str, Schema] | list[Schema] | None"
"""The meaning of a name: a group of names, a list of groups, or a text to print (``None``)."""

CHARTS = ("applicants", "outcomes", "refusals", "disputes")
"""The names of the charts in the order of the form."""

PARAGRAPH: dict[str, Schema] = dict.fromkeys(("level", "lead", "text", "spacing", "ragged"))
_BASICS: dict[str, Schema] = {
    "title": None,
    "year": None,
    "published": None,
    "signature": None,
    "signed": None,
    "edition": None,
    "agency": {"name": None, "code": None},
    "charts": dict.fromkeys(CHARTS),
}

_NO_CHARTS = {f"charts.{name}": "" for name in CHARTS}
"""``write/word/pictures.py`` replaces these in a template that shows charts."""

FILTERS = ("length",)
"""The Jinja filters that a template may use."""

_LINE_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
_NEWLINES = re.compile("\r\n?|\n")
_LEAD = re.compile("[^。：]*[。：]?")
_LONGEST_LEAD = 40
"""Characters of a heading at the beginning of a paragraph; a longer sentence is text."""

_SUBHEADING = 2
"""The level of “（一）”, whose headings may end with a full stop."""

_SENTENCE_ENDS = ("。", "；", "！", "？", ";", ".", "…")


@cache
def schema(edition: Edition) -> dict[str, Schema]:
    """Every name that a template of ``edition`` may use."""
    names: dict[str, Schema] = dict(_BASICS)
    for key in PROSE_SHEETS:
        names[key] = [PARAGRAPH]
    for path in outline(edition).cells:
        *groups, leaf = path.split(".")
        node: Any = names
        for group in groups:
            node = node.setdefault(group, {})
        node[leaf] = None
    return names


@cache
def known_names(edition: Edition) -> tuple[str, ...]:
    """Every name that a template of ``edition`` may print or loop over, dotted (``agency.name``)."""
    return tuple(_leaves(schema(edition)))


def _leaves(names: Mapping[str, Schema], before: str = "") -> Iterator[str]:
    for name, below in names.items():
        if isinstance(below, dict):
            yield from _leaves(below, f"{before}{name}.")
        else:
            yield before + name


def printable(text: str) -> str:
    """``text``, if XML can hold it.

    Raises ``InputError`` that names the character and the text before it.
    """
    wrong = FORBIDDEN.search(text)
    if wrong:
        before = text[max(0, wrong.start() - 10) : wrong.start()]
        raise InputError(
            f"文字中含有不能写入文档的控制字符 U+{ord(wrong[0]):04X}（在“{before}”之后），请删去"
        )
    return text


def printed_lines(paragraph: Paragraph) -> Iterator[SimpleNamespace]:
    """The printed lines of a paragraph, without the blanks that indent them.

    ``lead`` is the heading with which a paragraph of a heading level begins (“（一）主动公开。”), if its
    first sentence is short enough for one; ``text`` is the rest. A line “1.加强培训。” is a sentence and
    no heading. The lines after the first have no heading. ``spacing`` is “紧” or “更紧” if the
    characters stand closer than usual, so that no line is stretched; ``ragged`` is “是” if a
    justified line of the usual spacing would be. Raises ``InputError`` for text that no document
    can hold.
    """
    level = paragraph.level
    for line in _NEWLINES.split(printable(paragraph.text)):
        text = line.lstrip(" \t\u3000\xa0")
        lead = _lead(text) if level else ""
        if level > _SUBHEADING and lead == text and text.endswith(_SENTENCE_ENDS):
            lead = ""
        if text:
            found = fit(text)
            yield SimpleNamespace(
                level=level,
                lead=lead,
                text=text[len(lead) :],
                spacing=found.spacing,
                ragged="是" if found.ragged else "",
            )
            level = 0


def _lead(text: str) -> str:
    """The heading with which a line begins, or nothing."""
    first = _LEAD.match(text)[0]  # type: ignore[index]  # matches any text
    return first if len(first) <= _LONGEST_LEAD else ""


def _paragraphs(prose: Iterable[Paragraph]) -> list[SimpleNamespace]:
    """Every printed line of prose."""
    return list(chain.from_iterable(map(printed_lines, prose)))


def _title(report: AnnualReport) -> str:
    """The title with its line breaks."""
    name = printable(report.agency.name)
    title = printable(report.title or standard_title(name, report.year))
    return _LINE_BREAK.join(title_lines(title, name))


def build_context(report: AnnualReport) -> dict[str, Any]:
    """The values of ``known_names``. Raises ``InputError`` for text that XML cannot hold."""
    context: dict[str, Any] = {
        "title": _title(report),
        "year": str(report.year or ""),
        "published": chinese_date(report.published),
        "signature": printable(signature_of(report)),
        "signed": chinese_date(report.signed),
        "edition": report.edition.name,
        "agency.name": printable(report.agency.name),
        "agency.code": printable(report.agency.code or ""),
        **_NO_CHARTS,
    }
    for key in PROSE_SHEETS:
        context[key] = _paragraphs(getattr(report, key))
    values = report.values()
    for path, cell in outline(report.edition).cells.items():
        context[path] = format_value(values[path], cell.kind)
    return context
