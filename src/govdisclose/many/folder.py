"""Find the workbooks and JSON exports in a folder, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from pathlib import Path

from attrs import frozen

from govdisclose.errors import InputError, UsageError, unreadable
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE, SUPERSEDED
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
    books: list[Path] = []
    others: list[Path] = []
    for here in walk(folder, outside):
        books.extend(here.path / name for name in here.files if _is_book(name))
        others.extend(here.path / name for name in here.folder_links)
        others.extend(here.path / name for name in here.files if not _is_book(name))
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
class Folder:
    """One folder on the way: its files that may be somebody's, and the folders in it.

    Of ``files``, those in ``file_links`` are links. ``folder_links`` are links to folders, which are
    not followed. ``has_bundle`` if the files are one report in every form.
    """

    path: Path
    files: tuple[str, ...]
    file_links: frozenset[str]
    folders: tuple[str, ...]
    folder_links: tuple[str, ...]
    has_bundle: bool


def walk(folder: Path, outside: tuple[Path, ...] = ()) -> Iterator[Folder]:
    """Yield a folder and all folders below it, but not hidden ones and those in ``outside``.

    Raises ``InputError`` if ``folder`` is no folder or one of them cannot be listed.
    """
    if not os.path.isdir(folder):  # unlike the one of pathlib, this takes a name of any length
        if os.path.exists(folder):
            raise InputError(f"{folder} 不是文件夹")
        raise InputError(f"没有文件夹 {folder}")
    excluded = {real(path) for path in outside if real(path) != real(folder)}
    waiting = [folder]
    while waiting:
        here = _contents(waiting.pop(), folder, excluded)
        yield here
        waiting.extend(here.path / name for name in here.folders)


def _contents(path: Path, first: Path, excluded: Set[Path]) -> Folder:
    """Look into one folder; ``first`` is the folder that was asked for."""
    items = _listed(path)
    links = frozenset(item.name for item in items if item.is_symlink())
    all_folders = [item.name for item in items if _is_folder(item)]
    files = [item.name for item in items if not _is_folder(item)]
    has_batch = HIDDEN in all_folders
    has_bundle = INDEX in files and is_bundle(path)
    names = _somebodys(files, is_first=path == first, has_batch=has_batch, has_bundle=has_bundle)
    folders = [name for name in all_folders if not _is_skipped(path / name, excluded)]
    if has_batch and SUPERSEDED in folders:
        folders.remove(SUPERSEDED)
    return Folder(
        path,
        files=tuple(names),
        file_links=links,
        folders=tuple(name for name in folders if name not in links),
        folder_links=tuple(name for name in folders if name in links),
        has_bundle=has_bundle,
    )


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as error:
        raise unreadable(error.filename, error) from error


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_skipped(folder: Path, excluded: Set[Path]) -> bool:
    return folder.name.startswith(".") or real(folder) in excluded


def _somebodys(
    files: Sequence[str], *, is_first: bool, has_batch: bool, has_bundle: bool
) -> Iterator[str]:
    """Yield the files of a folder that may be somebody's.

    Of the files of a batch, its exports are workbooks where its folder itself is asked for. The files
    of a bundle are one report, which counts only where the bundle itself is asked for.
    """
    for name in files:
        if is_rubbish(name):
            continue
        if has_bundle and (name == INDEX or not is_first):
            continue
        if has_batch and not _is_beside_batch(name, is_first=is_first):
            continue
        yield name


def _is_beside_batch(name: str, *, is_first: bool) -> bool:
    """Whether a file in the output folder of a batch is a workbook, and none that the batch has left."""
    if name == RESULTS_FILE or not _is_book(name):
        return False
    return is_first or not name.endswith(".json")


def is_rubbish(name: str) -> bool:
    """Whether a program or the system has left a file behind."""
    return name.startswith(_NOT_BOOKS) or name.lower() in _OF_THE_SYSTEM


def _is_book(name: str) -> bool:
    return Path(name).suffix.lower() in BOOKS
