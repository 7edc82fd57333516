"""Pages of documents as LibreOffice sets them: characters and lines with their places, measured from the PDF.

Lengths are points from the top left corner of the page, unless a name says millimetres.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from ctypes import c_double, c_int, create_string_buffer
from functools import cache, cached_property
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch

import pdfplumber
import pypdfium2
from attrs import define
from pypdfium2 import raw

from govdisclose.write.office import convert
from support.office import FONTS

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, TOP, RIGHT, BOTTOM = 28 * MM, 37 * MM, 184 * MM, 262 * MM
"""The edges of the text area, 156 mm by 225 mm, in which the characters are."""

TOP_MARGIN = 35 * MM
"""Where the first line begins, with the space above its characters."""

PITCH = 28.95
"""From a line to the next: the height of a line in whole twips."""

FIRST_BASELINE = TOP_MARGIN + 0.78 * PITCH
"""The baseline of the first line of a page, in the middle of the height that a font declares."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@define
class Line:
    """The characters of one line, from the left."""

    chars: list[Any]

    @property
    def text(self) -> str:
        """Its text, without blanks."""
        return squeezed("".join(c["text"] for c in self.chars))

    @property
    def top(self) -> float:
        return float(min(c["top"] for c in self.chars))

    @property
    def left(self) -> float:
        return float(self.chars[0]["x0"])

    @property
    def right(self) -> float:
        return float(self.chars[-1]["x1"])


@define(slots=False)
class Page:
    """One page: all its visible characters, and the boxes of its table cells."""

    number: int
    width: float
    height: float
    chars: list[Any]
    edges: list[Any]
    tables: list[list[Box]]

    @cached_property
    def footer(self) -> list[Line]:
        """The lines below the text area."""
        return _lines([c for c in self.chars if c["top"] >= BOTTOM])

    @cached_property
    def text(self) -> list[Line]:
        """The lines of the text area outside tables."""
        boxes = [box for table in self.tables for box in table]
        return _lines(
            [
                c
                for c in self.chars
                if c["top"] < BOTTOM and not any(_within(c, box) for box in boxes)
            ]
        )

    @cached_property
    def cells(self) -> list[list[tuple[Box, list[Any]]]]:
        """For each table the box of every cell with the characters whose middle lies in it."""
        return [
            [(box, [c for c in self.chars if _within(c, box)]) for box in table]
            for table in self.tables
        ]


def baseline(page: Page, line: Line) -> float:
    """Where the characters of a line stand, from the top of the page."""
    (height,) = {round(c["matrix"][5], 1) for c in line.chars}
    return page.height - float(height)


def squeezed(text: str) -> str:
    """``text`` without blanks: where a line was justified, they are not characters of the PDF."""
    return re.sub(r"\s+", "", text)


def common(text: str) -> str:
    """The Chinese characters of ``text`` that every Chinese font has."""
    return re.sub("[^\u4e00-\u9fff]", "", text.encode("gb2312", "ignore").decode("gb2312"))


def label_air(page: Page) -> list[tuple[str, float, float]]:
    """Every label in the tables of a page with the millimetres to the rules left and right of it."""
    found = []
    for table in page.cells:
        for box, chars in table:
            text = "".join(c["text"] for c in chars)
            if common(text):
                left = min(c["x0"] for c in chars) - box[0]
                right = box[2] - max(c["x1"] for c in chars)
                found.append((text, left / MM, right / MM))
    return found


def _within(char: Any, box: Box) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] < x < box[2] and box[1] < y < box[3])


def _lines(chars: list[Any]) -> list[Line]:
    """Characters whose middles are less than half a line apart are on one line."""
    lines: list[list[Any]] = []
    last = float("-inf")
    for char in sorted(chars, key=lambda c: c["top"] + c["bottom"]):
        middle = (char["top"] + char["bottom"]) / 2
        if middle - last > 8:
            lines.append([])
            last = middle
        lines[-1].append(char)
    return [Line(sorted(line, key=lambda c: c["x0"])) for line in lines]


def as_pages(documents: Mapping[str, bytes], folder: Path) -> dict[str, list[Page]]:
    """The pages of documents by their names, in the fonts of the tests."""
    return {name: read_pages(pdf) for name, pdf in set_pages(documents, folder).items()}


