"""The shared strings of a workbook: all of them by a parser, or without one where they are plain."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from govdisclose.read.workbook.elements import BrokenXmlError, pieces
from govdisclose.read.workbook.parts import NAMESPACES

_HEAD = re.compile(
    rb"""\A<\?xml [^<>]*encoding=["']UTF-8["'][^<>]*\?>\s*<sst\b[^<>&]*>\Z""", re.IGNORECASE
)
_PHONETIC = re.compile(rb"<phoneticPr [^<>&]*/>")
"""Excel for Chinese puts one into every string; it says nothing of the text."""
_FIRST, _BETWEEN, _LAST = b"<si><t", b"</t></si><si><t", b"</t></si></sst>"
_OPENINGS = b"<si><t>", b'<si><t xml:space="preserve">'
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")

_ROOT_WITHIN = 4096
"""Bytes from the start of a part within which its root element begins and ends."""
_DIGITS = 12
"""A number with more digits is larger than any file."""

MAX_STRINGS = 1_000_000
"""Shared strings of a workbook; a statutory one has some 300."""


class BadStringsError(Exception):
    """Shared strings that cannot be read. ``str(error)`` is a Chinese clause."""


def shared_strings(part: bytes, *, room: int) -> list[str]:
    """The text of every shared string, in order; none for an empty part. Raises ``BadStringsError``.

    ``room`` is the size of the whole workbook in bytes. The counts that the part states are not needed, and many
    writers state them a little wrong; a count that the workbook has no room for is refused, since other programs
    would reserve memory for as many strings.
    """
    _refuse_impossible_counts(part, room)
    plain = list(map(plain_text, plain_strings(part) or ()))
    if plain and None not in plain:  # a third of the time that a parser takes
        return cast("list[str]", plain)
    return _parsed_strings(part) if part else []


def _refuse_impossible_counts(part: bytes, room: int) -> None:
    """Raises ``BadStringsError`` for stated counts of more strings, or more uses of them, than there can be."""
    root = _root_of(part[:_ROOT_WITHIN])
    if root is None:
        return
    for name, most in (("uniqueCount", len(part)), ("count", room)):
        stated = root.get(name, "").strip(_BLANKS)
        if stated.startswith("-") or (
            stated.isdecimal() and (len(stated) > _DIGITS or int(stated) > most)
        ):
            raise BadStringsError(f"共享文字写明有 {stated[:20]} 条，实际不可能有这么多")


def _root_of(start: bytes) -> Element | None:
    """The root element as the first bytes of a part state it; ``None`` where they do not."""
    element: Element
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(start), ("start",)):
            return element
    except (
        ElementTree.ParseError,
        LookupError,
        ValueError,
    ):  # the strings are read, and refused, elsewhere
        return None
    return None


def _parsed_strings(part: bytes) -> list[str]:
    texts: list[str] = []
    namespace = ""
    try:
        for parent, element in pieces(part, level=1):
            if not parent:
                namespace = element.tag.removesuffix("sst")
                if namespace not in {f"{{{known}}}" for known in NAMESPACES}:
                    raise BadStringsError("共享文字的部件不是文字清单")
            elif element.tag == f"{namespace}si":
                texts.append(string_text(element, namespace))
                if len(texts) > MAX_STRINGS:
                    raise BadStringsError(f"共享文字超过 {MAX_STRINGS} 条")
            elif element.tag != f"{namespace}extLst":
                raise BadStringsError("共享文字里有不认识的内容")
    except BrokenXmlError as error:
        raise BadStringsError("共享文字的部件不是完好的 XML") from error
    return texts


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BLANKS = " \t\r\n"


def string_text(string: Element, namespace: str) -> str:
    """The text of a shared or an inline string, its runs put together, as Excel shows it: without phonetic hints."""
    texts = []
    for child in string:
        if child.tag == f"{namespace}t":
            texts.append(child)
        elif child.tag == f"{namespace}r":
            texts += child.findall(f"{namespace}t")
    return "".join(map(_shown, texts))


def _shown(text: Element) -> str:
    """Blanks at the ends count only where the writer says so; ``_x000D_`` is the character with that number."""
    said = text.text or ""
    kept = said if text.get(_SPACE) == "preserve" else said.strip(_BLANKS)
    return _ESCAPE.sub(_character, kept) if "_x" in kept else kept


def _character(match: re.Match[str]) -> str:
    found = chr(int(match[1], 16))
    return match[0] if "\ud800" <= found <= "\udfff" else found


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
    plain = (
        string.startswith(">")
        and text.replace("\n", "").isprintable()
        and text == text.strip()
        and text
    )
    return None if not plain or "&" in text or "_x" in text or ">" in text else text
