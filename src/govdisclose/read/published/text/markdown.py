"""What Markdown adds to plain text: struck and raised text, HTML in a line, and tables in HTML.

HTML is read as any web page is, so text that a page would hide or strike is hidden and struck here.
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
_STRONG_MARKS = ("**", "__")
_TAG = re.compile(r"<(?:[a-zA-Z/]|!--)")
_LONGEST = 20_000
"""Characters of one paragraph in which HTML is searched."""


@frozen
class HtmlTables:
    """Lines of a file that hold tables written in HTML, both ends included, and the tables."""

    first: int
    last: int
    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]


@frozen
class SeenLine:
    """A paragraph as a reader sees it, with findings on text that is struck out."""

    line: TextLine
    findings: tuple[Finding, ...] = ()


def is_markdown(file: str) -> bool:
    """Whether a file is Markdown by its suffix."""
    return file.lower().endswith((".md", ".markdown"))


def without_strong(text: str) -> str:
    """Text without the marks of Markdown around all of it."""
    for mark in _STRONG_MARKS:
        is_marked = text.startswith(mark) and text.endswith(mark)
        marks = 2 * len(mark)
        if is_marked and len(text) > marks:
            return text.removeprefix(mark).removesuffix(mark)
    return text


def as_seen(line: TextLine) -> SeenLine:
    """A paragraph of Markdown as a reader sees it."""
    text = _STRONG.sub(r"\1", line.text)
    html = _STRUCK.sub(r"<del>\1</del>", text)
    is_searched = len(html) <= _LONGEST
    if not is_searched or not _TAG.search(html):
        return SeenLine(evolve(line, text=text))
    body = f"<body>{html}</body>"
    file = line.place.file or ""
    page = read_html(body.encode(), file)
    texts = [shown_line.text for shown_line in page.lines]
    seen = evolve(line, text="\n".join(texts))
    findings: list[Finding] = []
    for finding in page.findings:
        findings.append(evolve(finding, place=line.place))
    return SeenLine(seen, tuple(findings))


def html_tables(lines: Sequence[str], file: str) -> Iterator[HtmlTables]:
    """The tables written in HTML, each from the line that opens it to the one that closes it."""
    first: int | None = None
    for index, line in enumerate(lines):
        small = line.lower()
        if first is None and "<table" in small:
            first = index
        if first is not None and "</table" in small:
            yield _tables_in(lines, first, index, file)
            first = None


def _tables_in(lines: Sequence[str], first: int, last: int, file: str) -> HtmlTables:
    end = last + 1
    html = "\n".join(lines[first:end])
    page = read_html(html.encode(), file)
    name = f"第{first + 1}行起的表格"
    grids = [evolve(grid, name=name) for grid in page.grids]
    return HtmlTables(first=first, last=last, grids=tuple(grids), findings=page.findings)
