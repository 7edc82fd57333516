"""Reads an input file after a look at its kind and size: a pipe never ends, a device has no size."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_input(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file of at most ``limit`` bytes.

    Raises ``NotAFileError`` for anything else than an ordinary file and for one that is too large,
    before a byte is read, and ``OSError`` if it cannot be opened.
    """
    try:
        found = os.stat(path)
    except OSError:
        return path.read_bytes()  # opening it gives the reason
    if stat.S_ISDIR(found.st_mode):
        raise NotAFileError("是文件夹，不是文件")
    if not stat.S_ISREG(found.st_mode):
        raise NotAFileError("不是普通文件（是管道、设备之类）")
    if found.st_size > limit:
        size = f"{found.st_size / 1_000_000:.0f} MB"
        raise NotAFileError(f"有 {size}，超过 {limit // 1_000_000} MB 的上限")
    with open(path, "rb", buffering=0) as file:  # it is read as a whole
        return file.read()


class NotAFileError(Exception):
    """No file that may be read. ``str(error)`` is a Chinese clause that follows the file's name."""
