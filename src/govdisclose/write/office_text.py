"""Word files changed so that LibreOffice sets their text as Word does. Nothing but its look
changes.

LibreOffice 7 does not read the settings of a Word file for the ends of lines and for the room
between Chinese and Latin characters.
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

from govdisclose.write.office_paragraphs import set_paragraphs
from govdisclose.write.signing import office_left_indents
from govdisclose.write.word.fonts import TEXT_FONT, digits_of_text
from govdisclose.write.word.narrow_numbers import STAND_IN, narrowed, styles_in

_STYLES, _DOCUMENT = "word/styles.xml", "word/document.xml"
_LATIN_LANGUAGE = re.compile(r'(<w:lang\b[^>]*? w:val=")en-US')
_TEXT_DIGITS = re.compile(rf'(?<= )(w:(?:ascii|hAnsi)="){TEXT_FONT}(?=")')
_EXACT_LINE = re.compile(r'(?<=<w:widowControl/>)(?=<w:spacing [^>]*w:lineRule="exact")')
_OFF_GRID = '<w:snapToGrid w:val="0"/>'
"""On the grid of lines, LibreOffice sets characters in the middle of the height that their font
declares: those of the fonts that stand in for 黑体 higher than others.
"""

_MARGINS = '<w:pgMar w:top="1984" w:right="1474" w:bottom="2098"'
_OFFICE_MARGINS = '<w:pgMar w:top="1964" w:right="1474" w:bottom="2118"'
"""Off the grid, characters stand 1 pt lower in their lines."""

_LEFT_INDENT = re.compile(r'(?<=<w:ind w:left=")\d+(?=")')


def set_as_in_word(word: bytes) -> bytes:
    """A Word file that LibreOffice sets as Word does; a damaged one is left to LibreOffice."""
    made = io.BytesIO()
    if not zipfile.is_zipfile(io.BytesIO(word)):
        return word
    styles = styles_in(word)
    with zipfile.ZipFile(io.BytesIO(word)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == _STYLES:
                content = _changed_styles(content.decode()).encode()
            elif info.filename == _DOCUMENT:
                content = _changed_document(content.decode(), styles).encode()
            new.writestr(info, content)
    return made.getvalue()


def _changed_styles(styles: str) -> str:
    """Styles with the language and the font of digits that LibreOffice needs.

    LibreOffice has the rules for the ends of lines only for Chinese text, and divides a telephone
    number otherwise.
    """
    styles = _LATIN_LANGUAGE.sub(r"\1zh-CN", styles)
    styles = _EXACT_LINE.sub(_OFF_GRID, styles)
    font = digits_of_text()
    if font:
        styles = _TEXT_DIGITS.sub(rf"\1{font}", styles)
    return _with_moved_signature(styles)


def _with_moved_signature(part: str) -> str:
    """Styles or a document with the place of name and date for a date as wide as LibreOffice sets
    it.
    """
    moved = office_left_indents()

    def left(found: re.Match[str]) -> str:
        indent = int(found[0])
        return str(moved.get(indent, indent))

    return _LEFT_INDENT.sub(left, part)


def _changed_document(document: str, styles: bytes | None) -> str:
    """A document with the spacing that LibreOffice needs, so that no line is stretched."""
    document = set_paragraphs(_with_narrow_numbers(document, styles))
    document = document.replace(_MARGINS, _OFFICE_MARGINS)
    return _with_moved_signature(document)


def _with_narrow_numbers(document: str, styles: bytes | None) -> str:
    """A document whose numbers fit their cells in the fonts that stand in for 宋体 too.

    One that no parser should see, or can read, is not changed.
    """
    if "<!DOCTYPE" in document:
        return document
    try:
        return narrowed(document, styles, STAND_IN)
    except ElementTree.ParseError:
        return document
