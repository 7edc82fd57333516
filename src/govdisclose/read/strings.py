"""The shared strings of a workbook, where they are plain; anything else is left to a parser."""

from __future__ import annotations

import re
from functools import lru_cache

_HEAD = re.compile(rb"""\A<\?xml [^<>]*encoding=["']UTF-8["'][^<>]*\?>\s*<sst\b[^<>&]*>\Z""", re.IGNORECASE)
_PHONETIC = re.compile(rb"<phoneticPr [^<>&]*/>")
"""Excel for Chinese puts one into every string; it says nothing of the text."""
_FIRST, _BETWEEN, _LAST = b"<si><t", b"</t></si><si><t", b"</t></si></sst>"
_OPENINGS = b"<si><t>", b'<si><t xml:space="preserve">'
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")


def plain_strings(part: bytes) -> list[str] | None:
    """What stands in each ``<t``…``</t>`` of ``xl/sharedStrings.xml``, attributes and all; see ``plain_text``.

    ``None`` unless every string is one plain run of text: then nothing else can stand in the part.
    """
    if b"<phoneticPr" in part:
        part = _PHONETIC.sub(b"", part)
    head, _, body = part.partition(_FIRST)
    body = body.rstrip()
    if not _HEAD.match(head) or not body.endswith(_LAST) or _ENTITY.search(body):
        return None
    strings = body[: -len(_LAST)].split(_BETWEEN)
    tags = _BETWEEN.count(b"<") * (len(strings) - 1) + _LAST.count(b"<")
    if body.count(b"<") != tags or sum(map(part.count, _OPENINGS)) != len(strings):
        return None
    try:
        return body[: -len(_LAST)].decode().split(_BETWEEN.decode())
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=512)
def plain_text(string: str) -> str | None:
    """The text of one of ``plain_strings``, where no two readers could differ on it: no escapes, no odd blanks."""
    text = string[1:]
    plain = string.startswith(">") and text.replace("\n", "").isprintable() and text == text.strip() and text
    return None if not plain or "&" in text or "_x" in text or ">" in text else text
