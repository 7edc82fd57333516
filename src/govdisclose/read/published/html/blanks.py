"""Blanks and line breaks in the text of a page, as a browser shows them."""

from __future__ import annotations

import re

_BLANKS = re.compile("[ \t\r\n\f]+")
_WRAPPED = re.compile("(?<=[\u2e80-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\uffef])")
"""A wrapped line of the source between two Chinese characters."""
_EDGE = " \xa0\u3000"


def tidy(text: str) -> str:
    """One line of text as a browser shows it; a wrapped line between Chinese characters is no
    blank.
    """
    return _BLANKS.sub(" ", _WRAPPED.sub("", text)).strip(_EDGE)


def tidy_lines(text: str) -> str:
    """Lines of text as a browser shows them, without the empty ones."""
    lines = (tidy(line) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def verbatim(text: str) -> str:
    """Text of a page of ours, blank for blank.

    Our pages break no line inside an element, so a line break was added by another program.
    """
    if "\n" not in text:
        return text
    lines = _WRAPPED.sub("", text).replace("\r", "\n").split("\n")
    inner = [line.strip(" \t\f") for line in lines[1:-1]]
    first, last = lines[0].rstrip(" \t\f"), lines[-1].lstrip(" \t\f")
    whole = [first, *inner, last]
    return " ".join(filter(None, whole))
