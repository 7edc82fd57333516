"""What Markdown adds to plain text: struck and raised text, HTML in a line, and tables written in HTML.

HTML is read as any page is, so that what a page would hide or strike is hidden and struck here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from govdisclose.finding import Finding
from govdisclose.read.grid import Grid
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.html.page import read_html

_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,500})~~")
_STRONG = re.compile(r"\*\*(?=[^\s*])([^*\n]{1,200})\*\*")
_TAG = re.compile(r"<(?:[a-zA-Z/]|!--)")
_LONGEST = 20_000
"""Characters of one paragraph in which HTML is looked for."""


@frozen
class HtmlTables:
    """Lines of a file that hold tables written in HTML, both ends included, and the tables."""

    first: int
    last: int
    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]


def is_markdown(file: str) -> bool:
    """Whether a file is Markdown by its ending."""
    return file.lower().endswith((".md", ".markdown"))


def as_seen(line: TextLine) -> tuple[TextLine, tuple[Finding, ...]]:
    """A paragraph as a reader sees it, and what is said of text that is struck out."""
    text = _STRONG.sub(r"\1", line.text)
    marked = _STRUCK.sub(r"<del>\1</del>", text)
    if len(marked) > _LONGEST or not _TAG.search(marked):
        return (line if text == line.text else evolve(line, text=text)), ()
    page = read_html(f"<body>{marked}</body>".encode(), line.place.file or "")
    shown = "\n".join(block.text for block in page.blocks if isinstance(block, TextLine))
    findings = tuple(evolve(finding, place=line.place) for finding in page.findings)
    return evolve(line, text=shown), findings


def html_tables(lines: Sequence[str], file: str) -> Iterator[HtmlTables]:
    """Each run of lines from one that opens a table in HTML to one that closes it."""
    first: int | None = None
    for index, line in enumerate(lines):
        small = line.lower()
        if first is None and "<table" in small:
            first = index
        if first is not None and "</table" in small:
            yield _tables_in(lines, first, index, file)
            first = None


def _tables_in(lines: Sequence[str], first: int, last: int, file: str) -> HtmlTables:
    page = read_html("\n".join(lines[first : last + 1]).encode(), file)
    grids = [block for block in page.blocks if isinstance(block, Grid)]
    named = tuple(evolve(grid, name=f"第{first + 1}行起的表格") for grid in grids)
    return HtmlTables(first, last, named, page.findings)
