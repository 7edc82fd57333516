"""Cheap tests on CSS before it is parsed: whether it can matter, and numbers too long to convert."""

from __future__ import annotations

import re

from govdisclose.read.published.html.css_properties import HARMLESS, HARMLESS_PREFIXES, PROPERTIES

_ENDLESS = re.compile(r"([0-9]{300})[0-9]+")
_NAME = re.compile(r"(?<![a-z-])([a-z-]{1,40})[^a-z:{}]{0,20}:")


def matters(name: str) -> bool:
    """Whether a property may change how or where text is seen."""
    if name in PROPERTIES:
        return True
    return name not in HARMLESS and not name.startswith(HARMLESS_PREFIXES)


def may_matter(css: str) -> bool:
    """Whether a text may declare more than harmless properties. An escape may spell any name."""
    small = css.lower()
    if "\\" in small:
        return True
    return any(name not in HARMLESS for name in _NAME.findall(small))


def with_short_numbers(css: str) -> str:
    """The text with very long numbers shortened: Python refuses to convert them.

    The number that is left is still larger than anything a page can show.
    """
    return _ENDLESS.sub(r"\1", css)
