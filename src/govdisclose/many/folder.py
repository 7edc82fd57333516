"""Walk through a folder of reports: the files that may be somebody's, and the links."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path

from attrs import frozen

from govdisclose.errors import InputError, unreadable
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE, SUPERSEDED
from govdisclose.read.source import BOOKS
from govdisclose.source import real
from govdisclose.write.bundle_index import INDEX, is_bundle

_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")

_NOT_BOOKS = ("~$", ".~", "._", ".")
"""How the names of files begin that Excel, WPS, LibreOffice and macOS leave beside a workbook."""


@frozen
class Folder:
    """One folder on the way: its files that may be somebody's, and the folders in it.

    ``links`` are those of the files and folders that are links. ``has_bundle`` if the files are one
    report in every form.
    """

    path: Path
    files: tuple[str, ...]
    folders: tuple[str, ...]
    links: frozenset[str]
    has_bundle: bool

    @property
    def followed(self) -> tuple[str, ...]:
        """The folders that a walk enters: all but links, which could lead round in a circle."""
        return tuple(name for name in self.folders if name not in self.links)

    @property
    def folder_links(self) -> tuple[str, ...]:
        """The links to folders."""
        return tuple(name for name in self.folders if name in self.links)


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
        waiting.extend(here.path / name for name in here.followed)


def _contents(path: Path, first: Path, excluded: Set[Path]) -> Folder:
    """Look into one folder; ``first`` is the folder that was asked for."""
    items = _listed(path)
    links = frozenset(item.name for item in items if item.is_symlink())
    all_folders = [item.name for item in items if _is_folder(item)]
    files = [item.name for item in items if not _is_folder(item)]
    has_batch = HIDDEN in all_folders
    has_bundle = INDEX in files and is_bundle(path)
    names = _somebodys(files, is_first=path == first, has_batch=has_batch, has_bundle=has_bundle)
    folders = list(_visible(path, all_folders, excluded))
    if has_batch and SUPERSEDED in folders:
        folders.remove(SUPERSEDED)
    return Folder(
        path,
        files=tuple(names),
        folders=tuple(folders),
        links=links,
        has_bundle=has_bundle,
    )


def _visible(path: Path, folders: Iterable[str], excluded: Set[Path]) -> Iterator[str]:
    """Yield the folders in a folder that are neither hidden nor excluded."""
    for name in folders:
        if not name.startswith(".") and real(path / name) not in excluded:
            yield name


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


def _somebodys(
    files: Sequence[str], *, is_first: bool, has_batch: bool, has_bundle: bool
) -> Iterator[str]:
    """Yield the files of a folder that may be somebody's.

    Of the files of a batch, its exports are workbooks where its folder itself is asked for. The
    files of a bundle are one report, which counts only where the bundle itself is asked for.
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
    """Whether a file in the output folder of a batch is a workbook, and not one of the batch."""
    if name == RESULTS_FILE or not _is_book(name):
        return False
    return is_first or not name.endswith(".json")


def is_rubbish(name: str) -> bool:
    """Whether a program or the system has left a file behind."""
    return name.startswith(_NOT_BOOKS) or name.lower() in _OF_THE_SYSTEM


def _is_book(name: str) -> bool:
    return Path(name).suffix.lower() in BOOKS
