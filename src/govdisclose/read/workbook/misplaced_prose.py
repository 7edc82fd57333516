"""S113: texts of a sheet of paragraphs that are no paragraph and would not be printed.

Our own heading, hints, header and previews are none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govdisclose.finding import Finding
from govdisclose.form.quotes import printed_like
from govdisclose.form.sheets import OUTLINE_HINT, PARAGRAPH_COLUMNS, PREVIEW_HINT, PROSE_HINTS
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.grid import ErrorValue, Grid, Raw, Uncalculated
from govdisclose.read.tables.labels import INVISIBLE, is_bare_label, label
from govdisclose.read.workbook.cell_texts import text_of
from govdisclose.rules.structure import S113

_SHOWN = 20
_SENTENCE = LazyPattern("[。：，,\n？?!！※＊*]")
"""What no sub-heading of an outline has."""


def misplaced(grid: Grid, row: int, column: int, text: str, key: str) -> Finding:
    """The finding for a text in another column than 正文."""
    shown = text.strip()[:_SHOWN]
    _, text_column = PARAGRAPH_COLUMNS
    said = f"“{shown}”不在“{text_column}”列，不会印进报告"
    place = grid.place(row, column)
    return S113.finding(said, place, path=key, found=text)


def above(grid: Grid, key: str, titles: Iterable[str], header: int) -> Iterator[Finding]:
    """S113 for each text above the header of a sheet, except its heading and our hints."""
    known = {label(title) for title in titles}
    for row, line in enumerate(grid.rows[:header]):
        for column, raw in enumerate(line):
            text = text_of(raw)
            if not text.strip():
                continue
            if _is_ours(text, key, known):
                continue
            yield misplaced(grid, row, column, text, key)


def _is_ours(text: str, key: str, titles: set[str]) -> bool:
    if text in (PROSE_HINTS[key], PREVIEW_HINT):
        return True
    if is_bare_label(text, titles):
        return True
    return is_hint_with_outline(text, key)


def is_hint_with_outline(text: str, key: str) -> bool:
    """Whether a text is our hint with the outline of last year's section, and nothing behind it.

    The outline consists of sub-headings up to their first punctuation mark.
    """
    beginning = PROSE_HINTS[key] + OUTLINE_HINT
    if not text.startswith(beginning):
        return False
    rest = text.removeprefix(beginning)
    return _SENTENCE.search(rest) is None


def previewed(
    grid: Grid, key: str, column: int, start: int, texts: Iterable[str]
) -> Iterator[Finding]:
    """Texts of the 预览 column that no paragraph would give: somebody has typed them there."""
    previews: list[tuple[int, Raw]] = []
    for row in range(start, len(grid.rows)):
        raw = grid.raw(row, column)
        if raw is not None:
            previews.append((row, raw))
    if not previews:
        return
    known = [_plain(text) for text in texts]
    for row, raw in previews:
        if not _is_preview(raw, known):
            yield misplaced(grid, row, column, str(raw), key)


def _is_preview(raw: Raw, known: list[str]) -> bool:
    if isinstance(raw, ErrorValue | Uncalculated):
        return True
    if raw == 0:
        return True  # the result of a formula without a paragraph
    shown = _plain(str(raw))
    if not shown.strip():
        return True
    return any(printed_like(text, shown) for text in known)


def _plain(text: str) -> str:
    return INVISIBLE.sub("", text).replace("\r\n", "\n")
