"""Which files of a folder are books: workbooks and JSON exports, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from attrs import frozen

from govdisclose.errors import InputError, UsageError, unreadable
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE
from govdisclose.source import PathLike
from govdisclose.write.bundle_index import INDEX, is_bundle

BOOKS = (".xlsx", ".xlsm", ".json", ".xls", ".xlsb", ".et", ".ods")
"""The endings of files that a folder is searched for: also those that the reader will refuse, so that it says so."""

READ = (".xlsx", ".xlsm", ".json")
"""The endings of those that are read."""

_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")
_SHOWN = 10
"""As many files are named in one sentence."""

_NOT_BOOKS = ("~$", ".~", "._", ".")
"""How files begin that Excel, WPS, LibreOffice and macOS leave beside a book."""


def books_in(folder: Path, *, outside: tuple[Path, ...] = ()) -> list[Path]:
    """Every book in a folder and below it, sorted; what lies in ``outside`` (an output folder) is left out.

    Nor is what a batch has left in a folder below: its list of results and JSON exports; nor one report in every
    form (``export --to all``). Links to folders are not followed. Raises ``InputError`` when ``folder`` is none or cannot be listed.
    """
    return list(look_into(folder, outside=outside).books)


@frozen
class Contents:
    """What is in a folder: its books, and the files and links to folders that nobody looks at, both sorted."""

    books: tuple[Path, ...]
    others: tuple[Path, ...]

    def without(self, paths: Iterable[PathLike | None]) -> Contents:
        """The same without some files that are there for another purpose, such as the roster."""
        apart = {real(path) for path in paths if path is not None}
        books = tuple(path for path in self.books if real(path) not in apart)
        return Contents(books, tuple(path for path in self.others if real(path) not in apart))

    def passed_over(self, folder: Path) -> str:
        """What is not looked at, in Chinese, by paths below ``folder``; nothing when there is nothing."""
        if not self.others:
            return ""
        names = [path.relative_to(folder).as_posix() for path in self.others]
        shown = "、".join(names[:_SHOWN]) + (" 等" if len(names) > _SHOWN else "")
        return f"另有 {len(names)} 个文件没有看：{shown}（只看 {'、'.join(READ)}）"


def real(path: PathLike) -> Path:
    """Where a path leads. Unlike pathlib's, this takes a link that leads to itself."""
    return Path(os.path.realpath(path))


def look_into(folder: Path, *, outside: tuple[Path, ...] = ()) -> Contents:
    """As ``books_in``, with what is not looked at: files with other endings, and links to folders.

    What programs and the system leave beside files (``~$…``, hidden files, Thumbs.db), and what a batch has
    put into its output folder, are not among them.
    """
    if not os.path.isdir(folder):  # unlike pathlib's, this takes a name of any length
        raise InputError(
            f"{folder} 不是文件夹" if os.path.exists(folder) else f"没有文件夹 {folder}"
        )
    shut = {real(path) for path in outside if real(path) != real(folder)}
    books: list[Path] = []
    others: list[Path] = []
    for path, is_book in _walk(folder, shut):
        (books if is_book else others).append(path)
    return Contents(tuple(sorted(books)), tuple(sorted(others)))


def refuse_strangers(folder: Path, output: Path, made: Callable[[Path], bool]) -> None:
    """An output folder inside ``folder`` is not searched: a unit's book there would be lost without a word.

    ``made`` says of a book whether the program has put it there itself. Raises ``UsageError`` for any other.
    """
    if not output.is_dir() or not real(output).is_relative_to(real(folder)):
        return
    strangers = [path for path in books_in(output) if not made(path)]
    if strangers:
        raise UsageError(
            f"输出文件夹 {output} 里有 {len(strangers)} 个工作簿（如 {strangers[0].relative_to(output)}），"
            "输出文件夹里的工作簿不会处理：请移到别处，或另给一个输出文件夹"
        )


def _walk(folder: Path, shut: set[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file that may be somebody's, and whether it is a book."""

    def refuse(error: OSError) -> None:
        raise unreadable(error.filename, error) from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        here, batched = Path(root), HIDDEN in folders
        if INDEX in files and is_bundle(here):
            files = [name for name in files if here == folder and name != INDEX]
        folders[:] = [
            name for name in folders if not name.startswith(".") and real(here / name) not in shut
        ]
        yield from ((here / name, False) for name in folders if (here / name).is_symlink())
        for name in files:
            if name.startswith(_NOT_BOOKS) or name.lower() in _OF_THE_SYSTEM:
                continue
            if Path(name).suffix.lower() not in BOOKS:
                if not batched:
                    yield here / name, False
            elif not (batched and _left(name, below=here != folder)):
                yield here / name, True


def _left(name: str, *, below: bool) -> bool:
    """Whether a batch has left this in its output folder; where that itself is asked for, its exports are books."""
    return name == RESULTS_FILE or (below and name.endswith(".json"))
