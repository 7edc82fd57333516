"""The text of a Word file held against that of its PDF: nothing may be lost on the way."""

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
_SAME_LINE = 0.5
"""Points between the baselines of what stands on one line."""
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"))
"""Kinds of characters without a picture of their own. Private ones stay: rare names are often written in them."""


@frozen
class WordText:
    """The paragraphs of a Word file that have text, bare: those of the page in order, those in text boxes apart."""

    lines: tuple[str, ...]
    boxed: tuple[str, ...]

    def lost(self, pdf: PdfText, ignored: Collection[str] = ()) -> str:
        """The first paragraph that is not whole in the text of a PDF, or nothing.

        A PDF says more (page numbers, headers) but nothing less, and in the same order. ``ignored``
        characters are not looked for.
        """
        place = _Place(pdf.lines)
        for line in self.lines:
            if not all(place.take(character) for character in line if character not in ignored):
                return line
        return next(
            (line for line in self.boxed if not _boxed_in(pdf, _without(line, ignored))), ""
        )


@frozen
class PdfText:
    """The bare text of a PDF, line by line; of each line the texts in its fonts, one after the other.

    A character that a line's own font lacks is drawn in another one, when the rest of the line has been
    drawn: only within one font is the order of drawing that of reading.
    """

    lines: tuple[tuple[str, ...], ...]

    @property
    def characters(self) -> frozenset[str]:
        """Every character there is."""
        return frozenset("".join("".join(line) for line in self.lines))


class _Place:
    """How far a PDF has been read: a line, and what is left of its texts."""

    def __init__(self, lines: Sequence[tuple[str, ...]]) -> None:
        self._following = iter(lines)
        self._left: list[str] = []

    def take(self, character: str) -> bool:
        """Read on to the next such character; whether there is one."""
        while True:
            found = [
                (text.index(character), i) for i, text in enumerate(self._left) if character in text
            ]
            if found:
                skipped, number = min(found)
                self._left[number] = self._left[number][skipped + 1 :]
                return True
            following = next(self._following, None)
            if following is None:
                return False
            self._left = list(following)


def _boxed_in(pdf: PdfText, text: str) -> bool:
    """Whether the text of a box, which is drawn anywhere on its page, follows from some line on."""
    for number, line in enumerate(pdf.lines):
        if text[:1] in "".join(line):
            place = _Place(pdf.lines[number:])
            if all(place.take(character) for character in text):
                return True
    return False


def read_pdf(reader: PdfReader) -> PdfText:
    """The text of all pages."""
    lines: list[tuple[float, dict[str, str]]] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, _size: float) -> None:
        if plain := bare(text):
            height, name = tm[4] * cm[1] + tm[5] * cm[3] + cm[5], str((font or {}).get("/BaseFont"))
            if not lines or abs(height - lines[-1][0]) > _SAME_LINE:
                lines.append((height, {}))
            line = lines[-1][1]
            line[name] = line.get(name, "") + plain

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    return PdfText(tuple(tuple(line.values()) for _, line in lines))


def bare(text: str) -> str:
    """Text without blanks, marks and controls, in one form of each character: what can be compared."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in _UNSEEN
    )


def read_word(word: bytes) -> WordText:
    """The text of a Word file's pages: not of its headers and footers, nor what is hidden or counted by a field."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        root = etree.fromstring(
            archive.read("word/document.xml"), etree.XMLParser(resolve_entities=False)
        )
    lines: list[str] = []
    boxed: list[str] = []
    for paragraph in root.iter(f"{_WORD}p"):
        line = bare(_own_text(paragraph))
        above = {element.tag for element in paragraph.iterancestors()}
        if line and _FALLBACK not in above:
            (boxed if f"{_WORD}txbxContent" in above else lines).append(line)
    return WordText(tuple(lines), tuple(boxed))


def _own_text(paragraph: Element) -> str:
    """The text of a paragraph, without that of text boxes anchored in it; none where a field counts."""
    if any(
        next(paragraph.iter(f"{_WORD}{field}"), None) is not None
        for field in ("fldChar", "fldSimple")
    ):
        return ""
    return "".join(
        text.text or ""
        for text in paragraph.iter(f"{_WORD}t")
        if next(text.iterancestors(f"{_WORD}p")) is paragraph and not _is_hidden(text)
    )


def _is_hidden(text: Element) -> bool:
    run = text.getparent()
    return run is not None and run.find(f"{_WORD}rPr/{_WORD}vanish") is not None


def _without(text: str, ignored: Collection[str]) -> str:
    return "".join(c for c in text if c not in ignored) if ignored else text
