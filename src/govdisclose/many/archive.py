"""The files in a .zip archive, listed and read from memory: nothing is unpacked to the disk."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath

from attrs import evolve, frozen

from govdisclose.errors import InputError
from govdisclose.input_file import NotAFileError, read_input
from govdisclose.package import Limits, detect_type

SUFFIX = ".zip"

ARCHIVE_LIMITS = Limits(package=100_000_000, member=20_000_000, inflated=1_000_000_000)
"""How large an archive may be. Only one of its members is in memory at a time."""

_MOST_HEADERS = 50_000
"""Headers in an archive, those of the archives in it included: listing them takes memory."""

_DEPTH = 2
"""An archive may hold archives, but these hold none that are read."""

_HEADER = b"PK\1\2"
_READABLE_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED, _UTF_8 = 0x1, 0x800
"""Flags of a member: it needs a password, its name is UTF-8."""
_EXTRA_HEAD = struct.Struct("<HH")
"""Begins an extra field of a member: its kind, and the size of its content."""
_UNICODE_PATH = 0x7075
"""The extra field that holds the name of a member in UTF-8 (Info-ZIP)."""
_UNICODE_PATH_HEAD = struct.Struct("<BI")
"""Begins the content of this field: its version, and the checksum of the name in the header."""
_OFFICE_PART = "[Content_Types].xml"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
"""What reading a damaged archive raises."""
_UNPACK = "请解压后把里面的文件放进来"


class ArchiveError(Exception):
    """An archive that cannot be read. ``str(error)`` is a Chinese clause that follows its name."""


@frozen
class ArchiveMember:
    """A file in an archive.

    ``name`` is its path in the archive, with slashes; a file in an inner archive follows the name
    of that. ``position`` is its number in the archive, after the number of the inner archive.
    ``problem`` says in Chinese why it cannot be read. ``is_link`` marks a link, which holds
    nothing.
    """

    name: str
    position: tuple[int, ...]
    problem: str = ""
    is_link: bool = False


def list_members(path: Path) -> list[ArchiveMember]:
    """List the files in the archive at ``path`` and in the archives in it.

    An inner archive that cannot be read is listed itself, with the reason. Raises ``ArchiveError``.
    """
    try:
        data = read_input(path, ARCHIVE_LIMITS.package)
    except NotAFileError as error:
        raise ArchiveError(f"{error}，{_UNPACK}") from error
    except OSError as error:
        raise ArchiveError(f"读不了（{error.strerror}），{_UNPACK}") from error
    return _without_doubles(_members(data))


def read_member(path: Path, position: Sequence[int]) -> bytes:
    """Return the bytes of a member. Raises ``InputError`` if it is not there or damaged."""
    first, *inner = position
    try:
        with zipfile.ZipFile(path) as archive:
            data = _inflated(archive, archive.infolist()[first])
        for number in inner:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = _inflated(archive, archive.infolist()[number])
    except (*_BROKEN, LookupError, RuntimeError) as error:
        raise InputError(f"压缩包 {path.name} 里的文件读不了：已损坏，或刚刚被改动") from error
    return data


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The content of a member, whose checksum is verified. Raises one of ``_BROKEN``."""
    with archive.open(info) as file:
        data = file.read(ARCHIVE_LIMITS.member + 1)
    if len(data) > ARCHIVE_LIMITS.member:
        raise zipfile.BadZipFile("larger than its header says")
    return data


# --- the directory of an archive ----------------------------------------------------------------


def _members(data: bytes, depth: int = 1) -> Iterator[ArchiveMember]:
    """Yield the files of an archive and of the archives in it. Raises ``ArchiveError``."""
    archive = _opened(data)
    for number, info in enumerate(archive.infolist()):
        member = _member(number, info)
        if member.name.endswith("/") and not member.problem:
            continue
        is_archive = member.name.lower().endswith(SUFFIX)
        if is_archive and not member.problem and not member.is_link:
            yield from _of_inner_archive(archive, info, member, depth)
        else:
            yield member


def _opened(data: bytes) -> zipfile.ZipFile:
    """An archive whose directory is not too large. Raises ``ArchiveError``."""
    if not data:
        raise ArchiveError("是空文件（0 字节）")
    if data.count(_HEADER) > _MOST_HEADERS:
        raise ArchiveError(f"里面的文件过多，超过 {_MOST_HEADERS} 个的上限，请分成几个压缩包")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        if data.startswith(b"PK"):
            raise ArchiveError("已损坏或不完整，请重新下载或另存一份") from error
        raise ArchiveError(f"不是 zip 压缩包，而是{detect_type(data)}") from error
    _refuse_contents(archive.infolist())
    return archive


