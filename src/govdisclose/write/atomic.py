"""Write files and folders atomically: complete or not at all.

An existing file keeps its content until the new one is complete and replaces it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from govdisclose.errors import OutputError, UsageError
from govdisclose.write.leftovers import sweep, unfinished_name

_WHY = {
    errno.ENOENT: "目标文件夹不存在",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "目标是文件夹，不是文件",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "文件夹只读",
    errno.ENAMETOOLONG: "文件名过长，或整个路径过长",
}
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


def publish(
    path: Path, data: bytes, *, verify: Callable[[bytes], None] | None = None, force: bool = False
) -> None:
    """Write ``data`` to ``path`` in one step, after reading it back from the disk.

    ``verify`` is called with the bytes that were read back and raises an error to refuse them. No
    existing file is replaced without ``force``, even if it appears while this function runs. Raises
    ``UsageError`` if the target exists, ``OutputError`` if it cannot be written; no file remains
    then.
    """
    with _unfinished(path, force=force) as temporary:
        stored = store(temporary, data, path)
        if verify is not None:
            verify(stored)


def already_exists(path: Path) -> UsageError:
    """The error for a name that is taken."""
    return UsageError(f"{path} 已存在；确要覆盖请加 --force")


def refuse_existing(path: Path, *, force: bool = False) -> None:
    """Raise ``UsageError`` for a name that is taken, unless ``force`` allows to replace it."""
    if not force and os.path.lexists(path):
        raise already_exists(path)


@contextmanager
def unfinished(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; at the end the file written there is moved to
    ``path``.

    Use it for files that are too large for memory. The caller must write and flush the file. If
    ``path`` is a symbolic link, its target is replaced and the link stays. Raises the same errors
    as ``publish``.
    """
    with _unfinished(path, force=force) as temporary:
        yield Path(temporary)


@contextmanager
def _unfinished(path: Path, *, force: bool) -> Iterator[str]:
    """As ``unfinished``."""
    refuse_existing(path, force=force)
    if os.path.islink(path):
        path = Path(os.path.realpath(path))
    _refuse_other_than_file(path)
    sweep(path.parent)
    temporary = unfinished_name(path.parent)
    try:
        yield temporary
        move(temporary, path, force=force)
    finally:
        with suppress(OSError):
            os.unlink(temporary)
    sync_folder(path.parent)


def _refuse_other_than_file(path: Path) -> None:
    """Raise ``OutputError`` for a folder, a device, or a path in a folder that does not exist."""
    if os.path.isdir(path):
        raise OutputError(f"无法写入 {path}：{_WHY[errno.EISDIR]}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise OutputError(f"无法写入 {path}：目标不是普通文件")
    if not os.path.isdir(path.parent):
        raise OutputError(f"无法写入 {path}：{_why_no_folder(path.parent)}")


def _why_no_folder(folder: Path) -> str:
    """Why a folder cannot be used, in Chinese."""
    # Not Path.is_dir: pathlib raises for a name that is too long.
    try:
        os.stat(folder)
    except OSError as error:
        return _WHY.get(error.errno or 0) or "目标文件夹打不开"
    return _WHY[errno.ENOTDIR]


def publish_folder(path: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Make a folder with ``files`` in one step: all of them, or no folder.

    With ``force`` an existing folder is replaced completely; the caller must know that its content
    may be lost. Raises ``UsageError`` if the folder exists, ``OutputError`` if it cannot be made.
    """
    refuse_existing(path, force=force)
    sweep(path.parent)
    temporary = unfinished_name(path.parent)
    old = unfinished_name(path.parent)
    try:
        _make_folder(temporary, path)
        for name, data in files.items():
            store(os.path.join(temporary, name), data, path / name)
        _replace_folder(temporary, path, old)
    finally:
        for folder in (temporary, old):
            shutil.rmtree(folder, ignore_errors=True)
    sync_folder(path.parent)


def _make_folder(temporary: str, path: Path) -> None:
    """Make the folder that is to become ``path``. Raises ``OutputError``."""
    try:
        os.mkdir(temporary)
    except OSError as error:
        why = _WHY.get(error.errno or 0) or "没有写入权限"
        raise OutputError(f"无法写入 {path}：{why}") from error


def _replace_folder(temporary: str, path: Path, old: str) -> None:
    """Give a finished folder its name; if that fails, the folder that had the name gets it back."""
    moved = os.path.lexists(path)
    try:
        if moved:
            os.rename(path, old)
        try:
            os.rename(temporary, path)
        except OSError:
            if moved:
                os.rename(old, path)
            raise
    except OSError as error:
        why = _WHY.get(error.errno or 0) or "文件夹中的文件可能正被打开，请先关闭"
        raise OutputError(f"无法写入 {path}：{why}") from error


def store(temporary: str | Path, data: bytes, path: Path) -> bytes:
    """Write a new file to the disk, read it back, compare, and return the bytes read.

    Raises ``OutputError`` that names ``path``.
    """
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with open(temporary, "rb") as file:
            stored = file.read()
    except OSError as error:
        raise unwritable(path, error) from error
    if stored != data:
        raise OutputError(f"无法写入 {path}：写入后读回的内容不一致，请检查磁盘")
    return stored


def unwritable(path: Path, error: OSError) -> OutputError:
    """An error that says in Chinese why ``path`` cannot be written; an ``OutputError`` unchanged."""
    if isinstance(error, OutputError):
        return error
    why = _WHY.get(error.errno or 0) or "文件夹只读或没有写入权限"
    return OutputError(f"无法写入 {path}：{why}")


def move(temporary: str | Path, path: Path, *, force: bool = False) -> None:
    """Give a finished file its name.

    Raises ``UsageError`` if the name is taken, ``OutputError`` if the file cannot be moved.
    """
    try:
        if force or not _link(temporary, path):
            os.replace(temporary, path)
    except FileExistsError as error:
        raise already_exists(path) from error
    except OSError as error:
        why = _WHY.get(error.errno or 0) or "文件可能正被 Word 或 WPS 占用，请先关闭"
        raise OutputError(f"无法写入 {path}：{why}") from error


def _link(temporary: str | Path, path: Path) -> bool:
    """Give the file its name only if the name is free, which a rename cannot do.

    Returns ``False`` if the system has no hard links.
    """
    if not hasattr(os, "link"):  # Python in a browser
        return False
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno in _NO_LINKS and not os.path.lexists(path):
            return False
        raise
    return True


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, so that they survive a power cut, if possible."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
