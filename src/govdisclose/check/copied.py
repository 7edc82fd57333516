"""Prose that is in another report already: how much of it, and which passages.

Letters alone are compared: a report that only has new dates and figures is the old one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

from govdisclose.check.sensitive import masked
from govdisclose.form.report import Prose

if TYPE_CHECKING:
    from govdisclose.form.comparison import Passage

SHINGLE = 12
"""The fewest letters in a row that count as copied."""

Run = tuple[int, int]

_BLANK = re.compile(r"[\W\d_]+")


class Longest(NamedTuple):
    """A copied stretch: the paragraph that contains it, and its letters ``start`` to ``stop``."""

    paragraph: int
    start: int
    stop: int


@frozen
class Copied:
    """One section beside the older one.

    ``letters`` counts those of the section, ``runs`` are the copied stretches of each paragraph.
    """

    letters: int
    runs: tuple[tuple[Run, ...], ...]

    @property
    def share(self) -> float:
        """How much of the section is copied, from 0 to 1."""
        copied_letters = 0
        for runs in self.runs:
            for start, stop in runs:
                copied_letters += stop - start
        return copied_letters / max(self.letters, 1)

    @property
    def longest(self) -> Longest:
        """The longest stretch, the first of several; only where anything is copied."""
        stretches: list[Longest] = []
        for index, runs in enumerate(self.runs):
            for start, stop in runs:
                stretches.append(Longest(index, start, stop))
        return max(stretches, key=_length)


def _length(stretch: Longest) -> int:
    return stretch.stop - stretch.start


def copied(prose: Prose, old: Prose) -> Copied:
    """The stretches of ``SHINGLE`` letters and more in ``prose`` that ``old`` has too."""
    old_texts = [_letters(text) for text in _texts(old)]
    whole = "\n".join(old_texts)
    known = _shingles(whole)
    texts = [_letters(paragraph.text) for paragraph in prose]
    runs = [tuple(_runs(text, known)) for text in texts]
    letters = sum(map(len, texts))
    return Copied(letters, tuple(runs))


def passages(prose: Prose, old: Prose) -> tuple[Passage, ...]:
    """The longest passages that both have, the longest first; none overlaps another in ``prose``.

    ID and mobile numbers in them are masked.
    """
    from govdisclose.form.comparison import Passage  # not needed to check a report

    texts = [_letters(text) for text in _texts(old)]
    whole = "\n".join(texts)
    known = _shingles(whole)
    found = []
    for index, paragraph in enumerate(_texts(prose)):
        letters = _letters(paragraph)
        blocks = _blocks(letters, whole, known)
        for start, stop, at in blocks:
            length = stop - start
            source = whole.count("\n", 0, at)
            break_before = whole.rfind("\n", 0, at)
            first = at - break_before - 1
            old_text = old[source].text
            was = excerpt(old_text, first, first + length)
            now = excerpt(paragraph, start, stop)
            passage = Passage(length=length, old_index=source, old=was, new_index=index, new=now)
            found.append(passage)
    found.sort(key=lambda passage: passage.length, reverse=True)
    return tuple(found)


def excerpt(text: str, start: int, stop: int) -> str:
    """The part of ``text`` with its letters ``start`` to ``stop``, digits and punctuation included."""
    letters = []
    for index, character in enumerate(text):
        if not _BLANK.fullmatch(character):
            letters.append(index)
    first = letters[start]
    last = letters[stop - 1]
    return masked(text)[first : last + 1]


def _texts(prose: Prose) -> list[str]:
    return [paragraph.text for paragraph in prose]


def _letters(text: str) -> str:
    return _BLANK.sub("", text)


def _shingles(text: str) -> set[str]:
    last = len(text) - SHINGLE
    found: set[str] = set()
    for start in range(last + 1):
        end = start + SHINGLE
        found.add(text[start:end])
    return found


def _runs(text: str, known: set[str]) -> Iterator[Run]:
    """The stretches of ``text`` that are made of known shingles."""
    start = stop = -1
    last = len(text) - SHINGLE
    for index in range(last + 1):
        end = index + SHINGLE
        if text[index:end] not in known:
            continue
        if index > stop:
            if stop > start:
                yield start, stop
            start = index
        stop = end
    if stop > start:
        yield start, stop


def _blocks(text: str, whole: str, known: set[str]) -> Iterator[tuple[int, int, int]]:
    """From the left, the longest stretches of ``text`` that are also in ``whole``, and where."""
    start = 0
    end = SHINGLE
    while end <= len(text):
        shingle = text[start:end]
        if shingle in known:
            stop = _longest(text, start, whole)
            at = whole.index(text[start:stop])
            yield start, stop, at
            start = stop
        else:
            start += 1
        end = start + SHINGLE


def _longest(text: str, start: int, whole: str) -> int:
    """The end of the longest stretch from ``start`` that is in ``whole``.

    All shorter stretches are there too, so the end is found by halving.
    """

    def is_missing(end: int) -> bool:
        return text[start:end] not in whole

    ends = range(start + SHINGLE, len(text) + 1)
    first_missing = bisect_left(ends, True, key=is_missing)
    return ends[first_missing - 1]
