"""A report rendered through ``templates/web.html`` and ``web-table.html``, compiled once in a process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import chain
from typing import Any

import jinja2
from attrs import frozen
from markupsafe import Markup

from govdisclose.finding import Finding
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.printed import format_value
from govdisclose.form.report import SECTIONS, AnnualReport, Paragraph, standard_title
from govdisclose.form.sheets import BASICS, LEVEL_WORDS
from govdisclose.write.context import printable, printed_lines
from govdisclose.write.draft import describe
from govdisclose.write.web.tables import web_tables
from govdisclose.write.word.loading import template_folder

_COLOURS = {
    "ink": "#1a1a1a",
    "faint": "#595959",
    "line": "#767676",
    "fill": "#f2f4f7",
    "red": "#b00020",
}
"""Colours of both templates: text has a contrast of at least 4.5 with what is behind it."""

_LONGEST_HEADING = 60
"""A paragraph of a heading's level with more characters than this is set as text."""

_DESCRIPTION = 120
"""Characters of the overview that search engines are offered."""


@frozen
class _Fact:
    """One line of the box under the title; ``day`` is a date as machines write it."""

    key: str
    label: str
    text: str
    day: str = ""


@frozen
class _Text:
    """One printed line of prose: its element, what the page says it is, its opening, what follows."""

    tag: str
    mark: str
    lead: str
    text: str


@frozen
class _Part:
    """One of the six sections: a table as HTML or lines of prose."""

    key: str
    heading: str
    table: Markup
    texts: tuple[_Text, ...]


def page_html(
    report: AnnualReport,
    *,
    figures: str = "",
    draft: bool = False,
    findings: Sequence[Finding] = (),
) -> str:
    """The report as one self-contained page: no script, no outside resource.

    ``figures`` is ready-made HTML of ``<figure>`` elements, put below 总体情况 as it is. Quotes in the
    prose are printed as written: fill them before (``fill_quotes``). With ``draft`` the page is marked
    as one and lists ``findings`` at its end. Raises ``InputError`` for text no document can hold.
    """
    return _render(report, figures, draft, findings, whole=True)


def fragment_html(
    report: AnnualReport,
    *,
    figures: str = "",
    draft: bool = False,
    findings: Sequence[Finding] = (),
) -> str:
    """The same as one ``<article>`` for the editor of a site: no title, which the site prints, headings from h2.

    Its looks are in ``style`` attributes, since editors drop ``<style>`` and a sheet of its own would
    reach into the page around it. Parameters and errors as in ``page_html``.
    """
    return _render(report, figures, draft, findings, whole=False)


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals = dict(_COLOURS)
    return environment.from_string((template_folder() / name).read_text(encoding="utf-8"))


def _render(
    report: AnnualReport, figures: str, draft: bool, findings: Iterable[Finding], *, whole: bool
) -> str:
    title = printable(report.title or standard_title(report.agency.name, report.year))
    parts = tuple(_parts(report, whole))
    return _template("web.html").render(
        whole=whole,
        title=title,
        agency=printable(report.agency.name),
        published=report.published.isoformat() if report.published else "",
        description=_description(parts) or title,
        facts=tuple(_facts(report)),
        preface=tuple(_texts("preface", report.preface, 1)),
        parts=parts,
        wide=[table for table in web_tables(report.edition).values() if table.least],
        figures=Markup(figures),
        draft=draft,
        findings=describe(findings),
    )


@cache
def _pieces(edition: Edition, key: str, whole: bool) -> tuple[str, ...]:
    """A table cut at its cells of numbers: all but these is the same for every report of an edition."""
    slots = {cell.path: "\0" for cell in outline(edition).tables[key].cells}
    template = _template("web-table.html")
    return tuple(
        template.render(table=web_tables(edition)[key], values=slots, whole=whole).split("\0")
    )


def _table(report: AnnualReport, key: str, whole: bool) -> Markup:
    """A table with its cells as they are printed: a blank one as nothing."""
    values = report.values()
    printed = (
        escape(format_value(values[c.path], c.kind))
        for c in outline(report.edition).tables[key].cells
    )
    *pieces, last = _pieces(report.edition, key, whole)
    return Markup("".join(chain.from_iterable(zip(pieces, printed, strict=True))) + last)


def _facts(report: AnnualReport) -> Iterator[_Fact]:
    """What is filled in of 基本信息; all that a program reads back stands on the page for everybody to see."""
    agency, day = report.agency, report.published
    said: dict[str, str] = {
        "name": agency.name,
        "code": agency.code or "",
        "level": LEVEL_WORDS[agency.level],
        "year": str(report.year or ""),
        "published": f"{day.year}年{day.month}月{day.day}日" if day else "",
    }
    for basic in BASICS:
        if text := printable(said.get(basic.key, "")):
            yield _Fact(
                basic.key,
                basic.label,
                text,
                day.isoformat() if day and basic.key == "published" else "",
            )


def _parts(report: AnnualReport, whole: bool) -> Iterator[_Part]:
    for section in SECTIONS:
        key = section.key
        if section.is_table:
            yield _Part(key, section.heading, _table(report, key, whole), ())
        else:
            yield _Part(key, section.heading, Markup(), tuple(_texts(key, getattr(report, key), 2)))


def _texts(key: str, prose: Iterable[Paragraph], level: int) -> Iterator[_Text]:
    """The lines of one section under a heading of ``level``; no level of headings is left out below it.

    ``+`` marks a line that goes on with the paragraph before it.
    """
    lines = [
        (f"{key} {'+' if number else paragraph.level}", line)
        for paragraph in prose
        for number, line in enumerate(printed_lines(paragraph))
    ]
    headed = _headed([line for _, line in lines])
    for mark, line in lines:
        tag = "p"
        if line.level in headed:
            level = min(line.level + 1, level + 1)
            tag = f"h{level}"
        opening = (
            line.lead
            if line.level == 2 and tag == "p" and len(line.lead) <= _LONGEST_HEADING
            else ""
        )
        rest = line.text if opening else line.lead + line.text
        yield _Text(tag, mark, opening, rest)


def _headed(lines: Sequence[Any]) -> set[int]:
    """The levels whose lines are headings: none of them goes on with text (“（一）主动公开。全年……”).

    Were some of a level headings and others not, these would seem to belong to the heading before them;
    so would the headings of a level below.
    """
    headed = set()
    for level in (2, 3):
        of_level = [line for line in lines if line.level == level]
        if any(line.text or len(line.lead) > _LONGEST_HEADING for line in of_level):
            break
        headed.add(level)
    return headed


def _description(parts: Iterable[_Part]) -> str:
    """The beginning of 总体情况."""
    texts = next(part.texts for part in parts if not part.table)
    return "".join(t.lead + t.text for t in texts if t.tag == "p")[:_DESCRIPTION]
