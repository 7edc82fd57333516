"""The fonts of this machine, as fontconfig knows them; Windows and macOS have no fontconfig."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from functools import cache

TITLE_FONT = "方正小标宋简体"
TEXT_FONT = "仿宋_GB2312"
FONTS = (TITLE_FONT, "黑体", "楷体_GB2312", TEXT_FONT, "宋体")
"""The fonts that the packaged templates name (GB/T 9704-2012)."""

_FANGSONG = (TEXT_FONT, "仿宋", "FangSong")
_LIGHT_DIGITS = "AR PL SungtiL GB"
_SECONDS = 30


@cache
def _asked(*query: str) -> str | None:
    """The output of ``fc-list``, or ``None`` if the program is missing."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    try:
        return subprocess.run(
            [program, *query],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None


def missing_fonts() -> tuple[str, ...] | None:
    """Which of ``FONTS`` are not installed; ``None`` when this machine cannot say."""
    listed = _asked(":", "family")
    return None if listed is None else tuple(font for font in FONTS if font not in listed)


def digits_of_text() -> str | None:
    """The font for digits and Latin letters in text where no 仿宋 is installed; ``None`` if it needs
    none.

    FandolFang, which is used then, has digits twice as heavy as its characters.
    """
    listed = _asked(":", "family")
    if listed is None or any(font in listed for font in _FANGSONG):
        return None
    return _LIGHT_DIGITS if _LIGHT_DIGITS in listed else None


def digits_are_half_as_wide() -> bool:
    """Whether digits and Latin letters of text are surely half as wide as its characters."""
    listed = _asked(":", "family")
    return listed is not None and any(font in listed for font in (*_FANGSONG, _LIGHT_DIGITS))


def without_glyph(characters: Iterable[str]) -> str | None:
    """The characters that no font of this machine can show; ``None`` if it cannot say."""
    if _asked(":", "family") is None:
        return None
    return "".join(c for c in characters if not _asked(f":charset={ord(c):x}", "family"))
