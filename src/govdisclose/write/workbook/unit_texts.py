"""各单位文字: the units' paragraphs of the prose sections side by side, to write the report from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from attrs import frozen

from govdisclose.form.report import SECTIONS, Prose
from govdisclose.form.sheets import UNIT_TEXTS_SHEET
from govdisclose.write.workbook.writer import HINT_ROW, TOP_ROW, WorkbookWriter

TEXT_SECTIONS = tuple(section for section in SECTIONS if not section.is_table)
_COLUMNS = ("单位", *(section.sheet for section in TEXT_SECTIONS))
_WIDTHS = (18, *[42] * len(TEXT_SECTIONS))

_PIECE = 350
"""Characters that a cell shows: a row is never higher than 409 points."""

_SENTENCE = re.compile(r"[^。；！？]*[。；！？]?")
_HINT = (
    "各单位报告中一、五、六部分的文字，供撰写本级报告参考，不是本级报告的内容，不会读入报告。"
    "一段一行；很长的段落接着写在下一行。供在电脑上查看，打印时只印这段说明。"
)


@frozen
class UnitTexts:
    """The prose of one unit: a section for each of ``TEXT_SECTIONS``."""

    name: str
    sections: tuple[Prose, ...]


def unit_texts_page(workbook: WorkbookWriter, units: Sequence[UnitTexts]) -> None:
    """Write one paragraph a row, the sections beside each other; nothing is cut off."""
    page = workbook.page(UNIT_TEXTS_SHEET, _WIDTHS, landscape=True)
    page.head(UNIT_TEXTS_SHEET, _HINT, len(_COLUMNS))
    page.row(TOP_ROW, _COLUMNS, "header")
    page.sheet.set_row(TOP_ROW, 24)
    rows = list(chain.from_iterable(map(_rows, units)))
    page.lines(TOP_ROW + 1, rows, "plain", "text", "top")
    page.print_columns(HINT_ROW, len(_COLUMNS))
    page.sheet.freeze_panes(TOP_ROW + 1, 1)
    page.filter(TOP_ROW, len(rows))
    bottom = TOP_ROW + max(1, len(rows))
    page.keep_texts(f"A1:D{bottom + 1}")
    page.sheet.set_tab_color("#9AA3AF")


def _rows(unit: UnitTexts) -> Iterator[tuple[str, ...]]:
    """The rows of a unit, each with its name, so that a filter finds all of them."""
    columns = [list(_pieces(prose)) for prose in unit.sections]
    for cells in zip_longest(*columns, fillvalue=""):
        yield unit.name, *cells


def _pieces(prose: Prose) -> Iterator[str]:
    """The paragraphs, long ones in several pieces."""
    for paragraph in prose:
        for line in paragraph.text.split("\n"):
            yield from split_text(line)


def split_text(text: str) -> Iterator[str]:
    """A text in pieces that a cell can show, cut after a sentence where that is possible.

    Joined, the pieces are the text.
    """
    piece = ""
    for sentence in _SENTENCE.findall(text):
        if len(piece) + len(sentence) > _PIECE and piece:
            yield piece
            piece = ""
        piece += sentence
        while len(piece) > _PIECE:
            yield piece[:_PIECE]
            piece = piece[_PIECE:]
    if piece:
        yield piece
