"""File names made from agencies' names, valid on Windows, macOS and Linux."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
_RESERVED = r"(?i:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)"


def safe_name(text: str) -> str:
    """``text`` as a file name without its suffix: at most 80 characters and 200 bytes, never empty.

    Two texts may give the same name; who writes many files must watch for that.
    """
    name = re.sub(_UNSAFE, "_", unicodedata.normalize("NFC", text))[:80]
    name = name.encode()[:200].decode(errors="ignore").strip(" .")
    return f"_{name}" if not name or re.match(_RESERVED, name) else name
