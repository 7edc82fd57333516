"""A file is there whole, or not at all, and what stood there before stays until then."""

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
    errno.ENOENT: "目标目录不存在",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "目标是文件夹，不是文件",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "目录只读",
    errno.ENAMETOOLONG: "文件名过长，或整个路径过长",
}
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


def publish(
    path: Path, data: bytes, *, verify: Callable[[bytes], None] | None = None, force: bool = False
) -> None:
    """Write ``data`` to ``path`` in one step, after reading it back from the disk.

    ``verify`` gets the bytes read back and raises to refuse them. Nothing existing is replaced
    without ``force``, even when it appears meanwhile. Raises ``UsageError`` when the target exists,
    ``OutputError`` when it cannot be written; then no trace is left.
    """
    with unfinished(path, force=force) as temporary:
        stored = store(temporary, data, path)
        if verify is not None:
            verify(stored)


@contextmanager
def unfinished(path: Path, *, force: bool = False) -> Iterator[Path]:
    """A name beside ``path`` to write to; what is written and flushed there by the end is moved to ``path``.

    For what is too large to be held in memory. Where ``path`` is a link, what it leads to is replaced and
    the link stays. Raises as ``publish`` does.
    """
    if not force and os.path.lexists(path):
        raise UsageError(f"{path} 已存在；确要覆盖请加 --force")
    if os.path.islink(path):
        path = Path(os.path.realpath(path))
    if os.path.isdir(path):
        raise OutputError(f"无法写入 {path}：{_WHY[errno.EISDIR]}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise OutputError(f"无法写入 {path}：目标不是普通文件")
    if not os.path.isdir(path.parent):
        raise OutputError(f"无法写入 {path}：{_no_folder(path.parent)}")
    sweep(path.parent)
    temporary = unfinished_name(path.parent)
    try:
        yield temporary
        move(temporary, path, force=force)
    finally:
        with suppress(OSError):
            temporary.unlink()
    sync_folder(path.parent)


def _no_folder(folder: Path) -> str:
    """Why a folder cannot be written to, in words; ``os`` asks where ``pathlib`` raises for a name too long."""
    try:
        os.stat(folder)
    except OSError as error:
        return _WHY.get(error.errno or 0) or "目标目录打不开"
    return _WHY[errno.ENOTDIR]


def publish_folder(path: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Make a folder with ``files`` in one step: all of them, or no folder.

    With ``force`` an existing folder is replaced as a whole; the caller knows that all in it may go.
    Raises ``UsageError`` when the folder exists, ``OutputError`` when it cannot be made.
    """
    if not force and os.path.lexists(path):
        raise UsageError(f"{path} 已存在；确要覆盖请加 --force")
    sweep(path.parent)
    temporary, old = (unfinished_name(path.parent) for _ in range(2))
    try:
        try:
            temporary.mkdir()
        except OSError as error:
            raise OutputError(
                f"无法写入 {path}：{_WHY.get(error.errno or 0) or '没有写入权限'}"
            ) from error
        for name, data in files.items():
            store(temporary / name, data, path / name)
        _replace_folder(temporary, path, old)
    finally:
        for left in (temporary, old):
            shutil.rmtree(left, ignore_errors=True)
    sync_folder(path.parent)


def _replace_folder(temporary: Path, path: Path, old: Path) -> None:
    """Give a finished folder its name; what had it comes back when that fails."""
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


def store(temporary: Path, data: bytes, path: Path) -> bytes:
    """Write a new file to the disk and compare what is there, which is returned.

    Raises ``OutputError`` naming ``path``.
    """
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        stored = temporary.read_bytes()
    except OSError as error:
        raise unwritable(path, error) from error
    if stored != data:
        raise OutputError(f"无法写入 {path}：写入后读回的内容不一致，请检查磁盘")
    return stored


def unwritable(path: Path, error: OSError) -> OutputError:
    """Why nothing can be written to ``path``, in words; an error that says so already is left as it is."""
    if isinstance(error, OutputError):
        return error
    return OutputError(f"无法写入 {path}：{_WHY.get(error.errno or 0) or '目录只读或没有写入权限'}")


def move(temporary: Path, path: Path, *, force: bool = False) -> None:
    """Give a finished file its name. Raises ``UsageError`` when somebody has it, ``OutputError``."""
    try:
        if force or not _link(temporary, path):
            os.replace(temporary, path)
    except FileExistsError as error:
        raise UsageError(f"{path} 已存在；确要覆盖请加 --force") from error
    except OSError as error:
        why = _WHY.get(error.errno or 0) or "文件可能正被 Word 或 WPS 占用，请先关闭"
        raise OutputError(f"无法写入 {path}：{why}") from error


def _link(temporary: Path, path: Path) -> bool:
    """Give the file its name only if nobody has it, which a rename cannot; ``False`` where links are unknown."""
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
    """Make new names in a folder survive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
