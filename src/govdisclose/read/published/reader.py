"""A published document → a reading, in steps: masthead, headings, sections, tables, findings."""

from __future__ import annotations

from pathlib import Path

from govdisclose.form.edition import Edition, edition_for, newest_edition
from govdisclose.form.reading import Reading
from govdisclose.read.assemble import assemble
from govdisclose.read.grid import Grid
from govdisclose.read.published.arrangement import Arrangement, arrange
from govdisclose.read.published.basics import PublishedBasics, read_basics
from govdisclose.read.published.document import Document
from govdisclose.read.published.leftovers import beside_tables, in_tables, left_out
from govdisclose.read.published.masthead import find_title
from govdisclose.read.published.page_marks import marked_title
from govdisclose.read.published.refusals import (
    absence_of_tables,
    refuse_form,
    refuse_too_long,
    refuse_two,
)
from govdisclose.read.published.sections import Sections, read_sections
from govdisclose.read.published.split_tables import join_parts
from govdisclose.read.tables.values import Tables, read_tables
from govdisclose.read.texts import Prose


def read_published(document: Document, source: Path | None = None) -> Reading:
    """Read a published report. ``source`` is the file it comes from, if there is one.

    Raises ``InputError`` for a document that is no report or has no readable text.
    """
    refuse_too_long(document)
    arrangement = arrange(document)
    refuse_two(arrangement)
    head = arrangement.head
    unmarked = [line for line in head if not line.mark]
    title = marked_title(head, document.title)
    if title is None:
        title = find_title(unmarked)
    basics = read_basics(document, head, title)
    grids = [block for block in arrangement.blocks if isinstance(block, Grid)]
    joined = join_parts(grids)
    statistics = _read_tables(arrangement, joined.grids, basics.year)
    findings = [*arrangement.findings, *basics.findings, *joined.findings]
    if statistics.edition is None:
        findings.append(absence_of_tables(document, arrangement, title))
    sections = read_sections(arrangement, basics, title)
    name = basics.agency.name
    refuse_form(document.file, name, sections.paragraphs, statistics)
    findings += sections.findings
    findings += beside_tables(arrangement)
    findings += left_out(sections.outside, "报告正文以外")
    findings += in_tables(arrangement, statistics)
    findings += document.findings
    prose = _prose(basics, sections)
    prose.findings.extend(findings)
    path = source or Path(document.file)
    return assemble(path, prose, statistics, _likely_edition(basics.year))


def _likely_edition(year: int | None) -> Edition:
    """The edition for a year; the newest for a report that states none."""
    return edition_for(year) if year else newest_edition()


def _read_tables(arrangement: Arrangement, grids: tuple[Grid, ...], year: int | None) -> Tables:
    """The statutory tables, each recognised by its section."""
    sections: dict[str, str] = {}
    for index, block in enumerate(arrangement.blocks):
        if isinstance(block, Grid):
            sections[block.name] = arrangement.section_before(index)
    likely = _likely_edition(year)
    return read_tables(grids, likely, source=arrangement.file, printed=sections)


def _prose(basics: PublishedBasics, sections: Sections) -> Prose:
    """Everything but the tables, as it is put together with them."""
    prose = Prose(places={**basics.places, **sections.places})
    published = basics.published
    signed = sections.signed
    if signed is not None:
        prose.places["signed"] = signed.place
    may_be_published = signed is not None and not sections.is_marked
    if published is None and signed is not None and may_be_published:
        published = signed.day
        prose.places["published"] = signed.place
    prose.attributes.update(
        sections.paragraphs,
        agency=basics.agency,
        year=basics.year,
        published=published,
        title=basics.title,
        signature=sections.signature,
        signed=signed.day if signed is not None else None,
    )
    return prose
