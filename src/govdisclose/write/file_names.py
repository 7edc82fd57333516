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

    Two texts may give the same name; who writes many files must watch for that, and may end them with
    a ``tail`` that is kept whole as long as it leaves a quarter of the room.
    """
    tail = _fitting(tail, 60, 150)
    name = _fitting(text, 80 - len(tail), 200 - len(tail.encode())) + tail
    name = name.strip(" .")
    return f"_{name}" if not name or re.match(_RESERVED, name) else name


def report_name(report: AnnualReport, *, draft: bool = False, suffix: str = ".docx") -> str:
    """The file name of a report, safe on every system."""
    return report_stem(report.agency.name, report.year, draft=draft) + suffix


def report_stem(agency: str, year: int | None, *, draft: bool = False, tail: str = "") -> str:
    """That name without its suffix; ``tail`` tells apart reports of agencies with the same name.

    Where the name is too long for a file, the agency's part is cut short, never the year.
    """
    mark = "（草稿）" if draft else ""
    return safe_name(agency or "未填机关名称", standard_title("", year) + mark + tail)


def refuse_ending(path: Path, *endings: str) -> None:
    """Raise ``UsageError`` for a file under whose name no program would open what is to be written."""
    name = path.name.lower()
    if name in endings or not name.endswith(endings):
        raise UsageError(f"{path.name} 的扩展名不对，应为 {'、'.join(endings)}")


def _fitting(text: str, characters: int, size: int) -> str:
    name = re.sub(_UNSAFE, "_", unicodedata.normalize("NFC", text))[:characters]
    return name.encode()[:size].decode(errors="ignore")
