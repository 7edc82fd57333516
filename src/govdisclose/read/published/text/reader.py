"""A plain text or Markdown file → a document.

The lines are divided one by one into HTML tables, tables between pipes, statutory tables in a text
layer (``statutory.py``), and prose.
"""

from __future__ import annotations

from attrs import define, field, frozen

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.read.published.document import MAX_LINES, Document, DocumentBlock
from govdisclose.read.published.text.decoding import decode
from govdisclose.read.published.text.markdown import as_seen, html_tables, is_markdown
from govdisclose.read.published.text.page_numbers import without_page_numbers
from govdisclose.read.published.text.paragraphs import BREAK, paragraphs
from govdisclose.read.published.text.pieces import line_place
from govdisclose.read.published.text.pipe_tables import pipe_tables
from govdisclose.read.published.text.statutory import find_tables


def read_text(data: bytes, file: str) -> Document:
    """The lines and tables of a text file (``.txt``, ``.md``).

    Raises ``InputError`` for a file that is too large, no text, or in no known encoding.
    """
    text = decode(data, file)
    lines = without_page_numbers(text.split("\n"))
    count = len(lines)
    if count > MAX_LINES:
        raise InputError(f"{file} 有 {count} 行，超过 {MAX_LINES} 行，不像年度报告的文本")
    division = _Division(file, lines)
    if is_markdown(file):
        division.take_html_tables()
    division.take_pipe_tables()
    division.take_statutory_tables()
    division.take_prose()
    in_order = sorted(division.blocks, key=_first)
    blocks = [block.content for block in in_order]
    return Document(file, tuple(blocks), tuple(division.findings))


@frozen
class _FileBlock:
    """A block of the document, and the line of the file where it begins."""

    first: int
    content: DocumentBlock


def _first(block: _FileBlock) -> int:
    return block.first


@define
class _Division:
    """The division of the lines into blocks. Lines that are taken are emptied."""

    file: str
    lines: list[str]
    blocks: list[_FileBlock] = field(factory=list)
    findings: list[Finding] = field(factory=list)

    def take_html_tables(self) -> None:
        """Take the tables that a Markdown file writes in HTML."""
        for found in list(html_tables(self.lines, self.file)):
            self.findings += found.findings
            for grid in found.grids:
                self.blocks.append(_FileBlock(found.first, grid))
            if found.grids:
                self._empty(found.first, found.last, "")

    def take_pipe_tables(self) -> None:
        """Take the tables between pipes."""
        for found in list(pipe_tables(self.lines, self.file)):
            self.findings += found.findings
            self.blocks.append(_FileBlock(found.first, found.grid))
            self._empty(found.first, found.last, "")

    def take_statutory_tables(self) -> None:
        """Take the statutory tables that are known only by their labels."""
        found = find_tables(self.lines, self.file)
        self.findings += found.findings
        for table in found.tables:
            self.blocks.append(_FileBlock(table.first, table.grid))
            self._empty(table.first, table.last, BREAK)

    def take_prose(self) -> None:
        """Take the rest as paragraphs."""
        written = is_markdown(self.file)
        for first, line in paragraphs(self.lines, self._place):
            if written:
                seen = as_seen(line)
                self.findings += seen.findings
                line = seen.line
            if line.text.strip():
                self.blocks.append(_FileBlock(first, line))

    def _place(self, index: int) -> Place:
        return line_place(self.file, index)

    def _empty(self, first: int, last: int, sign: str) -> None:
        end = last + 1
        count = end - first
        self.lines[first:end] = [sign] * count
