"""Remove the unfinished files that an interrupted run has left in a folder.

The name of an unfinished file contains its machine and process. A file is removed only if that
process has ended. Processes of another machine, which writes to a shared folder, cannot be queried:
its files are removed after a day.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from zlib import crc32

PREFIX, SUFFIX = ".gd-", ".tmp"
"""The beginning and the end of the name of every unfinished file: ``.gd-*.tmp``."""

_NAME = re.compile(r"\.gd-(?P<machine>[0-9a-f]{8})-(?P<process>\d{1,10})-[0-9a-f]{16}\.tmp")
_OLD_NAME = re.compile(r"\.gd-[0-9a-f]{16}\.tmp")
"""Names that earlier versions used."""

_DAY = 86_400


def unfinished_name(folder: Path) -> str:
    """A new name in ``folder`` for an unfinished file.

    It is no ``Path``: Python 3.12 never forgets the parts of one.
    """
    unique = os.urandom(8).hex()
    name = f"{PREFIX}{_machine()}-{os.getpid()}-{unique}{SUFFIX}"
    return os.path.join(folder, name)


def sweep(folder: Path) -> None:
    """Remove the unfinished files in ``folder`` whose process has ended, as far as possible."""
    for path in _abandoned(folder):
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _abandoned(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        # A folder may hold thousands of finished files, so only a name that fits becomes a path.
        for name in os.listdir(folder):
            if name.startswith(PREFIX) and _is_abandoned(folder / name):
                yield folder / name


def _is_abandoned(path: Path) -> bool:
    """Whether ``path`` is an unfinished file that nobody writes any more."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return _OLD_NAME.fullmatch(path.name) is not None and _is_old(path)
    is_ours = found["machine"] == _machine() and os.name == "posix"
    if is_ours:
        return not _is_running(int(found["process"]))
    return _is_old(path)


def _is_running(process: int) -> bool:
    """Whether a process of this machine is running. Not for Windows: ``os.kill`` would end it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # it belongs to another user, or no process can have this number
    return True


def _is_old(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - os.lstat(path).st_mtime > _DAY
    return False


@cache
def _machine() -> str:
    """A mark of this machine, or of this container: containers have process numbers of their own."""
    name = os.environ.get("COMPUTERNAME", "") if os.name == "nt" else os.uname().nodename
    space = ""
    with suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return f"{crc32(f'{name} {space}'.encode()):08x}"
