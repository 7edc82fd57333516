"""Compare the text of a Word file with the text of its PDF: the PDF must contain all of it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from pypdf import PdfReader

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
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
            if not place.take_all(_without(line, ignored)):
                return line
        for line in self.boxed:
            if not _has_box(pdf, _without(line, ignored)):
                return line
        return ""


@frozen
class PdfText:
    """The bare text of a PDF: for each line, the texts in its fonts.

    A character that the font of a line lacks is drawn in another font after the rest of the line. So
    only texts in one font are drawn in reading order.
    """

    lines: tuple[tuple[str, ...], ...]

    @property
    def characters(self) -> frozenset[str]:
        """Every character in the PDF."""
        return frozenset("".join("".join(line) for line in self.lines))


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
            if character in text:
                found.append((text.index(character), number))
        if not found:
            return False
        skipped, number = min(found)
        self._rest[number] = self._rest[number][skipped + 1 :]
        return True


def _has_box(pdf: PdfText, text: str) -> bool:
    """Whether the text of a box, which may be anywhere on its page, is there from some line on."""
    for number, line in enumerate(pdf.lines):
        if text[:1] in "".join(line):
            place = _TextPosition(pdf.lines[number:])
            if place.take_all(text):
                return True
    return False


def read_pdf(reader: PdfReader) -> PdfText:
    """The text of all pages."""
    lines: list[tuple[float, dict[str, str]]] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, _size: float) -> None:
        plain = bare(text)
        if not plain:
            return
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if not lines or abs(height - lines[-1][0]) > _SAME_LINE:
            lines.append((height, {}))
        _, line = lines[-1]
        name = str((font or {}).get("/BaseFont"))
        line[name] = line.get(name, "") + plain

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    return PdfText(tuple(tuple(line.values()) for _, line in lines))


def bare(text: str) -> str:
    """Text for comparison: without blanks, marks and controls, and normalized (NFKC)."""
    normalized = unicodedata.normalize("NFKC", text)
    return "".join(c for c in normalized if unicodedata.category(c) not in _UNSEEN)


def read_word(word: bytes) -> WordText:
    """The text of the pages of a Word file.

    Headers, footers, hidden text and paragraphs with fields are left out.
    """
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        content = archive.read("word/document.xml")
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    lines: list[str] = []
    boxed: list[str] = []
    for paragraph in root.iter(f"{_WORD}p"):
        line = bare(_own_text(paragraph))
        above = {element.tag for element in paragraph.iterancestors()}
        if not line or _FALLBACK in above:
            continue
        if f"{_WORD}txbxContent" in above:
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
        is_own = next(text.iterancestors(f"{_WORD}p")) is paragraph
        if is_own and not _is_hidden(text):
            texts.append(text.text or "")
    return "".join(texts)


def _is_hidden(text: Element) -> bool:
    run = text.getparent()
    return run is not None and run.find(f"{_WORD}rPr/{_WORD}vanish") is not None


def _without(text: str, ignored: Collection[str]) -> str:
    if not ignored:
        return text
    return "".join(character for character in text if character not in ignored)
