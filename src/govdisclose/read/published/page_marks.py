"""The marks in a page of ours: each line says that it is ``title``, ``name``, ``overview 2`` …

The marks (``data-govdisclose``, see ``templates/web.html``) only say which line is which part. The
text is always that of the page, so a page edited by hand is read as edited. A page whose marks were
stripped by the editor of a site is read like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import evolve

from govdisclose.form.entry import YEARS
from govdisclose.form.report import SECTIONS, Level
from govdisclose.form.sheets import LEVEL_WORDS, PARAGRAPH_LEVELS
from govdisclose.read.published.document import DocumentBlock, TextLine
from govdisclose.read.published.masthead import (
    NOT_PRINTED,
    Title,
    find_title,
    read_date,
    read_title,
)
from govdisclose.read.tables.labels import squeeze

_KEYS = tuple(section.key for section in SECTIONS)
_LEVELS: dict[str, Level] = {word: level for level, word in LEVEL_WORDS.items()}
_FACTS = ("name", "code", "level", "year", "published")
_SIGNING = ("signature", "signed")
_DIGITS = 9
"""Digits of a number that are converted; a longer one is none of ours."""


def joined(blocks: Iterable[DocumentBlock]) -> Iterator[DocumentBlock]:
    """The blocks, with lines that continue a paragraph (``overview +``) joined to it."""
    last: DocumentBlock | None = None
    for block in blocks:
        whole = _continued(last, block)
        if whole is None and last is not None:
            yield last
        last = whole or block
    if last is not None:
        yield last


def _continued(last: DocumentBlock | None, block: DocumentBlock) -> TextLine | None:
    """A line with the one that goes on with it; ``None`` if ``block`` does not go on with ``last``."""
    if not isinstance(block, TextLine):
        return None
    if not block.mark.endswith(" +"):
        return None
    if not isinstance(last, TextLine):
        return None
    if part_of(last) != part_of(block):
        return None
    text = f"{last.text}\n{block.text}"
    return evolve(last, text=text)


def part_of(line: TextLine) -> str:
    """The key of the part whose paragraph a line says it is, else ``""``."""
    key, _, level = line.mark.partition(" ")
    return key if level else ""


def marked_level(line: TextLine) -> int | None:
    """The level of a paragraph, where the line says it."""
    _, _, written = line.mark.partition(" ")
    level = _small_number(written)
    return level if level in PARAGRAPH_LEVELS else None


def _small_number(text: str) -> int | None:
    if text.isascii() and text.isdecimal():
        return int(text[:_DIGITS])
    return None


def marked_headings(blocks: Sequence[DocumentBlock]) -> dict[int, str]:
    """Index of each heading → its section; nothing unless each of the six is marked once."""
    found: dict[int, str] = {}
    for index, block in enumerate(blocks):
        if not isinstance(block, TextLine):
            continue
        if block.mark in _KEYS:
            found[index] = block.mark
    if tuple(found.values()) == _KEYS:
        return found
    return {}


def marked_title(head: Sequence[TextLine], said: str) -> Title | None:
    """The title of a page of ours, as it is printed.

    The page around a fragment may print no title; then it is the one that the fragment says.
    """
    for index, line in enumerate(head):
        if line.mark == "title":
            return _title(line.text, index)
    unmarked = [line for line in head if not line.mark]
    is_ours = len(unmarked) < len(head)
    if is_ours and find_title(unmarked) is None:
        return _title(said, NOT_PRINTED)
    return None


def _title(text: str, index: int) -> Title | None:
    if not text:
        return None
    known = read_title(text) or Title(text, "", None)
    return Title(text, known.name, known.year, index, index)


def stated(head: Sequence[TextLine]) -> dict[str, TextLine]:
    """The lines of the box under the title, by the key of ``form/sheets.BASICS``."""
    return {line.mark: line for line in head if line.mark in _FACTS}


def signing(lines: Iterable[TextLine]) -> dict[str, TextLine]:
    """The lines of name and date below a report, by the attribute of the report."""
    return {line.mark: line for line in lines if line.mark in _SIGNING}


def stated_value(key: str, text: str) -> str | int | date | None:
    """The value on a line of the box, ``None`` when it cannot be read."""
    plain = squeeze(text)
    if key == "year":
        year = _small_number(plain)
        return year if year in YEARS else None
    if key == "published":
        return read_date(text)
    if key == "level":
        return _LEVELS.get(plain)
    return text
