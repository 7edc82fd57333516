"""A published document in its order: lines of text and, between them, grids of its tables.

Every reader of published files gives one, whatever the file was: ``read_html``, ``read_docx``,
``read_text`` and ``read_pdf`` are all ``(data: bytes, file: str) -> Document``, where ``file`` is
only the name for messages. A document knows nothing of the statutory form.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from attrs import field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid

MAX_LINES = 50_000
"""Lines, paragraphs and tables of a document; a report with one cell a line has some 3,000."""


@frozen
class TextLine:
    """One paragraph outside tables; ``\\n`` is a line break inside it.

    ``heading`` is the outline level that the file gives it (1 is the outermost), ``bold`` whether
    all of it is. ``trail`` says where it is in the nesting of the file (empty in a flat one), so
    that the article can be distinguished from the page around it. ``mark`` is what a page made by
    this program says that the line is (``overview 2``); the text of a marked line is kept blank for
    blank. ``linked`` says that all of the text is a link: it then belongs to the page, not to the
    report.
    """

    text: str
    place: Place
    heading: int | None = None
    bold: bool = False
    trail: tuple[int, ...] = field(default=(), repr=False)
    mark: str = ""
    linked: bool = False


DocumentBlock: TypeAlias = TextLine | Grid


def cell_name(row: int, column: int) -> str:
    """A cell of a printed table as a reader counts it."""
    return f"第{row + 1}行第{column + 1}列"


def text_lines(blocks: Iterable[DocumentBlock]) -> list[TextLine]:
    """The lines among some blocks, in order."""
    return [block for block in blocks if isinstance(block, TextLine)]


@frozen
class Document:
    """One document. ``findings`` are those of its reader.

    ``title`` and ``published`` are what the file's properties say. ``images``, ``attachments``
    (links to documents) and ``script_only`` (a page that only a browser fills) explain why there
    may be nothing to read.
    """

    file: str
    blocks: tuple[DocumentBlock, ...] = field(repr=False)
    findings: tuple[Finding, ...] = ()
    title: str = ""
    published: str = ""
    images: int = 0
    attachments: tuple[str, ...] = ()
    script_only: bool = False

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @property
    def lines(self) -> tuple[TextLine, ...]:
        """The text outside tables, in order."""
        return tuple(text_lines(self.blocks))
