"""Patterns that are compiled when they are first used.

Compiling all patterns takes an eighth of a short run, and an ordinary workbook needs a part of
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class LazyPattern:
    """A regular expression with the methods of ``re.Pattern`` that this package uses.

    After its first use each method is the compiled pattern's own, and costs no extra call.
    """

    def __init__(self, text: str, flags: int = 0) -> None:
        self.text = text
        self.flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.text, self.flags)

    @cached_property
    def search(self) -> Callable[[str], re.Match[str] | None]:
        """As ``re.Pattern.search``."""
        return self.compiled.search

    @cached_property
    def match(self) -> Callable[[str], re.Match[str] | None]:
        """As ``re.Pattern.match``."""
        return self.compiled.match

    @cached_property
    def fullmatch(self) -> Callable[[str], re.Match[str] | None]:
        """As ``re.Pattern.fullmatch``."""
        return self.compiled.fullmatch

    @cached_property
    def finditer(self) -> Callable[[str], Iterator[re.Match[str]]]:
        """As ``re.Pattern.finditer``."""
        return self.compiled.finditer

    @cached_property
    def findall(self) -> Callable[[str], list[str]]:
        """As ``re.Pattern.findall``, for patterns with one group at most."""
        return self.compiled.findall

    @cached_property
    def sub(self) -> Callable[[str | Callable[[re.Match[str]], str], str], str]:
        """As ``re.Pattern.sub``."""
        return self.compiled.sub

    @cached_property
    def split(self) -> Callable[[str], list[str]]:
        """As ``re.Pattern.split``, for patterns without groups."""
        return self.compiled.split
