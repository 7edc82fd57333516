"""The shared strings of a workbook: all of them by a parser, or without one where they are plain."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.workbook.parts import NAMESPACES
from govdisclose.read.workbook.xml_parts import BrokenXmlError, as_plain, legal_text, pieces

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOT_WITHIN = 4096
"""Bytes from the start of a part within which its root element begins and ends."""
_DIGITS = 12
"""A number with more digits is larger than any file."""

MAX_STRINGS = 1_000_000
"""Shared strings of a workbook; a statutory one has some 300."""

_BLANKS = " \t\r\n"


class BadStringsError(Exception):
    """Shared strings that cannot be read. ``str(error)`` is a Chinese clause."""


class SharedStrings(NamedTuple):
    """The text of every shared string, in order.

    ``plain`` says that each is surely one run of text, which has no look of its own.
    """

    texts: list[str]
    plain: bool = True


def shared_strings(part: bytes, *, room: int) -> SharedStrings:
    """The shared strings of a part; none for an empty one. Raises ``BadStringsError``.

    ``room`` is the size of the whole workbook in bytes. The stated counts are not needed, and many
    writers state them a little wrong. A count that the workbook has no room for is refused, because
    other programs would reserve memory for as many strings.
    """
    if not part:
        return SharedStrings([])
    if _may_overstate(part, room):
        _refuse_impossible_counts(part, room)
    texts = _searched_strings(part)
    if texts is None:
        return SharedStrings(_parsed_strings(part), plain=False)
    return SharedStrings(texts)


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
                text = string_text(element, namespace)
                texts.append(text)
                if len(texts) > MAX_STRINGS:
                    raise BadStringsError(f"共享文字超过 {MAX_STRINGS} 条")
            elif element.tag != f"{namespace}extLst":
                raise BadStringsError("共享文字里有不认识的内容")
    except BrokenXmlError as error:
        raise BadStringsError("共享文字的部件不是完好的 XML") from error
    return texts


# --- stated counts ------------------------------------------------------------------------------


def _may_overstate(part: bytes, room: int) -> bool:
    """Whether a parser must look at the counts that the root states.

    It need not if every number in the tag of the root is small enough for any of them.
    """
    before, mark, rest = part[:_ROOT_WITHIN].partition(b"<sst")
    root, end, _ = rest.partition(b">")
    if not mark or not end or b"<!" in before:
        return True
    if not as_plain(part):
        return True
    if b"&" in root or b"-" in root:
        return True
    most = min(len(part), room)
    numbers = re.findall(rb"[0-9]+", root)
    return any(_is_more(number, most) for number in numbers)


def _is_more(number: str | bytes, most: int) -> bool:
    """Whether digits are a number above a limit, however many they are."""
    return len(number) > _DIGITS or int(number) > most


def _refuse_impossible_counts(part: bytes, room: int) -> None:
    """Raises ``BadStringsError`` for more strings, or more uses of them, than there can be."""
    root = _root_of(part[:_ROOT_WITHIN])
    if root is None:
        return
    limits = {"uniqueCount": len(part), "count": room}
    for name, most in limits.items():
        attribute = root.get(name, "")
        stated = attribute.strip(_BLANKS)
        is_negative = stated.startswith("-")
        too_many = stated.isdecimal() and _is_more(stated, most)
        if too_many or is_negative:
            shown = stated[:20]
            raise BadStringsError(f"共享文字写明有 {shown} 条，实际不可能有这么多")


def _root_of(start: bytes) -> Element | None:
    """The root element as the first bytes of a part state it; ``None`` if they do not."""
    element: Element
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(start), ("start",)):
            return element
    except (ElementTree.ParseError, LookupError, ValueError):
        return None  # the strings are read, and refused, elsewhere
    return None


# --- one string ---------------------------------------------------------------------------------

_ESCAPE = LazyPattern(r"_x([0-9A-Fa-f]{4})_")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def string_text(string: Element, namespace: str) -> str:
    """The text of a shared or an inline string as Excel shows it: all runs, no phonetic hints."""
    text_tag = f"{namespace}t"
    run_tag = f"{namespace}r"
    text = ""
    for child in string:
        if child.tag == text_tag:
            text += _shown(child)
        elif child.tag == run_tag:
            for piece in child.findall(text_tag):
                text += _shown(piece)
    return text


def _shown(text: Element) -> str:
    """Blanks at the ends count only if the writer says so; ``_x000D_`` is a character's number."""
    written = text.text or ""
    if text.get(_SPACE) != "preserve":
        written = written.strip(_BLANKS)
    return _unescaped(written)


