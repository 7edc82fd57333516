"""A report through ``templates/web.html`` and ``web-table.html``, compiled once in a process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from typing import Any

import jinja2
from attrs import frozen
from markupsafe import Markup

from govdisclose.finding import Finding
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.printed import chinese_date, format_value
from govdisclose.form.report import SECTIONS, AnnualReport, Paragraph, signature_of, standard_title
from govdisclose.form.sheets import BASICS, LEVEL_WORDS
from govdisclose.write.context import printable, printed_lines
from govdisclose.write.draft import describe
from govdisclose.write.line_breaks import pieces
from govdisclose.write.title_lines import title_parts, title_words
from govdisclose.write.web.label_words import words
from govdisclose.write.web.tables import web_tables
from govdisclose.write.word.loading import template_folder

_COLOURS = {
    "ink": "#1a1a1a",
    "faint": "#595959",
    "line": "#767676",
    "fill": "#f2f4f7",
    "red": "#b00020",
}
"""Colours of both templates: text has a contrast of at least 4.5 with its background."""

_DESCRIPTION = 120
"""Characters of the overview in the description for search engines."""


_WIDE_DIGITS = 8
"""So many stand on a line of every column of a printed page."""


@frozen
class _BoxFact:
    """One line of the box under the title; ``day`` is a date in ISO form."""

    key: str
    label: str
    text: str
    day: str = ""


@frozen
class _PageText:
    """One printed line of prose: element, mark for readers of the page, opening, and other text."""

    tag: str
    mark: str
    lead: str
    text: str


@frozen
class _PagePart:
    """One of the six sections: a table as HTML or lines of prose."""

    key: str
    heading: str
    table: Markup
    texts: tuple[_PageText, ...]


def page_html(
    report: AnnualReport,
    *,
    figures: str = "",
    draft: bool = False,
    findings: Sequence[Finding] = (),
) -> str:
    """The report as one self-contained page without scripts and outside resources.

    ``figures`` is HTML with ``<figure>`` elements, which is put below 总体情况 unchanged. Quotes in the
    prose are printed as typed: fill them first (``fill_quotes``). A ``draft`` page is marked as a
    draft and lists ``findings`` at its end. Raises ``InputError`` for text that no document can
    hold.
    """
    return _render(report, figures, draft, findings, whole=True)


def fragment_html(
    report: AnnualReport,
    *,
    figures: str = "",
    draft: bool = False,
    findings: Sequence[Finding] = (),
) -> str:
    """The report as one ``<article>`` to paste into the editor of a web site.

    It has no title, because the site prints one, and headings from h2 down. Its styles are in
    ``style`` attributes: editors drop ``<style>``, and a style sheet would affect the page around
    it. Parameters and errors are those of ``page_html``.
    """
    return _render(report, figures, draft, findings, whole=False)


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals = {
        **_COLOURS,
        "pieces": pieces,
        "title_words": title_words,
        "wbr": Markup("<wbr>"),
        "words": words,
    }
    source = (template_folder() / name).read_text(encoding="utf-8")
    return environment.from_string(source)


def _render(
    report: AnnualReport, figures: str, draft: bool, findings: Iterable[Finding], *, whole: bool
) -> str:
    title = printable(report.title or standard_title(report.agency.name, report.year))
    parts = tuple(_parts(report, whole))
    return _template("web.html").render(
        whole=whole,
        title=title,
        title_parts=title_parts(title, report.agency.name),
        agency=printable(report.agency.name),
        published=report.published.isoformat() if report.published else "",
        description=_description(parts) or title,
        facts=tuple(_facts(report)),
        preface=tuple(_texts("preface", report.preface, 1)),
        parts=parts,
        signature=printable(signature_of(report)),
        signed=_signed(report),
        wide=[table for table in web_tables(report.edition).values() if table.least],
        figures=Markup(figures),
        draft=draft,
        findings=describe(findings),
    )


@cache
def _pieces(edition: Edition, key: str, whole: bool) -> tuple[str, ...]:
    """The HTML between the cells of numbers of a table: the same for all reports of an edition."""
    slots = {cell.path: "\0" for cell in outline(edition).tables[key].cells}
    table = web_tables(edition)[key]
    html = _template("web-table.html").render(table=table, values=slots, whole=whole)
    return tuple(html.split("\0"))


def _table(report: AnnualReport, key: str, whole: bool) -> Markup:
    """A table with its values as they are printed; a blank cell is empty."""
    values = report.values()
    cells = outline(report.edition).tables[key].cells
    *pieces, last = _pieces(report.edition, key, whole)
    html = []
    for piece, cell in zip(pieces, cells, strict=True):
        html.append(piece)
        text = format_value(values[cell.path], cell.kind)
        html.append(_number(text, whole))
    return Markup("".join(html) + last)


def _number(text: str, whole: bool) -> str:
    """A number in a cell; ``web.html`` prints a long one smaller, so that it is not broken."""
    if whole and len(text) > _WIDE_DIGITS:
        return f'<span class="gd-long">{escape(text)}</span>'
    return escape(text)


def _signed(report: AnnualReport) -> _BoxFact | None:
    """The date below the signature."""
    if report.signed is None:
        return None
    return _BoxFact("signed", "成文日期", chinese_date(report.signed), report.signed.isoformat())


def _facts(report: AnnualReport) -> Iterator[_BoxFact]:
    """The filled lines of 基本信息: everything that a program reads back is visible on the page."""
    agency, day = report.agency, report.published
    texts = {
        "name": agency.name,
        "code": agency.code or "",
        "level": LEVEL_WORDS[agency.level],
        "year": str(report.year or ""),
        "published": chinese_date(day),
    }
    for basic in BASICS:
        text = printable(texts.get(basic.key, ""))
        iso = day.isoformat() if day and basic.key == "published" else ""
        if text:
            yield _BoxFact(basic.key, basic.label, text, iso)


def _parts(report: AnnualReport, whole: bool) -> Iterator[_PagePart]:
    for section in SECTIONS:
        key = section.key
        if section.is_table:
            yield _PagePart(key, section.heading, _table(report, key, whole), ())
        else:
            texts = tuple(_texts(key, getattr(report, key), 2))
            yield _PagePart(key, section.heading, Markup(), texts)


def _texts(key: str, prose: Iterable[Paragraph], level: int) -> Iterator[_PageText]:
    """The lines of one section under a heading of ``level``; headings below it skip no level."""
    lines = list(_marked_lines(key, prose))
    headed = _headed([line for _, line in lines])
    for mark, line in lines:
        tag = "p"
        if line.level in headed:
            level = min(line.level + 1, level + 1)
            tag = f"h{level}"
        if line.level == 2 and tag == "p":
            yield _PageText(tag, mark, line.lead, line.text)
        else:
            yield _PageText(tag, mark, "", line.lead + line.text)


def _marked_lines(key: str, prose: Iterable[Paragraph]) -> Iterator[tuple[str, Any]]:
    """Every printed line with its mark: section and level, ``+`` where a paragraph continues."""
    for paragraph in prose:
        position = str(paragraph.level)
        for line in printed_lines(paragraph):
            yield f"{key} {position}", line
            position = "+"


def _headed(lines: Sequence[Any]) -> set[int]:
    """The levels whose lines are headings: no line continues with text (“（一）主动公开。全年……”).

    If only some lines of a level were headings, the others would seem to belong to the heading
    before them, and so would the headings of the level below.
    """
    headed = set()
    for level in (2, 3):
        of_level = [line for line in lines if line.level == level]
        if any(line.text for line in of_level):
            break
        headed.add(level)
    return headed


def _description(parts: Iterable[_PagePart]) -> str:
    """The beginning of 总体情况."""
    overview = next(part.texts for part in parts if not part.table)
    paragraphs = [line.lead + line.text for line in overview if line.tag == "p"]
    return "".join(paragraphs)[:_DESCRIPTION]
