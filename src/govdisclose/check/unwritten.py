"""S116, S117 and S118: a table without a figure, a section without text, a placeholder left in.

Nothing blank is published: these stop a report in every command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govdisclose.check.paragraphs import prose_of
from govdisclose.check.relation_sides import placeholder_cells
from govdisclose.finding import Finding
from govdisclose.form.fields import Value
from govdisclose.form.outline import Table, outline
from govdisclose.form.placeholders import has_sign, placeholders
from govdisclose.form.printed import has_ink
from govdisclose.form.reading import Reading
from govdisclose.form.report import SECTIONS, Prose
from govdisclose.rules.structure import S116, S117, S118

_HEADINGS = {section.key: section.heading for section in SECTIONS}


def check_unwritten(reading: Reading) -> Iterator[Finding]:
    """Everything that the report would print blank."""
    values = reading.report.values()
    form = outline(reading.report.edition)
    for table in form.tables.values():
        if is_blank_table(reading, table, values):
            yield _blank_table(reading, table)
    if not reading.without_prose:
        yield from _blank_sections(reading)
        yield from _placeholders(reading)


def is_blank_table(reading: Reading, table: Table, values: Mapping[str, Value]) -> bool:
    """Whether no cell of a table holds anything; totals are not asked, since formulas fill them."""
    paths = [cell.path for cell in table.cells]
    if any(values[path] is not None for path in paths):
        return False
    if reading.places and reading.places.keys().isdisjoint(paths):
        return False  # the table is not there at all, which has been said
    form = outline(reading.report.edition)
    totals = {relation.right[0] for relation in form.sums}
    # An unread cell that is no total holds something that is no figure, and has a finding of its
    # own; “/” and “无” do not stop a report, and would be printed as blanks.
    typed = set(paths) - totals - placeholder_cells(reading)
    return reading.unread.isdisjoint(typed)


def _blank_table(reading: Reading, table: Table) -> Finding:
    paths = [cell.path for cell in table.cells]
    heading = _HEADINGS[table.key]
    said = f"“{heading}”一个数也没有填，没有发生的应逐格填 0"
    first, *others = paths
    place = reading.place(first)
    return S116.finding(said, place, path=first, others=others)


def _blank_sections(reading: Reading) -> Iterator[Finding]:
    """S117 for each section without text, unless the reading already has an error there."""
    told: set[str] = set()
    for finding in reading.findings:
        if finding.stops and finding.path:
            section_key, _, _ = finding.path.partition(".")
            told.add(section_key)
    for section in SECTIONS:
        if section.is_table or section.key in told:
            continue
        prose: Prose = getattr(reading.report, section.key)
        text = "".join([paragraph.text for paragraph in prose])
        if not has_ink(text):
            said = f"“{section.heading}”没有文字"
            place = reading.place(f"{section.key}.0")
            yield S117.finding(said, place, path=section.key)


def _placeholders(reading: Reading) -> Iterator[Finding]:
    texts = [paragraph.text for _, paragraph in prose_of(reading)]
    whole = "\n".join(texts)
    if not has_sign(whole):  # nearly every report; one search is a third faster
        return
    for path, paragraph in prose_of(reading):
        found = list(placeholders(paragraph.text))
        if not found:
            continue
        first = found[0]
        shown = first[:30]
        said = f"还留着提示文字“{shown}”，不是报告的内容"
        place = reading.place(path)
        yield S118.finding(said, place, path=path, found=first)
