"""Find the parts of a report in a document: its headings, its tables, and the blocks between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from govdisclose.finding import Finding
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.grid import Grid
from govdisclose.read.published.article import Trail, article_of
from govdisclose.read.published.document import Document, DocumentBlock, TextLine, text_lines
from govdisclose.read.published.headings import find_headings, is_bare_ordinal, section_of
from govdisclose.read.published.page_marks import joined, marked_headings
from govdisclose.read.published.split_disputes import join_disputes
from govdisclose.read.published.split_tables import table_of

_INDENTS = " \t\u3000\xa0"


@frozen
class Arrangement:
    """The blocks of a report, with the section of each heading and of each statutory table.

    ``headings`` and ``tables`` lead from the index of a block to the key of a section, in the
    order of the document.
    """

    file: str
    blocks: Sequence[DocumentBlock]
    headings: Mapping[int, str]
    tables: Mapping[int, str]
    findings: tuple[Finding, ...] = ()

    @property
    def head(self) -> list[TextLine]:
        """The lines before the first heading or table."""
        known = [*self.headings, *self.tables]
        first = min(known, default=len(self.blocks))
        return text_lines(self.blocks[:first])

    @property
    def article(self) -> Trail:
        """The part of a page that holds all headings."""
        blocks = [self.blocks[index] for index in self.headings]
        return article_of(text_lines(blocks))

    @property
    def last_section(self) -> str | None:
        """The section whose heading comes last."""
        last = max(self.headings, default=None)
        if last is None:
            return None
        return self.headings[last]

    def heading_of(self, key: str) -> TextLine | None:
        """The heading of a section."""
        index = self._index_of(key)
        block = None
        if index is not None:
            block = self.blocks[index]
        return block if isinstance(block, TextLine) else None

    def section(self, key: str) -> Sequence[DocumentBlock]:
        """The blocks from a heading to the next one; prose also ends at a statutory table."""
        start = self._index_of(key)
        if start is None:
            return ()
        stops = [index for index in self.headings if index > start]
        if key in PROSE_SHEETS:
            stops += [index for index in self.tables if index > start]
        end = min(stops, default=len(self.blocks))
        return self.blocks[start + 1 : end]

    def section_after(self, key: str) -> str | None:
        """The section whose heading follows that of ``key``."""
        start = self._index_of(key)
        if start is None:
            return None
        following = [index for index in self.headings if index > start]
        if following:
            return self.headings[min(following)]
        return None

    def section_before(self, index: int) -> str:
        """The section of a block, ``""`` before the first heading."""
        before = [heading for heading in self.headings if heading < index]
        if before:
            return self.headings[max(before)]
        return ""

    def _index_of(self, key: str) -> int | None:
        for index, section in self.headings.items():
            if section == key:
                return index
        return None


def arrange(document: Document) -> Arrangement:
    """Find the headings and the statutory tables of a document."""
    joined_blocks = join_disputes(list(_with_ordinals_joined(document)))
    blocks = joined_blocks.blocks
    tables = {}
    for index, block in enumerate(blocks):
        key = None
        if isinstance(block, Grid):
            key = table_of(block)
        if key is not None:
            tables[index] = key
    headings = marked_headings(blocks) or find_headings(blocks, tables)
    return Arrangement(
        file=document.file,
        blocks=blocks,
        headings=headings,
        tables=tables,
        findings=joined_blocks.findings,
    )


def _with_ordinals_joined(document: Document) -> Iterator[DocumentBlock]:
    """The printed lines; an ordinal on a line of its own is joined to the heading below it."""
    ordinal: TextLine | None = None
    for block in _printed_lines(document):
        if ordinal is not None:
            whole = _as_heading(ordinal, block)
            if whole is None:
                yield ordinal
            else:
                block = whole
            ordinal = None
        if isinstance(block, TextLine) and not block.mark and is_bare_ordinal(block):
            ordinal = block
        else:
            yield block
    if ordinal is not None:
        yield ordinal


def _as_heading(ordinal: TextLine, block: DocumentBlock) -> TextLine | None:
    """A line with the ordinal above it, if the two are a heading."""
    if not isinstance(block, TextLine):
        return None
    whole = evolve(block, text=ordinal.text + block.text)
    if section_of(whole).key is not None:
        return whole
    return None


def _printed_lines(document: Document) -> Iterator[DocumentBlock]:
    """The blocks with one printed line each, except lines that a page of ours marks as one."""
    for block in joined(document.blocks):
        if isinstance(block, Grid) or block.mark:
            yield block
            continue
        for text in block.text.split("\n"):
            if text.strip():
                yield evolve(block, text=text.strip(_INDENTS))
