"""What a page of our own says that its lines are: ``title``, ``name``, ``overview``, ``overview 2``.

The marks (``data-govdisclose``, see ``templates/web.html``) only say which line is what; what a line says is
always what stands on the page, so that a page edited by hand is read as edited. A page whose marks
were stripped by the editor of a site is read like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import evolve

from govdisclose.form.entry import YEARS
from govdisclose.form.report import SECTIONS, Level
from govdisclose.form.sheets import LEVEL_WORDS, PARAGRAPH_LEVELS
from govdisclose.read.grid import Grid
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.masthead import Title, find_title, read_date, read_title
from govdisclose.read.tables.labels import squeeze

_KEYS = {section.key for section in SECTIONS}
_LEVELS: dict[str, Level] = {word: level for level, word in LEVEL_WORDS.items()}
_FACTS = ("name", "code", "level", "year", "published")


def joined(blocks: Iterable[TextLine | Grid]) -> Iterator[TextLine | Grid]:
    """The blocks with lines that go on with a paragraph (``overview +``) joined to it."""
    last: TextLine | Grid | None = None
    for block in blocks:
        goes_on = isinstance(block, TextLine) and block.mark.endswith(" +")
        if (
            goes_on
            and isinstance(block, TextLine)
            and isinstance(last, TextLine)
            and part_of(last) == part_of(block)
        ):
            last = evolve(last, text=f"{last.text}\n{block.text}")
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def part_of(line: TextLine) -> str:
    """The key of the part whose paragraph a line says it is, else nothing."""
    key, _, level = line.mark.partition(" ")
    return key if level else ""


def marked_level(line: TextLine) -> int | None:
    """The level of a paragraph, where the line says it."""
    level = line.mark.partition(" ")[2]
    return int(level[:9]) if level.isdecimal() and int(level[:9]) in PARAGRAPH_LEVELS else None


def marked_headings(blocks: Sequence[TextLine | Grid]) -> dict[int, str]:
    """Index of each heading → its section; nothing unless each of the six is marked once."""
    found = {i: b.mark for i, b in enumerate(blocks) if isinstance(b, TextLine) and b.mark in _KEYS}
    return found if list(found.values()) == [section.key for section in SECTIONS] else {}


def marked_title(head: Sequence[TextLine], said: str) -> Title | None:
    """The title as it is printed; that of a fragment, if the page around it prints none, as the fragment says."""
    at = next((i for i, line in enumerate(head) if line.mark == "title"), -1)
    if at < 0 and (
        not any(line.mark for line in head) or find_title([line for line in head if not line.mark])
    ):
        return None
    text = head[at].text if at >= 0 else said
    known = read_title(text)
    return (
        Title(text, known.name if known else "", known.year if known else None, at, at)
        if text
        else None
    )


def stated(head: Sequence[TextLine]) -> dict[str, TextLine]:
    """The lines of the box under the title, by the key of ``form/sheets.BASICS``."""
    return {line.mark: line for line in head if line.mark in _FACTS}


def stated_value(key: str, text: str) -> str | int | date | None:
    """What a line of the box says, ``None`` when it cannot be read."""
    plain = squeeze(text)
    if key == "year":
        return (
            int(plain[:9])
            if plain.isascii() and plain.isdecimal() and int(plain[:9]) in YEARS
            else None
        )
    if key == "published":
        return read_date(text)
    return _LEVELS.get(plain) if key == "level" else text