def _unescaped(written: str) -> str:
    """The text with ``_x000D_`` as the character of that number."""
    if "_x" in written:
        return _ESCAPE.sub(_character, written)
    return written


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    found = chr(number)
    if "\ud800" <= found <= "\udfff":
        return match[0]
    return found


# --- without a parser ---------------------------------------------------------------------------

_HEAD = re.compile(
    rb'(?:<\?xml version="1\.0" encoding="(?i:utf-8)"(?: standalone="(?:yes|no)")?\?>[\r\n]*)?'
    rb'<sst xmlns="(?:%s)"(?: count="[0-9]*")?(?: uniqueCount="[0-9]*")?>'
    % b"|".join([re.escape(name.encode()) for name in NAMESPACES])
)
_PHONETIC = re.compile(rb"<phoneticPr [^<>&]*/>")
"""Excel for Chinese puts one into every string; it says nothing about the text."""
_FIRST, _BETWEEN, _LAST = b"<si><t", "</t></si><si><t", b"</t></si></sst>"
_PLAIN, _KEPT = ">", ' xml:space="preserve">'
"""How the tag of a text ends: blanks at the ends of the text do not count, or are kept."""
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_ENTITY = LazyPattern("&[^;]{0,5};?")


def _searched_strings(part: bytes) -> list[str] | None:
    """The text of every shared string, found by a search, which takes a fifth of a parser's time.

    ``None`` unless each string is one run of text and the part can contain nothing else.
    """
    if b"<phoneticPr" in part:
        part = _PHONETIC.sub(b"", part)
    head, _, body = part.partition(_FIRST)
    body = body.rstrip()
    if not _HEAD.fullmatch(head):
        return None
    if not body.endswith(_LAST):
        return None
    written = legal_text(body[: -len(_LAST)])
    if written is None:
        return None
    strings = written.split(_BETWEEN)
    if len(strings) > MAX_STRINGS:
        return None
    if _has_other_tags(written, len(strings)):
        return None
    texts = _texts(strings)
    if texts is None:
        return None
    return _decoded(texts, body)


def _decoded(texts: list[str], part: bytes) -> list[str] | None:
    """The texts with characters in place of entities and escapes; ``None`` if one is unknown."""
    plain: list[str] | None = texts
    if b"&" in part:
        plain = _without_entities(texts)
    if plain is not None and b"_" in part and b"_x" in part:
        plain = [_unescaped(text) for text in plain]
    return plain


def _has_other_tags(written: str, strings: int) -> bool:
    """Whether there is a tag besides those between the strings, and the end of one in each."""
    between = strings - 1
    opening = _BETWEEN.count("<") * between
    closing = _BETWEEN.count(">") * between + strings
    if written.count("<") != opening:
        return True
    return written.count(">") != closing


def _texts(strings: list[str]) -> list[str] | None:
    """The texts behind ``<t``; ``None`` if a tag has other attributes."""
    ends_of_tags = {string[:1] for string in strings}
    if ends_of_tags == {_PLAIN}:  # as in most workbooks
        return [string[1:].strip(_BLANKS) for string in strings]
    texts = []
    for string in strings:
        if string.startswith(_PLAIN):
            texts.append(string[1:].strip(_BLANKS))
        elif string.startswith(_KEPT):
            texts.append(string[len(_KEPT) :])
        else:
            return None
    return texts


def _without_entities(texts: list[str]) -> list[str] | None:
    """The texts with characters in place of entities; ``None`` if one of these is unknown."""
    plain = []
    for text in texts:
        if not _ENTITIES.keys() >= {*_ENTITY.findall(text)}:
            return None
        plain.append(_ENTITY.sub(lambda found: _ENTITIES[found[0]], text))
    return plain
