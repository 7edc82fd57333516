"""Text of a published report that has no place in the typed report: findings that quote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from govdisclose.finding import Finding
from govdisclose.form.report import SECTIONS, Section
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.grid import Grid
from govdisclose.read.published.arrangement import Arrangement
from govdisclose.read.published.document import TextLine, text_lines
from govdisclose.read.published.quoting import not_read
from govdisclose.read.published.table_texts import all_texts, unused_texts
from govdisclose.read.tables.labels import label, squeeze
from govdisclose.read.tables.values import Tables
from govdisclose.rules.importing import I124

_CAPTIONS = (
    r"[-—–/]*(?:\d{1,3}[-—–/]*)?",
    r"第\d{1,3}页[/,]?(共\d{1,3}页)?",
    r"第二十条第\(.\)项",
    r"\(?续表[一二三四1-4]?\)?",
    r"\(?单位:.{1,6}\)?",
    r"\(?(本列数据的)?勾稽关系.{0,60}",
    r"表[一二三四1-4]",
)
_CAPTION = re.compile("|".join(_CAPTIONS))
"""A line beside a table that only names the table, or the page."""


def left_out(lines: Sequence[TextLine], where: str, key: str | None = None) -> Iterator[Finding]:
    """One finding for all lines, if there are any."""
    if lines:
        texts = [line.text for line in lines]
        said = f"{where}有 {len(lines)} 段文字没有收入"
        yield not_read(I124, said, texts, lines[0].place, key)


def beside_tables(arrangement: Arrangement) -> Iterator[Finding]:
    """Text in the sections of tables, which have no room for text."""
    for section in SECTIONS:
        if not section.is_table:
            continue
        blocks = arrangement.section(section.key)
        told = []
        for line in text_lines(blocks):
            if not _is_caption(line.text, section):
                told.append(line)
        where = f"“{section.heading}”中"
        yield from left_out(told, where, section.key)


def in_tables(arrangement: Arrangement, statistics: Tables) -> Iterator[Finding]:
    """Texts in tables that are neither labels nor figures, and tables outside the report."""
    findings = [f"{finding.message}\n{finding.found}" for finding in statistics.findings]
    reported = "\n".join(findings)
    among_prose: set[int] = set()
    for key in PROSE_SHEETS:
        for block in arrangement.section(key):
            among_prose.add(id(block))
    for index, block in enumerate(arrangement.blocks):
        # A table among the prose is reported with its section.
        if not isinstance(block, Grid):
            continue
        if id(block) in among_prose:
            continue
        table = arrangement.tables.get(index)
        texts = all_texts(block) if table is None else unused_texts(block, reported)
        if texts:
            said = f"表格中有 {len(texts)} 处文字没有收入"
            yield not_read(I124, said, texts, block.whole, table)


def _is_caption(text: str, section: Section) -> bool:
    if label(text) == label(section.heading):
        return True
    return _CAPTION.fullmatch(squeeze(text)) is not None
