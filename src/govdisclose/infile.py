"""An input file, looked at before it is opened: a pipe never ends, a device has no size."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_input(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file of at most ``limit`` bytes.

    Kind and size are looked at before a byte is read. Raises ``NotAFileError`` for anything else than an
    ordinary file and for one that is too large, ``OSError`` when it cannot be opened.
    """
    _refuse(os.stat(path), limit)
    with open(path, "rb") as file:
        _refuse(os.fstat(file.fileno()), limit)  # what has the name now may be another file
        data = file.read(limit + 1)
    if len(data) > limit:
        raise NotAFileError(_too_large(len(data), limit))
    return data


class NotAFileError(Exception):
    """Not a file that may be read. ``str(error)`` is a Chinese clause that follows the file's name."""


def _refuse(found: os.stat_result, limit: int) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise NotAFileError("是文件夹，不是文件")
    if not stat.S_ISREG(found.st_mode):
        raise NotAFileError("不是普通文件（是管道、设备之类）")
    if found.st_size > limit:
        raise NotAFileError(_too_large(found.st_size, limit))


def _too_large(size: int, limit: int) -> str:
    return f"有 {size / 1_000_000:.0f} MB，超过 {limit // 1_000_000} MB 的上限"