def _refuse_contents(infos: Sequence[zipfile.ZipInfo]) -> None:
    """Raise ``ArchiveError`` for the parts of an Office document, and for too much to read."""
    if any(info.filename == _OFFICE_PART for info in infos):
        raise ArchiveError("其实是 Office 文档，请把扩展名改为 .xlsx 或 .docx")
    count = len(infos)
    limit = ARCHIVE_LIMITS.members
    if count > limit:
        raise ArchiveError(f"里面有 {count} 个文件，超过 {limit} 个的上限，请分成几个压缩包")
    inflated = sum(info.file_size for info in infos)
    if inflated > ARCHIVE_LIMITS.inflated:
        megabytes = ARCHIVE_LIMITS.inflated // 1_000_000
        raise ArchiveError(f"解压后超过 {megabytes} MB 的上限，疑为压缩炸弹")


def _of_inner_archive(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: ArchiveMember, depth: int
) -> Iterator[ArchiveMember]:
    """Yield the files of an archive in an archive, or this archive with the reason why not."""
    if depth == _DEPTH:
        yield evolve(member, problem=f"是压缩包里的压缩包里的压缩包，没有再打开，{_UNPACK}")
        return
    try:
        inner = list(_members(_inflated(archive, info), depth + 1))
    except ArchiveError as error:
        yield evolve(member, problem=str(error))
        return
    except (*_BROKEN, RuntimeError):
        yield evolve(member, problem="已损坏或不完整，请重新下载或另存一份")
        return
    for each in inner:
        position = (*member.position, *each.position)
        yield evolve(each, name=f"{member.name}/{each.name}", position=position)


def _member(number: int, info: zipfile.ZipInfo) -> ArchiveMember:
    name = member_name(info)
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    return ArchiveMember(name, (number,), _problem(info, name), is_link)


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    """Why a member cannot be read; ``""`` if nothing speaks against it."""
    path = PureWindowsPath(name)
    if path.drive or path.root or ".." in path.parts:
        return f"的名称指向压缩包以外，疑为恶意文件，没有读；{_UNPACK}"
    if info.flag_bits & _ENCRYPTED:
        return f"在压缩包里设有密码，{_UNPACK}"
    inflated = info.file_size
    is_bomb = (
        inflated > ARCHIVE_LIMITS.ratio_from
        and info.compress_size < inflated * ARCHIVE_LIMITS.ratio
    )
    if is_bomb:
        return f"解压后过大（{inflated} 字节），疑为压缩炸弹，没有读"
    if inflated > ARCHIVE_LIMITS.member:
        limit = ARCHIVE_LIMITS.member // 1_000_000
        return f"解压后有 {inflated // 1_000_000} MB，超过 {limit} MB 的上限，没有读"
    if info.compress_type not in _READABLE_METHODS:
        return f"的压缩方式读不了，请重新压成普通的 zip，或{_UNPACK.removeprefix('请')}"
    return ""


def _without_doubles(members: Iterator[ArchiveMember]) -> list[ArchiveMember]:
    """The members; those of one name have a problem, as nobody can tell which is meant."""
    found = list(members)
    counts = Counter(member.name for member in found)
    for number, member in enumerate(found):
        count = counts[member.name]
        if count > 1 and not member.problem:
            said = f"在压缩包里有 {count} 个同名的，分不清是哪一份，{_UNPACK}"
            found[number] = evolve(member, problem=said)
    return found


# --- names --------------------------------------------------------------------------------------


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as the system that made the archive shows it, with slashes.

    An archive made by Windows in China holds names in GBK without saying so, one made by macOS
    names in UTF-8. The standard takes both for code page 437.
    """
    name = _unicode_path(info) or _decoded(info)
    return name.replace("\\", "/")


def _unicode_path(info: zipfile.ZipInfo) -> str:
    """The name in the extra field for it; ``""`` if there is none that belongs to this name."""
    for field in _extra_fields(info.extra):
        content = field.content
        is_name = field.kind == _UNICODE_PATH and len(content) > _UNICODE_PATH_HEAD.size
        if not is_name:
            continue
        version, checksum = _UNICODE_PATH_HEAD.unpack_from(content)
        if version == 1 and checksum == zlib.crc32(_raw_name(info)):
            name = content[_UNICODE_PATH_HEAD.size :]
            return name.decode("utf-8", "replace")
    return ""


@frozen
class _ExtraField:
    """An extra field of a member: what it is for, and its content."""

    kind: int
    content: bytes


def _extra_fields(extra: bytes) -> Iterator[_ExtraField]:
    """Yield the extra fields of a member; the last one may be cut off."""
    start = 0
    while start + _EXTRA_HEAD.size <= len(extra):
        kind, size = _EXTRA_HEAD.unpack_from(extra, start)
        start += _EXTRA_HEAD.size
        end = start + size
        yield _ExtraField(kind, extra[start:end])
        start = end


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    encoding = "utf-8" if info.flag_bits & _UTF_8 else "cp437"
    return _stored_name(info).encode(encoding, "replace")


def _stored_name(info: zipfile.ZipInfo) -> str:
    """The name as ``zipfile`` decodes it; on Windows only this one keeps its backslashes."""
    return info.orig_filename.partition("\0")[0]


def _decoded(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF_8:
        return _stored_name(info)
    raw = _raw_name(info)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _stored_name(info)
