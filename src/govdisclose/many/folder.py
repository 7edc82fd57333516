"""Find the workbooks and JSON exports in a folder, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from pathlib import Path

from attrs import frozen

from govdisclose.errors import InputError, UsageError, unreadable
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE
from govdisclose.source import PathLike
from govdisclose.write.bundle_index import INDEX, is_bundle

BOOKS = (".xlsx", ".xlsm", ".json", ".xls", ".xlsb", ".et", ".ods")
"""Suffixes of workbooks. The reader refuses some of them, and says so."""

READ = (".xlsx", ".xlsm", ".json")
"""Suffixes of workbooks that are read."""

_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")
_SHOWN = 10
"""How many files one sentence names."""

_NOT_BOOKS = ("~$", ".~", "._", ".")
"""How the names of files begin that Excel, WPS, LibreOffice and macOS leave beside a workbook."""


def books_in(folder: Path, *, outside: tuple[Path, ...] = ()) -> list[Path]:
    """Return every workbook in a folder and below it, sorted, except those in ``outside``.

    The files that a batch has left in a folder below (its list of results, its JSON exports) are
    left out, and so is one report in every form (``export --to all``). Links to folders are not
    followed. Raises ``InputError`` if ``folder`` is no folder or cannot be listed.
    """
    return list(look_into(folder, outside=outside).books)


@frozen
class Contents:
    """The contents of a folder: its workbooks, and the files and links that nobody looks at."""

    books: tuple[Path, ...]
    others: tuple[Path, ...]

    def without(self, paths: Iterable[PathLike | None]) -> Contents:
        """Return the same without some files that have another purpose, such as the roster."""
        apart = {real(path) for path in paths if path is not None}
        books = tuple(path for path in self.books if real(path) not in apart)
        return Contents(books, tuple(path for path in self.others if real(path) not in apart))

    def passed_over(self, folder: Path) -> str:
        """Say in Chinese which files below ``folder`` nobody looks at; empty if there are none."""
        if not self.others:
            return ""
        names = [path.relative_to(folder).as_posix() for path in self.others]
        shown = "、".join(names[:_SHOWN]) + (" 等" if len(names) > _SHOWN else "")
        return f"另有 {len(names)} 个文件没有看：{shown}（只看 {'、'.join(READ)}）"


def real(path: PathLike) -> Path:
    """Return where a path leads. Unlike ``Path.resolve``, this takes a link that leads to itself."""
    return Path(os.path.realpath(path))


def look_into(folder: Path, *, outside: tuple[Path, ...] = ()) -> Contents:
    """As ``books_in``, with everything that is not read: other files, and links to folders.

    Files that programs and the system leave behind (``~$…``, hidden files, Thumbs.db) are not among
    them, and neither are the files that a batch has put into its output folder.
    """
    if not os.path.isdir(folder):  # unlike the one of pathlib, this takes a name of any length
        if os.path.exists(folder):
            raise InputError(f"{folder} 不是文件夹")
        raise InputError(f"没有文件夹 {folder}")
    excluded = {real(path) for path in outside if real(path) != real(folder)}
    books: list[Path] = []
    others: list[Path] = []
    for here in _folders(folder, excluded):
        books.extend(here.books())
        others.extend(here.others())
    return Contents(tuple(sorted(books)), tuple(sorted(others)))


def refuse_strangers(folder: Path, output: Path, made: Callable[[Path], bool]) -> None:
    """Refuse an output folder inside ``folder`` that holds a workbook of somebody's.

    The output folder is not searched, so this workbook would be lost silently. ``made`` tells whether
    the program itself has made a workbook. Raises ``UsageError``.
    """
    if not output.is_dir() or not real(output).is_relative_to(real(folder)):
        return
    strangers = [path for path in books_in(output) if not made(path)]
    if strangers:
        raise UsageError(
            f"输出文件夹 {output} 里有 {len(strangers)} 个工作簿（如 {strangers[0].relative_to(output)}），"
            "输出文件夹里的工作簿不会处理：请移到别处，或另给一个输出文件夹"
        )


@frozen
class _Folder:
    """One folder on the way: its files that may be somebody's, and its links to folders."""

    path: Path
    names: tuple[str, ...]
    links: tuple[str, ...]
    is_first: bool
    has_batch: bool

    def books(self) -> Iterator[Path]:
        """Yield the workbooks and JSON exports."""
        for name in self.names:
            if _is_book(name) and not self._was_left(name):
                yield self.path / name

    def others(self) -> Iterator[Path]:
        """Yield the files and links that nobody looks at."""
        for name in self.links:
            yield self.path / name
        for name in self.names:
            if not _is_book(name) and not self.has_batch:
                yield self.path / name

    def _was_left(self, name: str) -> bool:
        """Whether a batch has left this file here.

        Where the output folder itself is asked for, its exports are workbooks.
        """
        if not self.has_batch:
            return False
        return name == RESULTS_FILE or (not self.is_first and name.endswith(".json"))


def _folders(folder: Path, excluded: Set[Path]) -> Iterator[_Folder]:
    """Yield a folder and all folders below it, but not hidden and ``excluded`` ones."""

    def refuse(error: OSError) -> None:
        raise unreadable(error.filename, error) from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        here = Path(root)
        is_first = here == folder
        has_batch = HIDDEN in folders
        folders[:] = [name for name in folders if not _is_skipped(here / name, excluded)]
        links = [name for name in folders if (here / name).is_symlink()]
        names = _names(here, files, is_first=is_first)
        yield _Folder(here, tuple(names), tuple(links), is_first, has_batch)


def _is_skipped(folder: Path, excluded: Set[Path]) -> bool:
    return folder.name.startswith(".") or real(folder) in excluded


def _names(folder: Path, files: Sequence[str], *, is_first: bool) -> list[str]:
    """Return the files of a folder that may be somebody's.

    The files of a bundle are one report, which counts only where the bundle itself is asked for.
    """
    if INDEX in files and is_bundle(folder):
        files = [name for name in files if is_first and name != INDEX]
    return [name for name in files if not _is_rubbish(name)]


def _is_rubbish(name: str) -> bool:
    return name.startswith(_NOT_BOOKS) or name.lower() in _OF_THE_SYSTEM


def _is_book(name: str) -> bool:
    return Path(name).suffix.lower() in BOOKS
