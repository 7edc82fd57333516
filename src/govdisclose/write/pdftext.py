"""The text of a Word file held against that of its PDF: nothing may be lost on the way."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Collection
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"))
"""Kinds of characters without a picture of their own. Private ones stay: rare names are often written in them."""


@frozen
class WordText:
    """The paragraphs of a Word file that have text, bare: those of the page in order, those in text boxes apart."""

    lines: tuple[str, ...]
    boxed: tuple[str, ...]

    def lost(self, pdf: str, ignored: Collection[str] = ()) -> str:
        """The first paragraph that is not whole in the bare text of a PDF, or nothing.

        A PDF says more (page numbers, headers) but nothing less, and in the same order. ``ignored``
        characters are not looked for.
        """
        at = 0
        for line in self.lines:
            for character in line:
                if character not in ignored:
                    at = pdf.find(character, at) + 1
                    if not at:
                        return line
        return next((line for line in self.boxed if _without(line, ignored) not in _without(pdf, ignored)), "")


def bare(text: str) -> str:
    """Text without blanks, marks and controls, in one form of each character: what can be compared."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in _UNSEEN)


def read_word(word: bytes) -> WordText:
    """The text of a Word file's pages: not of its headers and footers, nor what is hidden or counted by a field."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"), etree.XMLParser(resolve_entities=False))
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
    if any(next(paragraph.iter(f"{_WORD}{field}"), None) is not None for field in ("fldChar", "fldSimple")):
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
