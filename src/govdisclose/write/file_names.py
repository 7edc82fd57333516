"""File names made from agencies' names, valid on Windows, macOS and Linux."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from govdisclose.errors import UsageError
from govdisclose.form.report import AnnualReport, standard_title

_UNSAFE = r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
_RESERVED = r"(?i:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)"


def safe_name(text: str, tail: str = "") -> str:
    """``text`` as a file name without its suffix: at most 80 characters and 200 bytes, never empty.

    Two texts may give the same name: a caller that writes many files must check for that. ``tail``
    is the end of the name; it is kept whole up to 60 characters and 150 bytes.
    """
    tail = _fitting(tail, 60, 150)
    characters = 80 - len(tail)
    size = 200 - len(tail.encode())
    start = _fitting(text, characters, size)
    name = (start + tail).strip(" .")
    if not name or re.match(_RESERVED, name):
        return f"_{name}"
    return name


def report_name(report: AnnualReport, *, draft: bool = False, suffix: str = ".docx") -> str:
    """The file name of a report, safe on every system."""
    stem = report_stem(report.agency.name, report.year, draft=draft)
    return stem + suffix


def report_stem(agency: str, year: int | None, *, draft: bool = False, tail: str = "") -> str:
    """The same name without its suffix; ``tail`` tells apart reports of agencies with one name.

    If the name is too long for a file, the agency's part is shortened, never the year.
    """
    ending = standard_title("", year)
    if draft:
        ending += "（草稿）"
    return safe_name(agency or "未填机关名称", ending + tail)


def refuse_ending(path: Path, *endings: str) -> None:
    """Raise ``UsageError`` for a path whose name does not end with one of ``endings``.

    Programs would not open a file with such a name.
    """
    name = path.name.lower()
    if name in endings or not name.endswith(endings):
        allowed = "、".join(endings)
        raise UsageError(f"{path.name} 的扩展名不对，应为 {allowed}")


def _fitting(text: str, characters: int, size: int) -> str:
    """The beginning of ``text`` within a number of characters and of bytes, without unsafe ones."""
    composed = unicodedata.normalize("NFC", text)
    safe = re.sub(_UNSAFE, "_", composed)
    encoded = safe[:characters].encode()
    return encoded[:size].decode(errors="ignore")
