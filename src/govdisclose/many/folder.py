"""Which files of a folder are books: workbooks and JSON exports, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from govdisclose.errors import InputError

BOOKS = (".xlsx", ".xlsm", ".json", ".xls", ".xlsb", ".et", ".ods")
"""The endings of files that a folder is searched for: also those that the reader will refuse, so that it says so."""

_NOT_BOOKS = ("~$", ".~", "._", ".")
"""How files begin that Excel, WPS, LibreOffice and macOS leave beside a book."""


def books_in(folder: Path, *, outside: tuple[Path, ...] = ()) -> list[Path]:
    """Every book in a folder and below it, sorted; what lies in ``outside`` (an output folder) is left out.

    Links to folders are not followed. Raises ``InputError`` when ``folder`` is none or cannot be listed.
    """
    if not folder.is_dir():
        raise InputError(f"没有文件夹 {folder}" if not folder.exists() else f"{folder} 不是文件夹")
    shut = {path.resolve() for path in outside if path.resolve() != folder.resolve()}
    return sorted(_walk(folder, shut))


def _walk(folder: Path, shut: set[Path]) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise InputError(f"读不了文件夹 {error.filename}：{error.strerror}") from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        here = Path(root)
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() not in shut]
        yield from (
            here / name for name in files if Path(name).suffix.lower() in BOOKS and not name.startswith(_NOT_BOOKS)
        )
