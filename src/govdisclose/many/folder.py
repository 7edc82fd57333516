"""Which files of a folder are books: workbooks and JSON exports, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from govdisclose.errors import InputError, UsageError, unreadable
from govdisclose.many.result import HIDDEN, RESULTS_FILE
from govdisclose.write.bundle import INDEX, is_bundle

BOOKS = (".xlsx", ".xlsm", ".json", ".xls", ".xlsb", ".et", ".ods")
"""The endings of files that a folder is searched for: also those that the reader will refuse, so that it says so."""

_NOT_BOOKS = ("~$", ".~", "._", ".")
"""How files begin that Excel, WPS, LibreOffice and macOS leave beside a book."""


def books_in(folder: Path, *, outside: tuple[Path, ...] = ()) -> list[Path]:
    """Every book in a folder and below it, sorted; what lies in ``outside`` (an output folder) is left out.

    Nor is what a batch has left in a folder below: its list of results and JSON exports; nor one report in every
    form (``export --to all``). Links to folders are not followed. Raises ``InputError`` when ``folder`` is none or cannot be listed.
    """
    if not os.path.isdir(folder):  # unlike pathlib's, this takes a name of any length
        raise InputError(f"{folder} 不是文件夹" if os.path.exists(folder) else f"没有文件夹 {folder}")
    shut = {path.resolve() for path in outside if path.resolve() != folder.resolve()}
    return sorted(_walk(folder, shut))


def refuse_strangers(folder: Path, output: Path, made: Callable[[Path], bool]) -> None:
    """An output folder inside ``folder`` is not searched: a unit's book there would be lost without a word.

    ``made`` says of a book whether the program has put it there itself. Raises ``UsageError`` for any other.
    """
    if not output.is_dir() or not output.resolve().is_relative_to(folder.resolve()):
        return
    strangers = [path for path in books_in(output) if not made(path)]
    if strangers:
        raise UsageError(
            f"输出文件夹 {output} 里有 {len(strangers)} 个工作簿（如 {strangers[0].relative_to(output)}），"
            "输出文件夹里的工作簿不会处理：请移到别处，或另给一个输出文件夹"
        )


def _walk(folder: Path, shut: set[Path]) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise unreadable(error.filename, error) from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        here, batched = Path(root), HIDDEN in folders
        if INDEX in files and is_bundle(here):
            files = [name for name in files if here == folder and name != INDEX]
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() not in shut]
        yield from (
            here / name
            for name in files
            if Path(name).suffix.lower() in BOOKS
            and not name.startswith(_NOT_BOOKS)
            and not (batched and _left(name, below=here != folder))
        )


def _left(name: str, *, below: bool) -> bool:
    """Whether a batch has left this in its output folder; where that itself is asked for, its exports are books."""
    return name == RESULTS_FILE or (below and name.endswith(".json"))