def set_pages(documents: Mapping[str, bytes], folder: Path) -> dict[str, Path]:
    """The PDFs of documents by their names, made by the step that makes a PDF, in ``folder``."""
    with patch.dict(os.environ, FONTCONFIG_FILE=str(FONTS)):
        made = convert(list(documents.values()), seconds=300)
    pdfs = {name: folder / f"{name}.pdf" for name in documents}
    for path, pdf in zip(pdfs.values(), made, strict=True):
        assert isinstance(pdf, bytes), pdf
        path.write_bytes(pdf)
    return pdfs


def read_pages(
    source: Path | BinaryIO, wanted: Callable[[Any], bool] = lambda page: True
) -> list[Page]:
    """The pages of a PDF that are wanted, by their numbers and sizes: reading one takes time.

    Where nothing is drawn, there is no table to be measured, and PDFium finds the same characters.
    """
    with pdfplumber.open(source) as pdf, closing(pypdfium2.PdfDocument(source)) as document:
        found = []
        for page in pdf.pages:
            if wanted(page):
                same = document[page.page_number - 1]
                drawn = _is_drawn_on(same) or _has_rare_letters(same)
                found.append(_page(page) if drawn else _text_page(same, page.page_number))
    return found


def _is_drawn_on(page: Any) -> bool:
    """Whether there is a line or an area on a page of PDFium's."""
    return any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]))


def _has_rare_letters(page: Any) -> bool:
    """Whether PDFium tells some characters in two halves, which are then no letters."""
    text = page.get_textpage()
    return any(
        0xD800 <= raw.FPDFText_GetUnicode(text, at) < 0xE000 for at in range(text.count_chars())
    )


def last_page(pdf: bytes) -> Page:
    """The last page of a PDF, without the boxes of its tables."""
    (page,) = last_pages(pdf, 1)
    return page


def last_pages(pdf: bytes, number: int) -> list[Page]:
    """The last pages of a PDF, without the boxes of their tables."""
    return text_pages(pdf, slice(-number, None))


def text_pages(pdf: bytes, wanted: slice) -> list[Page]:
    """Some pages of a PDF with their characters alone, which PDFium reads ten times as fast."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        numbers = range(len(document))[wanted]
        return [_text_page(document[number], number + 1) for number in numbers]


def _text_page(page: Any, number: int) -> Page:
    width, height = page.get_size()
    text = page.get_textpage()
    chars = [_text_char(text, at, height) for at in range(text.count_chars())]
    visible = [char for char in chars if char["text"].strip()]
    return Page(number, width, height, visible, edges=[], tables=[])


def _text_char(text: Any, at: int, height: float) -> dict[str, Any]:
    """A character with its sides; its top and bottom follow from its size, which all fonts share.

    Of the matrix that pdfplumber has too, only the place of the character is meant.
    """
    left, _, right, _ = text.get_charbox(at, loose=True)
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(text, at, x, y)
    bottom = height - y.value
    size = raw.FPDFText_GetFontSize(text, at)
    letter = chr(raw.FPDFText_GetUnicode(text, at))
    sides = {"x0": left, "x1": right, "top": bottom - size, "bottom": bottom}
    matrix = (1, 0, 0, 1, x.value, y.value)
    return {
        "text": letter,
        "size": size,
        "fontname": _font_name(text, at),
        "matrix": matrix,
        **sides,
    }


def _font_name(text: Any, at: int) -> str:
    """The name of the font of a character."""
    name = create_string_buffer(256)
    raw.FPDFText_GetFontInfo(text, at, name, len(name), c_int())
    return name.value.decode()


def _page(page: Any) -> Page:
    chars = [c for c in page.chars if c["text"].strip()]
    tables = [table.cells for table in page.find_tables()]
    return Page(page.page_number, float(page.width), float(page.height), chars, page.edges, tables)


@cache
def stand_in(family: str) -> str:
    """The face in which ``family`` is set here, as a PDF names it."""
    command = ["fc-match", "-f", "%{postscriptname}", family]
    found = subprocess.run(
        command,
        env={**os.environ, "FONTCONFIG_FILE": str(FONTS)},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return face(found.stdout)


def face(name: str) -> str:
    """The name of a face without what differs between members of one font collection."""
    plain = name.partition("+")[2] or name
    return re.sub(r"CJK\w*-(\w+)(-VKana)?", r"CJK-\1", plain)
