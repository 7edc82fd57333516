"""Page numbers among the lines of a text: they are no part of the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

PAGE_START = "\x0c"
"""The character before the first line of a page."""
_PAGE_NUMBER = re.compile(
    r"[-–—－─]\s?(\d{1,3})\s?[-–—－─]|第\s?(\d{1,3})\s?页(?:[，,/ ]*共\s?\d{1,3}\s?页)?", re.ASCII
)
_BARE_NUMBER = re.compile(r"(\d{1,3})", re.ASCII)
_GAP = 3
"""By how many pages the next number may be higher: a page with a wide table often has none."""


@frozen
class _Numbered:
    """A line that may be a page number."""

    line: int
    number: int


def without_page_numbers(lines: Sequence[str]) -> list[str]:
    """The lines; those that are page numbers in sequence are empty.

    ``PAGE_START`` stays before the first line of a page.
    """
    kept = list(lines)
    decorated = _decorated(lines)
    bare = _bare(lines)
    for numbered, gap in ((decorated, _GAP), (bare, 1)):
        if not _is_sequence(numbered, gap):
            continue
        for one in numbered:
            starts_page = lines[one.line].startswith(PAGE_START)
            kept[one.line] = PAGE_START if starts_page else ""
    return kept


def _is_sequence(numbered: Sequence[_Numbered], gap: int) -> bool:
    for above, below in pairwise(numbered):
        step = below.number - above.number
        if not 0 < step <= gap:
            return False
    return True


def _decorated(lines: Sequence[str]) -> list[_Numbered]:
    """Lines like ``- 3 -`` and 第 3 页."""
    found: list[_Numbered] = []
    for index, line in enumerate(lines):
        match = _PAGE_NUMBER.fullmatch(line.strip())
        if match is not None:
            number = int(match[1] or match[2])
            found.append(_Numbered(index, number))
    return found


def _bare(lines: Sequence[str]) -> list[_Numbered]:
    """Numbers by themselves at the end of a page."""
    found: list[_Numbered] = []
    for index, line in enumerate(lines):
        match = _BARE_NUMBER.fullmatch(line.strip())
        if match is not None and _ends_page(lines, index):
            number = int(match[1])
            found.append(_Numbered(index, number))
    return found


def _ends_page(lines: Sequence[str], index: int) -> bool:
    """Whether the next line that is not blank begins a page."""
    for below in lines[index + 1 :]:
        if below.strip(" \n"):
            return below.startswith(PAGE_START)
    return False
