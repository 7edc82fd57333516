"""Compare the text of a Word file with the text of its PDF: the PDF must contain all of it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from pypdf import PdfReader

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH = f"{_WORD}p"
_BOX = f"{_WORD}txbxContent"
_FIELDS = (f"{_WORD}fldChar", f"{_WORD}fldSimple")
_SAME_LINE = 0.5
"""Greatest distance in points between the baselines of texts on one line."""

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"))
"""Categories of characters without a glyph of their own.

Private use is not among them: rare characters of names are often written with it.
"""


@frozen
class WordText:
    """The paragraphs with text of a Word file: those of the page in order, and those in text boxes.

    Both are ``bare``.
    """

    lines: tuple[str, ...]
    boxed: tuple[str, ...]

    def lost(self, pdf: PdfText, ignored: Collection[str] = ()) -> str:
        """The first paragraph that is not complete in the text of a PDF; empty if all are.

        The text of the PDF is in the same order and may contain more (page numbers, headers).
        Characters in ``ignored`` are not searched.
        """
        place = _TextPosition(pdf.lines)
        for line in self.lines:
            searched = _without(line, ignored)
            if not place.take_all(searched):
                return line
        for line in self.boxed:
            searched = _without(line, ignored)
            if not _has_box(pdf, searched):
                return line
        return ""


@frozen
class PdfText:
    """The bare text of a PDF: for each line, the texts in its fonts.

    A character that the font of a line lacks is drawn in another font after the rest of the line.
    So only texts in one font are drawn in reading order.
    """

    lines: tuple[tuple[str, ...], ...]

    @property
    def characters(self) -> frozenset[str]:
        """Every character in the PDF."""
        found: set[str] = set()
        for line in self.lines:
            found.update(*line)
        return frozenset(found)


class _TextPosition:
    """A position in a PDF: a line, and the rest of each of its texts."""

    def __init__(self, lines: Sequence[tuple[str, ...]]) -> None:
        self._following = iter(lines)
        self._rest: list[str] = []

    def take_all(self, text: str) -> bool:
        """Read on past every character of ``text``; whether all were found."""
        return all(self._take(character) for character in text)

    def _take(self, character: str) -> bool:
        """Read on past the next ``character``; whether there is one."""
        while not self._take_in_line(character):
            following = next(self._following, None)
            if following is None:
                return False
            self._rest = list(following)
        return True

    def _take_in_line(self, character: str) -> bool:
        """Take the character from the text of the line in which it comes first."""
        found = []
        for number, text in enumerate(self._rest):
            place = text.find(character)
            if place >= 0:
                found.append((place, number))
        if not found:
            return False
        place, number = min(found)
        text = self._rest[number]
        self._rest[number] = text[place + 1 :]
        return True


def _has_box(pdf: PdfText, text: str) -> bool:
    """Whether the text of a box, which may be anywhere on its page, is there from some line on."""
    first = text[:1]
    for number, line in enumerate(pdf.lines):
        if first in "".join(line):
            place = _TextPosition(pdf.lines[number:])
            if place.take_all(text):
                return True
    return False


@define
class _PdfLine:
    """A line of a PDF being read: its baseline, and its texts by the names of their fonts."""

    height: float
    texts: dict[str, str] = field(factory=dict)

    def add(self, text: str, font: str) -> None:
        """Add text behind what is there in the same font."""
        before = self.texts.get(font, "")
        self.texts[font] = before + text


def read_pdf(reader: PdfReader) -> PdfText:
    """The text of all pages."""
    lines: list[_PdfLine] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, _size: float) -> None:
        plain = bare(text)
        if not plain:
            return
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if not lines or abs(height - lines[-1].height) > _SAME_LINE:
            lines.append(_PdfLine(height))
        properties = font or {}
        name = str(properties.get("/BaseFont"))
        lines[-1].add(plain, name)

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    return PdfText(tuple(tuple(line.texts.values()) for line in lines))


def bare(text: str) -> str:
    """Text for comparison: without blanks, marks and controls, and normalized (NFKC)."""
    normalized = unicodedata.normalize("NFKC", text)
    seen = [char for char in normalized if unicodedata.category(char) not in _UNSEEN]
    return "".join(seen)


def read_word(word: bytes) -> WordText:
    """The text of the pages of a Word file.

    Headers, footers, hidden text and paragraphs with fields are left out.
    """
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        content = archive.read("word/document.xml")
    parser = etree.XMLParser(resolve_entities=False)
    root = etree.fromstring(content, parser)
    lines: list[str] = []
    boxed: list[str] = []
    for paragraph in root.iter(_PARAGRAPH):
        text = _own_text(paragraph)
        line = bare(text)
        above = {element.tag for element in paragraph.iterancestors()}
        if not line or _FALLBACK in above:
            continue
        if _BOX in above:
            boxed.append(line)
        else:
            lines.append(line)
    return WordText(tuple(lines), tuple(boxed))


def _own_text(paragraph: Element) -> str:
    """The text of a paragraph without its text boxes; empty if it has a field.

    The result of a field, for example a page number, may differ in the PDF.
    """
    if next(paragraph.iter(*_FIELDS), None) is not None:
        return ""
    texts = []
    for text in paragraph.iter(f"{_WORD}t"):
        nearest = next(text.iterancestors(_PARAGRAPH))
        if nearest is paragraph and not _is_hidden(text):
            texts.append(text.text or "")
    return "".join(texts)


def _is_hidden(text: Element) -> bool:
    run = text.getparent()
    if run is None:
        return False
    return run.find(f"{_WORD}rPr/{_WORD}vanish") is not None


def _without(text: str, ignored: Collection[str]) -> str:
    if not ignored:
        return text
    others = [char for char in text if char not in ignored]
    return "".join(others)
