"""An Office Open XML package (.xlsx, .docx) as bytes: opened safely, or refused with a reason.

Hostile and broken files are stopped here, before any parser sees them. Parsers may rely on what
this promises: no part holds a DTD (so no entities), no member is doubled or leaves the package,
every member inflates to bytes with its checksum and stays below the limits.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NamedTuple, Protocol

from attrs import field, frozen


class PackageError(Exception):
    """A package that must not be opened. ``str(error)`` is a Chinese sentence without a full stop."""


class OversizedPartError(PackageError):
    """A member is too large once inflated; ``part`` is its name. The caller may say it better."""

    def __init__(self, reason: str, part: str) -> None:
        super().__init__(reason)
        self.part = part


class Limits(NamedTuple):
    """How large a package may be. Sizes in bytes; ``ratio`` is packed over inflated size.

    The defaults are some twenty times what a real workbook or report needs; only members of more
    than ``ratio_from`` bytes are judged by ratio, since short repetitive parts always pack well.
    All members are in memory together, so ``inflated`` also bounds what a reader needs.
    """

    package: int = 20_000_000
    members: int = 2_000
    member: int = 64_000_000
    inflated: int = 128_000_000
    ratio: float = 0.01
    ratio_from: int = 100_000


DEFAULT_LIMITS = Limits()

_OLE = b"\xd0\xcf\x11\xe0"
_OLE_STREAMS = (
    ("EncryptedPackage", "设有打开密码（已加密），请先取消密码再使用"),
    ("WordDocument", "旧版 .doc 文件，请用 Word 或 WPS 另存为 .docx"),
    ("Workbook", "旧版 .xls 文件，请用 Excel 或 WPS 另存为 .xlsx"),
)
_SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"II*\0", "图片"),
    (b"MM\0*", "图片"),
    (b"{\\rtf", "RTF 文件"),
    (b"SQLite format 3", "SQLite 数据库"),
)
_RIFF, _WEBP, _HEIF, _BITMAP = b"RIFF", b"WEBP", b"ftyp", b"BM"
"""Signatures of pictures that need more than the beginning of a file."""
_HTML = (b"<!doctype html", b"<html", b"<table", b"<meta")
_MIMETYPES = (
    (
        b"application/vnd.oasis.opendocument.spreadsheet",
        "OpenDocument 表格（.ods），请用 Excel、WPS 或 LibreOffice 另存为 .xlsx",
    ),
    (
        b"application/vnd.oasis.opendocument.text",
        "OpenDocument 文字（.odt），请用 Word、WPS 或 LibreOffice 另存为 .docx",
    ),
    (b"application/vnd.oasis.opendocument", "OpenDocument 文件，请另存为 .xlsx 或 .docx"),
    (b"application/epub+zip", "电子书（EPUB）"),
)
_OFFICE_ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".docx", ".doc", ".wps", ".json")
_EXCLAMATION = ord("!")
_DTD = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_LOCAL = struct.Struct("<4s2xHH16xHH")
"""The header of a member: mark, flags and method, and the lengths of its name and extra field."""
_PLAIN_FLAGS = 0x80E
"""Flags of a member that change nothing: the level of compression, lengths behind it, a UTF-8 name."""
_MARKUP = (".xml", ".rels", ".vml")


def detect_type(data: bytes) -> str:
    """The likely kind of bytes that are no zip archive, in Chinese words that follow “是”."""
    if data.startswith(_OLE):
        return _ole_type(data)
    for signature, words in _SIGNATURES:
        if data.startswith(signature):
            return words
    if _is_picture(data):
        return "图片"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_HTML):
        return "网页（HTML）"
    if head.startswith(b"<?xml"):
        return "单独的 XML 文件"
    return "未知的二进制文件" if b"\0" in head else "纯文本或 CSV"


def _ole_type(data: bytes) -> str:
    for name, words in _OLE_STREAMS:
        if name.encode("utf-16-le") in data:
            return words
    return "加密文件或旧版 .xls／.doc／.et 文件，请取消密码并另存为 .xlsx 或 .docx"


def _is_picture(data: bytes) -> bool:
    """Whether the signature of a picture is there and no text begins with the same letters."""
    is_bitmap = data.startswith(_BITMAP) and b"\0" in data[:32]
    is_webp = data.startswith(_RIFF) and data[8:12] == _WEBP
    return is_bitmap or is_webp or data[4:8] == _HEIF


@frozen
class Package:
    """The members of a package by name, inflated once and checked."""

    parts: dict[str, bytes] = field(repr=False)

    def read(self, name: str) -> bytes:
        """The content of one member. Raises ``KeyError`` if no member has that name."""
        return self.parts[name]

    def namelist(self) -> list[str]:
        """The names of all members, in the order of the archive."""
        return list(self.parts)


LARGEST_KNOWN = 100_000
"""Bytes of the largest content that a memory of members keeps."""


class PackedMember(NamedTuple):
    """A deflated member as it is in the archive, with the size and the checksum of its content."""

    data: bytes
    size: int
    checksum: int


class MemberMemory(Protocol):
    """The markup of packages opened before, by its packed bytes; ``Recent`` is one.

    Workbooks made from one blank workbook have a dozen members in common: styles, theme,
    relationships, sheets that nobody has filled in. Equal packed bytes inflate to equal content, so
    this content has been checked already.
    """

    def get(self, key: PackedMember, /) -> bytes | None:
        """The content of a known member."""

    def keep(self, key: PackedMember, value: bytes, /) -> None:
        """Remember content that has been checked."""


def open_package(
    data: bytes,
    what: str,
    limits: Limits = DEFAULT_LIMITS,
    *,
    without: frozenset[str] = frozenset(),
    known: MemberMemory | None = None,
) -> Package:
    """The members of the zip archive ``data``, each of them checked.

    ``what`` names the file in messages (“模板 T.docx”); the members named in ``without`` are left
    out; ``known`` are those of packages opened before. Raises ``PackageError``.
    """
    if not data:
        raise PackageError(f"{what}是空文件（0 字节）")
    if len(data) > limits.package:
        size = _megabytes(len(data))
        most = _megabytes(limits.package)
        raise PackageError(f"{what}有 {size} MB，超过 {most} MB 的上限")
    try:
        file = io.BytesIO(data)
        archive = zipfile.ZipFile(file)
        members = [info for info in archive.infolist() if info.filename not in without]
        _check_directory(members, what, limits)
        source = _Source(archive=archive, data=data, what=what, known=known)
        parts = {_part_name(info): _read_member(source, info) for info in members}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        if data.startswith(b"PK"):
            raise PackageError(f"{what}已损坏或不完整，请重新下载或另存一份") from error
        kind = detect_type(data)
        raise PackageError(f"{what}不是 Office 文档，而是{kind}") from error
    if "[Content_Types].xml" not in parts:
        reason = _other_archive(parts)
        raise PackageError(f"{what}{reason}")
    return Package(parts)


def _megabytes(size: int) -> int:
    return size // 1_000_000


def _part_name(info: zipfile.ZipInfo) -> str:
    """The name of a member with slashes: some writers separate folders by a backslash."""
    return info.filename.replace("\\", "/")


def _other_archive(parts: dict[str, bytes]) -> str:
    """The end of a sentence about a zip archive that is no Office document: its kind, and advice."""
    mimetype = parts.get("mimetype", b"").strip()
    for start, words in _MIMETYPES:
        if mimetype.startswith(start):
            return f"是 {words}"
    if any(name.endswith(".iwa") for name in parts):
        return "是苹果 Numbers 或 Pages 文件，请导出为 .xlsx 或 .docx"
    inside = [name for name in parts if name.lower().endswith(_OFFICE_ENDINGS)]
    if inside:
        count = len(inside)
        _, _, first = inside[0].rpartition("/")
        return f"是压缩包，里面有 {count} 个文件（{first} 等），请解压后再用"
    return "是普通压缩包，不是 Office 文档（缺少 [Content_Types].xml）"


def _check_directory(members: list[zipfile.ZipInfo], what: str, limits: Limits) -> None:
    """Refuse by the entries of the central directory, before anything is inflated."""
    count = len(members)
    if count > limits.members:
        raise PackageError(f"{what}含有 {count} 个部件，超过 {limits.members} 个的上限")
    seen: set[str] = set()
    for info in members:
        name = _part_name(info)
        if _leads_out(name):
            raise PackageError(f"{what}含有路径越界的部件 {info.filename}")
        if name.lower() in seen:
            raise PackageError(f"{what}含有重名的部件 {info.filename}")
        seen.add(name.lower())
        if info.flag_bits & 0x1:
            raise PackageError(f"{what}的部件 {info.filename} 已加密")
        _check_size(info, what, limits)
    inflated = sum(info.file_size for info in members)
    if inflated > limits.inflated:
        most = _megabytes(limits.inflated)
        raise PackageError(f"{what}解压后超过 {most} MB 的上限")


def _leads_out(name: str) -> bool:
    """Whether a member would lie outside of the folder that an archive is unpacked into."""
    if name.startswith("/") or ":" in name:
        return True
    return ".." in name.split("/")


def _check_size(info: zipfile.ZipInfo, what: str, limits: Limits) -> None:
    inflated = info.file_size
    least_packed = inflated * limits.ratio
    is_bomb = inflated > limits.ratio_from and info.compress_size < least_packed
    if not is_bomb and inflated <= limits.member:
        return
    reason = f"{what}的部件 {info.filename} 解压后过大（{inflated} 字节），疑为压缩炸弹"
    if is_bomb:
        raise PackageError(reason)
    raise OversizedPartError(reason, info.filename)


def _has_dtd(content: bytes) -> bool:
    """A DTD begins with ``<!``; in UTF-16 every ASCII character is beside a zero byte.

    Single bytes are looked for first: this is many times faster, and few parts hold a ``!``.
    """
    may_be_utf_16 = 0 in content
    if not may_be_utf_16 and (_EXCLAMATION not in content or b"<!" not in content):
        return False
    return any(mark in content for mark in _DTD)


class _Source(NamedTuple):
    """An archive whose members are read: its bytes, its name in messages, and what is known."""

    archive: zipfile.ZipFile
    data: bytes
    what: str
    known: MemberMemory | None


def _read_member(source: _Source, info: zipfile.ZipInfo) -> bytes:
    """Inflate one member, which checks its checksum, and search markup for a DTD."""
    known = source.known
    packed = _packed(info, source.data)
    if known is not None and packed is not None:
        found = known.get(packed)
        if found is not None:
            return found
    what = f"{source.what}的部件 {info.filename}"
    try:
        inflated = _inflated(packed)
        content = inflated or source.archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise PackageError(f"{what} 已损坏，请重新下载或另存一份") from error
    if not info.filename.lower().endswith(_MARKUP):
        return content
    if _has_dtd(content):
        raise PackageError(f"{what} 含有 DTD 声明，Office 文档中不允许，疑为恶意文件")
    if known is not None and inflated:
        _remember(known, packed, inflated)
    return content


def _remember(known: MemberMemory, packed: PackedMember | None, content: bytes) -> None:
    """Keep the content of a member for the next package, unless it is large."""
    if packed is not None and packed.size <= LARGEST_KNOWN:
        known.keep(packed, content)


def _packed(info: zipfile.ZipInfo, data: bytes) -> PackedMember | None:
    """A deflated member whose header is as the directory says; ``zipfile`` judges all others.

    For parts this small ``zipfile`` takes five times as long, a sixth of the time that a
    consolidation needs for a workbook.
    """
    header = info.header_offset
    last_header = len(data) - _LOCAL.size
    if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & ~_PLAIN_FLAGS:
        return None
    if not 0 <= header <= last_header:
        return None
    *kind, length, extra = _LOCAL.unpack_from(data, header)
    if kind != [b"PK\3\4", info.flag_bits, info.compress_type]:
        return None
    start_of_name = header + _LOCAL.size
    end_of_name = start_of_name + length
    if data[start_of_name:end_of_name] != info.filename.encode():
        return None
    start = end_of_name + extra
    end = start + info.compress_size
    return PackedMember(data[start:end], info.file_size, info.CRC)


def _inflated(member: PackedMember | None) -> bytes | None:
    """The content of a member if its length and checksum are right."""
    if member is None:
        return None
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    one_more = member.size + 1
    content = inflater.decompress(member.data, one_more)
    if len(content) != member.size:
        return None
    if zlib.crc32(content) != member.checksum:
        return None
    return content
