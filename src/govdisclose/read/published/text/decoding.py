"""The bytes of a text file → its text, with ``\\n`` for line ends and blanks for tabs."""

from __future__ import annotations

import re

from govdisclose.errors import InputError

MAX_BYTES = 5_000_000
"""A report has some 30,000 characters; a text of millions is none."""
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_TAB = "    "


def decode(data: bytes, file: str) -> str:
    """Decode a text by its byte order mark, as UTF-8, or as GB 18030. Raises ``InputError``."""
    if len(data) > MAX_BYTES:
        raise InputError(f"{file} 超过 {MAX_BYTES // 1_000_000} MB，不像年度报告的文本")
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return _LINE_ENDS.sub("\n", text).replace("\t", _TAB)
    raise InputError(f"{file} 不是文本文件，或编码不是 UTF-8、GB18030，请用记事本另存为 UTF-8 文本")


def _encodings(data: bytes) -> list[str]:
    marked = []
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            marked.append(name)
    return marked or ["utf-8", "gb18030"]
