"""What may be read, a path, bytes or a binary file, and which kind of source it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import BinaryIO, Literal, TypeAlias

from attrs import field, frozen

from govdisclose.errors import InputError, UsageError, unreadable
from govdisclose.input_file import NotAFileError, read_input
from govdisclose.package import PackageError, detect_type, open_package

Readable: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO
"""A path, the bytes of a file, or a file that was opened in binary mode."""

PublishedKind = Literal["html", "docx", "pdf", "text"]
Kind = Literal["workbook", "json"] | PublishedKind

PUBLISHED: dict[str, PublishedKind] = {
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".docx": "docx",
    ".txt": "text",
    ".md": "text",
    ".pdf": "pdf",
}
"""Suffixes of published reports, and the kind of file each stands for."""

BOOKS = (".xlsx", ".xlsm", ".json", ".xls", ".xlsb", ".et", ".ods")
"""Suffixes of workbooks and JSON exports. The reader refuses some of them, and says so."""

LIMIT = 20_000_000
"""Bytes of any source; the largest real ones are below one million."""

IN_MEMORY = "内存中的文件"
"""How findings and messages name a source that has no name of its own."""

_BEGINNINGS: Mapping[Kind, bytes] = {"docx": b"PK", "pdf": b"%PDF"}
"""How the content of a kind of file begins that is no text."""

_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEAD = 1000
"""Bytes that decide which kind of text a source is."""


@frozen
class InputFile:
    """A file to be read. ``path`` names it in messages; with ``data`` it is in memory already.

    ``kind`` follows from the suffix of a file on disk, and from the content of one in memory,
    unless it is given.
    """

    path: Path
    data: bytes | None = field(default=None, repr=False)
    kind: Kind = field()

    @kind.default
    def _kind(self) -> Kind:
        if self.data is not None:
            return kind_of(self.data)
        return kind_of_name(self.path.name)

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    def content(self) -> bytes:
        """All bytes of the file. Raises ``InputError`` if it cannot be read, or is too large."""
        if self.data is not None:
            return self.data
        try:
            return read_input(self.path, LIMIT)
        except NotAFileError as error:
            raise InputError(f"{self.path} {error}") from error
        except OSError as error:
            raise unreadable(self.path, error) from error

    def filled_content(self) -> bytes:
        """As ``content``. Raises ``InputError`` for an empty file as well."""
        data = self.content()
        if not data.strip():
            raise InputError(f"{self.name} 是空文件，没有内容")
        return data


def input_file(source: Readable | InputFile) -> InputFile:
    """The file that a caller gave.

    Raises ``InputError`` if an open file cannot be read, ``UsageError`` for any other object.
    """
    if isinstance(source, InputFile):
        return source
    if isinstance(source, Path):
        # A copy would take room in Python's table of names, which grows and never shrinks.
        return InputFile(source)
    if isinstance(source, str | os.PathLike):
        return InputFile(Path(source))
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        name = IN_MEMORY
    elif hasattr(source, "read"):
        data = _read_open_file(source)
        name = given_name(source)
    else:
        kind = type(source).__name__
        raise UsageError(f"读不了 {kind}：请给出路径、bytes，或以二进制方式打开的文件")
    if len(data) > LIMIT:
        raise InputError(f"{name} 超过 {LIMIT // 1_000_000} MB 的上限")
    return InputFile(Path(name), data)


def _read_open_file(file: BinaryIO) -> bytes:
    """The rest of an open file, one byte more than may be read at the most."""
    pieces: list[bytes] = []
    left = LIMIT + 1
    while left > 0:
        piece = _read_some(file, left)
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _read_some(file: BinaryIO, most: int) -> bytes:
    try:
        piece: object = file.read(most)
    except (OSError, ValueError) as error:  # not readable, or closed
        raise InputError(f"{given_name(file)} 读不了：{error}") from error
    if isinstance(piece, bytes | bytearray | memoryview):
        return bytes(piece)
    raise UsageError("文件是以文本方式打开的，请以二进制方式（rb）打开")


def given_name(source: object) -> str:
    """The name of an open file without its folder; bytes have no name of their own."""
    name = getattr(source, "name", None)
    if isinstance(name, str | os.PathLike):
        return PurePath(name).name or IN_MEMORY
    return IN_MEMORY


# --- the kind of a content ----------------------------------------------------------------------


def kind_of_name(name: str) -> Kind:
    """The kind of source that the suffix of a file's name stands for."""
    _, suffix = os.path.splitext(name)  # a path would take room, as above
    suffix = suffix.lower()
    if suffix == ".json":
        return "json"
    return PUBLISHED.get(suffix, "workbook")


def kind_of(data: bytes) -> Kind:
    """The kind of source that bytes are; a workbook where nothing else fits."""
    if data.startswith(b"PK"):
        return "docx" if _is_word(data) else "workbook"
    if data.startswith(b"%PDF"):
        return "pdf"
    found = detect_type(data)
    head = _text_head(data)
    if found.startswith(("网页", "单独的 XML")):
        return "html"
    if head.startswith("<") and is_text(data):
        return "html"
    if not is_text(data):
        return "workbook"
    return "json" if head.startswith("{") else "text"


def is_text(data: bytes) -> bool:
    """Whether bytes are text, in UTF-16 too, where every other byte may be 0."""
    if is_wide(data):
        return True
    return detect_type(data).startswith("纯文本")


def is_wide(data: bytes) -> bool:
    """Whether bytes are UTF-16 text, where every other byte may be 0."""
    return any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS)


def _text_head(data: bytes) -> str:
    """The first characters of a text that are not blank, whatever its encoding."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            text = head[len(mark) :].decode(encoding, "replace")
            return text.lstrip()
    return head.decode("latin-1").lstrip()


def _is_word(data: bytes) -> bool:
    """Whether a package is a Word document; one that cannot be opened is refused by its reader."""
    from govdisclose.relationships import content_type, main_part

    try:
        package = open_package(data, "")
        return "wordprocessingml" in content_type(package, main_part(package))
    except PackageError:
        return False


def refuse_other_kind(data: bytes, name: str, kind: Kind) -> None:
    """Refuse content that its suffix belies: a Word file saved as .html, a page saved as .txt."""
    what = "Office 文档或压缩包"
    if not data.startswith(b"PK"):
        what = detect_type(data)
    is_plain = what.startswith("纯文本") or is_wide(data)
    if kind == "html":
        fits = is_plain or what.startswith(("网页", "单独的 XML"))
    elif kind == "text":
        fits = is_plain
    else:
        fits = data.startswith(_BEGINNINGS[kind])
    if not fits:
        raise InputError(f"{name} 的内容与扩展名不符：内容是{what}，请改正扩展名，或另存为相应格式")
