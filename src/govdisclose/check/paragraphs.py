"""The paragraphs of a report, one after another."""

from __future__ import annotations

from collections.abc import Iterator

from govdisclose.form.reading import Reading
from govdisclose.form.report import Paragraph
from govdisclose.form.sheets import PROSE_SHEETS


def prose_of(reading: Reading) -> Iterator[tuple[str, Paragraph]]:
    """Every paragraph with its path (``overview.3``), in printed order."""
    for key in PROSE_SHEETS:
        paragraphs: tuple[Paragraph, ...] = getattr(reading.report, key)
        for index, paragraph in enumerate(paragraphs):
            yield f"{key}.{index}", paragraph


def section_of(path: str) -> str:
    """The section of a paragraph: ``overview.3`` → ``overview``."""
    key, _, _ = path.partition(".")
    return key


def is_first(path: str) -> bool:
    """Whether a paragraph is the first of its section."""
    _, _, index = path.partition(".")
    return index == "0"
