"""Blanks and line breaks in the text of a page, as a browser shows them."""

from __future__ import annotations

import re

_BLANKS = re.compile("[ \t\r\n\f]+")
_WRAPPED = re.compile("(?<=[\u2e80-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\uffef])")
"""A wrapped line of the source between two Chinese characters."""
_EDGE = " \xa0\u3000"
_INDENT = " \t\f"


def tidy(text: str) -> str:
    """One line of text as a browser shows it; a break between Chinese characters is no blank."""
    unwrapped = _WRAPPED.sub("", text)
    return _BLANKS.sub(" ", unwrapped).strip(_EDGE)


def tidy_lines(text: str) -> str:
    """Lines of text as a browser shows them, without the empty ones."""
    lines = map(tidy, text.split("\n"))
    return "\n".join(filter(None, lines))


def verbatim(text: str) -> str:
    """Text of a page of ours, blank for blank.

    Our pages break no line inside an element, so a line break was added by another program.
    """
    if "\n" not in text:
        return text
    unwrapped = _WRAPPED.sub("", text).replace("\r", "\n")
    if "\n" not in unwrapped:
        return unwrapped
    first, *middle, last = unwrapped.split("\n")
    pieces = [first.rstrip(_INDENT)]
    for line in middle:
        pieces.append(line.strip(_INDENT))
    pieces.append(last.lstrip(_INDENT))
    return " ".join(filter(None, pieces))
