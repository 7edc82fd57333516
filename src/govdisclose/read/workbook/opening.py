"""A workbook file → its parts, or a refusal that says what to do."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from govdisclose.errors import InputError
from govdisclose.package import (
    MemberMemory,
    OversizedPartError,
    Package,
    PackageError,
    open_package,
)
from govdisclose.read.source import InputFile, Readable, input_file
from govdisclose.read.workbook.parts import BookParts, book_parts

if TYPE_CHECKING:
    from govdisclose.read.workbook.parts_memory import PartsMemory

_PASSWORD = "GOVDISCLOSE_PASSWORD"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@frozen
class Book:
    """The bytes of a workbook that is safe to parse, and where its parts are."""

    data: bytes = field(repr=False)
    parts: BookParts = field(repr=False)


def load(source: Readable | InputFile, memory: PartsMemory | None = None) -> Book:
    """A workbook, decrypted if need be; ``memory`` knows the parts of workbooks read before.

    Raises ``InputError`` if it is none, or unsafe.
    """
    file = input_file(source)
    if file.name.startswith("~$"):
        original = file.name[2:]
        raise InputError(f"{file.name} 是 Excel 打开文件时的临时文件，请改用 {original}")
    return load_bytes(file.content(), file.path, memory)


def load_bytes(data: bytes, path: Path, memory: PartsMemory | None = None) -> Book:
    """A workbook that is in memory; ``path`` names it in messages. Raises ``InputError``."""
    if _ENCRYPTED in data:
        data = _decrypted(data, path)
    package = _open(data, path, None if memory is None else memory.members)
    try:
        parts = book_parts(package) if memory is None else memory.find(package)
    except PackageError as error:
        raise InputError(_advised(f"{path.name} {error}")) from error
    return Book(data, parts)


def sheet_names(source: Readable | InputFile) -> list[str]:
    """The names of a workbook's worksheets, without reading them. Raises ``InputError``."""
    return [sheet.name for sheet in load(source).parts.sheets]


def _open(data: bytes, path: Path, known: MemberMemory | None) -> Package:
    try:
        return open_package(data, f"{path.name} ", known=known)
    except OversizedPartError as error:
        from govdisclose.read.workbook.oversized import why_oversized

        why = why_oversized(data, path, error.part) or _advised(str(error))
        raise InputError(why) from error
    except PackageError as error:
        raise InputError(_advised(str(error))) from error


def _advised(said: str) -> str:
    """The sentence, with advice if it gives none itself."""
    if "请" in said:
        return said
    return f"{said}。请提供 .xlsx 工作簿"


def _decrypted(data: bytes, path: Path) -> bytes:
    password = os.environ.get(_PASSWORD)
    if not password:
        raise InputError(
            f"{path.name} 设有打开密码：请在 Excel 中取消密码后另存，或用环境变量 {_PASSWORD} 给出密码"
        )
    try:
        import msoffcrypto
    except ImportError:
        raise InputError(
            f"{path.name} 已加密；解密需要安装：pip install govdisclose[crypt]"
        ) from None
    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=password)
        office.decrypt(plain)
    except Exception as error:  # msoffcrypto raises its own and cryptography's types alike
        raise InputError(f"{path.name} 的密码不对，或加密方式不受支持") from error
    return plain.getvalue()
