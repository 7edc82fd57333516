"""The bytes of a web page → its text, in any encoding that a site sends."""

from __future__ import annotations

import codecs
import re

from attrs import frozen

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.rules.importing import I130

_DECLARATION = re.compile(rb"<meta[^>]{0,200}?charset\s*=[\s\"']*([\w-]+)", re.I)
_DECLARED_WITHIN = 4096
"""Bytes in which a browser looks for the declaration."""
_DEFAULT = "gb18030"
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNREADABLE = "\ufffd"


@frozen
class Decoded:
    """A decoded page, with a finding when some bytes could not be read."""

    text: str
    findings: tuple[Finding, ...] = ()


def decode(data: bytes, file: str) -> Decoded:
    """Decode a page: by its byte order mark, else as UTF-8, else as declared, else as GB18030."""
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _tolerant(data, name, file)
    declared = _declared(data)
    # A browser that saved the page may have left the old declaration: UTF-8 that decodes is UTF-8.
    for name in ("utf-8", declared, _DEFAULT):
        try:
            return Decoded(data.decode(name))
        except UnicodeDecodeError:
            continue
    return _tolerant(data, declared, file)


def _declared(data: bytes) -> str:
    """The encoding that a page declares; GB18030 contains the older GB encodings."""
    match = _DECLARATION.search(data[:_DECLARED_WITHIN])
    if match is None:
        return _DEFAULT
    try:
        name = match[1].decode("ascii")
        known = codecs.lookup(name.lower()).name
    except LookupError:
        return _DEFAULT
    if known in ("gb2312", "gbk"):
        return _DEFAULT
    return known


def _tolerant(data: bytes, name: str, file: str) -> Decoded:
    """Decode with a sign for each unreadable byte, and report how many there are."""
    try:
        text = data.decode(name, errors="replace")
    except (LookupError, UnicodeError) as error:
        raise InputError(f"{file} 的编码无法识别，请用浏览器打开后另存为 UTF-8 网页") from error
    broken = text.count(_UNREADABLE)
    if broken == 0:
        return Decoded(text)
    said = f"按 {name} 解码，有 {broken} 处字节读不出"
    finding = I130.finding(said, Place(file))
    return Decoded(text, (finding,))
